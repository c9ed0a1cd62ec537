"""AWS KMS as far as we ask it, on a loopback port: it keeps KMS's limits, and answers as KMS does.

After the API reference and what others measured: a message has at most 4096 bytes, an Ed25519 key
takes ED25519_SHA_512 with RAW only, a key for something else or in another state refuses. It speaks
the AWS JSON 1.1 protocol, so that the real boto3 is under test, its errors and retries included.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from passport.ed25519 import PublicKey, sign

ACCOUNT = "arn:aws:kms:eu-central-1:111122223333:key/"
SPKI = bytes.fromhex("302a300506032b6570032100")

Members = dict[str, object]


class RefusalError(Exception):
    """An error as KMS names it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(kw_only=True)
class FakeKey:
    """A key pair in KMS; tests change its members to make it unfit."""

    seed: bytes
    spec: str = "ECC_NIST_EDWARDS25519"
    usage: str = "SIGN_VERIFY"
    state: str = "Enabled"
    spki: bytes = b""
    algorithms: tuple[str, ...] = ("ED25519_SHA_512", "ED25519_PH_SHA_512")


@dataclass
class FakeKms:
    """The service: keys by ARN, and what it was asked, in order."""

    keys: dict[str, FakeKey] = field(default_factory=dict)
    asked: list[tuple[str, Members]] = field(default_factory=list)
    failures: int = 0
    """How many of the next requests fail inside KMS."""

    def add(self, name: str, seed: bytes) -> str:
        """Make a key and return its ARN."""
        arn = f"{ACCOUNT}{name}"
        self.keys[arn] = FakeKey(seed=seed)
        return arn

    def answer(self, operation: str, request: Members) -> Members:
        """Do what KMS does, or raise `RefusalError`."""
        self.asked.append((operation, request))
        if self.failures:
            self.failures -= 1
            raise RefusalError("KMSInternalException", "try again")
        arn = str(request["KeyId"])
        if arn not in self.keys:
            raise RefusalError("NotFoundException", f"Key '{arn}' does not exist")
        operations: dict[str, Callable[[str, FakeKey, Members], Members]] = {
            "GetPublicKey": _get_public_key,
            "Sign": _sign,
        }
        key = self.keys[arn]
        _check_state(arn, key)
        return operations[operation](arn, key, request)


def _check_state(arn: str, key: FakeKey) -> None:
    if key.state == "Disabled":
        raise RefusalError("DisabledException", f"{arn} is disabled.")
    if key.state != "Enabled":
        raise RefusalError("KMSInvalidStateException", f"{arn} is pending deletion.")


def _get_public_key(arn: str, key: FakeKey, _: Members) -> Members:
    info = key.spki or SPKI + PublicKey.of(key.seed).raw
    return {
        "KeyId": arn,
        "PublicKey": base64.b64encode(info).decode(),
        "KeySpec": key.spec,
        "KeyUsage": key.usage,
        "SigningAlgorithms": key.algorithms,
    }


def _sign(arn: str, key: FakeKey, request: Members) -> Members:
    message = base64.b64decode(str(request["Message"]))
    algorithm, kind = request["SigningAlgorithm"], request.get("MessageType", "RAW")
    if not 1 <= len(message) <= 4096:
        raise RefusalError("ValidationException", "Member must have length between 1 and 4096")
    if key.usage != "SIGN_VERIFY":
        raise RefusalError("InvalidKeyUsageException", f"{arn} key usage is {key.usage}")
    if algorithm not in key.algorithms:
        raise RefusalError(
            "InvalidKeyUsageException", f"{algorithm} is incompatible with {key.spec}."
        )
    if (algorithm, kind) != ("ED25519_SHA_512", "RAW"):
        raise RefusalError("ValidationException", f"Message type {kind} is incompatible")
    signature = base64.b64encode(sign(key.seed, message)).decode()
    return {"KeyId": arn, "Signature": signature, "SigningAlgorithm": algorithm}


@contextmanager
def serving(kms: FakeKms) -> Iterator[str]:
    """Answer on a port of this machine while the block runs; yields the endpoint's URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].removeprefix("TrentService.")
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                status, answer = 200, kms.answer(operation, request)
            except RefusalError as error:
                status = 500 if error.kind == "KMSInternalException" else 400
                answer = {"__type": error.kind, "message": str(error)}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def found_by_boto3(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKms]:
    """Serve a KMS that boto3 finds by its environment, as it finds the real one."""
    service = FakeKms()
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with serving(service) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
        yield service
