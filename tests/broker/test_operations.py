"""What an operator does with a running broker: reload, deny, audit, watch, copy and restore."""

import json
import os
import shutil
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from broker.group_keys import DEMO_EPOCH
from passport.access.bundle import sign_bundle
from passport.access.rule import Actor
from passport.encoding.base64url import base64url
from passport.signing.keys import SeedSigner, demo_secret
from tests.broker_bundles import CLIENTS, client
from tests.broker_process import (
    BUNDLE_SIGNER,
    BrokerClient,
    RunningBroker,
    command,
    put_bundle,
    running,
    until,
)
from tests.broker_running import body_for, opened, present_bundle, present_project, recycler
from tests.broker_tokens import seed_of
from tests.broker_world import header, true_key

_OTHERS = tuple(each for each in CLIENTS if each.id != "recycler")


class _Site:
    """A broker, where its files are, and who asks it."""

    def __init__(self, config: Path, broker: RunningBroker, http: httpx.Client) -> None:
        self.config = config
        self.broker = broker
        self.client = recycler(http)
        self.token = self.client.token()

    def ask(self) -> httpx.Response:
        return self.client.release(body_for(), self.token)

    def metrics(self) -> str:
        return httpx.get(f"{self.broker.admin}/metrics").text


def _site(config: Path) -> "Iterator[_Site]":
    with running(config) as broker, httpx.Client(base_url=broker.public, timeout=15) as http:
        yield _Site(config, broker, http)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[_Site]:
    yield from _site(present_project(tmp_path))


def _json(config: Path, *words: str) -> dict[str, object]:
    code, output, errors = command(config, *words, "--json")
    assert code == 0, errors
    found = json.loads(output)
    assert isinstance(found, dict)
    return found


def test_a_new_bundle_is_read_without_a_restart(site: _Site) -> None:
    assert site.ask().status_code == 200
    put_bundle(site.config, present_bundle(2, clients=_OTHERS))
    until(lambda: site.ask().status_code == 401)
    assert site.client.ask_token().json()["error"] == "invalid_client"
    assert "cellfolio_bundle_seq 2.0" in site.metrics()
    assert httpx.get(f"{site.broker.public}/policy").json()["seq"] == 2
    put_bundle(site.config, present_bundle(3))
    site.broker.process.send_signal(signal.SIGHUP)
    until(lambda: site.ask().status_code == 200)


def test_an_older_or_foreign_bundle_changes_nothing(tmp_path: Path) -> None:
    config = present_project(tmp_path, present_bundle(5))
    bundle, failures = tmp_path / "bundle.json", 0.0
    older, other, newer = (present_bundle(seq, clients=_OTHERS) for seq in (4, 5, 6))
    ours = [sign_bundle(made, BUNDLE_SIGNER) for made in (older, other)]
    foreign = sign_bundle(newer, SeedSigner(seed_of("thief")))
    for site in _site(config):
        for content in (*ours, foreign, b"{}", b""):
            bundle.write_bytes(content)
            failures += 1
            until(lambda: f"cellfolio_reload_failures_total {failures}" in site.metrics())  # noqa: B023
            assert site.ask().status_code == 200
        assert "cellfolio_bundle_seq 5.0" in site.metrics()
    told = (tmp_path / "broker.log").read_text()
    assert "bundle 4 is not newer than 5" in told
    assert "the signature is not by" in told
    bundle.write_bytes(foreign)
    with pytest.raises(AssertionError, match="did not start"), running(config):
        pass


