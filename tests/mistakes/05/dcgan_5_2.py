@mistake(
    "kernel_not_turned",
    "The kernel is not turned round. A convolution of the spread inputs needs it upside down and mirrored: flip(2, 3).",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("turned_along_one_axis", "The kernel is flipped along one axis only. It is turned round along both: flip(2, 3).")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("kernel_transposed", "The kernel's rows and columns are exchanged. It is turned round by 180 degrees: flip(2, 3).")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.transpose(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake(
    "channels_not_exchanged",
    "The weight is (C_in, C_out, K, K), but conv2d wants (C_out, C_in, K, K): exchange the first two axes.",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3), padding=weight.shape[2] - 1 - padding)


@mistake(
    "channels_by_reshape", "reshape gives the weight the right shape, but mixes its channels: transpose(0, 1) exchanges them."
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    turned = weight.flip(2, 3).reshape(weight.shape[1], weight.shape[0], *weight.shape[2:])
    return F.conv2d(spread, turned, padding=weight.shape[2] - 1 - padding)


@mistake("stride_zeros_between", "Between two inputs stand stride zeros. It is one less: stride - 1.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * (stride + 1) + 1, (width - 1) * (stride + 1) + 1)
    spread[:, :, :: stride + 1, :: stride + 1] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake(
    "zeros_behind_the_last", "Zeros stand behind the last input too: the result is too large. They stand between inputs only."
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, height * stride, width * stride)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("repeated_instead_of_zeros", "The inputs are repeated, where zeros belong between them.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    spread = x.repeat_interleave(stride, dim=2).repeat_interleave(stride, dim=3)
    spread = spread[:, :, : (x.shape[2] - 1) * stride + 1, : (x.shape[3] - 1) * stride + 1]
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake(
    "padding_as_given",
    "The padding goes to the ordinary convolution as it is. That one needs K - 1 - padding zeros on each side.",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=padding)


@mistake(
    "padding_not_one_less",
    "The result is too large by one row and column on each side: K - padding zeros stand there. It is one less, K - 1 - padding.",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - padding)


@mistake(
    "channels_turned",
    "The weight is flipped along its first two axes, which are the channels. The kernel is turned round along the last two: "
    "flip(2, 3).",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(0, 1).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("padding_ignored", "padding is not used: nothing is cut off the result.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1)


@mistake("stride_ignored", "stride is not used: no zeros stand between the inputs.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    return F.conv2d(x, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("stride_of_the_convolution", "The ordinary convolution gets the stride as well. It goes from place to place: stride 1.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding, stride=stride)


@mistake("library_called", "conv_transpose2d of the library is called. The exercise is to build it from an ordinary convolution.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    return F.conv_transpose2d(x, weight, stride=stride, padding=padding)


@mistake(
    "library_module_called",
    "The library's transposed convolution is called. The exercise is to build it from an ordinary convolution.",
)
def transposed_conv2d(x, weight, stride=1, padding=0):
    layer = nn.ConvTranspose2d(*weight.shape[:2], weight.shape[2], stride, padding, bias=False)
    return torch.func.functional_call(layer, {"weight": weight}, (x,))


@mistake("height_for_width", "The height stands where the width belongs: this holds for square images alone.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, _ = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (height - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("float32", "The result is float32, whatever x is: make the zeros by x.new_zeros, or give them x's dtype.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = torch.zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    return F.conv2d(spread, weight.float().flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("no_gradient_to_x", "The inputs are copied as data (.data, .detach(), numpy): no gradient reaches x.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x.detach()
    return F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1 - padding)


@mistake("overlaps_overwritten", "Where two kernels lie over each other, the later one replaces the earlier. They add up: +=.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, _, height, width = x.shape
    k = weight.shape[2]
    y = x.new_zeros(n, weight.shape[1], (height - 1) * stride + k, (width - 1) * stride + k)
    for i in range(height):
        for j in range(width):
            patch = torch.einsum("nc,cokl->nokl", x[:, :, i, j], weight)
            y[:, :, i * stride : i * stride + k, j * stride : j * stride + k] = patch
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


@mistake("cut_to_minus_zero", "y[padding:-padding] is empty if padding is 0: cut to y.shape - padding.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    y = F.conv2d(spread, weight.flip(2, 3).transpose(0, 1), padding=weight.shape[2] - 1)
    return y[:, :, padding:-padding, padding:-padding]


@mistake("in_place", "x or the weight is overwritten: the caller still needs them. Compute new tensors.")
def transposed_conv2d(x, weight, stride=1, padding=0):
    n, channels, height, width = x.shape
    spread = x.new_zeros(n, channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    with torch.no_grad():
        weight.copy_(weight.flip(2, 3))
    return F.conv2d(spread, weight.transpose(0, 1), padding=weight.shape[2] - 1 - padding)
