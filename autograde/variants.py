"""The catalog of wrong and of other right answers, and the table of hints made from the wrong ones."""

import ast
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

from autograde import PUBLIC_SEED, ROOT, hints, in_order
from autograde.check import run, run_each
from autograde.results import Results

# What these mistakes answer in these tests differs from processor to processor, and no hint is made of it: directions in which
# data do not vary are arbitrary, rounding decides whether a difference is 0, and a descent that goes astray goes anywhere.
VARYING = {
    "test_01_autoencoders.py::TestLinearAutoencoder::test_of_fewer_points_than_features": (
        *("1.1/mean_not_returned", "1.1/smallest_directions", "1.1/transposed", "1.1/scaled_twice", "1.1/two_values"),
    ),
    "test_01_autoencoders.py::TestLinearAutoencoder::test_on_real_digits": ("1.1/smallest_directions",),
    "test_05_dcgan.py::TestSlerp::test_of_equal_vectors_is_the_vector": ("5.6/not_clamped",),
    "test_05_dcgan.py::TestSlerp::test_of_small_angles[1e-06]": ("5.6/not_clamped",),
    "test_05_dcgan.py::TestSlerp::test_of_small_angles[0.0001]": ("5.6/not_clamped",),
    "test_05_dcgan.py::TestSlerp::test_of_a_batch": ("5.6/not_clamped",),
    "test_07_wasserstein.py::TestTransport::test_of_masses_that_differ_by_rounding": (
        *("7.3/minus_prices_of_the_plan", "7.3/prices_of_the_plan"),
    ),
    "test_07_wasserstein.py::TestWganStep::test_steps_do_not_add_up": ("7.7/weight_of_ten",),
    "test_08_spectral.py::TestPowerIteration::test_each_step_of_any_shape[1-5]": ("8.1/float32",),
    "test_09_image_to_image.py::TestInstanceNorm::test_a_constant_channel_becomes_0": ("9.1/float32",),
    "test_09_image_to_image.py::TestNetworks::test_gradient_is_that_of_the_answer[unet]": ("9.3/unet_zeros_beside",),
    "test_10_style_transfer.py::TestPolynomialMMD::test_of_one_sample_twice_is_zero": ("10.2/float32",),
    "test_10_style_transfer.py::TestStylize::test_content_alone_comes_back": ("10.6/root", "10.6/squeezed"),
    "test_10_style_transfer.py::TestStylize::test_goes_as_far_as_it_is_told": ("10.6/slopes_add_up",),
    "test_10_style_transfer.py::TestStylize::test_loss_falls": ("10.6/slopes_add_up",),
    "test_10_style_transfer.py::TestStylize::test_losses_are_those_of_lbfgs[small features]": ("10.6/slopes_add_up",),
    "test_10_style_transfer.py::TestStylize::test_style_alone_makes_a_texture": ("10.6/squeezed", "10.6/slopes_add_up"),
    "test_10_style_transfer.py::TestStylize::test_weight_of_the_flicker_makes_it_smooth": (
        *("10.6/slopes_add_up", "10.6/twenty_iterations_a_step"),
    ),
    "test_10_style_transfer.py::TestStylize::test_weights_say_what_counts": ("10.6/slopes_add_up",),
}


@dataclass(frozen=True)
class Variant:
    """One catalogued answer: FILE::NAME, the exercise it belongs to and, for a mistake, its hint."""

    file: Path
    name: str
    hint: str

    @cached_property
    def exercise(self) -> str:
        return ".".join(self.file.stem.rsplit("_", 2)[1:])

    @property
    def chapter(self) -> int:
        return in_order(self.exercise)[0]

    @property
    def id(self) -> str:
        return f"{self.exercise}/{self.name}"

    @property
    def option(self) -> str:
        return f"{self.file}::{self.name}"

    def judge(self, *, builders: bool = False) -> Results:
        """Run the quick tests of its chapter, or of its exercise and those that build on it, with this variant laid over.

        Those of earlier chapters are not run: a variant changes a module of its own chapter.
        """
        options = {"ganlib": "solutions", "variant": self.option, "training": False, "needs": False, "builders": builders}
        return run([self.exercise] if builders else [], chapters=[self.chapter], **options)


