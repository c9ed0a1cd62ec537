"""Settings of a site: `cellfolio.toml`.

The only source of absolute addresses (`base_url`, DESIGN 4). Knows the file's members and what
they may hold, not what a build does with them.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from babel import localedata

from generator.content.broker_settings import parse_brokers
from generator.content.deploy_settings import DeploySettings, parse_deploy
from generator.content.toml_file import read_toml
from generator.content.yaml.near_misses import instead_of
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress
from passport.errors import ConfigError, IdentifierError, ValueFormatError
from passport.registry import GUIDANCE_VERSIONS
from passport.values import parse_language

CONFIG_NAME = "cellfolio.toml"
_YEARS = 10
_MOST_YEARS = 100
_MOST_DAYS = 36_525
_STATUS_DAYS = 7305
_REQUIRED = ("base_url", "issuer", "keys", "languages")
# One folder of the project, no way out of it, and none whose content is published or reviewed.
_FOLDER = re.compile("[0-9A-Za-z][0-9A-Za-z_-]{0,40}")
_NOT_FOR_KEYS = ("site", "content", "themes")
_PUBLIC_FOLDERS = (*_NOT_FOR_KEYS, "keys")
AFTER_CESSATION = ("tombstone", "keep")
"""Settings of `after_cessation`, the default first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """What a site is called and how it is built."""

    base_url: BaseUrl
    """Where the site answers; printed in every QR code, so it never changes."""
    issuer: str
    """Slug of the economic operator in whose name passports are issued."""
    keys: str
    """`demo`, for keys derived from a public seed (refused for a real `base_url`), or the folder of
    the site's own keys."""
    languages: tuple[str, ...]
    """Languages of model pages, the default first."""
    battery_languages: tuple[str, ...]
    """Languages of battery pages, the default first; a subset of `languages`."""
    guidance: str
    """Version of the Commission's guidance that completeness is measured against."""
    theme: str
    """Name of a folder under `themes/`."""
    allow_any_serial: bool
    """Whether serials may use all 82 GS1 characters instead of digits, capitals and hyphens."""
    retention_years: int = _YEARS
    """The operator's promise: how long a passport stays online from placing on the market."""
    after_cessation: str = AFTER_CESSATION[0]
    """What becomes of a passport that ceased (Art. 77(8)): `keep` its address answering with all
    that it said, or `tombstone`, with the header only."""
    private_root: str = ""
    """A second folder for restricted files, relative to the project; "" when there is none."""
    status_days: int = _STATUS_DAYS
    """For how many days a status list says that it is fresh; 20 years unless set."""
    anchor: str = ""
    """Where the last published checkpoint is kept: a Git ref (`refs/…`) or a file outside the site;
    "" for none, which only demos may have."""
    brokers: tuple[BrokerAddress, ...] = ()
    """Who releases keys of restricted groups, as the issuer's DID document tells them."""
    deploy: DeploySettings | None = None
    """Where the site is deployed to; None where the output folder itself is what is published."""
    is_preview: bool = False
    """Whether they are a preview's, which no file can say (`generator.build.preview`)."""

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]


_MEMBERS = tuple(each.name for each in fields(SiteConfig) if each.name != "is_preview")


def read_config(project: Path) -> SiteConfig:
    """Read the settings of a project; raises `ConfigError` naming the member that is wrong."""
    path = project / CONFIG_NAME
    if not path.exists():
        raise ConfigError(
            f"there is no {CONFIG_NAME} in {project}",
            "run `cellfolio init` in an empty folder, or name the project with --project",
        )
    members = read_toml(path, CONFIG_NAME)
    _check_names(members)
    config = _config(members)
    if config.private_root and (project / config.private_root).is_file():
        raise ConfigError(
            f"{CONFIG_NAME}: private_root = {config.private_root!r} is a file", "name a folder"
        )
    return config


def _check_names(members: Mapping[str, object]) -> None:
    for name in members:
        if name not in _MEMBERS:
            raise ConfigError(
                f"{CONFIG_NAME}: unknown setting {name!r}", instead_of(name, _MEMBERS)
            )
    for name in _REQUIRED:
        if name not in members:
            raise ConfigError(f"{CONFIG_NAME}: {name} is missing", f"add a line {name} = …")


