"""`cellfolio access explain`: why a client would get a group, or not, by which row."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

import click

from generator.build.access_bundle import ceased_passports, entitled_clients
from generator.cli.access_reading import read_for_access
from generator.cli.main import Workspace
from generator.content.access.check import models_of
from generator.content.load import Content
from generator.content.revision import read_revision
from passport.access.client import Client
from passport.access.decision import AccessPolicy, Decision, Subject, Why, decide
from passport.access.refusal import Item, PassportRefusal, Refusals
from passport.access.rule import Operation, Purpose, Rule
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import LARGEST_INTEGER
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, VerificationError
from passport.identifiers import DppId
from passport.product_key import OwnIdentifier
from passport.quoting import quoted
from passport.registry import Group, Level
from passport.sealing.group_key import RESTRICTED_GROUPS, SEALED_LEVEL, GroupKeyId

# Refusals of one key or one sealed file can't be foretold of a group.
_ANY_KEY = "0000a", "a" * 16
_ANY_PASSPORT = DppId.of(OwnIdentifier("any", "ANY"))
_SENTENCES = {
    Why.PERMITTED: "a row permits it",
    Why.POLICY: "the policy is not in force on that day",
    Why.WITHDRAWN: "it is refused to everybody",
    Why.DENIED: "a row denies it, whatever others permit",
    Why.NO_RULE: "no row permits it",
    Why.AUTHENTICATION: "a row permits it only to who is recognised better",
    Why.OTHER_PRODUCT: "a row permits it for the client's own products only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision, and what a person needs to follow it; `why` is "client" where none was made."""

    client: Client
    item: Item | None
    purpose: Purpose
    decision: Decision | None
    rule: Rule | None
    other_rules: tuple[Rule, ...]
    not_live: str = ""
    now: datetime

    @property
    def allowed(self) -> bool:
        """Whether the client would get the key."""
        return self.decision is not None and self.decision.allowed


@click.command("explain")
@click.argument("client")
@click.argument("group", metavar="GROUP", type=click.Choice([g.value for g in RESTRICTED_GROUPS]))
@click.option(
    "--purpose", type=click.Choice([p.value for p in Purpose]), required=True, help="What for."
)
@click.option("--passport", metavar="DPPID", help="Of this battery or model; default: of any.")
@click.option(
    "--operation", type=click.Choice([o.value for o in Operation]), default=Operation.VIEW.value,
    show_default=True, help="To do what.",
)  # fmt: skip
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="On this day; default: today's.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def explain(
    workspace: Workspace,
    client: str,
    group: str,
    purpose: str,
    passport: str | None,
    operation: str,
    as_of: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Say why a client would get a group of a passport, or not.

    CLIENT is the name of a file in content/access/clients. Group 2 or 3 of a battery is that of its
    model. The answer is the broker's own decision on this content, with the row and its basis.

    \b
    Example: cellfolio access explain hafenkreis xiii-4 --purpose dismantling
    Example: cellfolio access explain funkmast-betrieb xiii-4 --purpose energy-market \\
      --passport 01_09506000134352_21_T48L2611-0001
    """
    today = read_revision(workspace.project).time.date()
    content = read_for_access(workspace.project, today)
    day = as_of.date() if as_of else today
    policy = content.access.policy
    if policy is None:
        raise ConfigError("there is no access policy", "write content/access/policy.yaml")
    asked = Asked(
        content=content,
        client=_client(content, client),
        group=Group(group),
        passport=_passport(content, passport, Group(group)),
        purpose=Purpose(purpose),
        operation=Operation(operation),
        now=datetime.combine(day, time(12), UTC),
    )
    explanation = asked.explain(policy)
    click.echo(
        json.dumps(_as_json(explanation), ensure_ascii=False)
        if as_json
        else "\n".join(_as_text(explanation))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question about access."""

    content: Content
    client: Client
    group: Group
    passport: DppId | None
    purpose: Purpose
    operation: Operation
    now: datetime

    def explain(self, policy: AccessPolicy) -> Explanation:
        """Decide as a broker would, and gather what leads there."""
        try:
            subject = self.client.subject(self.now.date())
        except VerificationError as error:
            return self._explanation(policy, not_live=error.message)
        item = self._item(subject)
        ceased = tuple(map(PassportRefusal, ceased_passports(self.content, self.now.date())))
        told = replace(policy, refusals=Refusals((*policy.refusals.entries, *ceased)))
        decision = decide(told, subject, item, self.purpose, self.operation, self.now)
        return self._explanation(policy, item=item, decision=decision)

    def _item(self, subject: Subject) -> Item:
        """The sealed file that is asked for; without a passport, one that the client may have."""
        level = SEALED_LEVEL[self.group]
        batteries = models_of(self.content, subject.products)
        own = batteries.values() if level is Level.MODEL else batteries.keys()
        return Item(
            passport=self.passport or min(own, key=str, default=_ANY_PASSPORT),
            group=self.group,
            level=level,
            version=LARGEST_INTEGER,
            key=GroupKeyId(self.group, *_ANY_KEY),
            salt=b"",
        )

    def _explanation(
        self,
        policy: AccessPolicy,
        *,
        item: Item | None = None,
        decision: Decision | None = None,
        not_live: str = "",
    ) -> Explanation:
        deciding = decision.rule if decision else ""
        actors = {*self.client.actors, *(holding.actor for holding in self.client.holdings)}
        about = [r for r in policy.rules if r.group is self.group and actors.intersection(r.actors)]
        return Explanation(
            client=self.client,
            item=item,
            purpose=self.purpose,
            decision=decision,
            rule=next((rule for rule in about if rule.id == deciding), None),
            other_rules=tuple(rule for rule in about if rule.id != deciding),
            not_live=not_live,
            now=self.now,
        )


