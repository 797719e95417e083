"""What tests of a step of a game share: ``found`` is what :func:`autograde.probing.played` tells of it."""

from collections.abc import Sequence

import torch
from torch import Tensor

from autograde.testing import WrongAnswer, expect, expect_tensor, expect_that, kind_of


def descended(weights: list[Tensor], loss: Tensor, lr: float) -> list[Tensor]:
    """A player's weights after one step of plain gradient descent, ready for the next one."""
    slopes = torch.autograd.grad(loss, weights)
    return [(weight - lr * slope).detach().requires_grad_() for weight, slope in zip(weights, slopes, strict=True)]


class Descent:
    """Steps of SGD or Adam by their formulas: torch's optimizers would import its compiler, which takes seconds."""

    def __init__(self, kind: str, lr: float, momentum: float = 0.0, betas: Sequence[float] = (0.9, 0.999)) -> None:
        self.kind, self.lr, self.momentum, self.betas = kind, lr, momentum, betas
        self.slopes: list[Sequence[Tensor]] = []

    def __call__(self, weights: list[Tensor], loss: Tensor) -> list[Tensor]:
        """A player's weights after one more step, ready for the next one."""
        self.slopes.append(torch.autograd.grad(loss, weights))
        ways = [self.way(slopes) for slopes in zip(*self.slopes, strict=True)]
        return [(weight - self.lr * way).detach().requires_grad_() for weight, way in zip(weights, ways, strict=True)]

    def way(self, slopes: Sequence[Tensor]) -> Tensor:
        """How far a weight goes, over the rate, that had these slopes, one a step."""
        ages = range(len(slopes))[::-1]
        if self.kind == "SGD":
            return sum(self.momentum**age * slope for age, slope in zip(ages, slopes, strict=True))
        mean, square = (
            sum((1 - beta) * beta**age * slope**power for age, slope in zip(ages, slopes, strict=True))
            / (1 - beta ** len(slopes))
            for power, beta in enumerate(self.betas, start=1)
        )
        return mean / (square.sqrt() + 1e-8)


def expect_weights(given: object, wanted: list[Tensor], why: str) -> None:
    """Raise WrongAnswer unless a player's weights, laid end to end if they are not, are the wanted ones to eight digits."""
    if not isinstance(given, Tensor):
        given = torch.cat([expect_tensor(part, name="a weight").flatten() for part in given])
    wanted = torch.cat([part.detach().flatten() for part in wanted])
    expect(given, wanted, why, rtol=1e-8, atol=1e-9, name="the weights")


def expect_losses(result: object, **wanted: tuple[Tensor, str]) -> None:
    """Raise WrongAnswer unless a step has returned these losses by name: each with its value and with what it is."""
    if not isinstance(result, dict) or not wanted.keys() <= result.keys():
        form = ", ".join(f"'{name}': ..." for name in wanted)
        raise WrongAnswer("type", f"the step returned {kind_of(result)}; wanted {{{form}}}.")
    for name, (loss, what) in wanted.items():
        expect(result[name], loss, f"{name}: {what}", rtol=1e-8, name=name)


def expect_no_history(found: dict) -> None:
    """Raise WrongAnswer if a loss that a step has returned still has its graph."""
    expect_that(found["attached"] is False, "A returned loss still holds its graph, and so the memory of the whole step.")


def expect_in_training_mode(found: dict, *players: str) -> None:
    """Raise WrongAnswer unless these players, which came in training mode, were asked and left in it, and go on learning."""
    for name in players:
        training, learning = found[f"{name}_left"]  # the second is told of each weight, or of all together
        expect_that(training is True, f"After the step the {name} is in evaluation mode: it came in training mode.")
        expect_that(torch.tensor(learning).all(), f"After the step the {name} is frozen (requires_grad is False).")
        expect_that(all(found[f"{name}_modes"]), f"The {name} was asked in evaluation mode: it came in training mode.")


def expect_as_they_came(found: dict, *players: str) -> None:
    """Raise WrongAnswer unless these players came in evaluation mode, their second weights frozen, and are left so.

    Nor may the step move torch's random numbers.
    """
    for name in players:
        training, learning = found[f"{name}_left"]
        expect_that(training is False, f"After the step the {name} is in training mode: it came in evaluation mode.")
        expect_that(not any(found[f"{name}_modes"]), f"The {name} was asked in training mode: it came in evaluation mode.")
        expect_that(learning == [True, False, True, True], f"A weight of the {name} that came frozen is to learn now.")
    expect_that(found["drawn"] is False, "The step moved torch's random numbers: it sets a seed, or draws. Noise is given.")
