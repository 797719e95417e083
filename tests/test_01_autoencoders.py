"""Chapter 1: autoencoders and denoising. Each class judges one exercise of ``ganlib/autoencoder.py``."""

from math import exp, log, pi, sqrt, tanh

import pytest
import torch
from torch.distributions import Bernoulli, Independent

from autograde.testing import (
    dimensions,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_dtype,
    expect_fields,
    expect_gradients,
    expect_no_copies,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    expect_width,
    probes,
    tensor,
    zeros,
)

probe = probes("autoencoder")


def expect_left_alone(ask, function: str, on: bool, *images: torch.Tensor) -> None:
    """Raise WrongAnswer if a call changes its images, the model's mode, or what records gradients."""
    state = "in training mode, its weights and torch recording gradients"
    if not on:
        state = "in evaluation mode, its weights and torch recording no gradients"
    switches, after = ask(probe.after_call, function, on, *images)
    expect_that(switches == [on, on, on], f"After the call the model is no longer as it was before: {state}.")
    expect_as_before(images, after)


def bernoulli_nll(logits: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Negative log-likelihood of each image, by the library's distribution, in float64."""
    pixels = Independent(Bernoulli(logits=logits.double(), validate_args=False), x.ndim - 1)
    return -pixels.log_prob(x.double())


def largest_correlation(rows: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """The largest mean product, in size, of a row of +1 and -1 with another row, not the one of the same number."""
    products = (rows @ others.T / rows.shape[1]).abs()
    return products.fill_diagonal_(0).max()


@exercise("1.1", points=3)
class TestLinearAutoencoder:
    """The best linear autoencoder."""

    def cloud(self, rng, n=60, d=6):
        """Points with different spreads along rotated axes, far from the origin, in float64."""
        spreads = tensor([5.0, 3.0, 2.0, 1.0, 0.5, 0.2])[:d]
        rotation = torch.linalg.qr(rng.normal(d, d)).Q
        return ((rng.normal(n, d) * spreads) @ rotation + 10 * rng.normal(1, d)).double()

    def ask_parts(self, ask, X, k):
        parts = ask("autoencoder.linear_autoencoder", X, k)
        encode, decode, bias = expect_fields(parts, "encode", "decode", "bias")
        d = X.shape[1]
        encode, decode = expect_tensor(encode, (k, d), "encode"), expect_tensor(decode, (d, k), "decode")
        return encode, decode, expect_tensor(bias, (d,), "bias")

    @pytest.mark.parametrize("k", [1, 3, 5])
    def test_error_equals_that_of_pca(self, ask, rng, k):
        X = self.cloud(rng)
        encode, decode, bias = self.ask_parts(ask, X, k)
        error = ((X - bias) @ encode.T @ decode.T + bias - X).square().sum()
        lost = torch.linalg.svdvals(X - X.mean(dim=0))[k:].square().sum()
        expect(error, lost, "The squared error is the sum of the squared singular values that were cut.", rtol=1e-8, atol=1e-8)

    def test_coding_twice_changes_nothing_more(self, ask, rng):
        encode, decode, _ = self.ask_parts(ask, self.cloud(rng), 3)
        projector = decode @ encode
        expect(
            projector @ projector,
            projector,
            "decode @ encode is a projector: applied twice it does what it does once.",
            atol=1e-8,
        )

    def test_reconstructs_the_mean(self, ask, rng):
        X = self.cloud(rng)
        encode, decode, bias = self.ask_parts(ask, X, 2)
        mean = X.mean(dim=0)
        expect(
            (mean - bias) @ encode.T @ decode.T + bias, mean, "The mean of the data is reconstructed without error.", atol=1e-6
        )

    def test_loses_nothing_with_a_full_code(self, ask, rng):
        X = self.cloud(rng, d=4)
        encode, decode, bias = self.ask_parts(ask, X, 4)
        expect((X - bias) @ encode.T @ decode.T + bias, X, "With k = d every point comes back.", atol=1e-6)

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "autoencoder.linear_autoencoder", self.cloud(rng), 2)

    def test_of_fewer_points_than_features(self, ask, rng):
        X = rng.normal(5, 12).double() + 3
        encode, decode, bias = self.ask_parts(ask, X, 5)
        expect(
            (X - bias) @ encode.T @ decode.T + bias, X, "Five points in twelve dimensions: a code of 5 loses nothing.", atol=1e-6
        )

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_keeps_the_dtype(self, ask, rng, dtype):
        parts = ask("autoencoder.linear_autoencoder", self.cloud(rng).to(dtype), 2)
        names = ("encode", "decode", "bias")
        for name, part in zip(names, expect_fields(parts, *names), strict=True):
            expect_dtype(part, dtype, name)

    def test_on_real_digits(self, ask, digits):
        X = digits.train_images.flatten(1)
        encode, decode, bias = self.ask_parts(ask, X, 2)
        error = ((X - bias) @ encode.T @ decode.T + bias - X).square().mean()
        expect_below(error, 0.0535, "Squared error per pixel of the digits with a code of two numbers.")


@exercise("1.2", points=3)
class TestReconstructionLoss:
    """Reconstruction error as a likelihood."""

    def test_of_undecided_logits(self, ask, rng):
        loss = ask("autoencoder.reconstruction_loss", zeros(5, 1, 4, 4), (rng.uniform(5, 1, 4, 4) > 0.5).float())
        expect(loss, 16 * log(2), "Logits 0 mean probability 1/2: log 2 nats for each of the 16 pixels.")

    def test_is_the_likelihood_of_bernoulli_pixels(self, ask, rng):
        logits, x = 2 * rng.normal(6, 3, 3, 5), (rng.uniform(6, 3, 3, 5) > 0.5).float()
        loss = ask("autoencoder.reconstruction_loss", logits, x, kind="bce")
        expect(loss, bernoulli_nll(logits, x).mean(), "Sum the pixels' negative log-likelihoods, average over the batch.")

    def test_takes_gray_pixels(self, ask, rng):
        logits, x = rng.normal(4, 1, 4, 4), rng.uniform(4, 1, 4, 4)
        loss = ask("autoencoder.reconstruction_loss", logits, x)
        expect(loss, bernoulli_nll(logits, x).mean(), "A gray value x counts as x times white and (1 - x) times black.")

    def test_averages_over_the_batch(self, ask, rng):
        logits, x = rng.normal(3, 1, 4, 4), rng.uniform(3, 1, 4, 4)
        for kind in ("bce", "mse"):
            once = expect_tensor(ask("autoencoder.reconstruction_loss", logits, x, kind=kind), ())
            twice = ask("autoencoder.reconstruction_loss", logits.repeat(2, 1, 1, 1), x.repeat(2, 1, 1, 1), kind=kind)
            expect(twice, once, f"The same images twice: the mean over the batch stays ({kind}).")

    def test_squared_error(self, ask):
        output, x = zeros(2, 1, 2, 2), tensor([[[[1.0, 0.0], [0.0, 1.0]]], [[[1.0, 1.0], [1.0, 1.0]]]])
        loss = ask("autoencoder.reconstruction_loss", output, x, kind="mse")
        expect(loss, 3.0, "Squared errors of 2 and 4 per image: 3 on average.")

    def test_squared_error_of_any_values(self, ask, rng):
        output, x = rng.normal(5, 3, 3, 4), rng.uniform(5, 3, 3, 4)
        wanted = (output.double() - x).square().sum(dim=(1, 2, 3)).mean()
        expect(ask("autoencoder.reconstruction_loss", output, x, kind="mse"), wanted, "The sum of (output - x) squared.")

    def test_takes_rows_as_well_as_images(self, ask, rng):
        logits, x = rng.normal(4, 7), rng.uniform(4, 7)
        expect(ask("autoencoder.reconstruction_loss", logits, x), bernoulli_nll(logits, x).mean(), "Shape (N, 7): 7 pixels.")

    def test_is_finite_for_certain_logits(self, ask):
        x = tensor([[[[1.0, 0.0], [1.0, 0.0]]]])
        for size in (200.0, 5000.0):
            logits = size * tensor([[[[1.0, 1.0], [-1.0, -1.0]]]])
            loss = ask("autoencoder.reconstruction_loss", logits, x)
            why = f"Logits of {size:g} and {-size:g}: each of the two wrong pixels costs {size:g} nats, no less and not infinity."
            expect(loss, 2 * size, why)

    @pytest.mark.parametrize("kind", ["bce", "mse"])
    def test_lets_the_gradient_through(self, ask, rng, kind):
        output, x = rng.normal(4, 1, 3, 3), rng.uniform(4, 1, 3, 3)
        wanted = torch.sigmoid(output.double()) - x if kind == "bce" else 2 * (output.double() - x)
        why = "The derivative with respect to the output: " + (
            "(sigmoid(logit) - x) / N." if kind == "bce" else "2 (output - x) / N."
        )
        expect(ask(probe.loss_gradient, output, x, kind), wanted / 4, why)

    def test_leaves_its_inputs_alone(self, ask, rng):
        output, x = rng.normal(3, 1, 4, 4), rng.uniform(3, 1, 4, 4)
        expect_untouched(ask, "autoencoder.reconstruction_loss", output, x)
        expect_untouched(ask, "autoencoder.reconstruction_loss", output, x, "mse")


@exercise("1.3", points=2)
class TestCorruptSalt:
    """Salt noise."""

    def test_p_0_changes_nothing(self, ask, rng):
        x = rng.uniform(3, 1, 6, 6)
        expect(ask("autoencoder.corrupt_salt", x, 0.0, generator=rng.seeded()), x, "With p = 0 no pixel is hit.")

    def test_p_1_turns_all_white(self, ask, rng):
        x = rng.uniform(3, 1, 6, 6, high=0.5)
        noisy = ask("autoencoder.corrupt_salt", x, 1.0, generator=rng.seeded())
        expect(noisy, torch.ones_like(x), "With p = 1 every pixel is set to the maximum, 1, however dark the image.")

    def test_hits_the_stated_share_and_leaves_the_rest(self, ask, rng):
        x = rng.uniform(50, 1, 20, 20, high=0.9)
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.2, generator=rng.seeded()), x.shape)
        hit = noisy != x
        expect_that((noisy[hit] == 1).all(), "Some changed pixels are not 1: salt sets a pixel to the maximum and nothing else.")
        error = 4.5 * sqrt(0.2 * 0.8 / x.numel())
        expect(hit.double().mean(), 0.2, "Each pixel is hit with probability p = 0.2.", atol=error, rtol=0)

    def test_hits_the_share_that_is_asked_for(self, ask, rng):
        x = zeros(50, 1, 20, 20)
        p = (int(rng.integers(0, 10, 1)) + rng.number(0.4, 0.6)) / 10
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, p, generator=rng.seeded()), x.shape)
        error = 4.5 * sqrt(p * (1 - p) / x.numel())
        expect(noisy.mean(), p, f"Each pixel is hit with probability p = {p:.4f}, whatever p is.", atol=error, rtol=0)

    def test_draws_new_pixels_for_every_image(self, ask, rng):
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", zeros(2, 1, 16, 16), 0.5, generator=rng.seeded()), (2, 1, 16, 16))
        expect_that(not torch.equal(noisy[0], noisy[1]), "All images are hit at the same pixels: draw for every image.")

    @pytest.mark.parametrize(
        ("places", "axes"), [("row", 3), ("column", 2), ("place, over the channels", 1), ("image", (1, 2, 3))]
    )
    def test_hits_every_pixel_by_itself(self, ask, rng, places, axes):
        p, x = 0.3, zeros(200, 3, 10, 10)
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, p, generator=rng.seeded()), x.shape)
        hits = noisy.sum(dim=axes)
        ratio = hits.var() / (p * (1 - p) * x.numel() / hits.numel())
        why = f"The number of hits per {places} must vary as with independent pixels (binomial). Ratio of the variances:"
        expect(ratio, 1.0, why, atol=5 * sqrt(2 / hits.numel()), rtol=0)

    def test_draws_every_image_and_every_pixel_by_itself(self, ask, rng):
        # With p = 1/2 a hit counts +1 and a miss -1; a product of two of them is 0 on average, if each is drawn by itself.
        x = zeros(200, 3, 8, 8)
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.5, generator=rng.seeded()), x.shape)
        hits = 2 * noisy - 1
        images, pixels = hits.flatten(1), hits.flatten(1).T
        why = "Two images are hit at the same pixels, or at those that the other leaves. Largest correlation of two images:"
        expect_below(largest_correlation(images, images), 0.7, why)
        for turned in (hits.flip(3), hits.flip(2), hits.flip(2, 3), hits.transpose(2, 3)):
            why = "One image is hit at the mirrored pixels of another: draw for every image. Largest correlation:"
            expect_below(largest_correlation(images, turned.flatten(1)), 0.7, why)
        why = "Two pixels are hit in the same images: draw for every pixel. Largest correlation of two pixels over 200 images:"
        expect_below(largest_correlation(pixels, pixels), 0.7, why)
        why = "The hits repeat after some pixels: draw every one by itself. Largest correlation of all of them, shifted:"
        row = torch.fft.rfft(hits.flatten(), n=2 * hits.numel())
        shifted = torch.fft.irfft(row.abs().square())[1 : hits.numel()] / hits.numel()
        expect_below(shifted.abs().max(), 7 / sqrt(hits.numel()), why)

    def test_draws_the_number_of_hits_too(self, ask, rng):
        counts = [
            float(expect_tensor(ask("autoencoder.corrupt_salt", zeros(3), 0.5, generator=rng.seeded()), (3,)).sum())
            for _ in range(20)
        ]
        expect_that(
            len(set(counts)) > 1, f"Of 3 pixels with p = 1/2, {counts[0]:g} are hit every time: each is to be drawn by itself."
        )

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "autoencoder.corrupt_salt", rng.uniform(2, 1, 8, 8, high=0.9), 0.5)

    def test_keeps_what_is_not_hit_to_the_last_digit(self, ask, rng):
        x = rng.uniform(4, 1, 8, 8, high=0.9).double() + 1e-12
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.3, generator=rng.seeded()), x.shape)
        expect(noisy, torch.where(noisy == 1, 1.0, x), "float64 images lose digits: keep the dtype.", rtol=0, atol=1e-15)

    def test_draws_from_the_global_generator_if_none_is_given(self, ask, rng):
        x = zeros(20, 1, 20, 20)
        noisy = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.5), x.shape)
        expect(noisy.mean(), 0.5, "Without a generator each pixel is hit with probability p too.", atol=0.03)

    def test_one_generator_gives_new_noise_every_time(self, ask, rng):
        first, second, before, after = ask(probe.salt_twice, zeros(2, 1, 16, 16), 0.5, rng.seed())
        first, second = expect_tensor(first), expect_tensor(second, first.shape)
        why = "Two calls with one generator give the same noise: draw from the generator, do not seed from it."
        expect_that(not torch.equal(first, second), why)
        expect(after, expect_tensor(before), "torch's global generator was touched although one was given.")

    def test_repeats_with_the_same_generator(self, ask, rng):
        x, seeded, other = rng.uniform(2, 1, 16, 16, high=0.9), rng.seeded(), rng.seeded()
        first = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.3, generator=seeded), x.shape)
        expect(ask("autoencoder.corrupt_salt", x, 0.3, generator=seeded), first, "The same generator gives the same noise.")
        again = expect_tensor(ask("autoencoder.corrupt_salt", x, 0.3, generator=other), x.shape)
        expect_that(not torch.equal(first, again), "Another generator gives other noise.")


