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
# # Exercises of chapter 3: the game
#
# You write the functions in `ganlib/gan.py`; here you use them to find something out. Fill in the answer cells; leave the check
# cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the comment
# that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
from math import exp

import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal

from ganlib import gan, training
from ganlib.notebook import show

line, width = torch.linspace(-12, 20, 32_001, dtype=torch.float64), 0.001


def density(mean, std):
    """The density of a normal distribution at the points of `line`."""
    return Normal(torch.tensor(mean, dtype=torch.float64), std).log_prob(line).exp()


# %% [markdown] id="3-1"
# ## Exercise 3.1 · The best discriminator
#
# Write `optimal_discriminator` in `ganlib/gan.py`. Take real data from N(0, 1). Where does the best discriminator stand, and how
# often is it right?

# %% id="3-1-answer" tags=["answer"]
# Exercise 3.1: compute
#   slope, intercept  of the logit of D* against x, a straight line, for fakes from N(2, 1)
#   right             how often the decision "real if D* > 1/2" is right, if half of what it sees is real, for the same fakes:
#                     a sum over `line` times `width`
#   crossing          the positive x at which D* is 1/2 for fakes from N(0, 2^2): `line` has a point within 0.001 of it
p, q, wide = density(0.0, 1.0), density(2.0, 1.0), density(0.0, 2.0)
# BEGIN SOLUTION
logit = torch.logit(gan.optimal_discriminator(p, q))
at_0, at_1 = (logit[(line - x).abs().argmin()] for x in (0.0, 1.0))
slope, intercept = at_1 - at_0, at_0
says_real = gan.optimal_discriminator(p, q) > 0.5
right = 0.5 * torch.where(says_real, p, q).sum() * width
crossing = line[(gan.optimal_discriminator(p, wide) - 0.5).abs().masked_fill(line <= 0, 1.0).argmin()]
# END SOLUTION

# %% id="3-1-check" tags=["nbval-check-output"]
show("3.1", digits=3, slope=slope, intercept=intercept, right=right, crossing=crossing)

# %% [markdown] id="3-2"
# ## Exercise 3.2 · KL and Jensen-Shannon divergence
#
# Write `kl_divergence` and `js_divergence`. Multiplied by the width of a step, a density on a fine grid is a list of
# probabilities. See how the two divergences tell that N(t, 1) lies far from N(0, 1), and what becomes of them where nothing
# overlaps.

# %% id="3-2-answer" tags=["answer"]
# Exercise 3.2: compute
#   kl, js            dictionaries: the divergences of N(0, 1) from N(t, 1) for t = 1, 2, 4, 8
#   box_kl, box_js    those of two boxes: uniform on [0, 1] and uniform on [t, t + 1], for t = 1.5
box, other_box = ((line >= 0) & (line < 1)).double(), ((line >= 1.5) & (line < 2.5)).double()
# BEGIN SOLUTION
here = density(0.0, 1.0) * width
kl = {t: gan.kl_divergence(here, density(float(t), 1.0) * width) for t in (1, 2, 4, 8)}
js = {t: gan.js_divergence(here, density(float(t), 1.0) * width) for t in (1, 2, 4, 8)}
box_kl = gan.kl_divergence(box / box.sum(), other_box / other_box.sum())
box_js = gan.js_divergence(box / box.sum(), other_box / other_box.sum())
# END SOLUTION

# %% id="3-2-check" tags=["nbval-check-output"]
show("3.2", kl=kl, js=js, box_kl=box_kl, box_js=box_js)

# %% [markdown] id="3-3"
# ## Exercise 3.3 · The value of the game
#
# Write `value_function`. How much does a discriminator gain by knowing the densities, and what does it lose by being too sure?

# %% id="3-3-answer" tags=["answer"]
# Exercise 3.3: for the probabilities p and q below, compute the value
#   undecided      of D = 1/2
#   best           of the best discriminator
#   too_sure       of one whose logits are three times those of the best
#   exchanged      of one that takes real for fake: 1 - D*
# and
#   divergence     JS(p, q), made of `best` alone
p = torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=torch.float64)
q = torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64)
# BEGIN SOLUTION
optimum = gan.optimal_discriminator(p, q)
undecided = gan.value_function(p, q, torch.full_like(p, 0.5))
best = gan.value_function(p, q, optimum)
too_sure = gan.value_function(p, q, torch.sigmoid(3 * torch.logit(optimum)))
exchanged = gan.value_function(p, q, 1 - optimum)
divergence = (best - undecided) / 2
# END SOLUTION

