"""The exercise notebooks under nbval: the solved ones pass, the blank ones name what is unfinished."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from autograde import release
from autograde.release import notebook_sources


def nbval(folder, root, ganlib):
    environment = os.environ | {"GANLIB": ganlib, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        f"--rootdir={root}",
        "-c",
        str(root / "pyproject.toml"),
    ]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, cwd=root, env=environment)


@pytest.fixture(scope="module")
def solved(tmp_path_factory, root):
    """The student's notebooks with the answers put in and the stored outputs kept."""
    folder = tmp_path_factory.mktemp("solved")
    for file in notebook_sources(root):
        notebook = nbformat.read(root / "exercises" / f"{file.stem}.ipynb", as_version=4)
        answers = {cell.id: cell.source for cell in release.solved_notebook(file).cells}
        for cell in notebook.cells:
            cell.source = answers[cell.id]
        nbformat.write(notebook, folder / f"{file.stem}.ipynb")
    return folder


def test_solved_notebooks_pass(solved, root):
    result = nbval(solved, root, "solutions")
    assert result.returncode == 0, result.stdout


def test_a_wrong_value_is_seen(solved, root, tmp_path):
    notebook = nbformat.read(solved / "02_vae.ipynb", as_version=4)
    answer = next(cell for cell in notebook.cells if cell.id == "2-2-answer")
    name = shown(notebook, "2-2-check")[0]
    answer.source += f"\n{name} = {name} * 1.01"
    nbformat.write(notebook, tmp_path / "02_vae.ipynb")
    result = nbval(tmp_path, root, "solutions")
    assert result.returncode == 1
    code = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    assert re.findall(r"^FAILED .*::Cell (\d+)", result.stdout, re.MULTILINE) == [str(code.index("2-2-check"))], result.stdout


def shown(notebook, id):
    """The names that a check cell prints."""
    source = next(cell for cell in notebook.cells if cell.id == id).source
    return re.findall(r"(\w+)=\1", source)


@pytest.fixture(scope="module")
def blank(tmp_path_factory, root):
    """The blank notebooks in a folder, and of each cell that fails on the blank library its notebook and what nbval says."""
    folder = tmp_path_factory.mktemp("blank")
    for file in notebook_sources(root):
        notebook = release.blank_notebook(nbformat.read(root / "exercises" / f"{file.stem}.ipynb", as_version=4))
        nbformat.write(notebook, folder / f"{file.stem}.ipynb")
    (folder / "ganlib").mkdir()
    for path, text in release.modules(root).items():
        (folder / "ganlib" / path.name).write_text(text)
    said = nbval(folder, root, str(folder)).stdout
    files = re.findall(r"^FAILED (?:.*/)?(\w+)\.ipynb::Cell \d+", said, re.MULTILINE)
    texts = re.split(r"^_+ .*::Cell \d+ _+$", said, flags=re.MULTILINE)[1:]
    return folder, list(zip(files, texts, strict=True))


@pytest.mark.parametrize("file", [file.stem for file in notebook_sources()])
def test_blank_notebooks_name_every_unfinished_exercise(file, blank):
    folder, said = blank
    cells = nbformat.read(folder / f"{file}.ipynb", as_version=4).cells
    exercises = {cell.id.replace("-", ".", 1).split("-")[0] for cell in cells if cell.id.endswith("-check")}
    texts = [text for name, text in said if name == file]
    assert len(texts) >= len(exercises) > 0
    assert [id for id in sorted(exercises) if not any(f"Exercise {id}" in text for text in texts)] == []
