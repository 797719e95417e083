"""The student's own check: runs the graded tests and says, by exercise, what is wrong and why."""

import contextlib
import io
import textwrap
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pytest

from autograde import PUBLIC_SEED, ROOT
from autograde.client import Session
from autograde.reports import told_once
from autograde.results import ExerciseResult, Results, TestResult
from autograde.testing import Exercise

NOT_A_GRADE = "This is your own check, not a grade."
WIDTH = 110


class _Runner:
    """Chooses the tests of a run, and takes its results out of pytest."""

    def __init__(
        self,
        ids: Sequence[str],
        chapters: Sequence[int],
        training: bool,
        quick: bool,
        needs: bool,
        builders: bool,
        open_session: Callable[[], Session] | None,
        blank: Mapping[str, str],
        variants: Sequence[str],
    ) -> None:
        self.ids, self.chapters, self.needs = set(ids), set(chapters), needs
        self.training, self.quick, self.builders = training, quick, builders
        self.open_session, self.blank = open_session, blank
        self.variants = variants
        self.known: dict[str, Exercise] = {}
        self.results: list[Results] = []

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        from autograde.plugin import STATE, is_graded, short_name, still_to_be_written

        graded = [item for item in items if is_graded(item)]
        self.known = {item.cls.__exercise__.id: item.cls.__exercise__ for item in graded}
        asked = self.ids or {
            id for id, exercise in self.known.items() if exercise.chapter in (self.chapters or {exercise.chapter})
        }
        if self.builders:
            asked = {id for id in self.known if asked & with_needs({id}, self.known)}
        wanted = with_needs(asked, self.known) if self.needs else asked
        results = config.stash[STATE].results
        kept = set()
        for item in graded:
            exercise = item.cls.__exercise__
            kind_is_asked = self.training if item.get_closest_marker("training") else self.quick
            if exercise.id not in wanted or not kind_is_asked:
                results.leave_out(exercise, short_name(item))
            elif exercise.id in self.blank:
                words = still_to_be_written(self.blank[exercise.id])
                results.record(exercise, TestResult(short_name(item), "blank", words))
            else:
                kept.add(item)
        items[:] = [item for item in items if item in kept or not is_graded(item)]

    def pytest_configure(self, config: pytest.Config) -> None:
        from autograde.plugin import STATE

        if self.open_session is not None:
            config.stash[STATE].open_session = self.open_session

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All tests of one variant, then all of the next: collecting them anew would take longer than to run them."""
        from autograde.plugin import STATE, begin

        if session.testsfailed:  # the files cannot be collected, and :func:`run_each` says so
            return True
        announced = session.config.stash[STATE].results
        for number, variant in enumerate(self.variants, start=1):
            begin(session.config, variant, announced.unjudged())
            # What is made once for all tests stays for the next variant.
            queue = [*session.items, *([None] if number == len(self.variants) else session.items[:1])]
            for item, following in zip(session.items, queue[1:], strict=True):
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self.results.append(session.config.stash[STATE].results)
        # Nobody reads a summary of what has failed, and to lay it out takes a time that grows with the square of it.
        session.config.pluginmanager.get_plugin("terminalreporter").stats.clear()
        return True


def with_needs(ids: set[str], known: dict[str, Exercise]) -> set[str]:
    """The exercises and all that they build on."""
    wanted, queue = set(), list(ids)
    while queue:
        id = queue.pop()
        if id in known and id not in wanted:
            wanted.add(id)
            queue += known[id].needs
    return wanted


# Parts of pytest that this has no use for; the last three cost a third of the time that a small test takes.
UNUSED = ("cacheprovider", "logging", "unraisableexception", "threadexception")
# Instead of the project's own settings: plugins of other packages stay out, of which nbval alone takes two seconds to import.
SETTINGS = "addopts=-p autograde.plugin --import-mode=importlib"


def run(ids: Sequence[str] = (), *, variant: str = "", **options: object) -> Results:
    """Run graded tests quietly and return what they found: :func:`run_each` for one variant, or none."""
    (results,) = run_each(ids, [variant], **options)
    return results


def run_each(
    ids: Sequence[str],
    variants: Sequence[str],
    *,
    ganlib: str = "",
    seed: int = PUBLIC_SEED,
    training: bool = True,
    quick: bool = True,
    chapters: Sequence[int] = (),
    needs: bool = True,
    builders: bool = False,
    open_session: Callable[[], Session] | None = None,
    blank: Mapping[str, str] = MappingProxyType({}),
) -> list[Results]:
    """Run graded tests quietly, and again for each variant, and return what they found of each.

    Args:
        ids: exercises; empty means all.
        variants: catalogued mistakes or alternatives to lay over the code; "" for the code as it is.
        ganlib: whose code (see :class:`autograde.client.Session`).
        seed: of the inputs.
        training: whether to run the tests that train a model.
        quick: whether to run the others. Where one of them fails, its exercise is not trained.
        chapters: all exercises of these chapters, if ``ids`` is empty; empty means all.
        needs: whether those they build on are run too; one that is not run counts as right.
        builders: whether those of the same chapters that build on them are run too.
        open_session: opens the sessions that are asked, instead of those of ``ganlib`` and ``variant``.
        blank: exercises that are known to be blank, and where their answers belong: no session is opened for them.

    Raises:
        ValueError: if there is no such exercise or chapter.
        RuntimeError: if the tests themselves cannot be collected.
        KeyboardInterrupt: if it was stopped by Ctrl-C.
    """
    files = {int(file.name[5:7]): str(file) for file in sorted((ROOT / "tests").glob("test_[0-9][0-9]_*.py"))}
    numbers = {int(id.partition(".")[0]) for id in ids if id.partition(".")[0].isdigit()} | set(chapters)
    if not numbers <= set(files):
        wrong = ", ".join(map(str, sorted(numbers - set(files))))
        raise ValueError(f"chapter {wrong}: there is none of this number; there are {', '.join(map(str, files))}")
    # An exercise may build on those of earlier chapters, never of later ones.
    latest = max(numbers, default=99)
    chosen = [file for chapter, file in files.items() if (chapter <= latest if needs else not numbers or chapter in numbers)]
    runner = _Runner(ids, chapters, training, quick, needs, builders, open_session, blank, variants)
    arguments = [*chosen, "-q", f"--rootdir={ROOT}", f"--ganlib={ganlib}", f"--seed={seed}"]
    arguments += ["-o", SETTINGS]
    arguments += [f"-pno:{name}" for name in UNUSED]
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)  # options of plugins that are left out
        code = pytest.main(arguments, plugins=[runner])
    unknown = set(ids) - set(runner.known)
    if runner.known and unknown:
        raise ValueError(
            f"exercise {', '.join(sorted(unknown))}: there is none of this number; there are {', '.join(runner.known)}"
        )
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    fine = [pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED]
    if runner.known and blank:
        fine.append(pytest.ExitCode.NO_TESTS_COLLECTED)  # none was left to run
    if code not in fine or len(runner.results) != len(variants):
        raise RuntimeError(f"the tests could not be run:\n{output.getvalue()}")
    return runner.results


def report_lines(results: Sequence[ExerciseResult]) -> list[str]:
    """The results as a student reads them: by chapter, with what is wrong and the hint."""
    chapters = defaultdict(list)
    for result in results:
        chapters[result.exercise.chapter].append(result)
    lines, first = [], {}
    for chapter, members in chapters.items():
        score, points = sum(r.score for r in members), sum(r.exercise.points for r in members)
        lines += ["", f"Chapter {chapter}: {score} of {points} points"]
        for result in members:
            exercise = result.exercise
            place = f"  {result.message}" if result.status == "blank" else ""
            lines.append(f"  {exercise.id:<5} {exercise.title:<47} {result.status:<10} {result.score}/{exercise.points}{place}")
            if result.status in ("failed", "unchecked"):
                lines += _indented(told_once(result.message, exercise.id, first))
            if result.hint:
                lines += _indented(f"Hint: {result.hint}")
    score, points = sum(r.score for r in results), sum(r.exercise.points for r in results)
    percent = f" ({100 * score / points:.0f} %)" if points else ""
    return [*lines, "", f"{score} of {points} points{percent}"]


def _indented(text: str) -> list[str]:
    return [
        part
        for line in text.splitlines()
        for part in textwrap.wrap(line, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 10)
    ]
