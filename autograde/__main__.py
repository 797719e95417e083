"""The grader's commands. Exit status 0: all is well; 1: something is not right yet; 2: it could not be done; 130: stopped."""

import argparse
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from autograde import PUBLIC_SEED, ROOT, resolve_ganlib


class Refused(Exception):
    """What was asked for cannot be done; the text says why."""


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options, left = parser.parse_known_args(arguments)
    if left:
        given = getattr(options, "submissions" if options.command == "grade" else "ids", None)
        if given is None or any(each.startswith("-") for each in left):
            parser.error(f"unrecognized arguments: {' '.join(left)}")
        given += left  # those behind an option
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the judge and the code that it asks take turns
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        if error.name in ("torch", "pytest", "psutil", "jupytext"):
            print(f"{sys.executable} has no {error.name}: use .venv/bin/python -m autograde, after make setup", file=sys.stderr)
        else:
            traceback.print_exc()
        return 2
    except Exception as error:
        if isinstance(error, OSError) and error.filename:  # as of a folder that is write-protected
            print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        elif _is_told(error):
            print(error, file=sys.stderr)
        else:
            traceback.print_exc()
        return 2


def _is_told(error: Exception) -> bool:
    """Whether the text of an error is all that somebody needs."""
    told = ("Refused", "FileNotFoundError", "ValueError", "RuntimeError", "NoSession", "SandboxError", "AnswersInTheWay")
    return type(error).__name__ in told


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autograde", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(run.__name__.strip("_"), help=help, description=help)
        made.set_defaults(run=run)
        return made

    check = command(_check, "check answers; exit status 0 only if every asked exercise passed")
    check.add_argument("ids", nargs="*", metavar="ID", help="exercises such as 2.2 or 2.1,2.2 (default: all)")
    _add_chapter(check)
    whose = "the folder in which the ganlib/ to be checked lies, or solutions (default: $GANLIB, or here)"
    check.add_argument("--ganlib", metavar="DIR", help=whose)
    seed = "seed of the tests' inputs (default: %(default)s)"
    check.add_argument("--seed", type=_whole, default=PUBLIC_SEED, metavar="N", help=seed)

    notebooks = command(_notebooks, "check the exercise notebooks; exit status 0 only if all print what is wanted")
    notebooks.add_argument("ids", nargs="*", metavar="ID", help="exercises such as 2.2 or 2.1,2.2 (default: all)")
    _add_chapter(notebooks)
    notebooks.add_argument("--ganlib", metavar="DIR", help="as for check; the notebooks are those of its exercises/")

    grade = command(_grade, "grade submissions behind the walls of a sandbox; the same command goes on where it was stopped")
    grade.add_argument("submissions", nargs="*", metavar="SUBMISSION", help="a folder or a zip that was handed in")
    listing = "a CSV file that says whose is which: the line name,folder and one for each submission"
    grade.add_argument("--list", type=Path, dest="listing", metavar="CSV", help=listing)
    grade.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of the results; what is done there is kept")
    _add_chapter(grade, "grade and count only this chapter; may be given again")
    only = "grade and count only these, such as 2.1,2.2; may be given again"
    grade.add_argument("--exercises", action="append", default=[], metavar="ID", help=only)
    seed = "seed of the questions (default: a secret one, kept in DIR/seed.txt)"
    grade.add_argument("--seed", type=_whole, metavar="N", help=seed)
    jobs = "how many at a time, each in a process of its own (default: %(default)s, half of the processors)"
    grade.add_argument("--jobs", type=_whole, default=max(1, (os.cpu_count() or 2) // 2), metavar="N", help=jobs)
    scheduler = "grade on the workers of a dask scheduler, such as tcp://host:8786, instead of here"
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help=scheduler)
    unsafe = "without a sandbox: a submission can read and change what you can; every result says so"
    grade.add_argument("--unsafe", action="store_true", help=unsafe)

    command(_doctor, "try every wall of the sandbox; exit status 0 only if all hold")

    release = command(_release, "write ganlib/, exercises/ and the class edition from solutions/")
    release.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="of the class edition (default: dist)")
    release.add_argument("--book", default="", metavar="URL", help="address of the published book, for the class edition")
    release.add_argument("--gradescope", action="store_true", help="write the Gradescope autograder too")
    _add_chapter(release, "what Gradescope's autograder grades (default: all); may be given again")
    release.add_argument("--check", action="store_true", help="write nothing: exit status 1 if something would change")
    return parser


def _add_chapter(command: argparse.ArgumentParser, words: str = "only this chapter; may be given again") -> None:
    command.add_argument("--chapter", type=_whole, action="append", default=[], metavar="N", help=words)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r}, want a whole number") from None


