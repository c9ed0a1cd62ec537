"""The report: bounded, and nothing in content may draw links, mention people or hide a line."""

import json
import re
from dataclasses import replace

import pytest

from generator.review.change import Change, Effect, Reader, Review
from generator.review.report import MOST_LINES, json_review, markdown_review, text_review
from passport.registry import Group

FORGE_LIMIT = 65_536
WORST = "<@&[](#!|~`*_\\" * 40


def _change(**members: object) -> Change:
    plain = {"reader": Reader.LAW, "subject": "model rack", "what": "Mass"}
    return Change(**{**plain, **members})  # type: ignore[arg-type]


def _review(*changes: Change, **members: object) -> Review:
    plain = {"before": "a", "after": "b", "new": 0, "renewed": 0, "ceased": 0}
    return Review(changes=changes, **{**plain, **members})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Rack", WORST, "ü" * 500, "\u202e" * 300])
@pytest.mark.parametrize("count", [1, 25, 26, 5000])
def test_a_comment_fits_where_forges_cut(name: str, count: int) -> None:
    changes = [
        _change(reader=reader, subject=name, what=name, before=name, after=name, note=name)
        for reader in Reader
        for _ in range(count)
    ]
    problems = (name,) * count
    told = markdown_review(_review(*changes, problems=problems, reasons=(name,) * 50))
    assert len(told) < FORGE_LIMIT
    for part in told.split("\n\n")[1:4]:
        assert len([line for line in part.splitlines() if line.startswith("- ")]) <= MOST_LINES + 1
    counted = [int(n.replace(",", "")) for n in re.findall(r"- and ([0-9,]+) more", told)]
    shown = len(re.findall(r"(?m)^- (?!and [0-9,]+ more)", told))
    assert shown + sum(counted) == 3 * count


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("@everyone", "@\u200beveryone"),
        ("&#64;everyone", "&amp;#\u200b64;everyone"),
        ("fixes #12", "fixes #\u200b12"),
        ("GH-12", "GH\u200b-12"),
        ("[free](https://evil.example)", "\\[free\\]\\(https:\u200b//evil.example\\)"),
        ("www.evil.example", "www\u200b.evil.example"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("`code` *bold* _soft_ ~~no~~", "\\`code\\` \\*bold\\* \\_soft\\_ \\~\\~no\\~\\~"),
        ("$x$ %1 ^alert", "\\$x\\$ \\%1 \\^alert"),
        ("a\n# Heading", "a\ufffd#\u200b Heading"),
        ("\u202egnorw", "\ufffdgnorw"),
        ("a\x1b[2Jb", "a\ufffd\\[2Jb"),
    ],
)
def test_names_are_shown_as_they_stand(name: str, told: str) -> None:
    (line,) = (
        line for line in markdown_review(_review(_change(what=name))).splitlines() if "rack" in line
    )
    assert line == f"- model rack, {told}"


def test_a_terminal_is_not_steered() -> None:
    told = text_review(_review(_change(what="a\x1b[2J\r\nb"), problems=("x\x1b[2J",)))
    assert "\x1b" not in told
    assert "\r" not in told
    assert len(told.splitlines()) == 5


def test_each_reader_finds_a_part() -> None:
    changes = [_change(reader=reader, what=reader) for reader in Reader]
    told = markdown_review(_review(*changes))
    assert re.findall(r"\*\*(.+)\*\*", told) == [
        "Law, identity and access",
        "Engineering",
        "Batteries and evidence",
    ]


def test_what_the_law_looks_at_comes_first_and_wants_a_reason() -> None:
    changes = (_change(what="First"), _change(what="Second", sensitive=True))
    told = text_review(_review(*changes))
    assert told.index("⚠ model rack, Second") < told.index("First")
    assert "Passport-Reason: CODE: why" in told
    settled = replace(_review(*changes), has_reason=True, reasons=("new-value",))
    assert "CODE" not in text_review(settled)
    assert "Reason: new-value" in markdown_review(settled)


def test_what_cannot_be_seen_is_said() -> None:
    for form in (text_review, markdown_review):
        assert "private root" in form(_review(unseen=True))
        told = form(_review(problems=tuple(f"HEAD: problem {n}" for n in range(9))))
        assert "HEAD: problem 4" in told
        assert "and 4 more" in told


def test_counts_add_up_in_one_line() -> None:
    told = text_review(_review(_change(), new=100_000, renewed=3, ceased=1))
    assert told.startswith("a → b: 100,000 new, 3 in a new version, 1 ceased\n")
    assert text_review(_review()).endswith(": nothing changes")
    assert text_review(_review(_change())).startswith("a → b: no passport changes")


def test_json_holds_everything() -> None:
    change = _change(group=Group.PUBLIC, effect=Effect.NEW_VERSION, passports=3, sensitive=True)
    assert json.loads(json.dumps(json_review(_review(change, renewed=3)))) == {
        "before": "a",
        "after": "b",
        "changes": [
            {
                "reader": "law",
                "subject": "model rack",
                "what": "Mass",
                "before": "",
                "after": "",
                "note": "",
                "group": "xiii-1",
                "effect": "new version",
                "passports": 3,
                "batteries": 0,
                "sensitive": True,
            }
        ],
        "new": 0,
        "renewed": 3,
        "ceased": 0,
        "reasons": [],
        "has_reason": False,
        "problems": [],
        "unseen": False,
        "lacks_reason": True,
    }
