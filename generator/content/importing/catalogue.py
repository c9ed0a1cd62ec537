"""The catalogue: the models and plants that rows may name, by any name that people use.

A delivery list says GTIN, article number or "Leipzig works"; a lot says slugs. Knows names only,
and reads no more of content than these need.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.content.config import SiteConfig
from generator.content.operators import read_operator
from generator.content.yaml.members import Members, read_members
from generator.content.yaml.near_misses import instead_of
from passport.errors import ValueFormatError
from passport.gs1 import GTIN_LENGTH
from passport.model import EconomicOperator
from passport.problems import Findings
from passport.quoting import quoted


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model: its slug and its plants, by each of their names."""

    slug: str
    names: tuple[str, ...]
    plants: tuple[tuple[str, str], ...]
    """(name, slug) pairs; empty when the model's file could not be read."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models of a project."""

    models: tuple[KnownModel, ...]
    _by_name: dict[str, KnownModel] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, KnownModel] = {}
        for model in self.models:
            for name in model.names:
                by_name.setdefault(_folded(name), model)
        for model in self.models:
            by_name[_folded(model.slug)] = model
        object.__setattr__(self, "_by_name", by_name)

    def model(self, name: str) -> str:
        """Return the slug of a model by slug, name, number or GTIN; raises `ValueFormatError`."""
        return self._known(name).slug

    def plant(self, model: str, name: str) -> str:
        """Return the slug of a model's plant by slug or name; raises `ValueFormatError`."""
        plants = dict(self._known(model).plants)
        slug = plants.get(_folded(name))
        if slug is not None or not plants:
            return name if slug is None else slug
        known = sorted(set(plants.values()))
        message = f"{quoted(name)} is no plant of {model}"
        raise ValueFormatError(message, f"write one of: {', '.join(known)}; or translate it")

    def _known(self, name: str) -> KnownModel:
        found = self._by_name.get(_folded(name))
        if found is None and name.isdecimal() and len(name) < GTIN_LENGTH:
            found = self._by_name.get(name.zfill(GTIN_LENGTH))
        if found is None:
            remedy = instead_of(name, [model.slug for model in self.models])
            raise ValueFormatError(
                f"there is no model {quoted(name)} in content/models",
                f"{remedy}; or say in the mapping what it stands for: values = {{…}}",
            )
        return found


def read_catalogue(project: Path, config: SiteConfig) -> Catalogue:
    """Read which models there are; what is wrong with their files is `check`'s to tell."""
    operators = {
        path.stem: read_operator(path.stem, members)
        for path, members in _read(project, "operators/*.yaml", config.language)
    }
    models = _read(project, "models/*/model.yaml", config.language)
    return Catalogue(
        tuple(_known_model(path.parent.name, members, operators) for path, members in models)
    )


def _read(project: Path, kind: str, language: str) -> Iterator[tuple[Path, Members]]:
    for path in sorted((project / "content").glob(kind)):
        members = read_members(path, kind, path.name, language, Findings())
        if members is not None:
            yield path, members


def _known_model(slug: str, members: Members, operators: dict[str, EconomicOperator]) -> KnownModel:
    names = (members.string("gtin"), members.string("model_number"), members.string("name"))
    maker = operators.get(members.string("manufacturer"))
    plants = members.strings("plants")
    pairs = [(_folded(plant), plant) for plant in plants]
    for plant in maker.plants if maker else ():
        pairs += [(_folded(plant.name), plant.slug)] if plant.slug in plants else []
    return KnownModel(slug, tuple(name for name in names if name), tuple(pairs))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
