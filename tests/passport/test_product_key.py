"""Product keys: the parts of a path, and identifiers of operators without GS1 numbers."""

import pytest

from passport.gs1 import Giai, Gtin, SerialNumber
from passport.identifiers import product_path
from passport.product_key import BatteryKey, OwnIdentifier, ProductKey, key_of
from tests.vectors import Vector, expected, load_vectors

VECTORS = load_vectors("identifiers", "own_identifier")
GTIN = Gtin("09506000134352")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_own_identifier(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        assert product_path(OwnIdentifier(**vector.input)) == vector.ok


@pytest.mark.parametrize(
    ("key", "segments"),
    [
        (GTIN, ("01", "09506000134352")),
        (BatteryKey(GTIN, SerialNumber("A1")), ("01", "09506000134352", "21", "A1")),
        (Giai("9506000A1"), ("8004", "9506000A1")),
        (OwnIdentifier("acme", "UPS.1"), ("id", "acme", "UPS.1")),
    ],
)
def test_segments_and_back(key: ProductKey, segments: tuple[str, ...]) -> None:
    assert key.segments == segments
    assert key_of(segments) == key
