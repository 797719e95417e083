@mistake("saturating", "That is the saturating loss, log(1 - sigmoid). The generator minimizes -log sigmoid of its logits.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return -F.softplus(fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("wants_to_be_found_out", "The sign of the logits is wrong: the generator is rewarded for being found out.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("minus_forgotten", "The minus in front of the logarithm is forgotten: log sigmoid is to be large.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.logsigmoid(fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("squared", "The distance is squared (L2). The paper has L1, which blurs less.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * F.mse_loss(fake, target)


@mistake(
    "sum_of_pixels",
    "The distance is summed over the pixels. Wanted is the mean: the weight does not depend on the size of images.",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target, reduction="sum")


@mistake(
    "sum_per_image",
    "The distance is summed over the pixels of an image, and averaged over the images. Wanted is the mean over all.",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * (fake - target).abs().flatten(1).sum(1).mean()


@mistake("sum_of_logits", "The logits are summed up. Wanted is the mean over all of them.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).sum() + lambda_l1 * F.l1_loss(fake, target)


@mistake("default_weight", "The weight of the distance is 100 if nothing is said; 10 is that of the cycle.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=10.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("weight_ignored", "lambda_l1 is not used: the distance counts 100 times whatever is asked for.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + 100 * F.l1_loss(fake, target)


@mistake("weight_missing", "The distance has no weight: lambda_l1 is not used.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + F.l1_loss(fake, target)


@mistake("weight_on_the_wrong_term", "lambda_l1 weighs the adversarial part. It weighs the distance to the target.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return lambda_l1 * F.softplus(-fake_logits).mean() + F.l1_loss(fake, target)


@mistake("weight_on_both", "lambda_l1 weighs both parts. It weighs the distance alone.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return lambda_l1 * (F.softplus(-fake_logits).mean() + F.l1_loss(fake, target))


@mistake("least_squares", "That is the least-squares loss of CycleGAN. pix2pix has the logistic one: the scores are logits.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return (fake_logits - 1).square().mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake(
    "sigmoid_twice",
    "The logits are sent through a sigmoid twice: generator_loss and the losses with logits have one in them already.",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits.sigmoid()).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake(
    "log_of_sigmoid",
    "The logarithm of a sigmoid that is rounded to 0 is infinite: use a loss that takes logits (softplus, logsigmoid).",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return -fake_logits.sigmoid().log().mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake(
    "logarithm_clamped",
    "A small number is added to the probability before the logarithm: the loss of a sure discriminator is cut off.",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return -(fake_logits.sigmoid() + 1e-8).log().mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("distance_subtracted", "The distance is subtracted: the generator is rewarded for being far from the target.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() - lambda_l1 * F.l1_loss(fake, target)


@mistake("distance_signed", "The absolute value is missing: pixels too bright make up for pixels too dark.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * (fake - target).mean()


@mistake("distance_alone", "The adversarial part is missing: the generator is to be taken for real as well.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return lambda_l1 * F.l1_loss(fake, target)


@mistake("of_the_mean_logit", "The logits are averaged before the loss is taken. Each patch has its own loss.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits.mean()) + lambda_l1 * F.l1_loss(fake, target)


@mistake("smooth", "smooth_l1_loss is squared near 0. Wanted is the plain absolute value.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * F.smooth_l1_loss(fake, target)


@mistake("fake_detached", "No gradient reaches the pixels of the fake: it is detached in the distance.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * F.l1_loss(fake.detach(), target)


@mistake("logits_detached", "No gradient reaches the logits: they are detached, and the adversarial part teaches nothing.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits.detach()).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake("float32", "float64 comes back as float32.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return (F.softplus(-fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)).float()


@mistake("overwrites", "The fake is overwritten (fake -= target): compute a new tensor.")
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    distance = (fake - target).abs().mean()
    fake.data.sub_(target)
    return F.softplus(-fake_logits).mean() + lambda_l1 * distance


@mistake(
    "root_of_square",
    "The absolute value is written as the root of the square: where nothing is off its gradient is NaN. Take abs().",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    return F.softplus(-fake_logits).mean() + lambda_l1 * ((fake - target) ** 2).sqrt().mean()


@mistake(
    "logarithm_replaced_where_it_fails",
    "torch.where picks the right value, but the logarithm of 0 is computed all the same, and its gradient is NaN. Use logsigmoid or softplus.",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    plain = -torch.log(torch.sigmoid(fake_logits))
    return torch.where(fake_logits > -50, plain, -fake_logits).mean() + lambda_l1 * F.l1_loss(fake, target)


@mistake(
    "corner_at_0",
    "max(-b, 0) + log(1 + exp(-|b|)) has the right value, but automatic differentiation finds a wrong slope at 0. Use softplus(-b).",
)
def pix2pix_generator_loss(fake_logits, fake, target, lambda_l1=100.0):
    b = fake_logits
    return ((-b).clamp(min=0) + torch.log1p(torch.exp(-b.abs()))).mean() + lambda_l1 * F.l1_loss(fake, target)
