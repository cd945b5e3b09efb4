# Two commands: `make run` builds and serves the graph, `make test` proves it. Both install what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where the tests keep the graph that they have built.
BUILT := $(CURDIR)/.pytest_cache/d/foedus

.PHONY: run build test browser links sarif conformance bench soak lock pages clean help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/ready ## build the graph if the facts changed, then serve it at http://127.0.0.1:8000
	$(BIN)/foedus build --if-changed
	$(BIN)/foedus serve

build: $(VENV)/ready ## build the graph from the fact tables
	$(BIN)/foedus build

test: $(VENV)/ready-dev ## lint, types, layers, our own checks and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/foedus check
	$(BIN)/pytest -m "not alone" --numprocesses=auto --maxprocesses=4 --dist=loadfile
	$(BIN)/pytest -m alone

soak: $(VENV)/ready-dev ## load a server for ten minutes, a bomb a minute; then kill writers 500 times
	$(BIN)/python -m tests.soak
	FOEDUS_TEST_CYCLES=10 $(BIN)/pytest tests/writing/test_proofs.py -k kills -q

conformance: $(VENV)/ready-dev ## the W3C suites against a live server (fetches them once)
	FOEDUS_SUITES=all $(BIN)/pytest tests/conformance -q

bench: $(VENV)/ready-dev .cache/bench/ready ## compare with oxigraph serve and rdflib-endpoint, on this machine
	$(BIN)/python -m tests.bench

.cache/bench/ready:
	$(PYTHON) -m venv .cache/bench
	.cache/bench/bin/pip install --quiet --disable-pip-version-check oxigraph==0.5.13 'rdflib-endpoint[cli]==0.6.3'
	@touch $@

browser: $(VENV)/ready-dev tests/browser/node_modules/ready ## the pages in Chromium with axe, as valid HTML, links of every kind, and Comunica
	command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q chromium; }
	FOEDUS_DATA_DIRECTORY=$(BUILT) $(BIN)/foedus build --if-changed
	cd tests/browser && FOEDUS_DATA_DIRECTORY=$(BUILT) node --test --test-concurrency=1
	FOEDUS_DATA_DIRECTORY=$(BUILT) $(BIN)/python -m tests.crawl --each 10

links: $(VENV)/ready-dev build ## visit every page that can be reached from /, tens of thousands of them
	$(BIN)/foedus dump
	$(BIN)/python -m tests.crawl

sarif: $(VENV)/ready-dev tests/checking/sarif/node_modules/ready ## the SARIF reports of our checks under Microsoft's validator
	$(BIN)/python -m tests.checking.validate_sarif

lock: $(VENV)/ready-dev ## resolve the dependencies again and write the locks with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --extra build --extra serve pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --extra all --extra telemetry --extra dev pyproject.toml -o requirements-dev.lock

pages: $(VENV)/ready build ## write the pages and expected rows that are made from the code and the graph
	$(BIN)/foedus query --list --markdown > queries/README.md
	for question in queries/questions/*.rq; do \
		name=$$(basename $$question .rq); \
		$(BIN)/foedus query $$question --format csv | tr -d "\r" > tests/questions/expected/$$name.csv; \
	done

clean: ## remove the environment and what was built
	rm -rf $(VENV) build dist .foedus

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Foedus needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

%/node_modules/ready: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

$(VENV)/ready: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
