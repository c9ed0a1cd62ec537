"""JSON Schemas of the YAML files below `content/access`, for editors.

They see shapes and codes; what the rows of a policy say against the law is for
`passport.access.law`, and whether a client's products exist is for checks.
"""

from collections.abc import Iterable
from enum import StrEnum

from passport.access.client import ClientStatus
from passport.access.rule import (
    Actor,
    Assurance,
    AuthenticationMethod,
    Effect,
    LogScope,
    Operation,
    Purpose,
    Reuse,
)
from passport.registry import Level
from passport.schema_shapes import (
    BOOLEAN,
    DATE,
    TEXT,
    Schema,
    file_schema,
    object_of,
    one_or_more,
    told,
)
from passport.sealing.group_key import RESTRICTED_GROUPS

_DAYS: Schema = {"type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]{0,4}$"}
_VERSION: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\.[1-9][0-9]{0,2}$"}
_DPP_ID: Schema = {"type": "string", "pattern": r"^(01|8004|id)_([0-9A-Za-z_-]|\.[0-9A-F]{2})+$"}
_ENTERED: Schema = {
    "evidence": told("What proves the role, and where it is kept; never published", TEXT),
    "approver": told("Who approved the entry; never published", TEXT),
    "reviewed_on": told("When it was last looked at", DATE),
    "review_due": told("By when it must be looked at again", DATE),
}


def access_schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file, keyed by its path below `content/`."""
    return {
        "access/policy.yaml": _policy(),
        "access/clients/*.yaml": _client(),
        "access/issuers.yaml": _issuers(),
    }


def _code(kind: Iterable[StrEnum]) -> Schema:
    return {"enum": [member.value for member in kind]}


def _policy() -> Schema:
    shared = _shared()
    own: Schema = {
        "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "effect": told("A row that denies wins over all that permit", _code(Effect)),
        "adopted": told("false for a reading of the law that is not followed", BOOLEAN),
        "group": told("What is sealed together", _code(RESTRICTED_GROUPS)),
        "point": told("The point of Annex XIII, in quotes: 2, or 4(c)", TEXT),
        "level": told("Once a model, or once a battery", _code(Level)),
        "actors": told("Who may read; there is no word for everybody", one_or_more(_code(Actor))),
        "purposes": told("For which purposes", one_or_more(_code(Purpose))),
        "basis": told("Clauses that the row rests on", one_or_more(TEXT)),
    }
    required = [name for name in own if name != "adopted"]
    members: Schema = {
        "version": told("A day and a number: 2026-11-01.1", _VERSION),
        "supersedes": told("The version before", _VERSION),
        "effective_from": DATE,
        "effective_until": DATE,
        "defaults": told("Columns of all rows that don't say otherwise", object_of(shared)),
        "rules": {"type": "array", "items": object_of(own | shared, required)},
    }
    return file_schema("Access policy", members, ["version", "effective_from", "rules"])


def _shared() -> Schema:
    methods = one_or_more(_code(AuthenticationMethod))
    authentication: Schema = {"methods": methods, "assurance": _code(Assurance)}
    log: Schema = {"decisions": _code(LogScope), "keep_days": _DAYS}
    return {
        "operations": told("What may be done; view gives the key", one_or_more(_code(Operation))),
        "reuse": told("Reuse beyond the purpose (Art. 77(9))", _code(Reuse)),
        "commercially_sensitive": told("Whether it holds business secrets", BOOLEAN),
        "authentication": told(
            "How somebody must have been recognised, at the least",
            object_of(authentication, authentication),
        ),
        "log": told("Which decisions are recorded, and how long", object_of(log, log)),
        "time_to_live_days": told("How long a grant lasts", _DAYS),
        "valid_from": DATE,
        "valid_until": DATE,
        "evidence": told("Where the reasons for the row are kept", TEXT),
        "approver": told("Who approved the row; never published", TEXT),
        "reviewed_on": told("When it was last reviewed", DATE),
        "review_due": told("By when it must be reviewed again", DATE),
        "legal_review": told("Whether a lawyer must still look at it", BOOLEAN),
        "reassess": told("What makes a review due at once", TEXT),
    }


def _client() -> Schema:
    key: Schema = {
        "kty": {"const": "OKP"},
        "crv": {"const": "Ed25519"},
        "x": {"type": "string", "pattern": "^[0-9A-Za-z_-]{43}$"},
    }
    bound = [actor for actor in Actor if actor.is_bound]
    holding: Schema = {
        "actor": _code(bound),
        "products": told("Batteries by their dppId", one_or_more(_DPP_ID)),
        "evidence": told("Invoice or written mandate; never published", TEXT),
        "valid_from": DATE,
        "valid_until": DATE,
    }
    held = [name for name in holding if name != "valid_until"]
    members: Schema = {
        "organisation": told("Name of the organisation", TEXT),
        "key": told("Its public key as a JWK", object_of(key, key)),
        "actors": told("Its roles, for every battery", one_or_more(_unbound())),
        "assurance": told("How well it is known who holds the key", _code(Assurance)),
        "holdings": told("Batteries that it bought, or has a mandate for", _list(holding, held)),
        "valid_from": DATE,
        "valid_until": DATE,
        "status": _code(ClientStatus),
        "age": told("Where escrowed keys are sent to", {"type": "string", "pattern": "^age1"}),
        **_ENTERED,
    }
    optional = ("actors", "holdings", "age", "reviewed_on")
    required = [name for name in members if name not in optional]
    return file_schema("Client of the brokers", members, required)


def _issuers() -> Schema:
    method: Schema = {"id": TEXT, "public_key": {"type": "string", "pattern": "^z6Mk"}}
    members: Schema = {
        "did": {"type": "string", "pattern": "^did:"},
        "name": told("Name of the issuer", TEXT),
        "actors": told("Roles for which it is believed", one_or_more(_unbound())),
        "assurance": told("How well it knows whom it certifies", _code(Assurance)),
        "keys": told("Its keys; a did:key needs none", _list(method, method)),
        "valid_from": DATE,
        "valid_until": DATE,
        **_ENTERED,
    }
    optional = ("keys", "valid_until", "reviewed_on")
    required = [name for name in members if name not in optional]
    return file_schema("Trusted issuers of role credentials", {"issuers": _list(members, required)})


def _unbound() -> Schema:
    return _code(actor for actor in Actor if not actor.is_bound)


def _list(members: Schema, required: Iterable[str]) -> Schema:
    return one_or_more(object_of(members, required))
