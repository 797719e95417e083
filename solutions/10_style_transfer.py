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
# # Exercises of chapter 10: style transfer
#
# You write the functions in `ganlib/style.py`; here you use them to find something out. Fill in the answer cells; leave the check
# cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the comment
# that starts each answer cell. Two photographs are there, both of 48 x 64 pixels: a pagoda and a flower.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import data, style
from ganlib.notebook import show

pagoda, flower = (F.interpolate(data.photograph(name)[None], size=(48, 64), mode="area") for name in ("china", "flower"))


def random_features(x):
    return style.random_filter_features(x, 16, 5, 2, torch.Generator().manual_seed(0))


# %% [markdown] id="10-1"
# ## Exercise 10.1 · Gram matrix
#
# Write `gram_matrix` in `ganlib/style.py`. The three colors of a photograph are features, too. What does their Gram matrix keep
# of the picture, and what does it forget?

# %% id="10-1-answer" tags=["answer"]
# Exercise 10.1: compute
#   colors     the Gram matrix of the colors of the flower, shape (3, 3)
#   shuffled   the largest difference to that of the flower with its pixels in the order `order`
#   brighter   how many times larger the matrix's largest entry is if every pixel is twice as bright
#   gray       the number of eigenvalues above 1e-6 of the matrix of the flower without its colors, `gray_flower`
order = torch.randperm(48 * 64, generator=torch.Generator().manual_seed(0))
gray_flower = flower.mean(dim=1, keepdim=True).expand(1, 3, 48, 64)
# BEGIN SOLUTION
colors = style.gram_matrix(flower)[0]
mixed = flower.flatten(2)[:, :, order].reshape(flower.shape)
shuffled = (style.gram_matrix(mixed)[0] - colors).abs().max()
brighter = style.gram_matrix(2 * flower).max() / colors.max()
gray = int((torch.linalg.eigvalsh(style.gram_matrix(gray_flower.double())[0]) > 1e-6).sum())
# END SOLUTION

# %% id="10-1-check" tags=["nbval-check-output"]
show("10.1", colors=colors, shuffled=shuffled, brighter=brighter, gray=gray)

# %% [markdown] id="10-2"
# ## Exercise 10.2 · Maximum mean discrepancy
#
# Write `polynomial_mmd`. Take the pixels of each photograph as a sample of vectors (red, green, blue), and compare. Then find out
# what this kernel cannot see. (This and 10.5 use the Gram matrix of exercise 10.1.)

# %% id="10-2-answer" tags=["answer"]
# Exercise 10.2: compute
#   discrepancy   the squared MMD between the pixels of the flower and those of the pagoda
#   ratio         that, divided by the sum of the squared differences of their Gram matrices
#   turned        the squared MMD between the points `corners` and `cross`
#   bent          the same after each point (x, y) has become (x, y, x^2)
corners = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
cross = 2**0.5 * torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
# BEGIN SOLUTION
samples = [picture[0].flatten(1).T for picture in (flower, pagoda)]
discrepancy = style.polynomial_mmd(*samples)
ratio = discrepancy / (style.gram_matrix(flower) - style.gram_matrix(pagoda)).square().sum()
turned = style.polynomial_mmd(corners, cross)
bent = style.polynomial_mmd(*(torch.cat([points, points[:, :1] ** 2], dim=1) for points in (corners, cross)))
# END SOLUTION

# %% id="10-2-check" tags=["nbval-check-output"]
show("10.2", digits=3, discrepancy=discrepancy, ratio=ratio, turned=turned, bent=bent)

# %% [markdown] id="10-3"
# ## Exercise 10.3 · Content loss and style loss
#
# Write both losses. Then take the pagoda, its mirror image and the pagoda in darker light: which loss notices what?

