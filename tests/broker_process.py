"""A real broker: `cellfolio-broker serve` as a process of its own, on loopback, and a client."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

import httpx

from passport.access.bundle import Bundle, sign_bundle
from passport.signing.keys import KeyId, Purpose, demo_signer
from tests.broker_tokens import ISSUER, Changes, assertion_parts, proof_parts, token

ROOT = Path(__file__).parents[1]
STARTED = re.compile(r"(\S+) at ([0-9.]+:[0-9]+), admin at ([0-9.]+:[0-9]+)")
MAIN = "from broker.cli.main import main; main()"
SECONDS_TO_START = 20
PATIENCE = 20.0
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BUNDLE_SIGNER = demo_signer(KeyId(Purpose.BUNDLE, 1))

SETTINGS = f"""
url = "{ISSUER}"
keys = "demo"
bundle = "bundle.json"
database = "broker.sqlite3"
origins = ["https://id.example.com"]
public = "127.0.0.1:0"
admin = "127.0.0.1:0"
[limits]
address = {{per_second = 5000, burst = 5000}}
client = {{per_second = 5000, burst = 5000}}
organisation = {{per_second = 5000, burst = 5000}}
"""


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """Where it listens, and its process."""

    public: str
    admin: str
    process: subprocess.Popen[str]


def write_project(folder: Path, bundle: Bundle, settings: str = SETTINGS) -> Path:
    """Write settings and a signed bundle; return the settings' file."""
    (folder / "bundle.json").write_bytes(sign_bundle(bundle, BUNDLE_SIGNER))
    file = folder / "broker.toml"
    file.write_text(settings)
    file.chmod(0o644)
    return file


def put_bundle(config: Path, made: Bundle) -> None:
    """Put another bundle in its place, whole."""
    staged = config.with_name("bundle.new")
    staged.write_bytes(sign_bundle(made, BUNDLE_SIGNER))
    staged.replace(config.with_name("bundle.json"))


def command(config: Path, *words: str) -> tuple[int, str, str]:
    """Run `cellfolio-broker` as its own process; return its exit code and what it told."""
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "--config", str(config), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that takes a broker two seconds."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def running(
    config: Path, environment: Mapping[str, str] | None = None, words: Sequence[str] = ()
) -> Iterator[RunningBroker]:
    """Run a broker until the block ends; it has started when this returns.

    `words` call another program than the broker's own, which prints what that prints.
    """
    command = [sys.executable, *(words or ("-c", MAIN, "--config", str(config), "serve"))]
    log = config.with_name("broker.log").open("a+")
    with (
        log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            too_late = Timer(SECONDS_TO_START, process.kill)
            too_late.start()
            line = process.stdout.readline()
            too_late.cancel()
            match = STARTED.match(line)
            if match is None:
                process.wait(20)
                log.seek(0)
                raise AssertionError(f"the broker did not start: {line}{log.read()}")
            yield RunningBroker(f"http://{match[2]}", f"http://{match[3]}", process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


@dataclass(slots=True)
class BrokerClient:
    """Asks a broker as a client of this name, with that DPoP key; remembers the nonce."""

    http: httpx.Client
    client: str
    seed: bytes = field(repr=False)
    dpop: bytes = field(repr=False)
    nonce: str = ""

    def proof(
        self, path: str, access_token: str = "", body: bytes | None = None, **claims: object
    ) -> str:
        """Return a proof for a path."""
        return token(
            *proof_parts(
                self.dpop,
                self.nonce,
                url=f"{ISSUER}{path}",
                token=access_token,
                body=body,
                now=int(time.time()),
                claims=claims,  # type: ignore[arg-type]
            ),
            self.dpop,
        )

    def form(self, claims: Changes | None = None, **changes: str) -> dict[str, str]:
        """Return a form for `/token`."""
        parts = assertion_parts(self.client, now=int(time.time()), claims=claims)
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": token(*parts, self.seed),
            **changes,
        }

    def post(self, path: str, **request: object) -> httpx.Response:
        """Ask, and keep the nonce of the answer."""
        answer = self.http.post(path, **request)  # type: ignore[arg-type]
        self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
        return answer

    def ask_token(self, **changes: str) -> httpx.Response:
        """Ask for a token; once more where a nonce is asked for."""
        answer = self.post(
            "/token", data=self.form(**changes), headers={"DPoP": self.proof("/token")}
        )
        if answer.status_code == 400 and answer.json()["error"] == "use_dpop_nonce":
            proof = self.proof("/token")
            answer = self.post("/token", data=self.form(**changes), headers={"DPoP": proof})
        return answer

    def token(self) -> str:
        """Return an access token."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        text = answer.json()["access_token"]
        assert isinstance(text, str)
        return text

    def release(self, body: bytes, access_token: str, **headers: str) -> httpx.Response:
        """Ask for keys."""
        proof = self.proof("/release", access_token, body)
        return self.post(
            "/release",
            content=body,
            headers={
                "Authorization": f"DPoP {access_token}",
                "Content-Type": "application/json",
                "DPoP": proof,
                **headers,
            },
        )
