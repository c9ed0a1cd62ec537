"""Where a site is deployed to: `[deploy]` in `cellfolio.toml`, or the target that a command names.

An S3-compatible bucket, or a folder that a file server publishes. Credentials never stand here:
they come from the surroundings. Knows the members of the table, not how bytes get there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from generator.content.yaml.near_misses import instead_of
from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError

S3_SCHEME = "s3://"
PAGES = ("extensionless", "html")
"""How a bucket names pages, the default first: `{serial}`, or `{serial}.html` for stores that can't
keep a key below another, such as those that keep objects as files."""

_EXAMPLE = '[deploy] with url = "s3://BUCKET/PREFIX" or url = "../public"'
# S3 user guide, "Bucket naming rules"; a prefix is of plain names, so that no two spell one key.
_URL = re.compile(r"s3://([0-9a-z][0-9a-z.-]{1,61}[0-9a-z])((?:/[0-9A-Za-z_-][0-9A-Za-z._-]*)*)/?")
_REGION = re.compile("[0-9a-z-]{1,40}")
_DISTRIBUTION = re.compile("[0-9A-Z]{5,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploySettings:
    """A target: `url` is `s3://bucket/prefix` or a folder; the rest is for buckets."""

    url: str
    endpoint: str = ""
    """Where the store answers; "" for AWS, or what AWS_ENDPOINT_URL says."""
    region: str = ""
    """The bucket's region; "" for what the surroundings say."""
    pages: str = PAGES[0]
    """`extensionless`, or `html` for a store that can't keep a key below another."""
    cloudfront: str = ""
    """The id of the CloudFront distribution in front of the bucket, "" for none."""

    @property
    def is_bucket(self) -> bool:
        """Whether the target is a bucket; a folder otherwise."""
        return self.url.startswith(S3_SCHEME)

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return self._parts()[0]

    @property
    def prefix(self) -> str:
        """What stands before each key, without slashes at its ends; "" for nothing."""
        return self._parts()[1].strip("/")

    def _parts(self) -> tuple[str, str]:
        match = _URL.fullmatch(self.url)
        if match is None:
            raise ConfigError(
                f"{self.url!r} is no address of a bucket", "write it like s3://passports/site"
            )
        return match[1], match[2]


_MEMBERS = tuple(each.name for each in fields(DeploySettings))


def parse_deploy(value: object, file: str) -> DeploySettings | None:
    """Read the table, None where there is none; `ConfigError` naming the member that is wrong."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ConfigError(f"{file}: deploy is no table", f"write {_EXAMPLE}")
    for name in value:
        if name not in _MEMBERS:
            raise ConfigError(
                f"{file}: unknown setting deploy.{name}", instead_of(str(name), _MEMBERS)
            )
    texts = {name: _text(value, name, file) for name in _MEMBERS if name in value}
    if "url" not in texts:
        raise ConfigError(f"{file}: deploy names no url", f"write {_EXAMPLE}")
    settings = DeploySettings(**texts)
    _check(settings, file)
    return settings


def _text(table: Mapping[object, object], name: str, file: str) -> str:
    value = table[name]
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{file}: deploy.{name} is not a text", f'write {name} = "…"')
    return value


def _check(settings: DeploySettings, file: str) -> None:
    if settings.is_bucket and _URL.fullmatch(settings.url) is None:
        raise ConfigError(
            f"{file}: deploy.url = {settings.url!r} is no address of a bucket",
            "write it like s3://passports/site",
        )
    if settings.endpoint:
        check_endpoint(settings.endpoint, f"{file}: deploy.endpoint")
    if settings.region and not _REGION.fullmatch(settings.region):
        raise ConfigError(
            f"{file}: deploy.region = {settings.region!r} is no region", 'write "eu-central-1"'
        )
    if settings.pages not in PAGES:
        raise ConfigError(
            f"{file}: deploy.pages = {settings.pages!r} is not known", f"write {' or '.join(PAGES)}"
        )
    if settings.cloudfront and not _DISTRIBUTION.fullmatch(settings.cloudfront):
        raise ConfigError(
            f"{file}: deploy.cloudfront = {settings.cloudfront!r} is no distribution's id",
            "write it as AWS shows it, like E2QWRUHAPOMQZL",
        )


def check_endpoint(text: str, where: str) -> None:
    """A store's address, as a base URL is: https, or plain http on this machine."""
    try:
        BaseUrl(text)
    except IdentifierError as error:
        raise ConfigError(f"{where}: {error.message}", error.remedy) from error
