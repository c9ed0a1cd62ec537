"""Settings of a site: `cellfolio.toml`.

The only source of absolute addresses (`base_url`, DESIGN 4). Knows the file's members and what
they may hold, not what a build does with them.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.content.spelling import instead_of
from passport.errors import ConfigError, IdentifierError, ValueFormatError
from passport.identifiers import BaseUrl
from passport.registry import GUIDANCE_VERSIONS
from passport.values import parse_language

CONFIG_NAME = "cellfolio.toml"
_REQUIRED = ("base_url", "issuer", "keys", "languages")
_MEMBERS = (*_REQUIRED, "battery_languages", "guidance", "theme", "allow_any_serial")
# One folder of the project, no way out of it, and none whose content is published or reviewed.
_FOLDER = re.compile("[0-9A-Za-z][0-9A-Za-z_-]{0,40}")
_NOT_FOR_KEYS = ("site", "content", "themes")


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

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]


def read_config(project: Path) -> SiteConfig:
    """Read the settings of a project; raises `ConfigError` naming the member that is wrong."""
    path = project / CONFIG_NAME
    try:
        members = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"there is no {CONFIG_NAME} in {project}",
            "run `cellfolio init` in an empty folder, or name the project with --project",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{CONFIG_NAME}: {error}", "mend the file's TOML syntax") from error
    _check_names(members)
    return _config(members)


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
    return SiteConfig(
        base_url=_base_url(_text(members, "base_url")),
        issuer=_text(members, "issuer"),
        keys=_keys(_text(members, "keys")),
        languages=languages,
        battery_languages=tuple(dict.fromkeys((languages[0], *batteries))),
        guidance=_guidance(_text(members, "guidance", GUIDANCE_VERSIONS[0])),
        theme=_text(members, "theme", "default"),
        allow_any_serial=members.get("allow_any_serial", False) is True,
    )


def _text(members: Mapping[str, object], name: str, default: str = "") -> str:
    value = members.get(name, default)
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{CONFIG_NAME}: {name} is not a text", f'write {name} = "…"')
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


def _languages(members: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = members.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{CONFIG_NAME}: {name} is not a list", f'write {name} = ["en", "de"]')
    try:
        return tuple(dict.fromkeys(parse_language(item) for item in value))
    except ValueFormatError as error:
        raise ConfigError(f"{CONFIG_NAME}: {name}: {error.message}", error.remedy) from error
