# Everything a newcomer types. The first verb installs what it needs; nothing outside this folder
# changes, except that root on Debian gets Chromium for the browser tests.

VENV := .venv
PY := $(VENV)/bin/python
# A plain mistake is told within minutes; what kills and starves whole bots comes last, and alone.
THEN := tests/services/ tests/browser/
LAST := tests/live/ tests/flow/ tests/chaos/
FIRST := $(filter-out $(THEN) $(LAST) tests/fixtures/ tests/__pycache__/,$(sort $(wildcard tests/*/)))
COVERAGE_FLOOR := 85

# A virtual environment whose Python is gone is built again.
ifneq ($(shell $(PY) -c 'print("works")' 2>/dev/null),works)
  $(shell rm -f $(VENV)/.run $(VENV)/.dev)
endif

.PHONY: help setup demo run test coverage check fix bench sbom clean

help:
	@echo "make demo    a bot with a sample shop, in your browser; no keys, no servers"
	@echo "make run     your bot: reads aprendiz.toml and the environment"
	@echo "make setup   only install"
	@echo "make test    every test        make check   style, types, architecture"
	@echo "make coverage    the same, and which lines none of them reaches"
	@echo "make fix     repair style      make bench   figures beside their baselines"
	@echo "make sbom    what it is made of, in build/sbom.cdx.json"
	@echo "make clean   remove what was installed; your data in var/ stay"

setup: $(VENV)/.run

demo: $(VENV)/.run
	@$(PY) main.py demo

run: $(VENV)/.run
	@$(PY) main.py run

test: $(VENV)/.dev
	@scripts/chromium
	$(PY) -m pytest -n 2 --dist loadfile $(COVER_FIRST) $(FIRST)
	$(PY) -m pytest -n 2 --dist loadfile $(COVER_THEN) $(wildcard $(THEN))
	$(PY) -m pytest -n 0 $(COVER_LAST) $(wildcard $(LAST))

# What a change must pass takes half as long without.
coverage: COVER_FIRST := --cov --cov-report=
coverage: COVER_THEN := --cov --cov-append --cov-report=
coverage: COVER_LAST := --cov --cov-append --cov-report=term --cov-fail-under=$(COVERAGE_FLOOR)
coverage: test

check: $(VENV)/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy .
	$(VENV)/bin/lint-imports

fix: $(VENV)/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.dev
	@$(PY) main.py bench --json

sbom: $(VENV)/.run
	@$(PY) scripts/sbom.py --to build/sbom.cdx.json
	@echo build/sbom.cdx.json

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .coverage.*
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
	@if [ -d var ]; then echo "Your data stay in var/; to forget them: rm -r var"; fi

# What tests and checks need contains what the bot needs.
$(VENV)/.dev: requirements-dev.txt requirements-train.txt requirements-risk.txt \
		requirements-otel.txt requirements-redis.txt scripts/setup scripts/redis_binary.py
	@scripts/setup requirements-dev.txt
	@scripts/setup requirements-train.txt
	@scripts/setup requirements-risk.txt
	@scripts/setup requirements-otel.txt
	@touch $(VENV)/.run $@

$(VENV)/.run: requirements.txt requirements-redis.txt scripts/setup scripts/redis_binary.py
	@scripts/setup requirements.txt
	@touch $@
