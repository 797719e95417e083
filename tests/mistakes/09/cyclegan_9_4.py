@mistake("discriminator_not_halved", "The sum of both means is not halved: a discriminator that cannot tell pays 1/2, not 1/4.")
def lsgan_discriminator_loss(real, fake):
    return (real - 1).square().mean() + fake.square().mean()


@mistake("generator_halved", "The generator's loss is halved. Only the discriminator's is, as in the paper.")
def lsgan_generator_loss(fake):
    return (fake - 1).square().mean() / 2


@mistake("targets_exchanged", "The targets are exchanged: the discriminator wants 1 for real images and 0 for fakes.")
def lsgan_discriminator_loss(real, fake):
    return (real.square().mean() + (fake - 1).square().mean()) / 2


@mistake(
    "generator_wants_0",
    "The generator pulls its scores to 0, which is what the discriminator wants. It wants to be taken for real: 1.",
)
def lsgan_generator_loss(fake):
    return fake.square().mean()


@mistake(
    "generator_against_the_value",
    "The generator minimizes minus the discriminator's loss of fakes, -fake^2: without a bound, and flat at 0. Wanted is (fake - 1)^2.",
)
def lsgan_generator_loss(fake):
    return -fake.square().mean()


@mistake("targets_of_minus_1", "The fakes are pulled to -1 (a = -1, b = 1 in the paper of LSGAN). Here it is a = 0, b = c = 1.")
def lsgan_discriminator_loss(real, fake):
    return ((real - 1).square().mean() + (fake + 1).square().mean()) / 2


@mistake(
    "pooled", "Real and fake scores are put together before the mean: with unequal numbers of them the larger part counts more."
)
def lsgan_discriminator_loss(real, fake):
    return torch.cat([(real - 1).flatten(), fake.flatten()]).square().mean()


@mistake("discriminator_sum", "The squares are summed over all scores. Wanted are means: a larger image must not pull harder.")
def lsgan_discriminator_loss(real, fake):
    return ((real - 1).square().sum() + fake.square().sum()) / 2


@mistake("generator_sum", "The generator's squares are summed over all scores. Wanted is their mean.")
def lsgan_generator_loss(fake):
    return (fake - 1).square().sum()


@mistake("discriminator_logistic", "That is the logistic loss of chapter 3. Least squares: (real - 1)^2 and fake^2.")
def lsgan_discriminator_loss(real, fake):
    return (F.softplus(-real).mean() + F.softplus(fake).mean()) / 2


@mistake("generator_logistic", "That is the logistic loss of chapter 3. Least squares: (fake - 1)^2.")
def lsgan_generator_loss(fake):
    return F.softplus(-fake).mean()


@mistake(
    "discriminator_sigmoid",
    "The scores are sent through a sigmoid first. A least-squares discriminator's scores are compared as they are.",
)
def lsgan_discriminator_loss(real, fake):
    return ((real.sigmoid() - 1).square().mean() + fake.sigmoid().square().mean()) / 2


@mistake(
    "generator_sigmoid", "The scores are sent through a sigmoid first. Least squares compare them as they are: nothing saturates."
)
def lsgan_generator_loss(fake):
    return (fake.sigmoid() - 1).square().mean()


@mistake("discriminator_absolute", "The distances are absolute values, not squares.")
def lsgan_discriminator_loss(real, fake):
    return ((real - 1).abs().mean() + fake.abs().mean()) / 2


@mistake("generator_absolute", "The distance is the absolute value, not the square.")
def lsgan_generator_loss(fake):
    return (fake - 1).abs().mean()


@mistake(
    "generator_of_the_mean", "The scores are averaged before the square: a patch at 2 and one at 0 would make up for each other."
)
def lsgan_generator_loss(fake):
    return (fake.mean() - 1).square()


@mistake(
    "discriminator_of_the_mean", "The scores are averaged before the square. Each score is compared with its target by itself."
)
def lsgan_discriminator_loss(real, fake):
    return ((real.mean() - 1).square() + fake.mean().square()) / 2


@mistake(
    "real_alone", "Only the real images count, or the fakes' scores are detached. Half of the loss is that fakes should get 0."
)
def lsgan_discriminator_loss(real, fake):
    return (real - 1).square().mean() / 2


@mistake("hinge", "That is the hinge loss of chapter 8.")
def lsgan_discriminator_loss(real, fake):
    return (F.relu(1 - real).mean() + F.relu(1 + fake).mean()) / 2


@mistake("discriminator_float32", "float64 comes back as float32.")
def lsgan_discriminator_loss(real, fake):
    return (((real - 1).square().mean() + fake.square().mean()) / 2).float()


@mistake("generator_float32", "float64 comes back as float32: the loss of the generator is converted.")
def lsgan_generator_loss(fake):
    return (fake - 1).square().mean().float()


@mistake("generator_overwrites", "The scores are overwritten (fake -= 1): compute a new tensor.")
def lsgan_generator_loss(fake):
    with torch.no_grad():
        fake -= 1
    return fake.square().mean()


@mistake("discriminator_overwrites", "The scores of the real images are overwritten (real -= 1): compute a new tensor.")
def lsgan_discriminator_loss(real, fake):
    with torch.no_grad():
        real -= 1
    return (real.square().mean() + fake.square().mean()) / 2
