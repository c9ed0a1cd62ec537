"""Files that nothing can read: each is told at its name, and the rest is checked all the same."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from generator.content.check import check
from generator.content.load import load
from passport.problems import Findings
from tests.small_project import write, write_lot, write_model, write_project

RACK = "content/models/rack"
LATIN = "Geh\xe4use".encode("latin-1")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,")
    return folder


def told(project: Path) -> list[tuple[str, str]]:
    findings = Findings()
    content = load(project, findings)
    assert [str(battery.serial) for battery in content.batteries] == ["A1"], "the rest is read"
    return [(problem.place.file, problem.message) for problem in findings.problems]


def test_a_sound_project_has_nothing_to_tell(project: Path) -> None:
    write(project, f"{RACK}/about.md", "It is *heavy*.\n")
    write(project, f"{RACK}/about.de.md", "Er ist *schwer*.\n")
    write(project, f"{RACK}/documents/README.txt", "beside the documents")
    write(project, f"{RACK}/.draft.yaml", "a: 1\n")
    assert told(project) == []


@pytest.mark.parametrize(
    "name",
    [
        "content/operater/maker.yaml",
        "content/hosting.yml",
        "content/operators/other.yml",
        "content/batteries/lot.CSV",
        "content/events/2026.json",
        "content/events/signed/one.jsonl",
        "content/access/policies.yaml",
        "content/access/clients/one.yml",
        f"{RACK}/perfomance.yaml",
        f"{RACK}/waste.yml",
        f"{RACK}/aboutness.md",
        f"{RACK}/restricted/xii-2.yaml",
    ],
)
def test_a_misspelt_name_is_not_passed_over(project: Path, name: str) -> None:
    write(project, name, "a: 1\n")
    (found,) = told(project)
    assert name.startswith(found[0])
    assert found[1] == "nothing reads this"


def link(path: Path) -> None:
    """Link to a file with secrets, as a branch could."""
    secret = path.parent / ".secret"
    secret.write_text("token")
    path.symlink_to(secret)


@pytest.mark.parametrize("make", [Path.mkdir, link, lambda path: path.symlink_to("nowhere")])
@pytest.mark.parametrize(
    "name",
    [
        "content/labels.yaml",
        "content/withdrawn.jsonl",
        "content/access/policy.yaml",
        "content/access/refused.jsonl",
        "content/operators/other.yaml",
        "content/batteries/other.csv",
        "content/events/2026.jsonl",
        "content/events/signed/one.json",
        "content/access/clients/one.yaml",
        f"{RACK}/waste.yaml",
        f"{RACK}/about.md",
        f"{RACK}/restricted/xiii-2.yaml",
    ],
)
def test_what_is_no_file_is_told(project: Path, name: str, make: Callable[[Path], None]) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path)
    assert told(project) == [(name, "nothing reads this")]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("about.md", LATIN, "byte 0xE4 is not UTF-8"),
        ("about.md", "heavy".encode("utf-16"), "the file is UTF-16 or UTF-32, not UTF-8"),
        (
            "about.md",
            b"heavy\x00",
            "the invisible character U+0000 (control character) stands here",
        ),
        ("about.DE.md", b"schwer", "'DE' is not a language code"),
    ],
)
def test_prose_that_can_not_be_shown_is_told(
    project: Path, name: str, data: bytes, message: str
) -> None:
    (project / RACK / name).write_bytes(data)
    assert told(project) == [(f"{RACK}/{name}", message)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xef\xbb\xbf{}", "the file starts with a byte-order mark"),
        ("{}".encode("utf-16"), "the file is UTF-16 or UTF-32, not UTF-8"),
        (LATIN, "byte 0xE4 is not UTF-8"),
        (b'{"a":"' + b"x" * 70_000 + b'"}', "this line is longer than 65536 bytes"),
        (b"null\n", "this is no object, or not every reader would read the same from it"),
        (b'{"a":' + b"[" * 20_000, "this is no object, or not every reader would read the same"),
    ],
)
def test_events_that_are_no_lines_of_text_are_told(
    project: Path, data: bytes, message: str
) -> None:
    write(project, "content/events/2026.jsonl", "").write_bytes(data)
    assert told(project)[0][1].startswith(message)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "csv",
            b"serial,model,plant,manufactured\nA-1,rock,north,2026-11\nA-2,r\xe4ck,n,2026-11\n",
        ),
        (
            "jsonl",
            b'{"serial":"A-1","model":"rock","plant":"north","manufactured":"2026-11"}\n\xe4',
        ),
    ],
)
def test_rows_before_a_bad_byte_are_checked(project: Path, name: str, rows: bytes) -> None:
    write(project, f"content/batteries/other.{name}", "").write_bytes(rows)
    problems = check(project, date(2026, 11, 20)).problems
    found = [each.message for each in problems if each.place.file.endswith(f"other.{name}")]
    assert sorted(found) == ["byte 0xE4 is not UTF-8", "there is no model 'rock'"]


def test_the_name_of_a_document_may_be_anything(project: Path) -> None:
    with (project / RACK / "model.yaml").open("a") as model:
        model.write(f"documents: {{a: {{file: {'x' * 5000}, sha256: x, title: a, languages: en}}}}")
    assert told(project) == [(f"{RACK}/model.yaml", "the file's name has 5000 characters")]


@pytest.mark.parametrize(
    "line", ['expected_cycles: "{}"', "warranty_period: {} years", "power_limit: {} W"]
)
def test_a_number_longer_than_any_reader_holds_is_told(project: Path, line: str) -> None:
    write(project, f"{RACK}/performance.yaml", line.format("9" * 5000))
    ((file, message),) = told(project)
    assert file == f"{RACK}/performance.yaml"
    assert " is not a " in message
