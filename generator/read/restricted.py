"""Where the restricted groups of a product lie: what its passport binds, or that of its model.

DESIGN 4 to 6. A passport is verified first; then a sealed file counts only if the passport binds
it by its digest, and lies where the group of that very product does. Points 2 and 3 of Annex XIII
are a model's, so from a battery the link to the model's passport is followed. Nothing is opened
here, and no key is known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from generator.read.https import SEALED_LIMITS
from generator.read.passport import PassportReport, Verdict, verify_scanned
from generator.read.resolve import web_document_of
from generator.read.sealed import check_sealed
from generator.read.sources import Origins
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, brokers_of
from passport.credential import RelatedResource, passport_path, related_resources
from passport.did.document import DidDocument
from passport.did.web import issuer_did
from passport.encoding.json_members import text_of
from passport.encoding.timestamp import time_text
from passport.errors import HostError, IdentifierError, VerificationError, failing
from passport.identifiers import DppId, ProductUri, parse_product_uri
from passport.life.life import PassportStatus
from passport.quoting import quoted
from passport.registry import Group, Level
from passport.sealing.group_key import MODEL_GROUPS, RESTRICTED_GROUPS
from passport.sealing.sealed_file import SealedFile
from passport.sealing.sealed_header import PAYLOAD, Sealing, sealed_path
from passport.sealing.tombstone import Tombstone

_MODEL_PASSPORT = "modelPassport"
_NUMBER = re.compile("[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True, order=True)
class Wanted:
    """One group of one product that somebody wants to read."""

    product: ProductUri
    group: Group


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundFile:
    """A sealed file that a verified passport binds; it is what `expected` says."""

    report: PassportReport
    expected: Sealing
    path: str
    file: SealedFile = field(repr=False)

    @property
    def base_url(self) -> BaseUrl:
        """The site that it lies at."""
        return self.report.passport.uri.base_url

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.base_url}{self.path}"


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """Reads sealed files of one or more sites, as they are at one time."""

    origins: Origins
    now: datetime
    _large: Origins
    _reports: dict[ProductUri, PassportReport] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, origins: Origins, sites: Iterable[BaseUrl], now: datetime) -> Self:
        """Return a reader of these sites, which are asked for each small file once."""
        remembering = origins.remembering({str(site) for site in sites})
        return cls(remembering, now, origins.within(SEALED_LIMITS))

    def passport(self, uri: ProductUri) -> PassportReport:
        """Return a product's genuine passport; `VerificationError` for any other."""
        if uri not in self._reports:
            report = verify_scanned(uri, self.origins, self.now)
            if report.verdict is Verdict.WITHDRAWN:
                raise VerificationError(
                    f"the passport of {uri} is withdrawn", "do not rely on it", check="status"
                )
            self._reports[uri] = report
        return self._reports[uri]

    def brokers(self, site: BaseUrl) -> tuple[BrokerAddress, ...]:
        """Return the brokers that the issuer of a site names."""
        with failing("did-document"):
            return brokers_of(self._issuer(site).members)

    def groups(self, product: ProductUri) -> tuple[Group, ...]:
        """Return the restricted groups of a product: a battery has those of its model too."""
        is_battery = _MODEL_PASSPORT in self._standing(product).passport.subject
        return RESTRICTED_GROUPS if is_battery else MODEL_GROUPS

    def payload(self, wanted: Wanted) -> BoundFile:
        """Return the sealed payload of a group of a product, or of its model.

        `VerificationError` for a passport or a file that doesn't hold, `HostError` for one that
        ceased or was withdrawn, or can't be had.
        """
        report = self._binding(wanted)
        dpp_id = report.passport.dpp_id
        found = [
            (version, resource)
            for resource in _related(report)
            if (version := _version(resource.path, dpp_id, wanted.group))
        ]
        if len(found) > 1:
            raise VerificationError(f"the passport of {dpp_id} binds {wanted.group} twice")
        for version, resource in found:
            return self._bound(report, wanted.group, version, PAYLOAD, resource)
        raise HostError(
            f"the passport of {dpp_id} binds no {wanted.group}", "ask the operator for it"
        )

    def document(self, payload: BoundFile, resource: str, url: str) -> BoundFile:
        """Return the sealed document that a payload names; errors are those of `payload`."""
        path = url.removeprefix(str(payload.base_url))
        for each in _related(payload.report):
            if each.path == path:
                return self._bound(payload.report, payload.expected.group, 0, resource, each)
        raise VerificationError(f"the passport binds no document at {quoted(url)}")

    def _binding(self, wanted: Wanted) -> PassportReport:
        """Return the passport that binds a group: the product's, or its model's."""
        report = self._standing(wanted.product)
        subject = report.passport.subject
        is_battery = _MODEL_PASSPORT in subject
        if wanted.group is Group.INTEREST_BATTERY:
            if not is_battery:
                raise IdentifierError(
                    f"{wanted.product} is a model, which has no {wanted.group}",
                    "name one of its batteries",
                )
            return report
        if not is_battery:
            return report
        return self._standing(_uri_of_passport(text_of(subject, _MODEL_PASSPORT), wanted.product))

    def _standing(self, uri: ProductUri) -> PassportReport:
        report = self.passport(uri)
        if text_of(report.passport.subject, "dppStatus") == PassportStatus.CEASED:
            raise HostError(
                f"the passport of {uri} has ceased", "nothing restricted is kept after that"
            )
        return report

    def _bound(
        self,
        report: PassportReport,
        group: Group,
        version: int,
        resource: str,
        related: RelatedResource,
    ) -> BoundFile:
        level = Level.BATTERY if group is Group.INTEREST_BATTERY else Level.MODEL
        dpp_id, base_url = report.passport.dpp_id, report.passport.uri.base_url
        with failing(f"{group} of {dpp_id}"):
            found = check_sealed(
                self._large.source(str(base_url)),
                related.path,
                related.digest,
                base_url,
                self._issuer(base_url).method,
            )
        if isinstance(found, Tombstone):
            raise HostError(
                f"{group} of {dpp_id} was withdrawn at {time_text(found.withdrawn)}",
                "ask the operator what counts now",
            )
        expected = Sealing(
            passport=dpp_id, level=level, group=group, version=version, resource=resource
        )
        return BoundFile(report=report, expected=expected, path=related.path, file=found)

    def _issuer(self, site: BaseUrl) -> DidDocument:
        return web_document_of(str(issuer_did(site)), self.origins)


