"""Duties that hold for a battery outside the passport: what its information page reminds of.

Regulation (EU) 2023/1542 in our own words. Art. 77 asks nothing of such a battery; marking,
conformity and information on waste do not depend on a passport. [check] the dates of Art. 13(1) and
(6) against the consolidated text. Knows no models and no pages.
"""

from dataclasses import dataclass

from passport.values import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty and its clause."""

    clause: str
    what: Text


def _duty(clause: str, english: str, german: str) -> Duty:
    return Duty(clause=clause, what=Text((("en", english), ("de", german))))


DUTIES = (
    _duty(
        "Art. 13(1), Annex VI A",
        "a label with the general information on the battery (from 18 August 2026, or 18 months "
        "after the act on labels if that is later)",
        "ein Etikett mit den allgemeinen Angaben zur Batterie (ab 18. August 2026, oder 18 Monate "
        "nach dem Rechtsakt über Etiketten, falls das später ist)",
    ),
    _duty(
        "Art. 13(4)",
        "the symbol for separate collection",
        "das Symbol für die getrennte Sammlung",
    ),
    _duty(
        "Art. 13(5)",
        "the sign Cd or Pb below it, above the limits for cadmium or lead",
        "darunter das Zeichen Cd oder Pb, wenn die Grenze für Cadmium oder Blei überschritten ist",
    ),
    _duty(
        "Art. 13(6)",
        "a QR code that leads to the information on the label, conformity and waste (from "
        "18 February 2027)",
        "ein QR-Code, der zu Angaben des Etiketts, zur Konformität und zu Altbatterien führt (ab "
        "18. Februar 2027)",
    ),
    _duty("Art. 18", "the EU declaration of conformity", "die EU-Konformitätserklärung"),
    _duty(
        "Art. 74",
        "information on preventing and handling waste batteries",
        "Informationen über Vermeidung und Umgang mit Altbatterien",
    ),
)
"""All of them, whatever the chemistry: solder may hold lead enough for its sign."""
