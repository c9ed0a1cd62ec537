"""`cellfolio check-deploy`: hosts that serve a site rightly pass, each fault of a host is found."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.publish.headers import COMMON_HEADERS
from generator.publish.hosts import nginx_snippet
from generator.publish.live_check import Known, check_live
from generator.publish.live_host import LiveHost
from generator.read.https import Client
from generator.read.site import verify_site
from generator.read.sources import WebSource
from passport.base_url import BaseUrl
from tests.cli import CommandLine
from tests.nginx import nginx
from tests.own_site import OWN, OwnSite
from tests.s3_servers import BUCKET, S3Server, program
from tests.tls_host import write_certificate

HOST = OWN.removeprefix("https://")


@pytest.fixture
def built(tmp_path: Path, run: CommandLine) -> OwnSite:
    """A built site with a serial in capitals."""
    return OwnSite(tmp_path / "project", run, 'url = "../public"')


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of the site's own name, which this test trusts."""
    path = write_certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture
def live(built: OwnSite, certificate: Path, tmp_path: Path) -> Iterator[str]:
    """The host: nginx with our snippet on the deployed site."""
    built.deploys()
    with nginx(tmp_path / "nginx", certificate, root=tmp_path / "public") as address:
        yield address


def checked(built: OwnSite, address: str, *words: object) -> tuple[int, dict[str, list[str]]]:
    """Exit code, and the failures of each check that failed."""
    at = f"{OWN}={address}"
    done = built.run("--project", built.folder, "check-deploy", OWN, "--at", at, *words, "--json")
    report = json.loads(done.out)
    assert report["ok"] == (done.code == 0)
    return done.code, {
        check["name"]: [f"{f['where']}: {f['message']}" for f in check["failures"]]
        for check in report["checks"]
        if check["failed"]
    }


def test_nginx_serves_a_site_as_the_table_says(built: OwnSite, live: str) -> None:
    assert checked(built, live) == (0, {})
    assert checked(built, live, "--all", "--site", built.site) == (0, {})
    done = built.run("check-deploy", OWN, "--at", f"{OWN}={live}")
    assert (done.code, "FAILED" in done.out, f"asked at {live}" in done.out) == (0, False, True)


def test_a_store_behind_a_host_passes_with_its_own_types(
    site: OwnSite, weed: S3Server, prefix: str, certificate: Path, tmp_path: Path
) -> None:
    """As CloudFront does: the bucket's types and cache rules, everything else by the host."""
    site.deploys()
    common = "".join(f'add_header {name} "{value}" always;\n' for name, value in COMMON_HEADERS)
    inside = f"""
    {common}
    add_header Access-Control-Allow-Origin $readers always;
    error_page 404 /404.html;
    proxy_intercept_errors on;
    location = / {{ proxy_pass {weed.endpoint}/{BUCKET}/{prefix}/index.html; }}
    location / {{ proxy_pass {weed.endpoint}/{BUCKET}/{prefix}/; }}
    """
    outside = """
    map $upstream_http_content_type $readers {
      default "*"; ~^text/html ""; ~^text/css ""; ~^text/csv ""; ~^text/javascript "";
      ~^image/ ""; ~^font/ ""; application/pdf "";
    }
    """
    folder = tmp_path / "nginx"
    with nginx(folder, certificate, root=tmp_path, inside=inside, outside=outside) as address:
        assert checked(site, address, "--all", "--site", site.site) == (0, {})


