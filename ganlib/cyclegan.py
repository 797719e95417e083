"""Chapter 9: from image to image, with pairs (pix2pix) and without (CycleGAN)."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from ganlib._checks import check_batch, check_count, check_positive, check_range, check_same_shape, check_tensor, describe
from ganlib.gan import generator_loss


def instance_norm(x: Tensor, eps: float = 1e-5) -> Tensor:
    r"""Exercise 9.1. Each channel of each image, with its own mean taken away and divided by its own standard deviation.

    .. math:: \frac{x_{nchw} - \mu_{nc}}{\sqrt{\sigma^2_{nc} + \varepsilon}}

    Mean and variance are those of the H W pixels; the variance is divided by H W, not by H W - 1. A single pixel becomes 0.

    Args:
        x: shape (N, C, H, W).
        eps: added to the variance, positive.

    Returns:
        The same shape. An image counts by itself: training and evaluation mode are the same, and so is every batch size.

    Raises:
        ValueError: if x is no floating-point tensor of four axes, or eps is not positive.

    Source: Ulyanov, Vedaldi and Lempitsky (2016), equation (3).
    """
    check_tensor(ndim=4, like="(N, C, H, W)", x=x)
    check_positive(eps=eps)
    raise NotImplementedError("Exercise 9.1")


def receptive_field(layers: Sequence[tuple[int, int]]) -> int:
    """Exercise 9.2. How many pixels, along one side, one output of a stack of convolutions sees.

    Args:
        layers: (kernel, stride) of each layer, from the image on.

    Returns:
        The side of the square; 1 if there are no layers.

    Raises:
        ValueError: if an entry is no pair of positive whole numbers.

    Source: Isola et al. (2017), appendix 6.1.2, for the 70 pixels; derived in the chapter, theorem 9.2.
    """
    _check_layers(layers)
    raise NotImplementedError("Exercise 9.2")


class UNetGenerator(nn.Module):
    """Exercise 9.3. A U-Net: the image is halved ``depth`` times and doubled as often, with a short cut at every size.

    - Down: convolutions of kernel 4, stride 2 and padding 1, of width, 2 width, 4 width, ... channels; instance normalization
      after each but the first and the last; LeakyReLU of slope 0.2 behind each.
    - Up: each time upsampling by 2 (each pixel becomes four equal ones), a convolution of kernel 3 to as many channels as the
      image of this size had on the way down, instance normalization, ReLU; then that image of the way down is put beside it
      (concatenated).
    - At the end once more upsampling by 2, a convolution of kernel 3 to ``channels``, tanh.

    Args:
        channels: of the images that come in and go out.
        width: channels behind the first layer.
        depth: how often the sides are halved, at least 2.

    Raises:
        ValueError: if an argument is no positive whole number, or depth is 1.

    Source: Ronneberger, Fischer and Brox (2015); Isola et al. (2017), section 3.2.1.
    """

    def __init__(self, channels: int = 3, width: int = 32, depth: int = 4) -> None:
        super().__init__()
        check_count(channels=channels, width=width)
        check_count(minimum=2, depth=depth)
        self.channels, self.depth = channels, depth
        raise NotImplementedError("Exercise 9.3")

    def forward(self, x: Tensor) -> Tensor:
        """Images in [-1, 1] to images in [-1, 1], shape (N, channels, H, W); H and W are multiples of 2^depth."""
        _check_images(self.channels, 2**self.depth, x=x)
        raise NotImplementedError("Exercise 9.3")


def reflected_convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    """Provided: a convolution with reflected borders that keeps or halves the sides, instance normalization, ReLU."""
    padding = dict(padding=kernel // 2, padding_mode="reflect")
    return [nn.Conv2d(inputs, outputs, kernel, stride, **padding), nn.InstanceNorm2d(outputs), nn.ReLU()]


class ResNetGenerator(nn.Module):
    """Provided: the generator of the CycleGAN paper, behind the same interface as :class:`UNetGenerator`.

    Twice halved, then residual blocks at a quarter of the side, then twice doubled. There is no short cut from the input to the
    output: what is not carried through the middle is gone. The paper has width 64, and 6 blocks for 128 x 128 pixels or
    9 for 256 x 256.

    Args:
        channels: of the images that come in and go out.
        width: channels behind the first layer.
        blocks: how many residual blocks.

    Source: Johnson, Alahi and Fei-Fei (2016); Zhu et al. (2017), section 7.2.
    """

    def __init__(self, channels: int = 3, width: int = 32, blocks: int = 6) -> None:
        super().__init__()
        check_count(channels=channels, width=width, blocks=blocks)
        self.channels = channels
        layers = [*reflected_convolution(channels, width, 7), *reflected_convolution(width, 2 * width, 3, 2)]
        layers += reflected_convolution(2 * width, 4 * width, 3, 2)
        layers += [ResidualBlock(4 * width) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(4 * width, 2 * width, 3)]
        layers += [nn.Upsample(scale_factor=2), *reflected_convolution(2 * width, width, 3)]
        layers += [nn.Conv2d(width, channels, 7, padding=3, padding_mode="reflect"), nn.Tanh()]
        self.stages = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Images in [-1, 1] to images in [-1, 1], shape (N, channels, H, W); H and W are multiples of 4, at least 8."""
        _check_images(self.channels, 4, x=x)
        if min(x.shape[2:]) < 8:  # a border of one pixel cannot be reflected
            raise ValueError(f"x: got {describe(x)}, want sides of at least 8")
        return self.stages(x)


