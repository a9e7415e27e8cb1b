# Two commands set everything up: `make demo` shows what Coursewright does, `make test` runs every test.

PYTHON ?= python3
SERVE ?= yes
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALLED := $(VENV)/.installed

# The demo needs no tools of developers: what it runs on is locked apart, and installed by uv where that is there.
DEMO := $(if $(wildcard $(INSTALLED)),$(VENV),.venv-demo)
UV := $(shell command -v uv)

# One more than there are processors: tests wait for browsers, kernels and servers.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)

NODE := tests/node
NODE_INSTALLED := $(NODE)/node_modules/.package-lock.json

.PHONY: demo fast test tests test-podman test-versions lint bench lock accept changelog dist clean

demo: $(DEMO)/.installed
	rm -rf build/demo
	$(DEMO)/bin/coursewright demo build/demo $(if $(filter no,$(SERVE)),--no-serve)

# The linters work beside the tests, which often wait for browsers, images and servers; each of both can fail this.
test: $(NODE_INSTALLED)
	$(MAKE) --no-print-directory --jobs=2 lint tests

tests: $(NODE_INSTALLED)
	$(BIN)/pytest -n $(WORKERS)

# Some thousand tests in under a minute, for each save: no servers, no browsers, no images, no examples as a whole.
fast: $(INSTALLED)
	$(BIN)/pytest -q --fast -n $(WORKERS)

# The same and more with each Python that there is here, with the lowest and the newest packages that pyproject.toml
# allows: some minutes for each. `make test-versions VERSIONS="3.11:lowest-direct 3.13:highest"` takes these alone.
test-versions: $(INSTALLED)
	$(BIN)/python tests/versions.py $(VERSIONS)

# What only runs with Podman (apt-get install podman runc netavark iptables), as root: it takes some minutes.
test-podman: $(INSTALLED) $(NODE_INSTALLED)
	PODMAN=1 $(BIN)/pytest -n 0 tests/test_podman.py

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
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	    --extra charts --group install --constraint requirements.lock --output-file demo.lock

# Write the expected files of the tests anew; the diff is read before it is committed.
accept: $(INSTALLED)
	$(BIN)/pytest -n auto --accept

# What is not released yet, as CHANGELOG.md will say it.
changelog: $(INSTALLED)
	$(BIN)/towncrier build --draft --version "$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' src/coursewright/__init__.py)"

# What is released, in dist/: the wheel, the sources, and the package of R where R is.
dist: $(INSTALLED)
	rm -rf dist
	$(BIN)/uv build --quiet --out-dir dist
	if command -v R >/dev/null; then mkdir dist/r && cd dist/r && R CMD build --no-build-vignettes ../../r/coursewright; fi

clean:
	rm -rf $(VENV) .venv-demo build

# By the uv of the lock, several times as quick as pip; by pip where uv finds nothing, as behind an index that pip alone knows.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(PIP) --no-deps --require-hashes -r $(VENV)/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock || \
	    $(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv-demo/.installed: demo.lock pyproject.toml
ifneq ($(UV),)
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-demo
	$(UV) pip install --quiet --python .venv-demo/bin/python --require-hashes -r demo.lock
	$(UV) pip install --quiet --python .venv-demo/bin/python --no-deps --no-build-isolation --editable .
else
	$(PYTHON) -m venv --clear .venv-demo
	.venv-demo/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r demo.lock
	.venv-demo/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	touch $@

# What some tests drive with Node.js, and what pages run on; without it they are skipped and say so.
$(NODE_INSTALLED): $(NODE)/package-lock.json $(INSTALLED)
	if command -v npm >/dev/null; then npm ci --prefix $(NODE) --no-audit --no-fund && \
	    $(BIN)/coursewright runtimes fetch && touch $@; fi
