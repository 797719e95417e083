"""A class: ten submissions graded as they deserve, twice the same, resumed, and on a cluster that loses a worker."""

import csv
import html
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock
from xml.etree import ElementTree

import nbformat
import psutil
import pytest

from autograde import PUBLIC_SEED, reports
from autograde import grade as grading
from autograde.grade import grade
from autograde.release import modules, solved_notebook
from autograde.sandbox import SandboxedParent, SandboxError
from autograde.submission import Submission
from autograde.warm import NoSession

HOLE = 'raise NotImplementedError("Exercise {}")'


def solved(root, name):
    return (root / "solutions" / "ganlib" / f"{name}.py").read_text()


def write(folder, **files):
    for name, text in files.items():
        path = folder / "ganlib" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, root):
    """Ten submissions by name; what each must earn is in EARNED."""
    home = tmp_path_factory.mktemp("handed-in")
    blank = {path.stem: text for path, text in modules(root).items()}
    vae, autoencoder = solved(root, "vae"), solved(root, "autoencoder")
    write(home / "right", vae=vae, autoencoder=autoencoder)
    write(home / "blank", **blank)
    write(home / "half", vae=vae, autoencoder=blank["autoencoder"])
    wrong = vae + "\n\ndef kl_standard_normal(mu, logvar):\n    return (mu**2 + logvar.exp() - logvar - 1).sum(1)\n"
    write(home / "mistaken", vae=wrong, autoencoder=autoencoder)
    write(home / "torn", vae=vae + "\ndef (", autoencoder=autoencoder)
    write(home / "hostile", vae=vae + "\nimport os\ndef importance_bound(log_w):\n    os._exit(0)\n", autoencoder=autoencoder)
    write(home / "not-utf8", vae=b"\xff\xfe\x00", autoencoder=autoencoder)
    (home / "empty").mkdir()
    link = write(home / "linked", autoencoder=autoencoder)
    (link / "ganlib" / "vae.py").symlink_to(root / "solutions" / "ganlib" / "vae.py")
    with zipfile.ZipFile(home / "zipped.zip", "w") as archive:
        archive.writestr("me/ganlib/vae.py", vae)
        archive.writestr("../ganlib/autoencoder.py", autoencoder)
        archive.writestr("me/conftest.py", "import os; os._exit(0)")
    return [home / name for name in (*sorted(EARNED), "zipped.zip") if name != "zipped"]


CHAPTER_1, CHAPTER_2 = 20, 22
EARNED = {
    "right": CHAPTER_1 + CHAPTER_2,
    "blank": 0,
    "half": CHAPTER_2,
    "mistaken": CHAPTER_1 + CHAPTER_2 - 3 - 4,  # 2.3 builds on 2.2; 2.4 does too, but only its training shows it
    "torn": CHAPTER_1,
    "hostile": CHAPTER_1 + CHAPTER_2 - 3,
    "not-utf8": CHAPTER_1,
    "empty": 0,
    "linked": CHAPTER_1,
    "zipped": CHAPTER_2,
}


@pytest.fixture(scope="module")
def graded(handed_in, tmp_path_factory):
    out = tmp_path_factory.mktemp("graded")
    return out, grade(handed_in, out, seed=31, jobs=2, training=False)


def gradebook(out):
    rows = list(csv.DictReader(io.StringIO((out / "gradebook.csv").read_text())))
    return {row["name"]: int(row["total"]) for row in rows}


def test_each_earns_what_it_deserves(graded):
    assert gradebook(graded[0]) == EARNED


def test_another_seed_gives_the_same_statuses(graded, handed_in, tmp_path):
    """That the same seed gives the same bytes: the tests below of a job that dies and of a cluster."""
    grade(handed_in, tmp_path, seed=32, jobs=1, training=False)
    assert (tmp_path / "gradebook.csv").read_bytes() == (graded[0] / "gradebook.csv").read_bytes()


def test_a_second_run_grades_what_is_missing_or_changed(graded, handed_in, tmp_path, root):
    out = tmp_path / "out"
    shutil.copytree(graded[0], out)
    (out / "right" / "record.json").unlink()
    (out / "torn" / "record.json").write_text('{"key": ')
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/record.json")}
    grade(handed_in, out, seed=31, jobs=1, training=False)
    changed = {path.parent.name for path in out.glob("*/record.json") if before.get(path) != path.stat().st_mtime_ns}
    assert changed == {"right", "torn"}
    assert gradebook(out) == EARNED
    assert list(out.rglob(".*")) == [], "nothing half written is left"


