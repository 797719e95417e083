"""What the course costs: wall seconds and peak memory of its commands, written into benchmarks/README.md.

``make bench BENCH=budgets`` empties ``_build`` first, so that one of the two builds is cold.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from readme import read_table, write_table

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Budget:
    """A command, and what it may cost."""

    name: str
    command: str
    seconds: float
    again: bool = False  # measured at the second time: the first reads torch from the disk


BUDGETS = (
    Budget("`make check EX=2.2` (solutions)", "GANLIB=solutions make check EX=2.2", 10, again=True),
    Budget("`make book`, cold", "rm -rf _build && make book", 15 * 60),
    Budget("`make book`, nothing changed", "make book", 30),
    Budget("`make test`", "make test", 18 * 60),
)
MEMORY_BUDGET = 4  # GiB


def measure(command: str) -> tuple[float, float]:
    """Wall seconds, and the peak of the memory of all its processes together in GiB (proportional share, sampled)."""
    started = time.perf_counter()
    process = subprocess.Popen(command, shell=True, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    peak, over = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.5):
            peak = max(peak, sum(map(proportional_memory, session_of(process.pid))) / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    over.set()
    watcher.join()
    if code:
        raise SystemExit(f"{command} failed with exit code {code}")
    return time.perf_counter() - started, peak


def session_of(leader: int) -> set[int]:
    """The process and everything it started, also what has a session of its own by now."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(re.search(r"\) \S (\d+)", (entry / "stat").read_text())[1])
            except (OSError, TypeError):
                continue
    family = {leader}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def proportional_memory(pid: int) -> int:
    """KiB, with pages that processes share counted once."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])


def wheel_size() -> float:
    """Installed size of the wheel in MiB."""
    files = [path for path in (ROOT / "ganlib").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return sum(path.stat().st_size for path in files) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, nargs="*", default=range(len(BUDGETS)), help="these commands alone, counted from 0")
    options = parser.parse_args()
    if not shutil.which("make") or not Path("/proc").is_dir():
        sys.exit("this needs make and Linux's /proc")
    rows = {
        line.split(" | ")[0].removeprefix("| "): line for line in read_table("budgets").splitlines() if line.startswith("| `")
    }
    for index in options.only:
        budget = BUDGETS[index]
        if budget.again:
            measure(budget.command)
        seconds, peak = measure(budget.command)
        rows[budget.name] = f"| {budget.name} | {seconds:.0f} s | {budget.seconds:.0f} s | {peak:.1f} GiB |"
        print(rows[budget.name], flush=True)
    head = [f"| what | measured | budget | peak memory (budget {MEMORY_BUDGET} GiB) |", "|---|---|---|---|"]
    kept = [rows[budget.name] for budget in BUDGETS if budget.name in rows]
    last = f"| ganlib, installed | {wheel_size():.2f} MiB | 1 MiB | |"
    write_table("budgets", "\n".join([f"On {os.cpu_count()} cores:", "", *head, *kept, last]))


if __name__ == "__main__":
    main()
