@alternative("clone")
def corrupt_salt(x, p, generator=None):
    noisy = x.clone()
    noisy[torch.rand(x.shape, generator=generator) < p] = 1
    return noisy


@alternative("bernoulli")
def corrupt_salt(x, p, generator=None):
    hit = torch.bernoulli(torch.full_like(x, p), generator=generator)
    return x * (1 - hit) + hit


@alternative("maximum")
def corrupt_salt(x, p, generator=None):
    return torch.maximum(x, (torch.rand(x.shape, generator=generator) < p).to(x))
