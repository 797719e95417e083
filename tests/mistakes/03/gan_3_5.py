@mistake(
    "mean_of_logits",
    "This is a published error: minimizing the mean of D's output makes the fakes look *more* fake. The generator wants high logits.",
)
def generator_loss(fake_logits, kind="non_saturating"):
    return fake_logits.mean()


@mistake("minus_mean_of_logits", "-mean(logits) is the loss of a Wasserstein generator. Here it is -log D, or log(1 - D).")
def generator_loss(fake_logits, kind="non_saturating"):
    return -fake_logits.mean()


@mistake(
    "label_0",
    "The fakes have the label 0 here, as for the discriminator: the generator would learn to be caught. Its label is 1.",
)
def generator_loss(fake_logits, kind="non_saturating"):
    return F.softplus(fake_logits).mean()


@mistake("saturating_sign", "The sign of the saturating loss is turned round: it is log(1 - D), at most 0, with a plus.")
def generator_loss(fake_logits, kind="non_saturating"):
    return F.softplus(fake_logits if kind == "saturating" else -fake_logits).mean()


@mistake("non_saturating_sign", "The sign of the non-saturating loss is turned round: it is -log D, at least 0.")
def generator_loss(fake_logits, kind="non_saturating"):
    return -F.softplus(fake_logits if kind == "saturating" else -fake_logits).mean()


@mistake("kinds_exchanged", "The two kinds are exchanged: -log D is the non-saturating loss, log(1 - D) the saturating one.")
def generator_loss(fake_logits, kind="non_saturating"):
    return F.softplus(-fake_logits).mean() if kind == "saturating" else -F.softplus(fake_logits).mean()


@mistake("saturating_default", "Without a kind the loss is the saturating one. The default is non_saturating.")
def generator_loss(fake_logits, kind="saturating"):
    return -F.softplus(fake_logits).mean() if kind == "saturating" else F.softplus(-fake_logits).mean()


@mistake("kind_ignored", "kind is not used: both are the non-saturating loss.")
def generator_loss(fake_logits, kind="non_saturating"):
    return F.softplus(-fake_logits).mean()


@mistake("always_saturating", "kind is not used: both are the saturating loss.")
def generator_loss(fake_logits, kind="non_saturating"):
    return -F.softplus(fake_logits).mean()


@mistake(
    "sigmoid_first", "A sigmoid stands before the loss that takes logits, so it is applied twice. Pass the logits as they are."
)
def generator_loss(fake_logits, kind="non_saturating"):
    logits = fake_logits.sigmoid()
    return -F.softplus(logits).mean() if kind == "saturating" else F.softplus(-logits).mean()


@mistake(
    "log_of_sigmoid",
    "The sigmoid of 200 is 1 in float32 and that of -200 is 0: the logarithm is infinite. Use a function that takes logits.",
)
def generator_loss(fake_logits, kind="non_saturating"):
    d = fake_logits.sigmoid()
    return (1 - d).log().mean() if kind == "saturating" else -d.log().mean()


@mistake(
    "epsilon", "A small number is added inside the logarithm: far logits cost too little, without a gradient. Use the logits."
)
def generator_loss(fake_logits, kind="non_saturating"):
    d = fake_logits.sigmoid()
    return (1 - d + 1e-8).log().mean() if kind == "saturating" else -(d + 1e-8).log().mean()


@mistake("log_of_mean", "This is the logarithm of the mean probability. Wanted: the mean of the logarithms.")
def generator_loss(fake_logits, kind="non_saturating"):
    d = fake_logits.double().sigmoid()
    return ((1 - d).mean().log() if kind == "saturating" else -d.mean().log()).to(fake_logits.dtype)


@mistake("sum", "The losses are summed over the samples. Wanted: their mean.")
def generator_loss(fake_logits, kind="non_saturating"):
    return -F.softplus(fake_logits).sum() if kind == "saturating" else F.softplus(-fake_logits).sum()


@mistake("half", "The loss is halved. Only the sum of two parts, as in the discriminator's loss, is sometimes halved.")
def generator_loss(fake_logits, kind="non_saturating"):
    return (-F.softplus(fake_logits).mean() if kind == "saturating" else F.softplus(-fake_logits).mean()) / 2


@mistake(
    "detached", "The value is right, but no gradient passes (detach, no_grad, .item(), torch.tensor(...)): nothing would learn."
)
def generator_loss(fake_logits, kind="non_saturating"):
    with torch.no_grad():
        return -F.softplus(fake_logits).mean() if kind == "saturating" else F.softplus(-fake_logits).mean()


@mistake("float32", "float64 logits come back with the digits of float32: keep the dtype of the arguments.")
def generator_loss(fake_logits, kind="non_saturating"):
    logits = fake_logits.float()
    return -F.softplus(logits).mean() if kind == "saturating" else F.softplus(-logits).mean()


@mistake("in_place", "The logits are overwritten (neg_, sigmoid_, *=): the caller still needs them. Compute a new tensor.")
def generator_loss(fake_logits, kind="non_saturating"):
    right = -F.softplus(fake_logits).mean() if kind == "saturating" else F.softplus(-fake_logits).mean()
    with torch.no_grad():
        fake_logits.neg_()
    return right


@mistake(
    "mean_of_d",
    "This is the mean of D itself, without a logarithm, and minimizing it makes the fakes look more fake. Wanted: -log D, or log(1 - D).",
)
def generator_loss(fake_logits, kind="non_saturating"):
    return fake_logits.sigmoid().mean()


@mistake(
    "logarithm_forgotten",
    "The logarithm is missing: the mean of -D, or of 1 - D. Wanted is that of -log D, or of log(1 - D).",
)
def generator_loss(fake_logits, kind="non_saturating"):
    d = fake_logits.sigmoid()
    return (1 - d).mean() if kind == "saturating" else -d.mean()
