"""Chapter 9: from image to image. Each class judges one exercise of ``ganlib/cyclegan.py``."""

from collections.abc import Callable, Iterator
from itertools import product
from math import log, sqrt

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from autograde.games import Descent
from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_dtype,
    expect_gradients,
    expect_restored,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    in_two_tries,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("cyclegan")


def normalized(x: Tensor, eps: float = 1e-5) -> Tensor:
    """Each channel of each image by itself, in float64: as layer normalization of its pixels laid out in a row."""
    rows = x.double().flatten(2)
    return F.layer_norm(rows, rows.shape[2:], eps=eps).reshape(x.shape)


@exercise("9.1", points=2)
class TestInstanceNorm:
    """Instance normalization."""

    def test_of_four_pixels(self, ask):
        result = ask("cyclegan.instance_norm", tensor([[[[1.0, 3.0], [5.0, 7.0]]]]))
        wanted = tensor([[[[-3.0, -1.0], [1.0, 3.0]]]]) / sqrt(5)
        why = "Mean 4, deviations -3, -1, 1, 3. Their variance is (9 + 1 + 1 + 9) / 4 = 5: over all four pixels, not over three."
        expect(result, wanted, why)

    @pytest.mark.parametrize("shape", [(1, 1, 4, 4), (3, 2, 5, 7), (2, 4, 2, 3), (4, 3, 1, 6)])
    def test_each_channel_of_each_image_has_mean_0_and_variance_1(self, ask, rng, shape):
        x = 3 * rng.normal(*shape) + 5 * rng.normal(*shape[:2], 1, 1)
        result = expect_tensor(ask("cyclegan.instance_norm", x), shape)
        why = f"Shape {shape}: over the pixels of each channel of each image"
        expect(result.mean(dim=(2, 3)), zeros(*shape[:2]), f"{why} the mean is 0.", name="the means")
        squares = result.square().mean(dim=(2, 3))
        expect(squares, torch.ones(shape[:2]), f"{why} the mean square is 1.", rtol=1e-3, name="the mean squares")

    @pytest.mark.parametrize("eps", [1e-5, 0.5, 4.0])
    def test_adds_eps_to_the_variance(self, ask, rng, eps):
        x = rng.normal(2, 3, 4, 5).double()
        why = f"eps = {eps:g} is added to the variance, under the root."
        expect(ask("cyclegan.instance_norm", x, eps), normalized(x, eps), why, rtol=1e-9, atol=1e-9)

    def test_eps_is_1e_minus_5_if_not_said(self, ask, rng):
        x = 1e-3 * rng.normal(2, 2, 4, 4).double()
        why = "Images of variance 1e-6: what is added to it counts. Without a word that is 1e-5."
        expect(ask("cyclegan.instance_norm", x), normalized(x), why, rtol=1e-9, atol=1e-9)

    def test_a_constant_channel_becomes_0(self, ask, rng):
        x = rng.normal(2, 2, 3, 4)
        x[0, 1], x[1, 0] = 7.0, -2.0
        result = expect_tensor(ask("cyclegan.instance_norm", x), x.shape)
        why = "Variance 0: (x - mean) / sqrt(0 + eps) = 0."
        # The mean of twelve sevens may be off by the last digit, and sqrt(eps) makes that 300 times as large.
        expect(result[[0, 1], [1, 0]], zeros(2, 3, 4), why, atol=1e-3)

    def test_a_single_pixel_becomes_0(self, ask, rng):
        why = "One pixel is its own mean, and its variance is 0 (divided by H W = 1)."
        expect(ask("cyclegan.instance_norm", rng.normal(3, 2, 1, 1)), zeros(3, 2, 1, 1), why)

    def test_takes_contrast_and_brightness_away(self, ask, rng):
        x, contrast, brightness = rng.normal(3, 2, 6, 4), rng.uniform(3, 2, 1, 1, low=1, high=5), 3 * rng.normal(3, 2, 1, 1)
        plain = expect_tensor(ask("cyclegan.instance_norm", x), x.shape)
        why = "x and a x + b, with a > 0 and b of each channel of each image, are the same once they are normalized."
        expect(ask("cyclegan.instance_norm", contrast * x + brightness), plain, why, rtol=1e-3, atol=1e-3)

    def test_an_image_counts_by_itself(self, ask, rng):
        x = rng.normal(3, 2, 4, 4) * tensor([1.0, 5.0, 0.2]).reshape(3, 1, 1, 1)
        together = expect_tensor(ask("cyclegan.instance_norm", x), x.shape)
        for k in range(3):
            alone = ask("cyclegan.instance_norm", x[k : k + 1])
            expect(alone, together[k : k + 1], f"Image {k} of 3, counted from 0, alone in its batch: the same.")

    def test_does_not_know_how_a_tensor_lies_in_memory(self, ask, rng):
        x = rng.normal(2, 3, 4, 6).double()
        for given in ask(probe.normalized_layouts, x):
            why = "Images with their channels last in memory, or the left halves of wider ones: .view cannot lay them out."
            expect(given, normalized(x), why, rtol=1e-8, atol=1e-9)

    def test_stays_exact_far_from_0(self, ask, rng):
        x = 3000 + rng.normal(2, 2, 6, 6)
        why = "Pixels around 3000 with a deviation of 1, in float32: the mean of squares minus the squared mean is lost there."
        expect(ask("cyclegan.instance_norm", x), normalized(x), why, rtol=0, atol=0.02)

    def test_gradient_runs_through_mean_and_deviation(self, ask, rng):
        x, upstream, eps = rng.normal(2, 3, 4, 3).double(), rng.normal(2, 3, 4, 3).double(), 0.1
        y = normalized(x, eps)
        mean = lambda value: value.mean(dim=(2, 3), keepdim=True)  # noqa: E731
        deviation = (mean(x.square()) - mean(x).square() + eps).sqrt()
        wanted = (upstream - mean(upstream) - y * mean(upstream * y)) / deviation
        why = "With g the gradient from above and y the result: (g - mean of g - y times the mean of g y) over the deviation."
        expect(ask(probe.gradient_of_norm, x, upstream, eps), wanted, why, rtol=1e-7, atol=1e-9)

    def test_gradient_of_a_constant_channel_is_finite(self, ask, rng):
        x, upstream, eps = rng.normal(2, 2, 3, 4).double(), rng.normal(2, 2, 3, 4).double(), 0.01
        x[0, 1], x[1, 0] = 0.0, 2.0
        by_x = expect_tensor(ask(probe.gradient_of_norm, x, upstream, eps), x.shape, "the derivative by x")
        upstream = upstream[[0, 1], [1, 0]]
        wanted = (upstream - upstream.mean(dim=(1, 2), keepdim=True)) / sqrt(eps)
        why = (
            "Channels that are 0 or 2 everywhere, as behind a ReLU: (g - mean of g) / sqrt(eps), with g the gradient from above. "
            "A root of the bare variance has no derivative there."
        )
        expect(by_x[[0, 1], [1, 0]], wanted, why, rtol=1e-7, atol=1e-9)

    def test_keeps_float64(self, ask, rng):
        expect_dtype(ask("cyclegan.instance_norm", rng.normal(2, 2, 3, 3).double()), torch.float64)

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "cyclegan.instance_norm", rng.normal(2, 2, 3, 3))


