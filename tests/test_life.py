"""The golden life test (DESIGN 8): one site's life, told in chapters that only ever grow.

Build, publish, change, build on the previous site, kill, recover, verify, nothing lost. Each
capability adds chapters; none is rewritten. Everything goes through the command line, as a process
of its own, in a project under Git.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.foreign_node import ask
from tests.foreign_python import accepts_document
from tests.small_project import write, write_lot, write_model, write_project

FOLDER = "dpp/01_09506000134352_21_A1"
BATTERY = f"{FOLDER}/passport.json"
PASSPORT = re.compile(r"dpp/[^/]+/passport\.json")
COMMITTED = {
    "GIT_AUTHOR_NAME": "Life",
    "GIT_AUTHOR_EMAIL": "life@maker.example",
    "GIT_COMMITTER_NAME": "Life",
    "GIT_COMMITTER_EMAIL": "life@maker.example",
}


@dataclass(frozen=True, slots=True)
class Life:
    """A project under Git and the site that it publishes."""

    project: Path

    @property
    def site(self) -> Path:
        return self.project / "site"

    def commit(self, message: str, day: str) -> None:
        """Commit everything, dated so that builds are."""
        dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{day}T12:00:00Z")
        for words in (["add", "-A"], ["commit", "-q", "-m", message]):
            subprocess.run(
                ["git", *words], cwd=self.project, check=True, env=os.environ | COMMITTED | dates
            )

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start `cellfolio` as a process of its own."""
        code = "from generator.cli.main import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, "--project", str(self.project), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        """Run `cellfolio` to its end; it must succeed."""
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, out + err
        return out

    def event(self, serial: str, day: str, kind: str, **members: str) -> None:
        """Write an event of a battery, as its own line of a file that only grows."""
        line = {"battery": f"01_09506000134352_21_{serial}", "time": day, "kind": kind, **members}
        path = self.project / "content/events/life.jsonl"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def build(self) -> dict[str, object]:
        """Build, verify as a stranger would, and return the build's report."""
        report: dict[str, object] = json.loads(self.run("build", "--json"))
        verified = json.loads(self.run("verify", str(self.site), "--json"))
        assert verified["verdict"] == "genuine"
        return report

    def files(self) -> dict[str, bytes]:
        """The whole site."""
        found = (path for path in self.site.rglob("*") if path.is_file())
        return {path.relative_to(self.site).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def life(tmp_path: Path) -> Life:
    project = write_project(tmp_path / "project")
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
    (project / ".gitignore").write_text("/site/\n/.site.publish/\n")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    return Life(project)


def test_life(life: Life) -> None:
    first = _it_is_built(life)
    _building_again_changes_nothing(life, first)
    second = _a_figure_changes(life, first)
    third = _a_battery_joins(life, second)
    _a_killed_build_is_finished_by_the_next(life, third)
    _foreign_software_verifies_it(life)
    _it_goes_on_as_another_battery(life)
    _it_becomes_waste_and_is_recycled(life)


def _it_is_built(life: Life) -> dict[str, bytes]:
    life.commit("Begin", "2026-11-20")
    assert life.build()["passports"] == 3
    assert _updated(life.files()[BATTERY]) == "2026-11-20T12:00:00Z"
    return life.files()


def _building_again_changes_nothing(life: Life, first: dict[str, bytes]) -> None:
    assert life.build()["written"] == 0
    assert life.files() == first


def _a_figure_changes(life: Life, before: dict[str, bytes]) -> dict[str, bytes]:
    write_model(life.project, "rack", "48.0")
    life.commit("Mend the voltage\n\nPassport-Reason: typing error in the voltage", "2026-11-21")
    life.build()

    after = life.files()
    assert set(before) <= set(after), "no URL vanishes"
    assert _updated(after[BATTERY]) == "2026-11-21T12:00:00Z"
    _the_version_before_stays(before, after)
    return after


def _the_version_before_stays(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    history = json.loads(after[f"{FOLDER}/versions.json"])["versions"]
    assert after[f"{FOLDER}/v/1.json"] == before[BATTERY]
    assert [line["version"] for line in history] == [1, 2]
    assert history[1]["reason"] == "typing error in the voltage"
    assert history[1]["changed"] == ["nominalVoltage"]
    assert history[0]["validTo"] == history[1]["validFrom"]
    (links,) = json.loads(after[f"{FOLDER}/linkset.json"])["linkset"]
    assert links["predecessor-version"][0]["href"].endswith(f"/{FOLDER}/v/1.json")
    assert links["version-history"][0]["href"].endswith(f"/{FOLDER}/versions.json")


def _a_battery_joins(life: Life, before: dict[str, bytes]) -> dict[str, bytes]:
    rows = ("A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "A3,rack,2027-03-01,")
    write_lot(life.project, *rows)
    life.commit("Add a battery", "2026-11-22")
    life.build()

    after = life.files()
    assert set(before) < set(after)
    assert after[BATTERY] == before[BATTERY], "what others do re-signs no passport"
    return after


def _a_killed_build_is_finished_by_the_next(life: Life, before: dict[str, bytes]) -> None:
    write_model(life.project, "rack", "51.2")
    life.commit("Mend the voltage back", "2026-11-23")
    chance = random.Random(11)
    for _ in range(3):
        process = life.start("build")
        time.sleep(chance.uniform(0.1, 0.9))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    life.build()

    after = life.files()
    assert set(before) < set(after), "only versions and tiles of the log are new"
    assert all(path.startswith(("dpp/", "log/")) for path in set(after) - set(before))
    assert _updated(after[BATTERY]) == "2026-11-23T12:00:00Z"


def _foreign_software_verifies_it(life: Life) -> None:
    """It gets the published bytes, and nothing else from us."""
    files = life.files()
    issuer = [json.loads(files[".well-known/did.json"])]
    documents = [json.loads(files[path]) for path in sorted(files) if PASSPORT.fullmatch(path)]
    assert len(documents) == 4

    passports = [{"document": document, "didDocuments": issuer} for document in documents]
    log = {"log": files[".well-known/did.jsonl"].decode()}
    assert [answer["verified"] for answer in ask([*passports, log])] == [True] * 5
    now = datetime(2026, 11, 24, tzinfo=UTC)  # it takes a passport from its date on
    assert all(accepts_document(document, issuer, now) for document in documents)


def _it_goes_on_as_another_battery(life: Life) -> None:
    """Another operator repurposes A2 under a passport on a domain of its own (Art. 77(7))."""
    before = life.files()
    successor = "https://second.example.org/01/09506000134369/21/B2"
    life.event("A2", "2026-12-10", "status-change", status="repurposed", operation="repurposing")
    life.event("A2", "2026-12-11", "successor", successor=successor, operation="repurposing")
    life.commit("Tell of its second life", "2026-12-12")
    life.build()

    after = life.files()
    subject = json.loads(after[BATTERY.replace("_A1", "_A2")])["credentialSubject"]
    assert (subject["dppStatus"], subject["successors"]) == ("replaced", [successor])
    assert successor in after["01/09506000134352/21/A2.html"].decode()
    assert after[BATTERY] == before[BATTERY], "nobody else's passport changes"
    assert not any(b"repurposed" in content for content in after.values()), "that is point 4(c)"


def _it_becomes_waste_and_is_recycled(life: Life) -> None:
    before = life.files()
    write(life.project, "content/operators/works.yaml", _WASTE_OPERATOR)
    life.event("A1", "2026-12-20", "waste", holder="works", evidence="W-1")
    life.commit("Hand it over as waste", "2026-12-21")
    life.build()
    held = json.loads(life.files()[BATTERY])
    assert held["credentialSubject"]["economicOperatorId"] == "DE987654321"
    assert held["version"] == json.loads(before[BATTERY])["version"] + 1

    life.event("A1", "2026-12-25", "recycled", evidence="R-1")
    life.commit("Tell that it was recycled", "2026-12-26")
    life.build()
    after = life.files()
    ceased = json.loads(after[BATTERY])["credentialSubject"]
    assert ceased["dppStatus"] == "ceased"
    assert "ratedCapacity" not in ceased, "only the header is left"
    assert set(before) < set(after), "no URL stopped answering"
    assert json.loads(after[f"{FOLDER}/v/1.json"])["credentialSubject"]["ratedCapacity"]


_WASTE_OPERATOR = """\
name: Waste Works GmbH
identifier: DE987654321
address: {street: Hof 1, postal_code: "01067", city: Dresden, country: DE}
email: post@works.example
roles:
  - {role: waste-operator, evidence: register, valid_from: 2020-01-01}
"""


def _updated(passport: bytes) -> str:
    updated: str = json.loads(passport)["credentialSubject"]["lastUpdate"]
    return updated
