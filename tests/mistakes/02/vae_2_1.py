@mistake(
    "variance",
    "The noise is scaled by the variance exp(logvar). Scale it by the standard deviation: the square root of the variance.",
)
def reparameterize(mu, logvar, eps):
    return mu + logvar.exp() * eps


@mistake("logvar_as_std", "The noise is scaled by logvar itself. It is a logarithm: turn it into a standard deviation first.")
def reparameterize(mu, logvar, eps):
    return mu + logvar * eps


@mistake(
    "half_outside", "exp(logvar) / 2 is half the variance. The ½ belongs inside the exponential, where it takes the square root."
)
def reparameterize(mu, logvar, eps):
    return mu + 0.5 * logvar.exp() * eps


@mistake("root_of_logvar", "The square root of logvar is not a number where logvar is negative. First exp, then the square root.")
def reparameterize(mu, logvar, eps):
    return mu + logvar.sqrt() * eps


@mistake(
    "no_gradient",
    "The value is right, but no gradient reaches mu and logvar: something detaches them (no_grad, detach, .data or sample()).",
)
def reparameterize(mu, logvar, eps):
    with torch.no_grad():
        return mu + (logvar / 2).exp() * eps


@mistake(
    "own_noise",
    "The noise that was passed in, eps, is not used: new noise is drawn inside. Then an answer can never be repeated.",
)
def reparameterize(mu, logvar, eps):
    return mu + (logvar / 2).exp() * torch.randn_like(mu)


@mistake(
    "doubled",
    "exp(2 * logvar) is the squared variance. The root of exp(logvar) is the standard deviation: halve logvar, do not double it.",
)
def reparameterize(mu, logvar, eps):
    return mu + (2 * logvar).exp() * eps


@mistake("clamped", "logvar is clamped: variances that are very large or very small come out wrong. Use logvar as it is.")
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar.clamp(-6, 6)) * eps


@mistake("in_place", "eps or logvar is overwritten (eps *= ..., logvar.exp_()): the caller still needs it. Compute a new tensor.")
def reparameterize(mu, logvar, eps):
    with torch.no_grad():
        eps *= torch.exp(0.5 * logvar)
    return mu + eps


@mistake("clamped_wide", "logvar is clamped, at 10 or 20: variances beyond come out wrong. Use logvar as it is.")
def reparameterize(mu, logvar, eps):
    return mu + torch.exp(0.5 * logvar.clamp(-20, 20)) * eps
