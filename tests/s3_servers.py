"""Object stores on this machine, each a process of its own: SeaweedFS, and rclone's S3 server.

SeaweedFS keeps the conditions of writes and wants signed requests; rclone ignores conditions, and
keeps objects as files, so that no key may lie below another. Every port is chosen here and bound to
loopback; a server is ended by its process id.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import obstore
from botocore.exceptions import BotoCoreError, ClientError
from obstore.store import S3Store

BUCKET = "passports"
ACCESS_KEY, SECRET_KEY = "cellfolio-test", "a secret of these tests only"
REGION = "us-east-1"
_PATIENCE = 60.0
_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
    "s3.port.iceberg",
    "s3.port.lance",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server:
    """A server that answers; `environment` is what a shell needs to reach it."""

    port: int

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Credentials and region, as AWS's own tools read them."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
        }

    def objects(self, bucket: str = BUCKET) -> S3Store:
        """The bucket as obstore sees it, for looking behind the scenes."""
        return S3Store(
            bucket,
            endpoint=self.endpoint,
            region=REGION,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            client_options={"allow_http": True},
        )

    def keys(self, prefix: str = "", bucket: str = BUCKET) -> list[str]:
        """Every key below a prefix, sorted."""
        found = obstore.list(self.objects(bucket), prefix or None)
        return sorted(meta["path"] for batch in found for meta in batch)


@contextmanager
def seaweedfs(folder: Path) -> Iterator[S3Server]:
    """Run SeaweedFS with its data in a folder."""
    ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    config = _identities(folder / "s3.json")
    words = [
        program("weed"), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        "-filer", "-s3", f"-s3.config={config}", "-master.volumeSizeLimitMB=64", "-volume.max=20",
        "-master.telemetry=false", "-s3.iam=false",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]  # fmt: skip
    with running(words, folder / "weed.log"):
        server = S3Server(port=ports["s3.port"])
        _wait_for(server.endpoint)
        make_bucket(server)
        yield server


def _identities(path: Path) -> Path:
    """Whoever has the keys may do all; others may read, as a public bucket's readers."""
    ours = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    path.write_text(json.dumps({"identities": [ours, {"name": "anonymous", "actions": ["Read"]}]}))
    return path


@contextmanager
def rclone(folder: Path) -> Iterator[S3Server]:
    """Run rclone as an S3 server over a folder; each folder in it is a bucket."""
    (folder / BUCKET).mkdir(parents=True)
    (port,) = free_ports(1)
    words = [
        program("rclone"), "serve", "s3", "--config", os.devnull, "--addr", f"127.0.0.1:{port}",
        "--auth-key", f"{ACCESS_KEY},{SECRET_KEY}", "--vfs-cache-mode", "off", str(folder),
    ]  # fmt: skip
    with running(words, folder.with_name(f"{folder.name}.log")):
        server = S3Server(port=port)
        _wait_for(server.endpoint)
        yield server


def program(name: str) -> str:
    """Where a program of the tests' environment lies."""
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}{os.pathsep}/usr/sbin"
    found = shutil.which(name, path=places)
    assert found, f"{name} is missing: run make setup browser"
    return found


@contextmanager
def running(words: Sequence[str], log: Path) -> Iterator[int]:
    """Run a program while the block does, and end it by its id; yields that."""
    with log.open("wb") as output:
        process = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()  # its data is thrown away; a store that shuts down in order takes long
        process.wait(10)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody has now."""
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in opened]


def make_bucket(server: S3Server, bucket: str = BUCKET) -> None:
    """Make a bucket and wait until it takes an object."""
    client = boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            client.create_bucket(Bucket=bucket)
            client.put_object(Bucket=bucket, Key="ready", Body=b"")
            client.delete_object(Bucket=bucket, Key="ready")
        except (BotoCoreError, ClientError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _wait_for(url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            urlopen(url, timeout=2).close()  # noqa: S310 (loopback)
        except HTTPError:
            return  # it answers, if only that one must sign
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
