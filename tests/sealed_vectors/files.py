"""The sealed files that the inputs of vectors stand for."""

from collections.abc import Mapping

from passport.encoding.base64url import from_base64url
from tests.forge_sealed import Object


def file_of(given: Object, files: Mapping[str, bytes], *, is_text: bool) -> bytes:
    """Return the sealed file of an input, made from another vector's where it says so."""
    if "file" in given:
        return str(given["file"]).encode() if is_text else from_base64url(given["file"])
    coding = "utf-8" if is_text else "latin-1"
    text = files[given["of"]].decode(coding)
    for at, removed, inserted in given["edits"]:
        start = at % len(text)
        text = text[:start] + inserted + text[start + removed :]
    return text.encode(coding)
