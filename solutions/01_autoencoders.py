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

# %% [markdown]
# # Exercises 1: autoencoders and denoising
#
# Each section has three parts. You complete a function of `ganlib/autoencoder.py`, you use it here in an answer cell, and a
# check cell prints your results. Change nothing but the answer cells.
#
# The chapter has the mathematics and the hints. After you edited `ganlib/autoencoder.py`, restart the kernel:
# a module that was imported once is not read again.

# %% id="setup"
import torch
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score
from torch import nn

from ganlib import data
from ganlib.autoencoder import (
    Autoencoder,
    anomaly_score,
    corrupt_salt,
    denoising_loss,
    linear_autoencoder,
    optimal_denoiser,
    reconstruction_loss,
)
from ganlib.notebook import show

torch.set_num_threads(1)
digits = data.load("digits", size=8)
# Double precision, so that the printed digits are the same on every machine.
train, test = digits.train_images.double(), digits.test_images.double()
rows = train.flatten(1)

# %% [markdown]
# ## Exercise 1.1 · The best linear autoencoder
#
# Complete `linear_autoencoder` in `ganlib/autoencoder.py`. Then compare it with scikit-learn's PCA on the training digits `rows`,
# shape (1397, 64), look for the length of code that you need, and mix up the code.

# %% id="1-1-answer" tags=["answer"]
# Exercise 1.1: compute four numbers; an error is the squared error per pixel, averaged over images and pixels.
# error: of the linear autoencoder with k = 2
# pca_error: of PCA(n_components=2), fitted to rows
# mixed_error: with k = 2 again, but the code is multiplied by the matrix `mix` after coding and by its inverse before decoding
# smallest_k: the shortest code whose error is at most 0.01
mix = torch.tensor([[2.0, 1.0], [0.0, 1.0]], dtype=torch.float64)
# BEGIN SOLUTION
encode, decode, bias = linear_autoencoder(rows, 2)
z = (rows - bias) @ encode.T
error = (z @ decode.T + bias - rows).square().mean()
pca = PCA(n_components=2).fit(rows.numpy())
pca_error = ((pca.inverse_transform(pca.transform(rows.numpy())) - rows.numpy()) ** 2).mean()
mixed_error = ((z @ mix) @ torch.linalg.inv(mix) @ decode.T + bias - rows).square().mean()
smallest_k = 0
remaining = float("inf")
while remaining > 0.01:
    smallest_k += 1
    encode, decode, bias = linear_autoencoder(rows, smallest_k)
    remaining = ((rows - bias) @ encode.T @ decode.T + bias - rows).square().mean()
# END SOLUTION

# %% id="1-1-check" tags=["nbval-check-output"]
show("1.1", error=error, pca_error=pca_error, mixed_error=mixed_error, smallest_k=smallest_k)

# %% [markdown]
# ## Exercise 1.2 · Reconstruction error as a likelihood
#
# Complete `reconstruction_loss` in `ganlib/autoencoder.py`. Then find out how low the cross-entropy of gray images can get, and
# what the best answer is for a decoder that ignores its input and paints every pixel in the same gray.

# %% id="1-2-answer" tags=["answer"]
# Exercise 1.2: compute four numbers with reconstruction_loss on the training digits `train`.
# floor: the "bce" of the perfect reconstruction (its logits are torch.logit(train, eps=1e-9))
# entropy: the same number by formula: the entropy of Bernoulli(x), summed over pixels, averaged over images (torch.xlogy helps)
# best_gray: the one gray in [0, 1] that has the lowest "bce" when every pixel of every image is reconstructed by it
# best_gray_loss: that lowest "bce"
# BEGIN SOLUTION
floor = reconstruction_loss(torch.logit(train, eps=1e-9), train)
entropy = -(torch.xlogy(train, train) + torch.xlogy(1 - train, 1 - train)).flatten(1).sum(dim=1).mean()
best_gray = train.mean()
best_gray_loss = reconstruction_loss(torch.logit(best_gray).expand_as(train), train)
# END SOLUTION