@exercise("1.4", points=4, needs=["1.2"])
class TestAutoencoder:
    """The autoencoder."""

    @pytest.mark.parametrize("shape", [(1, 8, 8), (3, 6, 10)])
    def test_shapes(self, ask, rng, shape):
        code, decoded, output = ask(probe.autoencode, shape, 3, rng.uniform(4, *shape), rng.seed())
        expect_tensor(code, (4, 3), "encode(x)")
        expect_tensor(decoded, (4, *shape), "decode(encode(x))")
        expect_tensor(output, (4, *shape), "forward(x)")

    def test_passes_everything_through_the_bottleneck(self, ask, rng):
        _, decoded, output = ask(probe.autoencode, (1, 8, 8), 2, rng.uniform(8, 1, 8, 8), rng.seed())
        decoded = expect_tensor(decoded, name="decode(encode(x))")
        expect(output, decoded, "forward(x) must be decode(encode(x)): nothing may pass beside the code.", atol=1e-4)

    def test_code_may_have_either_sign(self, ask, rng):
        code, _, _ = ask(probe.autoencode, (1, 8, 8), 8, rng.uniform(64, 1, 8, 8), rng.seed())
        code = expect_tensor(code, (64, 8), "encode(x)")
        expect_that(code.min() < 0 < code.max(), "Over 64 images no code has both signs: something cuts one off.")

    def test_code_is_unbounded(self, ask, rng):
        code, _, _ = ask(probe.autoencode, (1, 8, 8), 8, 1000 * rng.normal(32, 1, 8, 8), rng.seed())
        expect_above(
            expect_tensor(code, (32, 8), "encode(x)").abs().max(), 1.01, "The code is squashed: its last layer is linear."
        )

    def test_returns_logits(self, ask, rng):
        _, logits, _ = ask(probe.autoencode, (1, 8, 8), 2, 1000 * rng.normal(32, 1, 8, 8), rng.seed())
        logits = expect_tensor(logits, name="decode(z)")
        expect_that(logits.min() < 0 and logits.max() > 1, "For large codes the output still lies in [0, 1]: wanted logits.")

    def test_codes_each_image_by_itself(self, ask, rng):
        x, seed = rng.uniform(6, 1, 8, 8), rng.seed()
        together, _, _ = ask(probe.autoencode, (1, 8, 8), 2, x, seed)
        alone, _, _ = ask(probe.autoencode, (1, 8, 8), 2, x[4:5], seed)
        expect(alone, expect_tensor(together, (6, 2))[4:5], "An image has the same code alone and in a batch.", atol=1e-4)

    def test_gradient_reaches_every_parameter(self, ask, rng):
        expect_gradients(ask(probe.gradient_of_parameters, (1, 8, 8), rng.uniform(16, 1, 8, 8), rng.seed()))

    def test_last_layers_are_linear_maps_of_the_hidden_ones(self, ask, rng):
        x, hidden_dim = 3 * rng.normal(256, 1, 8, 8), 6
        code, logits, _ = ask(probe.autoencode, (1, 8, 8), 12, x, rng.seed(), hidden_dim=hidden_dim)
        for name, values in (("code", expect_tensor(code, (256, 12))), ("output", expect_tensor(logits, (256, 1, 8, 8)))):
            why = f"With hidden_dim = 6 the {name} is a linear map of 6 numbers. Dimensions that it fills over 256 images:"
            expect_below(dimensions(values), hidden_dim, why)

    @pytest.mark.parametrize("hidden_dim", [24, None])
    def test_hidden_layers_are_as_wide_as_stated(self, ask, rng, hidden_dim):
        width = hidden_dim or 128
        n, x, z = 3 * width, 3 * rng.normal(3 * width, 1, 16, 16), 3 * rng.normal(3 * width, 2 * width)
        code, logits = ask(probe.encode_and_decode, (1, 16, 16), 2 * width, x, z, rng.seed(), hidden_dim=hidden_dim)
        stated = f"hidden_dim = {width}" if hidden_dim else f"hidden_dim left to its default, {width},"
        for name, values in (("code", expect_tensor(code, (n, 2 * width))), ("output", expect_tensor(logits, (n, 1, 16, 16)))):
            expect_width(values, width, f"With {stated} the {name} fills about {width} dimensions. Over {n} images it fills:")

    def test_first_layers_are_as_wide_as_stated(self, ask, rng):
        x, z, hidden_dim = 3 * rng.normal(256, 1, 8, 8), 3 * rng.normal(256, 12), 6
        by_pixels, by_code = ask(probe.slopes, (1, 8, 8), 12, x, z, rng.seed(), hidden_dim)
        for name, values, n in (("encoder", by_pixels, 64), ("decoder", by_code, 12)):
            why = f"With hidden_dim = 6 the {name} sees 6 sums of its {n} inputs. Dimensions that its derivatives fill:"
            expect_below(dimensions(expect_tensor(values, (256, n))), hidden_dim, why)

    def test_grows_with_its_input(self, ask, rng):
        x, z, seed = 1e4 * rng.normal(16, 1, 8, 8), 1e4 * rng.normal(16, 3), rng.seed()
        near = ask(probe.encode_and_decode, (1, 8, 8), 3, x, z, seed)
        far = ask(probe.encode_and_decode, (1, 8, 8), 3, 100 * x, 100 * z, seed)
        for name, here, there in zip(("the code", "the output"), near, far, strict=True):
            growth = expect_tensor(there, name=name).abs().mean() / expect_tensor(here, name=name).abs().mean()
            why = f"ReLU grows with its input without end. Of inputs 100 times as large {name} should be 100 times as large:"
            expect_above(growth, 50, why + " something levels off (tanh, sigmoid, a normalization, clamp). Times as large:")

    def test_answers_the_same_in_training_mode(self, ask, rng):
        evaluated, trained = ask(probe.in_modes, (1, 8, 8), 3, rng.uniform(32, 1, 8, 8), rng.seed())
        for name, wanted, given in zip(("encode(x)", "forward(x)"), evaluated, trained, strict=True):
            why = f"{name} differs in training mode (dropout, batch normalization): the layers are linear maps and ReLU alone."
            expect(given, expect_tensor(wanted, name=name), why, atol=1e-4, name=name)

    @pytest.mark.training
    def test_two_dimensions_reach_the_target(self, ask, digits):
        from ganlib import features

        codes, test_codes, images = ask(probe.train, digits.train_images, digits.test_images, 2, 100, timeout=300)
        images = expect_tensor(images, digits.test_images.shape, "the reconstructions")
        error = (images - digits.test_images).square().mean()
        expect_below(error, 0.036, "Squared error per pixel on the test images, with a code of two numbers (PCA: 0.053).")
        expect_no_copies(images, digits.train_images, "Share of reconstructions that are training images, remembered.")
        codes, test_codes = expect_tensor(codes, (1397, 2)).float(), expect_tensor(test_codes, (400, 2)).float()
        accuracy = features.knn_accuracy(codes, digits.train_labels, test_codes, digits.test_labels)
        expect_above(accuracy, 0.80, "Nearest neighbors in the code tell the digit (PCA: 0.62).")


