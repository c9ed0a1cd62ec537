"""Strict YAML: what is read, and for each bad file its message, line and column."""

from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.content.yaml.located import Mapping, Node, Refused, Scalar, Sequence
from generator.content.yaml.strict_yaml import MAX_BYTES, MAX_DEPTH, read_yaml
from passport.errors import HostError
from passport.problems import Findings, Place


def read(text: str | bytes) -> tuple[Node | None, list[str]]:
    findings = Findings()
    data = text if isinstance(text, bytes) else text.encode()
    return read_yaml(data, "m.yaml", findings), [str(problem) for problem in findings.problems]


def rules(text: str | bytes) -> list[str]:
    findings = Findings()
    read_yaml(text if isinstance(text, bytes) else text.encode(), "m.yaml", findings)
    return [problem.rule for problem in findings.problems]


def plain(node: Node | None) -> object:
    match node:
        case Mapping():
            return {entry.key.text: plain(entry.value) for entry in node.entries}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.text
        case _:
            return node


def test_texts_stay_as_typed() -> None:
    node, problems = read(
        "nominal_voltage: 51.20 V\n"
        "placed: 2027-02-18\n"
        "hazardous: false\n"
        "ean: '0123'\n"
        "parts:\n"
        "  - Zelle  # a comment\n"
        "  - {name: Gehäuse, count: 2}\n"
        "note: |\n"
        "  two\n"
        "  lines\n"
        "long: >-\n"
        "  one\n"
        "  line\n"
    )
    assert problems == []
    assert plain(node) == {
        "nominal_voltage": "51.20 V",
        "placed": "2027-02-18",
        "hazardous": "false",
        "ean": "0123",
        "parts": ["Zelle", {"name": "Gehäuse", "count": "2"}],
        "note": "two\nlines\n",
        "long": "one line",
    }


def test_places_count_characters_from_one() -> None:
    node, problems = read("größe: {ä: x,\n  b: 'y'}\n")
    assert problems == []
    assert isinstance(node, Mapping)
    inner = node.get("größe")
    assert isinstance(inner, Mapping)
    assert inner.place == Place("m.yaml", 1, 8)
    assert [entry.key.place for entry in inner.entries] == [
        Place("m.yaml", 1, 9),
        Place("m.yaml", 2, 3),
    ]
    assert inner.get("b") == Scalar("y", Place("m.yaml", 2, 6), quoted=True)


def test_quoted_and_block_texts_are_never_ambiguous() -> None:
    node, problems = read("a: '0123'\nb: \"no\"\nc: |-\n  1e3\nd: >-\n  12:30\n'yes': x\n")
    assert problems == []
    assert plain(node) == {"a": "0123", "b": "no", "c": "1e3", "d": "12:30", "yes": "x"}


def test_windows_line_ends_change_nothing() -> None:
    assert read("a: 1\r\nb: 2\r\n") == read("a: 1\nb: 2\n")


_NO_ANCHOR = "the anchor &x marks a value to be repeated, which is not allowed: remove &x"
_NO_ALIAS = "*x repeats a value from elsewhere, which is not allowed: write the value here again"
_TAB = "indent by two spaces a level; a tab may stand only between quotes"
_INDENT = "check the indentation, and put a text that holds quotes wholly in quotes"
_COLON = (
    "a colon stands where no name can: "
    "check the indentation and the line before, and put a text that holds ': ' in quotes"
)
_HIDDEN = "delete it and type what is around it again"
_SAVE = "save the file again as UTF-8 without byte-order mark"


class Bad(NamedTuple):
    text: str | bytes
    told: str


