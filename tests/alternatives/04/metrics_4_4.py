@alternative("scipy_root")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    from scipy.linalg import sqrtm

    a, b = sigma1.double().numpy(), sigma2.double().numpy()
    inner = sqrtm(a).real
    middle = inner @ b @ inner
    root = sqrtm((middle + middle.T) / 2).real
    distance = ((mu1 - mu2) ** 2).sum() + sigma1.trace() + sigma2.trace() - 2 * float(root.trace())
    return distance.clamp(min=0)


@alternative("eigenvalues_of_the_product")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values = torch.linalg.eigvals(sigma1.double() @ sigma2.double())
    shift = mu1.double() - mu2.double()
    distance = shift @ shift + torch.trace(sigma1 + sigma2) - 2 * values.real.clamp(min=0).sqrt().sum()
    return max(distance, torch.zeros_like(distance)).to(mu1.dtype)


@alternative("eigh_twice")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    w, v = torch.linalg.eigh(sigma2.double())
    half = v @ torch.diag(w.clamp(min=0) ** 0.5) @ v.T
    values = torch.linalg.eigvalsh(half @ sigma1.double() @ half)
    spread = torch.trace(sigma1).double() + torch.trace(sigma2).double()
    distance = (mu1 - mu2).double().norm() ** 2 + spread - 2 * torch.sqrt(torch.relu(values)).sum()
    return torch.relu(distance).to(mu1)
