"""Probes of chapter 0: run beside the student's code, they differentiate and draw, and return arrays."""

from torch import Tensor

from autograde.probing import drawn_twice, gradients
from ganlib import bayes


def posterior_gradients(log_px_given_y: Tensor, log_prior: Tensor, weights: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the weighted sum of the probabilities by both arguments; 0 where none arrives."""
    inputs = [log_px_given_y.requires_grad_(), log_prior.requires_grad_()]
    return gradients(weights * bayes.posterior(*inputs), *inputs)


def sample_twice(y: Tensor, means: Tensor, covs: Tensor, seed: int) -> tuple:
    """Two calls with one generator, and the state of torch's global generator before and after them."""
    return drawn_twice(lambda generator: bayes.sample_class_conditional(y, means, covs, generator), seed)
