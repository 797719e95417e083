"""Grades submissions: each in sessions behind walls, side by side on this machine or on a cluster, and can be resumed.

This process reads submissions and writes results; it imports no torch. A job (:func:`grade_one`) runs in a process that does,
once, and that keeps one sandbox for all the submissions it is given.
"""

import hashlib
import os
import re
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from functools import cache, partial
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.util import Finalize
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from tqdm import tqdm

from autograde import COURSE_VERSION, GRADER_FAILED, PUBLIC_SEED, ROOT, blank, plain_text, reports, submission
from autograde.sandbox import SandboxedParent, SandboxError
from autograde.submission import Submission, UnreadableSubmission
from autograde.warm import WarmParent, warm_parent

if TYPE_CHECKING:
    from autograde.results import ExerciseResult

COURSE_FILES = (
    "autograde/*.py",
    "ganlib/*.py",
    "tests/test_*.py",
    "tests/probes/*.py",
    "tests/blank.json",
    "tests/notebooks/*.ipynb",
    "tests/hints/*.json",
    "ganlib/weights/*",
)
SUBMISSION_LIMIT = 1800.0  # seconds after which a question has one second left
OWN_FILES = ("gradebook.csv", "seed.txt")


# --- what runs in a job ---

_one_at_a_time = threading.Lock()  # a cluster's worker may have several threads; pytest may not
_given: list = []  # the sandbox that was started for this job, if one was


def grade_one(handed_in: Submission, seed: int, unsafe: bool, training: bool = True, asked: tuple[str, ...] = ()) -> dict:
    """Judge one submission; ``training``: also by the tests that train; ``asked``: by these exercises alone, if any.

    Returns:
        A record of plain values: ``exercises`` and ``notebooks`` (a list each), ``remarks``, ``unsafe``, and an empty ``key``
        where it is no result to be kept.

    Raises:
        SandboxError: if a wall does not hold here, and ``unsafe`` is not given.
    """
    with _one_at_a_time:
        # Jobs stand side by side, one to a core: the threads of one would wait for the core of another.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        parent = _parent(unsafe)
        from autograde.client import Session

        _try_walls(parent)
        until = time.monotonic() + SUBMISSION_LIMIT
        open_session = partial(Session, modules=handed_in.modules or {"": b""}, parent=lambda: parent, until=until)
        exercises = _exercises(open_session, seed, training, blank.exercises(handed_in.modules), asked)
        record = {"exercises": exercises, **_notebooks(handed_in, open_session, asked), "unsafe": unsafe}
        if any(each["odd"] == GRADER_FAILED for each in exercises):
            record["key"] = ""  # not the student's fault: the next run tries again
        return record


def _exercises(open_session: object, seed: int, training: bool, untouched: dict[str, str], asked: tuple[str, ...]) -> list[dict]:
    from autograde.check import run

    results = run(asked, seed=seed, open_session=open_session, training=training, blank=untouched).exercises()
    if asked:
        results = _asked_for(results, asked)
    # What did not answer in time would not do so again.
    failed = [result.exercise.id for result in results if result.status == "failed" and "no answer within" not in result.odd]
    hints = {}
    if failed and seed != PUBLIC_SEED:
        # The catalogued mistakes are known by what they answer to the public questions.
        again = run(failed, open_session=open_session, training=False, needs=False).exercises()
        hints = {result.exercise.id: result.hint for result in again if result.status == "failed"}
    return [
        {
            "id": result.exercise.id,
            "title": result.exercise.title,
            "points": result.exercise.points,
            "score": result.score,
            "status": result.status,
            "message": result.message,
            "odd": result.odd,
            "hint": result.hint or hints.get(result.exercise.id, "") if result.status == "failed" else "",
        }
        for result in results
    ]


def _asked_for(results: list["ExerciseResult"], asked: tuple[str, ...]) -> list["ExerciseResult"]:
    """Those that count. What they build on was judged with them: where that is wrong, they say what is wrong with it."""
    from autograde.check import with_needs

    known = {result.exercise.id: result.exercise for result in results}
    found = []
    for result in results:
        if result.exercise.id in asked:
            needs = with_needs({result.exercise.id}, known)
            wrong = [each for each in results if each.exercise.id in needs - set(asked) and each.status == "failed"]
            for test in result.tests if result.status == "unchecked" else ():
                test.message += "".join(f"\n\n{each.exercise.id} {each.exercise.title}:\n{each.message}" for each in wrong)
            found.append(result)
    return found