def _client(content: Content, name: str) -> Client:
    clients = {client.id: client for client in entitled_clients(content, frozenset())}
    if name not in clients:
        raise ConfigError(
            f"{quoted(name)} is no client, or none any more",
            f"use one of: {', '.join(clients)}",
        )
    return clients[name]


def _passport(content: Content, text: str | None, group: Group) -> DppId | None:
    """Return whose file it is: groups 2 and 3 of a battery lie with its model."""
    if text is None:
        return None
    dpp_id = DppId.parse(text)
    model = models_of(content, [dpp_id]).get(dpp_id)
    is_model = any(DppId.of(each.identifier) == dpp_id for each in content.models)
    if model is None and not is_model:
        raise ConfigError(f"there is no passport {dpp_id}", "name a dppId of this project")
    if SEALED_LEVEL[group] is Level.BATTERY and model is None:
        raise ConfigError(f"{dpp_id} is a model: it has no {group}", "name one of its batteries")
    return model if model and SEALED_LEVEL[group] is Level.MODEL else dpp_id


def _as_text(told: Explanation) -> Iterator[str]:
    whom, group = told.client.id, told.item.group if told.item else ""
    if told.decision is None or told.item is None:
        yield f"no: {told.not_live}"
        return
    answer = "yes" if told.allowed else "no"
    of = "" if told.item.passport == _ANY_PASSPORT else f" of {told.item.passport}"
    yield f"{answer}: {group}{of} to {whom} for {told.purpose}: {_SENTENCES[told.decision.why]}"
    if told.rule:
        yield from _of_rule(told.rule)
    if told.decision.grant:
        grant = told.decision.grant
        days = (grant.expires - told.now).days
        yield f"  grant: {', '.join(grant.operations)}; reuse {grant.reuse}, for {days} days"
    for rule in told.other_rules:
        state = "" if rule.adopted else ", not adopted"
        yield f"also: row {rule.id} ({rule.effect}{state}) for {', '.join(rule.purposes)}"


def _of_rule(rule: Rule) -> Iterator[str]:
    methods = " or ".join(sorted(rule.authentication.methods))
    yield f"  row {rule.id}: {rule.effect}"
    yield f"  basis: {'; '.join(rule.basis)}"
    yield f"  asks for: {methods}, assurance {rule.authentication.assurance} or higher"
    if rule.review.by_lawyer:
        yield "  a lawyer must still look at it"


def _as_json(told: Explanation) -> JsonObject:
    decision = told.decision
    grant = decision.grant if decision else None
    return {
        "client": told.client.id,
        "allowed": told.allowed,
        "why": decision.why if decision else "client",
        "passport": str(told.item.passport) if told.item else None,
        "rule": told.rule.id if told.rule else None,
        "basis": list(told.rule.basis) if told.rule else [],
        "grant": None
        if grant is None
        else {
            "operations": list(grant.operations),
            "reuse": grant.reuse,
            "expires": time_text(grant.expires),
        },
        "other_rules": [rule.id for rule in told.other_rules],
    }
