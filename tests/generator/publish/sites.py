"""Small sites to publish, and what lies in a folder afterwards.

Run as a program, it publishes one of them and may end itself by SIGKILL after a given step:
`python sites.py publish|finish OUT EDITION [STEP]`. It prints `ready` before it begins.
"""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from generator.build.artifact import Artifact, CacheClass
from generator.publish.folder import finish, publish

BATTERIES = 6
GTIN = "09506000134352"
Contents = dict[str, bytes]


def page(url_path: str, text: str) -> Artifact:
    return Artifact(
        url_path=url_path, content=text.encode(), media_type="text/html", cache=CacheClass.PAGE
    )


def data(url_path: str, text: str, media_type: str = "application/vc") -> Artifact:
    return Artifact(
        url_path=url_path, content=text.encode(), media_type=media_type, cache=CacheClass.DATA
    )


def asset(url_path: str, text: str, media_type: str = "text/css") -> Artifact:
    return Artifact(
        url_path=url_path, content=text.encode(), media_type=media_type, cache=CacheClass.ASSET
    )


BASE = (page("/404.html", "unknown"), page("/", "home"))
"""The least that a site has."""


def site(edition: str) -> Iterator[Artifact]:
    """Yield a site: another edition changes all but the page of a missing URL."""
    yield asset(f"/assets/{edition}/site.css", f"body {{ /* {edition} */ }}" * 2_000)
    yield page("/404.html", "<p>unknown</p>")
    yield page("/", f"<p>home {edition}</p>")
    for number in range(BATTERIES):
        yield data(f"/dpp/01_{GTIN}_21_B{number}/passport.json", f'"{edition}"' * 10_000)
        yield page(f"/01/{GTIN}/21/B{number}", f"<p>{number} {edition}</p>" * 10_000)


def contents_of(folder: Path) -> Contents:
    """Return every file below a folder; none when there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents_after(edition: str, before: Contents) -> Contents:
    """Return what a folder must hold once an edition is published over earlier files."""
    kept = {path: content for path, content in before.items() if path.startswith("assets/")}
    return kept | {artifact.disk_path: artifact.content for artifact in site(edition)}


def main(action: str, out: str, edition: str, last_step: str = "0") -> None:
    steps = 0

    def after_step(_: str) -> None:
        nonlocal steps
        steps += 1
        if steps == int(last_step):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if action == "publish":
        publish(site(edition), Path(out), after_step=after_step)
    else:
        finish(Path(out), after_step=after_step)


if __name__ == "__main__":
    main(*sys.argv[1:])
