"""Product URI and dppId: parsed once, printed once, and nothing else accepted."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passport.base_url import BaseUrl
from passport.errors import IdentifierError
from passport.gs1 import CHARACTER_SET_82, PLAIN_CHARACTERS, Giai, Gtin, SerialNumber, check_digit
from passport.identifiers import DppId, ProductUri, parse_product_uri, product_path
from passport.product_key import BatteryKey, OwnIdentifier, ProductKey
from tests.vectors import Vector, expected, load_vectors

SITE = BaseUrl("https://id.example.com")
GTIN = Gtin("09506000134352")


@pytest.mark.parametrize("vector", load_vectors("identifiers", "product_uri"), ids=lambda v: v.name)
def test_product_uri(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    base_url = BaseUrl(vector.input["base_url"]) if "base_url" in vector.input else None
    with expected(vector):
        scanned = parse_product_uri(vector.input["text"], base_url)
        assert {
            "uri": str(scanned.uri),
            "variant": scanned.variant,
            "batch": scanned.batch,
        } == vector.ok


@pytest.mark.parametrize("vector", load_vectors("identifiers", "dpp_id"), ids=lambda v: v.name)
def test_dpp_id(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        dpp_id = DppId.parse(vector.input)
        assert str(dpp_id) == vector.input
        assert product_path(dpp_id.key) == vector.ok


@st.composite
def keys(draw: st.DrawFn) -> ProductKey:
    """Any product key; texts that can't name a page are left out."""
    digits = draw(st.text("0123456789", min_size=13, max_size=13).filter(lambda t: t.strip("0")))
    gtin = Gtin(digits + check_digit(digits))
    wide = draw(st.text(sorted(CHARACTER_SET_82), min_size=1, max_size=20))
    plain = draw(st.text(sorted(PLAIN_CHARACTERS), min_size=1, max_size=20))
    kind = draw(st.sampled_from(["model", "battery", "asset", "own"]))
    try:
        match kind:
            case "model":
                return gtin
            case "battery":
                return BatteryKey(gtin, SerialNumber(wide, allow_any=True))
            case "asset":
                return Giai(digits[:6] + wide)
            case _:
                return OwnIdentifier("acme", f"{plain}.{plain}")
    except IdentifierError:
        assume(False)  # noqa: FBT003
        raise


@given(keys())
def test_a_product_uri_is_read_back(key: ProductKey) -> None:
    uri = ProductUri(SITE, key)
    assert parse_product_uri(str(uri), SITE).uri == uri


@given(keys())
def test_a_dpp_id_gives_its_key_back(key: ProductKey) -> None:
    dpp_id = DppId.of(key)
    assert DppId.parse(str(dpp_id)) == dpp_id
    assert dpp_id.key == key


@given(keys(), keys())
def test_two_products_never_share_a_dpp_id(one: ProductKey, other: ProductKey) -> None:
    assert (str(DppId.of(one)) == str(DppId.of(other))) is (one == other)


@pytest.mark.parametrize(
    ("key", "dpp_id"),
    [
        (GTIN, "01_09506000134352"),
        (BatteryKey(GTIN, SerialNumber("ABC123")), "01_09506000134352_21_ABC123"),
        (Giai("9506000_1"), "8004_9506000.5F1"),
        (OwnIdentifier("acme", "UPS.1"), "id_acme_UPS.2E1"),
    ],
)
def test_dpp_id_of_each_kind_of_key(key: ProductKey, dpp_id: str) -> None:
    assert str(DppId.of(key)) == dpp_id


def test_message_and_remedy_of_another_spelling() -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_product_uri("https://id.example.com/01/09506000134352/21/A%2bB")
    assert caught.value.message == (
        "path segment 'A%2bB' is percent-encoded in another way than ours"
    )
    assert caught.value.remedy == "write 'A%2BB'"
