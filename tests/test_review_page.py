"""The page that walks a team through its first month shows what the commands print."""

import re
import subprocess
from pathlib import Path

import pytest

from passport.registry import registry
from tests.cli import CommandLine
from tests.committed import COMMITTED
from tests.small_project import write

PAGE = Path(__file__).parent.parent / "docs/review.md"
MODEL = "content/models/rack-battery-48v"
CARBON = """\
carbon_footprint:
  value:
    per_functional_unit: 0.0257 kgCO2e/kWh
    raw_material: 0.0171 kgCO2e/kWh
    main_production: 0.0069 kgCO2e/kWh
    distribution: 0.0006 kgCO2e/kWh
    end_of_life: 0.0011 kgCO2e/kWh
    functional_unit: 1 kWh of the energy that the battery delivers over its life
    plant: Vienna works
    year: 2026
    declaration_id: CE-48V-01
    study: https://www.muster.example/studies/48v-2026.pdf
  as_of: 2026-07-31
  method: Product environmental footprint, primary data of the plant
  basis: verified
"""
CLIENT = """\
organisation: Recycling Graz GmbH
key: {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
actors: recycler
assurance: substantial
status: active
valid_from: 2026-11-01
valid_until: 2027-10-31
evidence: register
approver: Ada Example
review_due: 2027-10-31
"""


class Team:
    """A team's site in Git."""

    def __init__(self, folder: Path, run: CommandLine) -> None:
        self.folder, self._run = folder, run
        assert run("init", folder, "--operator", "Muster Batterien AG").code == 0
        self._git("init -q -b main")
        self.commits("Start from a template")

    def _git(self, words: str) -> None:
        subprocess.run(["git", *words.split()], cwd=self.folder, check=True)

    def commits(self, message: str) -> None:
        self._git("add -A")
        write(self.folder, ".git/MESSAGE", message)
        self._git("commit -q -F .git/MESSAGE")

    def edits(self, name: str, *pairs: tuple[str, str]) -> None:
        text = (self.folder / name).read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        write(self.folder, name, text)

    def tells(self, *words: str) -> list[str]:
        """Return the lines that `cellfolio diff` prints."""
        done = self._run("--project", self.folder, "diff", *words)
        assert done.code == 0, done.err
        return [line.strip() for line in done.out.splitlines() if line.strip()]


@pytest.fixture
def team(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Team:
    for name, value in COMMITTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796000000")  # 2026-11-30
    return Team(tmp_path / "site", CommandLine(monkeypatch, capsys))


def _shown(lines: list[str]) -> None:
    """Every line stands on the page; one that it breaks or cuts with … is looked for in parts."""
    page = re.sub(r"\s+", " ", PAGE.read_text("utf-8").replace("\n", " "))
    for line in lines:
        assert line in page, line


def test_the_first_month(team: Team) -> None:
    team.edits(f"{MODEL}/performance.yaml", ("nominal_voltage: 51.2 V", "nominal_voltage: 51.3 V"))
    _shown(team.tells())
    team.commits("Mend the voltage")

    write(team.folder, f"{MODEL}/carbon.yaml", CARBON)
    (marked,) = (line for line in team.tells() if line.startswith("⚠"))
    _shown([marked.partition("0.0257 kgCO2e/kWh, ")[0]])
    team.commits("State it\n\nPassport-Reason: new-requirement: carbon footprint declaration\n")

    figures = (("0.0171 kgCO2e", "0.0168 kgCO2e"), ("0.0257 kgCO2e", "0.0254 kgCO2e"))
    team.edits(f"{MODEL}/carbon.yaml", *figures)
    write(team.folder, "content/access/clients/recycling-graz.yaml", CLIENT)
    rows = (team.folder / "content/batteries/2026-11.csv").read_text().splitlines()
    lot = "".join(f"MB26-{n:06d},{rows[1].partition(',')[2]}\n" for n in range(1000))
    write(team.folder, "content/batteries/2026-12.csv", f"{rows[0]}\n{lot}")
    why = "Passport-Reason: new-value: primary data of the second half-year"
    team.commits(f"December\n\n{why}\n")
    told = [
        re.sub(r"\\(\W)", r"\1", line).replace("1,000", "100,000")
        for line in team.tells("HEAD~1", "HEAD", "--format", "markdown")
    ]
    _shown(told)

    team.edits(f"{MODEL}/restricted/xiii-2.yaml", ("Switch the breaker off", "Open the breaker"))
    event = '{"battery": "01_09506000160481_21_EX26-000001", "time": "2026-11-17", "kind": "%s"}\n'
    write(team.folder, "content/events/2026.jsonl", event % "put-into-service")
    _shown([line for line in team.tells() if "restricted" in line])


def test_the_page_lists_the_reasons() -> None:
    page = PAGE.read_text("utf-8")
    table = page.partition("| code | for |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)
    assert listed == list(registry().code_lists["change_reason"])
