#!/usr/bin/env bash
# Lint, types, import contracts, migrations, documents and translations; the first failure ends it.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=$PWD OMP_WAIT_POLICY=PASSIVE OPENBLAS_NUM_THREADS=1
step() { printf '\033[1m· %s\033[0m\n' "$1"; shift; "$@"; }
step "ruff format"   .venv/bin/ruff format --check -q .
step "ruff"          .venv/bin/ruff check -q .
step "mypy"          .venv/bin/mypy
step "imports"       .venv/bin/lint-imports
step "codespell"     .venv/bin/codespell
step "migrations"    .venv/bin/warmline migrations-check
step "house rules"   .venv/bin/python -m pytest -q tests/test_house_rules.py tests/test_docs.py tests/test_translations.py