class ResidualBlock(nn.Module):
    """Provided: x plus what two convolutions of kernel 3 make of it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*reflected_convolution(width, width, 3), *reflected_convolution(width, width, 3)[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, width, H, W) to the same."""
        return x + self.layers(x)


class PatchDiscriminator(nn.Module):
    """Exercise 9.3. A PatchGAN discriminator: a score for each patch, none for the whole image.

    Convolutions of kernel 4 and padding 1: ``halvings`` of stride 2 with width, 2 width, 4 width, ... channels, one of stride 1
    with twice as many again, and one of stride 1 to one channel. LeakyReLU of slope 0.2 behind each but the last;
    instance normalization in front of it, but for the first. Three halvings see patches of 70 x 70 pixels.

    Args:
        channels: of the images; for pairs of images, of both together.
        width: channels behind the first layer.
        halvings: how many layers have stride 2.

    Raises:
        ValueError: if an argument is no positive whole number.

    Source: Isola et al. (2017), section 3.2.2 and appendix 6.1.2; Zhu et al. (2017), section 7.2.
    """

    def __init__(self, channels: int = 3, width: int = 32, halvings: int = 3) -> None:
        super().__init__()
        check_count(channels=channels, width=width, halvings=halvings)
        self.channels, self.halvings = channels, halvings
        raise NotImplementedError("Exercise 9.3")

    def forward(self, x: Tensor) -> Tensor:
        """Scores: (N, channels, H, W) -> (N, 1, h, w), one for each patch."""
        _check_images(self.channels, 2**self.halvings, x=x)
        if min(x.shape[2:]) < 4 * 2**self.halvings:
            raise ValueError(f"x: got {describe(x)}, want sides of at least {4 * 2**self.halvings}")
        raise NotImplementedError("Exercise 9.3")


