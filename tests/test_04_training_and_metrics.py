"""Chapter 4: why training fails, and how to measure it.

Each class judges one exercise of ``ganlib/dynamics.py`` or ``ganlib/metrics.py``.
"""

import math
from functools import cache

import pytest
import torch
import torch.nn.functional as F

from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_below,
    expect_dtype,
    expect_fields,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    kind_of,
    tensor,
    zeros,
)

METHODS = ["simultaneous", "alternating", "extragradient"]
LOSSES = ["wgan", "saturating", "non_saturating"]


def expect_path(value: object, n_steps: int, start: tuple[float, float]) -> torch.Tensor:
    """A path of n_steps + 1 points that begins at the start, in float64; raises WrongAnswer if it is none."""
    path = expect_tensor(value, (n_steps + 1, 2), "the path")
    expect(path[0], start, "Row 0 of the path is the start, before any step.")
    return path


@exercise("4.1", points=2)
class TestBilinearGame:
    """A game that turns in circles."""

    @pytest.mark.parametrize(
        ("method", "wanted"), [("simultaneous", (2.5, 5.3)), ("alternating", (2.5, 5.25)), ("extragradient", (2.47, 5.25))]
    )
    def test_first_step(self, ask, method, wanted):
        path = expect_path(ask("dynamics.bilinear_game", 3.0, 5.0, 0.1, 1, method=method), 1, (3.0, 5.0))
        expect(path[1], wanted, f"One {method} step of 0.1 from (3, 5): x goes down its slope y, y up its slope x.")

    @pytest.mark.parametrize("lr", [0.1, 0.5, 0.0])
    def test_simultaneous_steps_grow(self, ask, rng, lr):
        lr, x, y = lr or rng.number(0.05, 0.9), rng.number(0.5, 2), rng.number(-2, -0.5)
        path = expect_path(ask("dynamics.bilinear_game", x, y, lr, 40), 40, (x, y))
        wanted = torch.full((40,), math.sqrt(1 + lr**2))
        growth = path[1:].norm(dim=1) / path[:-1].norm(dim=1)
        expect(
            growth,
            wanted,
            f"A simultaneous step multiplies the distance from 0 by (1 + lr^2)^(1/2), lr = {lr:.4g}.",
            rtol=1e-5,
        )

    @pytest.mark.parametrize("lr", [0.1, 1.9, 0.0])
    def test_alternating_steps_keep_an_ellipse(self, ask, rng, lr):
        lr, x, y = lr or rng.number(0.2, 1.5), rng.number(0.5, 2), rng.number(-2, -0.5)
        path = expect_path(ask("dynamics.bilinear_game", x, y, lr, 100, method="alternating"), 100, (x, y))
        kept = path[:, 0] ** 2 + path[:, 1] ** 2 - lr * path[:, 0] * path[:, 1]
        expect(kept / kept[0], torch.ones(101), f"Alternating steps keep x^2 + y^2 - lr x y, here with lr = {lr:.4g}.", rtol=1e-3)

    def test_alternating_steps_of_size_one_return_after_six(self, ask):
        path = expect_path(ask("dynamics.bilinear_game", 2.0, 1.0, 1.0, 6, method="alternating"), 6, (2.0, 1.0))
        wanted = [[2, 1], [1, 2], [-1, 1], [-2, -1], [-1, -2], [1, -1], [2, 1]]
        expect(path, wanted, "With a learning rate of 1 the alternating game returns to its start after six steps.")

    @pytest.mark.parametrize("lr", [0.1, 0.7, 0.0])
    def test_extragradient_steps_shrink(self, ask, rng, lr):
        lr, x, y = lr or rng.number(0.1, 0.9), rng.number(0.5, 2), rng.number(-2, -0.5)
        path = expect_path(ask("dynamics.bilinear_game", x, y, lr, 20, method="extragradient"), 20, (x, y))
        wanted = torch.full((20,), math.sqrt(1 - lr**2 + lr**4))
        shrinking = path[1:].norm(dim=1) / path[:-1].norm(dim=1)
        why = f"Each extragradient step multiplies the distance from 0 by (1 - lr^2 + lr^4)^(1/2), lr = {lr:.4g}."
        expect(shrinking, wanted, why, rtol=1e-5)

    @pytest.mark.parametrize("method", METHODS)
    def test_without_a_step_there_is_the_start(self, ask, rng, method):
        x, y = rng.number(-2, 2), rng.number(-2, 2)
        expect_path(ask("dynamics.bilinear_game", x, y, 0.3, 0, method=method), 0, (x, y))

    @pytest.mark.parametrize("method", METHODS)
    def test_at_the_equilibrium_nothing_moves(self, ask, method):
        path = expect_path(ask("dynamics.bilinear_game", 0.0, 0.0, 0.5, 5, method=method), 5, (0.0, 0.0))
        expect(path, zeros(6, 2), "At (0, 0) both slopes are 0: nobody moves.")

    @pytest.mark.parametrize("method", METHODS)
    def test_is_in_float64(self, ask, rng, method):
        x, y = rng.number(1, 2), rng.number(0.5, 1)
        path = ask("dynamics.bilinear_game", x, y, 0.1, 20, method=method)
        expect_dtype(path, torch.float64, "the path")
        # One step of each method is linear: the matrix of what x and y become.
        tried = tensor([[1.0, -0.1], [0.1, 1.0]], dtype=torch.float64)
        step = {
            "simultaneous": tried,
            "alternating": tensor([[1.0, -0.1], [0.1, 0.99]], dtype=torch.float64),
            "extragradient": torch.eye(2, dtype=torch.float64) + (tried - torch.eye(2)) @ tried,
        }[method]
        wanted = torch.linalg.matrix_power(step, 20) @ tensor([x, y], dtype=torch.float64)
        expect(expect_tensor(path, (21, 2))[-1], wanted, "In float64 the path is right to ten digits.", rtol=1e-10, atol=1e-10)


