@alternative("by_hand_in_rows")
def instance_norm(x, eps=1e-5):
    rows = x.reshape(x.shape[0] * x.shape[1], -1)
    centered = rows - rows.mean(dim=1, keepdim=True)
    return (centered / torch.sqrt((centered**2).mean(dim=1, keepdim=True) + eps)).reshape(x.shape)


@alternative("as_batch_norm_of_many_channels")
def instance_norm(x, eps=1e-5):
    n, c, h, w = x.shape
    centered = x - x.sum(dim=(2, 3), keepdim=True) / (h * w)
    variance = torch.einsum("nchw,nchw->nc", centered, centered) / (h * w)
    return centered * (variance + eps).pow(-0.5)[:, :, None, None]


@alternative("group_norm")
def instance_norm(x, eps=1e-5):
    return F.group_norm(x, x.shape[1], eps=eps)


@alternative("batch_norm_of_one_row")
def instance_norm(x, eps=1e-5):
    n, c, h, w = x.shape
    if h * w == 1:
        return x - x
    return F.batch_norm(x.reshape(1, n * c, h, w), None, None, training=True, eps=eps).reshape(x.shape)


@alternative("mapped_over_planes")
def instance_norm(x, eps=1e-5):
    def f(plane):
        return (plane - plane.mean()) / (plane.var(unbiased=False) + eps).sqrt()

    return torch.vmap(torch.vmap(f, in_dims=0), in_dims=1, out_dims=1)(x)
