.DEFAULT_GOAL := help
.PHONY: help setup run playground test check bench endurance load faults replicas ladder sbom audit format lock
PYTHON := .venv/bin/python
TESTS ?=
ROUNDS ?= 7
JOURNEYS ?= 300
ACCEPTS ?= 10000

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## Make .venv and node_modules from the lock files (about 10 s the first time)
	@bash scripts/setup.sh

run: setup ## Start the bot with demo data and a local Teams, and print the page's address
	@exec $(PYTHON) -m bot demo

playground: setup ## Try it in three Microsoft 365 Agents Playgrounds (optional; docs/playground.md)
	@exec $(PYTHON) -m bot.demo.playground

test: setup ## Run every test; TESTS="tests/peer_support -x" runs some
ifeq ($(strip $(TESTS)),)
	$(PYTHON) -m pytest -n auto --dist loadgroup --ignore=tests/faults --ignore=tests/canary
	$(PYTHON) -m pytest -n auto --dist loadgroup tests/canary tests/faults
else
	$(PYTHON) -m pytest -n auto --dist loadgroup $(TESTS)
endif

check: setup ## Hold the style, the types and the rooms: ruff, mypy, import-linter
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup ## Measure the bot beside a bare handler and two SDKs, into docs/bench.md; ROUNDS=3 for a look
	@bash scripts/setup.sh uv
	$(PYTHON) -m bench --rounds $(ROUNDS)

endurance: setup ## Measure memory over 100,000 turns, into docs/bench.md; several minutes
	$(PYTHON) -m bench --only endurance

ladder: setup ## Measure how well words of crisis are heard, on both parts; MISSES=--misses lists the tuned part's
	$(PYTHON) -m tests.crisis.measure $(MISSES)

load: setup ## Measure help now while thousands of turns are held, and beyond capacity, into docs/load.md
	$(PYTHON) -m bench.pressure

replicas: setup ## Roll, kill and cut off two replicas behind a balancer, under load, into docs/replicas.md
	$(PYTHON) -m scripts.replicas $(RATES)

faults: setup ## Break replicas, databases, the channel and time under people's requests, into docs/ordeals.md; over an hour
	$(PYTHON) -m tests.ordeal --journeys $(JOURNEYS) --accepts $(ACCEPTS)

format: setup ## Put the code into its one shape
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

sbom: setup ## List the packages that the bot runs on, with their hashes, into build/sbom.cdx.json (CycloneDX)
	$(PYTHON) -m scripts.sbom build/sbom.cdx.json

audit: setup ## Look up what is known against those packages; needs the network, and says so where it can't
	$(PYTHON) -m scripts.known_faults

lock: ## Write the lock files anew after a change to pyproject.toml or package.json
	@bash scripts/lock.sh