# %% id="1-2-check" tags=["nbval-check-output"]
show("1.2", floor=floor, entropy=entropy, best_gray=best_gray, best_gray_loss=best_gray_loss)

# %% [markdown]
# ## Exercise 1.3 · Salt noise
#
# Complete `corrupt_salt` in `ganlib/autoencoder.py`. Then predict how much damage the noise does, and see whether it comes out.

# %% id="1-3-answer" tags=["answer"]
# Exercise 1.3: salt the training digits with p = 0.2.
# expected: the expected squared error per pixel between the salted and the clean images, by a formula without randomness
# agrees: True if the error of one salted copy (generator with seed 0) is within 0.003 of it
# only_ones: True if every pixel that changed is 1 in the salted copy
# BEGIN SOLUTION
salty = corrupt_salt(train, 0.2, torch.Generator().manual_seed(0))
expected = 0.2 * (1 - train).square().mean()
agrees = bool(((salty - train).square().mean() - expected).abs() < 0.003)
only_ones = bool((salty[salty != train] == 1).all())
# END SOLUTION

# %% id="1-3-check" tags=["nbval-check-output"]
show("1.3", expected=expected, agrees=agrees, only_ones=only_ones)

# %% [markdown]
# ## Exercise 1.4 · The autoencoder
#
# Complete the class `Autoencoder` in `ganlib/autoencoder.py`. Then see that it is whole, and that it learns.

# %% id="1-4-answer" tags=["answer"]
# Exercise 1.4: make Autoencoder((1, 8, 8), latent_dim=2) and compute
# code_shape: the shape of the code of the first 100 digits, as a tuple
# through_the_code: True if the model's answer to them is what its decoder makes of their codes (to 1e-5)
# all_learn: True if reconstruction_loss sends a gradient that is not all zero to every parameter tensor
# learned: True if 100 steps of Adam (learning rate 0.004) on these digits lower the loss by 10 nats or more
torch.manual_seed(0)
images = digits.train_images[:100]
# BEGIN SOLUTION
model = Autoencoder((1, 8, 8), latent_dim=2)
code_shape = tuple(model.encode(images).shape)
through_the_code = bool((model(images) - model.decode(model.encode(images))).abs().max() < 1e-5)
reconstruction_loss(model(images), images).backward()
all_learn = all(parameter.grad is not None and bool(parameter.grad.any()) for parameter in model.parameters())
adam, losses = torch.optim.Adam(model.parameters(), lr=0.004), []
for _ in range(101):
    step_loss = reconstruction_loss(model(images), images)
    adam.zero_grad()
    step_loss.backward()
    adam.step()
    losses.append(step_loss.item())
learned = losses[0] - losses[-1] >= 10
# END SOLUTION

# %% id="1-4-check" tags=["nbval-check-output"]
show("1.4", code_shape=code_shape, through_the_code=through_the_code, all_learn=all_learn, learned=learned)

# %% [markdown]
# ## Exercise 1.5 · What a denoising autoencoder minimizes
#
# Complete `denoising_loss` in `ganlib/autoencoder.py`. Then give three models that learn nothing to it: what do they cost?
# The noise is a fixed pattern here, so that everybody gets the same numbers.

# %% id="1-5-answer" tags=["answer"]
# Exercise 1.5: compute three losses with denoising_loss(model, test, noisy).
# lazy: of the model that returns its input as it came, as logits (torch.logit(image, eps=1e-3))
# blind: of the model that returns the logits of the mean training image, whatever it is given (eps=1e-3 again)
# oracle: of the model that returns the logits of the clean images (eps=1e-9): the lowest loss there is
noisy = test.clone()
noisy[:, :, ::2, ::3] = 1.0
# BEGIN SOLUTION
lazy = denoising_loss(lambda image: torch.logit(image, eps=1e-3), test, noisy)
mean_image = train.mean(dim=0)
blind = denoising_loss(lambda image: torch.logit(mean_image, eps=1e-3).expand_as(image), test, noisy)
oracle = denoising_loss(lambda image: torch.logit(test, eps=1e-9), test, noisy)
# END SOLUTION

