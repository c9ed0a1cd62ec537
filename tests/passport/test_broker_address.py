"""Brokers: told by the issuer's DID document in one way, and read back strictly."""

import pytest

from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, broker_services, brokers_of
from passport.did.document import issuer_document
from passport.encoding.canonical import JsonObject
from passport.errors import VerificationError
from passport.registry import Group
from tests import forge

ONE = BrokerAddress(BaseUrl("https://keys.example.com"), (Group.INTEREST_BATTERY, Group.AUTHORITY))
OTHER = BrokerAddress(BaseUrl("https://keys-2.example.com"), (Group.INTEREST_MODEL,))


def document(*services: JsonObject) -> JsonObject:
    return issuer_document(forge.DID, [], [], services)


def test_brokers_are_services_of_the_issuer() -> None:
    assert document(*broker_services((ONE, OTHER)))["service"] == [
        {
            "id": f"{forge.DID}#broker-1",
            "type": "CellfolioBroker",
            "serviceEndpoint": {"url": "https://keys.example.com", "groups": ["xiii-3", "xiii-4"]},
        },
        {
            "id": f"{forge.DID}#broker-2",
            "type": "CellfolioBroker",
            "serviceEndpoint": {"url": "https://keys-2.example.com", "groups": ["xiii-2"]},
        },
    ]


def test_brokers_are_read_from_among_other_services() -> None:
    files: JsonObject = {"id": "#files", "type": "relativeRef", "serviceEndpoint": "https://x/"}
    assert brokers_of(document(files, *broker_services((ONE, OTHER)))) == (ONE, OTHER)
    assert brokers_of(document(files)) == ()


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        ("https://keys.example.com", "is no object"),
        ({"url": "https://k.example"}, "releases no group"),
        ({"url": "https://k.example", "groups": ["xiii-1"]}, "no restricted group"),
        ({"url": "https://k.example", "groups": ["xiii-2", "xiii-2"]}, "has a group twice"),
        ({"url": "http://k.example", "groups": ["xiii-2"]}, "is not encrypted"),
        ({"url": "https://k.example", "groups": ["xiii-2"], "keys": []}, "is not known here"),
    ],
)
def test_a_broker_that_can_not_be_one_is_refused(endpoint: str | JsonObject, told: str) -> None:
    service: JsonObject = {"id": "#b", "type": "CellfolioBroker", "serviceEndpoint": endpoint}
    with pytest.raises(VerificationError, match=told):
        brokers_of(document(service))


def test_an_address_stands_there_once() -> None:
    with pytest.raises(VerificationError, match="stands there twice"):
        brokers_of(document(*broker_services((ONE, ONE))))
