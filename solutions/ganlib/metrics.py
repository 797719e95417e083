"""Chapter 4: how good is a generator? Metrics on points, on Gaussians, on probabilities and on features."""

from typing import NamedTuple

import torch
from torch import Tensor

from ganlib._checks import check_count, check_positive, check_tensor, describe


class PrecisionRecall(NamedTuple):
    """Both from 0 to 1: the share of the fakes that look real, and the share of the reals that the fakes reach."""

    precision: float
    recall: float


def mode_coverage(samples: Tensor, centers: Tensor, radius: float) -> tuple[int, float]:
    """Exercise 4.3. How many modes a generator of points covers, and how many of its samples lie near a mode.

    A sample belongs to the nearest center, and is near it if the distance is at most ``radius``. A mode is covered if at
    least one sample is near it. A sample that is NaN or infinite is near no mode.

    Args:
        samples: points of the generator, shape (N, d), N at least 1.
        centers: centers of the modes, shape (M, d), M at least 1, all different.
        radius: how far from a center is near, positive.

    Returns:
        The number of covered modes, from 0 to M, and the share of the samples that are near a mode, from 0 to 1.

    Raises:
        ValueError: if the shapes do not fit together, a set is empty or the radius is not positive.

    Source: Srivastava et al. (2017), section 4.1, who take three standard deviations as the radius.
    """
    _check_two_sets("samples", samples, "centers", centers, minimum=1)
    check_positive(radius=radius)
    # BEGIN SOLUTION
    offsets = samples.double()[:, None] - centers.double()
    distance, nearest = offsets.norm(dim=2).min(dim=1)
    near = distance <= radius
    return len(nearest[near].unique()), float(near.double().mean())
    # END SOLUTION


def frechet_distance(mu1: Tensor, sigma1: Tensor, mu2: Tensor, sigma2: Tensor) -> Tensor:
    r"""Exercise 4.4. Squared Fréchet (Wasserstein-2) distance of two Gaussians.

    .. math:: \lVert \mu_1 - \mu_2 \rVert^2
              + \operatorname{tr}\left(\Sigma_1 + \Sigma_2 - 2 (\Sigma_1 \Sigma_2)^{1/2}\right)

    Args:
        mu1: mean of the first, shape (d,).
        sigma1: its covariance, shape (d, d), symmetric; eigenvalues at least 0, some may be 0.
        mu2: mean of the second, shape (d,).
        sigma2: its covariance, shape (d, d).

    Returns:
        One real number, at least 0: a tensor without axes, of the dtype of ``mu1``.

    Raises:
        ValueError: if the shapes do not fit together, or a covariance is not symmetric.

    Source: Dowson and Landau (1982); Heusel et al. (2017) for its use on features. Derived in the chapter, theorem 4.4.
    """
    _check_gaussian(mu1=mu1, sigma1=sigma1)
    _check_gaussian(mu2=mu2, sigma2=sigma2)
    if mu1.shape != mu2.shape:
        raise ValueError(f"mu2: got {describe(mu2)}, want the shape of mu1, {tuple(mu1.shape)}")
    # BEGIN SOLUTION
    factors = []
    for sigma in (sigma1, sigma2):
        variances, axes = torch.linalg.eigh(sigma.double())
        factors.append(axes * variances.clamp(min=0).sqrt())
    # With S1 = F1 F1', S2 = F2 F2' the trace of the root of S1 S2 is the sum of the singular values of F1' F2.
    overlap = torch.linalg.svdvals(factors[0].T @ factors[1]).sum()
    shift = (mu1.double() - mu2.double()).square().sum()
    distance = shift + sigma1.double().trace() + sigma2.double().trace() - 2 * overlap
    return distance.clamp(min=0).to(mu1.dtype)
    # END SOLUTION


def inception_score(probs: Tensor) -> Tensor:
    r"""Exercise 4.5. The inception score of a classifier's answers: :math:`\exp\, \mathbb E_x\, D_{KL}(p(y \mid x) \,\|\, p(y))`.

    Args:
        probs: probabilities :math:`p(y \mid x)` of K classes for N images, shape (N, K): rows at least 0 that add up to 1.
            :math:`p(y)` is their mean over the images.

    Returns:
        One number from 1 to K: a tensor without axes, of the dtype of ``probs``. 0 log 0 counts 0.

    Raises:
        ValueError: if ``probs`` has another shape, is empty, or a row is no distribution (logits, for example).

    Source: Salimans et al. (2016), section 4, without splitting the images into groups. Derived in the chapter, theorem 4.3.
    """
    check_tensor(ndim=2, like="(N, K)", probs=probs)
    if probs.numel() == 0 or not (probs >= 0).all() or not ((probs.double().sum(dim=1) - 1).abs() < 1e-2).all():
        raise ValueError(f"probs: got {describe(probs)}, want rows of probabilities that add up to 1, not logits")
    # BEGIN SOLUTION
    p = probs.double()
    divergence = (torch.xlogy(p, p) - torch.xlogy(p, p.mean(dim=0))).sum(dim=1)
    return divergence.mean().exp().to(probs.dtype)
    # END SOLUTION