def _config(members: Mapping[str, object]) -> SiteConfig:
    languages = _languages(members, "languages")
    batteries = _languages(members, "battery_languages") or languages[:1]
    if not set(batteries) <= set(languages):
        raise ConfigError(
            f"{CONFIG_NAME}: battery_languages names a language that languages does not",
            "add it to languages too: a battery page links to its model's",
        )
    base_url = _base_url(_text(members, "base_url"))
    return SiteConfig(
        base_url=base_url,
        issuer=_text(members, "issuer"),
        keys=_keys(_text(members, "keys")),
        languages=languages,
        battery_languages=tuple(dict.fromkeys((languages[0], *batteries))),
        guidance=_guidance(_text(members, "guidance", GUIDANCE_VERSIONS[0])),
        theme=_text(members, "theme", "default"),
        allow_any_serial=_switch(members, "allow_any_serial"),
        retention_years=_number(members, "retention_years", _YEARS, _MOST_YEARS, "years"),
        after_cessation=_after_cessation(_text(members, "after_cessation", AFTER_CESSATION[0])),
        private_root=_private_root(_text(members, "private_root", "")),
        status_days=_number(members, "status_days", _STATUS_DAYS, _MOST_DAYS, "days"),
        anchor=_anchor(_text(members, "anchor", "")),
        brokers=parse_brokers(members.get("brokers", []), base_url, CONFIG_NAME),
        deploy=parse_deploy(members.get("deploy"), CONFIG_NAME),
    )


def _text(members: Mapping[str, object], name: str, default: str | None = None) -> str:
    if default is not None and name not in members:
        return default
    value = members.get(name)
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ConfigError(f"{CONFIG_NAME}: {name} is not a text", f'write {name} = "…"')
    return value


def _switch(members: Mapping[str, object], name: str) -> bool:
    value = members.get(name, False)
    if not isinstance(value, bool):
        raise ConfigError(
            f"{CONFIG_NAME}: {name} = {value!r} is neither true nor false", f"write {name} = true"
        )
    return value


def _base_url(text: str) -> BaseUrl:
    try:
        return BaseUrl(text)
    except IdentifierError as error:
        raise ConfigError(f"{CONFIG_NAME}: base_url: {error.message}", error.remedy) from error


def _keys(text: str) -> str:
    if not _FOLDER.fullmatch(text) or text in _NOT_FOR_KEYS:
        raise ConfigError(
            f"{CONFIG_NAME}: keys = {text!r} is neither demo nor a folder for keys",
            'write keys = "demo", or keys = "keys" once `cellfolio keys init` has made some',
        )
    return text


def _guidance(text: str) -> str:
    if text not in GUIDANCE_VERSIONS:
        known = " or ".join(GUIDANCE_VERSIONS)
        raise ConfigError(f"{CONFIG_NAME}: no guidance version {text!r}", f"write {known}")
    return text


def _number(members: Mapping[str, object], name: str, default: int, most: int, unit: str) -> int:
    value = members.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        message = f"{CONFIG_NAME}: {name} = {value!r} is no number of {unit}"
        raise ConfigError(message, f"write {name} = {default}, or another number up to {most}")
    return value


def _after_cessation(text: str) -> str:
    if text not in AFTER_CESSATION:
        message = f"{CONFIG_NAME}: after_cessation = {text!r} is not known"
        raise ConfigError(message, f"write {' or '.join(AFTER_CESSATION)}")
    return text


def _private_root(text: str) -> str:
    """A path from the project's folder; what is published or reviewed in public holds nothing."""
    if not text:
        return ""
    path = PurePosixPath(posixpath.normpath(text))
    is_above = set(path.parts) <= {".."}
    if path.is_absolute() or is_above or path.parts[0] in _PUBLIC_FOLDERS:
        raise ConfigError(
            f"{CONFIG_NAME}: private_root = {text!r} is no place for what is restricted",
            'write a folder of its own, relative to the project, as in "../private"',
        )
    return path.as_posix()


def _anchor(text: str) -> str:
    """A Git ref or a file; one in the site could be rolled back together with it."""
    if PurePosixPath(posixpath.normpath(text)).parts[:1] == ("site",):
        raise ConfigError(
            f"{CONFIG_NAME}: anchor = {text!r} lies in the site",
            'write a Git ref, as in "refs/cellfolio/anchor", or a file outside of it',
        )
    return text


def _languages(members: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = members.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(
            f"{CONFIG_NAME}: {name} is no list of languages", f'write {name} = ["en", "de"]'
        )
    if name in _REQUIRED and not value:
        raise ConfigError(f"{CONFIG_NAME}: {name} is empty", f'write {name} = ["en"]')
    try:
        return tuple(dict.fromkeys(_language(item) for item in value))
    except ValueFormatError as error:
        raise ConfigError(f"{CONFIG_NAME}: {name}: {error.message}", error.remedy) from error


def _language(text: str) -> str:
    """A language in which dates and numbers can be written."""
    code = parse_language(text)
    if not localedata.exists(code):
        raise ValueFormatError(f"there is no language {code!r}", "write a code of ISO 639, like de")
    return code
