"""Which version of a passport was current at a time, proved from what the site publishes.

From the current version back: each names the digest of the one before, so that the signature of the
current one vouches for all. The version that is asked for is then verified like any other, log and
status list included. `versions.json` must say the same; it adds reasons, and proves nothing itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from generator.read.passport import PassportReport, verify_content
from generator.read.site_issuer import site_of
from generator.read.sources import Origins, Source
from passport.base_url import BaseUrl
from passport.credential import passport_path, version_of
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import ConfigError, IdentifierError, VerificationError
from passport.identifiers import DppId, ProductUri, parse_product_uri
from passport.log.entry import document_digest
from passport.version_history import PastVersion, history_path, parse_history, version_path

_REMEDY = "ask for a whole copy of the site"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A version and its time: `valid_to` is None for the current one, `latest` its number.

    `reason` and `commit` are what the site says of it, "" where it says nothing.
    """

    report: PassportReport
    valid_from: datetime
    valid_to: datetime | None
    latest: int
    reason: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class _Version:
    content: bytes
    document: JsonObject

    @property
    def number(self) -> int:
        return version_of(self.document)

    @property
    def valid_from(self) -> datetime:
        return parse_time(text_of(self.document, "validFrom"))


def find_product(name: str, source: Source) -> ProductUri:
    """Return the product that a URI, its path or a dppId names; `ConfigError` for another text."""
    base_url = site_of(source)
    try:
        if "/" in name:
            uri = name if "://" in name else f"{base_url}{name}"
            return parse_product_uri(uri, base_url).uri
        return ProductUri(base_url, DppId.parse(name).key)
    except IdentifierError as error:
        raise ConfigError(error.message, error.remedy) from error


def version_at(
    uri: ProductUri, source: Source, now: datetime, at: datetime | None = None
) -> ShownVersion:
    """Return the version that was current at a time, the present one for None.

    Raises `ConfigError` if there was none yet, `VerificationError` for what does not hold.
    """
    dpp_id = DppId.of(uri.key)
    origins = Origins({str(uri.base_url): source})
    current = _read(source, passport_path(dpp_id), uri.base_url)
    verify_content(current.content, origins, now, expected=uri)
    history = _history(source, dpp_id, current.number)
    valid_to = None
    for version in _backwards(current, source, dpp_id, uri.base_url):
        line = history[version.number - 1] if history else None
        if line is not None:
            _check_line(line, version, valid_to)
        if at is None or version.valid_from <= at:
            return ShownVersion(
                report=verify_content(version.content, origins, now, expected=uri),
                valid_from=version.valid_from,
                valid_to=valid_to,
                latest=current.number,
                reason=line.reason if line else "",
                commit=line.commit if line else "",
            )
        valid_to = version.valid_from
    raise ConfigError(
        f"there was no passport of {uri} at {time_text(at or now)}",
        f"the first version is of {time_text(valid_to or now)}",
    )


def _backwards(
    current: _Version, source: Source, dpp_id: DppId, base_url: BaseUrl
) -> Iterator[_Version]:
    yield current
    after = current
    for number in range(current.number - 1, 0, -1):
        before = _read(source, version_path(dpp_id, number), base_url)
        if document_digest(before.document) != text_of(after.document, "previousVersion"):
            raise VerificationError(
                f"{version_path(dpp_id, number)} is not what version {number + 1} came after",
                "keep this copy: a published version was rewritten",
                check="versions",
            )
        yield before
        after = before


def _read(source: Source, path: str, base_url: BaseUrl) -> _Version:
    content = source.get(path)
    if content is None:
        raise VerificationError(f"there is no {path} on {base_url}", _REMEDY)
    return _Version(content, parse_object(content))


def _history(source: Source, dpp_id: DppId, latest: int) -> tuple[PastVersion, ...]:
    """The lines of `versions.json`, none while there is only one version."""
    content = source.get(history_path(dpp_id))
    if content is None and latest == 1:
        return ()
    if content is None:
        raise VerificationError(f"{history_path(dpp_id)} is missing", _REMEDY, check="versions")
    history = parse_history(parse_object(content))
    if len(history) != latest:
        raise VerificationError(
            f"{history_path(dpp_id)} tells of {len(history)} versions, not {latest}",
            _REMEDY,
            check="versions",
        )
    return history


def _check_line(line: PastVersion, version: _Version, valid_to: datetime | None) -> None:
    said = (line.digest, line.valid_from, line.valid_to)
    if said != (document_digest(version.document), version.valid_from, valid_to):
        raise VerificationError(
            f"versions.json says something else of version {version.number} than its signature",
            _REMEDY,
            check="versions",
        )