# %% id="10-3-answer" tags=["answer"]
# Exercise 10.3: with the colors as the features of the only layer, and the pagoda as content and as style (weight 1), compute
#   content   the list of the content losses of the pagoda, its mirror image (left and right exchanged), and 0.8 times the pagoda
#   painted   the list of the style losses of the same three
#   both      the style loss of a batch of the last two
# BEGIN SOLUTION
pictures = [pagoda, pagoda.flip(3), 0.8 * pagoda]
target = style.gram_matrix(pagoda)[0]
content = [style.content_loss(picture, pagoda) for picture in pictures]
painted = [style.style_loss([picture], [target], [1.0]) for picture in pictures]
both = style.style_loss([torch.cat(pictures[1:])], [target], [1.0])
# END SOLUTION

# %% id="10-3-check" tags=["nbval-check-output"]
show("10.3", content=content, painted=painted, both=both)

# %% [markdown] id="10-4"
# ## Exercise 10.4 · Total variation
#
# Write `total_variation`. How much does a photograph flicker, how much does noise, and what does an edge cost?

# %% id="10-4-answer" tags=["answer"]
# Exercise 10.4: compute the total variation of
#   pictures   the flower, and the flower with `noise` added: a list
#   smaller    the flower made smaller by averaging 2 x 2 pixels
#   edges      a picture of 1 x 1 x 10 x 10 pixels that goes from 0 to 1 from left to right, in one step between the fifth and the
#              sixth column, and evenly from the first to the last: a list
noise = 0.1 * torch.randn(flower.shape, generator=torch.Generator().manual_seed(0))
# BEGIN SOLUTION
pictures = [style.total_variation(picture) for picture in (flower, flower + noise)]
smaller = style.total_variation(F.avg_pool2d(flower, 2))
sharp, even = (torch.arange(10) >= 5).float(), torch.linspace(0, 1, 10)
edges = [style.total_variation(row.expand(1, 1, 10, 10)) for row in (sharp, even)]
# END SOLUTION

# %% id="10-4-check" tags=["nbval-check-output"]
show("10.4", pictures=pictures, smaller=smaller, edges=edges)

# %% [markdown] id="10-5"
# ## Exercise 10.5 · Features of random filters
#
# Write `random_filter_features`. Nobody has trained these filters. What do they find, and what do the channels behind them add?

# %% id="10-5-answer" tags=["answer"]
# Exercise 10.5: with `random_features(x)` from above (16 filters of 5 x 5, two levels), compute
#   shapes     the shapes of the levels for the flower, as a list of lists
#   strength   for the flower, for the flower turned by 180 degrees and for the flower's mean color everywhere: a list of the
#              means over the 16 filters' channels of level 0
#   means      the mean color of the flower, from the Gram matrix of level 0 alone, and
#   error      its largest difference to the mean of the flower's pixels
# BEGIN SOLUTION
found = random_features(flower)
shapes = [list(level.shape) for level in found]
constant = flower.mean(dim=(2, 3), keepdim=True).expand_as(flower)
strength = [random_features(picture)[0][:, :16].mean() for picture in (flower, flower.flip(2, 3), constant)]
means = 20 * style.gram_matrix(found[0])[0, -1, 16:19]
error = (means - flower.mean(dim=(0, 2, 3))).abs().max()
# END SOLUTION

# %% id="10-5-check" tags=["nbval-check-output"]
show("10.5", shapes=shapes, strength=strength, means=means, error=error)

# %% [markdown] id="10-6"
# ## Exercise 10.6 · Content and style together, by L-BFGS on pixels
#
# Write `perceptual_loss` and `stylize`. Start from noise, and look at what content alone gives, and style alone; then put the
# flower's style on the pagoda.

# %% id="10-6-answer" tags=["answer"]
# Exercise 10.6: with `extract=random_features` and 60 steps each, compute
#   start_loss     the loss that after_step is told first if the pagoda gets the style of the flower, from the pagoda, with
#                  style_weight 0.5
#   falls          True if the last loss told there is at most half of the first
#   content_back   True if content alone (the pagoda), from `noise`, comes back to 0.05 on average over all pixels
#   texture        True if the loss of style alone (the flower), from `noise`, falls to a hundredth of the first or less
#   apart          True if that texture is further than 0.1 from the flower, on average over all pixels
noise = torch.rand(1, 3, 48, 64, generator=torch.Generator().manual_seed(0))
# BEGIN SOLUTION
heard = []


