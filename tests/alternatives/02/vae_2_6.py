@alternative("loops")
def latent_grid(n=15, limit=4.0):
    step = 2 * limit / (n - 1)
    return torch.tensor([[-limit + j * step, limit - i * step] for i in range(n) for j in range(n)])


@alternative("cartesian_product")
def latent_grid(n=15, limit=4.0):
    down, right = torch.linspace(limit, -limit, n), torch.linspace(-limit, limit, n)
    return torch.cartesian_prod(down, right).flip(1)
