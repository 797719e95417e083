@mistake(
    "labels_swapped",
    "The labels are exchanged: a high logit means real, so real samples should have high ones and fakes low ones.",
)
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


@mistake(
    "sigmoid_first",
    "A sigmoid stands before the loss that takes logits, so it is applied twice. Pass the logits as they are.",
)
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.softplus(-real).mean() + F.softplus(fake).mean()


@mistake(
    "log_of_sigmoid",
    "The sigmoid of 200 is 1 in float32, and log(1 - 1) is infinite. Use a function that takes logits: softplus, logsigmoid, "
    "or a cross-entropy with logits.",
)
def discriminator_loss(real_logits, fake_logits):
    return -real_logits.sigmoid().log().mean() - (1 - fake_logits.sigmoid()).log().mean()


@mistake(
    "cut_at_100",
    "A cross-entropy of probabilities cuts every logarithm off at -100, and has no gradient there. Take the one for logits.",
)
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.binary_cross_entropy(real, torch.ones_like(real)) + F.binary_cross_entropy(fake, torch.zeros_like(fake))


@mistake(
    "epsilon", "A small number is added inside the logarithms: certain and wrong logits cost too little. Use a loss for logits."
)
def discriminator_loss(real_logits, fake_logits):
    return -(real_logits.sigmoid() + 1e-8).log().mean() - (1 - fake_logits.sigmoid() + 1e-8).log().mean()


@mistake(
    "published_sign",
    "This is a published error: -log D(x) + log(1 - D(G(z))). Minimizing it calls fakes real. Both terms have a minus.",
)
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() - F.softplus(fake_logits).mean()


@mistake("sign", "The sign is turned round: this is the value, which D maximizes. A loss is minimized: -V.")
def discriminator_loss(real_logits, fake_logits):
    return -F.softplus(-real_logits).mean() - F.softplus(fake_logits).mean()


@mistake("real_only", "The fakes are left out: a discriminator that calls everything real would be perfect.")
def discriminator_loss(real_logits, fake_logits):
    return 2 * F.softplus(-real_logits).mean()


@mistake("fakes_as_real", "The fakes are labelled real (1), as for the generator. For the discriminator their label is 0.")
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(-fake_logits).mean()


@mistake("half", "The sum is halved: that is the mean over both kinds. Here the two means are added, so that the loss is -V.")
def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


@mistake("one_mean", "Real and fake are put in one list and averaged, so the larger batch weighs more. Add the two means.")
def discriminator_loss(real_logits, fake_logits):
    return 2 * torch.cat([F.softplus(-real_logits).flatten(), F.softplus(fake_logits).flatten()]).mean()


@mistake("sums", "The losses are summed over the samples. Wanted: the mean over the real ones plus the mean over the fakes.")
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()


@mistake("mean_per_sample_sum", "The logits of one sample are summed. Wanted: the mean over all of them, whatever their shape.")
def discriminator_loss(real_logits, fake_logits):
    def per_sample(values):
        return values.reshape(len(values), -1).sum(dim=1).mean()

    return per_sample(F.softplus(-real_logits)) + per_sample(F.softplus(fake_logits))


@mistake("critic", "The difference of the mean logits is the loss of a Wasserstein critic. Here it is the cross-entropy.")
def discriminator_loss(real_logits, fake_logits):
    return fake_logits.mean() - real_logits.mean()


@mistake("hinge", "max(0, 1 - a) is the hinge loss, another game: it has no gradient for logits beyond 1.")
def discriminator_loss(real_logits, fake_logits):
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


@mistake("no_reduction", "A loss for every sample is returned. Wanted: one number.")
def discriminator_loss(real_logits, fake_logits):
    return torch.cat([F.softplus(-real_logits).flatten(), F.softplus(fake_logits).flatten()])


@mistake(
    "detached", "The value is right, but no gradient passes (detach, no_grad, .item(), torch.tensor(...)): nothing would learn."
)
def discriminator_loss(real_logits, fake_logits):
    with torch.no_grad():
        return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


@mistake("float32", "float64 logits come back with the digits of float32: keep the dtype of the arguments.")
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits.float()).mean() + F.softplus(fake_logits.float()).mean()


@mistake("in_place", "The logits are overwritten (neg_, sigmoid_, *=): the caller still needs them. Compute a new tensor.")
def discriminator_loss(real_logits, fake_logits):
    right = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    with torch.no_grad():
        real_logits.neg_()
    return right


@mistake(
    "one_cross_entropy",
    "Real and fake go into one cross-entropy with labels 1 and 0: its mean runs over both. Take one of each, and add the two.",
)
def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.flatten(), fake_logits.flatten()
    labels = torch.cat([torch.ones_like(real), torch.zeros_like(fake)])
    return F.binary_cross_entropy_with_logits(torch.cat([real, fake]), labels)


@mistake(
    "fakes_detached",
    "No gradient reaches the fakes' logits: they are detached inside of the loss. What must not learn is detached outside, by the "
    "step; a loss lets every gradient through.",
)
def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()


@mistake(
    "log_of_logits",
    "The logits are taken for probabilities: the logarithm of a negative one is not a number. D is the sigmoid of the logit.",
)
def discriminator_loss(real_logits, fake_logits):
    return -torch.log(real_logits).mean() - torch.log(1 - fake_logits).mean()


@mistake("one_minus_log", "1 - log D(G(z)) is not log(1 - D(G(z))). Since 1 - sigmoid(b) = sigmoid(-b), it is logsigmoid(-b).")
def discriminator_loss(real_logits, fake_logits):
    return -F.logsigmoid(real_logits).mean() - (1 - F.logsigmoid(fake_logits)).mean()
