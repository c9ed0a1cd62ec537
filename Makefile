# Everything a person or a CI machine does with this project. Needs python3 (3.11 or later, with venv), git and make.

PYTHON ?= python3
# Processes that pytest uses.
WORKERS ?= 3
# Where the demo is served, and where its broker answers.
PORT ?= 8000
BROKER_PORT ?= 8460
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Tests start hundreds of processes; without kept bytecode each would compile the code again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo drill docs test lint format bench soak browser foreign lighthouse lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with everything, the tests' needs included

$(STAMP): pyproject.toml requirements/test.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'python 3.11 or later is needed: name one with make PYTHON=python3.12 ...' >&2; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo 'this python has no venv: on Debian and Ubuntu run apt-get install python3-venv' >&2; exit 3; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes -r requirements/test.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## build and verify the sample, serve it with a broker beside it, on this machine
	@$(BIN)/python docs/demo.py --port $(PORT) --broker-port $(BROKER_PORT)

drill: setup browser ## play on this machine how a successor goes on from a mirror and the escrow
	@$(BIN)/python -m tests.drill

docs: setup ## write anew what docs/ says of commands, data points, formats and tests
	$(BIN)/python docs/print_cli.py > docs/cli.md.new
	mv docs/cli.md.new docs/cli.md
	$(BIN)/python docs/print_datapoints.py > docs/datapoints.md.new
	mv docs/datapoints.md.new docs/datapoints.md
	$(BIN)/python docs/print_formats.py > docs/formats.md.new
	mv docs/formats.md.new docs/formats.md
	$(BIN)/python -m tests.requirements > docs/content.md.new
	mv docs/content.md.new docs/content.md

test: lint browser foreign ## lint, then every test but the soak tests
	$(BIN)/python -m pytest -n $(WORKERS)

lint: setup ## ruff (rules and format) and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict passport generator broker

format: setup ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser: setup ## install what the browser tests need: Chromium, a font, zbar, poppler; age for escrow
	@tests/install_system.sh $(BIN)/python

foreign: setup ## install other people's verifiers, which the tests ask (once a checkout)
	@$(BIN)/python -m tests.foreign_node
	@$(BIN)/python -m tests.foreign_tlog

bench: setup ## measure, with the sizes of benchmarks/
	$(BIN)/python -m benchmarks

lighthouse: setup browser ## judge the sample's pages as a slow phone gets them, by Lighthouse
	$(BIN)/python -m tests.lighthouse

soak: setup browser foreign ## the tests too large for every run
	$(BIN)/python -m pytest -n $(WORKERS) -m soak

lock: ## pin requirements/*.txt anew, hashes included
	@requirements/lock.sh $(PYTHON)

clean: ## remove what was made here: .venv, npm packages, caches, dist, the built site
	rm -rf $(VENV) tests/foreign/node_modules tests/lighthouse/node_modules tests/foreign/tlog-env dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .site.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find site -mindepth 1 ! -name .gitignore -delete
