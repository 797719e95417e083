"""Chapter 10: content and style of a picture, and how to put the one into the other."""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from ganlib._checks import check_batch, check_count, check_positive, check_range, check_same_shape, check_tensor, describe
from ganlib.cyclegan import ResidualBlock, instance_norm, reflected_convolution

# Pictures (N, 3, H, W) to features (N, C, H', W') of one or several layers.
Extract = Callable[[Tensor], Sequence[Tensor]]


def gram_matrix(features: Tensor) -> Tensor:
    r"""Exercise 10.1. Which channels are strong together, wherever in the picture that is.

    .. math:: G_{ij} = \frac{1}{C H W} \sum_{h, w} F_{ihw} F_{jhw}

    Args:
        features: shape (N, C, H, W).

    Returns:
        One symmetric matrix for each picture, shape (N, C, C).

    Raises:
        ValueError: if it is no floating-point tensor of four axes, or an axis is empty.

    Source: Gatys, Ecker and Bethge (2016), equation (3); divided as by Johnson, Alahi and Fei-Fei (2016), equation (3).
    """
    _check_features(features=features)
    raise NotImplementedError("Exercise 10.1")


def polynomial_mmd(a: Tensor, b: Tensor) -> Tensor:
    r"""Exercise 10.2. Squared maximum mean discrepancy of two samples for the kernel :math:`k(x, y) = (x \cdot y)^2`.

    .. math:: \frac1{n^2} \sum_{i, j} k(a_i, a_j) + \frac1{m^2} \sum_{i, j} k(b_i, b_j) - \frac2{n m} \sum_{i, j} k(a_i, b_j)

    All pairs count, also those of a sample with itself (the biased form).

    Args:
        a: shape (n, d).
        b: shape (m, d).

    Returns:
        One number, at least 0 but for rounding.

    Raises:
        ValueError: if a shape is not as stated or a sample is empty.

    Source: Gretton et al. (2012), equation (5); Li et al. (2017) for the Gram matrix. The chapter, theorem 10.1.
    """
    check_tensor(ndim=2, like="(n, d)", a=a)
    check_tensor(ndim=2, like="(m, d)", b=b)
    if a.shape[1] != b.shape[1] or 0 in (a.numel(), b.numel()):
        raise ValueError(
            f"b: got {describe(b)}, want vectors of the same length as those of a, {describe(a)}, at least one of each"
        )
    raise NotImplementedError("Exercise 10.2")


def content_loss(features: Tensor, target: Tensor) -> Tensor:
    """Exercise 10.3. How far the features of one layer are from those of the content, place by place.

    Args:
        features: of the picture that is made, shape (N, C, H, W).
        target: of the content, same shape.

    Returns:
        One number: the mean of the squared differences over everything.

    Raises:
        ValueError: if the shapes differ or are not as stated.

    Source: Gatys, Ecker and Bethge (2016), equation (1), but for the factor.
    """
    check_same_shape(features=features, target=target)
    _check_features(features=features, target=target)
    raise NotImplementedError("Exercise 10.3")