def measured_side(layers: list[list[int]]) -> int:
    """The side of what one output of real convolutions sees: where its gradient with respect to a row of pixels is not 0."""
    row = torch.zeros(1, 1, 400, dtype=torch.float64, requires_grad=True)
    value = row
    for side, step in layers:
        value = F.conv1d(value, torch.ones(1, 1, side, dtype=torch.float64), stride=step)
    (slope,) = torch.autograd.grad(value[0, 0, value.shape[2] // 2], row)
    return int((slope != 0).sum())


@exercise("9.2", points=2)
class TestReceptiveField:
    """The receptive field."""

    def test_of_no_layers(self, ask):
        expect_whole_number(ask("cyclegan.receptive_field", []), 1, "Without layers an output is the pixel itself.")

    @pytest.mark.parametrize(("kernel", "stride"), [(4, 2), (7, 1), (1, 3)])
    def test_of_one_layer(self, ask, kernel, stride):
        why = f"One layer sees its kernel, whatever its own stride: kernel {kernel}, stride {stride}."
        expect_whole_number(ask("cyclegan.receptive_field", [[kernel, stride]]), kernel, why)

    def test_of_two_layers(self, ask):
        why = "Kernel 3, stride 2, and then kernel 3: three windows of 3 pixels, each 2 further: 3 + 2 x 2."
        expect_whole_number(ask("cyclegan.receptive_field", [[3, 2], [3, 1]]), 7, why)

    def test_stride_counts_for_the_layers_behind_it(self, ask):
        why = "Kernel 3 with stride 1, and then stride 2: two windows of 3 pixels more, each 1 further: 3 + 2. Order counts."
        expect_whole_number(ask("cyclegan.receptive_field", [[3, 1], [3, 2]]), 5, why)

    @pytest.mark.parametrize(("halvings", "side"), [(1, 16), (2, 34), (3, 70), (5, 286)])
    def test_of_the_papers_discriminators(self, ask, halvings, side):
        layers = [[4, 2]] * halvings + [[4, 1]] * 2
        if halvings == 1:
            layers = [[4, 2], [4, 1], [4, 1]]
        why = f"Layers (kernel, stride) {layers}: patches of {side} x {side} pixels."
        expect_whole_number(ask("cyclegan.receptive_field", layers), side, why)

    def test_of_five_halvings(self, ask):
        why = "Five layers of kernel 4 and stride 2: 1 + 3 (1 + 2 + 4 + 8 + 16) = 94."
        expect_whole_number(ask("cyclegan.receptive_field", [[4, 2]] * 5), 94, why)

    @pytest.mark.parametrize(
        ("layers", "side"),
        [([[1, 2], [3, 1]], 5), ([[3, 1], [1, 3], [2, 1]], 6), ([[2, 3], [2, 1]], 5), ([[4, 5], [3, 8], [2, 1]], 54)],
    )
    def test_of_strides_larger_than_the_kernel(self, ask, layers, side):
        why = (
            f"Layers (kernel, stride) {layers}: some pixels in between are skipped, but the side is that of the whole square, "
            "from the first pixel that counts to the last one."
        )
        expect_whole_number(ask("cyclegan.receptive_field", layers), side, why)

    def test_of_stride_1_adds_up(self, ask, rng):
        kernels = [int(each) for each in rng.integers(1, 8, 20)]
        why = f"Kernels {kernels} of stride 1: each adds its kernel minus 1."
        wanted = 1 + sum(kernels) - len(kernels)
        expect_whole_number(ask("cyclegan.receptive_field", [[kernel, 1] for kernel in kernels]), wanted, why)

    def test_is_what_the_gradient_of_convolutions_says(self, ask, rng):
        for _ in range(8):
            layers = []
            for _layer in range(int(rng.integers(2, 5, 1))):
                stride = int(rng.integers(1, 4, 1))
                layers.append([int(rng.integers(stride, 6, 1)), stride])
            why = f"Layers (kernel, stride) {layers}: pixels by which the gradient of one output is not 0, along one side."
            expect_whole_number(ask("cyclegan.receptive_field", layers), measured_side(layers), why)

    def test_leaves_its_input_alone(self, ask):
        layers = [[4, 2], [3, 1], [5, 3]]
        first = ask("cyclegan.receptive_field", layers)
        expect_whole_number(first, measured_side(layers), "A list of three layers.")
        after = ask(probe.layers_after, layers)
        expect_that(after == layers, f"The list of layers was changed: {layers} became {after}.")


# What may stand behind a convolution, by the numbers that leave it and those that enter the next one.

NORMALIZATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "no normalization": lambda a: a,
    "instance normalization": normalized,
    "batch normalization": lambda a: (
        normalized(a.transpose(0, 1)[None].flatten(2, 3)).reshape(a.transpose(0, 1).shape).transpose(0, 1)
    ),
    "layer normalization": lambda a: normalized(a.flatten(1)[:, None, None]).reshape(a.shape),
}
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": torch.relu,
    "LeakyReLU of slope 0.2": lambda u: F.leaky_relu(u, 0.2),
    "LeakyReLU of slope 0.01": lambda u: F.leaky_relu(u, 0.01),
    "no activation": lambda u: u,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def close(given: Tensor, wanted: Tensor) -> bool:
    return given.shape == wanted.shape and bool((given - wanted).abs().max() <= 3e-3 * wanted.abs().max() + 1e-6)


def enlarged(a: Tensor) -> Iterator[Tensor]:
    """The images at twice the sides: each pixel becomes four."""
    yield a.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)


def bare(image: Tensor, sides: list[int]) -> Tensor:
    """Without the border of one pixel that a padding in front of a layer has put round it."""
    if list(image.shape[2:]) == [side + 2 for side in sides]:
        return image[:, :, 1:-1, 1:-1]
    return image


class Recording:
    """What a network computed, layer by layer, as its probe recorded it."""

    def __init__(self, ask, network: str, options: dict, images: Tensor, seed: int, numbers: bool = True) -> None:
        found = ask(probe.recorded, network, options, images, seed, numbers)
        if not isinstance(found, dict) or not found.get("layers"):
            raise WrongAnswer("value", f"No convolution leads from what the {network} is given to what it returns.")
        self.name, self.layers = network, found["layers"]
        odd = sorted({layer["kind"].replace("_", " ") for layer in self.layers} - {"convolution"})
        expect_that(not odd, f"The {network} is made of convolutions; found as well: {', '.join(odd)}.")
        if numbers:
            self.inputs = [expect_tensor(layer["input"], name="what enters a layer") for layer in self.layers]
            self.outputs = [expect_tensor(layer["output"], name="what leaves a layer") for layer in self.layers]
            self.output = expect_tensor(found["output"], name="the answer")

    def kernels(self) -> list[tuple[int, int]]:
        """Kernel and stride of each layer, each one number."""
        for layer in self.layers:
            square = len({*layer["kernel"]}) == 1 and len({*layer["stride"]}) == 1
            expect_that(square, f"A layer of the {self.name} has kernel {layer['kernel']} and stride {layer['stride']}.")
        return [(layer["kernel"][0], layer["stride"][0]) for layer in self.layers]

    def channels(self) -> list[int]:
        """How many leave each layer; for a recording without numbers."""
        return [layer["output"][1] for layer in self.layers]

    def place(self, k: int) -> str:
        return f"layer {k + 1} of {len(self.layers)} of the {self.name}"

    def expect_count(self, wanted: int, why: str) -> None:
        expect_that(len(self.layers) == wanted, f"{why}\ngot {len(self.layers)} convolutions, wanted {wanted}")

    def expect_behind(self, k: int, wanted: tuple[str, str], made: Callable[[Tensor], Iterator[Tensor]]) -> None:
        """Raise WrongAnswer unless normalization and activation stand behind layer k; ``made``: what may enter the next one."""
        given = bare(self.inputs[k + 1], list(next(made(self.outputs[k])).shape[2:]))
        names = (what for what, value in self.known_behind(k, wanted) if any(close(given, each) for each in made(value)))
        found = next(names, "something else")
        expect_that(found == ", then ".join(wanted), f"Behind {self.place(k)}:\ngot {found}, wanted {', then '.join(wanted)}")

    def known_behind(self, k: int, *wanted: tuple[str, str]) -> Iterator[tuple[str, Tensor]]:
        """By name, what a normalization and an activation make of layer k: the wanted ones first, turned round last."""
        pairs = list(product(NORMALIZATIONS, ACTIVATIONS))
        for normalization, activation in [*wanted, *pairs]:
            value = ACTIVATIONS[activation](NORMALIZATIONS[normalization](self.outputs[k]))
            yield f"{normalization}, then {activation}", value
        for normalization, activation in pairs:
            value = NORMALIZATIONS[normalization](ACTIVATIONS[activation](self.outputs[k]))
            yield f"{activation}, then {normalization}", value

    def expect_end(self, wanted: str) -> None:
        """Raise WrongAnswer unless the answer is the last layer's output through the wanted activation and nothing else."""
        plain = ((name, ACTIVATIONS[name](self.outputs[-1])) for name in (wanted, *ACTIVATIONS))
        names = (what for what, value in (*plain, *self.known_behind(-1)) if close(self.output, value))
        found = next(names, "something else")
        expect_that(found == wanted, f"Behind the last layer of the {self.name}:\ngot {found}, wanted {wanted}")

    def expect_entered(self, images: Tensor) -> None:
        expect_that(
            close(bare(self.inputs[0], list(images.shape[2:])), images.double()),
            f"What enters the first layer of the {self.name} is not the images themselves: something is done to them before.",
        )


def expect_each_by_itself(ask, network: str, options: dict, images: Tensor, seed: int) -> None:
    """Raise WrongAnswer unless an image is answered alike twice, alone and among others, in both modes."""
    found = ask(probe.in_company_and_alone, network, options, images, seed)
    if not isinstance(found, dict):
        raise WrongAnswer("type", f"the answers are {kind_of(found)}.")
    together = expect_tensor(found["together"])
    why = "The same images twice, in training mode: the answers differ. Something is drawn at random (dropout, noise)."
    expect(found["again"], together, why, name="the second answer")
    why = "Each image alone, in training mode, gets another answer than in a batch: a normalization runs over the batch."
    expect(found["alone"], together, why, rtol=1e-3, atol=1e-4, name="the answer alone")
    why = "In evaluation mode the answers are others: instance normalization has no running averages and no modes."
    expect(found["evaluated"], together, why, rtol=1e-3, atol=1e-4, name="the answer in evaluation mode")
    expect(found["evaluated alone"], together, why, rtol=1e-3, atol=1e-4, name="the answer alone in evaluation mode")


UNET, PATCH = "UNetGenerator", "PatchDiscriminator"