def _notebooks(handed_in: Submission, open_session: object, asked: tuple[str, ...]) -> dict[str, list]:
    from autograde.notebooks import judge, manifest

    found, remarks = [], list(handed_in.remarks)
    for name in sorted(set(manifest()) & set(handed_in.notebooks)):
        results, odd = judge(name, handed_in.notebooks[name], open_session, asked)
        found += [{"id": result.exercise, "status": result.status, "message": result.message} for result in results]
        remarks += odd
    return {"notebooks": found, "remarks": submission.bounded(remarks)}


@cache
def _parent(unsafe: bool) -> WarmParent:
    """The warm parent of this process's sessions."""
    if unsafe:
        return warm_parent()
    parent = SandboxedParent.taken_over(*_given) if _given else SandboxedParent()
    Finalize(parent, parent.close, exitpriority=0)  # a job's process runs no atexit
    return parent


@cache
def _try_walls(parent: WarmParent) -> None:
    """Once: no stranger's code runs before the walls hold."""
    from autograde.doctor import QUICK, examine

    if isinstance(parent, SandboxedParent):
        broken = [f"{wall.name} ({wall.seen})" for wall in examine(parent, QUICK) if not wall.holds]
        if broken:
            raise SandboxError(f"the sandbox does not hold here: {'; '.join(broken)}")


# --- what runs here ---


def course_digest() -> str:
    """Hash of everything that a grade depends on besides submission and seed."""
    digest = hashlib.sha256(COURSE_VERSION.encode())
    for file in sorted(file for pattern in COURSE_FILES for file in ROOT.glob(pattern)):
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _key(handed_in: Submission, course: str, *settings: object) -> str:
    """Hash of what a result depends on: one with this key need not be made again."""
    digest = hashlib.sha256(f"{course} {settings}".encode())
    for part in (handed_in.modules, handed_in.notebooks):
        for name, data in sorted(part.items()):
            digest.update(f"{name} {len(data)} ".encode() + data)
    digest.update("\n".join(handed_in.remarks).encode())
    return digest.hexdigest()


def _seed_of(out: Path, given: int | None) -> int:
    """The given seed, the one this folder was begun with, or a new secret one."""
    file = out / "seed.txt"
    try:
        begun = int(file.read_text()) if file.is_file() else None
    except ValueError as error:
        raise ValueError(f"{file} holds no whole number: write the seed back into it, or name another folder") from error
    if None not in (begun, given) and begun != given:
        raise ValueError(f"--seed: got {given}, but {out} was begun with another one, which is in {file}: name another folder")
    seed = next(each for each in (given, begun, secrets.randbits(60)) if each is not None)
    reports.write(file, f"{seed}\n", mode=0o600)
    return seed


def _read_all(paths: Sequence[Path], listing: Path | None) -> dict[str, Submission]:
    """The submissions by the name of their results' folder; what cannot be read is an empty submission that says why."""
    found: dict[str, Submission] = {}
    _all_there(paths)
    pairs = [*(submission.listed(listing) if listing else []), *(("", path) for path in paths)]
    alike: dict[str, list[tuple[Submission, Path]]] = defaultdict(list)
    for given_name, path in pairs:
        handed_in = _read(path)
        name = base = reports.safe_name(given_name or handed_in.name)
        number = 2
        while name in found or name in OWN_FILES:
            name, number = f"{base}-{number}", number + 1
        found[name] = handed_in
        alike[base.casefold()].append((handed_in, path))
    for members in alike.values():
        for handed_in, path in members if len(members) > 1 else ():
            words = f"{len(members)} submissions were handed in under this name; this one is {path.parent.name}/{path.name}."
            handed_in.remarks.insert(0, plain_text(words))
    return found


def _read(path: Path) -> Submission:
    """A submission; what cannot be read is an empty one that says why."""
    try:
        if path.suffix == ".csv":
            raise UnreadableSubmission(f"{path.name} is no submission; a list of submissions is given by --list.")
        return submission.read(path)
    except Exception as error:
        words = str(error) if isinstance(error, UnreadableSubmission) else f"It cannot be read ({type(error).__name__})."
        return Submission(path.stem if path.suffix == ".zip" else path.resolve().name, remarks=[plain_text(words)])


def _all_there(paths: Iterable[Path]) -> None:
    missing = [str(path) for path in paths if submission.is_missing(path)]
    if missing:
        numbers = any(re.fullmatch(r"\d+\.\d+", each) for each in missing)
        more = "; --exercises takes several with commas: 2.1,2.2" if numbers else ""
        raise FileNotFoundError(f"submissions: there is no such file or folder: {', '.join(missing)}{more}")


