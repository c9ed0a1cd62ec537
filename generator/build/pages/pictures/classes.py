"""Performance classes: all of them side by side, the stated one marked by its ground and weight."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from generator.build.pages.language import Phrase
from generator.build.pages.pictures.svg import Figure, picture, plain, text

_TOP = Decimal("1.9")
_HEIGHT = Decimal("2.1")


def classes(
    name: str, caption: Phrase, codes: Sequence[str], stated: Figure, member: str = ""
) -> Markup:
    """Draw the scale of classes; `stated` is the one of this battery."""
    width = Decimal(100) / len(codes)
    boxes = Markup("\n").join(
        _box(number * width, width, stated if code == stated.text else Phrase(code))
        for number, code in enumerate(codes)
    )
    return picture(name, caption, _TOP + _HEIGHT + Decimal("0.3"), (boxes,), member)


def _box(x: Decimal, width: Decimal, letter: Phrase | Figure) -> Markup:
    kind = "stated" if isinstance(letter, Figure) else "class"
    box = Markup('<rect class="{}" x="{}%" y="{}em" width="{}%"/>').format(
        kind, plain(x + Decimal("0.5")), plain(_TOP), plain(width - 1)
    )
    return box + text(letter, _TOP + Decimal("1.4"), x + width / 2, "middle")
