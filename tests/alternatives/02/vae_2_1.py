@alternative("power")
def reparameterize(mu, logvar, eps):
    return eps * logvar.exp() ** 0.5 + mu


@alternative("distribution")
def reparameterize(mu, logvar, eps):
    return torch.addcmul(mu, torch.sqrt(torch.exp(logvar)), eps)


@alternative("double")
def reparameterize(mu, logvar, eps):
    z = mu.double() + (logvar.double() / 2).exp() * eps.double()
    return z.to(mu.dtype)
