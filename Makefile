# make demo   the main job, on a small agency built on the spot
# make run    the daemon on config/vbdaemon.toml
# make test   installs what tests need and runs everything
# make install  the service on this machine, or below DESTDIR=…
# make bundle  all that a machine without network needs, in dist/
# make bench  measurements, printed as tables

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := .stamps
SHELL  := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

OCR_PACKAGES  := tesseract-ocr tesseract-ocr-vie
ARCHIVE_PACKAGES := libarchive13
TEST_PACKAGES := $(OCR_PACKAGES) $(ARCHIVE_PACKAGES) fonts-freefont-ttf postgresql systemd clamav-daemon dovecot-imapd postfix swaks libnet-ssleay-perl curl

.PHONY: help demo run install bundle test unit lint bench ocr test-packages lock clean
help:
	@sed -n 's/^# //p' Makefile

demo: $(STAMPS)/program ocr
	@$(BIN)/vbdaemon demo demo

run: $(STAMPS)/program
	@$(BIN)/vbdaemon --config config/vbdaemon.toml run

PREFIX ?= /opt/vbdaemon
install:
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" PYTHON="$(PYTHON)" systemd/install.sh

OUT ?= dist
bundle: $(STAMPS)/program
	@OUT="$(OUT)" PYTHON="$(CURDIR)/$(BIN)/python" systemd/bundle.sh

test: $(STAMPS)/tests test-packages
	@$(MAKE) --no-print-directory lint
	@.ci/tests

unit: $(STAMPS)/tests
	@$(BIN)/pytest -q -n 2 -m "not journey and not durability and not slow and not bench"

lint: $(STAMPS)/tests
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 3

bench: $(STAMPS)/tests ocr
	@$(BIN)/python -m pytest tests/bench -q -s --no-header -p no:cacheprovider --timeout 3600 -m bench

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vbdaemon needs Python 3.11 or later; name one with make PYTHON=…")'
	@mkdir -p $(STAMPS)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(STAMPS)/program: $(STAMPS)/venv requirements.txt requirements-build.txt pyproject.toml
	@echo "Installing what vbdaemon needs into $(VENV) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/tests: $(STAMPS)/program requirements-test.txt
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

ocr:
	@.ci/debian-packages $(OCR_PACKAGES) $(ARCHIVE_PACKAGES)

test-packages:
	@.ci/debian-packages $(TEST_PACKAGES)

# After a change of the dependencies in pyproject.toml; needs pip-tools.
lock:
	$(BIN)/pip-compile $(LOCK) --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK) --extra test --extra postgresql --constraint requirements.txt --output-file requirements-test.txt pyproject.toml
	echo 'setuptools>=77' | $(BIN)/pip-compile $(LOCK) --output-file requirements-build.txt -
LOCK := --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean:
	rm -rf $(VENV) $(STAMPS) demo build dist *.egg-info
