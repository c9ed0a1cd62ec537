"""Asks aics-tlog: one question a line on stdin, one answer a line on stdout.

Run by the Python of an environment of its own (`tests/foreign_tlog.py`); it imports nothing of
ours. A question is a vector's input with the member `ask`; an answer is `{"verified": bool}`, or
what was asked for. Any error is a refusal, and says why.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from aics_tlog import (
    MemoryTileReader,
    TileWriter,
    VerifiedTileReader,
    audit_tiles,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verify_consistency,
    verify_inclusion,
    verify_note,
)

Object = dict[str, Any]


def note(question: Object) -> Object:
    """Verify a checkpoint by any of several keys."""
    signed = parse_note(question["note"])
    read = parse_checkpoint(signed.text)
    keys = [parse_vkey(vkey) for vkey in question["keys"]]
    mine = read.origin in {key.name for key in keys}
    return {"verified": mine and verify_note(signed, keys)}


def vkey(question: Object) -> Object:
    """Read a verifier key."""
    parse_vkey(question["vkey"])
    return {"verified": True}


def inclusion(question: Object) -> Object:
    """Check an inclusion proof."""
    proof = [bytes.fromhex(text) for text in question["proof"]]
    leaf, root = bytes.fromhex(question["leaf"]), bytes.fromhex(question["root"])
    return {"verified": verify_inclusion(leaf, question["index"], question["size"], proof, root)}


def consistency(question: Object) -> Object:
    """Check a consistency proof."""
    proof = [bytes.fromhex(text) for text in question["proof"]]
    old, new = bytes.fromhex(question["oldRoot"]), bytes.fromhex(question["newRoot"])
    return {"verified": verify_consistency(question["old"], question["new"], old, new, proof)}


def reading(question: Object) -> Object:
    """Read an entry through tiles that must lead to the root."""
    files = {path: bytes.fromhex(content) for path, content in question["files"].items()}
    reader = MemoryTileReader(files)
    log = VerifiedTileReader(reader, question["size"], bytes.fromhex(question["root"]))
    return {"verified": True, "entry": log.entry(question["index"]).hex()}


def audit(question: Object) -> Object:
    """Read every tile and entry of a log."""
    files = {path: bytes.fromhex(content) for path, content in question["files"].items()}
    reader = MemoryTileReader(files)
    found = audit_tiles(reader, question["size"], bytes.fromhex(question["root"]))
    return {"verified": True, "tiles": found.tiles, "bundles": found.bundles}


def build(question: Object) -> Object:
    """Return the files of a log with these entries."""
    made = TileWriter([bytes.fromhex(entry) for entry in question["entries"]]).materialise()
    return {"files": {path: content.hex() for path, content in made.items()}}


ANSWERS: dict[str, Callable[[Object], Object]] = {
    function.__name__: function
    for function in (note, vkey, inclusion, consistency, reading, audit, build)
}


def answer(question: Object) -> Object:
    """Answer a question; an error of any kind is a refusal."""
    try:
        return ANSWERS[question["ask"]](question)
    except Exception as error:  # noqa: BLE001 (a foreign verifier's refusals are of many kinds)
        return {"verified": False, "why": repr(error)}


for line in sys.stdin:
    sys.stdout.write(f"{json.dumps(answer(json.loads(line)))}\n")
