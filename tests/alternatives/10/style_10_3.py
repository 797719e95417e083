@alternative("by_hand")
def content_loss(features, target):
    return (features - target).pow(2).sum() / features.numel()


@alternative("by_hand")
def style_loss(features, targets, weights):
    loss = 0
    for k in range(len(features)):
        difference = gram_matrix(features[k]) - targets[k][None]
        loss = loss + weights[k] * difference.pow(2).sum() / len(features[k])
    return loss


@alternative("scalar_products")
def content_loss(features, target):
    difference = (features - target).flatten()
    return torch.dot(difference, difference) / len(difference)


@alternative("scalar_products")
def style_loss(features, targets, weights):
    per_picture = []
    for feature, target, weight in zip(features, targets, weights):
        difference = (gram_matrix(feature) - target).flatten(1)
        per_picture.append(weight * torch.einsum("ni,ni->n", difference, difference))
    return torch.stack(per_picture).sum(dim=0).mean()


@alternative("mse_of_expanded_targets")
def style_loss(features, targets, weights):
    total = features[0].new_zeros(())
    for feature, target, weight in zip(features, targets, weights):
        grams = gram_matrix(feature)
        total += weight * F.mse_loss(grams, target.expand_as(grams), reduction="sum") / feature.shape[0]
    return total
