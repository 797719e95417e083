@mistake(
    "swapped",
    "Precision and recall have changed places. Precision asks about the fakes (are they in a real ball?), recall about the reals.",
)
def precision_recall(real, fake, k=3):
    return precision_recall(fake, real, k)


@mistake(
    "counts_itself",
    "The point itself is counted as its own nearest neighbor, so the balls are one neighbor too small. Leave it out.",
)
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(k, dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius).any(dim=1).double().mean()))
    return tuple(shares)


@mistake(
    "one_neighbor_more", "The balls are one neighbor too large: the radius reaches to the k-th other point, not to the next one."
)
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(min(k + 2, len(base)), dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius).any(dim=1).double().mean()))
    return tuple(shares)


@mistake("k_ignored", "k is not used: the balls always reach to the third neighbor.")
def precision_recall(real, fake, k=3):
    return precision_recall(real, fake, min(3, len(real) - 1, len(fake) - 1))


@mistake("default_k", "Without k the balls reach to another neighbor than the third: the default is 3.")
def precision_recall(real, fake, k=5):
    return precision_recall(real, fake, min(k, len(real) - 1, len(fake) - 1))


@mistake(
    "nearest_ball_alone",
    "A fake is compared with the ball of its nearest real point alone. It lies in the set if any ball holds it.",
)
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(k + 1, dim=1).values
        distance, nearest = torch.cdist(query.double(), base.double()).min(dim=1)
        shares.append(float((distance <= radius[nearest]).double().mean()))
    return tuple(shares)


@mistake(
    "balls_of_the_fakes",
    "For precision the balls are those of the real points, and for recall those of the fakes: here each point has been given its own ball.",
)
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(query.double(), query.double()).kthvalue(k + 1, dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius[:, None]).any(dim=1).double().mean()))
    return tuple(shares)


@mistake("edge_excluded", "A point on the edge of a ball does not count (<). It lies in the ball (<=).")
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(k + 1, dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) < radius).any(dim=1).double().mean()))
    return tuple(shares)


@mistake(
    "copies_left_out",
    "Points at distance 0 are left out of the neighbors. Only the point itself is: a copy of it at another index counts.",
)
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        within = torch.cdist(base.double(), base.double(), compute_mode="donot_use_mm_for_euclid_dist")  # its diagonal is 0
        radius = within.masked_fill(within == 0, float("inf")).kthvalue(k, dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius).any(dim=1).double().mean()))
    return tuple(shares)


@mistake("one_radius", "All balls have one radius, the mean. Each point has its own: dense places have small balls.")
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(k + 1, dim=1).values.mean()
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius).any(dim=1).double().mean()))
    return tuple(shares)


@mistake("share_of_pairs", "The share of pairs is counted. Wanted is the share of the points that lie in at least one ball.")
def precision_recall(real, fake, k=3):
    shares = []
    for base, query in ((real, fake), (fake, real)):
        radius = torch.cdist(base.double(), base.double()).kthvalue(k + 1, dim=1).values
        shares.append(float((torch.cdist(query.double(), base.double()) <= radius).double().mean()))
    return tuple(shares)


@mistake("tensors", "The answer are tensors. Wanted: two Python floats.")
def precision_recall(real, fake, k=3):
    return tuple(torch.tensor(share) for share in precision_recall(real, fake, k))


@mistake("in_place", "An argument is overwritten (real -= ...): the caller still needs it. Compute a new tensor.")
def precision_recall(real, fake, k=3):
    right = precision_recall(real, fake, k)
    real -= real.mean(dim=0)
    return right
