"""`cellfolio diff`: what it may tell, what it compares, and reasons of the fixed list."""

import json
import tempfile
from pathlib import Path

import pytest

from passport.registry import registry
from tests.access_project import POLICY
from tests.cli import CommandLine
from tests.restricted_site import HARM
from tests.reviewed import PERFORMANCE, ReviewedProject
from tests.small_project import write

NOT_YET = "carbon_footprint_label: {not_applicable: Not adopted.}\n"
CARBON = "content/models/rack/carbon.yaml"


@pytest.fixture
def project(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> ReviewedProject:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
    return ReviewedProject(tmp_path / "project", run)


@pytest.fixture
def canaries(project: ReviewedProject) -> ReviewedProject:
    """A change of everything that is restricted, each with a canary before and after."""
    model = project.folder / "content/models/rack"
    path = model / "evidence.yaml"
    entry = "\ncanary-entry:\n  covers: [disassembly_sequence]\n" + _ENTRY
    path.write_text(path.read_text() + entry)
    project.commit("Enter a record")
    path.write_text(path.read_text().replace("CANARY-RECORD", "CANARY-OTHER-RECORD"))
    project.says(
        "disassembly_sequence:\n  - step: 1\n    action: Break it, CANARY-NEW-ACTION.\n"
        "safety_measures:\n  - Keep CANARY-DISTANCE.\n"
    )
    write(project.folder, "content/models/rack/restricted/canary-file.pdf", "%PDF-1.7 CANARY")
    text = (model / "model.yaml").read_text().replace("view.pdf", "canary-file.pdf")
    text = text.replace("CANARY-TITLE", "CANARY-NEW-TITLE").replace("  view:", "  canary-id:")
    (model / "model.yaml").write_text(text)
    project.tells(
        {"kind": "put-into-service", "time": "2026-12-02"},
        {"time": "2026-12-03", **MEASURED},
        {"time": "2026-12-04", **HARM},
    )
    return project


MEASURED: dict[str, object] = {
    "kind": "measurement",
    "method": "bms",
    "values": {"remaining_capacity": "91.7305846 Ah"},
}
_ENTRY = """\
  source_system: plm
  record: CANARY-RECORD
  owner: quality
  updater: engineer
  rule: As drawn
  result: passed
  validated_on: 2026-10-01
  trigger: change of parts
  frequency: at each change
"""
SECRETS = ("CANARY", "canary", "91.73", "mechanical", "not-examined", "Break it", "view")


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_restricted_values_are_told_only_where_they_are_asked_for(
    canaries: ReviewedProject, form: str
) -> None:
    told = canaries.text("--format", form)
    assert [secret for secret in SECRETS if secret in told] == []
    assert "restricted, not shown" in told
    assert "restricted data of 1 battery" in told
    assert "a document that is not public" in told
    assert "an entry about restricted values" in told
    shown = canaries.text("--format", form, "--restricted")
    assert "CANARY" in shown
    assert "canary-id" in shown


def test_problems_of_restricted_files_show_no_value(project: ReviewedProject) -> None:
    project.says("detailed_composition: CANARY-SHAPE\n")
    told = project.text()
    assert "restricted/xiii-2.yaml" in told
    assert "CANARY" not in told


def test_a_project_in_a_folder_of_its_repository(
    tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ReviewedProject(tmp_path / "whole/products/passports", run)
    whole = tmp_path / "whole"
    (project.folder / ".git").rename(whole / ".git")
    write(whole, "README.md", "Not ours\n")
    project.commit("Move down")
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    assert "51.2 V → 52 V" in project.text()
    project.commit("Say another voltage")
    assert "51.2 V → 52 V" in project.text("HEAD~1", "HEAD")
    monkeypatch.chdir(whole)
    done = run("--project", "products/passports", "diff", "HEAD~1", "HEAD")
    assert "51.2 V → 52 V" in done.out


def test_two_folders_are_compared(project: ReviewedProject, tmp_path: Path) -> None:
    other = tmp_path / "other"
    project.git("worktree", "add", "-q", str(other))
    write(other, PERFORMANCE, "nominal_voltage: 52 V\nrated_capacity: 100 Ah\n")
    assert "51.2 V → 52 V" in project.text("HEAD", other)
    assert "52 V → 51.2 V" in project.text(other, ".")


def test_a_revision_without_a_policy(project: ReviewedProject) -> None:
    text = (project.folder / POLICY).read_text()
    (project.folder / POLICY).unlink()
    (project.folder / "content/access/clients/recycler.yaml").unlink()
    project.commit("Have no policy")
    write(project.folder, POLICY, text)
    lines = project.diff()
    assert any(line.startswith("⚠ access, recycler (gains xiii-2, xiii-4 for ") for line in lines)
    assert all(" (gains " in line for line in lines)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing",), "'nothing' is neither a project's folder nor a revision that Git knows"),
        (("--", "--output=x"), "'--output=x' is neither"),
        (("HEAD:content",), "'HEAD:content' is neither"),
        (("",), "'' is neither"),
    ],
)
def test_what_is_neither_is_refused(
    project: ReviewedProject, words: tuple[str, ...], told: str
) -> None:
    done = project.run("--project", project.folder, "diff", *words)
    assert done.code == 2
    assert told in done.err


