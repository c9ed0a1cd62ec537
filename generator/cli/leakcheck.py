"""`cellfolio leakcheck`: whether a site holds restricted values of this project."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from generator.build.artifact import PAGE_TYPE, Artifact, disk_path_of, url_path_of
from generator.build.leaks import BLIND_SPOTS, LeakScan
from generator.build.pages.rendering import path_in
from generator.build.pages.theme import find_theme
from generator.build.plan import PassportPlan, Plan, make_plan
from generator.build.sealing import Restricted
from generator.cli.main import Workspace
from generator.cli.report import problems_on_stderr
from generator.content.check import checked_content
from generator.content.revision import read_revision
from generator.publish.headers import kind_of
from passport.errors import ConfigError


@click.command()
@click.argument("site", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(workspace: Workspace, site: Path | None, *, as_json: bool) -> None:
    """Look for restricted values in every file of a site (default: site/).

    Every build does this with what it is about to publish. Texts of six characters or more are
    looked for everywhere and in the usual encodings; numbers, dates and codes in the files of
    their own passport. A find names the file and the data point, never the value.

    \b
    Example: cellfolio leakcheck site
    """
    folder = site or workspace.project / "site"
    if not folder.is_dir():
        raise ConfigError(f"there is no site in {folder}", "build it, or name its folder")
    with problems_on_stderr():
        files, not_looked = _check(workspace.project, folder)
    if as_json:
        members = {"files": files, "not_looked_into": not_looked, "not_looked_for": BLIND_SPOTS}
        click.echo(json.dumps(members))
    else:
        told = ", ".join(f"{count} {what}" for what, count in sorted(not_looked.items()))
        click.echo(f"nothing restricted in {files} files; not looked into: {told or 'none'}")
        click.echo(f"not looked for: {', '.join(BLIND_SPOTS)}")


def _check(project: Path, folder: Path) -> tuple[int, dict[str, int]]:
    revision = read_revision(project)
    content = checked_content(project, revision.time.date())
    if content.unseen or content.is_private_root_away:
        raise ConfigError(
            "the private root is not on this machine, so nobody can say what is restricted",
            "run it where private_root of cellfolio.toml is",
        )
    plan = make_plan(content, revision)
    restricted = Restricted.of(content, content.lives(revision.time.date()))
    scan = LeakScan(content, restricted, find_theme(project, content.config.theme))
    shelf = _Shelf(folder)
    for passport in plan.passports:
        for _ in scan.own(passport, shelf.of(passport, plan)):
            pass
    with click.progressbar(shelf.paths, label="looking for leaks", file=sys.stderr) as paths:
        for _ in scan.through(shelf.artifact(path) for path in paths):
            pass
    return len(shelf.paths), dict(scan.not_looked)


class _Shelf:
    """The files of a site, read one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")))
        self.paths = tuple(path for path in found if _is_published(folder, path))
        self._by_passport: dict[str, list[str]] = {}
        for path in self.paths:
            if path.startswith("dpp/"):
                self._by_passport.setdefault(path.split("/")[1], []).append(path)

    def artifact(self, path: str) -> Artifact:
        """Read one file."""
        kind = kind_of(path)
        content = (self._folder / path).read_bytes()
        return Artifact(
            url_path=url_path_of(path),
            content=content,
            media_type=kind.media_type,
            cache=kind.cache,
        )

    def of(self, passport: PassportPlan, plan: Plan) -> Iterator[Artifact]:
        """Read a passport's own files: its pages in every language, and what lies under its id."""
        config = plan.config
        for path in self._by_passport.get(str(passport.dpp_id), ()):
            yield self.artifact(path)
        for code in config.languages:
            page = path_in(code, passport.page_path, config.language)
            path = disk_path_of(page, PAGE_TYPE)
            if (self._folder / path).is_file():
                yield self.artifact(path)


def _is_published(folder: Path, path: str) -> bool:
    return (folder / path).is_file() and not path.startswith(".git")
