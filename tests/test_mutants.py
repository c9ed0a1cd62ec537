"""Every small lie in the verifier is noticed by its tests, but for those that are none."""

import pytest

from tests.mutants import TARGETS, survivors

NO_DOT = r"not re.search('\\.[a-z][0-9a-z-]*\\Z', host)"
_VERSIONS = "0 < item.version < versions.get((item.passport, item.group), 0)"
_NAMES = "item.passport in names or item.salt in names or item.key in names"
EQUIVALENT = {
    "passport.access.decision: False -> True": (
        "what follows from other fields is compared or shown too"
    ),
    "passport.access.bundle: False -> True": "as above",
    "passport.access.bundle: 0 -> 1": "numbers of bundles begin with 1",
    "passport.access.bundle: 64 -> 65": "no bundle comes near",
    "passport.access.bundle: 1024 -> 1025": "as above",
    "passport.access.bundle: 'T' -> 'Tx'": "a name that only errors of mypy show",
    "passport.access.bundle: 'refusal' -> 'refusalx'": "part of a message",
    "passport.access.refusal: False -> True": "as above",
    "passport.access.refusal: 0 -> 1": "versions and what they are below begin with 1",
    f"passport.access.refusal: names and ({_NAMES}) -> {_NAMES}": "a look-up spared",
    f"passport.access.refusal: bool(versions) and {_VERSIONS} -> {_VERSIONS}": "as above",
    "passport.encoding.canonical: 'Json' -> 'Jsonx'": "a name inside a type, which nothing runs",
    "passport.encoding.canonical: True -> False": "the library writes the same, more slowly",
    "passport.encoding.canonical: isinstance(value, str) or value is None"
    " -> isinstance(value, str)": ("as above"),
    "passport.encoding.canonical: isinstance(value, str) or value is None"
    " -> value is None": "as above",
    "passport.encoding.canonical: isinstance(value, str) or value is None"
    " -> isinstance(value, str) and value is None": "as above",
    f"passport.did.web: not self.base_url.is_secure or {NO_DOT} -> {NO_DOT}": (
        "plain http is for hosts without such a dot"
    ),
    "passport.did.webvh_parameters: 0 -> 1": "any number of seconds does where none is given",
    "passport.signing.ed25519: 32 -> 33": "a length that other modules use",
    "passport.signing.ed25519: 4096 -> 4097": "how many keys are remembered",
    "passport.sealing.hpke: 19 -> 20": (
        "the number before the prime is of small order, so refused anyway"
    ),
    "broker.access_token: 1024 -> 1025": "how many tokens are remembered",
    "broker.client_assertion: jws.verify(_NOBODY) -> pass": "refused alike, only sooner",
    "broker.client_assertion: 'ask the operator to enter your public key under this id'"
    " -> 'ask the operator to enter your public key under this idx'": "part of a message",
    "broker.jws: 512 -> 513": "how many headers are remembered",
    "broker.dpop: 512 -> 513": "how many keys are remembered",
    "broker.dpop: 4 -> 5": "how many nonces are remembered",
    "broker.audit: 32 -> 33": "how many random bytes a salt has",
    "broker.audit_verify: 'the store was changed from outside: keep it, and find out by whom'"
    " -> 'the store was changed from outside: keep it, and find out by whomx'": "part of a message",
    "broker.audit: 'set the clock right; nothing is released until it has passed that time'"
    " -> 'set the clock right; nothing is released until it has passed that timex'": (
        "part of a message"
    ),
    "broker.audit: '' -> 'x'": "what is remembered of a log without records is compared with none",
    "broker.denials: isinstance(last, int) and last != self._known.last"
    " -> isinstance(last, int) or last != self._known.last": "denials are read again and again",
    "broker.denials: isinstance(last, int) and last != self._known.last"
    " -> last != self._known.last": "without denials there is nothing to read",
    "broker.denials: isinstance(last, int) and last != self._known.last"
    " -> isinstance(last, int)": "denials are read again and again",
    "broker.release: 16 -> 17": "how many random bytes name a release",
    "broker.release: True -> False": "as many keys as verdicts, by how they are made",
    "broker.release: 'see the policy for what your role may read, and for which purpose'"
    " -> 'see the policy for what your role may read, and for which purposex'": "part of a message",
    "broker.release_record: True -> False": "as many verdicts as headers, by how they are made",
    "broker.uses: 1 -> 2": "a use is remembered for a second longer",
    "passport.manifest: 786432 -> 786433": "where more shards pay was measured, not counted",
    "passport.manifest: 8 -> 9": "no site has so many shards",
    "passport.manifest: 'file' -> 'filex'": "part of a message that nobody sees",
    "passport.sealing.sealed_file: '{} is not its own canonical JSON'"
    " -> '{} is not its own canonical JSONx'": "part of a message",
    "passport.sealing.sealed_file: len(content) < start -> len(content) <= start": (
        "what ends before its head has no ciphertext either"
    ),
    "passport.sealing.sealed_file: end > len(content) -> end >= len(content)": "as above",
    "passport.sealing.sealed_file: length > LONGEST_HEAD -> length >= LONGEST_HEAD": (
        "no head is as long as that"
    ),
    "passport.sealing.sealed_header: False -> True": (
        "the form that follows from the members is compared"
    ),
    "passport.sealing.sealed_header: '' -> 'x'": "part of a message",
    "passport.status_bits: 1 -> 2": "a list that is too long is refused all the same",
    "passport.status_bits: 8 -> 9": "a byte has no ninth bit to look at",
    "passport.encoding.strict_json: 25 -> 26": (
        "no number that is its own canonical form is as long"
    ),
    "passport.encoding.strict_json: len(text) > _LONGEST_NUMBER"
    " -> len(text) >= _LONGEST_NUMBER": "as above",
    "passport.encoding.strict_json: abs(float(text)) > LARGEST_INTEGER"
    " -> abs(float(text)) >= LARGEST_INTEGER": "such a fraction is not its own canonical form",
}
"""What may survive, without its line, and why it is no lie."""


@pytest.mark.soak
@pytest.mark.parametrize("module", TARGETS)
def test_every_lie_is_noticed(module: str) -> None:
    alive = {f"{module}: {name.partition(': ')[2]}" for name in survivors([module])}
    assert alive - EQUIVALENT.keys() == set()