def style_loss(features: Sequence[Tensor], targets: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    r"""Exercise 10.3. How far the Gram matrices of all layers are from those of the style.

    .. math:: \sum_l w_l \sum_{ij} \left(G(F_l)_{ij} - T_{lij}\right)^2

    Args:
        features: of the picture that is made, one tensor (N, C_l, H_l, W_l) a layer.
        targets: Gram matrices of the style, one (C_l, C_l) a layer; the same for all N pictures.
        weights: one number a layer, at least 0.

    Returns:
        One number: the mean over the N pictures; summed over the layers and over the entries of the matrices.

    Raises:
        ValueError: if the lengths differ, there is no layer, or a shape does not fit.

    Source: Gatys, Ecker and Bethge (2016), equations (4) and (5); the factors are in the weights.
    """
    _check_layers(features, targets, weights)
    raise NotImplementedError("Exercise 10.3")


def total_variation(x: Tensor) -> Tensor:
    """Exercise 10.4. How much a picture flickers: the absolute differences of neighbours, across and down.

    Args:
        x: shape (N, C, H, W).

    Returns:
        One number: the sum over channels and both kinds of neighbours, divided by the N C H W numbers of x.

    Raises:
        ValueError: if it is no floating-point tensor of four axes, or an axis is empty.

    Source: Rudin, Osher and Fatemi (1992), in the anisotropic form; Johnson, Alahi and Fei-Fei (2016), section 3.2.
    """
    _check_features(x=x)
    raise NotImplementedError("Exercise 10.4")


def random_filter_features(
    x: Tensor, n_filters: int = 64, kernel: int = 7, levels: int = 4, generator: torch.Generator | None = None
) -> list[Tensor]:
    r"""Exercise 10.5. Features that nobody has learned: one layer of random filters, on a picture and its smaller copies.

    The filters are drawn once, from N(0, 1) in one call of ``torch.randn`` of shape (n_filters, C, kernel, kernel); the mean is
    taken away from each channel of each filter, and each filter is divided by its norm. Level 0 is the picture; each further
    level is the one before, halved by averaging 2 x 2 pixels. Each level gives: ReLU of the convolution, with reflected borders
    of kernel // 2 that keep its sides; then, as further channels, the level itself and one channel of ones, so that a Gram
    matrix knows means, too.

    Args:
        x: pictures, shape (N, C, H, W).
        n_filters: how many filters.
        kernel: their side, odd and at least 3: of a single pixel nothing is left without its mean.
        levels: how many sizes; the smallest must have more than kernel // 2 pixels along each side.
        generator: source of randomness; the same state gives the same filters. None is torch's global one.

    Returns:
        One tensor a level, shape (N, n_filters + C + 1, H / 2^l, W / 2^l), rounded down.

    Raises:
        ValueError: if an argument is not as stated.

    Source: Ustyuzhaninov, Brendel, Gatys and Bethge (2016).
    """
    _check_pyramid(x, n_filters, kernel, levels)
    raise NotImplementedError("Exercise 10.5")


def perceptual_loss(
    features: Sequence[Tensor],
    content: Tensor | None,
    targets: Sequence[Tensor],
    weights: Sequence[float],
    content_weight: float = 1.0,
    style_weight: float = 1.0,
    content_layer: int = 0,
) -> Tensor:
    r"""Exercise 10.6. Content and style together, so that either loss is about 1 for features of 0.

    content_weight times :func:`content_loss` of one layer divided by the mean square of the content there, plus style_weight
    times :func:`style_loss`. Loss and mean square are those of all N pictures: one ratio, not a ratio for each picture.

    Args:
        features: of the pictures that are made, one tensor (N, C_l, H_l, W_l) a layer.
        content: features of the content at ``content_layer``, of the same shape; None leaves the content out.
        targets: Gram matrices of the style (see :func:`style_targets`); none at all leaves the style out.
        weights: of the layers (see :func:`style_targets`).
        content_weight: at least 0.
        style_weight: at least 0.
        content_layer: the number of the layer whose features are the content.

    Returns:
        One number, averaged over the N pictures.

    Raises:
        ValueError: if content and style are both left out, a weight is negative, or a shape does not fit.

    Source: Gatys, Ecker and Bethge (2016), equation (7).
    """
    _check_objective(features, content, targets, content_weight, style_weight, content_layer)
    raise NotImplementedError("Exercise 10.6")


def stylize(
    content: Tensor | None,
    style: Tensor | None,
    extract: Extract,
    n_steps: int = 100,
    content_weight: float = 1.0,
    style_weight: float = 1.0,
    tv_weight: float = 0.0,
    content_layer: int = 0,
    start: Tensor | None = None,
    after_step: Callable[[int, Tensor, float], None] | None = None,
) -> Tensor:
    """Exercise 10.6. A picture with the content of one and the style of another, by L-BFGS on its pixels.

    It minimizes :func:`perceptual_loss` plus tv_weight times :func:`total_variation`. L-BFGS is given the slopes of this loss
    times the number of values in the picture: torch's takes curvatures below 1e-10 for none, and the means over a picture of a
    million pixels have such, so that without the factor a large picture does not move.

    Args:
        content: shape (1, 3, H, W), in [0, 1]; None leaves the content out.
        style: shape (1, 3, H', W'), in [0, 1]; None leaves the style out.
        extract: pictures to features, one tensor a layer.
        n_steps: iterations of L-BFGS, as ``torch.optim.LBFGS`` makes them with rate 1, no line search and a memory of 10 steps or
            more, one a call of ``step`` (``max_iter=1``). Pixels may leave [0, 1] on the way.
        content_weight: see :func:`perceptual_loss`.
        style_weight: see there.
        tv_weight: of the flicker.
        content_layer: see there.
        start: the picture to start from, shape (1, 3, H, W); None is the content. It is not changed.
        after_step: called after each iteration with its number (from 1), the picture as it is, in [0, 1], and the loss before it,
            without that factor.

    Returns:
        Shape (1, 3, H, W), in [0, 1], detached.

    Raises:
        ValueError: if an argument is not as stated, content and style are both None, or there is nothing to start from.

    Source: Gatys, Ecker and Bethge (2016), section 2.3.
    """
    start = _check_stylize(content, style, n_steps, start, tv_weight)
    raise NotImplementedError("Exercise 10.6")


def style_targets(style: Tensor, extract: Extract) -> tuple[list[Tensor], list[float]]:
    r"""Provided: the Gram matrices T_l (C_l, C_l) of a style, and the weights 1 / (L \|T_l\|^2) of its L layers."""
    with torch.no_grad():
        targets = [gram_matrix(features)[0] for features in extract(style)]
    for k, target in enumerate(targets):
        if not target.any():
            raise ValueError(f"style: its features are all 0 in layer {k}, want a picture of more than one color")
    return targets, [1 / (len(targets) * float(target.square().sum())) for target in targets]


class TransformerNet(nn.Module):
    """Exercise 10.7. A network that puts pictures into one style, in one pass.

    A convolution of kernel 9, one of kernel 3 and stride 2 that doubles the channels, ``blocks`` residual blocks
    (:class:`~ganlib.cyclegan.ResidualBlock`), upsampling by 2 and a convolution of kernel 3 back to ``width`` channels, a
    convolution of kernel 9 to 3 channels, sigmoid. All convolutions keep the sides (but for the stride), with reflected
    borders; instance normalization and ReLU behind each but the last.

    Args:
        width: channels behind the first layer.
        blocks: how many residual blocks.

    Raises:
        ValueError: if an argument is no positive whole number.

    Source: Johnson, Alahi and Fei-Fei (2016), supplement, with one halving instead of two; Ulyanov, Vedaldi and Lempitsky (2016)
    for the normalization.
    """

    def __init__(self, width: int = 16, blocks: int = 3) -> None:
        super().__init__()
        check_count(width=width, blocks=blocks)
        raise NotImplementedError("Exercise 10.7")

    def forward(self, x: Tensor) -> Tensor:
        """Pictures in [0, 1] to pictures in [0, 1], shape (N, 3, H, W); H and W are even and above 8."""
        _check_picture(x=x)
        if x.shape[2] % 2 or x.shape[3] % 2 or min(x.shape[2:]) <= 8:
            raise ValueError(f"x: got {describe(x)}, want even sides above 8")
        raise NotImplementedError("Exercise 10.7")


def perceptual_step(
    network: nn.Module,
    optimizer: Optimizer,
    batch: Tensor,
    extract: Extract,
    targets: Sequence[Tensor],
    weights: Sequence[float],
    content_weight: float = 1.0,
    style_weight: float = 1.0,
    tv_weight: float = 0.0,
    content_layer: int = 0,
) -> dict[str, Tensor]:
    """Exercise 10.7. One step of the network that is to do in one pass what :func:`stylize` does in many.

    The content of each picture is the picture itself. The network minimizes :func:`perceptual_loss` of what it makes plus
    tv_weight times its :func:`total_variation`.

    Args:
        network: pictures to pictures.
        optimizer: of its parameters.
        batch: pictures, shape (N, 3, H, W), in [0, 1].
        extract: pictures to features, one tensor a layer.
        targets: Gram matrices of the style.
        weights: of the layers.
        content_weight: see :func:`perceptual_loss`.
        style_weight: see there.
        tv_weight: of the flicker.
        content_layer: see :func:`perceptual_loss`.

    Returns:
        ``{"loss": ...}``: the loss before the update, a detached scalar.

    Raises:
        ValueError: if the batch is no tensor of pictures, or as :func:`perceptual_loss`.

    Source: Johnson, Alahi and Fei-Fei (2016), section 3.
    """
    _check_picture(batch=batch)
    check_range(0, tv_weight=tv_weight)
    raise NotImplementedError("Exercise 10.7")


def adain(content: Tensor, style: Tensor, eps: float = 1e-5) -> Tensor:
    r"""Exercise 10.8. Adaptive instance normalization: features of the content with the means and deviations of the style.

    .. math:: \sigma(s) \, \frac{c - \mu(c)}{\sqrt{\sigma^2(c) + \varepsilon}} + \mu(s), \qquad
              \sigma(s) = \sqrt{\sigma^2(s) + \varepsilon}

    Means and variances (divided by the number of pixels) are those of each channel of each picture.

    Args:
        content: features, shape (N, C, H, W).
        style: features, shape (N, C, H', W'), or (1, C, H', W') for all.
        eps: added to the variances, positive.

    Returns:
        Shape (N, C, H, W).

    Raises:
        ValueError: if the shapes do not fit, or eps is not positive.

    Source: Huang and Belongie (2017), equation (8).
    """
    _check_features(content=content, style=style)
    check_positive(eps=eps)
    if style.shape[1] != content.shape[1] or len(style) not in (1, len(content)):
        raise ValueError(
            f"style: got {describe(style)}, want as many channels as the content, {describe(content)}, of one or as many"
        )
    raise NotImplementedError("Exercise 10.8")


def _check_features(**features: Tensor) -> None:
    check_tensor(ndim=4, like="(N, C, H, W)", **features)
    for name, value in features.items():
        if value.numel() == 0:
            raise ValueError(f"{name}: got shape {tuple(value.shape)}, want no axis of length 0")


def _check_layers(features: Sequence[Tensor], targets: Sequence[Tensor], weights: Sequence[float]) -> None:
    for name, value in {"features": features, "targets": targets, "weights": weights}.items():
        if not isinstance(value, (list, tuple)) or not value:
            given = describe(value) if value else "nothing"
            raise ValueError(f"{name}: got {given}, want a list, one entry a layer")
        if len(value) != len(features):
            raise ValueError(f"{name}: got {len(value)} entries, want {len(features)}, one for each layer of the features")
    for k, (feature, target, weight) in enumerate(zip(features, targets, weights, strict=True)):
        _check_features(**{f"features[{k}]": feature})
        check_range(0, **{f"weights[{k}]": weight})
        if not isinstance(target, Tensor) or target.shape != 2 * (feature.shape[1],):
            raise ValueError(f"targets[{k}]: got {describe(target)}, want shape {2 * (feature.shape[1],)}")


def _check_pyramid(x: Tensor, n_filters: int, kernel: int, levels: int) -> None:
    _check_features(x=x)
    check_count(n_filters=n_filters, levels=levels)
    check_count(minimum=3, kernel=kernel)
    if kernel % 2 == 0:
        raise ValueError(f"kernel: got {kernel}, want an odd number")
    if min(x.shape[2:]) // 2 ** (levels - 1) <= kernel // 2:
        raise ValueError(
            f"levels: got {levels}, want fewer: of {describe(x)} the last would be no larger than half a kernel of {kernel}"
        )


def _check_objective(features, content, targets, content_weight, style_weight, content_layer) -> None:
    if not isinstance(features, (list, tuple)) or not features:
        raise ValueError(f"features: got {describe(features)}, want a list, one tensor a layer")
    check_range(0, content_weight=content_weight, style_weight=style_weight)
    check_count(minimum=0, content_layer=content_layer)
    if content_layer >= len(features):
        raise ValueError(f"content_layer: got {content_layer}, want one of the {len(features)} layers, counted from 0")
    if content is not None and not content.any():
        raise ValueError("content: its features are all 0, want a picture of more than one color, or another layer")
    if content is None and not targets:
        raise ValueError("content: got None without targets of a style, want at least one of the two")


def _check_picture(**pictures: Tensor) -> None:
    for name, value in pictures.items():
        check_tensor(ndim=4, like="(N, 3, H, W)", **{name: value})
        check_batch((3, *value.shape[2:]), **{name: value})


def _check_stylize(content: Tensor | None, style: Tensor | None, n_steps: int, start: Tensor | None, tv_weight: float) -> Tensor:
    """The picture to start from."""
    check_count(n_steps=n_steps)
    check_range(0, tv_weight=tv_weight)
    if content is None and style is None:
        raise ValueError("content: got None, and no style either; want at least one of the two")
    start = content if start is None else start
    if start is None:
        raise ValueError("start: got None without a content, want a picture to start from, such as noise")
    pictures = {"content": content, "style": style, "start": start}
    for name, value in pictures.items():
        if value is not None:
            _check_picture(**{name: value})
            check_batch(value.shape[1:], **{name: value})
            if len(value) != 1:
                raise ValueError(f"{name}: got {describe(value)}, want one picture, shape (1, 3, H, W)")
    check_same_shape(content=start if content is None else content, start=start)
    return start


if __name__ == "__main__":
    import sys

    from ganlib import stylizing

    sys.exit(stylizing.main())
