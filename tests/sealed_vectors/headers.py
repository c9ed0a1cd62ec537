"""Headers by themselves, as brokers are sent them."""

from collections.abc import Iterator

from tests.forge_sealed import BATTERY, MODEL, Forged, Object, b64url, jcs, key_id
from tests.sealed_vectors.cases import (
    DOCUMENT,
    DRAWING,
    MODEL_MEMBERS,
    NO_BASE64URL,
    NO_HEADER,
    PAYLOAD,
    accepted,
    refused,
)

GIAI = "8004_9506000S2152611001"
CHECK = PAYLOAD.header["key"][-16:]
OF_MODEL = MODEL_MEMBERS | {"key": key_id("xiii-2", b"")}
OF_DRAWING = DRAWING | {"key": key_id("xiii-2", b"")}

RIGHT = (
    ("battery", "point 4 of Annex XIII", PAYLOAD),
    ("model", "point 2 of Annex XIII", Forged.of(b"{}", **MODEL_MEMBERS)),
    ("authorities", "point 3", Forged.of(b"{}", **MODEL_MEMBERS | {"group": "xiii-3"})),
    ("document", "a drawing of a model", DOCUMENT),
    ("last document", "six digits", Forged.of(b"", **DRAWING | {"resource": "doc/999999"})),
    ("asset", "a battery by its GIAI", Forged.of(b"{}", passport=GIAI)),
    ("own battery", "a scheme names batteries", Forged.of(b"{}", passport="id_acme_R.2E0001")),
    ("own model", "and models", Forged.of(b"{}", **MODEL_MEMBERS | {"passport": "id_acme_R"})),
    ("escapes", "a serial with a slash", Forged.of(b"{}", passport=f"{BATTERY}.5FA")),
    ("first version", "they count from 1", Forged.of(b"{}", version=1)),
    ("latest version", "the last whole number", Forged.of(b"{}", version=2**53 - 1)),
)

