@mistake(
    "biased_diagonal",
    "The pairs of a point with itself are counted within x and within y: the estimate is biased upwards. Leave the diagonals out.",
)
def kernel_distance(x, y):
    d = x.shape[1]
    return ((x @ x.T / d + 1) ** 3).mean() + ((y @ y.T / d + 1) ** 3).mean() - 2 * ((x @ y.T / d + 1) ** 3).mean()


@mistake(
    "divided_by_all_pairs",
    "The diagonals are left out of the sums, but still counted in the number of pairs: divide by n (n - 1), not by n squared.",
)
def kernel_distance(x, y):
    d = x.shape[1]
    within = []
    for z in (x, y):
        values = (z @ z.T / d + 1) ** 3
        within.append((values.sum() - values.trace()) / len(z) ** 2)
    return sum(within) - 2 * ((x @ y.T / d + 1) ** 3).mean()


@mistake(
    "diagonal_across",
    "The pairs (x_i, y_i) are left out as well. Across the two samples every pair counts: no point is paired with itself there.",
)
def kernel_distance(x, y):
    n, d = min(len(x), len(y)), x.shape[1]
    across = (x @ y.T / d + 1) ** 3
    left = (across.sum() - across.diagonal().sum()) / (across.numel() - n)
    return kernel_distance(x, y) + 2 * across.mean() - 2 * left


@mistake(
    "root_of_it",
    "The root of the estimate is taken (or it is cut off at 0). Unbiased estimates of a small distance are often negative.",
)
def kernel_distance(x, y):
    return kernel_distance(x, y).clamp(min=0).sqrt()


@mistake("cut_at_zero", "Negative estimates are cut off at 0: the mean of many is then no longer right.")
def kernel_distance(x, y):
    return kernel_distance(x, y).clamp(min=0)


@mistake(
    "cross_term_once", "The mean across the samples is subtracted once. It counts twice, as the mixed term of a square does."
)
def kernel_distance(x, y):
    return kernel_distance(x, y) + ((x @ y.T / x.shape[1] + 1) ** 3).mean()


@mistake("degree_two", "The kernel is the square of (x.y / d + 1). Wanted is the cube.")
def kernel_distance(x, y):
    def within(z):
        values = (z @ z.T / z.shape[1] + 1) ** 2
        return (values.sum() - values.trace()) / (len(z) * (len(z) - 1))

    return within(x) + within(y) - 2 * ((x @ y.T / x.shape[1] + 1) ** 2).mean()


@mistake("one_missing", "The 1 in the kernel (x.y / d + 1)^3 is missing: only third moments are compared, and a shift may hide.")
def kernel_distance(x, y):
    def within(z):
        values = (z @ z.T / z.shape[1]) ** 3
        return (values.sum() - values.trace()) / (len(z) * (len(z) - 1))

    return within(x) + within(y) - 2 * ((x @ y.T / x.shape[1]) ** 3).mean()


@mistake("not_divided_by_d", "The product x.y is not divided by the number of dimensions d.")
def kernel_distance(x, y):
    d = x.shape[1] ** 0.5
    return kernel_distance(x * d, y * d)


@mistake("divided_by_n", "The product x.y is divided by the number of points. Divide it by the number of dimensions d.")
def kernel_distance(x, y):
    factor = (x.shape[1] / len(x)) ** 0.5
    return kernel_distance(x * factor, y * factor)


@mistake(
    "gaussian_kernel",
    "Another kernel is used, one of the distance |x - y|. Wanted is the polynomial kernel (x.y / d + 1)^3.",
)
def kernel_distance(x, y):
    def kernel(a, b):
        return (-torch.cdist(a, b).square() / 2).exp()

    def within(z):
        values = kernel(z, z)
        return (values.sum() - values.trace()) / (len(z) * (len(z) - 1))

    return within(x) + within(y) - 2 * kernel(x, y).mean()


@mistake("pairs_in_order", "Only the pairs (x_i, y_i) in the order of the rows are compared across. Every x meets every y.")
def kernel_distance(x, y):
    n, d = min(len(x), len(y)), x.shape[1]
    across = (x @ y.T / d + 1) ** 3
    return kernel_distance(x, y) + 2 * across.mean() - 2 * across.diagonal()[:n].mean()


@mistake("in_place", "An argument is overwritten (x *= ...): the caller still needs it. Compute a new tensor.")
def kernel_distance(x, y):
    right = kernel_distance(x, y)
    x /= x.shape[1]
    return right


@mistake("left_in_double", "The distance is float64 whatever was given. Computing in it is right; bring it back: .to(x.dtype).")
def kernel_distance(x, y):
    return kernel_distance(x, y).double()


@mistake("single_precision", "The distance is float32 whatever was given (.float()). Keep the dtype of x.")
def kernel_distance(x, y):
    return kernel_distance(x, y).float()
