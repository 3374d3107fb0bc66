# Every target sets up .venv first when it is missing or out of date.
#   make run     the first answer: 10% of APBD and APBN for poverty reduction in ten provinces
#   make test    lint, types and all tests except those marked full
#   make check   the quick tests only, under three minutes
#   make voila   the page with two levers in the browser, on this computer only
#   make forum   a consultation meeting: attendee pages, facilitator's page, agreement
#   make lab     the notebooks in JupyterLab
#   make mutation  whether tests notice small changes of kernels, ledger and indicators
#   make bench   the speed on this machine
#   make dist    a wheel and an sdist in dist/
#   make docs    the documentation site in build/docs, without any network
#   make sbom    a bill of materials of everything that is installed, in build/sbom.json
#   make licences    every package that is installed, with its licence
#   make audit   conflicts, licences and known weaknesses of the packages; needs a service

VENV   ?= .venv
OUT    ?= out
# Who knows weaknesses of packages: pypi (the package index) or osv.
AUDIT_SERVICE ?= pypi
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
            $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
            echo $$p && break; done)
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# A file stays in one process, so that what its tests share is made once. One process more than
# cores, since tests in browsers and of servers wait a lot; long files come first. The cores are
# taken by that: inside a test only what asks for processes of its own has them.
PYTEST := LOKY_MAX_CPU_COUNT=1 $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run install check test full mutation lint bench dist docs sbom licences audit clean voila forum lab

help:
	@sed -n 's/^#   //p' Makefile

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "kesos-sim needs Python 3.11 or newer as python3." >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "Python cannot make a virtual environment; on Debian install python3-venv." >&2; exit 2; }
	@echo "Installing into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[all]' -c constraints.txt
	@touch $@

run: $(STAMP)
	@$(BIN)/kesos compare scenarios/baseline.yaml scenarios/apbd-10.yaml \
	  scenarios/apbd-apbn-10.yaml --out $(OUT)

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/kesos warmup
	@$(PYTEST) -q -m 'not slow and not full and not browser'

# Tests begin hundreds of processes: what one of them has compiled the others read, wherever a shell
# asks Python to keep nothing.
check test: export PYTHONDONTWRITEBYTECODE :=

# The linter and the type checker run as tests too (tests/structure/test_static.py).
test: $(STAMP)
	@$(BIN)/kesos warmup
	@$(PYTEST) -m 'not full'

full: $(STAMP)
	@$(BIN)/kesos warmup
	@$(PYTEST)
	@$(MAKE) --no-print-directory mutation

# First the branches that tests pass, then a sample of changes, all of which some test notices.
mutation: $(STAMP)
	@$(BIN)/python -m tools.mutation branches
	@$(BIN)/python -m tools.mutation changes

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(STAMP)
	@$(BIN)/kesos bench

dist: $(STAMP)
	@$(BIN)/python -m hatchling build -d dist

docs: $(STAMP)
	@$(BIN)/python -m tools.site build/docs

sbom: $(STAMP)
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
	  --output-reproducible --of JSON -o build/sbom.json $(BIN)/python
	@echo build/sbom.json

licences: $(STAMP)
	@$(BIN)/python -m tools.licences

# What the service does not know is a failure: a mirror that only serves packages finds nothing.
audit: licences
	@$(BIN)/python -m pip check
	@$(BIN)/pip-audit --strict --vulnerability-service $(AUDIT_SERVICE) --progress-spinner off \
	  --disable-pip --no-deps -r constraints.txt

voila: $(STAMP)
	@$(BIN)/python -m kesos_sim.workbench notebooks/mulai/dua_tuas.ipynb

forum: $(STAMP)
	@$(BIN)/kesos forum

lab: $(STAMP)
	@$(BIN)/kesos lab

clean:
	rm -rf $(OUT) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
