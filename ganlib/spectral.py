"""Chapter 8: how much a network can stretch, and how to limit it."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ganlib._checks import check_count, check_tensor, check_values, describe

# The largest slope of each activation; layers that only move numbers have 1.
SLOPES = {nn.ReLU: 1.0, nn.Tanh: 1.0, nn.Sigmoid: 0.25, nn.Softplus: 1.0, nn.Flatten: 1.0, nn.Unflatten: 1.0, nn.Identity: 1.0}


def power_iteration(weight: Tensor, u: Tensor, n_steps: int = 1) -> tuple[Tensor, Tensor]:
    r"""Exercise 8.1. Largest singular value of a matrix by power iteration.

    Each step is :math:`v = W^\top u / \lVert W^\top u \rVert`, then :math:`u = W v / \lVert W v \rVert`; after the last one
    :math:`\sigma = u^\top W v`. No gradient goes through u and v: they count as constants, so that the gradient of
    :math:`\sigma` by the weight is :math:`u v^\top`.

    Args:
        weight: shape (m, n).
        u: where to begin, shape (m,), not 0.
        n_steps: how many steps.

    Returns:
        The estimate :math:`\sigma`, a scalar, at most the largest singular value; and the unit vector u, shape (m,).

    Raises:
        ValueError: if a shape does not fit, u is 0, or n_steps is no whole number of at least 1.

    Source: Miyato et al. (2018), algorithm 1. The chapter, theorem 8.2.
    """
    _check_start(weight, u)
    check_count(n_steps=n_steps)
    raise NotImplementedError("Exercise 8.1")


def spectral_normalize(weight: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    r"""Exercise 8.2. A weight divided by its largest singular value, estimated by one step of power iteration.

    A weight of more than two axes, such as a kernel, counts as the matrix (C_out, everything else). The gradient takes into
    account that :math:`\sigma` depends on the weight.

    Args:
        weight: shape (m, ...), at least two axes.
        u: the vector from the last time, shape (m,); it comes nearer to the right one each time.

    Returns:
        :math:`W / \sigma`, of the weight's shape, and the new u to be kept, shape (m,).

    Raises:
        ValueError: if a shape does not fit or u is 0.

    Source: Miyato et al. (2018), equations (8) and (12).
    """
    _check_weight(weight)
    _check_start(weight.flatten(1), u)
    raise NotImplementedError("Exercise 8.2")


def conv_operator_norm(
    weight: Tensor,
    image_size: int,
    n_steps: int = 100,
    stride: int = 1,
    padding: int = 0,
    generator: torch.Generator | None = None,
) -> float:
    """Exercise 8.3. Spectral norm of a convolution as what it is, a linear map from images to images.

    Power iteration with the convolution in the place of the matrix, and its adjoint, the transposed convolution, in the place
    of the transposed matrix. It starts from a random image.

    Args:
        weight: kernels, shape (C_out, C_in, K, K).
        image_size: height and width of the images.
        n_steps: steps of power iteration.
        stride: of the convolution.
        padding: zeros around the image.
        generator: source of randomness for the start; None is torch's global one.

    Returns:
        An estimate of the norm from below, the better the more steps.

    Raises:
        ValueError: if a shape or a number does not fit, or the kernel is larger than the padded image.

    Source: Sedghi, Gupta and Long (2019); Gouk et al. (2021), section 3.2. The chapter, theorem 8.4.
    """
    _check_conv(weight, image_size, n_steps, stride, padding)
    raise NotImplementedError("Exercise 8.3")


def lipschitz_product(network: nn.Sequential) -> float:
    r"""Exercise 8.4. A Lipschitz constant of a sequence of layers: the product of theirs.

    - a linear layer: the spectral norm of its weight;
    - a convolution of kernel K and stride s: the spectral norm of its weight as a matrix (C_out, C_in K K), times
      :math:`\lceil K / s \rceil`: so often at most, along each axis, does one pixel enter; where height and width of a kernel
      or of its stride differ, there are two such numbers, and the root of their product counts;
    - leaky ReLU of slope a: the larger of 1 and :math:`|a|`; the others: their largest slope, :data:`SLOPES`;
    - a sequence within the sequence: its own product.

    Args:
        network: a sequence of such layers.

    Returns:
        A number of at least 0, by Euclidean norms of input and output; 1 if there is no layer. A layer that stands at two places
        counts twice.

    Raises:
        ValueError: if there is a layer of another kind; in training mode batch normalization has no such number at all.

    Source: Miyato et al. (2018), section 2.1; Tsuzuku, Sato and Sugiyama (2018) for the convolution.
    """
    _check_sequence(network)
    raise NotImplementedError("Exercise 8.4")


def hinge_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Exercise 8.5. What the discriminator minimizes, from its logits: nothing is won beyond a margin of 1.

    Args:
        real: logits of real samples, any shape.
        fake: logits of generated samples, any shape.

    Returns:
        One number: the mean of max(0, 1 - real) plus the mean of max(0, 1 + fake); 2 if every logit is 0.

    Raises:
        ValueError: if an argument is no floating-point tensor or is empty.

    Source: Lim and Ye (2017); Miyato et al. (2018), equation (16).
    """
    check_values(real=real, fake=fake)
    raise NotImplementedError("Exercise 8.5")


def hinge_generator_loss(fake: Tensor) -> Tensor:
    """Exercise 8.5. What the generator minimizes against a hinge discriminator: minus the mean of the logits, no hinge.

    Args:
        fake: logits of generated samples, any shape.

    Returns:
        One number.

    Raises:
        ValueError: if the argument is no floating-point tensor or is empty.

    Source: Miyato et al. (2018), equation (17).
    """
    check_values(fake=fake)
    raise NotImplementedError("Exercise 8.5")


