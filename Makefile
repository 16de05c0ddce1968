# The commands of geoflow. `make` without arguments lists them.

.DEFAULT_GOAL := help

SHELL := /bin/bash
BIN := .venv/bin

CORES ?= all
SCALE ?=
COURSEWORK ?=
JOBS ?= 2
UV ?= uv

# Without this check, make would answer "Nothing to be done" for the name of an existing folder or file.
KNOWN := $(shell sed -nE 's/^([a-z-]+):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.PHONY: $(KNOWN)
UNKNOWN := $(filter-out $(KNOWN),$(MAKECMDGOALS))
ifneq ($(UNKNOWN),)
$(error geoflow: there is no command make $(firstword $(UNKNOWN)); run make without arguments to list the commands)
endif

SNAKEMAKE = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/snakemake --cores $(CORES) \
    $(if $(SCALE)$(COURSEWORK),--config $(if $(SCALE),scale=$(SCALE)) $(if $(COURSEWORK),coursework=$(COURSEWORK))) --

help: ## list these commands
	@echo "geoflow: geometric integrators and the networks made of them"
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1 | \2/' \
	    | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: ## install .venv and LaTeX (TORCH=cuda: for a GPU; PYTHON=...: the interpreter; INSTALLER=uv: faster)
	@TORCH="$(TORCH)" PYTHON="$(PYTHON)" INSTALLER="$(INSTALLER)" GEOFLOW_TEX="$(GEOFLOW_TEX)" bash workflow/setup.sh

reproduce: setup ## make all results, all figures and the report (CORES=4; SCALE=smoke, default or paper; V=1: all output)
	@bash workflow/scripts/reproduce.sh "$(CORES)" "$(SCALE)"

data: setup ## make only the results: the tables in data/results
	@$(SNAKEMAKE) data

figures: setup ## make the figures, and the results that they need
	@$(SNAKEMAKE) figures

report: setup ## make report/report.pdf and report/supplement.pdf, and everything that they need
	@$(SNAKEMAKE) report

poster: setup ## redraw the picture of README from the figures of the scale default
	@$(MAKE) --no-print-directory figures SCALE=default
	@$(BIN)/python workflow/scripts/draw_poster.py docs/poster.png

submission: setup ## make the archive of a coursework (COURSEWORK=config/coursework.yaml)
	@$(SNAKEMAKE) submission

site: setup ## make the documentation site, site/html/index.html, and everything that it shows
	@bash workflow/setup.sh --site
	@$(SNAKEMAKE) site

test-site: site ## open every page of the site in headless Chromium (Debian: apt-get install chromium fonts-dejavu-core)
	@GEOFLOW_SITE=site/html PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/site

marks: setup ## mark all archives of a folder: marks/marks.csv (FOLDER=submissions LEVEL=consistency JOBS=2)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/geoflow mark "$(FOLDER)" --jobs $(JOBS) --level $(or $(LEVEL),consistency)

tests: test ## the same as make test

test: style ## the checks before a merge: formatting and all tests, including the types (JOBS=2)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n $(JOBS)

test-slurm: setup ## the workflow on a real SLURM that is started for it, in half an hour (docs/cluster.md)
	@GEOFLOW_SLURM=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -rs tests/slurm

fuzz: setup ## tests with 2000 random inputs for each of seven interfaces (EXAMPLES=2000)
	@GEOFLOW_FUZZ=$(or $(EXAMPLES),2000) PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n $(JOBS) tests/fuzz

hostile: setup ## verify archives that attack the marker, at all levels (needs bubblewrap; about ten minutes)
	@GEOFLOW_HOSTILE=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/coursework/hostile

mutants: setup ## list changes that no test detects in .mutants/survivors.md (MODULES="theory.structure")
	@$(BIN)/python workflow/scripts/mutants.py $(MODULES)

lint: style ## check formatting, likely bugs and types
	@$(BIN)/mypy --no-error-summary

style: setup ## check formatting and likely bugs
	@$(BIN)/ruff format --check --quiet . || { echo "geoflow: some files are not formatted; run make format." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/snakefmt --check Snakefile workflow/rules >/dev/null 2>&1 \
	    || { echo "geoflow: the Snakefile is not formatted; run make format." >&2; exit 1; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python workflow/scripts/lint.py

format: setup ## format the Python and Snakemake files, and write the schema of config/ for editors
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/snakefmt Snakefile workflow/rules >/dev/null 2>&1
	@$(BIN)/python workflow/scripts/write_schema.py out=config/schema.json

# The CUDA packages that PyPI's torch requires are removed, because make setup installs the CPU build.
lock: setup ## regenerate requirements.lock from requirements.in (UPGRADE=1: with the newest versions)
	@command -v $(UV) >/dev/null || $(BIN)/python -m pip install --quiet uv
	@$(UV) pip compile requirements.in --output-file requirements.lock --quiet --no-header --no-annotate \
	    --generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade)
	@awk '/^[a-z0-9]/ { left_out = /^(nvidia-|cuda-|triton==)/ } !left_out' requirements.lock \
	    | sed -E '/^torch==/s/\+cpu//' > requirements.lock.new
	@mv requirements.lock.new requirements.lock
	@$(UV) pip compile requirements-site.in --constraint requirements.lock --output-file requirements-site.lock --quiet \
	    --no-header --no-annotate --generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade)
	@awk 'NR == FNR { if (/^[a-z0-9]/) there[$$1] = 1; next } /^[a-z0-9]/ { left_out = $$1 in there } !left_out' \
	    requirements.lock requirements-site.lock > requirements-site.lock.new
	@mv requirements-site.lock.new requirements-site.lock
	@$(UV) pip compile workflow/profiles/slurm/requirements.in --output-file workflow/profiles/slurm/requirements.lock \
	    --no-deps --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 $(if $(UPGRADE),--upgrade)
	@$(BIN)/python workflow/scripts/lock_for_uv.py $(UV)
	@echo "geoflow: requirements.lock has $$(grep -c '^[a-z0-9]' requirements.lock) packages; make setup installs them."

benchmark: setup ## compare the speed with hand-written C and other packages: benchmarks/speed.md
	@$(BIN)/python -m benchmark

clean: ## remove the output of the pipeline (not .venv, not downloaded data)
	@rm -rf data/results report/generated submission site logs benchmarks outputs .snakemake
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .mutants
	@rm -f figures/*.pdf figures/*.png report/*.pdf report/*.zip report/*.part
	@find data figures report -name '.*~*~*' -type f -delete
	@rm -rf report/.build-* report/coursework/.build-*
	@rm -rf figures/workflow
	@find report -type f \( -name '*.aux' -o -name '*.bbl' -o -name '*.blg' -o -name '*.fdb_latexmk' -o -name '*.fls' \
	    -o -name '*.log' -o -name '*.out' -o -name '*.toc' -o -name '*.synctex.gz' \) -delete 2>/dev/null || true
	@find src tests -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
