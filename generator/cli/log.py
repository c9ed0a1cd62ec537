"""`cellfolio log`: verify the transparency log of a site, look into it, and prove what it says."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import click

from generator.cli.copies import at_option
from generator.cli.fork_evidence import EvidenceFolder, evidence_option
from generator.publish.folder import require_finished
from generator.read.log import (
    LogReport,
    SignedLog,
    proof_text,
    read_log,
    verify_agree,
    verify_continues,
    verify_log,
)
from generator.read.logged import GENERATION
from generator.read.site_issuer import site_of
from generator.read.sources import FolderSource, Origins, Source, parse_copies
from generator.store.durable import replace_file
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.errors import ConfigError, VerificationError
from passport.log.checkpoint import Checkpoint, verify_checkpoint
from passport.log.entry import LogEntry
from passport.log.merkle import verify_consistency

_Command = Callable[..., None]


@click.group()
def command() -> None:
    """Verify a site's transparency log, and prove what it says.

    SITE is a site's folder or its URL. The log is the site's promise that nobody was shown another
    passport: keep a checkpoint with `--seen`, and a log that was rewritten since is found.

    \b
    Example: cellfolio log verify site
    """


def _on_a_site(function: _Command) -> _Command:
    """Add what every command about a site's log takes."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        at_option,
        click.argument("site"),
    ):
        function = decorate(function)
    return function


@command.command("verify")
@_on_a_site
@click.option(
    "--seen",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The checkpoint seen last: compared if the file is there, then renewed.",
)
@evidence_option
def verify(
    site: str,
    copies: tuple[str, ...],
    seen: Path | None,
    evidence: EvidenceFolder,
    *,
    as_json: bool,
) -> None:
    """Verify a whole log: its signature, every tile, every entry.

    \b
    Example: cellfolio log verify https://id.example.com --seen id.example.com.checkpoint
    """
    log = _open(site, copies)
    before = None
    if seen is not None and seen.exists():
        before = verify_continues(log, seen.read_bytes(), evidence.keep)
    report = verify_log(log)
    told = _verified_json if as_json else _verified_text
    click.echo(told(report, before))
    if not report.is_sound:
        raise VerificationError(f"the log of {site} is damaged", "ask for a whole copy")
    if seen is not None:
        replace_file(seen, log.note)


@command.command("show")
@_on_a_site
@click.option(
    "--from", "start", type=click.IntRange(min=0), help="Show entries from this index on."
)
@click.option(
    "--count", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show."
)
def show(
    site: str, copies: tuple[str, ...], start: int | None, count: int, *, as_json: bool
) -> None:
    """Show the checkpoint and the last entries.

    \b
    Example: cellfolio log show site --from 0 --count 5
    """
    log = _open(site, copies)
    size = log.checkpoint.size
    first = max(0, size - count) if start is None else start
    entries = [
        (index, LogEntry.parse(content))
        for index, content in zip(
            range(first, min(first + count, size)), log.tree.entries(first), strict=False
        )
    ]
    if as_json:
        shown = [{"index": i, "type": e.type.value, "digest": e.digest} for i, e in entries]
        click.echo(json.dumps({**_checkpoint_json(log.checkpoint), "entries": shown}))
        return
    click.echo(_checkpoint_text(log.checkpoint))
    for key in log.keys:
        click.echo(f"key  {key}")
    for index, entry in entries:
        click.echo(f"{index:>9}  {entry.type:<11}  {entry.digest}")


@command.command("prove")
@_on_a_site
@click.argument("index", type=click.IntRange(min=0))
def prove(site: str, copies: tuple[str, ...], index: int, *, as_json: bool) -> None:
    """Print the proof that entry INDEX is in the log.

    It has the form of a C2SP tlog-proof, which other people's software reads.

    \b
    Example: cellfolio log prove site 7 > 7.tlog-proof
    """
    log = _open(site, copies)
    if not as_json:
        click.echo(proof_text(log, index), nl=False)
        return
    entry = LogEntry.parse(log.tree.entry(index))
    told = {
        **_checkpoint_json(log.checkpoint),
        "index": index,
        "type": entry.type.value,
        "digest": entry.digest,
        "proof": _hashes(log.tree.inclusion_proof(index)),
        "checkpoint": log.note.decode(),
    }
    click.echo(json.dumps(told, ensure_ascii=False))


