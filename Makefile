# The ways in for people who try or work on the collection. `make` lists them; everything generated stays in .cache.
# The work is done by scripts/, one script a subject; each can be run alone and does nothing when there is nothing to do.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

bin := $(CURDIR)/.cache/venv/bin
export PATH := $(bin):$(PATH)
export LC_ALL := C.UTF-8
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode
# Development sees the checkout as hris.ad; the demo and the artefact's tests see what Galaxy would install.
dev := ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.cache/dev
installed := ANSIBLE_COLLECTIONS_PATH=$(CURDIR)/.cache/collections
# PYTEST='-k leaver -x' reaches every pytest run; DAYS=20 plays the short scenario, KILLS=20 a short chaos, FUZZ=500 a short fuzz.
PYTEST ?=
DAYS ?= 120
KILLS ?= 300
FUZZ ?= 20000
# A worker for each core; with integration tests each of them has a domain of its own.
parallel = -n auto --maxprocesses=4
pytest = python -m pytest --junitxml=.cache/reports/$@.xml $(PYTEST)

help: ## this list
	@awk -F ':.*## ' '/^##@/ { print "\n" substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

##@ Try it
setup: ## system packages, Python environment and the collection, installed as Galaxy would
	@scripts/packages lab/packages.txt .config/packages/venv.txt
	@scripts/venv venv run
	@scripts/collection dev
	@scripts/collection install

demo: setup ## a company with its HR and its domain on this machine, and the collection at work in it
	@$(installed) scripts/as_root lab/demo.sh

lab-up: setup ## start the domain controller and the HR servers
	@scripts/as_root python -m lab up

lab-down: ## stop them
	@scripts/as_root python -m lab down

##@ Check it
test: .lint-ready .lab-ready .molecule-ready ## everything below, after setting up whatever it needs
	@scripts/test

full: .lint-ready .lab-ready .molecule-ready ## the same, with the tests marked `long`, and all that is marked `compat` or `awx`, in each ansible-core
	@LONG=1 scripts/test

unit: .unit-ready ## unit tests, in seconds
	@$(dev) $(pytest) $(parallel) tests/unit

lint: .lint-ready ## style, types and documentation: ruff, mypy, yamllint, ansible-lint, antsibull, shellcheck
	@$(dev) scripts/lint

sanity: .unit-ready ## ansible-test sanity on the built artefact, with the newest ansible-core of this machine (LONG=1: and the oldest)
	@scripts/sanity

artefact: .unit-ready .importer-ready install ## the built collection: its contents, its documentation, running it by name, and the imports of Galaxy and Automation Hub
	@$(installed) $(pytest) $(if $(SHORT),-m 'not long') tests/artefact

integration: .lab-ready ## against a real domain controller and HR servers
	@$(dev) scripts/as_root $(pytest) $(parallel) --dist loadfile --no-loadscope-reorder $(if $(SHORT),-m 'not long') tests/integration --ignore tests/integration/test_events.py

scenario: .lab-ready ## a company through 120 days (DAYS=20), one run a day, every day checked by a program of its own
	@$(dev) scripts/as_root python -m lab.scenario --days $(DAYS)

fuzz: .unit-ready ## generated records and answers, others each time (FUZZ=20000 of each; a few fixed ones are in make unit)
	@$(dev) FUZZ_PROFILE=fuzz FUZZ_EXAMPLES=$(FUZZ) $(pytest) $(parallel) tests/unit/fuzz

chaos: .lab-ready ## runs killed, cut off, without disk at random points (KILLS=300): nobody lost, nobody doubled, no password lost
	@$(dev) scripts/as_root python -m lab.chaos --kills $(KILLS)

molecule: .molecule-ready ## the roles, converged twice and verified
	@$(dev) scripts/as_root scripts/molecule

compat: .lab-ready ## the oldest and the newest ansible-core that this machine's Pythons can run
	@scripts/as_root env SHORT=$(SHORT) scripts/compat

events: .lab-ready ## rulebooks, run by ansible-rulebook, from a change in HR to the account; skipped where there is no Java
	@$(dev) PYTEST="$(PYTEST)" HRIS_TEST_ADDRESS=127.0.0.12 scripts/as_root scripts/events

docs: .docs-ready ## the documentation as a site, in .cache/site; a warning is an error
	@$(dev) scripts/docs

build: .venv-ready ## the artefact in .cache/dist
	@scripts/collection build

install: .venv-ready ## the artefact, installed into .cache/collections
	@scripts/collection install

clean: lab-stop ## stop the lab and remove everything generated
	@[ ! -d .cache ] || rm -rf .cache 2>/dev/null || scripts/as_root rm -rf .cache

##@ Measure it
bench: .bench-ready ## speed and memory beside the C tools and an Ansible loop; SIZE=1000 is the largest company (see bench/README.md)
	@$(dev) scripts/as_root env PYTHONPATH=.cache/dev python -m bench $(if $(SIZE),--size $(SIZE))

.venv-ready:
	@scripts/venv venv run
	@scripts/collection dev
.unit-ready: .venv-ready
	@scripts/venv venv unit
.lint-ready: .unit-ready
	@scripts/venv venv lint
.importer-ready: .venv-ready
	@VENV_CORE=none scripts/venv venv-importer importer
.docs-ready: .venv-ready
	@scripts/venv venv-docs docs
.lab-ready: .unit-ready
	@scripts/packages lab/packages.txt .config/packages/kerberos.txt .config/packages/browser.txt
	@scripts/venv venv integration
	@VENV_CORE=none scripts/venv runner-2.4.0 runner-2.4.0
	@VENV_CORE=none scripts/venv runner runner
.bench-ready: .lab-ready
	@scripts/packages .config/packages/bench.txt
	@scripts/venv bench-venv bench
.molecule-ready: .lab-ready
	@scripts/venv venv molecule
lab-stop:
	@if [ -x .cache/venv/bin/python ] && [ -d .cache/lab ]; then scripts/as_root python -m lab down; fi

.PHONY: help setup demo lab-up lab-down test full unit lint sanity artefact integration scenario fuzz chaos molecule compat events bench build docs install clean lab-stop \
  .venv-ready .unit-ready .lint-ready .importer-ready .docs-ready .lab-ready .bench-ready .molecule-ready
