"""Chapter 2: variational autoencoders. Each class judges one exercise of ``ganlib/vae.py``."""

from math import exp, log

import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from autograde.testing import (
    dimensions,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_fields,
    expect_gradients,
    expect_no_copies,
    expect_quantiles,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    expect_width,
    probes,
    tensor,
    zeros,
)

probe = probes("vae")


@exercise("2.1", points=2)
class TestReparameterize:
    """Sampling that can be differentiated."""

    def test_is_the_mean_without_noise(self, ask, rng):
        mu, logvar = rng.normal(5, 3), rng.normal(5, 3)
        expect(ask("vae.reparameterize", mu, logvar, zeros(5, 3)), mu, "With eps = 0 the sample is the mean.")

    def test_scales_the_noise_with_the_standard_deviation(self, ask):
        z = ask("vae.reparameterize", zeros(1, 3), tensor([[0.0, log(4), log(9)]]), tensor([[1.0, 1.0, -1.0]]))
        expect(z, [[1.0, 2.0, -3.0]], "Variances 1, 4, 9 are standard deviations 1, 2, 3: eps is scaled by those.")

    def test_of_extreme_variances(self, ask):
        for size in (8.0, 40.0):
            z = ask("vae.reparameterize", zeros(1, 2), tensor([[size, -size]]), torch.ones(1, 2))
            why = f"logvar {size:g} and {-size:g} are standard deviations exp({size / 2:g}) and exp({-size / 2:g})."
            expect(z, [[exp(size / 2), exp(-size / 2)]], why, atol=0)

    def test_gives_samples_of_the_stated_distribution(self, ask, rng):
        n, variance = 20_000, 0.25
        z = ask("vae.reparameterize", torch.full((n, 1), 3.0), torch.full((n, 1), log(variance)), rng.normal(n, 1))
        z = expect_tensor(z, (n, 1))
        expect(z.mean(), 3.0, "The mean of many samples is mu.", atol=4 * (variance / n) ** 0.5)
        expect(z.var(), variance, "The variance of many samples is exp(logvar).", atol=0, rtol=4 * (2 / n) ** 0.5)

    def test_lets_the_gradient_through_to_mu_and_logvar(self, ask, rng):
        mu, logvar, eps = rng.normal(4, 2), rng.normal(4, 2), rng.normal(4, 2)
        by_mu, by_logvar = ask(probe.reparameterize_gradients, mu, logvar, eps)
        expect(by_mu, torch.ones(4, 2), "z moves one to one with mu.")
        expect(by_logvar, logvar.div(2).exp() * eps / 2, "The derivative of z by logvar is sigma * eps / 2.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "vae.reparameterize", rng.normal(4, 2), rng.normal(4, 2), rng.normal(4, 2))


@exercise("2.2", points=3)
class TestKL:
    """KL divergence from the prior."""

    def test_is_zero_at_the_prior(self, ask):
        kl = ask("vae.kl_standard_normal", zeros(4, 3), zeros(4, 3))
        expect(kl, zeros(4), "q(z|x) is the prior here, so the divergence is 0.")

    def test_of_a_shifted_gaussian(self, ask):
        kl = ask("vae.kl_standard_normal", tensor([[1.0], [-2.0]]), zeros(2, 1))
        expect(kl, [0.5, 2.0], "For unit variance the divergence is half the squared shift.")

    def test_of_a_wider_gaussian(self, ask):
        kl = ask("vae.kl_standard_normal", zeros(1, 1), tensor([[log(4)]]))
        expect(kl, [(4 - 1 - log(4)) / 2], "Variance 4 around 0: the divergence is (4 - 1 - log 4) / 2.")

    def test_adds_up_over_the_dimensions(self, ask, rng):
        mu, logvar = rng.normal(6, 5), rng.normal(6, 5)
        parts = [expect_tensor(ask("vae.kl_standard_normal", mu[:, j : j + 1], logvar[:, j : j + 1]), (6,)) for j in range(5)]
        expect(
            ask("vae.kl_standard_normal", mu, logvar),
            sum(parts),
            "Independent dimensions: the divergences add up, one number per sample.",
        )

    @pytest.mark.parametrize("d", [1, 20])
    def test_of_any_number_of_dimensions(self, ask, rng, d):
        mu, logvar = 3 * rng.normal(4, d), 2 * rng.normal(4, d)
        wanted = kl_divergence(Normal(mu.double(), logvar.double().div(2).exp()), Normal(0.0, 1.0)).sum(dim=1)
        expect(ask("vae.kl_standard_normal", mu, logvar), wanted, f"It is the sum over all of the d = {d} dimensions.")

    def test_of_means_far_from_the_prior(self, ask, rng):
        far = rng.number(20, 40)
        kl = ask("vae.kl_standard_normal", tensor([[far], [-far]]), zeros(2, 1))
        expect(kl, [far**2 / 2] * 2, f"For unit variance the divergence is half the squared shift, for mu = {far:.4g} too.")

    def test_agrees_with_monte_carlo(self, ask, rng):
        mu, logvar, n = rng.normal(3, 2), rng.normal(3, 2), 20_000
        q = Independent(Normal(mu, logvar.div(2).exp()), 1)
        z = q.mean + q.stddev * rng.normal(n, 3, 2)
        log_ratio = q.log_prob(z) - Independent(Normal(zeros(3, 2), torch.ones(3, 2)), 1).log_prob(z)
        error = 4.5 * float(log_ratio.std(dim=0).max()) / n**0.5
        kl = ask("vae.kl_standard_normal", mu, logvar)
        expect(kl, log_ratio.mean(dim=0), "It is the mean of log q(z) - log p(z) over samples of q.", atol=error, rtol=0)

    def test_of_extreme_variances(self, ask):
        for size in (8.0, 40.0):
            kl = ask("vae.kl_standard_normal", zeros(2, 1), tensor([[size], [-size]]))
            why = f"Variances of exp({size:g}) and exp({-size:g}) around 0: (variance - logvar - 1) / 2."
            expect(kl, [(exp(size) - size - 1) / 2, (exp(-size) + size - 1) / 2], why)

    def test_lets_the_gradient_through(self, ask, rng):
        mu, logvar = rng.normal(4, 2), rng.normal(4, 2)
        by_mu, by_logvar = ask(probe.kl_gradients, mu, logvar)
        expect(by_mu, mu, "The derivative of the divergence by mu is mu.")
        expect(by_logvar, (logvar.exp() - 1) / 2, "The derivative of the divergence by logvar is (exp(logvar) - 1) / 2.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "vae.kl_standard_normal", rng.normal(4, 2), rng.normal(4, 2))


@exercise("2.3", points=4, needs=["2.2"])
class TestELBO:
    """The evidence lower bound."""

    def ask_elbo(self, ask, *args, **kwargs):
        parts = expect_fields(ask("vae.elbo", *args, **kwargs), "total", "reconstruction", "kl")
        n = (len(args[0]),)
        names = ("total", "reconstruction", "kl")
        return [expect_tensor(part, n, name) for part, name in zip(parts, names, strict=True)]

    def test_of_a_coin_per_pixel(self, ask, rng):
        x = (rng.uniform(3, 1, 4, 4) > 0.5).float()
        total, reconstruction, kl = self.ask_elbo(ask, zeros(3, 1, 4, 4), x, zeros(3, 2), zeros(3, 2))
        expect(kl, zeros(3), "q is the prior: the kl part is 0.", name="kl")
        expect(reconstruction, [-16 * log(2)] * 3, "Logits 0: each of 16 pixels has probability 1/2, log-likelihood -log 2.")
        expect(total, reconstruction, "Without divergence the bound is the log-likelihood.", name="total")

    def test_reconstruction_is_a_log_likelihood(self, ask, rng):
        logits, x = 2 * rng.normal(4, 3, 3, 5), (rng.uniform(4, 3, 3, 5) > 0.5).float()
        wanted = Independent(Bernoulli(logits=logits.double()), 3).log_prob(x.double())
        _, reconstruction, _ = self.ask_elbo(ask, logits, x, zeros(4, 2), zeros(4, 2))
        expect(reconstruction, wanted, "reconstruction is log p(x|z): the sum over the pixels of their log-probabilities.")

    def test_takes_gray_pixels(self, ask, rng):
        logits, x = rng.normal(2, 1, 4, 4), rng.uniform(2, 1, 4, 4)
        p = torch.sigmoid(logits.double())
        wanted = (x * p.log() + (1 - x) * (1 - p).log()).sum(dim=(1, 2, 3))
        _, reconstruction, _ = self.ask_elbo(ask, logits, x, zeros(2, 3), zeros(2, 3))
        expect(reconstruction, wanted, "A gray value x counts as x times log p plus (1 - x) times log(1 - p).")

    def test_kl_is_returned_without_beta(self, ask):
        for beta in (1.0, 4.0):
            _, _, kl = self.ask_elbo(ask, zeros(2, 1, 2, 2), zeros(2, 1, 2, 2), torch.ones(2, 6), zeros(2, 6), beta=beta)
            expect(kl, [3.0, 3.0], "Six means of 1: half of 6, whatever beta is.", name="kl")

    def test_kl_is_the_divergence_of_each_image(self, ask, rng):
        mu, logvar = rng.normal(5, 3), rng.normal(5, 3)
        wanted = kl_divergence(Normal(mu.double(), logvar.double().div(2).exp()), Normal(0.0, 1.0)).sum(dim=1)
        total, reconstruction, kl = self.ask_elbo(ask, zeros(5, 1, 2, 2), zeros(5, 1, 2, 2), mu, logvar)
        expect(kl, wanted, "kl is the divergence of q(z|x), with this mu and this logvar, from the prior.", name="kl")

    def test_beta_weighs_the_divergence(self, ask, rng):
        logits, x, mu, logvar = rng.normal(3, 1, 4, 4), rng.uniform(3, 1, 4, 4), rng.normal(3, 2), rng.normal(3, 2)
        for beta in (0.0, 1.0, 7.0, rng.number(0.1, 0.4), rng.number(10, 60)):
            total, reconstruction, kl = self.ask_elbo(ask, logits, x, mu, logvar, beta=beta)
            expect(
                total, reconstruction - beta * kl, f"total = reconstruction - beta * kl, here with beta = {beta:g}.", name="total"
            )

    def test_is_finite_for_certain_decoders(self, ask):
        x = tensor([[[[1.0, 0.0], [1.0, 0.0]]]])
        for size in (200.0, 5000.0):
            logits = size * tensor([[[[1.0, 1.0], [-1.0, -1.0]]]])
            _, reconstruction, _ = self.ask_elbo(ask, logits, x, zeros(1, 1), zeros(1, 1))
            why = f"Logits of {size:g} and {-size:g}: each of the two wrong pixels costs {size:g} nats, no less and not infinity."
            expect(reconstruction, [-2 * size], why)

    def test_lets_the_gradient_through(self, ask, rng):
        logits, x, mu, logvar = rng.normal(3, 1, 2, 2), rng.uniform(3, 1, 2, 2), rng.normal(3, 2), rng.normal(3, 2)
        by_logits, by_mu, by_logvar = ask(probe.elbo_gradients, logits, x, mu, logvar, 2.0)
        expect(by_logits, x - torch.sigmoid(logits), "The derivative of total with respect to a logit is x - sigmoid(logit).")
        expect(by_mu, -2 * mu, "The derivative of total by mu is -beta * mu, here with beta = 2.")
        expect(by_logvar, 1 - logvar.exp(), "The derivative of total by logvar is -beta * (exp(logvar) - 1) / 2, with beta = 2.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        images, codes = [rng.normal(3, 1, 2, 2), rng.uniform(3, 1, 2, 2)], [rng.normal(3, 2), rng.normal(3, 2)]
        expect_untouched(ask, "vae.elbo", *images, *codes)


@exercise("2.4", points=4, needs=["2.1", "2.3"])
class TestVAE:
    """The variational autoencoder."""

    def forward(self, ask, *args):
        return expect_fields(ask(probe.forward, *args), "logits", "mu", "logvar")

    @pytest.mark.parametrize("shape", [(1, 8, 8), (3, 6, 10)])
    def test_shapes(self, ask, rng, shape):
        logits, mu, logvar = self.forward(ask, shape, 5, 32, rng.uniform(4, *shape), rng.normal(4, 5), rng.seed())
        expect_tensor(mu, (4, 5), "mu")
        expect_tensor(logvar, (4, 5), "logvar")
        expect_tensor(logits, (4, *shape), "logits")

    def test_mu_and_logvar_may_have_either_sign(self, ask, rng):
        x, seed = rng.uniform(64, 1, 8, 8), rng.seed()
        _, mu, logvar = self.forward(ask, (1, 8, 8), 8, 32, x, rng.normal(64, 8), seed)
        for name, value in (("mu", expect_tensor(mu, (64, 8), "mu")), ("logvar", expect_tensor(logvar, (64, 8), "logvar"))):
            expect_that(value.min() < 0 < value.max(), f"{name} never has both signs, over 64 images: something cuts one off.")

    def test_mu_and_logvar_depend_on_the_image(self, ask, rng):
        _, mu, logvar = self.forward(ask, (1, 8, 8), 3, 32, rng.uniform(16, 1, 8, 8), rng.normal(16, 3), rng.seed())
        for name, value in (("mu", expect_tensor(mu, (16, 3), "mu")), ("logvar", expect_tensor(logvar, (16, 3), "logvar"))):
            expect_above(value.std(dim=0).max(), 1e-4, f"{name} is the same for every image: standard deviation over 16 images.")

    def test_last_layers_are_linear_maps_of_the_hidden_ones(self, ask, rng):
        x, eps, hidden_dim = 3 * rng.normal(256, 1, 8, 8), rng.normal(256, 12), 6
        logits, mu, logvar = self.forward(ask, (1, 8, 8), 12, hidden_dim, x, eps, rng.seed())
        for name, value, n in (("mu", mu, 12), ("logvar", logvar, 12), ("logits", logits, 64)):
            why = f"With hidden_dim = 6 {name} is a linear map of 6 numbers. Number of dimensions that it fills over 256 images:"
            expect_below(dimensions(expect_tensor(value, name=name).reshape(256, n)), hidden_dim, why)

    @pytest.mark.parametrize("hidden_dim", [24, None])
    def test_hidden_layers_are_as_wide_as_stated(self, ask, rng, hidden_dim):
        width = hidden_dim or 256
        n = width * 5 // 4
        x, z = 3 * rng.normal(n, 1, 18, 18), 3 * rng.normal(n, n)
        answers = ask(probe.encode_and_decode, (1, 18, 18), n, hidden_dim, x, z, rng.seed())
        stated = f"hidden_dim = {width}" if hidden_dim else f"hidden_dim left to its default, {width},"
        for name, values in zip(("mu", "logvar", "logits"), answers, strict=True):
            why = f"With {stated} {name} fills about {width} dimensions. Over {n} images it fills:"
            expect_width(expect_tensor(values, name=name).reshape(n, -1), width, why)

    def test_first_layers_are_as_wide_as_stated(self, ask, rng):
        x, z, hidden_dim = 3 * rng.normal(256, 1, 8, 8), 3 * rng.normal(256, 12), 6
        slopes = ask(probe.slopes, (1, 8, 8), 12, hidden_dim, x, z, rng.seed())
        for name, values, n in zip(("mu", "logvar", "logits"), slopes, (64, 64, 12), strict=True):
            why = f"With hidden_dim = 6 {name} depends on 6 sums of the {n} inputs. Dimensions that its derivatives fill:"
            expect_below(dimensions(expect_tensor(values, (256, n))), hidden_dim, why)

    def test_grows_with_its_input(self, ask, rng):
        x, z, seed = 1e4 * rng.normal(16, 1, 8, 8), 1e4 * rng.normal(16, 3), rng.seed()
        near = ask(probe.encode_and_decode, (1, 8, 8), 3, 32, x, z, seed)
        far = ask(probe.encode_and_decode, (1, 8, 8), 3, 32, 100 * x, 100 * z, seed)
        for name, here, there in zip(("mu", "logvar", "logits"), near, far, strict=True):
            growth = expect_tensor(there, name=name).abs().mean() / expect_tensor(here, name=name).abs().mean()
            why = f"ReLU grows with its input without end. Of inputs 100 times as large {name} should be 100 times as large:"
            expect_above(growth, 50, why + " something levels off (tanh, sigmoid, a normalization, clamp). Times as large:")

    def test_answers_the_same_in_training_mode(self, ask, rng):
        names = ("logits", "mu", "logvar")
        answers = ask(probe.in_modes, (1, 8, 8), 3, rng.uniform(32, 1, 8, 8), rng.normal(32, 3), rng.seed())
        evaluated, trained = (expect_fields(answer, *names) for answer in answers)
        for name, wanted, given in zip(names, evaluated, trained, strict=True):
            why = f"In training mode {name} differs (dropout, batch normalization, noise other than eps) for the same x and eps."
            expect(given, expect_tensor(wanted, name=name), why, atol=1e-4, name=name)

    def test_leaves_its_inputs_alone(self, ask, rng):
        x, eps = rng.uniform(4, 1, 8, 8), rng.normal(4, 3)
        expect_as_before([x, eps], ask(probe.arguments_after_forward, (1, 8, 8), x, eps, rng.seed()))

    def test_mu_and_logvar_are_two_different_outputs(self, ask, rng):
        _, mu, logvar = self.forward(ask, (1, 8, 8), 3, 32, rng.uniform(4, 1, 8, 8), rng.normal(4, 3), rng.seed())
        expect_that(not torch.allclose(mu, logvar), "mu and logvar are the same numbers: each needs weights of its own.")

    def test_decodes_the_sample(self, ask, rng):
        x, eps, seed = rng.uniform(4, 1, 8, 8), rng.normal(4, 3), rng.seed()
        logits, mu, logvar = self.forward(ask, (1, 8, 8), 3, 32, x, eps, seed)
        z = mu + logvar.div(2).exp() * eps
        at_z = expect_tensor(ask(probe.decode, (1, 8, 8), 3, 32, z, seed), (4, 1, 8, 8), "decode(z)")
        expect(logits, at_z, "The logits must be the decoder's answer to z = mu + sigma * eps.", atol=1e-4)

    def test_returns_logits(self, ask, rng):
        logits = ask(probe.decode, (1, 8, 8), 3, 32, 100 * rng.normal(16, 3), rng.seed())
        logits = expect_tensor(logits, (16, 1, 8, 8), "decode(z)")
        expect_that(logits.min() < 0 and logits.max() > 1, "Far from the origin the output still lies in [0, 1]: wanted logits.")

    def test_codes_each_image_by_itself(self, ask, rng):
        x, seed = rng.uniform(6, 1, 8, 8), rng.seed()
        _, together, _ = self.forward(ask, (1, 8, 8), 2, 32, x, zeros(6, 2), seed)
        _, alone, _ = self.forward(ask, (1, 8, 8), 2, 32, x[4:5], zeros(1, 2), seed)
        expect(alone, expect_tensor(together, (6, 2), "mu")[4:5], "An image has the same mu alone and in a batch.", atol=1e-4)

    def test_gradient_reaches_every_parameter(self, ask, rng):
        x, eps = rng.uniform(16, 1, 8, 8), rng.normal(16, 2)
        expect_gradients(ask(probe.gradient_of_parameters, (1, 8, 8), x, eps, rng.seed()))

    @pytest.mark.training
    def test_two_dimensions_reach_the_target(self, ask, digits):
        from ganlib import features

        logits, mu, logvar, samples = ask(probe.train, digits.train_images, digits.test_images, 2, 1.0, 100, timeout=300)
        logits = expect_tensor(logits, digits.test_images.shape, "logits")
        likelihood = Independent(Bernoulli(logits=logits, validate_args=False), 3).log_prob(digits.test_images.double())
        loss = (divergence(mu, logvar) - likelihood).mean()
        expect_below(loss, 25.0, "Test images, in nats: the mean of -ELBO.")
        images = as_images(samples)
        expect_no_copies(images, digits.train_images, "Share of the samples that are training images, remembered.")
        expect_whole_number(int((features.mode_counts(images) > 0).sum()), 10, "Samples of the prior show all ten digits.")
        expect_below(features.normalized_frechet(digits.test_images, images), 0.15, "Fréchet distance of the samples (nFD).")

    @pytest.mark.training
    def test_eight_dimensions_reach_the_target(self, ask, digits):
        from ganlib import features

        *_, samples = ask(probe.train, digits.train_images, digits.test_images, 8, 1.0, 100, timeout=300)
        nfd = features.normalized_frechet(digits.test_images, as_images(samples))
        expect_below(nfd, 0.10, "Fréchet distance of the samples (nFD).")

    @pytest.mark.training
    def test_a_heavy_kl_term_collapses(self, ask, digits):
        _, mu, logvar, _ = ask(probe.train, digits.train_images, digits.test_images, 2, 50.0, 15, timeout=300)
        expect_below(divergence(mu, logvar).mean(), 0.005, "With beta = 50 the code is given up: KL 0.00 nats.")


def divergence(mu: object, logvar: object) -> torch.Tensor:
    """KL divergence from the prior of each of the 400 test images, by the library's distributions."""
    mu, logvar = expect_tensor(mu, (400, 2), "mu"), expect_tensor(logvar, (400, 2), "logvar")
    # Of a model that has gone astray the scales may be 0 or infinite: then the divergence is no number that passes.
    q = Normal(mu, logvar.div(2).exp(), validate_args=False)
    return kl_divergence(q, Normal(torch.zeros_like(mu), 1.0)).sum(dim=1)


def as_images(samples: object) -> torch.Tensor:
    """The samples that a training probe sent, as float32 images; raises WrongAnswer if they are none."""
    samples = expect_tensor(samples, (2000, 1, 8, 8), name="the samples").float()
    expect_that(samples.min() >= 0 and samples.max() <= 1, "The samples do not lie in [0, 1].")
    return samples


@exercise("2.5", points=3)
class TestImportanceBound:
    """The K-sample bound."""

    def test_one_sample_is_the_elbo(self, ask, rng):
        log_w = rng.normal(1, 6)
        expect(ask("vae.importance_bound", log_w), log_w[0], "With K = 1 the bound is the log-weight itself.")

    def test_of_two_samples(self, ask):
        bound = ask("vae.importance_bound", tensor([[0.0, log(2)], [log(3), log(6)]]))
        expect(bound, [log(2), log(4)], "The mean of the weights 1 and 3 is 2; of 2 and 6 it is 4. Then the logarithm.")

    def test_shifts_with_the_weights(self, ask, rng):
        log_w, shift = rng.normal(7, 4), rng.number(3, 9)
        at_0 = expect_tensor(ask("vae.importance_bound", log_w), (4,))
        expect(ask("vae.importance_bound", log_w + shift), at_0 + shift, "All weights times c: the bound grows by log c.")

    def test_lies_between_mean_and_maximum(self, ask, rng):
        log_w = 3 * rng.normal(9, 20)
        bound = expect_tensor(ask("vae.importance_bound", log_w), (20,))
        expect_that((bound > log_w.mean(dim=0)).all(), "By Jensen it lies above the mean of the log-weights.")
        expect_that((bound < log_w.max(dim=0).values).all(), "It lies below the largest log-weight.")

    def test_is_stable(self, ask):
        log_w = tensor([1000.0, 0.0, -1000.0]).expand(5, 3)
        expect(ask("vae.importance_bound", log_w), [1000.0, 0.0, -1000.0], "Equal weights: the bound is their logarithm.")

    def test_of_weights_far_apart(self, ask):
        bound = ask("vae.importance_bound", tensor([[0.0, 1000.0], [-1000.0, 1001.0], [5.0, -1000.0]]))
        wanted = [log((1 + exp(5)) / 3), 1000 + log((1 + exp(1)) / 3)]
        expect(bound, wanted, "A weight that is far below the others counts 0; each image by itself.", rtol=0, atol=1e-3)

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "vae.importance_bound", rng.normal(4, 3))


@exercise("2.6", points=2)
class TestLatentGrid:
    """The grid of the manifold picture."""

    def test_starts_at_the_top_left(self, ask):
        grid = expect_tensor(ask("vae.latent_grid", 15, 4.0), (225, 2))
        expect(grid[0], [-4.0, 4.0], "The first point is the top left: z_0 = -4, z_1 = 4.")
        expect(grid[-1], [4.0, -4.0], "The last point is the bottom right.")

    def test_runs_along_the_rows(self, ask):
        wanted = [[-2, 2], [0, 2], [2, 2], [-2, 0], [0, 0], [2, 0], [-2, -2], [0, -2], [2, -2]]
        expect(ask("vae.latent_grid", 3, 2.0), wanted, "As a page is read: to the right, then the next row below.")

    def test_is_evenly_spaced(self, ask):
        grid = expect_tensor(ask("vae.latent_grid", 5, 1.0), (25, 2))
        expect(grid[:5, 0], [-1.0, -0.5, 0.0, 0.5, 1.0], "Five points from -1 to 1, both ends included.")

    @pytest.mark.parametrize("low", [2, 4, 5, 31])
    def test_of_any_size(self, ask, rng, low):
        n, limit = low if low < 5 else int(rng.integers(low, 4 * low, 1)), rng.number(0.5, 6.0)
        steps = torch.linspace(-1, 1, n, dtype=torch.float64) * limit
        wanted = torch.stack([steps.repeat(n), -steps.repeat_interleave(n)], dim=1)
        expect(ask("vae.latent_grid", n, limit), wanted, f"{n} x {n} points over [-{limit:.4g}, {limit:.4g}], as a page is read.")

    def test_default_is_the_picture_of_the_chapter(self, ask):
        grid = expect_tensor(ask("vae.latent_grid"), (225, 2))
        expect(grid.abs().max(), 4.0, "15 x 15 points over [-4, 4].")


@exercise("2.7", points=3)
class TestGradientEstimators:
    """Two gradients of an expectation."""

    N = 40_000

    def estimates(self, ask, rng, function, mu):
        return expect_tensor(ask(f"vae.{function}", mu, self.N, generator=rng.seeded()), (self.N,))

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    @pytest.mark.parametrize("mu", [1.5, -0.7, 0.0])
    def test_is_unbiased(self, ask, rng, function, mu):
        given = self.estimates(ask, rng, function, mu)
        error = 4.5 * max(1.0, float(given.std())) / self.N**0.5
        expect(given.mean(), 2 * mu, f"E[z^2] = mu^2 + 1, so the mean of the estimates is 2 mu = {2 * mu:g}.", atol=error, rtol=0)

    def test_variance_of_the_pathwise_gradient(self, ask, rng):
        given = self.estimates(ask, rng, "pathwise_gradient", 1.5)
        expect(given.var(), 4.0, "One pathwise estimate has variance 4.", rtol=0.05)

    def test_variance_of_the_score_function_gradient(self, ask, rng):
        given = self.estimates(ask, rng, "score_function_gradient", 1.5)
        wanted = 1.5**4 + 14 * 1.5**2 + 15
        expect(given.var(), wanted, "One score-function estimate has variance mu^4 + 14 mu^2 + 15.", rtol=0.2)

    def test_the_score_function_is_the_noisier_one(self, ask, rng):
        score = self.estimates(ask, rng, "score_function_gradient", 1.5)
        path = self.estimates(ask, rng, "pathwise_gradient", 1.5)
        expect_above(score.var() / path.var(), 8.0, "At mu = 1.5 the ratio of the variances is about 13.")

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    def test_follows_the_law_of_the_estimator(self, ask, rng, function):
        mu = rng.number(0.5, 2.5) * (1 - 2 * int(rng.integers(0, 2, 1)))
        given = self.estimates(ask, rng, function, mu)
        eps = Normal(0.0, 1.0).icdf((torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000)
        score = function == "score_function_gradient"
        law = (mu + eps) ** 2 * eps if score else 2 * (mu + eps)
        formula = "z^2 (z - mu)" if score else "2 z"
        expect_quantiles(given, law, f"The estimates are spread like {formula} for z ~ N(mu, 1), here with mu = {mu:.4g}:")

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    def test_repeats_with_the_same_generator(self, ask, rng, function):
        seeded, other = rng.seeded(), rng.seeded()
        first = expect_tensor(ask(f"vae.{function}", 0.5, 10, generator=seeded), (10,))
        expect(ask(f"vae.{function}", 0.5, 10, generator=seeded), first, "The same generator gives the same estimates.")
        again = expect_tensor(ask(f"vae.{function}", 0.5, 10, generator=other), (10,))
        expect_that(not torch.allclose(first, again), "Another generator gives other estimates.")

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    def test_one_generator_gives_new_estimates_every_time(self, ask, rng, function):
        first, second, before, after = ask(probe.estimate_twice, function, 0.5, 10, rng.seed())
        first, second = expect_tensor(first, (10,)), expect_tensor(second, (10,))
        why = "Two calls with one generator give the same estimates: draw from the generator, do not seed from it."
        expect_that(not torch.allclose(first, second), why)
        expect(after, expect_tensor(before), "torch's global generator was touched although one was given.")

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    def test_draws_from_the_global_generator_if_none_is_given(self, ask, function):
        first, again = (expect_tensor(ask(f"vae.{function}", 0.5, 10), (10,)) for _ in range(2))
        expect_that(not torch.allclose(first, again), "Without a generator two calls give the same estimates.")

    @pytest.mark.parametrize("function", ["score_function_gradient", "pathwise_gradient"])
    def test_estimates_are_independent(self, ask, rng, function):
        given = self.estimates(ask, rng, function, 0.8)
        given = given - given.mean()
        for name, one, other in (
            ("neighbors", given[0::2], given[1::2]),
            ("the two halves", given[: self.N // 2], given[self.N // 2 :]),
            ("both ends", given[: self.N // 2], given.flip(0)[: self.N // 2]),
        ):
            correlation = (one * other).mean() / (one.std() * other.std())
            expect(correlation, 0.0, f"Each estimate has a z of its own: correlation of {name}.", atol=5 / (self.N / 2) ** 0.5)


@exercise("2.8", points=1)
class TestActiveUnits:
    """How many latent dimensions are used."""

    def test_counts_the_dimensions_that_move(self, ask, rng):
        mu = rng.normal(200, 5) * tensor([1.0, 1e-3, 0.5, 0.0, 2.0])
        expect_whole_number(ask("vae.active_units", mu), 3, "Three of the five columns vary with x.")

    def test_a_constant_code_says_nothing(self, ask):
        mu = tensor([3.0, -2.0]).expand(50, 2)
        expect_whole_number(
            ask("vae.active_units", mu), 0, "A mean that is the same for every image carries nothing, large or not."
        )

    def test_measures_the_variance_and_no_other_spread(self, ask, rng):
        n, threshold = 400, rng.number(0.01, 0.5)
        even = torch.linspace(-1, 1, n).repeat(2, 1).T
        skewed = -rng.uniform(n, 2, low=1e-3).log()
        rare = (torch.arange(n) % 20 == 0).float().repeat(2, 1).T
        columns = torch.cat([even, skewed, rare], dim=1).double()
        columns = (columns - columns.mean(dim=0)) / columns.std(dim=0)
        mu = columns * (threshold * tensor([1.3, 0.7] * 3)).sqrt()
        why = "Three of the six columns have a variance of 1.3 times the threshold, three of 0.7 times."
        expect_whole_number(ask("vae.active_units", mu.float(), threshold=threshold), 3, why)

    def test_default_threshold_is_a_hundredth(self, ask, rng):
        columns = rng.normal(400, 6).double()
        columns = (columns - columns.mean(dim=0)) / columns.std(dim=0)
        mu = columns * tensor([0.013, 0.007] * 3).sqrt()
        why = "Three of the six columns have a variance of 0.013, three of 0.007: the threshold is 0.01 unless another is given."
        expect_whole_number(ask("vae.active_units", mu.float()), 3, why)

    def test_is_not_misled_by_a_large_mean(self, ask, rng):
        mu = tensor([1000.0, 2000.0, 3000.0]).repeat(4) + rng.normal(300, 12) * tensor([1.0] * 6 + [1e-3] * 6)
        expect_whole_number(ask("vae.active_units", mu), 6, "Six of twelve columns around 1000, 2000 and 3000 vary.")

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "vae.active_units", rng.normal(20, 3))

    def test_compares_the_variance_with_the_threshold(self, ask, rng):
        mu = 0.3 * rng.normal(500, 4)
        expect_whole_number(ask("vae.active_units", mu, threshold=0.5), 0, "Variances of 0.09 are below 0.5.")
        expect_whole_number(ask("vae.active_units", mu, threshold=0.2), 0, "Variances of 0.09 are below 0.2.")
        expect_whole_number(ask("vae.active_units", mu, threshold=0.02), 4, "Variances of 0.09 are above 0.02.")
