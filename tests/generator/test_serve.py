"""The local server: it answers what a production host answers, and nothing else."""

import gzip
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.build.artifact import CacheClass
from generator.cli.reload import Reloads, Watcher, attempt
from generator.cli.server import SiteServer, serve_folder
from generator.publish.folder import publish
from generator.publish.headers import headers_for
from passport.errors import ConfigError, ContentError, HostError, PublishError
from passport.problems import Place, Problem
from tests.generator.publish.sites import asset, data, page

ROOT = Path(__file__).parents[2]
PASSPORT_PAGE = "/01/09506000134352/21/ABC-123"
HOME = "<!doctype html><html><body><p>" + "home " * 200 + "</p></body></html>"
SITE = (
    page("/404.html", "<p>unknown address</p>"),
    page("/", HOME),
    page(PASSPORT_PAGE, "<p>a battery</p>" * 50),
    page("/01/09506000134352/21/A%22B", "<p>an odd serial</p>"),
    page("/de", "<p>Startseite</p>"),
    data("/dpp/01_1/passport.json", '{"a": 1}' * 50),
    data("/v1/dpps/01_1", "{}", "application/json"),
    data("/.well-known/did.jsonl", "{}\n", "text/jsonl"),
    asset("/assets/1/site.css", "body { margin: 0 }" * 20),
    asset("/assets/1/x.png", "\x89PNG", "image/png"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str] = field(compare=False)
    body: bytes


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "site"
    publish(SITE, folder)
    (folder / ".gitignore").write_text("*\n")
    (folder.parent / "secret.html").write_text("a secret")
    return folder


@contextmanager
def served(out: Path, reloads: Reloads | None = None) -> Iterator[SiteServer]:
    with SiteServer(out, "127.0.0.1", 0, reloads) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server(out: Path) -> Iterator[SiteServer]:
    with served(out) as running:
        yield running


def get(server: SiteServer, target: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Accept-Encoding": "identity"} | named)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("artifact", SITE[1:], ids=lambda artifact: artifact.url_path)
def test_each_file_has_the_headers_of_production(server: SiteServer, artifact: object) -> None:
    assert isinstance(artifact, type(SITE[0]))
    answer = get(server, artifact.url_path)
    assert (answer.status, answer.body) == (200, artifact.content)
    expected = dict(headers_for(artifact.media_type, artifact.cache))
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert answer.headers["Content-Length"] == str(len(artifact.content))
    extra = answer.headers.keys() - expected.keys()
    assert extra <= {"Content-Length", "Date", "Server", "ETag", "Vary"}


def test_the_server_says_no_more_of_itself_than_its_name(server: SiteServer) -> None:
    assert get(server, "/").headers["Server"].strip() == "cellfolio"


@pytest.mark.parametrize(
    "target",
    [
        "/01/09506000134352/21/UNKNOWN",
        f"{PASSPORT_PAGE}.html",
        f"{PASSPORT_PAGE}/",
        "/index",
        "/index.html",
        "/404",
        "/404.html",
        "/de/",
        "/01",
        "/01/",
        "/assets",
        "/assets/",
        "/assets/1",
        "/dpp/01_1",
        "/.gitignore",
        "/secret",
        "/../secret",
        "/../secret.html",
        "/%2e%2e/secret",
        "/%2E%2E/secret",
        "/..%2Fsecret",
        "/..%2fsecret.html",
        "/assets/../../secret.html",
        "/assets/%2E%2E/%2E%2E/secret.html",
        "/assets/..%5C..%5Csecret.html",
        "//secret",
        "/./de",
        "/%00",
        "/de%00",
        "/de%0A",
        "/%FF",
        "/%",
        "/%2Fetc%2Fpasswd",
        "/" + "x" * 300,
        "/" + "x/" * 3000 + "x",
        "http://127.0.0.1/de",
        "/__reload.js",
        "/__reload",
    ],
)
def test_whatever_is_no_url_of_the_site_is_the_404_page(server: SiteServer, target: str) -> None:
    answer = get(server, target)
    assert (answer.status, answer.body) == (404, b"<p>unknown address</p>")
    expected = dict(headers_for("text/html", CacheClass.PAGE))
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert "Location" not in answer.headers


def test_a_link_never_leads_out_of_the_site(server: SiteServer, out: Path) -> None:
    link = out / "linked.html"
    link.symlink_to(out.parent / "secret.html")
    try:
        assert get(server, "/linked").status == 404
    finally:
        link.unlink()


def test_a_query_changes_nothing(server: SiteServer) -> None:
    assert get(server, f"{PASSPORT_PAGE}?linkType=all") == get(server, PASSPORT_PAGE)


def test_head_has_the_headers_of_get_and_no_body(server: SiteServer) -> None:
    for target in ("/", "/01/unknown"):
        head, whole = get(server, target, "HEAD"), get(server, target)
        assert (head.status, head.body) == (whole.status, b"")
        del head.headers["Date"], whole.headers["Date"]
        assert head.headers == whole.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(server: SiteServer, method: str) -> None:
    assert get(server, "/", method).status == 501


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "*", "GZIP"])
def test_text_travels_compressed(server: SiteServer, accepted: str) -> None:
    answer = get(server, "/", Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert gzip.decompress(answer.body) == HOME.encode()
    assert answer.headers["ETag"] != get(server, "/").headers["ETag"]


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "*;q=0.0", "*, gzip; q=0"])
def test_who_refuses_gzip_gets_none(server: SiteServer, accepted: str) -> None:
    answer = get(server, "/", Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.body == HOME.encode()


def test_what_is_compressed_already_stays_as_it_is(server: SiteServer) -> None:
    answer = get(server, "/assets/1/x.png", Accept_Encoding="gzip")
    assert not {"Content-Encoding", "Vary"} & answer.headers.keys()


@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_a_copy_that_is_still_good_isn_t_sent_again(server: SiteServer, accepted: str) -> None:
    first = get(server, "/", Accept_Encoding=accepted)
    for tag in (first.headers["ETag"], f'"x", W/{first.headers["ETag"]}', "*"):
        again = get(server, "/", Accept_Encoding=accepted, If_None_Match=tag)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
        assert not {"Content-Length", "Content-Encoding", "Content-Type"} & again.headers.keys()
    assert get(server, "/", Accept_Encoding=accepted, If_None_Match='"x"').status == 200


def test_an_unknown_url_is_never_still_good(server: SiteServer) -> None:
    assert get(server, "/01/unknown", If_None_Match="*").status == 404


def test_one_connection_carries_many_requests(server: SiteServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        for method, target in (("GET", "/"), ("HEAD", "/"), ("GET", "/nowhere"), ("GET", "/de")):
            connection.request(method, target)
            connection.getresponse().read()
            assert connection.sock is not None
    finally:
        connection.close()


def test_a_rebuilt_page_is_served_at_once(tmp_path: Path) -> None:
    publish(SITE, tmp_path / "site")
    with served(tmp_path / "site") as server:
        before = get(server, "/de")
        publish((*SITE[:4], page("/de", "<p>STARTSEITE</p>"), *SITE[5:]), tmp_path / "site")
        after = get(server, "/de")
    assert after.body == b"<p>STARTSEITE</p>"
    assert after.headers["ETag"] != before.headers["ETag"]


def test_pages_reload_only_when_asked_to(out: Path) -> None:
    reloads = Reloads()
    with served(out, reloads) as server:
        home = get(server, "/")
        script = f'<script src="{reloads.script}"></script></body></html>'
        assert home.body == HOME.replace("</body></html>", script).encode()
        assert reloads.script.encode() in get(server, "/nowhere").body
        stylesheet = get(server, "/assets/1/site.css")
        assert stylesheet.body == SITE[8].content
        loaded = get(server, reloads.script)
        assert loaded.headers["Content-Type"] == "text/javascript"
        assert b"EventSource" in loaded.body
    assert b"__reload" not in (out / "index.html").read_bytes()


def events(server: SiteServer, edition: str) -> Iterator[str]:
    """Connect as a page of an edition does, and yield the lines that come."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("GET", f"/__reload?{edition}")
    response = connection.getresponse()
    try:
        assert response.getheader("Content-Type") == "text/event-stream"
        while line := response.readline():
            yield line.decode().rstrip()
    finally:
        response.close()
        connection.close()


def test_an_open_page_hears_of_a_rebuild(out: Path) -> None:
    reloads = Reloads()
    with served(out, reloads) as server:
        edition = reloads.script.partition("?")[2]
        waiting = events(server, edition)
        assert [next(waiting), next(waiting)] == ["retry: 500", ""]
        reloads.announce()
        assert list(waiting) == ["event: reload", "data: now", ""]
        assert "event: reload" in list(events(server, edition)), "a page that connects late"


def test_the_server_ends_though_a_page_waits(out: Path) -> None:
    reloads = Reloads()
    with served(out, reloads) as server:
        waiting = events(server, reloads.script.partition("?")[2])
        next(waiting)
    assert "event: reload" not in list(waiting)


def test_editing_rebuilds(tmp_path: Path) -> None:
    content, settings = tmp_path / "content", tmp_path / "cellfolio.toml"
    content.mkdir()
    settings.write_text("")
    rebuilt = threading.Semaphore(0)

    def settles() -> bool:
        """Wait for the rebuild, and for more that one edit may cause."""
        return rebuilt.acquire(timeout=10) and not all(
            rebuilt.acquire(timeout=0.3) for _ in range(9)
        )

    with Watcher((content, settings, tmp_path / "themes"), rebuilt.release):
        time.sleep(0.5)  # until the system's watches stand
        (content / "model.yaml").write_text("a: 1")
        assert settles()
        replacement = tmp_path / "cellfolio.toml~"
        replacement.write_text("x = 1")
        replacement.rename(settings)
        assert settles()
        settings.write_text("x = 2")
        assert settles(), "after it was replaced by renaming"
        (tmp_path / "other").write_text("")
        assert not rebuilt.acquire(timeout=0.5)


def test_a_failed_rebuild_says_why_and_goes_on() -> None:
    said: list[str] = []
    problem = Problem(
        place=Place("content/a.yaml", 3, 5),
        path="$.mass",
        rule="unit",
        message="wrong unit",
        remedy="write kg",
    )

    def failing() -> None:
        raise ContentError((problem,))

    assert not attempt(failing, said.append)
    assert said == [
        "content/a.yaml:3:5: $.mass: wrong unit: write kg",
        "the site stays as it was: 1 problem in the content",
    ]
    assert attempt(lambda: None, said.append)


def test_no_site_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"there is no site in .*: build it first"):
        serve_folder(tmp_path / "site", port=0)


def test_a_failed_first_build_leaves_nothing_to_serve(tmp_path: Path) -> None:
    def failing() -> None:
        raise ConfigError("there is no cellfolio.toml")

    said: list[str] = []
    with pytest.raises(HostError, match="there is no site"):
        serve_folder(tmp_path / "site", port=0, echo=said.append, rebuild=failing)
    assert said == ["the site stays as it was: there is no cellfolio.toml"]


def test_an_unfinished_site_is_not_served(tmp_path: Path) -> None:
    def stop(step: str) -> None:
        if step == "journal":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(SITE, tmp_path / "site", after_step=stop)
    with pytest.raises(PublishError, match="half written"):
        serve_folder(tmp_path / "site", port=0)


def test_a_taken_port_is_told_with_what_to_do(out: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(HostError, match=f"port {port} of 127.0.0.1 is taken: name another"):
            serve_folder(out, port=port)


def test_a_wrong_host_is_told_with_what_to_do(out: Path) -> None:
    with pytest.raises(HostError, match=r"can't listen at port 0 of 192\.0\.2\.1: "):
        serve_folder(out, host="192.0.2.1", port=0)


def test_the_command_serves_until_it_is_interrupted(out: Path) -> None:
    program = "from generator.cli.main import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--out", str(out)]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as run,
        ExitStack() as ends,
    ):
        ends.callback(run.kill)
        assert run.stdout is not None
        assert run.stderr is not None
        line = run.stdout.readline()
        assert line.startswith(f"serving {out} at http://127.0.0.1:")
        assert line.endswith("/ until you press Ctrl-C\n")
        address = line.split("http://")[1].split("/")[0]
        connection = http.client.HTTPConnection(address, timeout=10)
        connection.request("GET", PASSPORT_PAGE)
        assert connection.getresponse().status == 200
        connection.close()
        os.kill(run.pid, signal.SIGINT)
        assert run.wait(10) == 0
        assert run.stdout.read() == "stopped\n"
        assert run.stderr.read() == ""
