"""Chapter 6: conditional GANs. Each class judges one exercise of ``ganlib/cgan.py``."""

import pytest
import torch
import torch.nn.functional as F

from autograde.games import (
    descended,
    expect_as_they_came,
    expect_in_training_mode,
    expect_losses,
    expect_no_history,
    expect_weights,
)
from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_dtype,
    expect_fields,
    expect_gradients,
    expect_no_copies,
    expect_restored,
    expect_tensor,
    expect_that,
    expect_untouched,
    in_two_tries,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("cgan")


@exercise("6.1", points=2)
class TestConditions:
    """Noise that is told a class."""

    def conditioned(self, ask, function, *arguments):
        return expect_fields(ask(probe.conditioned, function, *arguments), "answer", "z", "labels", "table")[0]

    def test_multiplies_entry_by_entry(self, ask):
        z, table = tensor([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]), tensor([[2.0, 0.0, -1.0], [0.5, 3.0, 1.0]])
        product = self.conditioned(ask, "condition_multiply", z, tensor([1, 0]), table)
        expect(product, [[0.5, 6.0, 3.0], [2.0, 0.0, -3.0]], "Each entry of z times that of the class's vector.")

    def test_multiplication_sees_only_the_size_of_e(self, ask, rng):
        z, labels, table = rng.normal(6, 3), rng.integers(0, 4, 6), rng.normal(4, 3)
        product = expect_tensor(self.conditioned(ask, "condition_multiply", z, labels, table), (6, 3))
        mirrored = self.conditioned(ask, "condition_multiply", -z, labels, -table)
        why = "Theorem 6.2: -z is as likely as z, and -z times -e(y) is z times e(y). The sign of e(y) is lost."
        expect(mirrored, product, why)

    def test_puts_z_first_and_the_class_behind_it(self, ask):
        z, table = tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), tensor([[7.0, 8.0, 9.0], [-1.0, -2.0, -3.0]])
        joined = self.conditioned(ask, "condition_concat", z, tensor([1, 0, 1]), table)
        wanted = [[1, 2, -1, -2, -3], [3, 4, 7, 8, 9], [5, 6, -1, -2, -3]]
        expect(joined, wanted, "In each row: first the noise, then the vector of its class.")

    @pytest.mark.parametrize("function", ["condition_multiply", "condition_concat"])
    @pytest.mark.parametrize("layer", [True, False], ids=["layer", "function"])
    def test_takes_any_embedding(self, ask, rng, function, layer):
        z, labels, table = rng.normal(7, 4), rng.integers(0, 5, 7), rng.normal(5, 4)
        wanted = z * table[labels] if function == "condition_multiply" else torch.cat([z, table[labels]], dim=1)
        what = "nn.Embedding" if layer else "a plain function"
        expect(
            self.conditioned(ask, function, z, labels, table, layer), wanted, f"The embedding is {what}: call it with the labels."
        )

    @pytest.mark.parametrize("function", ["condition_multiply", "condition_concat"])
    def test_keeps_the_precision(self, ask, rng, function):
        z, labels, table = rng.normal(5, 3).double(), rng.integers(0, 4, 5), rng.normal(4, 3).double()
        result = self.conditioned(ask, function, z, labels, table)
        wanted = z * table[labels] if function == "condition_multiply" else torch.cat([z, table[labels]], dim=1)
        expect(result, wanted, "float64 stays float64.", rtol=1e-13, atol=0)
        expect_dtype(result, torch.float64)

    def test_lets_the_gradient_of_a_product_through(self, ask, rng):
        z, labels, table, weights = rng.normal(6, 3), tensor([0, 2, 2, 0, 3, 2]), rng.normal(4, 3), rng.normal(6, 3)
        by_z, by_table = ask(probe.derivatives_of_conditioned, "condition_multiply", z, labels, table, weights)
        expect(by_z, weights * table[labels], "The derivative with respect to z is the vector of its class.")
        expect(
            by_table, zeros(4, 3).index_add(0, labels, weights * z), "By a class's vector: the noises that were told it, summed."
        )

    def test_lets_the_gradient_of_a_concatenation_through(self, ask, rng):
        z, labels, table, weights = rng.normal(6, 2), tensor([0, 2, 2, 0, 3, 2]), rng.normal(4, 3), rng.normal(6, 5)
        by_z, by_table = ask(probe.derivatives_of_conditioned, "condition_concat", z, labels, table, weights)
        expect(by_z, weights[:, :2], "The noise is passed on as it is.")
        expect(
            by_table, zeros(4, 3).index_add(0, labels, weights[:, 2:]), "So is the class's vector, once for each of its images."
        )

    @pytest.mark.parametrize("function", ["condition_multiply", "condition_concat"])
    def test_leaves_its_inputs_alone(self, ask, rng, function):
        arguments = [rng.normal(5, 3), rng.integers(0, 4, 5), rng.normal(4, 3)]
        _, *after = expect_fields(ask(probe.conditioned, function, *arguments), "answer", "z", "labels", "table")
        expect_as_before(arguments, after)


