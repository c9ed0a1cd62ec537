"""Units that people measure in, and the exact factor to the unit of a data point.

Factors are powers of ten, or whole, so that no digit is made up: 51200 mV is 51.200 V, 5.12 kWh is
5120 Wh. Knows symbols only.
"""

from collections.abc import Mapping
from decimal import Context, Decimal

_PRECISION = Context(prec=60)
_FACTORS: Mapping[str, Mapping[str, str]] = {
    "V": {"mV": "1E-3", "kV": "1E3"},
    "Ah": {"mAh": "1E-3"},
    "W": {"mW": "1E-3", "kW": "1E3", "MW": "1E6"},
    "kWh": {"Wh": "1E-3", "MWh": "1E3"},
    "kg": {"mg": "1E-6", "g": "1E-3", "t": "1E3"},
    "t": {"g": "1E-6", "kg": "1E-3"},
    "mΩ": {"µΩ": "1E-3", "Ω": "1E3"},
    "%": {"fraction": "1E2", "‰": "1E-1", "ppm": "1E-4"},
    "kgCO2e/kWh": {"gCO2e/kWh": "1E-3", "gCO2e/Wh": "1", "kgCO2e/Wh": "1E3"},
    "W/Wh": {"kW/kWh": "1", "W/kWh": "1E-3"},
    "A/Ah": {"C": "1"},
    "Nm": {"Ncm": "1E-2", "mNm": "1E-3"},
    "min": {"h": "60"},
    "months": {"years": "12"},
}
_SPELLINGS = {
    "Ohm": "Ω",
    "mOhm": "mΩ",
    "uOhm": "µΩ",
    "µOhm": "µΩ",
    "uΩ": "µΩ",
    "kgCO2/kWh": "kgCO2e/kWh",
    "kg CO2e/kWh": "kgCO2e/kWh",
    "g CO2e/kWh": "gCO2e/kWh",
    "°": "°C",
    "Wh/h": "W",
}
# A micro sign and a Greek mu look alike, so do an ohm sign and an omega.
_LOOK_ALIKE = str.maketrans({"\u03bc": "µ", "\u2126": "Ω", "\u2103": "°C"})


def symbol(text: str) -> str:
    """Return a unit as we write it."""
    plain = text.strip().translate(_LOOK_ALIKE)
    return _SPELLINGS.get(plain, plain)


def accepted(unit: str) -> tuple[str, ...]:
    """Return the units that can be converted to `unit`, itself first."""
    return unit, *_FACTORS.get(unit, {})


def is_convertible(given: str, unit: str) -> bool:
    """Whether a number in `given` can be written in `unit`."""
    return given in accepted(unit)


def convert(number: Decimal, given: str, unit: str) -> Decimal:
    """Return a number of `given` in `unit`; KeyError where there is no factor."""
    if given == unit:
        return number
    return _PRECISION.multiply(number, Decimal(_FACTORS[unit][given]))