class SpectralNorm(nn.Module):
    """A parametrization that hands out a weight divided by its largest singular value, by :func:`spectral_normalize`.

    It keeps u as a buffer. In training mode u takes one step each time that the weight is used; in evaluation mode it stays.

    Args:
        weight: the weight as it is now, shape (m, ...), at least two axes, not 0.
        warm_up: steps of power iteration on it that make the first u, from a random vector of torch's global generator.

    Raises:
        ValueError: if the weight has fewer axes or is 0: no number that it is divided by gives it the norm 1.

    Source: Miyato et al. (2018), algorithm 1.
    """

    def __init__(self, weight: Tensor, warm_up: int = 15) -> None:
        super().__init__()
        _check_weight(weight)
        if not weight.any():
            raise ValueError("weight: got zeros, want another weight: its spectral norm is 0, and nothing is divided by that")
        u = torch.randn(len(weight), dtype=weight.dtype, device=weight.device)
        for _ in range(warm_up):
            _, u = spectral_normalize(weight.detach(), u)
        self.register_buffer("u", u)

    def forward(self, weight: Tensor) -> Tensor:
        """The normalized weight, of the same shape."""
        normalized, u = spectral_normalize(weight, self.u)
        if self.training:
            self.u.copy_(u)
        return normalized


def apply_spectral_norm(discriminator: nn.Module) -> nn.Module:
    """Exercise 8.6. Make a discriminator one of an SNGAN: every convolution and linear layer normalized, no batch norm.

    Each ``nn.Conv2d`` and ``nn.Linear``, however deep inside, gets the parametrization :class:`SpectralNorm` on its weight
    (``torch.nn.utils.parametrize.register_parametrization``); each ``nn.BatchNorm2d`` or ``nn.BatchNorm1d`` becomes an
    ``nn.Identity``: it would scale the logits up again. Biases stay as they are.

    Args:
        discriminator: changed in place.

    Returns:
        The same module.

    Raises:
        ValueError: if it is no module, or a layer of it is normalized already or has a weight of zeros.

    Source: Miyato et al. (2018), sections 2 and 4: it is the discriminator that is normalized, not the generator.
    """
    _check_discriminator(discriminator)
    raise NotImplementedError("Exercise 8.6")


def _check_weight(weight: Tensor) -> None:
    if not isinstance(weight, Tensor) or weight.ndim < 2:
        raise ValueError(f"weight: got {describe(weight)}, want at least two axes (m, ...)")


def _check_start(weight: Tensor, u: Tensor) -> None:
    check_tensor(ndim=2, like="(m, n)", weight=weight)
    check_tensor(ndim=1, like="(m,)", u=u)
    if len(u) != len(weight):
        raise ValueError(f"u: got {describe(u)}, want shape ({len(weight)},): one number for each row of the weight")
    if u.dtype != weight.dtype:
        raise ValueError(f"u: got {describe(u)}, want the dtype of the weight, {str(weight.dtype).removeprefix('torch.')}")
    # On a GPU, reading u would wait for it at every pass through every layer.
    if u.device.type == "cpu" and not u.any():
        raise ValueError("u: got zeros, want another vector: power iteration would stay there")


def _check_conv(weight: Tensor, image_size: int, n_steps: int, stride: int, padding: int) -> None:
    check_tensor(ndim=4, like="(C_out, C_in, K, K)", weight=weight)
    if weight.shape[2] != weight.shape[3]:
        raise ValueError(f"weight: got {describe(weight)}, want square kernels (C_out, C_in, K, K)")
    check_count(image_size=image_size, n_steps=n_steps, stride=stride)
    check_count(minimum=0, padding=padding)
    if weight.shape[2] > image_size + 2 * padding:
        raise ValueError(f"image_size: got {image_size}, want the kernel of {weight.shape[2]} to fit once")


def _check_sequence(network: object) -> None:
    if not isinstance(network, nn.Sequential):
        raise ValueError(f"network: got {describe(network)}, want an nn.Sequential")
    for layer in network:
        if not isinstance(layer, (nn.Sequential, nn.Linear, nn.Conv2d, nn.LeakyReLU, *SLOPES)):
            known = ", ".join(kind.__name__ for kind in (nn.Sequential, nn.Linear, nn.Conv2d, nn.LeakyReLU, *SLOPES))
            raise ValueError(f"network: got a layer {type(layer).__name__}, want layers of the kinds {known}")
        if isinstance(layer, nn.Conv2d) and (layer.groups, *layer.dilation) != (1, 1, 1):
            raise ValueError("network: got a convolution with groups or dilation, want one without")
        if isinstance(layer, nn.Conv2d) and layer.padding_mode != "zeros":
            raise ValueError(f"network: got a convolution with {layer.padding_mode} padding, want zeros")


def _check_discriminator(discriminator: object) -> None:
    if not isinstance(discriminator, nn.Module):
        raise ValueError(f"discriminator: got {describe(discriminator)}, want an nn.Module")
    if any(parametrize.is_parametrized(module, "weight") for module in discriminator.modules()):
        raise ValueError("discriminator: got a layer whose weight is normalized already, want each to be normalized once")
    for name, module in discriminator.named_modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)) and not module.weight.any():
            raise ValueError(f"discriminator: got a weight of zeros in layer {name!r}, want one whose spectral norm is not 0")