def test_what_is_kept_is_said(graded, handed_in, tmp_path, capfd):
    out = tmp_path / "out"
    shutil.copytree(graded[0], out)
    grade(handed_in, out, seed=31, jobs=1, training=False)
    said = capfd.readouterr().err
    assert "10 of 10 are graded already and kept" in said
    assert "grading" not in said, "nothing is left to do"


def test_what_was_not_assigned_counts_for_nothing(handed_in, tmp_path, notebook):
    """Points, columns and the summary are of what is asked for; what that builds on is judged with it and waited for."""
    chosen = [tmp_path / "handed-in" / name for name in ("blank", "mistaken", "right")]
    for path in chosen:
        shutil.copytree(next(each for each in handed_in if each.name == path.name), path)
    (chosen[-1] / "exercises").mkdir()
    (chosen[-1] / "exercises" / "02_vae.ipynb").write_text(nbformat.writes(notebook))
    out = tmp_path / "graded"
    records = grade(chosen, out, seed=31, training=False, asked=["2.3", "2.5"])
    found = {record["name"]: {each["id"]: each["status"] for each in record["exercises"]} for record in records}
    assert found == {
        "blank": {"2.3": "blank", "2.5": "blank"},
        "mistaken": {"2.3": "unchecked", "2.5": "passed"},
        "right": {"2.3": "passed", "2.5": "passed"},
    }
    feedback = (out / "mistaken" / "feedback.md").read_text()
    assert "Waits for 2.2" in feedback
    assert "2.2 KL divergence from the prior:\n" in feedback, "what it waits for is told, although it does not count"
    rows = list(csv.DictReader(io.StringIO((out / "gradebook.csv").read_text())))
    assert list(rows[0]) == ["name", "2.3", "2.5", "total", "points", "notebook 2.3", "notebook 2.5", "remarks"]
    assert [(row["total"], row["points"]) for row in rows] == [("0", "7"), ("3", "7"), ("7", "7")]
    assert reports.summary(records)[0] == "3 submissions"


def test_chapters_that_nobody_passed_are_named_as_chapters():
    def exercises(**statuses):
        return [
            {"id": id, "status": status, "score": 0, "points": 1, "message": "", "odd": ""} for id, status in statuses.items()
        ]

    def summary(statuses):
        return reports.summary([{"name": "Ada", "remarks": [], "exercises": exercises(**statuses)}])

    lines = summary({"2.1": "passed", "2.2": "failed", "3.1": "blank", "3.2": "blank"})
    assert lines[0] == "1 submission"
    assert lines[-1] == "passed by nobody: 2.2, all that was asked of chapter 3"
    several = dict.fromkeys(["0.1", "2.1", "2.2", "3.1", "4.1", "10.1"], "blank")
    assert summary(several)[-1] == "passed by nobody: all that was asked of chapters 0, 2 to 4, 10"


def test_the_mistake_is_named_though_the_seed_is_secret(graded):
    text = (graded[0] / "mistaken" / "feedback.md").read_text()
    assert "½" in text
    assert "## 2.2 KL divergence from the prior: failed" in text


def test_the_seed_is_in_nothing_that_a_student_receives(graded, tmp_path):
    out = graded[0]
    assert (out / "seed.txt").read_text() == "31\n"
    assert (out / "seed.txt").stat().st_mode & 0o077 == 0
    for path in [*out.glob("*/*.json"), *out.glob("*/*.md"), *out.glob("*/*.html"), *out.glob("*/*.xml")]:
        text = path.read_text()
        assert not any(f'"seed": {quote}31' in text for quote in ("", '"')), path
        assert str(PUBLIC_SEED) not in text


def test_results_json_is_gradescopes(graded):
    results = json.loads((graded[0] / "mistaken" / "results.json").read_text())
    assert results["score"] == sum(test["score"] for test in results["tests"]) == EARNED["mistaken"]
    one = next(test for test in results["tests"] if test["number"] == "2.2")
    assert (one["score"], one["max_score"], one["status"]) == (0, 3, "failed")
    assert results["extra_data"]["exercises"]["2.2"] == "failed"
    assert results["extra_data"]["exercises"]["2.3"] == "unchecked"
    assert results["extra_data"]["sandbox"] is True


