"""Previews: nothing real in them, nothing restricted, no code, and no way to publish one."""

import json
import re
import shutil
from pathlib import Path

import pytest

from passport.registry import Group
from tests.cli import CommandLine
from tests.own_site import OWN, OwnSite
from tests.restricted_site import BATTERY, DRAWING, HARM, XIII_2, SealedSite
from tests.small_project import write
from tests.small_site import tree

AT = "https://preview.invalid"


class _Previewed(SealedSite):
    @property
    def preview(self) -> Path:
        return self.folder / "preview"

    def previews(self, url: str = AT) -> dict[str, bytes]:
        self.does("build", "--base-url", url)
        return tree(self.preview)


@pytest.fixture
def project(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> _Previewed:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
    project = _Previewed(tmp_path / "project", run)
    project.happens(HARM)
    return project


@pytest.fixture
def own(tmp_path: Path, run: CommandLine) -> OwnSite:
    return OwnSite(tmp_path / "own", run)


def test_a_stranger_finds_it_consistent_at_its_own_address_only(project: _Previewed) -> None:
    project.previews()
    assert project.run("verify", project.preview).code == 0
    page = project.preview / "dpp" / BATTERY / "passport.json"
    at = f"https://id.example.com={project.preview}"
    assert project.run("verify", page, "--at", at).code != 0
    origin = (project.preview / "log/1/checkpoint").read_text().splitlines()[0]
    assert origin == "preview.invalid/log/1"


def test_nothing_restricted_is_in_it_even_for_those_who_have_its_keys(project: _Previewed) -> None:
    files = project.previews()
    assert not [name for name, content in files.items() if b"CANARY" in content]
    assert DRAWING not in files.values()
    assert not [name for name in files if "/sealed/doc/" in name]
    project.site = project.preview
    for group in (Group.INTEREST_MODEL, Group.AUTHORITY):
        assert project.payload(group, 1) == {}
    assert project.payload(Group.INTEREST_BATTERY, 1, BATTERY) == {}


def test_it_shows_nothing_by_what_it_leaves_out(project: _Previewed) -> None:
    """Whether something restricted changed can't be seen in a preview either."""
    first = project.previews()
    shutil.rmtree(project.preview)
    project.says(XIII_2.replace("Open", "Unscrew"))
    project.happens()
    assert project.previews() == first


def test_no_page_has_a_code_whatever_the_theme_does(project: _Previewed) -> None:
    template = (
        '{% extends "default/battery.html" %}\n'
        "{% block names %}{{ super() }}{{ product.qr }}{% endblock %}\n"
    )
    write(project.folder, "themes/own/templates/battery.html", template)
    project.set('keys = "demo"', 'keys = "demo"\ntheme = "own"')
    pages = {n: c.decode() for n, c in project.previews().items() if n.endswith(".html")}
    assert len(pages) > 5
    for name, text in pages.items():
        assert 'class="qr"' not in text, name
        assert "Preview of a change that is not published" in text, name
        assert '<meta name="robots" content="noindex, nofollow">' in text, name
    assert pages["01/09506000134352/21/A1.html"].count("Preview: no code to scan") == 2
    project.builds()
    built = (project.site / "01/09506000134352/21/A1.html").read_text()
    assert built.count('class="qr"') == 2
    assert "preview" not in built.casefold()


def test_no_key_of_the_site_is_needed_or_named(own: OwnSite) -> None:
    document = json.loads((own.site / ".well-known/did.json").read_bytes())
    keys = [method["publicKeyMultibase"] for method in document["verificationMethod"]]
    assert keys
    (own.folder / "keys/private").rename(own.folder.parent / "elsewhere")
    own.does("build", "--base-url", AT)
    found = tree(own.folder / "preview")
    assert not [name for name, c in found.items() for key in keys if key.encode() in c]
    assert not [name for name, c in found.items() if b"id.maker-packs.eu" in c]
    assert own.run("verify", own.folder / "preview").code == 0


def test_it_leaves_everything_else_as_it_was(own: OwnSite) -> None:
    line = {"type": "bundle", "digest": "uEiCX" + "A" * 43}
    write(own.folder, "keys/to-log.jsonl", json.dumps(line) + "\n")
    before, anchor = tree(own.folder), own.anchor
    own.does("build", "--base-url", AT)
    made = ("preview/", ".preview.publish/")
    after = {n: c for n, c in tree(own.folder).items() if not n.startswith(made)}
    assert (after, own.anchor) == (before, anchor)


def test_no_deploy_takes_it(own: OwnSite, tmp_path: Path) -> None:
    own.does("build", "--base-url", AT)
    preview, target = own.folder / "preview", tmp_path / "public"
    own.deploy_fails(target, "--out", preview)
    assert tree(target) == {} if target.exists() else True
    own.deploys(target)
    published = tree(target)
    own.deploy_fails(target, "--out", preview)
    assert tree(target) == published


def test_nothing_is_built_on_it(own: OwnSite) -> None:
    own.does("build", "--base-url", AT)
    assert own.fails("build", "--previous", own.folder / "preview")[0] == 4
    shutil.rmtree(own.site)
    shutil.copytree(own.folder / "preview", own.site)
    assert own.fails("build")[0] == 4
    assert own.fails("refresh")[0] != 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--base-url", "https://id.maker-packs.eu"), "keys that everybody has"),
        (("--base-url", "https://pr-12--maker.netlify.app"), "https://preview.invalid"),
        (("--base-url", "preview.invalid"), "--base-url: "),
        (("--base-url", "http://localhost:8000"), "can't be a did:web: use https"),
        (("--base-url", AT, "--genesis"), "a preview goes on from nothing"),
        (("--base-url", AT, "--previous", "site"), "a preview goes on from nothing"),
    ],
)
def test_what_could_be_taken_for_real_is_refused(
    own: OwnSite, words: tuple[str, ...], told: str
) -> None:
    own.fails_saying(told, "build", *words)
    assert not (own.folder / "preview").exists()


def test_the_site_s_own_address_and_folder_are_refused(project: _Previewed) -> None:
    told = "is the address of the site itself"
    project.fails_saying(told, "build", "--base-url", "https://id.example.com")
    for out in (project.site, project.folder / "content/../site"):
        project.fails_saying("is the site's own folder", "build", "--base-url", AT, "--out", out)


def test_another_site_s_folder_is_not_built_over(own: OwnSite, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(own.site, tmp_path / "copy"))
    before = tree(copy)
    assert own.fails("build", "--base-url", AT, "--out", copy)[0] == 4
    assert tree(copy) == before
    assert OWN.encode() in before["manifest/index.json"]


def test_settings_cannot_say_that_a_site_is_a_preview(project: _Previewed) -> None:
    project.set('keys = "demo"', 'keys = "demo"\nis_preview = true')
    project.fails_saying("unknown setting 'is_preview'", "build")


def test_content_with_errors_is_not_previewed(project: _Previewed) -> None:
    write(project.folder, "content/models/rack/performance.yaml", "nominal_voltage: 51.2\n")
    code, err = project.fails("build", "--base-url", AT)
    assert code == 1
    assert re.search("performance.yaml:1:", err)
    assert not project.preview.exists()
