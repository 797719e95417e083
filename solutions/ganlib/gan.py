"""Chapter 3: the game of generator and discriminator."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from ganlib._checks import check_choice, check_same_shape, check_tensor, check_values


def optimal_discriminator(p: Tensor, q: Tensor) -> Tensor:
    r"""Exercise 3.1. The best discriminator for given densities, :math:`D^*(x) = p(x) / (p(x) + q(x))`.

    Args:
        p: density of the real data at some points, at least 0, any shape.
        q: density of the generator at the same points, at least 0, same shape.

    Returns:
        The probability that a point is real, in [0, 1], same shape; 1/2 where both densities are 0.

    Raises:
        ValueError: if the shapes differ or a density is negative.

    Source: Goodfellow et al. (2014), proposition 1. Derived in the chapter, theorem 3.1.
    """
    _check_densities(p=p, q=q)
    # BEGIN SOLUTION
    total = p + q
    return torch.where(total > 0, p / total, 0.5)
    # END SOLUTION


def kl_divergence(p: Tensor, q: Tensor) -> Tensor:
    r"""Exercise 3.2. KL divergence of discrete distributions, in nats.

    .. math:: D_{KL}(p \,\|\, q) = \sum_i p_i \log \frac{p_i}{q_i}, \qquad 0 \log 0 = 0

    Args:
        p: probabilities, shape (..., n); they add up to 1 over the last axis.
        q: probabilities, same shape.

    Returns:
        Shape (...), at least 0; infinity where q is 0 and p is not.

    Raises:
        ValueError: if the shapes differ or a probability is negative.

    Source: Kullback and Leibler (1951).
    """
    _check_densities(p=p, q=q)
    # BEGIN SOLUTION
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)
    # END SOLUTION


def js_divergence(p: Tensor, q: Tensor) -> Tensor:
    r"""Exercise 3.2. Jensen-Shannon divergence of discrete distributions, in nats.

    .. math:: D_{JS}(p, q) = \tfrac12 D_{KL}(p \,\|\, m) + \tfrac12 D_{KL}(q \,\|\, m), \qquad m = \tfrac12 (p + q)

    Args:
        p: probabilities, shape (..., n); they add up to 1 over the last axis.
        q: probabilities, same shape.

    Returns:
        Shape (...), from 0 (equal) to log 2 (disjoint supports).

    Raises:
        ValueError: if the shapes differ or a probability is negative.

    Source: Lin (1991); Goodfellow et al. (2014), theorem 1.
    """
    _check_densities(p=p, q=q)
    # BEGIN SOLUTION
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2
    # END SOLUTION


def value_function(p: Tensor, q: Tensor, d: Tensor) -> Tensor:
    r"""Exercise 3.3. The value of the game, for discrete distributions and any discriminator.

    .. math:: V(D, G) = \sum_i p_i \log D_i + \sum_i q_i \log (1 - D_i), \qquad 0 \log 0 = 0

    Args:
        p: probabilities of the real data, shape (..., n).
        q: probabilities of the generator, same shape.
        d: the discriminator's probability that point i is real, in [0, 1], same shape.

    Returns:
        Shape (...), in nats, at most 0; minus infinity where the discriminator is certain and wrong.

    Raises:
        ValueError: if the shapes differ, a probability is negative or d is not in [0, 1].

    Source: Goodfellow et al. (2014), equation (1).
    """
    _check_densities(p=p, q=q, d=d)
    if (d > 1).any():
        raise ValueError(f"d: got values up to {float(d.max()):g}, want probabilities in [0, 1], not logits")
    # BEGIN SOLUTION
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(dim=-1)
    # END SOLUTION


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""Exercise 3.4. What the discriminator minimizes, from logits: :math:`-V` over the batch.

    .. math:: -\frac1N \sum_i \log \operatorname{sigmoid}(a_i) - \frac1M \sum_j \log\left(1 - \operatorname{sigmoid}(b_j)\right)

    Args:
        real_logits: the discriminator's logits for real samples :math:`a`, any shape.
        fake_logits: its logits for generated samples :math:`b`, any shape.

    Returns:
        One number: the mean over the real samples plus the mean over the fakes, in nats; 2 log 2 if every logit is 0.

    Raises:
        ValueError: if an argument is no floating-point tensor or is empty.

    Source: Goodfellow et al. (2014), algorithm 1.
    """
    check_values(real_logits=real_logits, fake_logits=fake_logits)
    # BEGIN SOLUTION
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    # END SOLUTION


