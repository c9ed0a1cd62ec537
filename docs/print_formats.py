"""Print docs/formats.md with its examples made anew; `make docs` keeps the file up to date.

The prose is the page's own. What stands between `<!-- example: NAME -->` and `<!-- end -->` comes
from the sample, so that an example can't say what the program doesn't. It is built twice, at fixed
times: first with a typing error in a model's data, then as it is, which makes a second version.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.cli.build import build
from passport.base_url import BaseUrl
from passport.did.web import issuer_did
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.identifiers import DppId, parse_product_uri
from passport.log.checkpoint import Checkpoint, LogKey, parse_checkpoint, sign_checkpoint
from passport.log.entry import EntryType, LogEntry
from passport.log.merkle import leaf_hash, root_of
from passport.log.tiled_log import TiledLog
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from passport.sealing.sealed import seal
from passport.sealing.sealed_file import SealedFile
from passport.sealing.sealed_header import PAYLOAD, Sealing, content_key, document_resource
from passport.sealing.tombstone import Tombstone, tombstone_document
from passport.signing.keys import KeyId, demo_secret, demo_signer
from passport.signing.proof import sign, signing_input

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "formats.md"
BUILT_AT = "1795305600"
MENDED_AT = "1795339800"
"""2026-11-22T00:00:00Z and 09:30:00Z, in seconds since 1970."""

MENDED = "content/models/telecom-rack-48v/performance.yaml"
RIGHT, WRONG = "idle_temperature: -20 .. 50 °C", "idle_temperature: -20 .. 45 °C"
BATTERY = "01_09506000134352_21_T48L2611-0001"
MODEL = "01_09506000134352"
OTHER_MODEL = "01_09506000134369"
SEALED_POINTS = b'{"remainingCapacity":{"unit":"Ah","value":"97.4"}}'
SEALED_DRAWING = b"a drawing\n"
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
_WHO = ("AUTHOR", "COMMITTER")
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
        files = {file["path"]: file for shard in shards for file in shard["files"]}
        return dict(sorted(files.items()))

    @property
    def index(self) -> Object:
        """The manifest's index."""
        return self.read("manifest/index.json")

    @property
    def entries(self) -> tuple[bytes, ...]:
        """Every entry of the log."""
        checkpoint = parse_checkpoint(self.bytes_of("log/1/checkpoint"))
        tree = TiledLog(
            lambda path: self.bytes_of(f"log/1/{path}"), size=checkpoint.size, root=checkpoint.root
        )
        return tuple(tree.entries())


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
    first = index["shards"][:1]  # the others look like it
    shards = [{**shard, "sha256": "…", "files": "…"} for shard in first]
    proof = {**index["proof"], "proofValue": "z…"}
    return _json({**index, "commit": "…", "shards": shards, "proof": proof})


def versions(sample: Sample) -> str:
    """The history of the example battery; commits change with every file, so they are cut."""
    history = sample.read(sample.of_battery("versions.json"))
    lines = [{**line, "commit": "…"} for line in history["versions"]]
    return _json({**history, "versions": lines})


def log_entry(sample: Sample) -> str:
    """The entry of the example battery's passport."""
    document = sample.read(sample.of_battery("passport.json"))
    entry = LogEntry.of_document(EntryType.PASSPORT, document)
    index = document["log"]["index"]
    assert sample.entries[index] == entry.to_bytes(), "it is in the log"
    return f"```json\n{entry.to_bytes().decode()}\n```\n"


def log_trial(sample: Sample) -> str:
    """The hashes and the checkpoint of a log that ends after two entries."""
    entries = sample.entries[:2]
    leaves = [leaf_hash(entry) for entry in entries]
    origin = f"{sample.index['log']['origin']}"
    checkpoint = Checkpoint(origin=origin, size=len(leaves), root=root_of(leaves))
    signer = demo_signer(KeyId.parse("checkpoint-1"))
    note = sign_checkpoint(checkpoint, signer).decode()
    rows = [
        *((f"entry {at}", f"`{entry.decode()}`") for at, entry in enumerate(entries)),
        *((f"leaf hash {at}", f"`{leaf.hex()}`") for at, leaf in enumerate(leaves)),
        ("root", f"`{checkpoint.root.hex()}`"),
        ("verifier key", f"`{LogKey(origin, signer.public_key)}`"),
    ]
    return f"{_table(('', 'of a log of two entries'), rows)}\n```\n{note}```\n"


def manifest_shard(sample: Sample) -> str:
    """A file that stands on this page, and a passport that has one version so far."""
    first = {**sample.listed[f"/dpp/{OTHER_MODEL}/passport.json"], "commit": "…", "sha256": "…"}
    linked = sample.listed[f"/{sample.of_battery('linkset.json')}"]
    return _json({"files": ["…", first, linked, "…"]})


def files(sample: Sample) -> str:
    """What lies where, by the example of one battery."""
    own = [path for path in sample.listed if f"/dpp/{BATTERY}/" in path]
    shared = [
        path for path in sample.listed if re.match("/(access|ctx|schema|[.]well-known)/", path)
    ]
    paths = [f"/{BATTERY.replace('_', '/')}", *own, *shared]
    lines = (sample.listed[path] for path in paths)
    rows = [(f"`{line['path']}`", line["mediaType"], line["cache"]) for line in lines]
    return _table(("URL path", "media type", "cache"), rows)


