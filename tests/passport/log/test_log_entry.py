"""Log entries: a type and a digest in canonical JSON, and nothing besides."""

import pytest

from passport.encoding.canonical import canonical_json
from passport.log.entry import EntryType, LogEntry, document_digest
from tests import forge
from tests.vectors import Vector, expected, load_vectors


@pytest.mark.parametrize("vector", load_vectors("log_entry", "entries"), ids=lambda v: v.name)
def test_entries(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    content = vector.input["entry"].encode()
    with expected(vector):
        entry = LogEntry.parse(content)
        assert {"type": entry.type, "digest": entry.digest} == vector.ok
        assert entry.to_bytes() == content


@pytest.mark.parametrize("entry_type", EntryType)
def test_the_bytes_are_canonical(entry_type: EntryType) -> None:
    entry = LogEntry.of_bytes(entry_type, entry_type.encode())
    assert entry.to_bytes() == canonical_json({"type": entry.type, "digest": entry.digest})


def test_a_document_has_one_entry_signed_or_not() -> None:
    signed = forge.signed_passport()
    entry = LogEntry.of_document(EntryType.PASSPORT, signed)
    assert entry == LogEntry.of_document(EntryType.PASSPORT, forge.PASSPORT)
    assert document_digest(signed) == document_digest(forge.PASSPORT)
    assert LogEntry.of_bytes(EntryType.PASSPORT, canonical_json(forge.PASSPORT)) == entry
    assert LogEntry.parse(entry.to_bytes()) == entry