def generator_loss(fake_logits: Tensor, kind: str = "non_saturating") -> Tensor:
    r"""Exercise 3.5. What the generator minimizes, from the discriminator's logits for its samples.

    ``"non_saturating"`` is :math:`-\log \operatorname{sigmoid}(b)`, ``"saturating"`` is
    :math:`\log(1 - \operatorname{sigmoid}(b))`, the generator's part of the value itself.

    Args:
        fake_logits: the discriminator's logits for generated samples :math:`b`, any shape.
        kind: which of the two.

    Returns:
        One number: the mean over the samples, in nats; log 2 and -log 2 if every logit is 0.

    Raises:
        ValueError: if the logits are no floating-point tensor or empty, or the kind is neither of the two.

    Source: Goodfellow et al. (2014), section 3. Derived in the chapter, theorem 3.4.
    """
    check_values(fake_logits=fake_logits)
    check_choice(("non_saturating", "saturating"), kind=kind)
    # BEGIN SOLUTION
    if kind == "saturating":
        return -F.softplus(fake_logits).mean()
    return F.softplus(-fake_logits).mean()
    # END SOLUTION


def gan_step(
    generator: nn.Module,
    discriminator: nn.Module,
    opt_g: Optimizer,
    opt_d: Optimizer,
    real: Tensor,
    z_d: Tensor,
    z_g: Tensor | None = None,
) -> dict[str, Tensor]:
    """Exercise 3.6. One step of each player: the discriminator first, then the generator, by the non-saturating loss.

    The discriminator sees ``real`` and the samples made from ``z_d``; only its parameters change, and no gradient goes on into
    the generator. Then the generator makes samples from ``z_g`` for the discriminator as it is now; only the generator's
    parameters change. Both networks are used in the mode in which they come, and left as they come but for their parameters,
    their gradients and the running averages of batch norm.

    Args:
        generator: maps noise (N, latent_dim) to samples.
        discriminator: maps samples to logits, one each.
        opt_g: optimizer of the generator's parameters.
        opt_d: optimizer of the discriminator's parameters.
        real: a batch of real samples, shape (N, ...).
        z_d: noise for the discriminator's step, shape (M, latent_dim).
        z_g: fresh noise for the generator's step; None uses the samples made from ``z_d`` once more, which saves a pass
            through the generator (it has not changed in between).

    Returns:
        ``{"d_loss": ..., "g_loss": ...}``: each player's loss before its own update, detached scalars.

    Raises:
        ValueError: if real, z_d or z_g is no floating-point tensor or is empty.

    Source: Goodfellow et al. (2014), algorithm 1 with k = 1.
    """
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    # BEGIN SOLUTION
    with torch.set_grad_enabled(z_g is None):  # without a graph, unless the generator's step needs it
        fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    # Gradients of the discriminator's own parameters would be computed for nobody.
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}
    # END SOLUTION


def pure_nash_equilibria(payoff_row: Tensor, payoff_column: Tensor) -> list[tuple[int, int]]:
    """Exercise 3.7. The pairs of pure strategies of a two-player game from which nobody gains by changing alone.

    Args:
        payoff_row: what the row player wins, shape (m, n): entry (i, j) if row plays i and column plays j.
        payoff_column: what the column player wins, shape (m, n).

    Returns:
        The equilibria (i, j), in the order of rows, then columns; an empty list if there is none.

    Raises:
        ValueError: if the shapes differ, or are not (m, n) with m, n at least 1.

    Source: Nash (1951). The chapter, definition 3.1.
    """
    check_same_shape(payoff_row=payoff_row, payoff_column=payoff_column)
    check_tensor(ndim=2, like="(m, n)", payoff_row=payoff_row)
    if payoff_row.numel() == 0:
        raise ValueError(f"payoff_row: got shape {tuple(payoff_row.shape)}, want at least one strategy for each player")
    # BEGIN SOLUTION
    best_for_row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    best_for_column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [tuple(pair) for pair in (best_for_row & best_for_column).nonzero().tolist()]
    # END SOLUTION


def _check_densities(**densities: Tensor) -> None:
    check_same_shape(**densities)
    for name, value in densities.items():
        if not (value >= 0).all():
            raise ValueError(f"{name}: got values down to {float(value.min()):g}, want none below 0 and no NaN")
