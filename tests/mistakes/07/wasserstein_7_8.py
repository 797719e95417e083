@mistake("pairs", "Sample i is compared with sample i. Two samples have no pairs: sort the projections of each.")
def sliced_wasserstein(x, y, directions):
    return ((x @ directions.T - y @ directions.T) ** 2).mean()


@mistake("pairwise_distance", "This is the mean squared distance of pairs of points. Project, sort, then compare.")
def sliced_wasserstein(x, y, directions):
    return ((x - y) ** 2).sum(dim=1).mean()


@mistake("one_sorted", "Only one of the two samples is sorted. Both have to be.")
def sliced_wasserstein(x, y, directions):
    return (((x @ directions.T).sort(dim=0).values - y @ directions.T) ** 2).mean()


@mistake("sorted_along_the_directions", "The projections are sorted along the directions. Along the samples: dim=0.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=1).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake(
    "sorted_before",
    "The coordinates are sorted before the projection. Project first: each direction has an order of its own.",
)
def sliced_wasserstein(x, y, directions):
    a, b = (points.sort(dim=0).values @ directions.T for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("one_order_for_all", "The order along the first direction is used for all. Each direction has an order of its own.")
def sliced_wasserstein(x, y, directions):
    a, b = x @ directions.T, y @ directions.T
    return ((a[a[:, 0].argsort()] - b[b[:, 0].argsort()]) ** 2).mean()


@mistake(
    "all_directions_in_one_order",
    "The numbers of all directions are sorted together (flatten). Each direction is sorted by itself: sort(dim=0).",
)
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).flatten().sort().values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("opposite_orders", "One sample is sorted upwards, the other downwards: the dearest pairs, not the cheapest.")
def sliced_wasserstein(x, y, directions):
    a = (x @ directions.T).sort(dim=0).values
    b = (y @ directions.T).sort(dim=0, descending=True).values
    return ((a - b) ** 2).mean()


@mistake("sum", "The squares are added up. Take the mean over the directions and the samples.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).sum()


@mistake("summed_over_directions", "The directions are added up. Take their mean, or the distance grows with their number.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean(dim=0).sum()


@mistake("summed_over_samples", "The samples are added up. Take their mean, or the distance grows with their number.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).sum(dim=0).mean()


@mistake("absolute", "The differences are not squared: that is the distance of order 1. Wanted: order 2, squared.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return (a - b).abs().mean()


@mistake("root", "The root is taken. Wanted: the squared distance.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return (((a - b) ** 2).mean() + 1e-12).sqrt()


@mistake("mean_of_roots", "The root is taken for each direction. Wanted: the mean of the squares.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean(dim=0).add(1e-12).sqrt().mean()


@mistake("largest_direction", "This is the largest of the directions (max-sliced). Wanted: their mean.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean(dim=0).max()


@mistake(
    "difference_of_means",
    "The means of the projections are compared alone. Two samples with one mean may be far apart: compare in order.",
)
def sliced_wasserstein(x, y, directions):
    return (((x - y) @ directions.T).mean(dim=0) ** 2).mean()


@mistake("axes_for_directions", "The coordinates themselves are sorted: the directions are not used.")
def sliced_wasserstein(x, y, directions):
    return ((x.sort(dim=0).values - y.sort(dim=0).values) ** 2).mean()


@mistake("times_d", "The mean is multiplied by the number of dimensions. For a shift by v it is to be |v|^2 / d.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return x.shape[1] * ((a - b) ** 2).mean()


@mistake("directions_transposed", "The directions are taken as columns. Each row is one: points @ directions.T.")
def sliced_wasserstein(x, y, directions):
    matrix = directions if directions.shape[0] == directions.shape[1] else directions.T
    a, b = ((points @ matrix).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake(
    "not_transposed",
    "The directions are taken as columns. Each row is one: points @ directions.T.",
)
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("own_directions", "New directions are drawn inside. Use those that are given: then the distance can be repeated.")
def sliced_wasserstein(x, y, directions):
    drawn = torch.randn(directions.shape, dtype=directions.dtype, generator=torch.Generator().manual_seed(3))
    drawn = drawn / drawn.norm(dim=1, keepdim=True)
    a, b = ((points @ drawn.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("first_direction_alone", "Only the first direction is used. The mean is over all of them.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions[0]).sort().values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake(
    "detached", "The value is right, but no gradient passes (numpy, detach, no_grad): a generator would learn nothing from it."
)
def sliced_wasserstein(x, y, directions):
    a, b = ((points.detach() @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("one_side_detached", "The gradient by one of the samples is lost. Both arguments are differentiated.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y.detach()))
    return ((a - b) ** 2).mean()


@mistake(
    "sorted_by_numpy",
    "The value is right, but no gradient passes (numpy, detach, no_grad): a generator would learn nothing from it.",
)
def sliced_wasserstein(x, y, directions):
    a, b = (np.sort((points @ directions.T).detach().numpy(), axis=0) for points in (x, y))
    return torch.as_tensor(((a - b) ** 2).mean())


@mistake(
    "without_a_graph",
    "The value is right, but no gradient passes (numpy, detach, no_grad): a generator would learn nothing from it.",
)
def sliced_wasserstein(x, y, directions):
    with torch.no_grad():
        return sliced_wasserstein(x, y, directions)


@mistake(
    "numpy_of_a_graph",
    "numpy cannot take a tensor that hangs on a graph, and would lose its gradient. Stay with torch: sort(dim=0).values.",
)
def sliced_wasserstein(x, y, directions):
    a, b = (np.sort((points @ directions.T).numpy(), axis=0) for points in (x, y))
    return torch.as_tensor(((a - b) ** 2).mean())


@mistake("float32", "float64 samples come back with the digits of float32: keep the dtype.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points.float() @ directions.float().T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("in_place", "The samples that were passed in are sorted or shifted in place. Compute new tensors.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    if not x.requires_grad:
        x.copy_(x.sort(dim=0).values)
    return ((a - b) ** 2).mean()


@mistake("one_for_each_direction", "One number for each direction comes back. Wanted: their mean.")
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean(dim=0)


@mistake("centered", "The means are taken out first: a shift is no longer seen. It counts.")
def sliced_wasserstein(x, y, directions):
    a, b = (((points - points.mean(dim=0)) @ directions.T).sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake(
    "squeezed",
    "squeeze() takes out the axis of the samples where there is one alone, and the directions are sorted. Keep (N, K).",
)
def sliced_wasserstein(x, y, directions):
    a, b = ((points @ directions.T).squeeze().sort(dim=0).values for points in (x, y))
    return ((a - b) ** 2).mean()


@mistake("sort_without_values", "torch.sort returns a pair, the values and their order: take .values.")
def sliced_wasserstein(x, y, directions):
    a, b = (torch.sort(points @ directions.T, dim=0) for points in (x, y))
    return ((a - b) ** 2).mean()
