"""Tombstones in a build: sealed files that content refuses, or whose passport ceased.

DESIGN 6. The file's URL keeps answering, with a small signed document instead of the ciphertext;
nothing else of the site changes, and no tombstone is ever taken back. Which files are meant follows
from their headers, which are public; no key is needed.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from generator.build.artifact import Artifact, CacheClass
from generator.build.previous import PreviousSite
from generator.build.sealing import header_of
from generator.keys.issuer import Issuer
from passport.access.refusal import Item, Refusals
from passport.base_url import BaseUrl
from passport.encoding.canonical import canonical_json
from passport.encoding.multibase import digest_multibase
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.sealing.sealed_header import SealedHeader
from passport.sealing.tombstone import (
    Tombstone,
    is_tombstone,
    read_tombstone,
    tombstone_document,
    verify_tombstone,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstones:
    """Puts tombstones where sealed files are withdrawn; `ceased` are passports that bind none."""

    refusals: Refusals
    ceased: Collection[DppId]
    issuer: Issuer
    base_url: BaseUrl
    previous: PreviousSite
    time: datetime

    def instead_of(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass files on that have just been sealed; those that are refused become tombstones.

        One that was withdrawn before stays so, though the same file would be made again.
        """
        for artifact in artifacts:
            before = self.previous.get(artifact.url_path)
            if before is not None and is_tombstone(before):
                yield replace(artifact, content=self._kept(before, artifact.url_path))
            elif self._is_withdrawn(header_of(artifact.content)):
                yield replace(artifact, content=self._made(artifact.content))
            else:
                yield artifact

    def of_published(self, made: Collection[str]) -> Iterator[Artifact]:
        """Yield the tombstones of files that the previous site has and this build did not make."""
        for path, file in self.previous.files.items():
            if file.cache != CacheClass.SEALED or path in made or not self._may_be(path):
                continue
            published = self.previous.artifact(file)
            if is_tombstone(published.content):
                yield replace(published, content=self._kept(published.content, path))
            elif self._is_withdrawn(header_of(published.content)):
                yield replace(published, content=self._made(published.content))

    def _may_be(self, path: str) -> bool:
        """Whether a file need be read: with nothing refused, only those of ceased passports are."""
        return bool(self.refusals.entries) or DppId.parse(path.split("/")[2]) in self.ceased

    def _is_withdrawn(self, header: SealedHeader) -> bool:
        item = Item(
            passport=header.passport,
            group=header.group,
            level=header.level,
            version=header.version,
            key=header.key,
            salt=header.salt,
        )
        return header.passport in self.ceased or self.refusals.cover(item)

    def _made(self, content: bytes) -> bytes:
        tombstone = Tombstone(
            digest=digest_multibase(content), header=header_of(content), withdrawn=self.time
        )
        return self._signed(tombstone)

    def _kept(self, content: bytes, path: str) -> bytes:
        """A tombstone keeps its bytes, unless the key that signed it was revoked since."""
        try:
            verify_tombstone(content, path, self.base_url, self.issuer.resolve)
        except VerificationError:
            return self._signed(read_tombstone(content))
        return content

    def _signed(self, tombstone: Tombstone) -> bytes:
        document = tombstone_document(tombstone, self.base_url)
        return canonical_json(self.issuer.signed(document, self.time))
