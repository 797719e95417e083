@alternative("cumulative_sums")
def emd_1d(p, q):
    return torch.linalg.vector_norm(torch.cumsum(p, -1) - torch.cumsum(q, -1), ord=1, dim=-1)


@alternative("from_the_right")
def emd_1d(p, q):
    surplus = (q - p).flip(-1).cumsum(dim=-1)[..., :-1]
    return surplus.abs().sum(dim=-1)


@alternative("a_loop_over_places")
def emd_1d(p, q):
    carried = torch.zeros_like(p[..., 0])
    total = torch.zeros_like(carried)
    for k in range(p.shape[-1]):
        carried = carried + p[..., k] - q[..., k]
        total = total + carried.abs()
    return total


@alternative("triangular_matrix")
def emd_1d(p, q):
    ones = torch.ones(p.shape[-1], p.shape[-1], dtype=p.dtype).triu()
    return ((p - q) @ ones).abs().sum(-1)
