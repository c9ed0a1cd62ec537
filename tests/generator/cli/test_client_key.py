"""Keys of clients, and the request that an operator enters: no secret leaves, nothing is lost."""

import json
import stat
from pathlib import Path

import pytest

from generator.keys.client_key import read_client_key
from passport.errors import HostError
from passport.signing.jwk import public_jwk
from tests.access_project import A1, MODEL, client_file, write_access_project
from tests.cli import CommandLine
from tests.small_project import write

SITE = "https://id.example.com"


@pytest.fixture
def key(run: CommandLine, tmp_path: Path) -> Path:
    path = tmp_path / "client.jwk"
    assert run("client-key", "new", "--out", path, "--client", "hafenkreis").code == 0
    return path


def test_a_key_is_for_its_owner_and_never_overwritten(run: CommandLine, key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    run.fails_saying("never overwritten", "client-key", "new", "--out", key, code=3)
    assert key.read_bytes() == before
    found = read_client_key(key)
    assert found.client == "hafenkreis"
    assert json.loads(before)["x"] == public_jwk(found.signer.public_key)["x"]
    assert json.loads(before)["d"] not in repr(found)


def test_two_keys_differ_and_what_is_said_holds_no_secret(run: CommandLine, tmp_path: Path) -> None:
    secrets = set()
    for name in ("one", "two"):
        done = run("client-key", "new", "--out", tmp_path / name, "--json")
        secret = json.loads((tmp_path / name).read_bytes())["d"]
        assert json.loads(done.out)["file"] == str(tmp_path / name)
        assert secret not in done.out + done.err
        secrets.add(secret)
    assert len(secrets) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"d": "AAAA"}, "private half"),
        ({"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}, "private half"),
        ({"kty": "EC"}, "not an Ed25519 key"),
        ({"use": "sig"}, "not known here"),
    ],
)
def test_a_file_that_holds_no_key_is_told(key: Path, change: dict[str, str], told: str) -> None:
    members = json.loads(key.read_bytes())
    key.write_text(json.dumps({**members, **change}))
    with pytest.raises(HostError, match=told) as found:
        read_client_key(key)
    assert members["d"] not in str(found.value)


def entered(text: str) -> str:
    """Do the operator's part."""
    before, _, after = text.partition("# The operator goes on")
    added = after.partition("\n")[2].replace("# ", "")
    return before + added


def test_a_request_is_entered_once_the_operator_has_added_its_part(
    run: CommandLine, key: Path, tmp_path: Path
) -> None:
    name = 'Müll & Söhne: "GmbH"'
    asked = ("--organisation", name, "--role", "recycler", "--role", "repairer")
    done = run("client-request", "--key", key, *asked, "--evidence", "permit 1")
    assert done.code == 0, done.err
    assert json.loads(key.read_bytes())["d"] not in done.out
    assert done.out.startswith("# content/access/clients/hafenkreis.yaml\n")

    project = write_access_project(tmp_path / "project")
    write(project, client_file("hafenkreis"), done.out)
    assert run("--project", project, "access", "check").code == 1
    write(project, client_file("hafenkreis"), entered(done.out))
    told = run("--project", project, "access", "check")
    assert told.code == 0, told.out + told.err
    words = ("access", "bundle", "--out", tmp_path / "bundle.json")
    bundle = run("--project", project, *words, "--json")
    assert "hafenkreis" in json.loads(bundle.out)["clients"]


def test_a_purchasers_request_names_its_products(
    run: CommandLine, key: Path, tmp_path: Path
) -> None:
    words = ("--organisation", "Buyer Ltd", "--role", "purchaser")
    assert run("client-request", "--key", key, *words).code == 2
    product = f"{SITE}/01/09506000134352/21/A1"
    done = run("client-request", "--key", key, *words, "--product", product, "--json")
    [holding] = json.loads(done.out)["entry"]["holdings"]
    assert holding["products"] == [A1]
    done = run("client-request", "--key", key, *words, "--product", product)
    project = write_access_project(tmp_path / "project")
    write(project, client_file("hafenkreis"), entered(done.out))
    told = run("--project", project, "access", "check")
    assert told.code == 0, told.out + told.err
    recycler = ("--organisation", "R", "--role", "recycler")
    assert run("client-request", "--key", key, *recycler, "--product", product).code == 2
    assert MODEL not in done.out.replace(A1, "")


def test_an_id_follows_from_the_name_where_the_key_has_none(
    run: CommandLine, tmp_path: Path
) -> None:
    run("client-key", "new", "--out", tmp_path / "key")
    words = ("--organisation", "  Prüfstelle Lindau e. V. ", "--role", "notified-body", "--json")
    done = run("client-request", "--key", tmp_path / "key", *words)
    assert json.loads(done.out)["client"] == "prufstelle-lindau-e-v"
    assert run("client-key", "new", "--out", tmp_path / "other", "--client", "A B").code == 2
