"""Debian's nginx as a host on this machine, over TLS, in front of a folder or of a store."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.publish.hosts import nginx_snippet
from tests.s3_servers import free_ports, program, running

_CONFIG = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
  {outside}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    root {root};
    {inside}
  }}
}}
"""


@contextmanager
def nginx(
    folder: Path, certificate: Path, *, root: Path, inside: str = "", outside: str = ""
) -> Iterator[str]:
    """Run it while the block does; `inside` is what stands in its server, our snippet unless said.

    Yields its address.
    """
    folder.mkdir()
    (port,) = free_ports(1)
    config = folder / "nginx.conf"
    text = _CONFIG.format(
        folder=folder,
        port=port,
        certificate=certificate,
        root=root,
        inside=inside or nginx_snippet(),
        outside=outside,
    )
    config.write_text(f"{'user root;' if os.getuid() == 0 else ''}\n{text}", encoding="utf-8")
    words = [
        program("nginx"),
        "-p",
        str(folder),
        "-c",
        str(config),
        "-e",
        str(folder / "start.log"),
    ]
    with running(words, folder / "out.log"):
        _wait_for(port)
        yield f"https://127.0.0.1:{port}"


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
