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
# # Exercises of chapter 2: variational autoencoders
#
# You write the functions in `ganlib/vae.py`; here you use them to find something out. Fill in the answer cells; leave the check
# cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the comment
# that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
from math import log, pi

import torch
from torch.distributions import Normal

from ganlib import data, training, vae
from ganlib.notebook import show

digits = data.load("digits", size=8)

# %% [markdown] id="2-1"
# ## Exercise 2.1 · Sampling that can be differentiated
#
# Write `reparameterize` in `ganlib/vae.py`. Then let autograd tell you how `z` moves with the log-variance, and compare it with
# the derivative in equation (2.7) of the chapter.

# %% id="2-1-answer" tags=["answer"]
# Exercise 2.1: compute
#   z          the sample for the mu, logvar and eps below, shape (1, 3)
#   gradient   the derivative of z.sum() in logvar, by autograd, shape (1, 3)
#   error      the largest absolute difference between gradient and sigma * eps / 2
mu = torch.tensor([[1.0, -2.0, 0.5]])
logvar = torch.tensor([[0.0, 1.3863, -2.0]], requires_grad=True)
eps = torch.tensor([[1.0, 0.5, -1.5]])
# BEGIN SOLUTION
z = vae.reparameterize(mu, logvar, eps)
(gradient,) = torch.autograd.grad(z.sum(), logvar)
error = (gradient - logvar.div(2).exp() * eps / 2).abs().max()
# END SOLUTION

# %% id="2-1-check" tags=["nbval-check-output"]
show("2.1", z=z, gradient=gradient, error=error)

# %% [markdown] id="2-2"
# ## Exercise 2.2 · KL divergence from the prior
#
# Write `kl_standard_normal`. Compare it with the definition, the integral of q log(q / p), which in one dimension a sum over a
# fine grid computes. Then read the KL term as a budget: how wide, and how narrow, may a code around 0 be that costs 1 nat?

# %% id="2-2-answer" tags=["answer"]
# Exercise 2.2: compute
#   closed_form   the divergence of N(0.7, 0.4^2) from N(0, 1) by your function, a number
#   by_integral   the same by summing q * (log q - log p) * width over the points of `line`
#   narrow, wide  the two standard deviations, below and above 1, at which a code with mean 0 costs exactly 1 nat
#                 (bisection: 60 halvings of (0.01, 1) and of (1, 10) are plenty)
q, p = Normal(torch.tensor(0.7, dtype=torch.float64), 0.4), Normal(0.0, 1.0)
line, width = torch.linspace(-6, 6, 12_001, dtype=torch.float64), 0.001
# BEGIN SOLUTION
closed_form = vae.kl_standard_normal(q.mean.view(1, 1), q.variance.log().view(1, 1))[0]
by_integral = (q.log_prob(line).exp() * (q.log_prob(line) - p.log_prob(line))).sum() * width


def cost(std):
    logvar = torch.full((1, 1), 2 * log(std), dtype=torch.float64)
    return vae.kl_standard_normal(torch.zeros_like(logvar), logvar).item()


def bisect(cheap, dear):
    for _ in range(60):
        middle = (cheap + dear) / 2
        cheap, dear = (middle, dear) if cost(middle) < 1 else (cheap, middle)
    return cheap


narrow, wide = bisect(1.0, 0.01), bisect(1.0, 10.0)
# END SOLUTION

# %% id="2-2-check" tags=["nbval-check-output"]
show("2.2", closed_form=closed_form, by_integral=by_integral, narrow=narrow, wide=wide)

# %% [markdown] id="2-3"
# ## Exercise 2.3 · The evidence lower bound
#
# Write `elbo`. Two questions about nats: what does the best possible reconstruction of a gray image cost? And which weight of the
# KL term hides in a program that averages the reconstruction over pixels but leaves the KL term as it is?

