"""The pytest plugin of the graded tests: the fixtures ``ask``, ``rng`` and ``digits``, and four outcomes instead of two.

Loaded by the project's pytest settings, so a graded file also runs alone: ``pytest tests/test_02_vae.py``.
"""

import os
import traceback
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from autograde import GRADER_FAILED, PUBLIC_SEED, ROOT, hints, plain_text, resolve_ganlib
from autograde.client import AskFailed, Session
from autograde.results import Results, TestResult
from autograde.testing import ArgumentsAfter, Exercise, Probe, Rng, WrongAnswer, kind_of
from autograde.warm import NoSession, warm_parent

MAX_MESSAGE = 6000
LETTERS = {"passed": (".", "PASSED"), "failed": ("F", "FAILED"), "blank": ("b", "BLANK"), "unchecked": ("u", "UNCHECKED")}


class Blank(Exception):
    """The function that a test asks for is still to be written: the text of its hole, and where that is."""


class TooEarly(Exception):
    """A test that trains is not worth its time: quicker ones have failed the exercise."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograde")
    group.addoption("--ganlib", default=os.environ.get("GANLIB", ""), help="whose ganlib is judged: solutions, or a folder")
    group.addoption("--seed", type=int, default=PUBLIC_SEED, help="seed of the tests' inputs (default: the public one)")
    group.addoption("--variant", default="", help="FILE::NAME of a catalogued mistake or alternative to lay over it")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "training: trains a model for some seconds")
    config.addinivalue_line("filterwarnings", "ignore:cannot collect test class")
    try:
        ganlib = resolve_ganlib(config.getoption("--ganlib"))
    except FileNotFoundError as error:
        raise pytest.UsageError(str(error)) from None
    state = SimpleNamespace(
        ganlib=ganlib,
        seed=config.getoption("--seed"),
        variant=config.getoption("--variant"),
        results=Results(config.getoption("--seed")),
        # What opens a session; whoever grades strangers puts in one that opens it behind walls.
        open_session=None,
        session=None,
        owner=None,
        slow=set(),
        failed=set(),  # exercises that a test which does not train has failed
        keep=hints.Keeper(),  # for one exercise
    )
    state.open_session = lambda: Session(state.ganlib, state.variant)
    config.stash[STATE] = state
    _STATES.append(state)


def pytest_unconfigure(config: pytest.Config) -> None:
    if STATE in config.stash:
        _STATES.remove(config.stash[STATE])


# The states of the running pytest sessions, the innermost last: one hook below is not told its config.
_STATES: list[SimpleNamespace] = []
STATE = pytest.StashKey[SimpleNamespace]()


def begin(config: pytest.Config, variant: str, results: Results) -> None:
    """Judge another variant of the code from here on."""
    state = config.stash[STATE]
    _end_session(state)
    state.variant, state.results = variant, results
    state.slow, state.failed, state.keep = set(), set(), hints.Keeper()


def _end_session(state: SimpleNamespace) -> None:
    if state.session is not None:
        state.session.close()
        state.session = None


def is_graded(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "cls", None), "__exercise__")


def short_name(item: pytest.Item) -> str:
    """``test_02_vae.py::TestKL::test_is_zero``: the name under which a test is known, wherever pytest was started."""
    return f"{item.path.name}::{item.cls.__name__}::{item.name}"


def pytest_itemcollected(item: pytest.Item) -> None:
    cell = getattr(item, "cell", None)
    if cell is not None and "id" in cell:
        # nbval counts code cells; the summary names them: exercises/02_vae.ipynb::2-2-check.
        item.name = cell["id"]
        item._nodeid = f"{item.parent.nodeid}::{cell['id']}"
    if is_graded(item):
        # Before any deselection: an exercise is passed only if all of its tests are.
        item.config.stash[STATE].results.expect(item.cls.__exercise__, short_name(item))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that train come last in their exercise: what quick ones find wrong need not be trained."""
    first: dict[object, int] = {}
    for place, item in enumerate(items):
        first.setdefault(_group(item), place)
    items.sort(key=lambda item: (first[_group(item)], _trains(item)))


def _group(item: pytest.Item) -> object:
    return item.cls if is_graded(item) else item


def _trains(item: pytest.Item) -> bool:
    return is_graded(item) and item.get_closest_marker("training") is not None


def pytest_collection_finish(session: pytest.Session) -> None:
    graded = [item for item in session.items if is_graded(item)]
    if graded and not session.config.option.collectonly:
        if session.config.stash[STATE].open_session.__module__ == __name__:
            warm_parent()  # imports torch while this process gets on
        if any("digits" in item.fixturenames for item in graded):
            import_trusted()


def import_trusted() -> None:
    """Import the provided modules that judge before any submission runs; never a submission's."""
    choice = os.environ.pop("GANLIB", None)
    try:
        import ganlib.data
        import ganlib.features  # noqa: F401
    finally:
        if choice is not None:
            os.environ["GANLIB"] = choice


