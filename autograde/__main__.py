"""``python -m autograde check`` and ``python -m autograde release``."""

import argparse
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
    options = parser.parse_args(arguments)
    return options.run(options)


def _check(options: argparse.Namespace) -> int:
    import os

    from autograde.warm import warm_parent

    warm_parent()  # first of all: it imports torch on the other core while this process does
    from autograde.check import NOT_A_GRADE, report_lines, run
    from autograde.client import resolve_ganlib

    choice = os.environ.get("GANLIB", "") if options.ganlib is None else options.ganlib
    try:
        results = run(options.ids, ganlib=resolve_ganlib(choice), seed=options.seed, chapters=options.chapter).exercises()
    except (ValueError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    asked = [result for result in results if not options.ids or result.exercise.id in options.ids]
    print("\n".join(report_lines(asked)))
    print(NOT_A_GRADE)
    return 0 if asked and all(result.status == "passed" for result in asked) else 1


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
