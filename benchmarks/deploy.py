"""Uploads: our store against boto3 with 16 threads, on the same SeaweedFS, objects of 10 KB.

Both write each object once and only if it isn't there, as a first deploy does. The server runs on
this machine too and takes most of it, so the ratio is the figure.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

import boto3

from benchmarks.measure import Measure
from generator.publish.deploy import WORKERS
from generator.store.objects import Expected
from generator.store.s3 import Bucket, S3Objects, open_bucket
from tests.s3_servers import BUCKET, REGION, S3Server, seaweedfs

OBJECTS = 1_000
_SIZE = 9_700
"""Bytes: about what a battery's page or passport has."""
_THREADS = 16
_HEADERS = {"Content-Type": "application/vc", "Cache-Control": "public, max-age=0, must-revalidate"}


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the measure; the server runs while it does."""
    with seaweedfs(folder / "weed") as server, _environment(server.environment):
        objects = open_bucket(
            Bucket(name=BUCKET, prefix="", endpoint=server.endpoint, region=REGION)
        )
        content, rounds = os.urandom(_SIZE), count()
        yield Measure(
            name="upload objects",
            rows=OBJECTS,
            target="0.4 times its floor",
            run=lambda: _with_ours(objects, content, next(rounds)),
            floor_name=f"boto3, {_THREADS} threads",
            floor=_with_boto3(server, content, rounds),
        )


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _with_ours(objects: S3Objects, content: bytes, turn: int) -> None:
    digest = sha256(content).hexdigest()

    def put(number: int) -> str:
        return objects.put(_key(turn, number), content, digest, _HEADERS, Expected.NOTHING)

    with ThreadPoolExecutor(WORKERS) as workers:
        if not all(workers.map(put, range(OBJECTS))):
            raise RuntimeError("an object was there before")


def _with_boto3(server: S3Server, content: bytes, rounds: "count[int]") -> Callable[[], None]:
    client = boto3.client("s3", endpoint_url=server.endpoint, region_name=REGION)

    def put_all() -> None:
        turn = next(rounds)

        def put(number: int) -> None:
            client.put_object(
                Bucket=BUCKET,
                Key=_key(turn, number),
                Body=content,
                ContentType=_HEADERS["Content-Type"],
                CacheControl=_HEADERS["Cache-Control"],
                IfNoneMatch="*",
            )

        with ThreadPoolExecutor(_THREADS) as workers:
            list(workers.map(put, range(OBJECTS)))

    return put_all


def _key(turn: int, number: int) -> str:
    return f"round{turn}/dpp/01_09506000134352_21_{number:07d}/passport.json"
