@alternative("cdist")
def mode_coverage(samples, centers, radius):
    distances = torch.cdist(samples.double(), centers.double(), compute_mode="donot_use_mm_for_euclid_dist")
    index = distances.argmin(dim=1)
    near = distances.gather(1, index[:, None])[:, 0] <= radius
    counts = torch.bincount(index[near], minlength=len(centers))
    return (counts > 0).sum().item(), near.sum().item() / len(samples)


@alternative("loop")
def mode_coverage(samples, centers, radius):
    covered, hits = set(), 0
    for sample in samples:
        if not torch.isfinite(sample).all():
            continue
        squared = ((centers - sample) ** 2).sum(dim=1)
        best = int(squared.argmin())
        if squared[best] <= radius**2 * (1 + 1e-6):
            covered.add(best)
            hits += 1
    return len(covered), hits / len(samples)