# %% id="2-3-answer" tags=["answer"]
# Exercise 2.3: compute
#   bound         the three parts (total, reconstruction, kl) of the image x below with logits 0, mu and logvar, beta = 1
#   perfect       -reconstruction for the logits whose sigmoid is x itself
#   entropy       the sum over pixels of -x log x - (1 - x) log(1 - x): what `perfect` should be
#   averaged      reconstruction / 64 - kl: what that program maximizes
#   hidden_beta   the beta for which your function's total, divided by 64, is the same number
#   disguised     that total, divided by 64
x = digits.test_images[:1].clamp(0.01, 0.99)
mu, logvar = torch.tensor([[1.0, -1.0]]), torch.tensor([[-2.0, -3.0]])
# BEGIN SOLUTION
bound = tuple(part.item() for part in vae.elbo(torch.zeros_like(x), x, mu, logvar))
perfect = -vae.elbo(torch.logit(x), x, mu, logvar).reconstruction.item()
entropy = -(x * x.log() + (1 - x) * (1 - x).log()).sum().item()
averaged = bound[1] / 64 - bound[2]
hidden_beta = 64
disguised = vae.elbo(torch.zeros_like(x), x, mu, logvar, beta=hidden_beta).total.item() / 64
# END SOLUTION

# %% id="2-3-check" tags=["nbval-check-output"]
show("2.3", bound=bound, perfect=perfect, entropy=entropy, averaged=averaged, hidden_beta=hidden_beta, disguised=disguised)

# %% [markdown] id="2-4"
# ## Exercise 2.4 · The variational autoencoder
#
# Write the class `VAE`. Then write the loop yourself: forty steps of Adam on one batch of 64 digits are enough to see it learn.

# %% id="2-4-answer" tags=["answer"]
# Exercise 2.4: compute
#   shapes        the shapes of logits, mu and logvar for `batch`, as a tuple of three tuples
#   at_the_mean   the largest absolute difference between the logits of forward with eps = 0 and those of decode(mu)
#   learned       True if 40 steps of Adam (learning rate 0.002) on `batch` lower the mean -ELBO of the batch by 10 nats or more
training.seed_everything(0)
model, batch, generator = vae.VAE(digits.image_shape, latent_dim=2), digits.train_images[:64], torch.Generator().manual_seed(0)
# BEGIN SOLUTION
shapes = tuple(tuple(output.shape) for output in model(batch, torch.randn(64, 2, generator=generator)))
at_the_mean = (model(batch, torch.zeros(64, 2))[0] - model.decode(model.encode(batch)[0])).abs().max()


def improvement(steps):
    optimizer, history = torch.optim.Adam(model.parameters(), lr=0.002), []
    for _ in range(steps):
        logits, mean, log_variance = model(batch, torch.randn(64, 2, generator=generator))
        loss = -vae.elbo(logits, batch, mean, log_variance).total.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history[0] - history[-1]


learned = improvement(40) >= 10
# END SOLUTION

# %% id="2-4-check" tags=["nbval-check-output"]
show("2.4", shapes=shapes, at_the_mean=at_the_mean, learned=learned)

# %% [markdown] id="2-5"
# ## Exercise 2.5 · The K-sample bound
#
# Write `importance_bound`. In the linear-Gaussian model z ~ N(0, 1), x | z ~ N(1.5 z, 0.6^2) the evidence is known:
# x ~ N(0, 1.5^2 + 0.6^2). Take the prior as a bad encoder and watch the bound climb to it.