@exercise("1.5", points=2, needs=["1.2"])
class TestDenoisingLoss:
    """What a denoising autoencoder minimizes."""

    def test_sees_the_noisy_image_and_wants_the_clean_one(self, ask, rng):
        x, x_noisy = rng.uniform(5, 3, 4, 4), rng.uniform(5, 3, 4, 4)
        loss = ask(probe.denoising_loss, x, x_noisy, 3.0, -1.0)
        wanted = bernoulli_nll(3 * x_noisy - 1, x).mean()
        expect(loss, wanted, "The model's logits for the noisy image are compared with the clean image.")

    def test_is_the_reconstruction_loss_without_noise(self, ask, rng):
        x = rng.uniform(5, 1, 4, 4)
        wanted = bernoulli_nll(2 * x + 0.5, x).mean()
        expect(ask(probe.denoising_loss, x, x, 2.0, 0.5), wanted, "Without noise it is binary cross-entropy, summed over pixels.")

    def test_is_finite_for_certain_logits(self, ask):
        x, x_noisy = tensor([[[[0.0, 1.0, 0.0, 1.0]]]]), tensor([[[[0.0, 0.0, 1.0, 1.0]]]])
        for size in (200.0, 5000.0):
            loss = ask(probe.denoising_loss, x, x_noisy, 2 * size, -size)
            expect(loss, 2 * size, f"Two pixels are wrong by {size:g} nats each: {2 * size:g}, no less and not infinity.")

    @pytest.mark.parametrize("on", [True, False])
    def test_leaves_the_model_and_the_images_as_they_were(self, ask, rng, on):
        expect_left_alone(ask, "denoising_loss", on, rng.uniform(2, 1, 4, 4), rng.uniform(2, 1, 4, 4))

    def test_shows_the_model_each_noisy_image_once(self, ask, rng):
        seen = ask(probe.images_seen, rng.uniform(5, 1, 4, 4), rng.uniform(5, 1, 4, 4))
        expect_whole_number(seen, 5, "Of 5 noisy images the model is to see each once, and nothing else. Images that it saw:")

    def test_lets_the_gradient_through(self, ask, rng):
        gradient = ask(probe.denoising_gradient, rng.uniform(4, 1, 4, 4), rng.uniform(4, 1, 4, 4))
        expect_above(expect_tensor(gradient, (1,)).abs(), 1e-6, "No gradient reaches the model.")

    @pytest.mark.training
    def test_reaches_the_target(self, ask, digits, rng):
        noisy = digits.test_images.clone()
        noisy[rng.uniform(*noisy.shape) < 0.2] = 1.0
        images = ask(probe.train_denoiser, digits.train_images, noisy, 32, 100, timeout=300)
        error = (expect_tensor(images, noisy.shape) - digits.test_images).square().mean()
        expect_below(error, 0.022, "Squared error per pixel after denoising 20 % salt (the noisy images: 0.123).")


