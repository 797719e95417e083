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
# # Exercises of chapter 6: conditional GANs
#
# You write the functions in `ganlib/cgan.py`; here you use them to find something out. Fill in the answer cells; leave the check
# cells as they are. A check cell prints what you computed, so that it can be compared. The names to define are in the comment
# that starts each answer cell.
#
# When you have changed a module, choose *Kernel, Restart Kernel*: what was imported once is not read again.

# %% id="setup"
from math import exp

import torch
import torch.nn.functional as F
from torch import nn

from ganlib import cgan, data, features, training
from ganlib.notebook import show

digits = data.load("digits", size=16)
classifier = features.load_classifier(16)

# %% [markdown] id="6-1"
# ## Exercise 6.1 · Noise that is told a class
#
# Write `condition_multiply` and `condition_concat` in `ganlib/cgan.py`. Published code often multiplies. How much of the class
# is left in a product? Take two classes whose vectors are (2, -1) and (-2, 1), and noise in which z and -z are equally frequent.

# %% id="6-1-answer" tags=["answer"]
# Exercise 6.1: compute
#   difference    the largest difference between the products for class 0 and those for class 1, row by row, once the rows of
#                 each are in the order of their first column: 0 if both classes have the same points
#   covariances   the largest difference between the covariance matrices of the two sets of products
#   told          how often the best guess of the class from the product is right, if both classes are equally frequent, and
#   told_concat   the same from the concatenation: guess the class whose vector is nearer to the part behind the noise
#   keras         the standard deviation of a product if e is uniform on [-0.05, 0.05], the start of a Keras embedding, by
#                 formula: that of z is 1
vectors = torch.tensor([[2.0, -1.0], [-2.0, 1.0]], dtype=torch.float64)
half = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
z = torch.cat([half, -half])
zeros, ones = torch.zeros(2000, dtype=torch.int64), torch.ones(2000, dtype=torch.int64)
# BEGIN SOLUTION
embedding = nn.Embedding.from_pretrained(vectors)
products = [cgan.condition_multiply(z, labels, embedding) for labels in (zeros, ones)]
in_order = [product[product[:, 0].argsort()] for product in products]
difference = (in_order[0] - in_order[1]).abs().max()
covariances = (products[0].T.cov() - products[1].T.cov()).abs().max()
told = 0.5
joined = cgan.condition_concat(torch.cat([z, z]), torch.cat([zeros, ones]), embedding)
told_concat = (torch.cdist(joined[:, 2:], vectors).argmin(dim=1) == torch.cat([zeros, ones])).double().mean()
keras = 0.05 / 3**0.5
# END SOLUTION

# %% id="6-1-check" tags=["nbval-check-output"]
show("6.1", difference=difference, covariances=covariances, told=told, told_concat=told_concat, keras=keras)

# %% [markdown] id="6-2"
# ## Exercise 6.2 · A label as images
#
# Write `label_planes`. What does a convolution see of them? Put the planes of the labels 3, 8 and 9 through one that has a kernel
# of 4 x 4 ones for each class, multiplied by the number of the class, stride 2 and padding 1, as in a DCGAN.

# %% id="6-2-answer" tags=["answer"]
# Exercise 6.2: compute
#   sums       the sum of each image's planes of 16 x 16 pixels, over all classes and pixels, shape (3,)
#   classes    the class whose plane is filled, for each image, read off the planes, shape (3,)
#   inside     what the convolution answers at row 4, column 4, for each image, shape (3,)
#   corner     the same at row 0, column 0
#   share      the share of the inputs of the discriminator that are planes, for digits with one channel
labels = torch.tensor([3, 8, 9])
kernel = torch.arange(10.0)[None, :, None, None] * torch.ones(1, 10, 4, 4)
# BEGIN SOLUTION
planes = cgan.label_planes(labels, 10, 16, 16)
sums = planes.sum(dim=(1, 2, 3))
classes = planes.mean(dim=(2, 3)).argmax(dim=1)
answers = F.conv2d(planes, kernel, stride=2, padding=1)
inside, corner = answers[:, 0, 4, 4], answers[:, 0, 0, 0]
share = 10 / 11
# END SOLUTION

# %% id="6-2-check" tags=["nbval-check-output"]
show("6.2", sums=sums, classes=classes, inside=inside, corner=corner, share=share)

# %% [markdown] id="6-3"
# ## Exercise 6.3 · The networks of pairs
#
# Write `ConditionalGenerator` and `ConditionalDiscriminator`. Before you train them, see that they can do their work: untrained
# networks, in evaluation mode, and the batch below.

