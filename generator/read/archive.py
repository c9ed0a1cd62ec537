"""One passport to keep: the file that its page makes of all that it checked, read offline.

A ZIP archive without packing, in which files lie under the names that a host gives them: passport,
page, DID documents, checkpoint, tiles, status list, manifest. It is verified as a site is, nothing
else is asked, and whatever lies in it must be what the manifest lists. Who made it also chose its
keys, and it knows nothing of what came later: so it is a genuine copy at most (DESIGN 4 and 5).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from urllib.parse import quote
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from generator.read.log import open_log
from generator.read.passport import PassportReport, Verdict, verify_content
from generator.read.site_issuer import read_issuer
from generator.read.site_manifest import SiteManifest, read_manifest
from generator.read.sources import FolderSource, Origins, Source
from passport.credential import status_of
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import IdentifierError, VerificationError
from passport.identifiers import ProductUri, parse_product_uri
from passport.manifest import is_listed
from passport.quoting import quoted

MOST_FILES = 100
LARGEST = 64 * 1024 * 1024
"""Bytes of all files together."""

_ZIP = b"PK\x03\x04"
_CHECK = "archive"
_PASSPORT = re.compile(r"dpp/[^/]+/passport\.json")
_PAGE = re.compile(r"\.html\Z")


@dataclass(frozen=True, slots=True)
class ArchivedFiles:
    """The files of an archive by their names."""

    files: Mapping[str, bytes]

    def get(self, path: str) -> bytes | None:
        """Return a file, None when there is none."""
        return self.files.get(path)


def is_archive(content: bytes) -> bool:
    """Whether bytes are an archive and not a document."""
    return content.startswith(_ZIP)


def verify_archive(content: bytes, now: datetime) -> PassportReport:
    """Verify the one passport of an archive; `VerificationError` names the failed check."""
    archived = ArchivedFiles(_files_of(content))
    names = [name for name in archived.files if _PASSPORT.fullmatch(name)]
    if len(names) != 1:
        raise _error(f"it holds {len(names)} passports, not one", "download it again from its page")
    passport = archived.files[names[0]]
    uri = _uri_of(passport)
    source = FolderSource(archived)
    report = verify_content(passport, Origins({str(uri.base_url): source}), now, expected=uri)
    # Whoever makes an archive can leave the log out; then there is no telling what else is missing.
    if "log" not in report.checks:
        raise _error(f"nothing shows that the log holds its passport: {report.why}")
    manifest = _published(archived.files, source, report)
    if report.verdict is not Verdict.CURRENT:
        return report
    why = (
        f"of {uri}, as its site was at {manifest.time}; the keys are those that this file names,"
        f" and {uri.base_url} must name the same"
    )
    return replace(report, verdict=Verdict.COPY, why=why)


def _files_of(content: bytes) -> dict[str, bytes]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _error(f"it can't be read: {error}", "download it again from its page") from error


def _check_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST:
        raise _error(f"{len(entries)} files are more than one passport's", "it was not made by us")
    if len({entry.filename for entry in entries}) < len(entries):
        raise _error("two files have one name", "it was not made by us")
    for entry in entries:
        if entry.compress_type != ZIP_STORED or entry.flag_bits & 1:
            raise _error(f"{quoted(entry.filename)} is packed or encrypted", "unpack nothing of it")


def _uri_of(content: bytes) -> ProductUri:
    subject = object_of(parse_object(content), "credentialSubject")
    try:
        return parse_product_uri(text_of(subject, "id")).uri
    except IdentifierError as error:
        raise VerificationError(error.message, error.remedy) from error


def _published(files: Mapping[str, bytes], source: Source, report: PassportReport) -> SiteManifest:
    """Return the manifest that lists every file, but for those that prove themselves."""
    base_url = report.passport.uri.base_url
    issuer = read_issuer(source, base_url)
    log = open_log(source, issuer, base_url, status_of(report.passport).address.generation)
    manifest = read_manifest(source, issuer)
    is_now = manifest.is_last_of(log)
    for name, content in files.items():
        path = quote(f"/{_PAGE.sub('', name)}")
        if is_listed(path) and not (is_now and manifest.publishes(path, content)):
            raise _error(f"{quoted(name)} is not the file that was published", "rely on none of it")
    return manifest


def _error(message: str, remedy: str = "") -> VerificationError:
    return VerificationError(message, remedy, check=_CHECK)