class Ask:
    """The ``ask`` fixture: one question to the student's code; the sketches of the answers are kept for the hints."""

    def __init__(self, session: Session, exercise: str, slow: set[str], keep: hints.Keeper) -> None:
        self.session = session
        self.exercise = exercise
        self.slow = slow
        self.keep = keep
        self.answered = False
        self.transcript: list = []
        self.questions: list[str] = []

    def __call__(
        self, target: str | Probe | ArgumentsAfter, *args: object, timeout: float | None = None, **kwargs: object
    ) -> object:
        """Ask ``"module.function"``, a probe, or what a call does to its arguments.

        Raises:
            Blank: if it is still to be written.
            WrongAnswer: if it is missing, raised, died or did not answer in time.
        """
        name, question = _question(target)
        self.questions.append(_call_text(name, args, kwargs))
        if self.exercise in self.slow:
            raise WrongAnswer("raised", "Not asked: this exercise has already not answered in time.")
        try:
            value = self.session.ask(question, args, kwargs, timeout)
        except AskFailed as failure:
            if failure.kind == "slow":
                self.slow.add(self.exercise)
            self.transcript.append(hints.sketch_of_failure(failure.kind, str(failure), failure.detail))
            if failure.kind == "blank":
                raise Blank(str(failure), failure.detail.get("where", "")) from None
            raise WrongAnswer(*_no_value(failure)) from None
        self.answered = True
        self.transcript.append(self.keep(value))
        return value


def _question(target: str | Probe | ArgumentsAfter) -> tuple[str, dict]:
    """What a message calls it, and what is asked."""
    if isinstance(target, Probe):
        return f"tests/probes/{target.module}.py: {target.name}", {"probe": [target.module, target.name]}
    if isinstance(target, ArgumentsAfter):
        return target.target, {"target": target.target, "after": True}
    return target, {"target": target}


def _no_value(failure: AskFailed) -> tuple[str, str, str]:
    """What :class:`WrongAnswer` takes."""
    if failure.kind in ("missing", "broken"):
        return "missing", str(failure), "its module cannot be imported" if failure.kind == "broken" else ""
    if failure.kind != "raised":
        text = str(failure) if str(failure).endswith("?") else f"{failure}."
        return "raised", text, "the answer cannot be read" if failure.kind == "malformed" else text
    odd = "it ends the process (SystemExit)" if failure.detail.get("type") == "SystemExit" else ""
    where = failure.detail.get("where")
    place = f"\nat {where}" if where else ""
    # What a student's error says is theirs: no line of it may look like one of the grader's.
    said = "\n  ".join(str(failure).splitlines())
    return "raised", f"{failure.detail.get('type')}: {said}{place}", odd


def _call_text(target: str, args: tuple, kwargs: dict) -> str:
    parts = [_argument(value) for value in args] + [f"{name}={_argument(value)}" for name, value in kwargs.items()]
    return f"{target}({', '.join(parts)})"


def _argument(value: object) -> str:
    if hasattr(value, "tolist") and value.numel() <= 6:
        return str([[round(x, 4) for x in row] if isinstance(row, list) else round(row, 4) for row in value.tolist()]
                   if value.ndim in (1, 2) else value.tolist())  # fmt: skip
    if isinstance(value, (int, float, str, bool, type(None))):
        return repr(value)
    if isinstance(value, (dict, list, tuple)):
        return _container(value)
    if isinstance(value, torch.Tensor) and bool((value == value.flatten()[0]).all()):
        return f"{value.flatten()[0]:g} everywhere, shape {tuple(value.shape)}"
    return kind_of(value).removeprefix("a ") if hasattr(value, "shape") else type(value).__name__.lower()


def _container(value: dict | list | tuple) -> str:
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{name!r}: {_argument(each)}' for name, each in value.items())}}}"
    else:
        parts = ", ".join(map(_argument, value))
        text = f"({parts})" if isinstance(value, tuple) else f"[{parts}]"
    return text if len(text) <= 80 else f"{type(value).__name__} of {len(value)}"


@pytest.fixture
def ask(request: pytest.FixtureRequest) -> Ask:
    """Ask the student's code; each exercise is asked of fresh code."""
    state = request.config.stash[STATE]
    request.node.autograde_ask = None  # of the variant before
    if _trains(request.node):
        exercise = request.cls.__exercise__
        wrong = state.failed & {exercise.id, *state.results.unmet_needs(exercise)}
        if wrong:
            which = "it" if exercise.id in wrong else ", ".join(sorted(wrong))
            raise TooEarly(f"Not trained: quicker tests have failed {which}.")
    if state.owner is not request.cls:
        state.keep = hints.Keeper()
    if state.session is None or state.owner is not request.cls or state.session.channel is None:
        if state.session is not None:
            state.session.close()
        state.session, state.owner = state.open_session(), request.cls
    asked = Ask(state.session, request.cls.__exercise__.id, state.slow, state.keep)
    request.node.autograde_ask = asked
    return asked


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Rng:
    """Seeded inputs of this test."""
    return Rng(request.config.stash[STATE].seed, short_name(request.node))


