# `make run` and `make test` need python3 (3.11 or newer), make and git; the rest is fetched into .venv.

PYTHON ?= python3
VENV   ?= .venv
ROLE   ?= all
ARGS   ?=

BIN    := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
SKIP   := $(filter-out 0,$(HELPDESK_SKIP_DASHBOARD))
COVERAGE ?= $(CI)
MEASURED := --cov --cov-report= --cov-fail-under=0

# Tests are compiled once, not by each of their workers.
unexport PYTHONDONTWRITEBYTECODE

# Packages for Python and for Node are fetched, and the dashboard is built, side by side; not
# several goals: `make clean test` is one after the other.
MAKEFLAGS += $(if $(word 2,$(MAKECMDGOALS)),,--jobs=3)

.DELETE_ON_ERROR:
.PHONY: help setup dev dashboard run test soak check check-dashboard fix lock bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: $(STAMPS)/package dashboard ## install into .venv and build the dashboard

dev: $(STAMPS)/dev ## install what tests and checks need, too

run: setup ## start everything at http://127.0.0.1:8080 (ROLE=api|consumer|bot, ARGS=...)
	$(BIN)/helpdesk run --role $(ROLE) $(ARGS)

# Three at once on two cores: a browser waits for its server, many of the latter tests for what they
# killed.  Two browsers in CI, where they are traced.  Coverage more than doubles what Python has to
# do (ADR 26).  The browser's tests are named by their folder, not by their mark: each worker would
# import all others as well.
test: dev dashboard .venom/.installed ## run the tests (ARGS="-k word": some; COVERAGE=1, and in CI: with coverage)
ifeq ($(strip $(ARGS)),)
	$(if $(SKIP),,$(BIN)/python hatch_build.py npm test)
	$(BIN)/python -m pytest tests/web -n $(if $(CI),2,3) --dist worksteal
	$(BIN)/python -m pytest -m 'not browser' -n 3 --dist loadgroup $(if $(COVERAGE),$(MEASURED))
ifneq ($(strip $(COVERAGE)),)
	$(BIN)/coverage report --precision=1
	$(BIN)/coverage report --fail-under=100 --include='src/helpdesk/domain/*,src/helpdesk/ports/*'
endif
else
	$(BIN)/python -m pytest $(ARGS)
endif

soak: dev ## kill, freeze and restart everything under load, for long (ARGS="--seed 7 --people 500")
	$(BIN)/python -m tests.faults.soak $(ARGS)

check: dev ## format, lint, types, layers, dependencies, containers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/hadolint Dockerfile
	$(BIN)/compose-lint check --quiet --skip-suppressed --strict-config --no-env --fail-on medium compose.yaml
	$(if $(SKIP),,$(MAKE) check-dashboard)

check-dashboard: node
	$(BIN)/python hatch_build.py npx biome ci
	$(BIN)/python hatch_build.py npx tsc --noEmit

fix: dev ## format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev dashboard ## measure, beside the machine's own limits
	$(BIN)/python -m benchmarks $(ARGS)

lock: ## write requirements/*.txt anew (needs uv; UPGRADE=1 takes newer releases)
	./requirements/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what was installed and built; data in .helpdesk stay
	rm -rf $(VENV) dashboard/node_modules src/helpdesk/adapters/http/static src/helpdesk/adapters/http/.static-new
	rm -rf build dist htmlcov test-results .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# -------------------------------------------------------------------------------------- the steps
# Each that has pip change .venv waits for the one before it.

$(BIN)/python:
	./requirements/bootstrap $(PYTHON) $(VENV)

$(STAMPS)/build: requirements/build.txt | $(BIN)/python
	$(PIP) install --no-deps --require-hashes -r requirements/build.txt
	@mkdir -p $(@D) && touch $@

.PHONY: node
node: | $(STAMPS)/build
	@if $(BIN)/python hatch_build.py needs-node; \
	then $(PIP) install --no-deps --require-hashes -r requirements/node.txt; fi

dashboard: node ## build the dashboard, if a source changed
	@$(BIN)/python hatch_build.py

$(STAMPS)/runtime: requirements/runtime.txt | node
	$(PIP) install --no-deps --require-hashes -r requirements/runtime.txt
	@mkdir -p $(@D) && touch $@

# Editable: only a change of its metadata needs this again.
$(STAMPS)/package: pyproject.toml hatch_build.py $(STAMPS)/runtime
	HELPDESK_SKIP_DASHBOARD=1 $(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -qq src
	@mkdir -p $(@D) && touch $@

$(STAMPS)/dev: requirements/dev.txt | $(STAMPS)/package
	$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@mkdir -p $(@D) && touch $@

# What the bridge whatsapp.venom runs on, for the tests that drive it.
SIDECAR := src/helpdesk/adapters/whatsapp/venom/sidecar
.venom/.installed: $(SIDECAR)/package-lock.json | $(STAMPS)/package
	HELPDESK__VENOM__PACKAGES=$(CURDIR)/.venom $(BIN)/helpdesk venom install
