@alternative("autograd")
def pathwise_gradient(mu, n, generator=None):
    means = torch.full((n,), float(mu), requires_grad=True)
    (means + torch.randn(n, generator=generator)).pow(2).sum().backward()
    return means.grad


@alternative("autograd")
def score_function_gradient(mu, n, generator=None):
    means = torch.full((n,), float(mu), requires_grad=True)
    z = (means + torch.randn(n, generator=generator)).detach()
    torch.distributions.Normal(means, 1.0).log_prob(z).sum().backward()
    return z**2 * means.grad


@alternative("normal")
def pathwise_gradient(mu, n, generator=None):
    return 2 * torch.normal(float(mu), 1.0, size=(n,), generator=generator)


@alternative("normal")
def score_function_gradient(mu, n, generator=None):
    z = torch.normal(float(mu), 1.0, size=(n,), generator=generator)
    return z**3 - mu * z**2
