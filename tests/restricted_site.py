"""A small site with sealed groups: point 2 with a drawing, events, refusals; the demo's keys."""

import json
from hashlib import sha256
from pathlib import Path

from generator.keys.group_sources import open_epoch, read_register
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from passport.sealing.sealed import open_payload
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.sealed_header import PAYLOAD, SealedHeader, Sealing, content_key
from passport.signing.keys import demo_secret
from tests.cli import CommandLine
from tests.small_project import write
from tests.small_site import SmallSite, tree


def key_of(group: Group) -> GroupKey:
    return GroupKey.of(group, "2026a", SecretMac(demo_secret(f"group/{group}/2026a")))


def sealing_of(passport: str, group: Group, version: int, resource: str) -> Sealing:
    return Sealing(
        passport=DppId.parse(passport),
        level=Level.BATTERY if group is Group.INTEREST_BATTERY else Level.MODEL,
        group=group,
        version=version,
        resource=resource,
    )


MODEL = "01_09506000134352"
BATTERY = f"{MODEL}_21_A1"
DRAWING = b"%PDF-1.7 an exploded view, CANARY-DRAWING\n"
XIII_2 = """\
disassembly_sequence:
  - step: 1
    action: Open the lid, CANARY-ACTION.
    drawing: view
"""
HARM: dict[str, object] = {
    "kind": "negative-event",
    "event": "mechanical-damage",
    "severity": "not-examined",
}


class SealedSite(SmallSite):
    """A small site with point 2, a drawing, and events."""

    def __init__(self, folder: Path, run: CommandLine) -> None:
        super().__init__(folder, run)
        model = folder / "content/models/rack"
        self.says(XIII_2)
        (model / "restricted/view.pdf").write_bytes(DRAWING)
        with (model / "model.yaml").open("a", encoding="utf-8") as file:
            file.write(
                "documents:\n  view:\n    file: restricted/view.pdf\n    sha256: "
                f"{sha256(DRAWING).hexdigest()}\n    title: CANARY-TITLE\n    languages: [en]\n"
                "    number: 4\n"
            )

    def says(self, text: str) -> None:
        """Write point 2 of the model."""
        write(self.folder, "content/models/rack/restricted/xiii-2.yaml", text)

    def happens(self, *events: dict[str, object]) -> None:
        """Write the events of the first battery, a day apart."""
        lines = [
            json.dumps({"battery": BATTERY, "time": f"2026-12-{day:02d}", **event}) + "\n"
            for day, event in enumerate(events, 2)
        ]
        write(self.folder, "content/events/2026.jsonl", "".join(lines))

    def refuses(self, **refusal: object) -> None:
        line = {**refusal, "reason": "wrong", "refused_on": "2026-11-20"}
        write(self.folder, "content/access/refused.jsonl", json.dumps(line) + "\n")

    @property
    def sealed(self) -> dict[str, bytes]:
        """Every sealed file by its path."""
        return {path: content for path, content in tree(self.site).items() if "/sealed/" in path}

    def payload(self, group: Group, version: int, passport: str = MODEL) -> dict[str, object]:
        """Open a payload with the demo's key, or that of the project's folder."""
        sealing = sealing_of(passport, group, version, PAYLOAD)
        file = parse_sealed(self.sealed[f"dpp/{passport}/sealed/{group}/{version}.json"])
        mac = self.key_of(file.header).mac
        return dict(open_payload(file, content_key(file.header, mac), expected=sealing))

    def key_of(self, header: SealedHeader) -> GroupKey:
        """The key that a header names."""
        register = read_register(self.folder / "keys")
        if register is None:
            return key_of(header.group)
        return open_epoch(register.named(str(header.key)), self.folder / "keys", {})
