# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title"
# # Exercises of chapter 7: earth mover's distance and Wasserstein GANs
#
# You write the functions in `ganlib/wasserstein.py`; here you use them to find something out. Fill in the answer cells; leave the
# check cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the
# comment that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
from itertools import permutations

import torch
import torch.nn.functional as F
from torch import nn

from ganlib import gan, wasserstein
from ganlib.notebook import show

# %% [markdown] id="7-1"
# ## Exercise 7.1 · Columns to move
#
# Write `plan_cost` and `is_valid_plan` in `ganlib/wasserstein.py`. Columns stand at the places 2, 2, 4, 5, 6 and are to stand at
# 1, 3, 4, 5, 6. Below are three plans for it: a cheap one, a dear one, and the one that a text prints as the dear one.

# %% id="7-1-answer" tags=["answer"]
# Exercise 7.1: compute
#   costs      a dictionary: what each of the three plans below costs
#   valid      a dictionary: whether each of them makes `source` into `target`
#   orders     in how many of the 6 orders of its three moves the dear plan can be carried out
#   cheapest   the least cost of all ways to assign the columns of `source` to those of `target`, one move for each
source, target = [2, 2, 4, 5, 6], [1, 3, 4, 5, 6]
plans = {"cheap": [(2, 1), (2, 3)], "dear": [(2, 6), (6, 3), (2, 1)], "printed": [(2, 6), (6, 3), (3, 2)]}
# BEGIN SOLUTION
costs = {name: wasserstein.plan_cost(plan) for name, plan in plans.items()}
valid = {name: wasserstein.is_valid_plan(plan, source, target) for name, plan in plans.items()}
orders = sum(wasserstein.is_valid_plan(list(plan), source, target) for plan in permutations(plans["dear"]))
cheapest = min(wasserstein.plan_cost(list(zip(source, order, strict=True))) for order in permutations(target))
# END SOLUTION

# %% id="7-1-check" tags=["nbval-check-output"]
show("7.1", digits=0, costs=costs, valid=valid, orders=orders, cheapest=cheapest)

# %% [markdown] id="7-2"
# ## Exercise 7.2 · The distance on a line
#
# Write `emd_1d`. Move a point mass away from another one, and compare what three distances say of it. (One of them is exercise
# 3.2, which has to be solved.)

# %% id="7-2-answer" tags=["answer"]
# Exercise 7.2: all mass of p is at the place 0, all mass of q at the place k of 10 places. Compute for k = 0, 1, 2, 5, 9
#   emd         the five earth mover's distances
#   variation   the five sums of |p - q|
#   js          the five Jensen-Shannon divergences (chapter 3)
# and
#   columns     the distance of the columns of exercise 7.1, whose masses are 1 each
shifts = [0, 1, 2, 5, 9]
points = torch.eye(10, dtype=torch.float64)
p, q = points[[0] * 5], points[shifts]
# BEGIN SOLUTION
emd = wasserstein.emd_1d(p, q)
variation = (p - q).abs().sum(dim=1)
js = gan.js_divergence(p, q)
before, after = (torch.bincount(torch.tensor(places), minlength=7).double() for places in (source, target))
columns = wasserstein.emd_1d(before, after)
# END SOLUTION

# %% id="7-2-check" tags=["nbval-check-output"]
show("7.2", emd=emd, variation=variation, js=js, columns=columns)

# %% [markdown] id="7-3"
# ## Exercise 7.3 · Plans and potentials
#
# Write `transport_plan` and `kantorovich_potential`. Four bakeries supply four cafés in one town: the bakeries are the corners of
# a rectangle, the cafés the same corners, and a corner bakes more or less than it eats.

# %% id="7-3-answer" tags=["answer"]
# Exercise 7.3: for the masses and the corners below, with the distances of the corners as costs, compute
#   plan, primal      the best plan and its value
#   potential, dual   the best potential and its value
#   stays             how much of the mass stays where it is, for the best plan
#   downhill          True if mass is carried between two different corners only where the potential falls by the whole distance
#   squared           the value of the best plan if a way costs the square of its length
corners = torch.tensor([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0], [0.0, 4.0]], dtype=torch.float64)
baked = torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64)
eaten = torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)
ways = (corners[:, None] - corners).norm(dim=2)
# BEGIN SOLUTION
plan, primal = wasserstein.transport_plan(baked, eaten, ways)
potential, dual = wasserstein.kantorovich_potential(baked, eaten, ways)
stays = plan.diagonal().sum()
downhill = bool(((plan < 1e-9) | ((potential[:, None] - potential - ways).abs() < 1e-6)).all())
_, squared = wasserstein.transport_plan(baked, eaten, ways**2)
# END SOLUTION

# %% id="7-3-check" tags=["nbval-check-output"]
show("7.3", primal=primal, dual=dual, stays=stays, downhill=downhill, squared=squared)