# %% id="1-5-check" tags=["nbval-check-output"]
show("1.5", lazy=lazy, blind=blind, oracle=oracle)

# %% [markdown]
# ## Exercise 1.6 · The best possible denoiser
#
# Complete `optimal_denoiser` in `ganlib/autoencoder.py`. Then check Tweedie's formula with automatic differentiation, and find
# the noise at which the middle between two clusters changes its nature.

# %% id="1-6-answer" tags=["answer"]
# Exercise 1.6: the clean points come from a mixture with these means and this std; the variance of the noise is 0.25.
# denoised: optimal_denoiser at the points `x_noisy`
# tweedie: the same five numbers as x_noisy + noise_var * (the derivative of the log-density of the noisy points), by autograd
# slope_at_zero: the derivative of the optimal denoiser at 0, by autograd. Above 1: the origin pushes points away from itself
# critical_noise_var: the noise variance at which that derivative is exactly 1, so that the origin changes its nature
means = torch.tensor([-1.0, 1.0], dtype=torch.float64)
std, noise_var = 0.2, 0.25
x_noisy = torch.tensor([-2.0, -0.5, 0.0, 0.1, 3.0], dtype=torch.float64)
# BEGIN SOLUTION
denoised = optimal_denoiser(x_noisy, noise_var, means, std)
point = x_noisy.clone().requires_grad_()
log_density = torch.logsumexp(-((point[:, None] - means) ** 2) / (2 * (std**2 + noise_var)), dim=1)
tweedie = x_noisy + noise_var * torch.autograd.grad(log_density.sum(), point)[0]
zero = torch.zeros(1, dtype=torch.float64, requires_grad=True)
slope_at_zero = torch.autograd.grad(optimal_denoiser(zero, noise_var, means, std).sum(), zero)[0].item()
low, high = 0.01, 4.0
for _ in range(60):
    middle = (low + high) / 2
    slope = torch.autograd.grad(optimal_denoiser(zero, middle, means, std).sum(), zero)[0].item()
    low, high = (middle, high) if slope > 1 else (low, middle)
critical_noise_var = low
# END SOLUTION

# %% id="1-6-check" tags=["nbval-check-output"]
show("1.6", denoised=denoised, tweedie=tweedie, slope_at_zero=slope_at_zero, critical_noise_var=critical_noise_var)

# %% [markdown]
# ## Exercise 1.7 · Anomaly scores
#
# Complete `anomaly_score` in `ganlib/autoencoder.py`. Then use it with a model that needs no training: a linear autoencoder that
# has never seen a zero. A zero should be reconstructed badly.

# %% id="1-7-answer" tags=["answer"]
# Exercise 1.7: compute two numbers.
# auroc: the area under the ROC curve (roc_auc_score) with which anomaly_score tells the test zeros from the other test digits;
#        the model is a LinearModel whose linear_autoencoder, k = 8, was fitted to the training digits that are not zeros
# worst: the position in the test set of the digit that this model reconstructs worst


class LinearModel(nn.Module):
    """A linear autoencoder as a model: images to logits."""

    def __init__(self, encode: torch.Tensor, decode: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.encode, self.decode, self.bias = encode, decode, bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x_hat = (x.flatten(1) - self.bias) @ self.encode.T @ self.decode.T + self.bias
        return torch.logit(x_hat.reshape(x.shape), eps=1e-6)


# BEGIN SOLUTION
never_zero = LinearModel(*linear_autoencoder(rows[digits.train_labels != 0], 8))
score = anomaly_score(never_zero, test)
auroc = roc_auc_score(digits.test_labels == 0, score)
worst = int(score.argmax())
# END SOLUTION

# %% id="1-7-check" tags=["nbval-check-output"]
show("1.7", digits=3, auroc=auroc, worst=worst)
