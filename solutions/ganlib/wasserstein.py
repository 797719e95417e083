"""Chapter 7: the earth mover's distance, and the games that minimize it."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import torch
from scipy.optimize import linprog
from torch import Tensor, nn
from torch.optim import Optimizer

from ganlib._checks import check_count, check_positive, check_range, check_same_shape, check_tensor, check_values, describe

# Layers that never pull two inputs farther apart.
ONE_LIPSCHITZ = (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Flatten, nn.Identity)


def plan_cost(moves: Sequence[tuple[int, int]]) -> float:
    """Exercise 7.1. What a plan costs: each move carries one column from its start to its end, a step costs 1.

    Args:
        moves: pairs (start, end) of whole numbers, in the order in which they are made.

    Returns:
        The steps of all moves together.

    Raises:
        ValueError: if moves is no sequence of pairs of whole numbers.

    Source: the chapter, section "Columns to move".
    """
    _check_moves(moves)
    # BEGIN SOLUTION
    return float(sum(abs(end - start) for start, end in moves))
    # END SOLUTION


def is_valid_plan(moves: Sequence[tuple[int, int]], source: Sequence[int], target: Sequence[int]) -> bool:
    """Exercise 7.1. Whether a plan can be carried out and makes one set of columns into the other.

    A move needs a column at its start at the moment when it is made. Columns are alike: what counts is how many stand where.

    Args:
        moves: pairs (start, end) of whole numbers, in the order in which they are made.
        source: where the columns stand before, whole numbers in any order; a place may be there more than once.
        target: where they are to stand in the end.

    Returns:
        True if every move finds a column and in the end as many stand at each place as wanted.

    Raises:
        ValueError: if moves is no sequence of pairs of whole numbers, or source or target no sequence of whole numbers.

    Source: the chapter, section "Columns to move".
    """
    _check_moves(moves)
    _check_places(source=source, target=target)
    # BEGIN SOLUTION
    columns = Counter(source)
    for start, end in moves:
        if columns[start] == 0:
            return False
        columns[start] -= 1
        columns[end] += 1
    return columns == Counter(target)
    # END SOLUTION


def emd_1d(p: Tensor, q: Tensor) -> Tensor:
    r"""Exercise 7.2. Earth mover's distance of masses on the places 0, 1, ..., n - 1 of a line.

    .. math:: W_1(p, q) = \sum_k |P_k - Q_k|, \qquad P_k = \sum_{i \le k} p_i, \quad Q_k = \sum_{i \le k} q_i

    Args:
        p: masses, at least 0, shape (..., n).
        q: masses, at least 0, same shape; each distribution of q has the same sum as its partner of p.

    Returns:
        Shape (...): mass times steps.

    Raises:
        ValueError: if the shapes differ, a mass is negative, or two sums differ.

    Source: Vallender (1974). Derived in the chapter, theorem 7.1.
    """
    _check_masses(p=p, q=q)
    # BEGIN SOLUTION
    return (p - q).cumsum(dim=-1).abs().sum(dim=-1)
    # END SOLUTION


def transport_plan(p: Tensor, q: Tensor, cost: Tensor) -> tuple[Tensor, float]:
    r"""Exercise 7.3. The cheapest way to carry the masses p to the masses q, by linear programming.

    .. math:: \min_{\pi \ge 0} \sum_{ij} \pi_{ij} c_{ij}
              \quad\text{with}\quad \sum_j \pi_{ij} = p_i, \quad \sum_i \pi_{ij} = q_j

    Args:
        p: masses to be carried away, at least 0, shape (n,).
        q: masses wanted, at least 0, shape (m,), with the same sum.
        cost: of a unit of mass carried from i to j, shape (n, m).

    Returns:
        The plan, shape (n, m), float64: what is carried from i to j; and what it costs.

    Raises:
        ValueError: if a shape does not fit, a mass is negative, or the sums differ.

    Provided at the end of this module: ``_solve(objective, A_eq=..., b_eq=..., A_ub=..., b_ub=..., bounds=...)`` minimizes the
    objective; all are numpy arrays as ``scipy.optimize.linprog`` takes them. The minimum is at ``.x`` of its answer, its value
    is ``.fun``.

    Source: Kantorovich (1942). The chapter, definition 7.1.
    """
    _check_transport(p, q, cost)
    p, q, cost = _balanced(p, q, cost)
    # BEGIN SOLUTION
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones((1, m)))  # row i adds up what leaves i
    arriving = np.kron(np.ones((1, n)), np.eye(m))
    masses = torch.cat([p, q]).numpy()
    solved = _solve(cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=masses, bounds=(0, None))
    return torch.from_numpy(solved.x).reshape(n, m), float(solved.fun)
    # END SOLUTION


def kantorovich_potential(p: Tensor, q: Tensor, cost: Tensor) -> tuple[Tensor, float]:
    r"""Exercise 7.3. The other side of the transport problem where the costs are distances: the best 1-Lipschitz function.

    .. math:: \max_f \sum_i f_i (p_i - q_i) \quad\text{with}\quad f_i - f_j \le c_{ij} \text{ for all } i, j

    Args:
        p: masses, at least 0, shape (n,).
        q: masses at the same n points, at least 0, shape (n,), with the same sum.
        cost: distances of the points, shape (n, n): 0 on the diagonal, symmetric, never longer than a way round.

    Returns:
        The potential, shape (n,), float64, with f[0] = 0 (only its differences count); and the value of the maximum.

    Raises:
        ValueError: if a shape does not fit, a mass is negative, the sums differ, or the costs are no distances: then one
            function is not enough, and the maximum is below the cost of transport.

    Provided: ``_solve``, see :func:`transport_plan`. It takes the variables to be at least 0 unless ``bounds`` says otherwise.

    Source: Kantorovich and Rubinstein (1958). Derived in the chapter, theorem 7.3.
    """
    _check_transport(p, q, cost)
    _check_distances(cost)
    p, q, cost = _balanced(p, q, cost)
    # BEGIN SOLUTION
    n = len(p)
    rows, columns = np.nonzero(~np.eye(n, dtype=bool))
    differences = np.zeros((len(rows), n))
    differences[np.arange(len(rows)), rows] = 1
    differences[np.arange(len(rows)), columns] = -1
    limits = cost.numpy()[rows, columns]
    bounds = [(0, 0)] + [(None, None)] * (n - 1)
    solved = _solve((q - p).numpy(), A_ub=differences, b_ub=limits, bounds=bounds)
    return torch.from_numpy(solved.x), -float(solved.fun)
    # END SOLUTION


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Exercise 7.4. What the critic of a Wasserstein GAN minimizes, from its scores: minus the difference of the means.

    Args:
        real: the critic's scores of real samples, any shape, any number.
        fake: its scores of generated samples, any shape.

    Returns:
        One number of the dtype of the scores: the mean over the fakes minus the mean over the real samples. Minus this number is
        the critic's estimate of the distance, in units of its Lipschitz constant.

    Raises:
        ValueError: if an argument is no floating-point tensor or is empty.

    Source: Arjovsky, Chintala and Bottou (2017), algorithm 1.
    """
    check_values(real=real, fake=fake)
    # BEGIN SOLUTION
    return fake.mean() - real.mean()
    # END SOLUTION


