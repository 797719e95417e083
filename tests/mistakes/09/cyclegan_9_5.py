@mistake("cycle_squared", "The distances are squared (L2). Wanted are absolute values, L1: squares blur.")
def cycle_loss(x, x_back, y, y_back):
    return F.mse_loss(x_back, x) + F.mse_loss(y_back, y)


@mistake("identity_squared", "The distances are squared (L2). Wanted are absolute values, L1: squares blur.")
def identity_loss(x, x_same, y, y_same):
    return F.mse_loss(x_same, x) + F.mse_loss(y_same, y)


@mistake("cycle_sum", "The absolute values are summed over all pixels. Wanted is their mean, for each domain.")
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(x_back, x, reduction="sum") + F.l1_loss(y_back, y, reduction="sum")


@mistake("identity_sum", "The absolute values are summed over all pixels. Wanted is their mean, for each domain.")
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(x_same, x, reduction="sum") + F.l1_loss(y_same, y, reduction="sum")


@mistake("cycle_first_domain_alone", "The second domain is forgotten: only the images x count. Both domains do.")
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(x_back, x)


@mistake("identity_first_domain_alone", "The second domain is forgotten: only the images x count. Both domains do.")
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(x_same, x)


@mistake(
    "cycle_second_domain_alone", "The first domain is forgotten, or x_back is detached: only the images y teach. Both domains do."
)
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(y_back, y)


@mistake(
    "identity_second_domain_alone",
    "The first domain is forgotten, or x_same is detached: only the images y teach. Both domains do.",
)
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(y_same, y)


@mistake("cycle_halved", "The mean of both domains is returned. Wanted is their sum.")
def cycle_loss(x, x_back, y, y_back):
    return (F.l1_loss(x_back, x) + F.l1_loss(y_back, y)) / 2


@mistake("identity_halved", "The mean of both domains is returned. Wanted is their sum.")
def identity_loss(x, x_same, y, y_same):
    return (F.l1_loss(x_same, x) + F.l1_loss(y_same, y)) / 2


@mistake("cycle_pooled", "The pixels of both domains are put together before the mean. Each domain has a mean of its own.")
def cycle_loss(x, x_back, y, y_back):
    return torch.cat([(x_back - x).abs().flatten(), (y_back - y).abs().flatten()]).mean() * 2


@mistake("identity_pooled", "The pixels of both domains are put together before the mean. Each domain has a mean of its own.")
def identity_loss(x, x_same, y, y_same):
    return torch.cat([(x_same - x).abs().flatten(), (y_same - y).abs().flatten()]).mean() * 2


@mistake("cycle_per_image", "The absolute values are summed over the pixels of an image, and averaged over the images alone.")
def cycle_loss(x, x_back, y, y_back):
    return (x_back - x).abs().flatten(1).sum(1).mean() + (y_back - y).abs().flatten(1).sum(1).mean()


@mistake("identity_per_image", "The absolute values are summed over the pixels of an image, and averaged over the images alone.")
def identity_loss(x, x_same, y, y_same):
    return (x_same - x).abs().flatten(1).sum(1).mean() + (y_same - y).abs().flatten(1).sum(1).mean()


@mistake("cycle_signed", "Differences are averaged without absolute values: pixels too bright make up for pixels too dark.")
def cycle_loss(x, x_back, y, y_back):
    return (x_back - x).mean() + (y_back - y).mean()


@mistake("identity_signed", "Differences are averaged without absolute values: pixels too bright make up for pixels too dark.")
def identity_loss(x, x_same, y, y_same):
    return (x_same - x).mean() + (y_same - y).mean()


@mistake("cycle_absolute_of_the_mean", "The absolute value is taken of the mean. Wanted is the mean of the absolute values.")
def cycle_loss(x, x_back, y, y_back):
    return (x_back - x).mean().abs() + (y_back - y).mean().abs()


