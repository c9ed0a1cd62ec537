"""What `cellfolio adopt` tells: what is there, what opens, what the successor does next."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.publish.mirror_source import SiteState
from generator.read.openable import Openable
from passport.access.bundle import Bundle
from passport.encoding.timestamp import time_text
from passport.sealing.group_key import GroupKeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptReport:
    """What was found and done; `out` is None for a rehearsal, `broker` "" without keys."""

    state: SiteState
    keys: tuple[GroupKeyId, ...]
    tried: Openable
    named: tuple[str, ...]
    """The brokers that the issuer named."""
    broker: str
    bundle: Bundle | None
    out: Path | None


def report_text(report: AdoptReport) -> str:
    """Return what people read."""
    return "\n".join((*_found(report), *_done(report)))


def report_json(report: AdoptReport) -> dict[str, object]:
    """Return what scripts read."""
    state, tried = report.state, report.tried
    return {
        "baseUrl": str(state.base_url),
        "issuer": state.issuer.did,
        "published": state.time,
        "logSize": state.log.checkpoint.size,
        "files": state.files,
        "opened": {str(key_id): count for key_id, count in sorted(tried.opened.items())},
        "closed": {str(key_id): count for key_id, count in sorted(tried.closed.items())},
        "unused": [str(key_id) for key_id in report.keys if not tried.opened[key_id]],
        "withdrawn": tried.withdrawn,
        "failed": tried.failed,
        "brokersNamed": list(report.named),
        "broker": report.broker or None,
        "clients": len(report.bundle.clients) if report.bundle else None,
        "bundle": report.bundle.seq if report.bundle and report.out else None,
        "out": str(report.out) if report.out else None,
    }


def steps_text(report: AdoptReport) -> str:
    """Return the page that lies in the folder set up: what it is, and what is left to do."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(_steps(report), 1))
    return "\n".join(
        ("# An adopted site", "", *_found(report), "", "## What is left", "", steps, "")
    )


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _found(report: AdoptReport) -> Iterator[str]:
    state, tried = report.state, report.tried
    yield f"{state.base_url} as published {state.time}: {state.files} files, all of them genuine"
    yield f"log of {state.log.checkpoint.size} entries; the keys are those that this copy names"
    for key_id, count in sorted(tried.opened.items()):
        yield f"{key_id} opens {_count(count, 'sealed file')}"
    for key_id, count in sorted(tried.closed.items()):
        files = f"{_count(count, 'sealed file')} {'stays' if count == 1 else 'stay'} closed"
        yield f"{key_id} is not among the keys given: {files}"
    for failure in tried.failures:
        yield f"does not open: {failure}"


def _done(report: AdoptReport) -> Iterator[str]:
    if report.out is None:
        yield "nothing was written: name a folder with --out"
        return
    yield f"{report.out / 'site'}: the files to serve"
    if report.bundle is not None:
        end = time_text(report.bundle.valid_until)
        yield (
            f"{report.out / 'broker'}: {report.broker}, bundle {report.bundle.seq}, "
            f"{_count(len(report.bundle.clients), 'client')}, until {end}"
        )
    yield f"{report.out / 'README.md'} says what is left to do"


def _steps(report: AdoptReport) -> Iterator[str]:
    base_url, size = report.state.base_url, report.state.log.checkpoint.size
    yield (
        f"Keep the mirror as it is, with the day. Its checkpoint, of {size} entries, proves later "
        "what had been published."
    )
    yield (
        f"Have the name {base_url.host} lead to a server of yours with a certificate of that name, "
        "that serves `site/` with `passports.conf`. No QR code changes."
    )
    yield f"`cellfolio check-deploy {base_url} --site site` says whether it does what it must."
    if report.bundle is not None:
        yield from _broker_steps(report, report.bundle)
    yield (
        "To issue passports takes the issuer's keys, which no escrow holds (docs/continuity.md). "
        "Without them what is published stays as it is, and verifiers one day call its freshness "
        "unknown."
    )


def _broker_steps(report: AdoptReport, bundle: Bundle) -> Iterator[str]:
    if report.broker in report.named:
        yield (
            f"Run the broker behind the name that the issuer's DID document has, {report.broker}: "
            "then pages and `cellfolio unlock` find it as before."
        )
    else:
        yield (
            f"The issuer's DID document does not name {report.broker}, and only the issuer's keys "
            f"can change that. Clients write `cellfolio unlock … --broker {report.broker}`; pages "
            "ask the old address."
        )
    yield (
        "`cellfolio-broker --config broker/broker.toml check-config`, then `serve`; "
        "docs/operate.md has a unit and a container. Take `private/` off that machine: it signs "
        "who may read."
    )
    yield (
        f"Before {time_text(bundle.valid_until)}, call `adopt` again with the same options: it "
        "signs the next bundle."
    )
    if not bundle.clients:
        yield (
            "The bundle names no clients, so nobody gets a key: call `adopt` again with the "
            "operator's last one, --bundle FILE."
        )
