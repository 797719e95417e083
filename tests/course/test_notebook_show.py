"""What a check cell prints must be the same text on every machine, and must say what is unfinished."""

from typing import NamedTuple

import numpy as np
import pytest
import torch

from ganlib.notebook import show


class Bound(NamedTuple):
    total: torch.Tensor
    kl: float


@pytest.mark.parametrize(
    "value, text",
    [
        (1 / 3, "0.3333"),
        (2, "2"),
        (2.0, "2"),
        (-1e-9, "0"),
        (0.99999, "1"),
        (float("nan"), "nan"),
        (True, "True"),
        (None, "None"),
        ("mode", "mode"),
        (np.float32(0.1), "0.1000"),
        (np.int64(7), "7"),
        (np.bool_(False), "False"),
        (torch.tensor(0.25, requires_grad=True), "0.2500"),
        (torch.tensor([1, 2]), "[1, 2]"),
        (torch.tensor([True, False]), "[True, False]"),
        (torch.tensor([[1.0, -0.00001], [1e6, 0.5]]), "[[1, 0], [1000000, 0.5000]]"),
        (torch.tensor(1.5, dtype=torch.bfloat16), "1.5000"),
        (torch.zeros(0), "[]"),
        (torch.tensor([0.25]), "0.2500"),
        (torch.zeros(2, 3).shape, "[2, 3]"),
        ([0.5, torch.tensor(1)], "[0.5000, 1]"),
        ((0.5, 1.0), "[0.5000, 1]"),
        ({"b": (2, 3.0), "a": 1.0}, "{a: 1, b: [2, 3]}"),
        ({10: "x", 2.0: "y", 0.5: "z"}, "{0.5: z, 2: y, 10: x}"),
        (Bound(torch.ones(2), 0.5), "[[1, 1], 0.5000]"),
    ],
)
def test_a_value_is_printed_rounded(value, text, capsys):
    show("1.1", value=value)
    assert capsys.readouterr().out == f"value = {text}\n"


def test_digits_and_order_are_the_callers(capsys):
    show("1.1", digits=1, b=0.26, a=np.pi)
    assert capsys.readouterr().out == "b = 0.3\na = 3.1\n"


@pytest.mark.parametrize("unfinished", [..., (1.0, ...), {"a": [...]}])
def test_an_unfinished_value_is_named_and_nothing_printed(unfinished, capsys):
    with pytest.raises(NotImplementedError, match=r"^Exercise 2\.2: slope is still to be computed"):
        show("2.2", error=0.1, slope=unfinished)
    assert not capsys.readouterr().out


def test_several_unfinished_values_are_named_at_once():
    with pytest.raises(NotImplementedError, match=r"^Exercise 2\.2: error, slope are still to be computed"):
        show("2.2", error=..., slope=...)


@pytest.mark.parametrize("value", [print, object(), 1j, torch.tensor(1j), iter([1.0])])
def test_a_value_of_another_kind_is_named(value):
    with pytest.raises(ValueError, match=r"^Exercise 2\.2: slope: got .*, want a tensor, array, number"):
        show("2.2", slope=value)


@pytest.mark.parametrize("digits", [-1, 1.5, "4"])
def test_bad_digits_are_named(digits):
    with pytest.raises(ValueError, match="digits: got"):
        show("2.2", digits=digits, slope=1.0)
