# make run    set up what is needed and start the platform, with a demonstration on the first start
# make install   set up what is needed, no more
# make test   everything that must hold: linters, types, tests on SQLite and PostgreSQL, the wheel
# make bench  a vote, a page of the forum and a count beside the least that would do, in CPU time (docs/figures.md)
# make screenshots   a picture of every page in every mode and language, into screenshots/ (ARGS=--readme: the README's two)
# make audit-pages   Lighthouse on four pages of the demonstration

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.NOTPARALLEL:
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Test processes at the same time.
WORKERS ?= 2
PYTEST = $(BIN)/pytest -q -n $(WORKERS) --dist loadgroup --no-loadscope-reorder
DATABASE_URL ?= sqlite:///deliberation.db

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip -qq --disable-pip-version-check install
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

TRANSLATIONS := deliberation/translations
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/*.po))
# The path of the database file, empty when the database is not SQLite.
DATABASE_FILE := $(patsubst sqlite:///%,%,$(filter sqlite:///%,$(DATABASE_URL)))

.PHONY: run install test bench lint types messages compile lock clean browser screenshots audit-pages

run: export DATABASE_URL := $(DATABASE_URL)
run: $(VENV)/.project compile
	@if [ -n "$(DATABASE_FILE)" ] && [ ! -e "$(DATABASE_FILE)" ]; then \
		$(BIN)/deliberation demo || { rm -f "$(DATABASE_FILE)"*; exit 1; }; \
	else \
		$(BIN)/deliberation db upgrade; \
	fi
	@exec $(BIN)/deliberation serve --host $(HOST) --port $(PORT)

install: $(VENV)/.project compile

# What the tests need is installed on one core while the other installs the browser. Types are read beside the tests, in the
# time in which those wait for Chromium; a fault in them still ends the run before the second database.
test:
	@tools/browser.sh & browser=$$!; $(MAKE) --no-print-directory lint compile && wait $$browser
	@echo "Tests on SQLite, and of the wheel outside the checkout"
	@$(BIN)/mypy & types=$$!; $(PYTEST) --db sqlite && wait $$types
	@echo "Tests on PostgreSQL"
	@$(BIN)/python tools/with_postgres.py \
		$(PYTEST) -m "not once" --db postgresql

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@echo "ruff: nothing to complain about"

types: $(VENV)/.dev
	@$(BIN)/mypy

# Chromium and Chinese fonts for the tests marked "browser".
browser:
	@tools/browser.sh

screenshots: $(VENV)/.dev browser compile
	@$(BIN)/python -m tools.screenshots $(ARGS)

audit-pages: $(VENV)/.dev browser compile tools/audit/node_modules/.installed
	@$(BIN)/python -m tools.audit_pages

tools/audit/node_modules/.installed: tools/audit/package-lock.json
	@cd tools/audit && npm ci --silent --no-fund --no-audit
	@touch $@

# Collect the sentences of the code and bring the catalogues up to date.
messages: $(VENV)/.project
	@$(BIN)/pybabel -q extract -F babel.cfg -k Words -k _l -k lazy_gettext -k lazy_ngettext:1,2 --ignore-dirs='.*' \
		--project=deliberation --no-location --sort-output --no-wrap -o $(TRANSLATIONS)/messages.pot .
	@if [ -e $(TRANSLATIONS)/zh_Hans_CN ]; then \
		$(BIN)/pybabel -q update -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS) \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap; \
	else \
		$(BIN)/pybabel -q init -i $(TRANSLATIONS)/messages.pot -d $(TRANSLATIONS) -l zh_Hans_CN --no-wrap; \
	fi

# The real routes against the least that would do, then counting a million ballots, in CPU time; five minutes.
bench: $(VENV)/.dev compile
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench
	@$(BIN)/python -m bench.casting
	@$(BIN)/python -m bench.log
	@$(BIN)/python -m bench.listening

compile: $(CATALOGUES)

%.mo: %.po | $(VENV)/.locked
	@$(BIN)/pybabel -q compile -i $< -o $@

# Newest versions that requirements.in and requirements-dev.in allow.
lock: $(VENV)/.dev
	@$(LOCK) --upgrade -o requirements.lock requirements.in
	@$(LOCK) --upgrade -o requirements-dev.lock requirements-dev.in

clean:
	@rm -rf $(VENV) tools/audit/node_modules screenshots build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@rm -f $(CATALOGUES) $(TRANSLATIONS)/messages.pot
	@find deliberation migrations tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# Marks in the virtual environment: an install is done again only when its list changes.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] \
		if sys.version_info < (3, 11) else 0)'
	@echo "Setting up in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements.lock | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.project: $(VENV)/.locked setup.cfg pyproject.toml
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.project
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
