# make run      make .venv on the first call, then open the program (without a terminal: the demo as text)
# make test     ruff, mypy and pytest in the same environment; what CI runs
# make bank     check the questions, alone
# make bench    one line of JSON per measured ratio; fails if a bar is missed (some minutes; wants an idle machine)
# make soak     kill two programs that answer, 200 times; a torn, damaged, full, read-only disk (a minute or two)
# make pictures PNGs of the real screens into docs/; needs Chromium
#
# PYTHON names the interpreters to try, first fit wins: make run PYTHON=/path/to/python3.12
# pip's own settings (index, proxy, cache, certificates) are honoured.

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --constraint constraints.txt

# An environment is ready for exactly these files in this place; the stamp is written last.
KEY := $(shell { pwd; cat pyproject.toml constraints.txt hatch_build.py; } | cksum | tr -d ' \t')
READY := .venv/.ready-$(KEY)
READY_TEST := .venv/.ready-test-$(KEY)
$(shell $(PY) -c '' 2>/dev/null || rm -f .venv/.ready-*)

WORDS := mtl_tui/locale/zh/LC_MESSAGES/mtl_tui

.PHONY: run test bank bench soak pictures

run: $(READY) $(WORDS).mo
	@if [ -t 0 ] && [ -t 1 ]; then exec .venv/bin/mtl-tui; else exec .venv/bin/mtl-tui demo --plain; fi

test: $(READY_TEST) $(WORDS).mo
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pytest -n 2

bank: $(READY) $(WORDS).mo
	@.venv/bin/mtl-tui bank check

bench: $(READY_TEST) $(WORDS).mo
	@missed=0; for script in tests/benchmarks/[a-z]*.py; do $(PY) $$script || missed=1; done; exit $$missed

soak: $(READY_TEST) $(WORDS).mo
	$(PY) -m pytest tests/store
	$(PY) tests/soak/store.py 200

pictures: $(READY_TEST) $(WORDS).mo
	@$(PY) -P tests/pictures.py

$(READY):
	@rm -f .venv/.ready-*
	@if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	    for python in $(PYTHON) ""; do \
	        [ -z "$$python" ] || "$$python" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	            2>/dev/null && break; \
	    done; \
	    if [ -z "$$python" ]; then \
	        echo "No Python 3.11 to 3.14 with venv was found (tried: $(PYTHON)): install one (Debian and Ubuntu:" \
	            "apt install python3-venv), or name it: make run PYTHON=/path/to/python3.12" >&2; \
	        exit 1; \
	    fi; \
	    echo "Making .venv with $$("$$python" -V)."; \
	    "$$python" -m venv --clear .venv; \
	fi
	@echo "Fetching the packages in constraints.txt, once. The largest is torch. On Linux its default build has CUDA and is"
	@echo "nearly 3 GB to fetch; the CPU build is 0.2 GB (1 GB installed) and all that is needed. Without torch: 0.05 GB."
	@echo "pip's own settings are honoured: an index that offers the CPU build saves the difference."
	$(PIP) hatchling babel
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(READY_TEST): $(READY)
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

$(WORDS).mo: $(WORDS).po | $(READY)
	@$(PY) hatch_build.py
