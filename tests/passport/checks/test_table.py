"""The tables of checks: nothing is listed twice, and nothing that is written is left out."""

import inspect
from types import ModuleType

from passport.checks import (
    batteries,
    carbon,
    documents,
    evidence,
    figures,
    hosting,
    labels,
    materials,
    operators,
    performance,
    prose,
    recycled,
    references,
    registration,
    scope,
    statements,
    table,
)

TABLES = (
    table.SITE_CHECKS,
    table.OPERATOR_CHECKS,
    table.MODEL_CHECKS,
    table.ELEMENT_CHECKS,
    table.BATTERY_CHECKS,
)
MODULES: tuple[ModuleType, ...] = (
    batteries,
    carbon,
    documents,
    evidence,
    figures,
    hosting,
    labels,
    materials,
    operators,
    performance,
    prose,
    recycled,
    references,
    registration,
    scope,
    statements,
)
PREDICATES = {"is_cas_number", "is_ec_number", "release_gate", "minimum_of", "next_minimum"}


def test_every_check_stands_in_one_table_with_its_basis() -> None:
    rows = [row for rows in TABLES for row in rows]
    listed = [row.check for row in rows]
    assert len(listed) == len(set(listed))
    assert all(row.basis for row in rows)
    written = {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and name not in PREDICATES
    }
    assert written <= set(listed)
