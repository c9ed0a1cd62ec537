"""AWS KMS as far as we ask it, on a loopback port: it keeps KMS's limits, and answers as KMS does.

After the API reference and what others measured: a message has at most 4096 bytes, an Ed25519 key
takes ED25519_SHA_512 with RAW only, a key for something else or in another state refuses. A key of
origin EXTERNAL waits for its material, takes it wrapped and with a token of its own that is good
once, and keeps to the first. It speaks the AWS JSON 1.1 protocol, so that the real boto3 is under
test, its errors and retries included.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from passport.signing.ed25519 import PublicKey, sign

ACCOUNT = "arn:aws:kms:eu-central-1:111122223333:key/"
SPKI = bytes.fromhex("302a300506032b6570032100")

_OF_WAITING_KEYS = ("DescribeKey", "GetParametersForImport", "ImportKeyMaterial")

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
    origin: str = "AWS_KMS"
    token: str = ""
    """What the next import must bring along, "" when none is good."""


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

    def add_hmac(self, name: str) -> str:
        """Make a key for MACs that waits for its material, and return its ARN."""
        arn = f"{ACCOUNT}{name}"
        self.keys[arn] = FakeKey(
            seed=b"",
            spec="HMAC_256",
            usage="GENERATE_VERIFY_MAC",
            state="PendingImport",
            algorithms=("HMAC_SHA_256",),
            origin="EXTERNAL",
        )
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
            "GenerateMac": _generate_mac,
            "DescribeKey": _describe_key,
            "GetParametersForImport": _get_parameters_for_import,
            "ImportKeyMaterial": _import_key_material,
        }
        key = self.keys[arn]
        if operation not in _OF_WAITING_KEYS:
            _check_state(arn, key)
        return operations[operation](arn, key, request)


def _check_state(arn: str, key: FakeKey) -> None:
    if key.state == "Disabled":
        raise RefusalError("DisabledException", f"{arn} is disabled.")
    if key.state != "Enabled":
        waits = "pending import" if key.state == "PendingImport" else "pending deletion"
        raise RefusalError("KMSInvalidStateException", f"{arn} is {waits}.")


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


def _generate_mac(arn: str, key: FakeKey, request: Members) -> Members:
    message = base64.b64decode(str(request["Message"]))
    if not 1 <= len(message) <= 4096:
        raise RefusalError("ValidationException", "Member must have length between 1 and 4096")
    if request["MacAlgorithm"] not in key.algorithms:
        raise RefusalError("InvalidKeyUsageException", f"{arn} makes no such MAC")
    mac = hmac.digest(key.seed, message, hashlib.sha256)
    return {"KeyId": arn, "Mac": base64.b64encode(mac).decode(), "MacAlgorithm": "HMAC_SHA_256"}


def _describe_key(arn: str, key: FakeKey, _: Members) -> Members:
    return {
        "KeyMetadata": {
            "KeyId": arn.rpartition("/")[2],
            "Arn": arn,
            "KeySpec": key.spec,
            "KeyUsage": key.usage,
            "KeyState": key.state,
            "Origin": key.origin,
        }
    }


@cache
def _wrapping_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=4096)


def _get_parameters_for_import(arn: str, key: FakeKey, request: Members) -> Members:
    if key.origin != "EXTERNAL":
        raise RefusalError("UnsupportedOperationException", f"{arn} origin is {key.origin}")
    if request["WrappingAlgorithm"] != "RSAES_OAEP_SHA_256":
        raise RefusalError("ValidationException", "no such wrapping algorithm")
    if request["WrappingKeySpec"] != "RSA_4096":
        raise RefusalError("ValidationException", "this service has one wrapping key, RSA_4096")
    key.token = base64.b64encode(secrets.token_bytes(64)).decode()
    public = _wrapping_key().public_key()
    info = key.spki or public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "KeyId": arn,
        "ImportToken": key.token,
        "PublicKey": base64.b64encode(info).decode(),
        "ParametersValidTo": 4102444800,
    }


def _import_key_material(arn: str, key: FakeKey, request: Members) -> Members:
    if not key.token or request["ImportToken"] != key.token:
        raise RefusalError("InvalidImportTokenException", "the import token is invalid")
    if request.get("ExpirationModel") != "KEY_MATERIAL_DOES_NOT_EXPIRE":
        raise RefusalError("ValidationException", "ValidTo is missing")
    wrapped = base64.b64decode(str(request["EncryptedKeyMaterial"]))
    try:
        padding = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
        material = _wrapping_key().decrypt(wrapped, padding)
    except ValueError:
        raise RefusalError("InvalidCiphertextException", "it can't be decrypted") from None
    if len(material) != 32:
        raise RefusalError("IncorrectKeyMaterialException", "HMAC_256 takes 256 bits")
    if key.seed and key.seed != material:
        raise RefusalError("IncorrectKeyMaterialException", "not the material of before")
    key.seed, key.state, key.token = material, "Enabled", ""
    return {"KeyId": arn}


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
