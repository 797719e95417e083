"""Exercise notebooks: a student's answer cells are put into the course's own notebook, run, and what is printed is compared.

Only the answer cells of a student count. What else a notebook holds (outputs, tags, check cells, their order) is the course's,
from ``tests/notebooks/``. Each exercise is run by itself: the cells before the first exercise, then its own.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from autograde import ROOT, plain_text
from autograde.client import AskFailed, Session

FOLDER = ROOT / "tests" / "notebooks"
CELL_TIMEOUT = 120.0
MAX_CELL = 200_000
MAX_PRINTED = 10_000


@dataclass(frozen=True)
class Cell:
    """A code cell of the course's notebook."""

    id: str
    source: str
    printed: str

    @property
    def exercise(self) -> str:
        """``2.3`` for 2-3-answer and 2-3-check; empty for a cell that belongs to none."""
        found = re.match(r"(\d+)-(\d+)-", self.id)
        return f"{found[1]}.{found[2]}" if found else ""

    @property
    def is_answer(self) -> bool:
        return self.id.endswith("-answer")

    @property
    def is_check(self) -> bool:
        return self.id.endswith("-check")


@dataclass(frozen=True)
class NotebookResult:
    """One exercise of a notebook: passed, failed, blank or unchecked, and why."""

    exercise: str
    status: str
    message: str = ""


@cache
def manifest() -> dict[str, list[Cell]]:
    """The code cells of the course's notebooks, by name of the notebook."""
    found = {}
    for file in sorted(FOLDER.glob("*.ipynb")):
        tree = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = [
            Cell(cell["id"], _text(cell["source"]), "".join(_text(output.get("text", "")) for output in cell["outputs"]))
            for cell in tree["cells"]
            if cell["cell_type"] == "code"
        ]
    return found