def test_a_revision_before_the_project(project: ReviewedProject) -> None:
    project.git("checkout", "-q", "--orphan", "bare")
    project.git("rm", "-q", "-r", "--cached", ".")
    project.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    done = project.run("--project", project.folder, "diff", "bare", "main")
    assert done.code == 2
    assert "has no cellfolio.toml: name a later one" in done.err


def test_attributes_hide_nothing(project: ReviewedProject) -> None:
    write(project.folder, ".gitattributes", "content/** export-ignore -diff binary\n")
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    project.commit("Hide it")
    assert "51.2 V → 52 V" in project.text("HEAD~1", "HEAD")


def test_links_in_a_revision_lead_nowhere(project: ReviewedProject, tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.yaml", "nominal_voltage: 1 V\nrated_capacity: 1 Ah\n")
    (project.folder / PERFORMANCE).unlink()
    (project.folder / PERFORMANCE).symlink_to(outside)
    project.commit("Link")
    told = project.text("HEAD~1", "HEAD")
    assert "51.2 V → nothing" in told
    assert f"counts as missing: HEAD: {PERFORMANCE}:1:1: $: this is no file" in told


def test_a_folder_never_stands_for_a_revision(
    project: ReviewedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch may bring a folder named HEAD that says what reviewers hope to read."""
    head = project.git("rev-parse", "HEAD").strip()
    old = tuple((project.folder / name).read_text() for name in ("cellfolio.toml", PERFORMANCE))
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    for name in ("HEAD", head):
        write(project.folder, f"{name}/cellfolio.toml", old[0])
        write(project.folder, f"{name}/{PERFORMANCE}", old[1])
    project.commit("Hide it")
    monkeypatch.chdir(project.folder)
    for words in (("HEAD~1", "HEAD"), (head, "HEAD")):
        assert "51.2 V → 52 V" in project.text(*words)
    assert "removed: what was published" in project.text("HEAD~1", "./HEAD")


def test_a_forged_revision_writes_nothing_outside(
    project: ReviewedProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git checks out no such names, but keeps them: whoever compares may have fetched them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    blob = project.git("hash-object", "-w", "cellfolio.toml").strip()

    def tree(*entries: tuple[str, bytes, str]) -> str:
        lines = (
            f"{mode} ".encode() + name + b"\0" + bytes.fromhex(of) for mode, name, of in entries
        )
        raw = tmp_path / "tree"
        raw.write_bytes(b"".join(lines))
        words = ("hash-object", "-t", "tree", "-w", "--literally", str(raw))
        return project.git(*words).strip()

    up = tree(("40000", b"..", tree(("40000", b"..", tree(("100644", b"escaped", blob))))))
    root = tree(
        ("100644", b"cellfolio.toml", blob),
        ("40000", b"content", tree(("40000", b"..", up), ("100644", b"\xff.yaml", blob))),
    )
    forged = project.git("commit-tree", root, "-m", "Forged").strip()
    told = project.text("HEAD", forged)
    assert "content/../../../escaped:1:1: $: this is no file" in told
    assert "content/\ufffd.yaml:1:1: $: this is no file" in told
    assert json.loads(project.text("HEAD", forged, "--json"))["problems"]
    assert not list(tmp_path.rglob("escaped"))


def test_a_private_root_that_is_not_here_is_said(project: ReviewedProject, tmp_path: Path) -> None:
    restricted = project.folder / "content/models/rack/restricted"
    target = tmp_path / "private/content/models/rack/restricted"
    target.parent.mkdir(parents=True)
    restricted.rename(target)
    project.set('keys = "demo"', 'keys = "demo"\nprivate_root = "../private"')
    project.commit("Part with what is restricted")
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    told = project.text()
    assert "private root that is not here were not compared" in told
    (line,) = project.diff()
    assert line == "model rack, Nominal voltage [xiii-1]: 51.2 V → 52 V (+1.6 %); 3 passports"


def test_a_private_root_that_is_committed_is_compared(project: ReviewedProject) -> None:
    (project.folder / "private/content/models/rack").mkdir(parents=True)
    own = "content/models/rack/restricted"
    (project.folder / own).rename(project.folder / "private" / own)
    project.set('keys = "demo"', 'keys = "demo"\nprivate_root = "private"')
    project.commit("Part with what is restricted")
    project.edits(f"private/{own}/xiii-2.yaml", "Open the lid", "Remove the lid")
    project.commit("Open it otherwise")
    told = project.text("HEAD~1", "HEAD")
    assert "Disassembly sequence [xiii-2] (restricted, not shown); 1 passport" in told
    assert "private root" not in told


def test_a_marked_change_needs_a_reason_of_the_list(project: ReviewedProject) -> None:
    def needs(*revisions: str) -> int:
        return project.run("--project", project.folder, "diff", *revisions, "--need-reason").code

    write(project.folder, CARBON, NOT_YET)
    assert needs() == 1
    project.commit("Say it")
    assert needs("HEAD~1", "HEAD") == 1
    write(project.folder, CARBON, NOT_YET.replace("adopted", "yet adopted"))
    project.commit("Say it better\n\nPassport-Reason: because")
    assert needs("HEAD~1", "HEAD") == 1
    write(project.folder, CARBON, NOT_YET.replace("adopted", "adopted yet"))
    project.commit("Say it best\n\nPassport-Reason: corrected-value: clearer words")
    assert needs("HEAD~1", "HEAD") == 0
    assert needs("HEAD~3", "HEAD") == 0
    assert "Reason: because; corrected-value: clearer words" in project.text("HEAD~3", "HEAD")


def test_a_change_that_is_not_marked_needs_none(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    assert project.run("--project", project.folder, "diff", "--need-reason").code == 0


def test_json_is_one_object(project: ReviewedProject) -> None:
    project.edits(PERFORMANCE, "51.2 V", "52 V")
    found = json.loads(project.text("--json"))
    assert (found["renewed"], found["lacks_reason"], len(found["changes"])) == (3, False, 1)
    assert found == json.loads(project.text("--format", "json"))


def test_its_help_lists_the_reasons(run: CommandLine) -> None:
    told = " ".join(run("diff", "--help").out.split())
    assert [code for code in registry().code_lists["change_reason"] if code not in told] == []


class TestCheck:
    """`cellfolio check` looks at the last commit, and with `--changed` at what is staged."""

    @staticmethod
    def check(project: ReviewedProject, *words: str) -> tuple[int, str, str]:
        done = project.run("--project", project.folder, "check", "--format", "github", *words)
        return done.code, done.out, done.err

    def test_a_commit_without_its_reason_is_warned_of(self, project: ReviewedProject) -> None:
        assert "no-reason" not in self.check(project)[1]
        write(project.folder, CARBON, NOT_YET)
        assert "no reason" not in self.check(project)[1]
        project.commit("Say it")
        code, out, _ = self.check(project)
        assert code == 0
        assert "the last commit changes what the law looks at (model rack, " in out
        assert self.check(project, "--strict")[0] == 1

    def test_a_commit_with_its_reason_is_not(self, project: ReviewedProject) -> None:
        write(project.folder, CARBON, NOT_YET)
        project.commit("Say it\n\nPassport-Reason: new-requirement")
        assert "the law looks at" not in self.check(project)[1]

    def test_a_merge_has_the_reasons_of_its_branch(self, project: ReviewedProject) -> None:
        project.git("checkout", "-q", "-b", "branch")
        write(project.folder, CARBON, NOT_YET)
        project.commit("Say it\n\nPassport-Reason: new-requirement")
        project.git("checkout", "-q", "main")
        project.git("merge", "-q", "--no-ff", "-m", "Merge the branch", "branch")
        assert "the law looks at" not in self.check(project)[1]
        report = project.builds()
        assert report["new_versions"]
        files = json.loads((project.site / "manifest/all.json").read_text())["files"]
        assert {file["reason"] for file in files if "reason" in file} == {"new-requirement"}

    def test_only_what_is_staged_counts(self, project: ReviewedProject) -> None:
        told = "cellfolio: nothing of this project is staged\n"
        assert self.check(project, "--changed") == (0, "", told)
        write(project.folder, PERFORMANCE, "nominal_voltage: 52 Volt\nrated_capacity: 100 Ah\n")
        project.edits("content/models/rack/about.md", "heavy", "light")
        project.git("add", "content/models/rack/about.md")
        code, out, err = self.check(project, "--changed")
        assert code == 0
        assert "performance.yaml" not in out
        assert "files that are not staged have " in err
        project.git("add", PERFORMANCE)
        code, out, _ = self.check(project, "--changed")
        assert code == 1
        assert "performance.yaml,line=1" in out

    def test_a_file_that_was_edited_since_is_named(self, project: ReviewedProject) -> None:
        write(project.folder, CARBON, NOT_YET)
        project.git("add", CARBON)
        write(project.folder, CARBON, NOT_YET + "\n")
        _, _, err = self.check(project, "--changed")
        assert "carbon.yaml was edited since it was staged" in err
