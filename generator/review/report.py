"""A review for people and programs: text, one bounded Markdown comment, JSON.

The comment has a part for each reader, so that a lawyer, an engineer and a quality manager each
find what they answer for. However large a change is, the comment fits where forges cut.
"""

from collections.abc import Iterator
from dataclasses import asdict

from generator.review.change import Change, Effect, Reader, Review
from passport.canonical import Json

MOST_LINES = 25
"""Lines of one part of a comment; what is left out is counted."""
_TITLES = {
    Reader.LAW: "Law, identity and access",
    Reader.ENGINEERING: "Engineering",
    Reader.QUALITY: "Batteries and evidence",
}
_NO_REASON = (
    "Changes marked ⚠ are looked at by the law: add a line `Passport-Reason: …` to the commit "
    "message, such as `Passport-Reason: corrected value`"
)


def text_review(review: Review) -> str:
    """Return the review for a terminal."""
    lines = [f"{review.before} → {review.after}: {_summary(review)}"]
    for reader in Reader:
        changes = _of(review, reader)
        if changes:
            lines += ["", _TITLES[reader], *(f"  {_line(change)}" for change in changes)]
    if review.lacks_reason:
        lines += ["", _NO_REASON.replace("`", "")]
    return "\n".join(lines)


def markdown_review(review: Review) -> str:
    """Return the review as a comment of a pull request."""
    lines = [f"### Passports: {_summary(review)}"]
    for reader in Reader:
        changes = _of(review, reader)
        if changes:
            lines += ["", f"**{_TITLES[reader]}**", *_bounded(changes)]
    if review.lacks_reason:
        lines += ["", f"> {_NO_REASON}."]
    elif review.reason:
        lines += ["", f"Reason: {_escaped(review.reason)}"]
    return "\n".join(lines) + "\n"


def json_review(review: Review) -> dict[str, Json]:
    """Return the review as one JSON object; members are those of `Review` and `Change`."""
    members: dict[str, Json] = asdict(review)
    return {**members, "lacks_reason": review.lacks_reason}


def _of(review: Review, reader: Reader) -> list[Change]:
    found = [change for change in review.changes if change.reader is reader]
    return sorted(found, key=lambda change: not change.sensitive)


def _bounded(changes: list[Change]) -> Iterator[str]:
    for change in changes[:MOST_LINES]:
        yield f"- {_escaped(_line(change))}"
    if len(changes) > MOST_LINES:
        yield f"- and {len(changes) - MOST_LINES} more: run `cellfolio diff`"


def _summary(review: Review) -> str:
    parts = [
        f"{count:,} {name}"
        for count, name in (
            (review.new, "new"),
            (review.renewed, "in a new version"),
            (review.ceased, "ceased"),
        )
        if count
    ]
    if not review.changes:
        return "nothing changes"
    return ", ".join(parts) or "no passport changes"


def _line(change: Change) -> str:
    mark = "⚠ " if change.sensitive else ""
    group = f" [{change.group}]" if change.group else ""
    values = ""
    if change.before or change.after:
        values = f": {change.before or 'nothing'} → {change.after or 'nothing'}"
    note = f" ({change.note})" if change.note else ""
    return f"{mark}{change.subject}, {change.what}{group}{values}{note}{_reach(change)}"


def _reach(change: Change) -> str:
    if change.effect is Effect.NONE or not change.passports:
        return ""
    return f"; {change.passports:,} passport{'' if change.passports == 1 else 's'}"


def _escaped(text: str) -> str:
    """Markdown that shows a text as it stands: nothing in content may draw links or mentions."""
    shown = "".join(f"\\{c}" if c in r"\`*_{}[]()#+!|~" else c for c in text)
    return shown.replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u200b")