@mistake("identity_absolute_of_the_mean", "The absolute value is taken of the mean. Wanted is the mean of the absolute values.")
def identity_loss(x, x_same, y, y_same):
    return (x_same - x).mean().abs() + (y_same - y).mean().abs()


@mistake("cycle_norm", "That is the Euclidean norm of the difference. L1 is the sum of absolute values, here over their number.")
def cycle_loss(x, x_back, y, y_back):
    return (x_back - x).norm() + (y_back - y).norm()


@mistake(
    "identity_norm", "That is the Euclidean norm of the difference. L1 is the sum of absolute values, here over their number."
)
def identity_loss(x, x_same, y, y_same):
    return (x_same - x).norm() + (y_same - y).norm()


@mistake("cycle_smooth", "smooth_l1_loss is squared near 0. Wanted is the plain absolute value.")
def cycle_loss(x, x_back, y, y_back):
    return F.smooth_l1_loss(x_back, x) + F.smooth_l1_loss(y_back, y)


@mistake("identity_smooth", "smooth_l1_loss is squared near 0. Wanted is the plain absolute value.")
def identity_loss(x, x_same, y, y_same):
    return F.smooth_l1_loss(x_same, x) + F.smooth_l1_loss(y_same, y)


@mistake(
    "cycle_domains_crossed", "The domains are crossed: an image x is compared with what was made of y. Compare x with its own."
)
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(y_back, x) + F.l1_loss(x_back, y)


@mistake(
    "identity_domains_crossed", "The domains are crossed: an image x is compared with what was made of y. Compare x with its own."
)
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(y_same, x) + F.l1_loss(x_same, y)


@mistake("cycle_detached", "No gradient reaches what the generators have made: it is detached.")
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(x_back.detach(), x) + F.l1_loss(y_back.detach(), y)


@mistake("identity_detached", "No gradient reaches what the generators have made: it is detached.")
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(x_same.detach(), x) + F.l1_loss(y_same.detach(), y)


@mistake("cycle_float32", "float64 comes back as float32.")
def cycle_loss(x, x_back, y, y_back):
    return (F.l1_loss(x_back, x) + F.l1_loss(y_back, y)).float()


@mistake("identity_float32", "float64 comes back as float32.")
def identity_loss(x, x_same, y, y_same):
    return (F.l1_loss(x_same, x) + F.l1_loss(y_same, y)).float()


@mistake("cycle_overwrites", "What was passed in is overwritten (sub_, -=): compute a new tensor.")
def cycle_loss(x, x_back, y, y_back):
    with torch.no_grad():
        x_back -= x
    return x_back.abs().mean() + F.l1_loss(y_back, y)


@mistake("identity_overwrites", "What was passed in is overwritten (sub_, -=): compute a new tensor.")
def identity_loss(x, x_same, y, y_same):
    with torch.no_grad():
        x_same -= x
    return x_same.abs().mean() + F.l1_loss(y_same, y)


@mistake("cycle_difference", "The two domains are subtracted from each other. Both count: add them.")
def cycle_loss(x, x_back, y, y_back):
    return F.l1_loss(x_back, x) - F.l1_loss(y_back, y)


@mistake("identity_difference", "The two domains are subtracted from each other. Both count: add them.")
def identity_loss(x, x_same, y, y_same):
    return F.l1_loss(x_same, x) - F.l1_loss(y_same, y)


@mistake(
    "cycle_root_of_square",
    "The absolute value is written as the root of the square: where nothing is off its gradient is NaN. Take abs().",
)
def cycle_loss(x, x_back, y, y_back):
    return ((x_back - x) ** 2).sqrt().mean() + ((y_back - y) ** 2).sqrt().mean()


@mistake(
    "identity_root_of_square",
    "The absolute value is written as the root of the square: where nothing is off its gradient is NaN. Take abs().",
)
def identity_loss(x, x_same, y, y_same):
    return ((x_same - x) ** 2).sqrt().mean() + ((y_same - y) ** 2).sqrt().mean()
