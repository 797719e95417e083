@alternative("slices")
def total_variation(x):
    n, c, h, w = x.shape
    rows = torch.abs(x[:, :, 1:, :] - x[:, :, :-1, :]).sum()
    columns = torch.abs(x[..., 1:] - x[..., :-1]).sum()
    return (rows + columns) / (n * c * h * w)


@alternative("convolution_with_groups")
def total_variation(x):
    pixels = x.flatten(0, 1)[:, None]
    kernel = x.new_tensor([-1.0, 1.0])
    total = x.new_zeros(())
    if x.shape[2] > 1:
        total = total + F.conv2d(pixels, kernel.view(1, 1, 2, 1)).abs().sum()
    if x.shape[3] > 1:
        total = total + F.conv2d(pixels, kernel.view(1, 1, 1, 2)).abs().sum()
    return total / x.numel()


@alternative("l1_losses")
def total_variation(x):
    down = F.l1_loss(x[:, :, 1:], x[:, :, :-1], reduction="sum")
    return down / x.numel() + F.l1_loss(x[:, :, :, 1:], x[:, :, :, :-1], reduction="sum") / x.numel()
