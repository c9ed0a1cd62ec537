"""Rebuilding while somebody edits: watch files, rebuild, tell open pages.

Pages wait by Server-Sent Events. What a page was served with (an edition) travels in the address of
the reload script, so that a page that connects late, or to a restarted server, still hears of the
rebuild that it missed. Built files hold none of this.
"""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import watchfiles

from passport.errors import ContentError, PassportError

SCRIPT_URL = "/__reload.js"
EVENTS_URL = "/__reload"
SCRIPT = b"""\
const { search } = new URL(document.currentScript.src);
new EventSource("/__reload" + search).addEventListener("reload", () => location.reload());
"""

Echo = Callable[[str], None]


class Reloads:
    """The edition of the site that is served, and who waits for the next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._edition = time.time_ns()
        self.closed = False

    @property
    def script(self) -> str:
        """The address of the reload script for a page of this edition."""
        return f"{SCRIPT_URL}?{self._edition}"

    def announce(self) -> None:
        """Tell all open pages that there is another edition."""
        with self._changed:
            self._edition += 1
            self._changed.notify_all()

    def wait_for_other(self, edition: str, timeout: float) -> bool:
        """Wait until the edition is another than the page's; false when the time is over."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self.closed or str(self._edition) != edition, timeout
            )

    def close(self) -> None:
        """Let all who wait go."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def attempt(rebuild: Callable[[], None], echo: Echo) -> bool:
    """Rebuild, tell what is wrong instead of ending, and say whether it went well."""
    try:
        rebuild()
    except PassportError as error:
        for problem in error.problems if isinstance(error, ContentError) else ():
            echo(str(problem))
        echo(f"the site stays as it was: {error}")
        return False
    return True


class Watcher:
    """Rebuilds, while entered, after each change below some folders or of some files."""

    def __init__(self, watched: Sequence[Path], rebuild: Callable[[], None]) -> None:
        self._rebuild = rebuild
        self._stop = threading.Event()
        self._changed = threading.Event()
        folders = [path for path in watched if path.is_dir()]
        files = [path.absolute() for path in watched if not path.is_dir()]
        # Editors replace a file by renaming, after which only its folder still tells of it.
        parents = sorted({path.parent for path in files if path.parent.is_dir()})
        names = frozenset(map(str, files))
        self._threads = [threading.Thread(target=self._work, daemon=True)]
        if folders:
            self._add(folders, watchfiles.DefaultFilter(), recursive=True)
        if parents:
            self._add(parents, lambda _, path: path in names, recursive=False)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._changed.set()
        for thread in self._threads:
            thread.join()

    def _add(
        self,
        paths: Sequence[Path],
        chosen: Callable[[watchfiles.Change, str], bool],
        *,
        recursive: bool,
    ) -> None:
        def watch() -> None:
            for _ in watchfiles.watch(
                *paths,
                watch_filter=chosen,
                stop_event=self._stop,
                rust_timeout=500,
                recursive=recursive,
                raise_interrupt=False,
            ):
                self._changed.set()

        self._threads.append(threading.Thread(target=watch, daemon=True))

    def _work(self) -> None:
        while self._changed.wait() and not self._stop.is_set():
            self._changed.clear()
            self._rebuild()
