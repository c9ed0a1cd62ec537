"""Which sealed files of a site need one group key: those that still count, and older ones.

DESIGN 6. A file counts while the current passport of its folder names it in `relatedResource`;
what a newer version replaced stays on the site for ever. A tombstone is sealed with nothing. It is
the operator's own folder that is read: nothing is verified or opened here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passport.base_url import BaseUrl
from passport.credential import related_resources
from passport.encoding.strict_json import parse_object
from passport.errors import ConfigError, VerificationError, failing
from passport.sealing.group_key import GroupKeyId
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.tombstone import is_tombstone


@dataclass(frozen=True, slots=True)
class SealedWith:
    """The files of one epoch, as paths on the site; `counting` are those that passports name."""

    counting: tuple[str, ...]
    older: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many files that key opens."""
        return len(self.counting) + len(self.older)


def sealed_with(site: Path, base_url: BaseUrl, key_id: GroupKeyId) -> SealedWith:
    """Return what a key opens in a site's folder.

    `ConfigError` when there is no site, `VerificationError` for a file that can't be read: it might
    need the key.
    """
    if not (site / "dpp").is_dir():
        raise ConfigError(f"there is no site in {site}", "build it, or name its folder with --site")
    counting: list[str] = []
    older: list[str] = []
    for folder in sorted((site / "dpp").iterdir()):
        found = [path for path in _sealed_files(folder) if _key_of(path, site) == key_id]
        named = _named_by(folder, base_url) if found else frozenset()
        for path in found:
            place = _place(path, site)
            (counting if place in named else older).append(place)
    return SealedWith(tuple(counting), tuple(older))


def _sealed_files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.glob("sealed/*/*")) if path.is_file())


def _key_of(path: Path, site: Path) -> GroupKeyId | None:
    content = path.read_bytes()
    if is_tombstone(content):
        return None
    with failing(_place(path, site)):
        return parse_sealed(content).header.key


def _named_by(folder: Path, base_url: BaseUrl) -> frozenset[str]:
    path = folder / "passport.json"
    if not path.is_file():
        raise VerificationError(f"{path} is missing", "name the folder of a whole site")
    document = parse_object(path.read_bytes())
    return frozenset(each.path for each in related_resources(document, base_url))


def _place(path: Path, site: Path) -> str:
    return f"/{path.relative_to(site).as_posix()}"
