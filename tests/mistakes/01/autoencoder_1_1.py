@mistake(
    "not_centered",
    "The data are not centered: the first direction is spent on pointing from the origin to the mean. Subtract the mean before the SVD.",
)
def linear_autoencoder(X, k):
    directions = torch.linalg.svd(X, full_matrices=False).Vh[:k]
    return directions, directions.T, torch.zeros_like(X[0])


@mistake(
    "mean_not_returned",
    "The directions are right, but bias is 0: the mean is subtracted and never added again. Return it as bias.",
)
def linear_autoencoder(X, k):
    directions = torch.linalg.svd(X - X.mean(dim=0), full_matrices=False).Vh[:k]
    return directions, directions.T, torch.zeros_like(X[0])


@mistake("smallest_directions", "These are the directions of least variance. Keep those with the largest singular values.")
def linear_autoencoder(X, k):
    directions = torch.linalg.eigh((X - X.mean(0)).T @ (X - X.mean(0))).eigenvectors[:, :k].T
    return directions, directions.T, X.mean(dim=0)


@mistake("transposed", "encode and decode are exchanged: encode has shape (k, d), decode (d, k).")
def linear_autoencoder(X, k):
    directions = torch.linalg.svd(X - X.mean(dim=0), full_matrices=False).Vh[:k]
    return directions.T, directions, X.mean(dim=0)


@mistake("scaled_twice", "The code is scaled by the singular values and never scaled back: decode must undo what encode does.")
def linear_autoencoder(X, k):
    _, s, directions = torch.linalg.svd(X - X.mean(dim=0), full_matrices=False)
    return s[:k, None] * directions[:k], directions[:k].T, X.mean(dim=0)


@mistake("mean_over_features", "The mean is taken within each point. Take it over the points, axis 0.")
def linear_autoencoder(X, k):
    directions = torch.linalg.svd(X - X.mean(dim=1, keepdim=True), full_matrices=False).Vh[:k]
    return directions, directions.T, X.mean(dim=1)[: X.shape[1]]


@mistake("in_place", "X itself is centered (X -= ...): whoever passed it in loses the data. Compute X - mean as a new tensor.")
def linear_autoencoder(X, k):
    bias = X.mean(dim=0)
    X -= bias
    directions = torch.linalg.svd(X, full_matrices=False).Vh[:k]
    return directions, directions.T, bias


@mistake("two_values", "Three things are wanted: (encode, decode, bias). The mean belongs to the autoencoder too.")
def linear_autoencoder(X, k):
    directions = torch.linalg.svd(X - X.mean(dim=0), full_matrices=False).Vh[:k]
    return directions, directions.T


@mistake("no_return", "Nothing comes back: the function ends without a return.")
def linear_autoencoder(X, k):
    torch.linalg.svd(X - X.mean(dim=0), full_matrices=False)


@mistake("float64_for_all", "The answer is in float64 whatever X is: keep the dtype of X, or convert back before you return.")
def linear_autoencoder(X, k):
    bias = X.double().mean(dim=0)
    directions = torch.linalg.svd(X.double() - bias, full_matrices=False).Vh[:k]
    return directions, directions.T, bias


@mistake("float32_for_all", "The answer is in float32 whatever X is: float64 points lose digits. Keep the dtype of X.")
def linear_autoencoder(X, k):
    bias = X.mean(dim=0)
    directions = torch.linalg.svd(X - bias, full_matrices=False).Vh[:k]
    return directions.float(), directions.T.float(), bias.float()


@mistake(
    "inverse_of_the_covariance",
    "Something is inverted or factorized that has no inverse when there are fewer points than features. The SVD of X - mean needs none.",
)
def linear_autoencoder(X, k):
    bias = X.mean(dim=0)
    torch.linalg.cholesky((X - bias).T @ (X - bias))
    directions = torch.linalg.svd(X - bias, full_matrices=False).Vh[:k]
    return directions, directions.T, bias
