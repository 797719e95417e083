# What every edition's Makefile begins with: the environment, in this folder and nowhere else, and a learner's commands.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
VAR := $(CURDIR)/$(VENV)/var

# Tools that would write to the home folder are given places in here.
export MPLCONFIGDIR := $(VAR)/matplotlib
export IPYTHONDIR := $(VAR)/ipython
export JUPYTER_CONFIG_DIR := $(VAR)/jupyter-config
export JUPYTER_DATA_DIR := $(VAR)/jupyter-data
export JUPYTER_RUNTIME_DIR := $(VAR)/jupyter-run
export JUPYTER_PREFER_ENV_PATH := 1
export XDG_CACHE_HOME := $(VAR)/cache
export PYTHONPATH := $(CURDIR)
# Images for containers set it; without compiled files every process compiles the course and its tests anew.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# EXISTING_TORCH=1 takes torch and torchvision from the Python that makes the environment.
ifdef EXISTING_TORCH
  SYSTEM := --system-site-packages
  # An environment made from inside another one takes packages from the Python under both.
  BASE = $(shell $(PYTHON) -c 'import sys; print(sys._base_executable)')
  NEEDED := import torch, torchvision; assert tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 11)
  ifneq (,$(shell grep -s 'system-site-packages = false' $(VENV)/pyvenv.cfg))
    $(error EXISTING_TORCH=1: $(VENV) was made without it and takes no torch from outside; remove it first with rm -r $(VENV), or leave the flag out)
  endif
  UNPINNED := ^(torch|torchvision|numpy)==
else
  UNPINNED := ^$$
endif

NUMBERS := $(filter 0% 1% 2% 3% 4% 5% 6% 7% 8% 9%,$(MAKECMDGOALS))
ifdef NUMBERS
  $(error exercises are named by EX: make $(firstword $(MAKECMDGOALS)) EX="$(NUMBERS)")
endif

.PHONY: setup check notebooks lab
setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another with make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
ifdef EXISTING_TORCH
	@test -x $(PY) || $(BASE) -c '$(NEEDED)' 2>/dev/null || { echo "EXISTING_TORCH=1: $(BASE) has no torch 2.11 or newer (with torchvision);" \
		"leave the flag out, or name with PYTHON= a Python that has it (not one inside a virtual environment)" >&2; exit 1; }
endif
	@test -x $(PY) || $(PYTHON) -m venv $(SYSTEM) $(VENV)
	@mkdir -p $(VAR)
	@grep -vE '$(UNPINNED)' constraints.txt > $(VENV)/constraints.txt
	@echo "installing into $(VENV) (the first time: several minutes)"
	@$(PY) -m pip install --quiet --no-cache-dir -c $(VENV)/constraints.txt -e '.[$(EXTRAS)]'
	@touch $(READY)

# Exit status 1 says that something is not right yet: for make that is no error.
ORDINARY := || exit $$(($$? == 1 ? 0 : $$?))

# Typed in lower case, they mean the same.
EX ?= $(ex)
CH ?= $(ch)
COMMA := ,
CHAPTERS = $(addprefix --chapter=,$(subst $(COMMA), ,$(CH)))
check: setup
	@$(PY) -m autograde check $(EX) $(CHAPTERS) $(ORDINARY)

notebooks: setup
	@$(PY) -m autograde notebooks $(EX) $(CHAPTERS) $(ORDINARY)

lab: setup
	@$(PY) -m jupyterlab exercises $(ARGS)
