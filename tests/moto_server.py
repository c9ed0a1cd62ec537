"""moto as a server on this machine: S3 and CloudFront as AWS describes them.

moto's own server wants Flask; its proxy answers the same requests without. This hands it requests
as if they had gone to AWS's own names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from moto.core.config import default_user_config
from moto.moto_proxy.proxy3 import MotoRequestHandler
from werkzeug.exceptions import HTTPException

_S3, _CLOUDFRONT = "https://s3.us-east-1.amazonaws.com", "https://cloudfront.amazonaws.com"
_CLOUDFRONT_PATHS = "/2020-05-31/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    lock = Lock()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        host = _CLOUDFRONT if self.path.startswith(_CLOUDFRONT_PATHS) else _S3
        with self.lock:  # moto keeps its state in this process, unguarded
            status, headers, content = self._moto(host, body)
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, str(value))
        if self.command != "HEAD":
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_PUT = do_HEAD = do_POST = do_DELETE = do_GET  # noqa: N815 (the base class's names)

    def _moto(self, host: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        try:
            answer = MotoRequestHandler(0).parse_request(
                self.command, host, self.path, self.headers, body
            )
        except HTTPException as error:
            text = error.get_body()
            return error.code or 500, dict(error.get_headers()), text.encode()
        if not isinstance(answer, tuple):
            answer = 200, {}, answer
        status, headers, content = answer
        return status, dict(headers), content.encode() if isinstance(content, str) else content

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Keep no log."""


@contextmanager
def moto() -> Iterator[str]:
    """Run it while the block does; yields its endpoint."""
    default_user_config["core"]["mock_credentials"] = False
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(10)
