"""The guard against leaks: a planted restricted value stops the build, and is never told."""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest

from generator.build.artifact import Artifact, CacheClass
from generator.build.leaks import LeakScan
from generator.build.pages.theme import find_theme
from generator.build.plan import PassportPlan, make_plan
from generator.build.sealing import Restricted
from generator.content.check import checked_content
from generator.content.revision import read_revision
from passport.errors import ContentError
from tests.restricted_site import SealedSite
from tests.small_project import write

SECRET = "Open the lid, CANARY-ACTION."
ODD = 'Größe "M" & <b> / 50 %'
MEASURED = {
    "kind": "measurement",
    "values": {"remaining_capacity": "91.7305846 Ah"},
    "method": "bms",
}


def scan_of(small: SealedSite) -> LeakScan:
    revision = read_revision(small.folder)
    content = checked_content(small.folder, revision.time.date())
    restricted = Restricted.of(content, content.lives(revision.time.date()))
    return LeakScan(content, restricted, find_theme(small.folder, "default"))


def battery_plans(small: SealedSite) -> list[PassportPlan]:
    revision = read_revision(small.folder)
    plan = make_plan(checked_content(small.folder, revision.time.date()), revision)
    return [each for each in plan.passports if each.battery]


def artifact(path: str, content: bytes, media_type: str = "application/json") -> Artifact:
    return Artifact(url_path=path, content=content, media_type=media_type, cache=CacheClass.DATA)


PLANTS: dict[str, Callable[[str], Artifact]] = {
    "page": lambda text: artifact("/01/09506000134352", f"<p>{text}</p>".encode(), "text/html"),
    "json": lambda text: artifact("/dpp/x/passport.json", json.dumps({"a": text}).encode()),
    "link set": lambda text: artifact(
        "/dpp/x/linkset.json",
        json.dumps({"title": text}, ensure_ascii=False).encode(),
        "application/linkset+json",
    ),
    "did document": lambda text: artifact(
        "/dpp/x/did.json", json.dumps({"name": text}).encode(), "application/did"
    ),
    "versions": lambda text: artifact(
        "/dpp/x/versions.json", json.dumps({"reason": text}).encode()
    ),
    "base64": lambda text: artifact("/a.json", base64.b64encode(f"x{text}y".encode())),
    "base64url": lambda text: artifact("/a.json", base64.urlsafe_b64encode(b"xy" + text.encode())),
    "hex": lambda text: artifact("/a.json", text.encode().hex().encode()),
    "utf-16": lambda text: artifact("/a.txt", text.encode("utf-16"), "text/plain"),
}


@pytest.mark.parametrize("kind", PLANTS)
def test_a_text_is_found_wherever_it_stands(small: SealedSite, kind: str) -> None:
    scan = scan_of(small)
    with pytest.raises(ContentError) as caught:
        list(scan.through([PLANTS[kind](SECRET)]))

    [problem] = caught.value.problems
    assert problem.rule == "leak"
    assert "disassembly_sequence" in problem.message
    assert "CANARY" not in str(problem)


def test_a_text_with_every_awkward_character_is_found_however_it_is_escaped(
    small: SealedSite,
) -> None:
    small.says(f"disassembly_sequence:\n  - step: 1\n    action: {json.dumps(ODD)}\n")
    scan = scan_of(small)
    for text in (ODD, escape(ODD), json.dumps(ODD), quote(ODD), quote(ODD, safe="")):
        with pytest.raises(ContentError):
            list(scan_of(small).through([artifact("/a.json", text.encode())]))
    assert list(scan.through([artifact("/a.json", b"nothing")]))


def test_the_name_of_an_asset_and_a_whole_document_are_found(small: SealedSite) -> None:
    named = artifact("/assets/0/CANARY-TITLE.pdf", b"x", "application/pdf")
    with pytest.raises(ContentError):
        list(scan_of(small).through([named]))
    document = (small.folder / "content/models/rack/restricted/view.pdf").read_bytes()
    with pytest.raises(ContentError) as caught:
        list(scan_of(small).through([artifact("/assets/0/a.pdf", document, "application/pdf")]))
    assert "the restricted document view" in str(caught.value.problems[0])


def test_a_number_is_found_in_the_files_of_its_own_passport(small: SealedSite) -> None:
    small.happens(MEASURED)
    scan = scan_of(small)
    first, second = battery_plans(small)
    leak = artifact("/dpp/x/passport.json", b'{"value":"91.7305846"}')

    list(scan.own(second, [leak]))
    list(scan.own(first, [replace(leak, content=b'{"value":"191.7305846"}')]))
    scan.finish()
    list(scan.own(first, [leak]))
    with pytest.raises(ContentError) as caught:
        scan.finish()
    assert "91.73" not in str(caught.value.problems)


def test_what_is_public_too_is_no_leak(small: SealedSite) -> None:
    small.says("disassembly_sequence:\n  - step: 1\n    action: Werkstr. 1\n")
    scan = scan_of(small)

    assert list(scan.through([artifact("/a.json", b"Werkstr. 1")]))


def test_a_leaking_theme_stops_the_build_and_the_old_site_stays(small: SealedSite) -> None:
    small.builds()
    template = Path("themes/default/templates/home.html").read_text(encoding="utf-8")
    head, end, rest = template.rpartition("{% endblock")
    write(small.folder, "themes/own/templates/home.html", f"{head}<p>{SECRET}</p>{end}{rest}")
    small.set('keys = "demo"', 'keys = "demo"\ntheme = "own"')

    code, told = small.fails("build")
    assert code == 1
    assert "index.html:1:1: $: it would publish a text of disassembly_sequence" in told
    assert "CANARY" not in told


def test_leakcheck_says_what_it_can_not_find(small: SealedSite) -> None:
    small.builds()
    report = small.does("leakcheck")
    tiles = "files of type application/octet-stream"
    assert report["not_looked_into"] == {"sealed files": 5, tiles: 2}
    assert report["not_looked_for"] == [
        "texts of fewer than 6 characters",
        "numbers of fewer than 3 digits",
        "single words in another case",
    ]
    told = small.run("--project", small.folder, "leakcheck").out
    assert "not looked for: texts of fewer than 6 characters, numbers of" in told


def test_what_can_not_be_looked_into_is_counted(small: SealedSite) -> None:
    scan = scan_of(small)
    list(scan.through([artifact("/a.png", zlib.compress(b"x"), "image/png")]))

    assert scan.not_looked == {"files of type image/png": 1}