def judge_mistakes(mistakes: Sequence[Variant]) -> dict[str, Results]:
    """By id, what the quick tests of its exercise say of the solutions with each mistake laid over them."""
    found: dict[str, Results] = {}
    for exercise, members in groupby(mistakes, lambda mistake: mistake.exercise):
        members = list(members)
        options = [member.option for member in members]
        results = run_each([exercise], options, ganlib="solutions", training=False, needs=False)
        found |= zip([member.id for member in members], results, strict=True)
    return found


@cache
def catalog(kind: str) -> tuple[Variant, ...]:
    """All ``"mistakes"`` or ``"alternatives"``, in the order of the course.

    Raises:
        ValueError: if a file has a definition that is not marked, or a mistake without a hint.
    """
    marker = kind.removesuffix("s")
    found: dict[str, Variant] = {}
    for file in sorted((ROOT / "tests" / kind).glob("*/*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                variant = _read(file, node, marker)
                if variant.hint or variant.id not in found:
                    found[variant.id] = variant
    if kind == "mistakes":
        without = [variant.id for variant in found.values() if not variant.hint]
        if without:
            raise ValueError(f"mistakes without a hint: {', '.join(without)}")
    return tuple(sorted(found.values(), key=lambda variant: in_order(variant.exercise)))


def _read(file: Path, node: ast.FunctionDef | ast.ClassDef, marker: str) -> Variant:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == marker:
            name, *hint = [ast.literal_eval(argument) for argument in decorator.args]
            return Variant(file, name, hint[0] if hint else "")
    raise ValueError(f"{file}, line {node.lineno}: {node.name} is not marked @{marker}(name, ...)")


def table(judged: dict[str, Results], mistakes: list[Variant]) -> dict:
    """The table of hints: what each mistake answered to the questions of its exercise's tests that it failed."""
    answers: dict[str, dict[str, list]] = {}
    for mistake in mistakes:
        for result in judged[mistake.id].exercises():
            if result.exercise.id == mistake.exercise:
                for test in result.tests:
                    if test.status == "failed" and mistake.id not in VARYING.get(test.name, ()):
                        answers.setdefault(test.name, {})[mistake.id] = test.transcript
    return {"seed": PUBLIC_SEED, "hints": {mistake.id: mistake.hint for mistake in mistakes}, "answers": answers}


def write(chapter: int, table: dict) -> None:
    """Write the table of a chapter, one test a line."""
    rows = ",\n".join(f"  {json.dumps(test)}: {json.dumps(known)}" for test, known in table["answers"].items())
    texts = json.dumps(table["hints"], indent=1, ensure_ascii=False)
    hints.FOLDER.mkdir(exist_ok=True)
    (hints.FOLDER / f"{chapter:02}.json").write_text(
        f'{{"seed": {table["seed"]},\n"hints": {texts},\n"answers": {{\n{rows}\n}}}}\n', encoding="utf-8"
    )


def main() -> None:
    """Ask every mistake of the chapters that are named, or of all, and write their files in ``tests/hints/``."""
    mistakes = catalog("mistakes")
    chapters = list(dict.fromkeys(str(mistake.chapter) for mistake in mistakes))
    unknown = set(sys.argv[1:]) - set(chapters)
    if unknown:
        sys.exit(f"chapter {', '.join(sorted(unknown))}: there is none of this number; there are {', '.join(chapters)}")
    for chapter in map(int, sys.argv[1:] or chapters):
        asked = [mistake for mistake in mistakes if mistake.chapter == chapter]
        write(chapter, table(judge_mistakes(asked), asked))


if __name__ == "__main__":
    main()