# %% id="3-3-check" tags=["nbval-check-output"]
show("3.3", undecided=undecided, best=best, too_sure=too_sure, exchanged=exchanged, divergence=divergence)

# %% [markdown] id="3-4"
# ## Exercise 3.4 · The discriminator's loss
#
# Write `discriminator_loss`. A text prints the loss to be minimized as -log D(x) + log(1 - D(G(z))). Let plain gradient descent
# (200 steps, learning rate 1) decide what that sign does: one free logit for a real sample, one for a fake, both 0 at the start.


# %% id="3-4-answer" tags=["answer"]
# Exercise 3.4: compute, each as a pair of probabilities (for the real sample, for the fake) after the 200 steps,
#   trained   with your discriminator_loss
#   printed   with the printed loss, its log(1 - D) as -softplus of the logit: as it is printed it becomes NaN
# and
#   naive     -log(1 - sigmoid(200)) in float32, written like this
#   stable    what your function says that a fake with the logit 200 costs, if the real sample costs nothing
# BEGIN SOLUTION
def descend(loss):
    logits = torch.zeros(2, requires_grad=True)
    for _ in range(200):
        (gradient,) = torch.autograd.grad(loss(logits[:1], logits[1:]), logits)
        logits = (logits - gradient).detach().requires_grad_()
    return tuple(torch.sigmoid(logits).tolist())


trained = descend(gan.discriminator_loss)
printed = descend(lambda real, fake: -F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean())
naive = -torch.log(1 - torch.sigmoid(torch.tensor(200.0)))
stable = gan.discriminator_loss(torch.tensor([200.0]), torch.tensor([200.0]))
# END SOLUTION

# %% id="3-4-check" tags=["nbval-check-output"]
show("3.4", digits=3, trained=trained, printed=printed, naive=naive, stable=stable)

# %% [markdown] id="3-5"
# ## Exercise 3.5 · The generator's two losses
#
# Write `generator_loss`. Compare the pull of the two losses on a fake that the discriminator has found out: its logit is -5.

# %% id="3-5-answer" tags=["answer"]
# Exercise 3.5: compute
#   by_logit   a dictionary: the derivative of each kind of loss with respect to the logit, at -5
#   ratio      how many times as strong the non-saturating one is
#   closed     the same ratio as one exponential
#   by_d       the derivative of log(1 - D) with respect to the probability D, at D = sigmoid(-5): no sign of vanishing
#   equal_at   the logit at which both losses pull equally hard
# BEGIN SOLUTION
by_logit = {}
for kind in ("non_saturating", "saturating"):
    logit = torch.tensor([-5.0], dtype=torch.float64, requires_grad=True)
    by_logit[kind] = torch.autograd.grad(gan.generator_loss(logit, kind), logit)[0].item()
ratio = by_logit["non_saturating"] / by_logit["saturating"]
closed = exp(5)
by_d = -1 / (1 - torch.sigmoid(torch.tensor(-5.0, dtype=torch.float64)))
equal_at = 0
# END SOLUTION

# %% id="3-5-check" tags=["nbval-check-output"]
show("3.5", by_logit=by_logit, ratio=ratio, closed=closed, by_d=by_d, equal_at=equal_at)

# %% [markdown] id="3-6"
# ## Exercise 3.6 · One step of the game
#
# Write `gan_step`. The smallest players have one number each: G(z) = z + theta, and the logit of D(x) is psi * x. Do one step
# with a pencil, then let your function do it. Then play the game of the chapter.

