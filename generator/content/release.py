"""The gates before a site is deployed or a label printed (requirements 6).

The address must be the operator's own for decades, content without errors, every value proven and
every scope reviewed. Each gate refuses the whole site. Knows content and settings, not sites.
"""

from datetime import date
from pathlib import Path

from generator.content.check import Checked, check
from generator.content.config import CONFIG_NAME
from generator.content.yaml.pinpoint import Pinpointer
from passport.base_url import BaseUrl
from passport.checks.evidence import release_gate
from passport.errors import ConfigError, ContentError


def require_own_address(base_url: BaseUrl) -> None:
    """Return for an address that may stand on a label; `ConfigError` otherwise."""
    if not base_url.is_real:
        raise ConfigError(
            f"{base_url} is reserved for trying out",
            f"set base_url in {CONFIG_NAME} to an address of your own, and make keys for it",
        )
    if base_url.is_shared:
        raise ConfigError(
            f"{base_url} lies below a domain of its host, and is lost with that host",
            f"set base_url in {CONFIG_NAME} to a name below a domain of your own",
        )


def released(project: Path, as_of: date) -> Checked:
    """Return content that may be released; `ContentError` with all that stands against it."""
    checked = check(project, as_of)
    if checked.has_errors:
        raise ContentError(checked.problems)
    require_own_address(checked.content.config.base_url)
    pinpointer = Pinpointer(project)
    refusals = [pinpointer.at(each) for model in checked.models for each in release_gate(model)]
    if refusals:
        raise ContentError(tuple(refusals))
    return checked
