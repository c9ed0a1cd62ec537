"""Surroundings: what a project needs from this machine, its folder and Git, checked one by one.

`CHECKS` is the table; a check looks at one thing and yields findings. It never writes, not even to
try out a disk. What content says is for `cellfolio check`, not for this module.
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from generator.build.pages.theme import find_theme
from generator.content.config import CONFIG_NAME, SiteConfig, read_config
from generator.keys.choose import DEMO
from generator.publish.folder import require_finished
from generator.publish.limits import near_limits, size_of
from generator.publish.present import entries_of
from generator.store.git import git
from passport.errors import ConfigError, PassportError
from passport.signing.keys import refuse_demo_keys

LARGE_LOT = 50 * 2**20
"""Bytes. Many Git hosts refuse files of 100 MB, and nobody reviews such a change."""

_IGNORED = ("site/index.html", "keys/private/key")
_KEPT = "site/.gitignore"
_GIT_INIT = "run `git init && git add . && git commit`"


class State(StrEnum):
    """What came of a check; only a problem keeps commands from working."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, and what to do unless all is well."""

    subject: str
    state: State
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What checks look at; `config` is None where the settings can't be read."""

    project: Path
    out: Path
    config: SiteConfig | None


Check = Callable[[Surroundings], Iterator[Finding]]


def examine(project: Path, out: Path) -> tuple[Finding, ...]:
    """Run every check on a project and the folder of its site."""
    try:
        config, broken = read_config(project), None
    except ConfigError as error:
        config, broken = None, _problem("settings", error.message, error.remedy)
    found = [broken or _ok("settings", f"{CONFIG_NAME} can be read")]
    around = Surroundings(project, out, config)
    return (*found, *(finding for check in CHECKS for finding in check(around)))


def _python(_: Surroundings) -> Iterator[Finding]:
    """An old one could not have come this far."""
    yield _ok("python", platform.python_version())


def _yaml_parser(_: Surroundings) -> Iterator[Finding]:
    if yaml.__with_libyaml__:
        yield _ok("YAML parser", "PyYAML has its C parser")
    else:
        yield _problem(
            "YAML parser",
            "PyYAML was installed without its C parser",
            "install it from a wheel: pip install --force-reinstall --only-binary=:all: PyYAML",
        )


def _base_url(around: Surroundings) -> Iterator[Finding]:
    if around.config is None:
        return
    base_url = around.config.base_url
    if not base_url.is_real:
        yield _note(
            "base_url",
            f"{base_url} is for trying out",
            f"set the address of your own in {CONFIG_NAME} before you print a label",
        )
        return
    try:
        if around.config.keys == DEMO:
            refuse_demo_keys(base_url)
    except ConfigError as error:
        yield _problem("base_url", error.message, error.remedy)
    else:
        yield _ok("base_url", f"{base_url}: keep this name for as long as a battery may live")


def _languages(around: Surroundings) -> Iterator[Finding]:
    if around.config is None:
        return
    try:
        theme = find_theme(around.project, around.config.theme)
    except PassportError as error:
        yield _problem("theme", error.message, error.remedy)
        return
    # English is the key of every catalogue, so it needs none.
    untold = [
        code
        for code in around.config.languages
        if code != "en" and not len(theme.language(code).catalog)
    ]
    if untold:
        yield _note(
            "languages",
            f"no catalogue for {', '.join(untold)}: the words around the values stay English",
            f"add themes/{around.config.theme}/locale/{untold[0]}.po",
        )
    else:
        yield _ok("languages", ", ".join(around.config.languages))


def _site_folder(around: Surroundings) -> Iterator[Finding]:
    try:
        require_finished(around.out)
        files = sum(not entry.is_folder for entry in entries_of(around.out))
    except PassportError as error:
        yield _problem("site", error.message, error.remedy)
        return
    if files > 1:
        yield _ok("site", f"{around.out} holds a finished site of {files} files")
    else:
        yield _note("site", f"{around.out} holds no site yet", "run `cellfolio build`")


