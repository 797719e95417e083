@mistake(
    "reshaped", "That is the norm of the kernel as a matrix (C_out, C_in K K), not of the layer: a pixel enters many places."
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    torch.randn(1, generator=generator)
    return float(torch.linalg.matrix_norm(weight.flatten(1), 2))


@mistake("frobenius", "That is the Frobenius norm of the kernel: neither the kernel's nor the layer's spectral norm.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    return float(weight.norm())


@mistake("upper_bound", "That is the bound, ceil(K / s) times the norm of the reshaped kernel. The norm itself lies below it.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    return float(torch.linalg.matrix_norm(weight.flatten(1), 2)) * -(-weight.shape[2] // stride)


@mistake("circular", "The kernel is wound round the image (FFT, circular padding). The layer pads with zeros, or not at all.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    torch.randn(1, generator=generator)
    spectrum = torch.fft.fft2(weight, (image_size, image_size)).permute(2, 3, 0, 1)
    return float(torch.linalg.svdvals(spectrum).max())


@mistake("stride_left_out", "The stride is left out: the norm is that of the layer with stride 1.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, padding=padding)
    return float(x.norm().sqrt())


@mistake("padding_left_out", "The padding is left out: the norm is that of the layer without a border.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride)
    return float(x.norm().sqrt())


@mistake("squared", "That is the square of the norm: the convolution and its adjoint together stretch by sigma squared.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm())


@mistake("not_normalized", "The image is not made one long in each step: it grows beyond all bounds.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake("first_step_only", "The stretch of a random image is returned, not that of the image that the iteration leads to.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    return float(F.conv2d(x, weight, stride=stride, padding=padding).norm() / x.norm())


@mistake("steps_ignored", "n_steps is ignored: a fixed number of steps is made.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(500):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake("start_of_ones", "The iteration starts from an image of ones: draw it. To some directions ones are perpendicular.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.ones(1, weight.shape[1], image_size, image_size, dtype=weight.dtype)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake("generator_ignored", "The generator that is given is not used: the start comes from torch's global one.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=None)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake("kernel_in_place", "The kernel that was given is overwritten (weight /= ...).")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    scale = float(weight.norm())
    weight.div_(scale)
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt()) * scale


@mistake("tensor", "Returned is a tensor; wanted is a float: float(...).")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return x.norm().sqrt()


@mistake(
    "output_padding_forgotten",
    "Where the windows do not fill the image, conv_transpose2d makes a smaller one: used as it is or filled up with zeros, it is that of another layer. Give it output_padding, or take torch.nn.grad.conv2d_input.",
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    with torch.no_grad():
        for _ in range(n_steps):
            x = x / x.norm()
            y = F.conv2d(x, weight.detach(), stride=stride, padding=padding)
            x = F.conv_transpose2d(y, weight, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake(
    "output_padding_forgotten_by_two_vectors",
    "Where the windows do not fill the image, conv_transpose2d makes a smaller one: used as it is or filled up with zeros, it is that of another layer. Give it output_padding, or take torch.nn.grad.conv2d_input.",
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    v = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    with torch.no_grad():
        v = v / v.norm()
        for _ in range(n_steps):
            u = F.conv2d(v, weight, stride=stride, padding=padding)
            u = u / u.norm()
            v = F.conv_transpose2d(u, weight, stride=stride, padding=padding)
            v = v / v.norm()
        return float((u * F.conv2d(v, weight, stride=stride, padding=padding)).sum())


@mistake(
    "filled_up_with_zeros",
    "Where the windows do not fill the image, conv_transpose2d makes a smaller one: used as it is or filled up with zeros, it is that of another layer. Give it output_padding, or take torch.nn.grad.conv2d_input.",
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        y = F.conv2d(x, weight.detach(), stride=stride, padding=padding)
        x = F.conv_transpose2d(y / y.norm(), weight, stride=stride, padding=padding)
        sigma = x.norm()
        x = F.pad(x, (0, image_size - x.shape[3], 0, image_size - x.shape[2])) / sigma
    return float(sigma)


@mistake("image_of_float32", "The image is drawn in float32 whatever the weight is: give randn the dtype of the weight.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake(
    "parameter_frozen",
    "The weight takes no gradient any more (requires_grad_(False)): its layer would not learn on. Use detach().",
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    weight.requires_grad_(False)
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake(
    "eps_of_a_hundredth",
    "A constant is added to the length of the image before the division: where the kernel is small it tells.",
)
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / (x.norm() + 1e-2)
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight, y, stride=stride, padding=padding)
    return float(x.norm().sqrt())


@mistake("kernel_of_float32", "A kernel in float64 is converted to float32, and half of its digits are lost.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    return conv_operator_norm(weight.float(), image_size, n_steps, stride, padding, generator)


@mistake("kernel_turned", "The kernel is turned by 180 degrees (flip) in front of conv_transpose2d, which turns it by itself.")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, dtype=weight.dtype, generator=generator)
    for _ in range(n_steps):
        x = x / x.norm()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        x = torch.nn.grad.conv2d_input(x.shape, weight.flip(2, 3), y, stride=stride, padding=padding)
    return float(x.norm().sqrt())
