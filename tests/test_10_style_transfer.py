"""Chapter 10: style transfer. Each class judges one exercise of ``ganlib/style.py``."""

from collections.abc import Callable

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
    expect_restored,
    expect_tensor,
    expect_that,
    expect_untouched,
    kind_of,
    probes,
    tensor,
    zeros,
)
from autograde.wire import Seeded

probe = probes("style")

EXACT = {"rtol": 1e-9, "atol": 1e-10}


def gram(features: Tensor) -> Tensor:
    """The Gram matrices in float64, pixel by pixel."""
    channels, height, width = features.shape[1:]
    pixels = features.double().permute(0, 2, 3, 1).flatten(1, 2)
    return torch.einsum("npi,npj->nij", pixels, pixels) / (channels * height * width)


@exercise("10.1", points=2)
class TestGramMatrix:
    """Gram matrix."""

    def test_of_two_channels(self, ask):
        features = tensor([[[[1.0, 2.0]], [[3.0, -1.0]]]])
        why = "Channels (1, 2) and (3, -1): products 5, 1 and 10, divided by C H W = 2 x 1 x 2."
        expect(ask("style.gram_matrix", features), [[[1.25, 0.25], [0.25, 2.5]]], why)

    @pytest.mark.parametrize("shape", [(1, 3, 4, 4), (2, 3, 4, 5), (3, 2, 6, 1), (2, 4, 1, 1), (2, 1, 3, 6), (1, 1, 1, 1)])
    def test_adds_up_products_over_the_pixels(self, ask, rng, shape):
        features = rng.normal(*shape).double()
        why = f"Features of shape {shape}: for each picture the products of channels i and j, added over its pixels, over C H W."
        expect(ask("style.gram_matrix", features), gram(features), why, **EXACT)

    def test_of_constant_channels(self, ask):
        features = tensor([2.0, -1.0, 0.5])[None, :, None, None].expand(1, 3, 4, 6).contiguous()
        wanted = torch.outer(features[0, :, 0, 0], features[0, :, 0, 0])[None] / 3
        expect(ask("style.gram_matrix", features), wanted, "Channels that are 2, -1 and 0.5 everywhere: products over C = 3.")

    def test_does_not_know_where_a_pixel_lies(self, ask, rng):
        features, order = rng.normal(2, 5, 4, 6), rng.uniform(24).argsort()
        mixed = features.flatten(2)[:, :, order].reshape(2, 5, 6, 4)
        first, second = (ask("style.gram_matrix", each) for each in (features, mixed))
        wanted = expect_tensor(first, (2, 5, 5))
        expect(second, wanted, "The same pixels in another order, in a picture of another form: the same Gram matrix.")

    def test_does_not_know_how_a_tensor_lies_in_memory(self, ask, rng):
        features = rng.normal(2, 3, 4, 6).double()
        for given in parts(ask(probe.gram_of_layouts, features), 2):
            why = "Features with their channels last in memory, or the left halves of wider ones: .view cannot lay them out."
            expect(given, gram(features), why, **EXACT)

    def test_has_the_mean_square_as_its_trace(self, ask, rng):
        features = 3 * rng.normal(3, 4, 5, 7)
        found = expect_tensor(ask("style.gram_matrix", features), (3, 4, 4))
        why = "The diagonal adds up to the mean of all squared features of the picture."
        expect(found.diagonal(dim1=1, dim2=2).sum(dim=1), features.double().square().mean(dim=(1, 2, 3)), why)

    def test_of_a_picture_is_the_same_among_others(self, ask, rng):
        features = rng.normal(3, 4, 3, 5)
        together = expect_tensor(ask("style.gram_matrix", features), (3, 4, 4))
        alone = ask("style.gram_matrix", features[1:2])
        expect(alone, together[1:2], "The second of three pictures, alone: a picture's matrix is its own.")

    def test_lets_the_gradient_through(self, ask, rng):
        features, upstream = rng.normal(2, 3, 2, 4).double(), rng.normal(2, 3, 3).double()
        wanted = torch.einsum("nij,njhw->nihw", upstream + upstream.transpose(1, 2), features) / 24
        found = ask(probe.slope_of_gram, features, upstream)
        expect(found, wanted, "The derivative of the sum of U G by F is (U + U') F / (C H W).", **EXACT)

    def test_keeps_float64(self, ask, rng):
        expect_dtype(ask("style.gram_matrix", rng.normal(1, 2, 3, 3).double()), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.gram_matrix", rng.normal(2, 3, 4, 4))


def discrepancy(a: Tensor, b: Tensor) -> Tensor:
    """The squared MMD in float64 by second moments: k is the scalar product of the matrices xx'."""
    return (torch.einsum("ni,nj->ij", a, a) / len(a) - torch.einsum("ni,nj->ij", b, b) / len(b)).square().sum()


@exercise("10.2", points=3)
class TestPolynomialMMD:
    """Maximum mean discrepancy."""

    def test_of_numbers(self, ask):
        found = ask("style.polynomial_mmd", tensor([[1.0], [3.0]]), tensor([[2.0]]))
        why = "Samples {1, 3} and {2}: (1 + 9 + 9 + 81) / 4 + 16 - 2 (4 + 36) / 2 = 25 + 16 - 40."
        expect(found, 1.0, why)

    def test_of_two_vectors(self, ask):
        found = ask("style.polynomial_mmd", tensor([[1.0, 2.0]]), tensor([[3.0, -1.0]]))
        expect(found, 123.0, "One vector each: k(a, a) = 25, k(b, b) = 100, k(a, b) = 1, so 25 + 100 - 2.")

    @pytest.mark.parametrize(("n", "m", "d"), [(4, 4, 3), (5, 2, 3), (2, 7, 1), (1, 1, 4), (6, 3, 8)])
    def test_of_random_samples(self, ask, rng, n, m, d):
        a, b = rng.normal(n, d).double(), rng.normal(m, d).double() + 0.3

        def mean(x: Tensor, y: Tensor) -> float:
            return sum(float((p * q).sum()) ** 2 for p in x for q in y) / (len(x) * len(y))

        wanted = mean(a, a) + mean(b, b) - 2 * mean(a, b)
        why = f"Samples of {n} and {m} vectors of length {d}, pair by pair: mean k(a, a) + mean k(b, b) - 2 mean k(a, b)."
        expect(ask("style.polynomial_mmd", a, b), wanted, why, rtol=1e-9, atol=1e-9)

    def test_of_one_sample_twice_is_zero(self, ask, rng):
        a = rng.normal(6, 4).double()
        found = ask("style.polynomial_mmd", a, a[rng.uniform(6).argsort()])
        expect(found, 0.0, "A sample and the same in another order: 0. Pairs of a vector with itself count, too.", **EXACT)

    def test_does_not_see_a_sign(self, ask, rng):
        a = rng.normal(5, 3).double() + 1
        expect(ask("style.polynomial_mmd", a, -a), 0.0, "k(x, -y) = k(x, y): a and -a look the same to this kernel.", **EXACT)

    def test_sees_no_difference_if_a_sample_is_there_twice(self, ask, rng):
        a, b = rng.normal(4, 3).double(), rng.normal(3, 3).double()
        once = expect_tensor(ask("style.polynomial_mmd", a, b), ())
        twice = ask("style.polynomial_mmd", torch.cat([a, a]), b)
        expect(twice, once, "Every vector of a twice: the same means, and so the same discrepancy.", **EXACT)

    def test_grows_with_the_fourth_power(self, ask, rng):
        a, b = rng.normal(4, 3).double(), rng.normal(5, 3).double()
        once = expect_tensor(ask("style.polynomial_mmd", a, b), ())
        expect(ask("style.polynomial_mmd", 3 * a, 3 * b), 81 * once, "All vectors three times as long: 3^4 times as much.")

    def test_is_the_distance_of_gram_matrices(self, ask, rng):
        first, second = rng.normal(1, 4, 3, 5).double(), rng.normal(1, 4, 2, 6).double()
        samples = [each[0].flatten(1).T.contiguous() for each in (first, second)]
        wanted = 16 * (gram(first) - gram(second)).square().sum()
        why = "The pixels of two pictures of C = 4 channels as samples: C^2 times the squared distance of their Gram matrices."
        expect(ask("style.polynomial_mmd", *samples), wanted, why, rtol=1e-9)

    def test_lets_the_gradient_through(self, ask, rng):
        a, b = rng.normal(4, 3).double(), rng.normal(2, 3).double()
        by_a, by_b = parts(ask(probe.slopes_of_mmd, a, b), 2)
        inputs = a.clone().requires_grad_(), b.clone().requires_grad_()
        wanted = torch.autograd.grad(discrepancy(*inputs), inputs)
        expect(by_a, wanted[0], "The derivative with respect to a.", name="by a", **EXACT)
        expect(by_b, wanted[1], "The derivative with respect to b.", name="by b", **EXACT)

    def test_keeps_float64(self, ask, rng):
        expect_dtype(ask("style.polynomial_mmd", rng.normal(3, 2).double(), rng.normal(3, 2).double()), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.polynomial_mmd", rng.normal(4, 3), rng.normal(5, 3))


def parts(value: object, count: int) -> list:
    """The parts of a tuple or list of so many, or raise WrongAnswer."""
    if not isinstance(value, (tuple, list)) or len(value) != count:
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted {count} values.")
    return list(value)


def distance_of_style(features: list[Tensor], targets: list[Tensor], weights: list[float]) -> Tensor:
    """The style loss in float64: squared entries of G - T, added up for each picture, and the mean over the pictures."""
    total = torch.zeros((), dtype=torch.float64)
    for layer, given in enumerate(features):
        difference = gram(given) - targets[layer].double()
        total = total + weights[layer] * torch.einsum("nij,nij->", difference, difference) / len(given)
    return total


def layers_of(rng, n: int) -> tuple[list[Tensor], list[Tensor], list[float]]:
    """Features of three layers for n pictures, targets and weights."""
    features = [rng.normal(n, *shape).double() for shape in ((3, 4, 5), (5, 2, 3), (1, 6, 2))]
    targets = [gram(rng.normal(1, feature.shape[1], 4, 4))[0] for feature in features]
    return features, targets, [0.5, 2.0, 3.0]


@exercise("10.3", points=3, needs=["10.1"])
class TestContentAndStyleLoss:
    """Content loss and style loss."""

    def test_content_of_four_pixels(self, ask):
        features, target = tensor([[[[1.0, 2.0, 0.0, 3.0]]]]), tensor([[[[0.0, 2.0, 2.0, 4.0]]]])
        expect(ask("style.content_loss", features, target), 1.5, "Differences 1, 0, -2, -1: the mean of their squares, 6 / 4.")

    @pytest.mark.parametrize("shape", [(1, 3, 4, 5), (4, 2, 3, 3), (2, 6, 1, 1), (1, 1, 1, 1)])
    def test_content_is_a_mean_over_everything(self, ask, rng, shape):
        features, target = rng.normal(*shape).double(), 2 * rng.normal(*shape).double()
        total = sum((a - b) ** 2 for a, b in zip(features.flatten().tolist(), target.flatten().tolist(), strict=True))
        why = f"Features of shape {shape}: squared differences, divided by all {features.numel()} of them."
        expect(ask("style.content_loss", features, target), total / features.numel(), why, rtol=1e-9)

    def test_content_knows_where_a_pixel_lies(self, ask, rng):
        features = rng.normal(1, 3, 4, 4).double()
        found = ask("style.content_loss", features, features.flip(3))
        why = "A picture and its mirror image: the same pixels in other places are another content."
        expect(found, (features - features.flip(3)).square().mean(), why, rtol=1e-9)

    def test_content_pulls_towards_the_target(self, ask, rng):
        features, target = rng.normal(2, 3, 2, 4).double(), rng.normal(2, 3, 2, 4).double()
        found = ask(probe.slope_of_content, features, target)
        expect(
            found,
            (features - target) / 24,
            "48 numbers: the derivative with respect to each is 2 (features - target) / 48.",
            **EXACT,
        )

    def test_style_of_one_number(self, ask):
        features, target = [tensor([[[[1.0, 3.0]]]])], [tensor([[2.0]])]
        why = "G = (1 + 9) / 2 = 5, T = 2, weight 0.5: 0.5 (5 - 2)^2."
        expect(ask("style.style_loss", features, target, [0.5]), 4.5, why)

    @pytest.mark.parametrize("n", [1, 4])
    def test_style_of_three_layers(self, ask, rng, n):
        features, targets, weights = layers_of(rng, n)
        count = "1 picture" if n == 1 else f"{n} pictures"
        why = f"Three layers, {count}: squared entries of G - T, added up with the weights; the mean over the pictures."
        expect(ask("style.style_loss", features, targets, weights), distance_of_style(features, targets, weights), why, rtol=1e-9)

    @pytest.mark.parametrize("layer", [0, 1, 2])
    def test_style_of_one_layer_alone(self, ask, rng, layer):
        features, targets, _ = layers_of(rng, 2)
        weights = [0.0, 0.0, 0.0]
        weights[layer] = 4.0
        wanted = 4 * distance_of_style(features[layer : layer + 1], targets[layer : layer + 1], [1.0])
        why = f"The weights are {weights}: layer {layer} alone counts, four times."
        expect(ask("style.style_loss", features, targets, weights), wanted, why, rtol=1e-9)

    def test_style_of_pictures_is_the_mean_of_theirs(self, ask, rng):
        features, targets, weights = layers_of(rng, 3)
        alone = [ask("style.style_loss", [each[k : k + 1] for each in features], targets, weights) for k in range(3)]
        wanted = torch.stack([expect_tensor(each, ()) for each in alone]).mean()
        why = "Three pictures together cost the mean of what each costs alone: each has Gram matrices of its own."
        expect(ask("style.style_loss", features, targets, weights), wanted, why, rtol=1e-9)

    def test_style_is_zero_wherever_the_pixels_lie(self, ask, rng):
        features, _, weights = layers_of(rng, 1)
        targets = [gram(each)[0] for each in features]
        moved = [each.flip(2).roll(1, dims=3) for each in features]
        why = "The targets are its own Gram matrices, and the pixels have only changed places: 0."
        expect(ask("style.style_loss", moved, targets, weights), 0.0, why, **EXACT)

    def test_style_lets_the_gradient_through_to_every_layer(self, ask, rng):
        features, targets, weights = layers_of(rng, 2)
        found = parts(ask(probe.slopes_of_style, features, targets, weights), 3)
        inputs = [each.clone().requires_grad_() for each in features]
        wanted = torch.autograd.grad(distance_of_style(inputs, targets, weights), inputs)
        for layer, (given, right) in enumerate(zip(found, wanted, strict=True)):
            expect(given, right, f"The derivative with respect to the features of layer {layer}.", name=f"layer {layer}", **EXACT)

    def test_both_keep_float64(self, ask, rng):
        features, targets, weights = layers_of(rng, 2)
        expect_dtype(ask("style.content_loss", features[0], features[0] + 1), torch.float64, "the content loss")
        expect_dtype(ask("style.style_loss", features, targets, weights), torch.float64, "the style loss")

    def test_both_leave_their_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.content_loss", rng.normal(2, 3, 4, 4), rng.normal(2, 3, 4, 4))
        features, targets, weights = layers_of(rng, 2)
        after = parts(ask(probe.after_style_loss, features, targets, weights), 6)
        expect_as_before([*features, *targets], after)


def variation(x: Tensor) -> float:
    """The total variation, neighbor by neighbor."""
    total = 0.0
    for plane in x.double().flatten(0, 1).tolist():
        for row in plane:
            total += sum(abs(left - right) for left, right in zip(row, row[1:], strict=False))
        for above, below in zip(plane, plane[1:], strict=False):
            total += sum(abs(a - b) for a, b in zip(above, below, strict=True))
    return total / x.numel()


@exercise("10.4", points=2)
class TestTotalVariation:
    """Total variation."""

    def test_of_four_pixels(self, ask):
        found = ask("style.total_variation", tensor([[[[0.0, 1.0], [3.0, 3.0]]]]))
        expect(found, 1.5, "Rows (0, 1) and (3, 3): down |3| + |2|, across |1| + |0|, together 6, over 4 pixels.")

    def test_of_a_constant_picture(self, ask):
        expect(ask("style.total_variation", torch.full((2, 3, 4, 5), 0.7)), 0.0, "Nothing changes in a picture of one color.")

    def test_of_a_checkerboard(self, ask):
        board = ((torch.arange(4)[:, None] + torch.arange(6)) % 2).float().expand(1, 3, 4, 6).contiguous()
        why = "4 x 6 fields: 3 x 6 neighbors down and 4 x 5 across, each pair differs by 1; over 24."
        expect(ask("style.total_variation", board), 38 / 24, why)

    def test_of_an_edge_is_its_height(self, ask):
        ramp, edge = torch.linspace(0, 1, 6), tensor([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
        for name, row in (("a ramp from 0 to 1", ramp), ("an edge from 0 to 1", edge)):
            found = ask("style.total_variation", row.expand(1, 1, 4, 6).contiguous())
            why = f"Four rows, each {name} in six pixels: each adds 1, whatever the way; over 24. Squares would tell them apart."
            expect(found, 4 / 24, why)

    @pytest.mark.parametrize("shape", [(1, 3, 4, 4), (2, 3, 5, 2), (3, 1, 2, 6), (1, 2, 1, 5), (1, 2, 5, 1), (2, 5, 3, 3)])
    def test_of_random_pictures(self, ask, rng, shape):
        x = rng.normal(*shape).double()
        why = f"Shape {shape}: the absolute differences of neighbors across and down, added up, over all {x.numel()} numbers."
        expect(ask("style.total_variation", x), variation(x), why, rtol=1e-9)

    def test_of_one_pixel(self, ask):
        expect(ask("style.total_variation", tensor([[[[0.3]]]])), 0.0, "A pixel alone has no neighbors: 0, and no 0 / 0.")

    def test_does_not_wrap_around(self, ask):
        x = torch.cat([zeros(1, 1, 3, 2), torch.ones(1, 1, 3, 3)], dim=3)
        why = "Three rows (0, 0, 1, 1, 1): one edge each, over 15. The first and the last pixel of a row are no neighbors."
        expect(ask("style.total_variation", x), 3 / 15, why)

    def test_lets_the_gradient_through(self, ask, rng):
        x = rng.normal(2, 2, 3, 4).double()
        down, across = torch.sign(x[:, :, 1:] - x[:, :, :-1]), torch.sign(x[:, :, :, 1:] - x[:, :, :, :-1])
        wanted = F.pad(down, (0, 0, 1, 0)) - F.pad(down, (0, 0, 0, 1)) + F.pad(across, (1, 0)) - F.pad(across, (0, 1))
        found = ask(probe.slope_of_variation, x)
        expect(found, wanted / x.numel(), "Each pair of neighbors pulls its two pixels together, with 1 / (N C H W).", **EXACT)

    def test_gradient_of_one_color_is_finite(self, ask):
        slope = expect_tensor(ask(probe.slope_of_variation, torch.full((1, 2, 3, 4), 0.7).double()), (1, 2, 3, 4), "the gradient")
        why = (
            "Neighbors that are equal: |a - b| has a corner there, and each of four may pull with a slope between -1 and 1, / 24."
        )
        expect_below(slope.abs().max(), 4 / 24 + 1e-9, why)

    def test_keeps_float64(self, ask, rng):
        expect_dtype(ask("style.total_variation", rng.normal(1, 2, 3, 3).double()), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.total_variation", rng.normal(2, 3, 4, 4))


def pyramid(x: Tensor, filters: Tensor, levels: int) -> list[Tensor]:
    """The features in float64, written with patches: for each level its places times the filters, itself, and ones."""
    filters = filters.double() - filters.double().mean(dim=(2, 3), keepdim=True)
    filters = filters.flatten(1) / filters.flatten(1).square().sum(dim=1, keepdim=True).sqrt()
    kernel = round((filters.shape[1] / x.shape[1]) ** 0.5)
    found, x = [], x.double()
    while len(found) < levels:
        height, width = x.shape[2:]
        if found:
            x = x[:, :, : height // 2 * 2, : width // 2 * 2].unflatten(2, (-1, 2)).unflatten(4, (-1, 2)).mean(dim=(3, 5))
        n, (height, width) = len(x), x.shape[2:]
        rows, columns = (reflected(side, kernel // 2) for side in (height, width))
        patches = F.unfold(x[:, :, rows][:, :, :, columns], kernel)
        strong = torch.einsum("fk,nkp->nfp", filters, patches).reshape(n, -1, height, width).clamp(min=0)
        found.append(torch.cat([strong, x, torch.ones(n, 1, height, width, dtype=x.dtype)], dim=1))
    return found


def reflected(side: int, border: int) -> Tensor:
    """The pixels of a row with reflected borders: 2 1 0 1 2 3 2 1 for four pixels and a border of 2."""
    places = torch.arange(-border, side + border).abs()
    return torch.where(places < side, places, 2 * (side - 1) - places)


def drawn(seed: int, *shape: int) -> Tensor:
    """What one call of torch.randn gives from this seed."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@exercise("10.5", points=4)
class TestRandomFilterFeatures:
    """Features of random filters."""

    def levels(self, ask, x: Tensor, seed: int, count: int, **options: int) -> list:
        found = ask("style.random_filter_features", x, generator=Seeded(seed), levels=count, **options)
        return parts(found, count)

    def expect_levels(self, found: list, wanted: list[Tensor], why: str) -> None:
        for level, (given, right) in enumerate(zip(found, wanted, strict=True)):
            expect(given, right, f"Level {level}. {why}", name="the level", atol=2e-5)

    @pytest.mark.parametrize(
        ("shape", "kernel", "levels"),
        [
            ((1, 3, 8, 10), 3, 1),
            ((2, 1, 9, 6), 5, 1),
            ((2, 3, 12, 16), 3, 3),
            ((1, 2, 11, 14), 5, 2),
            ((1, 1, 6, 4), 7, 1),
            ((1, 3, 16, 24), 3, 4),
        ],
    )
    def test_every_level_as_stated(self, ask, rng, shape, kernel, levels):
        x, seed = rng.uniform(*shape), rng.seed()
        wanted = pyramid(x, drawn(seed, 5, shape[1], kernel, kernel), levels)
        found = self.levels(ask, x, seed, levels, n_filters=5, kernel=kernel)
        why = f"Pictures {shape}, 5 filters of {kernel} x {kernel}: ReLU of the convolution, then the level itself, then ones."
        self.expect_levels(found, wanted, why)

    def test_filters_have_mean_zero_and_norm_one(self, ask, rng):
        x, seed = zeros(3, 3, 15, 15), rng.seed()
        x[torch.arange(3), torch.arange(3), 7, 7] = 1.0  # one pixel of one color in each picture: the filters, mirrored
        up, down = (self.levels(ask, sign * x, seed, 1, n_filters=6, kernel=7)[0] for sign in (1, -1))
        up, down = (expect_tensor(each, (3, 10, 15, 15), "the level") for each in (up, down))
        filters = (up - down)[:, :6, 4:11, 4:11]
        why = "A picture of one bright pixel gives the filters back, one of a dark pixel what ReLU cuts off."
        expect(filters.mean(dim=(2, 3)), zeros(3, 6), f"{why} The mean of each channel of each filter:")
        norms = filters.square().sum(dim=(0, 2, 3)).sqrt()
        expect(norms, torch.ones(6), f"{why} The norm of each filter, over all its channels:")

    def test_nothing_is_found_in_one_color(self, ask, rng):
        x = tensor([0.9, 0.2, 0.6])[None, :, None, None].expand(1, 3, 12, 8).contiguous()
        for level, found in enumerate(self.levels(ask, x, rng.seed(), 2, n_filters=4, kernel=5)):
            found = expect_tensor(found, (1, 8, 12 // 2**level, 8 // 2**level), "the level")
            why = (
                f"Level {level}: each channel of a filter has mean 0, and a reflected border is of the same color: 0 everywhere."
            )
            expect(found[:, :4], torch.zeros_like(found[:, :4]), why, atol=1e-5)

    def test_levels_end_with_the_picture_and_ones(self, ask, rng):
        x = rng.normal(2, 3, 9, 14)
        found = self.levels(ask, x, rng.seed(), 2, n_filters=4, kernel=3)
        small = F.interpolate(x[:, :, :8], size=(4, 7), mode="area")
        for level, (given, picture) in enumerate(zip(found, (x, small), strict=True)):
            given = expect_tensor(given, (2, 8, *picture.shape[2:]), "the level")
            expect(given[:, 4:7], picture, f"Level {level}: the channels behind the filters are the picture of this size.")
            expect(given[:, 7], torch.ones_like(given[:, 7]), f"Level {level}: the last channel is 1 everywhere.", atol=0)
            expect_that((given[:, :4] >= 0).all(), f"Level {level}: what the filters find goes through a ReLU.")

    def test_without_options(self, ask, rng):
        found = parts(ask("style.random_filter_features", rng.uniform(1, 3, 32, 40), generator=rng.seeded()), 4)
        for level, given in enumerate(found):
            expect_tensor(
                given, (1, 68, 32 // 2**level, 40 // 2**level), f"level {level} of 64 filters of 7 x 7, 3 colors and ones"
            )

    def test_of_a_picture_are_the_same_among_others(self, ask, rng):
        x, seed = rng.uniform(3, 3, 8, 8), rng.seed()
        together = self.levels(ask, x, seed, 2, n_filters=4, kernel=3)
        alone = self.levels(ask, x[1:2], seed, 2, n_filters=4, kernel=3)
        wanted = [expect_tensor(each)[1:2] for each in together]
        self.expect_levels(alone, wanted, "The second of three pictures, alone, with the same filters.")

    def test_comes_from_the_generator_alone(self, ask, rng):
        found = ask(probe.features_of_chance, rng.uniform(1, 1, 6, 6), rng.seed())
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the answers are {kind_of(found)}.")
        first, second, again = (expect_tensor(each, (1, 4, 6, 6), "the level") for each in found["drawn"])
        expect(again, first, "The same state of the generator gives the same filters.", name="the level")
        expect_that(not torch.equal(first, second), "Two calls in a row from one generator gave the same filters: a fixed seed.")
        expect_that(found["moved"] is False, "torch's global generator was used, though another one was given.")
        one, two = (expect_tensor(each, (1, 4, 6, 6), "the level") for each in found["global"])
        expect_that(not torch.equal(one, two), "Without a generator the filters are drawn by torch's global one, anew each time.")

    def test_lets_the_gradient_through(self, ask, rng):
        x, seed, upstream = rng.normal(1, 2, 6, 8), rng.seed(), [rng.normal(1, 6, 6, 8), rng.normal(1, 6, 3, 4)]
        mine = x.double().requires_grad_()
        levels = pyramid(mine, drawn(seed, 3, 2, 3, 3), 2)
        total = sum((each * weight).sum() for each, weight in zip(levels, upstream, strict=True))
        (wanted,) = torch.autograd.grad(total, mine)
        expect(
            ask(probe.slope_of_features, x, seed, upstream), wanted, "By the pixels, through both levels.", rtol=1e-3, atol=1e-4
        )

    def test_keeps_float64(self, ask, rng):
        for each in self.levels(ask, rng.uniform(1, 3, 8, 8).double(), rng.seed(), 2, n_filters=2, kernel=3):
            expect_dtype(each, torch.float64, "a level")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.random_filter_features", rng.uniform(2, 3, 8, 8), 4, 3, 2)


def features_of(x: Tensor, filters: list[Tensor]) -> list[Tensor]:
    """The two layers of the small network that the probes extract features with, in float64."""
    first, second = (each.double() for each in filters)
    below = F.conv2d(x.double(), first, padding=1)
    return [below, torch.tanh(F.conv2d(F.avg_pool2d(below, 2), second, padding=1))]


def flicker(x: Tensor) -> Tensor:
    """The total variation, to be differentiated."""
    rows, columns = x[:, :, 1:] - x[:, :, :-1], x[..., 1:] - x[..., :-1]
    return (rows.abs().sum() + columns.abs().sum()) / x.numel()


def objective(x: Tensor, content: Tensor | None, style: Tensor | None, filters: list[Tensor], **options: float) -> Tensor:
    """What a picture costs, in float64."""
    layer, found = int(options.get("content_layer", 0)), features_of(x, filters)
    loss = options.get("tv_weight", 0.0) * flicker(x)
    if isinstance(content, Tensor):
        wanted = features_of(content, filters)[layer]
        loss = loss + options.get("content_weight", 1.0) * (found[layer] - wanted).square().sum() / wanted.square().sum()
    if isinstance(style, Tensor):
        for feature, target in zip(found, features_of(style, filters), strict=True):
            difference = gram(feature) - gram(target)
            relative = difference.square().sum(dim=(1, 2)).mean() / gram(target).square().sum()
            loss = loss + options.get("style_weight", 1.0) * relative / len(found)
    return torch.as_tensor(loss, dtype=torch.float64)


def descent(x: Tensor, slope_of: Callable[[Tensor], Tensor], n: int) -> list[Tensor]:
    """The first points of L-BFGS from x, by its formulas: with rate 1, no line search, and a first way of length 1 (L1).

    A step along which the slope does not rise is not remembered, as torch has it.
    """
    points, ways, changes, slope = [x], [], [], slope_of(x)
    for _ in range(n - 1):
        way, shares = -slope, []
        for s, y in zip(reversed(ways), reversed(changes), strict=True):
            shares.append((s * way).sum() / (s * y).sum())
            way = way - shares[-1] * y
        if ways:
            way = way * (ways[-1] * changes[-1]).sum() / changes[-1].square().sum()
        for s, y in zip(ways, changes, strict=True):
            way = way + (shares.pop() - (y * way).sum() / (s * y).sum()) * s
        way = way if points[1:] else way * min(1.0, 1 / float(slope.abs().sum()))
        points.append(points[-1] + way)
        before, slope = slope, slope_of(points[-1])
        if (way * (slope - before)).sum() > 1e-10:
            ways.append(way)
            changes.append(slope - before)
    return points


class Pictures:
    """A content, a style, a start and the filters of a network: small, and none near 0 or 1."""

    def __init__(self, rng, sides: tuple[int, int] = (6, 8)) -> None:
        self.content, self.style = (
            rng.uniform(1, 3, *sides, low=0.4, high=0.6).double(),
            rng.uniform(1, 3, 8, 6, low=0.2, high=0.8).double(),
        )
        self.start = rng.uniform(1, 3, *sides, low=0.4, high=0.6).double()
        self.filters = [rng.normal(4, 3, 3, 3).double() / 3, rng.normal(5, 4, 3, 3).double() / 3]

    def ask(self, ask, n_steps: int, content=True, style=True, start=True, told=True, **options) -> dict:
        content, style, start = (
            getattr(self, name) if wanted else None for name, wanted in (("content", content), ("style", style), ("start", start))
        )
        found = ask(probe.stylized, content, style, self.filters, start, told, options | {"n_steps": n_steps})
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the answers are {kind_of(found)}.")
        return found

    def cost(self, x: object, content=True, style=True, **options) -> float:
        x = expect_tensor(x, name="the picture")
        return float(objective(x, self.content if content else None, self.style if style else None, self.filters, **options))


@exercise("10.6", points=5, needs=["10.1", "10.3", "10.4"])
class TestStylize:
    """Content and style together, by L-BFGS on pixels."""

    def loss(self, ask, *arguments, **options) -> Tensor:
        return expect_tensor(ask("style.perceptual_loss", *arguments, **options), (), "the loss")

    def test_either_loss_is_one_for_features_of_zero(self, ask, rng):
        features, targets, _ = layers_of(rng, 2)
        nothing, weights = (
            [torch.zeros_like(each) for each in features],
            [1 / (3 * float(each.square().sum())) for each in targets],
        )
        content = 5 * features[0]
        found = self.loss(ask, nothing, content, targets, weights, 2.0, 0.5)
        expect(found, 2.5, "Features of 0 everywhere: content 1, times 2, and style 1, times 0.5.", rtol=1e-6)
        found = self.loss(ask, nothing, content, [], [], 3.0)
        expect(found, 3.0, "The same without a style: content 1, times 3.", rtol=1e-6)
        found = self.loss(ask, nothing, None, targets, weights, 1.0, 7.0)
        expect(found, 7.0, "The same without a content: style 1, times 7.", rtol=1e-6)

    @pytest.mark.parametrize("layer", [0, 1, 2])
    def test_content_of_one_layer_and_style_of_all(self, ask, rng, layer):
        features, targets, weights = layers_of(rng, 3)
        content = 2 * rng.normal(*features[layer].shape).double()
        wanted = 0.7 * (features[layer] - content).square().sum() / content.square().sum()
        wanted = wanted + 0.2 * distance_of_style(features, targets, weights)
        why = (
            f"Three pictures, content_layer {layer}: 0.7 times the content loss of that layer over the mean square of the "
            "content, plus 0.2 times the style loss of all layers."
        )
        expect(self.loss(ask, features, content, targets, weights, 0.7, 0.2, layer), wanted, why, rtol=1e-8)

    def test_loss_without_options(self, ask, rng):
        features, targets, weights = layers_of(rng, 1)
        content = rng.normal(*features[0].shape).double()
        wanted = (features[0] - content).square().sum() / content.square().sum() + distance_of_style(features, targets, weights)
        expect(
            self.loss(ask, features, content, targets, weights), wanted, "Both weights are 1, the content is layer 0.", rtol=1e-8
        )

    def test_loss_leaves_its_inputs_alone(self, ask, rng):
        features, targets, weights = layers_of(rng, 2)
        arguments = [features, features[0] + 1, targets, weights]
        after = parts(ask(probe.after_perceptual_loss, *arguments), 7)
        expect_as_before([*features, features[0] + 1, *targets], after)

    @pytest.mark.parametrize(
        ("parties", "options"),
        [
            ({}, {}),
            ({}, {"content_weight": 0.3, "style_weight": 2.0, "tv_weight": 0.1}),
            ({}, {"content_weight": 3.0, "content_layer": 1}),
            ({"style": False}, {"content_weight": 2.0}),
            ({"content": False}, {"style_weight": 4.0, "tv_weight": 1.0}),
        ],
        ids=["both", "weights", "second layer", "content alone", "style alone"],
    )
    def test_first_loss_is_that_of_the_start(self, ask, rng, parties, options):
        pictures = Pictures(rng)
        found = pictures.ask(ask, 2, **parties, **options)
        wanted = pictures.cost(pictures.start, **parties, **options)
        losses = expect_tensor(found["losses"], (2,), "the losses")
        why = (
            f"Options {options}: after_step's first loss is that of the start, before anything has moved: the loss itself, not "
            "multiplied by the number of values as the slopes are."
        )
        expect(losses[0], wanted, why, rtol=1e-6)

    def test_starts_from_the_content(self, ask, rng):
        pictures = Pictures(rng)
        losses = expect_tensor(pictures.ask(ask, 2, start=False)["losses"], (2,), "the losses")
        wanted = pictures.cost(pictures.content)
        expect(losses[0], wanted, "Without a start it begins with the content: at first the style alone costs.", rtol=1e-6)

    def test_first_iteration_goes_against_the_gradient(self, ask, rng):
        pictures = Pictures(rng)
        x = pictures.start.clone().requires_grad_()
        (slope,) = torch.autograd.grad(objective(x, pictures.content, pictures.style, pictures.filters), x)
        way = expect_tensor(pictures.ask(ask, 1, told=False)["picture"], (1, 3, 6, 8), "the picture") - pictures.start
        expect_above(way.abs().max(), 1e-6, "How far the picture has gone after n_steps = 1:")
        apart = (way / way.norm() + slope / slope.norm()).norm()
        why = (
            "n_steps = 1: one iteration (one call of step, with max_iter=1) of L-BFGS knows no curvature yet, and goes straight "
            "against the gradient. The distance between the direction of the way it went and that of minus the gradient, both of "
            "length 1:"
        )
        expect_below(apart, 1e-4, why)

    @pytest.mark.parametrize(
        ("sides", "scale", "weight", "tv_weight", "content", "n"),
        [
            ((24, 20), 1.0, 1e-4, 0.0, True, 6),
            ((6, 8), 1e-4, 1.0, 0.0, True, 12),
            ((6, 8), 1.0, 1.0, 0.0, False, 6),
            ((6, 8), 1.0, 1.0, 10.0, True, 6),
        ],
        ids=["small weights", "small features", "beyond 0 and 1", "a loss that rises"],
    )
    def test_losses_are_those_of_lbfgs(self, ask, rng, sides, scale, weight, tv_weight, content, n):
        pictures = Pictures(rng, sides)
        weights = {"content_weight": weight, "style_weight": weight, "tv_weight": tv_weight}
        pictures.filters[0] *= scale
        if not content:
            pictures.start, pictures.style = (pictures.start > 0.5).double(), (pictures.style > 0.5).double()

        def cost(x: Tensor) -> Tensor:
            return objective(x, pictures.content if content else None, pictures.style, pictures.filters, **weights)

        def slope(x: Tensor) -> Tensor:
            x = x.clone().requires_grad_()
            return torch.autograd.grad(x.numel() * cost(x), x)[0]

        points = descent(pictures.start, slope, n)
        losses = expect_tensor(pictures.ask(ask, n, content=content, **weights)["losses"], (n,), "the losses")
        why = (
            f"The losses before {n} iterations of L-BFGS with rate 1 and no line search, given the slopes of the loss times the "
            "number of values in the picture, one a call of step (max_iter=1). Pixels may go beyond 0 and 1 on their way: only "
            "what is shown is clamped."
        )
        expect(losses, torch.stack([cost(x) for x in points]), why, rtol=1e-5, atol=0, name="the losses")

    def test_of_black_and_white(self, ask, rng):
        pictures = Pictures(rng)
        pictures.content = (pictures.content > 0.5).double()
        found = pictures.ask(ask, 3, start=False)
        losses = expect_tensor(found["losses"], (3,), "the losses")
        why = "A content whose pixels are 0 or 1, from which it starts: the first loss is that of the content."
        expect(losses[0], pictures.cost(pictures.content), why, rtol=1e-6)
        expect_tensor(found["picture"], (1, 3, 6, 8), "the picture")

    def test_loss_falls(self, ask, rng):
        pictures = Pictures(rng)
        found = pictures.ask(ask, 20, content_weight=0.05)
        before, after = (pictures.cost(x, content_weight=0.05) for x in (pictures.start, found["picture"]))
        expect_below(after / before, 0.8, "The loss of the picture after 20 iterations, over that of the start:")
        losses = expect_tensor(found["losses"], (20,), "the losses")
        expect_below(losses[-1] / losses[0], 0.8, "The loss that after_step is told last, over the first:")

    def test_each_step_is_told(self, ask, rng):
        pictures = Pictures(rng)
        found = pictures.ask(ask, 6)
        why = "after_step is told the loss as a plain number (float(loss), loss.item()): a tensor keeps the graph of its step."
        expect_that(found["plain"] is True, why)
        expect(found["numbers"], [1.0, 2, 3, 4, 5, 6], "after_step is called after each of 6 iterations, with 1, 2, ... 6.")
        losses, told = expect_tensor(found["losses"], (6,)), expect_tensor(found["told"], (6, 3, 6, 8), "the pictures told")
        for step in range(1, 6):
            why = f"The loss told with step {step + 1} is that before it: of the picture after step {step}."
            if told[step - 1].min() > 0 and told[step - 1].max() < 1:  # no pixel was clamped
                expect(losses[step], pictures.cost(told[step - 1 : step]), why, rtol=1e-5)
        expect(found["picture"], told[-1:], "What is returned is the picture after the last step.", rtol=0, atol=1e-12)
        expect_that((told[0] - told[1]).abs().max() > 0, "after_step is told the same picture after steps 1 and 2.")

    def test_goes_as_far_as_it_is_told(self, ask, rng):
        pictures = Pictures(rng)
        short, long = (pictures.ask(ask, n, told=False) for n in (1, 12))
        few, many = (pictures.cost(each["picture"]) for each in (short, long))
        expect_below(many / few, 0.9, "The loss after 12 iterations over that after one, without an after_step:")

    def test_content_alone_comes_back(self, ask, rng):
        pictures = Pictures(rng)
        found = pictures.ask(ask, 60, style=False)
        picture = expect_tensor(found["picture"], (1, 3, 6, 8), "the picture")
        near, far = ((x - pictures.content).square().sum() for x in (picture, pictures.start))
        why = "Content alone, from noise: 60 iterations of L-BFGS find the picture whose features these are."
        expect_below(near / far, 0.02, f"{why} Its squared distance from the content, over that of the noise:")

    def test_style_alone_makes_a_texture(self, ask, rng):
        pictures = Pictures(rng)
        found = pictures.ask(ask, 40, content=False)
        before, after = (pictures.cost(each, content=False) for each in (pictures.start, found["picture"]))
        expect_below(after / before, 0.6, "Style alone, from noise, 40 iterations: the loss over that of the noise.")

    def test_gives_a_picture(self, ask, rng):
        pictures = Pictures(rng)
        pictures.style = (pictures.style > 0.5).double()
        found = pictures.ask(ask, 12, content=False)
        picture = expect_tensor(found["picture"], (1, 3, 6, 8), "the picture")
        told = expect_tensor(found["told"], (12, 3, 6, 8), "the pictures told")
        why = "A style of black and white pulls pixels below 0 and beyond 1."
        expect_that(picture.min() >= 0 and picture.max() <= 1, f"{why} The picture is to be in [0, 1]: clamp it.")
        expect_that(told.min() >= 0 and told.max() <= 1, f"{why} after_step is to be told pictures in [0, 1], too.")
        returned, listened = found["attached"]
        expect_that(returned is False, "The picture that is returned still needs a gradient: detach it.")
        expect_that(listened is False, "The picture that after_step is told still needs a gradient: detach it.")

    def test_weights_say_what_counts(self, ask, rng):
        pictures = Pictures(rng)
        near, far = (pictures.ask(ask, 12, content_weight=weight)["picture"] for weight in (100.0, 0.001))
        first, second = (pictures.cost(each, style=False) for each in (near, far))
        expect_below(first / second, 0.5, "The content loss with a weight of 100 over that with a weight of 0.001:")
        near, far = (pictures.ask(ask, 12, style_weight=weight)["picture"] for weight in (100.0, 0.001))
        first, second = (pictures.cost(each, content=False) for each in (near, far))
        expect_below(first / second, 0.5, "The style loss with a weight of 100 over that with a weight of 0.001:")

    def test_weight_of_the_flicker_makes_it_smooth(self, ask, rng):
        pictures = Pictures(rng)
        rough, smooth = (
            variation(expect_tensor(pictures.ask(ask, 20, tv_weight=weight)["picture"], (1, 3, 6, 8))) for weight in (0.0, 0.1)
        )
        expect_below(smooth / rough, 0.98, "The total variation with a weight of 0.1 over that with 0:")

    def test_of_a_network_whose_weights_could_learn(self, ask, rng):
        pictures = Pictures(rng)
        arguments = pictures.content, pictures.style, pictures.filters, pictures.start
        found = parts(ask(probe.stylized_by_parameters, *arguments), 3)
        wanted = pictures.ask(ask, 4)["picture"]
        why = "The network's weights need gradients, as they do in a network that has been loaded: the same picture."
        expect(found[0], expect_tensor(wanted, (1, 3, 6, 8)), why, rtol=1e-6, name="the picture")
        for given, before in zip(found[1:], pictures.filters, strict=True):
            expect(given, before, "The weights of the network were changed: only pixels are.", rtol=0, atol=0)

    def test_keeps_float64(self, ask, rng):
        features, targets, weights = layers_of(rng, 2)
        expect_dtype(ask("style.perceptual_loss", features, features[0] + 1, targets, weights), torch.float64, "the loss")
        found = Pictures(rng).ask(ask, 2)
        expect_dtype(found["picture"], torch.float64, "the picture")
        expect_dtype(found["told"], torch.float64, "the picture that after_step is told")

    def test_leaves_its_pictures_alone(self, ask, rng):
        pictures = Pictures(rng)
        for start in (True, False):
            after = parts(pictures.ask(ask, 4, start=start)["after"], 3)
            given = [pictures.content, pictures.style, pictures.start] if start else [pictures.content, pictures.style]
            expect_as_before(given, after[: len(given)])

    @pytest.mark.training
    def test_texture_of_a_photograph(self, ask):
        from ganlib import data

        flower = F.interpolate(data.photograph("flower")[None], size=(64, 96), mode="area")
        luck = torch.Generator().manual_seed(0)
        start, filters = torch.rand(1, 3, 48, 48, generator=luck), torch.randn(32, 3, 7, 7, generator=luck)
        found, first, last = parts(ask(probe.texture, flower, filters, start, TEXTURE_STEPS, timeout=120), 3)
        picture = expect_tensor(found, (1, 3, 48, 48), "the picture")
        expect_that(picture.min() >= 0 and picture.max() <= 1, "The picture is not in [0, 1].")

        def cost(x: Tensor) -> float:
            found, wanted = ([gram(each) for each in pyramid(y, filters, 2)] for y in (x, flower))
            return sum(float((a - b).square().sum() / b.square().sum()) for a, b in zip(found, wanted, strict=True)) / 2

        why = "The texture of a flower from noise of 48 x 48 pixels, 150 iterations:"
        expect_below(tensor(last) / first, 1e-3, f"{why} the style loss told last, over the first.")
        # Some pixels lie beyond 0 and 1 before they are clamped.
        expect_below(cost(picture) / cost(start), 5e-3, f"{why} the style loss of the picture, over that of the noise.")


TEXTURE_STEPS = 150


def layers_wanted(width: int, blocks: int, height: int, side: int) -> list[list[int]]:
    """Of each convolution: channels, height and width of what leaves it."""
    small = [2 * width, height // 2, side // 2]
    return [[width, height, side], *[small] * (1 + 2 * blocks), [width, height, side], [3, height, side]]


def normalized(x: Tensor) -> Tensor:
    """Each channel of each picture with mean 0 and variance 1."""
    centered = x - x.mean(dim=(2, 3), keepdim=True)
    return centered / (centered.square().mean(dim=(2, 3), keepdim=True) + 1e-5).sqrt()


class Network:
    """The convolutions of a network as its probe has recorded them."""

    def __init__(self, found: object) -> None:
        if not isinstance(found, dict) or not found.get("layers"):
            raise WrongAnswer("value", "No convolution leads from the picture that comes in to the one that goes out.")
        self.kinds = [str(layer["kind"]) for layer in found["layers"]]
        self.inputs, self.outputs = (
            [expect_tensor(layer[side], name=f"the {side} of a layer") for layer in found["layers"]]
            for side in ("input", "output")
        )
        self.kernels, self.picture = found["kernels"], expect_tensor(found["picture"], name="the picture")

    def expect_layers(self, wanted: list[list[int]], why: str) -> None:
        why, shapes = f"{why} {len(wanted)} convolutions", [list(each.shape[1:]) for each in self.outputs]
        expect_that(self.kinds == ["convolution"] * len(wanted), f"{why}, none transposed.\ngot {', '.join(self.kinds)}")
        expect_that(shapes == wanted, f"{why} of\n{wanted} (channels, height, width)\ngot {shapes}")

    def entered(self, k: int) -> Tensor:
        """What enters a convolution, without its border: 4 at both ends, else 1."""
        border, sides = 4 if k in (0, len(self.inputs) - 1) else 1, self.outputs[0 if k < 2 else k].shape[2:]
        given, wanted = list(self.inputs[k].shape[2:]), [side + 2 * border for side in sides]
        why = f"Convolution {k + 1}: what enters it is no picture with borders of kernel // 2 on each side."
        expect_that(given == wanted, f"{why}\ngot {given}, wanted {wanted}")
        return self.inputs[k][:, :, border:-border, border:-border]


class Painting:
    """A small network of two weights, batches for it, and what a right step makes of it."""

    def __init__(self, rng, n: int = 2, n_steps: int = 1, optimizer=("SGD", {"lr": 0.3}), **options: float) -> None:
        self.weights = [rng.normal(3, 3).double(), rng.normal(3).double()]
        self.batches = [rng.uniform(n, 3, 6, 8).double() for _ in range(n_steps)]
        self.filters = [rng.normal(4, 3, 3, 3).double() / 3, rng.normal(5, 4, 3, 3).double() / 3]
        self.targets = [gram(each)[0] for each in features_of(rng.uniform(1, 3, 8, 6), self.filters)]
        self.layer_weights = [1 / (2 * float(each.square().sum())) for each in self.targets]
        self.options, self.optimizer = options, optimizer

    def loss(self, made: Tensor, batch: Tensor) -> Tensor:
        layer, features = int(self.options.get("content_layer", 0)), features_of(made, self.filters)
        content = features_of(batch, self.filters)[layer]
        loss = self.options.get("content_weight", 1.0) * (features[layer] - content).square().sum() / content.square().sum()
        style = distance_of_style(features, self.targets, self.layer_weights)
        return loss + self.options.get("style_weight", 1.0) * style + self.options.get("tv_weight", 0.0) * flicker(made)

    def play(self, frozen: bool = False) -> list[tuple[Tensor, Tensor]]:
        """After each step: the weights, end to end, and the loss before it."""
        weights, found = [each.clone().requires_grad_() for each in self.weights], []
        kind, settings = self.optimizer
        descent = Descent(kind, **settings)
        for batch in self.batches:
            made = torch.sigmoid(torch.einsum("ij,njhw->nihw", weights[0], batch) + weights[1][:, None, None])
            loss = self.loss(made, batch)
            weights = descent(weights, loss)
            if frozen:
                weights[1] = self.weights[1].clone().requires_grad_()
            found.append((torch.cat([each.detach().flatten() for each in weights]), loss.detach()))
        return found

    def ask(self, ask, frozen: bool = False, **options) -> dict:
        goal, optimizer = (self.filters, self.targets, self.layer_weights), list(self.optimizer)
        found = ask(probe.steps, self.weights, self.batches, *goal, optimizer, self.options, frozen, **options)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the steps gave {kind_of(found)}.")
        return found

    def expect_weights(self, ask, why: str, frozen: bool = False) -> None:
        found = parts(self.ask(ask, frozen)["weights"], len(self.batches))
        for step, (given, (wanted, _)) in enumerate(zip(found, self.play(frozen), strict=True), start=1):
            expect(given, wanted, f"After step {step}. {why}", rtol=1e-7, atol=1e-8, name="the weights")


@exercise("10.7", points=5, needs=["10.1", "10.3", "10.4", "10.6"])
class TestFastStyle:
    """A network that puts pictures into a style."""

    def architecture(self, ask, rng, width=4, blocks=2, size=(12, 20)) -> "Network":
        return Network(ask(probe.architecture, width, blocks, rng.uniform(2, 3, *size), rng.seed()))

    def layers(self, ask, rng, width=4, blocks=2, size=(12, 20)) -> "Network":
        """A network of as many convolutions as there should be, of the wanted shapes."""
        found = self.architecture(ask, rng, width, blocks, size)
        found.expect_layers(layers_wanted(width, blocks, *size), f"Width {width}, {blocks} blocks, {size[0]} x {size[1]} pixels:")
        return found

    @pytest.mark.parametrize("shape", [(1, 3, 16, 16), (3, 3, 10, 24), (1, 3, 30, 12)])
    def test_pictures_to_pictures(self, ask, rng, shape):
        made = expect_tensor(ask(probe.painted, 4, 1, rng.uniform(*shape), rng.seed()), shape, "the batch of pictures")
        expect_that(made.min() > 0 and made.max() < 1, "The pictures are not in [0, 1], as a sigmoid leaves them.")

    @pytest.mark.parametrize(("width", "blocks", "size"), [(4, 2, (12, 20)), (6, 1, (16, 10)), (2, 4, (10, 10))])
    def test_layers_as_stated(self, ask, rng, width, blocks, size):
        self.layers(ask, rng, width, blocks, size)

    @pytest.mark.parametrize("blocks", [2, 6])
    def test_kernels_of_nine_at_both_ends(self, ask, rng, blocks):
        found = self.architecture(ask, rng, 4, blocks).kernels
        wanted = [[3, 4, 9, 9], [4, 3, 9, 9], [4, 8, 3, 3], [8, 4, 3, 3], *[[8, 8, 3, 3]] * 2 * blocks]
        why = f"{blocks} blocks. The weights of the convolutions, sorted, are of shapes"
        expect_that(found == wanted, f"{why}\n{wanted}\ngot {found}")

    def test_without_options(self, ask, rng):
        found = Network(ask(probe.architecture, None, None, rng.uniform(1, 3, 10, 12), rng.seed()))
        found.expect_layers(layers_wanted(16, 3, 10, 12), "16 channels and 3 blocks are the defaults:")

    def test_borders_are_reflected(self, ask, rng):
        found = self.layers(ask, rng)
        for k, border in enumerate([4, *[1] * 6, 4]):
            given, (rows, columns) = found.inputs[k], (reflected(side, border) + border for side in found.entered(k).shape[2:])
            why = f"Convolution {k + 1}: what enters it is no picture whose borders of kernel // 2 are reflected."
            expect(given, given[:, :, rows][:, :, :, columns], why, rtol=0, atol=1e-6, name="what enters it")

    def test_normalized_and_rectified_between_convolutions(self, ask, rng):
        found = self.layers(ask, rng)
        for a, b in ((0, 1), (1, 2), (2, 3), (4, 5), (6, 7)):
            why = f"Between convolutions {a + 1} and {b + 1}: instance normalization, then ReLU."
            wanted = normalized(found.outputs[a]).clamp(min=0)
            expect(found.entered(b), wanted, why, rtol=0, atol=1e-3, name="what enters the second")

    def test_blocks_add_to_what_comes_in(self, ask, rng):
        found = self.layers(ask, rng)
        why = "What enters the second block is what entered the first, plus what its two convolutions and a normalization made."
        wanted = found.entered(2) + normalized(found.outputs[3])
        expect(found.entered(4), wanted, why, rtol=0, atol=1e-3, name="what enters the second block")

    @pytest.mark.parametrize("blocks", [1, 2, 3])
    def test_last_block_is_what_is_enlarged(self, ask, rng, blocks):
        found, last = self.layers(ask, rng, 4, blocks), 2 * blocks
        why = (
            f"{blocks} blocks: what enters the convolution behind the upsampling is what entered the last block plus what that "
            "made, enlarged, with nothing in between (no ReLU, no normalization, no further short cut). The error:"
        )
        small, given = found.entered(last) + normalized(found.outputs[last + 1]), found.entered(last + 2)
        # No mode of upsampling is asked for.
        modes = ({"mode": "nearest"}, {"mode": "bilinear"}, {"mode": "bilinear", "align_corners": True}, {"mode": "bicubic"})
        expect_below(min((given - F.interpolate(small, scale_factor=2, **mode)).abs().max() for mode in modes), 1e-3, why)

    def test_ends_with_a_sigmoid(self, ask, rng):
        found = self.layers(ask, rng)
        why = "The picture is the sigmoid of the last convolution, with no normalization or ReLU between."
        expect(found.picture, torch.sigmoid(found.outputs[-1]), why, rtol=0, atol=1e-5, name="the picture")

    def test_contrast_of_the_picture_does_not_matter(self, ask, rng):
        x, seed = rng.uniform(1, 3, 16, 16), rng.seed()
        one, other = (ask(probe.painted, 8, 1, each, seed) for each in (x, 0.5 * x + 0.3))
        wanted = expect_tensor(one, x.shape, "the picture")
        why = "Instance normalization and reflected borders: half the contrast and more light give the same picture."
        expect(other, wanted, why, atol=0.02, rtol=0, name="the picture")

    def test_pictures_do_not_see_each_other(self, ask, rng):
        x = rng.uniform(3, 3, 12, 10)
        together, trained, alone = parts(ask(probe.painted_three_ways, x, rng.seed()), 3)
        wanted = expect_tensor(together, x.shape, "the batch")
        expect(trained, wanted, "The same in training mode as in evaluation mode: nothing is gathered over batches.", atol=1e-4)
        expect(alone, wanted, "The same one by one as in a batch of 3.", atol=1e-4)

    def test_gradients_reach_every_kernel(self, ask, rng):
        found = ask(probe.gradients_of_network, rng.uniform(2, 3, 12, 12), rng.seed())
        if not isinstance(found, dict) or len(found) != 8:
            raise WrongAnswer("value", f"8 convolutions have kernels that are trained; found were {kind_of(found)}.")
        dead = [str(name) for name, size in found.items() if not size > 0]
        expect_that(not dead, f"No gradient reaches {', '.join(dead)}.")

    def test_gradient_is_that_of_the_answer(self, ask, rng):
        found = ask(probe.slopes_along_kernels, rng.uniform(2, 3, 12, 12).double(), rng.seed())
        if not isinstance(found, dict) or not found:
            raise WrongAnswer("type", f"the slopes are {kind_of(found)}.")
        why = (
            "How fast the squared answers change along some direction of a kernel: by the gradient, and by trying. "
            "A gradient that is too small or too large was cut on one of its ways (detach, no_grad)."
        )
        for name, (by_gradient, by_trying) in found.items():
            expect(tensor(by_gradient), by_trying, f"{name}. {why}", rtol=1e-3, atol=1e-4, name="by the gradient")

    def test_takes_over_the_state_of_another(self, ask, rng):
        expect_restored(ask(probe.restored_network, rng.uniform(3, 3, 12, 12), rng.seed()))

    def test_leaves_the_picture_alone(self, ask, rng):
        x = rng.uniform(1, 3, 12, 12)
        expect_as_before([x], parts(ask(probe.after_painting, x, rng.seed()), 1))

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"content_weight": 0.4, "style_weight": 2.0},
            {"tv_weight": 1.5, "content_weight": 0.2},
            {"content_layer": 1, "content_weight": 3.0},
            {"content_weight": 1e4, "style_weight": 1e4},
        ],
        ids=["without options", "weights", "flicker", "second layer", "large gradients"],
    )
    def test_step_goes_down_the_loss(self, ask, rng, options):
        why = f"Options {options}: one step down the loss, whose content is the batch itself."
        Painting(rng, **options).expect_weights(ask, why)

    def test_steps_do_not_add_up(self, ask, rng):
        Painting(rng, n_steps=3).expect_weights(ask, "Each step has the gradient of its own loss alone, none of earlier ones.")

    @pytest.mark.parametrize("optimizer", [("SGD", {"lr": 0.3, "momentum": 0.9}), ("Adam", {"lr": 0.1})], ids=["SGD", "Adam"])
    def test_optimizer_takes_its_step(self, ask, rng, optimizer):
        why = f"The optimizer is {optimizer[0]} with a memory: its step() is called once, and nothing else moves the network."
        Painting(rng, n_steps=2, optimizer=optimizer).expect_weights(ask, why)

    @pytest.mark.parametrize("n", [1, 5])
    def test_step_of_any_number_of_pictures(self, ask, rng, n):
        Painting(rng, n=n, tv_weight=0.3).expect_weights(ask, f"{n} pictures: the loss is a mean over them.")

    def test_step_returns_the_loss_before_it(self, ask, rng):
        game = Painting(rng, n_steps=2, tv_weight=0.5)
        found = game.ask(ask)
        for step, (_, wanted) in enumerate(game.play()):
            result = found["returned"][step]
            if not isinstance(result, dict) or "loss" not in result:
                raise WrongAnswer("type", f'the step returned {kind_of(result)}; wanted {{"loss": ...}}.')
            expect(result["loss"], wanted, "The loss before the update, flicker and all.", rtol=1e-7, name="the loss")
        expect_that(found["attached"] is False, "The loss still holds its graph, and so the memory of the whole step: detach it.")

    def test_step_moves_the_network_alone(self, ask, rng):
        game = Painting(rng, n_steps=2)
        found = game.ask(ask)
        expect_as_before([game.batches[0], *game.filters], parts(found["after"], 3))
        expect_that(found["modes"] == [True], "The network came in training mode: use it and leave it as it came.")
        found = Painting(rng).ask(ask, evaluate=True)
        expect_that(found["modes"] == [False], "The network came in evaluation mode: use it and leave it as it came.")
        Painting(rng).expect_weights(ask, "A weight that does not learn (requires_grad is False) stays.", frozen=True)

    @pytest.mark.training
    def test_learns_to_paint(self, ask):
        from ganlib import data

        china, flower = (F.interpolate(data.photograph(name)[None], size=(64, 96), mode="area") for name in ("china", "flower"))
        squares = china.unfold(2, 32, 16).unfold(3, 32, 16).permute(0, 2, 3, 1, 4, 5).flatten(0, 2).contiguous()
        filters = torch.randn(16, 3, 5, 5, generator=torch.Generator().manual_seed(0))
        targets = [gram(each)[0] for each in pyramid(flower, filters, 2)]
        weights = [1 / (2 * float(each.square().sum())) for each in targets]
        found = ask(probe.train, squares, filters, [each.float() for each in targets], weights, PAINTER_STEPS, timeout=180)
        before, after = (expect_tensor(each, squares.shape, "the pictures") for each in parts(found, 2))
        expect_that(after.min() >= 0 and after.max() <= 1, "The pictures are not in [0, 1].")

        def cost(made: Tensor) -> tuple[float, float]:
            features, content = pyramid(made, filters, 2), pyramid(squares, filters, 2)[0]
            own = (features[0] - content).square().sum() / content.square().sum()
            return float(own), float(distance_of_style(features, targets, weights))

        (content_before, style_before), (content_after, style_after) = cost(before), cost(after)
        why = f"Pieces of a photograph in the colors of a flower, {PAINTER_STEPS} steps:"
        expect_below(style_after / style_before, 0.7, f"{why} the style loss, over that of the untrained network.")
        expect_below(content_after / content_before, 0.85, f"{why} the content loss, over that of the untrained network.")


PAINTER_STEPS = 80


@exercise("10.8", points=2, needs=["9.1"])
class TestAdaIN:
    """Adaptive instance normalization."""

    def wanted(self, content: Tensor, style: Tensor, eps: float = 1e-5) -> Tensor:
        """Picture by picture and channel by channel, in float64."""
        found = torch.empty_like(content, dtype=torch.float64)
        for n in range(content.shape[0]):
            for c in range(content.shape[1]):
                own, other = content[n, c].double(), style[n if len(style) > 1 else 0, c].double()
                spread, target = (((x - x.mean()) ** 2).mean() for x in (own, other))
                found[n, c] = ((target + eps) / (spread + eps)).sqrt() * (own - own.mean()) + other.mean()
        return found

    def test_of_two_pixels(self, ask):
        found = ask("style.adain", tensor([[[[0.0, 2.0]]]]), tensor([[[[10.0, 16.0]]]]))
        why = "Content mean 1, deviation 1; style mean 13, deviation 3: the pixels become 13 - 3 and 13 + 3."
        expect(found, [[[[10.0, 16.0]]]], why, atol=1e-3)

    @pytest.mark.parametrize(
        ("shape", "other"),
        [
            ((2, 3, 4, 5), (2, 3, 2, 3)),
            ((3, 2, 3, 3), (1, 2, 5, 2)),
            ((1, 4, 2, 2), (1, 4, 2, 2)),
            ((2, 1, 1, 2), (2, 1, 3, 1)),
            ((1, 2, 1, 1), (1, 2, 1, 1)),
            ((4, 4, 4, 4), (4, 4, 4, 4)),
        ],
    )
    def test_of_random_features(self, ask, rng, shape, other):
        content, style = 2 * rng.normal(*shape).double() + 1, 0.5 * rng.normal(*other).double() - 2
        why = (
            f"Content {shape}, style {other}: each channel of each picture, normalized, times the deviation of the style, plus "
            "its mean."
        )
        expect(ask("style.adain", content, style), self.wanted(content, style), why, rtol=1e-8, atol=1e-9)

    def test_has_the_means_and_deviations_of_the_style(self, ask, rng):
        content, style = rng.normal(2, 3, 6, 6) * 4, rng.normal(2, 3, 8, 5) + rng.normal(2, 3, 1, 1)
        found = expect_tensor(ask("style.adain", content, style), content.shape)
        expect(found.mean(dim=(2, 3)), style.double().mean(dim=(2, 3)), "The means of the style.", atol=1e-4, name="the means")
        wanted = style.double().std(dim=(2, 3), correction=0)
        expect(found.std(dim=(2, 3), correction=0), wanted, "The deviations of the style.", rtol=1e-3, name="the deviations")

    def test_of_its_own_style_is_the_content(self, ask, rng):
        content = 3 * rng.normal(2, 3, 4, 4) + 2
        expect(
            ask("style.adain", content, content.flip(2)),
            content,
            "The style has the same pixels in other places: no change.",
            atol=1e-4,
        )

    def test_of_constant_channels(self, ask):
        flat, wave = torch.full((1, 1, 2, 4), 3.0), tensor([[[[0.0, 2.0, 0.0, 2.0], [2.0, 0.0, 2.0, 0.0]]]])
        expect(
            ask("style.adain", flat, wave), torch.ones(1, 1, 2, 4), "A content without contrast: the mean of the style, no 0 / 0."
        )
        wanted = 3 + 1e-5**0.5 * (wave - 1)
        expect(
            ask("style.adain", wave, flat), wanted, "A style without contrast: its mean, and a deviation of sqrt(eps).", atol=2e-4
        )

    def test_eps_is_added_to_both_variances(self, ask, rng):
        content, style = rng.normal(1, 2, 3, 4).double(), 2 * rng.normal(1, 2, 4, 3).double()
        why = "eps = 1: both variances are larger by 1 before their roots are taken."
        expect(ask("style.adain", content, style, 1.0), self.wanted(content, style, 1.0), why, **EXACT)

    def test_stays_exact_far_from_0(self, ask, rng):
        content, style = 3000 + rng.normal(2, 2, 6, 6), 3000 + 2 * rng.normal(2, 2, 5, 4)
        why = (
            "Pixels around 3000 with deviations of 1 and 2, in float32: the mean of squares minus the squared mean is lost there."
        )
        expect(ask("style.adain", content, style), self.wanted(content, style), why, rtol=0, atol=0.05)

    def test_gradient_of_constant_channels_is_finite(self, ask, rng):
        content, style, upstream = rng.normal(1, 2, 3, 4), rng.normal(1, 2, 4, 2), rng.normal(1, 2, 3, 4)
        content[0, 0], style[0, 1] = 0.0, 2.0
        found = parts(ask(probe.slopes_of_adain, content.double(), style.double(), upstream.double()), 2)
        why = "One channel of the content is 0 everywhere, one of the style 2, as behind a ReLU. By every pixel there:"
        by_content = expect_tensor(found[0], content.shape, "the derivative by the content")
        by_style = expect_tensor(found[1], style.shape, "the derivative by the style")
        spread = (style[0, 0].double().var(correction=0) + 1e-5).sqrt() / 1e-5**0.5
        flat = upstream[0, 0].double()
        expect(by_content[0, 0], (flat - flat.mean()) * spread, f"{why} (g - mean of g) times the deviations' ratio.", rtol=1e-6)
        expect(by_style[0, 1], torch.full((4, 2), float(upstream[0, 1].sum()) / 8), f"{why} the mean of g, from the mean alone.")

    def test_lets_the_gradient_through_to_both(self, ask, rng):
        content, style, upstream = (
            rng.normal(2, 2, 3, 3).double(),
            rng.normal(2, 2, 2, 4).double(),
            rng.normal(2, 2, 3, 3).double(),
        )
        inputs = content.clone().requires_grad_(), style.clone().requires_grad_()
        spreads = [(x - x.mean(dim=(2, 3), keepdim=True)).square().mean(dim=(2, 3), keepdim=True) + 1e-5 for x in inputs]
        means = [x.mean(dim=(2, 3), keepdim=True) for x in inputs]
        result = (inputs[0] - means[0]) * (spreads[1] / spreads[0]).sqrt() + means[1]
        wanted = torch.autograd.grad((result * upstream).sum(), inputs)
        for name, given, right in zip(
            ("content", "style"), parts(ask(probe.slopes_of_adain, content, style, upstream), 2), wanted, strict=True
        ):
            expect(given, right, f"The derivative with respect to the {name}.", rtol=1e-7, atol=1e-9, name=f"by the {name}")

    def test_keeps_float64(self, ask, rng):
        expect_dtype(ask("style.adain", rng.normal(1, 2, 3, 3).double(), rng.normal(1, 2, 3, 3).double()), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.adain", rng.normal(2, 3, 4, 4), rng.normal(2, 3, 3, 3))
