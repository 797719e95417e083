"""One source, three editions: nothing has drifted, nothing leaks, nothing is overwritten."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograde import release
from autograde.__main__ import main


@pytest.fixture(scope="module")
def class_zip(tmp_path_factory, root):
    return release.class_edition(tmp_path_factory.mktemp("dist"), root)


def test_what_is_committed_is_what_the_solutions_give(root):
    assert release.differences(root) == []


@pytest.fixture
def copy(tmp_path, root):
    """A copy of the folders that release knows."""
    for name in ("ganlib", "solutions", "exercises", "tests/notebooks"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "tests" / "blank.json", tmp_path / "tests")
    return tmp_path


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_drift_around_the_holes_is_found(copy):
    edit(copy / "ganlib" / "vae.py", "in nats", "in bits")
    assert release.differences(copy, strict=False) == [
        "ganlib/vae.py differs from what solutions/ganlib/vae.py gives: run make release"
    ]


def test_drift_of_the_solutions_is_found(copy):
    edit(copy / "solutions" / "ganlib" / "vae.py", "Exercise 2.2.", "Exercise 2.2:")
    assert [line.split()[0] for line in release.differences(copy, strict=False)] == ["ganlib/vae.py", "tests/blank.json"]


def test_a_learners_answer_is_no_drift_outside_ci(copy):
    edit(copy / "ganlib" / "vae.py", 'raise NotImplementedError("Exercise 2.2")', "return (mu + logvar).sum(dim=1)\n    # mine")
    assert release.differences(copy, strict=False) == []
    assert len(release.differences(copy, strict=True)) == 1


def edit_cell(path, id, source):
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == id).source = source
    nbformat.write(notebook, path)


@pytest.mark.parametrize("folder", ["exercises", "tests/notebooks"])
def test_drift_in_a_notebook_is_found(copy, folder):
    edit_cell(copy / folder / "02_vae.ipynb", "2-2-check", "print('passed')")
    assert release.differences(copy, strict=False) == [
        f"{folder}/02_vae.ipynb: cell 2-2-check differs from what solutions/ gives: run make release"
    ]


def test_an_answer_cell_is_the_learners(copy):
    edit_cell(copy / "exercises" / "02_vae.ipynb", "2-2-answer", "mine = 3")
    assert release.differences(copy, strict=False) == []
    assert release.differences(copy, strict=True) != []


def test_no_answer_belongs_into_what_the_grader_compares_with(copy):
    edit_cell(copy / "tests" / "notebooks" / "02_vae.ipynb", "2-2-answer", "mine = 3")
    assert any("tests/notebooks/02_vae.ipynb: cell 2-2-answer" in line for line in release.differences(copy, strict=False))


@pytest.mark.parametrize("folder", ["exercises", "tests/notebooks"])
def test_a_missing_notebook_is_found(copy, folder):
    shutil.rmtree(copy / folder)
    wanted = [f"{folder}/{file.stem}.ipynb is missing: run make release" for file in release.notebook_sources(copy)]
    assert release.differences(copy, strict=False) == wanted


def test_release_does_not_overwrite_answers(copy, tmp_path):
    edit(copy / "ganlib" / "vae.py", 'raise NotImplementedError("Exercise 2.2")', "return mine")
    before = (copy / "ganlib" / "vae.py").read_text()
    with pytest.raises(release.AnswersInTheWay, match="ganlib/vae.py.*`git stash`"):
        release.release(tmp_path / "dist", copy)
    assert (copy / "ganlib" / "vae.py").read_text() == before


NEW_EXERCISE = '''

def seventh(x):
    """Exercise 2.99."""
    # BEGIN SOLUTION
    return x / 7
    # END SOLUTION
'''


HOLE = 'raise NotImplementedError("Exercise 2.2")'


@pytest.mark.parametrize(
    ("answer", "counts"),
    [(HOLE, False), ("return mine", True), (f"# {HOLE}\n    return mine", True), ("return (", True)],
)
def test_a_new_exercise_is_no_answer_in_the_modules_of_old(copy, answer, counts):
    module = copy / "ganlib" / "vae.py"
    with (copy / "solutions" / "ganlib" / "vae.py").open("a") as file:
        file.write(NEW_EXERCISE)
    edit(module, HOLE, answer)
    assert release.has_answers(module, copy) == counts


def test_an_answered_method_counts(copy, root):
    module = copy / "ganlib" / "vae.py"
    edit(module, 'raise NotImplementedError("Exercise 2.4")', "return mine")
    assert release.has_answers(module, copy)


def test_without_solutions_nothing_is_released(copy, tmp_path):
    shutil.rmtree(copy / "solutions")
    for attempt in (lambda: release.release(tmp_path / "dist", copy), lambda: release.differences(copy)):
        with pytest.raises(FileNotFoundError, match="there is no solutions/ here"):
            attempt()
    assert not (tmp_path / "dist").exists()


def test_blank_module_keeps_everything_but_the_solution():
    head, tail = 'def f(x):\n    """Exercise 3.1."""\n    check(x)\n', "\n\nz = 1\n"
    source = f"{head}    # BEGIN SOLUTION\n    y = x\n    return y\n    # END SOLUTION\n{tail}"
    assert release.blank_module(source) == f'{head}    raise NotImplementedError("Exercise 3.1")\n{tail}'


def test_blank_cell_names_what_is_asked_for():
    source = "# Exercise 2.3: compute gap and bound.\n# BEGIN SOLUTION\nhelp = 2\ngap = help\n(bound,) = gap,\n# END SOLUTION\n"
    hole = "...  # Exercise 2.3: your code here"
    assert release.blank_cell(source) == f"# Exercise 2.3: compute gap and bound.\ngap = {hole}\nbound = {hole}"


@pytest.mark.parametrize(
    "source",
    ["# BEGIN SOLUTION\nx\n# END SOLUTION\n", '"""Exercise 1.1"""\n# BEGIN SOLUTION\nx\n', "# Exercise 1.1\n# END SOLUTION\n"],
)
def test_a_malformed_region_is_refused(source):
    with pytest.raises(ValueError, match="Exercise N.M|without its"):
        release.blank_module(source)


def test_class_edition_has_what_a_class_needs(class_zip):
    names = set(zipfile.ZipFile(class_zip).namelist())
    wanted = "README.md Makefile setup.mk ganlib/vae.py exercises/02_vae.ipynb tests/test_02_vae.py constraints.txt"
    for name in [
        *wanted.split(),
        "tests/probes/vae.py",
        "tests/hints/02.json",
        "tests/blank.json",
        ".github/workflows/check.yml",
        ".gitignore",
        "autograde/check.py",
        "LICENSE",
    ]:
        assert f"class/{name}" in names
    assert not [
        name for name in names if "solutions" in name or "mistakes" in name or "alternatives" in name or "tests/course" in name
    ]


def test_no_line_of_a_solution_is_in_the_class_edition(class_zip, root):
    archive = zipfile.ZipFile(class_zip)
    texts = {name: archive.read(name).decode("utf-8", errors="ignore") for name in archive.namelist()}
    squeezed = {name: "".join(text.split()) for name, text in texts.items()}
    lines = release.telling_lines(root)
    assert len(lines) > 50
    assert [(line, name) for line in lines for name, text in squeezed.items() if "".join(line.split()) in text] == []


def test_class_edition_is_the_same_bytes_every_time(class_zip, tmp_path, root):
    assert release.class_edition(tmp_path, root).read_bytes() == class_zip.read_bytes()


def test_a_class_can_read_what_is_unzipped(class_zip):
    modes = {info.filename: info.external_attr >> 16 for info in zipfile.ZipFile(class_zip).infolist()}
    assert modes["class/README.md"] == 0o644
    assert set(modes.values()) <= {0o644, 0o755}


def test_an_executable_file_stays_one(tmp_path):
    (tmp_path / "class").mkdir()
    script = tmp_path / "class" / "run"
    script.touch(0o700)
    (info,) = zipfile.ZipFile(release._zip(script.parent)).infolist()
    assert info.external_attr >> 16 == 0o755


@pytest.mark.parametrize(
    ("book", "line"),
    [
        ("", "The book: ask your teacher for the book's address"),
        ("https://example.org/book/", "The book: https://example.org/book/"),
    ],
)
def test_a_class_is_told_where_the_book_is(tmp_path, root, book, line):
    release.class_edition(tmp_path, root, book)
    assert line in (tmp_path / "class" / "README.md").read_text(encoding="utf-8").splitlines()


def test_a_mended_autograder_keeps_its_seed_and_shows_it_to_nobody(tmp_path):
    (tmp_path / "class").mkdir()
    seeds = []
    for _ in range(2):
        archive = release.gradescope(tmp_path)
        seeds.append((tmp_path / "gradescope" / "seed.txt").read_text())
    assert seeds[0] == seeds[1]
    assert {path.stat().st_mode & 0o777 for path in (archive, tmp_path / "gradescope" / "seed.txt")} == {0o600}


def test_an_autograder_that_cannot_be_mended_keeps_its_seed(tmp_path, monkeypatch):
    (tmp_path / "class").mkdir()
    release.gradescope(tmp_path)
    for name in ("reports.write", "shutil.copytree"):  # a full disk
        monkeypatch.setattr(f"autograde.release.{name}", lambda *_, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        release.gradescope(tmp_path)
    assert (tmp_path / "gradescope" / "seed.txt").is_file()


def test_an_autograder_leaves_the_books_address_in_the_class_edition(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "release", lambda out, book: release.class_edition(out, book=book))
    assert main(["release", "--out", str(tmp_path), "--book", "https://example.org/book/", "--gradescope"]) == 0
    for folder in ("class", "gradescope/course"):
        assert "https://example.org/book/" in (tmp_path / folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("chapters", [[0], []])
def test_gradescopes_autograder_grades_what_is_asked_for(root, tmp_path, chapters):
    """Its zip, unpacked and run as Gradescope does, but for the places of things and the environment."""
    release.class_edition(tmp_path / "out", root)
    with zipfile.ZipFile(release.gradescope(tmp_path / "out", chapters)) as archive:
        archive.extractall(tmp_path / "source")
    script = tmp_path / "source" / "run_autograder"
    script.write_text(script.read_text().replace("/autograder/", f"{tmp_path}/").replace("/tmp/graded", f"{tmp_path}/graded"))
    python = tmp_path / "source" / "course" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / "submission" / "ganlib").mkdir(parents=True)
    shutil.copy(root / "solutions" / "ganlib" / "bayes.py", tmp_path / "submission" / "ganlib")
    (tmp_path / "results").mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in ("GANLIB", "PYTHONPATH")}
    subprocess.run(["bash", str(script)], env=environment, check=True)
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    chapters_graded = {int(test["number"].partition(".")[0]) for test in results["tests"]}
    assert results["score"] == 4, results["output"]
    assert chapters_graded == set(chapters or range(11))
