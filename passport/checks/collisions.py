"""Collisions: no two things share an identifier, nor one that some disk or host takes for another.

A file system that ignores case would let one passport replace another, so identifiers that differ
in case alone are refused too (DESIGN 4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from passport.errors import IdentifierError
from passport.model import Battery, BatteryModel, battery_key
from passport.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class _Named:
    """What an identifier was first seen at."""

    text: str
    place: Place


@dataclass(slots=True)
class Collisions:
    """Remembers every identifier seen so far, folded to one case."""

    _keys: dict[str, _Named] = field(default_factory=dict)
    _serials: dict[tuple[str, str], Place] = field(default_factory=dict)

    def model(self, model: BatteryModel) -> Iterator[Problem]:
        """Note a model's own identifier."""
        path = "$.gtin" if model.identifier.segments[0] == "01" else "$.own_identifier"
        yield from self._key(model.identifier.segments, model.place, path)

    def battery(self, battery: Battery, models: Mapping[str, BatteryModel]) -> Iterator[Problem]:
        """Note a battery's identifier, and its serial among those of its model."""
        model = models.get(battery.model)
        if model is None:
            return
        try:
            segments = battery_key(model, battery).segments
        except IdentifierError as error:
            yield Problem(battery.place, "serial", "identifier", error.message, error.remedy)
            return
        column = "giai" if battery.giai else "serial"
        yield from self._key(segments, battery.place, column)
        if battery.giai:
            yield from self._serial(battery)

    def _serial(self, battery: Battery) -> Iterator[Problem]:
        """The serials of one model differ even where a GIAI names the battery."""
        key = battery.model, str(battery.serial).casefold()
        first = self._serials.setdefault(key, battery.place)
        if first is not battery.place:
            yield Problem(
                battery.place,
                "serial",
                "duplicate-serial",
                f"{str(battery.serial)!r} is the serial of another {battery.model} at {first}",
                "give each battery a serial of its own",
                clause="Art. 77(3)",
            )

    def _key(self, segments: tuple[str, ...], place: Place, path: str) -> Iterator[Problem]:
        text = "/".join(segments)
        first = self._keys.setdefault(text.casefold(), _Named(text, place))
        if first.place is place:
            return
        if first.text == text:
            yield Problem(
                place,
                path,
                "duplicate-identifier",
                f"{segments[-1]!r} is taken: {first.place} has it already",
                "give each battery and each model an identifier of its own",
                clause="Art. 77(3)",
            )
        else:
            yield Problem(
                place,
                path,
                "case-collision",
                f"{segments[-1]!r} differs from the one at {first.place} in case only",
                "choose another: not every disk and host tells capitals from small letters",
                clause="Art. 77(3)",
            )
