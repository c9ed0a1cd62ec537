"""The page that opens restricted data with keys that brokers release (DESIGN 4, 7).

It holds texts and a form; `browser/open.js` does the rest, and without scripts the page names the
command that does the same. Its own policy, in the page itself, lets it ask the site and the brokers
of the settings, wherever the page is hosted, and nobody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.build.artifact import Artifact
from generator.build.pages.access_views import OPEN_PAGE, AccessView, AccessViewer
from generator.build.pages.language import message
from generator.build.pages.rendering import Pages
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress
from passport.sealing.group_key import RESTRICTED_GROUPS

TITLE = message("Open restricted data")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenView:
    """What the page is told: whose passports it opens, which groups there are, its words."""

    site: str
    groups: tuple[AccessView, ...]
    words: str


def open_page(pages: Pages) -> Artifact:
    """Render the page in one language."""
    config, language = pages.plan.config, pages.templates.language
    view = OpenView(
        site=str(config.base_url),
        groups=AccessViewer(language).access(RESTRICTED_GROUPS, (), ""),
        words=pages.assets.open_words[pages.code],
    )
    policy = open_policy(config.base_url, config.brokers)
    title = language.text(TITLE)
    values = {"open": view}
    return pages.page("open.html", title, OPEN_PAGE, config.languages, values, policy)


def open_policy(base_url: BaseUrl, brokers: Iterable[BrokerAddress]) -> str:
    """Return the page's Content-Security-Policy: whole, since it may lie on a host of its own."""
    asked = " ".join(dict.fromkeys((str(base_url), *(str(broker.url) for broker in brokers))))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        f"connect-src 'self' {asked}; form-action 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
