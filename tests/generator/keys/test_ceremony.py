"""The ceremony: what a rotation, a revocation and a move leave behind, here and for foreigners."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from generator.keys.ceremony import Ceremony
from generator.keys.folder import PublicState
from generator.keys.issuer import make_issuer
from generator.keys.register import Key, State
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, brokers_of
from passport.did.document import parse_did_document, resolve_among
from passport.did.webvh import check_extends, verify_did_log
from passport.did.webvh_log import append_to_log, web_document
from passport.did.webvh_parameters import key_hash
from passport.encoding.base64url import base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import list_of
from passport.errors import ConfigError, HostError, VerificationError
from passport.registry import Group
from passport.signing.keys import KeyId, Purpose, SeedSigner
from passport.signing.proof import sign, verify
from tests.foreign_node import ask
from tests.foreign_python import accepts_document, accepts_log
from tests.key_steps import START, Keys, Step, seed_of

LATER = START + timedelta(days=200)
MOVED = "https://passports.example.org"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def rotate(purpose: Purpose) -> Step:
    return lambda ceremony, public: ceremony.rotate(public, purpose)


def revoke(name: str, log_size: int) -> Step:
    return lambda ceremony, public: ceremony.revoke(public, KeyId.parse(name), log_size)


def tell_brokers(*brokers: BrokerAddress) -> Step:
    return lambda ceremony, public: ceremony.tell_brokers(public, brokers)


def states(public: PublicState) -> dict[str, State]:
    return {str(key.key_id): key.state for key in public.register.keys}


def web_of(public: PublicState) -> JsonObject:
    return web_document(verify_did_log(public.log, now=LATER).latest)


def passport_by(keys: Keys, public: PublicState) -> JsonObject:
    """Return something that the active issuing key signed, as the did:web."""
    ceremony = keys.ceremony()
    key = public.register.active(Purpose.ISSUING)
    signer = ceremony.open(key)
    issuer = make_issuer(ceremony.base_url, public.log, key.key_id, signer, signer, LATER)
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": issuer.did}
    return sign(document, signer, created=keys.now, verification_method=issuer.method)


def verdicts(document: JsonObject, web: JsonObject) -> list[bool]:
    """Whether we, openvc-core and Digital Bazaar's libraries accept a document."""
    try:
        verify(document, resolve_among((parse_did_document(web, str(web["id"])),)))
        ours = True
    except VerificationError:
        ours = False
    (answer,) = ask([{"document": document, "didDocuments": [web]}])
    return [ours, accepts_document(document, [web]), answer["verified"]]


def accept_log(public: PublicState, did: str, folder: Path) -> list[bool]:
    """Whether we, did-webvh and didwebvh-ts accept the log as that DID's."""
    ours = verify_did_log(public.log, now=LATER, did=did)
    (answer,) = ask([{"log": public.log.decode()}])
    return [bool(ours), accepts_log(public.log.decode(), did, folder), answer["verified"]]


def test_it_begins_with_five_keys_and_one_entry(keys: Keys) -> None:
    public = keys.begin()
    assert states(public) == {
        "issuing-1": State.ACTIVE,
        "update-1": State.ACTIVE,
        "update-2": State.NEXT,
        "checkpoint-1": State.ACTIVE,
        "bundle-1": State.ACTIVE,
    }
    (version,) = verify_did_log(public.log, now=START).versions
    assert version.parameters.portable
    next_update = public.register.next_update.public_key
    assert version.parameters.next_key_hashes == (key_hash(next_update),)
    names = [str(method["id"]).partition("#")[2] for method in web_of(public)["verificationMethod"]]
    assert names == ["issuing-1", "checkpoint-1"]
    assert web_of(public)["assertionMethod"] == ["did:web:id.example.com#issuing-1"]


def test_a_rotation_adds_a_key_and_keeps_the_old_one(keys: Keys) -> None:
    before = keys.begin()
    after = keys.step(rotate(Purpose.ISSUING))
    assert states(after) == {
        "issuing-1": State.RETIRED,
        "update-1": State.RETIRED,
        "update-2": State.ACTIVE,
        "checkpoint-1": State.ACTIVE,
        "bundle-1": State.ACTIVE,
        "issuing-2": State.ACTIVE,
        "update-3": State.NEXT,
    }
    check_extends(after.log, before.log)
    assert web_of(after)["assertionMethod"] == [
        "did:web:id.example.com#issuing-1",
        "did:web:id.example.com#issuing-2",
    ]
    assert b'"expires"' not in after.log
    signed_by = verify_did_log(after.log, now=LATER).latest.parameters.signing_keys
    assert signed_by == (before.register.next_update.public_key,)


def test_old_passports_verify_after_a_rotation_everywhere(keys: Keys, tmp_path: Path) -> None:
    old = passport_by(keys, keys.begin())
    after = keys.step(rotate(Purpose.ISSUING))
    new = passport_by(keys, after)
    assert old["proof"] != new["proof"]
    for document in (old, new):
        assert verdicts(document, web_of(after)) == [True, True, True]
    did = str(verify_did_log(after.log, now=LATER).latest.did)
    assert accept_log(after, did, tmp_path) == [True, True, True]


