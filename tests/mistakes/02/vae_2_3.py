@mistake(
    "mean_over_pixels",
    "The pixels are averaged. A log-likelihood is a sum over pixels: averaged, it is so small that the KL term wins and the code collapses.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).mean(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "loss",
    "This is the loss, the bound with its sign turned round. reconstruction is a log-likelihood (negative here), total the bound to be maximized.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    error = F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(error + beta * kl, error, kl)


@mistake("kl_added", "The divergence is added. It is subtracted: total = reconstruction - beta * kl.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction + beta * kl, reconstruction, kl)


@mistake("beta_on_reconstruction", "beta weighs the reconstruction here. It weighs the KL term.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(beta * reconstruction - kl, reconstruction, kl)


@mistake(
    "beta_in_kl",
    "The kl that is returned has beta in it. Return the divergence itself, so that runs with different beta can be compared.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = beta * kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - kl, reconstruction, kl)


@mistake("beta_forgotten", "beta has no effect on total.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - kl, reconstruction, kl)


@mistake("sigmoid_twice", "The logits go through a sigmoid before a function that applies one itself.")
def elbo(logits, x, mu, logvar, beta=1.0):
    error = F.binary_cross_entropy_with_logits(logits.sigmoid(), x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(-error - beta * kl, -error, kl)


@mistake(
    "logits_as_probabilities",
    "The logits are used as probabilities: the logarithm of a negative number is not a number. They are log-odds.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = (x * logits.log() + (1 - x) * (1 - logits).log()).flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "log_of_sigmoid",
    "sigmoid(200) is 1 in floating point, and log(1 - 1) is infinite. Work with the logits: the library has a stable form.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    p = logits.sigmoid()
    reconstruction = (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake("batch_mean", "The batch is averaged to one number. Wanted: one bound per image; average where you train.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1).mean()
    kl = kl_standard_normal(mu, logvar).mean()
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake("squared_error", "This is a squared error. The pixels are Bernoulli variables here: wanted is their log-likelihood.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -((logits.sigmoid() - x) ** 2).flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "sigmoid_forgotten",
    "The logits go into a function that wants probabilities. Use the form of the cross-entropy that takes logits.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy(logits.clamp(0, 1), x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "arguments_exchanged",
    "Logits and image are exchanged: the first argument of the cross-entropy is what the model says, the second is the target.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(x, logits, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "reduced",
    'The cross-entropy was averaged to one number already: ask it for every pixel (reduction="none"), then sum over the pixels.',
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "kl_of_the_mean_alone", "The kl part ignores logvar: it is the divergence for variance 1. Use the function of exercise 2.2."
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = mu.square().sum(dim=1) / 2
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake("channels_averaged", "The channels are averaged. A log-likelihood sums over all pixels of all channels.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").mean(dim=1).flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "one_sided",
    "log(1 + exp(-l)) is right, but exp(200) is infinite in floating point. Use the form of the cross-entropy that takes logits.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -((1 - x) * logits + (1 + (-logits).exp()).log()).flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "detached_kl",
    "The values are right, but the kl part carries no gradient (detach, no_grad, .item()): the encoder would ignore the prior.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar).detach()
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake("in_place", "logits or x is overwritten (logits.sigmoid_(), x -= ...): the caller still needs it. Compute a new tensor.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    with torch.no_grad():
        logits.sigmoid_()
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)


@mistake(
    "beta_rounded", "beta is cut to a whole number (int, round, //). It may be any number that is not negative, such as 0.37."
)
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - round(beta) * kl, reconstruction, kl)


@mistake("beta_at_most_ten", "beta is clamped. It may be any number that is not negative, however large.")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - min(beta, 10.0) * kl, reconstruction, kl)


@mistake(
    "clamped",
    "The logits are clamped: a pixel that is wrong for certain costs too little. Use them as they are, in a stable form.",
)
def elbo(logits, x, mu, logvar, beta=1.0):
    logits = logits.clamp(-300, 300)
    reconstruction = -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(dim=1)
    kl = kl_standard_normal(mu, logvar)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)
