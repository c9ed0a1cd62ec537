"""What surrounds a broker on its host: unit, container, pinned libraries, settings of the page."""

import ast
import configparser
import re
import sys
import tomllib
from pathlib import Path

import pytest

from broker.config import settings_of
from passport.signing.keys import KeyId, Purpose, demo_signer
from tests.architecture import DISTRIBUTION_OF

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "broker/cellfolio-broker.service"
CONTAINER = (ROOT / "broker/Containerfile").read_text("utf-8")
PAGE = (ROOT / "docs/operate.md").read_text("utf-8")
EXTRA = {"boto3", "botocore"}
"""Imported where keys lie in AWS KMS only; who has them there adds them."""
BY_NAME = {"httptools"}
"""What uvicorn is told to use by its name."""
HARDENED = {
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "IPAddressDeny": "any",
    "IPAddressAllow": "localhost",
    "UMask": "0077",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "StateDirectory": "cellfolio-broker",
}


def _unit() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text("utf-8"))
    return parser["Service"]


@pytest.mark.parametrize("name", HARDENED)
def test_the_unit_lets_it_do_nothing_else(name: str) -> None:
    assert _unit()[name] == HARDENED[name]


def test_the_unit_runs_it_without_root_and_checks_first() -> None:
    service = _unit()
    assert service["User"] not in ("", "root", "0")
    assert service["ExecStartPre"].endswith("check-config")
    assert service["ExecStart"].endswith(
        "/cellfolio-broker --config /etc/cellfolio/broker.toml serve"
    )


def test_the_container_has_no_root_and_pins_what_it_installs() -> None:
    last = CONTAINER.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9][0-9]+:[1-9][0-9]+$", last, re.MULTILINE)
    assert "RUN pip" not in last
    installs = re.findall(r"pip install (.*?)(?: \\)?$", CONTAINER, re.MULTILINE)
    assert installs
    assert all("--require-hashes" in each or "--no-index" in each for each in installs)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name


def test_it_holds_what_a_broker_imports_and_no_more() -> None:
    text = (ROOT / "requirements/broker.in").read_text("utf-8")
    listed = {line for line in text.splitlines() if line and not line.startswith("#")}
    files = [path for room in ("broker", "passport") for path in (ROOT / room).rglob("*.py")]
    imported = {name for path in files for name in _imported(path)}
    known = {*sys.stdlib_module_names, "broker", "passport"}
    third = {DISTRIBUTION_OF.get(name, name).replace("_", "-") for name in imported - known}
    assert third - EXTRA | BY_NAME == listed


def test_its_libraries_are_the_tested_versions() -> None:
    pins = [_pins(ROOT / f"requirements/{name}.txt") for name in ("broker", "test")]
    assert pins[0]
    assert pins[0].items() <= pins[1].items()


def test_the_settings_of_the_page_are_settings() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [block] = [block for block in blocks if "audit" in block]
    members = tomllib.loads(block)
    members["bundle_key"] = demo_signer(KeyId(Purpose.BUNDLE, 1)).public_key.multikey
    members["url"] = "https://keys.example.com"
    assert settings_of(members).proxies == ("127.0.0.1",)


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", path.read_text("utf-8"), re.MULTILINE))
