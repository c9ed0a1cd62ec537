"""Importing a table: what its mapping gives decides whether it lists batteries or models.

The door to imports. A mapping with a serial fills a lot; one without fills the files of models.
"""

from generator.content.importing.lots import import_batteries
from generator.content.importing.models import import_points
from generator.content.importing.report import ImportReport
from generator.content.importing.run import ImportJob
from generator.content.importing.targets import SERIAL
from passport.errors import ConfigError


def import_table(job: ImportJob) -> ImportReport:
    """Import a table into a project's content; what is wrong with rows is in the report.

    Raises `ConfigError` for a mapping or a file that can't be used, `HostError` where a library
    is missing.
    """
    lists_batteries = SERIAL in job.mapping.targets
    if job.lot and not lists_batteries:
        raise ConfigError(
            "--into names a lot, but the mapping gives no serial", "leave it out for data points"
        )
    return import_batteries(job) if lists_batteries else import_points(job)
