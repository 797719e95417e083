"""Chapter 5: convolutional generators and discriminators. Each class judges one exercise of ``ganlib/dcgan.py``."""

from collections.abc import Callable, Iterator
from itertools import pairwise, product
from math import cos, isqrt, pi, sin

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributions import Normal

from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_dtype,
    expect_gradients,
    expect_no_copies,
    expect_quantiles,
    expect_restored,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("dcgan")


def places(n: int, kernel: int, stride: int, padding: int) -> int:
    """In how many places a kernel lies within the padded inputs: it is moved on as long as it fits."""
    place, count = 0, 0
    while place + kernel <= n + 2 * padding:
        place, count = place + stride, count + 1
    return count


@exercise("5.1", points=2)
class TestSizes:
    """Sizes of convolutions."""

    @pytest.mark.parametrize("size", [16, 28, 32, 64])
    def test_dcgan_halves_and_doubles(self, ask, size):
        half = ask("dcgan.conv_size", size, 4, stride=2, padding=1)
        expect_whole_number(half, size // 2, "Kernel 4, stride 2, padding 1 halves an even side.")
        whole = ask("dcgan.transposed_conv_size", size // 2, 4, stride=2, padding=1)
        expect_whole_number(whole, size, "Kernel 4, stride 2, padding 1 of a transposed convolution doubles the side.")

    def test_without_stride_and_padding(self, ask):
        expect_whole_number(ask("dcgan.conv_size", 10, 3), 8, "A kernel of 3 fits into 10 inputs at 8 places.")
        expect_whole_number(ask("dcgan.conv_size", 7, 7), 1, "A kernel as large as the image fits once.")
        expect_whole_number(ask("dcgan.transposed_conv_size", 1, 4), 4, "One input becomes a whole kernel of 4.")
        expect_whole_number(ask("dcgan.transposed_conv_size", 8, 3), 10, "Each input paints 3 outputs: 8 inputs paint 10.")

    def test_conv_counts_the_places_of_the_kernel(self, ask, rng):
        for _ in range(20):
            kernel, stride, padding = (int(rng.integers(low, high, 1)) for low, high in ((1, 8), (1, 6), (0, 5)))
            n = max(1, kernel - 2 * padding) + int(rng.integers(0, 60, 1))
            why = f"{n} inputs, kernel {kernel}, stride {stride}, padding {padding}: as many as the kernel has positions."
            expect_whole_number(ask("dcgan.conv_size", n, kernel, stride, padding), places(n, kernel, stride, padding), why)

    def test_conv_leaves_a_remainder_out(self, ask):
        for n, wanted in ((5, 2), (6, 2), (7, 3), (8, 3)):
            why = f"{n} inputs, kernel 3, stride 2: the kernel is moved on only as long as it fits as a whole."
            expect_whole_number(ask("dcgan.conv_size", n, 3, stride=2), wanted, why)

    def test_transposed_counts_what_the_kernels_cover(self, ask, rng):
        for _ in range(20):
            n, kernel, stride = (int(rng.integers(1, high, 1)) for high in (20, 8, 6))
            padding = int(rng.integers(0, 1 + ((n - 1) * stride + kernel - 1) // 2, 1))
            covered = {place * stride + i for place in range(n) for i in range(kernel)}
            wanted = max(covered) + 1 - 2 * padding
            why = f"{n} inputs, kernel {kernel}, stride {stride}: from the first painted place to the last, less 2 * {padding}."
            expect_whole_number(ask("dcgan.transposed_conv_size", n, kernel, stride, padding), wanted, why)

    def test_output_padding_adds_at_the_end(self, ask):
        for extra in range(3):
            size = ask("dcgan.transposed_conv_size", 5, 4, stride=3, padding=1, output_padding=extra)
            expect_whole_number(size, 14 + extra, f"4 * 3 - 2 + 4 = 14, and {extra} more.")

    def test_agree_with_the_layers_of_torch(self, ask, rng):
        for _ in range(8):
            n, kernel, stride, padding = (int(rng.integers(low, high, 1)) for low, high in ((9, 30), (1, 6), (2, 5), (0, 3)))
            x, weight, extra = zeros(1, 1, n, n), zeros(1, 1, kernel, kernel), int(rng.integers(0, stride, 1))
            wanted = F.conv2d(x, weight, stride=stride, padding=padding).shape[2]
            why = f"kernel {kernel}, stride {stride}, padding {padding}: what a layer of torch makes of a side of {n}."
            expect_whole_number(ask("dcgan.conv_size", n, kernel, stride, padding), wanted, why)
            wanted = F.conv_transpose2d(x, weight, stride=stride, padding=padding, output_padding=extra).shape[2]
            given = ask("dcgan.transposed_conv_size", n, kernel, stride, padding, extra)
            expect_whole_number(given, wanted, f"output_padding {extra}, {why}")

    def test_transposed_leads_back(self, ask):
        for n in range(6, 18):
            smaller = ask("dcgan.conv_size", n, 5, stride=3, padding=1)
            expect_whole_number(smaller, (n - 3) // 3 + 1, f"A convolution of {n} inputs, kernel 5, stride 3, padding 1.")
            back = ask("dcgan.transposed_conv_size", smaller, 5, stride=3, padding=1, output_padding=n % 3)
            expect_whole_number(
                back, n, f"The convolution makes {smaller} of {n}; its transpose, with output_padding, {n} again."
            )

    def test_of_large_images(self, ask):
        n = 10**17 + 7  # no float is that exact
        expect_whole_number(ask("dcgan.conv_size", n, 1, stride=2), n // 2 + 1, "Whole numbers are exact, however large.")


# Shapes of x and of the weight, stride and padding: not square, all strides against all kernels, other channels than before.
LAYOUTS = {
    "dcgan": ((2, 3, 4, 4), (3, 2, 4, 4), 2, 1),
    "first layer": ((4, 5, 1, 1), (5, 3, 4, 4), 1, 0),
    "stride 1": ((2, 2, 5, 3), (2, 4, 3, 3), 1, 1),
    "stride 3 beyond the kernel": ((1, 3, 3, 5), (3, 1, 2, 2), 3, 0),
    "all of the padding": ((2, 1, 4, 6), (1, 2, 3, 3), 2, 2),
    "kernel 1": ((3, 4, 2, 3), (4, 4, 1, 1), 2, 0),
    "kernel 5": ((1, 2, 6, 2), (2, 2, 5, 5), 4, 3),
}


@exercise("5.2", points=3)
class TestTransposedConv2d:
    """The transposed convolution."""

    def test_one_input_paints_the_kernel(self, ask):
        kernel = torch.arange(9.0).reshape(1, 1, 3, 3)
        y = ask("dcgan.transposed_conv2d", tensor([[[[2.0]]]]), kernel)
        expect(y, 2 * kernel, "One input of 2: twice the kernel, the right way up.")

    def test_two_inputs_paint_side_by_side(self, ask):
        weight = tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
        y = ask("dcgan.transposed_conv2d", tensor([[[[1.0, 10.0]]]]), weight, stride=2)
        expect(y, [[[[1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 30.0, 40.0]]]], "Stride 2: the second kernel starts 2 columns further.")
        y = ask("dcgan.transposed_conv2d", tensor([[[[1.0, 10.0]]]]), weight, stride=1)
        expect(y, [[[[1.0, 12.0, 20.0], [3.0, 34.0, 40.0]]]], "Stride 1: where two kernels lie over each other, they add up.")

    def test_stride_beyond_the_kernel_leaves_gaps(self, ask):
        y = ask("dcgan.transposed_conv2d", tensor([[[[1.0], [5.0]]]]), torch.ones(1, 1, 1, 1), stride=3)
        expect(y, [[[[1.0], [0.0], [0.0], [5.0]]]], "Kernel 1, stride 3: two zeros between the inputs, none behind the last.")

    def test_channels_are_mixed_by_the_weight(self, ask):
        x, weight = tensor([1.0, 10.0]).reshape(1, 2, 1, 1), tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(2, 3, 1, 1)
        why = "The weight is (C_in, C_out, K, K): output channel j is the sum over i of x_i times weight[i, j]."
        expect(ask("dcgan.transposed_conv2d", x, weight), tensor([41.0, 52.0, 63.0]).reshape(1, 3, 1, 1), why)

    @pytest.mark.parametrize("layout", list(LAYOUTS))
    def test_is_that_of_the_library(self, ask, rng, layout):
        shape, kernel, stride, padding = LAYOUTS[layout]
        x, weight = rng.normal(*shape).double(), rng.normal(*kernel).double()
        y = ask("dcgan.transposed_conv2d", x, weight, stride=stride, padding=padding)
        why = (
            f"x {shape}, weight {kernel}, stride {stride}, padding {padding}: what conv_transpose2d gives; float64 stays float64."
        )
        expect(y, F.conv_transpose2d(x, weight, stride=stride, padding=padding), why, rtol=1e-11, atol=1e-11)

    def test_of_any_size(self, ask, rng):
        for _ in range(8):
            kernel, stride = (int(rng.integers(1, 6, 1)) for _ in range(2))
            # As much padding as leaves something of one input: a kernel of 5 may lose 2 on each side.
            n, inputs, outputs, h, w, padding = (
                int(rng.integers(low, high, 1)) for low, high in ((1, 4), (1, 4), (1, 4), (1, 7), (1, 7), (0, (kernel + 1) // 2))
            )
            x, weight = rng.normal(n, inputs, h, w), rng.normal(inputs, outputs, kernel, kernel)
            y = ask("dcgan.transposed_conv2d", x, weight, stride, padding)
            wanted = F.conv_transpose2d(x.double(), weight.double(), stride=stride, padding=padding)
            why = f"x {tuple(x.shape)}, weight {tuple(weight.shape)}, stride {stride}, padding {padding}."
            expect(y, wanted, why, atol=1e-4)

    @pytest.mark.parametrize("layout", ["dcgan", "stride 1", "stride 3 beyond the kernel"])
    def test_is_the_adjoint_of_the_convolution(self, ask, rng, layout):
        shape, kernel, stride, padding = LAYOUTS[layout]
        y, weight = rng.normal(*shape).double(), rng.normal(*kernel).double()
        sides = [(side - 1) * stride - 2 * padding + kernel[2] for side in shape[2:]]
        x = rng.normal(shape[0], kernel[1], *sides).double()
        back = expect_tensor(ask("dcgan.transposed_conv2d", y, weight, stride=stride, padding=padding), x.shape)
        inner = (F.conv2d(x, weight, stride=stride, padding=padding) * y).sum()
        expect((x * back).sum(), inner, "<conv(x), y> = <x, conv_transposed(y)>, with the same weight.", rtol=1e-9, atol=1e-9)

    def test_lets_the_gradient_through(self, ask, rng):
        x, weight, upstream = rng.normal(2, 3, 4, 3).double(), rng.normal(3, 2, 4, 4).double(), rng.normal(2, 2, 8, 6).double()
        by_x, by_weight = ask(probe.transposed_gradients, x, weight, upstream, 2, 1)
        a, b = x.clone().requires_grad_(), weight.clone().requires_grad_()
        (F.conv_transpose2d(a, b, stride=2, padding=1) * upstream).sum().backward()
        expect(
            by_x, a.grad, "The derivative with respect to x: the convolution of what comes back with the same weight.", rtol=1e-9
        )
        expect(by_weight, b.grad, "The derivative with respect to the weight does not arrive, or is another.", rtol=1e-9)

    def test_is_made_of_ordinary_operations(self, ask, rng):
        names = ask(probe.transposed_operations, rng.normal(1, 2, 3, 3), rng.normal(2, 2, 3, 3), 2, 1)
        if not isinstance(names, list):
            raise WrongAnswer("type", f"the operations are {kind_of(names)}.")
        expect_that(
            not any("transposed_convolution" in str(name) for name in names),
            "The library's transposed convolution was called. Build it: zeros between the inputs, then an ordinary convolution.",
        )

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "dcgan.transposed_conv2d", rng.normal(2, 3, 4, 4), rng.normal(3, 2, 3, 3), 2, 1)


# What may stand between two layers of a network, by the numbers that go in and come out.


def normalized(a: Tensor, over: str, eps: float = 1e-5) -> Tensor:
    """Mean 0 and variance 1 of each channel over the batch, of each channel of an image, or of each image."""
    axes = {"batch": [0, *range(2, a.ndim)], "instance": list(range(2, a.ndim)), "layer": list(range(1, a.ndim))}[over]
    centered = a - a.mean(dim=axes, keepdim=True)
    return centered / (centered.square().mean(dim=axes, keepdim=True) + eps).sqrt()


NORMALIZATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "batch normalization": lambda a: normalized(a, "batch"),
    "no normalization": lambda a: a,
    "batch normalization whose eps is 0.8": lambda a: normalized(a, "batch", 0.8),
    "batch normalization whose eps is 0.1 or more": lambda a: normalized(a, "batch", 0.1),
    "instance normalization, each image by itself": lambda a: normalized(a, "instance") if a.ndim > 2 else a,
    "layer normalization, each image by itself": lambda a: normalized(a, "layer"),
}
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": torch.relu,
    "LeakyReLU of slope 0.2": lambda u: F.leaky_relu(u, 0.2),
    "LeakyReLU of slope 0.01": lambda u: F.leaky_relu(u, 0.01),
    "no activation": lambda u: u,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "ELU": F.elu,
    "SELU": F.selu,
    "GELU": F.gelu,
    "SiLU": F.silu,
}
# Of those that may stand behind a layer without normalization; NaN where nothing can be told.
INVERSES: dict[str, Callable[[Tensor], Tensor]] = {
    "LeakyReLU of slope 0.2": lambda h: torch.where(h < 0, h / 0.2, h),
    "no activation": lambda h: h,
    "tanh": lambda h: torch.where(h.abs() < 0.999, torch.atanh(h), torch.nan),
}


def reshaped(a: Tensor, channels: int) -> Iterator[Tensor]:
    """The same numbers as they are, or laid out as square images of so many channels, or as rows."""
    yield a
    if a.ndim == 2 and a.shape[1] % channels == 0:
        side = round((a.shape[1] // channels) ** 0.5)
        if channels * side**2 == a.shape[1]:
            yield a.reshape(len(a), channels, side, side)
            yield a.reshape(len(a), side, side, channels).permute(0, 3, 1, 2)
    if a.ndim == 4:
        if a.shape[1] == 4 * channels:
            yield F.pixel_shuffle(a, 2)
        yield a.flatten(1)
        yield a.permute(0, 2, 3, 1).flatten(1)


def enlarged(a: Tensor) -> Iterator[Tensor]:
    """The images at twice the sides, by each way of upsampling."""
    if a.ndim == 4:
        yield F.interpolate(a, scale_factor=2, mode="nearest")
        for mode, aligned in product(("bilinear", "bicubic"), (False, True)):
            yield F.interpolate(a, scale_factor=2, mode=mode, align_corners=aligned)


def stuffed(a: Tensor) -> Tensor:
    """One zero between every two pixels: what a transposed convolution of stride 2 is made of (exercise 5.2)."""
    spread = a.new_zeros(*a.shape[:2], 2 * a.shape[2] - 1, 2 * a.shape[3] - 1)
    spread[:, :, ::2, ::2] = a
    return spread


def middle(image: Tensor, side: int) -> Tensor:
    """The part of so many rows and columns in the middle of each image."""
    at = (image.shape[-1] - side) // 2
    return image[:, :, at : at + side, at : at + side]


def bare(image: Tensor, side: int) -> Tensor:
    """Without the border that a padding in front of a layer has put round it: once or twice the side before, or stuffed."""
    whole = image.shape[-1]
    if side > 1 and 2 * side - 1 <= whole and not middle(image, 2 * side - 1)[:, :, 1::2].any():
        return middle(image, 2 * side - 1)
    return middle(image, max((each for each in (side, 2 * side) if each <= whole), default=whole))


def biased(a: Tensor, h: Tensor, activation: str) -> Tensor:
    """What a layer makes, with a bias for each channel that is added by itself, if that and the activation explain h."""
    for image in reshaped(h, a.shape[1]):
        if image.shape == a.shape:
            bias = (INVERSES[activation](image) - a).transpose(0, 1).flatten(1).nanmedian(dim=1).values
            shifted = a + bias.reshape(-1, *[1] * (a.ndim - 2))
            if close(image, ACTIVATIONS[activation](shifted)):
                return shifted
    return a


def close(given: Tensor, wanted: Tensor) -> bool:
    if given.ndim == 4 and given.shape[2:] == (1, 1) and wanted.ndim == 2:
        given = given.flatten(1)
    return given.shape == wanted.shape and bool((given - wanted).abs().max() <= 3e-3 * wanted.abs().max() + 1e-6)


def grown(a: Tensor, h: Tensor) -> Iterator[Tensor]:
    """The images as large as h, by each way of making them so."""
    if a.numel() == h.numel():
        yield a
    elif 4 * a.numel() == h.numel():
        yield from enlarged(a)
    elif a.ndim == h.ndim == 4:
        yield stuffed(a)


def fits(a: Tensor, h: Tensor, *functions: Callable[[Tensor], Tensor]) -> bool:
    """Whether h is what the functions make of a, laid out and enlarged in any way on the way."""
    channels = h.shape[1]
    for laid_out in reshaped(a, channels):
        value = laid_out
        for function in functions:
            value = function(value)
        for result in reshaped(value, channels):
            if any(close(h, image) for image in grown(result, h)):
                return True
    return False


def leaking(a: Tensor, h: Tensor, normalization: str) -> float | None:
    """The slope of the LeakyReLU behind this normalization that explains the numbers; None if there is none."""
    for laid_out in reshaped(a, h.shape[1]):
        u = NORMALIZATIONS[normalization](laid_out)
        if u.shape == h.shape and (u < 0).any():
            slope = float((h * u)[u < 0].sum() / u[u < 0].square().sum())
            if close(h, F.leaky_relu(u, slope)):
                return slope
    return None


def between(a: Tensor, h: Tensor, wanted: tuple[str, str]) -> str:
    """What stands between two layers: the wanted pair if that explains the numbers, or another, or nothing known."""
    if wanted[0] == "batch normalization" and fits(a, h, lambda v: normalized(v, "batch", 1e-3), ACTIVATIONS[wanted[1]]):
        return ", then ".join(wanted)  # the eps of Keras: as good as torch's
    pairs = [wanted, *product(NORMALIZATIONS, ACTIVATIONS)]
    for normalization, activation in pairs:
        if fits(a, h, NORMALIZATIONS[normalization], ACTIVATIONS[activation]):
            return f"{normalization}, then {activation}"
    for normalization in NORMALIZATIONS:
        slope = leaking(a, h, normalization)
        if slope is not None:
            return f"{normalization}, then LeakyReLU of slope {slope:.3g}"
    for normalization, activation in product(NORMALIZATIONS, ACTIVATIONS):
        if normalization != "no normalization" and fits(a, h, ACTIVATIONS[activation], NORMALIZATIONS[normalization]):
            return f"{activation}, then {normalization}"
    return "something else"


class Recording:
    """What a network computed, layer by layer, as its probe recorded it."""

    def __init__(self, ask, network: str, options: dict, inputs: Tensor, seed: int) -> None:
        found = ask(probe.recorded, network, options, inputs, seed)
        if not isinstance(found, dict) or not found.get("layers"):
            raise WrongAnswer("value", f"No convolution leads from what the {network} is given to what it returns.")
        self.name, self.given = network, inputs.double()
        self.kinds = [layer["kind"] for layer in found["layers"]]
        self.inputs = [expect_tensor(layer["input"], name="what enters a layer") for layer in found["layers"]]
        self.outputs = [expect_tensor(layer["output"], name="what leaves a layer") for layer in found["layers"]]
        if self.inputs[0].ndim == self.given.ndim == 4:
            self.inputs[0] = bare(self.inputs[0], self.given.shape[-1])
        elif self.inputs[0].ndim == 4 and torch.equal(self.inputs[0].sum(dim=(2, 3)), middle(self.inputs[0], 1).sum(dim=(2, 3))):
            self.inputs[0] = middle(self.inputs[0], 1)  # noise as one pixel, zeros round it
        for k, (a, h) in enumerate(zip(self.outputs, self.inputs[1:], strict=False)):
            if h.ndim == 4:
                self.inputs[k + 1] = bare(h, self.side_made(a, h))
        self.pooling = ", ".join(str(name) for name in found["pooling"])
        self.output = expect_tensor(found["output"], name="the answer")

    def layer(self, k: int) -> str:
        return f"layer {k + 1} of {len(self.kinds)}"

    def sides(self, values: list[Tensor]) -> list[int]:
        """The side of what enters or leaves each layer; 1 for what is no image."""
        return [value.shape[-1] if value.ndim == 4 else 1 for value in values]

    def sides_made(self) -> list[int]:
        """The side of the image that each layer makes, after the numbers of a linear layer or of a pixel shuffle are laid out."""
        return [self.side_made(a, h) for a, h in zip(self.outputs, [*self.inputs[1:], self.output], strict=True)]

    @staticmethod
    def side_made(a: Tensor, h: Tensor) -> int:
        shuffled = a.ndim == 4 and a.shape[1] == 4 * h.shape[1]
        return isqrt(a[0].numel() // h.shape[1]) if a.ndim == 2 or shuffled else a.shape[-1]

    def expect_convolutions(self, but: int, place: str) -> None:
        """Every layer is a convolution, but perhaps the one of number ``but``."""
        dense = [k for k in range(len(self.kinds)) if self.kinds[k] == "linear" and k != but % len(self.kinds)]
        why = f"Fully connected: {', '.join(map(self.layer, dense))}. Only the {place} layer of the {self.name} may be linear."
        expect_that(not dense, why)

    def expect_between(self, k: int, normalization: str, activation: str) -> None:
        """Raise WrongAnswer unless behind layer k stands what the guidelines want."""
        a, h = self.outputs[k], self.inputs[k + 1]
        if normalization == "no normalization":
            a = biased(a, h, activation)
        found = between(a, h, (normalization, activation))
        wanted = f"{normalization}, then {activation}"
        expect_that(found == wanted, f"Behind {self.layer(k)} of the {self.name}:\ngot {found}, wanted {wanted}")

    def expect_end(self, wanted: str) -> None:
        """Raise WrongAnswer unless the answer is the last layer's output, through the wanted activation and nothing else."""
        last, answer = self.outputs[-1].flatten(1), self.output.reshape(len(self.output), -1)
        if last.shape != answer.shape:
            raise WrongAnswer(
                "value", f"The last layer makes {last.shape[1]} numbers of each input, the answer has {answer.shape[1]}."
            )
        image = last.reshape(self.output.shape)
        if self.output.ndim == 4:  # a pixel shuffle at the end
            channels = self.output.shape[1]
            laid_out = (each for each in reshaped(self.outputs[-1], channels) if each.shape == image.shape)
            image = next((each for each in laid_out if close(self.output, ACTIVATIONS[wanted](each))), image)
        rows = image if image.ndim > 1 else image[:, None]
        image = biased(rows, self.output.reshape(rows.shape), wanted).reshape(image.shape)
        found = next((name for name in (wanted, *ACTIVATIONS) if close(self.output, ACTIVATIONS[name](image))), None)
        if found is None and self.output.ndim > 1:
            tried = product(list(NORMALIZATIONS)[2:] + list(NORMALIZATIONS)[:1], ACTIVATIONS)
            names = ((n, act) for n, act in tried if close(self.output, ACTIVATIONS[act](NORMALIZATIONS[n](image))))
            found = next((f"{normalization}, then {activation}" for normalization, activation in names), None)
        if found is None and close(normalized(answer, "batch"), normalized(last, "batch")):
            found = "a normalization, or another scale"
        expect_that(
            found == wanted, f"Behind the last layer of the {self.name}:\ngot {found or 'something else'}, wanted {wanted}"
        )


def expect_sides(sides: list[int], wanted: list[int], why: str) -> None:
    expect_that(sides == wanted, f"{why}\ngot {sides}, wanted {wanted}")


def expect_no_bias(moved: object) -> None:
    """Raise WrongAnswer if a parameter, shifted by 1, moves the answers in evaluation mode but not in training mode."""
    if not isinstance(moved, dict) or not moved:
        raise WrongAnswer("type", "The model has no parameters.")
    useless = [name for name, (trained, evaluated) in moved.items() if trained < 1e-9 < evaluated]
    why = (
        "Batch normalization takes the mean away, and with it every bias in front of it: bias=False. Without effect in training:"
    )
    expect_that(not useless, f"{why} {', '.join(useless)}")


def base_of(image_size: int) -> int:
    """The side of the smallest image of a network."""
    side = image_size
    while side > 7:
        side //= 2
    return side


@exercise("5.3", points=4)
class TestGenerator:
    """The generator."""

    OPTIONS = {"latent_dim": 6, "channels": 2, "image_size": 32, "width": 4}

    def record(self, ask, rng, **options) -> Recording:
        options = self.OPTIONS | options
        return Recording(ask, "Generator", options, rng.normal(12, options["latent_dim"]), rng.seed())

    @pytest.mark.parametrize(("size", "channels"), [(8, 1), (16, 3), (28, 1), (32, 2), (40, 1), (48, 1), (64, 1)])
    def test_makes_images_of_the_stated_shape(self, ask, rng, size, channels):
        options = {"latent_dim": 7, "channels": channels, "image_size": size, "width": 4}
        for n in (5, 2):
            images = ask(probe.answer, "Generator", options, rng.normal(n, 7), rng.seed())
            if isinstance(images, Tensor) and images.ndim == 4 and len(images) != n:
                why = f"{n} noises got {len(images)} images: a view(-1, ...) merges or splits them. Write view(len(z), ...)."
                raise WrongAnswer("shape", f"{why}\ngot shape {tuple(images.shape)}, wanted {(n, channels, size, size)}")
            expect_tensor(images, (n, channels, size, size), "the batch of images")

    def test_defaults_are_as_stated(self, ask, rng):
        found = Recording(ask, "Generator", {}, rng.normal(3, 64), rng.seed())
        expect_tensor(found.output, (3, 1, 16, 16), "the batch of images")
        channels = found.inputs[-1].shape[1]
        expect_that(channels == 32, f"The default of width is 32.\ngot {channels} channels in the last hidden layer, wanted 32")

    def test_pixels_lie_between_minus_one_and_one(self, ask, rng):
        for factor in (1.0, 30.0):
            images = ask(probe.answer, "Generator", self.OPTIONS, rng.normal(16, 6), rng.seed(), factor=factor)
            images = expect_tensor(images, (16, 2, 32, 32), "the batch of images")
            why = "Pixels lie outside of [-1, 1]: tanh must be the last thing, with nothing behind it."
            expect_that(images.abs().max() <= 1, why)
            expect_that(images.min() < 0 < images.max(), "No pixel is negative, or none positive: tanh has both signs.")
        why = "With weights thirty times as large, tanh levels off near -1 and 1."
        expect_below(images.min(), -0.95, f"{why} The smallest pixel:")
        expect_above(images.max(), 0.95, f"{why} The largest pixel:")

    def test_hidden_layers_are_convolutions(self, ask, rng):
        self.record(ask, rng).expect_convolutions(but=0, place="first")

    @pytest.mark.parametrize("size", [8, 28, 32])
    def test_each_layer_doubles_the_sides(self, ask, rng, size):
        found, base = self.record(ask, rng, image_size=size), base_of(size)
        wanted = [base * 2**k for k in range(len(bin(size // base)) - 2)]
        why = "A small image, and then a transposed convolution for each doubling. Sides of what the layers make:"
        expect_sides(found.sides_made(), wanted, why)

    def test_noise_enters_the_first_layer_as_it_is(self, ask, rng):
        found = self.record(ask, rng)
        why = "What enters the first layer is not the noise itself: something is done to it before."
        expect(found.inputs[0].reshape(12, -1), found.given, why, name="what enters the first layer")

    @pytest.mark.parametrize("size", [16, 28, 32])
    def test_batch_normalization_and_relu_behind_each_hidden_layer(self, ask, rng, size):
        found = self.record(ask, rng, image_size=size)
        for k in range(len(found.kinds) - 1):
            found.expect_between(k, "batch normalization", "ReLU")

    def test_ends_in_tanh_and_nothing_else(self, ask, rng):
        self.record(ask, rng).expect_end("tanh")

    def test_last_hidden_layer_is_as_wide_as_stated(self, ask, rng):
        for width in (3, 10):
            channels = self.record(ask, rng, width=width).inputs[-1].shape[1]
            expect_that(
                channels == width, f"Channels of the last hidden layer for width={width}:\ngot {channels}, wanted {width}"
            )

    def test_no_bias_in_front_of_batch_normalization(self, ask, rng):
        expect_no_bias(ask(probe.shifted, "Generator", self.OPTIONS, rng.normal(8, 6), rng.seed()))

    def test_makes_each_image_by_itself_in_evaluation_mode(self, ask, rng):
        expect_each_by_itself(ask, "Generator", self.OPTIONS, rng.normal(6, 6), rng.normal(1, 6), rng.seed())

    def test_normalizes_by_running_averages_in_evaluation_mode(self, ask, rng):
        expect_running_averages(ask, "Generator", self.OPTIONS, rng.normal(32, 6), rng.seed())

    def test_answers_the_same_twice(self, ask, rng):
        expect_no_chance(ask, "Generator", self.OPTIONS, rng.normal(8, 6), rng.seed())

    def test_is_restored_from_its_state(self, ask, rng):
        found = ask(probe.restored_network, "Generator", self.OPTIONS, rng.normal(12, 6), rng.seed())
        expect_restored(found)
        why = "A batch in training mode moves nothing that evaluation mode uses: the running averages of batch normalization."
        expect_that(not torch.equal(found["before"], found["kept"]), why)

    def test_uses_all_of_the_noise(self, ask, rng):
        slopes = ask(probe.gradient_of_inputs, "Generator", self.OPTIONS, rng.normal(16, 6), rng.seed())
        slopes = expect_tensor(slopes, (16, 6), "the derivatives")
        expect_that((slopes.abs().amax(dim=0) > 0).all(), "Some of the latent numbers have no effect on any image.")

    def test_gradient_reaches_every_parameter(self, ask, rng):
        expect_gradients(ask(probe.gradient_of_parameters, "Generator", self.OPTIONS, rng.normal(16, 6), rng.seed()))

    def test_leaves_the_noise_alone(self, ask, rng):
        z = rng.normal(4, 6)
        expect_as_before([z], ask(probe.arguments_after, "Generator", self.OPTIONS, z, rng.seed()))


def expect_each_by_itself(ask, network: str, options: dict, inputs: Tensor, other: Tensor, seed: int) -> None:
    """Raise WrongAnswer unless, in evaluation mode, one input changes its own answer and no other."""
    before = expect_tensor(ask(probe.answer, network, options, inputs, seed, evaluate=True))
    for i in (0, len(inputs) - 2):
        changed = inputs.clone()
        changed[i] = other[0]
        after = expect_tensor(ask(probe.answer, network, options, changed, seed, evaluate=True), before.shape)
        moved = (after - before).abs().flatten(1).amax(dim=1) if before.ndim > 1 else (after - before).abs()
        rows = (moved > 1e-6).nonzero().flatten().tolist()
        expect_that(rows == [i], f"Input {i} of {len(inputs)} was exchanged, in evaluation mode. Answers that changed: {rows}")


def expect_running_averages(ask, network: str, options: dict, inputs: Tensor, seed: int) -> None:
    """Raise WrongAnswer unless evaluation mode answers as training mode, once the averages are those of this batch."""
    trained, evaluated = ask(probe.after_training_batches, network, options, inputs, seed)
    trained = expect_tensor(trained, name="the answer in training mode")
    why = "The same batch, until its averages are the running ones: evaluation mode should answer as training mode does."
    expect(evaluated, trained, why, rtol=0, atol=0.05 * float(trained.std()), name="the answer in evaluation mode")


def expect_no_chance(ask, network: str, options: dict, inputs: Tensor, seed: int) -> None:
    """Raise WrongAnswer unless the same inputs get the same answer twice in training mode."""
    first, second = ask(probe.answered_twice, network, options, inputs, seed)
    why = "The same batch, twice, in training mode: the answers differ. Something is drawn at random (dropout, noise)."
    expect(second, expect_tensor(first), why, atol=1e-5, name="the second answer")


@exercise("5.4", points=4)
class TestDiscriminator:
    """The discriminator."""

    OPTIONS = {"channels": 2, "image_size": 32, "width": 4}

    def record(self, ask, rng, **options) -> Recording:
        options = self.OPTIONS | options
        images = rng.uniform(12, options["channels"], options["image_size"], options["image_size"], low=-1)
        # Not all of one mean: a normalization of the images would have nothing to do.
        return Recording(ask, "Discriminator", options, (0.6 * images + 0.3 * torch.sign(images)).clamp(-1, 1), rng.seed())

    @pytest.mark.parametrize(("size", "channels"), [(8, 1), (16, 3), (28, 1), (32, 2), (40, 1), (48, 1), (64, 1)])
    def test_gives_one_logit_an_image(self, ask, rng, size, channels):
        options = {"channels": channels, "image_size": size, "width": 4}
        for n in (8, 5, 2):
            logits = ask(probe.answer, "Discriminator", options, rng.uniform(n, channels, size, size, low=-1), rng.seed())
            if isinstance(logits, Tensor) and logits.ndim == 1 and logits.numel() != n:
                why = f"{n} images of {size} x {size} got {len(logits)} logits: a view(-1, K) merges images. Flatten each."
                raise WrongAnswer("shape", f"{why}\ngot shape {tuple(logits.shape)}, wanted {(n,)}")
            expect_tensor(logits, (n,), "the logits")

    def test_of_a_single_image(self, ask, rng):
        for size in (8, 28):
            options = {"channels": 1, "image_size": size, "width": 4}
            logits = ask(probe.answer, "Discriminator", options, rng.normal(1, 1, size, size), rng.seed(), evaluate=True)
            expect_tensor(logits, (1,), "the logits of one image")

    def test_defaults_are_as_stated(self, ask, rng):
        found = Recording(ask, "Discriminator", {}, rng.normal(3, 1, 16, 16), rng.seed())
        expect_tensor(found.output, (3,), "the logits")
        channels = found.outputs[0].shape[1]
        expect_that(channels == 32, f"The default of width is 32.\ngot {channels} channels behind the first layer, wanted 32")

    def test_hidden_layers_are_convolutions(self, ask, rng):
        self.record(ask, rng).expect_convolutions(but=-1, place="last")

    @pytest.mark.parametrize("size", [8, 28, 32])
    def test_each_layer_halves_the_sides(self, ask, rng, size):
        found, base = self.record(ask, rng, image_size=size), base_of(size)
        wanted = [size // 2**k for k in range(1, len(bin(size // base)) - 2)]
        tail = f" Pooling was used: {found.pooling}." if found.pooling else ""
        why = f"A convolution of stride 2 for each halving, and a last layer.{tail} Sides of what they make:"
        expect_sides(found.sides(found.outputs), [*wanted, 1], why)

    def test_does_not_pool(self, ask, rng):
        found = self.record(ask, rng)
        entered, left = found.sides(found.inputs)[1:-1], found.sides(found.outputs)[:-2]
        why = "Between two layers the image has become smaller: pooling. A stride of 2 does it, in the layer itself."
        expect_that(entered == left and not found.pooling, f"{why}\nsides that leave: {left}, that enter: {entered}")
        last, numbers = found.outputs[-2][0].numel(), found.inputs[-1][0].numel()
        expect_that(
            last == numbers, f"The layer before the last makes {last} numbers an image, and {numbers} enter the last one."
        )

    def test_images_enter_the_first_layer_as_they_are(self, ask, rng):
        found = self.record(ask, rng)
        given, wanted = found.inputs[0], found.given
        if given.shape == wanted.shape and close(given, normalized(wanted, "batch")):
            raise WrongAnswer("value", "The images are batch-normalized in front of the first layer. They go in as they are.")
        expect(given, wanted, "What enters the first layer is not the images themselves.", name="what enters the first layer")

    def test_leaky_relu_and_no_normalization_behind_the_first_layer(self, ask, rng):
        for size in (8, 32):
            found = self.record(ask, rng, image_size=size)
            if len(found.kinds) > 1:
                found.expect_between(0, "no normalization", "LeakyReLU of slope 0.2")

    @pytest.mark.parametrize("size", [16, 28, 32])
    def test_batch_normalization_and_leaky_relu_behind_the_others(self, ask, rng, size):
        found = self.record(ask, rng, image_size=size)
        for k in range(1, len(found.kinds) - 1):
            found.expect_between(k, "batch normalization", "LeakyReLU of slope 0.2")

    def test_ends_in_a_logit_and_nothing_else(self, ask, rng):
        self.record(ask, rng).expect_end("no activation")

    def test_first_layer_is_as_wide_as_stated(self, ask, rng):
        for width in (3, 10):
            channels = self.record(ask, rng, width=width).outputs[0].shape[1]
            expect_that(channels == width, f"Channels behind the first layer for width={width}:\ngot {channels}, wanted {width}")

    def test_no_bias_in_front_of_batch_normalization(self, ask, rng):
        expect_no_bias(ask(probe.shifted, "Discriminator", self.OPTIONS, rng.normal(8, 2, 32, 32), rng.seed()))

    def test_first_layer_has_a_bias(self, ask, rng):
        gray = expect_tensor(ask(probe.first_layer_of_gray, 2, 16, 4, rng.seed()), name="what enters the second layer")
        why = "The first layer has no bias. Behind it stands no normalization with a shift: it cannot tell where zero is."
        expect_that(gray.abs().max() > 0, why)

    def test_judges_each_image_by_itself_in_evaluation_mode(self, ask, rng):
        images, other = rng.uniform(6, 2, 32, 32, low=-1), rng.uniform(1, 2, 32, 32, low=-1)
        expect_each_by_itself(ask, "Discriminator", self.OPTIONS, images, other, rng.seed())

    def test_normalizes_by_running_averages_in_evaluation_mode(self, ask, rng):
        expect_running_averages(ask, "Discriminator", self.OPTIONS, rng.normal(32, 2, 32, 32), rng.seed())

    def test_answers_the_same_twice(self, ask, rng):
        expect_no_chance(ask, "Discriminator", self.OPTIONS, rng.normal(8, 2, 32, 32), rng.seed())

    def test_is_restored_from_its_state(self, ask, rng):
        found = ask(probe.restored_network, "Discriminator", self.OPTIONS, rng.normal(12, 2, 32, 32), rng.seed())
        expect_restored(found)
        why = "A batch in training mode moves nothing that evaluation mode uses: the running averages of batch normalization."
        expect_that(not torch.equal(found["before"], found["kept"]), why)

    def test_sees_every_pixel(self, ask, rng):
        for size in (16, 28):
            options = {"channels": 2, "image_size": size, "width": 4}
            slopes = ask(probe.gradient_of_inputs, "Discriminator", options, rng.normal(8, 2, size, size), rng.seed())
            slopes = expect_tensor(slopes, (8, 2, size, size), "the derivatives")
            expect_that((slopes.abs().amax(dim=0) > 0).all(), f"Some pixels of {size} x {size} have no effect on any logit.")

    def test_gradient_reaches_every_parameter(self, ask, rng):
        expect_gradients(ask(probe.gradient_of_parameters, "Discriminator", self.OPTIONS, rng.normal(8, 2, 32, 32), rng.seed()))

    def test_leaves_the_images_alone(self, ask, rng):
        images = rng.normal(4, 2, 32, 32)
        expect_as_before([images], ask(probe.arguments_after, "Discriminator", self.OPTIONS, images, rng.seed()))


@exercise("5.5", points=3, needs=["3.6", "5.3", "5.4"])
class TestInitWeights:
    """Initial weights, and training."""

    def state(self, ask, rng, layer: str, **kind) -> tuple[dict, dict]:
        states = ask(probe.initialized, layer, kind, rng.seed())
        if not isinstance(states, (tuple, list)) or len(states) != 2:
            raise WrongAnswer("type", f"the states of the layer are {kind_of(states)}.")
        return states

    @pytest.mark.parametrize("layer", ["Conv2d", "ConvTranspose2d", "Linear"])
    def test_weights_have_standard_deviation_2_hundredths(self, ask, rng, layer):
        _, after = self.state(ask, rng, layer)
        weight = expect_tensor(after["weight"], name="the weight")
        n = weight.numel()
        expect(weight.mean(), 0.0, f"{layer}: the mean of the {n} weights.", rtol=0, atol=5 * 0.02 / n**0.5)
        expect(weight.std(), 0.02, f"{layer}: the standard deviation of the {n} weights.", atol=0, rtol=5 / (2 * n) ** 0.5)

    @pytest.mark.parametrize("layer", ["Conv2d", "ConvTranspose2d", "Linear"])
    def test_weights_are_independent_and_normal(self, ask, rng, layer):
        _, after = self.state(ask, rng, layer)
        weight = expect_tensor(after["weight"], name="the weight").flatten(1)
        law = 0.02 * Normal(0.0, 1.0).icdf((torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000)
        expect_quantiles(weight.flatten(), law, f"{layer}: the weights are spread like N(0, 0.02^2):")
        for axis, rows in (("filter", weight), ("input of a filter", weight.T)):
            ratio = rows.mean(dim=1).var() * rows.shape[1] / 0.02**2
            why = (
                f"{layer}: each weight is drawn by itself. Variance of the mean of a {axis}, against that of independent weights:"
            )
            expect(ratio, 1.0, why, atol=7 * (2 / (len(rows) - 1)) ** 0.5, rtol=0)

    @pytest.mark.parametrize("layer", ["Conv2d", "ConvTranspose2d", "Linear"])
    def test_biases_are_zero(self, ask, rng, layer):
        _, after = self.state(ask, rng, layer)
        expect(after["bias"], torch.zeros_like(after["bias"]), f"{layer}: the biases start at 0.", atol=0, name="the bias")

    @pytest.mark.parametrize("layer", ["BatchNorm2d", "BatchNorm1d"])
    def test_scale_of_batch_normalization_is_around_one(self, ask, rng, layer):
        _, after = self.state(ask, rng, layer)
        scale, n = expect_tensor(after["weight"], name="the scale"), 4096
        expect(scale.mean(), 1.0, f"The mean of the {n} scales: around 1, not around 0.", rtol=0, atol=5 * 0.02 / n**0.5)
        expect(scale.std(), 0.02, f"The standard deviation of the {n} scales.", atol=0, rtol=5 / (2 * n) ** 0.5)
        law = 1 + 0.02 * Normal(0.0, 1.0).icdf((torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000)
        expect_quantiles(scale, law, "The scales are spread like N(1, 0.02^2):")

    @pytest.mark.parametrize("layer", ["BatchNorm2d", "BatchNorm1d"])
    def test_shift_of_batch_normalization_is_zero(self, ask, rng, layer):
        _, after = self.state(ask, rng, layer)
        expect(after["bias"], zeros(4096), "The shift of batch normalization starts at 0.", atol=0, name="the shift")

    def test_running_averages_are_left_alone(self, ask, rng):
        before, after = self.state(ask, rng, "BatchNorm2d")
        for name in ("running_mean", "running_var"):
            expect(after[name], before[name], "Only scale and shift are initialized.", rtol=0, atol=0, name=name)

    @pytest.mark.parametrize("layer", ["GroupNorm", "InstanceNorm2d", "LayerNorm", "Embedding", "PReLU"])
    def test_leaves_other_layers_alone(self, ask, rng, layer):
        before, after = self.state(ask, rng, layer)
        for name in before:
            expect(after[name], before[name], f"{layer} is none of the layers that are initialized.", rtol=0, atol=0, name=name)

    @pytest.mark.parametrize(
        ("layer", "without"), [("Conv2d", "bias"), ("ConvTranspose2d", "bias"), ("Linear", "bias"), ("BatchNorm2d", "affine")]
    )
    def test_of_layers_without_a_bias(self, ask, rng, layer, without):
        before, after = self.state(ask, rng, layer, **{without: False})
        expect_that(before.keys() == after.keys(), f"A {layer} made with {without}=False has got a parameter more.")
        if without == "bias":
            expect_below(expect_tensor(after["weight"]).abs().max(), 0.2, f"{layer}(bias=False): the largest weight.")

    def test_apply_reaches_all_layers_of_a_network(self, ask, rng):
        state = ask(probe.initialized_network, rng.seed())
        for name, wanted, mean in (("0.0", 0.02, 0.0), ("1", 0.02, 0.0), ("2", 0.02, 1.0), ("4", 0.02, 0.0)):
            weight = state[f"{name}.weight"]
            expect_dtype(weight, torch.float64, f"{name}.weight")
            n = weight.numel()
            why = f"network.apply(init_weights): the weights of layer {name}."
            expect(weight.mean(), mean, f"{why} Their mean:", rtol=0, atol=5 * wanted / n**0.5)
            expect(weight.std(), wanted, f"{why} Their standard deviation:", atol=0, rtol=5 / (2 * n) ** 0.5)

    def test_leaves_a_container_alone(self, ask):
        before, after = ask(probe.initialized_container)
        why = "init_weights(container) changed a layer within it: apply goes through the layers, init_weights does one."
        expect(after, expect_tensor(before), why, rtol=0, atol=0, name="the weight in the container")

    def test_draws_from_the_global_generator(self, ask, rng):
        seed, other = rng.seed(), rng.seed()
        first, again, another = (ask(probe.initialized, "Conv2d", {}, s)[1]["weight"] for s in (seed, seed, other))
        expect(again, expect_tensor(first), "The same seed of torch gives the same weights.", rtol=0, atol=0)
        expect_that(not torch.equal(first, another), "Another seed of torch gives the same weights: draw them.")

    @pytest.mark.parametrize("layer", ["Conv2d", "BatchNorm2d"])
    def test_changes_the_weights_in_place(self, ask, layer):
        before, after, learning = ask(probe.step_after_initialization, layer)
        before = expect_tensor(before, name="the weight")
        expect_that(all(learning), "After init_weights a parameter takes no gradient any more (requires_grad is False).")
        why = "A step of an optimizer that was made before does not reach the weights: change them in place, not frozen."
        expect(after, before - 1, why, name="the weight after the step")

    @pytest.mark.training
    def test_the_whole_dcgan_reaches_the_target(self, ask):
        from ganlib import data, features

        digits = data.load("digits", size=16)
        samples = expect_tensor(ask(probe.train, digits.train_images, EPOCHS, timeout=300), (2000, 1, 16, 16), "the samples")
        samples = samples.float()
        expect_that(samples.min() >= -1e-6 and samples.max() <= 1 + 1e-6, "The samples do not lie in [-1, 1].")
        samples = samples.clamp(0, 1)
        expect_no_copies(samples, digits.train_images, "Share of the samples that are training images, remembered.")
        expect_whole_number(int((features.mode_counts(samples) > 0).sum()), 10, "The samples show all ten digits.")
        expect_above(features.label_entropy(samples), 0.93, "Entropy of the digits among the samples, over log 10.")
        expect_below(features.normalized_frechet(digits.test_images, samples), 0.05, "Fréchet distance of the samples (nFD).")
        # A Gaussian with the mean and the covariance of the pixels has an nFD of 0.045, but only 0.55 here.
        sure = (features.probabilities(samples).amax(dim=1) > 0.9).double().mean()
        expect_above(sure, 0.57, "Share of the samples whose digit the classifier tells with a probability above 0.9.")


EPOCHS = 20


def directions(rng, *shape: int) -> Tensor:
    """Random unit vectors, float64."""
    return F.normalize(rng.normal(*shape).double(), dim=-1)


def rotated(start: Tensor, other: Tensor, angle: float) -> Tensor:
    """The unit vector at this angle from start, towards other."""
    side = F.normalize(other - (other * start).sum(dim=-1, keepdim=True) * start, dim=-1)
    return cos(angle) * start + sin(angle) * side


@exercise("5.6", points=3)
class TestSlerp:
    """Spherical interpolation."""

    def test_of_a_right_angle(self, ask):
        z = ask("dcgan.slerp", tensor([1.0, 0.0]), tensor([0.0, 1.0]), 1 / 3)
        expect(z, [cos(pi / 6), sin(pi / 6)], "A third of a right angle: 30 degrees along the circle.")

    def test_starts_at_z0_and_ends_at_z1(self, ask, rng):
        z0, z1 = rng.normal(7).double(), rng.normal(7).double()
        expect(ask("dcgan.slerp", z0, z1, 0.0), z0, "t = 0 is z0.", rtol=1e-9, atol=1e-9)
        expect(ask("dcgan.slerp", z0, z1, 1.0), z1, "t = 1 is z1.", rtol=1e-9, atol=1e-9)

    def test_keeps_the_norm(self, ask, rng):
        z0, z1 = 3 * directions(rng, 10), 3 * directions(rng, 10)
        for t in (0.1, 0.5, 0.8):
            norm = expect_tensor(ask("dcgan.slerp", z0, z1, t), (10,)).norm()
            expect(norm, 3.0, f"Both ends have norm 3, and so has every point between, here at t = {t:g}.", rtol=1e-9)

    def test_turns_at_constant_speed(self, ask, rng):
        z0, other = directions(rng, 8), directions(rng, 8)
        for omega in (0.5, 1.5, 2.8):
            z1 = rotated(z0, other, omega)
            path = [expect_tensor(ask("dcgan.slerp", z0, z1, t / 8), (8,)) for t in range(9)]
            steps = tensor([float((b - a).norm()) for a, b in pairwise(path)])
            why = f"Eight steps over an angle of {omega:g}: all of them are equally long."
            expect(steps, torch.full((8,), 2 * sin(omega / 16)), why, rtol=1e-5)

    def test_of_unequal_norms(self, ask, rng):
        z0, other, omega = directions(rng, 6), directions(rng, 6), rng.number(0.6, 2.4)
        z1 = rotated(z0, other, omega)
        for t in (0.25, 0.7):
            wanted = (sin((1 - t) * omega) * 2 * z0 + sin(t * omega) * 5 * z1) / sin(omega)
            why = f"Norms 2 and 5, angle {omega:.3g}: the formula, with the angle of the directions and the vectors as they are."
            expect(ask("dcgan.slerp", 2 * z0, 5 * z1, t), wanted, why, rtol=1e-8, atol=1e-8)

    def test_of_equal_vectors_is_the_vector(self, ask, rng):
        z = rng.normal(5)
        expect(ask("dcgan.slerp", z, z, 0.3), z, "The angle is 0: sin(omega) is 0, and the straight line takes its place.")
        z0, z1 = tensor([1.0, 2.0, 2.0]), tensor([2.0, 4.0, 4.0])
        expect(
            ask("dcgan.slerp", z0, z1, 0.25), 1.25 * z0, "One direction, norms 3 and 6: a straight line from one to the other."
        )

    def test_of_many_equal_vectors(self, ask, rng):
        found = ask(probe.astray_between_equals, rng.normal(200, 5), 0.3)
        why = "200 vectors, each to itself: rounding makes some cosines larger than 1. How far the points are astray at most:"
        expect(found, 0.0, why, atol=1e-5)

    @pytest.mark.parametrize("angle", [1e-6, 1e-4, 1e-3, 3e-3, 1e-2, 5e-2])
    def test_of_small_angles(self, ask, rng, angle):
        z0, other = directions(rng, 6), directions(rng, 6)
        z1 = rotated(z0, other, angle)
        wanted = rotated(z0, other, 0.3 * angle)
        why = f"An angle of {angle:g}: three tenths of the way along the arc."
        expect(ask("dcgan.slerp", z0, z1, 0.3), wanted, why, rtol=0, atol=3e-7)
        z = ask("dcgan.slerp", z0.float(), z1.float(), 0.3)
        expect(z, wanted, f"{why} In float32.", rtol=0, atol=1e-5)

    def test_of_a_batch(self, ask, rng):
        z0, z1 = rng.normal(5, 4).double(), rng.normal(5, 4).double()
        z1[2] = z0[2]
        z = expect_tensor(ask("dcgan.slerp", z0, z1, 0.4), (5, 4))
        wanted = torch.stack([expect_tensor(ask("dcgan.slerp", a, b, 0.4), (4,)) for a, b in zip(z0, z1, strict=True)])
        expect(z, wanted, "Each row has an angle of its own: along the last axis.", rtol=1e-8, atol=1e-8)
        pair = ask("dcgan.slerp", z0.reshape(5, 1, 4), z1.reshape(5, 1, 4), 0.4)
        expect(pair, wanted.reshape(5, 1, 4), "Vectors along the last axis, however many axes stand in front.", rtol=1e-8)

    def test_of_many_t(self, ask, rng):
        z0, other = directions(rng, 6), directions(rng, 6)
        z1, t = rotated(z0, other, 2.0), torch.linspace(0, 1, 9, dtype=torch.float64)
        path = ask("dcgan.slerp", z0, z1, t[:, None])
        expect(
            path,
            torch.stack([rotated(z0, other, 2.0 * float(s)) for s in t]),
            "t of shape (9, 1): a path of 9 points.",
            rtol=1e-7,
        )
        close_by = rotated(z0, other, 1e-5)
        path = ask("dcgan.slerp", z0, close_by, t[:, None])
        expect(path, (1 - t[:, None]) * z0 + t[:, None] * close_by, "A path of 9 points over a tiny angle.", rtol=1e-7)

    def test_of_one_t_for_each_row(self, ask, rng):
        z0, other = directions(rng, 3, 6), directions(rng, 3, 6)
        z1, t = rotated(z0, other, 1.2), tensor([[0.0], [0.5], [0.9]], dtype=torch.float64)
        wanted = torch.stack([rotated(z0[i], other[i], 1.2 * float(t[i])) for i in range(3)])
        expect(ask("dcgan.slerp", z0, z1, t), wanted, "t of shape (3, 1), vectors (3, 6): each row at its own t.", rtol=1e-7)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_keeps_the_dtype(self, ask, rng, dtype):
        expect_dtype(ask("dcgan.slerp", rng.normal(3, 4).to(dtype), rng.normal(3, 4).to(dtype), 0.5), dtype)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "dcgan.slerp", rng.normal(3, 4), rng.normal(3, 4), tensor([[0.5], [0.1], [0.9]]))


def counted(n: int, kernel: int, stride: int) -> Tensor:
    """Each input adds 1 to every output that it reaches, one after the other."""
    side = (n - 1) * stride + kernel
    counts = zeros(side, side)
    for i, j in product(range(n), range(n)):
        counts[i * stride : i * stride + kernel, j * stride : j * stride + kernel] += 1
    return counts


@exercise("5.7", points=1)
class TestOverlapMap:
    """The checkerboard."""

    def test_of_one_input(self, ask):
        expect(ask("dcgan.overlap_map", 1, 3, 2), torch.ones(3, 3), "One input reaches each place of its kernel once.")

    def test_of_kernel_3_and_stride_2(self, ask):
        row = tensor([1.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0])
        why = "Along one axis the counts are 1 1 2 1 2 1 1; in the plane they multiply: 1, 2 and 4, a checkerboard."
        expect(ask("dcgan.overlap_map", 3, 3, 2), row[:, None] * row, why)

    def test_of_a_stride_beyond_the_kernel(self, ask):
        row = tensor([1.0, 0.0, 0.0, 1.0])
        expect(ask("dcgan.overlap_map", 2, 1, 3), row[:, None] * row, "Kernel 1, stride 3: two outputs in three get nothing.")

    def test_counts_one_input_after_the_other(self, ask, rng):
        for _ in range(10):
            n, kernel, stride = (int(rng.integers(1, high, 1)) for high in (8, 8, 6))
            why = f"n = {n}, kernel {kernel}, stride {stride}: how many inputs reach each output."
            expect(ask("dcgan.overlap_map", n, kernel, stride), counted(n, kernel, stride), why)

    def test_adds_up_to_all_places_of_all_kernels(self, ask, rng):
        n, kernel, stride = (int(rng.integers(3, high, 1)) for high in (12, 9, 7))
        counts = expect_tensor(ask("dcgan.overlap_map", n, kernel, stride))
        expect(counts.sum(), float((n * kernel) ** 2), f"{n} x {n} inputs, each reaches {kernel} x {kernel} outputs.")

    @pytest.mark.parametrize(("kernel", "stride"), [(4, 2), (5, 2), (6, 3), (4, 3), (2, 2), (5, 1)])
    def test_is_even_inside_if_and_only_if_the_stride_divides_the_kernel(self, ask, kernel, stride):
        counts = expect_tensor(ask("dcgan.overlap_map", 12, kernel, stride), (11 * stride + kernel,) * 2)
        inside = counts[kernel - 1 : -kernel + 1 or None, kernel - 1 : -kernel + 1 or None]
        expect_that(
            (inside.min() == inside.max()) == (kernel % stride == 0), f"Kernel {kernel}, stride {stride}, away from the edge."
        )