def test_group_keys_are_read_without_a_restart(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    names = {"broker-token": seed_of("token key"), "broker-audit": seed_of("audit key")}
    names[f"group-xiii-2-{DEMO_EPOCH}"] = demo_secret(f"group/xiii-2/{DEMO_EPOCH}")
    for name, secret in names.items():
        _write_key(keys / f"{name}.key", secret)
    config = present_project(tmp_path)
    bundle_key = BUNDLE_SIGNER.public_key.multikey
    settings = config.read_text().replace(
        'keys = "demo"', f'keys = "keys"\nbundle_key = "{bundle_key}"'
    )
    config.write_text(settings)
    for site in _site(config):
        assert site.ask().status_code == 403  # it has no key of point 4
        name = f"group-xiii-4-{DEMO_EPOCH}"
        _write_key(keys / f"{name}.key", demo_secret(f"group/xiii-4/{DEMO_EPOCH}"))
        until(lambda: site.ask().status_code == 200)  # noqa: B023


def _write_key(path: Path, secret: bytes) -> None:
    staged = path.with_suffix(".new")
    staged.touch(mode=0o600)
    staged.write_text(base64url(secret) + "\n")
    staged.replace(path)


def test_deny_takes_away_at_once(site: _Site) -> None:
    assert site.ask().status_code == 200
    code, output, _ = command(site.config, "deny", "client", "recycler", "--dry-run")
    assert (code, output) == (0, "client recycler would be denied\n")
    assert site.ask().status_code == 200
    assert _json(site.config, "deny", "client", "recycler")["denied"] is True
    assert site.ask().status_code == 403
    refused = site.client.ask_token()
    assert refused.status_code == 400
    ended = BrokerClient(site.client.http, "expired", seed_of("expired"), seed_of("dpop"))
    ended.ask_token()
    assert ended.ask_token().text.replace("expired", "recycler") == refused.text
    assert "not entitled to ask on" in refused.text


@pytest.mark.parametrize("words", [("person", "recycler"), ("passport", "no-such"), ("salt", "")])
def test_deny_refuses_what_it_does_not_know(tmp_path: Path, words: tuple[str, str]) -> None:
    code, _, errors = command(present_project(tmp_path), "deny", *words)
    assert code in (2, 4)
    assert "Traceback" not in errors


def test_audit_commands_work_while_the_broker_serves(site: _Site, tmp_path: Path) -> None:
    assert site.ask().status_code == 200
    kept, file = tmp_path / "kept", tmp_path / "audit.checkpoint"
    found = _json(site.config, "audit", "export", str(kept), "--checkpoint", str(file))
    assert found["origin"] == "keys.example.com/audit"
    assert file.read_bytes() == (kept / "checkpoint").read_bytes()
    assert site.ask().status_code == 200
    for earlier in (file, kept):
        verified = _json(site.config, "audit", "verify", "--earlier", str(earlier))
        assert verified["signed"] == found["records"]
        assert verified["records"] == int(str(found["records"])) + 1
    code, output, _ = command(site.config, "audit", "verify")
    assert code == 0
    assert "records hold" in output
    assert _json(site.config, "audit", "export", str(kept))["records"] == verified["records"]


def test_audit_verify_names_the_bad_record_and_exits_with_4(tmp_path: Path) -> None:
    config = present_project(tmp_path)
    for site in _site(config):
        for _ in range(4):
            assert site.ask().status_code == 200
    sql = (
        "DROP TRIGGER records_are_final; "
        "UPDATE records SET content = CAST(replace(content, 'released', 'refused') AS BLOB) "
        "WHERE number = 3"
    )
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])"
    database = str(tmp_path / "broker.sqlite3")
    subprocess.run([sys.executable, "-c", program, database, sql], check=True)
    code, _, errors = command(config, "audit", "verify")
    assert code == 4
    assert "record 3" in errors


def test_audit_erase_forgets_a_person(site: _Site) -> None:
    assert site.ask().status_code == 200
    assert _json(site.config, "audit", "erase", "recycler") == {"known": True, "erased": False}
    assert _json(site.config, "audit", "erase", "recycler", "--yes")["erased"] is True
    assert _json(site.config, "audit", "erase", "recycler") == {"known": False, "erased": False}
    assert site.ask().status_code == 200
    assert command(site.config, "audit", "verify")[0] == 0


def test_audit_of_a_store_that_is_not_there(tmp_path: Path) -> None:
    code, _, errors = command(present_project(tmp_path), "audit", "verify")
    assert code == 3
    assert "there is no store" in errors


def test_a_cold_backup_is_restored_and_goes_on(tmp_path: Path) -> None:
    config = present_project(tmp_path)
    for site in _site(config):
        assert site.ask().status_code == 200
        assert _json(config, "deny", "passport", "01_09506000134352")["denied"] is True
    backup, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"
    backup.mkdir()
    for path in tmp_path.iterdir():
        if path.is_file():
            shutil.copy2(path, backup)
    shutil.copytree(backup, elsewhere)
    restored = elsewhere / config.name
    for site in _site(restored):
        assert site.ask().status_code == 200
        verified = _json(restored, "audit", "verify", "--earlier", str(backup / "anchor"))
        assert int(str(verified["records"])) > int(str(verified["signed"])) - 1


def test_an_old_backup_is_not_served_from_under_the_newer_anchor(tmp_path: Path) -> None:
    config = present_project(tmp_path)
    for site in _site(config):
        assert site.ask().status_code == 200
    database, anchor = tmp_path / "broker.sqlite3", tmp_path / "anchor"
    old = database.read_bytes()
    for site in _site(config):
        assert site.ask().status_code == 200
    newer = anchor.read_bytes()
    database.write_bytes(old)
    with pytest.raises(AssertionError, match="fewer or others"):
        next(_site(config))
    assert anchor.read_bytes() == newer
    # Records were lost: the log ends there, and another one begins under another name.
    database.unlink()
    anchor.unlink()
    config.write_text(f'audit_origin = "keys.example.com/audit/2"\n{config.read_text()}')
    for site in _site(config):
        assert site.ask().status_code == 200


