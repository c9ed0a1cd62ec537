"""The tables of checks: nothing is listed twice, and nothing that is written is left out."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

from passport import checks
from passport.checks import table

TABLES = (
    table.SITE_CHECKS,
    table.OPERATOR_CHECKS,
    table.MODEL_CHECKS,
    table.ELEMENT_CHECKS,
    table.BATTERY_CHECKS,
    table.LIFE_CHECKS,
)
NOT_CHECKS = {"table", "context", "flaws"}
OTHERS = {
    *("is_cas_number", "is_ec_number", "release_gate", "minimum_of", "next_minimum"),
    *("asked_for", "links_agree"),
}
"""Public functions beside the checks."""


def test_every_check_stands_in_one_table_with_its_basis() -> None:
    rows = [row for rows in TABLES for row in rows]
    listed = [check for _, check in rows]
    assert len(listed) == len(set(listed))
    assert all(basis for basis, _ in rows)
    written = {
        function
        for found in iter_modules(checks.__path__)
        if found.name not in NOT_CHECKS
        for module in [import_module(f"passport.checks.{found.name}")]
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and name not in OTHERS
    }
    assert written == set(listed)
