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
# # Exercises of chapter 4: why training fails, and how to measure it
#
# You write the functions in `ganlib/dynamics.py` and `ganlib/metrics.py`; here you use them to find something out. Fill in the
# answer cells; leave the check cells as they are. A check cell prints what you computed, so that it can be compared. The names
# to define are in the comment that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
from math import log

import torch
from torch.distributions import Normal

from ganlib import data, dynamics, features, metrics
from ganlib.notebook import show

digits = data.load("digits", size=16)

# %% [markdown] id="4-1"
# ## Exercise 4.1 · A game that turns in circles
#
# Write `bilinear_game` in `ganlib/dynamics.py`. Then read three numbers off its paths.

# %% id="4-1-answer" tags=["answer"]
# Exercise 4.1: compute
#   growth        by what factor 100 simultaneous steps from (1, 1) with learning rate 0.1 lengthen the distance from (0, 0)
#   reach         the largest distance from (0, 0) on 1000 alternating steps from (1, -1) with learning rate 0.1
#   best_lr       the learning rate among 0.05, 0.10, ..., 0.95 whose 20 extragradient steps from (1, 1) end nearest to (0, 0)
# BEGIN SOLUTION
path = dynamics.bilinear_game(1.0, 1.0, 0.1, 100)
growth = path[-1].norm() / path[0].norm()
reach = dynamics.bilinear_game(1.0, -1.0, 0.1, 1000, method="alternating").norm(dim=1).max()
rates = [i / 20 for i in range(1, 20)]
best_lr = min(rates, key=lambda lr: dynamics.bilinear_game(1.0, 1.0, lr, 20, method="extragradient")[-1].norm().item())
# END SOLUTION

# %% id="4-1-check" tags=["nbval-check-output"]
show("4.1", growth=growth, reach=reach, best_lr=best_lr)

# %% [markdown] id="4-2"
# ## Exercise 4.2 · The smallest GAN
#
# Write `dirac_gan`. The penalty damps the turning. Too little of it, and the players circle for long; too much, and the
# discriminator hardly moves. Which weight is best, and what does a sure discriminator cost?

# %% id="4-2-answer" tags=["answer"]
# Exercise 4.2: compute
#   best_r1       the r1 among 0.0, 0.1, ..., 2.0 whose 200 non-saturating steps from (1, 1) with learning rate 0.1 end
#                 nearest to (0, 0)
#   steps         a dictionary: for "saturating" and "non_saturating", the first step after which |theta| < 2, starting from
#                 theta = 3, psi = -2 with learning rate 0.1 and r1 = 0 (5000 steps are enough)
# BEGIN SOLUTION
weights = [i / 10 for i in range(21)]
best_r1 = min(weights, key=lambda r1: dynamics.dirac_gan(1.0, 1.0, 0.1, 200, "non_saturating", r1)[-1].norm().item())
steps = {
    loss: int((dynamics.dirac_gan(3.0, -2.0, 0.1, 5000, loss)[:, 0].abs() < 2).nonzero()[0])
    for loss in ("saturating", "non_saturating")
}
# END SOLUTION

# %% id="4-2-check" tags=["nbval-check-output"]
show("4.2", best_r1=best_r1, steps=steps)

# %% [markdown] id="4-3"
# ## Exercise 4.3 · Which modes are there, and who is near one
#
# Write `mode_coverage` in `ganlib/metrics.py`. Five generators of points stand before a square of four modes. No single number
# separates them: look at both.

# %% id="4-3-answer" tags=["answer"]
# Exercise 4.3: compute
#   coverage      a dictionary: for each generator below, the pair (modes, share) for the radius 0.3
#   best          the name of the only generator that covers all four modes with a share above 0.9
square = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
random = torch.Generator().manual_seed(0)
generators = {
    "one mode": square[:1] + 0.05 * torch.randn(1000, 2, generator=random),
    "two modes": square[:2].repeat(500, 1) + 0.05 * torch.randn(1000, 2, generator=random),
    "all modes": square.repeat(250, 1) + 0.05 * torch.randn(1000, 2, generator=random),
    "the mean": 0.05 * torch.randn(1000, 2, generator=random),
    "everywhere": 4 * torch.rand(1000, 2, generator=random) - 2,
}
# BEGIN SOLUTION
coverage = {name: metrics.mode_coverage(samples, square, 0.3) for name, samples in generators.items()}
(best,) = (name for name, (modes, share) in coverage.items() if modes == 4 and share > 0.9)
# END SOLUTION

# %% id="4-3-check" tags=["nbval-check-output"]
show("4.3", digits=3, coverage=coverage, best=best)

# %% [markdown] id="4-4"
# ## Exercise 4.4 · The distance of two Gaussians
#
# Write `frechet_distance`. It sees means and covariances and nothing else. Build two samples that it cannot tell apart although
# you can, and see what few samples do to it.