def test_junit_counts(graded):
    suite = ElementTree.parse(graded[0] / "mistaken" / "junit.xml").getroot()
    statuses = Counter(json.loads((graded[0] / "mistaken" / "results.json").read_text())["extra_data"]["exercises"].values())
    assert (suite.get("tests"), suite.get("failures")) == (str(statuses.total()), "1")
    assert suite.get("skipped") == str(statuses["blank"] + statuses["unchecked"])
    assert statuses["unchecked"] == 1


def test_what_is_wrong_with_a_whole_module_is_explained_once():
    wrong = {"title": "t", "points": 1, "score": 0, "status": "failed", "odd": "", "hint": ""}
    exercises = [
        {**wrong, "id": "2.1", "message": "The module does not load.\nLine 3: a colon is missing."},
        {**wrong, "id": "2.2", "message": "The module does not load.\nLine 3: a colon is missing."},
        {**wrong, "id": "2.3", "message": "Another mistake."},
    ]
    record = {"name": "dora", "exercises": exercises, "notebooks": [], "remarks": [], "unsafe": False}
    for text in (reports.feedback(record), html.unescape(reports.page(record))):
        assert text.count("a colon is missing") == 1
        assert "As for 2.1." in text
        assert "Another mistake." in text


def test_the_teacher_is_told_who_needs_a_look(graded):
    lines = reports.summary(graded[1])
    told = [line for line in lines if line.startswith("needs a look")]
    assert {line.split(":")[1].strip() for line in told} == {"hostile", "empty", "linked", "torn", "not-utf8"}
    assert any("ganlib/vae.py is not graded: it is a link" in line for line in told)
    assert lines[0] == "10 submissions"


EMPTY = {"exercises": [], "notebooks": [], "remarks": [], "unsafe": False}


def test_a_run_without_a_terminal_says_about_ten_times_how_far_it_is(monkeypatch, tmp_path, capfd):
    """Of two at a time the second is as good as done when the first is."""
    minutes = [0, 5, *range(5, 27)]
    monkeypatch.setattr(grading, "time", Mock(monotonic=lambda: 60 * minutes[0]))
    records = ((str(number), EMPTY) for number in range(23) if minutes.pop(0) is not None)
    keys = {str(number): "key" for number in range(30)}
    grading._write_as_they_come(records, {str(kept): EMPTY for kept in range(23, 30)}, keys, 1, tmp_path, at_once=2)
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("graded")]
    assert lines[:2] == ["graded 1 of 23, about 55:00 left", "graded 3 of 23, about 40:00 left"]
    assert [line.partition(",")[0] for line in lines] == [f"graded {done} of 23" for done in (1, 3, 6, 9, 12, 15, 18, 21, 23)]
    assert lines[-1] == "graded 23 of 23"


@pytest.mark.parametrize(("odd", "kept"), [("The grader itself failed", False), ("no answer within 3 s", True)])
def test_what_the_grader_failed_at_is_tried_again_by_the_next_run(monkeypatch, odd, kept):
    exercise = {"id": "2.1", "message": "The grader itself failed: says a student.", "odd": odd}
    for name in ("_parent", "_try_walls"):
        monkeypatch.setattr(grading, name, lambda _: None)
    monkeypatch.setattr(grading, "_exercises", lambda *_: [exercise])
    record = grading.grade_one(Submission("ada"), 1, False)
    assert record["exercises"] == [exercise] and ("key" in record) != kept


def test_a_session_that_cannot_begin_where_others_have_is_no_broken_wall():
    ours, theirs = socket.socketpair()
    parent = SandboxedParent.taken_over(ours, 0)
    for stood, wanted in ((False, SandboxError), (True, NoSession)):
        parent.stood = stood
        parent._use(ours)  # a parent in the place of one that has died is none that never stood
        theirs.send(b"no memory")
        with pytest.raises(RuntimeError, match="no memory") as failure:
            parent._ask_for_session({}, [])
        assert failure.type is wanted
    theirs.close()
    parent.close()


