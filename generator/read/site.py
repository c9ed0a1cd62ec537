"""Verifying a whole site: every signature, digest and link, nothing missing, nothing extra.

Reads the site as a stranger would, from a folder or a URL, by the checks of `site_checks`. The
issuer's DID document is the root of trust; what it can't prove is whether the host is the right
one, so a report always names the domain and the operator must be compared by whoever asks
(DESIGN 9).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from generator.read.checks import Check
from generator.read.site_checks import CHECKS, EXTRA, VerifiedSite
from generator.read.site_issuer import read_issuer, site_of
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.manifest import INDEX_PATH
from passport.quoting import quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What was found: `checks` in the order of the run."""

    base_url: BaseUrl
    issuer: str
    files: int
    passports: int
    checks: tuple[Check, ...]

    @property
    def is_genuine(self) -> bool:
        """Whether every check held."""
        return not any(check.failed for check in self.checks)


def verify_site(
    source: Source,
    present: Iterable[str] | None,
    now: datetime,
    *,
    expected: BaseUrl | None = None,
) -> SiteReport:
    """Verify a site; `present` lists the URL paths that a folder holds, None on the web.

    `expected` is the base URL that was asked for: a host may hold a copy of another site, with an
    issuer's document that it wrote itself. Without it, whoever asked must look at `base_url`.
    Raises `VerificationError` where there is nothing to begin with: no readable manifest or issuer.
    """
    base_url = site_of(source, expected)
    index_id = text_of(parse_object(needed(source, INDEX_PATH)), "id")
    if index_id != f"{base_url}{INDEX_PATH}":
        raise VerificationError(f"{quoted(index_id)} is not the id of the manifest of {base_url}")
    site = VerifiedSite(
        source=source,
        base_url=base_url,
        now=now,
        present=tuple(present or ()),
        issuer=read_issuer(source, base_url),
    )
    checks = []
    for each in CHECKS if present is None else (*CHECKS, EXTRA):
        check = Check(each.name, each.title)
        each.look(site, check)
        checks.append(check)
    return SiteReport(
        base_url=base_url,
        issuer=site.issuer.did,
        files=len(site.files),
        passports=site.passports,
        checks=tuple(checks),
    )
