"""`cellfolio verify`: is it genuine? Of a file, a folder, a site or a scanned address."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.build.artifact import url_path_of
from generator.cli.check_report import check_lines, checks_json
from generator.cli.copies import at_option
from generator.publish.folder import require_finished
from generator.publish.mirror_state import Phase, read_mirror
from generator.read.archive import is_archive, verify_archive
from generator.read.https import SEALED_LIMITS
from generator.read.passport import PassportReport, Verdict, verify_content, verify_scanned
from generator.read.site import SiteReport, verify_site
from generator.read.sources import FolderSource, Origins, parse_copies
from generator.store.folder import FolderStore
from generator.store.folder_objects import FolderObjects
from passport.base_url import BaseUrl
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, VerificationError
from passport.identifiers import parse_product_uri

_OWN_FILE = re.compile(
    r"\.git|\.gitattributes|\.gitignore|\.nojekyll"
    r"|\.cellfolio/(?:deploy\.json|lock|mirror\.json|part|probe-[0-9a-f]{16})"
)
"""What people keep at the top of a site's folder, and what a deploy or a mirror's run, a killed one
too, writes of itself; no reader asks for any of it, and no host obeys it."""


@click.command()
@click.argument("target")
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def command(target: str, copies: tuple[str, ...], *, as_json: bool) -> None:
    """Verify TARGET: a passport file, a site's folder, a site's URL, or a product's URL.

    A product's URL is what its QR code says. The file that a passport's page offers for download is
    checked offline. Exit code 0 means genuine, 4 not genuine.

    \b
    Example: cellfolio verify site
    Example: cellfolio verify https://id.example.com/01/09506000134352/21/T48L2611-0001 \\
             --at https://id.example.com=site
    """
    origins = Origins(parse_copies(copies))
    try:
        report = _verify(target, origins)
    except VerificationError as error:
        click.echo(_not_genuine(target, error, as_json=as_json))
        raise
    click.echo(json.dumps(_json(report), ensure_ascii=False) if as_json else _text(report))
    if isinstance(report, PassportReport) and report.verdict is Verdict.WITHDRAWN:
        raise VerificationError(f"{target} is withdrawn", "do not rely on it")
    if isinstance(report, SiteReport) and not report.is_genuine:
        failed = ", ".join(check.name for check in report.checks if check.failed)
        raise VerificationError(f"{target} is not genuine", f"failed checks: {failed}")


def _verify(target: str, origins: Origins) -> PassportReport | SiteReport:
    now = datetime.now(UTC)
    if target.startswith("https://"):
        if "/" not in target.removeprefix("https://").removesuffix("/"):
            site = BaseUrl(target.removesuffix("/"))
            source = origins.within(SEALED_LIMITS).source(str(site))
            return verify_site(source, None, now, expected=site)
        return verify_scanned(parse_product_uri(target).uri, origins, now)
    path = Path(target)
    if path.is_dir():
        require_finished(path)
        return verify_site(FolderSource(FolderStore(path)), paths_in(path), now)
    if path.is_file():
        content = path.read_bytes()
        if is_archive(content):
            return verify_archive(content, now)
        return verify_content(content, origins, now)
    raise ConfigError(
        f"there is no file or folder {target!r}", "name a file, a folder or an https:// address"
    )


def paths_in(folder: Path) -> list[str] | None:
    """URL paths of what lies in a site's folder, links and pipes too.

    None for a mirror whose run was cut off: what it had fetched is no part of the site yet.

    Hosts serve `A1.html` at `/A1`. Where a file `A1` lies there as well, the page is told by its
    full name, or it could hide behind a file that was signed.
    """
    lease = read_mirror(FolderObjects(folder))
    if lease is not None and lease.state.phase is Phase.FETCHING:
        return None
    files = [path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir()]
    names = [path.relative_to(folder).as_posix() for path in files]
    urls = Counter(map(url_path_of, names))
    return [
        url_path_of(name if urls[url_path_of(name)] == 1 else f"{name}.html")
        for name in names
        if not _OWN_FILE.fullmatch(name)
    ]


def _text(report: PassportReport | SiteReport) -> str:
    if isinstance(report, PassportReport):
        return _passport_text(report)
    lines = [f"{report.base_url}, issued by {report.issuer}"]
    lines += check_lines(report.checks)
    verdict = "genuine" if report.is_genuine else "not genuine"
    lines.append(f"{verdict}: {report.files} files, {report.passports} passports")
    lines.append(f"the keys are those that this copy names; {report.base_url} must name the same")
    return "\n".join(lines)


def _passport_text(report: PassportReport) -> str:
    proof = report.passport.proof
    return "\n".join(
        (
            f"product  {report.passport.uri}",
            f"issuer   {proof.issuer}",
            f"key      {proof.method.id}",
            f"signed   {time_text(proof.created)}, version {report.passport.version}",
            f"checks   {', '.join(report.checks)}",
            f"{report.verdict}: {report.why}" if report.why else report.verdict,
        )
    )


def _json(report: PassportReport | SiteReport) -> dict[str, object]:
    if isinstance(report, SiteReport):
        return {
            "verdict": "genuine" if report.is_genuine else Verdict.NOT_GENUINE,
            "baseUrl": str(report.base_url),
            "issuer": report.issuer,
            "files": report.files,
            "passports": report.passports,
            "checks": checks_json(report.checks),
        }
    return {
        "verdict": report.verdict,
        "product": str(report.passport.uri),
        "issuer": report.passport.proof.issuer,
        "key": report.passport.proof.method.id,
        "version": report.passport.version,
        "checks": list(report.checks),
        "why": report.why,
    }


def _not_genuine(target: str, error: VerificationError, *, as_json: bool) -> str:
    if as_json:
        failed = {"target": target, "verdict": Verdict.NOT_GENUINE, "failedCheck": error.check}
        return json.dumps(failed | {"message": error.message})
    return f"{Verdict.NOT_GENUINE}: {error}"
