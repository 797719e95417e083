@alternative("by_sums")
def adain(content, style, eps=1e-5):
    def statistics(x):
        pixels = x.flatten(2)
        mean = pixels.sum(dim=2) / pixels.shape[2]
        variance = (pixels - mean[:, :, None]).pow(2).sum(dim=2) / pixels.shape[2]
        return mean[:, :, None, None], torch.sqrt(variance + eps)[:, :, None, None]

    (mean, spread), (other, target) = statistics(content), statistics(style)
    return (content - mean) / spread * target + other


@alternative("the_librarys_normalization")
def adain(content, style, eps=1e-5):
    if content[0, 0].numel() == 1:
        return style.mean((2, 3), keepdim=True).expand_as(content).clone() + 0 * content
    scale = (style.var((2, 3), unbiased=False, keepdim=True) + eps) ** 0.5
    return torch.addcmul(style.mean((2, 3), keepdim=True).expand_as(content), scale, F.instance_norm(content, eps=eps))


@alternative("picture_by_picture")
def adain(content, style, eps=1e-5):
    rows = []
    for n, picture in enumerate(content):
        other = style[n % len(style)]
        own, wanted = (x.std(dim=(1, 2), correction=0, keepdim=True).pow(2) for x in (picture, other))
        factor = ((wanted + eps) / (own + eps)).sqrt()
        rows.append((picture - picture.mean(dim=(1, 2), keepdim=True)) * factor + other.mean(dim=(1, 2), keepdim=True))
    return torch.stack(rows)