def remember(_number, _picture, loss):
    heard.append(loss)


style.stylize(pagoda, flower, random_features, 60, style_weight=0.5, after_step=remember)
start_loss, falls = heard[0], heard[-1] < 0.5 * heard[0]
restored = style.stylize(pagoda, None, random_features, 60, start=noise)
content_back = bool((restored - pagoda).abs().mean() < 0.05)
heard.clear()
made = style.stylize(None, flower, random_features, 60, start=noise, after_step=remember)
texture, apart = heard[-1] < 0.01 * heard[0], bool((made - flower).abs().mean() > 0.1)
# END SOLUTION

# %% id="10-6-check" tags=["nbval-check-output"]
show("10.6", digits=3, start_loss=start_loss, falls=falls, content_back=content_back, texture=texture, apart=apart)

# %% [markdown] id="10-7"
# ## Exercise 10.7 · A network that puts pictures into a style
#
# Write `TransformerNet` and `perceptual_step`. Before any training the network knows no style, but what its normalization does
# can be seen. Then train it for some steps.

# %% id="10-7-answer" tags=["answer"]
# Exercise 10.7: compute
#   contrast      True if an untrained TransformerNet(8, 1) makes the same picture (to 0.03) of the pagoda and of the pagoda with
#                 half of its contrast, 0.5 x + 0.25
#   first         the loss that one perceptual_step returns for `mixer`, a network that makes gray pictures, on the pagoda, with
#                 `random_features`, the targets and weights that style_targets gives for the flower, and tv_weight 1
#   bias          the sum of the bias of `mixer` after that step (plain gradient descent with a rate of 0.1)
#   learned       True if 40 steps with Adam (rate 0.005) on the pagoda bring the loss of TransformerNet(8, 1) to 0.7 times the
#                 first or less
torch.manual_seed(0)
mixer = nn.Conv2d(3, 3, 1)
with torch.no_grad():
    mixer.weight.fill_(1 / 3)
    mixer.bias.zero_()
# BEGIN SOLUTION
grams, shares = style.style_targets(flower, random_features)
painter = style.TransformerNet(8, 1)
contrast = bool((painter(pagoda) - painter(0.5 * pagoda + 0.25)).abs().max() < 0.03)
sgd = torch.optim.SGD(mixer.parameters(), lr=0.1)
first = style.perceptual_step(mixer, sgd, pagoda, random_features, grams, shares, tv_weight=1.0)["loss"]
bias = mixer.bias.sum()
adam = torch.optim.Adam(painter.parameters(), lr=0.005)
told = [float(style.perceptual_step(painter, adam, pagoda, random_features, grams, shares)["loss"]) for _ in range(40)]
learned = told[-1] < 0.7 * told[0]
# END SOLUTION

# %% id="10-7-check" tags=["nbval-check-output"]
show("10.7", digits=3, contrast=contrast, first=first, bias=bias, learned=learned)

# %% [markdown] id="10-8"
# ## Exercise 10.8 · Adaptive instance normalization
#
# Write `adain`. Used on the colors themselves it gives the pagoda the light of the flower, in one step and without any network.

# %% id="10-8-answer" tags=["answer"]
# Exercise 10.8: with the pagoda as content, the flower as style and the colors as features, compute
#   means        the mean of each color of the result
#   deviations   the standard deviation of each color of the result (divided by the number of pixels)
#   distance     the sum of the squared differences between the Gram matrix of the colors of the flower and that of the pagoda,
#                and that of the result: a list of the two
#   again        the largest change if the result gets the style of the flower once more
# BEGIN SOLUTION
recolored = style.adain(pagoda, flower)
means = recolored.mean(dim=(0, 2, 3))
deviations = recolored.std(dim=(0, 2, 3), correction=0)
wanted = style.gram_matrix(flower)
distance = [(style.gram_matrix(picture) - wanted).square().sum() for picture in (pagoda, recolored)]
again = (style.adain(recolored, flower) - recolored).abs().max()
# END SOLUTION

# %% id="10-8-check" tags=["nbval-check-output"]
show("10.8", digits=3, means=means, deviations=deviations, distance=distance, again=again)
