@alternative("adjoint_by_autograd")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    weight = weight.detach()
    x = torch.randn(1, weight.shape[1], image_size, image_size, generator=generator, dtype=weight.dtype)
    sigma = 0.0
    for _ in range(n_steps):
        x = (x / x.norm()).requires_grad_()
        y = F.conv2d(x, weight, stride=stride, padding=padding)
        (x,) = torch.autograd.grad(y, x, grad_outputs=y.detach())
        sigma = float(x.norm()) ** 0.5
    return sigma


@alternative("transposed_convolution")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    x = torch.randn(1, weight.shape[1], image_size, image_size, generator=generator).to(weight.dtype)
    left = (image_size + 2 * padding - weight.shape[2]) % stride
    with torch.no_grad():
        for _ in range(n_steps):
            y = F.conv2d(x, weight, stride=stride, padding=padding)
            x = F.conv_transpose2d(y / y.norm(), weight, stride=stride, padding=padding, output_padding=left)
            sigma = x.norm()
            x = x / sigma
    return sigma.item()


@alternative("unfold_and_fold")
def conv_operator_norm(weight, image_size, n_steps=100, stride=1, padding=0, generator=None):
    kernel, matrix = weight.shape[2], weight.detach().flatten(1)
    x = torch.randn(1, weight.shape[1], image_size, image_size, generator=generator, dtype=weight.dtype)
    for _ in range(n_steps):
        y = matrix @ F.unfold(x / x.norm(), kernel, stride=stride, padding=padding)
        x = F.fold(matrix.T @ y, (image_size, image_size), kernel, stride=stride, padding=padding)
    return x.norm().sqrt().item()