def test_metrics_and_health_tell_of_nobody(site: _Site) -> None:
    assert site.ask().status_code == 200
    text = site.metrics()
    assert 'cellfolio_keys_total{outcome="released"} 1.0' in text
    assert 'cellfolio_answers_total{outcome="ok",path="/release"} 1.0' in text
    for identifier in ("recycler", str(header().passport), str(header().key)):
        assert identifier not in text
    assert httpx.get(f"{site.broker.admin}/healthz").text == "ok\n"
    assert httpx.get(f"{site.broker.admin}/readyz").json() == {"ready": True, "hindered_by": []}
    assert httpx.get(f"{site.broker.admin}/release").status_code == 404
    for path in ("/metrics", "/readyz", "/healthz"):
        assert httpx.get(f"{site.broker.public}{path}").status_code == 404


def test_two_brokers_share_nothing(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
        present_project(folder)
    for one in _site(folders[0] / "broker.toml"):
        for other in _site(folders[1] / "broker.toml"):
            assert _json(one.config, "deny", "client", "recycler")["denied"] is True
            assert one.ask().status_code == 403
            body = body_for()
            answer, keys = opened(body, other.client.release(body, other.token))
            assert keys == (true_key(header()),)
            one.broker.process.kill()
            assert other.ask().status_code == 200
            assert answer.bundle == 1


# A23: what must be nowhere


def test_a23_no_secret_is_in_logs_metrics_or_errors(tmp_path: Path) -> None:
    config = present_project(tmp_path)
    canaries = {"content key": true_key(header()), "client key": seed_of("recycler")}
    canaries |= {
        f"group key {group}": demo_secret(f"group/{group}/{DEMO_EPOCH}")
        for group in ("xiii-2", "xiii-3", "xiii-4")
    }
    canaries |= {name: demo_secret(name) for name in ("broker-token", "broker-audit", "salt")}
    seen, texts = "", set()
    for site in _site(config):
        texts = {site.token, site.token.split(".")[2], site.client.nonce}
        seen += _everything(site, texts)
        seen += site.metrics()
    seen += "".join(
        path.read_bytes().decode("latin-1") for path in tmp_path.iterdir() if path.is_file()
    )
    log = (tmp_path / "broker.log").read_text()
    assert all(json.loads(line)["level"] for line in log.splitlines())
    for name, secret in canaries.items():
        base64 = b64encode(secret).decode().rstrip("=")
        for text in (secret.decode("latin-1"), secret.hex(), base64, base64url(secret)):
            assert text not in seen, name
    for text in texts - {""}:
        assert text not in seen


def _everything(site: _Site, texts: set[str]) -> str:
    """Ask rightly and wrongly, and return every answer that isn't a release."""
    body, answers = body_for(), []
    assert site.ask().status_code == 200
    proof = site.client.proof("/release", site.token, body)
    texts.add(proof)
    assert site.client.release(body, site.token, DPoP=proof).status_code == 200
    answers.append(site.client.release(body, site.token, DPoP=proof))
    answers.append(site.client.release(body[:-1], site.token))
    answers.append(site.client.release(body, site.token[:-4]))
    answers.append(site.client.release(body, site.token, DPoP=f"{proof}x"))
    form = site.client.form()
    texts.add(form["client_assertion"])
    proofs = [site.client.proof("/token") for _ in range(2)]
    texts |= set(proofs)
    site.client.post("/token", data=form, headers={"DPoP": proofs[0]})
    answers.append(site.client.post("/token", data=form, headers={"DPoP": proofs[1]}))
    other = BrokerClient(site.client.http, "recycler", seed_of("else"), seed_of("dpop"))
    answers.append(other.ask_token())
    assert {answer.status_code for answer in answers} <= {400, 401, 409}
    return "".join(f"{answer.text}{dict(answer.headers)}" for answer in answers).replace(
        site.client.nonce, ""
    )


def test_a_client_that_is_added_may_ask_at_once(site: _Site) -> None:
    newcomer = client("newcomer", Actor.RECYCLER)
    put_bundle(site.config, replace(present_bundle(2), clients=(*CLIENTS, newcomer)))
    asking = BrokerClient(site.client.http, "newcomer", seed_of("newcomer"), seed_of("dpop 2"))
    until(lambda: asking.ask_token().status_code == 200)
    assert asking.release(body_for(), asking.token()).status_code == 200


def test_the_store_of_a_running_broker_is_its_owners_only(site: _Site) -> None:
    for path in site.config.parent.glob("broker.sqlite3*"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.stat().st_uid == os.geteuid()
