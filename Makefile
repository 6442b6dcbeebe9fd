# One command each; `make test` is all that CI runs.
.PHONY: setup test lint format docs clean

PYTHON ?= python3
BIN := .venv/bin

setup: $(BIN)/shapelint

$(BIN)/shapelint: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'

test:
	.ci/run

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup
	$(BIN)/shapelint docs --write

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .shapelint_cache build dist
