# Two commands do everything: make book, make test. The others: make check, grade notebooks, release, serve, lint, bench.
EXTRAS := course,book,dev
include setup.mk

.DEFAULT_GOAL := help
.PHONY: help book test release hints serve lint bench clean

help:
	@echo "make book       set up, execute and build the book; prints where to open it"
	@echo "make test       set up, run every test"
	@echo "make check      check your own answers (EX=2.2 one exercise, EX=\"2.1 2.2\" two, CH=2 a chapter)"
	@echo "make notebooks  check the exercise notebooks (EX and CH as above); make lab opens them (ARGS=--help its options)"
	@echo "make serve      the book on http://localhost:8000 (PORT=8001 another port)"
	@echo "make release    write ganlib/, exercises/ and the class edition (BOOK=https://... the address of the book)"
	@echo "make lint · make hints · make bench (BENCH=grading ARGS=--help another one) · make clean"

book: setup
	@$(PY) book/build.py

# -n 2: two processes side by side, each torch on one thread; a file stays in one process.
test: setup
	@OMP_NUM_THREADS=1 GANLIB=solutions $(PY) -m pytest -n 2 --dist loadfile -q tests

release: setup
	@$(PY) -m autograde release --out dist $(if $(BOOK),--book '$(BOOK)')

hints: setup
	@$(PY) -m autograde.variants $(CH)

PORT := 8000
serve: setup
	@test -f _build/html/index.html || { echo "there is no book yet: make book" >&2; exit 1; }
	@$(PY) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "port $(PORT) is taken, or is no port: name another from 1024 to 65535, such as make serve PORT=8123" >&2; exit 1; }
	@echo "The book is on http://localhost:$(PORT) - Ctrl-C stops it."
	@$(PY) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lint: setup
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

# BENCH: which file of benchmarks/; ARGS: its options.
BENCH := targets
bench: setup
	@test -f benchmarks/$(BENCH).py || { echo "there is no benchmarks/$(BENCH).py" >&2; exit 1; }
	@GANLIB=solutions $(PY) benchmarks/$(BENCH).py $(ARGS)

clean:
	rm -rf _build dist