def parse_product(text: str) -> ProductUri:
    """Read what names a product: its URI, or the URL of its passport; `IdentifierError`."""
    match = re.fullmatch(r"(https?://[^/]+)/dpp/([^/]+)/passport\.json", text)
    if match is None:
        return parse_product_uri(text).uri
    return ProductUri(BaseUrl(match[1]), DppId.parse(match[2]).key)


def _uri_of_passport(text: str, product: ProductUri) -> ProductUri:
    """Read a link to a model's passport, which lies at the battery's own site."""
    try:
        found = parse_product(text)
    except IdentifierError as error:
        raise VerificationError(error.message, error.remedy, check=_MODEL_PASSPORT) from error
    own = f"{product.base_url}{passport_path(DppId.of(found.key))}"
    if text != own:
        raise VerificationError(
            f"the link to the model's passport is {quoted(text)}", check=_MODEL_PASSPORT
        )
    return found


def _related(report: PassportReport) -> tuple[RelatedResource, ...]:
    with failing("relatedResource"):
        passport = report.passport
        return related_resources(passport.proof.document, passport.uri.base_url)


def _version(path: str, dpp_id: DppId, group: Group) -> int:
    """Return the version in a payload's path, 0 for any other path."""
    number = path.rpartition("/")[2].removesuffix(".json")
    if not _NUMBER.fullmatch(number) or path != sealed_path(dpp_id, group, int(number)):
        return 0
    return int(number)
