"""What `build` and `refresh` share: keys, anchor, and the verified site that they go on from.

This is their edge: it brings environment and clock. What may be gone on from is judged in
`generator.build.state`.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.build.artifact import Artifact
from generator.build.previous import PreviousSite
from generator.build.state import open_state
from generator.content.config import SiteConfig
from generator.keys.choose import DEMO, issuer_of
from generator.keys.issuer import Issuer
from generator.publish.folder import PublishReport, publish
from generator.read.logged import CHECKPOINT_PATH
from generator.read.sources import Source
from generator.store.anchor import Anchor, open_anchor
from generator.store.folder import FolderStore
from passport.errors import ConfigError, PublishError
from passport.manifest import INDEX_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a command goes on, and the folder that it writes, with the index found there before.

    `published` is what the anchor held, b"" for nothing.
    """

    config: SiteConfig
    issuer: Issuer
    previous: PreviousSite
    anchor: Anchor
    published: bytes
    out: Path
    index: bytes | None

    def publish(self, artifacts: Iterable[Artifact]) -> PublishReport:
        """Write the folder and move the anchor, unless that is moved by a deploy.

        Where no target is set up to deploy to, the folder is what is published. `PublishError` if
        another run wrote it since it was read: then log and versions go on from something else.
        """
        done = publish(self._unless_overtaken(artifacts), self.out)
        checkpoint = FolderStore(self.out).get(CHECKPOINT_PATH[1:])
        if self.config.deploy is None and checkpoint not in (None, self.published):
            self.anchor.advance(self.published, checkpoint or b"")
        return done

    def _unless_overtaken(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        # The first artifact is taken while the folder is locked.
        if _index_in(self.out) != self.index:
            raise PublishError(f"another run has written {self.out} meanwhile", "build again")
        yield from artifacts


def start_from(
    source: Source, out: Path, project: Path, config: SiteConfig, *, genesis: bool = False
) -> Start:
    """Verify the site that lies at a source; errors are those of keys and of `open_state`."""
    index = _index_in(out)
    issuer = issuer_of(
        config.base_url,
        config.keys,
        project,
        os.environ,
        datetime.now(UTC),
        brokers=config.brokers,
    )
    anchor = anchor_of(project, config)
    published = anchor.read()
    previous = open_state(
        source,
        issuer,
        config.base_url,
        anchor=published,
        genesis=genesis,
        is_demo=config.keys == DEMO,
    )
    return Start(
        config=config,
        issuer=issuer,
        previous=previous,
        anchor=anchor,
        published=published,
        out=out,
        index=index,
    )


def anchor_of(project: Path, config: SiteConfig) -> Anchor:
    """Demos keep no anchor; whoever signs for others must, or a rollback would not show."""
    if config.keys == DEMO:
        return open_anchor(project, "")
    if not config.anchor:
        raise ConfigError(
            "no anchor is named, so a site that was rolled back would not show",
            'write anchor = "refs/cellfolio/published" in cellfolio.toml, or a file outside site/',
        )
    return open_anchor(project, config.anchor)


def _index_in(out: Path) -> bytes | None:
    return FolderStore(out).get(INDEX_PATH[1:])
