# Two commands matter: `make playbook` shows you everything, `make test` proves it.
PYTHON ?= python3
BIN := .venv/bin
LOCKS := site workshop engine lab test postgres cluster cloud
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: playbook site areas lab wheel test lint attacks mutants bench lock clean
.DEFAULT_GOAL := playbook

# What works out a reader's answers on the page comes by npm: this computer's, or a package's.
NODE := $(if $(shell command -v npm),,.venv/engine.stamp)

playbook: .venv/site.stamp $(NODE) ## everything, served on this computer
	@$(BIN)/playbook up

site: .venv/site.stamp $(NODE) ## the same, without serving it
	@$(BIN)/playbook up --no-serve

areas: .venv/site.stamp ## the example of 151 areas: a store of its own, and the reports of five
	@$(BIN)/playbook areas

lab: .venv/lab.stamp ## the invented example's worksheets in JupyterLab, to practise; SLUG=our-town for yours
	@$(BIN)/playbook lab $(or $(SLUG),riverside-invented)

wheel: .venv/site.stamp ## one file that carries everything, to install anywhere: in dist/
	@rm -rf dist
	@$(BIN)/python -m pip --disable-pip-version-check --quiet wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist

test: .venv/test.stamp ## every test; SKIP_BROWSER=1 and SKIP_POSTGRES=1 leave those out
	$(BIN)/python -m pytest

lint: .venv/test.stamp ## style, types, layers, notebooks without outputs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_slices.py

attacks: .venv/test.stamp ## every attack on what must stay secret or whole, hundreds of times each
	PLAYBOOK_ATTACKS=whole $(BIN)/python -m pytest -q -s tests/attacks tests/test_store_migration.py \
	  tests/kernels/test_past_python.py

mutants: .venv/test.stamp ## would the tests notice? 200 changes of one token, and who notices them
	$(BIN)/python tests/mutants.py

bench: .venv/test.stamp ## the figures the README and the closing notes quote
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

lock: .venv/bin/python ## requirements/*.txt anew, from pyproject.toml and the pins in constraints.txt
	@$(PIP) --constraint constraints.txt uv
	@for extra in $(LOCKS); do echo "requirements/$$extra.txt"; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11.5 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	    --constraint constraints.txt --extra $$extra pyproject.toml requirements/build.in \
	    --output-file requirements/$$extra.txt || exit 1; done

clean: ## what runs have made; records and .venv stay
	rm -rf _build

.venv/bin/python:
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

.venv/%.stamp: requirements/%.txt pyproject.toml | .venv/bin/python
	@echo "Installing what is locked (a minute or two, the first time only)"
	@$(PIP) --require-hashes --requirement $<
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
