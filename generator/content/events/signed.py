"""Events from outside: `content/events/signed/*.json`, credentials of an authorised party.

A W3C credential whose subject is one event and whose issuer is a did:key that the operator of the
battery's model authorised in its file (`authorised`). Documents of other DID methods would have to
be fetched or pinned, and content is checked without a network: did:key is the only one. Such a
party tells what it measured, saw or repaired; who is responsible is not its to say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.content.events.nodes import Source
from generator.content.events.reader import read_event
from generator.content.files import files_of, told_path
from passport.did.key import resolve_did_key
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import object_of, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.errors import PassportError, VerificationError
from passport.life.events import Event, Kind
from passport.model import AuthorisedParty, EconomicOperator
from passport.problems import Findings, Place
from passport.signing.proof import BASE_CONTEXT, Verified, verify

SIGNED_FOLDER = "signed"
EVENT_TYPE = "BatteryEvent"
MAY_TELL = (
    Kind.PUT_INTO_SERVICE,
    Kind.MEASUREMENT,
    Kind.HISTOGRAM,
    Kind.NEGATIVE_EVENT,
    Kind.REPAIR,
)
"""The kinds of events that another party may sign."""


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """A credential whose proof holds; whether its issuer may speak is asked of an operator."""

    battery: str
    subject: JsonObject
    proof: Verified
    place: Place

    def event(self, operators: Iterable[EconomicOperator], findings: Findings) -> Event | None:
        """Read the event if one of these operators authorised its issuer when it signed."""
        parties = [party for operator in operators for party in operator.authorised]
        if not any(self._is_by(party) for party in parties):
            findings.error(
                self.place,
                "issuer",
                "party-not-authorised",
                f"{self.proof.issuer} was not authorised to tell events of this battery",
                "add it under authorised, with evidence, to the file of the battery's operator",
                clause="Art. 77(4)",
            )
            return None
        event = read_event(self.subject, Source(self.place), findings, signed_by=self.proof.issuer)
        return event if event is None or self._fits(event, findings) else None

    def _is_by(self, party: AuthorisedParty) -> bool:
        day = self.proof.created.date()
        is_valid = party.valid_from <= day and (not party.valid_until or day <= party.valid_until)
        return party.did == self.proof.issuer and is_valid

    def _fits(self, event: Event, findings: Findings) -> bool:
        if event.kind not in MAY_TELL:
            findings.error(
                self.place,
                "kind",
                "not-theirs-to-tell",
                "another party can't tell this kind of event",
                f"let the operator write it; parties tell {', '.join(MAY_TELL)}",
            )
            return False
        if event.time.day > self.proof.created.date():
            findings.error(
                self.place,
                "time",
                "signed-before",
                "the event lies after the day on which it was signed",
                "have it signed again with the right time",
            )
            return False
        return True


def read_signed(folder: Path, project: Path, findings: Findings) -> Iterator[SignedEvent]:
    """Verify each credential of a folder; what does not hold is noted and left out."""
    for path in files_of(folder, (".json",), "signed events are .json files", project, findings):
        place = Place(told_path(path, project))
        try:
            yield _verified(path.read_bytes(), place)
        except PassportError as error:
            remedy = error.remedy or "ask whoever signed it for the credential as it was signed"
            findings.error(place, "$", "signed-event", str(error.message), remedy)


def _verified(content: bytes, place: Place) -> SignedEvent:
    proof = verify(parse_object(content, largest=1 << 16), resolve_did_key)
    document = proof.document
    if texts_of(document, "type") != ("VerifiableCredential", EVENT_TYPE):
        raise VerificationError(
            "it is no credential of an event", f"its type is VerifiableCredential, {EVENT_TYPE}"
        )
    if texts_of(document, "@context")[:1] != (BASE_CONTEXT,):
        raise VerificationError("its @context is not the one of credentials")
    subject = object_of(document, "credentialSubject")
    return SignedEvent(text_of(subject, "battery"), subject, proof, place)