# %% id="2-5-answer" tags=["answer"]
# Exercise 2.5: compute
#   evidence   log p(x) for x = 1.2, exactly
#   bounds     the bound, averaged over all groups of K of the 100,000 log-weights below, for K = 1, 10, 100, as a tuple
#              (log_w.view(K, -1) has K rows)
#   naive      log(mean(exp(log_w - 1000))), written like this, and
#   stable     the same by your function
x, noise = 1.2, torch.randn(100_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
log_w = Normal(1.5 * noise, 0.6).log_prob(torch.tensor(x, dtype=torch.float64))
# BEGIN SOLUTION
evidence = -0.5 * (log(2 * pi * (1.5**2 + 0.6**2)) + x**2 / (1.5**2 + 0.6**2))
bounds = tuple(vae.importance_bound(log_w.view(K, -1)).mean().item() for K in (1, 10, 100))
naive = (log_w - 1000).exp().mean().log()
stable = vae.importance_bound((log_w - 1000)[:, None])[0]
# END SOLUTION

# %% id="2-5-check" tags=["nbval-check-output"]
show("2.5", digits=3, evidence=evidence, bounds=bounds, naive=naive, stable=stable)

# %% [markdown] id="2-6"
# ## Exercise 2.6 · The grid of the manifold picture
#
# Write `latent_grid`. You see an odd digit in the picture of 15 x 15 tiles and want to know its code, and the other way round.

# %% id="2-6-answer" tags=["answer"]
# Exercise 2.6: compute
#   code          the code (z_0, z_1) of the tile in row 3, column 11 (counted from 0, row 0 at the top), for n = 15, limit = 4
#   row, column   of the tile whose code is nearest to z = (-2.2, -3.0)
target = torch.tensor([-2.2, -3.0])
# BEGIN SOLUTION
code = vae.latent_grid(15, 4.0).reshape(15, 15, 2)[3, 11]
row, column = divmod((vae.latent_grid(15, 4.0) - target).norm(dim=1).argmin().item(), 15)
# END SOLUTION

# %% id="2-6-check" tags=["nbval-check-output"]
show("2.6", code=code, row=row, column=column)

# %% [markdown] id="2-7"
# ## Exercise 2.7 · Two gradients of an expectation
#
# Write `score_function_gradient` and `pathwise_gradient`. How many score-function samples replace one pathwise sample? That is
# the ratio of the variances, and it depends on the mean.

# %% id="2-7-answer" tags=["answer"]
# Exercise 2.7: compute
#   mu_10         the positive mean at which the score-function variance is exactly 10 times the pathwise one (proposition 2.1)
#   ratio_near    True if the measured ratio there, from 400,000 estimates each, lies between 9 and 11
#   same_mean     True if the means of both sets of estimates differ from 2 * mu_10 by less than 0.1
n, generator = 400_000, torch.Generator().manual_seed(0)
# BEGIN SOLUTION
mu_10 = (-7 + (49 + 25) ** 0.5) ** 0.5


def compare():
    score, path = vae.score_function_gradient(mu_10, n, generator), vae.pathwise_gradient(mu_10, n, generator)
    return 9 < (score.var() / path.var()).item() < 11, all(abs(e.mean().item() - 2 * mu_10) < 0.1 for e in (score, path))


ratio_near, same_mean = compare()
# END SOLUTION

# %% id="2-7-check" tags=["nbval-check-output"]
show("2.7", mu_10=mu_10, ratio_near=ratio_near, same_mean=same_mean)

# %% [markdown] id="2-8"
# ## Exercise 2.8 · How many latent dimensions are used
#
# Write `active_units`. A linear VAE with weight beta keeps a direction only while its eigenvalue exceeds beta times the noise.
# Its codes along the principal axes have the variance 1 - beta * s2 / eigenvalue, or 0 where that is negative. Predict the
# collapse.

# %% id="2-8-answer" tags=["answer"]
# Exercise 2.8: compute
#   active      a dictionary: how many of the 8 units are active for beta = 1, 2, 5, 10, 20. Make codes with the right variances
#               from `scores`, whose columns have variance 1, and let your function count
#   last_beta   the beta at which the variance of the last unit's codes becomes 0
X = digits.train_images.flatten(1).double()
eigenvalues, vectors = torch.linalg.eigh(torch.cov(X.T))
eigenvalues, vectors = eigenvalues.flip(0), vectors.flip(1)
s2 = eigenvalues[8:].mean()
scores = (X - X.mean(dim=0)) @ vectors[:, :8] / eigenvalues[:8].sqrt()
# BEGIN SOLUTION
active = {beta: vae.active_units(scores * (1 - beta * s2 / eigenvalues[:8]).clamp(min=0).sqrt()) for beta in (1, 2, 5, 10, 20)}
last_beta = eigenvalues[0] / s2
# END SOLUTION

# %% id="2-8-check" tags=["nbval-check-output"]
show("2.8", active=active, last_beta=last_beta)