def follow_dirac_gan(theta: float, psi: float, lr: float, n_steps: int, loss: str, r1: float) -> torch.Tensor:
    """The path of the smallest GAN, with the derivatives of the losses taken by autograd."""
    path = [(theta, psi)]
    for _ in range(n_steps):
        sample, slope = tensor(theta, dtype=torch.float64), tensor(psi, dtype=torch.float64, requires_grad=True)
        logit = slope * sample
        (-logit if loss == "wgan" else F.logsigmoid(-logit)).mul(-1).add(r1 / 2 * slope**2).backward()
        psi -= lr * float(slope.grad)
        sample = tensor(theta, dtype=torch.float64, requires_grad=True)
        logit = psi * sample
        {"wgan": -logit, "saturating": F.logsigmoid(-logit), "non_saturating": -F.logsigmoid(logit)}[loss].backward()
        theta -= lr * float(sample.grad)
        path.append((theta, psi))
    return tensor(path, dtype=torch.float64)


@exercise("4.2", points=3)
class TestDiracGAN:
    """The smallest GAN."""

    @pytest.mark.parametrize(("r1", "wanted"), [(0.0, (1.04, 0.4)), (2.0, (1.03, 0.3))])
    def test_first_step_of_the_wasserstein_loss(self, ask, r1, wanted):
        path = expect_path(ask("dynamics.dirac_gan", 1.0, 0.5, 0.1, 1, "wgan", r1=r1), 1, (1.0, 0.5))
        why = f"A step of 0.1 from (1, 0.5), r1 = {r1:g}: psi loses 0.1 (theta + r1 psi), then theta gains 0.1 psi."
        expect(path[1], wanted, why)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_follows_the_gradients_of_the_losses(self, ask, rng, loss):
        theta, psi, lr = rng.number(1, 3), rng.number(0.5, 1.5), rng.number(0.1, 0.4)
        path = expect_path(ask("dynamics.dirac_gan", theta, psi, lr, 30, loss), 30, (theta, psi))
        why = f"Both players follow the gradients of the {loss} losses, the discriminator first."
        expect(path, follow_dirac_gan(theta, psi, lr, 30, loss, 0.0), why, rtol=1e-3, atol=1e-3)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_follows_the_gradients_of_the_losses_with_a_penalty(self, ask, rng, loss):
        theta, psi, lr, r1 = rng.number(1, 3), rng.number(0.5, 1.5), rng.number(0.1, 0.4), rng.number(0.3, 1.5)
        path = expect_path(ask("dynamics.dirac_gan", theta, psi, lr, 30, loss, r1=r1), 30, (theta, psi))
        why = f"The penalty r1 / 2 * psi^2 is a part of the discriminator's loss and of no other, here with r1 = {r1:.3g}."
        expect(path, follow_dirac_gan(theta, psi, lr, 30, loss, r1), why, rtol=1e-3, atol=1e-3)

    @pytest.mark.parametrize("lr", [0.1, 0.0])
    def test_the_wasserstein_loss_turns_for_ever(self, ask, rng, lr):
        lr, theta, psi = lr or rng.number(0.2, 1), rng.number(0.5, 2), rng.number(-2, -0.5)
        path = expect_path(ask("dynamics.dirac_gan", theta, psi, lr, 200, "wgan"), 200, (theta, psi))
        kept = path[:, 0] ** 2 + path[:, 1] ** 2 - lr * path[:, 0] * path[:, 1]
        expect(kept / kept[0], torch.ones(201), "Without penalty theta^2 + psi^2 - lr theta psi stays as it is.", rtol=1e-3)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_the_penalty_ends_the_turning(self, ask, rng, loss):
        theta, psi = rng.number(0.5, 1.5), rng.number(0.5, 1.5)
        path = expect_path(ask("dynamics.dirac_gan", theta, psi, 0.1, 500, loss, r1=1.0), 500, (theta, psi))
        expect_below(path[-1].norm(), 0.01, "With r1 = 1 both players end at the equilibrium (0, 0): distance after 500 steps.")

    def test_a_sure_discriminator_stops_the_saturating_generator(self, ask):
        path = expect_path(ask("dynamics.dirac_gan", 5.0, -8.0, 0.1, 1, "saturating"), 1, (5.0, -8.0))
        expect(path[1], (5.0, -8.0), "Logit -40: both saturating derivatives are about e^-40, nobody moves.")
        path = expect_path(ask("dynamics.dirac_gan", 5.0, -8.0, 0.1, 1, "non_saturating"), 1, (5.0, -8.0))
        expect(path[1], (4.2, -8.0), "Logit -40: the non-saturating derivative is psi = -8, so theta loses 0.8.")

    @pytest.mark.parametrize("loss", ["saturating", "non_saturating"])
    def test_is_finite_for_sure_discriminators(self, ask, loss):
        far = expect_path(ask("dynamics.dirac_gan", 60.0, 50.0, 1e-3, 2, loss), 2, (60.0, 50.0))
        expect(far, follow_dirac_gan(60.0, 50.0, 1e-3, 2, loss, 0.0), "Logit 3000: the sigmoid is 1, nothing overflows.")
        far = expect_path(ask("dynamics.dirac_gan", 60.0, -50.0, 1e-3, 2, loss), 2, (60.0, -50.0))
        expect(far, follow_dirac_gan(60.0, -50.0, 1e-3, 2, loss, 0.0), "Logit -3000: the sigmoid is 0, nothing overflows.")

    def test_is_in_float64_and_without_history(self, ask, rng):
        theta, psi = rng.number(1, 2), rng.number(0.5, 1)
        path = ask("dynamics.dirac_gan", theta, psi, 0.1, 20, "non_saturating")
        expect_dtype(path, torch.float64)
        wanted = follow_dirac_gan(theta, psi, 0.1, 20, "non_saturating", 0.0)
        expect(path, wanted, "In float64 the path is right to ten digits.", rtol=1e-10, atol=1e-10)

    def test_without_a_step_there_is_the_start(self, ask, rng):
        theta, psi = rng.number(-2, 2), rng.number(-2, 2)
        expect_path(ask("dynamics.dirac_gan", theta, psi, 0.1, 0, "wgan", r1=1.0), 0, (theta, psi))