# %% id="4-4-answer" tags=["answer"]
# Exercise 4.4: compute
#   coin_distance   the distance of the sample `bell` from the sample `coins`, by their means and covariances (divided by n - 1)
#   apart           the mean of |x| over bell minus that over coins: plainly not 0
#   by_size         a dictionary: for n = 100, 300 and 1000, the distance between the first n rows of `left` and the first n rows
#                   of `right`, two samples of one and the same Gaussian in 20 dimensions
random = torch.Generator().manual_seed(0)
bell = Normal(0, 1).icdf((torch.arange(4000, dtype=torch.float64) + 0.5) / 4000)[:, None]
coins = torch.tensor([-1.0, 1.0], dtype=torch.float64).repeat(2000)[:, None]
left, right = torch.randn(2, 1000, 20, generator=random, dtype=torch.float64)


# BEGIN SOLUTION
def gaussian(points):
    return points.mean(dim=0), points.T.cov().reshape(points.shape[1], -1)


def distance(a, b):
    return metrics.frechet_distance(*gaussian(a), *gaussian(b))


coin_distance = distance(bell, coins)
apart = bell.abs().mean() - coins.abs().mean()
by_size = {n: distance(left[:n], right[:n]) for n in (100, 300, 1000)}
# END SOLUTION

# %% id="4-4-check" tags=["nbval-check-output"]
show("4.4", digits=3, coin_distance=coin_distance, apart=apart, by_size=by_size)

# %% [markdown] id="4-5"
# ## Exercise 4.5 · The inception score
#
# Write `inception_score`. It is asked here for the digits that the small classifier sees. The score of real digits lies below
# 10. Ten images, each printed a hundred times, beat it.

# %% id="4-5-answer" tags=["answer"]
# Exercise 4.5: compute
#   real_score      the score of the test digits (features.probabilities gives p(y|x))
#   ten_score       the score of `ten`, the surest training image of each digit (their number does not matter)
#   mean_nats       the mean divergence, in nats, behind real_score
#   most_nats       the largest that the mean divergence can be with ten classes
sure = features.probabilities(digits.train_images)
ten = digits.train_images[[int((sure[:, k] * (digits.train_labels == k)).argmax()) for k in range(10)]]
# BEGIN SOLUTION
real_score = metrics.inception_score(features.probabilities(digits.test_images))
ten_score = metrics.inception_score(features.probabilities(ten))
mean_nats = real_score.log()
most_nats = log(10)
# END SOLUTION

# %% id="4-5-check" tags=["nbval-check-output"]
show("4.5", digits=2, real_score=real_score, ten_score=ten_score, mean_nats=mean_nats, most_nats=most_nats)

# %% [markdown] id="4-6"
# ## Exercise 4.6 · Precision and recall of features
#
# Write `precision_recall`. Compare the test digits with fours alone, with noise, and with noise once more after a single white
# page has slipped in among the real digits.

# %% id="4-6-answer" tags=["answer"]
# Exercise 4.6: compute
#   fours     (precision, recall) of the training fours against the test digits
#   noise     (precision, recall) of `static` against the test digits
#   fooled    (precision, recall) of `static` against the test digits and one white page (all pixels 1)
static = torch.rand(400, 1, 16, 16, generator=torch.Generator().manual_seed(0))
real_features = features.extract(digits.test_images)
# BEGIN SOLUTION
four_features = features.extract(digits.train_images[digits.train_labels == 4])
fours = metrics.precision_recall(real_features, four_features)
noise = metrics.precision_recall(real_features, features.extract(static))
with_page = torch.cat([real_features, features.extract(torch.ones(1, 1, 16, 16))])
fooled = metrics.precision_recall(with_page, features.extract(static))
# END SOLUTION

# %% id="4-6-check" tags=["nbval-check-output"]
show("4.6", digits=2, fours=fours, noise=noise, fooled=fooled)

# %% [markdown] id="4-7"
# ## Exercise 4.7 · The kernel distance
#
# Write `kernel_distance`. Its estimates from few samples scatter around the truth; those with the diagonals left in lie above
# it. Measure both for two samples of one distribution.

# %% id="4-7-answer" tags=["answer"]
# Exercise 4.7: compute
#   mean_estimate   the mean of your function over the 2000 pairs of samples x[i], y[i] of 10 points, all standard normal
#   mean_biased     the same with the diagonals left in, that is, with the means over all 100 entries of the kernel matrices
#   predicted       by how much mean_biased should be larger: in d = 4 dimensions E k(x, x) = 11.5 stands on a diagonal and
#                   E k(x, y) = 1.75 beside it, and a tenth of the entries of two matrices are diagonal
x, y = torch.randn(2, 2000, 10, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
# BEGIN SOLUTION
mean_estimate = sum(metrics.kernel_distance(a, b) for a, b in zip(x, y, strict=True)) / len(x)


def full_mean(a, b):
    return ((a @ b.transpose(1, 2) / 4 + 1) ** 3).mean()


mean_biased = full_mean(x, x) + full_mean(y, y) - 2 * full_mean(x, y)
predicted = 2 * (11.5 - 1.75) / 10
# END SOLUTION

# %% id="4-7-check" tags=["nbval-check-output"]
show("4.7", digits=2, mean_estimate=mean_estimate, mean_biased=mean_biased, predicted=predicted)
