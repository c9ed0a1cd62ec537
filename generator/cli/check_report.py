"""Checks of a site, as commands tell them."""

from collections.abc import Iterable, Iterator

from generator.read.checks import Check


def check_lines(checks: Iterable[Check]) -> Iterator[str]:
    """Yield what people read: each check, and its first failures below it."""
    for check in checks:
        yield f"  {'FAILED' if check.failed else 'ok':6} {check.title} ({check.looked_at})"
        yield from (f"         {failure.where}: {failure.message}" for failure in check.failures)
        if check.failed > len(check.failures):
            yield f"         … and {check.failed - len(check.failures)} more"


def checks_json(checks: Iterable[Check]) -> list[dict[str, object]]:
    """Return what scripts read."""
    return [
        {
            "name": check.name,
            "lookedAt": check.looked_at,
            "failed": check.failed,
            "failures": [
                {"where": failure.where, "message": failure.message} for failure in check.failures
            ],
        }
        for check in checks
    ]
