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
# # Exercises of chapter 8: Lipschitz control and SNGAN
#
# You write the functions in `ganlib/spectral.py`; here you use them to find something out. Fill in the answer cells;
# leave the check cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are
# in the comment that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import spectral
from ganlib.notebook import show

# %% [markdown] id="8-1"
# ## Exercise 8.1 · Power iteration
#
# Write `power_iteration` in `ganlib/spectral.py`. Then see how fast it comes near, and on what that depends.

# %% id="8-1-answer" tags=["answer"]
# Exercise 8.1: with the matrix `slow` (singular values 3 and 2.7) and `fast` (3 and 0.3), both started from `start`, compute
#   errors_slow   the list of 3 - sigma after 1, 5 and 20 steps for `slow`
#   errors_fast   the same after 1, 2 and 3 steps for `fast`
#   continued     True if ten calls of one step, each with the u of the last one, give the sigma of one call of ten steps
slow, fast = torch.diag(torch.tensor([3.0, 2.7]).double()), torch.diag(torch.tensor([3.0, 0.3]).double())
start = torch.tensor([1.0, 1.0]).double()
# BEGIN SOLUTION
errors_slow = [3 - float(spectral.power_iteration(slow, start, n)[0]) for n in (1, 5, 20)]
errors_fast = [3 - float(spectral.power_iteration(fast, start, n)[0]) for n in (1, 2, 3)]
u = start
for _step in range(10):
    sigma, u = spectral.power_iteration(slow, u, 1)
continued = bool(torch.isclose(sigma, spectral.power_iteration(slow, start, 10)[0]))
# END SOLUTION

# %% id="8-1-check" tags=["nbval-check-output"]
show("8.1", digits=6, errors_slow=errors_slow, errors_fast=errors_fast, continued=continued)

# %% [markdown] id="8-2"
# ## Exercise 8.2 · Spectral normalization of a weight
#
# Write `spectral_normalize`. Compare what it does to a weight with division by the Frobenius norm.

# %% id="8-2-answer" tags=["answer"]
# Exercise 8.2: with the weight `weight` (singular values 4, 3, 2, 1) and the vector `u`, compute
#   first           the spectral norm of the normalized weight after one call
#   settled         the same after 50 calls, each with the u of the last one
#   frobenius       the spectral norm of the weight divided by its Frobenius norm
#   along           the absolute sum of weight times gradient, entry by entry, if the loss is the sum of the squared third row of
#                   the normalized weight (after the 50 calls): how much the loss changes if the weight is only made longer
rotation = torch.linalg.qr(torch.arange(16.0).double().square().reshape(4, 4).sin()).Q
weight = rotation @ torch.diag(torch.tensor([4.0, 3.0, 2.0, 1.0]).double())
u = torch.ones(4).double()
# BEGIN SOLUTION
unit, kept = spectral.spectral_normalize(weight, u)
first = torch.linalg.matrix_norm(unit, 2)
for _call in range(49):
    unit, kept = spectral.spectral_normalize(weight, kept)
settled = torch.linalg.matrix_norm(unit, 2)
frobenius = torch.linalg.matrix_norm(weight / weight.norm(), 2)
own = weight.clone().requires_grad_()
unit, _ = spectral.spectral_normalize(own, kept)
unit[2].square().sum().backward()
along = abs(float((own.grad * weight).sum()))
# END SOLUTION

# %% id="8-2-check" tags=["nbval-check-output"]
show("8.2", first=first, settled=settled, frobenius=frobenius, along=along)

# %% [markdown] id="8-3"
# ## Exercise 8.3 · Norm of a convolution
#
# Write `conv_operator_norm`. The kernel of a blur of 3 x 3 pixels has nine entries of 1/9. As a matrix of one row it has the norm
# 1/3. What does the layer do to an image?

# %% id="8-3-answer" tags=["answer"]
# Exercise 8.3: with `blur`, compute
#   reshaped    its norm as a matrix (1, 9)
#   sizes       the list of the layer's norms (padding 1, 300 steps) for images of side 3, 6, 12 and 24
#   strided     the layer's norm with stride 3 and no padding, for images of side 12
#   bound       the theorem's upper bound for stride 1
blur = torch.full((1, 1, 3, 3), 1 / 9).double()
# BEGIN SOLUTION
chance = torch.Generator().manual_seed(0)
reshaped = torch.linalg.matrix_norm(blur.flatten(1), 2)
sizes = [spectral.conv_operator_norm(blur, side, 300, padding=1, generator=chance) for side in (3, 6, 12, 24)]
strided = spectral.conv_operator_norm(blur, 12, 300, stride=3, generator=chance)
bound = 3 * reshaped
# END SOLUTION

