"""One source, three editions: writes ``ganlib/``, ``exercises/`` and the class edition from ``solutions/``."""

import ast
import json
import os
import re
import secrets
import shutil
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograde import ROOT, blank, reports

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
REGION = re.compile(rf"^(?P<indent>[ \t]*){BEGIN}\n(?P<body>.*?)^[ \t]*{END}\n?", re.MULTILINE | re.DOTALL)
MODULE_HOLE = re.compile(r'[ \t]*raise NotImplementedError\("Exercise [0-9.]+"\)\n')
NOTEBOOK_HOLE = re.compile(r".*\.\.\.  # Exercise [0-9.]+: your code here")
CLASS_FILES = (
    "ganlib",
    "exercises",
    "tests",
    "autograde",
    "pyproject.toml",
    "constraints.txt",
    "LICENSE",
    "LICENSE-text",
    "setup.mk",
)
NOT_IN_CLASS = ("tests/mistakes", "tests/alternatives", "tests/course", "autograde/class_edition", "autograde/gradescope")
TEMPLATES = Path(__file__).parent / "class_edition"
GRADESCOPE = Path(__file__).parent / "gradescope"
NO_BOOK = "ask your teacher for the book's address"


class AnswersInTheWay(Exception):
    """A file that would be written holds somebody's answers."""


def blank_module(source: str) -> str:
    """A completed module with every solution cut to ``raise NotImplementedError("Exercise 2.3")``.

    Raises:
        ValueError: if a region has no "Exercise N.M" above it, is empty or is not closed.
    """

    def hole(match: re.Match) -> str:
        return f'{match["indent"]}raise NotImplementedError("Exercise {_exercise_above(source, match.start())}")\n'

    return _cut(source, hole)


def blank_cell(source: str) -> str:
    """A completed answer cell with each solution cut to ``name = ...  # Exercise 2.3: your code here``."""

    def hole(match: re.Match) -> str:
        wanted = [name for name in _assigned(match["body"]) if _is_asked_for(name, source)]
        comment = f"# Exercise {_exercise_above(source, match.start())}: your code here"
        return "".join(f"{name} = ...  {comment}\n" for name in wanted) or f"...  {comment}\n"

    return _cut(source if source.endswith("\n") else source + "\n", hole).rstrip("\n")