def generator_loss(fake: Tensor) -> Tensor:
    """Exercise 7.4. What the generator of a Wasserstein GAN minimizes, from the critic's scores of its samples.

    Args:
        fake: the critic's scores of generated samples, any shape.

    Returns:
        One number of the dtype of the scores: minus their mean.

    Raises:
        ValueError: if the argument is no floating-point tensor or is empty.

    Source: Arjovsky, Chintala and Bottou (2017), algorithm 1.
    """
    check_values(fake=fake)
    # BEGIN SOLUTION
    return -fake.mean()
    # END SOLUTION


def clip_weights_(critic: nn.Module, c: float) -> None:
    """Exercise 7.5. Clip every parameter of the critic to [-c, c], in place and outside any graph.

    Args:
        critic: the network; its parameters stay the tensors that they are, so an optimizer goes on with them.
        c: the limit of the absolute values.

    Raises:
        ValueError: if the critic is no network, or c is not positive.

    Source: Arjovsky, Chintala and Bottou (2017), algorithm 1.
    """
    if not isinstance(critic, nn.Module):
        raise ValueError(f"critic: got {describe(critic)}, want an nn.Module")
    check_positive(c=c)
    # BEGIN SOLUTION
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-c, c)
    # END SOLUTION


def lipschitz_bound(critic: nn.Sequential) -> float:
    """Exercise 7.5. A Lipschitz constant of a fully connected network: the product of its layers' spectral norms.

    The layers may be linear, or of those that never pull two inputs apart (:data:`ONE_LIPSCHITZ`), which count as 1.

    Args:
        critic: a sequence of layers; it is left as it is.

    Returns:
        The product over the linear layers of the largest singular value of the weight; 1 if there is none. A layer that stands
        at two places counts twice.

    Raises:
        ValueError: if there is a layer of another kind, or a leaky ReLU with a slope beyond 1.

    Source: the chapter, theorem 7.6.
    """
    _check_layers(critic)
    # BEGIN SOLUTION
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.matrix_norm(weight, 2)) for weight in weights)
    # END SOLUTION


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, eps: Tensor) -> Tensor:
    r"""Exercise 7.6. How far the critic's slopes are from 1, at points between real and generated samples.

    .. math:: \frac1N \sum_i \left( \lVert \nabla f(\hat x_i) \rVert - 1 \right)^2,
              \qquad \hat x_i = \epsilon_i x_i + (1 - \epsilon_i) \tilde x_i

    The norm of a gradient is over all axes but the first.

    Args:
        critic: maps samples to scores, one each, none depending on another sample.
        real: samples :math:`x`, shape (N, ...).
        fake: generated samples :math:`\tilde x`, same shape.
        eps: where between the two, in [0, 1], shape (N,): 1 is the real sample.

    Returns:
        One number of the dtype of the scores; its gradients reach the critic's parameters, and none goes on into ``real`` and
        ``fake``. Where the critic is flat it is 1, and its gradients are finite.

    Raises:
        ValueError: if the shapes differ or do not fit, or eps is not in [0, 1].

    Source: Gulrajani et al. (2017), equation (3).
    """
    _check_pairs(real, fake, eps)
    # BEGIN SOLUTION
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    between = torch.lerp(fake.detach(), real.detach(), weight).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()
    # END SOLUTION


