"""Chapter 0: orientation. Each class judges one exercise of ``ganlib/bayes.py``."""

from math import exp, log

import torch
from torch.distributions import MultivariateNormal

from autograde.testing import exercise, expect, expect_fields, expect_tensor, expect_that, expect_untouched, probes, tensor, zeros

probe = probes("bayes")


@exercise("0.1", points=2)
class TestPosterior:
    """From p(x | y) to p(y | x)."""

    def test_of_a_medical_test(self, ask):
        likelihood = tensor([[0.99, 0.05], [0.01, 0.95]]).log()
        found = ask("bayes.posterior", likelihood, tensor([0.01, 0.99]).log())
        ill = 0.99 * 0.01 / (0.99 * 0.01 + 0.05 * 0.99)
        missed = 0.01 * 0.01 / (0.01 * 0.01 + 0.95 * 0.99)
        why = "1 in 100 is ill; the test finds 99 of 100 ill people and alarms 5 of 100 healthy ones: Bayes' rule by hand."
        expect(found, [[ill, 1 - ill], [missed, 1 - missed]], why)

    def test_each_row_sums_to_one(self, ask, rng):
        found = expect_tensor(ask("bayes.posterior", 3 * rng.normal(7, 4), rng.normal(4)), (7, 4))
        expect(found.sum(dim=1), torch.ones(7), "A point belongs to one of the classes: each row sums to 1.")

    def test_is_the_prior_where_the_data_say_nothing(self, ask):
        prior = tensor([0.2, 0.5, 0.3])
        found = ask("bayes.posterior", torch.full((2, 3), -4.0), prior.log())
        expect(found, prior.expand(2, 3), "All classes explain the point equally well: what remains is the prior.")

    def test_is_the_likelihood_normalized_where_the_prior_is_flat(self, ask, rng):
        likelihood = rng.uniform(5, 3, low=0.1, high=2.0)
        found = ask("bayes.posterior", likelihood.log(), torch.full((3,), -log(3)))
        wanted = likelihood / likelihood.sum(dim=1, keepdim=True)
        expect(found, wanted, "With a flat prior the classes share 1 in proportion to their likelihoods.")

    def test_of_densities_that_underflow_and_overflow(self, ask):
        rows = tensor([[-1000.0, -1001.0], [1000.0, 999.0], [0.0, -1.0]])
        found = ask("bayes.posterior", rows, tensor([0.5, 0.5]).log())
        p = 1 / (1 + exp(-1))
        why = "Only the difference of the logarithms counts, here 1 in each row; exp(-1000) is 0 and exp(1000) is infinite."
        expect(found, [[p, 1 - p]] * 3, why)

    def test_of_a_class_that_never_occurs(self, ask):
        found = ask("bayes.posterior", tensor([[0.0, 0.0, 0.0]]), tensor([0.5, 0.5, 0.0]).log())
        expect(found, [[0.5, 0.5, 0.0]], "A class with prior 0 has posterior 0, whatever the data say.")

    def test_of_gaussians_with_one_covariance_is_logistic_regression(self, ask, rng):
        root = rng.normal(2, 2) + 2 * torch.eye(2)
        cov, means, x, prior = root @ root.T, 2 * rng.normal(2, 2), 2 * rng.normal(9, 2), 0.3
        log_px = torch.stack([MultivariateNormal(mean, cov).log_prob(x) for mean in means], dim=1)
        w = torch.linalg.solve(cov.double(), (means[1] - means[0]).double())
        b = -0.5 * (means[1] + means[0]).double() @ w + log(prior / (1 - prior))
        found = expect_tensor(ask("bayes.posterior", log_px, tensor([1 - prior, prior]).log()), (9, 2))
        why = "With a shared covariance the logit of class 1 is linear in x: logistic regression."
        expect(found[:, 1], torch.sigmoid(x.double() @ w + b), why, rtol=1e-3, atol=1e-4)

    def test_lets_the_gradient_through(self, ask, rng):
        scores, prior, weights = rng.normal(4, 3), rng.normal(3), rng.normal(4, 3)
        inputs = [scores.double().requires_grad_(), prior.double().requires_grad_()]
        wanted = torch.autograd.grad((weights * torch.softmax(inputs[0] + inputs[1], dim=1)).sum(), inputs)
        found = expect_fields(ask(probe.posterior_gradients, scores, prior, weights), "by_likelihood", "by_prior")
        for each, right in zip(found, wanted, strict=True):
            expect(each, right, "The probabilities can be differentiated by both arguments: no .detach(), .item() or numpy.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "bayes.posterior", rng.normal(4, 3), rng.normal(3))


@exercise("0.2", points=2)
class TestSampleClassConditional:
    """Draws from p(x | y)."""

    MEANS = tensor([[10.0, 0.0], [0.0, 10.0], [-10.0, 5.0]])
    COVS = tensor([[[4.0, 1.2], [1.2, 1.0]], [[0.25, 0.0], [0.0, 9.0]], [[1.0, -0.9], [-0.9, 1.0]]])

    def draw(self, ask, y, means, covs, generator):
        return expect_tensor(ask("bayes.sample_class_conditional", y, means, covs, generator), (len(y), means.shape[1]))

    def test_row_i_belongs_to_label_i(self, ask, rng):
        y = tensor([2, 0, 1, 1, 0, 2, 2])
        found = self.draw(ask, y, self.MEANS, 1e-8 * self.COVS, rng.seeded())
        expect(found, self.MEANS[y], "With hardly any variance each sample is the mean of its class.", atol=0.01, rtol=0)

    def test_has_the_moments_of_its_class(self, ask, rng):
        n = 6000
        y = torch.arange(3 * n) % 3
        found = self.draw(ask, y, self.MEANS, self.COVS, rng.seeded())
        for label in range(3):
            x, mean, cov = found[y == label], self.MEANS[label].double(), self.COVS[label].double()
            error = 4.5 * (cov.diagonal() / n).sqrt()
            why = f"The mean of many samples of class {label} is its mean."
            expect(
                (x.mean(dim=0) - mean) / error, zeros(2), why, atol=1, rtol=0, name="deviation in units of 4.5 standard errors"
            )
            spread = 4.5 * ((cov.diagonal().outer(cov.diagonal()) + cov**2) / n).sqrt()
            why = f"The covariance of many samples of class {label} is its covariance matrix, off the diagonal too."
            expect((x.T.cov() - cov) / spread, zeros(2, 2), why, atol=1, rtol=0, name="deviation in units of 4.5 standard errors")

    def test_is_normal_and_not_only_of_the_right_variance(self, ask, rng):
        n = 8000
        found = self.draw(ask, torch.zeros(n, dtype=torch.int64), zeros(1, 3), torch.eye(3).expand(1, 3, 3).clone(), rng.seeded())
        tail = (found.abs() > 2).double().mean()
        expect(tail, 0.0455, "4.55 % of a normal distribution lie beyond two standard deviations.", atol=0.01, rtol=0)

    def test_one_label_gives_as_many_pictures_as_you_like(self, ask, rng):
        found = self.draw(ask, torch.ones(50, dtype=torch.int64), self.MEANS, self.COVS, rng.seeded())
        distinct = len(found.unique(dim=0))
        expect_that(
            distinct == 50, f"50 draws with one label gave {distinct} different points: p(x | y) is a distribution, not a point."
        )

    def test_draws_are_independent(self, ask, rng):
        n = 4000
        y = torch.zeros(2 * n, dtype=torch.int64)
        found = self.draw(ask, y, zeros(1, 2), torch.eye(2)[None], rng.seeded())
        pairs = torch.cat([found[0::2], found[1::2]], dim=1).T.corrcoef() - torch.eye(4, dtype=torch.float64)
        expect(
            pairs, zeros(4, 4), "Neighboring rows are uncorrelated: each draw has noise of its own.", atol=4.5 / n**0.5, rtol=0
        )

    def test_of_eight_dimensions(self, ask, rng):
        root = torch.linalg.qr(rng.normal(8, 8)).Q * torch.arange(1.0, 9.0)
        cov, n = (root @ root.T)[None], 6000
        found = self.draw(ask, torch.zeros(n, dtype=torch.int64), zeros(1, 8), cov, rng.seeded())
        white = torch.linalg.solve(root.double(), found.T)
        why = "In the axes of the covariance matrix the samples are uncorrelated, with variance 1."
        expect(white.cov(), torch.eye(8), why, atol=4.5 * (2 / n) ** 0.5, rtol=0)

    def test_draws_from_the_generator_that_is_given(self, ask, rng):
        y, seed = torch.arange(12) % 3, rng.seed()
        first, second, before, after = expect_fields(
            ask(probe.sample_twice, y, self.MEANS, self.COVS, seed), "first", "second", "before", "after"
        )
        again, *_ = ask(probe.sample_twice, y, self.MEANS, self.COVS, seed)
        expect(again, expect_tensor(first, (12, 2)), "The same seed gives the same samples.", rtol=0, atol=0)
        moved = (expect_tensor(second, (12, 2)) - expect_tensor(first, (12, 2))).abs().min()
        expect_that(moved > 0, "Two calls with one generator gave the same samples: draw from it, do not seed anew.")
        expect(
            after, expect_tensor(before), "torch's global generator was used: draw from the one that is given.", rtol=0, atol=0
        )

    def test_keeps_the_precision_of_the_means(self, ask, rng):
        means = tensor([[1.0, 2.0]], dtype=torch.float64) + 1e-10
        found = ask(
            "bayes.sample_class_conditional", tensor([0]), means, 1e-24 * torch.eye(2, dtype=torch.float64)[None], rng.seeded()
        )
        expect(found, means, "Means in float64 give samples in float64.", atol=1e-11, rtol=0)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "bayes.sample_class_conditional", tensor([0, 2, 1]), self.MEANS, self.COVS)
