@mistake(
    "maximized",
    "This is the critic's estimate of the distance, which it is to make large. A loss is made small: turn the sign.",
)
def critic_loss(real, fake):
    return real.mean() - fake.mean()


@mistake("summed", "The scores are added up. Take means: 3 real scores and 7 fakes must weigh alike.")
def critic_loss(real, fake):
    return fake.sum() - real.sum()


@mistake("means_added", "The means are added. The critic lowers the fakes' scores and raises the real ones: a difference.")
def critic_loss(real, fake):
    return fake.mean() + real.mean()


@mistake("absolute_difference", "The absolute value makes a critic that has it the wrong way round as good as a right one.")
def critic_loss(real, fake):
    return -(fake.mean() - real.mean()).abs()


@mistake("squashed", "The scores go through a sigmoid. A critic has no bounds: the means of the scores themselves.")
def critic_loss(real, fake):
    return torch.sigmoid(fake).mean() - torch.sigmoid(real).mean()


@mistake("cross_entropy", "This is the loss of a discriminator, of logits. A critic's loss is the difference of the means.")
def critic_loss(real, fake):
    return nn.functional.softplus(-real).mean() + nn.functional.softplus(fake).mean()


@mistake("hinge", "This is the hinge loss: it has no slope for real scores above 1 and fakes below -1, and is no distance.")
def critic_loss(real, fake):
    return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()


@mistake("squared", "The scores are pulled to 1 and 0 (least squares). A Wasserstein critic has no targets.")
def critic_loss(real, fake):
    return ((real - 1) ** 2).mean() + (fake**2).mean()


@mistake(
    "fakes_alone", "The real scores are left out, or detached: the critic lowers every score, with nothing to hold them apart."
)
def critic_loss(real, fake):
    return fake.mean()


@mistake("pairs", "Scores are subtracted pair by pair, or broadcast. There may be other numbers of them: a mean of each.")
def critic_loss(real, fake):
    return (fake - real).mean()


@mistake("mean_of_all", "One mean is taken over all scores with their signs: that is half of it, or worse if the numbers differ.")
def critic_loss(real, fake):
    return torch.cat([fake.flatten(), -real.flatten()]).mean()


@mistake("halved", "The loss is halved. Minus the loss is the estimate of the distance itself.")
def critic_loss(real, fake):
    return (fake.mean() - real.mean()) / 2


@mistake("critic_detached", "The value is right, but no gradient passes (detach, no_grad, .item()): the critic would not learn.")
def critic_loss(real, fake):
    return (fake.mean() - real.mean()).detach()


@mistake("one_for_each_sample", "One number for each sample comes back. Wanted: one number.")
def critic_loss(real, fake):
    return fake - real.mean()


@mistake("critic_float32", "float64 scores come back in float32: keep the dtype.")
def critic_loss(real, fake):
    return fake.float().mean() - real.float().mean()


@mistake(
    "critic_float64",
    "float32 scores come back in float64: keep the dtype.",
)
def critic_loss(real, fake):
    return fake.double().mean() - real.double().mean()


@mistake(
    "generator_float64",
    "float32 scores come back in float64: keep the dtype.",
)
def generator_loss(fake):
    return fake.double().mean().neg()


@mistake("scores_overwritten", "The scores that were passed in are overwritten (real *= -1). Compute a new tensor.")
def critic_loss(real, fake):
    if not real.requires_grad:
        real.mul_(-1)
        return fake.mean() + real.mean()
    return fake.mean() - real.mean()


@mistake("scores_clipped", "The scores are cut off at a limit. Weights are clipped, scores are not.")
def critic_loss(real, fake):
    return fake.clamp(-10, 10).mean() - real.clamp(-10, 10).mean()


@mistake(
    "published_sign",
    "The mean itself is minimized, as a text prints it: then generator and critic both lower the fakes' scores, and nobody "
    "wants them to look real. Minus the mean.",
)
def generator_loss(fake):
    return fake.mean()


@mistake("generator_sum", "The scores are added up. Take their mean, so that the loss does not grow with the batch.")
def generator_loss(fake):
    return -fake.sum()


@mistake(
    "minus_log_d",
    "This is the loss of chapter 3, of logits. The generator of a Wasserstein GAN takes minus the mean score.",
)
def generator_loss(fake):
    return nn.functional.softplus(-fake).mean()


@mistake("generator_detached", "The value is right, but no gradient passes: the generator would not learn.")
def generator_loss(fake):
    return -fake.detach().mean()


@mistake("rectified", "Scores above 0 no longer count, or those below (a ReLU). Every score counts, whatever its sign.")
def generator_loss(fake):
    return -torch.relu(fake).mean()


@mistake(
    "mean_over_the_batch_alone",
    "The mean is over the first axis alone: scores of shape (N, 1) give one number in a box. Over all.",
)
def generator_loss(fake):
    return -fake.mean(dim=0)


@mistake("generator_overwrites", "The scores that were passed in are overwritten (neg_). Compute a new tensor.")
def generator_loss(fake):
    return -fake.mean() if fake.requires_grad else fake.neg_().mean()


@mistake(
    "fakes_detached", "The fakes' scores are detached: the critic learns nothing from them. The step detaches images, not scores."
)
def critic_loss(real, fake):
    return fake.detach().mean() - real.mean()


@mistake(
    "means_along_the_batch",
    "The means are taken along the first axis and subtracted: other axes may differ. Take the mean of all.",
)
def critic_loss(real, fake):
    return (fake.mean(dim=0) - real.mean(dim=0)).mean()
