"""Checks of access that need the rest of the content: products, keys, days.

What a policy says against the law is `passport.access.law`; here is whether clients and refusals
name what exists, whether reviews are overdue, and whether a key could be somebody else's.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from generator.content.access.clients import ClientEntry, Entered
from generator.content.access.load import POLICY_FILE, AccessContent
from generator.content.access.refused import RefusalEntry
from generator.content.load import Content
from passport.access.client import ClientStatus
from passport.access.law import judge_policy
from passport.access.refusal import GroupRefusal, PassportRefusal, Refusal
from passport.identifiers import DppId
from passport.problems import Place, Problem, Severity
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import demo_secret

_WARNING = Severity.WARNING


def check_access(content: Content, as_of: date) -> Iterator[Problem]:
    """Yield what is wrong with access; places without a column lead to their line by the path."""
    access = content.access
    if access.policy is not None:
        yield from judge_policy(access.policy, POLICY_FILE, as_of)
    elif not access.has_policy_file and (access.clients or content.config.brokers):
        message = "there is no access policy, so a broker could release nothing"
        remedy = "write content/access/policy.yaml (docs/access.md)"
        yield Problem(Place(POLICY_FILE), "$", "no-policy", message, remedy, severity=_WARNING)
    for client in access.clients:
        yield from _client(client, access, as_of)
    for issuer in access.issuers:
        yield from _overdue(issuer.entered, as_of)
    yield from _twice(access)
    yield from _unknown_products(content)
    yield from _refusals(access.refusals, as_of)
    if content.config.base_url.is_real:
        yield from _demo_keys(access)


def models_of(content: Content, wanted: Iterable[DppId]) -> dict[DppId, DppId]:
    """Return which model each of the wanted batteries is of; unknown ones are left out."""
    names = frozenset(wanted)
    batteries = content.identified(content.batteries if names else ())
    found = ((DppId.of(uri.key), DppId.of(model.identifier)) for model, _, uri in batteries)
    return {battery: model for battery, model in found if battery in names}


def _client(entry: ClientEntry, access: AccessContent, as_of: date) -> Iterator[Problem]:
    client, entered = entry.client, entry.entered
    yield from _overdue(entered, as_of)
    if client.status is ClientStatus.ACTIVE and client.period.end and client.period.end < as_of:
        message = f"client {client.id} was entitled until {client.period.end}"
        remedy = "prove its role anew and write the new day, or write status: ended"
        yield _of_entry(entered, "valid_until", "client-expired", message, remedy, _WARNING)
    if access.policy and client.actors and not access.policy.groups_of(client.actors, as_of):
        message = f"no row of the policy opens anything to client {client.id}"
        remedy = "correct its actors, or the policy"
        yield _of_entry(entered, "actors", "client-without-rule", message, remedy, _WARNING)


def _overdue(entered: Entered, as_of: date) -> Iterator[Problem]:
    if entered.review_due < as_of:
        message = f"the entry was to be reviewed by {entered.review_due}"
        remedy = "ask for fresh evidence, then write both days"
        yield _of_entry(entered, "review_due", "review-overdue", message, remedy, _WARNING)


def _twice(access: AccessContent) -> Iterator[Problem]:
    keys: dict[PublicKey, str] = {}
    for entry in access.clients:
        first = keys.setdefault(entry.client.public_key, entry.client.id)
        if first != entry.client.id:
            message = f"client {first} has the same key"
            remedy = "each client has a key of its own, so that a record tells who asked"
            yield _of_entry(entry.entered, "key", "duplicate-key", message, remedy)
    names: set[str] = set()
    for issuer in access.issuers:
        if issuer.issuer.did in names:
            message = f"issuer {issuer.issuer.did} stands twice"
            yield _of_entry(
                issuer.entered, "did", "duplicate-issuer", message, "keep one of the two"
            )
        names.add(issuer.issuer.did)


def _unknown_products(content: Content) -> Iterator[Problem]:
    named = [each for entry in content.access.clients for each in entry.products]
    refused = [(e, p) for e in content.access.refusals if (p := _passport_of(e.refusal))]
    batteries = models_of(content, [*(each.product for each in named), *(p for _, p in refused)])
    for each in named:
        if each.product not in batteries:
            message = f"there is no battery {each.product}"
            remedy = "name a battery's dppId like 01_09506000134352_21_ABC123"
            yield Problem(each.place, "$.holdings", "unknown-passport", message, remedy)
    models = {DppId.of(model.identifier) for model in content.models}
    for entry, passport in refused:
        if passport not in batteries and passport not in models:
            message = f"there is no passport {passport}"
            remedy = "name a dppId like 01_09506000134352_21_ABC123"
            yield Problem(entry.place, "passport", "unknown-passport", message, remedy)


def _passport_of(refusal: Refusal) -> DppId | None:
    return refusal.passport if isinstance(refusal, PassportRefusal | GroupRefusal) else None


def _refusals(entries: Iterable[RefusalEntry], as_of: date) -> Iterator[Problem]:
    seen: dict[Refusal, int] = {}
    for entry in entries:
        if entry.refused_on > as_of:
            message = f"{entry.refused_on} is still to come"
            remedy = "write the day on which it was refused"
            yield Problem(entry.place, "refused_on", "future-date", message, remedy)
        first = seen.setdefault(entry.refusal, entry.place.line)
        if first != entry.place.line:
            message = f"line {first} refuses the same"
            yield Problem(entry.place, "$", "duplicate-row", message, "delete this line")


def _demo_keys(access: AccessContent) -> Iterator[Problem]:
    for client in access.clients:
        demo = PublicKey.of(demo_secret(f"client/{client.client.id}"))
        if client.client.public_key == demo:
            yield _is_demo_key(client.client.id, client.entered)
    demo = PublicKey.of(demo_secret("role-issuer"))
    for issuer in access.issuers:
        if any(key.public_key == demo for key in issuer.issuer.keys):
            yield _is_demo_key(issuer.issuer.did, issuer.entered)


def _is_demo_key(name: str, entered: Entered) -> Problem:
    message = f"the key of {name} is a demo key, which everybody has"
    return _of_entry(entered, "", "demo-key", message, "enter a key of its own")


def _of_entry(
    entered: Entered,
    member: str,
    rule: str,
    message: str,
    remedy: str,
    severity: Severity = Severity.ERROR,
) -> Problem:
    path = f"{entered.path}.{member}" if member else entered.path
    return Problem(Place(entered.file), path, rule, message, remedy, severity=severity)
