"""What is asked of a broker and what it answers: one spelling, and nothing else is read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.access.decision import Grant
from passport.access.rule import Operation, Purpose, Reuse
from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import KEY_LENGTH, GroupKey, SecretMac
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import ReleaseAnswer, ReleaseRequest, release_info
from passport.sealing.sealed_header import PAYLOAD, SealedHeader

HEADER = SealedHeader(
    passport=DppId.parse("01_09506000134352_21_ABC-1"),
    level=Level.BATTERY,
    group=Group.INTEREST_BATTERY,
    version=3,
    resource=PAYLOAD,
    key=GroupKey.of(Group.INTEREST_BATTERY, "2027a", SecretMac(bytes(32))).key_id,
    salt=b"0123456789abcdef",
)
REQUEST = ReleaseRequest(
    purpose=Purpose.DISMANTLING,
    operation=Operation.VIEW,
    recipient=RecipientSecret(b"r" * 32).public,
    headers=(HEADER, replace(HEADER, version=4)),
)
GRANT = Grant((Operation.VIEW,), Reuse.NOT_DETERMINED, datetime(2027, 4, 1, tzinfo=UTC))
ANSWER = ReleaseAnswer(id="r_1", bundle=7, grants=(GRANT, None), sealed=b"sealed")

_GRANTS = st.builds(
    Grant,
    st.lists(st.sampled_from(Operation), max_size=4).map(tuple),
    st.sampled_from(Reuse),
    st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 1, 1)).map(  # noqa: DTZ001
        lambda time: time.replace(microsecond=0, tzinfo=UTC)
    ),
)
_ANSWERS = st.builds(
    ReleaseAnswer,
    id=st.from_regex("[0-9A-Za-z_-]{1,64}", fullmatch=True),
    bundle=st.integers(1, 2**53 - 1),
    grants=st.lists(st.none() | _GRANTS, max_size=5).map(tuple),
    sealed=st.binary(min_size=1, max_size=100),
)


def test_a_request_is_read_back() -> None:
    assert ReleaseRequest.parse(REQUEST.to_bytes()) == REQUEST


@given(_ANSWERS)
def test_an_answer_is_canonical_json_and_is_read_back(answer: ReleaseAnswer) -> None:
    content = answer.to_bytes()
    assert canonical_json(parse_object(content)) == content
    assert ReleaseAnswer.parse(content) == answer


@given(_ANSWERS, _ANSWERS)
def test_the_digest_is_of_all_but_the_sealed_keys(one: ReleaseAnswer, other: ReleaseAnswer) -> None:
    assert replace(one, sealed=other.sealed).digest == one.digest
    assert (replace(other, sealed=one.sealed) == one) is (other.digest == one.digest)


def test_the_info_binds_request_and_answer() -> None:
    body = REQUEST.to_bytes()
    info = release_info(body, ANSWER)
    assert info.startswith(b"cellfolio/release/v1\0")
    assert len(info) == 21 + 64
    others = (
        release_info(body + b" ", ANSWER),
        release_info(body, replace(ANSWER, id="r_2")),
        release_info(body, replace(ANSWER, grants=(None, GRANT))),
        release_info(body, replace(ANSWER, bundle=8)),
    )
    assert info not in others
    assert len(set(others)) == len(others)


def test_keys_go_to_the_headers_that_were_released() -> None:
    one, other = bytes(KEY_LENGTH), b"k" * KEY_LENGTH
    assert ANSWER.keys_of(other) == (other, None)
    both = replace(ANSWER, grants=(None, GRANT, None, GRANT))
    assert both.keys_of(one + other) == (None, one, None, other)
    for wrong in (b"", other[:-1], one + other):
        with pytest.raises(VerificationError, match="keys that the answer tells of"):
            ANSWER.keys_of(wrong)


_MEMBERS = parse_object(REQUEST.to_bytes())
_RECIPIENT: JsonObject = {"kem": "0x0020", "key": base64url(REQUEST.recipient.raw)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 2),
        ("v", True),
        ("v", "1"),
        ("purpose", "curiosity"),
        ("purpose", ["dismantling"]),
        ("operation", "delete"),
        ("headers", []),
        ("headers", {}),
        ("headers", ["text"]),
        ("headers", [dict(HEADER.to_json())] * 2),
        ("headers", [{**HEADER.to_json(), "extra": 1}]),
        ("recipient", "key"),
        ("recipient", {**_RECIPIENT, "kem": "0x0010"}),
        ("recipient", {**_RECIPIENT, "key": f"{_RECIPIENT['key']}="}),
        ("recipient", {**_RECIPIENT, "private": "x"}),
        ("extra", 1),
    ],
)
def test_any_other_request_is_refused(name: str, value: Json) -> None:
    with pytest.raises(VerificationError) as caught:
        ReleaseRequest.parse(canonical_json({**_MEMBERS, name: value}))
    assert caught.value.check.startswith("request")


@pytest.mark.parametrize("name", sorted(_MEMBERS))
def test_a_request_that_lacks_a_member_is_refused(name: str) -> None:
    rest = {key: value for key, value in _MEMBERS.items() if key != name}
    with pytest.raises(VerificationError):
        ReleaseRequest.parse(canonical_json(rest))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "r 1"},
        {"id": 'r"1'},
        {"id": "r" * 65},
        {"bundle": "7"},
        {"bundle": True},
        {"sealed": "="},
        {"items": [{"status": "maybe"}]},
        {"items": [{"status": "refused", "grant": {}}]},
        {"items": [{"status": "released"}]},
        {"items": [{"status": "released", "grant": {"operations": ["view"]}}]},
        {"extra": 1},
    ],
)
def test_any_other_answer_is_refused(changes: dict[str, Json]) -> None:
    members = parse_object(ANSWER.to_bytes())
    with pytest.raises(VerificationError) as caught:
        ReleaseAnswer.parse(canonical_json({**members, **changes}))
    assert caught.value.check.startswith("answer")