def grade(
    paths: Sequence[Path],
    out: Path,
    *,
    listing: Path | None = None,
    seed: int | None = None,
    jobs: int = 1,
    scheduler: str = "",
    unsafe: bool = False,
    training: bool = True,
    asked: Sequence[str] = (),
) -> list[dict]:
    """Grade submissions and write everything into ``out``; what is there already and still true is kept.

    Args:
        paths: folders and zips.
        out: the folder of the results.
        listing: a CSV file that says whose is which: see :func:`autograde.submission.listed`. Nothing that was handed in is one.
        seed: of the questions; None: the one ``out`` was begun with, or a new secret one.
        jobs: processes on this machine.
        scheduler: address of a dask scheduler, to use its workers instead.
        unsafe: without sandbox.
        training: also by the tests that train.
        asked: the exercises that count; empty means all.

    Returns:
        The records, in the order of the names.

    Raises:
        FileNotFoundError: if a path does not exist.
        ValueError: if ``out`` was begun with another seed or is no folder, or the listing is no such file.
        SandboxError: if the sandbox does not hold.
    """
    handed_in = _read_all(paths, listing)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"--out: {out} is no folder and cannot be made one ({error.strerror})") from error
    seed, course = _seed_of(out, seed), course_digest()
    settings = (seed, unsafe, training, tuple(asked))
    keys = {name: _key(each, course, *settings) for name, each in handed_in.items()}
    records = {name: record for name in handed_in if (record := reports.read_record(out / name, keys[name])) is not None}
    todo = {name: each for name, each in handed_in.items() if name not in records}
    if records:
        print(f"{len(records)} of {len(handed_in)} are graded already and kept", file=sys.stderr)
    at_once = 1 if scheduler else min(jobs, len(todo))  # of a cluster it is not known
    if todo:
        where = f"on {scheduler}" if scheduler else f"{at_once} at a time"
        print(f"grading {len(todo)}, {where}; the first takes some seconds longer", file=sys.stderr, flush=True)
    run = _on_cluster(todo, settings, scheduler) if scheduler else _on_this_machine(todo, settings, jobs)
    try:
        _write_as_they_come(run, records, keys, seed, out, at_once)
    finally:  # where it is stopped, or a disk is full, too
        run.close()
        ordered = _finish(handed_in, records, out)
    return ordered


