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
# # Exercises of chapter 5: convolutional generators and discriminators
#
# You write the functions and classes in `ganlib/dcgan.py`; here you use them to find something out. Fill in the answer cells;
# leave the check cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are
# in the comment that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import dcgan
from ganlib.notebook import show

# %% [markdown] id="5-1"
# ## Exercise 5.1 · Sizes of convolutions
#
# Write `conv_size` and `transposed_conv_size` in `ganlib/dcgan.py`. Then plan the layers of a DCGAN without building one.

# %% id="5-1-answer" tags=["answer"]
# Exercise 5.1: compute
#   chain      the sides of an image of 64 x 64 behind each of four convolutions with kernel 4, stride 2, padding 1
#   from_7     the side of a 7 x 7 image behind two transposed convolutions with kernel 5, stride 2, padding 2, output_padding 1
#   doublers   all triples (kernel, padding, output_padding) with a kernel up to 6 and a padding up to 2 whose transposed
#              convolution of stride 2 doubles every side from 4 to 16, in the order of the kernels, then of the paddings
#   several    how many sides from 5 to 30 a convolution with kernel 4, stride 3, padding 0 maps to the side 5
# BEGIN SOLUTION
chain = [64]
for _ in range(4):
    chain.append(dcgan.conv_size(chain[-1], 4, stride=2, padding=1))
chain = chain[1:]
from_7 = 7
for _ in range(2):
    from_7 = dcgan.transposed_conv_size(from_7, 5, stride=2, padding=2, output_padding=1)
doublers = [
    (kernel, padding, extra)
    for kernel in range(1, 7)
    for padding in range(3)
    for extra in range(2)
    if all(dcgan.transposed_conv_size(n, kernel, 2, padding, extra) == 2 * n for n in range(4, 17))
]
several = sum(dcgan.conv_size(n, 4, stride=3) == 5 for n in range(5, 31))
# END SOLUTION

# %% id="5-1-check" tags=["nbval-check-output"]
show("5.1", chain=chain, from_7=from_7, doublers=doublers, several=several)

# %% [markdown] id="5-2"
# ## Exercise 5.2 · The transposed convolution
#
# Write `transposed_conv2d`. A convolution is a linear map, so it has a matrix. Write down the matrices of a convolution and of
# the transposed convolution with the same weight, column by column, and compare them. Then see that the transpose is no inverse.

# %% id="5-2-answer" tags=["answer"]
# Exercise 5.2: for the weight below, stride 2 and padding 1, and images of 1 x 6 x 6, compute
#   shape_conv, shape_transposed   the shapes of the two matrices, as tuples
#   difference                     the largest absolute difference between one matrix and the transpose of the other
#   recovered                      the share of the squared length of `image` that is left in what the transposed convolution
#                                  makes of its convolution, after the best single factor: (a . b)^2 / (a . a)(b . b)
weight = torch.linspace(-1, 1, 2 * 4 * 4, dtype=torch.float64).reshape(2, 1, 4, 4)
image = torch.sin(torch.arange(36, dtype=torch.float64)).reshape(1, 1, 6, 6)
# BEGIN SOLUTION
pixels = torch.eye(36, dtype=torch.float64).reshape(36, 1, 6, 6)
features = torch.eye(18, dtype=torch.float64).reshape(18, 2, 3, 3)
conv = F.conv2d(pixels, weight, stride=2, padding=1).flatten(1).T
transposed = dcgan.transposed_conv2d(features, weight, stride=2, padding=1).flatten(1).T
shape_conv, shape_transposed = tuple(conv.shape), tuple(transposed.shape)
difference = (conv - transposed.T).abs().max()
back = dcgan.transposed_conv2d(F.conv2d(image, weight, stride=2, padding=1), weight, stride=2, padding=1)
recovered = (image * back).sum() ** 2 / (image.square().sum() * back.square().sum())
# END SOLUTION

# %% id="5-2-check" tags=["nbval-check-output"]
show("5.2", shape_conv=shape_conv, shape_transposed=shape_transposed, difference=difference, recovered=recovered)

