"""From an edit to the published site, on a forge: the commands of the workflow that `init` writes.

A pull request changes a value, adds a lot and lets a client in; its jobs have no key. Each reader
finds one short comment; after the merge the site is built on what is deployed, and deployed.
"""

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import public_jwk
from tests.access_project import write_client
from tests.cli import CommandLine
from tests.forge_jobs import Forge, Ran
from tests.small_site import tree

SLUG = "rack-battery-48v"
PERFORMANCE = f"content/models/{SLUG}/performance.yaml"
LOT = "content/batteries/2026-11.csv"
ADDRESS = "https://id.maker-packs.eu"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def forge(tmp_path: Path, run: CommandLine) -> Forge:
    """A forge with a real site of own keys that was deployed once, by hand."""
    forge = Forge(tmp_path / "forge")
    project = forge.clone("desk")
    for words in (
        ("init", project, "--base-url", ADDRESS, "--operator", "Maker Packs"),
        ("--project", project, "keys", "init"),
        ("--project", project, "keys", "groups", "init", "--by", "Tester"),
    ):
        done = run(*words)
        assert done.code == 0, done.err
    settings = project / "cellfolio.toml"
    text = settings.read_text()
    own = 'keys = "keys"\nanchor = "refs/cellfolio/published"'
    settings.write_text(text.replace('keys = "demo"', own) + '\n[deploy]\nurl = "../public"\n')
    _commit(forge, project, "Start from a template")
    (forge.folder / "secrets").write_text(_environment(project / "keys/private"))
    (ran,) = _publish(forge, "first", "push", "CELLFOLIO_OPTIONS=--genesis\n")
    assert ran.code == 0, ran.err
    return forge


def _environment(folder: Path) -> str:
    """The secret that the environment of the protected branch holds: what a build needs."""
    needed = ("issuing", "checkpoint", "salt", "group")
    lines = (
        f"CELLFOLIO_KEY_{path.stem.upper().replace('-', '_')}='{path.read_text().strip()}'\n"
        for path in sorted(folder.glob("*.key"))
        if path.stem.startswith(needed)
    )
    return "".join(lines)


def _commit(forge: Forge, project: Path, message: str) -> None:
    forge.git(project, "add", "-A")
    forge.git(project, "commit", "-q", "-m", message)
    forge.git(project, "push", "-q", "origin", "HEAD")


def _publish(forge: Forge, name: str, event: str, more: str = "") -> list[Ran]:
    secrets = (forge.folder / "secrets").read_text() + more
    return forge.job("publish", forge.clone(name), event, **{"secrets.PASSPORTS_ENV": secrets})


def _pull_request(forge: Forge, name: str) -> Path:
    """Check out what GitHub checks out for a pull request: the branch merged into main."""
    clone = forge.clone(name)
    forge.git(clone, "checkout", "-q", "--detach", "origin/main")
    forge.git(clone, "merge", "-q", "--no-ff", "-m", "Merge for checks", "origin/change")
    return clone


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _change(forge: Forge) -> Path:
    """A carbon footprint's reason, a thousand batteries, a new recycler."""
    desk = forge.folder / "desk"
    forge.git(desk, "checkout", "-q", "-b", "change")
    carbon = f"content/models/{SLUG}/carbon.yaml"
    assert not (desk / carbon).exists()
    (desk / carbon).write_text("carbon_footprint_label: {not_applicable: No act is adopted yet.}\n")
    _replace(desk / PERFORMANCE, "nominal_voltage: 51.2 V", "nominal_voltage: 52 V")
    rows = (desk / LOT).read_text().splitlines()
    more = (rows[1].replace("EX26-000001", f"EX27-{n:06d}") for n in range(40))
    (desk / "content/batteries/2026-12.csv").write_text("\n".join([rows[0], *more]) + "\n")
    client = write_client(desk, "new-recycler", "actors: recycler")
    key = public_jwk(PublicKey.of(sha256(b"a key of its own").digest()))
    lines = client.read_text().splitlines()
    own = [f"key: {json.dumps(key)}" if line.startswith("key:") else line for line in lines]
    client.write_text("\n".join(own) + "\n")
    _commit(forge, desk, "Mend the voltage")
    return desk