# %% [markdown] id="7-4"
# ## Exercise 7.4 · The losses of critic and generator
#
# Write `critic_loss` and `generator_loss`. A text prints the generator's loss as the mean of the scores itself. Let both be
# minimized by a fake that is free to move on a line, judged by the critic f(x) = x: the real samples lie to the right.


# %% id="7-4-answer" tags=["answer"]
# Exercise 7.4: compute
#   estimate   what the critic f(x) = x says of the distance between the samples below: minus its loss
#   bounded    the same for the critic f(x) = sigmoid(x)
#   trained    where a fake that starts at 0 is after 20 steps of plain gradient descent (learning rate 0.1) on generator_loss
#   printed    the same on the mean of the scores
real, fake = torch.tensor([9.0, 10.0, 11.0]), torch.tensor([-1.0, 1.0])
# BEGIN SOLUTION
estimate = -wasserstein.critic_loss(real, fake)
bounded = -wasserstein.critic_loss(torch.sigmoid(real), torch.sigmoid(fake))


def descend(loss):
    position = torch.zeros(1, requires_grad=True)
    for _step in range(20):
        (slope,) = torch.autograd.grad(loss(position), position)
        position = (position - 0.1 * slope).detach().requires_grad_()
    return position.item()


trained, printed = descend(wasserstein.generator_loss), descend(torch.mean)
# END SOLUTION

# %% id="7-4-check" tags=["nbval-check-output"]
show("7.4", estimate=estimate, bounded=bounded, trained=trained, printed=printed)

# %% [markdown] id="7-5"
# ## Exercise 7.5 · Clipping, and what it bounds
#
# Write `clip_weights_` and `lipschitz_bound`. A limit of 0.01 bounds the weights. See what it says about the slope.

# %% id="7-5-answer" tags=["answer"]
# Exercise 7.5: `critic(width)` has three layers, and all of its weights are 1. Clip them to c, and compute
#   slopes     a dictionary: the slope along (1, 1) from the point (1, 1) to (2, 2), for c = 0.01 and c = 0.1, width 512
#   bounds     a dictionary: what lipschitz_bound says of the same two
#   widths     a dictionary: the bounds for c = 0.01 and the widths 32, 128, 512
#   limit      the limit c at which the width 512 has the bound 1, by formula
# Round slopes and bounds to three decimals.


def critic(width):
    layers = [nn.Linear(2, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1)]
    for layer in layers[::2]:
        nn.init.ones_(layer.weight), nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers).double()


# BEGIN SOLUTION
def clipped(width, c):
    network = critic(width)
    wasserstein.clip_weights_(network, c)
    return network


ends = torch.tensor([[1.0, 1.0], [2.0, 2.0]], dtype=torch.float64)
slopes, bounds = {}, {}
for c in (0.01, 0.1):
    network = clipped(512, c)
    with torch.no_grad():
        slopes[c] = (network(ends).diff(dim=0).abs() / 2**0.5).item()
    bounds[c] = wasserstein.lipschitz_bound(network)
widths = {width: wasserstein.lipschitz_bound(clipped(width, 0.01)) for width in (32, 128, 512)}
limit = (512**2 * 2**0.5) ** (-1 / 3)
# END SOLUTION

# %% id="7-5-check" tags=["nbval-check-output"]
show("7.5", digits=3, slopes=slopes, bounds=bounds, widths=widths, limit=limit)

# %% [markdown] id="7-6"
# ## Exercise 7.6 · The gradient penalty
#
# Write `gradient_penalty`. The smallest critic is f(x) = w x on the line, the fakes are all at 0 and the real samples at d. What
# slope w do you expect to minimize -w d + lambda (w - 1)^2? Where does plain gradient descent end?


# %% id="7-6-answer" tags=["answer"]
# Exercise 7.6: for lambda = 10, compute
#   expected   a dictionary: the best slope for d = 0.5, 2, 5, by formula
#   right      a dictionary: the slope after 200 steps of gradient descent (learning rate 0.01) on critic_loss plus lambda times
#              gradient_penalty, from w = 0.5
#   wrong      the same from w = -0.5: the penalty has a second minimum
# BEGIN SOLUTION
def slope_after(d, start):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    at_d, at_0 = torch.full((4, 1), d, dtype=torch.float64), torch.zeros(4, 1, dtype=torch.float64)
    eps = torch.linspace(0, 1, 4, dtype=torch.float64)
    for _ in range(200):
        penalty = wasserstein.gradient_penalty(w.mul, at_d, at_0, eps)
        loss = wasserstein.critic_loss(w * at_d, w * at_0) + 10 * penalty
        (step,) = torch.autograd.grad(loss, w)
        w = (w - 0.01 * step).detach().requires_grad_()
    return w.item()


expected = {d: 1 + d / 20 for d in (0.5, 2.0, 5.0)}
right = {d: slope_after(d, 0.5) for d in expected}
wrong = {d: slope_after(d, -0.5) for d in expected}
# END SOLUTION

