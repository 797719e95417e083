"""What grading costs: seconds a submission, side by side, and memory outside the sandboxes; written into benchmarks/README.md."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import psutil
from readme import write_table

from autograde import ROOT, submission
from autograde.grade import _parent, grade, grade_one


def make(folder: Path, count: int, solved: bool) -> list[Path]:
    """Submissions of chapters 1 and 2, solved or without any answer; each with a comment of its own, so that it is asked."""
    paths = []
    for number in range(count):
        path = folder / f"{number:03}" / "ganlib"
        path.mkdir(parents=True)
        for name in ("autoencoder.py", "vae.py"):
            text = (ROOT / ("solutions/ganlib" if solved else "ganlib") / name).read_text()
            (path / name).write_text(f"{text}\n# {number}\n")
        paths.append(path.parent)
    return paths


def seconds_of(path: Path, training: bool) -> float:
    started = time.perf_counter()
    grade_one(submission.read(path), 1, False, training)
    return time.perf_counter() - started


def one_after_another(blank: Path, solved: Path) -> dict[str, float]:
    """Seconds of the first and of a further submission without answers, and of a solved one with all training, in one process."""
    return {
        "first": seconds_of(blank, False),
        "further": min(seconds_of(blank, False) for _ in range(3)),
        "full": seconds_of(solved, True),
        "loop": loop(),
    }


def loop() -> float:
    """Seconds over its limit that an answer takes which never ends."""
    from autograde.client import AskFailed, Session  # here: the process whose memory is measured imports no torch

    limit = 2.0
    session = Session(modules={"vae": b"while True:\n    pass\n"}, parent=lambda: _parent(False))
    started = time.perf_counter()
    with suppress(AskFailed):
        session.ask({"target": "vae.elbo"}, (), {}, limit)
    return time.perf_counter() - started - limit


LOOP = """
import time
began = time.perf_counter()
numbers = [i % 1000 * 1.5 for _ in range(40) for i in range(10**5)]
print(time.perf_counter() - began)
"""


def of_the_machine() -> float:
    """How many times the work of one process two processes do that share nothing: median of five rounds of plain Python."""
    rounds = []
    for _ in range(5):
        seconds = {}
        for count in (1, 2):
            processes = [subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE) for _ in range(count)]
            seconds[count] = statistics.mean(float(process.communicate()[0]) for process in processes)
        rounds.append(2 * seconds[1] / seconds[2])
    return statistics.median(rounds)


def rate(paths: list[Path], out: Path, jobs: int) -> float:
    """Submissions a second, imports and sandboxes included."""
    started = time.perf_counter()
    grade(paths, out, seed=1, jobs=jobs, training=False)
    return len(paths) / (time.perf_counter() - started)


class Memory(threading.Thread):
    """The peak of the memory of this process and its jobs, sandboxes left out, in GiB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.over = 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            total = 0
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                try:
                    line = " ".join(process.cmdline())
                    total += 0 if "autograde.worker" in line else process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total / 2**30)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()  # a typing error is no reason to measure for minutes
    home = Path(tempfile.mkdtemp())
    blank, solved = make(home / "blank", 200, False), make(home / "solved", 60, True)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        single = pool.submit(one_after_another, blank[0], solved[0]).result()
    machine = [of_the_machine()]
    rates = [{jobs: rate(solved, home / f"out-{turn}-{jobs}", jobs) for jobs in (1, 2)} for turn in range(5)]
    least, _, ratio, _, largest = sorted(turn[2] / turn[1] for turn in rates)
    both = statistics.median(turn[2] for turn in rates)
    machine.append(of_the_machine())
    memory = Memory()
    memory.start()
    grade(blank, home / "many", seed=1, jobs=2, training=False)
    memory.over.set()
    shutil.rmtree(home)
    rows = [
        "| what | measured | budget |",
        "|---|---|---|",
        f"| first submission without answers: imports and sandbox too | {single['first']:.1f} s | |",
        f"| further submission without answers, 15 sessions | {single['further']:.1f} s | |",
        f"| imports and sandbox: the difference | {single['first'] - single['further']:.1f} s | 8 s |",
        f"| solved submission with all training, chapters 1 and 2 | {single['full']:.0f} s | 45 s |",
        "| 60 solved ones without training, 2 jobs against 1, median of five turns (least, largest) "
        f"| {ratio:.2f} times the rate ({least:.2f}, {largest:.2f}) | 1.8 times |",
        f"| two processes of plain Python against one, before and after | {machine[0]:.2f}, {machine[1]:.2f} | |",
        f"| the same, submissions a minute with 2 jobs | {60 * both:.0f} | |",
        f"| 200 submissions with 2 jobs, memory outside the sandboxes | {memory.peak:.2f} GiB | 2 GiB |",
        f"| an answer that never ends: time over its limit | {single['loop']:.1f} s | 3 s |",
    ]
    text = "\n".join([f"On {os.cpu_count()} cores:", "", *rows])
    print(text)
    write_table("grading", text)


if __name__ == "__main__":
    main()
