@alternative("masked")
def kernel_distance(x, y):
    d = x.shape[1]

    def within(z):
        off_diagonal = ~torch.eye(len(z), dtype=torch.bool)
        return ((z @ z.T / d + 1) ** 3)[off_diagonal].mean()

    return within(x) + within(y) - 2 * ((x @ y.T / d + 1) ** 3).mean()


@alternative("upper_triangle")
def kernel_distance(x, y):
    def within(z):
        i, j = torch.triu_indices(len(z), len(z), offset=1)
        return ((z[i].double() * z[j].double()).mean(dim=1) + 1).pow(3).mean()

    across = (torch.einsum("id,jd->ij", x.double(), y.double()) / x.shape[1] + 1).pow(3)
    return torch.as_tensor(within(x) + within(y) - 2 * across.mean(), dtype=x.dtype)
