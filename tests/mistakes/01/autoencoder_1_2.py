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
