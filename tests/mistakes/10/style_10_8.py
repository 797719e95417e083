@mistake(
    "roles_swapped",
    "Content and style are exchanged: what comes back is the style with the means and deviations of the content.",
)
def adain(content, style, eps=1e-5):
    content, style = style, content
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake(
    "statistics_swapped",
    "The content is normalized with the means and deviations of the style, and gets its own. The other way round.",
)
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - s_mean) / (s_variance + eps).sqrt()
    return normalized * (c_variance + eps).sqrt() + c_mean


@mistake("unbiased", "The variances are divided by H W - 1 (torch's default): use correction=0.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=1, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=1, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("unbiased_style", "The variance of the style is divided by H' W' - 1: use correction=0.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=1, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("unbiased_content", "The variance of the content is divided by H W - 1: use correction=0.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=1, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("variance_for_deviation", "The result is multiplied by the variance of the style. Wanted is its root.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps) + s_mean


@mistake("content_over_its_variance", "The content is divided by its variance. Wanted is the root.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps)
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("only_the_means", "The deviations are not taken over: only the means are exchanged.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    return content - c_mean + s_mean


@mistake("only_the_deviations", "The mean of the style is not added.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt()


@mistake("mean_of_the_content_kept", "The mean of the content is added in place of that of the style.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + c_mean


@mistake("mean_not_taken_away", "The mean of the content is not taken away first.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = content / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("mean_scaled", "The mean of the style is added before the multiplication, and so is scaled, too.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return (normalized + s_mean) * (s_variance + eps).sqrt()


@mistake(
    "over_the_batch",
    "Means and deviations are those of the whole batch, as in batch normalization. Each picture has its own.",
)
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(0, 2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(0, 2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("style_over_the_batch", "The style's means and deviations are those of the whole batch. Each picture has its own.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(0, 2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("over_the_channels", "Means and deviations are those of all channels together. Each channel has its own.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(1, 2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(1, 2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("over_the_rows", "Means and deviations are those of each row (dim=3), not of the picture.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=3, correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style.flatten(2)[:, :, None], dim=3, correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("first_style_for_all", "All pictures get the style of the first. Each has its own, unless there is one alone.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style[:1], dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("eps_outside_the_roots", "eps is added to the deviations, behind the roots. It belongs to the variances.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance.sqrt() + eps)
    return normalized * (s_variance.sqrt() + eps) + s_mean


@mistake("eps_not_in_the_style", "eps is missing under the root, in the deviation of the style.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * s_variance.sqrt() + s_mean


@mistake("eps_forgotten", "eps is missing: a channel without contrast gives 0 / 0.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / c_variance.sqrt()
    return normalized * s_variance.sqrt() + s_mean


@mistake("eps_ignored", "The argument eps is ignored: 1e-5, always.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + 1e-5).sqrt()
    return normalized * (s_variance + 1e-5).sqrt() + s_mean


@mistake(
    "scaled_to_the_range",
    "The content is brought into the style's range, from its smallest to its largest value. Wanted are mean and deviation.",
)
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    low, high = style.amin(dim=(2, 3), keepdim=True), style.amax(dim=(2, 3), keepdim=True)
    a, b = content.amin(dim=(2, 3), keepdim=True), content.amax(dim=(2, 3), keepdim=True)
    return (content - a) / (b - a + eps) * (high - low) + low


@mistake("absolute_deviation", "The mean absolute deviations are used. Wanted are roots of variances.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    c_spread = (content - c_mean).abs().mean(dim=(2, 3), keepdim=True) ** 2
    s_variance = (style - s_mean).abs().mean(dim=(2, 3), keepdim=True) ** 2
    normalized = (content - c_mean) / (c_spread + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("style_detached", "No gradient reaches the style: its means and deviations were detached.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style.detach(), dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("content_statistics_detached", "The means and deviations of the content were detached: its gradient is another one.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content.detach(), dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("overwrites", "The content that was given is overwritten (-=, sub_).")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    if not content.requires_grad:
        content -= c_mean
    return normalized * (s_variance + eps).sqrt() + s_mean


@mistake("float32", "The result is float32 though the features are float64.")
def adain(content, style, eps=1e-5):
    c_variance, c_mean = torch.var_mean(content, dim=(2, 3), correction=0, keepdim=True)
    s_variance, s_mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    normalized = (content - c_mean) / (c_variance + eps).sqrt()
    return (normalized * (s_variance + eps).sqrt() + s_mean).float()


@mistake(
    "root_then_square",
    "The root is taken of the bare variance and squared again: in a constant channel its gradient is NaN. Root once, of variance + eps.",
)
def adain(content, style, eps=1e-5):
    def deviation(x):
        return (x - x.mean(dim=(2, 3), keepdim=True)).square().mean(dim=(2, 3), keepdim=True).sqrt()

    wanted = (deviation(style) ** 2 + eps).sqrt()
    return instance_norm(content, eps) * wanted + style.mean(dim=(2, 3), keepdim=True)


@mistake(
    "mean_of_squares_minus_square",
    "The variance is the mean of squares minus the squared mean: for features far from 0 nothing is left of it in float32.",
)
def adain(content, style, eps=1e-5):
    mean = style.mean(dim=(2, 3), keepdim=True)
    variance = style.square().mean(dim=(2, 3), keepdim=True) - mean.square()
    return instance_norm(content, eps) * (variance + eps).sqrt() + mean


@mistake(
    "one_mean_for_all_channels",
    "Means and deviations of the style are taken over its channels, too. Each channel has its own: dim=(2, 3).",
)
def adain(content, style, eps=1e-05):
    _check_features(content=content, style=style)
    check_positive(eps=eps)
    if style.shape[1] != content.shape[1] or len(style) not in (1, len(content)):
        raise ValueError(
            f"style: got {describe(style)}, want as many channels as the content, {describe(content)}, of one or as many"
        )
    variance, mean = torch.var_mean(style, dim=(1, 2, 3), correction=0, keepdim=True)
    return instance_norm(content, eps) * (variance + eps).sqrt() + mean


@mistake("axes_lost", "Means or deviations have lost their axes: keepdim=True.")
def adain(content, style, eps=1e-05):
    _check_features(content=content, style=style)
    check_positive(eps=eps)
    if style.shape[1] != content.shape[1] or len(style) not in (1, len(content)):
        raise ValueError(
            f"style: got {describe(style)}, want as many channels as the content, {describe(content)}, of one or as many"
        )
    variance, mean = torch.var_mean(style, dim=(2, 3), correction=0)
    return instance_norm(content, eps) * (variance + eps).sqrt() + mean


@mistake("eps_not_handed_on", "eps is not handed on to instance_norm.")
def adain(content, style, eps=1e-05):
    _check_features(content=content, style=style)
    check_positive(eps=eps)
    if style.shape[1] != content.shape[1] or len(style) not in (1, len(content)):
        raise ValueError(
            f"style: got {describe(style)}, want as many channels as the content, {describe(content)}, of one or as many"
        )
    variance, mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    return instance_norm(content) * (variance + eps).sqrt() + mean


@mistake("deviation_left_out", "The content gets the means of the style, and not its deviations.")
def adain(content, style, eps=1e-05):
    _check_features(content=content, style=style)
    check_positive(eps=eps)
    if style.shape[1] != content.shape[1] or len(style) not in (1, len(content)):
        raise ValueError(
            f"style: got {describe(style)}, want as many channels as the content, {describe(content)}, of one or as many"
        )
    variance, mean = torch.var_mean(style, dim=(2, 3), correction=0, keepdim=True)
    return instance_norm(content, eps) + mean