WRONG: tuple[tuple[str, str, Object, str], ...] = (
    ("no v", "every member is there", {"v": None}, NO_HEADER),
    ("no salt", "the salt is what nobody guesses", {"salt": None}, NO_HEADER),
    ("commitment", "it is no part of the header", {"commitment": "AA"}, NO_HEADER),
    ("unknown member", "nothing rides along", {"note": "x"}, NO_HEADER),
    ("another v", "not this format", {"v": 2}, "form: 'v' is not 1"),
    ("v as text", "one spelling", {"v": "1"}, "form: member 'v' is no whole number"),
    ("v true", "true is not 1", {"v": True}, "form: member 'v' is no whole number"),
    ("version as text", "one spelling", {"version": "7"},
     "form: member 'version' is no whole number"),
    ("version 0", "a payload has a version", {"version": 0},
     "form: version 0 of a payload is none"),
    ("version below 0", "they count from 1", {"version": -1},
     "form: version -1 of a payload is none"),
    ("level in upper case", "no such level", {"level": "Battery"},
     "form: level 'Battery' is not known"),
    ("level as list", "a text", {"level": ["battery"]}, "form: member 'level' is no text"),
    ("level of another group", "point 4 is of batteries", {"level": "model"},
     "form: group xiii-4 has no level model"),
    ("group of another level", "point 2 is of models", {"group": "xiii-2"},
     "form: group xiii-2 has no level battery"),
    ("public group", "it is never sealed", {"group": "xiii-1"},
     "form: group 'xiii-1' is not known"),
    ("group of all objects", "no name that every object has", {"group": "constructor"},
     "form: group 'constructor' is not known"),
    ("key of all objects", "the same in a key", {"key": f"constructor/2026a/{CHECK}"},
     f"form: 'constructor/2026a/{CHECK}' names no group key"),
    ("key of another group", "a key opens one group", {"key": f"xiii-2/2026a/{CHECK}"},
     f"form: key xiii-2/2026a/{CHECK} is not of group xiii-4"),
    ("key of no group", "a name has three parts", {"key": f"2026a/{CHECK}"},
     f"form: '2026a/{CHECK}' names no group key"),
    ("epoch without letter", "a year has many", {"key": f"xiii-4/2026/{CHECK}"},
     "form: '2026' is no epoch"),
    ("epoch in upper case", "one spelling", {"key": f"xiii-4/2026A/{CHECK}"},
     "form: '2026A' is no epoch"),
    ("no epoch", "a name has three parts", {"key": "xiii-4"}, "form: '' is no epoch"),
    ("check in upper case", "one spelling", {"key": f"xiii-4/2026a/{CHECK.upper()}"},
     f"form: '{CHECK.upper()}' is no check of a key"),
    ("check cut", "80 bits", {"key": f"xiii-4/2026a/{CHECK[:-1]}"},
     f"form: '{CHECK[:-1]}' is no check of a key"),
    ("check with a slash", "nothing behind it", {"key": f"xiii-4/2026a/{CHECK}/"},
     f"form: '{CHECK}/' is no check of a key"),
    ("key with line end", "one spelling", {"key": f"xiii-4/2026a/{CHECK}\n"},
     "is no check of a key"),
    ("resource in upper case", "one spelling", {"resource": "Payload"},
     "form: resource 'Payload' is neither payload nor doc/N"),
    ("document of a battery", "nothing shows an incident", {"resource": "doc/1", "version": 0},
     "form: a battery has no documents"),
    ("document 0", "they count from 1", OF_DRAWING | {"resource": "doc/0"},
     "form: resource 'doc/0' is neither payload nor doc/N"),
    ("document 01", "one spelling", OF_DRAWING | {"resource": "doc/01"},
     "form: resource 'doc/01' is neither payload nor doc/N"),
    ("document 1000000", "six digits", OF_DRAWING | {"resource": "doc/1000000"},
     "form: resource 'doc/1000000' is neither payload nor doc/N"),
    ("document with a version", "it never changes", OF_DRAWING | {"version": 1},
     "form: version 1 of a document is none"),
    ("passport of a model", "point 4 is of batteries", {"passport": MODEL},
     f"form: passport {MODEL} is not of a battery"),
    ("asset at level model", "a GIAI names one battery", OF_MODEL | {"passport": GIAI},
     f"form: passport {GIAI} is not of a model"),
    ("battery at level model", "points 2 and 3 are of models", OF_MODEL | {"passport": BATTERY},
     f"form: passport {BATTERY} is not of a model"),
    ("path", "no way out of its folder", {"passport": f"../../{MODEL}"}, "form: dppId "),
    ("escape in lower case", "one spelling", {"passport": "id_acme_R.2e0001"}, "form: dppId "),
    ("needless escape", "one spelling", {"passport": f"{BATTERY[:-1]}.33"}, "form: dppId "),
    ("nothing", "no passport", {"passport": ""}, "form: dppId "),
    ("salt of 15 bytes", "128 bits", {"salt": "A" * 20}, "form: the salt has 15 bytes, not 16"),
    ("salt of 17 bytes", "128 bits", {"salt": "A" * 23}, "form: the salt has 17 bytes, not 16"),
    ("no bytes of salt", "128 bits", {"salt": ""}, "form: the salt has 0 bytes, not 16"),
    ("salt with padding", "one spelling", {"salt": "A" * 22 + "=="}, NO_BASE64URL),
    ("salt with spare bits", "one spelling", {"salt": "A" * 21 + "B"}, NO_BASE64URL),
    ("salt in base64", "another alphabet", {"salt": "A" * 20 + "+A"}, NO_BASE64URL),
    ("salt with line end", "one spelling", {"salt": "A" * 22 + "\n"}, NO_BASE64URL),
)  # fmt: skip


def headers() -> Iterator[Object]:
    """Yield the vectors: a header, and the content key that follows from it and a group key."""
    for name, why, forged in RIGHT:
        ok = {"canonical": jcs(forged.header).decode(), "contentKey": b64url(forged.content_key)}
        given = {"header": forged.header, "groupKey": b64url(forged.secret)}
        yield accepted(name, why, given, ok)
    for name, why, members, says in WRONG:
        header = {k: v for k, v in {**PAYLOAD.header, **members}.items() if v is not None}
        given = {"header": header, "groupKey": b64url(PAYLOAD.secret)}
        yield refused(name, why, given, says)
