"""What one label says: the nouns of a battery as lines and symbols.

Human-readable text spells identifiers as GS1 element strings (GS1 General Specifications 4.14), or
as ISO/IEC 15459 has them. Public facts only.
"""

import re
from dataclasses import dataclass

from passport.base_url import BaseUrl
from passport.identifier_mapping import identifier_mapping
from passport.identifiers import DppId, ProductUri
from passport.label_design import LabelText
from passport.model import Battery, BatteryModel, EconomicOperator, battery_key, leaves
from passport.values import Code

_METALS = {"cadmium": "Cd", "lead": "Pb"}
_APPLICATION_IDENTIFIER = re.compile(r"(?=\([0-9]+\))")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContent:
    """The content of one label; `lines` are by kind, `metals` are chemical symbols."""

    battery: Battery
    uri: ProductUri
    lines: tuple[tuple[LabelText, str], ...]
    has_bin: bool
    has_ce: bool
    metals: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its file's name without an ending."""
        return str(DppId.of(self.uri.key))

    def line(self, kind: LabelText) -> str:
        """All that is said in lines of one kind."""
        return " ".join(text for each, text in self.lines if each is kind)


def label_content(
    base_url: BaseUrl, model: BatteryModel, maker: EconomicOperator | None, battery: Battery
) -> LabelContent:
    """Gather what the label of a battery says; without its maker, the maker's slug stands in."""
    uri = ProductUri(base_url, battery_key(model, battery))
    symbols = frozenset(_codes(model, "separate_collection_symbol"))
    metals = frozenset(_codes(model, "cadmium_lead_symbols"))
    names = dict.fromkeys((model.name, model.model_number))
    spelling = identifier_mapping(model, battery).iso15459 or uri.path.lstrip("/")
    return LabelContent(
        battery=battery,
        uri=uri,
        lines=(
            (LabelText.MAKER, maker.trade_name if maker else model.manufacturer),
            *((LabelText.MODEL, name) for name in names),
            (LabelText.SERIAL, f"SN {battery.serial}"),
            *((LabelText.IDENTIFIER, part) for part in _element_strings(spelling)),
            (LabelText.ADDRESS, base_url.text.partition("://")[2]),
        ),
        has_bin="separate-collection" in symbols,
        has_ce=model.value("declaration_of_conformity") is not None,
        metals=tuple(symbol for metal, symbol in _METALS.items() if metal in metals),
    )


def _codes(model: BatteryModel, key: str) -> tuple[str, ...]:
    value = model.value(key)
    found = () if value is None else leaves(value)
    return tuple(leaf.code for _, _, leaf in found if isinstance(leaf, Code))


def _element_strings(spelling: str) -> list[str]:
    return [part for part in _APPLICATION_IDENTIFIER.split(spelling) if part]
