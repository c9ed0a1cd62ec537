"""How identifiers map to ISO/IEC 15459: who issues them, and how that standard spells them.

Art. 77(3) asks for unique identifiers under ISO/IEC 15459-1 to -6 or equivalent. GS1 keys carry
theirs in themselves (GS1 General Specifications: element strings); of other identifiers the model
states it. For lists and registers; pages show the identifier itself.
"""

from dataclasses import dataclass

from passport.gs1 import Giai, Gtin
from passport.model import Battery, BatteryModel, battery_key
from passport.product_key import BatteryKey, OwnIdentifier

GS1 = "GS1"


@dataclass(frozen=True, slots=True)
class IdentifierMapping:
    """Who issues a battery's identifier, and its ISO/IEC 15459 spelling; "" where unknown."""

    issuer: str
    iso15459: str


def identifier_mapping(model: BatteryModel, battery: Battery) -> IdentifierMapping:
    """Map the identifier of one battery."""
    match battery_key(model, battery):
        case Giai() as giai:
            return IdentifierMapping(GS1, f"(8004){giai}")
        case BatteryKey(gtin, serial):
            return IdentifierMapping(GS1, f"(01){gtin}(21){serial}")
        case OwnIdentifier():
            spelling = f"{model.iso15459}{battery.serial}" if model.iso15459 else ""
            return IdentifierMapping(model.identifier_issuer, spelling)
        case Gtin() as gtin:
            return IdentifierMapping(GS1, f"(01){gtin}")
