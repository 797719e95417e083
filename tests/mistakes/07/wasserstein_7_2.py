@mistake(
    "sum_of_differences",
    "The sum of |p - q| does not know how far the mass goes. Take the differences of the cumulative sums.",
)
def emd_1d(p, q):
    return (p - q).abs().sum(dim=-1)


@mistake(
    "total_variation",
    "Half of the sum of |p - q| is the mass that moves. How far it moves is missing: use cumulative sums.",
)
def emd_1d(p, q):
    return (p - q).abs().sum(dim=-1) / 2


@mistake(
    "no_absolute_value",
    "The differences of the cumulative sums have signs and cancel: a step to the left costs as much as one to the right.",
)
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).sum(dim=-1)


@mistake(
    "absolute_value_too_early",
    "The absolute values are taken before the cumulative sum: mass that arrives no longer makes up for mass that left.",
)
def emd_1d(p, q):
    return (p - q).abs().cumsum(dim=-1).sum(dim=-1)


@mistake("mean", "This is a mean over the places. W1 is the sum of |P_k - Q_k|: mass times steps.")
def emd_1d(p, q):
    return (p.cumsum(dim=-1) - q.cumsum(dim=-1)).abs().mean(dim=-1)


@mistake("squared", "The differences of the cumulative sums are squared: that is the Cramer distance. W1 takes absolute values.")
def emd_1d(p, q):
    return ((p - q).cumsum(dim=-1) ** 2).sum(dim=-1)


@mistake("largest_difference", "The largest |P_k - Q_k| is the Kolmogorov distance. W1 is the sum of all of them.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).abs().amax(dim=-1)


@mistake("first_axis", "The cumulative sum runs along the first axis. The places are along the last: dim=-1.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=0).abs().sum(dim=-1)


@mistake(
    "first_axis_throughout",
    "The cumulative sum runs along the first axis. The places are along the last: dim=-1.",
)
def emd_1d(p, q):
    return (p.cumsum(dim=0) - q.cumsum(dim=0)).abs().sum(dim=0)


@mistake(
    "first_axis_and_one_sum",
    "The cumulative sum runs along the first axis. The places are along the last: dim=-1.",
)
def emd_1d(p, q):
    return (p.cumsum(dim=0) - q.cumsum(dim=0)).abs().sum()


@mistake("summed_over_all", "All distributions are added up into one number. Sum over the last axis alone.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).abs().sum()


@mistake("normalized", "The masses are made to add up to 1. A mass of 5 costs five times as much: leave them.")
def emd_1d(p, q):
    p, q = p / p.sum(dim=-1, keepdim=True), q / q.sum(dim=-1, keepdim=True)
    return (p - q).cumsum(dim=-1).abs().sum(dim=-1)


@mistake("masses_sorted", "The masses are sorted. In order come the places, and they are so already; sorting is for samples.")
def emd_1d(p, q):
    return (p.sort(dim=-1).values - q.sort(dim=-1).values).cumsum(dim=-1).abs().sum(dim=-1)


@mistake(
    "masses_sorted_and_subtracted",
    "The masses are sorted. In order come the places, and they are so already; sorting is for samples.",
)
def emd_1d(p, q):
    return (p.sort(dim=-1).values - q.sort(dim=-1).values).abs().sum(dim=-1)


@mistake(
    "masses_sorted_and_averaged",
    "The masses are sorted. In order come the places, and they are so already; sorting is for samples.",
)
def emd_1d(p, q):
    return (p.sort(dim=-1).values - q.sort(dim=-1).values).abs().mean(dim=-1)


@mistake(
    "difference_of_means",
    "This is the distance of the mean places: ways to the left and to the right cancel. The absolute value belongs inside the sum, "
    "at each place.",
)
def emd_1d(p, q):
    return ((p - q) * torch.arange(p.shape[-1])).sum(dim=-1).abs()


@mistake("places_divided_by_n", "The places are taken as 0, 1/n, 2/n, ... Here they are 0, 1, 2, ...: a step costs 1.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).abs().sum(dim=-1) / max(p.shape[-1] - 1, 1)


@mistake("last_axis_kept", "The cumulative differences are returned, one for each place. Add their absolute values up.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).abs()


@mistake("rounded_away", "The cumulative sums are rounded, or small ones left out: every difference counts.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).round(decimals=3).abs().sum(dim=-1)


@mistake("float32", "float64 masses come back with the digits of float32: keep the dtype of the arguments.")
def emd_1d(p, q):
    return (p.float() - q.float()).cumsum(dim=-1).abs().sum(dim=-1)


@mistake("detached", "The value is right, but no gradient passes (detach, no_grad, .item(), numpy).")
def emd_1d(p, q):
    return (p - q).detach().cumsum(dim=-1).abs().sum(dim=-1)


@mistake("one_way", "Only mass that goes to the right is counted (a clamp at 0). What goes to the left costs as much.")
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).clamp(min=0).sum(dim=-1)


@mistake("in_place", "One of the arguments is overwritten (p -= q): the caller still needs it. Compute a new tensor.")
def emd_1d(p, q):
    p = p if p.requires_grad else p.sub_(q) + q
    return (p - q).cumsum(dim=-1).abs().sum(dim=-1)


@mistake(
    "without_the_first_place",
    "Two cumulative sums at the start are left out. The first difference is p_0 - q_0, and it counts.",
)
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1)[..., 1:].abs().sum(dim=-1)


@mistake(
    "off_by_one_mass",
    "The difference at the last place is set to the whole mass: there P and Q are equal, and nothing is left to carry.",
)
def emd_1d(p, q):
    return (p - q).cumsum(dim=-1).abs().sum(dim=-1) + p.sum(dim=-1)


@mistake(
    "divided_by_no_mass",
    "The masses are divided by their sum, which may be 0: then nothing is to be moved, and the distance is 0, not NaN.",
)
def emd_1d(p, q):
    total = p.sum(dim=-1, keepdim=True)
    return (p / total - q / total).cumsum(dim=-1).abs().sum(dim=-1) * total[..., 0]


@mistake("one_total_for_all_rows", "The mass of the first pair is taken for all. Each pair of rows has a total of its own.")
def emd_1d(p, q):
    total = p.flatten(0, -2)[0].sum() if p.ndim > 1 else p.sum()
    p, q = (x / x.sum(-1, keepdim=True) for x in (p, q))
    return total * (p - q).cumsum(dim=-1).abs().sum(dim=-1)


@mistake(
    "in_place", "The masses that were passed in are overwritten (p -= q): the caller still needs them. Compute a new tensor."
)
def emd_1d(p, q):
    p -= q
    return p.cumsum(dim=-1).abs().sum(dim=-1)
