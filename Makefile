# Everything a person or a CI machine does with this checkout. It needs Python (3.11 or newer) and make, nothing else.
PYTHON ?= python3
WORKERS ?= 2
SEEDS ?= 100
SEED ?=
ARGS ?=

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LAUNCHER := $(BIN)/giliran
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --only-binary :all: --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

# The checkout is on the path of every command, so nothing of ours is ever installed.
export PYTHONPATH := $(CURDIR)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo run test check check-long format lint types imports deps openapi openapi-check clients squawk simulate faults bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv from the lock (the targets below do it when needed)

demo: $(READY) ## replay one real day of 607 incidents against servers started for it
	@$(BIN)/python -m examples.demo $(ARGS)

run: $(READY) ## start PostgreSQL, Valkey, the API and the worker; stop with Ctrl-C
	@$(BIN)/python -m app.cli run $(ARGS)

test: $(READY) ## run the tests, e.g. make test ARGS="tests/engine -k fair"
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: lint types imports deps openapi-check squawk test ## all that CI runs

check-long: $(READY) ## the tests that take minutes, which check leaves out
	@$(BIN)/python -m pytest -n $(WORKERS) -m long $(ARGS)

format: $(READY) ## write the code in its one format and mend what ruff can mend
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

lint: $(READY) ## is the code formatted, and does ruff agree
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check

types: $(READY) ## mypy, strict
	@$(BIN)/python -m mypy

imports: $(READY) ## do imports go one way
	@$(BIN)/lint-imports --no-logo

deps: $(READY) ## is every import a declared dependency, and the other way round
	@$(BIN)/deptry .

openapi: $(READY) ## write openapi.md, docs/events.md, docs/configuration.schema.json and the generated files of clients from the code
	@$(BIN)/python -m app.openapi
	@$(BIN)/python -m app.event_reference
	@$(BIN)/python -m app.configuration_schema
	@$(BIN)/python -m clients.generator

openapi-check: $(READY) ## are the files that make openapi writes in step with the code
	@$(BIN)/python -m app.openapi --check
	@$(BIN)/python -m app.event_reference --check
	@$(BIN)/python -m app.configuration_schema --check
	@$(BIN)/python -m clients.generator --check
	@$(BIN)/python -m app.openapi_differences

clients: openapi ## write both clients anew and check the TypeScript one; needs npm
	@$(BIN)/python -c 'import json; from app.main import create_app; from app.settings import Settings; print(json.dumps(create_app(Settings.model_construct()).openapi()))' > clients/typescript/openapi.json
	@cd clients/typescript && npm install --silent --no-package-lock && npm run --silent generate && npm run --silent check

squawk: $(READY) ## look for DDL that would lock or lose in each migration
	@$(BIN)/python migrations/lint.py

simulate: $(READY) ## play simulated days, e.g. make simulate SEEDS=10000, or one again: make simulate SEED=7
	@$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --workers $(WORKERS)) $(ARGS)

faults: $(READY) ## every scenario of the fault lab, then its long loop, e.g. make faults ARGS="--minutes 60 --folder .data/faults"
	@$(BIN)/python -m pytest -n 1 -m "long or not long" tests/faults
	@$(BIN)/python -m tests.faults $(ARGS)

bench: $(READY) ## measure; prints ratios, never fails on a slow day
	@$(BIN)/python -m bench $(ARGS)

lock: $(BIN)/uv ## resolve pyproject.toml into both locks; ARGS=--upgrade moves every pin
	@$(UV_COMPILE) $(ARGS) pyproject.toml --output-file requirements.lock
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' \
		| $(UV_COMPILE) $(ARGS) --constraint requirements.lock pyproject.toml - --output-file requirements-dev.lock
	@grep -c '==' requirements.lock requirements-dev.lock

clean: ## remove what the tools left behind; .venv and .data stay
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	@find . \( -path ./$(VENV) -o -path ./.data \) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# --clear only where an interpreter is there that no longer runs: a moved checkout, a Python that was removed.
$(READY): requirements-dev.lock
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Giliran needs Python 3.11 or newer, but '$(PYTHON)' is: $$("$(PYTHON)" --version 2>&1 || true)" >&2; \
		echo "Name another one: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make a virtual environment: its venv or ensurepip module is missing." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@echo "Installing $$(grep -c '==' requirements-dev.lock) packages into $(VENV), about a minute the first time ..."
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements-dev.lock
	@printf '%s\n' '#!/bin/sh' \
		'# Runs the command line from the checkout this environment belongs to.' \
		'bin=$$(dirname -- "$$(readlink -f -- "$$0")")' \
		'PYTHONPATH="$$bin/../..$${PYTHONPATH:+:$$PYTHONPATH}" exec "$$bin/python" -m app.cli "$$@"' > $(LAUNCHER)
	@chmod 755 $(LAUNCHER)
	@touch $(READY)
	@echo "Ready."

$(BIN)/uv: $(READY)
	@$(BIN)/python -m pip install --quiet uv
	@touch $(BIN)/uv
