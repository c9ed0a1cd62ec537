"""The brokers of a site: `[[brokers]]` in `cellfolio.toml`, an address and groups each.

What they become in the issuer's DID document is `passport.broker_address`'s matter.
"""

from collections import Counter

from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress, restricted_group
from passport.errors import ConfigError, IdentifierError

_MEMBERS = {"url", "groups"}
_EXAMPLE = '[[brokers]] with url = "https://keys.example.com" and groups = ["xiii-2", "xiii-4"]'


def parse_brokers(value: object, base_url: BaseUrl, file: str) -> tuple[BrokerAddress, ...]:
    """Read the setting of `file`; `ConfigError` says which broker is wrong."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ConfigError(f"{file}: brokers is no list of tables", f"write {_EXAMPLE}")
    brokers = tuple(_broker(table, f"{file}: broker {n}") for n, table in enumerate(value, 1))
    for url, times in Counter(broker.url for broker in brokers).items():
        if times > 1:
            raise ConfigError(f"{file}: {url} is a broker twice", "name all its groups in one")
        if base_url.is_real and not url.is_real:
            raise ConfigError(
                f"{file}: nobody can reach the broker {url} of {base_url}",
                "write its real address; reserved names are for trying out",
            )
    return brokers


def _broker(table: dict[str, object], where: str) -> BrokerAddress:
    url, groups = table.get("url"), table.get("groups")
    if table.keys() != _MEMBERS or not isinstance(url, str) or not isinstance(groups, list):
        raise ConfigError(f"{where} has not just a url and groups", f"write {_EXAMPLE}")
    try:
        return BrokerAddress(BaseUrl(url), tuple(restricted_group(str(name)) for name in groups))
    except IdentifierError as error:
        raise ConfigError(f"{where}: {error.message}", error.remedy) from error