# %% id="7-6-check" tags=["nbval-check-output"]
show("7.6", expected=expected, right=right, wrong=wrong)

# %% [markdown] id="7-7"
# ## Exercise 7.7 · One step of a Wasserstein GAN
#
# Write `wgan_step`. The smallest players have one number each: G(z) = z + theta, and f(x) = w x. Do one step with a pencil, then
# let your function do it.

# %% id="7-7-answer" tags=["answer"]
# Exercise 7.7: for two steps of the critic for one of the generator, all real samples 2, all noise 0, plain gradient descent with
# learning rate 0.1, from w = 0.5 and theta = 1, compute
#   by_hand    a dictionary: (w, theta) after one wgan_step, by formula, for each of the `controls`
#   by_step    the same by wgan_step
controls = {
    "neither": {},
    "clip": {"clip": 0.55},
    "penalty": {"penalty": 1.0, "eps": torch.tensor([0.5, 0.5], dtype=torch.float64)},
}


def players():
    """Generator and critic, and their optimizers. The weight of the generator stays 1, because the noise is 0."""
    g, f = nn.Linear(1, 1).double(), nn.Linear(1, 1, bias=False).double()
    nn.init.ones_(g.weight), nn.init.ones_(g.bias), nn.init.constant_(f.weight, 0.5)
    return g, f, *(torch.optim.SGD(network.parameters(), lr=0.1) for network in (g, f))


# BEGIN SOLUTION
def with_a_pencil(clip=None, penalty=0.0, eps=None):
    w, theta = 0.5, 1.0
    for _ in range(2):
        w = w - 0.1 * (theta - 2 + 2 * penalty * (w - 1))
        w = w if clip is None else min(max(w, -clip), clip)
    return w, theta + 0.1 * w


def with_the_function(**options):
    g, f, opt_g, opt_f = players()
    nothing = torch.zeros(3, 1, dtype=torch.float64)
    wasserstein.wgan_step(g, f, opt_g, opt_f, nothing[:2] + 2, nothing, n_critic=2, **options)
    return f.weight.item(), g.bias.item()


by_hand = {name: with_a_pencil(**options) for name, options in controls.items()}
by_step = {name: with_the_function(**options) for name, options in controls.items()}
# END SOLUTION

# %% id="7-7-check" tags=["nbval-check-output"]
show("7.7", by_hand=by_hand, by_step=by_step)

# %% [markdown] id="7-8"
# ## Exercise 7.8 · The sliced distance
#
# Write `sliced_wasserstein`. A text averages the distance between a real sample and a generated one, pair by pair. Let free
# points descend that, and let others descend yours: the data are points on a circle of radius 2.

# %% id="7-8-answer" tags=["answer"]
# Exercise 7.8: 200 free points start at `start`, the data are `circle`. Compute
#   shift      the distance of `circle` from `circle` shifted by `v`, along the two axes, and what |v|^2 / d says, as a pair
#   shuffled   the distance of `circle` from itself in the order `order`, along the 16 directions: pairs would see two samples
#   paired     the mean radius of the points after 300 steps of gradient descent (learning rate 5) on the mean squared difference
#              of pairs, a mean over points and coordinates; the pairs are drawn anew in each step: circle[a new permutation]
#   sorted_    the mean radius after 300 steps of gradient descent (learning rate 50) on sliced_wasserstein, 16 directions
# Round the radii to one decimal.
random = torch.Generator().manual_seed(0)
angle = torch.arange(200, dtype=torch.float64) * (2 * torch.pi / 200)
circle = 2 * torch.stack([angle.cos(), angle.sin()], dim=1)
start = 0.1 * torch.randn(200, 2, generator=random, dtype=torch.float64)
order = torch.randperm(200, generator=random)
half_turn = torch.arange(16, dtype=torch.float64) * (torch.pi / 16)
directions = torch.stack([half_turn.cos(), half_turn.sin()], dim=1)
v = torch.tensor([3.0, 4.0], dtype=torch.float64)
# BEGIN SOLUTION
shift = (wasserstein.sliced_wasserstein(circle, circle + v, torch.eye(2, dtype=torch.float64)), v.square().sum() / 2)
shuffled = wasserstein.sliced_wasserstein(circle, circle[order], directions)


def radius_after(loss, rate):
    free = start
    for _turn in range(300):
        free = free.detach().requires_grad_()
        (slope,) = torch.autograd.grad(loss(free), free)
        free = free - rate * slope
    return round(free.detach().norm(dim=1).mean().item(), 1)


def pairs(free):
    return F.mse_loss(free, circle[torch.randperm(200, generator=random)])


paired = radius_after(pairs, 5)
sorted_ = radius_after(lambda free: wasserstein.sliced_wasserstein(free, circle, directions), 50)
# END SOLUTION

# %% id="7-8-check" tags=["nbval-check-output"]
show("7.8", digits=1, shift=shift, shuffled=shuffled, paired=paired, sorted=sorted_)
