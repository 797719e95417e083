@alternative("published_form")
def kl_standard_normal(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=-1)


@alternative("library")
def kl_standard_normal(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(logvar / 2))
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).sum(-1)


@alternative("loop_that_prints")
def kl_standard_normal(mu, logvar):
    print("mu", mu.shape)
    total = torch.zeros(len(mu), dtype=torch.float64)
    for j in range(mu.shape[1]):
        total += (mu[:, j] ** 2 + logvar[:, j].exp() - logvar[:, j] - 1) / 2
    return total


@alternative("einsum")
def kl_standard_normal(mu, logvar):
    return (torch.einsum("nd,nd->n", mu, mu) + torch.expm1(logvar).sum(1) - logvar.sum(1)) / 2
