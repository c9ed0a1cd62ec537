"""The sample site, built once from this repository's content, as a stranger would get it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from passport.did.document import Resolve, parse_did_document, resolve_among
from tests.built_sample import built_sample
from tests.escrowed import Escrow, make_escrow

ROOT = Path(__file__).parents[2]

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A built site; read it, don't change it."""

    site: Path

    def read(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        """Return a JSON file."""
        return json.loads((self.site / path).read_bytes())

    @property
    def passports(self) -> list[Path]:
        """Every signed passport, of models and of batteries."""
        found = sorted(self.site.glob("dpp/*/passport.json"))
        names = [path.parent.name for path in found]
        assert any("_21_" in name for name in names)
        assert any("_21_" not in name for name in names)
        return found

    @property
    def did_document(self) -> Object:
        """The issuer's."""
        return dict(self.read(".well-known/did.json"))

    @property
    def resolve(self) -> Resolve:
        """Finds the issuer's keys."""
        document = self.did_document
        return resolve_among([parse_did_document(document, document["id"])])


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample site."""
    return Sample(built_sample(tmp_path_factory))


@pytest.fixture(scope="session")
def escrow(tmp_path_factory: pytest.TempPathFactory) -> Escrow:
    """Return the keys of each group, as its recipient gets them."""
    return make_escrow(tmp_path_factory.mktemp("escrow"))
