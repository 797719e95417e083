@alternative("einsum")
def gram_matrix(features):
    return torch.einsum("nihw,njhw->nij", features, features) / features[0].numel()


@alternative("bmm_of_divided_features")
def gram_matrix(features):
    n, c, h, w = features.size()
    flat = features.reshape(n, c, h * w).div((c * h * w) ** 0.5)
    return torch.bmm(flat, flat.permute(0, 2, 1))


@alternative("picture_by_picture")
def gram_matrix(features):
    found = []
    for picture in features:
        rows = [channel.flatten() for channel in picture]
        found.append(torch.stack([torch.stack([torch.dot(a, b) for b in rows]) for a in rows]) / picture.numel())
    return torch.stack(found)
