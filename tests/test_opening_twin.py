"""What the browser says to brokers, and what it believes of them, is what Python's twins do.

It runs in Node, whose WebCrypto is that of browsers; `tests/twins/opening.mjs` puts the questions.
"""

import json
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from broker.client_assertion import verify_assertion
from broker.dpop import Nonces, Target, verify_proof
from generator.read.callers import ClientCaller, Proven, RoleCaller, dpop_proof
from generator.read.opened_folder import safe_name
from passport.access.rule import Operation, Purpose
from passport.broker_address import broker_services, brokers_of
from passport.did.key import did_key
from passport.encoding.base64url import base64url
from passport.registry import Group
from passport.sealing.hpke import RecipientSecret
from passport.sealing.release import ReleaseRequest
from passport.signing.jwk import jwk_thumbprint, public_jwk
from passport.signing.keys import SeedSigner
from tests.broker_tokens import ISSUER, NOW, SECONDS, public_of, seed_of
from tests.broker_world import bundle, header
from tests.foreign_node import NODE, Object
from tests.vectors import FOLDER, Vector, load_vectors

PROGRAM = FOLDER.parent / "twins" / "opening.mjs"
SITE = "https://id.example.com"
DPP = "01_09506000134352_21_AR-0001"
NAMES = (
    *("exploded-view.pdf", "../../etc/passwd", "..\\..\\boot.ini", "..", "", ".bashrc", "NUL"),
    *("a\0b\n\x1b[2Jc.pdf", "invoice\u202efdp.exe", "C:evil.exe:stream", "ends. . ", "<b>.html"),
    *("Ä" * 200 + ".pdf", "x." + "y" * 300, "e\u0301.pdf", "\u2028.txt", "a.b.c"),
)
CHECKS = {"hpke", "answer", "json"}


