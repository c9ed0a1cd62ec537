"""A folder with sealed files and the passports that name them, as far as group keys look at one."""

import json
from collections.abc import Iterable
from pathlib import Path

from passport.base_url import BaseUrl
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, Mac
from passport.sealing.sealed import seal
from passport.sealing.sealed_header import PAYLOAD, Sealing, sealed_path

BATTERIES = tuple(DppId.parse(f"01_09506000134352_21_A{number}") for number in (1, 2))


def sealing_of(battery: DppId, version: int) -> Sealing:
    """Return what the payload of a battery is sealed as."""
    return Sealing(
        passport=battery,
        level=Level.BATTERY,
        group=Group.INTEREST_BATTERY,
        version=version,
        resource=PAYLOAD,
    )


def write_sealed(site: Path, battery: DppId, version: int, key: GroupKey, salt: Mac) -> str:
    """Seal something for a battery and return where it lies on the site."""
    path = sealed_path(battery, Group.INTEREST_BATTERY, version)
    file = site / path[1:]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(seal(b"{}", sealing_of(battery, version), key, salt).to_bytes())
    return path


def write_passport(site: Path, base_url: BaseUrl, battery: DppId, paths: Iterable[str]) -> None:
    """Write a passport that names sealed files; nothing else of it is there."""
    related = [
        {"id": f"{base_url}{path}", "mediaType": "application/json", "digestMultibase": "uEi"}
        for path in paths
    ]
    file = site / f"dpp/{battery}/passport.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"relatedResource": related} if related else {}))
