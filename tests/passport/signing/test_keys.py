"""Keys: named once, one purpose each; demo keys are everybody's and sign nothing real."""

import pytest

from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError
from passport.signing.ed25519 import verify
from passport.signing.keys import (
    KeyId,
    Purpose,
    SeedSigner,
    demo_secret,
    demo_signer,
    refuse_demo_keys,
)


@pytest.mark.parametrize("text", ["issuing-1", "update-12", "checkpoint-3", "bundle-999999"])
def test_a_key_id_is_read_back(text: str) -> None:
    assert str(KeyId.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "issuing",
        "issuing-",
        "issuing-0",
        "issuing-01",
        "issuing-1 ",
        "issuing-1\n",
        "issuing--1",
        "issuing-1-2",
        "issuing-1234567",
        "Issuing-1",
        "salt-1",
    ],
)
def test_another_spelling_names_no_key(text: str) -> None:
    with pytest.raises(IdentifierError, match="names no key"):
        KeyId.parse(text)


def test_keys_are_counted_from_one() -> None:
    with pytest.raises(IdentifierError, match="begin with 1"):
        KeyId(Purpose.ISSUING, 0)


def test_a_signer_signs_for_its_public_key_and_hides_the_other() -> None:
    signer = SeedSigner(bytes(32))
    verify(signer.public_key, b"message", signer.sign(b"message"))
    assert "seed" not in repr(signer)


def test_demo_keys_are_the_same_everywhere_and_differ_by_name() -> None:
    names = [KeyId(purpose, number) for purpose in Purpose for number in (1, 2)]
    keys = [demo_signer(name).public_key.multikey for name in names]
    assert keys[0] == "z6MkfoX3kmYB6sTkWAW7kWht5mNUcyEbW47ipfqxRhPJxwHn"
    assert len(set(keys)) == len(keys)
    assert demo_secret("salt") != demo_secret("salt/1")


@pytest.mark.parametrize(
    "base_url", ["https://id.example.com", "http://localhost:8000", "https://a.test"]
)
def test_demo_keys_sign_where_nobody_is_deceived(base_url: str) -> None:
    refuse_demo_keys(BaseUrl(base_url))


def test_demo_keys_are_refused_for_a_real_site() -> None:
    with pytest.raises(ConfigError, match="everybody has them"):
        refuse_demo_keys(BaseUrl("https://id.battery-works.eu"))
