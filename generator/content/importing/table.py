"""Importing a table: what its mapping gives decides whether it lists batteries or models.

The door to imports. A mapping with a serial fills a lot; one without fills the files of models.
"""

from pathlib import Path

from generator.content.config import read_config
from generator.content.importing.lots import import_batteries
from generator.content.importing.mapping import Mapping
from generator.content.importing.models import import_points
from generator.content.importing.report import ImportReport
from generator.content.importing.run import ImportJob
from generator.content.importing.targets import SERIAL
from passport.errors import ConfigError


def import_table(
    project: Path,
    source: Path,
    mapping: Mapping,
    *,
    into: str = "",
    sheet: str = "",
    dry_run: bool = False,
    skip_wrong: bool = False,
) -> ImportReport:
    """Import a table into a project's content.

    What is wrong with rows is in the report, and nothing is written then, unless `skip_wrong`.
    Raises `ConfigError` for a mapping or a file that can't be used, `HostError` where a library
    is missing.
    """
    lists_batteries = SERIAL in mapping.targets
    if into and not lists_batteries:
        raise ConfigError(
            "--into names a lot, but the mapping gives no serial", "leave it out for data points"
        )
    job = ImportJob(
        project=project,
        config=read_config(project),
        source=source,
        mapping=mapping,
        lot=into,
        sheet=sheet,
        dry_run=dry_run,
        skip_wrong=skip_wrong,
    )
    return import_batteries(job) if lists_batteries else import_points(job)
