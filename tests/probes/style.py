"""Probes of chapter 10: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograde.probing import Recorder, gradients, restored
from ganlib import style


def slope_of_gram(features: Tensor, upstream: Tensor) -> Tensor:
    """The derivative by the features of the sum of ``upstream`` times their Gram matrices."""
    return gradients(style.gram_matrix(features.requires_grad_()) * upstream, features)[0]


def slopes_of_mmd(a: Tensor, b: Tensor) -> tuple[Tensor, ...]:
    """The derivatives by both samples."""
    return gradients(style.polynomial_mmd(a.requires_grad_(), b.requires_grad_()), a, b)


def slope_of_content(features: Tensor, target: Tensor) -> Tensor:
    """The derivative of the content loss by the features."""
    return gradients(style.content_loss(features.requires_grad_(), target), features)[0]


def slopes_of_style(features: list[Tensor], targets: list[Tensor], weights: list[float]) -> tuple[Tensor, ...]:
    """The derivatives of the style loss by the features of each layer."""
    return gradients(style.style_loss([each.requires_grad_() for each in features], targets, weights), *features)


def after_style_loss(features: list[Tensor], targets: list[Tensor], weights: list[float]) -> list[Tensor]:
    """Features and targets, as they are after the style loss."""
    style.style_loss(features, targets, weights)
    return [*features, *targets]


def slope_of_variation(x: Tensor) -> Tensor:
    """The derivative of the total variation by each pixel."""
    return gradients(style.total_variation(x.requires_grad_()), x)[0]


def features_of_chance(x: Tensor, seed: int) -> dict:
    """The features of a picture by two draws from one generator and by one from its like; what became of global chance."""

    def first_level(source: torch.Generator | None) -> Tensor:
        return style.random_filter_features(x, 2, 3, 1, source)[0]

    source, before = torch.Generator().manual_seed(seed), torch.get_rng_state()
    found = [first_level(source), first_level(source), first_level(torch.Generator().manual_seed(seed))]
    moved = not torch.equal(before, torch.get_rng_state())
    return {"drawn": found, "moved": moved, "global": [first_level(None), first_level(None)]}


def slope_of_features(x: Tensor, seed: int, upstream: list[Tensor]) -> Tensor:
    """The derivative by the pixels of the sum of ``upstream`` times the features of 3 filters of 3 x 3 on two levels."""
    source = torch.Generator().manual_seed(seed)
    levels = style.random_filter_features(x.requires_grad_(), 3, 3, 2, source)
    return gradients(sum((each * weight).sum() for each, weight in zip(levels, upstream, strict=True)), x)[0]
