# Campus ID Photo. Every target sets up what it needs by itself; the second time is quick.
#   make run     the whole product on http://127.0.0.1:8000, nothing to configure or install
#   make demo    one real selfie all the way, no hands
#   make test    every test         make check   format, lint, types, import contracts, migrations, docs
#   make bench   the benchmark tables       make calibrate  every check on labelled photos and degraded ones

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check bench screenshots calibrate format requirements system clean

# The first Python that is new enough and really runs (a version manager's stand-in may only print where it is not).
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v "$$p" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
HERE := $(CURDIR)

help:
	@sed -n '2,6s/^# *//p' Makefile

setup: .venv/.run var/models/manifest.json ## what the product needs

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Missing: Python 3.11 or newer (install it, or say make PYTHON=/path/to/python3)"; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "Missing: the venv module of Python (Debian: apt-get install python3-venv)"; exit 1; }

# The path is part of the stamp: a checkout that was moved or copied sets itself up anew.
.venv/.run: .venv/bin/python requirements/run.txt pyproject.toml
	@echo "Installing what the product needs (a minute or two the first time) ..."
	@$(PIP) --require-hashes -r requirements/run.txt \
	  || { echo "Missing: a package index that pip reaches (see pip config; a mirror will do)"; exit 1; }
	@$(PIP) setuptools wheel && $(PIP) --no-deps --no-build-isolation -e .
	@echo "$(HERE)" > $@

.venv/.dev: .venv/.run requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements/dev.txt \
	  || { echo "Missing: a package index that pip reaches (see pip config; a mirror will do)"; exit 1; }
	@echo "$(HERE)" > $@

var/models/manifest.json: .venv/.run photo_service/models/converter_version.py
	@mkdir -p var && $(BIN)/idphoto models install && touch $@

run: setup
	@$(BIN)/idphoto up

demo: setup
	@$(BIN)/idphoto demo

test: .venv/.dev setup system
	@$(BIN)/python -m pytest $(SPREAD) $(ARGS)

# Two processes a core, four at most: half of the time a test waits, for a browser, a socket or a worker. A file's tests
# stay together, since they share what is dear to make; tests/conftest.py puts long files first.
SPREAD = -n $(shell $(BIN)/python -c "import os; print(min(4, 2 * (os.cpu_count() or 1)))") --dist loadfile --no-loadscope-reorder

# The tests start some hundred programs: each reads what the first one compiled, whatever the shell was told.
test: export PYTHONDONTWRITEBYTECODE :=

check: .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_house.py tests/test_docs.py tests/api/adapters/test_migrations.py

# The pictures of docs/screens; `make screenshots ARGS=review` takes only those whose names begin so.
screenshots: .venv/.dev setup system
	@PYTHONPATH=.:tests:tests/browser:tests/browser/console $(BIN)/python -m gallery $(ARGS)

bench: .venv/.dev setup
	@$(BIN)/python -m benchmarks

calibrate: .venv/.dev setup
	@$(BIN)/python -m benchmarks.calibrate

format: .venv/.dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# What the tests meet for real beside Python, where we may install it: Chromium with a Chinese font, PostgreSQL, nginx.
# Where one is absent its tests say that they are skipped.
system:
	@missing=""; \
	command -v chromium >/dev/null || missing="chromium fonts-noto-cjk"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing for the tests: $$missing ..."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; } >/dev/null 2>&1 \
	    || echo "Not everything could be installed: the tests that need it will say that they are skipped"; \
	fi

# Pins with hashes, and no index named in them: whoever installs uses their own.
requirements: .venv/.dev
	@$(PIP) pip-tools
	@CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile -q $(COMPILE) -o requirements/run.txt pyproject.toml
	@CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile -q $(COMPILE) --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml
COMPILE := --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --allow-unsafe

clean:
	@rm -rf .venv var miniprogram/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
