"""Chapter 8: Lipschitz control. Each class judges one exercise of ``ganlib/spectral.py``."""

from math import ceil

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_below,
    expect_dtype,
    expect_fields,
    expect_no_copies,
    expect_tensor,
    expect_that,
    expect_untouched,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("spectral")


def orthogonal(rng, n: int) -> Tensor:
    return torch.linalg.qr(rng.normal(n, n).double()).Q


def with_singular_values(rng, m: int, n: int, values: list[float]) -> tuple[Tensor, Tensor, Tensor]:
    """A matrix (m, n) of these singular values, float64, and its left and right singular vectors as columns."""
    left, right = orthogonal(rng, m), orthogonal(rng, n)
    k = len(values)
    return left[:, :k] @ torch.diag(tensor(values, dtype=torch.float64)) @ right[:, :k].T, left, right


# Lengths so large that a tiny number added to them before a division (1e-8) does not count.
LARGE = 1e3


def one_step(weight: Tensor, u: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Power iteration, one step in float64: sigma, the new u, and v."""
    v = u @ weight / (u @ weight).norm()
    new = F.normalize(weight @ v, dim=0)
    return new @ weight @ v, new, v


def steps_of(weight: Tensor, u: Tensor, n: int) -> tuple[Tensor, Tensor, Tensor]:
    for _ in range(n):
        sigma, u, v = one_step(weight, u)
    return sigma, u, v


@exercise("8.1", points=3)
class TestPowerIteration:
    """Power iteration."""

    def test_of_a_diagonal_matrix(self, ask):
        weight, u = tensor([[3.0, 0.0], [0.0, 1.0]]), tensor([0.6, 0.8])
        sigma, new = expect_fields(ask("spectral.power_iteration", weight, u, 1), "sigma", "u")
        why = (
            "W'u = (1.8, 0.8), v = (0.914, 0.406), Wv = (2.741, 0.406): sigma is the length of that, 2.771, and u its direction."
        )
        expect(sigma, 2.7712, why, atol=2e-4, rtol=0, name="sigma")
        expect(new, [0.9892, 0.1465], why, atol=2e-4, rtol=0, name="u")

    @pytest.mark.parametrize(("m", "n"), [(4, 4), (3, 7), (8, 2), (1, 5), (5, 1)])
    def test_each_step_of_any_shape(self, ask, rng, m, n):
        weight, u = LARGE * rng.normal(m, n).double(), rng.normal(m).double()
        for steps in (1, 2, 5):
            sigma, new = expect_fields(ask("spectral.power_iteration", weight, u, steps), "sigma", "u")
            wanted, direction, _ = steps_of(weight, u, steps)
            why = f"A {m} x {n} matrix after {steps} of its steps: first v = W'u, then u = Wv, each made one long; sigma = u'Wv."
            expect(new, direction, why, rtol=1e-9, atol=1e-9, name="u")
            expect(sigma, wanted, why, rtol=1e-9, atol=1e-9, name="sigma")

    def test_one_step_is_the_default(self, ask, rng):
        weight, u = rng.normal(4, 3).double(), rng.normal(4).double()
        sigma, _ = expect_fields(ask("spectral.power_iteration", weight, u), "sigma", "u")
        expect(sigma, steps_of(weight, u, 1)[0], "n_steps is 1 unless something else is said.", rtol=1e-9, name="sigma")

    def test_finds_the_largest_singular_value(self, ask, rng):
        weight, left, _ = with_singular_values(rng, 5, 6, [4.0, 2.0, 1.0, 0.5, 0.1])
        sigma, u = expect_fields(ask("spectral.power_iteration", weight, rng.normal(5).double(), 60), "sigma", "u")
        expect(sigma, 4.0, "Singular values 4, 2, 1, 0.5, 0.1, after 60 steps.", rtol=1e-9, name="sigma")
        along = expect_tensor(u, (5,), "u") @ left[:, 0]
        expect(along.abs(), 1.0, "u points along the first left singular vector, there or back.", rtol=1e-9, name="the cosine")

    def test_makes_all_of_its_steps(self, ask, rng):
        weight, _, _ = with_singular_values(rng, 5, 6, [2.0, 1.98, 1.0, 0.5, 0.1])
        u = rng.normal(5).double()
        sigma, new = expect_fields(ask("spectral.power_iteration", weight, u, 60), "sigma", "u")
        wanted, direction, _ = steps_of(weight, u, 60)
        why = "Singular values 2 and 1.98 are hard to tell apart: each of 60 steps counts."
        expect(new, direction, why, rtol=1e-5, atol=1e-6, name="u")
        expect(sigma, wanted, why, rtol=1e-6, atol=0, name="sigma")

    def test_stays_finite_after_many_steps(self, ask, rng):
        weight, u = LARGE * rng.normal(16, 24), rng.normal(16)
        sigma, _ = expect_fields(ask("spectral.power_iteration", weight, u, 200), "sigma", "u")
        wanted = steps_of(weight.double(), u.double(), 200)[0]
        expect(sigma, wanted, "200 steps in float32: made one long in each step, nothing grows beyond all numbers.", name="sigma")

    def test_comes_nearer_at_the_stated_rate(self, ask, rng):
        weight, left, _ = with_singular_values(rng, 3, 3, [2 * LARGE, LARGE, LARGE / 10])
        start = left @ tensor([1.0, 1.0, 0.0], dtype=torch.float64)
        calls = ask(probe.iterated, weight, start, [6, 1])
        first, second = (2 * LARGE - expect_tensor(expect_fields(each, "sigma", "u")[0], (), "sigma") for each in calls)
        why = "s2/s1 = 1/2: in the limit each step leaves (1/2)^4 of sigma's error. The share that one step left:"
        expect(second / first, 1 / 16, why, rtol=0.02, atol=0)

    def test_goes_on_from_the_u_that_it_returned(self, ask, rng):
        weight, u = LARGE * rng.normal(6, 4).double(), rng.normal(6).double()
        calls = ask(probe.iterated, weight, u, [1, 1, 1])
        sigma, new = expect_fields(calls[-1], "sigma", "u")
        wanted, direction, _ = steps_of(weight, u, 3)
        why = "Three calls of one step, each with the u that the last one returned, are three steps."
        expect(new, direction, why, rtol=1e-9, atol=1e-9, name="u")
        expect(sigma, wanted, why, rtol=1e-9, name="sigma")

    def test_does_not_depend_on_the_length_of_u(self, ask, rng):
        weight, u = rng.normal(4, 5).double(), rng.normal(4).double()
        one, other = (
            expect_fields(ask("spectral.power_iteration", weight, scale * u, 1), "sigma", "u")[0] for scale in (1.0, 1e4)
        )
        expect(other, expect_tensor(one, (), "sigma"), "u and 10000 u have one direction, and give one sigma.", rtol=1e-8)

    def test_gradient_of_sigma_is_u_v(self, ask, rng):
        weight, u = LARGE * rng.normal(4, 3).double(), rng.normal(4).double()
        for steps in (1, 3):
            found = ask(probe.gradient_of_sigma, weight, u, steps)
            if not isinstance(found, dict):
                raise WrongAnswer("type", f"the derivatives are {kind_of(found)}.")
            _, new, v = steps_of(weight, u, steps)
            why = "u and v count as constants, so the derivative of sigma = u'Wv with respect to W is the matrix u v'."
            expect(found["by_weight"], new[:, None] * v, why, rtol=1e-9, atol=1e-10, name="by the weight")
            expect(found["by_u"], zeros(4), "No gradient goes into u, though it asks for one: it is a constant.", name="by u")
            expect_that(
                found["attached"] is False, "The u that is returned still holds its graph: iterate under torch.no_grad()."
            )

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_keeps_the_dtype(self, ask, rng, dtype):
        answer = ask("spectral.power_iteration", rng.normal(3, 3).to(dtype), rng.normal(3).to(dtype), 1)
        sigma, u = expect_fields(answer, "sigma", "u")
        expect_dtype(sigma, dtype, "sigma")
        expect_dtype(u, dtype, "u")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "spectral.power_iteration", rng.normal(4, 3), rng.normal(4), 2)


@exercise("8.2", points=3, needs=["8.1"])
class TestSpectralNormalize:
    """Spectral normalization of a weight."""

    def last(self, ask, weight, u, calls):
        return expect_fields(ask(probe.normalized, weight, u, calls), "weight", "u")

    def test_of_a_diagonal_matrix(self, ask):
        weight, u = tensor([[3.0, 0.0], [0.0, 1.0]]), tensor([1.0, 0.0])
        normalized, new = expect_fields(ask("spectral.spectral_normalize", weight, u), "weight", "u")
        expect(
            normalized, [[1.0, 0.0], [0.0, 1 / 3]], "The largest singular value is 3: all is divided by it.", name="the weight"
        )
        expect(new, u, "u is the singular vector already, and stays.", name="u")

    def test_is_one_step(self, ask, rng):
        weight, u = LARGE * rng.normal(5, 4).double(), rng.normal(5).double()
        sigma, direction, _ = one_step(weight, u)
        normalized, new = expect_fields(ask("spectral.spectral_normalize", weight, u), "weight", "u")
        expect(new, direction, "One step of power iteration from the u that is given.", rtol=1e-9, atol=1e-9, name="u")
        expect(normalized, weight / sigma, "The weight over sigma, by one step from u.", rtol=1e-9, atol=1e-9, name="the weight")

    @pytest.mark.parametrize("shape", [(6, 4), (4, 9), (3, 2, 4, 4), (8, 3, 3, 3), (5, 2, 3)])
    def test_has_norm_one_once_u_has_settled(self, ask, rng, shape):
        weight = 3 * rng.normal(*shape)
        normalized, _ = self.last(ask, weight, rng.normal(shape[0]), 400)
        flat = expect_tensor(normalized, shape, "the weight").flatten(1)
        norm = torch.linalg.matrix_norm(flat, 2)
        why = f"A weight of shape {shape}, as a matrix ({shape[0]}, everything else): its spectral norm after 400 calls."
        expect(norm, 1.0, why, atol=2e-3, rtol=0, name="the norm")

    def test_points_where_the_weight_does(self, ask, rng):
        # Of two singular values that are nearly alike 100 steps do not find the larger one.
        weight = with_singular_values(rng, 3, 18, [4.0, 2.0, 1.0])[0].float().reshape(3, 2, 3, 3)
        normalized, _ = self.last(ask, weight, rng.normal(3), 100)
        ratio = expect_tensor(normalized, weight.shape, "the weight") / weight.double()
        wanted = 1 / torch.linalg.matrix_norm(weight.double().flatten(1), 2)
        expect(ratio, torch.full_like(ratio, wanted), "Each entry is divided by one and the same number, sigma.", rtol=1e-3)

    def test_gradient_knows_that_sigma_depends_on_the_weight(self, ask, rng):
        weight, u, upstream = LARGE * rng.normal(3, 2, 2, 2).double(), rng.normal(3).double(), rng.normal(3, 2, 2, 2).double()
        by_weight, new, attached = ask(probe.gradient_of_normalized, weight, u, upstream)
        sigma, direction, v = one_step(weight.flatten(1), u)
        inner = (upstream * weight).sum() / sigma
        wanted = (upstream - (inner * direction[:, None] * v).reshape(weight.shape)) / sigma
        why = "With G the gradient with respect to the normalized weight: (G - <G, W/sigma> u v') / sigma."
        expect(by_weight, wanted, why, rtol=1e-9, atol=1e-10 / LARGE, name="the derivative with respect to the weight")
        expect_that(attached is False, "The u that is returned still holds its graph.")
        expect(new, direction, "One step of power iteration from the u that is given.", rtol=1e-9, name="u")

    def test_a_scaled_weight_is_the_same(self, ask, rng):
        weight, u = rng.normal(4, 6), rng.normal(4)
        one, _ = expect_fields(ask("spectral.spectral_normalize", weight, u), "weight", "u")
        for scale in (50.0, 0.01):
            other, _ = expect_fields(ask("spectral.spectral_normalize", scale * weight, u), "weight", "u")
            why = f"W and {scale:g} W are the same once they are normalized."
            expect(other, expect_tensor(one, (4, 6)), why, name="the weight")

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_keeps_the_dtype(self, ask, rng, dtype):
        answer = ask("spectral.spectral_normalize", rng.normal(3, 2, 2, 2).to(dtype), rng.normal(3).to(dtype))
        normalized, new = expect_fields(answer, "weight", "u")
        expect_dtype(normalized, dtype, "the weight")
        expect_dtype(new, dtype, "u")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "spectral.spectral_normalize", rng.normal(4, 2, 3, 3), rng.normal(4))


def operator(weight: Tensor, size: int, stride: int, padding: int) -> Tensor:
    """The convolution as a matrix: what it makes of each image that is 1 in one pixel."""
    units = torch.eye(weight.shape[1] * size * size, dtype=torch.float64).reshape(-1, weight.shape[1], size, size)
    return F.conv2d(units, weight.double(), stride=stride, padding=padding).flatten(1).T


# kernel (C_out, C_in, K, K), image size, stride, padding
CONVOLUTIONS = {
    "padded": ((3, 2, 3, 3), 6, 1, 1),
    "not padded": ((2, 3, 3, 3), 7, 1, 0),
    "dcgan": ((4, 2, 4, 4), 8, 2, 1),
    "kernel 5, padding 2": ((1, 2, 5, 5), 6, 1, 2),
    "a remainder": ((2, 2, 3, 3), 8, 3, 0),
    "a remainder in the padding": ((2, 2, 3, 3), 4, 2, 1),
    "an odd image": ((2, 3, 4, 4), 5, 2, 1),
    "one place": ((3, 2, 4, 4), 4, 1, 0),
}


@exercise("8.3", points=3)
class TestConvOperatorNorm:
    """Norm of a convolution."""

    def test_of_a_kernel_that_adds_up(self, ask, rng):
        norm = ask(probe.conv_norm, torch.ones(1, 1, 2, 2), 12, rng.seed(), n_steps=300)
        wanted = torch.linalg.matrix_norm(operator(torch.ones(1, 1, 2, 2), 12, 1, 0), 2)
        why = "Sums of 2 x 2 pixels: an even image is made almost 4 times as large. As a matrix of one row its norm is 2."
        expect(tensor(float_of(norm)), wanted, why, rtol=1e-3)

    @pytest.mark.parametrize("layout", CONVOLUTIONS)
    def test_equals_that_of_the_matrix_of_the_layer(self, ask, rng, layout):
        shape, size, stride, padding = CONVOLUTIONS[layout]
        weight = rng.normal(*shape)
        norm = float_of(ask(probe.conv_norm, weight, size, rng.seed(), n_steps=500, stride=stride, padding=padding))
        wanted = torch.linalg.matrix_norm(operator(weight, size, stride, padding), 2)
        why = f"Kernel {shape}, image {size} x {size}, stride {stride}, padding {padding}: the largest stretch of any image."
        expect(tensor(norm), wanted, why, rtol=5e-3, atol=0)

    def test_of_float64(self, ask, rng):
        weight = rng.normal(2, 3, 3, 3).double()
        norm = float_of(ask(probe.conv_norm, weight, 5, rng.seed(), n_steps=600, padding=1))
        wanted = torch.linalg.matrix_norm(operator(weight, 5, 1, 1), 2)
        expect(tensor(norm), wanted, "A kernel in float64: the image is drawn in the dtype of the weight.", rtol=5e-3, atol=0)

    def test_of_float64_to_ten_digits(self, ask, rng):
        weight = tensor([[3.0, 1.0, 0.0], [0.0, 1.0, 1 / 3]], dtype=torch.float64)[:, :, None, None]
        norm = float_of(ask(probe.conv_norm, weight, 4, rng.seed(), n_steps=200))
        wanted = torch.linalg.matrix_norm(weight.flatten(1), 2)
        why = "A kernel of 1 x 1 pixels has the norm of its matrix. In float64 to ten digits:"
        expect(tensor(norm, dtype=torch.float64), wanted, why, rtol=1e-10, atol=0)

    def test_of_a_small_kernel(self, ask, rng):
        weight = 0.02 * rng.normal(8, 4, 4, 4)
        norm = float_of(ask(probe.conv_norm, weight, 8, rng.seed(), n_steps=500, stride=2, padding=1))
        wanted = torch.linalg.matrix_norm(operator(weight, 8, 2, 1), 2)
        expect(tensor(norm), wanted, "Weights of 0.02, as a DCGAN begins: the norm is small, and as exact.", rtol=5e-3, atol=0)

    def test_of_a_parameter(self, ask, rng):
        weight = rng.normal(2, 3, 3, 3)
        norm, learns = ask(probe.conv_norm_of_layer, weight, 5, rng.seed())
        wanted = torch.linalg.matrix_norm(operator(weight, 5, 1, 0), 2)
        expect(tensor(float_of(norm)), wanted, "The weight of a layer, which takes gradients.", rtol=5e-3, atol=0)
        expect_that(learns is True, "After the call the weight of the layer takes no gradient any more (requires_grad is False).")

    def test_lies_between_the_bounds(self, ask, rng):
        weight = rng.normal(3, 2, 4, 4)
        norm = float_of(ask(probe.conv_norm, weight, 10, rng.seed(), n_steps=200, stride=2, padding=1))
        flat = float(torch.linalg.matrix_norm(weight.double().flatten(1), 2))
        expect_above(norm, 0.995 * flat, "At least the norm of the kernel as a matrix.")
        # Rounding, which is another on every processor, is not to judge an answer that is the bound itself.
        expect_below(norm, ceil(4 / 2) * flat * (1 + 1e-5), "At most ceil(K / s) = 2 times that.")

    def test_more_steps_come_nearer_from_below(self, ask, rng):
        weight, seed = rng.normal(3, 3, 3, 3), rng.seed()
        few, more, many = (float_of(ask(probe.conv_norm, weight, 8, seed, n_steps=n, padding=1)) for n in (1, 4, 60))
        wanted = float(torch.linalg.matrix_norm(operator(weight, 8, 1, 1), 2))
        found = f"After 1, 4 and 60 steps: {few:.5f}, {more:.5f}, {many:.5f}; the norm is {wanted:.5f}."
        expect_that(few < more < many <= wanted * (1 + 1e-4), f"Each step comes nearer, from below. {found}")
        expect_that(few < 0.999 * wanted, f"n_steps counts: one step from a random image cannot be there. {found}")

    def test_starts_from_the_generator(self, ask, rng):
        found = ask(probe.conv_norm_of_chance, rng.normal(3, 2, 3, 3), 8, rng.seed())
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the answers are {kind_of(found)}.")
        first, second = (float_of(each) for each in found["drawn"])
        expect(tensor(float_of(found["again"])), first, "The same state of the generator gives the same start.", rtol=1e-6)
        expect_that(first != second, "Two calls in a row start from two random images. Here from one: it is not drawn.")
        expect_that(found["moved"] is False, "torch's global generator was used, though another one was given.")
        one, two = (float_of(each) for each in found["global"])
        expect_that(one != two, "Without a generator the start is drawn by torch's global one: two calls start differently.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "spectral.conv_operator_norm", rng.normal(2, 2, 3, 3), 6, 3)


def float_of(value: object) -> float:
    """A Python float, or raise WrongAnswer."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted a float.")
    expect_tensor(tensor(float(value), dtype=torch.float64))
    return float(value)