def sealed_payload(_sample: Sample) -> str:
    """A sealed payload, its ciphertext cut."""
    document = json.loads(_sealed_battery().to_bytes())
    shown = f"{document['ciphertext'][:40]}…"
    return _json({**document, "ciphertext": shown})


def tombstone(sample: Sample) -> str:
    """What would stand in place of the payload shown, signed when the sample was mended."""
    file = _sealed_battery()
    withdrawn = datetime.fromtimestamp(int(MENDED_AT), UTC)
    base_url = BaseUrl(sample.index["id"].removesuffix("/manifest/index.json"))
    stone = Tombstone(digest=file.digest, header=file.header, withdrawn=withdrawn)
    signed = sign(
        tombstone_document(stone, base_url),
        demo_signer(KeyId.parse("issuing-1")),
        created=withdrawn,
        verification_method=f"{issuer_did(base_url)}#issuing-1",
    )
    return _json(signed)


def sealed_trial(_sample: Sample) -> str:
    """What is derived on the way to two sealed files."""
    rows: list[tuple[str, str]] = []
    for name, plaintext, file in (
        ("payload", SEALED_POINTS, _sealed_battery()),
        ("document", SEALED_DRAWING, _sealed_drawing()),
    ):
        rows += [(f"{name}: {what}", f"`{said}`") for what, said in _derived(plaintext, file)]
    return _table(("", "of files under demo keys"), rows)


def _derived(plaintext: bytes, file: SealedFile) -> Iterator[tuple[str, str]]:
    secret = demo_secret(f"group/{file.header.group}/2026a")
    key = content_key(file.header, SecretMac(secret))
    yield "plaintext", plaintext.decode().removesuffix("\n")
    yield "group key", secret.hex()
    yield "JCS(header)", file.header.canonical().decode()
    yield "content key", key.hex()
    yield "encryption key", SecretMac(key).mac(b"encrypt\1").hex()
    yield "commitment", file.commitment.hex()
    yield "ciphertext", f"{bytes(file.ciphertext[:16]).hex()}… ({len(file.ciphertext)} bytes)"
    yield "its tag", bytes(file.ciphertext[-16:]).hex()
    yield "SHA-256 of the file", sha256(file.to_bytes()).hexdigest()


def _sealed_battery() -> SealedFile:
    return _sealed(SEALED_POINTS, BATTERY, Group.INTEREST_BATTERY, 2, PAYLOAD)


def _sealed_drawing() -> SealedFile:
    return _sealed(SEALED_DRAWING, MODEL, Group.INTEREST_MODEL, 0, document_resource(3))


def _sealed(plaintext: bytes, dpp_id: str, group: Group, version: int, resource: str) -> SealedFile:
    sealing = Sealing(
        passport=DppId.parse(dpp_id),
        level=Level.BATTERY if group is Group.INTEREST_BATTERY else Level.MODEL,
        group=group,
        version=version,
        resource=resource,
    )
    key = GroupKey.of(group, "2026a", SecretMac(demo_secret(f"group/{group}/2026a")))
    return seal(plaintext, sealing, key, SecretMac(demo_secret("salt")))


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
    "versions": versions,
    "log-entry": log_entry,
    "log-trial": log_trial,
    "status-list": _document("status/1/revocation/0"),
    "did-issuer": _document(".well-known/did.json"),
    "did-product": _of_battery("did.json"),
    "did-log": did_log,
    "signing": signing,
    "link-set": _of_battery("linkset.json"),
    "resolver": _document(".well-known/gs1resolver"),
    "manifest-index": manifest_index,
    "manifest-shard": manifest_shard,
    "context": context,
    "sealed-payload": sealed_payload,
    "sealed-trial": sealed_trial,
    "tombstone": tombstone,
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


def build_twice(folder: Path) -> Path:
    """Build the sample as it was before and after a typing error was mended; return the site."""
    project, site = folder / "project", folder / "site"
    shutil.copytree(ROOT / "content", project / "content")
    shutil.copy(ROOT / "cellfolio.toml", project)
    path = project / MENDED
    right = path.read_text("utf-8")
    assert RIGHT in right, f"{MENDED} has another idle temperature"
    _git(project, "init", "-q")
    for text, time, reason in (
        (right.replace(RIGHT, WRONG), BUILT_AT, "placed on the market"),
        (right, MENDED_AT, "typing error in the idle temperature"),
    ):
        path.write_text(text, "utf-8")
        _git(project, "add", "-A")
        _git(project, "commit", "-q", "-m", f"Say it\n\nPassport-Reason: {reason}")
        os.environ["SOURCE_DATE_EPOCH"] = time
        build(project, site)
    return site


def _git(project: Path, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "docs@example.com" for who in _WHO for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *words], cwd=project, check=True, env={**os.environ, **names})


def main() -> None:
    """Build the sample aside and print the page."""
    with tempfile.TemporaryDirectory() as folder:
        sample = Sample(build_twice(Path(folder)))
        sys.stdout.write(page(PAGE.read_text("utf-8"), sample))


if __name__ == "__main__":
    main()