@exercise("6.2", points=2)
class TestLabelPlanes:
    """A label as images."""

    def test_of_three_digits(self, ask):
        planes = ask("cgan.label_planes", tensor([3, 8, 9]), 10, 1, 1)
        wanted = zeros(3, 10, 1, 1)
        wanted[0, 3], wanted[1, 8], wanted[2, 9] = 1, 1, 1
        expect(planes, wanted, "The plane of the class is 1, the nine others are 0. Classes are counted from 0.")

    def test_planes_are_filled(self, ask):
        planes = expect_tensor(ask("cgan.label_planes", tensor([1, 0]), 3, 4, 5), (2, 3, 4, 5))
        expect(planes.sum(dim=(2, 3)), [[0.0, 20.0, 0.0], [20.0, 0.0, 0.0]], "All 4 x 5 pixels of the class's plane are 1.")
        expect(planes.amax(dim=(2, 3)), [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], "No pixel is more than 1.")

    @pytest.mark.parametrize(("k", "h", "w"), [(5, 3, 2), (4, 4, 4), (1, 2, 3), (12, 1, 6)])
    def test_of_any_size(self, ask, rng, k, h, w):
        labels = rng.integers(0, k, 4)
        wanted = F.one_hot(labels, k).double()[:, :, None, None].repeat(1, 1, h, w)
        why = f"(N, K, h, w) = (4, {k}, {h}, {w}): images of K = {k} channels, height h, width w."
        expect(ask("cgan.label_planes", labels, k, h, w), wanted, why)

    def test_does_not_need_every_class_in_the_batch(self, ask):
        planes = expect_tensor(ask("cgan.label_planes", tensor([0, 0]), 6, 2, 2), (2, 6, 2, 2))
        expect(planes[:, 0].mean(), 1.0, "Only class 0 in the batch: there are 6 planes all the same, and the first is 1.")

    def test_is_float32(self, ask):
        expect_dtype(ask("cgan.label_planes", tensor([1]), 2, 2, 2), torch.float32, "the planes")

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "cgan.label_planes", rng.integers(0, 4, 6), 4, 2, 2)


# Small networks of eleven classes. No other of their sizes is 11: so what has eleven rows has a row for each class.
GENERATOR, DISCRIMINATOR = "ConditionalGenerator", "ConditionalDiscriminator"
SMALL = {
    GENERATOR: {"latent_dim": 6, "n_classes": 11, "image_size": 16, "width": 4},
    DISCRIMINATOR: {"n_classes": 11, "image_size": 16, "width": 4},
}
WHAT = {GENERATOR: "image", DISCRIMINATOR: "logit"}
both = pytest.mark.parametrize("network", [GENERATOR, DISCRIMINATOR])


def inputs_of(network: str, rng, n: int) -> torch.Tensor:
    """Noise for the small generator, images in [-1, 1] for the small discriminator."""
    return rng.normal(n, 6) if network == GENERATOR else rng.uniform(n, 1, 16, 16, low=-1)


def shape_of(network: str, n: int) -> tuple[int, ...]:
    return (n, 1, 16, 16) if network == GENERATOR else (n,)


def answer_of(ask, *arguments) -> object:
    """What the network answers, of all that the probe returns."""
    return expect_fields(ask(probe.answers, *arguments), "answer", "inputs", "labels")[0]


def of_each_class(ask, rng, network: str, n: int = 48) -> torch.Tensor:
    """The answers to n inputs with each class in turn, shape (11, n, numbers of an answer)."""
    return told_each_class(ask, network, inputs_of(network, rng, n), rng.seed())


def told_each_class(ask, network: str, inputs: torch.Tensor, seed: int) -> torch.Tensor:
    found = ask(probe.answers_to_each_class, network, SMALL[network], inputs, seed)
    shape = shape_of(network, len(inputs))
    return torch.stack([expect_tensor(each, shape).reshape(len(inputs), -1) for each in found])


def distances(answers: torch.Tensor) -> torch.Tensor:
    """How far apart two classes are: the root mean square of the difference of their answers, for each pair."""
    return torch.stack([(answers[i] - answers[j]).square().mean().sqrt() for i, j in PAIRS])


PAIRS = [(i, j) for i in range(11) for j in range(i)]