# %% id="6-3-answer" tags=["answer"]
# Exercise 6.3: compute
#   shapes       the shapes of the images G(z, labels) and of the logits D(images, labels), as a tuple of two tuples
#   own_label    the largest difference between the other seven images if one label of the eight is changed
#   at_zero      True if the images of classes 3 and 8 at z = 0 differ
#   multiplied   the largest difference between condition_multiply at z = 0 for class 3 and for class 8, any embedding
#   joint        True if D(x, 3) - D(x, 8) is not the same for all eight images x: their labels are judged with the images
training.seed_everything(0)
generator, discriminator = cgan.ConditionalGenerator(16).eval(), cgan.ConditionalDiscriminator().eval()
z, labels = torch.randn(8, 16, generator=torch.Generator().manual_seed(0)), torch.tensor([3, 8, 9, 0, 3, 8, 9, 0])
x = 2 * digits.train_images[:8] - 1
# BEGIN SOLUTION
with torch.no_grad():
    made = generator(z, labels)
    shapes = (tuple(made.shape), tuple(discriminator(made, labels).shape))
    relabeled = labels.clone()
    relabeled[5] = 1
    others = torch.arange(8) != 5
    own_label = (generator(z, relabeled) - made)[others].abs().max()
    threes, eights = torch.full((8,), 3), torch.full((8,), 8)
    nothing = torch.zeros(8, 16)
    at_zero = not torch.equal(generator(nothing, threes), generator(nothing, eights))
    table = nn.Embedding(10, 16)
    multiplied = (cgan.condition_multiply(nothing, threes, table) - cgan.condition_multiply(nothing, eights, table)).abs().max()
    gain = discriminator(x, threes) - discriminator(x, eights)
    joint = (gain.std() > 1e-3 * gain.abs().mean()).item()
# END SOLUTION

# %% id="6-3-check" tags=["nbval-check-output"]
show("6.3", shapes=shapes, own_label=own_label, at_zero=at_zero, multiplied=multiplied, joint=joint)

# %% [markdown] id="6-4"
# ## Exercise 6.4 · One step of the conditional game
#
# Write `cgan_step`. The smallest players have one number for each class: G(z, y) = z + theta_y, and the logit of D(x, y) is
# psi_y x. Do one step with a pencil, then let your function do it. Then teach a generator on the line two classes: class 0 is
# N(-2, 0.5^2), class 1 is N(3, 0.5^2).

# %% id="6-4-answer" tags=["answer"]
# Exercise 6.4: for one real sample 2 of class 0, one fake asked to be of class 1, noise 0 for both players, and plain gradient
# descent with learning rate 0.1, compute
#   by_hand    (psi_0, psi_1, theta_0, theta_1) after one step from psi = (0.5, 0.5), theta = (1, 1), by formula
#   by_step    the same by cgan_step on the two networks below, which start there
# and after 1500 steps of the game that `play` plays
#   learned    True if the mean of 2000 samples of each class is within 0.3 of its own: -2 and 3
#   shuffled   True if it is so when the real labels are in a random order at each step, and the fakes are asked for these


class Small(nn.Module):
    """One number for each of two classes: G adds it, D multiplies by it."""

    def __init__(self, start, adds):
        super().__init__()
        self.numbers, self.adds = nn.Parameter(torch.full((2,), start, dtype=torch.float64)), adds

    def forward(self, x, labels):
        return x + self.numbers[labels, None] if self.adds else (x * self.numbers[labels, None]).squeeze(1)


class OnTheLine(nn.Module):
    """A number and a class as one-hot to a number, by two hidden layers."""

    def __init__(self):
        super().__init__()
        sizes = [nn.Linear(3, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1)]
        self.layers = nn.Sequential(*sizes)

    def forward(self, x, labels):
        return self.layers(torch.cat([x, F.one_hot(labels, 2).to(x.dtype)], dim=1))


def play(shuffle):
    """The means of 2000 samples of class 0 and of class 1 after 1500 steps."""
    training.seed_everything(0)
    g, d = OnTheLine(), OnTheLine()
    adam_g, adam_d = (torch.optim.Adam(net.parameters(), lr=lr, betas=(0.0, 0.9)) for net, lr in ((g, 1e-3), (d, 3e-3)))
    draws = torch.Generator().manual_seed(0)
    for _ in range(1_500):
        classes = torch.randint(0, 2, (128,), generator=draws)
        real = torch.where(classes == 1, 3.0, -2.0)[:, None] + 0.5 * torch.randn(128, 1, generator=draws)
        told = classes[torch.randperm(128, generator=draws)] if shuffle else classes
        cgan.cgan_step(g, d, adam_g, adam_d, real, told, *torch.randn(2, 128, 1, generator=draws))
    with torch.no_grad():
        return [g(torch.randn(2000, 1, generator=draws), torch.full((2000,), y)).mean().item() for y in (0, 1)]


small_g, small_d = Small(1.0, adds=True), Small(0.5, adds=False)


# BEGIN SOLUTION
def logistic(t):
    return 1 / (1 + exp(-t))


