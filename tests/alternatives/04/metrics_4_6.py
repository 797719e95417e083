@alternative("sorting")
def precision_recall(real, fake, k=3):
    def radii(points):
        return torch.cdist(points.double(), points.double()).sort(dim=1).values[:, k]

    across = torch.cdist(fake.double(), real.double())
    precision = (across <= radii(real)).any(dim=1).sum().item() / len(fake)
    back = across.T
    recall = (back <= radii(fake)).any(dim=1).sum().item() / len(real)
    return precision, recall


@alternative("diagonal_out")
def precision_recall(real, fake, k=3):
    def share(base, query):
        within = torch.cdist(base, base)
        within.fill_diagonal_(float("inf"))
        radius = within.topk(k, dim=1, largest=False).values.amax(dim=1)
        return ((torch.cdist(query, base) - radius) <= 0).any(dim=1).float().mean().item()

    return share(real, fake), share(fake, real)


@alternative("numpy")
def precision_recall(real, fake, k=3):
    import numpy as np

    a, b = real.double().numpy(), fake.double().numpy()

    def distances(u, v):
        return np.sqrt(((u[:, None] - v[None]) ** 2).sum(axis=-1))

    ra, rb = (np.partition(distances(u, u), k, axis=1)[:, k] for u in (a, b))
    across = distances(a, b)
    return PrecisionRecall(float((across <= ra[:, None]).any(0).mean()), float((across <= rb).any(1).mean()))
