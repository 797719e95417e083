"""Chapter 5: convolutional generators and discriminators."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlib._checks import check_batch, check_count, check_same_shape, check_tensor, describe


def conv_size(n: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    r"""Exercise 5.1. How many outputs a convolution has along one axis, :math:`\lfloor (n + 2p - k) / s \rfloor + 1`.

    Args:
        n: number of inputs along the axis.
        kernel: size of the kernel, at most n + 2 padding.
        stride: steps between two places of the kernel.
        padding: zeros added on each side.

    Returns:
        A whole number of at least 1.

    Raises:
        ValueError: if an argument is no whole number in its range, or the kernel does not fit.

    Source: Dumoulin and Visin (2016), relationship 6. Derived in the chapter, theorem 5.1.
    """
    _check_layer(n, kernel, stride, padding)
    if kernel > n + 2 * padding:
        raise ValueError(f"kernel: got {kernel}, want at most n + 2 padding = {n + 2 * padding}: it would not fit once")
    raise NotImplementedError("Exercise 5.1")


def transposed_conv_size(n: int, kernel: int, stride: int = 1, padding: int = 0, output_padding: int = 0) -> int:
    r"""Exercise 5.1. How many outputs a transposed convolution has along one axis, :math:`(n - 1) s - 2p + k + o`.

    Args:
        n: number of inputs along the axis.
        kernel: size of the kernel.
        stride: steps between the kernels of two neighboring inputs.
        padding: outputs cut off on each side.
        output_padding: outputs added at the end, from 0 to stride - 1: which of the sizes that a convolution of this
            stride maps to n is meant.

    Returns:
        A whole number of at least 1.

    Raises:
        ValueError: if an argument is no whole number in its range, or nothing would be left of the output.

    Source: Dumoulin and Visin (2016), relationship 14. Derived in the chapter, theorem 5.1.
    """
    _check_layer(n, kernel, stride, padding)
    check_count(minimum=0, output_padding=output_padding)
    if output_padding >= stride:
        raise ValueError(f"output_padding: got {output_padding}, want at most stride - 1 = {stride - 1}")
    if 2 * padding >= (n - 1) * stride + kernel + output_padding:
        raise ValueError(f"padding: got {padding}, want less: it cuts the whole output off")
    raise NotImplementedError("Exercise 5.1")


def transposed_conv2d(x: Tensor, weight: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
    """Exercise 5.2. A transposed convolution as an ordinary one: zeros between the inputs, and the kernel turned round.

    Between neighboring inputs stand stride - 1 zeros; the result of the convolution with the turned kernel, at stride 1, is
    what ``torch.nn.functional.conv_transpose2d(x, weight, stride=stride, padding=padding)`` gives. Not to be called here.

    Args:
        x: images, shape (N, C_in, H, W).
        weight: kernels, shape (C_in, C_out, K, K).
        stride: of the transposed convolution.
        padding: rows and columns cut off on each side of the result, at most K - 1.

    Returns:
        Shape (N, C_out, (H - 1) stride - 2 padding + K, (W - 1) stride - 2 padding + K).

    Raises:
        ValueError: if a shape or a number is not as stated.

    Source: Dumoulin and Visin (2016), section 4. Derived in the chapter, theorem 5.2.
    """
    check_tensor(ndim=4, like="(N, C_in, H, W)", x=x)
    check_tensor(ndim=4, like="(C_in, C_out, K, K)", weight=weight)
    if weight.shape[2] != weight.shape[3] or weight.shape[0] != x.shape[1]:
        raise ValueError(f"weight: got {describe(weight)}, want shape ({x.shape[1]}, C_out, K, K)")
    _check_layer(min(x.shape[2:]), weight.shape[2], stride, padding)
    if padding > weight.shape[2] - 1:
        raise ValueError(f"padding: got {padding}, want at most kernel - 1 = {weight.shape[2] - 1}")
    raise NotImplementedError("Exercise 5.2")


class Generator(nn.Module):
    """Exercise 5.3. A DCGAN generator: from noise to images by transposed convolutions.

    It keeps the guidelines of the DCGAN paper:

    - noise enters a transposed convolution (or one linear layer) that makes a small image of many channels;
    - each further layer is a transposed convolution (or an upsampling and a convolution) that doubles the sides;
    - batch normalization after each layer but the last, and no bias in front of it;
    - ReLU behind it, and tanh at the end.

    The small image has sides of 4 to 7: ``image_size`` is halved as long as it is even and above 7 (16, 8, 4; 28, 14, 7).
    In the solution its channels are ``width`` for an image halved once, and twice as many for each further halving.

    Args:
        latent_dim: length of the noise.
        channels: of the images.
        image_size: side of the images, such as 8, 16, 28, 32 or 64.
        width: channels of the last hidden layer.

    Raises:
        ValueError: if an argument is no positive whole number, or the image_size is none of those above.

    Source: Radford, Metz and Chintala (2016), section 3.
    """

    def __init__(self, latent_dim: int = 64, channels: int = 1, image_size: int = 16, width: int = 32) -> None:
        super().__init__()
        check_count(latent_dim=latent_dim, channels=channels, width=width)
        self.latent_dim = latent_dim
        base, doublings = small_image(image_size)
        raise NotImplementedError("Exercise 5.3")

    def forward(self, z: Tensor) -> Tensor:
        """Images in [-1, 1]: (N, latent_dim) -> (N, channels, image_size, image_size)."""
        check_batch((self.latent_dim,), z=z)
        raise NotImplementedError("Exercise 5.3")


class Discriminator(nn.Module):
    """Exercise 5.4. A DCGAN discriminator: from images to logits by strided convolutions.

    It keeps the guidelines of the DCGAN paper:

    - each layer but the last is a convolution with stride 2 that halves the sides; no pooling, and no hidden layer is
      fully connected;
    - batch normalization after each layer but the first and the last, and no bias in front of it (the first layer has one);
    - LeakyReLU of slope 0.2 behind it, and nothing at the end: logits.

    Args:
        channels: of the images.
        image_size: side of the images, as for :class:`Generator`.
        width: channels behind the first layer. In the solution there are twice as many behind each further one.

    Raises:
        ValueError: if an argument is no positive whole number, or the image_size is none of those of :class:`Generator`.

    Source: Radford, Metz and Chintala (2016), section 3.
    """

    def __init__(self, channels: int = 1, image_size: int = 16, width: int = 32) -> None:
        super().__init__()
        check_count(channels=channels, width=width)
        self.image_shape = (channels, image_size, image_size)
        base, halvings = small_image(image_size)
        raise NotImplementedError("Exercise 5.4")

    def forward(self, x: Tensor) -> Tensor:
        """Logits: (N, channels, image_size, image_size) -> (N,)."""
        check_batch(self.image_shape, x=x)
        raise NotImplementedError("Exercise 5.4")


def init_weights(module: nn.Module) -> None:
    """Exercise 5.5. Initialize one layer as DCGAN does; ``network.apply(init_weights)`` does it to all of a network.

    Convolutions, transposed convolutions and linear layers: weights from N(0, 0.02^2), biases 0. Batch normalization, of
    images and of vectors (``nn.BatchNorm2d``, ``nn.BatchNorm1d``): scale from N(1, 0.02^2), shift 0. Every other module is left
    as it is. Randomness comes from torch's global generator.

    Args:
        module: the layer, changed in place.

    Source: Radford, Metz and Chintala (2016), section 4; the scale of batch normalization as in their code.
    """
    raise NotImplementedError("Exercise 5.5")


def slerp(z0: Tensor, z1: Tensor, t: float | Tensor) -> Tensor:
    r"""Exercise 5.6. Spherical interpolation: from z0 to z1 along the arc, at constant speed.

    .. math:: \frac{\sin((1 - t)\,\omega)}{\sin \omega} z_0 + \frac{\sin(t\,\omega)}{\sin \omega} z_1, \qquad
              \cos \omega = \frac{z_0 \cdot z_1}{\|z_0\| \|z_1\|}

    Where the angle is so small (below about 0.001) that sin(omega) is lost in rounding, the straight line takes its place.

    Args:
        z0: start, shape (..., d).
        z1: end, same shape; not opposite to z0, where no arc is the shortest.
        t: how far, from 0 to 1: a number, or a tensor that broadcasts against z0, such as (T, 1) against (d,).

    Returns:
        The points, shape (..., d); of norm r if z0 and z1 have the norm r.

    Raises:
        ValueError: if the shapes differ or have no axis, or a vector is opposite to its partner.

    Source: Shoemake (1985); White (2016) for latent spaces.
    """
    check_same_shape(z0=z0, z1=z1)
    if z0.ndim == 0:
        raise ValueError(f"z0: got {describe(z0)}, want vectors, shape (..., d)")
    if (F.cosine_similarity(z0, z1, dim=-1) < -1 + 1e-6).any():
        raise ValueError("z1: got a vector opposite to z0, want another one: there is no shortest arc between the two")
    raise NotImplementedError("Exercise 5.6")


def overlap_map(n: int, kernel: int, stride: int) -> Tensor:
    """Exercise 5.7. How many inputs reach each output of a transposed convolution without padding: the checkerboard.

    Args:
        n: side of the square input.
        kernel: side of the kernel.
        stride: of the transposed convolution.

    Returns:
        Counts as floating-point numbers, shape (m, m) with m = (n - 1) stride + kernel.

    Raises:
        ValueError: if an argument is no positive whole number.

    Source: Odena, Dumoulin and Olah (2016). Derived in the chapter, theorem 5.3.
    """
    check_count(n=n, kernel=kernel, stride=stride)
    raise NotImplementedError("Exercise 5.7")


def small_image(image_size: int) -> tuple[int, int]:
    """The side of the smallest image of a network, from 4 to 7, and how often it is doubled; provided.

    Raises:
        ValueError: if the side of the images is none that is halved to 4, 5, 6 or 7.
    """
    check_count(image_size=image_size)
    side, halvings = image_size, 0
    while side > 7 and side % 2 == 0:
        side, halvings = side // 2, halvings + 1
    if side > 7 or halvings == 0:
        raise ValueError(f"image_size: got {image_size}, want 4, 5, 6 or 7 times a power of 2, at least 8, such as 16 or 28")
    return side, halvings


def _check_layer(n: int, kernel: int, stride: int, padding: int) -> None:
    check_count(n=n, kernel=kernel, stride=stride)
    check_count(minimum=0, padding=padding)
