# What a person does with a fresh clone. Needs make and Python 3.11 or newer, nothing else.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
DATASET := dataset
READERS := .readers

.DEFAULT_GOAL := help
.PHONY: help setup run test readers site edition lint mutation check lock clean

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/installed ## Install the locked packages and this project into .venv

$(VENV)/installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (with venv): make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Build the dataset from the embedded samples, ask it a question, show the scorecard
	$(BIN)/yusuan build --out $(DATASET)
	@echo
	$(BIN)/python docs/first_query.py $(DATASET)
	@echo
	$(BIN)/yusuan score $(DATASET)
	@echo
	@echo "To look at it in a browser: $(BIN)/yusuan explore $(DATASET) --documents pipeline/samples/documents"

test: setup ## Run the tests
	$(BIN)/python -m pytest -q

readers: $(READERS)/done ## Install other tools that read the dataset into .readers, for the tests of what they see (npm for those of Node)

$(READERS)/done: tests/readers/requirements.lock tests/readers/package-lock.json
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (with venv): make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(READERS)
	$(READERS)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --requirement tests/readers/requirements.lock
	cp tests/readers/package.json tests/readers/package-lock.json $(READERS)/
	if command -v npm >/dev/null; then npm --prefix $(READERS) ci --silent --no-audit --no-fund; fi
	@touch $@

site: site/node_modules/.package-lock.json ## Build the front end of `yusuan explore` from site/ into the package (needs Node 20)
	npm --prefix site run build --silent

site/node_modules/.package-lock.json: site/package-lock.json
	npm --prefix site ci --silent --no-audit --no-fund

CORPUS := ../shared/corpus
edition: setup ## Make the edition of real figures anew (CORPUS=folder of the documents, with provenance.csv)
	made=$$(mktemp -d) && trap 'rm -rf "$$made"' EXIT && \
		$(BIN)/yusuan build $(CORPUS) --out "$$made/dataset" && \
		$(BIN)/python -m pipeline.site.edition "$$made/dataset" edition/data $(if $(wildcard $(CORPUS)/provenance.csv),--found $(CORPUS)/provenance.csv)

lint: setup ## Check style, types, imports and Dagster's definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/dg check defs

mutation: setup ## Change the code in small ways and see that tests fail (long; MUTANTS='PATTERN' tries some of the changes)
	POLARS_MAX_THREADS=1 $(BIN)/mutmut run $(if $(MUTANTS),'$(MUTANTS)')
	$(BIN)/python benchmarks/mutation_scores.py

check: test lint ## Everything that must be green before a change goes in

lock: ## Resolve the dependencies of pyproject.toml anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --quiet --output-file requirements.lock
	uv pip compile tests/readers/requirements.in --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --quiet --output-file tests/readers/requirements.lock
	uv pip compile pyproject.toml deploy/requirements.in --extra dask --extra ocr --extra s3 --constraint requirements.lock --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --quiet --output-file deploy/requirements.lock
	npm --prefix tests/readers install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	npm --prefix site install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## Remove the environment, caches and the built sample dataset
	rm -rf $(VENV) $(READERS) $(DATASET) site/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
