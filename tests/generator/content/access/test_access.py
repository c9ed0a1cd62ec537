"""Access is read strictly: each problem has its line and column, and all are told at once."""

from datetime import date
from pathlib import Path

import pytest

from generator.content.access.load import AccessContent
from generator.content.check import Checked, check
from passport.access.refusal import GroupRefusal, KeyRefusal, PassportRefusal, SaltRefusal
from passport.did.key import did_key
from passport.problems import Problem, Severity
from passport.registry import Group
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import demo_secret
from tests.access import BATTERY, KEY
from tests.access_project import (
    A1,
    A2,
    ISSUERS,
    MODEL,
    POLICY,
    REFUSED,
    client_file,
    edit,
    write_access_project,
    write_client,
    write_issuers,
)
from tests.small_project import write

DAY = date(2027, 1, 1)
BUYER, RECYCLER = client_file("buyer"), client_file("recycler")
DID = did_key(PublicKey.of(demo_secret("role-issuer")))
HERE = "▸"
"""Stands in a replacement where the problem must be told, and is taken out before it is written."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_access_project(tmp_path / "site")


def found(checked: Checked) -> list[Problem]:
    return [each for each in checked.problems if "content/access" in each.place.file]


def access_of(project: Path) -> AccessContent:
    checked = check(project, DAY)
    assert found(checked) == []
    return checked.content.access


def test_a_project_without_the_folder_says_nothing_of_access(project: Path) -> None:
    for path in sorted((project / "content/access").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (project / "content/access").rmdir()
    assert access_of(project) == AccessContent()


def test_everything_is_read(project: Path) -> None:
    write_issuers(project, DID)
    access = access_of(project)
    assert access.policy is not None
    assert len(access.policy.rules) == 19
    assert [entry.client.id for entry in access.clients] == ["authority", "buyer", "recycler"]
    (issuer,) = access.issuers
    assert issuer.issuer.keys[0].public_key == PublicKey.of(demo_secret("role-issuer"))
    assert access.clients[0].entered.approver == "Ada Example"


def test_a_row_has_what_defaults_say_unless_it_says_so_itself(project: Path) -> None:
    edit(project, POLICY, "    actors: repairer\n", "    actors: repairer\n    reuse: none\n")
    policy = access_of(project).policy
    assert policy is not None
    by_id = {rule.id: rule for rule in policy.rules}
    assert by_id["model-repair"].reuse == "none"
    assert by_id["battery-repair"].reuse == "not-determined"
    assert {rule.time_to_live_days for rule in policy.rules} == {30}


# What is replaced, by what, the rule that is broken. ▸ marks line and column.
WRONG = [
    (POLICY, "actors: repairer\n", "actors: ▸anybody\n", "value-format"),
    (POLICY, "actors: repairer\n", "actors: [repairer, ▸'*']\n", "value-format"),
    (POLICY, "actors: repairer\n", "actors: [repairer, ▸repairer]\n", "duplicate-value"),
    (POLICY, "actors: repairer\n", "actors: ▸[]\n", "empty-value"),
    (POLICY, "purposes: repair\n", "purposes: [▸reparation]\n", "value-format"),
    (POLICY, "purposes: repair\n", "purposes: ▸[repair, recycling]\n", "beyond-article"),
    (POLICY, "group: xiii-3", "group: ▸xiii-5", "value-format"),
    (POLICY, "group: xiii-3", "group: ▸xiii-1", "public-group"),
    (POLICY, "level: model", "level: ▸item", "value-format"),
    (POLICY, 'point: "2"', 'point: ▸"3"', "wrong-point"),
    (POLICY, "    effect: permit", "    effect: ▸allow", "value-format"),
    (POLICY, "    adopted: false", "    adopted: ▸no", "yes-or-no"),
    (POLICY, "    adopted: false\n", "    ▸addopted: false\n", "unknown-key"),
    (POLICY, "  operations: view", "  operations: ▸read", "value-format"),
    (POLICY, "  reuse: not-determined", "  reuse: ▸free", "value-format"),
    (POLICY, "keep_days: 1827", "keep_days: ▸0", "value-format"),
    (POLICY, "  time_to_live_days: 30", "  time_to_live_days: ▸a month", "value-format"),
    (POLICY, "assurance: substantial", "assurance: ▸medium", "value-format"),
    (POLICY, "[private_key_jwt, role", "[▸password, role", "value-format"),
    (POLICY, "version: 2026-11-01.1", "version: ▸1.0", "value-format"),
    (POLICY, "effective_from: 2026-11-01", "effective_from: ▸2026-11-31", "value-format"),
    (POLICY, "id: model-repair", "id: ▸Model repair", "value-format"),
    (POLICY, "id: model-repair", "id: ▸battery-dismantling", "duplicate-rule"),
    (POLICY, "  review_due: 2027-04-26", "  review_due: ▸soon", "value-format"),
    (POLICY, "rs: repairer\n", "rs: repairer\n    valid_until: ▸2026-10-31\n", "wrong-period"),
    (RECYCLER, "actors: recycler", "actors: ▸scrapper", "value-format"),
    (RECYCLER, "status: active", "status: ▸retired", "value-format"),
    (RECYCLER, "valid_until: 2099-10-31\n", "", "missing-member"),
    (RECYCLER, "evidence: register\n", "", "missing-member"),
    (RECYCLER, "valid_until: 2099-10-31", "valid_until: ▸2026-10-31", "wrong-period"),
    (RECYCLER, 'key: {"crv"', 'key: ▸{"d": "secret", "crv"', "private-key"),
    (RECYCLER, '"Ed25519"', '"P-256"', "value-format"),
    (RECYCLER, "status: active", "status: active\nage: ssh-ed25519", "value-format"),
    (RECYCLER, "actors: recycler\n", "", "value-format"),
    (RECYCLER, "actors: recycler\n", "actors: purchaser\n", "value-format"),
    (BUYER, f"[{A1}]", "[▸01_09506000134352_21_A9]", "unknown-passport"),
    (BUYER, f"[{A1}]", f"[▸'{MODEL}']", "unknown-passport"),
    (BUYER, f"[{A1}]", "[▸A1]", "value-format"),
    (BUYER, "actor: purchaser", "actor: ▸owner", "value-format"),
    (BUYER, "    evidence: invoice 12\n", "", "missing-member"),
    (ISSUERS, "did: did:key:", "did: did:key:x", "value-format"),
    (ISSUERS, "did: did:key:", "did: did:web:a.example#", "value-format"),
    (ISSUERS, "recycler, repairer", "recycler, ▸purchasers", "value-format"),
    (ISSUERS, "name: Chamber", "▸nam: Chamber", "unknown-key"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "rule"), WRONG)
def test_what_is_wrong_is_told_at_its_place(
    project: Path, file: str, old: str, new: str, rule: str
) -> None:
    write_issuers(project, DID)
    edit(project, file, old, new)
    text = (project / file).read_text("utf-8")
    before = text.partition(HERE)[0]
    (project / file).write_text(text.replace(HERE, ""), "utf-8")
    errors = [each for each in found(check(project, DAY)) if each.severity is Severity.ERROR]
    assert rule in {each.rule for each in errors}
    if HERE in text:
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        places = [(each.place.file, each.place.line, each.place.column) for each in errors]
        assert (file, line, column) in places


def test_a_mistake_in_defaults_is_told_once(project: Path) -> None:
    edit(project, POLICY, "  reuse: not-determined", "  reuse: free")
    errors = [each for each in found(check(project, DAY)) if each.rule == "value-format"]
    assert len(errors) == 1
    assert errors[0].path == "$.defaults.reuse"


def test_all_problems_are_told_at_once(project: Path) -> None:
    edit(project, POLICY, "actors: repairer\n", "actors: anybody\n")
    edit(project, POLICY, "group: xiii-3", "group: xiii-5")
    edit(project, RECYCLER, "status: active", "status: retired")
    edit(project, BUYER, A1, "01_09506000134352_21_A9")
    write(project, REFUSED, '{"passport": "x", "reason": "r", "refused_on": "2026-12-01"}\n')
    files = {each.place.file for each in found(check(project, DAY)) if each.rule != "withheld"}
    assert files == {POLICY, RECYCLER, BUYER, REFUSED}


def test_strange_files_are_told(project: Path) -> None:
    names = (
        "content/access/rules.yaml",
        "content/access/clients/x.json",
        "content/access/c/d.yaml",
    )
    for name in names:
        write(project, name, "a: 1\n")
    strange = {
        each.place.file for each in found(check(project, DAY)) if each.rule == "strange-file"
    }
    assert strange == {*names[:2], "content/access/c"}


def test_one_key_is_one_client_s(project: Path) -> None:
    text = (project / RECYCLER).read_text("utf-8")
    write(project, client_file("repairer"), text)
    (problem,) = found(check(project, DAY))
    assert (problem.rule, problem.place.file) == ("duplicate-key", client_file("repairer"))
    assert problem.place.line == 2


def test_a_demo_key_is_refused_for_a_real_site(project: Path) -> None:
    write_issuers(project, DID)
    edit(project, "cellfolio.toml", "https://id.example.com", "https://id.maker-batteries.com")
    problems = [each for each in found(check(project, DAY)) if each.rule == "demo-key"]
    assert len(problems) == 4
    assert {each.place.file for each in problems} == {
        RECYCLER, BUYER, client_file("authority"), ISSUERS,
    }  # fmt: skip


@pytest.mark.requirement("R5.7")
def test_overdue_reviews_and_expired_clients_are_findings(project: Path) -> None:
    edit(project, RECYCLER, "review_due: 2099-10-31", "review_due: 2026-12-31")
    edit(project, BUYER, "valid_until: 2099-10-31", "valid_until: 2026-12-31")
    problems = found(check(project, DAY))
    assert [(each.place.file, each.rule) for each in problems] == [
        (BUYER, "client-expired"),
        (RECYCLER, "review-overdue"),
    ]
    assert all(each.severity is Severity.WARNING for each in problems)
    later = {each.rule for each in found(check(project, date(2027, 5, 1)))}
    assert "review-overdue" in later


def test_an_ended_client_may_be_out_of_date(project: Path) -> None:
    edit(project, BUYER, "valid_until: 2099-10-31", "valid_until: 2026-12-31")
    edit(project, BUYER, "status: active", "status: ended")
    assert access_of(project).clients


def test_a_client_that_no_row_opens_anything_to_is_a_finding(project: Path) -> None:
    write_client(project, "commission", "actors: commission")
    assert access_of(project).clients
    edit(
        project,
        POLICY,
        "    actors: commission\n    purposes: union-oversight\n",
        "    actors: commission\n    purposes: union-oversight\n    adopted: false\n",
        count=2,
    )
    assert "client-without-rule" in {each.rule for each in found(check(project, DAY))}


DATED = '"reason": "recalled", "refused_on": "2026-12-01"}'
REFUSALS = f"""\
{{"passport": "{A1}", {DATED}
{{"passport": "{MODEL}", "group": "xiii-2", "before_version": 3, {DATED}
{{"salt": "MDEyMzQ1Njc4OWFiY2RlZg", {DATED}
{{"key": "{KEY}", {DATED}
"""


def test_refusals_of_each_kind_are_read(project: Path) -> None:
    write(project, REFUSED, REFUSALS)
    access = access_of(project)
    refusals = [entry.refusal for entry in access.refusals]
    battery, model, salt, key = refusals
    assert isinstance(battery, PassportRefusal)
    assert str(battery.passport) == A1
    assert isinstance(model, GroupRefusal)
    assert (str(model.passport), model.group) == (MODEL, Group.INTEREST_MODEL)
    assert model.before_version == 3
    assert salt == SaltRefusal(b"0123456789abcdef")
    assert key == KeyRefusal(KEY)
    assert access.policy is not None
    assert list(access.policy.refusals.entries) == refusals
    assert next(entry.reason for entry in access.refusals) == "recalled"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"{{{DATED}", "wrong-refusal"),
        (f'{{"passport": "{A2}", "group": "xiii-4", {DATED}', "wrong-refusal"),
        (f'{{"passport": "{A2}", "salt": "MDEyMzQ1Njc4OWFiY2RlZg", {DATED}', "wrong-refusal"),
        (f'{{"passport": "{A2}", "refused_on": "2026-12-01"}}', "missing-value"),
        (f'{{"passport": "{A2}", "reason": "a@b.de", "refused_on": "2026-12-01"}}', "value-format"),
        (f'{{"passport": "{A2}", "reason": "r", "refused_on": "2027-12-01"}}', "future-date"),
        (f'{{"passport": "{BATTERY}", {DATED}', "unknown-passport"),
        (f'{{"passport": "{A2}", "group": "xiii-1", "before_version": 2, {DATED}', "value-format"),
        (f'{{"salt": "AAAA", {DATED}', "value-format"),
        (f'{{"key": "xiii-4/2027a", {DATED}', "value-format"),
    ],
)
def test_wrong_refusals_are_told_at_their_line(project: Path, line: str, rule: str) -> None:
    write(project, REFUSED, f"{REFUSALS}{line}\n")
    (problem,) = found(check(project, DAY))
    assert (problem.rule, problem.place.line) == (rule, 5)


def test_the_same_refusal_twice_is_told(project: Path) -> None:
    write(project, REFUSED, REFUSALS + REFUSALS.splitlines()[0] + "\n")
    (problem,) = found(check(project, DAY))
    assert (problem.rule, problem.place.line) == ("duplicate-row", 5)
