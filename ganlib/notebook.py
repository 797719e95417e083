"""What the exercise notebooks need: values printed so that they can be compared."""

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor


def show(exercise: str, digits: int = 4, **values: object) -> None:
    """Print each value, rounded, as ``name = value``: the output of a check cell, equal on every machine.

    Args:
        exercise: number of the exercise, such as ``"2.2"``.
        digits: decimal places.
        values: tensors, arrays, numbers, text, or sequences and mappings of them, by name.

    Raises:
        NotImplementedError: if a value is still ``...``: names the exercise and the variable.
    """
    unfinished = [name for name, value in values.items() if value is ...]
    if unfinished:
        raise NotImplementedError(
            f"Exercise {exercise}: {', '.join(unfinished)} is still to be computed in the answer cell above"
        )
    for name, value in values.items():
        print(f"{name} = {_text(value, digits)}")


def _text(value: object, digits: int) -> str:
    if isinstance(value, Tensor):
        value = value.detach().cpu().numpy()
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
