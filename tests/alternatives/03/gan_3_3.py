@alternative("two_sums")
def value_function(p, q, d):
    return torch.xlogy(p, d).sum(dim=-1) + torch.special.xlog1py(q, -d).sum(dim=-1)


@alternative("where")
def value_function(p, q, d):
    zero = torch.zeros_like(p)
    real = torch.where(p == 0, zero, p * d.log())
    fake = torch.where(q == 0, zero, q * (1 - d).log())
    return (real + fake).sum(-1)
