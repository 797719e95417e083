"""Chapter 2: variational autoencoders."""

from math import log, prod
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlib._checks import (
    check_batch,
    check_count,
    check_image_shape,
    check_range,
    check_same_shape,
    check_tensor,
)


class ELBO(NamedTuple):
    """The evidence lower bound and its parts, each of shape (N,), in nats: total = reconstruction - beta * kl."""

    total: Tensor
    reconstruction: Tensor
    kl: Tensor


def reparameterize(mu: Tensor, logvar: Tensor, eps: Tensor) -> Tensor:
    r"""Exercise 2.1. A sample of :math:`\mathcal N(\mu, \sigma^2)` as a differentiable function of mu and logvar.

    Args:
        mu: means, shape (N, d).
        logvar: log-variances :math:`\log\sigma^2`, shape (N, d).
        eps: standard normal noise, shape (N, d).

    Returns:
        z, shape (N, d), with :math:`\partial z/\partial\mu = 1` and
        :math:`\partial z/\partial\log\sigma^2 = \sigma\varepsilon/2`.

    Raises:
        ValueError: if the shapes differ.

    Source: Kingma and Welling (2014), section 2.4. Derived in the chapter, equation (2.6).
    """
    check_same_shape(mu=mu, logvar=logvar, eps=eps)
    # BEGIN SOLUTION
    return mu + torch.exp(0.5 * logvar) * eps
    # END SOLUTION


def kl_standard_normal(mu: Tensor, logvar: Tensor) -> Tensor:
    r"""Exercise 2.2. KL divergence of a diagonal Gaussian from the standard normal, in nats.

    .. math:: D_{KL}(\mathcal N(\mu, \operatorname{diag}\sigma^2) \,\|\, \mathcal N(0, I))

    Args:
        mu: means, shape (N, d).
        logvar: log-variances :math:`\log\sigma^2`, shape (N, d).

    Returns:
        One value per sample, shape (N,): summed over d, not averaged.

    Raises:
        ValueError: if the shapes differ or there are not two axes.

    Source: Kingma and Welling (2014), appendix B. Derived in the chapter, equation (2.5).
    """
    check_same_shape(mu=mu, logvar=logvar)
    check_tensor(ndim=2, like="(N, d)", mu=mu)
    # BEGIN SOLUTION
    return 0.5 * (mu.square() + logvar.exp() - logvar - 1).sum(dim=1)
    # END SOLUTION


def elbo(logits: Tensor, x: Tensor, mu: Tensor, logvar: Tensor, beta: float = 1.0) -> ELBO:
    r"""Exercise 2.3. The evidence lower bound of each image, from one sample of z.

    .. math:: \text{total} = \underbrace{\log p_\theta(x \mid z)}_{\text{reconstruction}}
              - \beta\, \underbrace{D_{KL}(q_\phi(z \mid x) \,\|\, p(z))}_{\text{kl}}

    Args:
        logits: the decoder's output, shape (N, C, H, W): pixels are Bernoulli with these log-odds.
        x: images in [0, 1], shape (N, C, H, W).
        mu: means of q(z|x), shape (N, d).
        logvar: log-variances of q(z|x), shape (N, d).
        beta: weight of the KL term; 1 gives the bound itself.

    Returns:
        ``ELBO(total, reconstruction, kl)``, each of shape (N,), in nats, summed over pixels and over d.
        ``total`` is to be maximized; ``reconstruction`` is a log-likelihood, so at most 0 for binary x; ``kl`` is at least 0
        and is returned without beta.

    Raises:
        ValueError: if logits and x, or mu and logvar, differ in shape, or the batch sizes differ, or beta is negative.

    Source: Kingma and Welling (2014), equation (3); Higgins et al. (2017) for beta. Derived in the chapter, theorem 2.1.
    """
    check_same_shape(logits=logits, x=x)
    check_same_shape(mu=mu, logvar=logvar)
    check_range(0, beta=beta)
    if len(mu) != len(x):
        raise ValueError(f"mu: got {len(mu)} samples, want {len(x)}, one for each image of x")
    # BEGIN SOLUTION
    log_likelihood = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(log_likelihood - beta * kl, log_likelihood, kl)
    # END SOLUTION


class VAE(nn.Module):
    """Exercise 2.4. A variational autoencoder of two multilayer perceptrons.

    Encoder: pixels, hidden_dim, hidden_dim (ReLU between), then two linear heads for mu and logvar.
    Decoder: latent_dim, hidden_dim, hidden_dim, pixels (ReLU between); its output are logits.

    Args:
        image_shape: (channels, height, width) of one image.
        latent_dim: d, the length of z.
        hidden_dim: width of the hidden layers.

    Raises:
        ValueError: if an argument is not a positive whole number (three of them for ``image_shape``).

    Source: Kingma and Welling (2014), appendix C.
    """

    def __init__(self, image_shape: tuple[int, int, int], latent_dim: int = 2, hidden_dim: int = 256) -> None:
        super().__init__()
        check_image_shape(image_shape)
        check_count(latent_dim=latent_dim, hidden_dim=hidden_dim)
        self.image_shape = tuple(image_shape)
        self.latent_dim = latent_dim
        # BEGIN SOLUTION
        n_pixels = prod(image_shape)
        self.trunk = nn.Sequential(
            nn.Flatten(),
            nn.Linear(n_pixels, hidden_dim),
            nn.ReLU(),
            nn.Linear(hidden_dim, hidden_dim),
            nn.ReLU(),
        )
        self.to_mu = nn.Linear(hidden_dim, latent_dim)
        self.to_logvar = nn.Linear(hidden_dim, latent_dim)
        self.decoder = nn.Sequential(
            nn.Linear(latent_dim, hidden_dim),
            nn.ReLU(),
            nn.Linear(hidden_dim, hidden_dim),
            nn.ReLU(),
            nn.Linear(hidden_dim, n_pixels),
            nn.Unflatten(1, self.image_shape),
        )
        # END SOLUTION

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x): (N, *image_shape) -> two tensors (N, latent_dim)."""
        check_batch(self.image_shape, x=x)
        # BEGIN SOLUTION
        hidden = self.trunk(x)
        return self.to_mu(hidden), self.to_logvar(hidden)
        # END SOLUTION

    def decode(self, z: Tensor) -> Tensor:
        """Logits of p(x|z): (N, latent_dim) -> (N, *image_shape)."""
        check_batch((self.latent_dim,), z=z)
        # BEGIN SOLUTION
        return self.decoder(z)
        # END SOLUTION

    def forward(self, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode, sample with the noise ``eps`` (N, latent_dim), decode: returns (logits, mu, logvar)."""
        # BEGIN SOLUTION
        mu, logvar = self.encode(x)
        return self.decode(reparameterize(mu, logvar, eps)), mu, logvar
        # END SOLUTION


