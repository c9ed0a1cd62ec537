"""What `build` and `refresh` share: keys, anchor, and the verified site that they go on from.

This is their edge: it brings environment and clock. What may be gone on from is judged in
`generator.build.state`.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.build.previous import PreviousSite
from generator.build.state import open_state
from generator.content.config import SiteConfig
from generator.keys.choose import DEMO, issuer_of
from generator.keys.issuer import Issuer
from generator.read.logged import GENERATION
from generator.read.sources import Source
from generator.store.anchor import Anchor, open_anchor
from generator.store.folder import FolderStore
from passport.checkpoint import log_path
from passport.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a command goes on; `published` is what the anchor held, b"" for nothing."""

    config: SiteConfig
    issuer: Issuer
    previous: PreviousSite
    anchor: Anchor
    published: bytes

    def advance(self, out: Path) -> None:
        """Move the anchor to what lies in a folder now, unless that is still to be deployed.

        Where no target is set up to deploy to, this folder is what is published.
        """
        if self.config.deploy is not None:
            return
        checkpoint = FolderStore(out).get(f"{log_path(GENERATION)[1:]}/checkpoint")
        if checkpoint is not None and checkpoint != self.published:
            self.anchor.advance(self.published, checkpoint)


def start_from(
    source: Source, project: Path, config: SiteConfig, *, genesis: bool = False
) -> Start:
    """Verify the site that lies at a source; errors are those of keys and of `open_state`."""
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
        config=config, issuer=issuer, previous=previous, anchor=anchor, published=published
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
