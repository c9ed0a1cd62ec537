"""Ways to spoil the minimal site, one thing at a time."""

from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], None]

FOLDER = "content/models/rack/"
MODEL = "content/models/rack/model.yaml"
PERFORMANCE = "content/models/rack/performance.yaml"
COMPOSITION = "content/models/rack/composition.yaml"
CARBON = "content/models/rack/carbon.yaml"
CIRCULARITY = "content/models/rack/circularity.yaml"
SOURCING = "content/models/rack/due-diligence.yaml"
RESTRICTED = "content/models/rack/restricted/xiii-2.yaml"
OPERATOR = "content/operators/acme.yaml"
LOT = "content/batteries/first.csv"
SETTINGS = "cellfolio.toml"


def swap(file: str, old: str, new: str) -> Damage:
    """Replace a text that stands in the file once."""

    def damage(site: Path) -> None:
        path = site / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return damage


def add(file: str, text: str) -> Damage:
    """Add lines at the end; the file need not exist yet."""

    def damage(site: Path) -> None:
        with (site / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return damage


def encode(file: str, encoding: str) -> Damage:
    """Save the file in another encoding."""

    def damage(site: Path) -> None:
        path = site / file
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))

    return damage


def remove(file: str) -> Damage:
    """Delete a file."""
    return lambda site: (site / file).unlink()


def copy(file: str, to: str) -> Damage:
    """Make a second file with the same content."""

    def damage(site: Path) -> None:
        (site / to).write_bytes((site / file).read_bytes())

    return damage


def both(*damages: Damage) -> Damage:
    """Spoil several things."""

    def damage(site: Path) -> None:
        for each in damages:
            each(site)

    return damage
