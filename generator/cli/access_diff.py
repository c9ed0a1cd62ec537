"""`cellfolio access diff`: who gains and who loses access between two states, and what."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import click

from generator.cli.main import Workspace
from generator.cli.report import problems_on_stderr
from generator.content.access.source import day_of, read_state
from generator.content.revision import read_revision
from passport.access.changes import AccessChange, Condition, Entitlement, compare
from passport.access.members import refusal_to_json
from passport.access.refusal import Refusal
from passport.access.rule import Actor
from passport.encoding.canonical import Json, JsonObject
from passport.quoting import first_of

_BOUND = frozenset(actor for actor in Actor if actor.is_bound)


@click.command("diff")
@click.argument("a")
@click.argument("b")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Compare this day in both; default: today, or the day when a policy comes into force.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def diff(workspace: Workspace, a: str, b: str, as_of: datetime | None, *, as_json: bool) -> None:
    """Say who gains and who loses access from A to B, and what.

    A and B are each a Git revision, a project's folder or a policy file. Rows that were only
    rewritten change nothing. It exits with 0 whatever has changed.

    \b
    Example: cellfolio access diff HEAD~1 HEAD
    """
    with problems_on_stderr():
        before, after = (read_state(source, workspace.project) for source in (a, b))
    today = read_revision(workspace.project).time.date()
    days = (as_of.date(), as_of.date()) if as_of else (day_of(before, today), day_of(after, today))
    change = compare(before, after, days)
    if as_json:
        click.echo(json.dumps(_as_json(change), ensure_ascii=False))
    else:
        click.echo("\n".join(_as_text(change)))


@dataclass(frozen=True, slots=True)
class _Part:
    """One heading of the report and what stands below it."""

    heading: str
    lines: tuple[str, ...]


def _as_text(change: AccessChange) -> Iterator[str]:
    if change.is_empty:
        yield "nobody gains or loses access"
        return
    for part in _parts(change):
        if part.lines:
            yield part.heading
            yield from (f"  {line}" for line in part.lines)


def _parts(change: AccessChange) -> Iterator[_Part]:
    yield _Part("gains:", tuple(_lines(change.actors_gain)))
    yield _Part("loses:", tuple(_lines(change.actors_lose)))
    yield _Part("other terms, now:", tuple(map(_term, change.terms_gained)))
    yield _Part("other terms, until now:", tuple(map(_term, change.terms_lost)))
    yield _Part("client gains:", tuple(_lines(change.clients_gain)))
    yield _Part("client loses:", tuple(_lines(change.clients_lose)))
    yield _Part("refused to everybody:", tuple(map(_refused, change.refused)))
    yield _Part("refused no longer:", tuple(map(_refused, change.no_longer_refused)))
    yield _Part("trusted issuer:", change.issuers_added)
    yield _Part("trusted no longer:", change.issuers_removed)
    yield _Part("trusted on other terms:", change.issuers_changed)


def _lines(found: Iterable[Entitlement]) -> Iterator[str]:
    """One line for each who, group and operation: its purposes, and products by name or number."""

    def key(each: Entitlement) -> tuple[str, str, str, str]:
        return each.who, each.group, each.level, each.operation

    for (who, group, _, operation), entitlements in groupby(sorted(found, key=key), key=key):
        all_ = tuple(entitlements)
        purposes = ", ".join(dict.fromkeys(each.purpose for each in all_))
        products = dict.fromkeys(str(each.product) for each in all_ if each.product)
        yield f"{who}: {operation} {group} for {purposes}{_of(who, tuple(products))}"


def _of(who: str, products: tuple[str, ...]) -> str:
    if not products:
        return " of its own products" if who in _BOUND else ""
    return f" of {first_of(products, 5)}"


def _term(term: Condition) -> str:
    return (
        f"{term.actor}: {term.operation} {term.group} for {term.purpose} by {term.method}, "
        f"assurance {term.assurance}, reuse {term.reuse}, {term.time_to_live_days} days"
    )


def _refused(refusal: Refusal) -> str:
    return ", ".join(f"{name} {value}" for name, value in refusal_to_json(refusal).items())


def _as_json(change: AccessChange) -> JsonObject:
    return {
        "actors_gain": [_entitlement(each) for each in change.actors_gain],
        "actors_lose": [_entitlement(each) for each in change.actors_lose],
        "terms_gained": [_term(each) for each in change.terms_gained],
        "terms_lost": [_term(each) for each in change.terms_lost],
        "clients_gain": [_entitlement(each) for each in change.clients_gain],
        "clients_lose": [_entitlement(each) for each in change.clients_lose],
        "refused": [refusal_to_json(each) for each in change.refused],
        "no_longer_refused": [refusal_to_json(each) for each in change.no_longer_refused],
        "issuers_added": list(change.issuers_added),
        "issuers_removed": list(change.issuers_removed),
        "issuers_changed": list(change.issuers_changed),
    }


def _entitlement(each: Entitlement) -> Json:
    product = {"product": str(each.product)} if each.product else {}
    return {
        "who": each.who,
        "group": each.group,
        "level": each.level,
        "purpose": each.purpose,
        "operation": each.operation,
        **product,
    }