# %% id="3-6-answer" tags=["answer"]
# Exercise 3.6: for one real sample 2, noise 0 for both players, and plain gradient descent with learning rate 0.1, compute
#   by_hand    (psi, theta) after one step from psi = 0.5, theta = 1, by formula
#   by_step    the same by gan_step on the two networks below, whose weights start there (theta is the bias of small_g; its
#              weight stays 1, because the noise is 0)
#   learned    True if the mean of 4000 samples is within 0.15 of 4 and their standard deviation in [0.15, 0.7] after 1500 steps
#              of the game that `players` starts: batches of 128, real samples from N(4, 0.5^2), standard normal noise
torch.manual_seed(0)
small_g, small_d = nn.Linear(1, 1).double(), nn.Linear(1, 1, bias=False).double()
nn.init.ones_(small_g.weight), nn.init.ones_(small_g.bias), nn.init.constant_(small_d.weight, 0.5)


def players():
    """Generator, discriminator and their optimizers."""
    training.seed_everything(0)
    g = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    d = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
    adam_g, adam_d = (torch.optim.Adam(net.parameters(), lr=lr, betas=(0.0, 0.9)) for net, lr in ((g, 1e-3), (d, 3e-3)))
    return g, d, adam_g, adam_d


# BEGIN SOLUTION
def logistic(t):
    return 1 / (1 + exp(-t))


psi = 0.5 - 0.1 * (-2 * logistic(-2 * 0.5) + 1 * logistic(1 * 0.5))
by_hand = (psi, 1 + 0.1 * psi * logistic(-psi * 1))
sgd_g, sgd_d = (torch.optim.SGD(net.parameters(), lr=0.1) for net in (small_g, small_d))
nothing = torch.zeros(1, 1, dtype=torch.float64)
gan.gan_step(small_g, small_d, sgd_g, sgd_d, nothing + 2, nothing, nothing)
by_step = (small_d.weight.item(), small_g.bias.item())

g, d, adam_g, adam_d = players()
source = torch.Generator().manual_seed(0)
for _ in range(1500):
    real, noise_d, noise_g = torch.randn(3, 128, 1, generator=source)
    gan.gan_step(g, d, adam_g, adam_d, 4 + 0.5 * real, noise_d, noise_g)
samples = g(torch.randn(4000, 1, generator=source))
learned = abs(samples.mean().item() - 4) < 0.15 and 0.15 <= samples.std().item() <= 0.7
# END SOLUTION

# %% id="3-6-check" tags=["nbval-check-output"]
show("3.6", by_hand=by_hand, by_step=by_step, learned=learned)

# %% [markdown] id="3-7"
# ## Exercise 3.7 · Equilibria of a game
#
# Write `pure_nash_equilibria`. Then look for the equilibria of a GAN so small that all moves can be listed: the data are a coin
# that shows heads with probability 0.3. The generator chooses the probability of heads q, the discriminator one probability
# "real" for heads and one for tails.

# %% id="3-7-answer" tags=["answer"]
# Exercise 3.7: compute
#   equilibria       the moves (q, D(heads), D(tails)) at the equilibria of the zero-sum game, where the generator wins -V
#   non_saturating   the same where the generator wins the mean of log D over its own samples instead
#   best_answer      the discriminator's best move (D(heads), D(tails)) in its list against q = 0.9: is 1/2 always best?
# Round all payoffs to 9 decimals, so that equal ones are equal on every machine.
coin = torch.tensor([0.3, 0.7], dtype=torch.float64)
moves_g = torch.arange(11, dtype=torch.float64) / 10
moves_d = torch.cartesian_prod(*[torch.arange(1, 10, dtype=torch.float64) / 10] * 2)
# BEGIN SOLUTION
coins_g = torch.stack([moves_g, 1 - moves_g], dim=1)[:, None].expand(11, 81, 2)
answers_d = moves_d.expand(11, 81, 2)
values = gan.value_function(coin.expand(11, 81, 2), coins_g, answers_d).round(decimals=9)
credit = (coins_g * answers_d.log()).sum(dim=-1).round(decimals=9)


def played(pairs):
    return tuple((moves_g[i].item(), *moves_d[j].tolist()) for i, j in pairs)


equilibria = played(gan.pure_nash_equilibria(-values, values))
non_saturating = played(gan.pure_nash_equilibria(credit, values))
best_answer = moves_d[values[9].argmax()]
# END SOLUTION

# %% id="3-7-check" tags=["nbval-check-output"]
show("3.7", digits=1, equilibria=equilibria, non_saturating=non_saturating, best_answer=best_answer)
