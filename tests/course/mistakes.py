"""What each chapter's file test_mistakes_NN.py tests: its catalogued answers, each judged; imported there."""

import ast
import json
import os

import pytest

from autograde import PUBLIC_SEED, hints, in_order
from autograde.check import report_lines, run
from autograde.variants import Variant, catalog, judge_mistakes, table

# Exercises that build a model, and those whose tests train it: their alternatives are trained, too, as a grade would.
MODELS = {"1.4": "1.4", "2.4": "2.4", "5.3": "5.5", "5.4": "5.5", "6.3": "6.4", "9.3": "9.7", "10.7": "10.7"}
# Exercises whose tests train: by what mistake that training is spoiled, and what becomes of the tests.
SPOILED = {
    "1.4": ("1.2/sigmoid_twice", "unchecked"),
    "1.5": ("1.5/noisy_target", "failed"),
    "2.4": ("2.3/kl_added", "unchecked"),
    "3.6": ("3.5/mean_of_logits", "unchecked"),
    "5.5": ("3.4/published_sign", "unchecked"),
    "6.4": ("6.4/labels_of_the_real_shuffled", "failed"),
    "7.6": ("7.6/norm_over_the_batch", "failed"),
    "7.7": ("7.7/real_fake_exchanged", "failed"),
    "7.8": ("7.8/pairs", "failed"),
    "8.6": ("8.5/generator_sign", "unchecked"),
    "9.7": ("9.7/adversarial_sign", "failed"),
    "10.6": ("10.6/gradient_descent", "failed"),
    "10.7": ("10.7/content_of_the_output", "failed"),
}


def of_chapter(kind: str, chapter: int) -> list[Variant]:
    return [variant for variant in catalog(kind) if variant.chapter == chapter]


def pytest_generate_tests(metafunc):
    chapter = metafunc.module.CHAPTER
    for name in ("mistake", "alternative"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, of_chapter(f"{name}s", chapter), ids=lambda variant: variant.id)
    for name, exercises in (("model", MODELS), ("trained", SPOILED)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, [exercise for exercise in exercises if in_order(exercise)[0] == chapter])
    if "exercise" in metafunc.fixturenames:
        metafunc.parametrize("exercise", sorted({variant.exercise for variant in of_chapter("mistakes", chapter)}))
    if "chapter" in metafunc.fixturenames:
        metafunc.parametrize("chapter", [chapter])


@pytest.fixture(scope="module")
def judged():
    """Each mistake, judged once by the quick tests of its exercise, with all others of that exercise."""
    known = {}

    def judge(mistake: Variant):
        if mistake.id not in known:
            known.update(judge_mistakes([each for each in catalog("mistakes") if each.exercise == mistake.exercise]))
        return known[mistake.id]

    return judge


def test_mistake_fails_its_exercise_and_is_named(mistake, judged):
    (own,) = [result for result in judged(mistake).exercises() if result.exercise.id == mistake.exercise]
    assert own.status == "failed"
    assert own.hint == mistake.hint
    assert mistake.hint.split()[0] in "\n".join(report_lines([own]))


def test_a_wrong_answer_leaves_the_others_alone(exercise, tmp_path):
    """Whatever is wrong about it: exercises that do not build on it pass even if it raises as soon as it is called."""
    files = {variant.file for variant in catalog("mistakes") if variant.exercise == exercise}
    nodes = [node for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body]
    names = sorted({node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))})
    trap = tmp_path / next(iter(files)).name
    body = "(*arguments, **options):\n    raise RuntimeError('asked by another exercise')\n"
    trap.write_text("\n".join(f"@mistake('trap', 'a hint')\ndef {name}{body}" for name in names), encoding="utf-8")
    results = Variant(trap, "trap", "").judge().exercises()
    found = {result.exercise.id: result.status for result in results}
    dependent = {id for id in found if exercise in all_needs(id, results)}
    assert found.pop(exercise) == "failed"
    assert {id: status for id, status in found.items() if status != "passed" and id not in dependent} == {}
    assert "failed" not in found.values(), "what builds on a wrong answer is unchecked, not failed"


def all_needs(id: str, results) -> set[str]:
    by_id = {result.exercise.id: result.exercise for result in results}
    direct = set(by_id[id].needs) & set(by_id)
    return direct.union(*(all_needs(need, results) for need in direct))


def test_alternative_passes(alternative):
    assert {result.status for result in alternative.judge(builders=True).exercises()} == {"passed"}


def test_hints_that_are_shipped_are_those_of_the_mistakes(chapter, judged):
    mistakes = of_chapter("mistakes", chapter)
    shipped = json.loads((hints.FOLDER / f"{chapter:02}.json").read_text(encoding="utf-8"))
    wanted = table({mistake.id: judged(mistake) for mistake in mistakes}, mistakes)
    assert shipped["seed"] == PUBLIC_SEED
    assert shipped["hints"] == wanted["hints"]
    assert shipped["answers"].keys() == wanted["answers"].keys(), "run make hints"
    for test, known in wanted["answers"].items():
        assert shipped["answers"][test].keys() == known.keys(), "run make hints"
        for mistake, answers in known.items():
            assert hints.same(shipped["answers"][test][mistake], answers), f"{mistake} at {test}: run make hints"


def test_every_test_has_been_failed_by_some_mistake(chapter, judged):
    """A test that no wrong answer fails proves nothing; those that train are failed by a mistake below."""
    tests = [
        test for mistake in of_chapter("mistakes", chapter) for result in judged(mistake).exercises() for test in result.tests
    ]
    assert {test.name for test in tests} - {test.name for test in tests if test.status == "failed"} == set()


def test_alternative_models_reach_the_targets(model):
    """An architecture that is right but written otherwise is trained, too, as a grade would: the first two, or all."""
    alternatives = [alternative for alternative in catalog("alternatives") if alternative.exercise == model]
    assert len(alternatives) >= 2
    for alternative in alternatives[: None if os.environ.get("TRAIN_ALL") else 2]:
        results = run([MODELS[model]], ganlib="solutions", variant=alternative.option, needs=False)
        assert result_of(results, MODELS[model]).status == "passed", alternative.id


def test_every_training_test_can_fail(trained):
    """Training on a wrong loss misses each target, and an exercise that builds on a wrong one is not blamed for it."""
    id, status = SPOILED[trained]
    variant = next(known for known in catalog("mistakes") if known.id == id)
    # Quick tests would fail the mistake, and nothing would be trained.
    spoiled = result_of(run([trained], ganlib="solutions", variant=variant.option, quick=False, needs=False), trained).tests
    assert {test.status for test in spoiled} == {"failed"}
    if status == "unchecked":
        judged = result_of(run([trained], ganlib="solutions", variant=variant.option), trained).tests
        untrained = [test for test in judged if test.name in {trained.name for trained in spoiled}]
        assert {test.status for test in untrained} == {"unchecked"}
        assert all(test.message == f"Not trained: quicker tests have failed {variant.exercise}." for test in untrained)


def result_of(results, id: str):
    return next(result for result in results.exercises() if result.exercise.id == id)