def test_a_revoked_key_signs_nothing_for_foreigners(keys: Keys) -> None:
    old = passport_by(keys, keys.begin())
    keys.step(rotate(Purpose.ISSUING))
    after = keys.step(revoke("issuing-1", 4711))
    web = web_of(after)
    assert web["assertionMethod"] == ["did:web:id.example.com#issuing-2"]
    first = web["verificationMethod"][0]
    assert (first["id"], first["revokedAtLogSize"]) == ("did:web:id.example.com#issuing-1", 4711)
    assert verdicts(old, web) == [False, False, False]
    assert verdicts(passport_by(keys, after), web) == [True, True, True]


def test_a_change_of_domain_is_proven_by_the_log(keys: Keys, tmp_path: Path) -> None:
    begun = keys.begin()
    old = passport_by(keys, begun)
    former = verify_did_log(begun.log, now=LATER).latest.did
    keys.step(rotate(Purpose.ISSUING))
    keys.base_url = MOVED
    told = r"log is of https://id\.example\.com, base_url is https://p"
    with pytest.raises(ConfigError, match=told):
        keys.step(rotate(Purpose.ISSUING))
    moved = keys.step(Ceremony.move)
    check_extends(moved.log, begun.log)
    latest = verify_did_log(moved.log, now=LATER, did=str(former)).latest
    assert (latest.did.scid, latest.did.location.base_url.text) == (former.scid, MOVED)
    names = ["did:web:passports.example.org", str(former), "did:web:id.example.com"]
    assert latest.state["alsoKnownAs"] == names
    assert web_of(moved)["alsoKnownAs"] == [*names[1:], str(latest.did)]
    assert accept_log(moved, str(latest.did), tmp_path) == [True, True, True]
    # What was signed at the old place holds under the document that the log has for it.
    earlier = verify_did_log(moved.log, now=LATER).versions[1]
    assert earlier.did == former
    assert verdicts(old, web_document(earlier)) == [True, True, True]
    assert verdicts(passport_by(keys, moved), web_of(moved)) == [True, True, True]


def test_a_moved_issuer_keeps_its_former_names(keys: Keys, tmp_path: Path) -> None:
    former = verify_did_log(keys.begin().log, now=LATER).latest.did
    keys.base_url = MOVED
    keys.step(Ceremony.move)
    keys.step(rotate(Purpose.UPDATE))
    keys.base_url = "https://third.example.net"
    keys.step(Ceremony.move)
    after = keys.step(rotate(Purpose.CHECKPOINT))
    latest = verify_did_log(after.log, now=LATER).latest
    assert latest.state["alsoKnownAs"] == [
        "did:web:third.example.net",
        str(former),
        f"did:webvh:{former.scid}:passports.example.org",
        "did:web:id.example.com",
        "did:web:passports.example.org",
    ]
    assert accept_log(after, str(latest.did), tmp_path) == [True, True, True]
    keys.base_url = "https://id.example.com"
    back = verify_did_log(keys.step(Ceremony.move).log, now=LATER).latest
    assert back.did == former
    assert str(former) not in back.state["alsoKnownAs"]


def begin_with_a_service(keys: Keys) -> JsonObject:
    """Begin, and tell a service that no command of ours writes: it is nobody's broker."""
    public = keys.begin()
    ceremony = keys.ceremony()
    latest = verify_did_log(public.log, now=LATER).latest
    service = {"id": "#help", "type": "Help", "serviceEndpoint": "https://help.example"}
    made = keys.make(KeyId.parse("update-3"))
    log = append_to_log(
        public.log,
        {**latest.state, "service": [{**service, "id": f"{latest.did}#help"}]},
        signer=ceremony.open(public.register.next_update),
        next_key=made.public_key,
        time=START + timedelta(hours=1),
    )
    successor = Key(
        key_id=KeyId.parse("update-3"),
        public_key=made.public_key,
        source=made.source,
        created=START,
        state=State.NEXT,
    )
    register = public.register.update_rotated(successor)
    with keys.folder.locked():
        keys.folder.write(PublicState(register, log), {successor.key_id: made.seed or b""})
    return service


def test_services_move_along(keys: Keys) -> None:
    service = begin_with_a_service(keys)
    keys.base_url = MOVED
    moved = verify_did_log(keys.step(Ceremony.move).log, now=LATER).latest
    assert moved.state["service"] == [{**service, "id": f"{moved.did}#help"}]


def test_other_services_stay_when_brokers_are_told(keys: Keys) -> None:
    service = begin_with_a_service(keys)
    broker = BrokerAddress(BaseUrl("https://keys.example.com"), (Group.AUTHORITY,))
    public = keys.step(tell_brokers(broker))
    latest = verify_did_log(public.log, now=LATER).latest
    assert brokers_of(latest.state) == (broker,)
    assert list_of(latest.state, "service")[1:] == ({**service, "id": f"{latest.did}#help"},)
    with pytest.raises(ConfigError, match="names these brokers already"):
        keys.step(tell_brokers(broker))
    keys.step(tell_brokers())
    keys.base_url = MOVED
    moved = verify_did_log(keys.step(Ceremony.move).log, now=LATER).latest
    assert moved.state["service"] == [{**service, "id": f"{moved.did}#help"}]


