"""A review for people and programs: text, one bounded Markdown comment, JSON.

The comment has a part for each reader, so that a lawyer, an engineer and a quality manager each
find what they answer for. However large a change is, the comment fits where forges cut; whatever
names in content hold, it draws no link, mentions nobody and hides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict

from generator.review.change import Change, Effect, Reader, Review
from passport.encoding.canonical import Json

MOST_LINES = 25
"""Lines of one part of a comment; what is left out is counted."""
MOST_CHARACTERS = 60_000
"""Of a comment; GitHub takes 65,536."""
_LONGEST_LINE = 300
_MOST_PROBLEMS = 5
_TITLES = {
    Reader.LAW: "Law, identity and access",
    Reader.ENGINEERING: "Engineering",
    Reader.QUALITY: "Batteries and evidence",
}
_NO_REASON = (
    "Changes marked ⚠ are looked at by the law: end the commit's message with a line "
    "`Passport-Reason: CODE: why`, such as `Passport-Reason: corrected-value: typing error`"
)
_UNSEEN = "Restricted data in a private root that is not here were not compared"
# What a forge turns into links and mentions, after Markdown, wherever it stands in a text.
_LINKED = re.compile(r"(?i)@|#|:(?=//)|\bwww(?=\.)|\bGH(?=-)")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()+!|~$^%]")


def text_review(review: Review) -> str:
    """Return the review for a terminal."""
    lines = [_plain(f"{review.before} → {review.after}: {_summary(review)}")]
    lines += [f"! {line}" for line in _limits(review)]
    for reader in Reader:
        changes = _of(review, reader)
        if changes:
            lines += ["", _TITLES[reader], *(f"  {_line(change)}" for change in changes)]
    if review.lacks_reason:
        lines += ["", _NO_REASON.replace("`", "")]
    elif review.reasons:
        lines += ["", f"Reason: {_plain('; '.join(review.reasons))}"]
    return "\n".join(lines)


def markdown_review(review: Review) -> str:
    """Return the review as a comment of a pull request."""
    lines = [f"### Passports: {_summary(review)}"]
    lines += [f"> ⚠ {_escaped(line)}" for line in _limits(review)]
    end = list(_reasons(review))
    room = MOST_CHARACTERS - sum(map(len, (*lines, *end)))
    for reader in Reader:
        changes = _of(review, reader)
        if changes:
            lines += ["", f"**{_TITLES[reader]}**", *_bounded(changes, room // len(Reader))]
    return "\n".join([*lines, *end]) + "\n"


def json_review(review: Review) -> dict[str, Json]:
    """Return the review as one JSON object; members are those of `Review` and `Change`."""
    members: dict[str, Json] = asdict(review)
    return {**members, "lacks_reason": review.lacks_reason}


def _of(review: Review, reader: Reader) -> list[Change]:
    found = [change for change in review.changes if change.reader is reader]
    return sorted(found, key=lambda change: not change.sensitive)


def _reasons(review: Review) -> Iterator[str]:
    if review.lacks_reason:
        yield from ("", f"> {_NO_REASON}.")
    elif review.reasons:
        yield from ("", f"Reason: {_escaped(_plain('; '.join(review.reasons)))}")


def _limits(review: Review) -> Iterator[str]:
    """What this comparison can't see."""
    for problem in review.problems[:_MOST_PROBLEMS]:
        yield f"can't be read, so it counts as missing: {_plain(problem)}"
    if len(review.problems) > _MOST_PROBLEMS:
        yield f"and {len(review.problems) - _MOST_PROBLEMS} more: run `cellfolio check`"
    if review.unseen:
        yield _UNSEEN


def _bounded(changes: list[Change], room: int) -> Iterator[str]:
    """Yield as many changes as a person reads and a comment holds, and count the others."""
    told = 0
    for change in changes[:MOST_LINES]:
        line = f"- {_escaped(_line(change))}"
        room -= len(line) + 1
        if room < 0:
            break
        told += 1
        yield line
    if told < len(changes):
        yield f"- and {len(changes) - told:,} more: run `cellfolio diff`"


def _summary(review: Review) -> str:
    counts = (
        (review.new, "new"),
        (review.renewed, "in a new version"),
        (review.ceased, "ceased"),
    )
    if not review.changes:
        return "nothing changes"
    return ", ".join(f"{n:,} {what}" for n, what in counts if n) or "no passport changes"


def _line(change: Change) -> str:
    mark = "⚠ " if change.sensitive else ""
    group = f" [{change.group}]" if change.group else ""
    values = ""
    if change.before or change.after:
        values = f": {change.before or 'nothing'} → {change.after or 'nothing'}"
    note = f" ({change.note})" if change.note else ""
    return _plain(f"{mark}{change.subject}, {change.what}{group}{values}{note}{_reach(change)}")


def _reach(change: Change) -> str:
    if change.effect is Effect.NONE or not change.passports:
        return ""
    verb = {Effect.NEW: "new ", Effect.CEASES: "ceasing "}.get(change.effect, "")
    return f"; {change.passports:,} {verb}passport{'' if change.passports == 1 else 's'}"


def _plain(text: str) -> str:
    """One line without characters that steer a terminal or turn what follows around."""
    line = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _escaped(text: str) -> str:
    """Markdown that shows a text as it stands."""
    shown = _MARKDOWN.sub(r"\\\g<0>", text)
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINKED.sub("\\g<0>\u200b", shown)
