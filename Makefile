# Two commands matter: `make run` and `make test`. Both set up what they need; `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
NPM := .ci/npm

.PHONY: help setup run test lint types bench lock sure clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

setup: .venv/ready app/web/static/dist/ready app/web/translations/ready ## environment, front-end parts, translations

.venv/ready: requirements.lock setup.cfg .ci/environment
	@PYTHON="$(PYTHON)" .ci/environment
	@touch $@

app/web/static/dist/ready: package.json package-lock.json $(shell find app/web/frontend -type f) .venv/ready
	@$(NPM) ci --no-audit --no-fund --silent
	@$(NPM) run --silent build
	@touch $@

app/web/translations/ready: $(shell find app/web/translations -name '*.po') .venv/ready
	@$(BIN)/pybabel -q compile -d app/web/translations
	@touch $@

run: setup ## everything, served at the printed address
	@$(BIN)/rasim run $(ARGS)

test: setup ## everything: rules, both databases, a real browser
	@.ci/test-machine
	@$(MAKE) --no-print-directory lint types
	@$(BIN)/rasim check
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/lint-imports --no-cache | tail -n 4

types: .venv/ready
	@$(BIN)/mypy app handlers

bench: setup ## speed as ratios, side by side in one run
	@$(BIN)/python -m bench

lock: ## pins the newest versions that setup.cfg allows
	@$(BIN)/uv pip compile -q --no-header --no-annotate --no-emit-index-url --generate-hashes --all-extras --python-version 3.11 --universal setup.cfg -o requirements.lock

sure: lint types ## before a commit
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not e2e"

clean: ## back to a fresh checkout, data included
	rm -rf .venv node_modules var app/web/static/dist app/web/translations/ready
