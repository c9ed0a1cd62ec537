"""One battery's life, told step by step on two domains.

It is made, sold, measured ten times, damaged, repaired, handed over, repurposed under a new
operator on another domain, becomes waste there and is recycled. After each step the site verifies,
every version that ever was resolves, nothing restricted shows, and no URL stops answering.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.cli.build import build
from tests.cli import CommandLine
from tests.small_project import write, write_lot, write_model, write_project

FIRST = "https://id.example.com/01/09506000134352/21/A1"
SECOND = "https://second.example.org/01/09506000134369/21/B7"
_BATTERY = "01_09506000134352_21_A1"
_SUCCESSOR = "01_09506000134369_21_B7"
RESTRICTED = ("97.3 Ah", "97.3", "mechanical-damage", "not-examined", "repurposed", "W-2026-7")
_OPERATOR = """\
name: {name} GmbH
identifier: DE{number}
address: {{street: Hof 1, postal_code: "01067", city: Dresden, country: DE}}
email: post@{slug}.example
roles:
  - {{role: {role}, evidence: register, valid_from: 2020-01-01}}
"""


@dataclass
class Domain:
    """One operator's project and site; `seen` are all bytes that it ever published, by path."""

    project: Path
    run: CommandLine
    seen: dict[str, set[bytes]] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        return self.project / "site"

    def event(self, battery: str, day: str, kind: str, **members: object) -> None:
        """Append an event."""
        line = {"battery": battery, "time": day, "kind": kind, **members}
        path = self.project / "content/events/life.jsonl"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def publish(self) -> None:
        """Build on the site as it is, and hold the result to everything that must never break."""
        build(self.project, self.site)
        assert self.run("verify", self.site).code == 0
        files = {
            path.relative_to(self.site).as_posix(): path.read_bytes()
            for path in self.site.rglob("*")
            if path.is_file()
        }
        assert set(self.seen) <= set(files), "a URL stopped answering"
        for path, content in files.items():
            self.seen.setdefault(path, set()).add(content)
        _every_version_resolves(self.seen, files)
        # Every code has its name in the words of /open.
        told = (content for path, content in files.items() if "/open." not in path)
        text = b"\0".join(told).decode(errors="replace")
        assert not [word for word in RESTRICTED if word in text]

    def opened(self, product: str) -> str:
        """What whoever holds the key of point 4 reads of a battery, as JSON."""
        origin = "/".join(product.split("/")[:3])
        words = ("open", product, "--group", "xiii-4", "--at", f"{origin}={self.site}", "--json")
        done = self.run("--project", self.project, *words)
        assert done.code == 0, done.err
        [group] = json.loads(done.out)["opened"]
        return json.dumps(group["data"])

    def subject(self, battery: str) -> dict[str, object]:
        """What the battery's current passport says."""
        document = json.loads((self.site / f"dpp/{battery}/passport.json").read_bytes())
        subject: dict[str, object] = document["credentialSubject"]
        return subject


def _every_version_resolves(seen: dict[str, set[bytes]], files: dict[str, bytes]) -> None:
    for path, contents in seen.items():
        if path.endswith("/passport.json"):
            folder = path.removesuffix("passport.json")
            now = {content for name, content in files.items() if name.startswith(folder)}
            assert contents <= now, f"a version of {folder} is lost"


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: CommandLine) -> Domain:
    project = write_project(tmp_path / "first")
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,,", "A2,rack,2026-11-02,")
    texts = {"keeper": ("importer", 111111111), "works": ("waste-operator", 222222222)}
    for slug, (role, number) in texts.items():
        text = _OPERATOR.format(name=slug.title(), number=number, slug=slug, role=role)
        write(project, f"content/operators/{slug}.yaml", text)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796000000")
    return Domain(project, run)