@exercise("1.6", points=4)
class TestOptimalDenoiser:
    """The best possible denoiser."""

    def test_of_one_gaussian(self, ask):
        x_noisy = tensor([-1.0, 2.0, 5.0])
        best = ask("autoencoder.optimal_denoiser", x_noisy, 1.0, tensor([2.0]), 2.0)
        expect(best, 2 + 0.8 * (x_noisy.double() - 2), "Variance 4 and noise 1: the noisy value counts 4/5, the mean 1/5.")

    def test_of_two_points(self, ask):
        x_noisy = tensor([-2.0, -0.3, 0.0, 0.1, 1.0])
        best = ask("autoencoder.optimal_denoiser", x_noisy, 0.4, tensor([-1.0, 1.0]), 0.0)
        wanted = [tanh(value / 0.4) for value in x_noisy.tolist()]
        expect(best, wanted, "For the points -1 and 1 the posterior mean is tanh(x / noise_var).")

    @pytest.mark.parametrize("components", [2, 3, 8])
    def test_agrees_with_the_integral(self, ask, rng, components):
        means, std, noise_var = 2 * rng.normal(components), rng.number(0.3, 0.5), rng.number(0.2, 0.4)
        x_noisy = 3 * rng.normal(12)
        x = torch.linspace(-25, 25, 20_001, dtype=torch.float64)
        prior = torch.exp(-((x[:, None] - means.double()) ** 2) / (2 * std**2)).sum(dim=1)
        posterior = prior * torch.exp(-((x_noisy.double()[:, None] - x) ** 2) / (2 * noise_var))
        wanted = (posterior * x).sum(dim=1) / posterior.sum(dim=1)
        best = ask("autoencoder.optimal_denoiser", x_noisy, noise_var, means, std)
        expect(best, wanted, "It is the integral of x times the posterior density of x.", atol=1e-4, rtol=1e-3)

    def test_follows_the_score(self, ask, rng):
        means, std, noise_var, h = tensor([-1.0, 1.5]), 0.5, 0.2, 1e-3
        x_noisy = rng.normal(9)

        def log_density(value):
            variance = std**2 + noise_var
            parts = -((value.double()[:, None] - means) ** 2) / (2 * variance) - log(sqrt(2 * pi * variance))
            return parts.logsumexp(dim=1)

        score = (log_density(x_noisy + h) - log_density(x_noisy - h)) / (2 * h)
        best = ask("autoencoder.optimal_denoiser", x_noisy, noise_var, means, std)
        wanted = x_noisy.double() + noise_var * score
        expect(best, wanted, "Tweedie: it moves each point by noise_var times the slope of the noisy log-density.", atol=2e-3)

    def test_is_stable_far_away(self, ask):
        shrink = 0.01 / 0.11
        for far in (1000.0, 20_000.0):
            best = ask("autoencoder.optimal_denoiser", tensor([-far, far]), 0.1, tensor([-1.0, 1.0]), 0.1)
            wanted = [-1 - shrink * (far - 1), 1 + shrink * (far - 1)]
            expect(best, wanted, "Far away the nearest component decides; no 0/0.", rtol=1e-3)

    def test_does_nothing_much_to_little_noise(self, ask, rng):
        x_noisy = rng.normal(20)
        best = ask("autoencoder.optimal_denoiser", x_noisy, 1e-6, tensor([-1.0, 0.5, 2.0]), 1.0)
        expect(best, x_noisy, "With hardly any noise the best guess is what was seen.", atol=1e-3)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "autoencoder.optimal_denoiser", rng.normal(5), 0.3, rng.normal(3), 0.5)


