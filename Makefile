# The two commands: `make run` serves the app, `make test` checks everything. Both set up what they need.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Processes that run tests at the same time; each starts servers and a browser of its own.
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help run test lint types unit js words browser-tools dist constraints clean

help:
	@echo "make run [PORT=9000] [HOST=0.0.0.0]   set up and serve the web app"
	@echo "make test                             set up and run every check and test"
	@echo "make words                            bring new texts into the translations, and say what is missing"
	@echo "make dist                             build the wheel and the source archive"
	@echo "make clean                            remove the environment and everything that was built"

run: $(VENV)/.run-ready
	@exec $(BIN)/digitlens serve --host $(HOST) --port $(PORT)

# pytest comes last, so that its closing line is the last thing printed.
test: $(VENV)/.test-ready browser-tools lint types js unit

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.test-ready
	$(BIN)/mypy

js: browser-tools
	node --test tests/js/*.test.js

unit: $(VENV)/.test-ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

words: $(VENV)/.run-ready
	$(BIN)/python scripts/translate.py update
	$(BIN)/python scripts/translate.py check

browser-tools:
	@sh scripts/debian-tools.sh chromium:chromium node:nodejs

dist: $(VENV)/.test-ready
	rm -rf build dist
	$(BIN)/python -m build --outdir dist .

constraints: $(VENV)/.test-ready
	$(BIN)/python scripts/constraints.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis src/*.egg-info

$(VENV)/bin/python:
	@PYTHON=$(PYTHON) sh scripts/make-venv.sh $(VENV)

$(VENV)/.run-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up digitlens (once; about a minute) ..."
	$(PIP) --editable .
	@touch $@

$(VENV)/.test-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Setting up what the tests need, TensorFlow included (once; a few minutes) ..."
	$(PIP) --editable '.[train,heic,dev]'
	@touch $@ $(VENV)/.run-ready