def wgan_step(
    generator: nn.Module,
    critic: nn.Module,
    opt_g: Optimizer,
    opt_c: Optimizer,
    real: Tensor,
    z: Tensor,
    eps: Tensor | None = None,
    n_critic: int = 5,
    clip: float | None = None,
    penalty: float | None = None,
) -> dict[str, Tensor]:
    r"""Exercise 7.7. ``n_critic`` steps of the critic, each on a batch of its own, then one step of the generator.

    ``real`` holds a batch for each of the critic's steps, one after the other, and ``z`` one more, for the generator. With N
    samples in a batch, step k of the critic (from 0) sees ``real[k*N : (k+1)*N]`` and the samples made from
    ``z[k*N : (k+1)*N]``. It minimizes :func:`critic_loss`, plus ``penalty`` times :func:`gradient_penalty` at
    ``eps[k*N : (k+1)*N]`` if there is a penalty; then its weights are clipped if there is a limit. No gradient goes on into the
    generator. The generator then minimizes :func:`generator_loss` with the samples made from ``z[n_critic*N :]``; only its
    parameters change. Both networks are used in the mode in which they come; where a generator normalizes by its batch, each
    step's samples are a batch of their own.

    Args:
        generator: maps noise (N, latent_dim) to samples.
        critic: maps samples to scores, one each.
        opt_g: optimizer of the generator's parameters.
        opt_c: optimizer of the critic's parameters.
        real: real samples, shape (n_critic N, ...).
        z: noise, shape ((n_critic + 1) N, latent_dim).
        eps: places between real and generated samples, in [0, 1], shape (n_critic N,); wanted if and only if there is a penalty.
        n_critic: steps of the critic for one of the generator.
        clip: limit of the critic's weights, or None.
        penalty: weight :math:`\lambda` of the gradient penalty, or None.

    Returns:
        ``{"c_loss": ..., "g_loss": ...}``: detached scalars; the first is :func:`critic_loss` before the last of the critic's
        updates, without the penalty, the second the generator's loss before its own.

    Raises:
        ValueError: if a shape does not fit, eps is missing or there for nothing, or a number is not in its range.

    Source: Arjovsky, Chintala and Bottou (2017), algorithm 1; Gulrajani et al. (2017), algorithm 1.
    """
    _check_step(real, z, eps, n_critic, clip, penalty)
    # BEGIN SOLUTION
    *noise, z_g = z.chunk(n_critic + 1)
    places = [None] * n_critic if eps is None else eps.chunk(n_critic)
    for batch, z_c, place in zip(real.chunk(n_critic), noise, places, strict=True):
        with torch.no_grad():
            fake = generator(z_c)
        c_loss = critic_loss(critic(batch), critic(fake))
        slopes = 0.0 if penalty is None else penalty * gradient_penalty(critic, batch, fake, place)
        opt_c.zero_grad()
        (c_loss + slopes).backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)

    g_loss = generator_loss(critic(generator(z_g)))
    opt_g.zero_grad()
    # Gradients of the critic's own parameters would be computed for nobody.
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}
    # END SOLUTION


