@mistake("unbiased", "The variance is divided by H W - 1, as torch does without a word. Here by H W: correction=0.")
def instance_norm(x, eps=1e-5):
    return (x - x.mean(dim=(2, 3), keepdim=True)) / (x.var(dim=(2, 3), keepdim=True) + eps).sqrt()


@mistake(
    "over_the_batch",
    "Mean and variance run over the batch as well: that is batch normalization. An instance is one image: axes 2 and 3 alone.",
)
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake(
    "over_the_channels", "Mean and variance run over the channels, too: that is layer normalization. Each channel has its own."
)
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(1, 2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake(
    "over_each_pixels_channels", "Mean and variance are those of a pixel over its channels (axis 1). Wanted are axes 2 and 3."
)
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=1, correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake("over_each_row", "Each row of pixels is normalized by itself: the mean runs over axis 3 alone, not over 2 and 3.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=3, correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake("eps_outside_the_root", "eps is added to the standard deviation. It belongs to the variance, under the root.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance.sqrt() + eps)


@mistake("no_root", "It is divided by the variance, not by its root.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps)


@mistake("not_divided", "The mean is taken away, but nothing is divided by the standard deviation.")
def instance_norm(x, eps=1e-5):
    return x - x.mean(dim=(2, 3), keepdim=True)


@mistake("mean_stays", "It is divided by the standard deviation, but the mean is not taken away.")
def instance_norm(x, eps=1e-5):
    return x / (x.var(dim=(2, 3), correction=0, keepdim=True) + eps).sqrt()


@mistake("mean_square", "It is divided by the root of the mean square of x. The variance is that of x minus its mean.")
def instance_norm(x, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    return (x - mean) / (x.square().mean(dim=(2, 3), keepdim=True) + eps).sqrt()


@mistake(
    "mean_of_squares_minus_square", "The variance as the mean of squares minus the squared mean: far from 0 rounding eats it."
)
def instance_norm(x, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = (x * x).mean(dim=(2, 3), keepdim=True) - mean * mean
    return (x - mean) / (variance.clamp(min=0) + eps).sqrt()


@mistake("no_eps", "eps is not used: a channel that is constant is divided by 0.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / variance.sqrt()


@mistake("eps_ignored", "The eps that is given is ignored: 1e-5 is added whatever is asked for.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + 1e-5).sqrt()


@mistake("default_eps", "Without a word eps is 1e-5, as in the signature (1e-3 is that of Keras).")
def instance_norm(x, eps=1e-3):
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake("absolute_deviation", "It is divided by the mean absolute deviation. Wanted is the root of the mean squared one.")
def instance_norm(x, eps=1e-5):
    centered = x - x.mean(dim=(2, 3), keepdim=True)
    return centered / (centered.abs().mean(dim=(2, 3), keepdim=True) + eps)


@mistake(
    "statistics_detached", "Mean and variance are computed without a gradient: they depend on x, and the gradient has to know."
)
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x.detach(), dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake("overwrites_its_input", "x is overwritten (x -= mean, x /= ...): whoever gave it finds another image.")
def instance_norm(x, eps=1e-5):
    variance, mean = torch.var_mean(x.detach(), dim=(2, 3), correction=0, keepdim=True)
    with torch.no_grad():
        x -= mean
        x /= (variance + eps).sqrt()
    return x.clone()


@mistake("float32", "float64 comes back as float32: something is converted on the way.")
def instance_norm(x, eps=1e-5):
    x = x.float()
    variance, mean = torch.var_mean(x, dim=(2, 3), correction=0, keepdim=True)
    return (x - mean) / (variance + eps).sqrt()


@mistake("flattened", "The pixels come back in a row: the shape is (N, C, H W), not (N, C, H, W).")
def instance_norm(x, eps=1e-5):
    rows = x.flatten(2)
    return (rows - rows.mean(dim=2, keepdim=True)) / (rows.var(dim=2, correction=0, keepdim=True) + eps).sqrt()


@mistake(
    "root_then_square",
    "The root is taken of the bare variance and squared again: in a constant channel its gradient is NaN. Root once, of variance + eps.",
)
def instance_norm(x, eps=1e-5):
    mean = x.mean(dim=(2, 3), keepdim=True)
    deviation = (x - mean).square().mean(dim=(2, 3), keepdim=True).sqrt()
    return (x - mean) / torch.sqrt(deviation**2 + eps)


@mistake(
    "librarys_function_alone",
    "F.instance_norm refuses images of a single pixel. Write the formula out, or give 0 for them: one pixel is its own mean.",
)
def instance_norm(x, eps=1e-5):
    return F.instance_norm(x, eps=eps)


@mistake("view", "view raises for images that do not lie in memory in order (channels last, a slice). reshape takes them all.")
def instance_norm(x, eps=1e-5):
    rows = x.view(x.shape[0], x.shape[1], -1)
    variance, mean = torch.var_mean(rows, dim=2, correction=0, keepdim=True)
    return ((rows - mean) / torch.sqrt(variance + eps)).view(x.shape)