@command.command("consistency")
@_on_a_site
@click.argument("a")
@click.argument("b")
@evidence_option
def consistency(
    site: str, copies: tuple[str, ...], a: str, b: str, evidence: EvidenceFolder, *, as_json: bool
) -> None:
    """Prove that the log only grew from A to B.

    Each is a size, or a file with a checkpoint of the log.

    \b
    Example: cellfolio log consistency site seen-in-may.checkpoint 120
    """
    log = _open(site, copies)
    ends = (_end(a), _end(b))
    notes = [end for end in ends if isinstance(end, bytes)]
    if len(notes) == 2:
        verify_agree(log.keys, notes[0], notes[1], evidence.keep)
    for note in notes:
        verify_continues(log, note, evidence.keep)
    old, new = (
        verify_checkpoint(end, log.keys).size if isinstance(end, bytes) else end for end in ends
    )
    proof = log.tree.consistency_proof(old, new)
    old_root, new_root = log.tree.root_at(old), log.tree.root_at(new)
    verify_consistency(proof, old=old, old_root=old_root, new=new, new_root=new_root)
    if as_json:
        told = {"origin": log.checkpoint.origin, "old": old, "new": new, "proof": _hashes(proof)}
        click.echo(json.dumps(told))
        return
    click.echo(f"{log.checkpoint.origin}: the {new} entries begin with the {old} first")
    for text in _hashes(proof):
        click.echo(text)


def _open(site: str, copies: tuple[str, ...]) -> SignedLog:
    base_url, source = _source(site, Origins(parse_copies(copies)))
    return read_log(source, base_url, GENERATION)


def _source(site: str, origins: Origins) -> tuple[BaseUrl, Source]:
    if site.startswith("https://"):
        base_url = BaseUrl(site.removesuffix("/"))
        return base_url, origins.source(str(base_url))
    folder = Path(site)
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {site!r}", "name a folder or an https:// address")
    require_finished(folder)
    source = FolderSource(FolderStore(folder))
    return site_of(source), source


def _end(text: str) -> int | bytes:
    """Return a size, or a file's checkpoint; `ConfigError` for what is neither."""
    if text.isascii() and text.isdecimal():
        return int(text)
    if not Path(text).is_file():
        raise ConfigError(f"there is no file {text!r}", "name a checkpoint's file, or a size")
    return Path(text).read_bytes()


def _verified_text(report: LogReport, before: Checkpoint | None) -> str:
    lines = [_checkpoint_text(report.checkpoint)]
    lines += [f"  {count} {entry_type}" for entry_type, count in report.entries.items()]
    for check in report.checks:
        lines.append(f"  {'FAILED' if check.failed else 'ok':6} {check.title}")
        lines += [f"         {failure.where}: {failure.message}" for failure in check.failures]
    if before is not None:
        lines.append(f"  ok     it continues the {before.size} entries seen before")
    return "\n".join(lines)


def _verified_json(report: LogReport, before: Checkpoint | None) -> str:
    failures = [
        {"check": check.name, "where": failure.where, "message": failure.message}
        for check in report.checks
        for failure in check.failures
    ]
    told = {
        **_checkpoint_json(report.checkpoint),
        "sound": report.is_sound,
        "entries": {entry_type.value: count for entry_type, count in report.entries.items()},
        "continues": None if before is None else before.size,
        "failures": failures,
    }
    return json.dumps(told, ensure_ascii=False)


def _checkpoint_text(checkpoint: Checkpoint) -> str:
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.origin}: {checkpoint.size} entries, root {root}"


def _checkpoint_json(checkpoint: Checkpoint) -> dict[str, object]:
    root = base64.b64encode(checkpoint.root).decode()
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}


def _hashes(proof: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(hash_).decode() for hash_ in proof]
