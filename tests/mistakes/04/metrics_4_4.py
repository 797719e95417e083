@mistake(
    "elementwise_root",
    "The root of the product is taken entry by entry. Wanted is the matrix root: the matrix that times itself gives the product.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    root = (sigma1 @ sigma2).clamp(min=0).sqrt()
    return ((mu1 - mu2).square().sum() + (sigma1 + sigma2 - 2 * root).trace()).clamp(min=0)


@mistake(
    "diagonals_alone",
    "Only the diagonals of the covariances are used: right for uncorrelated features, and for no others.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    s1, s2 = sigma1.diagonal().sqrt(), sigma2.diagonal().sqrt()
    return (mu1 - mu2).square().sum() + (s1 - s2).square().sum()


@mistake("trace_missing", "The entries of the matrix are all added up. Wanted is the trace: its diagonal alone.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values, vectors = torch.linalg.eigh(sigma1)
    root1 = vectors * values.clamp(min=0).sqrt() @ vectors.T
    values, vectors = torch.linalg.eigh(root1 @ sigma2 @ root1)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    return (mu1 - mu2).square().sum() + (sigma1 + sigma2 - 2 * root).sum()


@mistake("shift_not_squared", "The length of the shift of the means is added without its square.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    right = frechet_distance(mu1, sigma1, mu2, sigma2)
    return right - (mu1 - mu2).square().sum() + (mu1 - mu2).norm()


@mistake("means_forgotten", "The means are not used: the squared length of their difference is missing.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return frechet_distance(mu1, sigma1, mu1, sigma2)


@mistake(
    "root_of_it", "This is the square root of the distance that is asked for. Wanted is the squared one, as everybody reports it."
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return frechet_distance(mu1, sigma1, mu2, sigma2).sqrt()


@mistake("factor_two_missing", "The root is subtracted once. It counts twice, as the mixed term of a square does.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    right = frechet_distance(mu1, sigma1, mu2, sigma2)
    apart = (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace()
    return (apart + right) / 2


@mistake(
    "roots_multiplied",
    "The roots of the two covariances are multiplied. The root of a product is another matrix, unless the two commute.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    roots = []
    for sigma in (sigma1, sigma2):
        values, vectors = torch.linalg.eigh(sigma)
        roots.append(vectors * values.clamp(min=0).sqrt() @ vectors.T)
    return (mu1 - mu2).square().sum() + (sigma1 + sigma2 - 2 * roots[0] @ roots[1]).trace()


@mistake(
    "covariances_as_deviations",
    "The covariances are used like standard deviations: tr((S1 - S2)^2). The difference of their roots is what would count on the line.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return (mu1 - mu2).square().sum() + (sigma1 - sigma2).square().sum()


@mistake(
    "eigh_of_the_product",
    "eigh is asked for a matrix that is not symmetric: it reads one triangle and gives nonsense. S1 S2 is symmetric only if the two commute.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values = torch.linalg.eigvalsh(sigma1 @ sigma2).clamp(min=0)
    return ((mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * values.sqrt().sum()).clamp(min=0)


@mistake(
    "complex",
    "The result is complex: eigenvalues of a product are returned as complex numbers, and rounding may make them so. Take the real part.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values = torch.linalg.eigvals(sigma1 @ sigma2)
    return (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * values.sqrt().sum()


@mistake(
    "cholesky",
    "Cholesky's method stops at a singular covariance, and few samples make one. eigh takes it: cut negative eigenvalues at 0.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    factor1, factor2 = torch.linalg.cholesky(sigma1), torch.linalg.cholesky(sigma2)
    overlap = torch.linalg.svdvals(factor1.T @ factor2).sum()
    return (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * overlap


@mistake(
    "negative_roots",
    "An eigenvalue that should be 0 comes out a little below it, and its root is NaN: clamp at 0 before the root.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values, vectors = torch.linalg.eigh(sigma1)
    root = vectors * values.sqrt() @ vectors.T
    overlap = torch.linalg.eigvalsh(root @ sigma2 @ root).sqrt().sum()
    return (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * overlap


@mistake(
    "ridge",
    "A constant is added to the diagonals so that no covariance is singular. That changes the distance; a factor by eigh needs no such thing.",
)
def frechet_distance(mu1, sigma1, mu2, sigma2):
    ridge = 1e-3 * torch.eye(len(mu1), dtype=sigma1.dtype)
    return frechet_distance(mu1, sigma1 + ridge, mu2, sigma2 + ridge)


@mistake("divided_by_d", "The distance is divided by the number of dimensions. It is a sum over them.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return frechet_distance(mu1, sigma1, mu2, sigma2) / len(mu1)


@mistake("in_place", "An argument is overwritten (mu1 -= mu2): the caller still needs it. Compute a new tensor.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    right = frechet_distance(mu1, sigma1, mu2, sigma2)
    mu1 -= mu2
    return right


@mistake("always_float64", "The distance comes back in float64 whatever the means are: convert it back at the end.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return frechet_distance(mu1.double(), sigma1.double(), mu2.double(), sigma2.double())


@mistake("always_float32", "The distance comes back in float32 whatever the means are: keep the dtype of mu1.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    return frechet_distance(mu1, sigma1, mu2, sigma2).float()


@mistake("below_zero", "Rounding makes the distance of a Gaussian from itself a little less than 0: cut it off at 0 at the end.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    values, vectors = torch.linalg.eigh(sigma1)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    overlap = torch.linalg.eigvalsh(root @ sigma2 @ root).clamp(min=0).sqrt().sum()
    return (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * overlap


@mistake("means_for_sums", "The squared shift is a mean over the dimensions here. It is their sum.")
def frechet_distance(mu1, sigma1, mu2, sigma2):
    right = frechet_distance(mu1, sigma1, mu2, sigma2)
    return right - (mu1 - mu2).square().sum() + (mu1 - mu2).square().mean()
