@mistake("half_missing", "Every value is twice too large: the factor ½ in front of the sum is missing.")
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() - logvar - 1).sum(dim=1)


@mistake("sign", "The sign is turned round: a KL divergence is never negative.")
def kl_standard_normal(mu, logvar):
    return (1 + logvar - mu**2 - logvar.exp()).sum(dim=1) / 2


@mistake("mean_over_d", "The dimensions are averaged. Independent dimensions add up: sum over d.")
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() - logvar - 1).mean(dim=1) / 2


@mistake(
    "variance_for_logvar", "logvar is used as if it were the variance: its logarithm is taken again. It already is a logarithm."
)
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar - logvar.log() - 1).sum(dim=1) / 2


@mistake("whole_batch", "The whole batch is summed to one number. Wanted: one value per sample, summed over the last axis alone.")
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() - logvar - 1).sum() / 2


@mistake(
    "reversed",
    "This is the divergence of the prior from q. The arguments of a KL divergence cannot be exchanged: wanted KL(q || p).",
)
def kl_standard_normal(mu, logvar):
    return ((1 + mu**2) * (-logvar).exp() - 1 + logvar).sum(dim=1) / 2


@mistake("std_for_variance", "exp(logvar / 2) is the standard deviation. In this term the variance stands: exp(logvar).")
def kl_standard_normal(mu, logvar):
    return (mu**2 + (logvar / 2).exp() - logvar - 1).sum(dim=1) / 2


@mistake("one_missing", "At the prior the sum is d/2, not 0: the constant -1 of each dimension is missing.")
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() - logvar).sum(dim=1) / 2


@mistake(
    "variance_as_std",
    "exp(logvar) is taken for the standard deviation and squared again (or passed to Normal as its scale). It is the variance.",
)
def kl_standard_normal(mu, logvar):
    return (mu**2 + (2 * logvar).exp() - 2 * logvar - 1).sum(dim=1) / 2


@mistake("variance_squared", "exp(logvar) is squared, as if it were the standard deviation. It is the variance.")
def kl_standard_normal(mu, logvar):
    return (mu**2 + logvar.exp() ** 2 - logvar - 1).sum(dim=1) / 2


@mistake("mu_not_squared", "mu stands in the sum without its square.")
def kl_standard_normal(mu, logvar):
    return (mu + logvar.exp() - logvar - 1).sum(dim=1) / 2


@mistake(
    "clamped", "logvar is clamped: for very large or very small variances the divergence comes out wrong. Use logvar as it is."
)
def kl_standard_normal(mu, logvar):
    logvar = logvar.clamp(-6, 6)
    return (mu**2 + logvar.exp() - logvar - 1).sum(dim=1) / 2


@mistake(
    "detached",
    "The value is right, but no gradient reaches mu and logvar (detach, no_grad, .item(), numpy): nothing would learn.",
)
def kl_standard_normal(mu, logvar):
    mu, logvar = mu.detach(), logvar.detach()
    return (mu**2 + logvar.exp() - logvar - 1).sum(dim=1) / 2


@mistake("in_place", "mu or logvar is overwritten (logvar.exp_(), mu.pow_(2)): the caller still needs it. Compute a new tensor.")
def kl_standard_normal(mu, logvar):
    constant = logvar + 1
    with torch.no_grad():
        logvar.exp_()
    return (mu**2 + logvar - constant).sum(dim=1) / 2


@mistake(
    "clamped_wide", "logvar is clamped, at 10 or 20: the divergence of variances beyond comes out wrong. Use logvar as it is."
)
def kl_standard_normal(mu, logvar):
    logvar = logvar.clamp(-20, 20)
    return (mu**2 + logvar.exp() - logvar - 1).sum(dim=1) / 2


@mistake("mu_clamped", "mu is clamped: means far from 0 cost too little. Use mu as it is.")
def kl_standard_normal(mu, logvar):
    mu = mu.clamp(-5, 5)
    return (mu**2 + logvar.exp() - logvar - 1).sum(dim=1) / 2


@mistake("five_dimensions", "Only some of the dimensions are counted, a fixed number of them. Sum over all d.")
def kl_standard_normal(mu, logvar):
    return sum((mu[:, j] ** 2 + logvar[:, j].exp() - logvar[:, j] - 1) / 2 for j in range(min(5, mu.shape[1])))


@mistake("mu_subtracted", "mu**2 has the wrong sign: a mean away from 0 adds to the divergence.")
def kl_standard_normal(mu, logvar):
    return 0.5 * (logvar.exp() - logvar - 1 - mu.square()).sum(-1)
