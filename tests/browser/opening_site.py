"""A site with sealed groups, its broker on this machine, and browsers of a recycler and others.

The broker is the real one, behind TLS; its bundle has the keys that the browsers made.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.cli.build import build
from passport.access.rule import Actor, Assurance, Authentication, AuthenticationMethod
from passport.signing.jwk import parse_public_jwk
from tests.access_project import POLICY
from tests.broker_bundles import client
from tests.broker_process import RunningBroker, running
from tests.broker_running import present_bundle, present_project
from tests.browser.tls_front import TlsFront
from tests.small_project import write

HOST = "id.example.com"
OWN = "opener.example.net"
"""Another origin, which has the page but no passports."""
KEYS = "keys.example.com"
SITE = f"https://{HOST}"
MODEL = "/01/09506000134352"
BATTERY = f"{MODEL}/21/AR-0001"
DPP = "01_09506000134352"
BATTERY_DPP = f"{DPP}_21_AR-0001"
MARKUP = "<img src=x onerror=document.title='run'><b>bold</b>"
"""What a hostile author writes into a text."""
_TEMPLATE = Path(__file__).parents[2] / "generator/cli/template"
_BROKERS = """
[[brokers]]
url = "https://keys.example.com"
groups = ["xiii-2", "xiii-3", "xiii-4"]
"""
_EVENTS = (
    {"kind": "put-into-service", "time": "2026-11-05"},
    {
        "kind": "measurement",
        "time": "2026-11-10T08:30:00Z",
        "values": {"current_rated_capacity": "98.4 Ah"},
    },
    {
        "kind": "negative-event",
        "time": "2026-11-12",
        "event": "mechanical-damage",
        "severity": "not-examined",
    },
)


def build_opening_site(project: Path, more: str = "") -> Path:
    """Build the minimal site with brokers and events; returns its folder."""
    settings = project / "cellfolio.toml"
    text = settings.read_text(encoding="utf-8").replace('["en"]', '["en", "de"]')
    settings.write_text(text + more + _BROKERS, encoding="utf-8")
    lines = [json.dumps({"battery": BATTERY_DPP, **event}) + "\n" for event in _EVENTS]
    write(project, "content/events/2026.jsonl", "".join(lines))
    restricted = project / "content/models/rack/restricted/xiii-2.yaml"
    warned = restricted.read_text(encoding="utf-8").replace("Secret lid", f"{MARKUP} Secret lid")
    restricted.write_text(warned, encoding="utf-8")
    write(project, POLICY, (_TEMPLATE / POLICY).read_text(encoding="utf-8"))
    build(project, project / "site")
    return project / "site"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser of their own, and the key that it made."""

    context: BrowserContext
    page: Page
    jwk: dict[str, str]
    did: str


def visitor(browser: Browser, host: str = HOST) -> Visitor:
    """Open the page, make a key, and read its public part off the page."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"https://{host}/open")
    page.get_by_role("button", name="Make a key").click()
    expect(page.locator("#jwk")).to_contain_text("Ed25519")
    line = page.locator("#jwk").inner_text()
    match = re.fullmatch(r"key: (\{.*\})", line)
    assert match, line
    return Visitor(context, page, json.loads(match[1]), page.locator("#did").inner_text())


@contextmanager
def broker_of(
    folder: Path, front: TlsFront, clients: Sequence[tuple[str, Actor, Visitor]]
) -> Iterator[RunningBroker]:
    """Run a broker that knows these browsers' keys."""
    entered = tuple(
        client(name, role, public_key=parse_public_jwk(who.jwk)) for name, role, who in clients
    )
    made = present_bundle(clients=entered)
    both = Authentication(frozenset(AuthenticationMethod), Assurance.SUBSTANTIAL)
    rules = tuple(replace(rule, authentication=both) for rule in made.policy.rules)
    config = present_project(folder, replace(made, policy=replace(made.policy, rules=rules)))
    text = config.read_text().replace(
        f'origins = ["{SITE}"]', f'origins = ["{SITE}", "https://{OWN}"]'
    )
    config.write_text(text)
    with running(config) as broker:
        host, port = broker.public.removeprefix("http://").split(":")
        front.leads_to((host, int(port)))
        try:
            yield broker
        finally:
            front.leads_to(None)
