"""Chapter 0: both directions of Bayes' rule."""

import torch
from torch import Tensor

from ganlib._checks import check_same_shape, check_tensor, describe


def posterior(log_px_given_y: Tensor, log_prior: Tensor) -> Tensor:
    r"""Exercise 0.1. The probability of each class, given the data: Bayes' rule, computed in logarithms.

    .. math:: p(y \mid x) = \frac{p(x \mid y)\, p(y)}{\sum_{y'} p(x \mid y')\, p(y')}

    Args:
        log_px_given_y: logarithm of the density of each point under each class, shape (N, K); any real number, and -inf
            where a class cannot give the point; at least one class with a positive prior must be able to give it.
        log_prior: logarithm of the probability of each class, shape (K,); -inf for a class that never occurs.

    Returns:
        Probabilities, shape (N, K); each row sums to 1.

    Raises:
        ValueError: if an argument is no floating-point tensor, has other axes, or the number of classes differs.

    Source: Bayes (1763); Bishop (2006), section 4.2. Derived in the chapter.
    """
    check_tensor(ndim=2, like="(N, K)", log_px_given_y=log_px_given_y)
    check_tensor(ndim=1, like="(K,)", log_prior=log_prior)
    if log_px_given_y.shape[1] != len(log_prior):
        raise ValueError(f"log_prior: got {len(log_prior)} classes, want {log_px_given_y.shape[1]}, as log_px_given_y has")
    raise NotImplementedError("Exercise 0.1")


def sample_class_conditional(y: Tensor, means: Tensor, covs: Tensor, generator: torch.Generator | None = None) -> Tensor:
    r"""Exercise 0.2. One draw of :math:`x \sim p(x \mid y) = \mathcal N(\mu_y, \Sigma_y)` for each given label.

    Args:
        y: labels, whole numbers 0, ..., K - 1, shape (N,).
        means: mean of each class, shape (K, d).
        covs: covariance matrix of each class, symmetric and positive definite, shape (K, d, d).
        generator: source of all randomness; None means torch's global one.

    Returns:
        Samples, shape (N, d), of the dtype of ``means``; row i belongs to ``y[i]``, and all rows are independent.

    Raises:
        ValueError: if a shape is not as stated or a label is not one of the classes.

    Source: Bishop (2006), sections 2.3 and 11.1.1. Derived in the chapter.
    """
    check_tensor(ndim=2, like="(K, d)", means=means)
    check_tensor(ndim=3, like="(K, d, d)", covs=covs)
    check_same_shape(means=means, diagonal_of_covs=covs.diagonal(dim1=1, dim2=2))
    check_tensor(ndim=1, like="(N,)", floating=False, y=y)
    if y.is_floating_point() or (len(y) and not 0 <= int(y.min()) <= int(y.max()) < len(means)):
        raise ValueError(f"y: got {describe(y)}, want whole numbers from 0 to {len(means) - 1}")
    raise NotImplementedError("Exercise 0.2")
