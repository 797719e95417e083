@alternative("patches")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn((n_filters, x.size(1), kernel, kernel), generator=generator).to(x.dtype)
    filters -= filters.mean((-2, -1), keepdim=True)
    rows = F.normalize(filters.reshape(n_filters, -1), dim=1)
    pad = nn.ReflectionPad2d(kernel // 2)
    answer = []
    for _ in range(levels):
        n, _, h, w = x.shape
        strong = (rows @ F.unfold(pad(x), kernel)).clamp(min=0).view(n, n_filters, h, w)
        answer += [torch.cat((strong, x, x.new_ones(n, 1, h, w)), 1)]
        x = F.avg_pool2d(x, 2) if min(h, w) > 1 else x
    return answer


@alternative("levels_first")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    pictures = [x]
    while len(pictures) < levels:
        last = pictures[-1]
        h, w = last.shape[2] // 2 * 2, last.shape[3] // 2 * 2
        corners = [last[:, :, i:h:2, j:w:2] for i in (0, 1) for j in (0, 1)]
        pictures.append(sum(corners) / 4)
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator)
    flat = filters.flatten(2)
    flat = flat - flat.mean(dim=2, keepdim=True)
    flat = flat / flat.square().sum(dim=(1, 2), keepdim=True).sqrt()
    weight = flat.view_as(filters).to(x)
    return [
        torch.cat([torch.relu(F.conv2d(F.pad(p, (kernel // 2,) * 4, "reflect"), weight)), p, torch.ones_like(p[:, 0:1])], dim=1)
        for p in pictures
    ]


@alternative("one_color_at_a_time")
def random_filter_features(x, n_filters=64, kernel=7, levels=4, generator=None):
    filters = torch.randn(n_filters, x.shape[1], kernel, kernel, generator=generator).to(x)
    filters = filters - filters.mean(dim=3, keepdim=True).mean(dim=2, keepdim=True)
    filters = filters / torch.linalg.vector_norm(filters, dim=(1, 2, 3), keepdim=True)
    answer = []
    for level in range(levels):
        small = F.avg_pool2d(x, 2**level)
        padded = F.pad(small, [kernel // 2] * 4, mode="reflect")
        grouped = F.conv2d(padded, filters.transpose(0, 1).reshape(-1, 1, kernel, kernel), groups=x.shape[1])
        strong = grouped.unflatten(1, (x.shape[1], n_filters)).sum(dim=1)
        answer.append(torch.cat([F.relu(strong), small, torch.ones_like(small[:, :1])], dim=1))
    return answer