def _write_as_they_come(
    run: Iterator, records: dict[str, dict], keys: dict[str, str], seed: int, out: Path, at_once: int
) -> None:
    terminal, total, started = sys.stderr.isatty(), len(keys) - len(records), time.monotonic()
    with tqdm(total=total, desc="graded", disable=not terminal) as bar:
        for done, (name, record) in enumerate(run, start=1):
            records[name] = {
                "name": name,
                "key": keys[name],
                "seed": hashlib.sha256(str(seed).encode()).hexdigest()[:16],
                **record,
            }
            reports.write_one(out / name, records[name])
            bar.update()
            if not terminal and (done in (1, total) or done % -(-total // 10) == 0):
                # When the first is done, those beside it nearly are.
                left = (time.monotonic() - started) / max(done, at_once) * (total - done)
                words = f", about {tqdm.format_interval(left)} left" if done < total else ""
                print(f"graded {done} of {total}{words}", file=sys.stderr, flush=True)


def _finish(handed_in: dict[str, Submission], records: dict[str, dict], out: Path) -> list[dict]:
    """Write the gradebook, and tell on stderr what it lacks: submissions that a stopped run has not come to, earlier results."""
    ordered = [records[name] for name in sorted(records)]
    if ordered:
        reports.write_gradebook(out / "gradebook.csv", ordered)
    left = [name for name in handed_in if name not in records]
    if left:
        print(f"{len(left)} not graded yet: {_some(left)}; the same command goes on there", file=sys.stderr)
    others = sorted(file.parent.name for file in out.glob("*/record.json") if file.parent.name not in handed_in)
    if others:
        words = f"{len(others)} earlier results in {out}, which were not given this time: {_some(others)}"
        print(f"not in gradebook.csv: {words}", file=sys.stderr)
    return ordered


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _failed(error: BaseException) -> dict:
    """The record of a submission that could not be judged; without key, so that the next run tries again."""
    said = [line.strip() for line in str(error).splitlines() if line.strip()] or ["no words"]
    words = f"{GRADER_FAILED}: {type(error).__name__}: {said[-1][:200]}. Grade again, or report it."
    return {"exercises": [], "notebooks": [], "remarks": [words], "unsafe": False, "key": ""}


def _on_this_machine(todo: dict[str, Submission], settings: tuple, jobs: int) -> Iterator[tuple[str, dict]]:
    """Results as they come. When a job dies, what was left is given out again."""
    while todo:
        left = set()
        for name, outcome in _pooled(todo, settings, jobs):
            if isinstance(outcome, BrokenProcessPool):
                left.add(name)
            else:
                yield name, outcome
        todo = {name: each for name, each in todo.items() if name in left}
        # Those that may have been under way, each in a job of its own; then the others side by side again.
        for name in list(todo)[: 2 * jobs + 1]:
            for _, outcome in _pooled({name: todo.pop(name)}, settings, 1):
                yield name, _failed(outcome) if isinstance(outcome, BrokenProcessPool) else outcome


def _begin_job(begun: Synchronized, jobs: int, given: list[tuple[socket, int]]) -> None:
    """In a job: takes one of the sandboxes, and ends it when this process is gone, killed or not; its sandbox ends with it."""

    def wait() -> None:
        parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
    with begun.get_lock():
        number, begun.value = begun.value, begun.value + 1
    _keep_to_a_core(number, jobs)
    for place, (control, bwrap) in enumerate(given):
        if place == number:
            _given[:] = control, bwrap
        else:
            control.close()


def _on_a_core(number: int, jobs: int) -> SandboxedParent:
    allowed = _keep_to_a_core(number, jobs)
    try:
        return SandboxedParent()
    finally:
        if allowed:
            os.sched_setaffinity(0, allowed)


def _keep_to_a_core(number: int, jobs: int) -> set[int]:
    """Judge and session of a job take turns: on one core neither waits until another wakes.

    Where there are fewer jobs than cores, all may be used. Returns the cores that were allowed, empty where nothing is changed.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if jobs < len(cores) or not cores:
        return set()
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    return set(cores)


def _pooled(todo: dict[str, Submission], settings: tuple, jobs: int) -> Iterator[tuple[str, dict | BrokenProcessPool]]:
    jobs = min(jobs, len(todo))
    context = get_context("forkserver")
    context.set_forkserver_preload(["autograde.judge"])
    unsafe, others = settings[1], set(active_children())
    with ExitStack() as stack:
        # They import torch here while the judge of all jobs does.
        sandboxes = [] if unsafe else [stack.enter_context(closing(_on_a_core(number, jobs))) for number in range(jobs)]
        given = [sandbox.handed_over() for sandbox in sandboxes]
        begin = (context.Value("i"), jobs, given)
        pool = stack.enter_context(ProcessPoolExecutor(jobs, context, _begin_job, begin))
        futures = {pool.submit(grade_one, each, *settings): name for name, each in todo.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], _outcome(future)
        except BaseException:  # nobody waits for what is under way
            pool.shutdown(wait=False, cancel_futures=True)
            for job in set(active_children()) - others:
                job.kill()
            raise


def _outcome(future: Future) -> dict | BrokenProcessPool:
    """The record, or that the job has died.

    Raises:
        SandboxError: if the sandbox does not hold, for this submission as for all others.
    """
    try:
        return future.result()
    except BrokenProcessPool as error:
        return error
    except SandboxError:
        raise
    except Exception as error:
        return _failed(error)


def _on_cluster(todo: dict[str, Submission], settings: tuple, scheduler: str) -> Iterator[tuple[str, dict]]:
    """Results as they come from a dask cluster, which gives out again what a lost worker had."""
    try:
        from distributed import Client
        from distributed import as_completed as as_they_come
    except ModuleNotFoundError as error:
        words = f"{error.name} is not installed: .venv/bin/python -m pip install -c constraints.txt distributed"
        raise ValueError(f"--scheduler: {words}") from error
    try:
        client = Client(scheduler)
    except OSError as error:
        raise ValueError(f"--scheduler: nobody answers at {scheduler}; is dask scheduler running there?") from error
    with client:
        futures = {client.submit(grade_one, each, *settings, pure=False, retries=2): name for name, each in todo.items()}
        for future in as_they_come(futures):
            try:
                record = future.result()
            except SandboxError:
                raise
            except Exception as error:
                record = _failed(error)
            yield futures[future], record
