@mistake("means_left", "The means of the filters are not taken away: they answer to bright areas, not to what is in them.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("mean_of_the_whole_filter", "One mean is taken away from the whole filter. Each of its channels has a mean of its own.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(1, 2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("mean_over_the_filters", "The mean over the filters is taken away (dim=0), not that over the pixels of each.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=0, keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("mean_over_the_channels", "The mean over the channels is taken away (dim=1), not that over the pixels of each channel.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=1, keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("not_normalized", "The filters are not divided by their norms.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "norm_of_each_channel",
    "Each channel of a filter is divided by a norm of its own. The filter has one norm, over all its channels.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(2).norm(dim=2)[:, :, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("norm_of_all_filters", "All filters together are divided by one norm. Each has its own.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.norm()
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("norm_squared", "The filters are divided by their squared norms: the root is missing.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.square().sum(dim=(1, 2, 3), keepdim=True)
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "norm_absolute",
    "The filters are divided by the sums of their absolute values. Wanted is the root of the sum of squares.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.abs().sum(dim=(1, 2, 3), keepdim=True)
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "norm_before_the_means",
    "The filters are divided by their norms first, and then lose their means: they are shorter then. The other way round.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "drawn_anew",
    "Other filters are drawn for each level. They are drawn once: a pattern and its larger copy are found by the same filter.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
            filters = filters - filters.mean(dim=(2, 3), keepdim=True)
            filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("global_generator", "The filters are drawn by torch's global generator: pass generator=generator to torch.randn.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("fixed_seed", "A seed is set within the function: every call has the same filters, whatever the generator.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=torch.Generator().manual_seed(0)).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("uniform", "The filters are drawn by torch.rand, uniformly from [0, 1]. Wanted is torch.randn, N(0, 1).")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.rand(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "one_by_one",
    "The filters are drawn one by one, or in another shape: other numbers than those of one call of torch.randn.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    rows = [torch.randn(x.shape[1], kernel, kernel, generator=generator) for _ in range(n_filters)]
    filters = torch.stack(rows).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("no_relu", "The ReLU is missing: without it a Gram matrix sees only what a linear filter gives.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters)
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("absolute", "The absolute value is taken in place of the ReLU.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).abs()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "relu_of_everything",
    "The ReLU is taken of the level itself, too: its negative values are lost. Only what the filters find goes through it.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x.relu(), torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("zero_borders", "The borders are padded with zeros: the edge of the picture looks like an edge in it. Reflect them.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4)
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("replicated_borders", "The last pixel is repeated beyond the border (replicate). Wanted is reflect.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="replicate")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("circular_borders", "Beyond the border the picture begins anew (circular). Wanted is reflect.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="circular")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("no_borders", "Nothing is padded: the features are smaller than the picture by kernel - 1.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        strong = F.conv2d(x, filters).relu()
        cut = x[:, :, kernel // 2 : x.shape[2] - kernel // 2, kernel // 2 : x.shape[3] - kernel // 2]
        found.append(torch.cat([strong, cut, torch.ones_like(cut[:, :1])], dim=1))
    return found


@mistake("not_halved", "The picture is never halved: all levels have its full size.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for _ in range(levels):
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("every_other_pixel", "Every other pixel is taken for the next level. Wanted is the mean of 2 x 2 pixels.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = x[:, :, : x.shape[2] // 2 * 2 : 2, : x.shape[3] // 2 * 2 : 2]
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("maximum", "The largest of 2 x 2 pixels is taken for the next level. Wanted is their mean.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.max_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("halved_at_once", "The picture is halved before the first level, too. Level 0 is the picture itself.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for _ in range(levels):
        x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("always_from_the_picture", "Each level is the picture halved once. It is to be the level before, halved.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found, picture = [], x
    for level in range(levels):
        if level:
            x = F.avg_pool2d(picture, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("quartered", "Each level has a quarter of the sides of the one before. Halve them.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 4)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("filtered_again", "The features of a level are made of those of the level before. They are made of the smaller picture.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        blurred = x
        if level:
            x = F.avg_pool2d(blurred, 3, 1, 1)
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("ones_forgotten", "The channel of ones is missing: it is what a Gram matrix knows means by.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x], dim=1))
    return found


@mistake("zeros_for_ones", "The last channel is 0 in place of 1.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.zeros_like(x[:, :1])], dim=1))
    return found


@mistake("level_forgotten", "The level itself is missing among the channels: no color is known then.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("the_picture_first", "The channels are in another order: first what the filters find, then the level, then ones.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([x, strong, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("ones_before_the_level", "The ones come before the level. They are the last channel.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, torch.ones_like(x[:, :1]), x], dim=1))
    return found


@mistake("three_channels_of_ones", "There are as many channels of ones as colors. One is enough.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x)], dim=1))
    return found


@mistake("one_level_less", "One level is missing: there are to be `levels` of them, the picture among them.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(max(levels - 1, 1)):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake(
    "turned_filters",
    "The filters are turned by 180 degrees (a convolution in the mathematical sense). torch's conv2d does not turn them.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters.flip(2, 3)).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("no_gradient", "No gradient reaches the picture: it was computed under no_grad, or detached.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found, x = [], x.detach()
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("float32", "Features of a float64 picture are float32.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found, x, filters = [], x.float(), filters.float()
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("overwrites", "The picture that was given is overwritten (in place, such as relu_ or x -= mean).")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    x.data -= x.data.mean()
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("defaults", "The defaults are others than in the signature.")
def random_filter_features(x, n_filters=32, kernel=5, levels=3, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("first_channel_alone", "Only the first color is filtered.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded[:, :1], filters[:, :1]).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found


@mistake("tuple_of_the_last", "Only the last level is returned. Wanted is a list of all levels.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    found = []
    for level in range(levels):
        if level:
            x = F.avg_pool2d(x, 2)
        padded = F.pad(x, [kernel // 2] * 4, mode="reflect")
        strong = F.conv2d(padded, filters).relu()
        found.append(torch.cat([strong, x, torch.ones_like(x[:, :1])], dim=1))
    return found[-1]


@mistake(
    "mean_of_all_filters",
    "One mean is taken away from all filters together. Each channel of each filter has its own: dim=(2, 3).",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean()
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake("axes_lost", "The means or the norms have lost their axes: keepdim=True, or [:, None, None, None].")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3))
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake(
    "normalized_along_the_channels",
    "F.normalize goes along the channels (dim=1), pixel by pixel. The norm is that of the whole filter: flatten(1) first.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = F.normalize(filters)
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake(
    "standard_deviations",
    "The filters are divided by their standard deviations. Wanted are their norms, the roots of the sums of squares.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).std(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake("three_channels", "The filters are drawn for three channels, whatever the picture has: x.shape[1].")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, 3, kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake("filters_of_float32", "The filters are float32, the picture is not: .to(x).")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake(
    "parts_do_not_fit",
    "The parts of a level do not fit together: borders of kernel // 2 keep the sides, the ones have the shape of x[:, :1], and all are joined along dim=1.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake(
    "halved_more_each_time",
    "The level before is divided by 2^level. It has been halved already: halve it once, or begin with the picture.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2**level) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features


@mistake("ones_in_front", "The channels are in another order: the ones come last, behind what the filters find and the level.")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([torch.ones_like(x[:, :1]), found, x], dim=1))
    return features


@mistake(
    "picture_left_out",
    "The levels begin with the halved picture: level 0 is the picture itself, and there are to be `levels` of them.",
)
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    _check_pyramid(x, n_filters, kernel, levels)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = filters / filters.flatten(1).norm(dim=1)[:, None, None, None]
    features = []
    for level in range(1, levels):
        x = F.avg_pool2d(x, 2) if level else x
        found = F.conv2d(F.pad(x, [kernel // 2] * 4, mode="reflect"), filters).relu()
        features.append(torch.cat([found, x, torch.ones_like(x[:, :1])], dim=1))
    return features
