"""The whole sample on a file server, an escrow file, stock `age` and a foreign opener.

Exactly the groups whose keys the file holds open, and hold what content says; `tests/foreign/
opener.mjs` was written from docs/formats.md and docs/continuity.md alone.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from tests.escrowed import RECIPIENTS, Escrow
from tests.foreign_node import Object
from tests.opener import opened
from tests.sample.conftest import ROOT, Sample

NOT_STATED = ("evidence", "battery", "not_determined", "of")
"""Members of content that a payload says in other words or not at all."""


# Who holds a key opens its group, and no other


@pytest.mark.requirement("R5.10")
@pytest.mark.parametrize("group", RECIPIENTS)
def test_a_key_opens_its_group_and_no_other(sample: Sample, escrow: Escrow, group: str) -> None:
    told = opened(sample.site, escrow[group])
    assert {each["path"] for each in told} == _sealed_files(sample.site)
    assert len(told) == len(_sealed_files(sample.site)), "each once"
    mine = {path for path in _sealed_files(sample.site) if _group_of(sample.site / path) == group}
    assert {each["path"] for each in told if "sealed" not in each} == mine
    assert not any("content" in each or "sha256" in each for each in told if "sealed" in each)


def _sealed_files(site: Path) -> set[str]:
    found = {path.relative_to(site).as_posix() for path in site.glob("dpp/*/sealed/**/*")}
    return {path for path in found if (site / path).is_file()}


def _group_of(path: Path) -> str:
    """The group that the header says, in a file of either form."""
    found = re.search(rb'"group":"([^"]+)"', path.read_bytes())
    assert found
    return found[1].decode()


# What it holds is what content says


@pytest.mark.requirement("R5.9")
def test_models_hold_what_content_says(sample: Sample, escrow: Escrow) -> None:
    told = opened(sample.site, escrow.all)
    payloads = {(each["passport"], each["group"]): each["content"] for each in _payloads(told)}
    files = sorted((ROOT / "content/models").glob("*/restricted/*.yaml"))
    assert len(files) >= 10
    for path in files:
        said = _yaml(path)
        documents = _yaml(path.parents[1] / "model.yaml").get("documents", {})
        content = payloads[_dpp_id(path.parents[1]), path.stem]
        held = dict(content)
        named = held.pop("documents", [])
        assert held.keys() == {_camel(key) for key in said}
        digests = {name: document["sha256"] for name, document in documents.items()}
        wanted = Counter(_leaves(said, digests))
        assert not wanted - Counter(_held(held)), path
        hidden = {each["sha256"] for each in documents.values() if each["publish"] == "false"}
        assert {each["sha256"] for each in named} == hidden & set(wanted)


def test_documents_are_those_of_content(sample: Sample, escrow: Escrow) -> None:
    told = [each for each in opened(sample.site, escrow.all) if "sha256" in each]
    files = [*(ROOT / "content").glob("models/*/restricted/documents/*")]
    assert {(each["fileName"], each["sha256"], each["size"]) for each in told} == {
        (path.name, sha256(path.read_bytes()).hexdigest(), path.stat().st_size) for path in files
    }


def test_batteries_hold_what_was_measured(sample: Sample, escrow: Escrow) -> None:
    payloads = {each["passport"]: each["content"] for each in _payloads_of(sample, escrow)}
    events = [
        json.loads(line)
        for path in (ROOT / "content/events").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert events
    for event in events:
        content = payloads[event["battery"]]
        found = [each for each in content["history"] if each["time"] == event["time"]]
        kinds = [each for each in found if each["kind"] == event["kind"]]
        assert kinds, event
        wanted = Counter(_leaves(event, {}))
        assert any(not wanted - Counter(_held(each)) for each in kinds), event
        undetermined = {_camel(key) for key in event.get("not_determined", ())}
        assert any(_without_value(each) >= undetermined for each in kinds), event
    assert all(each["batteryStatus"]["value"] for each in payloads.values())
    assert len(payloads) == len(list(sample.site.glob("dpp/*/sealed/xiii-4")))


def _without_value(event: Object) -> set[str]:
    return {name for name, value in event.get("values", {}).items() if "notApplicable" in value}


def _payloads(told: list[Object]) -> list[Object]:
    return [each for each in told if "content" in each]


def _payloads_of(sample: Sample, escrow: Escrow) -> list[Object]:
    return _payloads(opened(sample.site, escrow["xiii-4"]))


def _yaml(path: Path) -> Object:
    return dict(yaml.load(path.read_bytes(), Loader=yaml.BaseLoader))  # noqa: S506 (texts only)


def _dpp_id(model: Path) -> str:
    return f"01_{_yaml(model / 'model.yaml')['gtin']}"


def _camel(key: str) -> str:
    return re.sub("_([a-z0-9])", lambda found: found[1].upper(), key)


def _leaves(value: object, digests: Mapping[str, str], key: str = "") -> Iterator[str]:
    """Every text of content, as people wrote it; documents by their digests."""
    if key in NOT_STATED:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, digests, name)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, digests, key)
    elif isinstance(value, str):
        yield " ".join(digests.get(value, value).split())


def _held(value: object) -> Iterator[str]:
    """Every text that was opened, quantities as people write them."""
    if isinstance(value, dict):
        if "low" in value:
            yield f"{value['low']} .. {value['high']} {value['unit']}"
        elif "unit" in value:
            yield f"{value['value']} {value['unit']}"
        for name, part in value.items():
            if name not in ("low", "high", "unit") and not ("unit" in value and name == "value"):
                yield from _held(part)
    elif isinstance(value, list):
        for part in value:
            yield from _held(part)
    else:
        yield " ".join((json.dumps(value) if isinstance(value, bool) else str(value)).split())
