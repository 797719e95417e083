#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is built.
set -euo pipefail
apt-get update
apt-get install -y make python3 python3-venv bubblewrap util-linux
make -C /autograder/source/course setup
chmod 600 /autograder/source/seed.txt
