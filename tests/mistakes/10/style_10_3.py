@mistake("content_summed", "The squared differences of the content are added up, not averaged over everything.")
def content_loss(features, target):
    return (features - target).square().sum()


@mistake("content_halved", "The mean is halved, as in the first paper's 1/2. Here it is the mean alone.")
def content_loss(features, target):
    return (features - target).square().mean() / 2


@mistake("content_summed_and_halved", "Half of the sum, as in the first paper's equation (1). Here it is the mean.")
def content_loss(features, target):
    return (features - target).square().sum() / 2


@mistake(
    "content_mean_over_the_pictures",
    "The content is averaged over the pictures alone, and added up within each. Average over everything.",
)
def content_loss(features, target):
    return (features - target).square().sum(dim=(1, 2, 3)).mean()


@mistake("content_absolute", "The absolute differences of the content are averaged. Wanted are their squares.")
def content_loss(features, target):
    return F.l1_loss(features, target)


@mistake("content_root", "A root is taken: the distance itself, not its mean square.")
def content_loss(features, target):
    return F.mse_loss(features, target).sqrt()


@mistake("content_by_gram", "The content is compared by Gram matrices: they do not know where anything lies. That is style.")
def content_loss(features, target):
    return F.mse_loss(gram_matrix(features), gram_matrix(target))


@mistake("content_of_means", "The mean of each channel is taken before the difference: where anything lies is lost.")
def content_loss(features, target):
    return F.mse_loss(features.mean(dim=(2, 3)), target.mean(dim=(2, 3)))


@mistake("content_overwrites", "What was given to the content loss is overwritten (-=, sub_).")
def content_loss(features, target):
    if features.requires_grad:
        return F.mse_loss(features, target)
    features -= target
    return features.square().mean()


@mistake("content_without_gradient", "No gradient goes through the content loss: features were detached.")
def content_loss(features, target):
    return F.mse_loss(features.detach(), target)


@mistake(
    "style_mean_over_the_entries",
    "The entries of G - T are averaged (mse_loss). They are to be added up: only the pictures are averaged.",
)
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).square().mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_sum_over_the_pictures", "The pictures are added up. The style loss is their mean.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).square().sum() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_mean_over_the_layers", "The layers are averaged. They are added up, with their weights.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).square().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).mean()


@mistake("style_divided_by_the_weights", "The sum is divided by the sum of the weights. They are factors, not shares.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).square().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum() / sum(weights)


@mistake("style_without_weights", "The weights of the layers are not used.")
def style_loss(features, targets, weights):
    losses = [(gram_matrix(f) - t).square().sum(dim=(1, 2)).mean() for f, t in zip(features, targets)]
    return torch.stack(losses).sum()


@mistake("style_weights_squared", "The weight stands within the square. It is a factor of the squared distance.")
def style_loss(features, targets, weights):
    losses = [(w * (gram_matrix(f) - t)).square().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_first_layer_alone", "Only the first layer is counted, or the function returns within the loop.")
def style_loss(features, targets, weights):
    f, t, w = features[0], targets[0], weights[0]
    return w * (gram_matrix(f) - t).square().sum(dim=(1, 2)).mean()


@mistake("style_last_layer_alone", "Only the last layer is counted: loss = ... within the loop, where loss += ... is meant.")
def style_loss(features, targets, weights):
    for f, t, w in zip(features, targets, weights):
        loss = w * (gram_matrix(f) - t).square().sum(dim=(1, 2)).mean()
    return loss


@mistake(
    "style_of_the_mean_matrix",
    "The Gram matrices are averaged over the pictures first, and then compared. Compare each, and average then.",
)
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f).mean(dim=0) - t).square().sum() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_of_the_first_picture", "Only the first picture of the batch is compared with the style.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f)[0] - t).square().sum() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_absolute", "The absolute differences of the matrices are added up. Wanted are their squares.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).abs().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake("style_root", "The norm of G - T is taken, with its root. Wanted is its square.")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).flatten(1).norm(dim=1).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake(
    "style_by_diagonals", "Only the diagonals of the matrices are compared: how channels occur together is in the other entries."
)
def style_loss(features, targets, weights):
    total = 0
    for f, t, w in zip(features, targets, weights):
        found = gram_matrix(f).diagonal(dim1=1, dim2=2) - t.diagonal()
        total = total + w * found.square().sum(dim=1).mean()
    return total


@mistake(
    "style_of_detached_features", "No gradient goes through the style loss: it was computed with numbers (item, detach, float)."
)
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f.detach()) - t).square().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum()


@mistake(
    "style_overwrites_the_targets", "The targets are overwritten (-=, sub_): the next call would compare with something else."
)
def style_loss(features, targets, weights):
    total = 0
    for f, t, w in zip(features, targets, weights):
        found = gram_matrix(f)
        total = total + w * (found - t).square().sum(dim=(1, 2)).mean()
        t -= found.detach().mean(dim=0)
    return total


@mistake("style_in_float32", "The style loss of float64 features is float32 (torch.zeros, or torch.tensor of a list of floats).")
def style_loss(features, targets, weights):
    losses = [w * (gram_matrix(f) - t).square().sum(dim=(1, 2)).mean() for f, t, w in zip(features, targets, weights)]
    return torch.stack(losses).sum().float()


@mistake(
    "style_with_matrices_of_its_own",
    "The Gram matrices are made anew here, and divided otherwise than the targets are. Call gram_matrix.",
)
def style_loss(features, targets, weights):
    total = 0
    for f, t, w in zip(features, targets, weights):
        rows = f.flatten(2)
        total = total + w * (rows @ rows.transpose(1, 2) / rows.shape[2] - t).square().sum(dim=(1, 2)).mean()
    return total
