"""The command line: exit codes, and words instead of tracebacks."""

import os
import signal
import subprocess
import sys
import time
from unittest.mock import Mock

import pytest

from autograde.__main__ import main


def autograde(root, *arguments, **environment):
    env = {key: value for key, value in os.environ.items() if key != "GANLIB"} | environment
    return subprocess.run([sys.executable, "-m", "autograde", *arguments], capture_output=True, text=True, cwd=root, env=env)


def test_a_right_answer_passes(root):
    # Somebody's own options of pytest, here of a plugin that the check leaves out, are not asked.
    result = autograde(root, "check", "2.2", GANLIB="solutions", PYTEST_ADDOPTS="-n 2")
    assert result.returncode == 0
    assert "3 of 3 points (100 %)" in result.stdout
    assert "not a grade" in result.stdout


def test_the_missing_half_is_named_then_mended(root, tmp_path):
    """The walk of a student: wrong, hint, right."""
    (tmp_path / "ganlib").mkdir()
    file = tmp_path / "ganlib" / "vae.py"
    from autograde.release import modules

    blank = modules(root)[root / "ganlib" / "vae.py"]
    hole = 'raise NotImplementedError("Exercise 2.2")'
    file.write_text(blank.replace(hole, "return (mu ** 2 + torch.exp(logvar) - 1 - logvar).sum(1)"))
    wrong = autograde(root, "check", "2.2", "--ganlib", str(tmp_path))
    assert wrong.returncode == 1
    assert "½" in wrong.stdout
    assert "0 of 3 points" in wrong.stdout
    file.write_text(blank.replace(hole, "return 0.5 * (mu ** 2 + torch.exp(logvar) - 1 - logvar).sum(1)"))
    right = autograde(root, "check", "2.2", "--ganlib", str(tmp_path))
    assert right.returncode == 0, right.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "8.99"), "exercise 8.99: there is none of this number; there are 8.1, 8.2, 8.3, 8.4, 8.5, 8.6\n"),
        (("check", "two"), "exercise two: there is none of this number; there are 0.1, ..., 10.8\n"),
        (("check", "99"), "exercise 99: there is none"),
        (("check", "2.1", "--seed", "3", "2.99"), "exercise 2.99: there is none"),
        (("grade", "tests", "--out", "README.md"), "--out: README.md is no folder and cannot be made one (File exists)"),
        (("grade", "tests", "--out", "README.md/x"), "--out: README.md/x is no folder and cannot be made one (Not a directory)"),
        (("grade", "--list", "lost.csv", "--out", "y"), "--list: lost.csv cannot be read (No such file or directory)"),
        (("grade", "--list", "tests", "--out", "y"), "--list: tests cannot be read (Is a directory)"),
        (("check", "2.1,2"), "2 is a chapter: for all of it, make check CH=2"),
        (("check", "0.9"), "exercise 0.9: there is none"),
        (("check", "--chapter", "99"), "chapter 99: there is none"),
        (("check", "--ganlib", "/nowhere"), "there is no folder /nowhere/ganlib"),
        (("notebooks", "2.99"), "exercise 2.99: there is none"),
        (("grade", "x", "--out", "y", "--chapter", "99"), "chapter 99: there is none"),
        (("grade", "x", "--out", "y", "--exercises", "2.1,2.99"), "exercise 2.99: there is none"),
        (("grade", "x", "--out", "y", "--exercises", ""), "--exercises: got none"),
        (("grade", "lost", "--out", "y", "gone"), "no such file or folder: lost, gone"),
        (("grade", "--exercises", "2.1", "2.2", "--out", "y"), "2.2; --exercises takes several with commas"),
        (("grade", "x", "--out", "y", "--bad"), "unrecognized arguments: --bad"),
        (("grade", "--out", "y"), "got none, want folders, zips or --list CSV"),
        (("doctor", "me"), "unrecognized arguments: me"),
        (("check", "--chapter", "two"), "argument --chapter: got 'two', want a whole number"),
        (("check", "--seed", "letters"), "argument --seed: got 'letters', want a whole number"),
        (("grade", "tests", "--out", "y", "--jobs", "1.5"), "argument --jobs: got '1.5', want a whole number"),
        (("release", "--gradescope", "--chapter", "99"), "chapter 99: there is none"),
        (("release", "--chapter", "2"), "--chapter: only with --gradescope"),
    ],
)
def test_nonsense_is_answered_in_words(root, arguments, words):
    result = autograde(root, *arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert not (root / "y").exists()


def test_the_doctor_names_each_wall_once_it_was_tried(monkeypatch, capsys):
    """The slow ones are last: who waits for them sees what is known."""
    seen = []
    walls = {name: lambda _: (not seen.append(capsys.readouterr().out), "looked") for name in ("first", "second")}
    monkeypatch.setattr("autograde.sandbox.SandboxedParent", Mock())
    monkeypatch.setattr("autograde.doctor.Patient", Mock())
    monkeypatch.setattr("autograde.doctor.WALLS", walls)
    assert main(["doctor"]) == 0
    assert seen[0] == "" and seen[1].split() == ["holds", "first", "looked"]
    assert capsys.readouterr().out.endswith("all 2 walls hold: you can grade\n")


def test_a_file_that_cannot_be_written_is_named(monkeypatch, capsys):
    def _doctor(options):
        raise PermissionError(13, "Permission denied", "graded/seed.txt")

    monkeypatch.setattr("autograde.__main__._doctor", _doctor)
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == "graded/seed.txt: Permission denied\n"


def test_notebooks_are_checked_by_exercise_and_chapter(root):
    """A chapter that nobody has begun takes one line."""
    result = autograde(root, "notebooks", "2.2", "--chapter", "3", GANLIB="solutions")
    assert result.returncode == 1
    assert [line.split()[:4] for line in result.stdout.splitlines() if line] == [
        ["2.2", "blank"], ["closed_form,", "by_integral,", "narrow,", "wide"],
        ["3.1,", "3.2,", "3.3,", "3.4,"], ["0", "of", "8", "notebook"],
    ]  # fmt: skip


def test_a_notebook_that_is_not_there_is_named(root, tmp_path):
    (tmp_path / "ganlib").mkdir()
    result = autograde(root, "notebooks", "2.2", "--ganlib", str(tmp_path))
    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == f"{tmp_path / 'exercises' / '02_vae.ipynb'} is not there"


def test_release_check(root):
    result = autograde(root, "release", "--check")
    assert result.returncode == 0, result.stdout


def test_a_graded_file_runs_alone_as_plain_pytest(root):
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_02_vae.py", "-q", "-k", "TestKL or TestLatentGrid", "--ganlib", "solutions"],
        capture_output=True, text=True, cwd=root,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout
    assert "5 of 5 points (100 %)" in result.stdout


def test_an_exercise_whose_tests_did_not_all_run_earns_nothing(root):
    arguments = ["tests/test_02_vae.py", "-q", "-k", "is_zero_at_the_prior", "--ganlib", "solutions"]
    result = subprocess.run([sys.executable, "-m", "pytest", *arguments], capture_output=True, text=True, cwd=root)
    assert "0 of 3 points" in result.stdout
    assert "unchecked" in result.stdout


@pytest.mark.parametrize(
    ("command", "after"),
    [("check", 2.0), ("check", 7.0), ("grade tests --unsafe --out", 1.0), ("grade tests --unsafe --out", 2.0)],
    ids=["check, while it imports", "check, while it asks", "grade, while it imports", "grade, while its jobs import"],
)
def test_ctrl_c_is_answered_in_a_word(root, tmp_path, command, after, heeds_ctrl_c):
    """A terminal sends it to the whole group of processes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "autograde", *command.split(), *[str(tmp_path)] * command.endswith("--out")],
        cwd=root,
        env=os.environ | {"GANLIB": "solutions"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heeds_ctrl_c,
    )
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    lines = said.splitlines()
    assert lines[-1] == "stopped" and "Traceback" not in said
    assert command != "check" or len(lines) == 1
    assert process.returncode in (130, -signal.SIGINT)


def test_what_is_wrong_with_a_whole_module_is_said_once():
    from autograde.check import report_lines
    from autograde.results import ExerciseResult, TestResult
    from autograde.testing import Exercise

    failure = TestResult("test", "failed", "The module does not load.")
    results = [ExerciseResult(Exercise(f"2.{number}", "t", 1, ()), [failure]) for number in (1, 2)]
    text = "\n".join(report_lines(results))
    assert text.count("The module does not load.") == 1 and "As for 2.1." in text
