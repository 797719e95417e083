@mistake("squares", "The differences are squared: then an edge costs more than a ramp of the same height. Wanted is |.|.")
def total_variation(x):
    return (x.diff(dim=2).square().sum() + x.diff(dim=3).square().sum()) / x.numel()


@mistake("across_alone", "Only neighbors across, along a row, are compared. Those down, along a column, count, too.")
def total_variation(x):
    return x.diff(dim=3).abs().sum() / x.numel()


@mistake("down_alone", "Only neighbors down, along a column, are compared. Those across, along a row, count, too.")
def total_variation(x):
    return x.diff(dim=2).abs().sum() / x.numel()


@mistake("circular", "roll goes around: the last pixel of a row gets the first one as its neighbor.")
def total_variation(x):
    return ((x - x.roll(1, 2)).abs().sum() + (x - x.roll(1, 3)).abs().sum()) / x.numel()


@mistake(
    "means",
    "Each kind of neighbors is averaged over its own pairs. The two sums are divided by the N C H W numbers of x, both.",
)
def total_variation(x):
    return x.diff(dim=2).abs().mean() + x.diff(dim=3).abs().mean()


@mistake("not_divided", "The differences are added up and not divided by N C H W.")
def total_variation(x):
    return x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()


@mistake("divided_by_pictures", "The sum is divided by the number of pictures alone. Wanted is N C H W.")
def total_variation(x):
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / len(x)


@mistake("divided_by_pixels", "The sum is divided by N H W and not by the number of channels, too.")
def total_variation(x):
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / x[:, 0].numel()


@mistake("divided_without_the_batch", "The sum is divided by C H W: pictures of a batch are added up, not averaged.")
def total_variation(x):
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / x[0].numel()


@mistake("halved", "The sum of the two kinds is halved: it is divided by N C H W alone.")
def total_variation(x):
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / (2 * x.numel())


@mistake("isotropic", "The root of the two squared differences is taken (the isotropic form). Here absolute values are added.")
def total_variation(x):
    down = F.pad(x.diff(dim=2), (0, 0, 0, 1))
    across = F.pad(x.diff(dim=3), (0, 1))
    return torch.hypot(down, across).sum() / x.numel()


@mistake("signed", "The differences keep their signs: up and down cancel. Wanted are absolute values.")
def total_variation(x):
    return (x.diff(dim=2).sum() + x.diff(dim=3).sum()) / x.numel()


@mistake("absolute_of_the_sum", "The absolute value is taken of the sum. Each difference has its own.")
def total_variation(x):
    return (x.diff(dim=2).sum().abs() + x.diff(dim=3).sum().abs()) / x.numel()


@mistake("channels_too", "Channels are compared as if they were neighbors: only pixels are, across and down.")
def total_variation(x):
    return sum(x.diff(dim=axis).abs().sum() for axis in (1, 2, 3)) / x.numel()


@mistake("diagonals_too", "Diagonal neighbors are compared, too: only those across and down count.")
def total_variation(x):
    diagonal = (x[:, :, 1:, 1:] - x[:, :, :-1, :-1]).abs().sum()
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum() + diagonal) / x.numel()


@mistake("zero_padded", "Beyond the border there is a 0 for a neighbor: the border itself counts as an edge.")
def total_variation(x):
    x, n = F.pad(x, (1, 1, 1, 1)), x.numel()
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / n


@mistake("from_the_mean", "The distance of each pixel from the mean is measured: that is contrast, not flicker.")
def total_variation(x):
    return (x - x.mean(dim=(2, 3), keepdim=True)).abs().mean()


@mistake("next_but_one", "Pixels are compared with the next but one (x[2:] - x[:-2]). Neighbors are one apart.")
def total_variation(x):
    down, across = x[:, :, 2:] - x[:, :, :-2], x[:, :, :, 2:] - x[:, :, :, :-2]
    return (down.abs().sum() + across.abs().sum()) / x.numel()


@mistake("overwrites", "The picture is overwritten (-=, sub_).")
def total_variation(x):
    found = (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / x.numel()
    x.data[:, :, 1:] -= x.data[:, :, :-1].clone()
    return found


@mistake("no_gradient", "The gradient is cut off (detach, no_grad, item).")
def total_variation(x):
    x = x.detach()
    return (x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / x.numel()


@mistake("float32", "The result is float32 though the picture is float64.")
def total_variation(x):
    return ((x.diff(dim=2).abs().sum() + x.diff(dim=3).abs().sum()) / x.numel()).float()


@mistake(
    "root_of_square",
    "The absolute value is written as the root of the square: where neighbors are equal its gradient is NaN. Take abs().",
)
def total_variation(x):
    down, across = x[:, :, 1:] - x[:, :, :-1], x[..., 1:] - x[..., :-1]
    return ((down**2).sqrt().sum() + (across**2).sqrt().sum()) / x.numel()


@mistake(
    "isotropic_inside", "The root of the two squared differences is taken (the isotropic form). Here absolute values are added."
)
def total_variation(x):
    down, across = x.diff(dim=2)[..., :-1], x.diff(dim=3)[..., :-1, :]
    return torch.hypot(down, across).sum() / x.numel()


@mistake("last_row_and_column_left_out", "Both kinds of differences are cut to H - 1 and W - 1: pairs at the border are missing.")
def total_variation(x):
    return (x.diff(dim=2)[..., :-1].abs().sum() + x.diff(dim=3)[..., :-1, :].abs().sum()) / x.numel()


@mistake("channels_and_rows", "The differences run over channels and rows (axes 1 and 2). Neighbors are in axes 2 and 3.")
def total_variation(x):
    return (x.diff(dim=1).abs().sum() + x.diff(dim=2).abs().sum()) / x.numel()
