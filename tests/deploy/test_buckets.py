"""Deploys to SeaweedFS: whole, only what changed, interrupted, two at once, over a bad line."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import obstore
import pytest

from tests.flaky_proxy import Asked, Fault, Proxy, all_well, proxying
from tests.own_site import OwnSite, bucket_is_whole
from tests.s3_servers import BUCKET, S3Server
from tests.small_project import write_lot
from tests.small_site import tree

MODEL = "01/09506000134352"
BATTERY = f"{MODEL}/21/A1"
_PATIENCE = 120
_ROOT = Path(__file__).parents[2]
_MAIN = "from generator.cli.main import main; main()"


@pytest.fixture
def proxy(weed: S3Server, site: OwnSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A line between the site and its bucket that can be disturbed; who retries waits shortly."""
    monkeypatch.setattr("generator.store.s3._FIRST_PAUSE", timedelta(milliseconds=20))
    with proxying(weed.port) as proxy:
        site.set(weed.endpoint, proxy.endpoint)
        yield proxy


def started(site: OwnSite, *words: object) -> "subprocess.Popen[str]":
    """Deploy in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, "--project", site.folder, "deploy", *map(str, words)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    _, told = process.communicate(timeout=_PATIENCE)
    return process.returncode, told


def killed(site: OwnSite, proxy: Proxy, is_last: Callable[[Asked], bool]) -> None:
    """Deploy, and end the process by force when it asks this."""
    running: list[subprocess.Popen[str]] = []

    def kill(asked: Asked) -> str:
        if is_last(asked):
            os.kill(running[0].pid, signal.SIGKILL)
            return "drop"
        return "pass"

    proxy.fault = kill
    running.append(started(site))
    assert ended(running[0])[0] == -signal.SIGKILL
    proxy.fault = all_well


def killed_at(site: OwnSite, proxy: Proxy, end: str) -> None:
    """The same when it writes a key that ends so."""
    killed(site, proxy, lambda asked: asked.method == "PUT" and asked.path.endswith(end))


def test_pages_lie_under_their_urls_with_their_headers(
    site: OwnSite, weed: S3Server, prefix: str
) -> None:
    done = site.deploys()
    assert (done["written"], done["conditionalWrites"]) == (len(tree(site.site)), True)
    bucket_is_whole(site)
    keys = [key.removeprefix(f"{prefix}/") for key in weed.keys(prefix)]
    assert {MODEL, BATTERY, "index.html", "404.html"} <= set(keys)
    assert not [key for key in keys if key.endswith(".html") and "/" in key]
    store = weed.objects()
    page = obstore.get(store, f"{prefix}/{BATTERY}")
    assert page.attributes["Content-Type"] == "text/html; charset=utf-8"
    assert page.attributes["Cache-Control"] == "public, max-age=0, must-revalidate"
    passport = obstore.get(store, f"{prefix}/dpp/01_09506000134352_21_A1/passport.json")
    assert passport.attributes["Content-Type"] == "application/vc"
    assert not [key for key in keys if "probe" in key]


def test_a_second_deploy_uploads_nothing(site: OwnSite, proxy: Proxy) -> None:
    site.deploys()
    writes = proxy.count("PUT")
    assert site.deploys()["written"] == 0
    assert proxy.count("PUT") == writes


def test_only_what_changed_is_uploaded_and_a_build_goes_on_from_the_bucket(
    site: OwnSite, prefix: str
) -> None:
    first = site.deploys()
    shutil.rmtree(site.site)
    write_lot(site.folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "A3,rack,2026-12-01,")
    site.does("build", "--previous", f"s3://{BUCKET}/{prefix}")
    second = site.deploys()
    assert isinstance(first["written"], int)
    assert 0 < int(str(second["written"])) < first["written"]
    bucket_is_whole(site)
    elsewhere = site.folder.parent / "elsewhere"
    site.does("build", "--previous", f"s3://{BUCKET}/{prefix}", "--out", elsewhere)
    assert site.run("verify", elsewhere).code == 0
    assert tree(elsewhere)["log/1/checkpoint"] == site.checkpoint


def test_what_another_tool_did_to_headers_is_put_right(
    site: OwnSite, weed: S3Server, prefix: str
) -> None:
    site.deploys()
    store = weed.objects()
    obstore.put(store, f"{prefix}/{BATTERY}", obstore.get(store, f"{prefix}/{BATTERY}").bytes())
    assert site.deploys("--repair")["written"] == 1
    assert (
        obstore.get(store, f"{prefix}/{BATTERY}").attributes["Content-Type"]
        == "text/html; charset=utf-8"
    )


def test_a_site_that_another_tool_put_there_is_taken_over(
    site: OwnSite, weed: S3Server, prefix: str
) -> None:
    site.deploys()
    obstore.delete(weed.objects(), f"{prefix}/.cellfolio/deploy.json")
    done = site.deploys()
    assert (done["written"], done["alreadyThere"]) == (0, len(tree(site.site)))


@pytest.mark.parametrize("writes", [6, 30])
def test_a_killed_deploy_is_finished_by_the_next(site: OwnSite, proxy: Proxy, writes: int) -> None:
    killed(site, proxy, lambda _: proxy.count("PUT") >= writes)
    assert site.anchor == b""
    done = site.deploys()
    assert done["finishedEarlier"] is True
    assert int(str(done["written"])) + int(str(done["alreadyThere"])) == len(tree(site.site))
    bucket_is_whole(site)
    assert site.anchor == site.checkpoint


@pytest.mark.parametrize("stage", ["pages", "checkpoint", "shards"])
def test_whoever_reads_an_update_that_was_killed_finds_what_is_finished_by_the_next(
    site: OwnSite, proxy: Proxy, stage: str
) -> None:
    site.deploys()
    site.grows("A3")
    plan = site.deploys("--plan")["uploads"]
    assert isinstance(plan, list)
    last = next(upload["key"] for upload in reversed(plan) if upload["stage"] == stage)
    killed_at(site, proxy, f"/{last}")
    assert site.deploys()["finishedEarlier"] is True
    bucket_is_whole(site)


def test_a_half_deployed_site_can_only_be_finished(
    site: OwnSite, proxy: Proxy, prefix: str, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    killed_at(site, proxy, "/index.html")
    shutil.copytree(site.site, begun)
    refused = site.run("--project", site.folder, "build", "--previous", f"s3://{BUCKET}/{prefix}")
    assert (refused.code, "half deployed" in refused.err) == (1, True)
    site.grows("A3")
    other = site.deploy_fails()
    assert (other.code, "another site has begun" in other.err) == (1, True)
    site.deploys("--out", begun)
    bucket_is_whole(site, begun)
    site.deploys()
    bucket_is_whole(site)


def test_two_deploys_of_one_site_end_in_that_site(site: OwnSite) -> None:
    both = [started(site), started(site)]
    ends = sorted(ended(each) for each in both)
    assert ends[0][0] == 0, ends
    assert ends[1][0] in (0, 1), ends
    bucket_is_whole(site)


def test_of_two_deploys_of_two_sites_one_wins(site: OwnSite, tmp_path: Path) -> None:
    site.deploys()
    fork = tmp_path / "fork"
    lot = site.folder / "content/batteries/lot.csv"
    before = lot.read_text()
    write_lot(site.folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "B1,rack,2026-12-01,")
    site.does("build", "--previous", site.site, "--out", fork)
    lot.write_text(before)
    site.grows("A3")
    both = [started(site), started(site, "--out", fork)]
    codes = [ended(each) for each in both]
    assert sorted(code == 0 for code, _ in codes) == [False, True], codes
    bucket_is_whole(site, site.site if codes[0][0] == 0 else fork)


def test_a_store_that_throttles_is_waited_for(site: OwnSite, proxy: Proxy) -> None:
    proxy.fault = lambda asked: "throttle" if asked.number % 5 == 0 else "pass"
    assert site.deploys()["written"] == len(tree(site.site))
    bucket_is_whole(site)


def test_lost_connections_and_lost_answers_are_tried_again(site: OwnSite, proxy: Proxy) -> None:
    faults = {0: "drop", 3: "lose"}
    proxy.fault = lambda asked: faults.get(asked.number % 11, "pass")
    done = site.deploys()
    assert int(str(done["written"])) + int(str(done["alreadyThere"])) == len(tree(site.site))
    bucket_is_whole(site)


@pytest.mark.parametrize(
    "fault",
    [
        lambda asked: "mislabel" if asked.method == "PUT" else "pass",
        lambda asked: "412" if asked.is_conditional else "pass",
        lambda asked: "501" if asked.is_conditional else "pass",
    ],
    ids=["other tags", "none met", "not known"],
)
def test_a_store_whose_conditions_never_hold_is_written_to_without(
    fault: Fault, site: OwnSite, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.store.s3._RETRIES", 0)
    monkeypatch.setattr("generator.store.s3._ATTEMPTS", 1)
    proxy.fault = fault
    assert site.deploys()["conditionalWrites"] is False
    proxy.fault = all_well
    bucket_is_whole(site)
    assert site.deploys()["written"] == 0


def test_a_refusal_midway_is_told_and_gone_on_from(site: OwnSite, proxy: Proxy) -> None:
    proxy.fault = lambda asked: "403" if asked.method == "PUT" and asked.number > 40 else "pass"
    done = site.deploy_fails()
    assert (done.code, "check the credentials, the region and the" in done.err) == (3, True)
    proxy.fault = all_well
    assert site.deploys()["finishedEarlier"] is True
    bucket_is_whole(site)


def test_answers_that_were_cut_short_are_asked_for_again(
    site: OwnSite, proxy: Proxy, prefix: str, tmp_path: Path
) -> None:
    site.deploys()
    site.grows("A3")
    proxy.fault = lambda asked: "cut" if asked.number % 4 == 0 else "pass"
    site.deploys()
    bucket_is_whole(site)
    copy = ("mirror", f"s3://{BUCKET}/{prefix}", tmp_path / "copy")
    assert site.run("--project", site.folder, *copy).code == 0
    assert site.run("verify", tmp_path / "copy").code == 0


def test_wrong_credentials_are_told_without_showing_them(
    site: OwnSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "quite another secret")
    done = site.deploy_fails()
    assert (done.code, "check the credentials" in done.err) == (3, True)
    assert "quite another secret" not in done.err


def test_without_credentials_the_remedy_says_so(
    site: OwnSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    done = site.deploy_fails()
    assert (done.code, "AWS_ACCESS_KEY_ID" in done.err) == (3, True)


def test_going_back_is_a_new_build_on_what_is_published(site: OwnSite, prefix: str) -> None:
    site.deploys()
    performance = site.folder / "content/models/rack/performance.yaml"
    good = performance.read_text()
    performance.write_text(good.replace("51.2 V", "48 V"))
    site.builds()
    site.deploys()
    performance.write_text(good)
    site.does("build", "--previous", f"s3://{BUCKET}/{prefix}")
    site.deploys()
    bucket_is_whole(site)
    assert site.json("dpp/01_09506000134352_21_A1/passport.json")["version"] == 3
