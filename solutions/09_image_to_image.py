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
# # Exercises of chapter 9: Image to image
#
# You write the functions in `ganlib/cyclegan.py`; here you use them to find something out. Fill in the answer cells;
# leave the check cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are
# in the comment that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
import torch
import torch.nn.functional as F
from torch import nn

from ganlib import cyclegan
from ganlib.notebook import show

# %% [markdown] id="9-1"
# ## Exercise 9.1 · Instance normalization
#
# Write `instance_norm` in `ganlib/cyclegan.py`. Then see what of a picture it takes away, and what it leaves.

# %% id="9-1-answer" tags=["answer"]
# Exercise 9.1: `day` is a picture of shape (1, 3, 16, 16), `dusk` is the same at 0.2 times the contrast and darker. Compute
#   apart        the largest difference of a pixel between the two
#   normalized   the same, after both went through `instance_norm` with eps = 1e-10
#   flat         the largest absolute value that is left of a picture of one color, 0.7 at every pixel
#   neighbor     the largest change of the normalized `day` when `dusk` is in its batch, too
waves = torch.arange(3 * 16 * 16).double().sin().reshape(1, 3, 16, 16)
day, dusk = 0.5 + 0.4 * waves, 0.1 + 0.08 * waves
# BEGIN SOLUTION
apart = (day - dusk).abs().max()
alone = cyclegan.instance_norm(day, 1e-10)
normalized = (alone - cyclegan.instance_norm(dusk, 1e-10)).abs().max()
flat = cyclegan.instance_norm(torch.full((1, 3, 16, 16), 0.7)).abs().max()
neighbor = (cyclegan.instance_norm(torch.cat([day, dusk]), 1e-10)[:1] - alone).abs().max()
# END SOLUTION

# %% id="9-1-check" tags=["nbval-check-output"]
show("9.1", digits=3, apart=apart, normalized=normalized, flat=flat, neighbor=neighbor)

# %% [markdown] id="9-2"
# ## Exercise 9.2 · The receptive field
#
# Write `receptive_field`. The discriminator of the paper has convolutions of kernel 4: some of stride 2 ("halvings"), and then
# two of stride 1.

# %% id="9-2-answer" tags=["answer"]
# Exercise 9.2: compute
#   patches      the list of the sides of a patch for 0, 1, 2, 3, 4 and 5 halvings
#   half         the smallest number of halvings with which a patch has more than half the side of an image of 256 pixels
#   plain        how many layers of kernel 4 and stride 1 a stack needs to see as far as three halvings do (at least 70 pixels)
# BEGIN SOLUTION
patches = [cyclegan.receptive_field([(4, 2)] * halvings + [(4, 1)] * 2) for halvings in range(6)]
half = next(halvings for halvings in range(6) if patches[halvings] > 128)
plain = next(layers for layers in range(100) if cyclegan.receptive_field([(4, 1)] * layers) >= 70)
# END SOLUTION

# %% id="9-2-check" tags=["nbval-check-output"]
show("9.2", patches=patches, half=half, plain=plain)

# %% [markdown] id="9-3"
# ## Exercise 9.3 · U-Net and PatchGAN
#
# Write `UNetGenerator` and `PatchDiscriminator`. A U-Net with random weights already knows where things are, since its short cuts
# carry them past the smallest image. And a discriminator of patches takes images of any size.

# %% id="9-3-answer" tags=["answer"]
# Exercise 9.3: with the networks `unet` and `judge` compute
#   same          True if the output of `unet` for `picture` has the shape of `picture`
#   inside        True if all its pixels lie in [-1, 1]
#   scores        the list of the numbers of scores that `judge` gives to one image of 64 x 64, 64 x 128 and 128 x 128 pixels
#   far           how many numbers the smallest image inside `unet` has for one input of 64 x 64 pixels (from width and depth)
torch.manual_seed(0)
unet = cyclegan.UNetGenerator(channels=3, width=4, depth=4)
judge = cyclegan.PatchDiscriminator(channels=3, width=4, halvings=3)
picture = torch.rand(1, 3, 64, 64) * 2 - 1
# BEGIN SOLUTION
with torch.no_grad():
    drawn = unet(picture)
