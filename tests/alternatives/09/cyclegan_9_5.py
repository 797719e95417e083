@alternative("by_hand")
def cycle_loss(x, x_back, y, y_back):
    return (x_back - x).abs().mean() + (y_back - y).abs().mean()


@alternative("by_hand")
def identity_loss(x, x_same, y, y_same):
    return (x_same - x).abs().mean() + (y_same - y).abs().mean()


@alternative("norms")
def cycle_loss(x, x_back, y, y_back):
    return torch.norm(x - x_back, p=1) / x.numel() + torch.norm(y - y_back, p=1) / y.numel()


@alternative("norms")
def identity_loss(x, x_same, y, y_same):
    losses = [nn.L1Loss()(same, image) for same, image in ((x_same, x), (y_same, y))]
    return torch.stack(losses).sum()
