"""What is handed out: DIDs, keys, and verifier keys as C2SP's signed notes have them."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from generator.keys.public import public_keys
from passport.base_url import BaseUrl
from passport.did.webvh import verify_did_log
from passport.log.checkpoint import LogKey, log_origin
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import Purpose
from tests.key_steps import START, Keys


@pytest.mark.parametrize(
    "known",
    [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ],
)
def test_a_verifier_key_is_written_as_other_peoples_are(known: str) -> None:
    """Go's example, and the key of its checksum database."""
    name, _, encoded = known.split("+", 2)
    key = PublicKey(base64.b64decode(encoded)[1:])
    assert str(LogKey(name, key)) == known


def test_all_of_the_issuer_is_there(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    keys.begin()
    public = keys.step(lambda ceremony, state: ceremony.rotate(state, Purpose.CHECKPOINT))
    exported = public_keys(public, verify_did_log(public.log, now=START + timedelta(days=9)))
    assert exported.did == "did:web:id.example.com"
    assert exported.webvh.startswith("did:webvh:Qm")
    assert exported.keys == public.register.keys
    assert [text.partition("+")[0] for text in exported.vkeys] == ["id.example.com/log/1"] * 2


def test_a_log_is_named_after_its_host_and_port() -> None:
    assert log_origin(BaseUrl("https://id.example.com:8443"), 3) == "id.example.com:8443/log/3"
