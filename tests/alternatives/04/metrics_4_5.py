@alternative("entropies")
def inception_score(probs):
    p = probs.double()
    return torch.exp(torch.special.entr(p.mean(dim=0)).sum() - torch.special.entr(p).sum(dim=1).mean()).type_as(probs)


@alternative("library")
def inception_score(probs):
    marginal = torch.distributions.Categorical(probs=probs.mean(dim=0, keepdim=True))
    each = torch.distributions.Categorical(probs=probs)
    return torch.distributions.kl_divergence(each, marginal).mean().exp()


@alternative("small_constant")
def inception_score(probs):
    eps = 1e-16
    marginal = probs.double().mean(dim=0, keepdim=True)
    kl = probs * (torch.log(probs.double() + eps) - torch.log(marginal + eps))
    return torch.exp(torch.mean(torch.sum(kl, dim=1))).to(probs)