def test_from_an_edit_to_the_published_site(forge: Forge, run: CommandLine) -> None:
    desk = _change(forge)
    _a_reason_is_asked_for(forge)
    _the_same_comment_is_updated(forge, desk)
    _the_preview_is_no_site(forge, run)
    _the_merge_is_deployed(forge, desk, run)
    _the_schedule_refreshes(forge, run)


def _a_reason_is_asked_for(forge: Forge) -> None:
    ran = forge.job("review", _pull_request(forge, "review-1"), "pull_request")
    assert [step.code for step in ran] == [0, 0, 0, 1], ran[-1]
    assert "title=no-reason" in ran[1].out
    assert "Passport-Reason: CODE: why" in ran[-1].err
    (commented,) = forge.job("comment", forge.folder / "review-1", "pull_request")
    assert commented.code == 0, commented.err
    (comment,) = forge.comments
    assert comment.startswith("<!-- cellfolio -->\n### Passports: 40 new, 3 in a new version\n")
    law, engineering, quality = comment.split("\n\n")[1:4]
    assert "client new\\-recycler" in law.replace("new-recycler", "new\\-recycler")
    assert "⚠ model rack-battery-48v, Carbon footprint" in law
    assert "51.2 V → 52 V" in engineering
    assert "40 batteries" in quality
    assert "> Changes marked ⚠" in comment
    assert (forge.folder / "summary").read_text() in comment


def _the_same_comment_is_updated(forge: Forge, desk: Path) -> None:
    forge.git(desk, "commit", "-q", "--allow-empty", "-m", "Say why\n\nPassport-Reason: new-value")
    forge.git(desk, "push", "-q", "origin", "HEAD")
    clone = _pull_request(forge, "review-2")
    ran = forge.job("review", clone, "pull_request")
    assert [step.code for step in ran] == [0, 0, 0, 0], ran[-1]
    assert "title=no-reason" not in ran[1].out
    forge.job("comment", clone, "pull_request")
    (comment,) = forge.comments
    assert "Reason: new-value" in comment
    assert "Changes marked" not in comment
    assert forge.git(clone, "status", "--porcelain", "--untracked-files=all") == (
        "?? body.md\n?? comment.md"
    )


def _the_preview_is_no_site(forge: Forge, run: CommandLine) -> None:
    preview = forge.folder / "review-2/preview"
    assert run("verify", preview).code == 0
    pages = [path.read_text() for path in preview.rglob("*.html")]
    assert len(pages) > 40
    assert not [text for text in pages if 'class="qr"' in text or ADDRESS in text]


def _the_merge_is_deployed(forge: Forge, desk: Path, run: CommandLine) -> None:
    before = tree(forge.folder / "public")
    forge.git(desk, "checkout", "-q", "main")
    forge.git(desk, "merge", "-q", "--no-ff", "-m", "Merge the change", "change")
    forge.git(desk, "push", "-q", "origin", "main")
    (ran,) = _publish(forge, "deploy", "push")
    assert ran.code == 0, ran.err
    assert "43 in a new version" in ran.out
    public = forge.folder / "public"
    assert run("verify", public).code == 0
    assert set(before) <= set(tree(public))
    versions = json.loads((public / "dpp/01_09506000160481/versions.json").read_text())
    assert versions["versions"][-1]["reason"] == "new-value"
    assert _anchored(forge) == (public / "log/1/checkpoint").read_text()


def _the_schedule_refreshes(forge: Forge, run: CommandLine) -> None:
    listed = (forge.folder / "public/status/1/revocation/0").read_bytes()
    (ran,) = _publish(forge, "refresh", "schedule")
    assert ran.code == 0, ran.err
    public = forge.folder / "public"
    assert (public / "status/1/revocation/0").read_bytes() != listed
    assert run("verify", public).code == 0
    assert _anchored(forge) == (public / "log/1/checkpoint").read_text()