@exercise("1.7", points=2)
class TestAnomalyScore:
    """Anomaly scores."""

    def test_is_the_squared_error_of_each_image(self, ask, rng):
        x = rng.uniform(6, 3, 4, 5)
        score = ask(probe.anomaly_score, x, 3.0, -1.0)
        wanted = (torch.sigmoid(3 * x.double() - 1) - x).square().sum(dim=(1, 2, 3))
        expect(score, wanted, "One number per image: squared error between x and the sigmoid of the logits, summed over pixels.")

    def test_is_zero_for_a_perfect_reconstruction(self, ask):
        score = ask(probe.anomaly_score, torch.full((3, 1, 2, 2), 1 / (1 + exp(-2.0))), 0.0, 2.0)
        expect(score, zeros(3), "The model answers with these very images: no error.")

    def test_of_an_image_does_not_depend_on_the_others(self, ask, rng):
        x = rng.uniform(5, 1, 4, 4)
        together = expect_tensor(ask(probe.anomaly_score, x, 2.0, 0.0), (5,))
        expect(ask(probe.anomaly_score, x[3:4], 2.0, 0.0), together[3:4], "The same image alone has the same score.")

    def test_keeps_no_gradient(self, ask, rng):
        gradient = ask(probe.anomaly_gradient, rng.uniform(3, 1, 4, 4))
        expect(gradient, [0.0], "A gradient is attached to the scores: nobody trains on them, and it holds on to memory.")

    @pytest.mark.parametrize("on", [True, False])
    def test_leaves_the_model_and_the_images_as_they_were(self, ask, rng, on):
        expect_left_alone(ask, "anomaly_score", on, rng.uniform(2, 1, 4, 4))
