"""Two sites whose restricted content differs, and nothing else: who has no key sees no difference.

Same names, same sizes, same bytes; but for what is sealed, digests of that, and signatures.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.restricted_site import BATTERY, DRAWING, HARM, SealedSite
from tests.small_site import tree

ADDED: dict[str, object] = {"kind": "repair", "parts": ["housing"], "mends": "mechanical-damage"}
OTHER_DRAWING = b"%PDF-1.7 a photo of the fire, " + b"CANARY-DRAWING " * 50
OTHER_XIII_2 = """\
disassembly_sequence:
  - step: 1
    action: Take the cover off, CANARY-ACTION, and mind the edges, which are sharp.
    drawing: view
  - step: 2
    action: Cut the cable, CANARY-ACTION.
safety_measures:
  - situation: fire
    measure: Water, CANARY-ACTION.
"""
Sites = tuple[dict[str, bytes], dict[str, bytes]]
_DOCUMENT = re.compile(r"/sealed/doc/[0-9a-f]+")
_DIGEST = re.compile(rb'"(?:digestMultibase|digest|previousVersion|proofValue|sha256)":"[^"]+"')
_MARK = re.compile(rb'<path d="[^"]+"/>')
"""The mark on a page is drawn after the passport's digest."""
_SIZE = re.compile(rb'"size":[0-9]+')


class Twin(SealedSite):
    """A site in a folder of its own; `says_more` has other drawings, steps and events."""

    def __init__(self, folder: Path, run: CommandLine, *, says_more: bool) -> None:
        super().__init__(folder, run)
        if says_more:
            self.says(OTHER_XIII_2)
            self.happens(HARM, ADDED, HARM)
            model = folder / "content/models/rack"
            (model / "restricted/view.pdf").write_bytes(OTHER_DRAWING)
            path = model / "model.yaml"
            old, new = (sha256(content).hexdigest() for content in (DRAWING, OTHER_DRAWING))
            text = path.read_text().replace(old, new)
            path.write_text(text.replace("CANARY-TITLE", "CANARY-TITLE of the fire in Leipzig"))
        self.builds()


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: CommandLine) -> Sites:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
    one = Twin(tmp_path / "one", run, says_more=False)
    other = Twin(tmp_path / "other", run, says_more=True)
    return named(tree(one.site)), named(tree(other.site))


def named(files: dict[str, bytes]) -> dict[str, bytes]:
    """Give sealed documents one name: it is a MAC, which tells nothing."""
    return {_DOCUMENT.sub("/sealed/doc/*", path): content for path, content in files.items()}


@pytest.mark.requirement("R5.11")
def test_names_and_sizes_are_the_same(sites: Sites) -> None:
    one, other = sites
    assert one.keys() == other.keys()
    sealed = [path for path in one if "/sealed/" in path]
    assert len(sealed) == 5
    assert [len(one[path]) for path in sealed] == [len(other[path]) for path in sealed]
    assert {path for path in sealed if one[path] == other[path]} == {
        "dpp/01_09506000134352/sealed/xiii-3/1.json",
        "dpp/01_09506000134352_21_A2/sealed/xiii-4/1.json",
    }


@pytest.mark.requirement("R5.9")
@pytest.mark.requirement("R5.11")
def test_what_differs_is_sealed_or_a_digest_of_it(sites: Sites) -> None:
    one, other = sites
    differing = {path for path in one if one[path] != other[path]}
    assert f"dpp/{BATTERY}/passport.json" in differing
    for path in sorted(differing):
        if path.startswith(("log/1/tile/", "log/1/checkpoint")) or "/sealed/" in path:
            continue
        assert path.startswith(("dpp/", "manifest/")) or path.endswith(".html"), path
        assert bare(one[path]) == bare(other[path]), path


def bare(content: bytes) -> object:
    """A document without digests, signatures, sizes of signed files, and names of documents."""
    for pattern in (_DIGEST, _MARK, _SIZE):
        content = pattern.sub(b"", content)
    text = _DOCUMENT.sub("/sealed/doc/*", content.decode())
    return sorted(re.split(r"(?<=[}\]]),", text))


def test_headers_tell_what_paths_tell(sites: Sites) -> None:
    one, other = sites
    path = f"dpp/{BATTERY}/sealed/xiii-4/1.json"
    members, others = json.loads(one[path]), json.loads(other[path])
    differing = {name for name in members if members[name] != others[name]}
    assert differing == {"ciphertext", "commitment", "salt"}
