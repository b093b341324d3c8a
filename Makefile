# Every target does its own set-up: a Python with venv, make and a package index are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --no-header --generate-hashes --quiet pyproject.toml
RUNTIME := $(VENV)/.installed
TOOLS := $(VENV)/.installed-dev
CHROMIUM ?= /usr/bin/chromium
AIOAIRTABLE := tests/clients/aioairtable/.venv
MCP_CLIENTS := tests/mcp_clients/python/.venv-mcp1 tests/mcp_clients/python/.venv-mcp2
OUTSIDE := evals/outside/.packages

.DEFAULT_GOAL := help
.PHONY: help run test coverage test-clients test-chat-clients test-mcp-clients test-conformance test-pages fuzz bench-twin model-twin soak-twin eval test-outside-tasks check format lint types imports bench bench-mcp bench-formula bench-gateway soak-gateway soak-journal soak-agent bench-agent dist mcpb test-dist check-mcpb lock clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Serve everything at http://127.0.0.1:8000 (MCP at /mcp).
	@set -a; if [ -f .env ]; then . ./.env; fi; DATA_DIR=$${DATA_DIR:-./data}; exec $(BIN)/pyairtable-mcp serve

test: $(TOOLS) ## Run every test.
	$(BIN)/pytest -n 2 --dist worksteal

coverage: $(TOOLS) ## Run every test and tell what none of them reached.
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

check: format lint types imports test ## Everything that must hold before a change lands.

format: $(TOOLS) ## Check the formatting.
	$(BIN)/ruff format --check .

lint: $(TOOLS) ## Lint.
	$(BIN)/ruff check .

types: $(TOOLS) ## Check the types.
	$(BIN)/mypy

imports: $(TOOLS) ## Check the import contracts.
	$(BIN)/lint-imports

