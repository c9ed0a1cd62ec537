"""Whether the last commit says why it changes what the law looks at (requirements 6).

Asked of a clean commit that has one before it; of a merge, what it brings in is asked. Only a
commit without a reason is compared at all.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from generator.content.config import CONFIG_NAME
from generator.content.revision import changes_between, read_revision, reasons_since
from generator.review.compare import review
from generator.review.snapshot import snapshots_of
from generator.review.value_change import listed
from passport.change_reason import TRAILER
from passport.errors import ConfigError
from passport.problems import Place, Problem, Severity

RULE = "no-reason"
_BEFORE, _AFTER = "HEAD^1", "HEAD"


def unexplained(project: Path, day: date) -> Iterator[Problem]:
    """Yield one warning if the last commit makes such a change without a reason of the list."""
    if not read_revision(project).commit or not changes_between(_BEFORE, _AFTER, project):
        return
    reasons = reasons_since(_BEFORE, _AFTER, project)
    try:
        with snapshots_of(_BEFORE, _AFTER, project) as sides:
            found = review(*sides, day=day, reasons=reasons)
    except ConfigError:  # the commit before was no project, or none with settings to be read
        return
    if found.lacks_reason:
        about = listed(f"{each.subject}, {each.what}" for each in found.changes if each.sensitive)
        given = f" but {reasons[0]!r}, which is of no list" if reasons else ""
        yield Problem(
            place=Place(CONFIG_NAME),
            path="$",
            rule=RULE,
            message=f"the last commit changes what the law looks at ({about}) and gives no reason"
            f"{given}",
            remedy=f"say it in the next commit, or amend: {TRAILER}: CODE: why",
            severity=Severity.WARNING,
        )
