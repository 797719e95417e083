"""``python -m autograde check`` and ``python -m autograde release``."""

import argparse
import os
import sys
from pathlib import Path

from autograde import PUBLIC_SEED


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="autograde", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check your own answers; exit 0 only if every asked exercise passed")
    check.add_argument("ids", nargs="*", metavar="ID", help="exercises such as 2.2 (default: all)")
    check.add_argument("--chapter", type=int, action="append", default=[], metavar="N", help="only this chapter")
    check.add_argument(
        "--ganlib", default=None, metavar="DIR", help="a folder with ganlib/ in it, or 'solutions' (default: $GANLIB)"
    )
    check.add_argument("--seed", type=int, default=PUBLIC_SEED, help="seed of the tests' inputs")
    check.set_defaults(run=_check)
    release = commands.add_parser("release", help="write ganlib/, exercises/ and the class edition from solutions/")
    release.add_argument("--out", type=Path, default=Path("dist"), help="folder of the class edition")
    release.add_argument("--check", action="store_true", help="write nothing: exit 1 if something would change")
    release.set_defaults(run=_release)
    notebooks = commands.add_parser("notebooks", help="check the exercise notebooks; exit 0 only if all print what is wanted")
    notebooks.add_argument("--ganlib", default=None, metavar="DIR", help="as for check; notebooks are taken from its exercises/")
    notebooks.set_defaults(run=_notebooks)
    grade = commands.add_parser("grade", help="grade submissions behind the walls of a sandbox")
    grade.add_argument(
        "submissions", nargs="+", type=Path, metavar="SUBMISSION", help="a folder or zip with ganlib/ or exercises/"
    )
    grade.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the results; a second run goes on with it"
    )
    grade.add_argument("--seed", type=int, help="seed of the questions (default: a secret one, kept in DIR/seed.txt)")
    grade.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2), help="processes on this machine")
    grade.add_argument("--scheduler", default="", metavar="ADDRESS", help="a dask scheduler, such as tcp://host:8786, instead")
    grade.add_argument("--unsafe", action="store_true", help="without a sandbox; every result says so")
    grade.set_defaults(run=_grade)
    doctor = commands.add_parser("doctor", help="try every wall of the sandbox; exit 0 only if all hold")
    doctor.set_defaults(run=_doctor)
    options = parser.parse_args(arguments)
    return options.run(options)


def _check(options: argparse.Namespace) -> int:
    from autograde.warm import warm_parent

    warm_parent()  # first of all: it imports torch on the other core while this process does
    from autograde.check import NOT_A_GRADE, report_lines, run
    from autograde.client import resolve_ganlib

    choice = os.environ.get("GANLIB", "") if options.ganlib is None else options.ganlib
    try:
        results = run(options.ids, ganlib=resolve_ganlib(choice), seed=options.seed, chapters=options.chapter).exercises()
    except (ValueError, FileNotFoundError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    asked = [result for result in results if _is_asked(result.exercise, options)]
    print("\n".join(report_lines(asked)))
    print(NOT_A_GRADE)
    return 0 if asked and all(result.status == "passed" for result in asked) else 1


def _is_asked(exercise: object, options: argparse.Namespace) -> bool:
    if options.ids:
        return exercise.id in options.ids
    return not options.chapter or exercise.chapter in options.chapter


def _notebooks(options: argparse.Namespace) -> int:
    from autograde.warm import warm_parent

    warm_parent()
    from autograde import ROOT
    from autograde.client import Session, resolve_ganlib
    from autograde.notebooks import files, judge, report_lines

    choice = os.environ.get("GANLIB", "") if options.ganlib is None else options.ganlib
    try:
        ganlib = resolve_ganlib(choice)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    folder = (Path(ganlib) if ganlib not in ("", "solutions") else ROOT) / "exercises"
    results, remarks = [], []
    for name, file in files(folder).items():
        more, odd = judge(name, file.read_bytes(), lambda: Session(ganlib))
        results, remarks = results + more, remarks + odd
    print("\n".join(report_lines(results, remarks)))
    return 0 if results and all(result.status == "passed" for result in results) else 1


def _grade(options: argparse.Namespace) -> int:
    from autograde.grade import grade
    from autograde.reports import summary
    from autograde.sandbox import SandboxError

    try:
        records = grade(
            options.submissions,
            options.out,
            seed=options.seed,
            jobs=options.jobs,
            scheduler=options.scheduler,
            unsafe=options.unsafe,
        )
    except (FileNotFoundError, SandboxError) as error:
        print(error, file=sys.stderr)
        print("nothing was graded; see `python -m autograde doctor`", file=sys.stderr)
        return 2
    print("\n".join(summary(records)))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from autograde.doctor import WALLS, examine
    from autograde.sandbox import SandboxedParent, SandboxError

    try:
        parent = SandboxedParent()
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        walls = examine(parent, WALLS)
    finally:
        parent.close()
    for wall in walls:
        print(f"{'holds ' if wall.holds else 'BROKEN'}  {wall.name:<38} {wall.seen}")
    return 0 if all(wall.holds for wall in walls) else 1


def _release(options: argparse.Namespace) -> int:
    from autograde.release import differences, release

    if options.check:
        found = differences()
        print("\n".join(found) or "ganlib/ and exercises/ are what solutions/ gives")
        return 1 if found else 0
    release(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