psi = (0.5 + 0.1 * 2 * logistic(-2 * 0.5), 0.5 - 0.1 * 1 * logistic(1 * 0.5))
by_hand = (*psi, 1.0, 1 + 0.1 * psi[1] * logistic(-psi[1] * 1))
sgd_g, sgd_d = (torch.optim.SGD(net.parameters(), lr=0.1) for net in (small_g, small_d))
nothing = torch.zeros(1, 1, dtype=torch.float64)
cgan.cgan_step(small_g, small_d, sgd_g, sgd_d, nothing + 2, torch.tensor([0]), nothing, nothing, fake_labels=torch.tensor([1]))
by_step = (*small_d.numbers.tolist(), *small_g.numbers.tolist())


def close(means):
    return abs(means[0] + 2) < 0.3 and abs(means[1] - 3) < 0.3


learned, shuffled = close(play(shuffle=False)), close(play(shuffle=True))
# END SOLUTION

# %% id="6-4-check" tags=["nbval-check-output"]
show("6.4", by_hand=by_hand, by_step=by_step, learned=learned, shuffled=shuffled)

# %% [markdown] id="6-5"
# ## Exercise 6.5 · Is it the class that was asked for?
#
# Write `class_accuracy`. What does the classifier itself miss, on real digits? And how well does one number tell that a generator
# cannot draw an 8?

# %% id="6-5-answer" tags=["answer"]
# Exercise 6.5: compute by your function
#   overall       the share of the 400 real test digits that the classifier takes for what they are
#   worst         the class with the smallest share
#   hidden        the overall share of `swapped`, in which every 8 was replaced by a 3
#   of_8          the share of class 8 there
#   of_classes    for the 400 images and the labels `few`, in which the classes 5 to 9 are never asked for: how many classes
#                 have a share
logits = classifier(digits.test_images)
labels = digits.test_labels
swapped = digits.test_images.clone()
threes = digits.test_images[labels == 3]
swapped[labels == 8] = threes.repeat(2, 1, 1, 1)[: int((labels == 8).sum())]
few = labels % 5
# BEGIN SOLUTION
overall, per_class = cgan.class_accuracy(logits, labels)
worst = per_class.argmin()
hidden, of_swapped = cgan.class_accuracy(classifier(swapped), labels)
of_8 = of_swapped[8]
of_classes = (~cgan.class_accuracy(logits, few)[1].isnan()).sum()
# END SOLUTION

# %% id="6-5-check" tags=["nbval-check-output"]
show("6.5", digits=3, overall=overall, worst=worst, hidden=hidden, of_8=of_8, of_classes=of_classes)

# %% [markdown] id="6-6"
# ## Exercise 6.6 · The projection discriminator's logit
#
# Write `projection_logit`. Why a product? In the plane, let the real samples of class y be N(m_y, I), and the fakes of every
# class N(f, I). The logit of the best discriminator is the logarithm of the ratio of the densities (theorem 6.1). With the
# features phi(x) = (x, 1) it has exactly the form e(y) . phi(x) + psi(phi(x)).

# %% id="6-6-answer" tags=["answer"]
# Exercise 6.6: compute
#   best       the logarithm of the ratio at the points x with the labels y below, from the two densities, shape (4,)
#   projected  the same by projection_logit: find the vectors e(y), shape (3, 3), and the linear psi
#   error      the largest difference of the two over the 1000 points `many` with labels `theirs`
#   swap       how much the logit of the first point changes when it is told class 2, by the formula (e(2) - e(0)) . phi
means, f = (
    torch.tensor([[2.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], dtype=torch.float64),
    torch.tensor([0.5, 0.5], dtype=torch.float64),
)
x, y = torch.tensor([[1.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [3.0, -1.0]], dtype=torch.float64), torch.tensor([0, 1, 2, 0])
draws = torch.Generator().manual_seed(0)
many, theirs = 2 * torch.randn(1000, 2, generator=draws, dtype=torch.float64), torch.randint(0, 3, (1000,), generator=draws)


# BEGIN SOLUTION
def log_ratio(points, classes):
    return ((points - f).square().sum(dim=1) - (points - means[classes]).square().sum(dim=1)) / 2


def phi(points):
    return torch.cat([points, torch.ones(len(points), 1, dtype=torch.float64)], dim=1)


e = nn.Embedding.from_pretrained(torch.cat([means, -means.square().sum(dim=1, keepdim=True) / 2], dim=1))
of_fakes = torch.cat([-f, f.square().sum()[None] / 2])


def psi(values):
    return values @ of_fakes[:, None]


best, projected = log_ratio(x, y), cgan.projection_logit(phi(x), y, e, psi)
error = (log_ratio(many, theirs) - cgan.projection_logit(phi(many), theirs, e, psi)).abs().max()
swap = (e.weight[2] - e.weight[0]) @ phi(x)[0]
# END SOLUTION

# %% id="6-6-check" tags=["nbval-check-output"]
show("6.6", best=best, projected=projected, error=error, swap=swap)
