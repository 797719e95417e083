"""What the exercise notebooks need: values printed so that they can be compared."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ganlib._checks import check_count, describe


def show(exercise: str, digits: int = 4, **values: object) -> None:
    """Print each value, rounded, as ``name = value``: the output of a check cell, equal on every machine.

    Args:
        exercise: number of the exercise, such as ``"2.2"``.
        digits: decimal places.
        values: tensors, arrays, numbers, text, or sequences and mappings of them, by name.

    Raises:
        NotImplementedError: if a value is still ``...``: names the exercise and the variable.
        ValueError: if a value is of another kind, or ``digits`` is no whole number.
    """
    check_count(minimum=0, digits=digits)
    unfinished = [name for name, value in values.items() if _holds_ellipsis(value)]
    if unfinished:
        verb = "is" if len(unfinished) == 1 else "are"
        raise NotImplementedError(
            f"Exercise {exercise}: {', '.join(unfinished)} {verb} still to be computed in the answer cell above"
        )
    for name, value in values.items():
        try:
            text = _text(value, digits)
        except (TypeError, ValueError) as error:
            wanted = "a tensor, array, number, text, or a sequence or mapping of them"
            raise ValueError(f"Exercise {exercise}: {name}: got {describe(value)}, want {wanted}") from error
        print(f"{name} = {text}")


def _holds_ellipsis(value: object) -> bool:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_holds_ellipsis, value))
    return value is ...


def _text(value: object, digits: int) -> str:
    if isinstance(value, Tensor):
        value = value.detach().cpu()
        value = (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_text(item, digits)}" for key, item in value.items()) + "}"
    if isinstance(value, np.ndarray) and value.ndim:
        return "[" + ", ".join(_text(item, digits) for item in value) + "]"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(" + ", ".join(_text(item, digits) for item in value) + ")"
    if isinstance(value, (bool, np.bool_, str, type(None))):
        return str(value)
    number = np.asarray(value)
    if number.dtype.kind in "iu":
        return str(number)
    rounded = round(float(number), digits)
    return f"{rounded + 0.0:.{digits}f}"
