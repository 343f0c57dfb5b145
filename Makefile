# whyllm: what a fresh clone needs. `make demo` and `make test` are the README's two commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-long test-extras chromium check bench bench-engine bench-fleet bench-web docs site \
	screenshot clean

$(BIN)/whyllm: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "whyllm needs Python 3.11 or later; say make PYTHON=python3.x" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install -qq --editable '.[test,check]'
	@touch $@

# The main job: a model for code in commercial use, what fell, and why Codestral did.
demo: $(BIN)/whyllm
	$(BIN)/whyllm recommend --modality code --use commercial
	$(BIN)/whyllm why codestral

test: $(BIN)/whyllm chromium
	$(BIN)/python -m pytest

# The same with the random campaigns at length: an hour and more (tests/conftest.py says how long).
test-long: $(BIN)/whyllm chromium
	$(BIN)/python -m pytest --long

# The core alone and each extra alone, in virtual environments that are made of wheels for it.
test-extras: $(BIN)/whyllm
	$(BIN)/python -m pytest -n 0 --fresh tests/extras

# The browser that the tests look at pages with, and a font, without which no text has a width.
BROWSER := chromium fonts-dejavu-core
chromium:
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			install="apt-get install -qq --yes --no-install-recommends $(BROWSER)"; \
			$$install >/dev/null 2>&1 || { apt-get update -qq && $$install >/dev/null; }; \
		else \
			echo "the tests need chromium on the PATH; on Debian: apt-get install $(BROWSER)" >&2; \
			exit 1; \
		fi; \
	}

# ruff, and mypy on the package as it installs (not on the editable one, which mypy cannot follow).
check: $(BIN)/whyllm
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf build/checked && $(BIN)/python -m pip install --quiet --no-deps --target build/checked .
	cd build/checked && MYPYPATH=. ../../$(BIN)/python -m mypy --config-file ../../pyproject.toml

# Cold processes, and consultations of a process that stays.
bench: $(BIN)/whyllm
	$(BIN)/python bench/cold_start.py
	$(BIN)/python bench/consultation.py
	$(BIN)/python bench/explanation.py
	$(BIN)/python bench/drawing.py
	$(BIN)/python bench/review.py

# The same rules on stock experta, ours and CLIPS: some five minutes.
bench-engine: $(BIN)/whyllm
	$(BIN)/python -m pip install -qq --editable '.[bench]'
	$(BIN)/python bench/engine.py

# 50 clients at once, half a minute, against the page as it is served.
bench-web: $(BIN)/whyllm
	$(BIN)/python bench/web.py

# A million lifelike rows on one worker and on two: a quarter of an hour. ROWS=100000 is shorter.
bench-fleet: $(BIN)/whyllm
	$(BIN)/python -m bench.fleet

# The pages that are generated from the code.
docs: $(BIN)/whyllm
	$(BIN)/python docs/generate.py

# docs/ as a site in build/site; a warning, or a link that leads nowhere, fails it.
site: $(BIN)/whyllm
	rm -rf build/site
	$(BIN)/python docs/make_site.py
	@echo build/site/index.html

# The page of a run as a browser shows it, for docs/how-to/graphs.md.
screenshot: $(BIN)/whyllm chromium
	$(BIN)/python docs/screenshot.py

clean:
	rm -rf $(VENV) build *.egg-info