def importance_bound(log_w: Tensor) -> Tensor:
    r"""Exercise 2.5. The K-sample bound on log p(x): :math:`\log \frac1K \sum_k w_k`, from the logarithms of the weights.

    Args:
        log_w: :math:`\log p_\theta(x, z_k) - \log q_\phi(z_k \mid x)`, shape (K, N), one column per image.

    Returns:
        One bound per image, shape (N,), in nats. Stable for log-weights around -1000 and 1000.

    Raises:
        ValueError: if ``log_w`` has not two axes.

    Source: Burda, Grosse and Salakhutdinov (2016), equation (8). Derived in the chapter, theorem 2.4.
    """
    check_tensor(ndim=2, like="(K, N)", log_w=log_w)
    # BEGIN SOLUTION
    return torch.logsumexp(log_w, dim=0) - log(len(log_w))
    # END SOLUTION


def latent_grid(n: int = 15, limit: float = 4.0) -> Tensor:
    """Exercise 2.6. Points of a square grid in the latent plane, in the order in which a picture is read.

    The first point is the top left (-limit, limit), the second lies to the right of it, the last is the bottom
    right (limit, -limit): row by row, z_0 growing to the right, z_1 growing upwards.

    Args:
        n: points per side, at least 2.
        limit: half the side of the square, at least 0.

    Returns:
        shape (n * n, 2), columns z_0 and z_1.

    Raises:
        ValueError: if n is below 2 or limit is negative.
    """
    check_count(minimum=2, n=n)
    check_range(0, limit=limit)
    # BEGIN SOLUTION
    axis = torch.linspace(-limit, limit, n)
    z1, z0 = torch.meshgrid(axis.flip(0), axis, indexing="ij")
    return torch.stack([z0, z1], dim=-1).reshape(-1, 2)
    # END SOLUTION


def score_function_gradient(mu: float, n: int, generator: torch.Generator | None = None) -> Tensor:
    r"""Exercise 2.7. n independent estimates of :math:`\frac{d}{d\mu} E_{z \sim \mathcal N(\mu, 1)}[z^2]`, by the score function.

    Each uses one sample z and weights :math:`f(z) = z^2` with :math:`\frac{d}{d\mu}\log \mathcal N(z; \mu, 1)`.

    Args:
        mu: the mean.
        n: how many estimates.
        generator: source of randomness; None means torch's global one.

    Returns:
        The n estimates, shape (n,), not averaged.

    Raises:
        ValueError: if n is not a positive whole number.

    Source: Williams (1992); the chapter, equation (2.8).
    """
    check_count(n=n)
    # BEGIN SOLUTION
    z = mu + torch.randn(n, generator=generator)
    return z.square() * (z - mu)
    # END SOLUTION


def pathwise_gradient(mu: float, n: int, generator: torch.Generator | None = None) -> Tensor:
    r"""Exercise 2.7. n independent estimates of :math:`\frac{d}{d\mu} E_{z \sim \mathcal N(\mu, 1)}[z^2]`, by the sampling path.

    Each writes :math:`z = \mu + \varepsilon` and differentiates :math:`f(z) = z^2` through z.

    Args:
        mu: the mean.
        n: how many estimates.
        generator: source of randomness; None means torch's global one.

    Returns:
        The n estimates, shape (n,), not averaged.

    Raises:
        ValueError: if n is not a positive whole number.

    Source: Kingma and Welling (2014), section 2.3; the chapter, equation (2.7).
    """
    check_count(n=n)
    # BEGIN SOLUTION
    return 2 * (mu + torch.randn(n, generator=generator))
    # END SOLUTION


def active_units(mu: Tensor, threshold: float = 1e-2) -> int:
    r"""Exercise 2.8. How many latent dimensions carry information: those whose mean moves with x.

    A dimension j is active if :math:`\operatorname{Var}_x(\mu_j(x)) > \text{threshold}`.

    Args:
        mu: means of q(z|x), one row per image, shape (N, d), N >= 2.
        threshold: the least variance of an active unit.

    Returns:
        A whole number from 0 to d.

    Raises:
        ValueError: if ``mu`` has not two axes or fewer than two rows, or the threshold is negative.

    Source: Burda, Grosse and Salakhutdinov (2016), section 5.2.
    """
    check_tensor(ndim=2, like="(N, d)", mu=mu)
    check_range(0, threshold=threshold)
    if len(mu) < 2:
        raise ValueError(f"mu: got {len(mu)} rows, want at least 2 images to see what varies")
    # BEGIN SOLUTION
    return int((mu.var(dim=0) > threshold).sum())
    # END SOLUTION
