"""What the page that opens restricted data says, and how it shows what was opened, in one language.

The script (`browser/open.js`) holds no words: it asks for this file, an asset of the site, once.
`points` names every data point that may be sealed, with its clause, fields and code list, so that a
payload is shown as a passport's page shows public values (`browser/show.js`). All of it is public:
labels come from the registry, none from content.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from generator.build.pages.access_views import cited
from generator.build.pages.check_words import TEXTS as CHECK_TEXTS
from generator.build.pages.check_words import rules_of
from generator.build.pages.language import Language, Phrase, message
from generator.build.pages.value_views import COUNTED_UNITS
from passport.access.rule import Purpose
from passport.encoding.canonical import Json
from passport.registry import DataPoint, camel_case, registry

PURPOSES: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.DISMANTLING: message("Dismantling"),
        Purpose.SAFETY: message("Safety while dismantling"),
        Purpose.REPAIR: message("Repair"),
        Purpose.REMANUFACTURING: message("Remanufacturing"),
        Purpose.SECOND_LIFE: message("Preparing for re-use or another use"),
        Purpose.RECYCLING: message("Recycling"),
        Purpose.ENERGY_MARKET: message("Use on the energy market"),
        Purpose.CONFORMITY_ASSESSMENT: message("Conformity assessment"),
        Purpose.MARKET_SURVEILLANCE: message("Market surveillance"),
        Purpose.UNION_OVERSIGHT: message("Oversight by the Commission"),
    }
)
"""Why somebody reads restricted data (Art. 77(2)), as the page offers it."""

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        **{name: text for name, text in CHECK_TEXTS.items() if not name.startswith("holds ")},
        "checking": message("Checking the passport…"),
        "opening": message("Asking %(host)s…"),
        "no address": message("This is no address of a battery passport."),
        "elsewhere": message("This page opens passports of %(host)s only."),
        "ceased": message("The passport has ceased: nothing restricted is left."),
        "no group": message("Choose what to open."),
        "unbound": message("The passport holds no such data."),
        "no broker": message("Nobody releases it online: ask the operator."),
        "down": message("%(host)s does not answer. Nothing is lost: try again later."),
        "all_refused": message(
            "%(host)s does not release it to you for this purpose, and never says why. Choose"
            " another purpose, or ask the operator what your entry covers."
        ),
        "no client": message("Say who you are: an id, or a role credential."),
        "invalid_client": message(
            "%(host)s does not know you: ask the operator to register the key below under your id."
        ),
        "invalid_grant": message(
            "%(host)s does not accept the role credential: ask its issuer for a present one."
        ),
        "invalid_dpop_proof": message(
            "%(host)s finds the request too old or too new: set the clock of this device."
        ),
        "other": message("%(host)s refuses the request: ask the operator."),
        "no credential": message(
            "Choose the role credential and, as a second file, the list at %(uri)s."
        ),
        "another key": message(
            "The role credential is about another key than the one of this browser."
        ),
        "taken away": message("The issuer has withdrawn it: ask the operator what counts now."),
        "damaged": message("It is not what was signed, so nothing of it is shown."),
        "opened": message("Released by %(host)s, for this purpose only."),
        "licence": message("Released by %(host)s. Other uses need the operator's licence."),
        "empty": message("Nothing is stated."),
        "documents": message("Documents"),
        "history": message("Events"),
        "save": message("Save %(name)s"),
        "no storage": message("This browser keeps no keys here: leave its private mode."),
        "forgotten": message("The key is gone, and what was opened with it."),
        "Does not apply": message("Does not apply"),
        "asOf": message("As of"),
        "method": message("Method"),
        "originator": message("By"),
        "uncertainty": message("Uncertainty"),
        "temperature": message("Temperature"),
        "stateOfCharge": message("State of charge"),
        "cRate": message("C-rate"),
    }
)
"""What the script says, by what there is to say; refusals of brokers by their code."""

_EVENT_CODES = {
    "kind": "event_kind",
    "event": "negative_event",
    "severity": "event_severity",
    "parts": "repaired_part",
    "mends": "negative_event",
    "status": "battery_status",
    "operation": "lifecycle_operation",
    "withdraws": "event_kind",
}
"""Members of events that hold codes, by the list that has them (`passport.sealing.payload`)."""
_BASIS = "measurement_basis"


def open_words(language: Language) -> bytes:
    """Return the file of one language; each text with its own language where that is another."""
    points = [point for point in registry().data_points if not point.is_public]
    lists = {_BASIS, *_EVENT_CODES.values(), *_lists_of(points)}
    members: dict[str, Json] = {
        "rules": rules_of(language),
        "counted": {unit: _forms(*forms, language) for unit, forms in COUNTED_UNITS.items()},
        "texts": {name: _told(language.phrase(text)) for name, text in TEXTS.items()},
        "purposes": {name: _told(language.phrase(text)) for name, text in PURPOSES.items()},
        "points": {point.member: _point(point, language) for point in points},
        "events": dict(_EVENT_CODES),
        "codes": {name: _codes(name, language) for name in sorted(lists)},
    }
    # Members keep the order of the registry, in which the page shows them.
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def _lists_of(points: Iterable[DataPoint]) -> Iterator[str]:
    for point in points:
        yield from (each for each in (point.codes, *(f.codes for f in point.fields)) if each)


def _forms(one: str, many: str, language: Language) -> Json:
    """The forms of a unit that is counted, by the plural of CLDR that a number takes."""
    plural_of = language.locale.plural_form
    return {
        str(plural_of(number)): language.plural(one, many, number).text for number in range(1000)
    }


def _point(point: DataPoint, language: Language) -> Json:
    return {
        "label": _told(language.label(point.label)),
        "clause": cited(point.clause, language),
        "codes": point.codes,
        "fields": {
            camel_case(field.name): {
                "label": _told(language.label(field.label)),
                "codes": field.codes,
            }
            for field in point.fields
        },
    }


def _codes(name: str, language: Language) -> Json:
    found = registry().code_lists[name]
    return {code: _told(language.label(entry.label)) for code, entry in found.items()}


def _told(phrase: Phrase) -> Json:
    return [phrase.text, phrase.language] if phrase.language else [phrase.text]
