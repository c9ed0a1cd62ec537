"""A preview: the pages of a change that is not merged, which nothing can mistake for a site.

DESIGN 4 and 5. It has an address and thus a log of its own, under a reserved name, since it is
signed with the demo's keys, which everybody has; and for the same reason nothing restricted goes
into it: every payload is `{}`. Its pages have no code, say what they are and ask not to be listed.
"""

from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from generator.content.config import SiteConfig
from generator.content.load import Content
from passport.base_url import BaseUrl
from passport.errors import ConfigError

FOLDER = "preview"
"""Where it lies in a project, unless somewhere else is named."""
NO_CODE = Markup('<p class="preview" lang="en">Preview: no code to scan</p>')
"""What stands in place of a QR code."""
_KEYS = "demo"


def preview_of(content: Content, base_url: BaseUrl) -> Content:
    """Return content as it is previewed at another address; `ConfigError` for a real one."""
    if base_url.is_real:
        raise ConfigError(
            f"a preview can't be at {base_url}: it is signed with keys that everybody has",
            "name a reserved address, such as https://preview.invalid; its pages work on any host",
        )
    if base_url == content.config.base_url:
        raise ConfigError(
            f"{base_url} is the address of the site itself",
            "name another for a preview, such as https://preview.invalid",
        )
    return replace(content, config=_settings(content.config, base_url))


def check_folder(out: Path, project: Path) -> None:
    """Raise `ConfigError` if a preview would be built where the site lies."""
    if out.resolve() == (project / "site").resolve():
        raise ConfigError(f"{out} is the site's own folder", "leave --out out, or name another")


def _settings(config: SiteConfig, base_url: BaseUrl) -> SiteConfig:
    """No broker, anchor or target of the site's has anything to do with a preview."""
    return replace(
        config,
        base_url=base_url,
        keys=_KEYS,
        anchor="",
        brokers=(),
        deploy=None,
        is_preview=True,
    )
