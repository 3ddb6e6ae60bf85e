# make run: everything from nothing to the running portal. make test: the same, then all tests.
.DEFAULT_GOAL := help
.PHONY: help run test setup setup-tests serve check bench format messages lock

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
ADDRESS ?= 127.0.0.1:8000

RUN_PACKAGES := python3-venv gettext libpango-1.0-0 libpangoft2-1.0-0 fonts-cns11643-kai
# libatomic1: the Node.js inside Playwright needs it
TEST_PACKAGES := postgresql postgresql-common chromium poppler-utils git libatomic1

help:
	@echo "make run    set up, load the 107 report and serve it on http://$(ADDRESS)/"
	@echo "make test   set up and run all tests (SQLite, PostgreSQL, browser)"
	@echo "make setup | serve | check | bench | format | messages | lock"

# Set-up: only what is missing -----------------------------------------------------------------
setup: .venv/run.stamp
	@mkdir -p var
	@$(MANAGE) compilemessages --verbosity 0 --locale en
	@$(MANAGE) collectstatic --noinput --verbosity 0

setup-tests: .venv/tests.stamp setup

.venv/packages.stamp: Makefile deploy/install-packages.sh
	@deploy/install-packages.sh $(RUN_PACKAGES)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: requirements.txt .venv/packages.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/tests.stamp: requirements-dev.txt .venv/run.stamp
	@deploy/install-packages.sh $(TEST_PACKAGES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Running --------------------------------------------------------------------------------------
run: export PORTAL_LOCAL := 1
run: setup
	@$(MANAGE) save_database
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo
	@$(MAKE) --no-print-directory serve

serve: export PORTAL_LOCAL := 1
serve: setup
	@echo "http://$(ADDRESS)/"
	@exec $(BIN)/gunicorn kpi_portal.wsgi --bind $(ADDRESS) --worker-class gthread --threads 4 --no-control-socket

# Quality --------------------------------------------------------------------------------------
test: setup-tests
	deploy/run-tests.sh

check: setup-tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy indicators reports kpi_portal
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')

bench: setup-tests
	@PORTAL_LOCAL=1 $(BIN)/python -m tests.benchmarks
	@pg_virtualenv -c '--locale=C.UTF-8 --encoding=UTF8' sh -c '\
		DATABASE_URL="postgres://$$PGUSER:$$PGPASSWORD@$$PGHOST:$$PGPORT/postgres" PORTAL_LOCAL=1 \
		$(BIN)/python -m tests.benchmarks supervision'

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djade $$(git ls-files 'templates/*.html')

messages:
	$(MANAGE) makemessages --locale en --no-location --no-obsolete --no-wrap --ignore .venv --ignore var --ignore tests

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --upgrade -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --upgrade -o requirements-dev.txt requirements-dev.in
