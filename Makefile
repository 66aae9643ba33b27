# Everything a reader or contributor needs. Python 3.11 or later, make and git are enough; the rest goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := _build
SPHINX := $(BIN)/python -m sphinx -W --keep-going -q -j auto -d $(BUILD)/doctrees

.DEFAULT_GOAL := help
.PHONY: help html pdf epub live test soak check explain paper model license source tidy stale verdict linkcheck rehearse bench lint lock release clean

help: ## Say what can be made
	@echo "make …"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

html: $(VENV)/.runtime ## Build the site; a warning is an error
	@$(SPHINX) -b html . $(BUILD)/html
	@echo "The review is in $(BUILD)/html/index.html"

# The title page bears the day of the last change, so the same sources give the same book.
pdf: $(VENV)/.book ## Make the book, a PDF
	@SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)}" $(SPHINX) -b typst . $(BUILD)/pdf
	@echo "The book is $(BUILD)/pdf/instruction-tuning-review.pdf"

epub: $(VENV)/.runtime ## Make the e-book
	@SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || date +%s)}" $(SPHINX) -b epub . $(BUILD)/epub
	@echo "The e-book is in $(BUILD)/epub"

live: $(VENV)/.dev ## Show the site in the browser, and anew whenever a page is saved: make live PORT=8000
	@$(BIN)/python -m litreview live --open $(if $(PORT),--port "$(PORT)")

test: $(VENV)/.test ## Run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

soak: $(VENV)/.test ## Run the random tests for long, ever otherwise: make soak TIMES=50 SECONDS=600
	@REVIEW_SOAK=$(or $(TIMES),20) $(BIN)/python -m pytest -n 2 tests/test_never_stale.py tests/test_faults.py tests/test_frontmatter_fuzz.py tests/test_hostile_pages.py \
	  tests/test_limits.py tests/test_reader.py tests/test_plain_yaml.py tests/test_plain_evidence.py tests/test_plain_fences.py
	@$(BIN)/python -m pip install -q --disable-pip-version-check --only-binary :all: 'atheris~=3.0' 2>/dev/null || echo "Atheris has no wheel for this machine"
	@$(BIN)/python tests/fuzz_pages.py $(SECONDS)

check: $(VENV)/.runtime ## Check every page's facts, or one's: make check PAGE=papers/lima.md FIX=1 FORMAT=json
	@$(BIN)/python -m litreview check $(if $(PAGE),--page "$(PAGE)") $(if $(FORMAT),--format "$(FORMAT)") $(if $(FIX),--fix)

explain: $(VENV)/.runtime ## Say what an error's code means: make explain CODE=date-bad
	@$(BIN)/python -m litreview explain $(CODE)

# A new page; what can be looked up is filled in, and no page is ever overwritten.
NEW = $(BIN)/python -m litreview new $@ $(if $(ID),--id "$(ID)") $(if $(ARXIV),--arxiv "$(ARXIV)") $(if $(DOI),--doi "$(DOI)") \
  $(if $(BIBTEX),--bibtex "$(BIBTEX)") $(if $(KEY),--key "$(KEY)") $(if $(SPDX),--spdx "$(SPDX)") $(if $(TITLE),--title "$(TITLE)") $(if $(URL),--url "$(URL)")

paper: $(VENV)/.dev ## Start a paper's page: make paper ID=lima ARXIV=2305.11206 (or DOI=…, or BIBTEX=file.bib KEY=…)
	@$(NEW)

model: $(VENV)/.dev ## Start a model's page: make model ID=llama ARXIV=2302.13971
	@$(NEW)

license: $(VENV)/.dev ## Start a licence's page: make license SPDX=MIT-0
	@$(NEW)

source: $(VENV)/.dev ## Start an upstream source's page: make source ID=wikipedia TITLE=Wikipedia
	@$(NEW)

tidy: $(VENV)/.runtime ## Take the explanations off a new page: make tidy PAGE=papers/lima.md
	@$(BIN)/python -m litreview tidy "$(PAGE)"

stale: $(VENV)/.runtime ## List what is worth looking up next: make stale MONTHS=12 LIMIT=40
	@$(BIN)/python -m litreview stale $(if $(MONTHS),--months "$(MONTHS)") $(if $(LIMIT),--limit "$(LIMIT)") $(if $(KIND),--kind "$(KIND)")

verdict: $(VENV)/.runtime ## What a recipe may be used for: make verdict BASE=llama-2/7B DATA="alpaca lima"
	@$(BIN)/python -m litreview verdict $(if $(BASE),--base $(BASE)) $(foreach set,$(DATA),--data $(set)) $(if $(QUESTION),--question $(QUESTION))

linkcheck: $(VENV)/.runtime ## Ask whether the addresses on the pages still answer; takes long
	@$(SPHINX) -b linkcheck . $(BUILD)/linkcheck; result=$$?; \
	  grep -hF '[redirected permanently]' $(BUILD)/linkcheck/output.txt; \
	  echo "All answers are in $(BUILD)/linkcheck/output.txt"; exit $$result

rehearse: $(VENV)/.runtime ## Do what Read the Docs will do, in a clean folder and a new environment
	@$(BIN)/python tests/rehearse_read_the_docs.py $(if $(ONLY),--only $(ONLY))

bench: $(VENV)/.test ## Measure checks and builds against limits: make bench CASE="check small" PAIRS=3
	@PYTHONPATH=tests:_ext $(BIN)/python -m bench $(CASE) $(if $(PAIRS),--pairs $(PAIRS))

lint: $(VENV)/.test ## Check the code's style and types
	@$(BIN)/ruff check . && $(BIN)/mypy

lock: $(VENV)/.runtime ## Pin the requirements again, for all Python versions and platforms
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@for set in requirements requirements-book requirements-dev requirements-test; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --custom-compile-command "make lock" $$set.in -o $$set.txt; done

release: $(VENV)/.runtime ## Set the version, check, build and pack a release: make release VERSION=0.2.0
	@$(BIN)/python -m litreview check
	@$(BIN)/python -m litreview release "$(VERSION)"
	@$(MAKE) --no-print-directory html
	@$(BIN)/python -m litreview release "$(VERSION)" --pack

clean: ## Remove what was built; .venv stays
	@rm -rf $(BUILD)

# The environment: made once, refreshed when the requirements change.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: Python 3.11 or later is needed; try make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes a minute or two …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "review.pth").write_text(str(pathlib.Path("_ext").resolve()) + "\n")'

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what requirements-dev.txt lists …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.book: requirements-book.txt $(VENV)/.runtime
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-book.txt \
	  || { echo "make pdf: the packages of requirements-book.txt cannot be installed here: typst, tylax and pikepdf have wheels for x86-64 and aarch64 Linux, macOS" \
	            "and Windows; on another machine make the book elsewhere, or build them with a Rust compiler and pip's --no-binary" >&2; exit 1; }
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.runtime
	@echo "Installing what requirements-test.txt lists …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@
