"""`cellfolio access`: who may have keys of restricted groups, and what brokers are told of it."""

import json
from collections.abc import Iterator
from datetime import date, datetime

import click

from generator.cli.access_bundle import bundle
from generator.cli.access_diff import diff
from generator.cli.access_explain import explain
from generator.cli.access_reading import read_for_access
from generator.cli.check_formats import problem_json
from generator.cli.main import Workspace
from generator.content.access.load import ACCESS_FOLDER, AccessContent
from generator.content.check import check as check_project
from generator.content.revision import read_revision
from passport.access.decision import AccessPolicy
from passport.access.members import refusal_to_json
from passport.access.policy import published_policy
from passport.access.rule import Rule
from passport.encoding.canonical import JsonObject
from passport.errors import ConfigError
from passport.problems import Problem, Severity

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Say who may read restricted groups, and sign it for brokers.

    Content lies in content/access: policy.yaml, clients/, issuers.yaml, refused.jsonl. What no row
    of the policy permits is refused. docs/access.md explains the columns.

    \b
    Example: cellfolio access explain hafenkreis xiii-4 --purpose dismantling
    """


command.add_command(bundle)
command.add_command(diff)
command.add_command(explain)


@command.command("check")
@click.option("--as-of", type=_DAY, help="Judge what is due on this day.")
@click.option("--strict", is_flag=True, help="Let warnings fail the check, as errors do.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def check(ctx: click.Context, as_of: datetime | None, *, strict: bool, as_json: bool) -> None:
    """Check access, and list what a lawyer must look at.

    \b
    Example: cellfolio access check --as-of 2027-05-01
    """
    workspace: Workspace = ctx.obj
    day = _day(workspace, as_of)
    checked = check_project(workspace.project, day)
    prefix = f"content/{ACCESS_FOLDER}/"
    problems = tuple(each for each in checked.problems if each.place.file.startswith(prefix))
    policy = checked.content.access.policy
    rules = tuple(rule for rule in policy.rules if rule.review.by_lawyer) if policy else ()
    if as_json:
        click.echo(json.dumps(_check_json(problems, rules), ensure_ascii=False))
    else:
        click.echo("\n".join(_check_text(problems, rules, checked.content.access)))
    has_errors = any(each.severity is Severity.ERROR for each in problems)
    if has_errors or (strict and problems):
        click.echo("cellfolio: the content must be mended", err=True)
        ctx.exit(1)


@command.command("show")
@click.option("--as-of", type=_DAY, help="Show the rows of this day only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show(workspace: Workspace, as_of: datetime | None, *, as_json: bool) -> None:
    """Show rows, clients, issuers and refusals.

    \b
    Example: cellfolio access show
    """
    access = read_for_access(workspace.project, _day(workspace, None)).access
    if access.policy is None:
        raise ConfigError("there is no access policy", "write content/access/policy.yaml")
    if as_json:
        click.echo(json.dumps(_show_json(access, access.policy), ensure_ascii=False))
        return
    click.echo("\n".join(_show_text(access, access.policy, as_of.date() if as_of else None)))


def _day(workspace: Workspace, as_of: datetime | None) -> date:
    return (as_of or read_revision(workspace.project).time).date()


def _check_json(problems: tuple[Problem, ...], rules: tuple[Rule, ...]) -> JsonObject:
    return {
        "problems": [problem_json(each) for each in problems],
        "legal_review": [rule.id for rule in rules],
    }


def _check_text(
    problems: tuple[Problem, ...], rules: tuple[Rule, ...], access: AccessContent
) -> Iterator[str]:
    for each in problems:
        yield f"{each} [{each.severity}: {each.rule}]"
    if rules:
        yield "a lawyer must look at:"
        yield from (f"  {rule.id}: {', '.join(rule.basis)}" for rule in rules)
    found = (
        f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problem"
    )
    rows = len(access.policy.rules) if access.policy else 0
    yield (
        f"{found}: {rows} rows, {len(access.clients)} clients, {len(access.issuers)} issuers, "
        f"{len(access.refusals)} refusals"
    )


def _show_json(access: AccessContent, policy: AccessPolicy) -> JsonObject:
    return {
        "policy": published_policy(policy),
        "clients": [entry.client.to_json() for entry in access.clients],
        "issuers": [entry.issuer.to_json() for entry in access.issuers],
        "refusals": [refusal_to_json(entry.refusal) for entry in access.refusals],
    }


def _show_text(access: AccessContent, policy: AccessPolicy, day: date | None) -> Iterator[str]:
    yield f"policy {policy.version}, in force from {policy.period.start}; all else is refused"
    for rule in policy.rules:
        if day is None or rule.period.holds(day):
            yield from _row(rule)
    for entry in access.clients:
        client = entry.client
        roles: list[str] = [*client.actors]
        roles += [f"{h.actor} of {len(h.products)} batteries" for h in client.holdings]
        until = client.period.end or "further notice"
        yield f"client {client.id}: {', '.join(roles)}; {client.status}, until {until}"
    for issuer in access.issuers:
        yield f"issuer {issuer.issuer.did}: {', '.join(issuer.issuer.actors)}"
    for refused in access.refusals:
        members = refusal_to_json(refused.refusal)
        what = ", ".join(f"{name} {value}" for name, value in members.items())
        yield f"refused since {refused.refused_on}: {what}"


def _row(rule: Rule) -> Iterator[str]:
    state = "" if rule.adopted else " (not adopted)"
    yield f"{rule.id}: {rule.effect}{state} {rule.group} once a {rule.level}"
    yield f"  to {', '.join(rule.actors)}"
    yield f"  for {', '.join(rule.purposes)}: {', '.join(rule.operations)}; reuse {rule.reuse}"
    yield f"  basis {'; '.join(rule.basis)}; review due {rule.review.due}"