def _ids(given: list[str], chapters: list[int]) -> list[str]:
    """The exercises asked for by number and by chapter, known to exist: told before anything slow is imported.

    Nothing asked for is everything: an empty list.
    """
    ids = [id for part in given for id in re.split(r"[,\s]+", part) if id]
    files = sorted((ROOT / "tests").glob("test_[0-9][0-9]_*.py"))
    known = [
        id for file in files for id in re.findall(r'^@exercise\("([0-9.]+)"', file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    numbers = sorted({int(id.split(".")[0]) for id in known})
    for id in ids:
        if id.isdigit() and int(id) in numbers:
            raise Refused(f"{id} is a chapter: for all of it, make check CH={id}, or --chapter {id}")
        if id not in known:
            near = [each for each in known if each.split(".")[0] == id.split(".")[0]] or [known[0], "...", known[-1]]
            raise Refused(f"exercise {id}: there is none of this number; there are {', '.join(near)}")
    for chapter in chapters:
        if chapter not in numbers:
            raise Refused(f"chapter {chapter}: there is none of this number; there are {', '.join(map(str, numbers))}")
    return [id for id in known if id in ids or int(id.split(".")[0]) in chapters]


def _ganlib(options: argparse.Namespace) -> str:
    """Whose code: as chosen, or of $GANLIB; a wrong folder is told before anything slow is imported."""
    return resolve_ganlib(os.environ.get("GANLIB", "") if options.ganlib is None else options.ganlib)


def _check(options: argparse.Namespace) -> int:
    from autograde.warm import warm_parent

    ids, ganlib = _ids(options.ids, options.chapter), _ganlib(options)
    warm_parent()  # first of all: it imports torch on the other core while this process does
    from autograde.check import NOT_A_GRADE, report_lines, run

    results = run(ids, ganlib=ganlib, seed=options.seed).exercises()
    asked = [result for result in results if not ids or result.exercise.id in ids]
    print("\n".join(report_lines(asked)))
    if options.ganlib is None:
        print(NOT_A_GRADE)
    return 0 if asked and all(result.status == "passed" for result in asked) else 1


def _notebooks(options: argparse.Namespace) -> int:
    from autograde.warm import warm_parent

    ids, ganlib = _ids(options.ids, options.chapter), _ganlib(options)
    warm_parent()  # first of all, as for check
    from autograde.client import Session
    from autograde.notebooks import judge, manifest, report_lines

    folder = (Path(ganlib) if ganlib not in ("", "solutions") else ROOT) / "exercises"
    results, remarks = [], []
    for name, cells in manifest().items():
        file = folder / f"{name}.ipynb"
        if file.is_file():
            more, odd = judge(name, file.read_bytes(), lambda: Session(ganlib), ids)
            results, remarks = results + more, remarks + odd
        elif not ids or any(cell.exercise in ids for cell in cells):
            remarks.append(f"{file} is not there")
    print("\n".join(report_lines(results, remarks)))
    return 0 if results and all(result.status == "passed" for result in results) else 1


def _grade(options: argparse.Namespace) -> int:
    from autograde.grade import grade
    from autograde.reports import summary

    ids = _ids(options.exercises, options.chapter)
    if options.exercises and not ids:
        raise Refused("--exercises: got none, want numbers such as 2.1,2.2")
    if not options.submissions and options.listing is None:
        raise Refused("submissions: got none, want folders, zips or --list CSV")
    if options.jobs < 1:
        raise Refused(f"--jobs: got {options.jobs}, want at least 1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end: jobs and sandboxes go too
    records = grade(
        list(map(Path, options.submissions)),
        options.out,
        listing=options.listing,
        seed=options.seed,
        jobs=options.jobs,
        scheduler=options.scheduler,
        unsafe=options.unsafe,
        asked=ids,
    )
    print("\n".join(summary(records)))
    print(f"written: {options.out / 'gradebook.csv'}, and for each submission {options.out / 'NAME' / 'feedback.md'} and others")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from autograde.doctor import WALLS, examine
    from autograde.sandbox import SandboxedParent

    parent, walls = SandboxedParent(), []
    try:
        for wall in examine(parent, WALLS):
            print(f"{'holds ' if wall.holds else 'BROKEN'}  {wall.name:<38} {wall.seen}", flush=True)
            walls.append(wall)
    finally:
        parent.close()
    broken = sum(not wall.holds for wall in walls)
    print(
        f"{broken} of {len(walls)} walls are broken: grade will refuse"
        if broken
        else f"all {len(walls)} walls hold: you can grade"
    )
    return 1 if broken else 0


def _release(options: argparse.Namespace) -> int:
    _ids([], options.chapter)
    if options.chapter and not options.gradescope:
        raise Refused("--chapter: only with --gradescope; the class edition has all chapters")
    from autograde.release import differences, gradescope, release

    if options.check:
        found = differences()
        print("\n".join(found) or "ganlib/ and exercises/ are what solutions/ gives")
        return 1 if found else 0
    release(options.out, book=options.book)
    if options.gradescope:
        print(f"written: {gradescope(options.out, options.chapter)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
