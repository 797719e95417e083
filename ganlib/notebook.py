"""What the exercise notebooks need: values printed so that they can be compared."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ganlib._checks import check_count, describe


def show(exercise: str, digits: int = 4, **values: object) -> None:
    """Print each value, rounded, as ``name = value``: the output of a check cell, equal on every machine.

    Values that say the same are printed the same: a list as a tuple or a tensor, 2.0 as 2, a tensor of one number as that
    number, a mapping in any order.

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
        items = sorted(value.items(), key=_place)
        return "{" + ", ".join(f"{_key(key)}: {_text(item, digits)}" for key, item in items) + "}"
    if isinstance(value, np.ndarray):
        value = value.item() if value.size == 1 else value.tolist()  # its rows stay rows, those of one number too
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_text(item, digits) for item in value) + "]"
    if isinstance(value, (bool, np.bool_, str, type(None))):
        return str(value)
    number = np.asarray(value)
    if number.dtype.kind in "iu":
        return str(number)
    rounded = round(float(number), digits)
    return str(int(rounded)) if rounded.is_integer() else f"{rounded:.{digits}f}"


def _key(key: object) -> str:
    return f"{float(key):.12g}" if isinstance(key, (int, float, np.number)) else str(key)


def _place(pair: tuple[object, object]) -> tuple[bool, float, str]:
    """Where an item of a mapping is printed: numbers first, by size, then the others by their text."""
    key = pair[0]
    is_number = isinstance(key, (int, float, np.number))
    return not is_number, float(key) if is_number else 0.0, str(key)
