"""What a page says of restricted groups: what they cover, who may read them, and how.

Annex XIII points 2, 3 and 4, Art. 77(2). A group appears as its title and its readers, whether or
not there is anything in it (DESIGN 6): nothing here has seen a restricted value.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from generator.build.pages.language import Language, Phrase, message
from passport.broker_address import BrokerAddress
from passport.registry import Group, Level, registry

OPEN_PAGE = "/open"
"""The page that opens restricted data (DESIGN 4)."""

_TITLES = {
    Group.INTEREST_MODEL: message("Composition, spare parts and dismantling"),
    Group.AUTHORITY: message("Results of compliance tests"),
    Group.INTEREST_BATTERY: message("State and use of this battery"),
}
_READERS = {
    Group.INTEREST_MODEL: message(
        "For persons with a legitimate interest, such as repairers and recyclers, and for"
        " authorities"
    ),
    Group.AUTHORITY: message(
        "For notified bodies, market surveillance authorities and the Commission"
    ),
    Group.INTEREST_BATTERY: message(
        "For persons with a legitimate interest, such as this battery's purchaser or a recycler"
    ),
}
_CLAUSES = {
    Group.INTEREST_MODEL: "Annex XIII 2",
    Group.AUTHORITY: "Annex XIII 3",
    Group.INTEREST_BATTERY: "Annex XIII 4",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldView:
    """A restricted group within a section: what it covers there and who may read it."""

    clause: str
    title: Phrase
    labels: tuple[Phrase, ...]
    readers: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """A restricted group of one passport; `brokers` release its key, by host name.

    `open_path` leads to the page that opens it, "" while no broker is named for it.
    """

    group: str
    clause: str
    title: Phrase
    readers: Phrase
    brokers: tuple[str, ...]
    open_path: str


@dataclass(frozen=True, slots=True)
class AccessViewer:
    """Makes the views of one language."""

    language: Language

    def withheld(self, section: str, levels: Collection[Level]) -> tuple[WithheldView, ...]:
        """View the restricted groups of a section; `levels` are those that the passport has."""
        groups: dict[Group, list[Phrase]] = {}
        for point in registry().data_points:
            if point.section == section and not point.is_public and point.level in levels:
                label = self.language.label(point.label)
                groups.setdefault(point.group, []).append(label)
        return tuple(
            WithheldView(
                clause=cited(_CLAUSES[group], self.language),
                title=self._title(len(labels)),
                labels=tuple(labels),
                readers=self.language.phrase(_READERS[group]),
            )
            for group, labels in groups.items()
        )

    def access(
        self, groups: Iterable[Group], brokers: Collection[BrokerAddress], open_path: str
    ) -> tuple[AccessView, ...]:
        """View the groups of a passport; `open_path` leads to the page that opens its groups."""
        named = {g: tuple(b.url.authority for b in brokers if g in b.groups) for g in groups}
        return tuple(
            AccessView(
                group=group,
                clause=cited(_CLAUSES[group], self.language),
                title=self.language.phrase(_TITLES[group]),
                readers=self.language.phrase(_READERS[group]),
                brokers=hosts,
                open_path=f"{open_path}/{group}" if hosts else "",
            )
            for group, hosts in named.items()
        )

    def _title(self, count: int) -> Phrase:
        return self.language.counted(
            "Restricted: %(num)s data point", "Restricted: %(num)s data points", count
        )


def cited(clause: str, language: Language) -> str:
    """Cite the law as its translations do; the rest of a citation is the same everywhere."""
    return clause.replace("Annex", language.text("Annex"))