def sliced_wasserstein(x: Tensor, y: Tensor, directions: Tensor) -> Tensor:
    r"""Exercise 7.8. Squared sliced Wasserstein distance of order 2 of two samples, along given directions.

    .. math:: \frac1{KN} \sum_k \sum_i \left( a^k_{(i)} - b^k_{(i)} \right)^2

    where :math:`a^k_{(1)} \le a^k_{(2)} \le \dots` are the numbers :math:`\langle x_i, \theta_k \rangle` in order, and
    :math:`b^k` those of :math:`y`.

    Args:
        x: samples, shape (N, d).
        y: as many samples of the other distribution, shape (N, d).
        directions: unit vectors :math:`\theta_k`, shape (K, d).

    Returns:
        One number of the dtype of x, at least 0: the mean over the directions and the samples.

    Raises:
        ValueError: if a shape does not fit, or a direction has not the length 1.

    Source: Bonneel et al. (2015), section 3. Derived in the chapter, theorem 7.7.
    """
    _check_slices(x, y, directions)
    # BEGIN SOLUTION
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()
    # END SOLUTION


def _balanced(p: Tensor, q: Tensor, cost: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """All three in float64 and without history; q scaled to the sum of p, since no plan exists where rounding sets them apart."""
    p, q, cost = (value.detach().double() for value in (p, q, cost))
    return p, q * (p.sum() / q.sum()).nan_to_num(nan=1.0, posinf=1.0), cost


def _solve(objective: np.ndarray, **problem: object):
    solved = linprog(objective, **problem, method="highs")
    if not solved.success:
        raise ValueError(f"the linear program has no solution: {solved.message}")
    return solved


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_moves(moves: object) -> None:
    if not isinstance(moves, (list, tuple)):
        raise ValueError(f"moves: got {describe(moves)}, want a list of pairs (start, end)")
    for move in moves:
        if not (isinstance(move, (list, tuple)) and len(move) == 2 and all(map(_whole, move))):
            raise ValueError(f"moves: got {move!r} among them, want pairs (start, end) of whole numbers")


def _check_places(**places: object) -> None:
    for name, value in places.items():
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{name}: got {describe(value)}, want a list of whole numbers")
        for place in value:
            if not _whole(place):
                raise ValueError(f"{name}: got {place!r} among them, want whole numbers")


def _check_masses(**masses: Tensor) -> None:
    check_same_shape(**masses)
    (name_p, p), (name_q, q) = masses.items()
    for name, value in masses.items():
        if value.ndim == 0:
            raise ValueError(f"{name}: got {describe(value)}, want at least one axis")
        _check_not_negative(name, value)
    _check_equal_sums(name_p, p, name_q, q)


def _check_not_negative(name: str, value: Tensor) -> None:
    if not ((value >= 0) & value.isfinite()).all():
        raise ValueError(
            f"{name}: got masses from {float(value.min()):g} to {float(value.max()):g}, want finite ones of at least 0"
        )


def _check_equal_sums(name_p: str, p: Tensor, name_q: str, q: Tensor) -> None:
    sums = p.double().sum(dim=-1), q.double().sum(dim=-1)
    if not torch.allclose(*sums, rtol=1e-5, atol=1e-8):
        worst = int((sums[0] - sums[1]).abs().flatten().argmax())
        given = " and ".join(f"{float(total.flatten()[worst]):g}" for total in sums)
        raise ValueError(f"{name_p}, {name_q}: got the sums {given}, want equal ones: no mass may be lost")


def _check_transport(p: Tensor, q: Tensor, cost: Tensor) -> None:
    check_tensor(ndim=1, like="(n,)", p=p)
    check_tensor(ndim=1, like="(m,)", q=q)
    check_tensor(ndim=2, like="(n, m)", cost=cost)
    if tuple(cost.shape) != (len(p), len(q)) or 0 in cost.shape:
        raise ValueError(f"cost: got {describe(cost)}, want shape ({len(p)}, {len(q)}), neither 0")
    if not cost.isfinite().all():
        raise ValueError("cost: got a value that is not finite, want finite numbers")
    for name, value in (("p", p), ("q", q)):
        _check_not_negative(name, value)
    _check_equal_sums("p", p, "q", q)


def _check_distances(cost: Tensor) -> None:
    if cost.shape[0] != cost.shape[1]:
        raise ValueError(f"cost: got {describe(cost)}, want the distances of one set of points, shape (n, n)")
    cost = cost.double()
    slack = 1e-6 * (1 + cost.abs().max())
    around = (cost[:, :, None] + cost[None, :, :]).amin(dim=1)  # from i to j by the best point between
    if cost.diagonal().abs().max() > slack or (cost - cost.T).abs().max() > slack or (cost - around).max() > slack:
        raise ValueError("cost: got no distances, want 0 on the diagonal, symmetric, and no way round that is shorter")


def _check_layers(critic: object) -> None:
    if not isinstance(critic, nn.Sequential):
        raise ValueError(f"critic: got {describe(critic)}, want an nn.Sequential")
    for layer in critic:
        if not isinstance(layer, (nn.Linear, *ONE_LIPSCHITZ)):
            known = ", ".join(kind.__name__ for kind in (nn.Linear, *ONE_LIPSCHITZ))
            raise ValueError(f"critic: got a layer {type(layer).__name__}, want layers of the kinds {known}")
        if isinstance(layer, nn.LeakyReLU) and abs(layer.negative_slope) > 1:
            raise ValueError(f"critic: got a LeakyReLU of slope {layer.negative_slope:g}, want at most 1")


def _check_pairs(real: Tensor, fake: Tensor, eps: Tensor) -> None:
    check_same_shape(real=real, fake=fake)
    if real.ndim < 2 or len(real) == 0:
        raise ValueError(f"real: got {describe(real)}, want shape (N, ...) with N at least 1")
    _check_eps(eps, len(real), like="(N,)")


def _check_eps(eps: Tensor, n: int, like: str) -> None:
    check_tensor(ndim=1, like=like, eps=eps)
    if len(eps) != n:
        raise ValueError(f"eps: got {describe(eps)}, want shape ({n},): one number for each real sample")
    # Only on the CPU: reading a number of a GPU would wait for it at every step.
    if eps.device.type == "cpu" and not ((eps >= 0) & (eps <= 1)).all():
        raise ValueError(f"eps: got values from {float(eps.min()):g} to {float(eps.max()):g}, want them in [0, 1]")


def _check_step(real: Tensor, z: Tensor, eps: Tensor | None, n_critic: int, clip: float | None, penalty: float | None) -> None:
    check_count(n_critic=n_critic)
    check_values(real=real, z=z)
    if len(real) % n_critic:
        raise ValueError(f"real: got {len(real)} samples, want as many in each of the n_critic = {n_critic} batches")
    n = len(real) // n_critic
    if len(z) != n + len(real):
        raise ValueError(f"z: got {len(z)} rows, want (n_critic + 1) N = {n + len(real)}: {n} for each step")
    if (eps is None) != (penalty is None):
        raise ValueError(f"eps: got {describe(eps)} with penalty {penalty!r}, want eps if and only if there is a penalty")
    if penalty is not None:
        check_range(0, penalty=penalty)
        _check_eps(eps, len(real), like="(n_critic N,)")
    if clip is None:
        return
    check_positive(clip=clip)


def _check_slices(x: Tensor, y: Tensor, directions: Tensor) -> None:
    check_tensor(ndim=2, like="(N, d)", x=x, y=y)
    check_same_shape(x=x, y=y)
    check_tensor(ndim=2, like="(K, d)", directions=directions)
    if directions.shape[1] != x.shape[1] or len(directions) == 0 or len(x) == 0:
        raise ValueError(f"directions: got {describe(directions)}, want shape (K, {x.shape[1]}), and at least one sample")
    lengths = directions.double().norm(dim=1)
    if not torch.allclose(lengths, torch.ones_like(lengths), atol=1e-3):
        worst = float(lengths[(lengths - 1).abs().argmax()])
        raise ValueError(f"directions: got one of length {worst:g}, want unit vectors")
