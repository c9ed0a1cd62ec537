"""Attacks on the guard against leaks: values in disguise are found, honest content can be built."""

import json
import unicodedata
from datetime import date

import pytest

from generator.build.artifact import Artifact
from generator.build.leaks import LeakScan
from passport.credential import MEDIA_TYPE
from passport.errors import ContentError
from passport.sealing.disclosure import folded, tokens_in
from tests.generator.build.test_leaks import artifact, battery_plans, scan_of
from tests.restricted_site import XIII_2, SealedSite
from tests.small_project import write

PAGE = "text/html"
ODD = "Größe über 2 bar prüfen"


def says(small: SealedSite, *actions: str) -> None:
    steps = (
        f"  - step: {number}\n    action: {json.dumps(action, ensure_ascii=False)}\n"
        for number, action in enumerate(actions, 1)
    )
    small.says(f"disassembly_sequence:\n{''.join(steps)}")


def leaks(small: SealedSite, *artifacts: Artifact) -> bool:
    scan = scan_of(small)
    for each in artifacts:
        scan.look(each)
    return is_stopped(scan)


def is_stopped(scan: LeakScan) -> bool:
    try:
        scan.finish()
    except ContentError:
        return True
    return False


DISGUISES = {
    "emphasised": "<p>Größe <b>über 2</b> bar prüfen</p>",
    "letters marked": "<p><b>G</b>röße über 2 bar prüfen</p>",
    "over lines": "<p>Größe über\n    2 bar\n    prüfen</p>",
    "spaces that don't break": "<p>Größe über 2\u00a0bar prüfen</p>",
    "written as entities": "<p>Gr&ouml;&szlig;e &uuml;ber 2&nbsp;bar pr&uuml;fen</p>",
    "decomposed": f"<p>{unicodedata.normalize('NFD', ODD)}</p>",
    "in capitals": f"<p>{ODD.upper()}</p>",
    "hyphenated": "<p>Grö\u00adße über 2 bar prü\u00adfen</p>",
    "in a title": f'<p title="{ODD}">x</p>',
}


@pytest.mark.parametrize("how", DISGUISES)
def test_a_text_in_disguise_is_found(small: SealedSite, how: str) -> None:
    says(small, ODD)
    assert leaks(small, artifact("/01/09506000134352", DISGUISES[how].encode(), PAGE))


HONEST = {
    "a word of scripts": ("remove", "el.removeChild(x); removed; remove();"),
    "a word within a word": ("support", '{"supportedPrimaryKeys":["01"]}'),
    "a word of the theme": ("Battery", "<p>Battery</p>"),
    "a country": ("Germany", "<p>Leipzig, Germany</p>"),
    "the end of a number": ("500 kg", "<p>1,500\u00a0kg</p>"),
    "the beginning of a number": ("M8 x 20", "<p>M8 x 200</p>"),
    "a plant": ("North works", "<p>Made at North works</p>"),
}


@pytest.mark.parametrize("what", HONEST)
def test_honest_pages_hold_no_leak(small: SealedSite, what: str) -> None:
    restricted, page = HONEST[what]
    says(small, restricted)
    assert not leaks(small, artifact("/01/09506000134352", page.encode(), PAGE))


def test_a_site_with_ordinary_words_can_be_built(small: SealedSite) -> None:
    parts = ("Battery", "remove", "Screwdriver", "Housing", "Germany", "voltage", "string")
    says(small, *parts, "100 Ah")
    small.builds()


# What belongs to one battery


@pytest.fixture
def measured(small: SealedSite) -> SealedSite:
    """A battery with a measured value, an incident, a day and a count."""
    values = {"remaining_capacity": "128000.5 Ah", "full_cycles": "5145 cycles"}
    small.happens(
        {"kind": "measurement", "values": values, "method": "bms"},
        {"kind": "negative-event", "event": "mechanical-damage", "severity": "not-examined"},
        {"kind": "repair", "parts": ["housing"], "mends": "mechanical-damage"},
    )
    return small


def battery_leaks(small: SealedSite, *artifacts: Artifact) -> bool:
    scan = scan_of(small)
    list(scan.own(battery_plans(small)[0], artifacts))
    return is_stopped(scan)


def page(text: str) -> Artifact:
    return artifact("/01/x", f"<p>{text}</p>".encode(), PAGE)


VALUES = (
    "128000.5",
    "128,000.5",
    "128.000,5",
    "128000,5",
    "128\u202f000,5",
    "128\u00a0000,5",
    "128’000.5",
    "<b>128&nbsp;000,5</b> Ah",
    "128000.5Ah",
    "\u2212128000.5",
    "5145",
    "5.145",
    "mechanical-damage",
    "Mechanical damage",
    "Damage: Mechanische Beschädigung",
    "3 December 2026",
    "3. Dezember 2026",
    "on 2026-12-03",
)


@pytest.mark.parametrize("text", VALUES)
def test_a_value_of_a_battery_is_found_however_it_is_written(
    measured: SealedSite, text: str
) -> None:
    assert battery_leaks(measured, page(text))


def passport_of(day: str, index: int) -> Artifact:
    document = {
        "credentialSubject": {"lastUpdate": f"{day}T12:00:00Z", "ratedCapacity": {"value": "100"}},
        "log": {"index": index, "origin": "id.example.com/log/1"},
        "validFrom": f"{day}T12:00:00Z",
        "version": index,
    }
    return artifact("/dpp/x/passport.json", json.dumps(document).encode(), MEDIA_TYPE)


def test_a_place_in_the_log_and_the_day_of_a_version_are_no_leak(measured: SealedSite) -> None:
    assert not battery_leaks(measured, passport_of("2026-12-03", 5145), page("3 December 2026"))
    assert battery_leaks(measured, passport_of("2026-12-04", 5145), page("3 December 2026"))
    history = b'{"versions":[{"validFrom":"2026-12-03T09:30:00Z"}]}'
    told = artifact("/dpp/x/versions.json", history)
    assert not battery_leaks(measured, passport_of("2026-12-04", 7), told, page("3 December 2026"))


def test_public_prose_may_use_the_word_of_a_code(measured: SealedSite) -> None:
    prose = "The housing is of steel.\n"
    write(measured.folder, "content/models/rack/about.md", prose)
    assert not battery_leaks(measured, page(prose))
    measured.builds()


def test_an_incident_on_the_day_of_a_build_stops_no_build(
    measured: SealedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = int((date(2026, 12, 4) - date(1970, 1, 1)).total_seconds()) + 3600
    for later in (0, 86_400):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(day + later))
        measured.says(XIII_2.replace("the lid", f"the lid {later} times"))
        measured.builds()


def test_texts_are_folded_and_numbers_found() -> None:
    assert folded("  Stra\u00dfe\u00a0 \ufb01n\u00adal ") == "strassefinal"
    assert "128000" in tokens_in("128\u202f000 Ah")
    assert "97.4" in tokens_in("97.4Ah")
    assert "253" not in tokens_in('"253abcdef0123456"')
