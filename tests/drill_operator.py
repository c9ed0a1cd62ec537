"""The operator of the drill: two batteries, an address and keys of its own, a client."""

import json
import secrets
from hashlib import sha256
from pathlib import Path

from generator.keys.client_key import ClientKey, write_client_key
from passport.signing.jwk import public_jwk
from passport.signing.keys import SeedSigner
from tests.access_project import POLICY, TEMPLATE
from tests.own_site import EVIDENCE
from tests.small_project import write, write_lot, write_model, write_project

SITE, BROKER = "https://id.maker-packs.eu", "https://keys.maker-packs.eu"
CLIENT = "recycler"
MODEL = "01_09506000134352"
SERIALS = ("T48L-0001", "T48L-0002")
URIS = tuple(f"{SITE}/01/09506000134352/21/{serial}" for serial in SERIALS)

_BROKER = f"""
[[brokers]]
url = "{BROKER}"
groups = ["xiii-2", "xiii-3", "xiii-4"]
"""
_XIII_2 = """\
disassembly_sequence:
  - step: 1
    action: Switch off at the breaker, then open the lid.
"""
_XIII_3 = """\
test_reports: {value: [report], as_of: 2026-10-01, evidence: tests}
"""
_REPORT = b"%PDF-1.7 results of tests\n"
_DOCUMENT = """\
documents:
  report:
    file: restricted/report.pdf
    sha256: {digest}
    title: Test report
    languages: [en]
    number: 1
"""
_CLIENT = """\
organisation: Recycler Ltd
key: {key}
actors: [recycler]
assurance: substantial
status: active
valid_from: 2026-11-01
valid_until: 2099-10-31
evidence: register
approver: Ada Maker
review_due: 2099-10-31
"""


def write_operator(folder: Path) -> Path:
    """Write the project `operator` and the client's key beside it; returns the project."""
    project = write_project(folder / "operator")
    path = project / "cellfolio.toml"
    path.write_text(path.read_text().replace("https://id.example.com", SITE) + _BROKER)
    write_model(project, "rack", "51.2")
    _write_model_data(project)
    write_lot(project, *(f"{serial},rack,2026-12-01," for serial in SERIALS))
    write(project, POLICY, TEMPLATE.read_text("utf-8"))
    key = SeedSigner(secrets.token_bytes(32))
    write_client_key(folder / f"{CLIENT}.jwk", ClientKey(key, CLIENT))
    entry = _CLIENT.format(key=json.dumps(public_jwk(key.public_key)))
    write(project, f"content/access/clients/{CLIENT}.yaml", entry)
    return project


def _write_model_data(project: Path) -> None:
    model = "content/models/rack"
    more = "rated_capacity, disassembly_sequence, test_reports]"
    write(project, f"{model}/evidence.yaml", EVIDENCE.replace("rated_capacity]", more))
    write(project, f"{model}/restricted/xiii-2.yaml", _XIII_2)
    write(project, f"{model}/restricted/xiii-3.yaml", _XIII_3)
    (project / model / "restricted/report.pdf").write_bytes(_REPORT)
    with (project / model / "model.yaml").open("a", encoding="utf-8") as file:
        file.write(_DOCUMENT.format(digest=sha256(_REPORT).hexdigest()))