def ask(what: str, inputs: Iterable[Object]) -> list[Object]:
    """Return an answer for each question: `ok`, or the `check` that fails and what it `says`."""
    lines = "".join(f"{json.dumps({'ask': what} | given)}\n" for given in inputs)
    done = subprocess.run(
        [NODE, PROGRAM], input=lines, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def one(what: str, **given: object) -> object:
    """Return what is answered to one question."""
    (answer,) = ask(what, [given])
    assert "ok" in answer, answer
    return answer["ok"]


def members(vector: Vector) -> Object:
    assert isinstance(vector.input, dict)
    return vector.input


@pytest.mark.parametrize(
    ("what", "format_", "case"), [("hpke", "hpke", "open"), ("answer", "release", "answers")]
)
def test_vectors_are_judged_alike(what: str, format_: str, case: str) -> None:
    vectors = load_vectors(format_, case)
    answers = ask(what, map(members, vectors))
    wrong = {
        vector.name: answer
        for vector, answer in zip(vectors, answers, strict=True)
        if (answer.get("check") not in CHECKS if vector.error else answer.get("ok") != vector.ok)
    }
    assert wrong == {}


def test_an_answer_about_more_or_fewer_keys_is_refused() -> None:
    vector = load_vectors("release", "answers")[0]
    request = json.loads(members(vector)["request"])
    request["headers"].pop()
    (answer,) = ask("answer", [{**members(vector), "request": json.dumps(request)}])
    assert answer["check"] == "answer"


@pytest.mark.parametrize("count", [1, 3])
def test_a_request_is_spelt_alike(count: int) -> None:
    headers = tuple(
        header(group) for group in (Group.INTEREST_MODEL, Group.INTEREST_BATTERY, Group.AUTHORITY)
    )[:count]
    recipient = RecipientSecret(seed_of("recipient")).public
    made = ReleaseRequest(
        purpose=Purpose.SECOND_LIFE, operation=Operation.VIEW, recipient=recipient, headers=headers
    )
    found = one(
        "request",
        purpose="second-life",
        recipient=base64url(recipient.raw),
        headers=[each.to_json() for each in headers],
    )
    assert found == made.to_bytes().decode()


@pytest.mark.parametrize(("token", "body"), [("", None), ("a.b.c", '{"v":1}')])
def test_a_proof_is_the_same_and_a_broker_takes_it(token: str, body: str | None) -> None:
    nonces, seed = Nonces(bytes(32)), seed_of("dpop")
    nonce, url = nonces.current(NOW), f"{ISSUER}/release"
    asked = {"seed": base64url(seed), "url": url, "nonce": nonce, "seconds": SECONDS, "jti": "one"}
    found = one("proof", **asked, token=token or None, body=body)
    content = None if body is None else body.encode()
    proven = Proven(url=url, nonce=nonce, token=token, body=content)
    assert found == dpop_proof(proven, SeedSigner(seed), NOW, "one")
    proof = verify_proof(str(found), Target("POST", url, token, content), nonces, NOW)
    assert proof.jkt == jwk_thumbprint(public_of(seed))


def test_a_client_says_who_it_is_as_the_command_line_does() -> None:
    seed = seed_of("recycler")
    found = str(
        one(
            "form", seed=base64url(seed), client="recycler", broker=ISSUER, seconds=SECONDS, jti="x"
        )
    )
    caller = ClientCaller(client="recycler", signer=SeedSigner(seed), proving=SeedSigner(seed))
    assert parse_qs(found) == parse_qs(caller.form(ISSUER, NOW, "x").decode())
    (assertion,) = parse_qs(found)["client_assertion"]
    verified = verify_assertion(assertion, bundle(), issuer=ISSUER, now=NOW)
    assert verified.client.id == "recycler"


def test_a_role_credential_is_sent_as_the_command_line_does() -> None:
    found = str(one("role", credential='{"é":1}', list="{}"))
    caller = RoleCaller(
        proving=SeedSigner(bytes(32)), credential='{"é":1}'.encode(), status_list=b"{}"
    )
    wanted = caller.form(ISSUER, datetime.now(UTC), "").decode()
    assert parse_qs(found) == parse_qs(wanted)


def test_a_key_has_the_same_names() -> None:
    key = public_of(seed_of("recycler"))
    assert one("key", seed=base64url(seed_of("recycler"))) == {
        "jwk": public_jwk(key),
        "thumbprint": jwk_thumbprint(key),
        "did": did_key(key),
    }


def test_documents_have_the_same_names() -> None:
    answers = ask("name", ({"resource": "doc/4", "fileName": name} for name in NAMES))
    assert [answer["ok"] for answer in answers] == [safe_name(4, name) for name in NAMES]
    assert one("name", resource="doc/../x", fileName="a.pdf") == "0-a.pdf"


def test_brokers_are_read_alike() -> None:
    services = [
        {"id": "#other", "type": "LinkedDomains", "serviceEndpoint": SITE},
        *broker_services(
            brokers_of(
                {
                    "service": [
                        {
                            "type": "CellfolioBroker",
                            "serviceEndpoint": {"url": ISSUER, "groups": ["xiii-2", "xiii-4"]},
                        }
                    ]
                }
            )
        ),
    ]
    found = one("brokers", document={"service": services})
    assert found == [{"url": ISSUER, "groups": ["xiii-2", "xiii-4"]}]
    assert one("brokers", document={}) == []
    services[1]["serviceEndpoint"] = {"url": "javascript:alert(1)", "groups": ["xiii-2"]}  # type: ignore[index]
    (answer,) = ask("brokers", [{"document": {"service": services}}])
    assert answer["check"] == "did-document"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"#{DPP}/xiii-4", (SITE, DPP, "xiii-4")),
        (f"#{DPP}", (SITE, DPP, "")),
        (f" {SITE}/01/09506000134352/21/AR-0001 ", (SITE, DPP, "")),
        (f"{SITE}/de/01/09506000134352/21/AR-0001?x=1#y", (SITE, DPP, "")),
        (f"{SITE}/dpp/{DPP}/passport.json", (SITE, DPP, "")),
        ("https://ID.example.com/id/abc/X1", (SITE, "id_abc_X1", "")),
        ("https://o.example/8004/095060001", ("https://o.example", "8004_095060001", "")),
        ("#../secret", None),
        ("#", None),
        ("AR-0001", None),
        ("javascript:alert(1)", None),
        (f"{SITE}/", None),
        (f"{SITE}/dpp/../passport.json", None),
        (f"{SITE}/01/1/21/A", None),
    ],
)  # fmt: skip
def test_an_address_names_a_product(text: str, named: tuple[str, str, str] | None) -> None:
    wanted = None if named is None else dict(zip(("origin", "dppId", "group"), named, strict=True))
    assert one("product", text=text, origin=SITE) == wanted
