"""`python -m benchmarks`: print how fast we are, as a table. One module a subject, in MODULES."""

import platform
import tempfile
from pathlib import Path

from benchmarks import access, broker, deploy, log, review, rows, sealing, signing
from benchmarks.measure import ROUNDS, measured, table

MODULES = (rows, review, signing, sealing, log, access, deploy, broker)


def main() -> None:
    """Measure everything and print each line as soon as it is there."""
    print(f"Python {platform.python_version()}, {platform.machine()}; medians of {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as folder:
        found = (
            measured(measure) for module in MODULES for measure in module.measures(Path(folder))
        )
        for line in table(found):
            print(line, flush=True)


if __name__ == "__main__":
    main()