@exercise("8.4", points=3)
class TestLipschitzProduct:
    """Lipschitz constant of a network."""

    def product(self, ask, layers: list) -> float:
        found = ask(probe.product, layers)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the answer is {kind_of(found)}.")
        expect_that(not found["changed"], f"The network was changed: {', '.join(map(str, found['changed']))}.")
        expect_that(found["training"], "The network came in training mode, and was left in evaluation mode.")
        expect_that(found["learning"], "After the call a parameter takes no gradient any more (requires_grad is False).")
        return float_of(found["product"])

    def expect_product(self, ask, layers: list, wanted: float, why: str) -> None:
        expect(tensor(self.product(ask, layers), dtype=torch.float64), wanted, why, rtol=1e-4, atol=0)

    def test_of_two_linear_layers(self, ask, rng):
        first, _, _ = with_singular_values(rng, 4, 3, [3.0, 1.0, 0.2])
        second, _, _ = with_singular_values(rng, 2, 4, [0.5, 0.1])
        layers = [["linear", first], ["ReLU"], ["linear", second]]
        self.expect_product(ask, layers, 1.5, "Largest singular values 3 and 0.5, a ReLU of 1 between: 3 x 1 x 0.5.")

    def test_of_no_layer(self, ask):
        self.expect_product(ask, [], 1.0, "Nothing between input and output: the identity, 1.")

    @pytest.mark.parametrize(
        ("kind", "options", "slope"),
        [
            ("ReLU", {}, 1.0),
            ("LeakyReLU", {"negative_slope": 0.2}, 1.0),
            ("LeakyReLU", {"negative_slope": 3.0}, 3.0),
            ("LeakyReLU", {"negative_slope": -2.0}, 2.0),
            ("Tanh", {}, 1.0),
            ("Sigmoid", {}, 0.25),
            ("Softplus", {}, 1.0),
            ("Flatten", {}, 1.0),
            ("Unflatten", {"dim": 1, "unflattened_size": [3, 1]}, 1.0),
            ("Identity", {}, 1.0),
        ],
    )
    def test_of_activations(self, ask, rng, kind, options, slope):
        weight, _, _ = with_singular_values(rng, 3, 3, [2.0, 1.0, 0.5])
        layers = [["linear", weight], [kind, options]]
        self.expect_product(
            ask, layers, 2 * slope, f"A linear layer of 2, and {kind} {options or ''}, whose slope is {slope:g} at most."
        )

    @pytest.mark.parametrize(("kernel", "stride", "windows"), [(4, 2, 2), (3, 1, 3), (3, 2, 2), (5, 2, 3), (2, 2, 1), (1, 1, 1)])
    def test_of_convolutions(self, ask, rng, kernel, stride, windows):
        weight = rng.normal(3, 2, kernel, kernel)
        flat = float(torch.linalg.matrix_norm(weight.double().flatten(1), 2))
        why = (
            f"Kernel {kernel}, stride {stride}: along an axis a pixel enters {windows} times at most, so {windows} times the "
            "norm of the weight as a matrix (C_out, C_in K K)."
        )
        self.expect_product(ask, [["conv", weight, stride, 1]], windows * flat, why)

    def test_of_a_convolution_whose_axes_differ(self, ask, rng):
        weight = rng.normal(3, 2, 5, 2)
        flat = float(torch.linalg.matrix_norm(weight.double().flatten(1), 2))
        why = "Kernel 5 x 2, stride 1 x 2: a pixel enters 5 times along the height and once along the width, so the root of 5."
        self.expect_product(ask, [["conv", weight, [1, 2], 0]], 5**0.5 * flat, why)

    def test_of_a_layer_of_zeros(self, ask, rng):
        layers = [["linear", rng.normal(4, 3).double()], ["ReLU"], ["linear", zeros(2, 4).double()]]
        expect(tensor(self.product(ask, layers)), 0.0, "A weight of zeros: the network is constant, and stretches nothing.")

    def test_of_sequences_within(self, ask, rng):
        weight, _, _ = with_singular_values(rng, 2, 2, [3.0, 1.0])
        inner = ["sequence", [["linear", weight], ["Sigmoid"], ["sequence", [["linear", weight]]]]]
        self.expect_product(ask, [["linear", weight], inner], 27 / 4, "3 x (3 x 1/4 x 3): a sequence within is multiplied, too.")

    def test_of_layers_that_stand_twice(self, ask, rng):
        weight, _, _ = with_singular_values(rng, 3, 3, [3.0, 1.0, 0.5])
        found = float_of(ask(probe.product_of_repeated, weight))
        why = "A linear layer of 3 and a sigmoid, both of which stand at two places: 3 x 1/4 x 3 x 1/4."
        expect(tensor(found), 9 / 16, why, rtol=1e-4)

    def test_of_parametrized_layers(self, ask, rng):
        first, second = (with_singular_values(rng, 3, 3, [size, 0.3, 0.1])[0] for size in (2.0, 0.7))
        found = float_of(ask(probe.product_of_parametrized, first, second))
        why = "Weights of norm 2 and 0.7, of which the layers use the double (torch.nn.utils.parametrize): 4 x 1.4."
        expect(tensor(found), 5.6, f"{why} They are linear layers, too.", rtol=1e-4)

    def test_is_never_below_a_slope(self, ask, rng):
        for _ in range(3):
            layers = [["conv", rng.normal(4, 1, 4, 4), 2, 1], ["LeakyReLU", {"negative_slope": 0.2}]]
            layers += [["conv", rng.normal(3, 4, 3, 3), 1, 1], ["Tanh"], ["Flatten"], ["linear", rng.normal(2, 48)]]
            found = ask(probe.product_and_slopes, layers, 0.1 * rng.normal(6, 1, 8, 8))
            bound, slopes = expect_fields(found, "product", "slopes")
            steepest = float(expect_tensor(slopes, (6,), "the slopes").max())
            expect_above(float_of(bound), steepest, f"At one of 6 images the network stretches by {steepest:.4g}. Its bound:")