RING = tensor([[2 * math.cos(i * math.pi / 4), 2 * math.sin(i * math.pi / 4)] for i in range(8)])


@exercise("4.3", points=2)
class TestModeCoverage:
    """Which modes are there, and who is near one."""

    def covered(self, ask, *args, **kwargs) -> tuple[object, torch.Tensor]:
        modes, share = expect_fields(ask("metrics.mode_coverage", *args, **kwargs), "modes", "share")
        if not isinstance(share, float):
            raise WrongAnswer("type", f"the share is {kind_of(share)}; wanted a float.")
        return modes, tensor(share)

    def test_counts_modes_and_samples(self, ask, rng):
        samples = torch.cat([RING[[0, 3, 3, 3, 5]] + 0.02 * rng.normal(5, 2), zeros(5, 2)])
        modes, share = self.covered(ask, samples, RING, 0.2)
        expect_whole_number(modes, 3, "Samples lie at three of the eight centers.")
        expect(share, 0.5, "Five of ten samples lie near a center; the others are in the middle of the ring.")

    def test_far_from_every_mode_nothing_is_covered(self, ask, rng):
        modes, share = self.covered(ask, 100 + rng.normal(50, 2), RING, 0.2)
        expect_whole_number(modes, 0, "No sample is within the radius of a center: the nearest one may be far away.")
        expect(share, 0.0, "No sample is within the radius of a center.")

    def test_all_modes(self, ask, rng):
        samples = RING.repeat(20, 1) + 0.03 * rng.normal(160, 2)
        modes, share = self.covered(ask, samples, RING, 0.5)
        expect_whole_number(modes, 8, "Twenty samples around each of the eight centers.")
        expect(share, 1.0, "Every sample is within the radius.")

    def test_one_sample_covers_a_mode(self, ask):
        samples = torch.cat([RING[:1].repeat(999, 1), RING[4:5]])
        modes, share = self.covered(ask, samples, RING, 0.1)
        expect_whole_number(modes, 2, "999 samples at one center and a single one at another: both are covered.")

    def test_the_radius_is_a_distance(self, ask):
        samples, centers = tensor([[3.0, 4.0], [3.0, 4.1], [0.0, 5.0], [-4.0, 3.2]]), tensor([[0.0, 0.0], [50.0, 50.0]])
        modes, share = self.covered(ask, samples, centers, 5.0)
        expect_whole_number(modes, 1, "Only the center at (0, 0) has samples within the radius of 5.")
        expect(share, 0.5, "Distances 5, 5.08, 5 and 5.12, radius 5: a sample at exactly the radius is near.")

    def test_a_sample_belongs_to_the_nearest_center(self, ask):
        modes, share = self.covered(ask, tensor([[0.4, 0.0], [0.3, 0.1]]), tensor([[0.0, 0.0], [1.0, 0.0]]), 0.9)
        expect_whole_number(modes, 1, "Both samples are within the radius of two centers, but nearest to one and the same.")
        expect(share, 1.0, "Each sample counts once.")

    @pytest.mark.parametrize("d", [2, 4])
    def test_agrees_with_counting_by_hand(self, ask, rng, d):
        samples, centers, radius = rng.normal(300, d), rng.normal(9, d), rng.number(0.2, 0.5) * d / 2
        near = [
            (min(range(9), key=lambda j: math.dist(sample, centers[j].tolist())), sample)
            for sample in samples.tolist()
            if min(math.dist(sample, center) for center in centers.tolist()) <= radius
        ]
        modes, share = self.covered(ask, samples, centers, radius)
        expect_whole_number(
            modes, len({mode for mode, _ in near}), f"300 samples in {d} dimensions, 9 centers, radius {radius:.4g}."
        )
        expect(share, len(near) / 300, f"300 samples in {d} dimensions, 9 centers, radius {radius:.4g}, one by one.")

    def test_stays_exact_far_from_0(self, ask, rng):
        place = tensor([3000.0, -2000.0])
        modes, share = self.covered(ask, place + RING.repeat(5, 1) + 0.01 * rng.normal(40, 2), place + RING, 0.1)
        why = "Five samples around each of eight centers, all of them far from 0: distances by a matrix product are lost there."
        expect_whole_number(modes, 8, why)
        expect(share, 1.0, why)

    def test_samples_that_are_nan_are_near_no_mode(self, ask):
        samples = tensor([[float("nan"), 0.0], [2.0, 0.0], [float("inf"), 1.0], [float("nan"), float("nan")]])
        modes, share = self.covered(ask, samples, RING, 0.1)
        expect_whole_number(modes, 1, "One sample lies at a center, three are NaN or infinite.")
        expect(share, 0.25, "Of four samples three are NaN or infinite: they count as samples, near no mode.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "metrics.mode_coverage", rng.normal(6, 2), rng.normal(3, 2), 0.5)


def covariance(rng, d: int, n: int | None = None) -> torch.Tensor:
    """The covariance of n (default 3 d) random points whose axes differ in scale, float64."""
    points = rng.normal(n or 3 * d, d).double() @ rng.normal(d, d).double()
    return points.T.cov()


@exercise("4.4", points=4)
class TestFrechetDistance:
    """The distance of two Gaussians."""

    def test_of_a_shift(self, ask, rng):
        sigma = covariance(rng, 3).float()
        distance = ask("metrics.frechet_distance", zeros(3), sigma, tensor([1.0, 2.0, 2.0]), sigma)
        expect(distance, 9.0, "Equal covariances: what is left is the squared length of the shift (1, 2, 2).", atol=1e-2)

    def test_on_the_line(self, ask):
        distance = ask("metrics.frechet_distance", zeros(1), tensor([[4.0]]), zeros(1), tensor([[25.0]]))
        expect(distance, 9.0, "Standard deviations 2 and 5 on the line: (2 - 5)^2.")

    def test_of_diagonal_covariances(self, ask, rng):
        s1, s2, shift = rng.uniform(5, low=0.5, high=3), rng.uniform(5, low=0.5, high=3), rng.normal(5)
        distance = ask("metrics.frechet_distance", shift, s1.square().diag(), zeros(5), s2.square().diag())
        wanted = shift.square().sum() + (s1 - s2).square().sum()
        expect(
            distance,
            wanted,
            "Diagonal: the squared shift plus the squared differences of the standard deviations.",
            rtol=1e-3,
        )

    def test_of_covariances_with_other_axes(self, ask):
        a, b = tensor([[2.0, 1.0], [1.0, 2.0]]).double(), tensor([[1.0, 0.0], [0.0, 5.0]]).double()
        # In two dimensions the trace of the root of M is (tr M + 2 (det M)^(1/2))^(1/2).
        root = ((a @ b).trace() + 2 * torch.linalg.det(a @ b).sqrt()).sqrt()
        distance = ask("metrics.frechet_distance", zeros(2).double(), a, zeros(2).double(), b)
        expect(distance, a.trace() + b.trace() - 2 * root, "Two ellipses with different axes: the closed form in the plane.")

    @pytest.mark.parametrize("d", [6, 300])
    def test_agrees_with_the_matrix_root_of_scipy(self, ask, rng, d):
        import scipy.linalg

        mu1, mu2, sigma1, sigma2 = rng.normal(d).double(), rng.normal(d).double(), covariance(rng, d), covariance(rng, d)
        root = scipy.linalg.sqrtm((sigma1 @ sigma2).numpy()).real.trace()
        wanted = (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * root
        distance = ask("metrics.frechet_distance", mu1, sigma1, mu2, sigma2)
        expect(distance, wanted, f"Full covariances in {d} dimensions, against scipy's matrix root.", rtol=1e-3)

    def test_of_equal_gaussians_is_zero(self, ask, rng):
        mu, sigma = rng.normal(12).double(), covariance(rng, 12)
        distance = ask("metrics.frechet_distance", mu, sigma, mu.clone(), sigma.clone())
        expect(distance, 0.0, "A Gaussian has distance 0 from itself.", atol=1e-3)

    def test_is_symmetric(self, ask, rng):
        first, second = ((rng.normal(7).double(), covariance(rng, 7)) for _ in range(2))
        there = expect_tensor(ask("metrics.frechet_distance", *first, *second), ())
        expect(ask("metrics.frechet_distance", *second, *first), there, "A distance is the same in both directions.")

    @pytest.mark.parametrize("angle", [0.0, 0.7, math.pi / 2])
    def test_of_singular_covariances(self, ask, angle):
        u, v = tensor([1.0, 0.0, 0.0]).double(), tensor([math.cos(angle), math.sin(angle), 0.0]).double()
        zero = zeros(3).double()
        distance = ask("metrics.frechet_distance", zero, torch.outer(u, u), zero, torch.outer(v, v))
        wanted = 2 - 2 * abs(math.cos(angle))
        expect(distance, wanted, f"Two lines of variance 1 at an angle of {angle:.3g}: 2 - 2 |cos|.", atol=1e-4)

    def test_of_fewer_points_than_dimensions(self, ask, rng):
        a, b = rng.normal(10, 40).double(), rng.normal(15, 40).double()
        # For centered points in the rows of A and B the trace of the root is the sum of the singular values of A B'.
        centered = [(x - x.mean(dim=0)) / (len(x) - 1) ** 0.5 for x in (a, b)]
        overlap = torch.linalg.svdvals(centered[0] @ centered[1].T).sum()
        wanted = (a.mean(dim=0) - b.mean(dim=0)).square().sum() + a.T.cov().trace() + b.T.cov().trace() - 2 * overlap
        distance = ask("metrics.frechet_distance", a.mean(dim=0), a.T.cov(), b.mean(dim=0), b.T.cov())
        expect(
            distance, wanted, "Covariances of 10 and 15 points in 40 dimensions: singular, yet the distance is real.", rtol=1e-3
        )

    def test_of_a_point_and_a_cloud(self, ask):
        distance = ask("metrics.frechet_distance", zeros(4), zeros(4, 4), torch.ones(4), 3 * torch.eye(4))
        expect(distance, 4.0 + 12.0, "A single point (covariance 0) against variance 3 in 4 dimensions, shifted by (1, 1, 1, 1).")

    def test_grows_with_the_square_of_the_scale(self, ask, rng):
        mu1, mu2, sigma1, sigma2 = rng.normal(5).double(), rng.normal(5).double(), covariance(rng, 5), covariance(rng, 5)
        at_1 = expect_tensor(ask("metrics.frechet_distance", mu1, sigma1, mu2, sigma2), ())
        at_10 = ask("metrics.frechet_distance", 10 * mu1, 100 * sigma1, 10 * mu2, 100 * sigma2)
        expect(at_10, 100 * at_1, "All lengths times 10: the squared distance is 100 times as large.", rtol=1e-3)

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_has_the_dtype_of_the_means(self, ask, rng, dtype):
        first, second = ((rng.normal(3).to(dtype), covariance(rng, 3).to(dtype)) for _ in range(2))
        expect_dtype(ask("metrics.frechet_distance", *first, *second), dtype)

    def test_is_never_below_zero(self, ask, rng):
        for _ in range(6):
            mu, sigma = rng.normal(20), 100 * covariance(rng, 20).float()
            distance = expect_tensor(ask("metrics.frechet_distance", mu, sigma, mu, sigma), ())
            expect_above(distance, 0, "A Gaussian and itself: rounding is not to make the distance negative.")

    def test_of_images(self, ask, digits):
        """The targets: what noise and a single digit look like in the features of the classifier."""
        real, others = trap_features()
        moments = {name: (x.double().mean(dim=0), x.double().T.cov()) for name, x in others.items()}
        mu, sigma = real.double().mean(dim=0), real.double().T.cov()
        nfd = {
            name: expect_tensor(ask("metrics.frechet_distance", mu, sigma, *moment), ()) / sigma.trace()
            for name, moment in moments.items()
        }
        expect_below(nfd["other real digits"], 0.03, "Distance of real digits from other real ones, over the variance (nFD).")
        expect_above(nfd["noise"], 0.7, "Distance of noise from real digits, over the variance (nFD).")
        expect_above(nfd["fours alone"], 0.7, "Distance of fours alone from all digits, over the variance (nFD).")

    def test_leaves_its_inputs_alone(self, ask, rng):
        inputs = rng.normal(4).double(), covariance(rng, 4), rng.normal(4).double(), covariance(rng, 4)
        expect_untouched(ask, "metrics.frechet_distance", *inputs)


@cache
def trap_features(seed: int = 0) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Features of the 16 x 16 test digits, and of what a metric may take for digits."""
    from ganlib import data, features

    digits = data.load("digits", size=16)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(digits.train_images), generator=generator)
    others = {
        "other real digits": digits.train_images[order],
        "noise": torch.rand(400, 1, 16, 16, generator=generator),
        "fours alone": digits.train_images[order][digits.train_labels[order] == 4],
    }
    return features.extract(digits.test_images), {name: features.extract(images) for name, images in others.items()}


def simplex(rng, n: int, k: int, sharpness: float) -> torch.Tensor:
    """n random distributions over k classes."""
    return (sharpness * rng.normal(n, k)).softmax(dim=1)


@exercise("4.5", points=2)
class TestInceptionScore:
    """The inception score."""

    def test_is_one_if_every_answer_is_the_same(self, ask, rng):
        score = ask("metrics.inception_score", simplex(rng, 1, 6, 1.0).repeat(20, 1))
        expect(score, 1.0, "Every image has the same p(y|x), so p(y) is that, too: no divergence, exp(0) = 1.")

    @pytest.mark.parametrize("k", [2, 10])
    def test_is_the_number_of_classes_if_all_answers_are_sure_and_even(self, ask, k):
        score = ask("metrics.inception_score", torch.eye(k).repeat(7, 1))
        expect(score, float(k), f"Sure answers, all {k} classes equally often: the score is {k}. Here 0 log 0 = 0.")

    def test_takes_all_images_together(self, ask):
        score = ask("metrics.inception_score", torch.eye(10).repeat_interleave(500, 0))
        expect(score, 10.0, "Sure answers, 500 of each class, one class after the other: they are not split into groups.")

    def test_of_two_sure_classes_among_ten(self, ask):
        score = ask("metrics.inception_score", torch.eye(10)[[3, 8] * 20])
        expect(score, 2.0, "Only threes and eights, equally often, and sure: the score counts 2 classes.")

    def test_of_uneven_classes(self, ask):
        score = ask("metrics.inception_score", torch.eye(3)[[0, 0, 0, 1]])
        wanted = math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))
        expect(score, wanted, "Sure answers with shares 3/4 and 1/4: the exponential of the entropy of the shares.")

    def test_averages_the_divergences_before_the_exponential(self, ask):
        score = ask("metrics.inception_score", tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]))
        p = tensor([0.7, 0.3]).double()
        kl = [-math.log(p[0])] * 3 + [-math.log(p[1])] + [math.log(0.5) - p.log().sum().item() / 2]
        expect(score, math.exp(sum(kl) / 5), "exp of the mean divergence, p(y) = (0.7, 0.3), not the mean of the exponentials.")

    def test_is_the_exponential_of_two_entropies(self, ask, rng):
        import scipy.stats

        probs = simplex(rng, 200, 10, 2.0)
        p = probs.to(torch.float64).numpy()
        wanted = math.exp(scipy.stats.entropy(p.mean(axis=0)) - scipy.stats.entropy(p, axis=1).mean())
        score = ask("metrics.inception_score", probs)
        expect(score, wanted, "The mean divergence is the entropy of p(y) minus the mean entropy of p(y|x), in nats.", rtol=1e-3)

    def test_does_not_depend_on_the_order_or_the_number_of_copies(self, ask, rng):
        probs = simplex(rng, 30, 4, 2.0)
        once = expect_tensor(ask("metrics.inception_score", probs), ())
        again = ask("metrics.inception_score", probs.flip(0).repeat(3, 1))
        expect(again, once, "The same images three times, in another order: the same score.")

    def test_is_finite_for_impossible_classes(self, ask):
        probs = tensor([[0.5, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
        wanted = math.exp((0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(0.5 / 0.25) - math.log(0.75)) / 2)
        expect(ask("metrics.inception_score", probs), wanted, "Two of the four classes never occur: they add 0, not NaN.")

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_has_the_dtype_of_the_probabilities(self, ask, rng, dtype):
        expect_dtype(ask("metrics.inception_score", simplex(rng, 5, 3, 1.0).to(dtype)), dtype)

    def test_leaves_its_input_alone(self, ask, rng):
        expect_untouched(ask, "metrics.inception_score", simplex(rng, 5, 3, 1.0))


@exercise("4.6", points=4)
class TestPrecisionRecall:
    """Precision and recall of features."""

    def measured(self, ask, *args, **kwargs) -> dict[str, torch.Tensor]:
        parts = expect_fields(ask("metrics.precision_recall", *args, **kwargs), "precision", "recall")
        for name, part in zip(("precision", "recall"), parts, strict=True):
            if not isinstance(part, float):
                raise WrongAnswer("type", f"the {name} is {kind_of(part)}; wanted a float.")
        return {"precision": tensor(parts[0]), "recall": tensor(parts[1])}

    def expect_both(self, measured, precision, recall, why):
        for name, wanted in (("precision", precision), ("recall", recall)):
            expect(measured[name], float(wanted), why, name=name)

    def test_of_a_set_and_itself(self, ask, rng):
        points = rng.normal(40, 5)
        self.expect_both(self.measured(ask, points, points.clone()), 1, 1, "Both sets are the same points.")

    def test_of_sets_far_apart(self, ask, rng):
        self.expect_both(self.measured(ask, rng.normal(30, 4), 100 + rng.normal(30, 4)), 0, 0, "The sets are far apart.")

    def test_of_a_generator_with_one_mode(self, ask, rng):
        real = torch.cat([rng.normal(20, 2), 50 + rng.normal(20, 2)])
        fake = 50 + rng.uniform(30, 2, low=-0.5, high=0.5)
        measured = self.measured(ask, real, fake, k=8)
        expect_above(measured["precision"], 0.95, "All fakes lie in the middle of one of two real clusters: precision.")
        expect_below(measured["recall"], 0.5, "The fakes reach only one of two real clusters: recall.")
        swapped = self.measured(ask, fake, real, k=8)
        self.expect_both(
            swapped, measured["recall"], measured["precision"], "Exchange the sets, and precision and recall change places."
        )

    def test_on_a_line(self, ask):
        real, fake = tensor([[0.0], [1.0], [3.0], [10.0]]), tensor([[-1.5], [2.2], [4.0], [8.0]])
        # k = 1: real radii 1, 1, 2, 7; fake radii 3.7, 1.8, 1.8, 4.
        self.expect_both(self.measured(ask, real, fake, k=1), 0.75, 1, "A ball reaches to the nearest other point of its set.")
        # k = 2: real radii 3, 2, 3, 9; of the fakes -2.5, 13 and 20 the first lies in the ball of 0, the second in that of 10.
        fake = tensor([[-2.5], [13.0], [20.0]])
        measured = self.measured(ask, real, fake, k=2)
        expect(measured["precision"], 2 / 3, "With k = 2 a ball reaches to the second nearest other point.", name="precision")

    def test_any_ball_counts(self, ask):
        real, fake = tensor([[0.0], [1.0], [10.0], [30.0]]), tensor([[2.5], [2.6], [2.8]])
        measured = self.measured(ask, real, fake, k=1)
        why = "The fakes are nearest to 1, whose ball of radius 1 misses them. But the ball of 10 has radius 9."
        expect(measured["precision"], 1.0, why, name="precision")

    def test_a_point_on_the_edge_lies_in_the_ball(self, ask):
        real, fake = tensor([[0.0, 0.0], [3.0, 4.0]]), tensor([[-5.0, 0.0], [0.0, -5.0]])
        measured = self.measured(ask, real, fake, k=1)
        expect(
            measured["precision"],
            1.0,
            "Both fakes lie at distance 5 from (0, 0), whose ball has radius 5: the edge belongs to it.",
        )

    def test_a_copy_is_another_point(self, ask):
        real, fake = tensor([[0.0], [0.0], [4.0], [4.5]]), tensor([[0.3], [4.2], [9.0], [9.5]])
        measured = self.measured(ask, real, fake, k=1)
        why = "0 is there twice, so its nearest other point has distance 0. Only the fake 4.2 lies in a ball."
        expect(measured["precision"], 0.25, why)

    @pytest.mark.parametrize("k", [1, 4])
    def test_agrees_with_nearest_neighbors_of_scikit_learn(self, ask, rng, k):
        self.expect_both(*self.by_scikit_learn(ask, rng, k))

    def test_takes_three_neighbors_by_default(self, ask, rng):
        self.expect_both(*self.by_scikit_learn(ask, rng, None))

    def by_scikit_learn(self, ask, rng, k):
        from sklearn.neighbors import NearestNeighbors

        real, fake = rng.normal(90, 4), 0.7 * rng.normal(60, 4) + 0.6
        shares = []
        for base, query in ((real, fake), (fake, real)):
            # Without an argument kneighbors leaves out the point itself.
            radius = NearestNeighbors(n_neighbors=k or 3).fit(base.double().numpy()).kneighbors()[0][:, -1]
            inside = torch.cdist(query.double(), base.double()) <= torch.from_numpy(radius)
            shares.append(inside.any(dim=1).double().mean())
        why = f"90 real and 60 fake points in 4 dimensions, k = {k or 3}, against scikit-learn's nearest neighbors."
        return self.measured(ask, real, fake, **({"k": k} if k else {})), *shares, why

    def test_does_not_depend_on_scale_and_place(self, ask, rng):
        real, fake = rng.normal(50, 3), rng.normal(40, 3) + 0.8
        once = self.measured(ask, real, fake)
        expect_that(once["precision"] > 0.05 and once["recall"] > 0.05, "Overlapping clouds: more than nothing.")
        self.expect_both(self.measured(ask, 8 * real + 4, 8 * fake + 4), *once.values(), "All points times 8, and shifted.")

    def test_of_images(self, ask, digits):
        """The targets: what noise and a single digit look like in the features of the classifier."""
        real, others = trap_features()
        good = self.measured(ask, real, others["other real digits"][:400])
        expect_above(good["precision"], 0.88, "Precision of real digits against other real digits.")
        expect_above(good["recall"], 0.85, "Recall of real digits against other real digits.")
        four = self.measured(ask, real, others["fours alone"])
        expect_above(four["precision"], 0.95, "Precision of a generator that makes fours alone.")
        expect_below(four["recall"], 0.2, "Recall of a generator that makes fours alone.")

    def test_one_bad_record_lets_noise_pass(self, ask, digits):
        """The target: a white page among 400 real digits."""
        from ganlib import features

        real, others = trap_features()
        clean = self.measured(ask, real, others["noise"])
        expect_below(clean["precision"], 0.05, "Precision of noise.")
        real = torch.cat([real, features.extract(torch.ones(1, 1, 16, 16))])
        fooled = self.measured(ask, real, others["noise"])
        expect_above(fooled["precision"], 0.9, "Precision of noise when one white page is among the real digits.")
        expect_below(fooled["recall"], 0.05, "Recall of noise.")

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "metrics.precision_recall", rng.normal(8, 2), rng.normal(9, 2))


@exercise("4.7", points=3)
class TestKernelDistance:
    """The kernel distance."""

    def test_of_four_numbers(self, ask):
        distance = ask("metrics.kernel_distance", tensor([[1.0], [2.0]]), tensor([[0.0], [3.0]]))
        # Kernel (ab + 1)^3: within x 27, within y 1, across 1, 64, 1, 343.
        expect(
            distance,
            27 + 1 - 2 * (1 + 64 + 1 + 343) / 4,
            "x = 1, 2, y = 0, 3: kernel (ab + 1)^3, no point with itself.",
        )

    def test_agrees_with_the_kernel_of_scikit_learn(self, ask, rng):
        import itertools

        from sklearn.metrics.pairwise import polynomial_kernel

        x, y = rng.normal(12, 5).double(), rng.normal(9, 5).double() + 0.5

        def mean(a, b, pairs):
            kernel = polynomial_kernel(a.numpy(), b.numpy(), degree=3, gamma=1 / 5, coef0=1)
            return sum(kernel[i, j] for i, j in pairs) / len(pairs)

        within = [mean(z, z, list(itertools.permutations(range(len(z)), 2))) for z in (x, y)]
        wanted = sum(within) - 2 * mean(x, y, list(itertools.product(range(12), range(9))))
        distance = ask("metrics.kernel_distance", x, y)
        expect(distance, wanted, "12 and 9 points in 5 dimensions, pair by pair, with scikit-learn's kernel.", rtol=1e-3)

    def test_of_a_sample_and_itself_is_below_zero(self, ask, rng):
        x = rng.normal(20, 3).double()
        kernel = (x @ x.T / 3 + 1) ** 3
        off_diagonal = (kernel.sum() - kernel.trace()) / (20 * 19)
        wanted = 2 * (off_diagonal - kernel.mean())
        why = "A sample against itself: the pairs of a point with itself are missing within x and within y, but not across."
        expect(ask("metrics.kernel_distance", x, x.clone()), wanted, why, rtol=1e-3)

    def test_is_unbiased(self, ask, rng):
        x, y = rng.normal(600, 2).double(), rng.normal(600, 2).double()
        estimates = [expect_tensor(ask("metrics.kernel_distance", x[i : i + 6], y[i : i + 6]), ()) for i in range(0, 600, 6)]
        estimates = torch.stack(estimates)
        error = 4 * estimates.std() / len(estimates) ** 0.5
        expect(estimates.mean(), 0.0, "Two samples of one distribution: 100 estimates have mean 0.", atol=float(error), rtol=0)

    def test_is_symmetric(self, ask, rng):
        x, y = rng.normal(8, 3).double(), rng.normal(13, 3).double() + 1
        there = expect_tensor(ask("metrics.kernel_distance", x, y), ())
        expect(ask("metrics.kernel_distance", y, x), there, "The same in both directions, for 8 and 13 points.", rtol=1e-3)

    def test_divides_the_product_by_the_number_of_dimensions(self, ask, rng):
        x, y = rng.normal(7, 2).double(), rng.normal(7, 2).double() + 1
        once = expect_tensor(ask("metrics.kernel_distance", x, y), ())
        why = "Every coordinate three times: x.y and d are three times as large, and the kernel (x.y / d + 1)^3 stays."
        expect(ask("metrics.kernel_distance", x.repeat(1, 3), y.repeat(1, 3)), once, why, rtol=1e-3)

    def test_sees_a_shift(self, ask, rng):
        x, y = rng.normal(200, 4), rng.normal(200, 4) + 1
        expect_above(ask("metrics.kernel_distance", x, y), 3.0, "Samples of two Gaussians that are shifted by (1, 1, 1, 1).")

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
    def test_has_the_dtype_of_the_points(self, ask, rng, dtype):
        x, y = rng.normal(5, 2).to(dtype), rng.normal(6, 2).to(dtype)
        expect_dtype(ask("metrics.kernel_distance", x, y), dtype)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "metrics.kernel_distance", rng.normal(5, 2), rng.normal(6, 2))