BAD = {
    "duplicate key": Bad(
        "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n",
        "5:3: $.b.c: the key 'c' stands here again, first on line 3: keep one of the two",
    ),
    "duplicate key, once in quotes": Bad(
        "a: 1\n'a': 2\n",
        "2:1: $.a: the key 'a' stands here again, first on line 1: keep one of the two",
    ),
    "tab as indentation": Bad("a:\n\tb: 1\n", f"2:1: $: a tab stands here: {_TAB}"),
    "tab after a colon": Bad("ä:\tb\n", f"1:3: $: a tab stands here: {_TAB}"),
    "tabs at the end of lines": Bad(
        "a: 1\nb: 2\t\nc: '\t'\t\n",
        f"2:5: $: a tab stands here, the first of 2: {_TAB}",
    ),
    "tab before a comment": Bad("a: b\t# c\n", f"1:5: $: a tab stands here: {_TAB}"),
    "a quoted tab before a real mistake is not blamed": Bad(
        "a: '\t' b\n",
        f"1:8: $: this doesn't fit what stands before it: {_INDENT}",
    ),
    "anchor and alias": Bad("a: &x 1\nb: *x\n", f"1:4: $.a: {_NO_ANCHOR}\n2:4: $.b: {_NO_ALIAS}"),
    "anchor on a list": Bad("a: &x [1]\n", f"1:4: $.a: {_NO_ANCHOR}"),
    "merge key": Bad(
        "a:\n  <<: {b: 1}\n",
        "2:3: $.a: << merges another mapping into this one, which is not allowed: "
        "write the keys here again",
    ),
    "tag": Bad(
        "a: !!str 12\n",
        "1:4: $.a: the tag 'tag:yaml.org,2002:str' tells programs how to read the "
        "value: remove the tag",
    ),
    "tag that runs code elsewhere": Bad(
        "!!python/object/apply:os.system [echo]\n",
        "1:1: $: the tag 'tag:yaml.org,2002:python/object/apply:os.system' tells "
        "programs how to read the value: remove the tag",
    ),
    "tag on a key": Bad(
        "!k a: 1\n",
        "1:1: $: the tag '!k' tells programs how to read the value: remove the tag",
    ),
    "unknown tag handle": Bad(
        "a: !e!x b\n",
        "1:4: $: this is a tag: put the text in quotes or remove the tag",
    ),
    "second document": Bad(
        "a: 1\n---\nb: 2\n",
        "2:1: $: a second document starts here: make a file of each document",
    ),
    "text after the end": Bad(
        "a: 1\n... b\n",
        "2:5: $: there is more after the end of the document: keep one document a file",
    ),
    "list as a key": Bad(
        "? [a]\n: b\n",
        "1:3: $: this key is not a plain text: write a plain name before the colon",
    ),
    "empty key": Bad(
        "'': b\n",
        "1:1: $: there is no name before the colon: write a name before the colon",
    ),
    "key that hides something": Bad(
        'a:\n  "b\\e[2K": c\n',
        "2:3: $.a: the key 'b\\x1b[2K' holds what can't be shown: "
        "write a plain name before the colon",
    ),
    "leading zero": Bad(
        "gtin: 09506000134352\n",
        "1:7: $.gtin: '09506000134352' without quotes is an octal number, or one "
        "without its zeros, to some programs: write the number without leading zeros, "
        'or "09506000134352" in quotes if it is text',
    ),
    "exponent in a list": Bad(
        "a:\n  - 5\n  - 1e3\n",
        "3:5: $.a[1]: '1e3' without quotes is a power of ten to some programs, which "
        'loses digits: write all digits, or "1e3" in quotes if it is text',
    ),
    "time of day": Bad(
        "at: 12:30\n",
        "1:5: $.at: '12:30' without quotes is a number to base 60 to some programs: "
        'put it in quotes: "12:30"',
    ),
    "Norway as a key": Bad(
        "title:\n  no: Batteri\n",
        "2:3: $.title.no: 'no' without quotes is true or false to some programs: "
        'write true or false, or "no" in quotes if it is text',
    ),
    "byte-order mark": Bad(
        b"\xef\xbb\xbfa: 1\n",
        f"1:1: $: the file starts with a byte-order mark: {_SAVE}",
    ),
    "UTF-16": Bad(
        "a: 1\n".encode("utf-16"),
        f"1:1: $: the file is UTF-16 or UTF-32, not UTF-8: {_SAVE}",
    ),
    "UTF-16 without mark": Bad(
        "a: 1\n".encode("utf-16-be"),
        f"1:1: $: the file is UTF-16 or UTF-32, not UTF-8: {_SAVE}",
    ),
    "Windows-1252": Bad(
        "a: 1\nüß: ".encode() + b"Geh\xe4use\n",
        "2:8: $: byte 0xE4 is not UTF-8: "
        f"{_SAVE}; it is probably Windows-1252, which some programs call ANSI",
    ),
    "zero-width space": Bad(
        "a: 1\nb: x\u200by\u200b\n",
        "2:5: $: the invisible character U+200B (zero width space) stands here, "
        f"and 1 more like it: {_HIDDEN}",
    ),
    "text that runs backwards": Bad(
        "a: \u202ex\n",
        f"1:4: $: the invisible character U+202E (right-to-left override) stands here: {_HIDDEN}",
    ),
    "line end of old systems": Bad(
        "a: 1\rb: 2\n",
        f"1:5: $: the invisible character U+000D (control character) stands here: {_HIDDEN}",
    ),
    "control character": Bad(
        "a: \x07\n",
        f"1:4: $: the invisible character U+0007 (control character) stands here: {_HIDDEN}",
    ),
    "escaped control character": Bad(
        'a: "x\\0"\n',
        "1:4: $.a: an escape stands for U+0000 (control character): remove the escape",
    ),
    "second colon": Bad("a: b: c\n", f"1:5: $: {_COLON}"),
    "no space after the colon": Bad("a:1\nb: 2\n", f"2:2: $: {_COLON}"),
    "indented too far": Bad("a: 1\n  b: 2\n", f"2:4: $: {_COLON}"),
    "no colon": Bad(
        "a: 1\nfoo\nb: 2\n",
        "2:1: $: this line has no colon after its name (noticed on line 3, column 1): "
        "write name: value, or put a text of several lines in quotes",
    ),
    "indented by half": Bad(
        "a:\n    b: 1\n  c: 2\n",
        f"3:3: $: this doesn't fit what stands before it: {_INDENT}",
    ),
    "text after a quote": Bad(
        "ä: 'ü' ü: c\n",
        f"1:8: $: this doesn't fit what stands before it: {_INDENT}",
    ),
    "unclosed quote": Bad(
        "a: 'b\nc: d\n",
        "1:4: $: the quote that opens here doesn't close (noticed on line 3, column 1):"
        " add the closing quote",
    ),
    "unclosed list": Bad(
        "a: [1, 2\nb: 2\n",
        "1:4: $: the list that opens here doesn't close (noticed on line 2, column 2):"
        " put commas between the items and ] at the end",
    ),
    "unclosed group": Bad(
        "a: {b: 1\nc: 2\n",
        "1:4: $: the group that opens here doesn't close (noticed on line 2, column 2)"
        ": put commas between the entries and } at the end",
    ),
    "at sign": Bad(
        "a: @b\n",
        "1:4: $: a text can't start with this character: put the text in quotes",
    ),
    "list on the line of its key": Bad(
        "a: - b\n",
        "1:4: $: a list item stands where no list can: start the list on a new line",
    ),
    "mapping after a list": Bad(
        "- a\nb: c\n",
        "2:1: $: a list goes on with something that is no item: start the line with a "
        "hyphen, or indent it like the line it belongs to",
    ),
    "unknown escape": Bad(
        'a: "\\q"\n',
        "1:5: $: this backslash starts no known escape: use single quotes, or write "
        "the backslash twice",
    ),
    "text beside a block mark": Bad(
        "a: | b\n  c\n",
        "1:6: $: the text must start on the next line: break the line after | or >",
    ),
    "version of the future": Bad(
        "%YAML 1.3\n---\na: 1\n",
        "1:1: $: this YAML version is not known: remove the %YAML line",
    ),
    "empty file": Bad(
        "# nothing\n",
        "1:1: $: there is nothing in the file: add content or delete the file",
    ),
    "too large": Bad(
        b"#" * (MAX_BYTES + 1),
        "1:1: $: the file has 1048577 bytes, the limit is 1048576 (1 MiB): "
        "split it; one row a battery belongs in CSV or JSONL",
    ),
    "too deep": Bad(
        "[" * (MAX_DEPTH + 1),
        f"1:33: ${'[0]' * MAX_DEPTH}: this is nested more than 32 levels deep: write it flatter",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad(bad: Bad) -> None:
    assert read(bad.text)[1] == [f"m.yaml:{line}" for line in bad.told.splitlines()]


def test_all_problems_of_a_file_are_told_at_once() -> None:
    assert rules("a: 012\nb: yes\nb: 1\nc: &x\t1\n") == [
        "leading-zero",
        "yes-or-no",
        "duplicate-key",
        "anchor",
        "tab",
    ]


def test_a_reported_value_is_refused_and_the_rest_kept() -> None:
    node, _ = read("a: 012\nb: 1\nc: *x\n? [d]\n: 1\n")
    assert plain(node) == {
        "a": Refused(Place("m.yaml", 1, 4)),
        "b": "1",
        "c": Refused(Place("m.yaml", 3, 4)),
    }


def test_the_first_of_two_equal_keys_is_kept() -> None:
    assert plain(read("a: 1\na: 2\n")[0]) == {"a": "1"}


def test_depth_at_the_limit_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []


def test_a_size_at_the_limit_is_read() -> None:
    text = "a: b #"
    assert read(text + "c" * (MAX_BYTES - len(text)))[1] == []


def test_aliases_are_never_expanded() -> None:
    laughs = "a: &a [x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    node, problems = read(laughs)
    assert len(problems) == 9 + 8 * 9
    assert isinstance(node, Mapping)


def test_without_the_c_parser_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    with pytest.raises(HostError, match="without its C parser: install it from a wheel"):
        read("a: 1\n")


@given(st.text("ab01:-[]{}#&*!|>'\"%@`,?\\ \t\n\r.<~éü\u2028\x00", max_size=40))
def test_any_text_is_read_or_told(text: str) -> None:
    node, problems = read(text)
    assert node is not None or problems


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    node, problems = read(data)
    assert node is not None or problems


@given(st.text("019.+-_:eExob ~ynNFTtrueL", max_size=8))
def test_what_passes_unquoted_means_the_same_to_a_reader_of_yaml_1_1(text: str) -> None:
    node, problems = read(text)
    if problems or not isinstance(node, Scalar) or node.quoted or node.is_empty:
        return
    loaded = yaml.safe_load(text)
    if isinstance(loaded, bool):
        assert node.text == str(loaded).lower()
    elif isinstance(loaded, int | float):
        assert float(node.text) == loaded
    else:
        assert loaded == node.text
