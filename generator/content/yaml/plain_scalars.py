"""Unquoted YAML texts that programs read differently: numbers in disguise, `no`, `~`.

YAML 1.1 (10.3.2 of YAML 1.2 tells the newer rules) lets a reader turn `0123456` into 42798, `12:30`
into 750 and `no` into false. We keep every text as typed, but editors and other tools read the
same files, so what they may change must be put in quotes or written plainly. This module knows
one text at a time, neither files nor places.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Why an unquoted text is refused: a stable rule id, what happens to it, what to write."""

    rule: str
    reading: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _Form:
    pattern: re.Pattern[str]
    rule: str
    reading: str
    instead: str


def _form(pattern: str, rule: str, reading: str, instead: str = "") -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE | re.ASCII), rule, reading, instead)


# The first form that fits the whole text counts.
_FORMS = (
    _form(
        r"yes|no|on|off|y|n",
        "yes-or-no",
        "true or false to some programs",
        "write true or false",
    ),
    _form(
        r"true|false",
        "yes-or-no",
        "text to some programs and a truth value to others",
        "write true or false in small letters",
    ),
    _form(r"~|null", "null", "no value at all to some programs", "leave the value out"),
    _form(r"[-+]?\.(inf|nan)", "not-a-number", "no number that can be stated", "write a number"),
    _form(r"=|<<", "special-text", "an instruction to some programs"),
    _form(
        r"[-+]?\d[\d_]*(:\d{1,2})+(\.[\d_]*)?",
        "sexagesimal",
        "a number to base 60 to some programs",
    ),
    _form(
        r"[-+]?0(x[\da-f_]+|o[0-7_]+|b[01_]+)",
        "number-base",
        "a number to another base than 10",
        "write the number with decimal digits",
    ),
    _form(
        r"[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)e[-+]?\d+",
        "exponent",
        "a power of ten to some programs, which loses digits",
        "write all digits",
    ),
    _form(
        r"(?=.*_)[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)",
        "digit-grouping",
        "a number without the underscores to some programs",
        "write the digits without underscores",
    ),
    _form(
        r"[-+]?0\d+(\.\d*)?",
        "leading-zero",
        "an octal number, or one without its zeros, to some programs",
        "write the number without leading zeros",
    ),
    _form(
        r"\+(\d+(\.\d*)?|\.\d+)",
        "leading-plus",
        "a number without its sign to some programs",
        "write the number without the plus",
    ),
    _form(
        r"-?(\.\d+|\d+\.)",
        "bare-point",
        "a number to some programs and text to others",
        "write a digit on each side of the point",
    ),
    _form(
        r"-?\d{16,}",
        "long-number",
        "a number that some programs round",
    ),
)
_PLAIN = frozenset({"true", "false", "null"})
_SUSPECT = re.compile(r"[-+.\d~=<]|[a-z]{1,5}\Z", re.IGNORECASE | re.ASCII)


def ambiguity(text: str) -> Ambiguity | None:
    """Return why `text` can't stand unquoted, or None when every program reads it alike."""
    if text in _PLAIN or not _SUSPECT.match(text):
        return None
    for form in _FORMS:
        if form.pattern.fullmatch(text):
            return Ambiguity(form.rule, form.reading, _remedy(form, text))
    return None


def _remedy(form: _Form, text: str) -> str:
    in_quotes = f'"{text}"'
    if form.instead:
        return f"{form.instead}, or {in_quotes} in quotes if it is text"
    return f"put it in quotes: {in_quotes}"
