# Everything a person does here, by name. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
BOT := bot/.venv/bin/python
export PYTHONPATH := $(CURDIR)
# OpenMP threads that wait spinning slow a busy small machine down tenfold.
export OMP_WAIT_POLICY := PASSIVE
# One question is one thread's work: two wait for each other on a busy machine.
export OPENBLAS_NUM_THREADS ?= 1
# Where compiled files are not kept, every start compiles Rasa and TensorFlow anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup up test test-unit test-bot test-browser check fix train vectors bench bench-desk bench-knowledge bench-compare bench-growth faults faults-full doctor chat evaluate clean

help: ## list what can be done
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

setup: ## make both environments (done by the others when needed)
	@tools/setup.sh

up: setup ## start everything: bot, knowledge base, queue, pages
	@.venv/bin/warmline up

test: setup ## every test: unit, contracts, journeys, browser, bot
	@tools/test.sh

test-unit: setup ## the quick tests alone
	@$(PY) -m pytest -q -m "not rasa and not browser and not model and not faults"

test-bot: setup ## the bot's own tests, in its own environment
	@$(BOT) -m pytest -q -c bot/pytest.ini --rootdir . tests/bot

test-browser: setup ## the journeys in Chromium
	@$(PY) -m pytest -q -m browser

check: setup ## lint, types, import contracts, migrations, docs, translations
	@tools/check.sh

fix: setup ## let the formatter and the linter mend what they can
	@.venv/bin/ruff check --fix -q . || true
	@.venv/bin/ruff format -q .

train: setup ## train the bot and refit the calibration
	@.venv/bin/warmline train

vectors: setup ## compute the vectors that ship with the starter articles and the training lines, after some have changed
	@$(PY) -m tools.starter_vectors
	@$(BOT) -m bot.ship_vectors

bench: setup ## speed and memory, as ratios measured in one run
	@$(PY) -m tests.bench

bench-desk: setup ## many agents take many shoppers at once, and words travel between 2,200 screens
	@$(PY) -m tests.bench.desk
	@$(PY) -m tests.bench.delivery

bench-knowledge: setup ## how well articles are found, on public sets beside the project, and how fast
	@$(PY) -m tests.bench.knowledge quality ../shared/data
	@$(PY) -m tests.bench.knowledge held-out
	@$(PY) -m tests.bench.knowledge speed

bench-compare: setup ## the project beside BM25, plain vectors, Rasa's ResponseSelector and Haystack; half an hour
	@.tools/bin/uv venv -q --allow-existing --python .venv/bin/python .compare-venv
	@.tools/bin/uv pip sync -q --python .compare-venv/bin/python --require-hashes tests/bench/compare.txt
	@$(PY) -m tests.bench.compared ../shared/data --write

bench-growth: setup ## how search and publishing grow with the shop, on made-up articles
	@$(PY) -m tests.bench.growth
	@$(PY) -m tests.bench.publish_growth

bench-intents: setup ## the bot's intents trained on a few lines of public sets beside the project
	@$(BOT) -m tests.bench.public_intents ../shared/data

report-card: setup ## measure understanding on held-out sets and write docs/understanding-quality.md
	@$(PY) -m tests.bench.report_card

faults: setup ## kill, stop and cut real processes: a selection, within ten minutes
	@$(PY) -m tests.faults --size selection

faults-full: setup ## the same at full size
	@$(PY) -m tests.faults --size full

doctor: setup ## what is wrong, and what to do
	@.venv/bin/warmline doctor

chat: setup ## talk to the running bot in this terminal
	@.venv/bin/warmline chat

clean: ## forget what is built; conversations and articles in var/ stay
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache test-results
