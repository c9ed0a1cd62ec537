"""What the YAML parser stumbles over, told in sentences for people who edit content.

Turns the C parser's errors into one problem each, and finds tabs, which it lets pass in places.
Knows libyaml's wording; a wording that is not in the table is passed on as it is.
"""

from collections.abc import Sequence

import yaml

from generator.content.decoding import place_in
from passport.problems import Findings, Place

_TABS = "indent by two spaces a level; a tab may stand only between quotes"

# What libyaml says, what that means, what to do.
_SENTENCES = {
    "mapping values are not allowed in this context": (
        "a colon stands where no name can",
        "check the indentation and the line before, and put a text that holds ': ' in quotes",
    ),
    "block sequence entries are not allowed in this context": (
        "a list item stands where no list can",
        "start the list on a new line",
    ),
    "could not find expected ':'": (
        "this line has no colon after its name",
        "write name: value, or put a text of several lines in quotes",
    ),
    "did not find expected key": (
        "this doesn't fit what stands before it",
        "check the indentation, and put a text that holds quotes wholly in quotes",
    ),
    "did not find expected '-' indicator": (
        "a list goes on with something that is no item",
        "start the line with a hyphen, or indent it like the line it belongs to",
    ),
    "did not find expected ',' or ']'": (
        "the list that opens here doesn't close",
        "put commas between the items and ] at the end",
    ),
    "did not find expected ',' or '}'": (
        "the group that opens here doesn't close",
        "put commas between the entries and } at the end",
    ),
    "did not find expected node content": (
        "an item is missing here",
        "remove the comma or write the item",
    ),
    "found unexpected end of stream": (
        "the quote that opens here doesn't close",
        "add the closing quote",
    ),
    "found unexpected document indicator": (
        "the quote that opens here doesn't close",
        "add the closing quote",
    ),
    "found character that cannot start any token": (
        "a text can't start with this character",
        "put the text in quotes",
    ),
    "found unknown escape character": (
        "this backslash starts no known escape",
        "use single quotes, or write the backslash twice",
    ),
    "did not find expected comment or line break": (
        "the text must start on the next line",
        "break the line after | or >",
    ),
    "did not find expected <document start>": (
        "there is more after the end of the document",
        "keep one document a file",
    ),
    "found undefined tag handle": ("this is a tag", "put the text in quotes or remove the tag"),
    "did not find expected alphabetic or numeric character": (
        "a text can't start with this character",
        "put the text in quotes",
    ),
    "found incompatible YAML document": (
        "this YAML version is not known",
        "remove the %YAML line",
    ),
}

# Where the beginning of the construct helps more than the place of the stumble.
_OPENED_BEFORE = (
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "found unexpected end of stream",
    "found unexpected document indicator",
    "could not find expected ':'",
)


def report_syntax(
    error: yaml.YAMLError, text: str, quotes: Sequence[range], file: str, findings: Findings
) -> None:
    """Note the one problem at which the parser stopped, which is a tab where one stands there.

    `quotes` are the offsets of the quoted texts before it.
    """
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    tabs = _tabs_outside(text, quotes)
    tab = _tab_before(mark.index, tabs, text) if mark else None
    if tab is not None:
        _report_tab(place_in(text, tab, file), len(tabs), findings)
        return
    noticed = _place(mark, file)
    message, remedy = _SENTENCES.get(problem, (problem, "check the YAML of this line"))
    place = noticed
    if problem in _OPENED_BEFORE:
        place = _place(getattr(error, "context_mark", None), file)
        message = f"{message} (noticed on line {noticed.line}, column {noticed.column})"
    findings.error(place, "$", "syntax", message, remedy)


def report_tabs(text: str, quotes: Sequence[range], file: str, findings: Findings) -> None:
    """Note tabs outside of quoted texts, whose offsets in `text` are given."""
    outside = _tabs_outside(text, quotes)
    if outside:
        _report_tab(place_in(text, outside[0], file), len(outside), findings)


def _tab_before(offset: int, tabs: Sequence[int], text: str) -> int | None:
    """Return the first tab between the start of the line and the offset, both included."""
    line_start = text.rfind("\n", 0, offset) + 1
    return next((tab for tab in tabs if line_start <= tab <= offset), None)


def _tabs_outside(text: str, quotes: Sequence[range]) -> list[int]:
    if "\t" not in text:
        return []
    allowed = {offset for part in quotes for offset in part}
    return [n for n, char in enumerate(text) if char == "\t" and n not in allowed]


def _report_tab(place: Place, count: int, findings: Findings) -> None:
    more = f", the first of {count}" if count > 1 else ""
    findings.error(place, "$", "tab", f"a tab stands here{more}", _TABS)


def _place(mark: yaml.Mark | None, file: str) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
