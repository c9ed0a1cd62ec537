"""Sealed files as anyone may check them: the bytes that a passport binds, or their tombstone.

DESIGN 6. Whoever holds no key still sees whether a sealed file is the one that was signed, and
whether the issuer took it away: "withdrawn", not "tampered". Nothing is opened here.
"""

from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.did.document import Resolve
from passport.encoding.multibase import digest_multibase
from passport.errors import VerificationError
from passport.sealing.sealed_file import SealedFile, check_digest, parse_sealed
from passport.sealing.tombstone import Tombstone, is_tombstone, path_of, verify_tombstone


def check_sealed(
    source: Source, path: str, digest: str, base_url: BaseUrl, resolve: Resolve
) -> SealedFile | Tombstone:
    """Return what lies at a path that a passport binds; `VerificationError` for anything else."""
    content = needed(source, path)
    if digest_multibase(content) != digest and is_tombstone(content):
        tombstone = verify_tombstone(content, path, base_url, resolve)
        if tombstone.digest != digest:
            raise VerificationError(f"its tombstone is of {tombstone.digest}, not of {digest}")
        return tombstone
    check_digest(content, digest)
    found = parse_sealed(content)
    if path_of(found.header) != path:
        raise VerificationError(f"it is the file of {path_of(found.header)}")
    return found
