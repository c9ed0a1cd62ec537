"""Sources: large files within wider limits, one state of a site, servers that are no folders."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from generator.read.https import MAX_BYTES, SEALED_LIMITS
from generator.read.sources import Origins, RememberingSource, parse_copies, parse_source
from passport.base_url import BaseUrl
from passport.errors import ConfigError, HostError

SITE = BaseUrl("https://id.example.com")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(int(self.path[1:])))
        self.end_headers()
        self.wfile.write(bytes(int(self.path[1:])))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep no log."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server whose files are as long as their names say."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as found:
        thread = Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{found.server_address[1]}"
        found.shutdown()
        thread.join(10)


def test_a_document_may_be_larger_than_all_else(server: str) -> None:
    origins = Origins(parse_copies((f"{SITE}={server}",)))
    size = MAX_BYTES + 1
    with pytest.raises(HostError, match="larger than"):
        origins.get(f"{SITE}/{size}")
    for found in (
        origins.within(SEALED_LIMITS).get(f"{SITE}/{size}"),
        parse_source(server).get(f"/{size}"),
    ):
        assert found is not None
        assert len(found) == size


def test_a_file_is_asked_for_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("first")
    origins = Origins(parse_copies((f"{SITE}={tmp_path}",))).remembering([str(SITE)])
    assert isinstance(origins.source(str(SITE)), RememberingSource)
    assert origins.get(f"{SITE}/file") == b"first"
    (tmp_path / "file").write_text("second")
    assert origins.get(f"{SITE}/file") == b"first"


def test_a_folder_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="which is a server"):
        Origins(parse_copies((f"{SITE}={tmp_path}",))).connection(SITE)


def test_an_address_inside_is_never_asked() -> None:
    with pytest.raises(HostError, match="internal address"):
        Origins({}).connection(BaseUrl("https://localhost"))
    copies = parse_copies((f"{SITE}=https://localhost:8443",))
    with pytest.raises(HostError, match="internal address"):
        Origins(copies).connection(SITE)
