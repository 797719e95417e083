@mistake(
    "nearest_without_distance",
    "Every sample counts for its nearest center, however far that is. It is near only if the distance is at most the radius.",
)
def mode_coverage(samples, centers, radius):
    nearest = torch.cdist(samples, centers).argmin(dim=1)
    return len(nearest.unique()), 1.0


@mistake("share_of_modes", "The share is that of the covered modes. Wanted is the share of the samples that are near a mode.")
def mode_coverage(samples, centers, radius):
    modes, _ = mode_coverage(samples, centers, radius)
    return modes, modes / len(centers)


@mistake(
    "any_center",
    "A sample between two centers covers both. It belongs to the nearest center alone.",
)
def mode_coverage(samples, centers, radius):
    near = (samples.double()[:, None] - centers.double()).norm(dim=2) <= radius
    return int(near.any(dim=0).sum()), float(near.any(dim=1).double().mean())


@mistake("edge_excluded", "A sample at exactly the radius does not count (<). At most the radius is near (<=).")
def mode_coverage(samples, centers, radius):
    distance, nearest = (samples.double()[:, None] - centers.double()).norm(dim=2).min(dim=1)
    return len(nearest[distance < radius].unique()), float((distance < radius).double().mean())


@mistake("squared_distance", "The squared distance is compared with the radius: take the root, or square the radius.")
def mode_coverage(samples, centers, radius):
    return mode_coverage(samples, centers, radius**0.5)


@mistake("count_for_share", "The second value is the number of samples near a mode. Divide it by the number of samples.")
def mode_coverage(samples, centers, radius):
    modes, share = mode_coverage(samples, centers, radius)
    return modes, float(round(share * len(samples)))


@mistake("city_block", "The distance is the sum of the absolute differences. Wanted is the straight (Euclidean) one.")
def mode_coverage(samples, centers, radius):
    distance, nearest = (samples.double()[:, None] - centers.double()).abs().sum(dim=2).min(dim=1)
    return len(nearest[distance <= radius].unique()), float((distance <= radius).double().mean())


@mistake(
    "needs_its_part",
    "A mode counts only if it gets a good part of the samples. Here one sample near it is enough: the share tells the rest.",
)
def mode_coverage(samples, centers, radius):
    distance, nearest = (samples.double()[:, None] - centers.double()).norm(dim=2).min(dim=1)
    counts = nearest[distance <= radius].bincount(minlength=len(centers))
    return int((counts >= len(samples) / len(centers) / 4).sum()), float((distance <= radius).double().mean())


@mistake(
    "nan_is_near",
    "A sample that is NaN counts as near: every comparison with NaN is false, so ask what is near (<=), not what is far (>).",
)
def mode_coverage(samples, centers, radius):
    distance, nearest = (samples.double()[:, None] - centers.double()).norm(dim=2).min(dim=1)
    near = ~(distance > radius)
    return len(nearest[near].unique()), float(near.double().mean())


@mistake("tensors", "The answer are tensors. Wanted: a Python int and a Python float.")
def mode_coverage(samples, centers, radius):
    modes, share = mode_coverage(samples, centers, radius)
    return torch.tensor(modes), torch.tensor(share)


@mistake("in_place", "The samples are overwritten (samples -= ...): the caller still needs them. Compute a new tensor.")
def mode_coverage(samples, centers, radius):
    answer = mode_coverage(samples, centers, radius)
    samples -= centers[0]
    return answer


@mistake("two_dimensions", "The distance is that in the first two dimensions alone. Points may have any number of them.")
def mode_coverage(samples, centers, radius):
    offsets = samples.double()[:, None] - centers.double()
    distance, nearest = torch.hypot(offsets[..., 0], offsets[..., 1]).min(dim=1)
    near = distance <= radius
    return len(nearest[near].unique()), float(near.double().mean())


@mistake(
    "distances_by_a_product",
    "torch.cdist takes the fast way through a matrix product, which is inexact far from 0: subtract, or forbid it (compute_mode).",
)
def mode_coverage(samples, centers, radius):
    distance, nearest = torch.cdist(samples, centers).min(dim=1)
    near = distance <= radius
    return len(nearest[near].unique()), float(near.double().mean())
