"""Check that every epoch lies in some escrow: else its data end with the operator (Art. 78(e)).

Only the public records of the keys are read. The demo's keys are everybody's, so nobody needs them.
"""

from collections.abc import Iterator
from pathlib import Path

from generator.content.config import SiteConfig
from generator.keys.choose import DEMO
from generator.keys.escrow_record import read_escrows
from generator.keys.group_sources import read_register
from generator.keys.groups import GROUPS_NAME, Epoch
from passport.problems import Place, Problem, Severity


def epochs_in_no_escrow(project: Path, config: SiteConfig) -> Iterator[Problem]:
    """Yield a warning for each epoch that no escrow file holds; `ConfigError` for a bad record."""
    folder = project / config.keys
    register = read_register(folder) if config.keys != DEMO else None
    if register is None:
        return
    kept = {key_id for escrow in read_escrows(folder) for key_id in escrow.keys}
    lines = (folder / GROUPS_NAME).read_text("utf-8").split("\n")
    for epoch in register.epochs:
        if not epoch.destroyed and epoch.key_id not in kept:
            line = lines.index(f'id = "{epoch.key_id}"') + 1
            yield _problem(epoch, Place(f"{config.keys}/{GROUPS_NAME}", line))


def _problem(epoch: Epoch, place: Place) -> Problem:
    return Problem(
        place=place,
        path="$",
        rule="no-escrow",
        message=f"the key of {epoch.label} is in no escrow: what it sealed ends with you",
        remedy=f"run `cellfolio keys escrow --group {epoch.key_id.group} --to CLIENT --out FILE`",
        severity=Severity.WARNING,
    )
