@mistake("not_squared", "The kernel is x . y, not its square: with it only the means of the samples count.")
def polynomial_mmd(a, b):
    return (a @ a.T).mean() + (b @ b.T).mean() - 2 * (a @ b.T).mean()


@mistake(
    "mean_then_square",
    "The mean of x . y is squared. Each product is squared first, and then comes the mean.",
)
def polynomial_mmd(a, b):
    return (a @ a.T).mean() ** 2 + (b @ b.T).mean() ** 2 - 2 * (a @ b.T).mean() ** 2


@mistake("unbiased", "The pairs of a vector with itself are left out (the unbiased form). Here all n^2 pairs count.")
def polynomial_mmd(a, b):
    def within(x):
        k, n = (x @ x.T).square(), len(x)
        return (k.sum() - k.diagonal().sum()) / max(n * (n - 1), 1)

    return within(a) + within(b) - 2 * (a @ b.T).square().mean()


@mistake("sums", "The kernel is added up and not divided by the numbers of pairs, n^2, m^2 and n m.")
def polynomial_mmd(a, b):
    return (a @ a.T).square().sum() + (b @ b.T).square().sum() - 2 * (a @ b.T).square().sum()


@mistake("divided_by_n", "The sums are divided by n and m, not by the numbers of pairs, n^2, m^2 and n m.")
def polynomial_mmd(a, b):
    n, m = len(a), len(b)
    cross = (a @ b.T).square().sum() / (n * m) ** 0.5
    return (a @ a.T).square().sum() / n + (b @ b.T).square().sum() / m - 2 * cross


@mistake("n_for_m", "All sums are divided by the n^2 of the first sample: the second has m vectors, not n.")
def polynomial_mmd(a, b):
    n = len(a)
    return ((a @ a.T).square().sum() + (b @ b.T).square().sum() - 2 * (a @ b.T).square().sum()) / n**2


@mistake("cross_once", "The pairs of a with b count twice: minus 2 times their mean, not once.")
def polynomial_mmd(a, b):
    return (a @ a.T).square().mean() + (b @ b.T).square().mean() - (a @ b.T).square().mean()


@mistake("cross_added", "The mean of k(a, b) is added, not taken away.")
def polynomial_mmd(a, b):
    return (a @ a.T).square().mean() + (b @ b.T).square().mean() + 2 * (a @ b.T).square().mean()


@mistake("root", "That is the MMD itself. Wanted is its square: no root.")
def polynomial_mmd(a, b):
    found = (a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a @ b.T).square().mean()
    return found.clamp(min=0).sqrt()


@mistake("with_a_constant", "The kernel is (x . y + 1)^2: another polynomial. Here nothing is added.")
def polynomial_mmd(a, b):
    return (a @ a.T + 1).square().mean() + (b @ b.T + 1).square().mean() - 2 * (a @ b.T + 1).square().mean()


@mistake(
    "divided_by_d",
    "The result is d^2 times too small: the products are divided by the length d of the vectors (the kernel of the KID), or d x d "
    "entries are averaged and not summed.",
)
def polynomial_mmd(a, b):
    d = a.shape[1]
    return ((a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a @ b.T).square().mean()) / d**2


@mistake("cubed", "The products are taken to the third power, as in the kernel of the KID. Here they are squared.")
def polynomial_mmd(a, b):
    return (a @ a.T).pow(3).mean() + (b @ b.T).pow(3).mean() - 2 * (a @ b.T).pow(3).mean()


@mistake("squared_distances", "The kernel is the squared distance of two vectors. Wanted is their squared product, (x . y)^2.")
def polynomial_mmd(a, b):
    def k(x, y):
        return (x[:, None] - y[None]).square().sum(dim=2).mean()

    return k(a, a) + k(b, b) - 2 * k(a, b)


@mistake("squares_of_the_entries", "The vectors' entries are squared, (x^2) . (y^2). Wanted is the square of the sum, (x . y)^2.")
def polynomial_mmd(a, b):
    a, b = a**2, b**2
    return (a @ a.T).mean() + (b @ b.T).mean() - 2 * (a @ b.T).mean()


@mistake("dimensions_with_dimensions", "a' a instead of a a': entries are multiplied with entries, not vectors with vectors.")
def polynomial_mmd(a, b):
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    return (a.T @ a).square().mean() + (b.T @ b).square().mean() - 2 * (a.T @ b).square().mean()


@mistake("pairs_in_order", "Only a_i with b_i is compared. Every a_i meets every b_j.")
def polynomial_mmd(a, b):
    n = min(len(a), len(b))
    return (a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a[:n] * b[:n]).sum(dim=1).square().mean()


@mistake("overwrites", "A sample that was given is overwritten (-=, mul_): compute new tensors.")
def polynomial_mmd(a, b):
    found = (a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a @ b.T).square().mean()
    with torch.no_grad():
        a.data -= a.data.mean(dim=0)
    return found


@mistake("no_gradient", "The gradient is cut off (detach, no_grad, item): nothing could be learned by this distance.")
def polynomial_mmd(a, b):
    with torch.no_grad():
        return (a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a @ b.T).square().mean()


@mistake("float32", "The result is float32 though the samples are float64.")
def polynomial_mmd(a, b):
    a, b = a.float(), b.float()
    return (a @ a.T).square().mean() + (b @ b.T).square().mean() - 2 * (a @ b.T).square().mean()


@mistake(
    "pairs_with_itself_left_out",
    "The pairs of a vector with itself are left out, as in an unbiased estimate. Here all n^2 pairs count.",
)
def polynomial_mmd(a, b):
    def within(x):
        k, n = (x @ x.T).square(), len(x)
        return (k.sum() - k.diagonal().sum()) / (n * k.new_tensor(n - 1))

    return within(a) + within(b) - 2 * (a @ b.T).square().mean()