# %% [markdown] id="5-3"
# ## Exercise 5.3 · The generator
#
# Write `Generator`. In training mode, batch normalization lets the images of a batch see each other. In evaluation mode it does
# not. See it happen.

# %% id="5-3-answer" tags=["answer"]
# Exercise 5.3: make Generator(latent_dim=8, image_size=28, width=8) and compute
#   shape           the shape of the images of the noise `z`, as a tuple
#   in_range        True if all of their pixels lie in [-1, 1]
#   moved           a pair: how many of the 10 images change (by more than 1e-6 in some pixel) in training mode if only the
#                   noise z[0] is replaced by `other`, and how many in evaluation mode
#   all_learn       True if a gradient that is not all zero reaches every parameter from the sum of the squared pixels
torch.manual_seed(0)
z, other = torch.randn(10, 8), torch.randn(8)
# BEGIN SOLUTION
generator = dcgan.Generator(latent_dim=8, image_size=28, width=8)
images = generator(z)
shape, in_range = tuple(images.shape), bool(images.abs().max() <= 1)
images.square().sum().backward()
all_learn = all(parameter.grad is not None and bool(parameter.grad.any()) for parameter in generator.parameters())
changed = torch.cat([other[None], z[1:]])


def count_moved(network, before, after):
    with torch.no_grad():
        difference = (network(before) - network(after)).abs()
    return int((difference.reshape(len(before), -1).amax(dim=1) > 1e-6).sum())


moved = (count_moved(generator.train(), z, changed), count_moved(generator.eval(), z, changed))
# END SOLUTION

# %% id="5-3-check" tags=["nbval-check-output"]
show("5.3", shape=shape, in_range=in_range, moved=moved, all_learn=all_learn)

# %% [markdown] id="5-4"
# ## Exercise 5.4 · The discriminator
#
# Write `Discriminator`. A published discriminator for images of 32 x 32 has two convolutions of stride 2, 128 channels behind the
# second, and then says `view(-1, 128 * 16 * 16)`. Find out what became of the batch, and that yours keeps its images apart.

# %% id="5-4-answer" tags=["answer"]
# Exercise 5.4: compute
#   side            the side of the images behind the two convolutions (kernel 4, stride 2, padding 1)
#   rows            how many rows that view makes of 64 images
#   images_a_row    how many images are merged in each of them
#   logits          the shape of what Discriminator(width=8) makes of 64 images of 16 x 16, as a tuple
#   moved           how many of their logits change, in evaluation mode, if the first image is turned to its negative
torch.manual_seed(0)
batch = 2 * torch.rand(64, 1, 16, 16) - 1
# BEGIN SOLUTION
side = dcgan.conv_size(dcgan.conv_size(32, 4, 2, 1), 4, 2, 1)
rows = torch.zeros(64, 128, side, side).view(-1, 128 * 16 * 16).shape[0]
images_a_row = 64 // rows
discriminator = dcgan.Discriminator(width=8).eval()
negative = torch.cat([-batch[:1], batch[1:]])
with torch.no_grad():
    before, after = discriminator(batch), discriminator(negative)
logits, moved = tuple(before.shape), int(((before - after).abs() > 1e-6).sum())
# END SOLUTION

# %% id="5-4-check" tags=["nbval-check-output"]
show("5.4", side=side, rows=rows, images_a_row=images_a_row, logits=logits, moved=moved)

# %% [markdown] id="5-5"
# ## Exercise 5.5 · Initial weights, and training
#
# Write `init_weights`. Why 0.02? Follow the size of a signal through a layer: with n inputs of mean square m each, and
# independent weights of variance v, an output has the mean square n m v.

# %% id="5-5-answer" tags=["answer"]
# Exercise 5.5: a layer has 64 channels as inputs, and a kernel of 4 x 4, padding 0; its inputs are standard normal. Compute
#   factor      by what factor weights of standard deviation 0.02 change the root mean square of the signal, by formula
#   kept        the standard deviation of the weights that would leave it as it is
#   after_5     the factor of five such layers in a row, without activations and normalization
#   agrees      True if your init_weights and the layer below give the first factor to within 3 percent on `signal`
#   scale       the scales of BatchNorm2d(4000) after init_weights: their mean and their standard deviation, to two decimals
torch.manual_seed(0)
layer, signal = nn.Conv2d(64, 256, 4, bias=False), torch.randn(16, 64, 16, 16)
# BEGIN SOLUTION
factor = 0.02 * (64 * 4 * 4) ** 0.5
kept = (64 * 4 * 4) ** -0.5
after_5 = factor**5
layer.apply(dcgan.init_weights)
with torch.no_grad():
    measured = layer(signal).square().mean().sqrt() / signal.square().mean().sqrt()