def correlation(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return torch.corrcoef(torch.stack([a, b]))[0, 1]


@exercise("6.3", points=5, needs=["5.3", "5.4", "6.1", "6.2"])
class TestConditionalNetworks:
    """The networks of pairs."""

    @pytest.mark.parametrize(("size", "channels", "n_classes"), [(8, 3, 2), (16, 2, 10), (28, 1, 12), (32, 3, 3), (20, 1, 30)])
    def test_generator_makes_images_of_any_size(self, ask, rng, size, channels, n_classes):
        arguments = {"latent_dim": 5, "n_classes": n_classes, "channels": channels, "image_size": size, "width": 4}
        images = answer_of(ask, GENERATOR, arguments, rng.normal(3, 5), tensor([0, n_classes - 1, 1]), rng.seed())
        expect_tensor(images, (3, channels, size, size), "the batch of images")

    @pytest.mark.parametrize(("size", "channels", "n_classes"), [(8, 3, 2), (16, 2, 10), (28, 1, 12), (32, 3, 3), (20, 1, 30)])
    def test_discriminator_judges_images_of_any_size(self, ask, rng, size, channels, n_classes):
        arguments = {"n_classes": n_classes, "channels": channels, "image_size": size, "width": 4}
        images = rng.uniform(3, channels, size, size, low=-1)
        logits = answer_of(ask, DISCRIMINATOR, arguments, images, tensor([0, n_classes - 1, 1]), rng.seed())
        expect_tensor(logits, (3,), "the logits")

    def test_defaults_are_those_of_the_digits(self, ask, rng):
        images = answer_of(ask, GENERATOR, {}, rng.normal(2, 64), tensor([9, 0]), rng.seed())
        expect_tensor(images, (2, 1, 16, 16), "the batch of images")
        logits = answer_of(ask, DISCRIMINATOR, {}, rng.uniform(2, 1, 16, 16, low=-1), tensor([9, 0]), rng.seed())
        expect_tensor(logits, (2,), "the logits")

    @both
    def test_width_makes_it_wider(self, ask, rng, network):
        small, large = (ask(probe.trained_numbers, network, SMALL[network] | {"width": width}, rng.seed()) for width in (4, 8))
        expect_that(large > small, f"width = 8 has {large} numbers to train, width = 4 has {small}: width changes nothing.")

    def test_images_lie_between_minus_1_and_1(self, ask, rng):
        labels = torch.arange(44) % 11
        images = expect_tensor(answer_of(ask, GENERATOR, SMALL[GENERATOR], rng.normal(44, 6), labels, rng.seed(), 20.0))
        expect_that(images.abs().max() <= 1, "Images have values in [-1, 1]: the generator ends in a tanh.")
        expect_that(
            images.min() < -0.8 and images.max() > 0.8,
            "With large weights no pixel is below -0.8, or none above 0.8. Wanted is one tanh.",
        )

    def test_logits_are_no_probabilities(self, ask, rng):
        labels, x = torch.arange(44) % 11, inputs_of(DISCRIMINATOR, rng, 44)
        logits = expect_tensor(ask(probe.logits_of_many, SMALL[DISCRIMINATOR], x, labels, rng.seed(), 20), (20, 44))
        low, high = float(logits.min()), float(logits.max())
        why = "The logits of 20 networks with large weights: wanted are numbers of any size and both signs, nothing behind them."
        expect_that(low < -1 and high > 1, f"{why}\ngot numbers from {low:.4g} to {high:.4g}")

    @both
    def test_is_a_dcgan(self, ask, rng, network):
        kinds = ask(probe.kinds_of_layers, network, SMALL[network], inputs_of(network, rng, 4), tensor([3, 0, 10, 1]), rng.seed())
        found = sum("convolution" in str(kind) for kind in kinds) if isinstance(kinds, list) else 0
        why = "Between 16 x 16 pixels and the small image of 4 x 4 lie two convolutions: a DCGAN. Convolutions on the way:"
        expect_above(found, 2, why)

    @both
    def test_tells_every_two_classes_apart(self, ask, rng, network):
        answers = of_each_class(ask, rng, network)
        apart = distances(answers) / answers.std(dim=1).mean()
        i, j = PAIRS[int(apart.argmin())]
        why = f"Classes {j} and {i}, asked with the same inputs: how far their {WHAT[network]}s differ (of a standard deviation)."
        expect_above(apart.min(), 0.01, why)

    @both
    def test_a_class_is_no_amount(self, ask, rng, network):
        steps = torch.tensor([float(i - j) for i, j in PAIRS], dtype=torch.float64)
        found = [correlation(distances(of_each_class(ask, rng, network)), steps) for _ in range(3)]
        why = (
            f"Classes whose numbers are far apart have {WHAT[network]}s far apart: the number itself goes in, as if a 9 were "
            "more than a 2. Correlation of the two distances over all pairs of classes, on average over three networks:"
        )
        expect_below(sum(found) / 3, 0.7, why)

    def test_class_shows_without_noise(self, ask, rng):
        noise = rng.normal(48, 6)
        answers = told_each_class(ask, GENERATOR, torch.cat([zeros(1, 6), noise]), rng.seed())
        apart = distances(answers[:, :1]) / answers[:, 1:].std(dim=1).mean()
        why = (
            "At z = 0 the images of all classes are the same: the class does nothing but multiply the noise, and of that only "
            "the size counts (theorem 6.2). How far they differ, on average over the pairs (of a standard deviation):"
        )
        expect_above(apart.mean(), 0.01, why)

    def test_noise_matters_in_each_class(self, ask, rng):
        spread = of_each_class(ask, rng, GENERATOR).std(dim=1).mean(dim=1)
        why = f"Class {int(spread.argmin())} has one image: with other noise the same comes. Standard deviation over 48 noises:"
        expect_above(spread.min(), 1e-4, why)

    def test_generator_uses_all_of_the_noise(self, ask, rng):
        found = ask(probe.slopes_of_network, GENERATOR, SMALL[GENERATOR], rng.normal(22, 6), torch.arange(22) % 11, rng.seed())
        sizes = expect_tensor(found, (22, 6), "the derivatives").abs().sum(dim=0)
        unused = (sizes == 0).nonzero().flatten().tolist()
        expect_that(not unused, f"Numbers {unused} of the noise, counted from 0, change no image.")

    def test_learns_what_each_class_is(self, ask, rng):
        found = expect_tensor(ask(probe.numbers_of_each_class, SMALL[GENERATOR], rng.normal(22, 6), rng.seed()), (11,))
        fixed = (found == 0).nonzero().flatten().tolist()
        why = (
            "A class is told by a learned vector of its own, so some trained numbers move the images of that class and of no "
            f"other. For classes {fixed} there are none: their vectors are fixed."
        )
        expect_that(not fixed, why)

    def test_class_is_drawn_together_with_the_noise(self, ask, rng):
        before_tanh = torch.atanh(of_each_class(ask, rng, GENERATOR).clamp(-1 + 1e-6, 1 - 1e-6))
        gains = before_tanh[1:] - before_tanh[0]
        why = (
            "Told another class, every image changes by the same amount, whatever the noise: all classes have the same pictures, "
            "and a fixed one on top. Standard deviation of that change over 48 noises, over its size:"
        )
        expect_above(gains.std(dim=1).mean() / gains.abs().mean(), 0.01, why)

    @both
    def test_each_sees_its_own_label_alone(self, ask, rng, network):
        inputs, labels, seed = inputs_of(network, rng, 8), rng.integers(0, 11, 8), rng.seed()
        other = labels.clone()
        other[2] = (labels[2] + 5) % 11
        before, after = (
            expect_tensor(answer_of(ask, network, SMALL[network], inputs, each, seed), shape_of(network, 8))
            for each in (labels, other)
        )
        moved = (after - before).abs().reshape(8, -1).amax(dim=1) > 1e-6
        why = f"Label 2 of 8 was changed, counted from 0. The {WHAT[network]} that is to change is number 2, and no other."
        expect_that(moved.tolist() == [i == 2 for i in range(8)], f"{why}\nchanged: {moved.nonzero().flatten().tolist()}")

    @both
    def test_each_sees_its_own_input_alone(self, ask, rng, network):
        inputs, labels, seed = inputs_of(network, rng, 8), rng.integers(0, 11, 8), rng.seed()
        other = inputs.clone()
        other[2] = inputs_of(network, rng, 1)[0]
        before, after = (
            expect_tensor(answer_of(ask, network, SMALL[network], each, labels, seed), shape_of(network, 8))
            for each in (inputs, other)
        )
        moved = (after - before).abs().reshape(8, -1).amax(dim=1) > 1e-6
        why = f"Input 2 of 8 was changed, counted from 0. The {WHAT[network]} that is to change is number 2, and no other."
        expect_that(moved.tolist() == [i == 2 for i in range(8)], f"{why}\nchanged: {moved.nonzero().flatten().tolist()}")

    @both
    def test_uses_the_label_in_training_mode(self, ask, rng, network):
        inputs, labels = inputs_of(network, rng, 22), torch.arange(22) % 11
        told, others = ask(probe.answers_in_training, network, SMALL[network], inputs, labels, (labels + 3) % 11, rng.seed())
        told, others = (expect_tensor(each, shape_of(network, 22)) for each in (told, others))
        apart = float((told - others).square().mean().sqrt() / told.std())
        expect_above(apart, 0.01, "In training mode: how far other labels move the answers (of a standard deviation).")

    @both
    def test_is_restored_from_its_state(self, ask, rng, network):
        labels = torch.arange(12) % 11
        expect_restored(ask(probe.restored_network, network, SMALL[network], inputs_of(network, rng, 12), labels, rng.seed()))

    @both
    def test_answers_the_same_twice(self, ask, rng, network):
        inputs, labels = inputs_of(network, rng, 6), rng.integers(0, 11, 6)
        once, again = ask(probe.answers_twice, network, SMALL[network], inputs, labels, rng.seed())
        why = "In evaluation mode the same question has two answers: something is drawn, or made anew, in forward."
        expect(again, expect_tensor(once, shape_of(network, 6)), why)

    def test_class_is_judged_together_with_the_image(self, ask, rng):
        logits = of_each_class(ask, rng, DISCRIMINATOR).squeeze(2)
        gains = logits[1:] - logits[0]
        why = (
            "Told another class, every logit changes by the same amount, whatever is in the image: the discriminator cannot see "
            "that an image is of the wrong class. Standard deviation of that change over 48 images, over its size:"
        )
        expect_above(gains.std(dim=1).mean() / gains.abs().mean(), 0.01, why)

    def test_discriminator_sees_every_pixel(self, ask, rng):
        arguments = {"n_classes": 3, "channels": 3, "image_size": 16, "width": 4}
        x, labels = rng.uniform(12, 3, 16, 16, low=-1), torch.arange(12) % 3
        slopes = expect_tensor(ask(probe.slopes_of_network, DISCRIMINATOR, arguments, x, labels, rng.seed()), (12, 3, 16, 16))
        blind = int((slopes.abs().sum(dim=0) == 0).sum())
        expect_that(blind == 0, f"{blind} of 768 numbers of an image change no logit: they are overwritten, or cut off.")

    @both
    def test_gradient_reaches_every_parameter(self, ask, rng, network):
        inputs, labels = inputs_of(network, rng, 44), torch.arange(44) % 11
        found = ask(probe.gradients_of_network, network, SMALL[network], inputs, labels, rng.seed())
        found = {
            name + (f"[{row}]" if len(sizes) > 1 else ""): float(size)
            for name, sizes in (found.items() if isinstance(found, dict) else ())
            for row, size in enumerate(expect_tensor(sizes, name=name))
        }
        expect_gradients(found)

    @both
    def test_leaves_its_inputs_alone(self, ask, rng, network):
        inputs, labels = inputs_of(network, rng, 5), rng.integers(0, 11, 5)
        _, *after = expect_fields(
            ask(probe.answers, network, SMALL[network], inputs, labels, rng.seed()), "answer", "x", "labels"
        )
        expect_as_before([inputs, labels], after)


class Game:
    """Two small players of pairs with random weights, batches for them, and what a right step makes of them."""

    CLASSES = 12

    def __init__(self, rng, real=8, fakes=8, n_steps=1, flat=False, reuse=False, asked=True, large=False) -> None:
        def weights(hidden: int, out: tuple[int, ...]) -> list[torch.Tensor]:
            shapes = [(2, hidden), (self.CLASSES, hidden), (hidden, *out), out]
            return [rng.normal(*shape).double() if shape else rng.normal(1).double()[0] for shape in shapes]

        self.generator, self.discriminator = weights(5, (2,)), weights(4, () if flat else (1,))
        self.lr, size = (1e-3, 10.0) if large else (0.3, 1.0)
        if large:  # inputs of 30 and more, and gradients of length 20 and more
            for first, _, second, _ in (self.generator, self.discriminator):
                first *= 0.05
                second *= 20
        self.batches = []
        for _ in range(n_steps):
            labels = rng.integers(0, self.CLASSES, real)
            # None is the label of the real image in the same place.
            fake_labels = (labels.repeat(2)[:fakes] + rng.integers(1, self.CLASSES, fakes)) % self.CLASSES
            x, z_d, z_g = (rng.normal(n, 2).double() for n in (real, fakes, fakes))
            batch = [size * (1.5 + 3 * x), labels, size * z_d, None if reuse else size * z_g, fake_labels if asked else None]
            self.batches.append(batch)

    def answer(self, weights: list[torch.Tensor], x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x @ weights[0] + weights[1][labels]) @ weights[2] + weights[3]

    def play(self) -> list[tuple]:
        """After each step: the two players' weights and their losses before their own update."""
        g, d = ([weight.clone().requires_grad_() for weight in player] for player in (self.generator, self.discriminator))
        found = []
        for real, labels, z_d, z_g, fake_labels in self.batches:
            asked = labels if fake_labels is None else fake_labels
            fakes = self.answer(g, z_d, asked).detach()
            loss_d = F.softplus(-self.answer(d, real, labels)).mean() + F.softplus(self.answer(d, fakes, asked)).mean()
            d = descended(d, loss_d, self.lr)
            fakes = self.answer(g, z_d if z_g is None else z_g, asked)
            loss_g = F.softplus(-self.answer(d, fakes, asked)).mean()
            g = descended(g, loss_g, self.lr)
            found.append((g, d, loss_d.detach(), loss_g.detach()))
        return found

    def ask(self, ask, **options) -> dict:
        found = ask(probe.steps, self.generator, self.discriminator, self.batches, self.lr, **options)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the steps gave {kind_of(found)}.")
        return found

    def sizes_asked(self, ask) -> list[list[int]]:
        """Of the batches that generator and discriminator see in the first step."""
        return ask(probe.questions, self.generator, self.discriminator, self.batches[0], self.lr)


def expect_steps(ask, game: Game, why: str) -> None:
    """Raise WrongAnswer unless both players' weights after each step are those of a right one."""
    found = game.ask(ask)
    for step, (g, d, _, _) in enumerate(game.play()):
        place = f"Step {step + 1}. " if len(game.batches) > 1 else ""
        expect_weights(found["discriminator"][step], d, f"{place}{why} The discriminator:")
        expect_weights(found["generator"][step], g, f"{place}{why} The generator:")


@exercise("6.4", points=5, needs=["3.4", "3.5", "5.5", "6.3"])
class TestCganStep:
    """One step of the conditional game."""

    def test_moves_the_discriminator(self, ask, rng):
        game = Game(rng)
        why = (
            "Its weights after one step are not those of one step down its loss on (real, labels) and (G(z_d, asked), asked). "
            "The discriminator:"
        )
        expect_weights(game.ask(ask)["discriminator"][0], game.play()[0][1], why)

    def test_then_moves_the_generator(self, ask, rng):
        game = Game(rng)
        why = (
            "Its weights after one step are not those of one step down -log D(G(z_g, asked), asked) by the new discriminator. "
            "The generator:"
        )
        expect_weights(game.ask(ask)["generator"][0], game.play()[0][0], why)

    def test_steps_do_not_add_up(self, ask, rng):
        expect_steps(ask, Game(rng, n_steps=3), "Its gradients alone count, none of earlier losses.")

    def test_of_batches_of_different_sizes(self, ask, rng):
        game = Game(rng, real=5, fakes=7, flat=True)
        expect_steps(ask, game, "5 real images with 5 labels, 7 fakes with 7 fake_labels, logits of shape (N,).")

    def test_of_large_images_and_large_gradients(self, ask, rng):
        expect_steps(
            ask,
            Game(rng, n_steps=3, large=True),
            "Images, noise and gradients are used as they are: nothing is clipped or scaled.",
        )

    def test_without_fake_labels_asks_for_those_of_the_real_batch(self, ask, rng):
        game = Game(rng, n_steps=2, asked=False)
        expect_steps(ask, game, "fake_labels = None: the generator is asked for the classes of the real batch, in both steps.")

    def test_without_fresh_noise_uses_the_first(self, ask, rng):
        game = Game(rng, real=6, fakes=4, n_steps=2, reuse=True)
        expect_steps(ask, game, "z_g = None: the generator's step takes the images made from z_d once more.")

    def test_without_fresh_noise_makes_images_once(self, ask, rng):
        game = Game(rng, reuse=True)
        asked = len(game.sizes_asked(ask)[0])
        why = (
            "z_g = None: the images of the discriminator's step are taken once more, not made anew. Passes through the generator:"
        )
        expect_that(asked == 1, f"{why}\ngot {asked}, wanted 1")

    def test_judges_real_and_generated_images_by_themselves(self, ask, rng):
        _, sizes = Game(rng, real=5, fakes=7).sizes_asked(ask)
        why = (
            "5 real images and 7 fakes, which batch normalization would mix in one pass: the batches that the discriminator sees."
        )
        expect_that(sorted(sizes) == [5, 7, 7], f"{why}\ngot {sizes}, wanted 5 and 7, and 7 again in the generator's step")

    def test_with_neither_of_the_two(self, ask, rng):
        game = Game(rng, n_steps=2, reuse=True, asked=False)
        expect_steps(ask, game, "z_g = None and fake_labels = None: the images made from z_d and the labels of the real batch.")

    def test_returns_the_losses_before_each_update(self, ask, rng):
        game = Game(rng, n_steps=2)
        found = game.ask(ask)
        for result, (_, _, loss_d, loss_g) in zip(found["returned"], game.play(), strict=True):
            expect_losses(
                result,
                d_loss=(loss_d, "the discriminator's loss before its update."),
                g_loss=(loss_g, "the generator's loss before its update, after the discriminator's."),
            )

    def test_returns_numbers_without_their_history(self, ask, rng):
        expect_no_history(Game(rng).ask(ask))

    def test_uses_and_leaves_both_in_training_mode(self, ask, rng):
        expect_in_training_mode(Game(rng, n_steps=2).ask(ask), "discriminator", "generator")

    def test_leaves_modes_frozen_weights_and_chance_as_they_come(self, ask, rng):
        game = Game(rng)
        found = game.ask(ask, evaluate=True)
        expect_as_they_came(found, "discriminator", "generator")
        for name, weights in (("discriminator", game.discriminator), ("generator", game.generator)):
            kept = found[name][0][weights[0].numel() :][: weights[1].numel()]
            expect(kept, weights[1].flatten(), f"A weight of the {name} that came frozen has moved.", rtol=0, atol=0)

    def test_sends_no_gradient_of_the_discriminators_loss_into_the_generator(self, ask, rng):
        found = Game(rng, n_steps=3).ask(ask)
        arrived = found["gradients_into_generator"]
        why = "In 3 steps a gradient is to reach the generator's images 3 times, once in each of its own."
        expect_that(arrived == 3, f"{why}\ngot {arrived} times, wanted 3")

    def test_leaves_the_batches_alone(self, ask, rng):
        game = Game(rng)
        expect_as_before(game.batches[0], game.ask(ask)["batch"])

    @pytest.mark.training
    def test_digits_are_those_that_were_asked_for(self, ask, digits):
        in_two_tries(lambda seed: expect_the_digits_asked_for(ask, seed))


def expect_the_digits_asked_for(ask, seed):
    """Raise WrongAnswer unless a conditional GAN that is trained from this seed gives the digits that it is asked for.

    The bounds are for any right architecture. The course's own has at least 0.91, 0.4 and at most 0.053 over ten seeds.
    """
    from ganlib import data, features

    real, asked = data.load("digits", size=16), torch.arange(2000) % 10
    images = ask(probe.train, real.train_images, real.train_labels, asked, EPOCHS, seed, timeout=300)
    images = expect_tensor(images, (2000, 1, 16, 16), "the batch of images").float()
    expect_that(images.min() >= 0 and images.max() <= 1, "The generator's images do not lie in [-1, 1].")
    right = (features.probabilities(images).argmax(dim=1) == asked).double().reshape(200, 10).mean(dim=0)
    expect_above(right.mean(), 0.75, "Share of the images that a classifier takes for the digit that was asked for.")
    expect_above(right.min(), 0.10, f"The same for the worst of the ten digits, {int(right.argmin())}; chance has 0.1.")
    expect_no_copies(images, real.train_images, "Share of the images that are training images, remembered.")
    expect_below(features.normalized_frechet(real.test_images, images), 0.1, "Fréchet distance of the images (nFD).")


EPOCHS = 55


def expect_shares(value: object, wanted: list[float], why: str) -> None:
    """Raise WrongAnswer unless the tensor has these entries, NaN where NaN is wanted."""
    if not isinstance(value, torch.Tensor):
        raise WrongAnswer("type", f"per_class is {kind_of(value)}; wanted a torch.Tensor.")
    known = [number == number for number in wanted]
    if tuple(value.shape) == (len(wanted),) and value.is_floating_point():
        for k in range(len(wanted)):
            if not known[k]:
                expect_that(value[k].isnan(), f"Class {k} was never asked for: its share is NaN, not {float(value[k]):g}.")
        value = torch.where(tensor(known), value, 0.5)  # climbs the ladder without its wanted NaN
    expect(value, [number if number == number else 0.5 for number in wanted], why, name="per_class")


def one_of(predicted: list[int], classes: int) -> torch.Tensor:
    """Logits, all of them below 0, whose largest entries are at these classes."""
    return 4.0 * F.one_hot(tensor(predicted), classes) - 5.0


@exercise("6.5", points=2)
class TestClassAccuracy:
    """Is it the class that was asked for?"""

    def shares(self, ask, logits, labels):
        return expect_fields(ask("cgan.class_accuracy", logits, labels), "overall", "per_class")

    def test_of_four_images(self, ask):
        overall, per_class = self.shares(ask, one_of([0, 1, 1, 2], 3), tensor([0, 1, 2, 2]))
        expect(overall, 0.75, "Three of four images are of the class that was asked for.", name="overall")
        expect_shares(per_class, [1.0, 1.0, 0.5], "Of the two images asked to be of class 2, one is.")

    def test_counts_images_not_classes(self, ask):
        overall, _ = self.shares(ask, one_of([0] * 9 + [0], 2), tensor([0] * 9 + [1]))
        expect(
            overall,
            0.9,
            "Nine of ten images are right. The mean of the shares of the classes, 1 and 0, is another.",
            name="overall",
        )

    def test_divides_by_how_often_a_class_was_asked_for(self, ask):
        _, per_class = self.shares(ask, one_of([0, 0, 0, 0, 1], 2), tensor([0, 1, 1, 1, 1]))
        why = "Class 0 was asked for once, and shown: 1. Class 1 was asked for four times, and shown once: 1/4."
        expect_shares(per_class, [1.0, 0.25], why)

    def test_knows_nothing_of_a_class_that_was_never_asked_for(self, ask):
        overall, per_class = self.shares(ask, one_of([0, 3, 2], 5), tensor([0, 2, 2]))
        expect(overall, 2 / 3, "Two of three images are right.", name="overall")
        nan = float("nan")
        expect_shares(per_class, [1.0, nan, 0.5, nan, nan], "Classes 0 and 2 were asked for.")

    @pytest.mark.parametrize(("n", "k"), [(40, 4), (6, 6), (300, 10), (5, 2)])
    def test_of_random_logits(self, ask, rng, n, k):
        labels = torch.cat([torch.arange(k), rng.integers(0, k, n)])[:n]
        logits = rng.normal(n, k) + 2 * F.one_hot(labels, k)
        right = (logits.argmax(dim=1) == labels).double()
        overall, per_class = self.shares(ask, logits, labels)
        expect(overall, right.mean(), "The share of all images whose largest logit is at the asked class.", name="overall")
        wanted = [float(right[labels == each].mean()) for each in range(k)]
        expect_shares(per_class, wanted, "The same share among the images of each class.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "cgan.class_accuracy", rng.normal(6, 3), rng.integers(0, 3, 6))


@exercise("6.6", points=2)
class TestProjection:
    """The projection discriminator's logit."""

    def test_of_one_image(self, ask):
        features, table, weight, bias = (
            tensor([[1.0, 2.0]]),
            tensor([[5.0, 5.0], [3.0, -1.0]]),
            tensor([[10.0, 100.0]]),
            tensor([0.5]),
        )
        logits = ask(probe.projected, features, tensor([1]), table, weight, bias)
        expect(logits, [1.0 + 210.5], "e(y) . phi = 3 - 2 = 1, and psi(phi) = 10 + 200 + 0.5: their sum, shape (N,) with N = 1.")

    @pytest.mark.parametrize(("n", "d"), [(7, 4), (5, 5), (2, 1)])
    def test_of_random_features(self, ask, rng, n, d):
        features, labels, table = rng.normal(n, d).double(), rng.integers(0, 6, n), rng.normal(6, d).double()
        weight, bias = rng.normal(1, d).double(), rng.normal(1).double()
        wanted = (table[labels] * features).sum(dim=1) + features @ weight[0] + bias
        logits = ask(probe.projected, features, labels, table, weight, bias)
        why = "For each image the product of its features with the vector of its class, plus psi; float64 stays float64."
        expect(logits, wanted, why, rtol=1e-12, atol=1e-12)

    def test_takes_any_functions(self, ask, rng):
        features, labels, table = rng.normal(6, 3), rng.integers(0, 4, 6), rng.normal(4, 3)
        wanted = (table[labels] * features).sum(dim=1) + features.square().sum(dim=1)
        logits = ask(probe.projected_by_functions, features, labels, table)
        expect(logits, wanted, "e is a table that is looked up and psi is the squared length: call both, whatever they are.")

    def test_grows_in_proportion_to_the_features(self, ask, rng):
        features, labels, table = rng.normal(6, 3), rng.integers(0, 4, 6), rng.normal(4, 3)
        nothing = zeros(1, 3), zeros(1)
        once = expect_tensor(ask(probe.projected, features, labels, table, *nothing), (6,))
        expect(
            ask(probe.projected, 3 * features, labels, table, *nothing),
            3 * once,
            "psi = 0: three times phi, three times the logit.",
        )

    def test_lets_the_gradient_through(self, ask, rng):
        features, labels, table = rng.normal(6, 3), tensor([0, 2, 2, 0, 3, 2]), rng.normal(4, 3)
        weight, bias = rng.normal(1, 3), rng.normal(1)
        found = ask(probe.derivatives_of_projected, features, labels, table, weight, bias)
        by_features, by_table, by_weight, by_bias = expect_fields(found, "features", "table", "weight", "bias")
        expect(by_features, table[labels] + weight, "By phi(x): e(y) plus the weights of psi.")
        expect(by_table, zeros(4, 3).index_add(0, labels, features), "By e(y): the features of the images of that class, summed.")
        expect(by_weight, features.sum(dim=0, keepdim=True), "By the weights of psi: all features, summed.")
        expect(by_bias, [6.0], "By the constant of psi: 1 for each of 6 images.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        arguments = rng.normal(5, 3), rng.integers(0, 4, 5), rng.normal(4, 3), rng.normal(1, 3), rng.normal(1)
        expect_as_before(arguments, ask(probe.after_projection, *arguments))