@exercise("9.3", points=5)
class TestNetworks:
    """U-Net and PatchGAN."""

    SMALL_UNET = {"channels": 2, "width": 3, "depth": 3}
    SMALL_PATCH = {"channels": 2, "width": 3, "halvings": 2}
    BOTH = pytest.mark.parametrize(("network", "options"), [(UNET, SMALL_UNET), (PATCH, SMALL_PATCH)], ids=["unet", "patch"])

    def unet(self, ask, rng, depth=3) -> tuple[Recording, Tensor]:
        images = rng.uniform(2, 2, 2 * 2**depth, 3 * 2**depth, low=-1)
        found = Recording(ask, UNET, {"channels": 2, "width": 3, "depth": depth}, images, rng.seed())
        found.expect_count(2 * depth, f"depth = {depth}: {depth} convolutions on the way down, and {depth} on the way up.")
        return found, images

    def patch(self, ask, rng, halvings=2) -> tuple[Recording, Tensor]:
        images = rng.uniform(2, 2, 4 * 2**halvings, 6 * 2**halvings, low=-1)
        found = Recording(ask, PATCH, {"channels": 2, "width": 3, "halvings": halvings}, images, rng.seed())
        found.expect_count(halvings + 2, f"halvings = {halvings}: that many convolutions of stride 2, and two of stride 1.")
        return found, images

    @pytest.mark.parametrize(
        ("channels", "width", "depth", "h", "w", "n"),
        [(3, 4, 2, 4, 8, 1), (1, 3, 3, 24, 8, 3), (2, 2, 4, 16, 32, 2), (3, 1, 5, 32, 32, 1)],
    )
    def test_unet_makes_images_of_the_same_shape(self, ask, rng, channels, width, depth, h, w, n):
        options, images = {"channels": channels, "width": width, "depth": depth}, rng.uniform(n, channels, h, w, low=-1)
        expect_tensor(ask(probe.answer, UNET, options, images, rng.seed()), images.shape, "the batch of images")

    def test_unet_makes_pixels_between_minus_1_and_1(self, ask, rng):
        images = ask(probe.answer, UNET, self.SMALL_UNET, rng.uniform(4, 2, 16, 16, low=-1), rng.seed(), 8.0)
        images = expect_tensor(images, (4, 2, 16, 16), "the batch of images")
        why = "With large weights: images have values in [-1, 1], of both signs. The generator ends in a tanh."
        expect_that(images.abs().max() <= 1 and images.min() < -0.2 and images.max() > 0.2, why)

    @pytest.mark.parametrize(("width", "depth"), [(3, 2), (5, 3), (2, 4), (1, 6), (260, 2)])
    def test_unet_halves_with_more_channels_each_time(self, ask, rng, width, depth):
        side, options = 2**depth, {"channels": 1, "width": width, "depth": depth}
        found = Recording(ask, UNET, options, rng.uniform(1, 1, side, side, low=-1), rng.seed(), False)
        found.expect_count(2 * depth, f"depth = {depth}: {depth} convolutions on the way down, and {depth} on the way up.")
        wanted, given = [width * 2**level for level in range(depth)], found.channels()[:depth]
        expect_that(given == wanted, f"Channels that leave the layers on the way down:\ngot {given}, wanted {wanted}")
        kernels = found.kernels()[:depth]
        expect_that(kernels == [(4, 2)] * depth, f"Way down: kernel 4 and stride 2.\ngot (kernel, stride) {kernels}")

    @pytest.mark.parametrize(("width", "depth"), [(3, 2), (5, 3), (2, 4), (1, 6), (260, 2)])
    def test_unet_doubles_with_both_kinds_of_channels(self, ask, rng, width, depth):
        side, options = 2**depth, {"channels": 1, "width": width, "depth": depth}
        found = Recording(ask, UNET, options, rng.uniform(1, 1, side, side, low=-1), rng.seed(), False)
        found.expect_count(2 * depth, f"depth = {depth}: {depth} convolutions on the way down, and {depth} on the way up.")
        wanted, given = [width * 2**level for level in reversed(range(depth - 1))] + [1], found.channels()[depth:]
        expect_that(given == wanted, f"Channels that leave the layers on the way up:\ngot {given}, wanted {wanted}")
        entered = [layer["input"][1] for layer in found.layers[depth + 1 :]]
        wanted = [2 * width * 2**level for level in reversed(range(depth - 1))]
        why = "Channels that enter the layers on the way up, but for the first: of the layer before, and of the way down."
        expect_that(entered == wanted, f"{why}\ngot {entered}, wanted {wanted}")
        kernels = found.kernels()[depth:]
        why = "Way up: the image is upsampled, then comes a convolution of kernel 3 and stride 1."
        expect_that(kernels == [(3, 1)] * depth, f"{why}\ngot (kernel, stride) {kernels}")

    @pytest.mark.parametrize("depth", [2, 3, 4])
    def test_unet_normalizes_inside_on_the_way_down(self, ask, rng, depth):
        found, images = self.unet(ask, rng, depth)
        found.expect_entered(images)
        for k in range(depth):
            normalization = "instance normalization" if 0 < k < depth - 1 else "no normalization"
            made = (lambda value: iter([value])) if k < depth - 1 else enlarged
            found.expect_behind(k, (normalization, "LeakyReLU of slope 0.2"), made)

    @pytest.mark.parametrize("depth", [2, 3, 4])
    def test_unet_puts_the_image_of_each_size_beside(self, ask, rng, depth):
        found, _ = self.unet(ask, rng, depth)
        for k in range(depth, 2 * depth - 1):
            level = 2 * depth - 2 - k  # of the way down, whose image is as large
            sides = [side // 2 for side in bare(found.inputs[k + 1], list(found.outputs[k + 1].shape[2:])).shape[2:]]
            short_cut = bare(found.inputs[level + 1], sides)

            def beside(value: Tensor, image: Tensor = short_cut) -> Iterator[Tensor]:
                both = [(value, image), (image, value)] if value.shape[2:] == image.shape[2:] else []
                for parts in both:
                    yield from enlarged(torch.cat(parts, dim=1))
                yield from [] if both else enlarged(value)

            channels = found.inputs[k + 1].shape[1]
            why = (
                f"Beside what {found.place(k)} makes stands what layer {level + 2} was given on the way down. Channels that "
                "enter the next layer:"
            )
            wanted = found.outputs[k].shape[1] + short_cut.shape[1]
            expect_that(channels == wanted, f"{why}\ngot {channels}, wanted {wanted}")
            found.expect_behind(k, ("instance normalization", "ReLU"), beside)

    def test_unet_ends_in_tanh_and_nothing_else(self, ask, rng):
        self.unet(ask, rng)[0].expect_end("tanh")

    def test_unet_lets_detail_past_the_bottleneck(self, ask, rng):
        images, seed = rng.uniform(1, 2, 16, 16, low=-1), rng.seed()
        other = images.clone()
        other[:, :, 5, 9] = -images[:, :, 5, 9].sign()
        answers = [ask(probe.with_a_layer_cut, self.SMALL_UNET, each, seed, 2) for each in (images, other)]
        (whole, cut), (_, changed) = ([expect_tensor(each, (1, 2, 16, 16)) for each in pair] for pair in answers)
        moved = (changed - cut).abs()[:, :, 3:8, 7:12].max()
        why = "With zeros in place of the smallest image one pixel of the input was changed. Around it the output changes by:"
        expect_above(moved, 1e-3, why)
        expect_above((whole - cut).abs().max(), 1e-3, "With zeros in place of the smallest image the output changes by:")

    @pytest.mark.parametrize(
        ("channels", "halvings", "h", "w", "n"), [(3, 3, 32, 32, 1), (6, 2, 16, 24, 2), (1, 1, 12, 8, 3), (2, 4, 64, 80, 1)]
    )
    def test_patch_gives_a_score_for_each_patch(self, ask, rng, channels, halvings, h, w, n):
        options, images = {"channels": channels, "width": 2, "halvings": halvings}, rng.uniform(n, channels, h, w, low=-1)
        wanted = (n, 1, h // 2**halvings - 2, w // 2**halvings - 2)
        expect_tensor(ask(probe.answer, PATCH, options, images, rng.seed()), wanted, "the scores")

    @pytest.mark.parametrize(("halvings", "side"), [(1, 16), (2, 34), (3, 70), (4, 142)])
    def test_patch_has_the_stated_side(self, ask, rng, halvings, side):
        options, least = {"channels": 1, "width": 1, "halvings": halvings}, 4 * 2**halvings
        found = ask(probe.side_of_a_patch, options, rng.uniform(1, 1, least, least, low=-1), rng.seed())
        expect_that(found == [side, side], f"Rows and columns that one score sees:\ngot {found}, wanted {side} and {side}")

    @pytest.mark.parametrize(("width", "halvings"), [(3, 1), (5, 2), (2, 3), (1, 5), (260, 1)])
    def test_patch_doubles_its_channels(self, ask, rng, width, halvings):
        side, options = 4 * 2**halvings, {"channels": 1, "width": width, "halvings": halvings}
        found = Recording(ask, PATCH, options, rng.uniform(1, 1, side, side, low=-1), rng.seed(), False)
        wanted, given = [width * 2**level for level in range(halvings + 1)] + [1], found.channels()
        expect_that(given == wanted, f"Channels that leave the layers:\ngot {given}, wanted {wanted}")
        wanted, given = [(4, 2)] * halvings + [(4, 1)] * 2, found.kernels()
        expect_that(given == wanted, f"(kernel, stride) of the layers:\ngot {given}, wanted {wanted}")

    @pytest.mark.parametrize("halvings", [1, 2, 3])
    def test_patch_normalizes_inside(self, ask, rng, halvings):
        found, images = self.patch(ask, rng, halvings)
        found.expect_entered(images)
        for k in range(halvings + 1):
            normalization = "instance normalization" if k else "no normalization"
            found.expect_behind(k, (normalization, "LeakyReLU of slope 0.2"), lambda value: iter([value]))

    def test_patch_ends_in_scores_and_nothing_else(self, ask, rng):
        self.patch(ask, rng)[0].expect_end("no activation")

    def test_defaults_are_as_stated(self, ask, rng):
        for network, count in ((UNET, 8), (PATCH, 5)):
            found = Recording(ask, network, {}, rng.uniform(1, 3, 32, 32, low=-1), rng.seed(), False)
            found.expect_count(count, f"The {network} without a word: depth = 4, or halvings = 3.")
            given = found.channels()[0]
            expect_that(given == 32, f"The {network} without a word has width 32.\ngot {given} channels behind its first layer")

    @BOTH
    def test_each_image_counts_by_itself(self, ask, rng, network, options):
        images = rng.uniform(2, 2, 16, 24, low=-1) * tensor([1.0, 0.3]).reshape(2, 1, 1, 1)
        expect_each_by_itself(ask, network, options, images, rng.seed())

    @BOTH
    def test_is_restored_from_its_state(self, ask, rng, network, options):
        expect_restored(ask(probe.restored_network, network, options, rng.uniform(2, 2, 16, 16, low=-1), rng.seed()))

    @BOTH
    def test_gradient_reaches_every_weight(self, ask, rng, network, options):
        expect_gradients(ask(probe.gradients_of_weights, network, options, rng.uniform(2, 2, 16, 24, low=-1), rng.seed()))

    @BOTH
    def test_gradient_is_that_of_the_answer(self, ask, rng, network, options):
        images = rng.uniform(2, 2, 16, 24, low=-1).double()
        found = ask(probe.slopes_along_weights, network, options, images, rng.seed())
        if not isinstance(found, dict) or not found:
            raise WrongAnswer("type", f"the slopes are {kind_of(found)}.")
        why = (
            "How fast the squared answers change along some direction of the weights of a layer, or of the image, which another "
            "network may have made: by the gradient, and by trying. One that is too small or too large was cut (detach, no_grad)."
        )
        for name, (by_gradient, by_trying) in found.items():
            expect(tensor(by_gradient), by_trying, f"{name}. {why}", rtol=1e-3, atol=1e-4, name="by the gradient")

    @BOTH
    def test_keeps_nothing_of_an_image(self, ask, rng, network, options):
        found = ask(probe.tensors_left, network, options, rng.uniform(2, 2, 16, 16, low=-1), rng.seed())
        why = (
            "Tensors that hang on the network, besides its parameters and buffers, after one call and after four. What is "
            "appended to a list of the network in each call stays there, with the graph of the call: memory runs out."
        )
        expect_that(isinstance(found, list) and found[0] == found[1], f"{why}\ngot {found}, wanted as many after four")

    @BOTH
    def test_leaves_the_images_alone(self, ask, rng, network, options):
        images = rng.uniform(2, 2, 16, 16, low=-1)
        expect_as_before([images], ask(probe.images_after, network, options, images, rng.seed()))


@exercise("9.4", points=2)
class TestLeastSquares:
    """Least-squares losses."""

    def test_discriminator_that_cannot_tell_pays_a_quarter(self, ask):
        half = torch.full((5,), 0.5)
        why = "Every score is 1/2: both means are 1/4, and half their sum is 1/4."
        expect(ask("cyclegan.lsgan_discriminator_loss", half, half), 0.25, why)

    def test_discriminator_wants_1_for_real_and_0_for_fake(self, ask):
        ones, nothing = torch.ones(3), zeros(4)
        expect(ask("cyclegan.lsgan_discriminator_loss", ones, nothing), 0.0, "Real 1, fake 0: nothing to pay.")
        why = "Real 0, fake 1: everything is wrong, (1 + 1) / 2."
        expect(ask("cyclegan.lsgan_discriminator_loss", zeros(3), torch.ones(4)), 1.0, why)

    def test_discriminator_by_hand(self, ask):
        loss = ask("cyclegan.lsgan_discriminator_loss", tensor([3.0, 1.0]), tensor([1.0, 0.0, -2.0, 1.0]))
        expect(loss, 1.75, "Real: (4 + 0) / 2 = 2. Fake: (1 + 0 + 4 + 1) / 4 = 1.5. Half of 2 + 1.5.")

    def test_generator_by_hand(self, ask):
        expect(ask("cyclegan.lsgan_generator_loss", zeros(7)), 1.0, "Every score is 0: (0 - 1)^2 = 1, not halved.")
        expect(ask("cyclegan.lsgan_generator_loss", torch.ones(3)), 0.0, "Every score is 1: the generator has what it wants.")
        expect(ask("cyclegan.lsgan_generator_loss", tensor([2.0, -1.0, 1.0])), 5 / 3, "(1 + 4 + 0) / 3.")

    @pytest.mark.parametrize(("real", "fake"), [((2, 1, 6, 6), (2, 1, 6, 6)), ((1, 1, 3, 5), (4, 1, 2, 2)), ((3,), (5, 1))])
    def test_of_scores_of_any_shape(self, ask, rng, real, fake):
        real, fake = rng.normal(*real).double(), rng.normal(*fake).double()
        ones = lambda scores: F.mse_loss(scores, torch.ones_like(scores))  # noqa: E731
        wanted = 0.5 * (ones(real) + F.mse_loss(fake, torch.zeros_like(fake)))
        why = f"{real.numel()} real and {fake.numel()} fake scores: the mean over each, added and halved."
        expect(ask("cyclegan.lsgan_discriminator_loss", real, fake), wanted, why, rtol=1e-9)
        why = f"The mean of (score - 1)^2 over {fake.numel()} scores, not halved."
        expect(ask("cyclegan.lsgan_generator_loss", fake), ones(fake), why, rtol=1e-9)

    def test_discriminators_gradient(self, ask, rng):
        real, fake = rng.normal(2, 1, 3, 3), rng.normal(1, 1, 4, 4)
        by_real, by_fake = ask(probe.derivatives, "lsgan_discriminator_loss", [real, fake], [0, 1])
        expect(by_real, (real - 1) / 18, "By a real score: (score - 1) / N, with N = 18 scores.", name="by the real scores")
        expect(by_fake, fake / 16, "By a fake score: score / M, with M = 16 scores.", name="by the fake scores")

    def test_generators_gradient_does_not_saturate(self, ask):
        (by_fake,) = ask(probe.derivatives, "lsgan_generator_loss", [tensor([-50.0, 0.0, 1.0, 6.0])], [0])
        why = "2 (score - 1) / M: the worse a fake is, the stronger the pull; and it pulls back what is above 1."
        expect(by_fake, [-25.5, -0.5, 0.0, 2.5], why)

    @pytest.mark.parametrize("function", ["lsgan_discriminator_loss", "lsgan_generator_loss"])
    def test_keeps_float64(self, ask, rng, function):
        scores = [rng.normal(4).double() for _ in range(2 if "disc" in function else 1)]
        expect_dtype(ask(f"cyclegan.{function}", *scores), torch.float64)

    @pytest.mark.parametrize("function", ["lsgan_discriminator_loss", "lsgan_generator_loss"])
    def test_leaves_its_inputs_alone(self, ask, rng, function):
        expect_untouched(ask, f"cyclegan.{function}", *[rng.normal(2, 1, 3, 3) for _ in range(2 if "disc" in function else 1)])


def absolute(a: Tensor, b: Tensor) -> Tensor:
    """The mean of |a - b|, from differences of the larger to the smaller one."""
    return (torch.maximum(a, b) - torch.minimum(a, b)).double().sum() / a.numel()


TWICE = pytest.mark.parametrize("function", ["cycle_loss", "identity_loss"])


@exercise("9.5", points=2)
class TestCycleAndIdentity:
    """There and back, and stay."""

    @TWICE
    def test_of_two_domains_by_hand(self, ask, function):
        x, back = zeros(1, 1, 1, 2), tensor([[[[1.0, -3.0]]]])
        y, there = torch.full((1, 1, 2, 2), 2.0), torch.full((1, 1, 2, 2), 2.5)
        why = "First domain: (|1| + |-3|) / 2 = 2. Second domain: 1/2 at every pixel. Their sum, 2.5."
        expect(ask(f"cyclegan.{function}", x, back, y, there), 2.5, why)

    @TWICE
    def test_is_0_only_where_nothing_has_changed(self, ask, rng, function):
        x, y = rng.normal(2, 3, 4, 4), rng.normal(2, 3, 4, 4)
        expect(ask(f"cyclegan.{function}", x, x.clone(), y, y.clone()), 0.0, "Everything is where it was.")
        expect(ask(f"cyclegan.{function}", x + 1, x, y, y), 1.0, "In the first domain every pixel is off by 1.")
        expect(ask(f"cyclegan.{function}", x, x, y, y - 3), 3.0, "In the second domain every pixel is off by 3.")

    @TWICE
    def test_is_absolute_not_squared(self, ask, rng, function):
        x, y, off = rng.normal(2, 1, 3, 5), rng.normal(2, 1, 3, 5), rng.normal(2, 1, 3, 5)
        once = expect_tensor(ask(f"cyclegan.{function}", x, x + off, y, y), ())
        twice = ask(f"cyclegan.{function}", x, x + 2 * off, y, y)
        expect(twice, 2 * once, "Twice as far off costs twice as much (squared it would be four times).")

    @TWICE
    @pytest.mark.parametrize(
        ("of_x", "of_y"), [((2, 3, 4, 6), (2, 3, 4, 6)), ((1, 1, 2, 3), (5, 1, 2, 3)), ((3, 3, 4, 4), (2, 1, 8, 2))]
    )
    def test_is_a_mean_for_each_domain(self, ask, rng, function, of_x, of_y):
        x, back, y, there = (rng.normal(*shape).double() for shape in (of_x, of_x, of_y, of_y))
        wanted = absolute(x, back) + absolute(y, there)
        why = f"The mean over all pixels of shape {of_x}, plus the mean over all pixels of shape {of_y}."
        expect(ask(f"cyclegan.{function}", x, back, y, there), wanted, why, rtol=1e-9)

    @TWICE
    def test_gradient_is_the_sign(self, ask, rng, function):
        x, back, y, there = rng.normal(2, 1, 2, 2), rng.normal(2, 1, 2, 2), rng.normal(1, 3, 2, 2), rng.normal(1, 3, 2, 2)
        by_back, by_there = ask(probe.derivatives, function, [x, back, y, there], [1, 3])
        why = "Each pixel is pulled to where it was, by 1 over the number of pixels, however near it is."
        expect(by_back, torch.sign(back - x) / 8, why, name="by the image of the first domain")
        expect(by_there, torch.sign(there - y) / 12, why, name="by the image of the second domain")

    @TWICE
    def test_gradient_is_finite_where_nothing_is_off(self, ask, rng, function):
        x, y = rng.normal(2, 1, 2, 2), rng.normal(1, 3, 2, 2)
        why = "Images that are where they were: |a - b| has a corner there, and any slope between -1 and 1 may be taken for it."
        for given, n in zip(ask(probe.derivatives, function, [x, x.clone(), y, y.clone()], [1, 3]), (8, 12), strict=True):
            slope = expect_tensor(given, name="the derivative where nothing is off")
            expect_below(slope.abs().max(), 1 / n + 1e-6, why)

    @TWICE
    def test_keeps_float64(self, ask, rng, function):
        expect_dtype(ask(f"cyclegan.{function}", *[rng.normal(1, 1, 2, 2).double() for _ in range(4)]), torch.float64)

    @TWICE
    def test_leaves_its_inputs_alone(self, ask, rng, function):
        expect_untouched(ask, f"cyclegan.{function}", *[rng.normal(2, 1, 3, 3) for _ in range(4)])


def numbered(first: int, n: int) -> Tensor:
    """n images of 1 x 2 pixels, each known by its number."""
    return torch.arange(first, first + n).double().reshape(n, 1, 1, 1).expand(n, 1, 1, 2).contiguous()


def numbers_of(images: object, n: int, name: str) -> list[int]:
    """The numbers by which numbered images are known."""
    images = expect_tensor(images, (n, 1, 1, 2), name)
    expect_that(torch.equal(images[..., 0], images[..., 1]), f"{name}: an image is a mixture of others.")
    return [int(number) for number in images[:, 0, 0, 0]]


@exercise("9.6", points=3)
class TestImagePool:
    """A memory of fakes."""

    def run(self, ask, size: int, batches: list[int], seed: int | None) -> tuple[list[int], list[int], dict]:
        """Numbers that a pool returned for batches of so many images, those that it keeps, and what else was found."""
        firsts = [sum(batches[:k]) for k in range(len(batches))]
        given = [numbered(first, n) for first, n in zip(firsts, batches, strict=True)]
        found = ask(probe.pooled, size, given, seed)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"what was found is {kind_of(found)}.")
        pairs = zip(found["returned"], batches, strict=True)
        returned = [number for images, n in pairs for number in numbers_of(images, n, "what the pool returns")]
        kept = numbers_of(found["kept"], len(found["kept"]), "what the pool keeps") if isinstance(found["kept"], Tensor) else []
        return returned, kept, found

    def test_is_filled_first(self, ask, rng):
        returned, kept, _ = self.run(ask, 7, [3, 2, 2], rng.seed())
        expect_that(returned == list(range(7)), f"A pool of 7 is not full: 7 images come back as they came.\ngot {returned}")
        expect_that(sorted(kept) == list(range(7)), f"It keeps all seven, images 0 to 6.\ngot {sorted(kept)}")

    def test_never_keeps_more_than_its_size(self, ask, rng):
        for size, batches in ((5, [3, 3, 3, 3]), (4, [9, 1, 2]), (1, [1, 1, 1])):
            _, kept, found = self.run(ask, size, batches, rng.seed())
            given = [sum(batches[: k + 1]) for k in range(len(batches))]
            wanted = [min(size, total) for total in given]
            why = f"A pool of {size}, batches of {batches}: how many it keeps after each.\ngot {found['counts']}, wanted {wanted}"
            expect_that(found["counts"] == wanted and len(set(kept)) == size, why)

    @pytest.mark.parametrize("batches", [[1] * 40, [8] * 10, [80]], ids=["one by one", "in eights", "all at once"])
    def test_exchanges_an_old_image_for_the_new_one(self, ask, rng, batches):
        for size in (1, 6):
            returned, kept, _ = self.run(ask, size, batches, rng.seed())
            pool: list[int] = []
            for new, back in enumerate(returned):
                place = f"A pool of {size}, batches of {batches[0]}. For image {new} came {back}"
                if len(pool) < size:
                    expect_that(back == new, f"{place}: the pool was not full yet.")
                    pool.append(new)
                elif back != new:
                    expect_that(
                        back in pool, f"{place}: that one was not in the pool any more, or never. It held {sorted(pool)}."
                    )
                    pool[pool.index(back)] = new
            why = "An image that is returned at once is not kept; one that is kept takes the place of the one that is returned."
            expect_that(sorted(kept) == sorted(pool), f"{why}\nAt the end it keeps {sorted(kept)}, wanted {sorted(pool)}")

    def test_exchanges_half_of_the_images(self, ask, rng):
        returned, _, _ = self.run(ask, 10, [1010], rng.seed())
        old = sum(back != new for new, back in enumerate(returned)) / 1000
        why = "Share of 1000 images, given to a full pool, for which an old one came back: 1/2, within 5 standard errors."
        expect(tensor(old), 0.5, why, atol=5 * 0.5 / sqrt(1000), rtol=0)
        old = [back != new for new, back in enumerate(returned)][10:]
        both = sum(one and two for one, two in zip(old, old[1:], strict=False)) / 999
        why = "Share of neighbors among these 1000 for both of which an old image came: 1/4, since each has a draw of its own."
        # A pair and the next one share an image: their variance is 5/16, not 3/16.
        expect(tensor(both), 0.25, why, atol=5 * sqrt(5 / 16 / 999), rtol=0)

    @pytest.mark.parametrize(("size", "pools"), [(4, 400), (7, 700)])
    def test_draws_every_place_alike(self, ask, rng, size, pools):
        first = expect_tensor(ask(probe.first_exchanges, size, pools, rng.seed()), (pools,), "the first images that left")
        for number in range(size):
            why = (
                f"Share of {pools} full pools of {size} that gave back image {number} first: 1/{size}, within 5 standard errors."
            )
            expect((first == number).double().mean(), 1 / size, why, atol=5 * sqrt((size - 1) / pools) / size, rtol=0)

    def test_exchanges_every_place_of_a_pool_of_50(self, ask, rng):
        returned, _, _ = self.run(ask, 50, [2050], rng.seed())
        stay = sorted(set(range(50)) - set(returned[50:]))
        why = "A pool of 50 and 2000 more images: each place is exchanged sooner or later. These of the first 50 are there still:"
        expect_that(not stay, f"{why}\n{stay}")

    def test_draws_a_place_for_each_image(self, ask, rng):
        returned, _, _ = self.run(ask, 4, [1004], rng.seed())
        place, places = {image: image for image in range(4)}, []
        for new, back in enumerate(returned):
            if back != new:
                expect_that(back in place, f"For image {new} came {back}: that one was not in the pool any more, or never.")
                places.append(place.pop(back))
                place[new] = places[-1]
        expect_above(len(places), 100, "Of 1000 images in one batch, how many were exchanged:")
        same = sum(one == two for one, two in zip(places, places[1:], strict=False)) / (len(places) - 1)
        why = (
            "A pool of 4, and 1000 images in one batch: the share of exchanges at the same place as the one before is 1/4, "
            "within 5 standard errors, as each image draws a place of its own."
        )
        expect(tensor(same), 0.25, why, atol=5 * sqrt(0.1875 / (len(places) - 1)), rtol=0)

    def test_of_size_0_hands_everything_through(self, ask, rng):
        returned, _, found = self.run(ask, 0, [4, 3], rng.seed())
        expect_that(returned == list(range(7)), f"A pool of size 0 returns what comes.\ngot {returned}")
        expect_that(found["counts"] == [0, 0], f"A pool of size 0 keeps nothing.\ngot {found['counts']} images")

    def test_takes_images_of_any_shape(self, ask, rng):
        batches = [rng.normal(3, 2, 4, 6) for _ in range(4)]
        found = ask(probe.pooled, 5, batches, rng.seed())
        known = torch.cat(batches).double()
        for returned in found["returned"]:
            returned = expect_tensor(returned, (3, 2, 4, 6), "what the pool returns")
            nearest = (returned[:, None] - known).abs().flatten(2).amax(dim=2).min(dim=1).values
            expect(
                nearest, zeros(3), "Each image that comes back is one that was given, pixel by pixel.", name="how far it is off"
            )

    def test_keeps_float64(self, ask, rng):
        found = ask(probe.pooled, 2, [rng.normal(2, 1, 2, 2).double() for _ in range(2)], rng.seed())
        for returned in found["returned"]:
            expect_dtype(returned, torch.float64, "what the pool returns")

    @pytest.mark.parametrize("size", [3, 0])
    def test_has_no_history(self, ask, rng, size):
        found = ask(probe.history_of_pooled, rng.normal(2, 1, 2, 2), size, rng.seed())
        why = "hold the graph of the step that made them, and its memory: detach them."
        expect_that(found["returned"] is False, f"A pool of {size}: images that it returns {why}")
        expect_that(found["kept"] is False, f"A pool of {size}: images that it keeps {why}")

    @pytest.mark.parametrize("size", [3, 4])
    def test_keeps_copies(self, ask, rng, size):
        images, others = rng.uniform(3, 1, 2, 2), rng.uniform(3, 1, 2, 2)
        kept = expect_tensor(ask(probe.kept_after_changes, images, others, size, rng.seed()), (size, 1, 2, 2), "what is kept")
        nearest = (kept[:, None] - torch.cat([images, others])).abs().flatten(2).amax(dim=2).min(dim=1).values
        why = (
            "What was given to the pool, and what it returned, was overwritten with 99 afterwards. The pool keeps copies "
            "(clone): what it holds is still what was given."
        )
        expect(nearest, zeros(size), why, name="how far each image is off")

    def test_draws_from_the_generator_alone(self, ask, rng):
        seed, batches = rng.seed(), [20, 20]
        first, _, found = self.run(ask, 4, batches, seed)
        again, _, _ = self.run(ask, 4, batches, seed)
        expect_that(first == again, "The same state of the generator gives the same images: it is the source of randomness.")
        expect_that(found["moved"] is False, "torch's global generator was used, though another one was given.")
        other, _, _ = self.run(ask, 4, batches, seed + 1)
        expect_that(first != other, "Two generators of different seeds gave the same choices of 40: nothing is drawn from them.")
        _, _, found = self.run(ask, 4, batches, None)
        expect_that(found["moved"] is True, "Without a generator the choices are drawn by torch's global one.")

    def test_leaves_its_input_alone(self, ask, rng):
        images = [rng.normal(4, 1, 2, 2) for _ in range(3)]
        expect_as_before(images, ask(probe.batches_after, 3, images, rng.seed()))


NAMES = ("to_y", "to_x", "of_x", "of_y")


def translated(numbers: Tensor, x: Tensor) -> Tensor:
    """What the probe's player of these numbers makes of images."""
    return numbers[0] + numbers[1] * x + numbers[2] * torch.tanh(x)


def scored(numbers: Tensor, x: Tensor) -> Tensor:
    """What the probe's critic of these numbers says to images: for each 2 x 2 pixels."""
    gray = x.sum(dim=1) / x.shape[1]
    means = (gray[:, ::2, ::2] + gray[:, 1::2, ::2] + gray[:, ::2, 1::2] + gray[:, 1::2, 1::2]) / 4
    return translated(numbers, means)


def distance(a: Tensor, b: Tensor) -> Tensor:
    return (a - b).abs().sum() / a.numel()


def squared_from(scores: Tensor, target: float) -> Tensor:
    return ((scores - target) ** 2).sum() / scores.numel()


class Game:
    """Four small players of random numbers, batches for them, and what a right step makes of them."""

    def __init__(
        self, rng, n_steps: int = 1, of_x: int = 3, of_y: int = 2, channels: int = 1, optimizer=("SGD", {}), **options: float
    ) -> None:
        self.options, self.optimizer, self.lr, self.shifts = options, optimizer, [0.05, 0.2], [0.3, -0.4]
        self.numbers = {name: rng.uniform(3, low=0.4, high=1.2).double() for name in NAMES}
        self.batches = [[rng.uniform(n, channels, 2, 4, low=-1).double() for n in (of_x, of_y)] for _ in range(n_steps)]

    def losses(self, numbers: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
        """Each part of the generators' loss, and the fakes."""
        there, back = (lambda image: translated(numbers["to_y"], image)), (lambda image: translated(numbers["to_x"], image))
        found = {"fake_y": there(x), "fake_x": back(y)}
        found["adversarial"] = squared_from(scored(numbers["of_y"], found["fake_y"]), 1.0)
        found["adversarial"] = found["adversarial"] + squared_from(scored(numbers["of_x"], found["fake_x"]), 1.0)
        found["cycle"] = distance(back(there(x)), x) + distance(there(back(y)), y)
        weight = self.options.get("lambda_identity", 0.0)
        found["identity"] = distance(back(x), x) + distance(there(y), y) if weight else torch.zeros(())
        scale = self.options.get("lambda_cycle", 10.0)
        found["total"] = found["adversarial"] + scale * found["cycle"] + scale * weight * found["identity"]
        return found

    def play(self) -> list[dict]:
        """After each step the numbers of all players, and the losses before the updates."""
        numbers, found = {name: value.clone().requires_grad_() for name, value in self.numbers.items()}, []
        (kind, extra), teams = self.optimizer, (("to_y", "to_x"), ("of_x", "of_y"))
        descents = [Descent(kind, lr, **extra) for lr in self.lr]
        for x, y in self.batches:
            losses = self.losses(numbers, x, y)
            fakes = {key: losses[f"fake_{key}"].detach() / 2 + shift for key, shift in zip("xy", self.shifts, strict=True)}
            parts = []
            for key, real in (("x", x), ("y", y)):
                judge = numbers[f"of_{key}"]
                parts.append(squared_from(scored(judge, real), 1.0) / 2 + squared_from(scored(judge, fakes[key]), 0.0) / 2)
            for descent, team, loss in zip(descents, teams, (losses["total"], sum(parts)), strict=True):
                numbers |= zip(team, descent([numbers[name] for name in team], loss), strict=True)
            told = {"g_loss": losses["total"], "d_loss": sum(parts), "cycle": losses["cycle"], "identity": losses["identity"]}
            found.append(
                {
                    "numbers": {name: value.detach() for name, value in numbers.items()},
                    "losses": {name: value.detach() for name, value in told.items()},
                }
            )
        return found

    def ask(self, ask, **options) -> dict:
        arguments = self.numbers, self.batches, list(self.optimizer), self.lr, self.options, self.shifts
        found = ask(probe.steps, *arguments, **options)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the steps gave {kind_of(found)}.")
        return found

    def ask_for_losses(self, ask) -> dict:
        return losses_of(ask, self.numbers, self.batches[0], self.options)


def losses_of(ask, numbers: dict[str, Tensor], batch: list[Tensor], options: dict) -> dict:
    """What ``cyclegan_generator_loss`` returned, by name, and what else its probe found."""
    found = ask(probe.loss_of_generators, numbers, batch, options)
    if not isinstance(found, dict):
        raise WrongAnswer("type", f"what was found is {kind_of(found)}.")
    losses, wanted = found["losses"], ("total", "adversarial", "cycle", "identity", "fake_x", "fake_y")
    if not isinstance(losses, dict) or not set(wanted) <= set(losses):
        raise WrongAnswer("type", f"the losses are {kind_of(losses)}; wanted a dict with {', '.join(wanted)}.")
    return found


def simple(**numbers: list[float]) -> dict[str, Tensor]:
    """Players by their three numbers."""
    return {name: tensor(value, dtype=torch.float64) for name, value in numbers.items()}


def expect_each_translated_once(game: Game, asked: dict[str, int], why: str) -> None:
    """Raise WrongAnswer unless each generator has translated each image once, in however many passes."""
    of_x, of_y = map(len, game.batches[0])
    again = bool(game.options.get("lambda_identity"))
    for name, wanted in (("to_y", of_x + of_y + again * of_y), ("to_x", of_y + of_x + again * of_x)):
        expect_that(asked[name] == wanted, f"{why} Images that {name} translates:\ngot {asked[name]}, wanted {wanted}")


# G adds 1, F doubles; the score of a patch is its mean in domain y, and half of that in domain x.
SIMPLE = simple(to_y=[1.0, 1.0, 0.0], to_x=[0.0, 2.0, 0.0], of_x=[0.0, 0.5, 0.0], of_y=[0.0, 1.0, 0.0])
ROLES = "G (to_y) adds 1, F (to_x) doubles; x is 1 and y is 3 at every pixel."
EACH_STEP = ("g_loss", "d_loss", "cycle", "identity")


@exercise("9.7", points=5, needs=["9.3", "9.4", "9.5", "9.6"])
class TestCycleGan:
    """The losses of a CycleGAN, and one step."""

    def simple_losses(self, ask, **options: float) -> dict:
        batch = [torch.full((1, 1, 2, 2), 1.0).double(), torch.full((1, 1, 2, 2), 3.0).double()]
        return losses_of(ask, SIMPLE, batch, options)["losses"]

    def test_returns_both_fakes(self, ask):
        losses = self.simple_losses(ask)
        expect(losses["fake_y"], torch.full((1, 1, 2, 2), 2.0), f"{ROLES} fake_y = G(x) = 2.", name="fake_y")
        expect(losses["fake_x"], torch.full((1, 1, 2, 2), 6.0), f"{ROLES} fake_x = F(y) = 6.", name="fake_x")

    def test_adversarial_loss_asks_the_judge_of_the_target_domain(self, ask):
        why = f"{ROLES} D_y gives G(x) the score 2, D_x gives F(y) the score 3: (2 - 1)^2 + (3 - 1)^2."
        expect(self.simple_losses(ask)["adversarial"], 5.0, why, name="adversarial")

    def test_cycle_goes_there_and_back_on_both_sides(self, ask):
        why = f"{ROLES} F(G(x)) = 4 is 3 away from x, G(F(y)) = 7 is 4 away from y."
        expect(self.simple_losses(ask)["cycle"], 7.0, why, name="cycle")

    def test_identity_asks_the_generator_that_leads_to_the_images_own_domain(self, ask):
        why = f"{ROLES} F(x) = 2 is 1 away from x, G(y) = 4 is 1 away from y."
        expect(self.simple_losses(ask, lambda_identity=0.5)["identity"], 2.0, why, name="identity")

    @pytest.mark.parametrize(
        ("options", "total", "what"),
        [
            ({}, 75.0, "5 + 10 x 7: lambda_cycle is 10 unless something else is said, and no identity loss"),
            ({"lambda_cycle": 2.0}, 19.0, "5 + 2 x 7"),
            (
                {"lambda_cycle": 0.0, "lambda_identity": 0.5},
                5.0,
                "5 + 0 (7 + 0.5 x 2): lambda_identity is in units of lambda_cycle",
            ),
            (
                {"lambda_cycle": 3.0, "lambda_identity": 0.5},
                29.0,
                "5 + 3 (7 + 0.5 x 2): lambda_identity is in units of lambda_cycle",
            ),
        ],
        ids=["defaults", "cycle 2", "cycle 0", "identity"],
    )
    def test_total_weighs_the_parts(self, ask, options, total, what):
        why = f"Adversarial 5, cycle 7, identity 2 where it is asked for. {what}."
        expect(self.simple_losses(ask, **options)["total"], total, why, name="total")

    def test_identity_is_0_where_it_has_no_weight(self, ask):
        losses = self.simple_losses(ask)
        expect(losses["identity"], 0.0, "lambda_identity = 0: identity is a tensor that is 0.", name="identity")

    @pytest.mark.parametrize("weight", [0.0, 0.5])
    def test_makes_each_translation_once(self, ask, rng, weight):
        game = Game(rng, lambda_identity=weight)
        why = (
            f"lambda_identity = {weight:g}, 3 images x and 2 images y. Each generator makes fakes and leads fakes back"
            f"{', and leaves the images of its own domain' if weight else '; nothing is translated for the identity loss'}."
        )
        expect_each_translated_once(game, game.ask_for_losses(ask)["asked"], why)

    @pytest.mark.parametrize(("of_x", "of_y", "channels"), [(1, 1, 3), (4, 1, 1), (2, 5, 2)])
    def test_of_random_players(self, ask, rng, of_x, of_y, channels):
        game = Game(rng, 1, of_x, of_y, channels, lambda_cycle=3.0, lambda_identity=0.7)
        losses, wanted = game.ask_for_losses(ask)["losses"], game.losses(game.numbers, *game.batches[0])
        for name, value in wanted.items():
            why = f"{of_x} images x and {of_y} images y of {channels} channels, lambda_cycle = 3, lambda_identity = 0.7: {name}."
            expect(losses[name], value, why, rtol=1e-8, atol=1e-9, name=name)

    def test_every_part_can_be_differentiated(self, ask, rng):
        game = Game(rng, lambda_cycle=2.0, lambda_identity=0.5)
        found = ask(probe.derivatives_of_parts, game.numbers, game.batches[0], game.options)
        numbers = {name: value.clone().requires_grad_() for name, value in game.numbers.items()}
        wanted = game.losses(numbers, *game.batches[0])
        for part in ("adversarial", "cycle", "identity", "total"):
            if not isinstance(found, dict) or part not in found:
                raise WrongAnswer("type", f"{part} is no tensor of one number.")
            slopes = torch.autograd.grad(wanted[part], [numbers["to_y"], numbers["to_x"]], retain_graph=True)
            for name, slope, given in zip(("to_y", "to_x"), slopes, found[part], strict=True):
                why = f"The derivative of {part} by what {name} learns: the gradient runs through every translation."
                expect(given, slope, why, rtol=1e-8, atol=1e-9, name=f"by {name}")

    def test_loss_leaves_the_batch_alone(self, ask, rng):
        game = Game(rng, lambda_identity=0.5)
        expect_as_before(game.batches[0], ask(probe.batch_after, game.numbers, game.batches[0], game.options, False))

    def expect_numbers(self, ask, game: Game, names: tuple[str, str], why: str, last: bool = False) -> None:
        found = game.ask(ask)
        for step, wanted in enumerate(game.play()):
            for name in names:
                place = f"Step {step + 1}. " if len(game.batches) > 1 else ""
                expect(
                    found[name][step],
                    wanted["numbers"][name],
                    f"{place}{why}",
                    rtol=1e-8,
                    atol=1e-9,
                    name=f"the weights of {name}",
                )

    def test_step_moves_both_generators(self, ask, rng):
        why = "Both generators are one step down their total loss, as judged by the discriminators from before the step."
        self.expect_numbers(ask, Game(rng, lambda_cycle=2.0, lambda_identity=0.5), ("to_y", "to_x"), why)

    def test_then_both_discriminators(self, ask, rng):
        why = (
            "Each discriminator is one step down its loss of the real images of its domain and of what its pool returned for the "
            "fakes of the generators' step, those that were made before the generators changed."
        )
        self.expect_numbers(ask, Game(rng, lambda_cycle=2.0), ("of_x", "of_y"), why)

    @pytest.mark.parametrize(("of_x", "of_y"), [(3, 3), (4, 1)])
    def test_steps_do_not_add_up(self, ask, rng, of_x, of_y):
        game = Game(rng, 2, of_x, of_y, lambda_cycle=1.0, lambda_identity=0.5)
        self.expect_numbers(ask, game, NAMES, "Its own gradients alone count: none of earlier steps, none of the other loss.")

    @pytest.mark.parametrize("optimizer", [("SGD", {"momentum": 0.9}), ("Adam", {"betas": [0.5, 0.999]})], ids=["SGD", "Adam"])
    def test_each_optimizer_takes_its_step(self, ask, rng, optimizer):
        game = Game(rng, 3, optimizer=optimizer, lambda_cycle=2.0, lambda_identity=0.5)
        why = (
            f"Both optimizers are {optimizer[0]} with a memory: opt_g.step() is called once, then opt_d.step() once for both "
            "discriminators, and nothing else moves a network."
        )
        self.expect_numbers(ask, game, NAMES, why)

    def test_of_large_gradients(self, ask, rng):
        game = Game(rng, lambda_cycle=1e4)
        for name in ("of_x", "of_y"):
            game.numbers[name] *= 1000
        self.expect_numbers(ask, game, NAMES, "Gradients of length 1000 and more: nothing is clipped or scaled.")

    def test_step_has_the_weights_of_the_paper_if_none_are_said(self, ask, rng):
        self.expect_numbers(ask, Game(rng), NAMES, "lambda_cycle is 10, and lambda_identity is 0.")

    def test_asks_each_pool_once_and_that_of_x_first(self, ask, rng):
        found = Game(rng, 2).ask(ask)
        why = "In each of two steps the pool of x is asked, and then that of y."
        expect_that(found["pools"] == ["x", "y"] * 2, f"{why}\ngot {found['pools']}")
        expect_that(found["same generator"] is True, "The pools were asked without the generator that the step was given.")
        expect_that(found["drawn"] is False, "The step moved torch's random numbers, though a generator was given.")

    def test_step_makes_each_translation_once(self, ask, rng):
        for weight in (0.0, 0.5):
            game = Game(rng, lambda_identity=weight)
            why = "In one step of 3 images x and 2 images y the discriminators get the fakes that are there already."
            expect_each_translated_once(game, game.ask(ask)["asked"], f"lambda_identity = {weight:g}. {why}")

    def test_sends_no_gradient_of_the_discriminators_loss_into_the_generators(self, ask, rng):
        arrived = Game(rng, 2).ask(ask)["gradients"]
        why = "After the generators have been moved (opt_g.step()) no gradient is to reach the images that they have made."
        expect_that(arrived == 0, f"{why}\ngot {arrived} in 2 steps, wanted 0")

    def test_returns_the_losses_before_each_update(self, ask, rng):
        game = Game(rng, 2, lambda_cycle=2.0, lambda_identity=0.5)
        found = game.ask(ask)
        for result, wanted in zip(found["returned"], game.play(), strict=True):
            if not isinstance(result, dict) or not set(EACH_STEP) <= set(result):
                raise WrongAnswer("type", f"the step returned {kind_of(result)}; wanted a dict with {', '.join(EACH_STEP)}.")
            for name in EACH_STEP:
                why = {"g_loss": "the generators' total loss", "d_loss": "the sum of both discriminators' losses"}
                what = f"{name}: {why.get(name, f'the {name} loss, not weighted')}, before the update."
                expect(result[name], wanted["losses"][name], what, rtol=1e-8, atol=1e-9, name=name)

    def test_returns_numbers_without_their_history(self, ask, rng):
        found = Game(rng, lambda_identity=0.5).ask(ask)
        expect_that(found["attached"] is False, "A returned loss still holds its graph, and so the memory of the whole step.")

    @pytest.mark.parametrize("evaluate", [False, True], ids=["training", "evaluation"])
    def test_leaves_modes_and_weights_as_they_come(self, ask, rng, evaluate):
        found = Game(rng).ask(ask, evaluate=evaluate)
        mode = "evaluation" if evaluate else "training"
        for name in NAMES:
            training, learning, still = found["left"][name]
            expect_that(training is not evaluate, f"After the step {name} is in another mode: it came in {mode} mode.")
            expect_that(learning[0] is True, f"After the step {name} is frozen (requires_grad is False).")
            if evaluate:
                expect_that(learning == [True, False], f"A weight of {name} that came frozen is to learn now.")
                expect_that(still == [0.0], f"A weight of {name} that came frozen has moved.")
            expect_that(found["modes"][name] == [not evaluate], f"{name} was asked in another mode: it came in {mode} mode.")

    def test_step_leaves_the_batch_alone(self, ask, rng):
        game = Game(rng)
        expect_as_before(game.batches[0], ask(probe.batch_after, game.numbers, game.batches[0], game.options, True))

    @pytest.mark.training
    def test_facades_are_translated_without_pairs(self, ask):
        in_two_tries(lambda seed: expect_translations(ask, seed))


def expect_translations(ask, seed):
    """Raise WrongAnswer unless a CycleGAN that is trained from this seed translates facades and maps."""
    from ganlib import facades

    photographs, labels = facades.draw(700)
    pictures = facades.paint_labels(labels)
    # Photographs of one half and label maps of another: no two belong together.
    data = photographs[:300], pictures[300:600], photographs[600:], pictures[600:]
    to_labels, to_photographs = ask(probe.train, *data, 400, seed, timeout=400)
    to_labels, to_photographs = (
        expect_tensor(each, (100, 3, 32, 32), "the translated images").float() for each in (to_labels, to_photographs)
    )
    for each in (to_labels, to_photographs):
        expect_that(each.min() >= -1e-6 and each.max() <= 1 + 1e-6, "The translated images do not lie in [-1, 1].")
    wanted = labels[600:]
    right = (facades.read_labels(to_labels) == wanted).double().mean()
    one_class = float(wanted.flatten().bincount().max()) / wanted.numel()
    why = f"Share of the pixels of 100 photographs that get their right label; one class for all pixels has {one_class:.2f}."
    expect_above(right, 0.75, why)
    off = (to_photographs - photographs[600:]).abs().mean()
    expect_below(off, 0.17, "How far photographs made of 100 label maps are from the true ones, mean of |a - b|.")


@exercise("9.8", points=2, needs=["3.5"])
class TestPix2Pix:
    """What the generator of pix2pix minimizes."""

    def test_of_a_perfect_image_that_is_half_believed(self, ask, rng):
        target = rng.uniform(2, 3, 4, 4, low=-1)
        loss = ask("cyclegan.pix2pix_generator_loss", zeros(2, 1, 3, 3), target, target.clone())
        expect(loss, log(2), "Every logit is 0 and the image is the target: -log(1/2) = log 2, and no distance.")

    def test_of_an_image_that_is_off_by_a_tenth(self, ask, rng):
        target = rng.uniform(1, 3, 4, 4, low=-1)
        loss = ask("cyclegan.pix2pix_generator_loss", torch.full((1, 1, 2, 2), 40.0), target + 0.1, target)
        expect(
            loss, 10.0, "Taken for real for certain (0), and 0.1 away at every pixel, times 100 unless something else is said."
        )

    def test_pays_for_being_found_out(self, ask, rng):
        target = rng.normal(1, 1, 2, 2)
        believed, found_out = (
            expect_tensor(ask("cyclegan.pix2pix_generator_loss", tensor([logit]), target, target), ()) for logit in (3.0, -3.0)
        )
        expect(found_out - believed, 3.0, "log(1 + e^3) - log(1 + e^-3) = 3: a logit of -3 costs 3 more than one of 3.")

    @pytest.mark.parametrize("weight", [0.0, 1.0, 25.0])
    @pytest.mark.parametrize(
        ("logits", "shape"), [((2, 1, 3, 3), (2, 3, 4, 4)), ((7,), (1, 1, 3, 5)), ((1, 1, 6, 2), (5, 2, 2, 4))]
    )
    def test_of_random_images(self, ask, rng, weight, logits, shape):
        logits, fake, target = rng.normal(*logits).double(), rng.normal(*shape).double(), rng.normal(*shape).double()
        probability = 1 / (1 + torch.exp(-logits))
        wanted = -torch.log(probability).sum() / logits.numel() + weight * absolute(fake, target)
        why = f"The mean over {logits.numel()} logits, plus {weight:g} times the mean distance over {fake.numel()} numbers."
        expect(ask("cyclegan.pix2pix_generator_loss", logits, fake, target, weight), wanted, why, rtol=1e-8)

    def test_distance_is_absolute_not_squared(self, ask, rng):
        target, off, sure = rng.normal(2, 1, 3, 4), rng.normal(2, 1, 3, 4), torch.full((2, 1, 2, 2), 60.0)
        once = expect_tensor(ask("cyclegan.pix2pix_generator_loss", sure, target + off, target), ())
        twice = ask("cyclegan.pix2pix_generator_loss", sure, target + 2 * off, target)
        expect(twice, 2 * once, "Twice as far off costs twice as much.")

    def test_stays_exact_for_large_logits(self, ask, rng):
        target = rng.normal(1, 1, 2, 2)
        loss = ask("cyclegan.pix2pix_generator_loss", tensor([-200.0, 150.0]), target, target)
        expect(loss, 100.0, "Logits -200 and 150 cost 200 and 0: no logarithm of a probability that is rounded to 0.")

    def test_gradient_at_large_logits_and_at_the_target(self, ask, rng):
        logits, target = tensor([-1000.0, 0.0, 150.0]), rng.normal(1, 2, 3, 2)
        by_logits, by_fake = ask(probe.derivatives, "pix2pix_generator_loss", [logits, target.clone(), target], [0, 1], 5.0)
        why = "By logits of -1000, 0 and 150: -sigmoid(-b) / 3, so -1/3, -1/6 and 0."
        expect(by_logits, [-1 / 3, -1 / 6, 0.0], why, name="by the logits")
        slope = expect_tensor(by_fake, target.shape, "by the fake, where it is the target")
        why = (
            "Where the fake is the target |fake - target| has a corner: its slope is some number between -1 and 1, times 5 / 12."
        )
        expect_below(slope.abs().max(), 5 / 12 + 1e-6, why)

    def test_gradient_pulls_at_logits_and_pixels(self, ask, rng):
        logits, fake, target = rng.normal(2, 1, 2, 2), rng.normal(1, 2, 3, 2), rng.normal(1, 2, 3, 2)
        by_logits, by_fake = ask(probe.derivatives, "pix2pix_generator_loss", [logits, fake, target], [0, 1], 5.0)
        why = "By a logit b: -sigmoid(-b) / 8. It is strongest where the discriminator is sure of a fake."
        expect(by_logits, -torch.sigmoid(-logits) / 8, why, name="by the logits")
        why = "By a pixel: the weight 5 over 12 numbers, with the sign of fake - target."
        expect(by_fake, 5 * torch.sign(fake - target) / 12, why, name="by the fake")

    def test_keeps_float64(self, ask, rng):
        arguments = [rng.normal(3).double(), rng.normal(1, 1, 2, 2).double(), rng.normal(1, 1, 2, 2).double()]
        expect_dtype(ask("cyclegan.pix2pix_generator_loss", *arguments), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "cyclegan.pix2pix_generator_loss", rng.normal(4), rng.normal(1, 1, 2, 2), rng.normal(1, 1, 2, 2))
