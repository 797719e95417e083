"""Tests of our tests: who earns what, and what a student then reads."""

import pytest

from autograde import PUBLIC_SEED, hints
from autograde.check import report_lines, run
from autograde.variants import Variant, catalog, table

MISTAKES = catalog("mistakes")
ALTERNATIVES = catalog("alternatives")
CHAPTERS = sorted({int(mistake.exercise.split(".")[0]) for mistake in MISTAKES})


def statuses(results) -> dict[str, str]:
    return {result.exercise.id: result.status for result in results.exercises()}


@pytest.fixture(scope="session")
def solved():
    """The solutions, judged by every test, those that train included."""
    return run(ganlib="solutions")


@pytest.fixture(scope="session")
def judged():
    """Each mistake, judged once by the quick tests of its chapter."""
    known = {}

    def judge(mistake: Variant):
        if mistake.id not in known:
            known[mistake.id] = mistake.judge()
        return known[mistake.id]

    return judge


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


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_mistake_fails_its_exercise_alone_and_is_named(mistake, judged):
    results = judged(mistake).exercises()
    own = next(result for result in results if result.exercise.id == mistake.exercise)
    assert own.status == "failed"
    assert own.hint == mistake.hint
    assert mistake.hint.split()[0] in "\n".join(report_lines([own]))
    others = {result.exercise.id: result.status for result in results if result is not own}
    dependent = {result.exercise.id for result in results if mistake.exercise in all_needs(result.exercise.id, results)}
    assert {id: status for id, status in others.items() if status != "passed" and id not in dependent} == {}
    assert "failed" not in others.values(), "what builds on a wrong answer is unchecked, not failed"


def all_needs(id: str, results) -> set[str]:
    by_id = {result.exercise.id: result.exercise for result in results}
    direct = set(by_id[id].needs) & set(by_id)
    return direct.union(*(all_needs(need, results) for need in direct))


@pytest.mark.parametrize("alternative", ALTERNATIVES, ids=lambda alternative: alternative.id)
def test_alternative_passes(alternative):
    assert set(statuses(alternative.judge()).values()) == {"passed"}


@pytest.mark.parametrize("id", ["1.4", "2.4"])
def test_alternative_models_reach_the_targets(id):
    """An architecture that is right but written otherwise is trained, too, as a grade would."""
    alternatives = [alternative for alternative in ALTERNATIVES if alternative.exercise == id]
    assert len(alternatives) >= 2
    for alternative in alternatives:
        assert statuses(run([id], ganlib="solutions", variant=alternative.option))[id] == "passed", alternative.id


def test_hints_that_are_shipped_are_those_of_the_mistakes(judged):
    shipped = hints.load()
    wanted = table({mistake.id: judged(mistake) for mistake in MISTAKES}, MISTAKES)
    assert shipped["seed"] == PUBLIC_SEED
    assert shipped["hints"] == wanted["hints"]
    assert shipped["answers"].keys() == wanted["answers"].keys(), "run make hints"
    for test, known in wanted["answers"].items():
        assert shipped["answers"][test].keys() == known.keys(), "run make hints"
        for mistake, answers in known.items():
            assert hints.same(shipped["answers"][test][mistake], answers), f"{mistake} at {test}: run make hints"


def test_every_test_has_been_failed_by_some_mistake(judged):
    """A test that no wrong answer fails proves nothing; those that train are failed by a mistake below."""
    tests = [test for mistake in MISTAKES for result in judged(mistake).exercises() for test in result.tests]
    assert {test.name for test in tests} - {test.name for test in tests if test.status == "failed"} == set()


def names(results) -> dict[str, set[str]]:
    return {result.exercise.id: {test.name for test in result.tests} for result in results.exercises()}


@pytest.fixture(scope="session")
def training(solved):
    """By exercise, the tests that train: those that a quick run leaves out."""
    quick = names(run(ganlib="solutions", training=False))
    left_out = {id: tests - quick[id] for id, tests in names(solved).items()}
    return {id: tests for id, tests in left_out.items() if tests}


SPOILED = {
    "1.4": ("1.2/sigmoid_twice", "unchecked"),
    "1.5": ("1.5/noisy_target", "failed"),
    "2.4": ("2.3/kl_added", "unchecked"),
    "3.6": ("3.5/mean_of_logits", "unchecked"),
}


@pytest.mark.parametrize("exercise", SPOILED)
def test_every_training_test_can_fail(exercise, training):
    """Training on a wrong loss misses each target, and an exercise that builds on a wrong one is not blamed for it."""
    assert set(training) == set(SPOILED)
    id, status = SPOILED[exercise]
    variant = next(known for known in MISTAKES if known.id == id)
    results = run([exercise], ganlib="solutions", variant=variant.option)
    tests = next(result for result in results.exercises() if result.exercise.id == exercise).tests
    assert {test.status for test in tests if test.name in training[exercise]} == {status}


def test_exercises_build_on_earlier_ones_that_exist(solved):
    exercises = {result.exercise.id: result.exercise for result in solved.exercises()}
    for exercise in exercises.values():
        assert all(exercises[need].order < exercise.order for need in exercise.needs)
