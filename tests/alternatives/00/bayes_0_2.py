@alternative("library_distribution")
def sample_class_conditional(y, means, covs, generator=None):
    eps = torch.empty(len(y), means.shape[1], dtype=means.dtype).normal_(generator=generator)
    distribution = torch.distributions.MultivariateNormal(means, covs)
    return distribution.loc[y] + (distribution.scale_tril[y] @ eps[:, :, None])[:, :, 0]


@alternative("symmetric_root")
def sample_class_conditional(y, means, covs, generator=None):
    values, vectors = torch.linalg.eigh(covs)
    roots = vectors @ torch.diag_embed(values.clamp(min=0).sqrt()) @ vectors.mT
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + (roots[y] @ noise.unsqueeze(-1)).squeeze(-1)


@alternative("class_by_class")
def sample_class_conditional(y, means, covs, generator=None):
    out = torch.empty(len(y), means.shape[1], dtype=means.dtype)
    for label in range(len(means)):
        chosen = y == label
        noise = torch.randn(int(chosen.sum()), means.shape[1], generator=generator, dtype=means.dtype)
        out[chosen] = means[label] + noise @ torch.linalg.cholesky(covs[label]).T
    return out