@exercise("8.5", points=2)
class TestHinge:
    """Hinge losses."""

    def test_of_zeros(self, ask):
        expect(
            ask("spectral.hinge_discriminator_loss", zeros(4), zeros(4)), 2.0, "Every logit is 0: 1 for the real, 1 for the fake."
        )
        expect(ask("spectral.hinge_generator_loss", zeros(4)), 0.0, "Every logit is 0: so is minus their mean.")

    def test_of_three_and_two(self, ask):
        loss = ask("spectral.hinge_discriminator_loss", tensor([2.0, 0.5, -1.0]), tensor([-3.0, 0.0]))
        expect(loss, 2.5 / 3 + 0.5, "Real 2, 0.5, -1 cost 0, 0.5, 2; fake -3, 0 cost 0, 1: the two means, added.")
        expect(ask("spectral.hinge_generator_loss", tensor([2.0, -3.0, 0.5])), 1 / 6, "Minus the mean of 2, -3 and 0.5.")

    @pytest.mark.parametrize(("n", "m"), [(5, 5), (3, 8), (1, 2)])
    def test_of_random_logits(self, ask, rng, n, m):
        real, fake = 2 * rng.normal(n).double(), 2 * rng.normal(m).double()
        wanted = (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()
        loss = ask("spectral.hinge_discriminator_loss", real, fake)
        expect(loss, wanted, f"{n} real and {m} fake logits: mean of max(0, 1 - real) plus mean of max(0, 1 + fake).", rtol=1e-9)
        expect(ask("spectral.hinge_generator_loss", fake), -fake.mean(), f"Minus the mean of {m} logits, no hinge.", rtol=1e-9)

    def test_of_any_shape(self, ask, rng):
        real, fake = rng.normal(4, 1, 2), rng.normal(3, 1)
        wanted = (1 - real.double()).clamp(min=0).mean() + (1 + fake.double()).clamp(min=0).mean()
        expect(ask("spectral.hinge_discriminator_loss", real, fake), wanted, "Logits of shape (4, 1, 2) and (3, 1): all count.")

    def test_keeps_the_dtype(self, ask, rng):
        for dtype in (torch.float32, torch.float64):
            real, fake = rng.normal(4).to(dtype), rng.normal(3).to(dtype)
            expect_dtype(ask("spectral.hinge_discriminator_loss", real, fake), dtype)
            expect_dtype(ask("spectral.hinge_generator_loss", fake), dtype)

    def test_beyond_the_margin_nothing_pulls(self, ask):
        real, fake = tensor([3.0, 1.5, 0.0, -4.0]), tensor([-2.0, 0.5])
        by_real, by_fake = ask(probe.derivatives, "hinge_discriminator_loss", real, fake)
        expect(by_real, [0.0, 0.0, -0.25, -0.25], "By real logits: 0 beyond 1, and -1/N before it.")
        expect(by_fake, [0.0, 0.5], "By fake logits: 0 below -1, and 1/M above it.")

    def test_generator_is_pulled_everywhere(self, ask):
        (by_fake,) = ask(probe.derivatives, "hinge_generator_loss", tensor([-50.0, 0.0, 2.0, 80.0]))
        expect(by_fake, [-0.25] * 4, "The generator's loss is a line: -1/M for every logit, however large.")

    def test_stays_exact_for_large_logits(self, ask):
        loss = ask("spectral.hinge_discriminator_loss", tensor([-500.0]), tensor([700.0]))
        expect(loss, 501.0 + 701.0, "No exponential is taken: large logits cost what they are.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "spectral.hinge_discriminator_loss", rng.normal(4), rng.normal(4))
        expect_untouched(ask, "spectral.hinge_generator_loss", rng.normal(4))


NAMES = {
    "features.0": "a convolution",
    "features.2.0.inner.0": "a convolution three levels deep",
    "hidden": "a linear layer, used twice",
    "logit": "the last layer",
}


@exercise("8.6", points=4, needs=["5.5", "8.2", "8.5"])
class TestApplySpectralNorm:
    """A spectrally normalized discriminator."""

    def applied(self, ask, rng) -> dict:
        found = ask(probe.applied, rng.normal(6, 2, 8, 8), rng.seed())
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"what was found is {kind_of(found)}.")
        return found

    def test_every_weight_has_norm_one(self, ask, rng):
        weights = self.applied(ask, rng)["weights"]
        for name, what in NAMES.items():
            norm = torch.linalg.matrix_norm(expect_tensor(weights[name], name=f"the weight of {name}").flatten(1), 2)
            expect(norm, 1.0, f"{name}, {what}: the spectral norm of its weight after 30 passes.", atol=0.02, rtol=0)

    def test_from_the_first_pass_on(self, ask, rng):
        for name, weight in self.applied(ask, rng)["first"].items():
            norm = torch.linalg.matrix_norm(expect_tensor(weight, name=f"the weight of {name}").flatten(1), 2)
            why = f"{name}: the spectral norm before any training. Some steps of power iteration belong to the start."
            expect(norm, 1.0, why, atol=0.25, rtol=0)

    def test_weights_are_the_old_ones_divided(self, ask, rng):
        found = self.applied(ask, rng)
        for name in NAMES:
            plain = expect_tensor(found["plain"][name])
            given = expect_tensor(found["weights"][name], plain.shape, f"the weight of {name}")
            scale = (given * plain).sum() / plain.square().sum()
            expect(given, scale * plain, f"{name}: the weight that the layer had, all of it divided by one number.", atol=1e-4)

    def test_batch_normalization_is_gone(self, ask, rng):
        left = self.applied(ask, rng)["norms"]
        expect_that(not left, f"Still there: {', '.join(map(str, left))}. Batch normalization scales the logits up again.")

    def test_other_layers_stay(self, ask, rng):
        kinds = ask(probe.other_layers, rng.seed())
        if not isinstance(kinds, dict):
            raise WrongAnswer("type", f"the layers are {kind_of(kinds)}.")
        for name, (kind, same) in kinds.items():
            why = f"A layer {name} is neither a convolution nor linear nor batch normalization, and stays as it is."
            expect_that(kind == name and same is True, f"{why} Now it is {kind}{'' if same is True else ', its weights others'}.")

    @pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
    def test_is_left_in_its_mode(self, ask, rng, training):
        left = ask(probe.mode_after, rng.seed(), training)
        expect_that(left is training, "The discriminator came in one mode, training or evaluation, and is left in the other.")

    def test_biases_and_other_parameters_stay(self, ask, rng):
        found = self.applied(ask, rng)
        for name, (given, plain) in found["biases"].items():
            expect(given, expect_tensor(plain), f"The bias of {name} is no weight: it stays.", atol=0, rtol=0, name="the bias")
        expect(found["scale"][0], found["scale"][1], "A parameter of the network's own is no layer: it stays.", atol=0, rtol=0)

    def test_is_changed_in_place_and_returned(self, ask, rng):
        expect_that(
            self.applied(ask, rng)["same"] is True, "Returned is another module, or none: the one that was given, changed."
        )

    def test_trains_as_many_numbers_as_before(self, ask, rng):
        found, norms = self.applied(ask, rng), 2 * (6 + 6 + 96)
        now, before = found["sizes"]
        why = "Weights and biases are trained as before, but for those of the batch norms; the vectors u are not trained."
        expect_that(now == before - norms, f"{why}\ngot {now} numbers to train, wanted {before - norms}")

    def test_vectors_go_on_in_training_mode_alone(self, ask, rng):
        found = ask(probe.modes, rng.normal(6, 2, 8, 8), rng.seed())
        trained, evaluated = found["moved"]
        why = "A pass in training mode leaves the state as it is: u is not kept from one pass to the next."
        expect_that(trained is True, why)
        expect_that(evaluated is False, "A pass in evaluation mode changes the state: there the vectors stay.")
        first, second = (expect_tensor(each, (6,), "the logits") for each in found["twice"])
        expect(second, first, "In evaluation mode the same images get the same logits.", atol=0, rtol=0, name="the logits")

    def test_gradients_reach_what_an_optimizer_gets(self, ask, rng):
        found = ask(probe.learning, rng.normal(8, 2, 8, 8), rng.seed())
        missing = [str(name) for name in found["missing"]]
        expect_that(not missing, f"No gradient reaches {', '.join(missing)}.")
        for name in NAMES:
            before, after = (expect_tensor(found[when][name], name=f"the weight of {name}") for when in ("before", "after"))
            expect_above((after - before).abs().max(), 1e-6, f"After a step of an optimizer the weight of {name} has not moved.")

    def test_gradient_goes_through_sigma(self, ask, rng):
        upstream = rng.normal(3, 4)
        own, used, slope = (expect_tensor(each, (3, 4)) for each in ask(probe.slope_of_weight, rng.seed(), upstream))
        left, sizes, right = torch.linalg.svd(own)
        inner = (upstream.double() * used).sum()
        wanted = (upstream.double() - inner * left[:, :1] * right[:1]) / sizes[0]
        expect(slope, wanted, "By its own weight: (G - <G, W/sigma> u v') / sigma, not G / sigma.", rtol=1e-3, atol=1e-4)

    def test_can_be_copied_and_restored(self, ask, rng):
        found = ask(probe.copies, rng.normal(6, 2, 8, 8), rng.seed())
        kept = expect_tensor(found["kept"], (6,), "the logits")
        expect(found["copied"], kept, "A deep copy gives the same logits.", name="the logits of the copy")
        why = "Another discriminator that loads its state_dict gives the same logits: u belongs to the state."
        expect(found["loaded"], kept, why, name="the logits of the other")

    @pytest.mark.training
    def test_sngan_reaches_the_target(self, ask):
        from ganlib import data, features

        digits = data.load("digits", size=16)
        samples = expect_tensor(ask(probe.train, digits.train_images, EPOCHS, timeout=300), (2000, 1, 16, 16), "the samples")
        samples = samples.float()
        expect_that(samples.min() >= -1e-6 and samples.max() <= 1 + 1e-6, "The samples do not lie in [-1, 1].")
        samples = samples.clamp(0, 1)
        expect_above((features.mode_counts(samples) > 0).sum(), 10, "How many of the ten digits occur in 2000 samples.")
        expect_above(features.label_entropy(samples), 0.93, "Entropy of the digits in 2000 samples, over log 10.")
        expect_no_copies(samples, digits.train_images, "Share of the samples that are training images, remembered.")
        expect_below(features.normalized_frechet(digits.test_images, samples), 0.08, "Fréchet distance of the samples (nFD).")


EPOCHS = 20
