"""`cellfolio doctor`: whether the surroundings are right, and what to do where they aren't."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from generator.cli.main import Workspace
from generator.cli.surroundings import Finding, State, examine
from passport.errors import HostError


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(workspace: Workspace, out: Path | None, *, as_json: bool) -> None:
    """Check what surrounds a project, and say what to do.

    It looks at Python, Git, settings and the site's folder, and writes nothing. Problems keep
    other commands from working and make the exit code 3.

    \b
    Example: cellfolio doctor --json
    """
    findings = examine(workspace.project, out or workspace.project / "site")
    click.echo(_as_json(findings) if as_json else _as_text(findings))
    count = sum(finding.state is State.PROBLEM for finding in findings)
    if count:
        plural = "" if count == 1 else "s"
        raise HostError(f"{count} problem{plural} with the surroundings", "see the report")


def _as_json(findings: Iterable[Finding]) -> str:
    return json.dumps({"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False)


def _as_text(findings: Iterable[Finding]) -> str:
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Finding) -> str:
    told = f"{finding.state:7}  {finding.subject}: {finding.message}"
    return f"{told}\n{'':9}{finding.remedy}" if finding.remedy else told