def _assigned(body: str) -> list[str]:
    """The variables that a piece of code assigns outside of functions and loops, in order, each once."""
    nodes = [part for node in ast.parse(body).body for part in (node.body if isinstance(node, ast.With) else [node])]
    targets = [target for node in nodes if isinstance(node, ast.Assign) for target in node.targets]
    names = [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return list(dict.fromkeys(names))


def _is_asked_for(name: str, source: str) -> bool:
    """Whether the text of the cell, outside its solution, speaks of the variable."""
    return re.search(rf"\b{name}\b", REGION.sub("", source)) is not None


def _exercise_above(source: str, position: int) -> str:
    found = re.findall(r"Exercise (\d+\.\d+)", source[:position])
    if not found:
        raise ValueError(f"line {source[:position].count(chr(10)) + 1}: no 'Exercise N.M' above this solution")
    return found[-1]


def _cut(source: str, hole) -> str:
    cut = REGION.sub(hole, source)
    if BEGIN in cut or END in cut:
        raise ValueError(f"a line '{BEGIN}' without its '{END}', or the other way round")
    return cut


def solution_lines(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every line of every solution region, with the name of its file."""
    for file in [*sorted((root / "solutions").glob("ganlib/*.py")), *sorted((root / "solutions").glob("*.py"))]:
        for match in REGION.finditer(file.read_text(encoding="utf-8")):
            for line in match["body"].splitlines():
                if line.strip():
                    yield file.name, line.strip()


# Lines that any program of this kind has: they tell nothing.
COMMON = {
    *("super().__init__()", "with torch.no_grad():", "optimizer.zero_grad()", "optimizer.step()"),
    *("opt_d.zero_grad()", "opt_g.zero_grad()", "for _ in range(steps):", "for _ in range(n_steps):"),
}


def telling_lines(root: Path = ROOT) -> set[str]:
    """The solution lines by which a leak is known: all but the short ones and those that any program has."""
    return {line for _, line in solution_lines(root) if len("".join(line.split())) >= 16} - COMMON


def modules(root: Path = ROOT) -> dict[Path, str]:
    """The blank modules by the path they are written to.

    Raises:
        FileNotFoundError: if there are no solutions, as in the class edition.
    """
    if not (root / "solutions").is_dir():
        raise FileNotFoundError("there is no solutions/ here: release is for the course's own repository")
    return {
        root / "ganlib" / file.name: blank_module(file.read_text(encoding="utf-8"))
        for file in sorted((root / "solutions" / "ganlib").glob("*.py"))
    }


def blank_table(root: Path = ROOT) -> str:
    """By exercise module the digest of its blank text and the line of the first hole of each exercise, as JSON.

    So a grader knows what nobody has touched, also from the class edition, where there are no solutions.
    """
    table = {}
    for path, text in modules(root).items():
        holes: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if MODULE_HOLE.fullmatch(f"{line}\n"):
                holes.setdefault(line.split()[-1].rstrip('")'), number)
        table[path.stem] = {"sha256": blank.digest(text.encode()), "holes": holes}
    return json.dumps(table, indent=1) + "\n"


def notebook_sources(root: Path = ROOT) -> list[Path]:
    return sorted((root / "solutions").glob("[0-9][0-9]_*.py"))


def solved_notebook(file: Path) -> NotebookNode:
    """The completed notebook, its cells named by the ``id`` of their metadata."""
    notebook = jupytext.read(file)
    for number, cell in enumerate(notebook.cells):
        cell.id = cell.metadata.pop("id", f"cell-{number}")
        if "nbval-check-output" in cell.metadata.get("tags", []):
            cell.metadata |= {"editable": False, "deletable": False}
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def execute(notebook: NotebookNode) -> NotebookNode:
    """Run a completed notebook on the solutions; the outputs of all but the check cells are dropped."""
    environment = os.environ | {"GANLIB": "solutions", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "exercises")}},
        extra_arguments=["--log-level=CRITICAL"],
        coalesce_streams=True,  # one output, however the kernel happened to cut it
    )
    with client.setup_kernel(env=environment):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)
            if "nbval-check-output" not in cell.metadata.get("tags", []):
                cell.outputs, cell.execution_count = [], None
    return notebook


def blank_notebook(solved: NotebookNode) -> NotebookNode:
    """The student's notebook: the answers cut, the outputs of the check cells kept."""
    notebook = nbformat.reads(nbformat.writes(solved), as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and BEGIN in cell.source:
            cell.source = blank_cell(cell.source)
    return notebook


def release(out: Path, root: Path = ROOT, book: str = "") -> None:
    """Write ``ganlib/``, ``exercises/`` and the class edition (folder and zip) under ``out``.

    Args:
        out: folder of the class edition.
        root: folder of the course.
        book: address of the published book, for the README of the class edition.

    Raises:
        FileNotFoundError: if there are no solutions, as in the class edition.
        AnswersInTheWay: if a module or notebook to be written holds answers; nothing is written then.
    """
    targets = [*modules(root), *(root / "exercises" / f"{file.stem}.ipynb" for file in notebook_sources(root))]
    taken = [str(path.relative_to(root)) for path in targets if path.is_file() and has_answers(path, root)]
    if taken:
        raise AnswersInTheWay(
            f"there are answers in {', '.join(taken)}: move them away first, release would overwrite them; "
            "`git stash` puts them aside"
        )
    for path, text in modules(root).items():
        path.write_text(text, encoding="utf-8")
    (root / blank.FILE).write_text(blank_table(root), encoding="utf-8")
    for file in notebook_sources(root):
        print(f"running {file.name}", file=sys.stderr, flush=True)
        notebook = blank_notebook(execute(solved_notebook(file)))
        for folder in (root / "exercises", root / "tests" / "notebooks"):
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / f"{file.stem}.ipynb")
    archive = class_edition(out, root, book)
    print(f"written: ganlib/, exercises/, {archive.with_suffix('')}/ and {archive}")


def has_answers(path: Path, root: Path = ROOT) -> bool:
    """Whether something else stands in a file where its blank edition has a hole."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        source = root / "solutions" / f"{path.stem}.py"
        cells = {cell.id: cell.source for cell in nbformat.reads(text, as_version=4).cells}
        blanks = blank_notebook(solved_notebook(source)).cells
        return any(
            cell.id in cells and NOTEBOOK_HOLE.search(cell.source) and not NOTEBOOK_HOLE.search(cells[cell.id]) for cell in blanks
        )
    try:
        given = _functions(text)
    except SyntaxError:  # an answer being written
        return True
    wanted = _functions(modules(root)[path])
    return any(_has_hole(wanted[name]) and not _has_hole(given[name]) for name in wanted.keys() & given.keys())


def _functions(text: str) -> dict[str, ast.FunctionDef]:
    """The functions and methods of a module by name, such as ``VAE.forward``."""
    found = {}
    for node in ast.parse(text).body:
        of_class = isinstance(node, ast.ClassDef)
        for member in node.body if of_class else [node]:
            if isinstance(member, ast.FunctionDef):
                found[f"{node.name}.{member.name}" if of_class else member.name] = member
    return found


def _has_hole(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Raise) and "Exercise" in ast.unparse(node) for node in ast.walk(function))


def differences(root: Path = ROOT, strict: bool | None = None) -> list[str]:
    """What in ``ganlib/``, ``exercises/`` and ``tests/notebooks/`` is not what ``solutions/`` gives, one line each.

    Answers that a learner wrote into the holes are no difference, unless ``strict`` (default: in CI).
    Stored outputs are not compared here: ``pytest --nbval-lax`` does.
    """
    strict = bool(os.environ.get("CI")) if strict is None else strict
    found = []
    for path, wanted in modules(root).items():
        given = path.read_text(encoding="utf-8") if path.is_file() else ""
        same = given == wanted if strict else _same_around_holes(given, wanted, MODULE_HOLE)
        if not same:
            found.append(f"{path.relative_to(root)} differs from what solutions/ganlib/{path.name} gives: run make release")
    table = root / blank.FILE
    if not table.is_file() or table.read_text(encoding="utf-8") != blank_table(root):
        found.append(f"{blank.FILE} differs from what solutions/ganlib/ gives: run make release")
    for file in notebook_sources(root):
        wanted = blank_notebook(solved_notebook(file))
        # Learners write in exercises/ alone: what the grader compares with holds no answers.
        for folder, exact in (("exercises", strict), ("tests/notebooks", True)):
            found += _notebook_differences(root, f"{folder}/{file.stem}.ipynb", wanted, exact)
    return found


def _notebook_differences(root: Path, name: str, wanted: NotebookNode, strict: bool) -> list[str]:
    if not (root / name).is_file():
        return [f"{name} is missing: run make release"]
    given = nbformat.read(root / name, as_version=4)
    if [cell.id for cell in given.cells] != [cell.id for cell in wanted.cells]:
        return [f"{name}: its cells are {[cell.id for cell in given.cells]}, wanted {[cell.id for cell in wanted.cells]}"]
    found = []
    for here, there in zip(given.cells, wanted.cells, strict=True):
        free = not strict and "answer" in there.metadata.get("tags", [])
        if not free and (here.cell_type, here.source) != (there.cell_type, there.source):
            found.append(f"{name}: cell {here.id} differs from what solutions/ gives: run make release")
        if "nbval-check-output" in there.metadata.get("tags", []) and not (here.outputs and here.execution_count):
            found.append(f"{name}: check cell {here.id} has no stored output: run make release")
    return found


def _same_around_holes(given: str, wanted: str, hole: re.Pattern) -> bool:
    """Whether ``given`` is ``wanted`` with anything at all in place of the holes."""
    pattern = ".*?".join(re.escape(part) for part in hole.split(wanted))
    return re.fullmatch(pattern, given, re.DOTALL) is not None


def class_edition(out: Path, root: Path = ROOT, book: str = "") -> Path:
    """Write the class edition to ``out/class`` and ``out/class.zip``; returns the zip."""
    folder = out / "class"
    shutil.rmtree(folder, ignore_errors=True)
    for name in CLASS_FILES:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_left_out(root))
        elif source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    # What is written for the class alone lies beside this file; .github/ and .gitignore without the dot.
    for template in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        name = str(template.relative_to(TEMPLATES))
        target = folder / (f".{name}" if name.startswith("git") else name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(template, target)
    readme = folder / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace(NO_BOOK, book or NO_BOOK), encoding="utf-8")
    return _zip(folder)


def gradescope(out: Path, chapters: Sequence[int] = ()) -> Path:
    """Write Gradescope's autograder, ``out/gradescope.zip``: the class edition in ``out/class``, scripts, a seed, the chapters.

    The seed is secret; that of an autograder that is there is kept: a mended one asks the same questions.
    """
    folder = out / "gradescope"
    if not (folder / "seed.txt").is_file():
        reports.write(folder / "seed.txt", f"{secrets.randbits(60)}\n", mode=0o600)
    shutil.rmtree(folder / "course", ignore_errors=True)
    shutil.copytree(out / "class", folder / "course")
    for script in ("setup.sh", "run_autograder"):
        shutil.copy2(GRADESCOPE / script, folder / script)
        (folder / script).chmod(0o755)
    (folder / "asked.txt").write_text("".join(f"--chapter {chapter}\n" for chapter in chapters))
    return _zip(folder, Path(), mode=0o600)  # the seed is in it


def _left_out(root: Path):
    def ignore(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).relative_to(root)
        return {
            name
            for name in names
            if str(here / name) in NOT_IN_CLASS
            or name in ("__pycache__", ".ipynb_checkpoints")
            or name.endswith((".pyc", ".egg-info"))
        }

    return ignore


def _zip(folder: Path, top: Path | None = None, mode: int = 0o644) -> Path:
    """Zip a folder, every time to the same bytes; in the zip it lies in ``top`` (default: its own name)."""
    top = Path(folder.name) if top is None else top
    archive = folder.with_suffix(".zip")
    archive.unlink(missing_ok=True)
    archive.touch(mode)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(top / path.relative_to(folder)), (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            file.writestr(entry, path.read_bytes())
    return archive
