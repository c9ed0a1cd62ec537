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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tests.escrowed import write_demo_keys
from tests.foreign_node import Object, ask
from tests.foreign_python import accepts_document
from tests.opener import opened
from tests.small_project import write, write_lot, write_model, write_project

FOLDER = "dpp/01_09506000134352_21_A1"
BATTERY = f"{FOLDER}/passport.json"
MODEL = "content/models/rack"
PASSPORT = re.compile(r"dpp/[^/]+/passport\.json")
COMMITTED = {
    "GIT_AUTHOR_NAME": "Life",
    "GIT_AUTHOR_EMAIL": "life@maker.example",
    "GIT_COMMITTER_NAME": "Life",
    "GIT_COMMITTER_EMAIL": "life@maker.example",
}


@dataclass(frozen=True, slots=True)
class Life:
    """A project under Git and the site that it publishes.

    `opened` is what each sealed file was found to hold when it was opened last, by its path.
    """

    project: Path
    opened: dict[str, Object] = field(default_factory=dict)

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
        self.open()
        return report

    def open(self) -> None:
        """Open every sealed file as who holds all keys; what opened once still does, to the byte.

        But for what was withdrawn, or a document whose payload was: their addresses stay.
        """
        told = opened(self.site, write_demo_keys(self.project.parent))
        found = {line["path"]: line for line in told}
        assert set(self.opened) <= set(found), "no sealed file vanishes"
        assert not [line for line in told if "sealed" in line], "no key is missing"
        for path, before in self.opened.items():
            assert found[path] == before or found[path].keys() & {"withdrawn", "unnamed"}
        self.opened.update(found)

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
    third = _restricted_data_joins(life, third)
    _a_killed_build_is_finished_by_the_next(life, third)
    _foreign_software_verifies_it(life)
    _it_goes_on_as_another_battery(life)
    _it_becomes_waste_and_is_recycled(life)
    _a_drawing_is_sealed_and_renewed(life)
    _what_was_sealed_is_withdrawn(life)


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


def _restricted_data_joins(life: Life, before: dict[str, bytes]) -> dict[str, bytes]:
    """A model's point 2 and a battery's point 4: sealed, and nobody else's passport changes."""
    write(life.project, f"{MODEL}/restricted/xiii-2.yaml", _RESTRICTED)
    harm = {"event": "mechanical-damage", "severity": "not-examined"}
    life.event("A2", "2026-11-22", "negative-event", **harm)
    life.commit("Tell how to open it, and of a fall", "2026-11-22")
    assert life.build()["new_versions"] == 2

    after = life.files()
    assert after[BATTERY] == before[BATTERY]
    assert _words(life, "xiii-2") == ["Open the lid, CANARY."]
    assert [_kinds(life, serial) for serial in ("A1", "A2")] == [[], ["negative-event"]]
    assert not _leaks(after)
    return after


def _words(life: Life, group: str) -> list[str]:
    """What the steps of the model's latest payload say."""
    version = _latest(life, f"dpp/01_09506000134352/sealed/{group}/")
    steps = version["content"]["disassemblySequence"]["value"]
    return [step["action"]["en"] for step in steps]


def _kinds(life: Life, serial: str) -> list[str]:
    """The events of a battery's latest payload."""
    payload = _latest(life, f"dpp/01_09506000134352_21_{serial}/sealed/xiii-4/")
    return [event["kind"] for event in payload["content"].get("history", [])]


def _latest(life: Life, folder: str) -> Object:
    lines = [line for path, line in life.opened.items() if path.startswith(folder)]
    found = [line for line in lines if "content" in line]
    return max(found, key=lambda line: int(line["version"]))


def _leaks(files: dict[str, bytes]) -> list[str]:
    """Files that tell the model's secrets, and those of products that tell of the fall."""
    texts = [path for path, content in files.items() if b"CANARY" in content]
    codes = [path for path, content in files.items() if b"mechanical-damage" in content]
    return texts + [path for path in codes if path.startswith(("dpp/", "01/", "de/"))]


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
    told = [path for path, content in after.items() if b"repurposed" in content]
    assert all("/open." in path for path in told), "that is point 4(c); those name every code"


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


def _a_drawing_is_sealed_and_renewed(life: Life) -> None:
    """A model's document lies sealed beside its payload, and another edition beside the first."""
    for day, drawing in (("2026-12-27", b"CANARY, 1st edition"), ("2026-12-28", b"CANARY, 2nd")):
        before = life.files()
        (life.project / MODEL / "restricted/view.pdf").write_bytes(drawing)
        write_model(life.project, "rack", "51.2")
        digest = sha256(drawing).hexdigest()
        with (life.project / MODEL / "model.yaml").open("a", encoding="utf-8") as file:
            file.write(_DRAWING.format(digest=digest))
        write(life.project, f"{MODEL}/restricted/xiii-2.yaml", f"{_RESTRICTED}    drawing: view\n")
        life.commit("Draw how to open it", day)
        assert life.build()["new_versions"] == 1

        after = life.files()
        assert set(before) < set(after)
        assert after[BATTERY] == before[BATTERY], "a drawing re-signs no battery"
        assert digest in {line.get("sha256") for line in life.opened.values()}
        assert not _leaks(after)


def _what_was_sealed_is_withdrawn(life: Life) -> None:
    """A1's payloads went as it ceased; now a model's do that came before the drawing."""
    gone = {path for path, line in life.opened.items() if "withdrawn" in line}
    assert gone == {path for path in life.opened if path.startswith(f"{FOLDER}/")}
    before = life.files()
    last = _latest(life, "dpp/01_09506000134352/sealed/xiii-2/")["version"]
    refusal = {"passport": "01_09506000134352", "group": "xiii-2", "before_version": last}
    line = {**refusal, "reason": "wrong step", "refused_on": "2026-12-29"}
    write(life.project, "content/access/refused.jsonl", f"{json.dumps(line)}\n")
    life.commit("Withdraw how it was opened before", "2026-12-29")
    assert life.build()["new_versions"] == 0

    after = life.files()
    changed = {path for path in before if after[path] != before[path]}
    sealed = {path for path in changed if "/sealed/" in path}
    assert sealed == {path for path in before if "/xiii-2/" in path} - {
        f"dpp/01_09506000134352/sealed/xiii-2/{last}.json"
    }
    assert all(path.startswith(("manifest/", "log/")) for path in changed - sealed)
    assert _words(life, "xiii-2") == ["Open the lid, CANARY."]


_WASTE_OPERATOR = """\
name: Waste Works GmbH
identifier: DE987654321
address: {street: Hof 1, postal_code: "01067", city: Dresden, country: DE}
email: post@works.example
roles:
  - {role: waste-operator, evidence: register, valid_from: 2020-01-01}
"""
_RESTRICTED = """\
disassembly_sequence:
  - step: 1
    action: {en: "Open the lid, CANARY.", de: "Deckel öffnen, CANARY."}
"""
_DRAWING = """\
documents:
  view:
    file: restricted/view.pdf
    sha256: {digest}
    title: CANARY
    languages: [en]
    number: 1
"""


def _updated(passport: bytes) -> str:
    updated: str = json.loads(passport)["credentialSubject"]["lastUpdate"]
    return updated
