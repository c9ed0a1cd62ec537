"""did:webvh: a history that anybody can check, and nobody can rewrite."""

from datetime import timedelta

import pytest

from passport.did.document import issuer_document, parse_did_document, resolve_among
from passport.did.web import DidWeb
from passport.did.webvh import DidWebvh, check_extends, verify_did_log
from passport.did.webvh_log import append_to_log, create_log, new_did, web_document
from passport.encoding.canonical import canonical_json
from passport.encoding.timestamp import parse_time
from passport.errors import IdentifierError, VerificationError
from passport.signing.keys import IssuerKey, KeyId
from passport.signing.proof import sign, verify
from tests import forge, forge_logs
from tests.forge import TIME, signer_named
from tests.vectors import Vector, expected, load_vectors

HERE = DidWeb.parse("did:web:id.example.com")
THERE = DidWeb.parse("did:web:id.example.org")
SCID = "QmdmPkUdYzbr9txmx8gM2rsHPgr5L6m3gHjJGAf4vUFoGE"


@pytest.mark.parametrize("vector", load_vectors("did_webvh", "logs"), ids=lambda v: v.name)
def test_logs(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    data, now = vector.input["log"].encode(), parse_time(vector.input["now"])
    with expected(vector):
        latest = verify_did_log(data, now=now, did=vector.input["did"]).latest
        assert {
            "number": latest.number,
            "host": latest.did.location.base_url.host,
            "deactivated": latest.parameters.deactivated,
        } == vector.ok
        assert latest.document.did == str(latest.did)


def issuer_state(did: DidWebvh, *names: str, also: tuple[str, ...] = ()) -> dict[str, object]:
    keys = [
        IssuerKey(key_id=KeyId.parse(name), public_key=signer_named(name).public_key)
        for name in names
    ]
    return dict(issuer_document(str(did), keys, [str(did.location), *also]))


def created() -> bytes:
    return create_log(
        issuer_state(new_did(HERE), "issuing-1"),
        signer=signer_named("update-1"),
        next_key=signer_named("update-2").public_key,
        time=TIME,
    )


def updated(log: bytes, number: int, state: dict[str, object]) -> bytes:
    return append_to_log(
        log,
        state,
        signer=signer_named(f"update-{number}"),
        next_key=signer_named(f"update-{number + 1}").public_key,
        time=TIME + timedelta(days=number),
    )


def did_of(log: bytes) -> DidWebvh:
    return verify_did_log(log, now=TIME + timedelta(days=9)).latest.did


def test_our_log_is_what_the_forge_would_make() -> None:
    assert created().decode() == forge_logs.log_of({"entries": [{}]})


def test_a_rotated_key_joins_the_old_one_which_still_counts() -> None:
    log = created()
    rotated = updated(log, 2, issuer_state(did_of(log), "issuing-1", "issuing-2"))
    check_extends(rotated, log)
    versions = verify_did_log(rotated, now=TIME + timedelta(days=9)).versions
    did = str(versions[0].did)
    assert [len(version.document.methods) for version in versions] == [1, 2]
    document = {**forge.PASSPORT, "issuer": did}
    signer = signer_named("issuing-1")
    passport = sign(document, signer, created=TIME, verification_method=f"{did}#issuing-1")
    assert verify(passport, resolve_among([versions[-1].document])).issuer == did


def test_a_change_of_domain_keeps_the_identity() -> None:
    log = created()
    old = did_of(log)
    new = DidWebvh(old.scid, THERE)
    moved = updated(log, 2, issuer_state(new, "issuing-1", also=(str(old),)))
    history = verify_did_log(moved, now=TIME + timedelta(days=9), did=str(old))
    assert history.latest.did == new
    assert new.url == "https://id.example.org/.well-known/did.jsonl"


def test_the_wrong_update_key_breaks_nothing() -> None:
    log = created()
    with pytest.raises(VerificationError, match="was not committed to by the entry before"):
        updated(log, 3, issuer_state(did_of(log), "issuing-1"))


def test_a_log_can_t_be_extended_backwards_in_time() -> None:
    log = updated(created(), 2, issuer_state(did_of(created()), "issuing-1"))
    with pytest.raises(VerificationError, match=r"entry 2/versionTime: .* is still to come"):
        append_to_log(
            log,
            issuer_state(did_of(log), "issuing-1"),
            signer=signer_named("update-3"),
            next_key=signer_named("update-4").public_key,
            time=TIME,
        )


def test_an_empty_log_is_none() -> None:
    with pytest.raises(VerificationError, match="entry 1/json: line 1, column 1: expecting value"):
        verify_did_log(b"", now=TIME)


def test_a_rollback_and_a_fork_are_refused() -> None:
    log = created()
    state = issuer_state(did_of(log), "issuing-1")
    longer = updated(log, 2, state)
    fork = updated(log, 2, {**state, "alsoKnownAs": []})
    check_extends(longer, b"")
    check_extends(longer, longer)
    for other in (log, fork):
        with pytest.raises(VerificationError, match="does not extend the one published before"):
            check_extends(other, longer)


def test_did_web_says_the_same() -> None:
    version = verify_did_log(created(), now=TIME).latest
    document = web_document(version)
    did = str(version.did)
    assert document["alsoKnownAs"] == [did]
    parsed = parse_did_document(document, "did:web:id.example.com")
    assert parsed.method("did:web:id.example.com#issuing-1").public_key == (
        signer_named("issuing-1").public_key
    )
    assert document["service"] == [
        {
            "id": "did:web:id.example.com#files",
            "type": "relativeRef",
            "serviceEndpoint": "https://id.example.com/",
        },
        {
            "@context": "https://identity.foundation/linked-vp/contexts/v1",
            "id": "did:web:id.example.com#whois",
            "type": "LinkedVerifiablePresentation",
            "serviceEndpoint": "https://id.example.com/whois.vp",
        },
    ]
    assert did not in canonical_json({**document, "alsoKnownAs": []}).decode()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (f"did:webvh:{SCID}:id.example.com", "https://id.example.com/.well-known/did.jsonl"),
        (f"did:webvh:{SCID}:a.example.com%3A8443:b", "https://a.example.com:8443/b/did.jsonl"),
    ],
)
def test_a_did_says_where_its_log_lies(text: str, url: str) -> None:
    did = DidWebvh.parse(text)
    assert str(did) == text
    assert did.url == url


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("did:web:id.example.com", "is no did:webvh"),
        (f"did:webvh:{SCID}", "is no did:webvh"),
        ("did:webvh:{SCID}:id.example.com", "is no did:webvh"),
        ("did:webvh::id.example.com", "is no SCID"),
        (f"did:webvh:{SCID[:-1]}:id.example.com", "is no SCID"),
        (f"did:webvh:{SCID}:127.0.0.1%3A80", "can't be a did:web"),
    ],
)
def test_what_is_no_did_is_refused(text: str, says: str) -> None:
    with pytest.raises(IdentifierError, match=says):
        DidWebvh.parse(text)
