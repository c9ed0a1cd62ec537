"""The history of a passport's versions: `/dpp/{dppId}/versions.json`.

DESIGN 4: it exists from version 2 on; `/dpp/{dppId}/v/{n}.json` holds the superseded versions. Each
line says from when to when a version was current, its digest, why it came and which public data
points it changed. What is restricted is never told: such a change reads "restricted data renewed".
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, text_of, texts_of
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.identifiers import DppId, ProductUri

RESTRICTED_CHANGE = "restricted data renewed"
"""The reason of a version in which nothing public changed (DESIGN 5)."""
SIGNED_ANEW = "signed anew, since the key of the version before was revoked"
"""The reason of a version that says what the one before said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVersion:
    """One version: `valid_to` is None for the current one; `changed` names JSON members."""

    version: int
    digest: str
    valid_from: datetime
    valid_to: datetime | None
    reason: str
    changed: tuple[str, ...]
    commit: str


def history_path(dpp_id: DppId) -> str:
    """Where the history of a passport lies."""
    return f"/dpp/{dpp_id}/versions.json"


def version_path(dpp_id: DppId, version: int) -> str:
    """Where a superseded version lies."""
    return f"/dpp/{dpp_id}/v/{version}.json"


def continued(history: tuple[PastVersion, ...], new: PastVersion) -> tuple[PastVersion, ...]:
    """Return the history with a version more, which ends the one before."""
    if not history:
        return (new,)
    return (*history[:-1], replace(history[-1], valid_to=new.valid_from), new)


def changed_members(before: JsonObject, after: JsonObject) -> tuple[str, ...]:
    """Return the members of two subjects that differ, in alphabetical order."""
    names = sorted({*before, *after} - {"lastUpdate"})
    return tuple(name for name in names if before.get(name) != after.get(name))


def history_document(uri: ProductUri, history: Iterable[PastVersion]) -> JsonObject:
    """Return `versions.json`."""
    dpp_id, base_url = DppId.of(uri.key), uri.base_url
    return {
        "product": str(uri),
        "versions": [_line(version, f"{base_url}", dpp_id) for version in history],
    }


def parse_history(document: JsonObject) -> tuple[PastVersion, ...]:
    """Read `versions.json`; `VerificationError` unless it counts from 1 without a gap."""
    with failing("versions"):
        found = tuple(
            _past_version(as_object(raw, "versions")) for raw in list_of(document, "versions")
        )
        if [version.version for version in found] != list(range(1, len(found) + 1)):
            raise VerificationError("the versions don't count from 1 on without a gap")
        return found


def _line(version: PastVersion, base_url: str, dpp_id: DppId) -> Json:
    path = version_path(dpp_id, version.version)
    current = f"/dpp/{dpp_id}/passport.json"
    ended = {"validTo": time_text(version.valid_to)} if version.valid_to else {}
    return {
        "version": version.version,
        "url": f"{base_url}{path if version.valid_to else current}",
        "digest": version.digest,
        "validFrom": time_text(version.valid_from),
        **ended,
        "reason": version.reason,
        "changed": list(version.changed),
        "commit": version.commit,
    }


def _past_version(raw: JsonObject) -> PastVersion:
    number = raw.get("version")
    if not isinstance(number, int) or isinstance(number, bool):
        raise VerificationError("a version has no number")
    commit, reason = raw.get("commit"), raw.get("reason")
    return PastVersion(
        version=number,
        digest=text_of(raw, "digest"),
        valid_from=parse_time(text_of(raw, "validFrom")),
        valid_to=parse_time(text_of(raw, "validTo")) if "validTo" in raw else None,
        reason=reason if isinstance(reason, str) else "",
        changed=texts_of(raw, "changed"),
        commit=commit if isinstance(commit, str) else "",
    )
