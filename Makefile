# `make demo`, `make test` and the others install what they need into .venv, once.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: data emoji drawings browser demo papers bench gpu-bench docs gallery lint needs test test-long clean

# What is imported is compiled then, once; where the environment forbids that, every process would compile all of it.
unexport PYTHONDONTWRITEBYTECODE

.venv/installed: setup.py pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip setuptools
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[dev]'
	touch $@

# On this machine already; else by tensorflow-datasets; else, without its network, Debian's package.
data: .venv/installed
	@$(BIN)/wgan-keras data fashion_mnist --download || \
		(apt-get update --quiet && apt-get install --yes --quiet dataset-fashion-mnist)

# From npm's registry, by npm.
emoji: .venv/installed
	@$(BIN)/wgan-keras data emoji --download

# Drawn here, in some minutes; the tests that need them are left out where they are not.
drawings: .venv/installed
	@for name in emoji_families avatars; do $(BIN)/wgan-keras data $$name --download || exit 1; done

# What the explorer's page is tested in: Chromium from Debian, ONNX Runtime Web from npm.
browser: .venv/installed
	@$(BIN)/python -c "from wgan_keras.explore import runtime; runtime.folder()"
	@command -v chromium >/dev/null || (apt-get update --quiet && apt-get install --yes --quiet chromium)

demo: data
	rm -rf runs/demo
	$(BIN)/wgan-keras train --game wgan_gp --data fashion_mnist --out runs/demo \
		--width 32 --batch-size 32 --learning-rate 5e-4 --ema-decay 0.99 --iterations 1250 --epoch-iterations 250

papers: data
	$(BIN)/python -m benchmarks.papers

# Two hours, on a machine that does nothing else; then the tables of docs/speed.md.
bench: .venv/installed
	$(BIN)/python -m benchmarks.speed.throughput
	$(BIN)/python -m benchmarks.speed.step_profile
	$(BIN)/python -m benchmarks.speed.parts
	$(BIN)/python -m benchmarks.speed.start_up
	$(BIN)/python -m benchmarks.speed.table

# Through JAX: install jax[cuda12] into .venv first where there is a GPU.
gpu-bench: .venv/installed
	KERAS_BACKEND=jax $(BIN)/python -m benchmarks.speed.gpu_throughput
	$(BIN)/python -m benchmarks.speed.table

# Into site/, with warnings as errors; no network is needed.
docs: .venv/installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

# The same with the page on which the generators run.
gallery: .venv/installed
	GALLERY=yes NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/wgan-keras explore --no-serve --out site/explorer

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy

# The zoo's scores need the data, the explorer a browser. Where they cannot be had, the tests' summary says what was
# left out for it. One after the other, as apt-get runs alone.
needs: .venv/installed
	-@MAKEFLAGS= $(MAKE) --no-print-directory --keep-going data emoji browser

# The site is built by its own tests.
test: WHICH = -m "not long"
test test-long: .venv/installed
	@$(MAKE) --no-print-directory --jobs 2 lint needs
	$(BIN)/python -m pytest tests -q $(WHICH) -n 2 --dist worksteal --durations 20

clean:
	rm -rf .venv runs build site *.egg-info
