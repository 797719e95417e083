@alternative("one_direction_after_the_other")
def sliced_wasserstein(x, y, directions):
    total = 0.0
    for theta in directions:
        a, _ = torch.sort((x * theta).sum(dim=1))
        b, _ = torch.sort((y * theta).sum(dim=1))
        total = total + torch.mean((a - b) ** 2)
    return total / len(directions)


@alternative("downwards")
def sliced_wasserstein(x, y, directions):
    a = torch.einsum("kd,nd->kn", directions, x).sort(dim=-1, descending=True).values
    b = torch.einsum("kd,nd->kn", directions, y).sort(dim=-1, descending=True).values
    return nn.functional.mse_loss(a, b)


@alternative("argsort_and_gather")
def sliced_wasserstein(x, y, directions):
    a, b = x @ directions.mT, y @ directions.mT
    # Sample i of x is drawn to the one of y that has the same rank.
    ranks = a.argsort(dim=0).argsort(dim=0)
    partners = b.gather(0, b.argsort(dim=0)).gather(0, ranks)
    return (a - partners).square().sum() / a.numel()
