#!/usr/bin/env bash
# Pin what pyproject.toml asks for: run.txt to run cellfolio, test.txt to work on it. Both hold the build back end.
# tests/foreign/tlog.txt pins a verifier of other people, for an environment of its own.
# One file serves every platform and Python (--universal); no package index is named, so that a mirror can serve it.
set -euo pipefail

cd "$(dirname "$0")/.."
python="${1:-python3}"
tool="$(mktemp -d)"
trap 'rm -rf "$tool"' EXIT

"$python" -m venv "$tool"
"$tool/bin/python" -m pip install --quiet --disable-pip-version-check uv

pin() { # OUTPUT ARGUMENT...
  local output="$1"
  shift
  "$tool/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
    "$@" pyproject.toml requirements/build.in --output-file "$output"
}

pin requirements/run.txt
pin requirements/test.txt --all-extras --constraints requirements/run.txt

# What the broker's container holds: the versions that were tested, and only what a broker imports.
"$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" --constraints requirements/test.txt requirements/broker.in \
  --output-file requirements/broker.txt

# aics-tlog asks for Python 3.12; tests/foreign_tlog.py tells why 3.11 will do.
(cd tests/foreign && "$tool/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.12 \
  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" tlog.in --output-file tlog.txt)