def lsgan_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Exercise 9.4. What a least-squares discriminator minimizes: real scores should be 1, those of fakes 0.

    Args:
        real: scores of real images, any shape.
        fake: scores of generated images, any shape.

    Returns:
        One number: half the sum of the mean of (real - 1)^2 and the mean of fake^2; 1/4 if every score is 1/2.

    Raises:
        ValueError: if an argument is no floating-point tensor or is empty.

    Source: Mao et al. (2017), equation (9) with a = 0, b = c = 1; halved as by Zhu et al. (2017), section 7.1.
    """
    _check_scores(real=real, fake=fake)
    raise NotImplementedError("Exercise 9.4")


def lsgan_generator_loss(fake: Tensor) -> Tensor:
    """Exercise 9.4. What a generator minimizes against a least-squares discriminator: its scores should be 1.

    Args:
        fake: scores of generated images, any shape.

    Returns:
        One number: the mean of (fake - 1)^2, not halved; 1 if every score is 0.

    Raises:
        ValueError: if the argument is no floating-point tensor or is empty.

    Source: Zhu et al. (2017), section 4.
    """
    _check_scores(fake=fake)
    raise NotImplementedError("Exercise 9.4")


def cycle_loss(x: Tensor, x_back: Tensor, y: Tensor, y_back: Tensor) -> Tensor:
    r"""Exercise 9.5. Who goes there and back should be where he was: the L1 distance of both cycles.

    .. math:: \frac1{|x|} \lVert F(G(x)) - x \rVert_1 + \frac1{|y|} \lVert G(F(y)) - y \rVert_1

    where \|x\| is how many numbers x holds.

    Args:
        x: images of the first domain, shape (N, C, H, W).
        x_back: F(G(x)), same shape.
        y: images of the second domain, shape (M, C, H, W).
        y_back: G(F(y)), same shape.

    Returns:
        One number: the mean over all pixels and images of the one, plus that of the other.

    Raises:
        ValueError: if the shapes of an image and of its cycle differ, or a tensor is empty.

    Source: Zhu et al. (2017), equation (2).
    """
    _check_there_and_back(x=x, x_back=x_back)
    _check_there_and_back(y=y, y_back=y_back)
    raise NotImplementedError("Exercise 9.5")


def identity_loss(x: Tensor, x_same: Tensor, y: Tensor, y_same: Tensor) -> Tensor:
    r"""Exercise 9.5. A generator should leave alone what is in its target domain already.

    Args:
        x: images of the first domain, shape (N, C, H, W).
        x_same: F(x), of the generator that leads *to* the first domain, same shape.
        y: images of the second domain, shape (M, C, H, W).
        y_same: G(y), of the generator that leads to the second domain, same shape.

    Returns:
        One number: the mean of \|F(x) - x\| plus the mean of \|G(y) - y\|.

    Raises:
        ValueError: if the shapes of an image and of its translation differ, or a tensor is empty.

    Source: Zhu et al. (2017), section 5.2.
    """
    _check_there_and_back(x=x, x_same=x_same)
    _check_there_and_back(y=y, y_same=y_same)
    raise NotImplementedError("Exercise 9.5")


class ImagePool:
    """Exercise 9.6. A memory of fakes, so that a discriminator does not forget what the generator did some steps ago.

    Args:
        size: how many images are kept; 0 hands every image through.

    Attributes:
        size: as given.
        images: those that are kept, a list of detached tensors (C, H, W), at most ``size``.

    Source: Shrivastava et al. (2017), section 2.3; Zhu et al. (2017), section 4.
    """

    def __init__(self, size: int = 50) -> None:
        check_count(minimum=0, size=size)
        self.size = size
        self.images: list[Tensor] = []

    def query(self, images: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """As many images as come in: new ones, or old ones in exchange.

        One after the other: as long as the pool is not full, the image is kept and returned. Then, with probability 1/2, it is
        returned and not kept; otherwise it takes the place of an image that is drawn from the pool, and that one is returned.

        Args:
            images: shape (N, C, H, W).
            generator: source of randomness; None is torch's global one.

        Returns:
            Shape (N, C, H, W), detached.

        Raises:
            ValueError: if it is no floating-point tensor of four axes, or of another shape than the images that are kept.
        """
        check_tensor(ndim=4, like="(N, C, H, W)", images=images)
        if self.images and self.images[0].shape != images.shape[1:]:
            raise ValueError(f"images: got {describe(images)}, want images of shape {tuple(self.images[0].shape)} as before")
        raise NotImplementedError("Exercise 9.6")


class Networks(NamedTuple):
    """Provided: the four networks of a CycleGAN.

    ``to_y`` is G, from domain x to y; ``to_x`` is F, from y to x; ``of_x`` and ``of_y`` are the discriminators of the domains.
    """

    to_y: nn.Module
    to_x: nn.Module
    of_x: nn.Module
    of_y: nn.Module

    def parameters(self, *names: str) -> list[nn.Parameter]:
        """Of the networks with these names, such as ``parameters("to_x", "to_y")``."""
        return [parameter for name in names for parameter in getattr(self, name).parameters()]


def cyclegan_generator_loss(
    batch: tuple[Tensor, Tensor], networks: Networks, lambda_cycle: float = 10.0, lambda_identity: float = 0.0
) -> dict[str, Tensor]:
    """Exercise 9.7. What both generators of a CycleGAN minimize together, and the fakes that were made for it.

    total = adversarial + lambda_cycle (cycle + lambda_identity identity). The adversarial loss is the sum of
    :func:`lsgan_generator_loss` of both generators. Each translation is made once. Where lambda_identity is 0, no image is
    translated for the identity loss, and ``identity`` is 0.

    Args:
        batch: images x of the first and y of the second domain, in [-1, 1], shapes (N, C, H, W) and (M, C, H, W).
        networks: see :class:`Networks`.
        lambda_cycle: weight of :func:`cycle_loss`.
        lambda_identity: weight of :func:`identity_loss`, in units of lambda_cycle; the paper has 0.5 for Monet's paintings
            and for photographs of flowers, else 0.

    Returns:
        ``{"total", "adversarial", "cycle", "identity"}``, scalars that can be differentiated, not weighted but for the total;
        and ``"fake_x"``, ``"fake_y"``: F(y) and G(x).

    Raises:
        ValueError: if the batch is no pair of image tensors, or a weight is negative.

    Source: Zhu et al. (2017), equation (3) and section 5.2.
    """
    x, y = _check_pair(batch)
    check_range(0, lambda_cycle=lambda_cycle, lambda_identity=lambda_identity)
    raise NotImplementedError("Exercise 9.7")


def cyclegan_step(
    batch: tuple[Tensor, Tensor],
    networks: Networks,
    opt_g: Optimizer,
    opt_d: Optimizer,
    pools: tuple[ImagePool, ImagePool],
    lambda_cycle: float = 10.0,
    lambda_identity: float = 0.0,
    generator: torch.Generator | None = None,
) -> dict[str, Tensor]:
    """Exercise 9.7. One step of a CycleGAN: both generators first, then both discriminators.

    The generators minimize :func:`cyclegan_generator_loss`; only they change. Then each discriminator minimizes
    :func:`lsgan_discriminator_loss` of the real images of its domain and of what its pool returns for the fakes that the
    generators' step has made; only the discriminators change. Each optimizer takes one step; frozen weights stay frozen.

    Args:
        batch: images x and y, in [-1, 1].
        networks: see :class:`Networks`.
        opt_g: optimizer of the parameters of both generators.
        opt_d: optimizer of the parameters of both discriminators.
        pools: of fakes of the first and of the second domain; the first is asked first.
        lambda_cycle: see :func:`cyclegan_generator_loss`.
        lambda_identity: see there.
        generator: source of randomness for the pools.

    Returns:
        ``{"g_loss", "d_loss", "cycle", "identity"}``: each loss before its own update, detached scalars; ``d_loss`` is the sum
        of both discriminators' losses.

    Raises:
        ValueError: as :func:`cyclegan_generator_loss`.

    Source: Zhu et al. (2017), section 4.
    """
    x, y = _check_pair(batch)
    raise NotImplementedError("Exercise 9.7")


def pix2pix_generator_loss(fake_logits: Tensor, fake: Tensor, target: Tensor, lambda_l1: float = 100.0) -> Tensor:
    r"""Exercise 9.8. What the generator of pix2pix minimizes: to be taken for real, and to be near the target.

    Args:
        fake_logits: the discriminator's logits for (input, fake), any shape.
        fake: what the generator has made, shape (N, C, H, W).
        target: what belongs to the input, same shape.
        lambda_l1: weight of the distance.

    Returns:
        One number: the mean of :math:`-\log \operatorname{sigmoid}` of the logits plus lambda_l1 times the mean over all pixels
        of \|fake - target\|.

    Raises:
        ValueError: if the shapes of fake and target differ, a tensor is empty, or the weight is negative.

    Source: Isola et al. (2017), equation (4), with the non-saturating loss of section 3.3.
    """
    _check_scores(fake_logits=fake_logits)
    _check_there_and_back(target=target, fake=fake)
    check_range(0, lambda_l1=lambda_l1)
    raise NotImplementedError("Exercise 9.8")


def _check_layers(layers: object) -> None:
    if not isinstance(layers, (list, tuple)):
        raise ValueError(f"layers: got {describe(layers)}, want a list of pairs (kernel, stride)")
    for k, layer in enumerate(layers):
        if not isinstance(layer, (list, tuple)) or len(layer) != 2:
            raise ValueError(f"layers[{k}]: got {describe(layer)}, want a pair (kernel, stride)")
        check_count(**{f"layers[{k}], kernel": layer[0], f"layers[{k}], stride": layer[1]})


def _check_images(channels: int, multiple: int, **images: Tensor) -> None:
    for name, value in images.items():
        check_tensor(ndim=4, like=f"(N, {channels}, H, W)", **{name: value})
        check_batch((channels, *value.shape[2:]), **{name: value})
        if value.shape[2] % multiple or value.shape[3] % multiple:
            raise ValueError(f"{name}: got {describe(value)}, want sides that are multiples of {multiple}")


def _check_scores(**scores: Tensor) -> None:
    check_tensor(**scores)
    for name, value in scores.items():
        if value.numel() == 0:
            raise ValueError(f"{name}: got shape {tuple(value.shape)}, want at least one score")


def _check_there_and_back(**images: Tensor) -> None:
    check_same_shape(**images)
    _check_scores(**images)


def _at_once(network: nn.Module, first: Tensor, second: Tensor) -> Sequence[Tensor]:
    """Provided: ``network(first), network(second)``, in one pass where that gives the same numbers, which is faster."""
    mixes = any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in network.modules())
    if mixes or first.shape[1:] != second.shape[1:]:
        return network(first), network(second)
    return network(torch.cat([first, second])).split([len(first), len(second)])


def _check_pair(batch: object) -> tuple[Tensor, Tensor]:
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise ValueError(f"batch: got {describe(batch)}, want a pair (x, y) of image tensors")
    x, y = batch
    check_tensor(ndim=4, like="(N, C, H, W)", **{"batch[0]": x, "batch[1]": y})
    return x, y


if __name__ == "__main__":
    import sys

    from ganlib import translation

    sys.exit(translation.main())
