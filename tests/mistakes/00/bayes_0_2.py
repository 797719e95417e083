@mistake(
    "ten_classes_ten_images",
    "Each label gives its mean, always the same point: ten classes, ten images. p(x | y) is a distribution: add noise.",
)
def sample_class_conditional(y, means, covs, generator=None):
    return means[y]


@mistake(
    "covariance_as_factor",
    "The noise is multiplied by the covariance matrix. A factor A gives the covariance A Aᵀ: use a root of it (Cholesky).",
)
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + torch.einsum("nij,nj->ni", covs[y], noise)


@mistake("root_transposed", "The Cholesky factor is used transposed: Lᵀ L is another matrix than L Lᵀ.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + torch.einsum("nji,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("diagonal_only", "Only the variances are used: the covariances off the diagonal are lost.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + covs.diagonal(dim1=1, dim2=2).sqrt()[y] * noise


@mistake("elementwise_root", "The root of each entry is not a root of the matrix (and of negative entries it is NaN).")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + torch.einsum("nij,nj->ni", covs.sqrt()[y], noise)


@mistake("one_noise_for_all", "All rows share one noise vector: the draws are not independent. Draw (N, d) numbers.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(1, means.shape[1], generator=generator, dtype=means.dtype).expand(len(y), -1)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake(
    "one_number_for_all_coordinates",
    "All coordinates of a row share one random number: every sample lies on a line. Draw (N, d) numbers.",
)
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), 1, generator=generator, dtype=means.dtype).expand(-1, means.shape[1])
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("labels_ignored", "The labels are ignored: row i belongs to class y[i].")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    y = torch.zeros_like(y)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("labels_sorted", "The samples come class by class, not in the order of the labels.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    y = y.sort().values
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("one_covariance_for_all", "All classes get the covariance of the first one.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + noise @ torch.linalg.cholesky(covs[0]).T


@mistake("uniform", "The noise is uniform. It has the right variance and the wrong shape: a normal distribution has tails.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = 12**0.5 * (torch.rand(len(y), means.shape[1], generator=generator, dtype=means.dtype) - 0.5)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("uniform_01", "torch.rand draws uniformly from [0, 1]. Wanted is standard normal noise: torch.randn.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.rand(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("global_generator", "The generator that is given is not used: the samples cannot be repeated.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], dtype=means.dtype)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("seeded_anew", "The generator is seeded anew at each call: two calls give the same samples. Draw from it as it is.")
def sample_class_conditional(y, means, covs, generator=None):
    if generator is not None:
        generator.manual_seed(generator.initial_seed())
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    return means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)


@mistake("single_precision", "The samples are computed in float32 although the means are float64.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator)
    return means.float()[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs).float()[y], noise)


@mistake("in_place", "An argument is overwritten: the caller still needs it. Compute a new tensor.")
def sample_class_conditional(y, means, covs, generator=None):
    noise = torch.randn(len(y), means.shape[1], generator=generator, dtype=means.dtype)
    x = means[y] + torch.einsum("nij,nj->ni", torch.linalg.cholesky(covs)[y], noise)
    covs.copy_(torch.linalg.cholesky(covs))
    return x