def _host_limits(around: Surroundings) -> Iterator[Finding]:
    """Whether the site outgrows hosts of static files; a bucket takes any."""
    if around.config is not None and around.config.deploy and around.config.deploy.is_bucket:
        yield _ok("host limits", "the site goes to a bucket, which has none that matter")
        return
    try:
        paths = [entry.path for entry in entries_of(around.out) if not entry.is_folder]
    except PassportError:
        return  # told as a problem of the site's folder
    size = size_of(around.out, paths)
    near = list(near_limits(size))
    for limits, what in near:
        yield _note("host limits", f"{limits.host}: {what}", "move to a bucket before it is full")
    if not near:
        yield _ok("host limits", f"{size.files} files fit every host known here")


def _letter_case(around: Surroundings) -> Iterator[Finding]:
    if folds_case(around.out):
        yield _note(
            "letter case",
            f"the disk of {around.out} takes A and a for the same",
            "nothing to do: names that differ in case only are refused everywhere",
        )
    else:
        yield _ok("letter case", "names that differ in case only are two files")


def folds_case(folder: Path) -> bool:
    """Whether a folder's disk ignores case, told by names that lie on the way to it."""
    for place in (folder.resolve(), *folder.resolve().parents):
        turned = place.with_name(place.name.swapcase())
        if place.exists() and turned.name != place.name:
            return turned.exists() and turned.samefile(place)
    return False


def _lots(around: Surroundings) -> Iterator[Finding]:
    lots = [path for path in (around.project / "content" / "batteries").glob("*") if path.is_file()]
    large = [path for path in sorted(lots) if path.stat().st_size > LARGE_LOT]
    for path in large:
        yield _note(
            "lots",
            f"{path.name} has {path.stat().st_size >> 20} MiB",
            "split it, by month for example: Git hosts refuse large files, and nobody reviews them",
        )
    if not large:
        plural = "" if len(lots) == 1 else "s"
        yield _ok("lots", f"{len(lots)} file{plural} of rows, no large one")


def _git(around: Surroundings) -> Iterator[Finding]:
    if git(around.project, "--version") is None:
        yield _problem(
            "git", "git is not on PATH", "install it: content is reviewed and dated by it"
        )
    elif git(around.project, "rev-parse", "HEAD") is None:
        yield _note("git", "the project is not in Git, or has no commit yet", _GIT_INIT)
    elif git(around.project, "status", "--porcelain", "--", "."):
        yield _note(
            "git",
            "there are changes without a commit, so a build is dated now",
            "commit them: then everybody who builds gets the same bytes",
        )
    else:
        yield _ok("git", "everything is committed")


def _ignored(around: Surroundings) -> Iterator[Finding]:
    if git(around.project, "rev-parse", "--is-inside-work-tree") is None:
        return
    taken = [name for name in _IGNORED if not _is_ignored(around.project, name)]
    if taken:
        folders = " and ".join(f"{Path(name).parent}/" for name in taken)
        yield _problem("gitignore", f"Git would take {folders}", "add it to .gitignore")
    elif _is_ignored(around.project, _KEPT):
        yield _note("gitignore", f"Git ignores {_KEPT} too", f"add !/{_KEPT} to .gitignore")
    else:
        yield _ok("gitignore", "built sites and private keys stay out of Git")


def _is_ignored(project: Path, name: str) -> bool:
    # This command knows no literal names, and ours are fixed.
    words = ("--no-literal-pathspecs", "check-ignore", "--no-index", name)
    return git(project, *words) is not None


def _ok(subject: str, message: str) -> Finding:
    return Finding(subject, State.OK, message)


def _note(subject: str, message: str, remedy: str) -> Finding:
    return Finding(subject, State.NOTE, message, remedy)


def _problem(subject: str, message: str, remedy: str) -> Finding:
    return Finding(subject, State.PROBLEM, message, remedy)


CHECKS: tuple[Check, ...] = (
    _python,
    _yaml_parser,
    _base_url,
    _languages,
    _lots,
    _git,
    _ignored,
    _site_folder,
    _host_limits,
    _letter_case,
)