scores = [judge(torch.zeros(1, 3, *sides)).numel() for sides in ((64, 64), (64, 128), (128, 128))]
same, inside = drawn.shape == picture.shape, bool(drawn.abs().max() <= 1)
far = 4 * 2**3 * (64 // 2**4) ** 2
# END SOLUTION

# %% id="9-3-check" tags=["nbval-check-output"]
show("9.3", same=same, inside=inside, scores=scores, far=far)

# %% [markdown] id="9-4"
# ## Exercise 9.4 · Least-squares losses
#
# Write both losses. See which fakes a generator still learns from when the discriminator is sure.

# %% id="9-4-answer" tags=["answer"]
# Exercise 9.4: with the scores `real` and `fake`, compute
#   loss        the discriminator's loss
#   best        a pair: the one score that, given to real and fake images alike, makes the discriminator's loss least; that loss
#   pulls       the four derivatives of the generator's loss with respect to each of the scores `fake`
#   logistic    the same for the non-saturating loss of chapter 3, the mean of softplus(-fake)
real, fake = torch.tensor([0.9, 1.2, 0.4]), torch.tensor([-3.0, 0.0, 1.0, 4.0], requires_grad=True)
# BEGIN SOLUTION
loss = cyclegan.lsgan_discriminator_loss(real, fake)
candidates = torch.linspace(-1, 2, 301)
costs = torch.stack([cyclegan.lsgan_discriminator_loss(each[None], each[None]) for each in candidates])
best = candidates[costs.argmin()], costs.min()
pulls = torch.autograd.grad(cyclegan.lsgan_generator_loss(fake), fake)[0]
logistic = torch.autograd.grad(F.softplus(-fake).mean(), fake)[0]
# END SOLUTION

# %% id="9-4-check" tags=["nbval-check-output"]
show("9.4", digits=3, loss=loss, best=best, pulls=pulls, logistic=logistic)

# %% [markdown] id="9-5"
# ## Exercise 9.5 · There and back, and stay
#
# Write `cycle_loss` and `identity_loss`. A cycle can be closed by translations that nobody wants. Domain x are pictures `x`,
# domain y are their negatives `y = -x`. Compare four pairs of translations G (from x to y) and F (from y to x).

# %% id="9-5-answer" tags=["answer"]
# Exercise 9.5: for each pair (G, F) in `pairs`, compute
#   cycles       the list of cycle losses
#   identities   the list of identity losses: F is asked to leave x alone, G to leave y alone
x = torch.linspace(0.1, 0.9, 64).reshape(1, 1, 8, 8)
y = -x
negative, mirror = (lambda image: -image), (lambda image: image.flip(3))
pairs = {
    "negative": (negative, negative),
    "nothing": (lambda image: image, lambda image: image),
    "negative and mirrored": (lambda image: mirror(-image), lambda image: mirror(-image)),
    "always the same": (lambda image: torch.full_like(image, -0.5), lambda image: torch.full_like(image, 0.5)),
}
# BEGIN SOLUTION
cycles = [cyclegan.cycle_loss(x, back(there(x)), y, there(back(y))) for there, back in pairs.values()]
identities = [cyclegan.identity_loss(x, back(x), y, there(y)) for there, back in pairs.values()]
# END SOLUTION

# %% id="9-5-check" tags=["nbval-check-output"]
show("9.5", digits=3, cycles=cycles, identities=identities)

# %% [markdown] id="9-6"
# ## Exercise 9.6 · A memory of fakes
#
# Write `ImagePool`. Give it images 0, 1, 2, ... and see how old the images are that it returns.

# %% id="9-6-answer" tags=["answer"]
# Exercise 9.6: give `numbers`, one image after the other, to a pool of 20 images, with `randomness`. Compute
#   filled       True if the first 20 images came back as they were given
#   kept         how many images the pool holds at the end
#   new          the share of images that came back at once, of all but the first 20, rounded to one decimal
#   older        True if the images that came back in exchange were given 20 to 60 images before, on average (40 is expected)
numbers = torch.arange(4000.0).reshape(4000, 1, 1, 1)
randomness = torch.Generator().manual_seed(0)
# BEGIN SOLUTION
pool = cyclegan.ImagePool(20)
returned = torch.cat([pool.query(number[None], randomness) for number in numbers]).flatten()
age = torch.arange(4000.0) - returned
filled = bool((age[:20] == 0).all())
kept = len(pool.images)
new = round(float((age[20:] == 0).double().mean()), 1)
older = 20 < float(age[age > 0].mean()) < 60
# END SOLUTION

# %% id="9-6-check" tags=["nbval-check-output"]
show("9.6", filled=filled, kept=kept, new=new, older=older)

# %% [markdown] id="9-7"
# ## Exercise 9.7 · The losses of a CycleGAN, and one step
#
# Write `cyclegan_generator_loss` and `cyclegan_step`. The domains here are gray squares, dark ones in x and bright ones in y.
# The translations can do nothing but add a number to every pixel.


# %% id="9-7-answer" tags=["answer"]
# Exercise 9.7: with `networks`, compute
#   before     the list of total, adversarial, cycle and identity loss of the batch, with lambda_identity = 0.5
#   learned    True if, after 300 steps, G adds more than 0.5 to a pixel and F takes more than 0.5 away; default weights, SGD of
#              rate 0.002 for the generators and of 0.3 for the discriminators, pools of size 0
#   closed     True if the two numbers that they add make 0, up to 0.1: who goes there and back is where he was
class Shift(nn.Module):
    def __init__(self):
        super().__init__()
        self.by = nn.Parameter(torch.tensor(0.25))

    def forward(self, image):
        return image + self.by


class Brightness(nn.Module):
    def __init__(self, sign):
        super().__init__()
        self.slope, self.level = nn.Parameter(torch.tensor(sign)), nn.Parameter(torch.tensor(0.5))

    def forward(self, image):
        return self.level + self.slope * F.avg_pool2d(image, 4)


batch = torch.full((2, 1, 8, 8), -0.5), torch.full((2, 1, 8, 8), 0.5)
networks = cyclegan.Networks(Shift(), Shift(), Brightness(-1.0), Brightness(1.0))
# BEGIN SOLUTION
losses = cyclegan.cyclegan_generator_loss(batch, networks, lambda_identity=0.5)
before = [losses[name].detach() for name in ("total", "adversarial", "cycle", "identity")]
opt_g = torch.optim.SGD(networks.parameters("to_y", "to_x"), lr=0.002)
opt_d = torch.optim.SGD(networks.parameters("of_x", "of_y"), lr=0.3)
for _step in range(300):
    cyclegan.cyclegan_step(batch, networks, opt_g, opt_d, (cyclegan.ImagePool(0), cyclegan.ImagePool(0)))
there, back = networks.to_y.by.item(), networks.to_x.by.item()
learned, closed = there > 0.5 and back < -0.5, abs(there + back) < 0.1
# END SOLUTION

# %% id="9-7-check" tags=["nbval-check-output"]
show("9.7", digits=3, before=before, learned=learned, closed=closed)

# %% [markdown] id="9-8"
# ## Exercise 9.8 · What the generator of pix2pix minimizes
#
# Write `pix2pix_generator_loss`. Where the input does not tell what belongs there, L1 alone has one answer. Here a pixel is 1 in
# 60 of 100 targets and 0 in the others.

# %% id="9-8-answer" tags=["answer"]
# Exercise 9.8: a generator has to say the same gray `g` for all 100 targets. Compute
#   best         the pair of the g in `grays` with the smallest loss, and that loss, with lambda_l1 = 100 and all logits 0
#   squared      the g in `grays` for which the mean squared distance to the targets is smallest
#   doubted      how much the loss grows if the logits go from 0 to -4
grays = torch.linspace(0, 1, 101)
targets = (torch.arange(100) < 60).float().reshape(100, 1, 1, 1)
# BEGIN SOLUTION
logits = torch.zeros(100, 1, 3, 3)
answers = [torch.full_like(targets, float(gray)) for gray in grays]
costs = torch.stack([cyclegan.pix2pix_generator_loss(logits, answer, targets) for answer in answers])
best = grays[costs.argmin()], costs.min()
squared = grays[torch.stack([F.mse_loss(answer, targets) for answer in answers]).argmin()]
doubted = cyclegan.pix2pix_generator_loss(logits - 4, targets, targets) - cyclegan.pix2pix_generator_loss(
    logits, targets, targets
)
# END SOLUTION

# %% id="9-8-check" tags=["nbval-check-output"]
show("9.8", digits=3, best=best, squared=squared, doubted=doubted)
