@mistake("not_divided", "The products are added up and not divided by C H W: larger pictures get larger matrices.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2)


@mistake("divided_by_pixels", "The sums are divided by the number of pixels, H W, alone. Wanted is C H W.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / rows.shape[2]


@mistake("divided_by_channels", "The sums are divided by C, and not by the number of pixels, H W, too.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / rows.shape[1]


@mistake("divided_by_the_batch", "The sums are divided by N C H W: a picture's matrix shrinks if others come along.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / features.numel()


@mistake(
    "divided_by_the_root", "The sums are divided by the root of C H W, as features that are divided by it once, in one factor."
)
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / features[0].numel() ** 0.5


@mistake("divided_twice", "Both factors are divided by C H W, so the products are divided by its square.")
def gram_matrix(features):
    rows = features.flatten(2) / features[0].numel()
    return rows @ rows.transpose(1, 2)


@mistake("gatys_factor", "Divided is by 2 C H W, or by other factors of the first paper. Here it is C H W.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / (2 * features[0].numel())


@mistake(
    "one_matrix_for_all", "The products are added up over the pictures of the batch, too. Each picture has a matrix of its own."
)
def gram_matrix(features):
    rows = features.transpose(0, 1).flatten(1)
    return rows @ rows.T / features[0].numel()


@mistake("mean_over_the_batch", "Every picture gets the mean matrix of the batch. Each has a matrix of its own.")
def gram_matrix(features):
    rows = features.flatten(2)
    found = rows @ rows.transpose(1, 2) / features[0].numel()
    return found.mean(dim=0, keepdim=True).expand_as(found)


@mistake(
    "pictures_as_channels",
    "The N pictures are put in one row with the channels (a matrix of N C x N C): channels of different pictures are multiplied.",
)
def gram_matrix(features):
    n, channels, height, width = features.shape
    rows = features.reshape(n * channels, height * width)
    return rows @ rows.T / (n * channels * height * width)


@mistake("first_picture_alone", "The matrix of the first picture is returned, without the axis N. Every picture has one.")
def gram_matrix(features):
    rows = features[0].flatten(1)
    return rows @ rows.T / rows.numel()


@mistake("centered", "The means of the channels are taken away: that is a covariance. A Gram matrix knows the means, too.")
def gram_matrix(features):
    rows = features.flatten(2)
    rows = rows - rows.mean(dim=2, keepdim=True)
    return rows @ rows.transpose(1, 2) / features[0].numel()


@mistake(
    "normalized",
    "The channels are divided by their norms first: that is a matrix of cosines, and how strong a channel is gets lost.",
)
def gram_matrix(features):
    rows = F.normalize(features.flatten(2), dim=2)
    return rows @ rows.transpose(1, 2)


@mistake("pixels_with_pixels", "Pixels are multiplied with pixels (H W x H W). Wanted are channels with channels, C x C.")
def gram_matrix(features):
    rows = features.flatten(2)
    return rows.transpose(1, 2) @ rows / features[0].numel()


@mistake(
    "reshaped_not_transposed",
    "reshape(N, H W, C) does not put the channels last, it mixes channels and pixels. Use flatten(2), then transpose(1, 2).",
)
def gram_matrix(features):
    n, channels, height, width = features.shape
    pixels = features.reshape(n, height * width, channels)
    return pixels.transpose(1, 2) @ pixels / (channels * height * width)


@mistake("rows_with_rows", "Only the products of equal rows, or a matrix for each row of pixels: H and W go both into one sum.")
def gram_matrix(features):
    return torch.einsum("nihw,njkw->nij", features, features) / features[0].numel()


@mistake("square_pictures", "The number of pixels is taken as H H (or W W): pictures need not be square.")
def gram_matrix(features):
    n, channels, height, width = features.shape
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2) / (channels * height * height)


@mistake("overwrites", "The features that were given are overwritten (/=, div_): divide the products, or a copy.")
def gram_matrix(features):
    rows = features.flatten(2)
    rows /= features[0].numel() ** 0.5
    return rows @ rows.transpose(1, 2)


@mistake("no_gradient", "The gradient is cut off (detach, no_grad, .data): no picture could be changed by it.")
def gram_matrix(features):
    rows = features.detach().flatten(2)
    return rows @ rows.transpose(1, 2) / features[0].numel()


@mistake("float32", "The result is float32 though the features are float64.")
def gram_matrix(features):
    rows = features.float().flatten(2)
    return rows @ rows.transpose(1, 2) / features[0].numel()


@mistake(
    "pictures_side_by_side",
    "The channels of all pictures are rows of one matrix, or the axis of pictures is gone. Each has a matrix of its own: (N, C, C).",
)
def gram_matrix(features):
    n, c, h, w = features.shape
    rows = features.reshape(n * c, h * w)
    return rows @ rows.T / (c * h * w)


@mistake(
    "permuted_and_reshaped",
    "After permute(0, 2, 3, 1) the channels are last, and reshape(N, C, H W) mixes them with the pixels. Use flatten(2) as it is.",
)
def gram_matrix(features):
    n, channels, height, width = features.shape
    rows = features.permute(0, 2, 3, 1).reshape(n, channels, height * width)
    return rows @ rows.transpose(1, 2) / (channels * height * width)


@mistake("first_picture", "The matrix of the first picture is that of all. Each picture has its own.")
def gram_matrix(features):
    rows = features[0].flatten(1)
    return (rows @ rows.T / features[0].numel()).expand(len(features), -1, -1)


@mistake("view", "view raises for features that do not lie in memory in order (channels last, a slice). reshape takes them all.")
def gram_matrix(features):
    n, channels, height, width = features.shape
    rows = features.view(n, channels, height * width)
    return rows @ rows.transpose(1, 2) / (channels * height * width)
