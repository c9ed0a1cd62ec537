"""Print docs/formats.md with its examples made anew; `make docs` keeps the file up to date.

The prose is the page's own. What stands between `<!-- example: NAME -->` and `<!-- end -->` comes
from the sample, built at a fixed time, so that an example can't say what the program doesn't.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.cli.build import build
from passport.canonical import Json, JsonObject, canonical_json
from passport.identifiers import DppId, parse_product_uri
from passport.proof import signing_input

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "formats.md"
BUILT_AT = "1795305600"
"""2026-11-22T00:00:00Z, in seconds since 1970."""

BATTERY = "01_09506000134352_21_T48L2611-0001"
SHOWN_POINTS = (
    "chemistry",
    "declarationOfConformity",
    "idleTemperature",
    "manufacturingDate",
    "ratedCapacity",
)
URIS = (
    "https://id.example.com/01/09506000134352",
    "https://id.example.com/01/09506000134352/21/T48L2611-0001",
    "https://id.example.com/8004/9506000S2152611001",
    "https://id.example.com/id/acme/RACK.0001",
)
WIDTH = 110
_EXAMPLE = re.compile(r"(<!-- example: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """The built sample; paths are those of its files."""

    site: Path

    def bytes_of(self, path: str) -> bytes:
        """Return a file."""
        return (self.site / path).read_bytes()

    def read(self, path: str) -> Object:
        """Return a JSON file."""
        return dict(json.loads(self.bytes_of(path)))

    def of_battery(self, name: str) -> str:
        """Return the path of one of the example battery's files."""
        return f"dpp/{BATTERY}/{name}"

    @property
    def listed(self) -> dict[str, Object]:
        """The manifest's lines by path."""
        shards = (self.read(shard["path"][1:]) for shard in self.index["shards"])
        return {file["path"]: file for shard in shards for file in shard["files"]}

    @property
    def index(self) -> Object:
        """The manifest's index."""
        return self.read("manifest/index.json")


def page(text: str, sample: Sample) -> str:
    """Return the page with every example made anew; raises `KeyError` for an unknown name."""
    return _EXAMPLE.sub(lambda found: found[1] + EXAMPLES[found[2]](sample) + found[3], text)


def product_uris(sample: Sample) -> str:
    """The spelling of four products."""
    del sample
    rows = []
    for text in URIS:
        key = parse_product_uri(text).uri.key
        rows.append((text, DppId.of(key), f"{'/'.join(key.segments)}.html"))
    return _table(("product URI", "dppId", "file of its page"), rows)


def passport(sample: Sample) -> str:
    """A passport with some of its data points."""
    document = sample.read(sample.of_battery("passport.json"))
    subject = document["credentialSubject"]
    points = [name for name, value in subject.items() if isinstance(value, dict)]
    hidden = [name for name in points if name not in SHOWN_POINTS]
    shown = {name: value for name, value in subject.items() if name not in hidden}
    shown["…"] = f"{len(hidden)} more data points"
    return _json({**document, "credentialSubject": shown})


def did_log(sample: Sample) -> str:
    """The first entry of the log, which is one line."""
    return _json(_first_entry(sample))


def signing(sample: Sample) -> str:
    """What is hashed to sign that entry."""
    entry = _first_entry(sample)
    options = {name: value for name, value in entry["proof"][0].items() if name != "proofValue"}
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    rows = [
        ("options", "JCS of the proof without `proofValue`", _digest(options)),
        ("document", "JCS of the document without `proof`", _digest(unsigned)),
        ("signed", "64 bytes: both digests", f"`{signing_input(unsigned, options).hex()[:24]}…`"),
    ]
    return _table(("", "of", "SHA-256"), rows)


def manifest_index(sample: Sample) -> str:
    """The index; what changes with every page is cut."""
    index = sample.index
    shards = [{**shard, "sha256": "…", "files": "…"} for shard in index["shards"]]
    proof = {**index["proof"], "proofValue": "z…"}
    return _json({**index, "commit": "…", "shards": shards, "proof": proof})


def manifest_shard(sample: Sample) -> str:
    """The lines of two files that stand on this page."""
    paths = (f"/{sample.of_battery('did.json')}", f"/{sample.of_battery('linkset.json')}")
    return _json({"files": ["…", *(sample.listed[path] for path in paths), "…"]})


def files(sample: Sample) -> str:
    """What lies where, by the example of one battery."""
    own = [path for path in sample.listed if f"/dpp/{BATTERY}/" in path]
    shared = [path for path in sample.listed if re.match("/(ctx|schema|[.]well-known)/", path)]
    paths = [f"/{BATTERY.replace('_', '/')}", *own, *shared]
    lines = (sample.listed[path] for path in paths)
    rows = [(f"`{line['path']}`", line["mediaType"], line["cache"]) for line in lines]
    return _table(("URL path", "media type", "cache"), rows)


def context(sample: Sample) -> str:
    """A few terms of the context."""
    path = sample.read(sample.of_battery("passport.json"))["@context"][1].partition("/ctx/")[2]
    content = sample.bytes_of(f"ctx/{path}")
    terms = json.loads(content)["@context"]
    names = ("@protected", "@version", "lastUpdate", "nominalVoltage", "chemistry")
    shown = {name: terms[name] for name in names} | {"…": f"{len(terms) - len(names)} more"}
    digest = sha256(content).hexdigest()
    return _json({"@context": shown}) + f"\nSHA-256 of `/ctx/{path}`: `{digest}`\n"


def _document(path: str) -> Callable[[Sample], str]:
    return lambda sample: _json(sample.read(path))


def _of_battery(name: str) -> Callable[[Sample], str]:
    return lambda sample: _json(sample.read(sample.of_battery(name)))


EXAMPLES: Mapping[str, Callable[[Sample], str]] = {
    "product-uris": product_uris,
    "files": files,
    "passport": passport,
    "did-issuer": _document(".well-known/did.json"),
    "did-product": _of_battery("did.json"),
    "did-log": did_log,
    "signing": signing,
    "link-set": _of_battery("linkset.json"),
    "resolver": _document(".well-known/gs1resolver"),
    "manifest-index": manifest_index,
    "manifest-shard": manifest_shard,
    "context": context,
}


def _first_entry(sample: Sample) -> Object:
    return dict(json.loads(sample.bytes_of(".well-known/did.jsonl").splitlines()[0]))


def _digest(value: JsonObject) -> str:
    return f"`{sha256(canonical_json(value)).hexdigest()}`"


def _json(value: Json) -> str:
    return f"```json\n{_layout(value, '')}\n```\n"


def _layout(value: Json, indent: str) -> str:
    """JSON with what fits on one line on one line, members in the files' order."""
    line = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, list | dict):
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(k)}: {_layout(value[k], deeper)}" for k in sorted(value)]
        parts = [part.replace("\\u2026", "…") for part in parts]
    else:
        parts = [_layout(part, deeper) for part in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{closing}"


def _table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def main() -> None:
    """Build the sample aside and print the page."""
    os.environ["SOURCE_DATE_EPOCH"] = BUILT_AT
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build(ROOT, site)
        sys.stdout.write(page(PAGE.read_text("utf-8"), Sample(site)))


if __name__ == "__main__":
    main()
