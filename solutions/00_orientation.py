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
# # Exercises of chapter 0: orientation
#
# This is a notebook: text like this, and cells of code. Click a cell of code and press Shift+Enter: it runs, and what it prints
# appears below it. Run the cells from top to bottom.
#
# You write the functions in `ganlib/bayes.py`; here you use them to find something out. Fill in the answer cells; leave the check
# cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the comment
# that starts each answer cell. When you have changed `ganlib/bayes.py`, choose *Kernel, Restart Kernel* and run the cells again.

# %% id="setup"
import torch
from torch.distributions import Normal

from ganlib import bayes, data
from ganlib.notebook import show

# %% [markdown] id="0-1"
# ## Exercise 0.1 · From p(x | y) to p(y | x)
#
# Write `posterior` in `ganlib/bayes.py`. Two kinds of fish have lengths N(30, 4^2) and N(36, 4^2) centimeters. You see the
# length of a fish and say which kind it is. From which length on do you say "the second kind", and how does that length move
# when the second kind becomes rare?

# %% id="0-1-answer" tags=["answer"]
# Exercise 0.1: compute
#   at_33      the posterior of both kinds for a fish of 33 cm, kinds equally frequent, shape (2,)
#   rare_33    the same when only one fish in ten is of the second kind
#   boundary   the first length in `lengths` at which the second kind is the more probable one, in that sea
lengths = torch.linspace(25, 45, 2001, dtype=torch.float64)
log_px_given_y = torch.stack([Normal(30.0, 4.0).log_prob(lengths), Normal(36.0, 4.0).log_prob(lengths)], dim=1)
equal, rare = torch.tensor([0.5, 0.5]).double().log(), torch.tensor([0.9, 0.1]).double().log()
# BEGIN SOLUTION
at_33 = bayes.posterior(log_px_given_y[lengths == 33], equal)[0]
rare_33 = bayes.posterior(log_px_given_y[lengths == 33], rare)[0]
boundary = lengths[bayes.posterior(log_px_given_y, rare)[:, 1] > 0.5][0]
# END SOLUTION

# %% id="0-1-check" tags=["nbval-check-output"]
show("0.1", at_33=at_33, rare_33=rare_33, boundary=boundary)

# %% [markdown] id="0-2"
# ## Exercise 0.2 · Draws from p(x | y)
#
# Write `sample_class_conditional`. A Gaussian is fitted to the pixels of each digit; together they are a generative model of
# digits. How many different images does it make for one label? And how well does the same model classify real images, when
# Bayes' rule turns it round?

# %% id="0-2-answer" tags=["answer"]
# Exercise 0.2: compute
#   distinct    how many different images are among 100 draws with the label 3
#   accuracy    the share of the 400 test images whose most probable label by your `posterior` (flat prior) is the true one
digits = data.load("digits", size=8)
X, labels = digits.train_images.flatten(1).double(), digits.train_labels
means = torch.stack([X[labels == k].mean(dim=0) for k in range(10)])
covs = torch.stack([X[labels == k].T.cov() + 0.01 * torch.eye(64, dtype=torch.float64) for k in range(10)])
densities = torch.distributions.MultivariateNormal(means, covs)  # densities.log_prob(x[:, None]) has shape (N, 10)
generator = torch.Generator().manual_seed(0)
# BEGIN SOLUTION
threes = bayes.sample_class_conditional(torch.full((100,), 3), means, covs, generator)
distinct = len(threes.unique(dim=0))
flat = torch.full((10,), 0.1, dtype=torch.float64).log()
log_px = densities.log_prob(digits.test_images.flatten(1).double()[:, None])
accuracy = (bayes.posterior(log_px, flat).argmax(dim=1) == digits.test_labels).double().mean()
# END SOLUTION

# %% id="0-2-check" tags=["nbval-check-output"]
show("0.2", digits=2, distinct=distinct, accuracy=accuracy)
