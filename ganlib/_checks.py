"""Checks of arguments: each error names the argument, what was given and what is wanted."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor


def describe(value: object) -> str:
    """One line that tells what a value is: ``tensor of shape (4, 3), float32`` or its repr, cut."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}, {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, (int, float, str, bool, type(None))):
        return repr(value)
    return f"a {type(value).__name__}"


def check_tensor(ndim: int | None = None, like: str = "", floating: bool = True, **tensors: object) -> None:
    """Raise ValueError unless every named argument is a tensor with ``ndim`` axes (``like`` names them: "(N, d)")."""
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise ValueError(f"{name}: got {describe(value)}, want a torch.Tensor{' of shape ' + like if like else ''}")
        if floating and not value.is_floating_point():
            raise ValueError(f"{name}: got {describe(value)}, want floating-point numbers")
        if ndim is not None and value.ndim != ndim:
            raise ValueError(f"{name}: got {describe(value)}, want {ndim} axes{': ' + like if like else ''}")


def check_values(**tensors: object) -> None:
    """Raise ValueError unless every named argument is a floating-point tensor of at least one value."""
    check_tensor(**tensors)
    for name, value in tensors.items():
        if value.numel() == 0:
            raise ValueError(f"{name}: got shape {tuple(value.shape)}, want at least one value")


def check_same_shape(**tensors: object) -> None:
    """Raise ValueError unless all named arguments are tensors of one shape."""
    check_tensor(**tensors)
    shapes = {name: tuple(value.shape) for name, value in tensors.items()}
    if len(set(shapes.values())) > 1:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"{', '.join(shapes)}: got shapes {given}, want one and the same shape")


def check_choice(choices: Sequence[object], **values: object) -> None:
    """Raise ValueError unless each named argument is one of ``choices``."""
    for name, value in values.items():
        if value not in choices:
            raise ValueError(f"{name}: got {describe(value)}, want one of {', '.join(map(repr, choices))}")


def check_range(low: float, high: float = float("inf"), **values: object) -> None:
    """Raise ValueError unless each named argument is a finite number in [low, high]."""
    for name, value in values.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high or abs(value) == math.inf:
            wanted = f"a number in [{low}, {high}]" if high < math.inf else "a finite number"
            if low > -math.inf and high == math.inf:
                wanted += f" of at least {low}"
            raise ValueError(f"{name}: got {describe(value)}, want {wanted}")


def check_positive(**values: object) -> None:
    """Raise ValueError unless each named argument is a number in (0, infinity)."""
    for name, value in values.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not 0 < value < math.inf:
            raise ValueError(f"{name}: got {describe(value)}, want a positive number")


def check_count(minimum: int = 1, **values: object) -> None:
    """Raise ValueError unless each named argument is a whole number of at least ``minimum``."""
    for name, value in values.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise ValueError(f"{name}: got {describe(value)}, want a whole number of at least {minimum}")


def check_seed(seed: object) -> None:
    """Raise ValueError unless torch takes it as a seed."""
    check_count(minimum=0, seed=seed)
    check_range(0, 2**63 - 1, seed=seed)


def check_image_shape(image_shape: object) -> None:
    """Raise ValueError unless ``image_shape`` is (channels, height, width)."""
    shape = tuple(image_shape) if isinstance(image_shape, (tuple, list, torch.Size)) else ()
    if len(shape) != 3 or not all(isinstance(n, int) and n > 0 for n in shape):
        raise ValueError(f"image_shape: got {image_shape!r}, want three positive whole numbers (channels, height, width)")


def check_batch(image_shape: tuple[int, ...], **tensors: object) -> None:
    """Raise ValueError unless each named argument is a batch (N, *image_shape)."""
    for name, value in tensors.items():
        check_tensor(**{name: value})
        if tuple(value.shape[1:]) != tuple(image_shape):
            wanted = ", ".join(map(str, image_shape))
            raise ValueError(f"{name}: got {describe(value)}, want shape (N, {wanted})")