def test_exercises_with_blanks_between_them_are_explained(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file or folder: 2.2; --exercises takes several with commas: 2.1,2.2"):
        grade([tmp_path, Path("2.2")], tmp_path / "out")


def test_a_name_keeps_its_comma():
    assert reports.safe_name("Doe, Dora") == "Doe, Dora"


def test_gradescope_is_told_no_failure_of_a_notebook_that_nobody_has_begun():
    notebooks = [{"id": f"2.{k}", "status": status, "message": ""} for k, status in enumerate(("blank", "passed", "failed"))]
    told = reports.gradescope({"exercises": [], "notebooks": notebooks, "remarks": [], "unsafe": False})["tests"]
    assert [test.get("status") for test in told] == [None, "passed", "failed"]


def test_a_list_names_the_folders(handed_in, tmp_path):
    listing = tmp_path / "class.csv"
    listing.write_text(f"name,folder\n=Ada,{handed_in[0]}\nLin,{handed_in[0]}\nLin,{handed_in[0]}\n")
    listing.write_text(listing.read_text() + f"gradebook.csv,{handed_in[0]}\n")
    records = grade([], tmp_path / "out", listing=listing, unsafe=True, training=False)
    assert [record["name"] for record in records] == ["Lin", "Lin-2", "_Ada", "gradebook.csv-2"]
    listing.write_text("name,folder\nAda,lost\nLin,gone\n")
    with pytest.raises(FileNotFoundError, match=r"class.csv: there is no such file or folder: lost \(line 2\), gone \(line 3\)"):
        grade([], tmp_path / "out", listing=listing, unsafe=True, training=False)
    listing.write_text(f"name,folder\nAda,{'x' * 300}\n")
    (record,) = grade([], tmp_path / "out", listing=listing, unsafe=True, training=False)
    assert "cannot be read" in record["remarks"][0]
    listing.write_text("who,where\nAda,x\n")
    with pytest.raises(ValueError, match="no column folder and no column name, want name,folder"):
        grade([], tmp_path / "out", listing=listing, unsafe=True, training=False)


def test_a_list_that_was_handed_in_says_nothing_of_others(handed_in, tmp_path):
    stolen = tmp_path / "mallory.csv"
    stolen.write_text(f"name,folder\nmallory,{handed_in[0]}\n")
    lost = tmp_path / "eve.csv"
    lost.write_text("name,folder\nx,nowhere\n")
    records = grade([handed_in[0], stolen, lost], tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    assert {record["name"]: reports.totals(record)[0] for record in records} == {"blank": 0, "eve.csv": 0, "mallory.csv": 0}
    (alone,) = grade([stolen], tmp_path / "alone", unsafe=True, training=False, asked=["2.1"])
    assert alone["name"] == "mallory.csv"
    assert all("a list of submissions is given by --list" in record["remarks"][0] for record in records[1:])


def test_two_of_one_name_are_told_apart(root, tmp_path, capfd):
    paths = [tmp_path / name for name in ("alice .zip", "alice.zip", "Alice")]
    for path in paths[:2]:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("ganlib/vae.py", "x = 1")
    write(paths[2], vae="x = 1")
    records = grade(paths, tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    assert "grading 3, 1 at a time" in capfd.readouterr().err, "before the first of them is done"
    assert len({record["name"] for record in records}) == 3
    told = [record["remarks"][0].partition("; ") for record in records]
    assert {start for start, _, _ in told} == {"3 submissions were handed in under this name"}
    assert {end.rpartition("/")[2] for _, _, end in told} == {"alice .zip.", "alice.zip.", "Alice."}


def test_another_seed_wants_another_folder(handed_in, tmp_path):
    grade(handed_in[:1], tmp_path / "out", seed=3, unsafe=True, training=False, asked=["2.1"])
    with pytest.raises(ValueError, match="seed: got 4, but .*out was begun with another one"):
        grade(handed_in[:1], tmp_path / "out", seed=4, unsafe=True, training=False, asked=["2.1"])
    assert (tmp_path / "out" / "seed.txt").read_text() == "3\n"


def test_a_seed_that_cannot_be_read_is_told(handed_in, tmp_path):
    (tmp_path / "seed.txt").write_text("zz")
    with pytest.raises(ValueError, match="seed.txt holds no whole number"):
        grade(handed_in[:1], tmp_path, unsafe=True)


def test_results_that_no_gradebook_has_are_named(handed_in, tmp_path, capfd):
    for path in handed_in[:2]:
        grade([path], tmp_path / "out", seed=3, unsafe=True, training=False, asked=["2.1"])
    assert f"1 earlier results in {tmp_path / 'out'}, which were not given this time: blank" in capfd.readouterr().err


@pytest.mark.parametrize(
    "how",
    {
        "an error's words": "raise ValueError('x\\n{text}')",
        "an error's name": "raise type('{text}', (Exception,), {{}})()",
        "what is printed": "print('\\n{text}')",
    }.values(),
)
def test_what_a_student_says_is_no_line_of_the_graders(how, tmp_path):
    text = "The grader itself failed on 2.1, a known bug: give full points."
    hole = f"def gaussian_log_density(*z, **o):\n    {how.format(text=text)}\nreparameterize = gaussian_log_density\n"
    (record,) = grade([write(tmp_path / "spoof", vae=hole)], tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    assert text in record["exercises"][0]["message"]
    assert reports.needs_a_look(record) == "" and record["key"]


def test_what_a_teacher_should_look_at_is_in_the_graders_words(monkeypatch):
    monkeypatch.setattr("autograde.client.DEFAULT_TIMEOUT", 2.0)
    codes = {"loop": "while True: pass", "exit": "raise SystemExit('all is well')", "crash": "import os; os._exit(0)"}
    wanted = {
        "loop": "no answer within",
        "exit": "it ends the process (SystemExit)",
        "crash": "the process ended without an answer",
    }
    texts = {name: f"def kl_standard_normal(*z):\n    {code}\n" for name, code in codes.items()} | {"torn": "def x(:"}
    told = {}
    for name, text in texts.items():
        submission = Submission(name, modules={"vae": text.encode()})
        told[name] = reports.needs_a_look(grading.grade_one(submission, 1, True, False, ("2.2",)))
    assert told.pop("torn") == "2.2: its module cannot be imported"
    assert all(told[name].startswith(f"2.2: {wanted[name]}") for name in wanted)


def test_an_answer_of_an_odd_form_is_the_answers_fault_and_kept(tmp_path, root):
    solved = (root / "solutions" / "ganlib" / "vae.py").read_text()
    forged = solved + "\nfrom autograde import wire\nwire.pack = lambda value: ({'seeded': 5}, {})\n"
    (record,) = grade([write(tmp_path / "odd", vae=forged)], tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    assert record["exercises"][0]["status"] == "failed" and record["key"]
    assert "The grader itself" not in json.dumps(record)


def test_a_submission_that_dies_at_every_question_leaves_no_file_open(tmp_path):
    dies = "import os\nos.write(1, b'words of a student')\nos._exit(1)\n"
    before = len(list(Path("/proc/self/fd").iterdir()))
    record = grading.grade_one(Submission("dies", modules={"vae": dies.encode()}), 1, True, False, ("2.1", "2.2", "2.3"))
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 12  # the warm parent and the last session
    assert all("words of a student" in each["message"] for each in record["exercises"])


def test_remarks_on_a_notebook_fit_into_a_cell(tmp_path):
    cells = [{"cell_type": "code", "id": "2-1-answer", "source": ""}] * 5000
    path = write(tmp_path / "many", vae="x = 1")
    (path / "exercises").mkdir()
    (path / "exercises" / "02_vae.ipynb").write_text(json.dumps({"cells": cells}))
    (record,) = grade([path], tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    assert sum("more than once" in remark for remark in record["remarks"]) == 1
    assert list(csv.reader((tmp_path / "out" / "gradebook.csv").open()))


def test_jobs_are_no_more_than_submissions(monkeypatch, handed_in, tmp_path):
    begun = []
    monkeypatch.setattr(grading, "_on_a_core", lambda number, jobs: begun.append(jobs) or SandboxedParent())
    grade(handed_in[:1], tmp_path / "out", jobs=5, training=False, asked=["2.1"])
    assert begun == [1]


def test_a_disk_that_is_full_leaves_no_job_behind(monkeypatch, handed_in, tmp_path):
    monkeypatch.setattr(reports, "write_one", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        grade(handed_in[:1], tmp_path / "out", unsafe=True, training=False, asked=["2.1"])
    wait_until(lambda: not jobs(), seconds=5)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_was_graded_before_an_error_is_in_the_gradebook(monkeypatch, handed_in, tmp_path, capfd, error):
    def run(todo, *settings):
        yield next(iter(todo)), EMPTY
        raise error

    monkeypatch.setattr(grading, "_on_this_machine", run)
    with pytest.raises(type(error)):
        grade(handed_in, tmp_path / "out", unsafe=True)
    assert list(gradebook(tmp_path / "out")) == [handed_in[0].name]
    names = ", ".join(path.name for path in handed_in[1:6])
    assert f"9 not graded yet: {names}, ...; the same" in capfd.readouterr().err


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        reports.write(tmp_path / "gradebook.csv", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_wall_that_does_not_hold_leaves_no_job_behind(monkeypatch, tmp_path):
    for name, code in {"quick": "x = 1", "endless": "while True: pass"}.items():
        write(tmp_path / name, vae=code)
    monkeypatch.setattr(grading, "_outcome", Mock(side_effect=SandboxError))
    with pytest.raises(SandboxError):
        grade([tmp_path / "quick", tmp_path / "endless"], tmp_path / "out", jobs=2, unsafe=True, asked=["2.1"])
    wait_until(lambda: not jobs(), seconds=5)


def test_unsafe_is_said_in_every_result(handed_in, tmp_path):
    grade([path for path in handed_in if path.name == "blank"], tmp_path, unsafe=True, training=False)
    for name in ("results.json", "feedback.md", "feedback.html"):
        assert reports.UNSAFE in html.unescape((tmp_path / "blank" / name).read_text())
    assert reports.UNSAFE in (tmp_path / "gradebook.csv").read_text()


def test_without_a_sandbox_nothing_is_graded(handed_in, root, tmp_path):
    environment = os.environ | {"PATH": "/nowhere"}
    command = [sys.executable, "-m", "autograde", "grade", str(handed_in[0]), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment)
    assert done.returncode == 2
    assert "not installed: bwrap" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "gradebook.csv").exists()


@pytest.fixture
def notebook(root):
    """The completed notebook of chapter 2, as a student would hand it in."""
    book = nbformat.read(root / "exercises" / "02_vae.ipynb", as_version=4)
    right = {cell.id: cell.source for cell in solved_notebook(root / "solutions" / "02_vae.py").cells}
    for cell in book.cells:
        cell.source = right[cell.id]
    return book


def test_notebooks_that_were_meddled_with(notebook, root, tmp_path):
    """Moved, doubled, deleted, emptied, edited, retagged cells and no outputs: the answer cells alone count."""
    cells = {cell.id: cell for cell in notebook.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata["tags"] = ["nbval-skip"]
    cells["2-1-check"].source = "print('z = right')"
    cells["2-2-answer"].source = ""
    cells["2-5-answer"].source = "import os; os._exit(0)"
    cells["2-6-answer"].source += "\nrow = 3"
    order = [cell for cell in notebook.cells if cell.id != "2-3-answer"]
    order.remove(cells["2-8-answer"])
    twice = nbformat.v4.new_code_cell("raise ValueError", id="2-7-answer")
    book = {**notebook, "cells": [cells["2-8-answer"], *order, twice]}
    folder = write(tmp_path / "student", vae=solved(root, "vae"), autoencoder=solved(root, "autoencoder"))
    (folder / "exercises").mkdir()
    (folder / "exercises" / "02_vae.ipynb").write_text(json.dumps(book))
    (folder / "exercises" / "01_autoencoders.ipynb").write_text("[" * 100_000)
    (record,) = grade([folder], tmp_path / "out", seed=5, training=False)
    statuses = {each["id"]: each["status"] for each in record["notebooks"] if each["id"].startswith("2")}
    assert statuses == {
        "2.1": "passed", "2.2": "failed", "2.3": "failed", "2.4": "passed",
        "2.5": "failed", "2.6": "failed", "2.7": "passed", "2.8": "passed",
    }  # fmt: skip
    messages = {each["id"]: each["message"] for each in record["notebooks"]}
    assert "NameError" in messages["2.2"]
    assert "2-3-answer is missing" in messages["2.3"]
    assert "ended without an answer" in messages["2.5"]
    assert "row = 3, wanted" in messages["2.6"]
    assert any("2-7-answer is there more than once" in remark for remark in record["remarks"])
    assert any("01_autoencoders.ipynb cannot be read" in remark for remark in record["remarks"])
    assert reports.totals(record)[0] == CHAPTER_1 + CHAPTER_2, "notebooks earn and cost no points"


def test_a_job_that_dies_costs_no_submission(handed_in, graded, tmp_path):
    killed = []

    def kill():
        wait_until(lambda: list((tmp_path / "out").glob("*/record.json")) and jobs())
        killed.extend(jobs()[:1])
        killed[0].kill()

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    grade(handed_in, tmp_path / "out", seed=31, jobs=2, training=False)
    killer.join()
    assert len(killed) == 1 and not killed[0].is_running()
    assert (tmp_path / "out" / "gradebook.csv").read_bytes() == (graded[0] / "gradebook.csv").read_bytes()


def jobs():
    servers = [each for each in psutil.Process().children() if "multiprocessing.forkserver" in " ".join(each.cmdline())]
    return [job for server in servers for job in server.children()]


def names_below(process):
    names = []
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
            names.append(child.name())
    return names


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_ends_at_once_and_leaves_nothing(how, tmp_path, root, heeds_ctrl_c):
    for name in "ab":
        write(tmp_path / name, vae="while True:\n    pass\n")
    command = [sys.executable, "-m", "autograde", "grade", "a", "b", "--out", "out", "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(root)}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, preexec_fn=heeds_ctrl_c, **pipes)
    started = psutil.Process(process.pid)
    try:
        # Two sandboxes with a session each: bubblewrap, its inner process, the parent, the session.
        wait_until(lambda: sum(name.startswith("python") for name in names_below(started)) >= 8)
        others = started.children(recursive=True)
        process.send_signal(how)
        process.wait(timeout=10)
        assert psutil.wait_procs(others, timeout=10)[1] == []
        if how != signal.SIGKILL:  # nobody can do anything more then
            assert "not graded yet: a, b" in process.stderr.read().decode()
    finally:
        process.kill()
        process.wait()


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch, handed_in, tmp_path):
    pytest.importorskip("distributed", reason="distributed is not installed: no cluster was tried")

    def nobody(address):
        raise OSError(f"Timed out trying to connect to {address}")

    monkeypatch.setattr("distributed.Client", nobody)
    with pytest.raises(ValueError, match="scheduler: nobody answers at tcp://127.0.0.1:1; is dask scheduler running"):
        grade(handed_in[:1], tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def test_a_cluster_without_its_package_is_told(monkeypatch, handed_in, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match="scheduler: distributed is not installed: .*pip install"):
        grade(handed_in[:1], tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def test_a_cluster_that_loses_a_worker_grades_each_once(handed_in, graded, root, tmp_path):
    pytest.importorskip("distributed", reason="distributed is not installed: no cluster was tried")
    environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    python = [sys.executable, "-m"]
    scheduler = subprocess.Popen(
        [*python, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(tmp_path / "scheduler.json")],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    workers = []
    try:
        address = wait_for(tmp_path / "scheduler.json")
        arguments = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)]
        workers = [
            subprocess.Popen(
                [*python, "distributed.cli.dask_worker", *arguments],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]  # fmt: skip
        killer = kill_when_one_is_done(tmp_path / "out", workers[0])
        records = grade(handed_in, tmp_path / "out", seed=31, scheduler=address, training=False)
        killer.join()
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
    assert workers[0].returncode == -signal.SIGKILL
    assert [record["name"] for record in records] == sorted(EARNED)
    assert (tmp_path / "out" / "gradebook.csv").read_bytes() == (graded[0] / "gradebook.csv").read_bytes()


def wait_until(true, seconds=60):
    for _ in range(seconds * 20):
        if true():
            return
        time.sleep(0.05)
    raise TimeoutError("it did not happen")


def wait_for(file, seconds=60):
    for _ in range(seconds * 10):
        try:
            return json.loads(file.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.1)
    raise TimeoutError(f"no {file}")


def kill_when_one_is_done(out, worker):
    def kill():
        while not list(out.glob("*/record.json")):
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return thread
