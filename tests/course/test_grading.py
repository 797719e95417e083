"""Tests of our tests: who earns what, and what a student then reads."""

import pytest

from autograde import GRADER_FAILED, PUBLIC_SEED
from autograde.check import report_lines, run
from autograde.variants import catalog
from tests.course.mistakes import SPOILED

MISTAKES = catalog("mistakes")
ALTERNATIVES = catalog("alternatives")


def statuses(results) -> dict[str, str]:
    return {result.exercise.id: result.status for result in results.exercises()}


def test_the_mistakes_of_every_chapter_are_judged(root):
    """One file a chapter, so that they are judged side by side."""
    files = {f"test_mistakes_{mistake.chapter:02}.py" for mistake in MISTAKES}
    assert {file.name for file in (root / "tests" / "course").glob("test_mistakes_*.py")} == files


@pytest.fixture(scope="session")
def solved():
    """The solutions, judged by all tests but those that train: these are run beside this file, each as plain pytest."""
    return run(ganlib="solutions", training=False)


def test_solutions_earn_everything(solved):
    assert {id: status for id, status in statuses(solved).items() if status != "passed"} == {}
    assert report_lines(solved.exercises())[-1].endswith("(100 %)")


def test_solutions_earn_everything_with_another_seed():
    assert set(statuses(run(ganlib="solutions", seed=PUBLIC_SEED + 1, training=False)).values()) == {"passed"}


def test_every_exercise_of_the_catalog_is_judged(solved):
    assert set(statuses(solved)) == {variant.exercise for variant in MISTAKES} == {variant.exercise for variant in ALTERNATIVES}


def test_blank_library_earns_nothing_and_says_so(tmp_path, root):
    from autograde.release import modules

    (tmp_path / "ganlib").mkdir()
    for path, text in modules(root).items():
        (tmp_path / "ganlib" / path.name).write_text(text)
    results = run(ganlib=str(tmp_path))
    assert set(statuses(results).values()) == {"blank"}
    assert sum(result.score for result in results.exercises()) == 0
    assert "Traceback" not in "\n".join(report_lines(results.exercises()))


@pytest.mark.parametrize("exercise", sorted({mistake.exercise for mistake in MISTAKES}))
def test_each_exercise_has_three_mistakes_and_two_alternatives(exercise):
    assert sum(mistake.exercise == exercise for mistake in MISTAKES) >= 3
    assert sum(alternative.exercise == exercise for alternative in ALTERNATIVES) >= 2


class Collected:
    """Takes the collected tests out of pytest."""

    def pytest_collection_modifyitems(self, items):
        self.items = list(items)


def test_every_exercise_that_trains_is_known_to_fail_on_a_wrong_loss(root):
    collected = Collected()
    files = map(str, sorted((root / "tests").glob("test_*.py")))
    assert pytest.main([*files, "--collect-only", "-qq"], plugins=[collected]) == pytest.ExitCode.OK
    training = [item for item in collected.items if item.get_closest_marker("training")]
    assert {item.cls.__exercise__.id for item in training} == set(SPOILED)
    last = {item.cls: item for item in collected.items if getattr(item, "cls", None)}
    assert all(last[item.cls].get_closest_marker("training") for item in training)


def test_files_that_cannot_be_collected_are_an_error_that_says_why(monkeypatch, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_00_torn.py").write_text("import nothing_of_this_name\n")
    monkeypatch.setattr("autograde.check.ROOT", tmp_path)
    with pytest.raises(RuntimeError, match="nothing_of_this_name"):
        run()


SLIPS = """
import pytest
import torch
from autograde.testing import exercise, zeros

@exercise("2.2", points=1)
class TestKL:
    @pytest.mark.parametrize("line", ["no_such_name", "import nothing", "torch.empty(2**50)", "kl.nothing", "kl['kl']"])
    def test_a_line(self, ask, line):
        kl = ask("vae.kl_standard_normal", zeros(2, 2), zeros(2, 2))
        exec(line)
"""


def test_a_slip_in_a_test_itself_is_no_fault_of_the_answer(monkeypatch, tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_02_slips.py").write_text(SLIPS)
    monkeypatch.setattr("autograde.check.ROOT", tmp_path)
    (result,) = run(ganlib="solutions").exercises()
    assert [test.status for test in result.tests] == ["unchecked"] * 3 + ["failed"] * 2
    assert [test.odd == GRADER_FAILED for test in result.tests] == [True] * 3 + [False] * 2


def test_an_alternative_is_judged_with_all_that_builds_on_it():
    variant = next(known for known in ALTERNATIVES if known.exercise == "2.1")
    assert statuses(variant.judge(builders=True)) == dict.fromkeys(["2.1", "2.4"], "passed")


def test_what_quick_tests_fail_is_not_trained():
    """Training comes last, whatever the order in the file, and a wrong answer does not wait for it."""
    id, status = SPOILED["1.5"]
    variant = next(known for known in MISTAKES if known.id == id)
    (result,) = run(["1.5"], ganlib="solutions", variant=variant.option, needs=False).exercises()
    assert (result.status, status) == ("failed", "failed")
    assert result.hint == variant.hint
    untrained = [test.name for test in result.tests if test.message.startswith("Not trained")]
    assert untrained == ["test_01_autoencoders.py::TestDenoisingLoss::test_reaches_the_target"]


def test_exercises_build_on_earlier_ones_that_exist(solved):
    exercises = {result.exercise.id: result.exercise for result in solved.exercises()}
    for exercise in exercises.values():
        assert all(exercises[need].order < exercise.order for need in exercise.needs)
