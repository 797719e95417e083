@mistake("transposed", "The grid runs down the columns. Run along the rows: z_0 changes first.")
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(-limit, limit, n)
    return torch.stack([a.repeat_interleave(n), a.flip(0).repeat(n)], dim=1)


@mistake("flipped", "The rows start at the bottom. In a picture the top comes first: z_1 starts at +limit.")
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(-limit, limit, n)
    return torch.stack([a.repeat(n), a.repeat_interleave(n)], dim=1)


@mistake("columns_exchanged", "The two columns are exchanged: the first is z_0, which grows to the right.")
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(-limit, limit, n)
    return torch.stack([a.flip(0).repeat_interleave(n), a.repeat(n)], dim=1)


@mistake(
    "end_left_out",
    "The last point of each side is left out: arange stops before the end. Both -limit and limit belong to the grid.",
)
def latent_grid(n=15, limit=4.0):
    a = torch.arange(n) * (2 * limit / n) - limit
    return torch.stack([a.repeat(n), -a.repeat_interleave(n)], dim=1)


@mistake("mirrored", "z_0 falls from left to right. It grows to the right: only z_1 is turned round.")
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(limit, -limit, n)
    return torch.stack([a.repeat(n), a.repeat_interleave(n)], dim=1)


@mistake("limit_ignored", "The grid reaches to -1 and 1, whatever limit is. It reaches to -limit and limit.")
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(-1, 1, n)
    return torch.stack([a.repeat(n), -a.repeat_interleave(n)], dim=1)


@mistake(
    "odd_sizes_only",
    "The points are counted out from the middle, which works for odd n alone. For even n no point lies in the middle: linspace.",
)
def latent_grid(n=15, limit=4.0):
    half = n // 2
    a = torch.arange(-half, half + 1) * (limit / half)
    return torch.stack([a.repeat(len(a)), -a.repeat_interleave(len(a))], dim=1)


@mistake(
    "cartesian_product",
    "cartesian_prod(a, a) starts at (-limit, -limit) and changes z_1 first. "
    "The first point is (-limit, limit), the top left, and z_0 changes first.",
)
def latent_grid(n=15, limit=4.0):
    a = torch.linspace(-limit, limit, n)
    return torch.cartesian_prod(a, a)
