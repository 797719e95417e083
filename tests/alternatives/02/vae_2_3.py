@alternative("softplus")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = (x * logits - F.softplus(logits)).sum(dim=(1, 2, 3))
    kl = kl_standard_normal(mu, logvar)
    return ELBO(kl=kl, reconstruction=reconstruction, total=reconstruction - beta * kl)


@alternative("plain_tuple")
def elbo(logits, x, mu, logvar, beta=1.0):
    pixels = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    reconstruction = torch.flatten(pixels.log_prob(x), start_dim=1).sum(1)
    kl = kl_standard_normal(mu, logvar)
    return reconstruction - beta * kl, reconstruction, kl


@alternative("logsigmoid_with_own_kl")
def elbo(logits, x, mu, logvar, beta=1.0):
    reconstruction = (x * F.logsigmoid(logits) + (1 - x) * F.logsigmoid(-logits)).reshape(len(x), -1).sum(-1)
    kl = -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(-1)
    return ELBO(reconstruction - beta * kl, reconstruction, kl)