def _anchored(forge: Forge) -> str:
    done = subprocess.run(
        ["git", "cat-file", "blob", "refs/cellfolio/published"],
        cwd=forge.origin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_branch_with_errors_is_told_at_its_line_and_goes_no_further(forge: Forge) -> None:
    desk = forge.folder / "desk"
    forge.git(desk, "checkout", "-q", "-b", "change")
    _replace(desk / PERFORMANCE, "nominal_voltage: 51.2 V", "nominal_voltage: 52 Volt")
    _commit(forge, desk, "Break it")
    clone = _pull_request(forge, "review")
    ran = forge.job("review", clone, "pull_request")
    assert [step.code for step in ran] == [0, 1]
    assert f"::error file={PERFORMANCE},line=12," in ran[1].out
    assert not (clone / "preview").exists()
    forge.job("comment", clone, "pull_request")
    (comment,) = forge.comments
    assert "counts as missing" in comment


def test_a_clone_without_keys_deploys_nothing(forge: Forge) -> None:
    before = tree(forge.folder / "public")
    (ran,) = forge.job("publish", forge.clone("thief"), "push")
    assert ran.code != 0
    assert tree(forge.folder / "public") == before


def test_without_history_no_gate_opens(tmp_path: Path, run: CommandLine) -> None:
    forge = Forge(tmp_path)
    desk = forge.clone("desk")
    assert run("init", desk).code == 0
    _commit(forge, desk, "Start from a template")
    forge.git(desk, "checkout", "-q", "-b", "change")
    _replace(desk / "content/models" / SLUG / "model.yaml", "name: Rack", "name: Other rack")
    _commit(forge, desk, "Name it otherwise")
    one = (
        "--depth",
        "1",
        "--no-single-branch",
        "-b",
        "change",
        f"file://{forge.origin}",
        "shallow",
    )
    forge.git(tmp_path, "clone", "-q", *one)
    for clone, told in (("desk", "Passport-Reason: CODE: why"), ("shallow", "HEAD share")):
        for step in ("comment", "reason"):
            done = subprocess.run(
                ["./review.sh", step, "origin/main"],
                cwd=tmp_path / clone,
                env=forge.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == (0 if (clone, step) == ("desk", "comment") else 1)
        assert told in done.stderr


def test_nothing_is_deployed_where_no_target_is_named(forge: Forge) -> None:
    desk = forge.folder / "desk"
    _replace(desk / "cellfolio.toml", '[deploy]\nurl = "../public"\n', "")
    _commit(forge, desk, "Name no target")
    (ran,) = _publish(forge, "none", "push")
    assert (ran.code, ran.out) == (
        0,
        "cellfolio.toml has no [deploy] yet, so nothing is deployed\n",
    )


class TestWorkflow:
    """What the workflow promises in its own text."""

    @staticmethod
    def workflow(run: CommandLine, tmp_path: Path) -> dict[str, object]:
        run("init", tmp_path / "new")
        text = (tmp_path / "new/.github/workflows/passports.yml").read_text()
        found: dict[str, object] = yaml.safe_load(text)
        return found

    def test_actions_are_pinned_by_commit(self, run: CommandLine, tmp_path: Path) -> None:
        jobs = self.workflow(run, tmp_path)["jobs"]
        uses = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]  # type: ignore[attr-defined]
        assert uses
        for each in uses:
            owner, _, commit = each.partition("@")
            assert owner.startswith("actions/")
            assert len(commit) == 40
            assert not commit.strip("0123456789abcdef")

    def test_jobs_of_a_pull_request_may_little(self, run: CommandLine, tmp_path: Path) -> None:
        workflow = self.workflow(run, tmp_path)
        assert workflow["permissions"] == {}
        assert "pull_request_target" not in str(workflow)
        jobs = workflow["jobs"]
        review, comment = jobs["review"], jobs["comment"]  # type: ignore[index]
        assert review["permissions"] == {"contents": "read"}
        assert comment["permissions"] == {"actions": "read", "pull-requests": "write"}
        assert "secrets." not in str((review, comment))
        assert not [step for step in comment["steps"] if "uses" in step]
        assert "environment" in jobs["publish"]  # type: ignore[index]

    def test_no_text_of_a_pull_request_becomes_a_command(
        self, run: CommandLine, tmp_path: Path
    ) -> None:
        jobs = self.workflow(run, tmp_path)["jobs"]
        for name in ("review", "comment"):
            for step in jobs[name]["steps"]:  # type: ignore[index]
                assert "${{" not in step.get("run", "")
