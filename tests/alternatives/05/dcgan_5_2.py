@alternative("painting_kernels")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, _, height, width = x.shape
    k = weight.shape[2]
    y = x.new_zeros(n, weight.shape[1], (height - 1) * stride + k, (width - 1) * stride + k)
    for i in range(height):
        for j in range(width):
            patch = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)
            y[:, :, i * stride : i * stride + k, j * stride : j * stride + k] += patch
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


@alternative("fold")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, c_in, height, width = x.shape
    k = weight.shape[2]
    columns = weight.reshape(c_in, -1).T @ x.reshape(n, c_in, height * width)
    size = [(side - 1) * stride - 2 * padding + k for side in (height, width)]
    return F.fold(columns, size, k, stride=stride, padding=padding)


@alternative("zeros_by_stacking")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, c, height, width = x.shape
    spread = F.pad(x[:, :, :, None, :, None], (0, stride - 1, 0, 0, 0, stride - 1)).reshape(n, c, height * stride, width * stride)
    spread = spread[:, :, : (height - 1) * stride + 1, : (width - 1) * stride + 1]
    k = weight.shape[-1]
    y = F.conv2d(F.pad(spread, (k - 1,) * 4), weight.rot90(2, (2, 3)).permute(1, 0, 2, 3))
    return y[..., padding : y.shape[-2] - padding, padding : y.shape[-1] - padding]