FAULTS = {
    "lower-case": (
        ("location / {", 'location / {\n  if ($uri ~ "[A-Z]") { return 301 /lower; }'),
        {"qr", "headers", "unknown"}, "it redirects (301)",
    ),
    "every address answers": (
        ("try_files $uri.html =404", "try_files $uri.html /index.html =404"),
        {"unknown"}, "it answers 200",
    ),
    "a wrong type": (
        ('default_type "application/vc"', 'default_type "application/json"'),
        {"headers"}, "Content-Type is 'application/json', not 'application/vc'",
    ),
    "no access for programs": (
        ("$passport_readers always", '"" always'),
        {"headers"}, "Access-Control-Allow-Origin is 'missing', not '*'",
    ),
    "pages kept too long": (
        ('set $passport_cache "public, max-age=0, must-revalidate"',
         'set $passport_cache "public, max-age=86400"'),
        {"headers"}, "Cache-Control is 'public, max-age=86400'",
    ),
    "no policy for content": (
        ("add_header Content-Security-Policy", "add_header X-Not-A-Policy"),
        {"headers"}, "Content-Security-Policy is 'missing'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_host_is_found(
    fault: str, built: OwnSite, certificate: Path, tmp_path: Path
) -> None:
    (right, wrong), failing, told = FAULTS[fault]
    snippet = nginx_snippet()
    assert right in snippet
    inside = snippet.replace(right, wrong)
    with nginx(tmp_path / "nginx", certificate, root=built.site, inside=inside) as address:
        code, failures = checked(built, address)
    assert (code, set(failures)) == (4, failing)
    assert any(told in failure for found in failures.values() for failure in found)


def test_a_served_site_verifies_whole_over_the_web(
    built: OwnSite, certificate: Path, tmp_path: Path
) -> None:
    """What unknown addresses answer is signed too, though nginx gives it no address."""
    write_certificate(tmp_path, "localhost")
    with nginx(tmp_path / "nginx", certificate, root=built.site) as address:
        port = address.rpartition(":")[2]
        source = WebSource(f"https://localhost:{port}", Client(allows=lambda _: True))
        assert source.client.get(f"{source.origin}/404.html") is None
        report = verify_site(source, None, datetime.now(UTC), expected=BaseUrl(OWN))
    assert report.is_genuine, report.checks


def test_a_changed_byte_is_found(built: OwnSite, live: str, tmp_path: Path) -> None:
    page = tmp_path / "public/index.html"
    page.write_bytes(page.read_bytes().replace(b"Maker", b"Faker", 1))
    code, failures = checked(built, live)
    assert (code, set(failures)) == (4, {"bytes"})


def test_an_old_site_is_found_by_the_anchor(built: OwnSite, live: str, tmp_path: Path) -> None:
    public = tmp_path / "public"
    old = tmp_path / "old"
    shutil.copytree(public, old)
    built.grows("A3")
    built.deploys()
    assert checked(built, live) == (0, {})
    shutil.rmtree(public)
    shutil.copytree(old, public)
    code, failures = checked(built, live)
    assert (code, set(failures)) == (4, {"log"})
    code, failures = checked(built, live, "--site", built.site)
    assert (code, set(failures)) == (4, {"log", "manifest"})


def test_an_old_checkpoint_and_a_forged_one_are_found(
    built: OwnSite, live: str, tmp_path: Path
) -> None:
    note = tmp_path / "public/log/1/checkpoint"
    old = note.read_bytes()
    built.grows("A3")
    built.deploys()
    note.write_bytes(old)
    assert "log" in checked(built, live)[1]
    origin, _, rest = built.checkpoint.split(b"\n", 2)
    note.write_bytes(b"\n".join((origin, b"999", rest)))
    assert "log" in checked(built, live)[1]


def test_a_missing_file_is_found(built: OwnSite, live: str, tmp_path: Path) -> None:
    (tmp_path / "public/dpp/01_09506000134352_21_A1/passport.json").unlink()
    code, failures = checked(built, live, "--all")
    assert code == 4
    assert "it answers 404" in str(failures["headers"])


def test_an_expired_status_list_is_found(live: str) -> None:
    host = LiveHost(base_url=BaseUrl(OWN), at=BaseUrl(live))
    in_fifty_years = datetime(2076, 1, 1, tzinfo=UTC)
    checks = check_live(host, Known(), in_fifty_years, everything=False)
    assert [check.name for check in checks if check.failed] == ["status"]


def test_another_certificate_is_refused(built: OwnSite, live: str, tmp_path: Path) -> None:
    write_certificate(tmp_path, "another.maker-packs.eu")
    done = built.run("check-deploy", "https://another.maker-packs.eu", "--at",
                     f"https://another.maker-packs.eu={live}")  # fmt: skip
    assert done.code == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["https://id.maker-packs.eu/path"], "goes on behind the host"),
        ([OWN, "--at", f"{OWN}=folder"], "names no host"),
        ([OWN, "--at", "https://x.maker-packs.eu=https://127.0.0.1:1"], "another origin"),
    ],
)
def test_what_can_not_be_asked_is_refused(words: list[str], why: str, run: CommandLine) -> None:
    done = run("check-deploy", *words)
    assert (done.code, why in done.err) == (2, True)


def test_nginx_itself_finds_no_fault_with_the_snippet(certificate: Path, tmp_path: Path) -> None:
    with nginx(tmp_path / "nginx", certificate, root=tmp_path):
        done = subprocess.run(
            [program("nginx"), "-t", "-c", tmp_path / "nginx/nginx.conf", "-e", tmp_path / "e.log"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
