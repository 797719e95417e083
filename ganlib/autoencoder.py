"""Chapter 1: autoencoders and denoising."""

from math import prod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlib._checks import (
    check_batch,
    check_choice,
    check_count,
    check_image_shape,
    check_positive,
    check_range,
    check_same_shape,
    check_tensor,
)


def linear_autoencoder(X: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    r"""Exercise 1.1. The best linear autoencoder with a code of k numbers, in closed form.

    It minimizes the squared error of :math:`\hat x = D\,E\,(x - b) + b` over all E, D and b.

    Args:
        X: data, one point per row, shape (N, n).
        k: length of the code, 1 <= k <= min(N, n).

    Returns:
        ``(encode, decode, bias)``: E of shape (k, n), D of shape (n, k) and b of shape (n,), in the dtype of X.
        A row vector is coded by ``(X - bias) @ encode.T`` and decoded by ``code @ decode.T + bias``.

    Raises:
        ValueError: if X has not two axes or k is out of range.

    Source: Eckart and Young (1936); Baldi and Hornik (1989). Derived in the chapter, theorem 1.1.
    """
    check_tensor(ndim=2, like="(N, n)", X=X)
    check_count(k=k)
    check_range(1, min(X.shape), k=k)
    raise NotImplementedError("Exercise 1.1")


def reconstruction_loss(output: Tensor, x: Tensor, kind: str = "bce") -> Tensor:
    r"""Exercise 1.2. Reconstruction error, summed over the pixels of an image and averaged over the batch.

    ``"bce"``: binary cross-entropy in nats, where ``output`` are logits: the negative log-likelihood of Bernoulli
    pixels. ``"mse"``: squared error, where ``output`` are pixel values: up to a factor and a constant the
    negative log-likelihood of Gaussian pixels.

    Args:
        output: what the decoder returned, shape (N, ...): logits for ``"bce"``, values for ``"mse"``.
        x: the target, same shape, in [0, 1] for ``"bce"``.
        kind: ``"bce"`` or ``"mse"``.

    Returns:
        A scalar.

    Raises:
        ValueError: if the shapes differ or ``kind`` is unknown.

    Source: Bishop (2006), section 5.2. Derived in the chapter, equations (1.3) and (1.4).
    """
    check_same_shape(output=output, x=x)
    check_choice(("bce", "mse"), kind=kind)
    raise NotImplementedError("Exercise 1.2")


def corrupt_salt(x: Tensor, p: float, generator: torch.Generator | None = None) -> Tensor:
    """Exercise 1.3. Salt noise: each pixel is set to the maximum, 1, with probability p.

    Args:
        x: images in [0, 1], any shape.
        p: probability of a pixel to be hit, in [0, 1].
        generator: source of randomness, on the device of ``x``; None means torch's global one.

    Returns:
        The corrupted images, a new tensor of the same shape and dtype. ``x`` is left as it was.

    Raises:
        ValueError: if ``x`` is not a floating-point tensor or p is not in [0, 1].

    Source: Vincent et al. (2010), "types of corruption considered": salt-and-pepper noise without the pepper.
    """
    check_tensor(x=x)
    check_range(0, 1, p=p)
    raise NotImplementedError("Exercise 1.3")


class Autoencoder(nn.Module):
    """Exercise 1.4. A multilayer perceptron through a bottleneck: image, two hidden layers, code, and back.

    Layers: pixels, hidden_dim, hidden_dim, latent_dim, hidden_dim, hidden_dim, pixels, with ReLU between them.
    The code is linear (any real number may stand in it), and so is the output: logits.

    Args:
        image_shape: (channels, height, width) of one image.
        latent_dim: length of the code.
        hidden_dim: width of the hidden layers.

    Raises:
        ValueError: if an argument is not a positive whole number (three of them for ``image_shape``).

    Source: Hinton and Salakhutdinov (2006), with ReLU for the logistic units.
    """

    def __init__(self, image_shape: tuple[int, int, int], latent_dim: int = 2, hidden_dim: int = 128) -> None:
        super().__init__()
        check_image_shape(image_shape)
        check_count(latent_dim=latent_dim, hidden_dim=hidden_dim)
        self.image_shape = tuple(image_shape)
        self.latent_dim = latent_dim
        raise NotImplementedError("Exercise 1.4")

    def encode(self, x: Tensor) -> Tensor:
        """Codes of the images: (N, *image_shape) -> (N, latent_dim)."""
        check_batch(self.image_shape, x=x)
        raise NotImplementedError("Exercise 1.4")

    def decode(self, z: Tensor) -> Tensor:
        """Logits of the images: (N, latent_dim) -> (N, *image_shape)."""
        check_batch((self.latent_dim,), z=z)
        raise NotImplementedError("Exercise 1.4")

    def forward(self, x: Tensor) -> Tensor:
        """Logits of the reconstructions: (N, *image_shape) -> (N, *image_shape)."""
        raise NotImplementedError("Exercise 1.4")


def denoising_loss(model: nn.Module, x: Tensor, x_noisy: Tensor) -> Tensor:
    """Exercise 1.5. What a denoising autoencoder minimizes: the model sees the noisy image and is asked for the clean one.

    Args:
        model: maps images (N, C, H, W) to logits of the same shape.
        x: clean images in [0, 1], shape (N, C, H, W).
        x_noisy: the same images, corrupted.

    Returns:
        A scalar: binary cross-entropy in nats, summed over pixels, averaged over the batch.

    Raises:
        ValueError: if the shapes differ.

    Source: Vincent et al. (2008), equation (5). Derived in the chapter, theorem 1.3.
    """
    check_same_shape(x=x, x_noisy=x_noisy)
    raise NotImplementedError("Exercise 1.5")


def optimal_denoiser(x_noisy: Tensor, noise_var: float, means: Tensor, std: float) -> Tensor:
    r"""Exercise 1.6. The best possible denoiser of a mixture of Gaussians on the line: :math:`E[x \mid \tilde x]`.

    The clean x comes from one of K components :math:`\mathcal N(m_k, \text{std}^2)`, each equally likely;
    :math:`\tilde x = x + \varepsilon` with :math:`\varepsilon \sim \mathcal N(0, \text{noise\_var})`.

    Args:
        x_noisy: noisy points, shape (N,).
        noise_var: variance of the noise, positive.
        means: the means m_k of the components, shape (K,).
        std: their common standard deviation, at least 0 (0: the components are points).

    Returns:
        The posterior means, shape (N,). Stable far away from all components.

    Raises:
        ValueError: if a shape or a range is not as stated.

    Source: Robbins (1956); Alain and Bengio (2014). Derived in the chapter, equation (1.8).
    """
    check_tensor(ndim=1, like="(N,)", x_noisy=x_noisy)
    check_tensor(ndim=1, like="(K,)", means=means)
    check_positive(noise_var=noise_var)
    check_range(0, std=std)
    raise NotImplementedError("Exercise 1.6")


def anomaly_score(model: nn.Module, x: Tensor) -> Tensor:
    """Exercise 1.7. How badly an autoencoder reconstructs each image: high for images unlike its training data.

    Args:
        model: maps images (N, C, H, W) to logits of the same shape.
        x: images in [0, 1], shape (N, C, H, W).

    Returns:
        One number per image, shape (N,): the squared error between x and the sigmoid of the model's logits,
        summed over pixels. No gradient is attached.

    Raises:
        ValueError: if ``x`` has not four axes.

    Source: Sakurada and Yairi (2014).
    """
    check_tensor(ndim=4, like="(N, C, H, W)", x=x)
    raise NotImplementedError("Exercise 1.7")