agrees = abs(measured.item() / factor - 1) < 0.03
normalization = nn.BatchNorm2d(4000)
normalization.apply(dcgan.init_weights)
scale = tuple(round(value.item(), 2) for value in (normalization.weight.mean(), normalization.weight.std()))
# END SOLUTION

# %% id="5-5-check" tags=["nbval-check-output"]
show("5.5", factor=factor, kept=kept, after_5=after_5, agrees=agrees, scale=scale)

# %% [markdown] id="5-6"
# ## Exercise 5.6 · Spherical interpolation
#
# Write `slerp`. Standard normal noise in many dimensions has nearly one and the same length. See what a straight line does to it,
# and at what speed the stretched line runs.

# %% id="5-6-answer" tags=["answer"]
# Exercise 5.6: compute
#   middle     a pair: the mean length of the middles of 1000 pairs (ends[0], ends[1]), along the straight line and along the
#              arc, each divided by the mean length of the ends
#   speeds     a pair: the longest of ten equally large steps in t over the shortest, from `start` to `end`, which are 150 degrees
#              apart: on the straight line stretched to length 1, and on the arc
random = torch.Generator().manual_seed(0)
ends = torch.randn(2, 1000, 64, generator=random, dtype=torch.float64)
angle = torch.deg2rad(torch.tensor(150.0, dtype=torch.float64))
start, end = torch.tensor([1.0, 0.0], dtype=torch.float64), torch.stack([angle.cos(), angle.sin()])
# BEGIN SOLUTION
length = ends.norm(dim=-1).mean()
line, arc = ends.mean(dim=0), dcgan.slerp(ends[0], ends[1], 0.5)
middle = (line.norm(dim=-1).mean() / length, arc.norm(dim=-1).mean() / length)
t = torch.linspace(0, 1, 11, dtype=torch.float64)[:, None]
stretched = F.normalize((1 - t) * start + t * end, dim=-1)
steps = [path.diff(dim=0).norm(dim=-1) for path in (stretched, dcgan.slerp(start, end, t))]
speeds = tuple(each.max() / each.min() for each in steps)
# END SOLUTION

# %% id="5-6-check" tags=["nbval-check-output"]
show("5.6", digits=3, middle=middle, speeds=speeds)

# %% [markdown] id="5-7"
# ## Exercise 5.7 · The checkerboard
#
# Write `overlap_map`. Which kernels are even for which stride, and how strong is the checkerboard of the others?


# %% id="5-7-answer" tags=["answer"]
# Exercise 5.7: look at the maps of n = 12 inputs a side, without kernel - 1 rows and columns at each edge. Compute
#   even        a dictionary: for the strides 2 and 3, the list of the kernels from 2 to 9 whose map is the same everywhere there
#   contrast    a dictionary: for the kernels 3, 5 and 7 and the stride 2, the largest count there over the smallest
#   corner      how many inputs reach the corner of a whole map, for kernel 5 and stride 2
# BEGIN SOLUTION
def inside(kernel, stride):
    edge = kernel - 1
    return dcgan.overlap_map(12, kernel, stride)[edge:-edge, edge:-edge]


even = {
    stride: [kernel for kernel in range(2, 10) if inside(kernel, stride).max() == inside(kernel, stride).min()]
    for stride in (2, 3)
}
contrast = {kernel: inside(kernel, 2).max() / inside(kernel, 2).min() for kernel in (3, 5, 7)}
corner = dcgan.overlap_map(12, 5, 2)[0, 0]
# END SOLUTION

# %% id="5-7-check" tags=["nbval-check-output"]
show("5.7", digits=3, even=even, contrast=contrast, corner=corner)
