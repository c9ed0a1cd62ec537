"""Which issuer a site has, and that a build needs one private key only."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from generator.keys.choose import issuer_of, public_issuer_of
from generator.keys.issuer import Issuer, make_issuer
from generator.keys.register import State
from generator.keys.signers import kms_key
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, brokers_of
from passport.did.web import issuer_did
from passport.did.webvh import check_extends
from passport.encoding.base64url import base64url
from passport.errors import ConfigError, VerificationError
from passport.registry import Group
from passport.signing.keys import KeyId, Purpose, SeedSigner, demo_signer
from tests.fake_kms import FakeKms
from tests.key_steps import HOST, START, Keys, seed_of

LATER = START + timedelta(days=200)
ISSUING = KeyId.parse("issuing-1")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def issuer_now(
    keys: Keys,
    base_url: str = HOST,
    environment: dict[str, str] | None = None,
    brokers: tuple[BrokerAddress, ...] = (),
    now: datetime = LATER,
) -> Issuer:
    """The issuer of a site with these keys."""
    where, known = keys.path.parent, environment or {}
    return issuer_of(BaseUrl(base_url), "keys", where, known, now, brokers=brokers)


def only_online(keys: Keys) -> None:
    """Take every private key away but those that a build needs: to issue, and for checkpoints."""
    for path in (keys.path / "private").glob("*.key"):
        if path.name not in ("issuing-1.key", "checkpoint-1.key"):
            path.unlink()


def test_the_demo_has_the_demos_keys(tmp_path: Path) -> None:
    issuer = issuer_of(BaseUrl(HOST), "demo", tmp_path, {}, LATER, brokers=())
    assert issuer.signer == demo_signer(ISSUING)
    names = [method.id.partition("#")[2] for method in issuer.document.methods]
    assert names == ["issuing-1", "checkpoint-1"]


def test_the_demos_keys_are_refused_where_passports_are_real(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="everybody has them"):
        issuer_of(BaseUrl("https://id.battery-works.eu"), "demo", tmp_path, {}, LATER, brokers=())


def test_a_real_site_builds_without_the_update_keys(keys: Keys) -> None:
    keys.base_url = "https://id.battery-works.eu"
    public = keys.begin()
    only_online(keys)
    issuer = issuer_now(keys, keys.base_url)
    assert issuer.method == "did:web:id.battery-works.eu#issuing-1"
    assert issuer.log == public.log
    assert issuer.signer.public_key == public.register.active(Purpose.ISSUING).public_key
    assert issuer.members["id"] == "did:web:id.battery-works.eu"


def test_a_did_log_that_was_cut_is_named(keys: Keys) -> None:
    keys.begin()
    log = keys.path / "did.jsonl"
    log.write_bytes(log.read_bytes()[:99])
    with pytest.raises(VerificationError, match=r"did\.jsonl: .*: put the file back from Git"):
        issuer_now(keys)


def test_a_secret_of_the_build_machine_is_enough(keys: Keys) -> None:
    keys.begin()
    only_online(keys)
    (keys.path / "private/issuing-1.key").unlink()
    environment = {"CELLFOLIO_KEY_ISSUING_1": base64url(seed_of(1))}
    issuer = issuer_now(keys, environment=environment)
    assert issuer.signer == SeedSigner(seed_of(1))
    assert "canary" not in repr(issuer)


def test_after_a_rotation_the_new_key_issues(keys: Keys) -> None:
    keys.begin()
    keys.step(lambda ceremony, public: ceremony.rotate(public, Purpose.ISSUING))
    issuer = issuer_now(keys)
    assert str(issuer.key_id) == "issuing-2"
    assert issuer.resolve("did:web:id.example.com#issuing-1").may_assert


def test_another_private_key_is_refused_and_not_shown(keys: Keys) -> None:
    keys.begin()
    text = base64url(seed_of(77))
    environment = {"CELLFOLIO_KEY_ISSUING_1": text}
    with pytest.raises(ConfigError, match="the private key at hand is not issuing-1") as raised:
        issuer_now(keys, environment=environment)
    assert text not in str(raised.value)


def test_another_base_url_is_refused(keys: Keys) -> None:
    keys.begin()
    with pytest.raises(ConfigError, match="put base_url back, or tell the move"):
        issuer_now(keys, "https://x.example")


def test_a_register_that_the_log_does_not_tell_is_refused(keys: Keys) -> None:
    """Private key and register agree on a key that the DID document doesn't have."""
    public = keys.begin()
    other = SeedSigner(seed_of(77))
    path = keys.path / "keys.toml"
    own = public.register.active(Purpose.ISSUING).public_key.multikey
    path.write_text(path.read_text().replace(own, other.public_key.multikey))
    text = base64url(other.seed)
    with pytest.raises(ConfigError, match="is not issuing-1 of the DID log"):
        issuer_now(keys, environment={"CELLFOLIO_KEY_ISSUING_1": text})


def test_a_log_from_the_future_is_refused(keys: Keys) -> None:
    keys.begin()
    with pytest.raises(VerificationError, match="is still to come"):
        issuer_now(keys, now=START - timedelta(seconds=1))


def test_a_log_of_another_place_makes_no_issuer(keys: Keys) -> None:
    public = keys.begin()
    base_url = BaseUrl("https://x.example")
    with pytest.raises(VerificationError, match=str(issuer_did(base_url))):
        make_issuer(
            base_url, public.log, ISSUING, SeedSigner(seed_of(1)), SeedSigner(seed_of(2)), LATER
        )


def test_a_build_signs_with_kms(keys: Keys, kms: FakeKms) -> None:
    arn = kms.add("1234abcd", seed_of(50))
    file_key = keys.make

    def make(key_id: KeyId) -> object:
        return kms_key(arn) if key_id == ISSUING else file_key(key_id)

    keys.make = make  # type: ignore[method-assign, assignment]
    public = keys.begin()
    assert not (keys.path / "private/issuing-1.key").exists()
    assert public.register.active(Purpose.ISSUING).state is State.ACTIVE
    kms.asked.clear()
    issuer = issuer_now(keys)
    assert issuer.signer.public_key == SeedSigner(seed_of(50)).public_key
    assert issuer.signer.sign(b"message") == SeedSigner(seed_of(50)).sign(b"message")
    assert [operation for operation, _ in kms.asked] == ["Sign"]


BROKER = BrokerAddress(BaseUrl("https://keys.example.com"), (Group.INTEREST_BATTERY,))


def test_the_demos_brokers_are_told_by_an_entry_of_their_own(tmp_path: Path) -> None:
    """A demo's log begins alike with and without brokers, so an older site can be built on."""
    without = issuer_of(BaseUrl(HOST), "demo", tmp_path, {}, LATER, brokers=())
    told = issuer_of(BaseUrl(HOST), "demo", tmp_path, {}, LATER, brokers=(BROKER,))
    check_extends(told.log, without.log)
    assert told.webvh == without.webvh
    assert brokers_of(told.members) == (BROKER,)
    assert brokers_of(without.members) == ()


def test_a_log_that_names_other_brokers_is_refused(keys: Keys) -> None:
    keys.begin()
    told = r"no broker, cellfolio\.toml the broker https://keys\.example\.com for"
    with pytest.raises(ConfigError, match=told) as no:
        issuer_now(keys, brokers=(BROKER,))
    assert "cellfolio keys brokers" in no.value.remedy
    with pytest.raises(ConfigError, match=told):
        public_issuer_of(BaseUrl(HOST), "keys", keys.path.parent, LATER, brokers=(BROKER,))