def precision_recall(real: Tensor, fake: Tensor, k: int = 3) -> PrecisionRecall:
    """Exercise 4.6. Precision and recall of generated features by k nearest neighbors.

    Each real point gets a ball that reaches to its k-th nearest *other* real point (the point itself does not count; a copy
    of it at another index does, with distance 0). Precision is the share of the fakes that lie in at least one of these
    balls. Recall is the same with the roles exchanged. A point on the edge of a ball lies in it.

    Args:
        real: features of real data, shape (N, d), N at least k + 1.
        fake: features of the generator's data, shape (M, d), M at least k + 1.
        k: which neighbor sets the radius.

    Returns:
        ``PrecisionRecall(precision, recall)``, two floats from 0 to 1. Distances may be computed in the dtype of the features.

    Raises:
        ValueError: if the shapes do not fit together, k is no positive whole number or a set has fewer than k + 1 points.

    Source: Kynkäänniemi et al. (2019), equations (1) and (2).
    """
    check_count(k=k)
    _check_two_sets("real", real, "fake", fake, minimum=k + 1)
    # BEGIN SOLUTION
    real, fake = real.double(), fake.double()
    # The fast way through a matrix product would put a point at a small distance from its own copy.
    exact = {"compute_mode": "donot_use_mm_for_euclid_dist"}
    across = torch.cdist(real, fake, **exact)
    # The k + 1 smallest distances within a set include that of the point from itself, which is 0.
    real_radius, fake_radius = (torch.cdist(x, x, **exact).kthvalue(k + 1, dim=1).values for x in (real, fake))
    precision = (across <= real_radius[:, None]).any(dim=0).double().mean()
    recall = (across <= fake_radius).any(dim=1).double().mean()
    return PrecisionRecall(float(precision), float(recall))
    # END SOLUTION


def kernel_distance(x: Tensor, y: Tensor) -> Tensor:
    r"""Exercise 4.7. Unbiased estimate of the squared maximum mean discrepancy with the kernel :math:`(x \cdot y / d + 1)^3`.

    Pairs of a point with itself are left out, so the mean over many draws is the true distance. It may come out negative.

    Args:
        x: one sample, shape (N, d), N at least 2.
        y: another, shape (M, d), M at least 2.

    Returns:
        One number: a tensor without axes, of the dtype of ``x``.

    Raises:
        ValueError: if the shapes do not fit together or a sample has fewer than 2 points.

    Source: Gretton et al. (2012), lemma 6; Bińkowski et al. (2018) for the kernel. Derived in the chapter, theorem 4.5.
    """
    _check_two_sets("x", x, "y", y, minimum=2)
    # BEGIN SOLUTION
    a, b = x.double(), y.double()

    def kernel(u: Tensor, v: Tensor) -> Tensor:
        return (u @ v.T / u.shape[1] + 1) ** 3

    def mean_of_pairs(u: Tensor) -> Tensor:
        values = kernel(u, u)
        return (values.sum() - values.trace()) / (len(u) * (len(u) - 1))

    return (mean_of_pairs(a) + mean_of_pairs(b) - 2 * kernel(a, b).mean()).to(x.dtype)
    # END SOLUTION


def _check_two_sets(name: str, points: Tensor, other_name: str, others: Tensor, minimum: int) -> None:
    check_tensor(ndim=2, like="(N, d)", **{name: points, other_name: others})
    if points.shape[1] != others.shape[1] or points.shape[1] == 0:
        raise ValueError(f"{other_name}: got {describe(others)}, want shape (M, {points.shape[1]}), as {name} has it, not empty")
    for each, value in ((name, points), (other_name, others)):
        if len(value) < minimum:
            raise ValueError(f"{each}: got {describe(value)}, want at least {minimum} points")


def _check_gaussian(**parts: Tensor) -> None:
    (mean_name, mean), (name, covariance) = parts.items()
    check_tensor(ndim=1, like="(d,)", **{mean_name: mean})
    check_tensor(ndim=2, like="(d, d)", **{name: covariance})
    if covariance.shape != (len(mean), len(mean)):
        raise ValueError(f"{name}: got {describe(covariance)}, want shape ({len(mean)}, {len(mean)})")
    if not torch.allclose(covariance, covariance.T, rtol=1e-3, atol=1e-4 * float(covariance.abs().max() or 1)):
        raise ValueError(f"{name}: got a matrix that is not symmetric, want a covariance")
