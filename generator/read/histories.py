"""The history of a passport, held to the versions that it lists.

`versions.json` is a convenience: each version names the digest of the one before, and that is what
is signed. Here the list is held to the versions themselves.
"""

import re
from collections.abc import Collection

from generator.read.checks import Check
from generator.read.sources import Source, needed
from passport.canonical import JsonObject
from passport.credential import passport_path
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.log_entry import document_digest
from passport.strict_json import parse_object
from passport.version_history import PastVersion, parse_history, version_path

_HISTORY = re.compile(r"/dpp/([^/]+)/versions\.json")


def check_histories(source: Source, paths: Collection[str], check: Check) -> None:
    """Hold every history to the versions that it lists, and each version to the one before."""
    for path in paths:
        if found := _HISTORY.fullmatch(path):
            with check.of(path):
                _check_history(source, DppId.parse(found[1]), _document(source, path))


def _check_history(source: Source, dpp_id: DppId, document: JsonObject) -> None:
    before = ""
    for line in parse_history(document):
        version = _document(source, _path_of(dpp_id, line))
        digest = document_digest(version)
        if digest != line.digest or version.get("version") != line.version:
            raise VerificationError(f"version {line.version} is not the one that it lists")
        if version.get("previousVersion", "") != before:
            raise VerificationError(f"version {line.version} does not follow the one before")
        before = digest


def _path_of(dpp_id: DppId, line: PastVersion) -> str:
    return version_path(dpp_id, line.version) if line.valid_to else passport_path(dpp_id)


def _document(source: Source, path: str) -> JsonObject:
    return parse_object(needed(source, path))
