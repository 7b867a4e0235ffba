# Everything runs in .venv, made from requirements.lock at the first call. `make report` and `make test` need
# nothing but Python 3.11 or newer and make; the browser tests need a Chromium too (see README).

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
install = $(1) --require-hashes --requirement requirements.lock && $(1) --no-deps --no-build-isolation --editable .

.PHONY: report test quick future lint-charts lab bench docs notebooks pictures texts dictionary corrections released mutations trust matrix coverage release lock clean

report: $(READY)  ## the report of 14 March 2025, with charts ready to embed
	@$(BIN)/kursk build

test: $(READY)  ## types, style, data, tests, notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tests/dictionary.py --check
	$(BIN)/python tests/catalogues.py --check
	$(BIN)/python tests/corrections.py --check
	$(BIN)/python tests/support.py --check
	$(BIN)/pytest -n 2 --dist loadfile --random-order
	$(BIN)/pytest -n 2 --dist loadfile --nbval notebooks

quick: $(READY)  ## style, types and the fast tests, without a browser: under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not browser"

future: $(READY)  ## every day of the period as if nothing had been made public after it: minutes
	$(BIN)/python tests/future.py

lint-charts: $(READY)  ## every chart of twelve days in every language against the rules for charts: minutes
	@$(BIN)/python tests/lint_charts.py --axe

lab: $(READY)  ## JupyterLab on the notebooks
	$(BIN)/kursk lab

bench: $(READY)  ## speed and size, side by side
	$(BIN)/python tests/bench_embed.py
	$(BIN)/python tests/bench_build.py
	$(BIN)/python tests/bench_measure.py
	$(BIN)/python tests/bench_everyday.py

docs: $(READY)  ## reference of the commands and of the Python interface, as a small site
	@$(BIN)/python tests/reference.py

notebooks: $(READY)  ## the notebooks with the outputs of now
	@$(BIN)/python tests/rerun_notebooks.py

pictures: $(READY)  ## the pictures of this README, from the data; needs a Chromium
	@$(BIN)/python tests/pictures.py

texts: $(READY)  ## translations: collect new texts, compile
	$(BIN)/python tests/catalogues.py

dictionary: $(READY)  ## data/README.md, and size and hash of every table in the descriptor
	@$(BIN)/python tests/dictionary.py

corrections: $(READY)  ## the Corrections of CHANGELOG.md, from data/corrections.csv
	@$(BIN)/python tests/corrections.py

released: $(READY)  ## at a release, with VERSION=: closes the open corrections, keeps the hash of every cell
	$(BIN)/python tests/corrections.py --release $(VERSION)

mutations: $(READY)  ## 2,000 errors in the tables: which the checks notice; two minutes
	@$(BIN)/python tests/mutations.py --write

trust: $(READY)  ## the proof under fire, one table; MINUTES=10 for the doors, EDITIONS=1000 for the soak: an hour
	@$(BIN)/python tests/trust.py

matrix: $(READY)  ## the fast tests on the oldest and newest Python, with lowest, locked and newest dependencies
	@$(BIN)/python tests/matrix.py

coverage: $(READY)  ## lines and branches that the fast tests run, and those that they do not
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow and not browser" --cov kurskdata --cov-branch --cov-report term-missing:skip-covered

release: $(READY)  ## wheel, sdist, data, licences and checksums in dist, made twice with the same bytes
	@$(BIN)/python tests/release.py

lock: $(READY)  ## newest versions that pyproject.toml allows, with hashes
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock

clean:  ## what was built
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache

# uv installs what requirements.lock pins, hashes checked, in seconds; where it cannot, pip does, in minutes. uv itself
# is the one on the PATH or the one that the lock pins.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'kurskdata needs Python 3.11 or newer; set PYTHON=')"
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@awk '/^[^ ]/ { own = /^uv==/ } own' requirements.lock > $(VENV)/uv.txt
	@uv=$$(command -v uv || { $(PIP) --require-hashes --requirement $(VENV)/uv.txt >&2 && echo $(BIN)/uv; }); \
	  { export UV_SYSTEM_CERTS=1 UV_COMPILE_BYTECODE=1; $(call install,"$${uv:-false}" pip install --quiet --python $(BIN)/python); } || { \
	    echo "uv could not install the packages (see above); pip does, which takes longer"; \
	    $(call install,$(PIP)); }
	@touch $@
