"""Chapter 3: the game of generator and discriminator. Each class judges one exercise of ``ganlib/gan.py``."""

from math import exp, log

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
    expect_below,
    expect_tensor,
    expect_that,
    expect_untouched,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("gan")


def distributions(rng, *shape: int) -> torch.Tensor:
    """Random probabilities that add up to 1 over the last axis, none of them 0."""
    return torch.softmax(1.5 * rng.normal(*shape), dim=-1)


def relative_entropy(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """KL(p || q) over the last axis, for probabilities that are not 0."""
    return (p.double() * (p.double().log() - q.double().log())).sum(dim=-1)


def jensen_shannon(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    middle = (p.double() + q.double()) / 2
    return (relative_entropy(p, middle) + relative_entropy(q, middle)) / 2


def expect_infinite(value: object, sign: int, others: list[float], why: str) -> None:
    """A tensor whose first entry is infinite, of this sign, and whose other entries are as wanted."""
    if not isinstance(value, torch.Tensor):
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted a torch.Tensor.")
    if tuple(value.shape) != (1 + len(others),):
        raise WrongAnswer("shape", f"the answer has shape {tuple(value.shape)}; wanted {(1 + len(others),)}.")
    first = float(value[0])
    expect_that(first == sign * float("inf"), f"{why}\ngot {first:g}, wanted {sign * float('inf'):g}")
    expect(value[1:], others, "The other rows have nothing to do with it.")


@exercise("3.1", points=2)
class TestOptimalDiscriminator:
    """The best discriminator."""

    def test_is_the_share_of_the_real_density(self, ask):
        d = ask("gan.optimal_discriminator", tensor([3.0, 1.0, 1.0, 2.0]), tensor([1.0, 3.0, 1.0, 0.5]))
        expect(d, [0.75, 0.25, 0.5, 0.8], "Where the real density is three times that of the fakes, D* is 3/4.")

    def test_is_certain_where_one_of_them_has_no_mass(self, ask):
        d = ask("gan.optimal_discriminator", tensor([0.7, 0.0]), tensor([0.0, 0.2]))
        expect(d, [1.0, 0.0], "Only real points: 1. Only fakes: 0.", rtol=0, atol=1e-7)

    def test_is_undecided_where_neither_has_mass(self, ask):
        d = ask("gan.optimal_discriminator", tensor([0.0, 0.3, 0.0]), tensor([0.0, 0.1, 0.0]))
        expect(d, [0.5, 0.75, 0.5], "Where both densities are 0 nothing is known: 1/2.")

    def test_takes_densities_of_any_size(self, ask):
        d = ask("gan.optimal_discriminator", tensor([1e-30, 50.0, 3e8]), tensor([3e-30, 150.0, 1e8]))
        expect(d, [0.25, 0.25, 0.75], "Only the ratio of the densities counts: tiny, above 1 or huge.")

    def test_works_point_by_point_in_any_shape(self, ask, rng):
        p, q = rng.uniform(4, 1, 3).double(), rng.uniform(4, 1, 3).double()
        d = ask("gan.optimal_discriminator", p, q)
        expect(d, p / (p + q), "p / (p + q) at each point by itself; float64 stays float64.", rtol=1e-13, atol=0)

    def test_lets_the_gradient_through(self, ask, rng):
        p, q = rng.uniform(6, low=0.1), rng.uniform(6, low=0.1)
        by_p, by_q = ask(probe.derivatives, "optimal_discriminator", p, q)
        total = (p.double() + q) ** 2
        expect(by_p, q / total, "The derivative of D* by p is q / (p + q)^2.")
        expect(by_q, -p / total, "The derivative of D* by q is -p / (p + q)^2.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "gan.optimal_discriminator", rng.uniform(5), rng.uniform(5))


@exercise("3.2", points=3)
class TestDivergences:
    """KL and Jensen-Shannon divergence."""

    def test_kl_of_two_coins(self, ask):
        kl = ask("gan.kl_divergence", tensor([0.5, 0.5]), tensor([0.25, 0.75]))
        expect(kl, log(4 / 3) / 2, "A fair coin p, and q with 1/4 and 3/4: (log 2 + log 2/3) / 2, in nats.")

    def test_kl_the_other_way_round(self, ask):
        kl = ask("gan.kl_divergence", tensor([0.25, 0.75]), tensor([0.5, 0.5]))
        expect(kl, 0.25 * log(0.5) + 0.75 * log(1.5), "KL(p || q) is the mean of log p/q under p, the first argument.")

    def test_of_equal_distributions_is_zero(self, ask, rng):
        p = distributions(rng, 4, 6)
        expect(ask("gan.kl_divergence", p, p), zeros(4), "KL(p || p) is 0.")
        expect(ask("gan.js_divergence", p, p), zeros(4), "JS(p, p) is 0.")

    def test_kl_counts_0_log_0_as_0(self, ask):
        p, q = tensor([[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]]), tensor([[0.25, 0.5, 0.25], [0.0, 0.25, 0.75]])
        kl = ask("gan.kl_divergence", p, q)
        expect(kl, [log(2), log(4 / 3) / 2], "An outcome that p never shows adds 0, whatever q says of it.")

    def test_kl_is_infinite_where_q_misses_mass_of_p(self, ask):
        p, q = tensor([[0.5, 0.5], [0.5, 0.5]]), tensor([[1.0, 0.0], [0.5, 0.5]])
        why = "p shows an outcome that q calls impossible: the divergence is infinite."
        expect_infinite(ask("gan.kl_divergence", p, q), 1, [0.0], why)

    def test_kl_of_an_outcome_that_is_nearly_impossible(self, ask):
        kl = ask("gan.kl_divergence", tensor([0.5, 0.5]), tensor([1.0, 1e-30]))
        wanted = 0.5 * log(0.5) + 0.5 * (log(0.5) - log(1e-30))
        expect(kl, wanted, "q = 1e-30 costs log 1e30 = 69 nats, not less: nothing is added to q, nothing cut off.")

    def test_kl_of_each_row(self, ask, rng):
        p, q = distributions(rng, 2, 3, 5).double(), distributions(rng, 2, 3, 5).double()
        p, q = p / p.sum(dim=-1, keepdim=True), q / q.sum(dim=-1, keepdim=True)
        why = "One number for each row, summed over the last axis; float64 stays float64."
        expect(ask("gan.kl_divergence", p, q), relative_entropy(p, q), why, rtol=1e-12, atol=1e-14)

    def test_js_of_disjoint_supports_is_log_2(self, ask):
        p, q = tensor([[0.5, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]), tensor([[0.0, 0.0, 0.3, 0.7], [0.0, 0.0, 0.0, 1.0]])
        expect(ask("gan.js_divergence", p, q), [log(2), log(2)], "No outcome in common: JS is log 2, and never more.")

    def test_js_of_two_coins(self, ask):
        p, q = tensor([[1.0, 0.0], [0.5, 0.5]]), tensor([[0.5, 0.5], [1.0, 0.0]])
        wanted = [0.75 * log(4 / 3)] * 2
        expect(ask("gan.js_divergence", p, q), wanted, "The middle is (3/4, 1/4): JS is 3/4 log 4/3, both ways round.")

    def test_js_of_each_row(self, ask, rng):
        p, q = distributions(rng, 2, 3, 5), distributions(rng, 2, 3, 5)
        why = "Half of each KL divergence from the middle (p + q) / 2, one number for each row."
        expect(ask("gan.js_divergence", p, q), jensen_shannon(p, q), why)

    def test_js_is_exact_in_float64(self, ask, rng):
        p, q = rng.uniform(4, 7, low=0.1).double(), rng.uniform(4, 7, low=0.1).double()
        p, q = p / p.sum(dim=-1, keepdim=True), q / q.sum(dim=-1, keepdim=True)
        expect(ask("gan.js_divergence", p, q), jensen_shannon(p, q), "float64 stays float64.", rtol=1e-12, atol=1e-14)

    def test_kl_lets_the_gradient_through(self, ask, rng):
        p, q = distributions(rng, 6), distributions(rng, 6)
        by_p, by_q = ask(probe.derivatives, "kl_divergence", p, q)
        expect(by_p, (p.double() / q).log() + 1, "The derivative of KL(p || q) by an entry of p is log(p/q) + 1.", atol=1e-4)
        expect(by_q, -p.double() / q, "The derivative of KL(p || q) by an entry of q is -p/q.", atol=1e-4)

    def test_js_lets_the_gradient_through(self, ask, rng):
        p, q = distributions(rng, 6), distributions(rng, 6)
        by_p, by_q = ask(probe.derivatives, "js_divergence", p, q)
        middle = (p.double() + q) / 2
        expect(by_p, (p / middle).log() / 2, "The derivative of JS by an entry of p is log(p / m) / 2, m the middle.", atol=1e-4)
        expect(by_q, (q / middle).log() / 2, "The derivative of JS by an entry of q is log(q / m) / 2, m the middle.", atol=1e-4)

    @pytest.mark.parametrize("function", ["kl_divergence", "js_divergence"])
    def test_leaves_its_inputs_alone(self, ask, rng, function):
        expect_untouched(ask, f"gan.{function}", distributions(rng, 3, 4), distributions(rng, 3, 4))


@exercise("3.3", points=2)
class TestValueFunction:
    """The value of the game."""

    def test_of_an_undecided_discriminator(self, ask, rng):
        value = ask("gan.value_function", distributions(rng, 3, 5), distributions(rng, 3, 5), torch.full((3, 5), 0.5))
        expect(value, [-log(4)] * 3, "D = 1/2 everywhere: the value is -log 4, whatever p and q are.")

    def test_of_two_points(self, ask):
        value = ask("gan.value_function", tensor([0.5, 0.5]), tensor([0.25, 0.75]), tensor([0.8, 0.4]))
        wanted = 0.5 * log(0.8) + 0.5 * log(0.4) + 0.25 * log(0.2) + 0.75 * log(0.6)
        expect(value, wanted, "The mean of log D under p plus the mean of log(1 - D) under q.")

    def test_at_the_best_discriminator(self, ask, rng):
        p, q = distributions(rng, 4, 6), distributions(rng, 4, 6)
        wanted = -log(4) + 2 * jensen_shannon(p, q)
        expect(ask("gan.value_function", p, q, p / (p + q)), wanted, "At D = p / (p + q) the value is -log 4 + 2 JS(p, q).")

    def test_of_a_discriminator_that_is_certain_and_right(self, ask):
        value = ask("gan.value_function", tensor([0.4, 0.6, 0.0]), tensor([0.0, 0.0, 1.0]), tensor([1.0, 1.0, 0.0]))
        expect(value, 0.0, "0 log 0 = 0: a discriminator that is certain and right has the value 0, the largest there is.")

    @pytest.mark.parametrize("certain", [0.0, 1.0])
    def test_is_minus_infinity_if_it_is_certain_and_wrong(self, ask, certain):
        half = torch.full((2, 2), 0.5)
        value = ask("gan.value_function", half, half, tensor([[certain, 0.5], [0.5, 0.5]]))
        expect_infinite(value, -1, [-log(4)], f"D = {certain:g} at a point that is both real and fake: the value is -infinity.")

    def test_of_a_discriminator_that_is_nearly_certain(self, ask):
        value = ask("gan.value_function", tensor([0.5, 0.5]), tensor([0.5, 0.5]), tensor([1e-30, 0.5]))
        wanted = 0.5 * log(1e-30) + log(0.5)
        expect(value, wanted, "D = 1e-30 costs log 1e30 = 69 nats: nothing is added to D, nothing cut off.")

    def test_of_each_row(self, ask, rng):
        p, q, d = distributions(rng, 2, 3, 5).double(), distributions(rng, 2, 3, 5).double(), rng.uniform(2, 3, 5).double()
        d = 0.05 + 0.9 * d
        wanted = (p * d.log() + q * (1 - d).log()).sum(dim=-1)
        why = "One number for each row, summed over the last axis; float64 stays float64."
        expect(ask("gan.value_function", p, q, d), wanted, why, rtol=1e-12, atol=1e-14)

    def test_lets_the_gradient_through(self, ask, rng):
        p, q, d = distributions(rng, 6), distributions(rng, 6), rng.uniform(6, low=0.1, high=0.9)
        *_, by_d = ask(probe.derivatives, "value_function", p, q, d)
        expect(
            by_d,
            p.double() / d - q.double() / (1 - d.double()),
            "The derivative with respect to D is p/D - q/(1 - D).",
            atol=1e-4,
        )

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "gan.value_function", distributions(rng, 5), distributions(rng, 5), rng.uniform(5))


@exercise("3.4", points=3)
class TestDiscriminatorLoss:
    """The discriminator's loss."""

    def test_of_undecided_logits(self, ask):
        expect(ask("gan.discriminator_loss", zeros(6), zeros(6)), 2 * log(2), "Logits 0: log 2 for each of the two means.")

    def test_is_small_for_right_logits_and_large_for_wrong_ones(self, ask):
        right = ask("gan.discriminator_loss", tensor([3.0, 3.0]), tensor([-3.0, -3.0]))
        expect(right, 2 * log(1 + exp(-3)), "Real samples have logit 3, fakes -3: that is right, and cheap.")
        wrong = ask("gan.discriminator_loss", tensor([-3.0, -3.0]), tensor([3.0, 3.0]))
        expect(wrong, 2 * log(1 + exp(3)), "Real samples have logit -3, fakes 3: that is wrong, and costly.")

    def test_judges_real_and_fake_by_themselves(self, ask):
        real = ask("gan.discriminator_loss", tensor([2.0, -1.0]), tensor([-200.0, -200.0]))
        expect(
            real, (log(1 + exp(-2)) + log(1 + exp(1))) / 2, "The fakes cost nothing here: the mean over the real ones is left."
        )
        fake = ask("gan.discriminator_loss", tensor([200.0, 200.0]), tensor([2.0, -1.0]))
        expect(
            fake, (log(1 + exp(2)) + log(1 + exp(-1))) / 2, "The real ones cost nothing here: the mean over the fakes is left."
        )

    def test_adds_two_means(self, ask, rng):
        real, fake = 2 * rng.normal(3), 2 * rng.normal(7)
        wanted = F.softplus(-real.double()).mean() + F.softplus(fake.double()).mean()
        expect(ask("gan.discriminator_loss", real, fake), wanted, "3 real samples and 7 fakes: the mean of each, added.")

    def test_is_finite_for_certain_logits(self, ask):
        loss = ask("gan.discriminator_loss", tensor([-200.0, 200.0]), tensor([200.0, -200.0]))
        expect(loss, 200.0, "Half of the logits are wrong by 200: 100 nats on average for the real, 100 for the fakes.")

    @pytest.mark.parametrize("shape", [(5, 1), (4, 1, 3, 3)])
    def test_takes_logits_of_any_shape(self, ask, rng, shape):
        real, fake = rng.normal(*shape).double(), rng.normal(*shape).double()
        wanted = F.softplus(-real).mean() + F.softplus(fake).mean()
        expect(
            ask("gan.discriminator_loss", real, fake),
            wanted,
            "The mean over all logits; float64 stays float64.",
            rtol=1e-12,
            atol=1e-14,
        )

    def test_lets_the_gradient_through(self, ask, rng):
        real, fake = 2 * rng.normal(4), 2 * rng.normal(6)
        by_real, by_fake = ask(probe.derivatives, "discriminator_loss", real, fake)
        expect(by_real, -torch.sigmoid(-real.double()) / 4, "By a real logit a: -sigmoid(-a) / N. It pushes the logit up.")
        expect(by_fake, torch.sigmoid(fake.double()) / 6, "By a fake's logit b: sigmoid(b) / M. It pushes the logit down.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "gan.discriminator_loss", rng.normal(4), rng.normal(4))


@exercise("3.5", points=3)
class TestGeneratorLoss:
    """The generator's two losses."""

    def test_of_undecided_logits(self, ask):
        expect(ask("gan.generator_loss", zeros(5), kind="non_saturating"), log(2), "-log(1/2) is log 2.")
        expect(ask("gan.generator_loss", zeros(5), kind="saturating"), -log(2), "log(1 - 1/2) is -log 2.")

    def test_non_saturating_is_the_default(self, ask):
        loss = ask("gan.generator_loss", tensor([-1.0, 2.0]))
        expect(loss, (log(1 + exp(1)) + log(1 + exp(-2))) / 2, "Without a kind: the mean of -log sigmoid(b).")

    @pytest.mark.parametrize("kind", ["non_saturating", "saturating"])
    def test_is_lower_for_fakes_that_pass_for_real(self, ask, kind):
        caught = expect_tensor(ask("gan.generator_loss", tensor([-3.0, -1.0]), kind=kind), ())
        passed = expect_tensor(ask("gan.generator_loss", tensor([1.0, 3.0]), kind=kind), ())
        expect_above(caught - passed, 1.0, "Logits 1 and 3 (they pass) must cost less than -3 and -1 (caught). The difference:")

    def test_saturating_is_the_generators_part_of_the_value(self, ask, rng):
        logits = 2 * rng.normal(9)
        wanted = torch.log(1 - torch.sigmoid(logits.double())).mean()
        expect(ask("gan.generator_loss", logits, kind="saturating"), wanted, "The mean of log(1 - D).")

    def test_non_saturating_is_minus_log_d(self, ask, rng):
        logits = 2 * rng.normal(9)
        wanted = -torch.log(torch.sigmoid(logits.double())).mean()
        expect(ask("gan.generator_loss", logits, kind="non_saturating"), wanted, "The mean of -log D.")

    @pytest.mark.parametrize(("kind", "wanted"), [("non_saturating", 100.0), ("saturating", -100.0)])
    def test_is_finite_for_certain_logits(self, ask, kind, wanted):
        loss = ask("gan.generator_loss", tensor([-200.0, 200.0]), kind=kind)
        expect(loss, wanted, "Logits of -200 and 200: 0 for one of them, 200 nats for the other, not infinity.")

    @pytest.mark.parametrize(("kind", "slope"), [("non_saturating", -1 / (1 + exp(-5))), ("saturating", -1 / (1 + exp(5)))])
    def test_gradient_where_the_discriminator_is_sure(self, ask, kind, slope):
        (by_logit,) = ask(probe.derivatives, "generator_loss", tensor([-5.0]), kind)
        expect(by_logit, [slope], f"At the logit -5 the derivative of the {kind} loss is {slope:.4f}.")

    @pytest.mark.parametrize("kind", ["non_saturating", "saturating"])
    def test_lets_the_gradient_through(self, ask, rng, kind):
        logits = 2 * rng.normal(6, 1).double()
        (by_logits,) = ask(probe.derivatives, "generator_loss", logits, kind)
        slope = torch.sigmoid(-logits) if kind == "non_saturating" else torch.sigmoid(logits)
        expect(by_logits, -slope / 6, "By a logit b: -sigmoid(-b) / M, or -sigmoid(b) / M if saturating.", rtol=1e-10, atol=1e-12)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "gan.generator_loss", rng.normal(4))
        expect_untouched(ask, "gan.generator_loss", rng.normal(4), "saturating")


class Game:
    """Two small players with random weights, batches for them, and what a right step makes of them."""

    def __init__(self, rng, sizes=(8, 8, 8), n_steps=1, flat=False, reuse=False, large=False) -> None:
        def weights(hidden: int, out: tuple[int, ...]) -> list[torch.Tensor]:
            shapes = [(2, hidden), (hidden,), (hidden, *out), out]
            return [rng.normal(*shape).double() if shape else rng.normal(1).double()[0] for shape in shapes]

        self.generator, self.discriminator = weights(5, (2,)), weights(4, () if flat else (1,))
        self.lr = 1e-4 if large else 0.3
        if large:  # everything is taken for fake by a discriminator that is a thousand times as steep
            self.discriminator[2] *= 1000
            self.discriminator[3] -= 5000
        self.batches = []
        for _ in range(n_steps):
            real, z_d, z_g = (rng.normal(n, 2).double() for n in sizes)
            self.batches.append([1.5 + 3 * real, z_d, None if reuse else z_g])

    def answer(self, weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x @ weights[0] + weights[1]) @ weights[2] + weights[3]

    def play(self) -> list[tuple]:
        """After each step: the two players' weights and their losses before their own update."""
        g, d = ([weight.clone().requires_grad_() for weight in player] for player in (self.generator, self.discriminator))
        found = []
        for real, z_d, z_g in self.batches:
            fakes = self.answer(g, z_d).detach()
            loss_d = F.softplus(-self.answer(d, real)).mean() + F.softplus(self.answer(d, fakes)).mean()
            d = descended(d, loss_d, self.lr)
            loss_g = F.softplus(-self.answer(d, self.answer(g, z_d if z_g is None else z_g))).mean()
            g = descended(g, loss_g, self.lr)
            found.append((g, d, loss_d.detach(), loss_g.detach()))
        return found

    def ask(self, ask, **options) -> dict:
        found = ask(probe.steps, self.generator, self.discriminator, self.batches, self.lr, **options)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the steps gave {kind_of(found)}.")
        return found


def expect_step(found: dict, game: Game, step: int, why: str) -> None:
    g, d, _, _ = game.play()[step]
    expect_weights(found["discriminator"][step], d, f"{why} The discriminator:")
    expect_weights(found["generator"][step], g, f"{why} The generator:")


@exercise("3.6", points=5, needs=["3.4", "3.5"])
class TestGanStep:
    """One step of the game."""

    def test_moves_the_discriminator(self, ask, rng):
        game = Game(rng)
        why = "Its weights after one step are not those of one step down its loss on real and G(z_d). The discriminator:"
        expect_weights(game.ask(ask)["discriminator"][0], game.play()[0][1], why)

    def test_then_moves_the_generator(self, ask, rng):
        game = Game(rng)
        why = "Its weights after one step are not those of one step down -log D(G(z_g)) by the new discriminator. The generator:"
        expect_weights(game.ask(ask)["generator"][0], game.play()[0][0], why)

    def test_steps_do_not_add_up(self, ask, rng):
        game = Game(rng, n_steps=3)
        found = game.ask(ask)
        for step in range(3):
            expect_step(found, game, step, f"Step {step + 1} of 3: its gradients alone count, none of earlier losses.")

    def test_of_batches_of_different_sizes(self, ask, rng):
        game = Game(rng, sizes=(5, 7, 6), flat=True)
        expect_step(game.ask(ask), game, 0, "5 real samples, 7 fakes for one player, 6 for the other, logits of shape (N,).")

    def test_of_large_gradients(self, ask, rng):
        game = Game(rng, large=True)
        expect_step(game.ask(ask), game, 0, "Gradients of length 100 and more: nothing is clipped or scaled.")

    def test_without_fresh_noise_uses_the_first(self, ask, rng):
        game = Game(rng, n_steps=2, reuse=True)
        found = game.ask(ask)
        for step in range(2):
            expect_step(found, game, step, "z_g = None: the generator's step takes the samples made from z_d once more.")

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
            kept = found[name][0][1]
            expect(kept, weights[1], f"A weight of the {name} that came frozen has moved.", rtol=0, atol=0)

    def test_sends_no_gradient_of_the_discriminators_loss_into_the_generator(self, ask, rng):
        found = Game(rng, n_steps=3).ask(ask)
        arrived = found["gradients_into_generator"]
        why = "In 3 steps a gradient is to reach the generator's samples 3 times, once in each of its own."
        expect_that(arrived == 3, f"{why}\ngot {arrived} times, wanted 3")

    def test_leaves_the_batches_alone(self, ask, rng):
        game = Game(rng)
        for name, before, after in zip(("real", "z_d", "z_g"), game.batches[0], game.ask(ask)["batches"][0], strict=True):
            why = "What was passed in was overwritten (z.normal_(), real -= ...): compute a new tensor."
            expect(after, before, why, name=f"{name} after the step", rtol=0, atol=0)

    @pytest.mark.training
    def test_learns_a_distribution_on_the_line(self, ask):
        samples = expect_tensor(ask(probe.play, timeout=120), (4000, 1), "the samples")
        expect_below((samples.mean() - 4).abs(), 0.15, "After 1500 steps, the distance of the samples' mean from 4.")
        expect_above(samples.std(), 0.15, "Standard deviation of the samples; that of the data is 0.5.")
        expect_below(samples.std(), 0.7, "Standard deviation of the samples; that of the data is 0.5.")


def expect_pairs(value: object, wanted: list[tuple[int, int]], why: str) -> None:
    """Raise WrongAnswer unless the value is a list of these pairs of whole numbers, in this order."""
    if not isinstance(value, list):
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted a list of pairs such as [(0, 1)].")
    for pair in value:
        if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and all(type(number) is int for number in pair)):
            raise WrongAnswer("type", f"the list holds {kind_of(pair)}; wanted pairs of whole numbers such as (0, 1).")
    expect_that([tuple(pair) for pair in value] == wanted, f"{why}\ngot {value}, wanted {wanted}")


def without_regret(row: torch.Tensor, column: torch.Tensor) -> list[tuple[int, int]]:
    """The definition: all pairs from which neither player gains by changing alone."""
    m, n = row.shape
    return [
        (i, j)
        for i in range(m)
        for j in range(n)
        if all(row[k, j] <= row[i, j] for k in range(m)) and all(column[i, k] <= column[i, j] for k in range(n))
    ]


@exercise("3.7", points=2)
class TestPureNashEquilibria:
    """Equilibria of a game."""

    def test_of_the_prisoners_dilemma(self, ask):
        years = tensor([[-1.0, -5.0], [0.0, -3.0]])
        found = ask("gan.pure_nash_equilibria", years, years.T.contiguous())
        expect_pairs(found, [(1, 1)], "Both talk: alone, neither gains by silence. Both silent is better, but no equilibrium.")

    def test_of_matching_pennies(self, ask):
        row = tensor([[1.0, -1.0], [-1.0, 1.0]])
        expect_pairs(ask("gan.pure_nash_equilibria", row, -row), [], "Whatever the pennies show, one player would turn his.")

    def test_of_a_game_without_dominant_strategies(self, ask):
        row, column = tensor([[2.0, 0.0], [0.0, 1.0]]), tensor([[1.0, 0.0], [0.0, 2.0]])
        found = ask("gan.pure_nash_equilibria", row, column)
        expect_pairs(
            found, [(0, 0), (1, 1)], "To meet is best, here or there: two equilibria. What is best depends on the other."
        )

    def test_counts_ties(self, ask):
        found = ask("gan.pure_nash_equilibria", zeros(2, 3), zeros(2, 3))
        everything = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
        expect_pairs(found, everything, "All payoffs are equal: nobody gains by changing, so every pair is an equilibrium.")

    def test_counts_from_zero_rows_first(self, ask):
        row, column = tensor([[0.0, 3.0, 0.0], [1.0, 0.0, 0.0]]), tensor([[0.0, 5.0, 1.0], [2.0, 0.0, 0.0]])
        found = ask("gan.pure_nash_equilibria", row, column)
        expect_pairs(found, [(0, 1), (1, 0)], "(row, column), both counted from 0, in the order of rows, then columns.")

    @pytest.mark.parametrize("shape", [(3, 3), (2, 5), (4, 2), (1, 4), (6, 6)])
    def test_of_random_games(self, ask, rng, shape):
        for _ in range(4):
            row, column = (rng.integers(-3, 4, *shape).float() for _ in range(2))
            found = ask("gan.pure_nash_equilibria", row, column)
            expect_pairs(found, without_regret(row, column), "The pairs from which neither player gains by changing alone.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "gan.pure_nash_equilibria", rng.normal(3, 4), rng.normal(3, 4))