def _text(lines: object) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def answers(name: str, data: bytes) -> tuple[dict[str, str], list[str]]:
    """The answer cells of a student's notebook by id, and remarks on what is odd about it.

    A cell is known by its id; where an editor has dropped the ids, by its first line, the comment that names the exercise.
    """
    try:
        cells = json.loads(data)["cells"]
        if not isinstance(cells, list):
            raise TypeError
    except Exception as error:  # not UTF-8, not JSON, nested too deeply, no cells
        return {}, [f"exercises/{name}.ipynb cannot be read as a notebook ({type(error).__name__})."]
    found: dict[str, str] = {}
    remarks = []
    by_line = {cell.source.partition("\n")[0]: cell.id for cell in manifest()[name] if cell.is_answer}
    wanted = set(by_line.values())
    for cell in (cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"):
        source = _text(cell.get("source", ""))
        id = str(cell.get("id"))
        id = id if id in wanted else by_line.get(source.partition("\n")[0], "")
        if id in found:
            remarks.append(f"exercises/{name}.ipynb: cell {id} is there more than once: the first is graded.")
        elif id and len(source) > MAX_CELL:
            remarks.append(f"exercises/{name}.ipynb: cell {id} is longer than {MAX_CELL} characters: it is not graded.")
        elif id:
            found[id] = source
    return found, remarks


def judge(
    name: str, data: bytes, open_session: Callable[[], Session], asked: Collection[str] = ()
) -> tuple[list[NotebookResult], list[str]]:
    """Run and compare the exercises of one notebook, all or those ``asked`` for; each in a session of its own.

    One that nobody has begun is known without a session.
    """
    cells = manifest()[name]
    exercises = dict.fromkeys(cell.exercise for cell in cells if cell.is_check and (not asked or cell.exercise in asked))
    if not exercises:
        return [], []
    given, remarks = answers(name, data)
    return [
        _untouched(exercise, cells, given) or _judge_one(exercise, cells, given, open_session) for exercise in exercises
    ], remarks


def _untouched(exercise: str, cells: list[Cell], given: dict[str, str]) -> NotebookResult | None:
    """Blank, if its answer cells are as they were handed out, in the words of its check cell; None if one is not."""
    own = [cell for cell in cells if cell.exercise == exercise]
    if any(cell.is_answer and given.get(cell.id) != cell.source for cell in own):
        return None
    names = [name for cell in own if cell.is_check for name in re.findall(r"(\w+)=", cell.source) if name != "digits"]
    verb = "is" if len(names) == 1 else "are"
    return NotebookResult(exercise, "blank", f"{', '.join(names)} {verb} still to be computed in the answer cell above")


def _judge_one(exercise: str, cells: list[Cell], given: dict[str, str], open_session: Callable[[], Session]) -> NotebookResult:
    session = open_session()
    try:
        for cell in (cell for cell in cells if cell.exercise in ("", exercise)):
            if cell.is_answer and cell.id not in given:
                return NotebookResult(exercise, "failed", f"The answer cell {cell.id} is missing from the notebook.")
            source = given[cell.id] if cell.is_answer else cell.source
            printed, error = _run(session, source)
            if error:
                return _explained(exercise, cell, error)
            if cell.is_check:
                return _compared(exercise, printed, cell.printed)
    except AskFailed as failure:
        return NotebookResult(exercise, "failed", f"{failure}.")
    finally:
        session.close()
    return NotebookResult(exercise, "unchecked", "Its check cell did not run.")


def _run(session: Session, source: str) -> tuple[str, dict]:
    """What a cell printed, and ``{"type", "message"}`` if it raised something."""
    answer = session.ask({"cell": source}, (), {}, CELL_TIMEOUT)
    if not isinstance(answer, dict):
        raise AskFailed("malformed", "the answer of a cell cannot be read")
    error = answer.get("error")
    return plain_text(answer.get("printed", ""), MAX_PRINTED), error if isinstance(error, dict) else {}


def _explained(exercise: str, cell: Cell, error: dict) -> NotebookResult:
    message = plain_text(error.get("message", ""), 1000)
    if message.startswith("Exercise module "):
        return NotebookResult(exercise, "unchecked", message)
    hole = error.get("type") == "NotImplementedError" and re.match(r"Exercise (\d+\.\d+)", message)
    if hole and (cell.is_check or hole[1] == exercise):
        return NotebookResult(exercise, "blank", message.partition(": ")[2] or f"{message} is still to be written.")
    if hole:
        return NotebookResult(exercise, "unchecked", f"Waits for exercise {hole[1]}, which is still to be written.")
    return NotebookResult(exercise, "failed", f"Cell {cell.id} raises {plain_text(error.get('type', ''), 100)}: {message}")


def _compared(exercise: str, printed: str, wanted: str) -> NotebookResult:
    if printed.strip() == wanted.strip():
        return NotebookResult(exercise, "passed")
    given, expected = _by_name(printed), _by_name(wanted)
    lines = [
        f"{name} = {given.get(name, 'nothing')}, wanted {value}" for name, value in expected.items() if given.get(name) != value
    ]
    more = [f"{name} is printed, but not asked for" for name in given if name not in expected]
    return NotebookResult(exercise, "failed", "\n".join([*lines, *more]) or "Something else is printed than is asked for.")


def _by_name(printed: str) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition(" = ") for line in printed.strip().splitlines())}


def report_lines(results: list[NotebookResult], remarks: list[str]) -> list[str]:
    """The results as a student reads them."""
    lines = []
    for _, members in groupby(results, lambda result: result.exercise.partition(".")[0]):
        members = list(members)
        if len(members) > 1 and {result.status for result in members} == {"blank"}:
            lines.append(f"  {', '.join(member.exercise for member in members)}: blank")  # a chapter that nobody has begun
            continue
        for result in members:
            lines.append(f"  {result.exercise:<5} {result.status}")
            lines += [f"        {line}" for line in result.message.splitlines()]
    right = sum(result.status == "passed" for result in results)
    return [*lines, *remarks, "", f"{right} of {len(results)} notebook exercises print what is wanted"]
