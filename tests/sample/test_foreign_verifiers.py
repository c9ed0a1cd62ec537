"""Other people's verifiers judge the sample site: every passport, and attacks on one of them.

What they refuse we refuse; where one of them is laxer, the attack is listed with its name.
"""

import json
from pathlib import Path

import pytest

from passport.credential import verify_passport
from passport.errors import VerificationError
from tests.foreign_node import Object, ask
from tests.foreign_python import accepts_document, accepts_log
from tests.sample.conftest import Sample

VICTIM = "dpp/01_09506000134352_21_T48L2611-0001/passport.json"
NEIGHBOUR = "dpp/01_09506000134352_21_T48L2611-0002/passport.json"

LAX = {
    "context appended": {"digital bazaar"},
    "good proof and broken proof": {"digital bazaar"},
    "proof in a list": {"digital bazaar"},
}
"""Attacks that somebody falls for; everybody refuses the others."""


def is_genuine(document: Object, sample: Sample) -> bool:
    try:
        verify_passport(json.dumps(document).encode(), sample.resolve)
    except VerificationError:
        return False
    return True


def changed(document: Object, **members: object) -> Object:
    """Return a document with members replaced, or removed where None."""
    return {name: value for name, value in {**document, **members}.items() if value is not None}


def flipped(text: str) -> str:
    """Return a text whose last byte differs in one bit."""
    return text[:-1] + chr(ord(text[-1]) ^ 1)


def attacks(victim: Object, neighbour: Object) -> dict[str, Object]:
    """Return what an attacker without the key can make of a passport."""
    proof, subject, contexts = victim["proof"], victim["credentialSubject"], victim["@context"]
    voltage = subject["nominalVoltage"]

    def with_subject(**members: object) -> Object:
        return changed(victim, credentialSubject=changed(subject, **members))

    def with_proof(**members: object) -> Object:
        return changed(victim, proof=changed(proof, **members))

    broken = {**proof, "proofValue": flipped(proof["proofValue"])}
    return {
        "flipped byte of a figure": with_subject(
            nominalVoltage={**voltage, "value": flipped(voltage["value"])}
        ),
        "flipped byte of a name": with_subject(dppStatus=flipped(subject["dppStatus"])),
        "flipped byte of the signature": changed(victim, proof=broken),
        "data point removed": with_subject(nominalVoltage=None),
        "data point added": with_subject(recycledContent={"value": "100", "unit": "%"}),
        "issuer swapped": changed(
            victim, issuer={**victim["issuer"], "id": "did:web:evil.example"}
        ),
        "issuer's other name removed": changed(victim, issuer={"id": victim["issuer"]["id"]}),
        "version raised": changed(victim, version=2),
        "date moved": changed(victim, validFrom="2026-01-01T00:00:00Z"),
        "proof of another passport": changed(victim, proof=neighbour["proof"]),
        "proof removed": changed(victim, proof=None),
        "proof emptied": changed(victim, proof={}),
        "proof value removed": with_proof(proofValue=None),
        "purpose changed": with_proof(proofPurpose="authentication"),
        "proof moved in time": with_proof(created="2026-01-01T00:00:00Z"),
        "suite of another kind": with_proof(cryptosuite="eddsa-rdfc-2022"),
        "key that is no issuing key": with_proof(
            verificationMethod=f"{victim['issuer']['id']}#checkpoint-1"
        ),
        "key of nobody": with_proof(verificationMethod=f"{victim['issuer']['id']}#issuing-9"),
        "context replaced": changed(
            victim, **{"@context": [*contexts[:1], "https://evil.example/"]}
        ),
        "context reordered": changed(victim, **{"@context": contexts[::-1]}),
        "context appended": changed(victim, **{"@context": [*contexts, "https://evil.example/"]}),
        "proof in a list": changed(victim, proof=[proof]),
        "good proof and broken proof": changed(victim, proof=[proof, broken]),
    }


def test_digital_bazaar_verifies_every_passport(sample: Sample) -> None:
    paths = sample.passports
    issuer = [sample.did_document]

    answers = ask({"document": json.loads(p.read_bytes()), "didDocuments": issuer} for p in paths)

    refused = {str(p): a for p, a in zip(paths, answers, strict=True) if not a["verified"]}
    assert refused == {}


def test_openvc_verifies_every_passport(sample: Sample) -> None:
    issuer = [sample.did_document]

    refused = [
        path
        for path in sample.passports
        if not accepts_document(json.loads(path.read_bytes()), issuer)
    ]

    assert refused == []


@pytest.fixture(scope="module")
def verdicts(sample: Sample) -> dict[str, set[str]]:
    """Who falls for each attack."""
    made = attacks(sample.read(VICTIM), sample.read(NEIGHBOUR))
    issuer = [sample.did_document]
    answers = ask({"document": document, "didDocuments": issuer} for document in made.values())
    return {
        name: {
            who
            for who, accepts in {
                "digital bazaar": answer["verified"],
                "openvc": accepts_document(document, issuer),
                "cellfolio": is_genuine(document, sample),
            }.items()
            if accepts
        }
        for (name, document), answer in zip(made.items(), answers, strict=True)
    }


def test_the_attacked_passport_was_genuine(sample: Sample) -> None:
    assert is_genuine(sample.read(VICTIM), sample)


def test_an_attack_is_refused_by_all_but_those_that_are_laxer(
    verdicts: dict[str, set[str]],
) -> None:
    assert {name: who for name, who in verdicts.items() if who} == LAX


def test_didwebvh_ts_verifies_the_issuer_s_log(sample: Sample) -> None:
    log = (sample.site / ".well-known/did.jsonl").read_text(encoding="utf-8")

    answer, edited = ask([{"log": log}, {"log": log.replace("issuing-1", "issuing-9")}])

    assert answer == {"verified": True, "did": sample.did_document["alsoKnownAs"][0]}
    assert not edited["verified"]


def test_did_webvh_verifies_the_issuer_s_log(sample: Sample, tmp_path: Path) -> None:
    log = (sample.site / ".well-known/did.jsonl").read_text(encoding="utf-8")
    (did,) = sample.did_document["alsoKnownAs"]

    assert accepts_log(log, did, tmp_path)
    assert not accepts_log(log.replace("issuing-1", "issuing-9"), did, tmp_path)