# %% id="8-3-check" tags=["nbval-check-output"]
show("8.3", digits=3, reshaped=reshaped, sizes=sizes, strided=strided, bound=bound)

# %% [markdown] id="8-4"
# ## Exercise 8.4 · Lipschitz constant of a network
#
# Write `lipschitz_product`. A bound may be loose. Build a network for which it is exact, and one for which it is useless.

# %% id="8-4-answer" tags=["answer"]
# Exercise 8.4: `aligned` and `crossed` are two matrices each. As networks linear, ReLU, linear (without biases), compute
#   bounds      the pair of their products
#   stretches   the pair of the largest ratio of the norm of the output to that of the input, over the inputs `points`
aligned = torch.diag(torch.tensor([2.0, 0.1])), torch.diag(torch.tensor([3.0, 0.1]))
crossed = torch.diag(torch.tensor([2.0, 0.1])), torch.diag(torch.tensor([0.1, 3.0]))
angles = torch.linspace(0, 2 * torch.pi, 721)
points = torch.stack([angles.cos(), angles.sin()], dim=1)
# BEGIN SOLUTION
bounds, stretches = [], []
for first_weight, second_weight in (aligned, crossed):
    network = nn.Sequential(nn.Linear(2, 2, bias=False), nn.ReLU(), nn.Linear(2, 2, bias=False))
    with torch.no_grad():
        network[0].weight.copy_(first_weight)
        network[2].weight.copy_(second_weight)
        stretches.append(float(network(points).norm(dim=1).max()))
    bounds.append(spectral.lipschitz_product(network))
# END SOLUTION

# %% id="8-4-check" tags=["nbval-check-output"]
show("8.4", bounds=bounds, stretches=stretches)

# %% [markdown] id="8-5"
# ## Exercise 8.5 · Hinge losses
#
# Write both hinge losses. See for which logits the discriminator still learns.

# %% id="8-5-answer" tags=["answer"]
# Exercise 8.5: with the logits `real` and `fake`, compute
#   loss        the discriminator's loss
#   silent      how many of the ten logits have no effect on it (a derivative of 0)
#   logistic    how many have none on the logistic loss of chapter 3, softplus(-real) and softplus(fake)
#   generator   the generator's loss
real = torch.tensor([-0.5, 0.3, 0.9, 1.1, 4.0], requires_grad=True)
fake = torch.tensor([-6.0, -1.5, -0.8, 0.0, 2.0], requires_grad=True)
# BEGIN SOLUTION
loss = spectral.hinge_discriminator_loss(real, fake)
slopes = torch.cat(torch.autograd.grad(loss, [real, fake]))
silent = int((slopes == 0).sum())
slopes = torch.cat(torch.autograd.grad(F.softplus(-real).mean() + F.softplus(fake).mean(), [real, fake]))
logistic = int((slopes == 0).sum())
generator = spectral.hinge_generator_loss(fake)
# END SOLUTION

# %% id="8-5-check" tags=["nbval-check-output"]
show("8.5", loss=loss, silent=silent, logistic=logistic, generator=generator)

# %% [markdown] id="8-6"
# ## Exercise 8.6 · A spectrally normalized discriminator
#
# Write `apply_spectral_norm`. A training step that is far too long makes the weights of a plain network explode. What becomes of
# the weights that a normalized one uses?

# %% id="8-6-answer" tags=["answer"]
# Exercise 8.6: make the network that `make()` gives, normalize it, and compute
#   norms       the number of batch normalizations that are left
#   before      the largest spectral norm of the weights that its layers use, after 50 passes of `x` in training mode
#   after       the same, after every trained number has been multiplied by 1000 and 50 more passes were made
torch.manual_seed(0)
x = torch.randn(16, 8)


def make():
    return nn.Sequential(
        nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Sequential(nn.Linear(32, 32), nn.ReLU()), nn.Linear(32, 1)
    )


# BEGIN SOLUTION
network = spectral.apply_spectral_norm(make())
norms = sum(isinstance(module, nn.BatchNorm1d) for module in network.modules())


def largest_norm():
    with torch.no_grad():
        for _ in range(50):
            network.train()(x)
        layers = [module for module in network.eval().modules() if isinstance(module, nn.Linear)]
        return max(float(torch.linalg.matrix_norm(layer.weight, 2)) for layer in layers)


before = largest_norm()
with torch.no_grad():
    for trained in network.parameters():
        trained.mul_(1000)
after = largest_norm()
# END SOLUTION

# %% id="8-6-check" tags=["nbval-check-output"]
show("8.6", digits=2, norms=norms, before=before, after=after)