def test_a_new_key_for_the_bundle_is_no_matter_of_the_log(keys: Keys) -> None:
    before = keys.begin()
    after = keys.step(rotate(Purpose.BUNDLE))
    assert after.log == before.log
    assert states(after)["bundle-1"] is State.RETIRED
    revoked = keys.step(revoke("bundle-1", 3))
    assert revoked.log == before.log
    assert states(revoked) == states(after) | {"bundle-1": State.REVOKED}


def test_a_revoked_checkpoint_key_tells_its_log_size(keys: Keys) -> None:
    keys.begin()
    keys.step(rotate(Purpose.CHECKPOINT))
    after = keys.step(revoke("checkpoint-1", 0))
    assert web_of(after)["verificationMethod"][1]["revokedAtLogSize"] == 0
    assert keys.folder.read() == after


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("issuing-1", "issuing-1 was revoked already"),
        ("issuing-2", "is in use.*`cellfolio keys rotate issuing` first"),
        ("checkpoint-1", "`cellfolio keys rotate checkpoint` first"),
        ("issuing-3", "there is no key issuing-3"),
        ("update-3", "signs one entry and no other"),
    ],
)
def test_what_cannot_be_revoked_is_told(keys: Keys, name: str, told: str) -> None:
    keys.begin()
    keys.step(rotate(Purpose.ISSUING))
    before = keys.step(revoke("issuing-1", 1))
    with pytest.raises(ConfigError, match=told):
        keys.step(revoke(name, 2))
    assert keys.folder.read() == before


def test_a_stolen_update_key_is_outrun(keys: Keys) -> None:
    keys.begin()
    before = keys.step(rotate(Purpose.UPDATE))
    after = keys.step(rotate(Purpose.UPDATE))
    assert [after.register.next_update.key_id.number, len(after.log.splitlines())] == [4, 3]
    assert web_of(after) == web_of(before)


def test_without_the_update_key_nothing_changes(keys: Keys) -> None:
    before = keys.begin()
    (keys.path / "private/update-2.key").unlink()
    with pytest.raises(HostError, match="there is no private key update-2"):
        keys.step(rotate(Purpose.ISSUING))
    assert keys.folder.read() == before
    keys.environment["CELLFOLIO_KEY_UPDATE_2"] = base64url(seed_of(3))
    assert len(keys.step(rotate(Purpose.ISSUING)).log.splitlines()) == 2


def test_another_update_key_is_refused(keys: Keys) -> None:
    keys.begin()
    keys.environment["CELLFOLIO_KEY_UPDATE_2"] = base64url(seed_of(77))
    with pytest.raises(ConfigError, match="the private key at hand is not update-2"):
        keys.step(rotate(Purpose.ISSUING))


@pytest.mark.parametrize("name", ["issuing-1", "checkpoint-1", "update-2"])
def test_a_key_slipped_into_the_register_gets_no_further(keys: Keys, name: str) -> None:
    public = keys.begin()
    own = public.register.key(KeyId.parse(name)).public_key.multikey
    path = keys.path / "keys.toml"
    planted = SeedSigner(seed_of(99)).public_key.multikey
    path.write_text(path.read_text().replace(own, planted))
    for step in (rotate(Purpose.BUNDLE), Ceremony.move):
        with pytest.raises(ConfigError, match="register and DID log tell different keys"):
            keys.step(step)


def test_a_log_that_was_cut_is_noticed(keys: Keys) -> None:
    keys.begin()
    after = keys.step(rotate(Purpose.ISSUING))
    (keys.path / "did.jsonl").write_bytes(after.log.splitlines(keepends=True)[0])
    with pytest.raises(ConfigError, match="tell different keys"):
        keys.step(rotate(Purpose.ISSUING))


def test_a_log_that_was_changed_is_refused(keys: Keys) -> None:
    public = keys.begin()
    (keys.path / "did.jsonl").write_bytes(public.log.replace(b"issuing-1", b"issuing-9"))
    with pytest.raises(VerificationError, match="entry 1"):
        keys.step(rotate(Purpose.ISSUING))


def test_entries_are_a_second_apart(keys: Keys) -> None:
    keys.begin()
    with pytest.raises(VerificationError, match="is not after the entry before"):
        keys.write(keys.ceremony().rotate(keys.folder.read(), Purpose.ISSUING))


def test_all_of_a_life_is_in_the_register(keys: Keys) -> None:
    keys.begin()
    for purpose in (Purpose.ISSUING, Purpose.CHECKPOINT, Purpose.ISSUING):
        keys.step(rotate(purpose))
    public = keys.folder.read()
    issuing = [key for key in public.register.keys if key.key_id.purpose is Purpose.ISSUING]
    assert [key.state for key in issuing] == [State.RETIRED, State.RETIRED, State.ACTIVE]
    assert json.loads(public.log.splitlines()[-1])["versionId"].startswith("4-")