test-clients: $(TOOLS) $(AIOAIRTABLE)/.installed ## Try the local Airtable with other people's clients (needs Node and npm).
	cd tests/clients/javascript && npm ci --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/pytest -q tests/clients/test_*.py tests/clients/*/check_*.py

test-chat-clients: $(TOOLS) ## Try the chat with other people's clients: AG-UI, AI SDK, OpenAI, WebSocket (needs Node and npm).
	cd tests/orchestrator/web/clients/javascript && npm ci --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/pytest -q tests/orchestrator/web/clients/javascript/check_*.py

test-mcp-clients: $(TOOLS) $(MCP_CLIENTS:=/.installed) ## Try the MCP server with other people's clients: Claude Code, Codex, LangChain... (needs Node and npm; 2 GB).
	cd tests/mcp_clients/javascript && npm ci --ignore-scripts --no-audit --no-fund --silent
	cd tests/mcp_clients/javascript && node node_modules/@anthropic-ai/claude-code/install.cjs
	$(BIN)/pytest -q tests/mcp_clients/check_*.py

# Some stand on the official SDK's 1.x, some on its 2.x, and none on what we pin.
tests/mcp_clients/python/.venv-%/.installed: tests/mcp_clients/python/%.lock
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

test-conformance: $(TOOLS) ## Judge the MCP server by the protocol's conformance suite and the inspector (needs Node and npm).
	cd tests/conformance && npm ci --no-audit --no-fund --silent
	$(BIN)/python tests/conformance/run.py

test-pages: $(TOOLS) ## Try the web pages in Chromium (needs Node, npm and Chromium; CHROMIUM=path if it is elsewhere).
	@test -x $(CHROMIUM) || { echo "There is no $(CHROMIUM): apt-get install chromium, or CHROMIUM=path"; exit 1; }
	cd tests/pages && npm ci --ignore-scripts --no-audit --no-fund --silent
	cd tests/pages && CHROMIUM=$(CHROMIUM) node --test --test-reporter=spec --test-concurrency=1 *.test.mjs

model-twin: $(TOOLS) ## Hold 2,000 random edits of the local Airtable against a model (TWIN_SEED=n for others).
	TWIN_EDITS=2000 $(BIN)/pytest -q tests/local_twins/airtable/test_model.py

soak-twin: $(TOOLS) ## Kill the local Airtable 50 times under write load and look for lost and doubled writes.
	TWIN_KILLS=50 $(BIN)/pytest -q tests/local_twins/airtable/test_durability.py

# This client pins what ours do not, so it lives apart.
$(AIOAIRTABLE)/.installed: tests/clients/aioairtable/requirements.lock
	@test -x $(AIOAIRTABLE)/bin/python || $(PYTHON) -m venv $(AIOAIRTABLE)
	$(AIOAIRTABLE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

fuzz: $(TOOLS) ## Look for new random examples that break a property.
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -q -n 2 -m hypothesis

bench: $(TOOLS) ## Run the benchmarks.
	$(BIN)/python benchmarks/run.py

bench-twin: $(TOOLS) ## Measure the local Airtable under load (FLIGHTS=file of the whole year besides).
	$(BIN)/python benchmarks/twin_load.py $(FLIGHTS)

bench-gateway: $(TOOLS) ## Measure the gateway against the local Airtable.
	$(BIN)/python benchmarks/gateway/speed.py

soak-gateway: $(TOOLS) ## Hold four processes at the limit, then with faults (needs Redis; SECONDS=60).
	$(BIN)/python benchmarks/gateway/soak.py $(or $(SECONDS),60)

bench-mcp: $(TOOLS) ## Compare the MCP server with airtable-mcp-server (needs Node and npm; BENCH_SECONDS=n a turn).
	cd tests/clients/javascript && npm ci --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python benchmarks/mcp_peers.py

bench-formula: $(TOOLS) ## Compare the formula engine with two others (needs pip, Node and npm).
	$(BIN)/python benchmarks/formula_speed.py

eval: $(TOOLS) ## Let the model of GEMINI_API_KEY play the tasks in evals/ (EVAL="--tasks a,b --repeat 3 --dollars 1 --json FILE").
	@set -a; if [ -f .env ]; then . ./.env; fi; exec $(BIN)/python -m evals $(EVAL)

test-outside-tasks: $(TOOLS) $(OUTSIDE)/.installed ## Put other people's tasks through the loop: BFCL and tau2 retail (MOST=n of each category; some minutes).
	PYTHONPATH=$(OUTSIDE) $(BIN)/python -m evals.outside $(if $(MOST),--most $(MOST))

# Their own dependencies are left out: what is used of them needs none but mpmath.
$(OUTSIDE)/.installed: evals/outside/requirements.lock $(TOOLS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade --target $(OUTSIDE) -r $<
	@touch $@

soak-journal: $(TOOLS) ## Kill fifty writing processes; journal and data must agree.
	$(BIN)/python benchmarks/soak_journal.py 50

soak-agent: $(TOOLS) ## Kill the agent at each point of a run, and stop its PostgreSQL for 20 seconds: nothing lost or doubled.
	AGENT_KILLS=all $(BIN)/pytest -q -n 2 tests/orchestrator/running/test_crashes.py
	AGENT_AWAY_SECONDS=20 $(BIN)/pytest -q tests/orchestrator/running/test_stopped_server.py

bench-agent: $(TOOLS) ## Time the agent's turns, with pydantic-ai beside it in an environment of its own.
	$(BIN)/python benchmarks/agent_turns.py

dist: $(TOOLS) ## Build the wheel and the source archive into dist/.
	$(BIN)/python -m hatchling build -d dist

mcpb: $(TOOLS) ## Build the bundle for Claude Desktop, dist/pyairtable-mcp.mcpb.
	$(BIN)/python scripts/build_mcpb.py

test-dist: $(TOOLS) ## Install wheel and bundle into empty places and speak with them (needs a package index).
	$(BIN)/python scripts/try_distribution.py

check-mcpb: mcpb ## Judge the bundle by the tool of its specification (needs Node and npm).
	cd tests/distribution/mcpb && npm ci --ignore-scripts --no-audit --no-fund --silent
	@rm -rf dist/unpacked
	node tests/distribution/mcpb/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js unpack dist/pyairtable-mcp.mcpb dist/unpacked
	node tests/distribution/mcpb/node_modules/@anthropic-ai/mcpb/dist/cli/cli.js validate dist/unpacked/manifest.json
	@rm -rf dist/unpacked

lock: $(TOOLS) ## Resolve the dependencies anew into the lock files.
	$(LOCK) --extra barcode --extra platform --extra sql --group build --output-file requirements.lock
	$(LOCK) --extra barcode --extra platform --extra sql --group build --group dev --output-file requirements-dev.lock

clean: ## Remove the environment and the caches; data stays.
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# The locks are whole, so pip resolves nothing: it would look for newer releases behind an extra (coverage[toml]).
$(RUNTIME): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TOOLS): $(RUNTIME) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
