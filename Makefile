# Two commands set everything up: `make demo` shows what Coursewright does, `make test` runs every test.

PYTHON ?= python3
SERVE ?= yes
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

NODE := tests/node
NODE_INSTALLED := $(NODE)/node_modules/.package-lock.json

.PHONY: demo test lint bench lock accept clean

demo: $(INSTALLED)
	rm -rf build/demo
	$(BIN)/coursewright demo build/demo $(if $(filter no,$(SERVE)),--no-serve)

test: lint $(NODE_INSTALLED)
	$(BIN)/pytest -n auto

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)
	$(BIN)/python benchmarks/run.py

# Resolve the dependencies anew; the diff of the lock is read before it is committed.
lock: $(INSTALLED)
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	    --all-extras --group dev --upgrade --output-file requirements.lock

# Write the expected files of the tests anew; the diff is read before it is committed.
accept: $(INSTALLED)
	$(BIN)/pytest -n auto --accept

clean:
	rm -rf $(VENV) build

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# What some tests drive with Node.js; without it they are skipped and say so.
$(NODE_INSTALLED): $(NODE)/package-lock.json
	if command -v npm >/dev/null; then npm ci --prefix $(NODE) --no-audit --no-fund; touch $@; fi