@pytest.fixture
def second(first: Domain, tmp_path: Path) -> Domain:
    project = write_project(tmp_path / "second")
    settings = project / "cellfolio.toml"
    settings.write_text(settings.read_text().replace("id.example.com", "second.example.org"))
    write_model(project, "shed", "51.2", number=1)
    write_lot(project, "B7,shed,,")
    text = _OPERATOR.format(name="Works", number=222222222, slug="works", role="waste-operator")
    write(project, "content/operators/works.yaml", text)
    return Domain(project, first.run)


def test_a_battery_lives(first: Domain, second: Domain) -> None:
    first.publish()
    _it_is_sold_and_used(first)
    _it_is_damaged_and_repaired(first)
    _it_is_handed_over(first)
    _it_gets_a_second_life(first, second)
    _it_is_recycled(second)
    first.publish()
    assert first.subject(_BATTERY)["dppStatus"] == "replaced"


def _it_is_sold_and_used(first: Domain) -> None:
    first.event(_BATTERY, "2026-11-02", "placed-on-market")
    first.event(_BATTERY, "2026-11-03", "put-into-service")
    first.publish()
    for day in range(4, 14):
        values = {"remaining_capacity": "97.3 Ah", "full_cycles": f"{day} cycles"}
        first.event(_BATTERY, f"2026-11-{day:02d}", "measurement", values=values, method="bms")
        first.publish()
    assert first.subject(_BATTERY)["dppStatus"] == "current"


def _it_is_damaged_and_repaired(first: Domain) -> None:
    before = first.subject(_BATTERY)
    harm = {"event": "mechanical-damage", "severity": "not-examined"}
    first.event(_BATTERY, "2026-11-14", "negative-event", **harm)
    first.publish()
    mended = {"parts": ["housing"], "mends": "mechanical-damage"}
    first.event(_BATTERY, "2026-11-15", "repair", **mended)
    first.publish()
    assert first.subject(_BATTERY) == before, "nobody sees that it was damaged"
    seen = first.opened(FIRST)
    assert [word for word in RESTRICTED if word in seen] == list(RESTRICTED[1:4])


def _it_is_handed_over(first: Domain) -> None:
    change = {"holder": "keeper", "evidence": "H-1"}
    first.event(_BATTERY, "2026-11-16", "responsibility-change", **change)
    first.publish()
    assert first.subject(_BATTERY)["economicOperatorId"] == "DE111111111"


def _it_gets_a_second_life(first: Domain, second: Domain) -> None:
    work = {"operation": "repurposing"}
    second.event(_SUCCESSOR, "2026-11-18", "predecessor", predecessors=[FIRST], **work)
    second.event(_SUCCESSOR, "2026-11-19", "placed-on-market")
    second.publish()
    first.event(_BATTERY, "2026-11-17", "status-change", status="repurposed", **work)
    first.event(_BATTERY, "2026-11-18", "successor", successor=SECOND, **work)
    first.publish()
    assert first.subject(_BATTERY)["successors"] == [SECOND]
    assert second.subject(_SUCCESSOR)["predecessors"] == [FIRST]


def _it_is_recycled(second: Domain) -> None:
    waste = {"holder": "works", "evidence": "W-2026-7"}
    second.event(_SUCCESSOR, "2026-11-20", "waste", **waste)
    second.publish()
    assert second.subject(_SUCCESSOR)["economicOperatorId"] == "DE222222222"
    second.event(_SUCCESSOR, "2026-11-21", "recycled", evidence="R-1")
    second.publish()
    ceased = second.subject(_SUCCESSOR)
    assert ceased["dppStatus"] == "ceased"
    assert "nominalVoltage" not in ceased
    page = (second.site / "01/09506000134369/21/B7.html").read_text(encoding="utf-8")
    assert "This passport has ceased" in page


def test_the_files_of_both_domains_stand_apart(first: Domain, second: Domain) -> None:
    first.publish()
    second.publish()
    origins = [json.loads((d.site / "manifest/index.json").read_bytes()) for d in (first, second)]
    assert [o["log"]["origin"].split("/")[0] for o in origins] == [
        "id.example.com",
        "second.example.org",
    ]
