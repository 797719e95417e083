"""Chapter 4: two games that are small enough to follow by hand."""

import math

import torch
from torch import Tensor

from ganlib._checks import check_choice, check_count, check_positive, check_range

METHODS = ("simultaneous", "alternating", "extragradient")
LOSSES = ("wgan", "saturating", "non_saturating")


def bilinear_game(x0: float, y0: float, lr: float, n_steps: int, method: str = "simultaneous") -> Tensor:
    r"""Exercise 4.1. Gradient steps in the game :math:`f(x, y) = xy`, which x minimizes and y maximizes.

    ``"simultaneous"``: both players step from the same point. ``"alternating"``: x steps first, then y answers the new x.
    ``"extragradient"``: a simultaneous step is tried; the derivatives at the point it leads to move the players from
    where they were.

    Args:
        x0: where x starts.
        y0: where y starts.
        lr: learning rate :math:`\eta` of both players.
        n_steps: number of steps.
        method: one of the three.

    Returns:
        The path, shape (n_steps + 1, 2), float64: row t is :math:`(x_t, y_t)`, row 0 the start.

    Raises:
        ValueError: if a start is not finite, the learning rate is not positive, ``n_steps`` is negative or no whole number,
            or the method is unknown.

    Source: Korpelevich (1976) for the third. Derived in the chapter, theorem 4.1.
    """
    check_range(-math.inf, x0=x0, y0=y0)
    check_positive(lr=lr)
    check_count(minimum=0, n_steps=n_steps)
    check_choice(METHODS, method=method)
    raise NotImplementedError("Exercise 4.1")


def dirac_gan(theta0: float, psi0: float, lr: float, n_steps: int, loss: str, r1: float = 0.0) -> Tensor:
    r"""Exercise 4.2. The smallest GAN: all data at 0, all samples at :math:`\theta`, discriminator :math:`D(x) = \psi x`.

    In each step the discriminator moves first, then the generator answers the new :math:`\psi`. With the logit
    :math:`b = \psi\theta` of the sample (that of the data is 0) they minimize

    - ``"wgan"``: :math:`b` and :math:`-b`,
    - ``"saturating"``: :math:`-\log(1 - \operatorname{sigmoid}(b))` and :math:`\log(1 - \operatorname{sigmoid}(b))`,
    - ``"non_saturating"``: :math:`-\log(1 - \operatorname{sigmoid}(b))` and :math:`-\log \operatorname{sigmoid}(b)`,

    and the discriminator pays :math:`\tfrac{\gamma}{2} D'(0)^2` in addition, the R1 penalty: its squared slope at the data.

    Args:
        theta0: where the samples start.
        psi0: slope of the discriminator at the start.
        lr: learning rate :math:`\eta` of both players.
        n_steps: number of steps.
        loss: one of the three.
        r1: weight :math:`\gamma` of the penalty.

    Returns:
        The path, shape (n_steps + 1, 2), float64: row t is :math:`(\theta_t, \psi_t)`, row 0 the start.

    Raises:
        ValueError: if a start is not finite, the learning rate is not positive, ``n_steps`` is negative or no whole number,
            the loss is unknown, or ``r1`` is negative.

    Source: Mescheder, Geiger and Nowozin (2018), section 2. Derived in the chapter, theorem 4.2.
    """
    check_range(-math.inf, theta0=theta0, psi0=psi0)
    check_positive(lr=lr)
    check_count(minimum=0, n_steps=n_steps)
    check_choice(LOSSES, loss=loss)
    check_range(0, r1=r1)
    raise NotImplementedError("Exercise 4.2")
