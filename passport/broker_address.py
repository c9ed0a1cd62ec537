"""Brokers as an issuer tells them: where each answers, and which groups' keys it releases.

DESIGN 5 and 7. They are services of the issuer's DID document and stand in no passport, so a broker
can be moved without signing anything anew. Several may hold the keys of one group: a client goes on
to the next when one is down. What a broker does, and where settings name it, isn't known here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import list_of, object_of, only, text_of, texts_of
from passport.errors import IdentifierError, VerificationError, failing
from passport.quoting import quoted
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS

SERVICE_TYPE = "CellfolioBroker"
_MEMBERS = frozenset({"url", "groups"})


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """One broker; `IdentifierError` unless it has restricted groups, each once.

    `groups` stand in the order of Annex XIII, so that one set of brokers is told in one way.
    """

    url: BaseUrl
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        if not self.groups:
            raise IdentifierError(
                f"{self.url} releases no group", "name the groups whose keys it has"
            )
        if Group.PUBLIC in self.groups:
            raise IdentifierError(
                f"{self.url} can't release {Group.PUBLIC}", "that group is public and has no keys"
            )
        if len(set(self.groups)) < len(self.groups):
            raise IdentifierError(f"{self.url} has a group twice", "name each group once")
        object.__setattr__(self, "groups", tuple(sorted(self.groups)))

    @classmethod
    def parse(cls, service: JsonObject) -> Self:
        """Read a service of a DID document; `VerificationError` if it is no sound broker."""
        endpoint = object_of(service, "serviceEndpoint")
        only(endpoint, _MEMBERS)
        with failing():
            url = BaseUrl(text_of(endpoint, "url"))
            return cls(url, tuple(restricted_group(name) for name in texts_of(endpoint, "groups")))


def restricted_group(name: str) -> Group:
    """Read the name of a group that has keys; `IdentifierError` for any other."""
    for group in RESTRICTED_GROUPS:
        if group == name:
            return group
    raise IdentifierError(
        f"{quoted(name)} is no restricted group", f"write {', '.join(RESTRICTED_GROUPS)}"
    )


def broker_services(brokers: Iterable[BrokerAddress]) -> tuple[JsonObject, ...]:
    """Return brokers as services for `issuer_document`, numbered as they come."""
    return tuple(
        {
            "id": f"#broker-{number}",
            "type": SERVICE_TYPE,
            "serviceEndpoint": {"url": str(broker.url), "groups": list(broker.groups)},
        }
        for number, broker in enumerate(brokers, 1)
    )


def is_broker(service: JsonObject) -> bool:
    """Tell whether a service says that it is a broker of ours."""
    return service.get("type") == SERVICE_TYPE


def brokers_of(document: JsonObject) -> tuple[BrokerAddress, ...]:
    """Return the brokers that an issuer's DID document names, in its order.

    Other services are not looked at. `VerificationError` for a broker that can't be one, or for an
    address that stands there twice.
    """
    services = (service for service in list_of(document, "service") if isinstance(service, dict))
    found = tuple(BrokerAddress.parse(service) for service in services if is_broker(service))
    if len({broker.url for broker in found}) < len(found):
        raise VerificationError("a broker stands there twice", "name each address once")
    return found
