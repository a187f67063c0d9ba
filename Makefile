# The two commands are `make demo` and `make test`; everything made lies under var/ and .venv/.
# Nothing here needs root, a home folder or a container engine.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
unexport PYTHONUNBUFFERED
unexport VIRTUAL_ENV

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
STAMP := $(VENV)/.installed
JOBS ?= $(shell n=$$(nproc); echo $$((n > 4 ? 4 : n)))

.PHONY: help install demo history down test test-long lint bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## .venv from the lock, compiled; a second call does nothing

$(STAMP): requirements.lock pyproject.toml docker/install.sh
	@UV_VERSION=$(UV_VERSION) bash docker/install.sh $(VENV)
	@touch $@

demo: install ## the demonstration: files, Airflow, a night, the quarter's report
	@$(BIN)/python -m cchc.stack demo

history: install ## 60 earlier nights of the demonstration, without Airflow
	@$(BIN)/cchc migrate && $(BIN)/cchc demo generate && $(BIN)/cchc history

down: ## stop what `make demo` started, and nothing else
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m cchc.stack down; else echo "nothing was ever started here" >&2; fi

test: install ## the tests, under 15 minutes on 2 cores
	@$(BIN)/python -m pytest -m "not long" --durations=25 --numprocesses=$(JOBS) --no-loadscope-reorder

test-long: install ## the full samples, under 30 minutes
	@$(BIN)/python -m pytest -m long --durations=10

lint: install ## style, types, SQL, directions of import
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests dbt_project/macros
	@$(BIN)/lint-imports

bench: install ## speed against a hand-written script (BENCH=load|nights|sources|marts, BENCH_ROWS=...)
	@$(BIN)/cchc bench

clean: down ## remove everything made, var/ and .venv/ too
	rm -rf var $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache dbt_project/target dbt_project/logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
