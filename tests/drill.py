"""The drill of docs/continuity.md: the operator ends, a mirror and the escrow go on.

`python -m tests.drill` runs it on this machine and prints its transcript; `--write` puts that into
the page. Everything is real: an S3 server, stock `age`, nginx over TLS, a broker. Commands run in
one folder, which is thrown away; names are led to this machine.
"""

import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Timer

import httpx
from PIL import Image

from tests.decoders import zbar_texts, zxing_texts
from tests.drill_operator import BROKER, CLIENT, MODEL, SITE, URIS, write_operator
from tests.nginx import nginx
from tests.s3_servers import BUCKET, seaweedfs
from tests.stock_age import Identity
from tests.tls_host import write_certificate

PAGE = Path(__file__).parents[1] / "docs/continuity.md"
BEGIN, END = "<!-- transcript -->\n", "<!-- end of transcript -->\n"
GROUPS = ("xiii-2", "xiii-3", "xiii-4")
HOST = SITE.removeprefix("https://")
_BIN = Path(sys.executable).parent
_STARTED = re.compile(r"\S+ at ([0-9.]+:[0-9]+), admin at \S+\n")
_SECONDS = 120


@dataclass(slots=True)
class Drill:
    """One drill in a folder; what is printed is kept as `lines`."""

    folder: Path
    environment: dict[str, str]
    lines: list[str] = field(default_factory=list)
    echo: bool = False

    def tell(self, text: str = "") -> None:
        """Print a line."""
        self.lines.append(text)
        if self.echo:
            print(text, flush=True)  # noqa: T201 (the transcript)

    def part(self, text: str) -> None:
        """Begin a part."""
        self.tell()
        self.tell(f"# {text}")

    def does(self, command: str, *, shows: bool = True) -> str:
        """Run a command as it is printed; it must succeed."""
        words = shlex.split(command)
        program = _BIN / words[0] if words[0].startswith("cellfolio") else words[0]
        done = subprocess.run(
            [program, *words[1:]],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{command}\n{done.stdout}{done.stderr}")
        self.tell(f"$ {command}")
        for line in done.stdout.splitlines() if shows else ():
            self.tell(line)
        return done.stdout


def run(drill: Drill) -> None:
    """Run it whole; `AssertionError` where something is not as the page says."""
    operator_publishes_and_ends(drill)
    before = digests(drill.folder / "mirror")
    drill.part("Left are a mirror, three escrow files and the last bundle")
    drill.tell(f"$ ls\n{' '.join(sorted(path.name for path in drill.folder.iterdir()))}")
    successor_adopts(drill)
    certificate = write_certificate(drill.folder, HOST)
    drill.environment["SSL_CERT_FILE"] = str(certificate)
    rules = (drill.folder / "successor/passports.conf").read_text()
    site = drill.folder / "successor/site"
    with nginx(drill.folder / "nginx", certificate, root=site, inside=rules) as address:
        successor_serves(drill, address)
        addresses_are_the_same(drill, address, certificate, before)
    successor_releases(drill)
    drill.part("An authority needs no broker: its escrow file opens point 3")
    drill.does(f"cellfolio open {URIS[0]} --keys xiii-3.json --at {SITE}=successor/site -o seen")


def operator_publishes_and_ends(drill: Drill) -> None:
    """Build, deploy to S3, escrow, have it mirrored; then all of it is gone but the mirror."""
    write_operator(drill.folder)
    recipient = Identity.fresh(drill.folder / "identity.txt").recipient
    with seaweedfs(drill.folder / "store") as store:
        drill.environment |= {**store.environment, "AWS_ENDPOINT_URL": store.endpoint}
        drill.part("The operator makes keys, escrows three of them, publishes to a bucket")
        project = "cellfolio --project operator"
        drill.does(f"{project} keys init", shows=False)
        drill.does(f"{project} keys groups init --by 'Ada Maker'", shows=False)
        _use_own_keys(drill.folder)
        drill.does(f"{project} access bundle --out bundle.json", shows=False)
        for group in GROUPS:
            drill.does(
                f"{project} keys escrow --group {group} --to {recipient} --trustee 'Notary N.' "
                f"--reason 'contract 7' --by 'Ada Maker' --out {group}.age",
                shows=False,
            )
        drill.does(f"{project} build --genesis")
        drill.does(f"{project} deploy s3://{BUCKET}")
        # The names lead nowhere here, so the gate of labels asks the site that was deployed.
        at = f"--at {SITE}=operator/site"
        drill.does(f"{project} labels --format pdf-sheet --out labels {at}", shows=False)
        drill.part("The back-up provider mirrors it")
        drill.does(f"cellfolio mirror s3://{BUCKET} mirror")
    drill.part("The operator ends: its bucket, its project and its keys are gone")
    for name in ("operator", "store"):
        shutil.rmtree(drill.folder / name)
        drill.tell(f"$ rm -rf {name}")
    (drill.folder / "anchor").unlink()
    drill.environment = base_environment()


def successor_adopts(drill: Drill) -> None:
    """Decrypt, rehearse, adopt."""
    drill.part("The successor decrypts the escrow files, rehearses, adopts")
    for group in GROUPS:
        drill.does(f"age --decrypt --identity identity.txt --output {group}.json {group}.age")
    words = "cellfolio adopt mirror --bundle bundle.json"
    words += "".join(f" --keys {group}.json" for group in GROUPS)
    drill.does(words, shows=False)
    drill.does(f"{words} --out successor")
    drill.does("cellfolio verify successor/site")


def successor_serves(drill: Drill, address: str) -> None:
    """The host passes every check, under the old name."""
    drill.part("It serves the files under the old name, and checks every one")
    drill.does(f"cellfolio check-deploy {SITE} --all --site successor/site --at {SITE}={address}")


def addresses_are_the_same(
    drill: Drill, address: str, certificate: Path, before: Mapping[str, str]
) -> None:
    """Ask for what each printed label says; the bytes are those that the operator published."""
    drill.part("What zxing-cpp and zbar read from the printed sheet answers as before")
    context = ssl.create_default_context(cafile=certificate)
    printed = printed_uris(drill.folder / "labels")
    assert printed == sorted(URIS)
    with httpx.Client(verify=context) as http:
        for uri in printed:
            answer = http.get(
                uri.replace(SITE, address),
                headers={"Host": HOST},
                extensions={"sni_hostname": HOST},
            )
            assert answer.status_code == 200, uri
            digest = sha256(answer.content).hexdigest()
            assert digest == before[uri], uri
            drill.tell(f"{uri}  {answer.status_code}  the same bytes")


def printed_uris(labels: Path) -> list[str]:
    """Rasterise the sheet at 300 dpi; return what both decoders read."""
    [sheet] = labels.glob("*.pdf")
    page = labels / "page"
    words = ["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", sheet, page]
    subprocess.run(words, check=True, timeout=_SECONDS)
    with Image.open(page.with_suffix(".png")) as picture:
        by_zxing, by_zbar = zxing_texts(picture), zbar_texts(picture)
    assert by_zxing == by_zbar
    return by_zxing


def successor_releases(drill: Drill) -> None:
    """A client of the operator's opens restricted groups through the new broker."""
    drill.part("It runs a broker with the escrowed keys; a recycler unlocks as before")
    config = "cellfolio-broker --config successor/broker/broker.toml"
    drill.does(f"{config} check-config")
    with broker(drill, f"{config} serve") as address:
        drill.does(
            f"cellfolio unlock {URIS[0]} --group xiii-2 --group xiii-4 --purpose dismantling "
            f"--key {CLIENT}.jwk -o opened --at {SITE}=successor/site "
            f"--at {BROKER}=http://{address}"
        )
    drill.does(f"cat opened/{HOST}/{MODEL}/xiii-2.json")


@contextmanager
def broker(drill: Drill, command: str) -> Iterator[str]:
    """Run a broker at any free port while the block does; yields where it answers."""
    words = shlex.split(command)
    environment = {
        **drill.environment,
        "PYTHONUNBUFFERED": "1",
        "CELLFOLIO_BROKER_PUBLIC": "127.0.0.1:0",
        "CELLFOLIO_BROKER_ADMIN": "127.0.0.1:0",
    }
    with ExitStack() as stack:
        log = stack.enter_context((drill.folder / "broker.log").open("w"))
        process = subprocess.Popen(
            [_BIN / words[0], *words[1:]],
            cwd=drill.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        stack.callback(_end, process)
        too_late = Timer(30, process.kill)
        too_late.start()
        assert process.stdout is not None
        started = _STARTED.fullmatch(process.stdout.readline())
        too_late.cancel()
        assert started is not None, (drill.folder / "broker.log").read_text()
        drill.tell(f"$ {command} &")
        yield started[1]


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    if process.stdout is not None:
        process.stdout.close()


def digests(mirror: Path) -> dict[str, str]:
    """The SHA-256 of each page that a QR code leads to."""
    return {
        uri: sha256((mirror / f"{uri.removeprefix(SITE)[1:]}.html").read_bytes()).hexdigest()
        for uri in URIS
    }


def base_environment() -> dict[str, str]:
    """What commands get of this machine: neither credentials nor keys."""
    return {
        "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C.UTF-8",
    }


def _use_own_keys(folder: Path) -> None:
    path = folder / "operator/cellfolio.toml"
    text = path.read_text().replace('keys = "demo"', 'keys = "keys"\nanchor = "../anchor"')
    path.write_text(text)


VOLATILE = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"), "TIME"),
    (re.compile(r"(?<=xiii-[234]/)[0-9]{4}[a-z]+/[a-z2-7]{16}"), "EPOCH"),
    (re.compile(r"127\.0\.0\.1:[0-9]+"), "127.0.0.1:PORT"),
    (re.compile(r"\bage1[0-9a-z]+"), "age1"),
    (re.compile(r"did:webvh:[0-9A-Za-z]+"), "did:webvh:SCID"),
    (re.compile(r"[0-9.]+ MiB"), "SIZE"),
    (re.compile(r"\b[0-9]+ files\b|\([0-9]+\)$", re.MULTILINE), "FILES"),
    (re.compile(r"\b(?:[0-9]+ (?:added|replaced|unchanged|entries))"), "COUNT"),
)
"""What differs from run to run, or from one version of the theme to the next."""


def plain(text: str) -> str:
    """Return a transcript without what is volatile."""
    for pattern, name in VOLATILE:
        text = pattern.sub(name, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def written() -> str:
    """Return the transcript as the page has it."""
    _, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return rest.partition(END)[0].strip().removeprefix("```console").removesuffix("```").strip()


def in_new_folder(*, echo: bool = False) -> str:
    """Run the drill in a folder that is thrown away; return the transcript."""
    with tempfile.TemporaryDirectory(prefix="cellfolio-drill-") as name:
        drill = Drill(Path(name), base_environment(), echo=echo)
        run(drill)
        return "\n".join(drill.lines).strip()


def main() -> None:
    """Run it, and write the page if asked to."""
    transcript = in_new_folder(echo=True)
    if "--write" in sys.argv[1:]:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        text = f"{before}{BEGIN}```console\n{transcript}\n```\n{END}{after}"
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
