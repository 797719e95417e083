"""Chapter 10: style transfer. Each class judges one exercise of ``ganlib/style.py``."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

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
    n, channels, height, width = features.shape
    pixels = features.double().permute(0, 2, 3, 1).reshape(n, height * width, channels)
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
        expect(by_a, wanted[0], "The derivative by a.", name="by a", **EXACT)
        expect(by_b, wanted[1], "The derivative by b.", name="by b", **EXACT)

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
    for feature, target, weight in zip(features, targets, weights, strict=True):
        difference = gram(feature) - target.double()
        total = total + weight * torch.einsum("nij,nij->", difference, difference) / len(feature)
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
        expect(found, (features - target) / 24, "48 numbers: the derivative by each is 2 (features - target) / 48.", **EXACT)

    def test_style_of_one_number(self, ask):
        features, target = [tensor([[[[1.0, 3.0]]]])], [tensor([[2.0]])]
        why = "G = (1 + 9) / 2 = 5, T = 2, weight 0.5: 0.5 (5 - 2)^2."
        expect(ask("style.style_loss", features, target, [0.5]), 4.5, why)

    @pytest.mark.parametrize("n", [1, 4])
    def test_style_of_three_layers(self, ask, rng, n):
        features, targets, weights = layers_of(rng, n)
        why = f"Three layers, {n} pictures: squared entries of G - T, added up with the weights; the mean over the pictures."
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
            expect(given, right, f"The derivative by the features of layer {layer}.", name=f"layer {layer}", **EXACT)

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
    for level in range(levels):
        n, channels, height, width = x.shape
        if level:
            x = x[:, :, : height // 2 * 2, : width // 2 * 2].unflatten(2, (-1, 2)).unflatten(4, (-1, 2)).mean(dim=(3, 5))
            n, channels, height, width = x.shape
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
        [((1, 3, 8, 10), 3, 1), ((2, 1, 9, 6), 5, 1), ((2, 3, 12, 16), 3, 3), ((1, 2, 11, 14), 5, 2), ((1, 1, 6, 4), 7, 1), ((1, 3, 16, 24), 3, 4)],
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
            why = f"Level {level}: each channel of a filter has mean 0, and a reflected border is of the same color: 0 everywhere."
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
            expect_tensor(given, (1, 68, 32 // 2**level, 40 // 2**level), f"level {level} of 64 filters of 7 x 7, 3 colors and ones")

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
        expect(ask(probe.slope_of_features, x, seed, upstream), wanted, "By the pixels, through both levels.", rtol=1e-3, atol=1e-4)

    def test_keeps_float64(self, ask, rng):
        for each in self.levels(ask, rng.uniform(1, 3, 8, 8).double(), rng.seed(), 2, n_filters=2, kernel=3):
            expect_dtype(each, torch.float64, "a level")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "style.random_filter_features", rng.uniform(2, 3, 8, 8), 4, 3, 2)