@pytest.fixture(scope="session")
def digits():
    """The real 8x8 digits, loaded on the trusted side from the provided module."""
    from ganlib import data

    return data.load("digits", size=8)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    judged = call.excinfo
    if is_graded(item) and judged is not None and isinstance(judged.value, (Blank, TooEarly, WrongAnswer)):
        # A student reads our message: pytest need not lay out the traceback, which takes it longer than the test.
        words = pytest.fail.Exception(str(judged.value), pytrace=False).with_traceback(judged.tb)
        call.excinfo = pytest.ExceptionInfo.from_exception(words)
    outcome = yield
    call.excinfo = judged
    if is_graded(item) and (call.when == "call" or (call.when == "setup" and call.excinfo)):
        report = outcome.get_result()
        state = item.config.stash[STATE]
        result = _judge(item, call, state)
        if result.status == "failed" and not _trains(item):
            state.failed.add(item.cls.__exercise__.id)
        # Names and texts in a message may be a student's: nothing that steers a terminal, and not without end.
        result.message = plain_text(result.message, MAX_MESSAGE)
        # As plain values: pytest-xdist sends reports from process to process.
        expected = state.results.expected(item.cls.__exercise__)
        report.autograde = {"exercise": asdict(item.cls.__exercise__), "result": vars(result), "expected": expected}
        if result.status != "passed":
            report.longrepr = result.message


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if hasattr(report, "autograde"):
        exercise = Exercise(**report.autograde["exercise"])
        for name in report.autograde["expected"]:
            _STATES[-1].results.expect(exercise, name)
        _STATES[-1].results.record(exercise, TestResult(**report.autograde["result"]))


def _judge(item: pytest.Item, call: pytest.CallInfo, state: SimpleNamespace) -> TestResult:
    asked = getattr(item, "autograde_ask", None)
    result = TestResult(short_name(item), "passed", transcript=asked.transcript if asked else [], seconds=call.duration)
    if call.excinfo is None:
        return result
    error = call.excinfo.value
    exercise = item.cls.__exercise__
    unmet = state.results.unmet_needs(exercise)
    if isinstance(error, Blank):
        text, where = error.args
        named = text.removeprefix("Exercise ").split(":")[0].strip()
        if named in ("", exercise.id) or not named.replace(".", "").isdigit():
            result.status, result.message = "blank", still_to_be_written(where.partition(":")[0])
        else:
            result.status, result.message = "unchecked", f"Waits for exercise {named}, which is still to be written."
    elif isinstance(error, WrongAnswer):
        result.odd = error.odd
        if error.rung == "missing":
            result.status, result.message = "failed", str(error)
            return result
        result.status, result.message = "failed", _failure_text(item.originalname, str(error), asked)
        if unmet:
            result.status = "unchecked"
            result.message = f"Waits for {', '.join(unmet)}: it builds on that, and got a wrong answer.\n{result.message}"
    elif isinstance(error, TooEarly):
        result.status, result.message = "unchecked", str(error)
    elif asked is not None and asked.answered and not _is_graders(error):
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        result.status, result.odd = "failed", "the answer cannot be read"
        text = f"The answer has a form that the test cannot read.\n  {type(error).__name__} at {place}: {error}"
        result.message = _failure_text(item.originalname, text, asked)
    else:
        result.status, result.odd = "unchecked", GRADER_FAILED
        result.message = f"{GRADER_FAILED}: {type(error).__name__}: {error}\n{item.repr_failure(call.excinfo)}"
    return result


def _is_graders(error: BaseException) -> bool:
    """Whether an error says nothing of the answer: a slip in the test itself, or a machine that is short of something."""
    no_memory = isinstance(error, RuntimeError) and "can't allocate memory" in str(error)  # torch's
    return no_memory or isinstance(error, (NoSession, OSError, MemoryError, NameError, ImportError))


def still_to_be_written(place: str) -> str:
    return f"write it in {place}" if place else "still to be written"


def _failure_text(name: str, message: str, asked: Ask | None) -> str:
    lines = [name.removeprefix("test_").replace("_", " ") + ":", message]
    if asked is not None:
        if asked.questions:
            *before, last = asked.questions  # a test that fails goes no further: the last question is most often the one
            lines.append(f"asked  {last}" + (f"\nand before it {len(before)} more, the first: {before[0]}" if before else ""))
        printed = asked.session.printed()
        if printed:
            lines.append(f"your code printed:\n{printed}")
    return "\n".join(lines)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config):
    graded = getattr(report, "autograde", None)
    if graded is None:
        return None
    status = graded["result"]["status"]
    return status, *LETTERS[status]


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    results = [result for result in config.stash[STATE].results.exercises() if any(test.seconds for test in result.tests)]
    if results:
        from autograde.check import report_lines

        terminalreporter.section("exercises")
        for line in report_lines(results):
            terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    _end_session(session.config.stash[STATE])


def pytest_report_header(config: pytest.Config) -> str | None:
    state = config.stash[STATE]
    return f"ganlib: {state.ganlib or ROOT / 'ganlib'}; seed of the graded tests: {state.seed}"
