"""What probes share: they run beside the student's code and return numbers, never verdicts."""

from collections.abc import Callable

import torch
from torch import Tensor, nn


def gradients(value: Tensor, *inputs: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the sum of ``value`` by each input; 0 where none arrives."""
    if not value.requires_grad:
        return tuple(torch.zeros_like(each) for each in inputs)
    found = torch.autograd.grad(value.sum(), inputs, allow_unused=True)
    return tuple(torch.zeros_like(x) if each is None else each for x, each in zip(inputs, found, strict=True))


def gradient_sizes(model: nn.Module, value: Tensor) -> dict[str, float]:
    """By name, the sum of the absolute derivatives of ``value`` by each parameter; 0 where none arrives."""
    value.backward()
    return {name: 0.0 if p.grad is None else float(p.grad.abs().sum()) for name, p in model.named_parameters()}


def drawn_twice(draw: Callable[[torch.Generator], Tensor], seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Two draws from one generator, and the state of torch's global generator before and after them."""
    generator, before = torch.Generator().manual_seed(seed), torch.get_rng_state()
    return draw(generator), draw(generator), before.double(), torch.get_rng_state().double()


def in_both_modes(model: nn.Module, answer: Callable[[], tuple[Tensor, ...]]) -> tuple[tuple, tuple]:
    """The answers in evaluation mode, and then in training mode."""
    model.eval()
    evaluated = answer()
    model.train()
    return evaluated, answer()


def slopes(function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
    """For each row of ``inputs`` the derivatives of its summed answer, shape (N, inputs of one row)."""
    inputs = inputs.requires_grad_()
    return gradients(function(inputs), inputs)[0].flatten(1)


def spread(model: nn.Module, factor: float) -> nn.Module:
    """The model in evaluation mode with weights ``factor`` times as large, so that its answers spread."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(factor)
    return model.eval()
