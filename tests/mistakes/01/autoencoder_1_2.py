@mistake("sigmoid_twice", "The logits go through a sigmoid before a function that applies one itself.")
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean()
    return F.binary_cross_entropy_with_logits(output.sigmoid(), x, reduction="none").flatten(1).sum(dim=1).mean()


@mistake("mean_over_pixels", "The pixels are averaged. Sum over the pixels of an image, then average over the batch.")
def reconstruction_loss(output, x, kind="bce"):
    return F.mse_loss(output, x) if kind == "mse" else F.binary_cross_entropy_with_logits(output, x)


@mistake(
    "sum_over_batch",
    "The images of the batch are added up. Average over the batch: the loss must not depend on how many images there are.",
)
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return F.mse_loss(output, x, reduction="sum")
    return F.binary_cross_entropy_with_logits(output, x, reduction="sum")


@mistake("per_image", "This is one number per image. Average over the batch.")
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1)
    return F.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(dim=1)


@mistake(
    "logits_as_probabilities",
    "The logits are used as probabilities, but they may be negative or above 1. Use the form of the loss that takes logits.",
)
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean()
    return -(x * output.log() + (1 - x) * (1 - output).log()).flatten(1).sum(dim=1).mean()


@mistake(
    "log_of_sigmoid",
    "sigmoid(200) is 1 in floating point and log(1 - 1) is infinite. Use the form of the loss that takes logits.",
)
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean()
    p = output.sigmoid()
    return -(x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(dim=1).mean()


@mistake("log_likelihood", "The sign is turned round: this is the log-likelihood. A loss is its negative.")
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean()
    return -F.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(dim=1).mean()


@mistake("half_squared_error", "The squared error is halved: wanted is the plain sum of squares.")
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean() / 2
    return F.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(dim=1).mean()


@mistake("root", "A square root is taken of the squared error: wanted is the squared error itself.")
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return (output - x).flatten(1).norm(dim=1).mean()
    return F.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(dim=1).mean()


@mistake("absolute_error", "This is the absolute error. On values other than 0 and 1 it is not the squared one.")
def reconstruction_loss(output, x, kind="bce"):
    error = F.binary_cross_entropy_with_logits(output, x, reduction="none") if kind == "bce" else (output - x).abs()
    return error.flatten(1).sum(dim=1).mean()


@mistake(
    "channels_averaged",
    "The channels are averaged. A pixel of three channels counts three times: sum over all axes but the first.",
)
def reconstruction_loss(output, x, kind="bce"):
    error = F.binary_cross_entropy_with_logits(output, x, reduction="none") if kind == "bce" else (output - x) ** 2
    return error.sum(dim=(2, 3)).mean() if error.ndim == 4 else error.flatten(1).sum(dim=1).mean()


@mistake("images_only", "The axes are counted out for images (N, C, H, W). Rows (N, D) are allowed too: flatten(1), then sum.")
def reconstruction_loss(output, x, kind="bce"):
    error = F.binary_cross_entropy_with_logits(output, x, reduction="none") if kind == "bce" else (output - x) ** 2
    return error.sum(dim=(1, 2, 3)).mean()


@mistake(
    "one_sided",
    "log(1 + exp(-l)) is right, but exp(200) is infinite in floating point. Use softplus or the form of the loss that takes logits.",
)
def reconstruction_loss(output, x, kind="bce"):
    error = (1 - x) * output + (1 + (-output).exp()).log() if kind == "bce" else (output - x) ** 2
    return error.flatten(1).sum(dim=1).mean()


@mistake(
    "detached", "The value is right, but no gradient reaches the output (no_grad, detach, .item(), numpy): nothing would learn."
)
def reconstruction_loss(output, x, kind="bce"):
    output = output.detach()
    error = F.binary_cross_entropy_with_logits(output, x, reduction="none") if kind == "bce" else (output - x) ** 2
    return error.flatten(1).sum(dim=1).mean()


@mistake(
    "in_place", "The arguments are overwritten (output -= x, sigmoid_()): the caller still needs them. Compute a new tensor."
)
def reconstruction_loss(output, x, kind="bce"):
    if kind == "bce":
        loss = F.binary_cross_entropy_with_logits(output, x, reduction="none").flatten(1).sum(dim=1).mean()
        with torch.no_grad():
            output.sigmoid_()
        return loss
    with torch.no_grad():
        output -= x
    return (output**2).flatten(1).sum(dim=1).mean()


@mistake(
    "clamped",
    "The logits are clamped: a pixel that is wrong for certain costs too little. Use them as they are, in a stable form.",
)
def reconstruction_loss(output, x, kind="bce"):
    if kind == "mse":
        return ((output - x) ** 2).flatten(1).sum(dim=1).mean()
    return F.binary_cross_entropy_with_logits(output.clamp(-300, 300), x, reduction="none").flatten(1).sum(dim=1).mean()
