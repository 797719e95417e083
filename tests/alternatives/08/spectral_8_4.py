@alternative("modules_one_by_one")
def lipschitz_product(network):
    constants = []
    for _, module in network.named_modules(remove_duplicate=False):
        if isinstance(module, nn.Linear):
            constants.append(torch.linalg.svdvals(module.weight.detach())[0].item())
        elif isinstance(module, nn.Conv2d):
            rows, columns = (-(-k // s) for k, s in zip(module.kernel_size, module.stride))
            constants.append(torch.linalg.svdvals(module.weight.detach().flatten(1))[0].item() * math.sqrt(rows * columns))
        elif isinstance(module, nn.LeakyReLU):
            constants.append(max(1, abs(module.negative_slope)))
        elif isinstance(module, nn.Sigmoid):
            constants.append(1 / 4)
    return math.prod(constants, start=1.0)


@alternative("logarithms")
def lipschitz_product(network):
    total = 0.0
    for layer in list(network):
        if isinstance(layer, nn.Sequential):
            inner = lipschitz_product(layer)
            if inner == 0:
                return 0.0
            total += math.log(inner)
        elif hasattr(layer, "weight"):
            matrix = layer.weight.detach().double().flatten(1)
            if not matrix.any():
                return 0.0
            total += math.log(float(torch.linalg.norm(matrix, ord=2)))
            if matrix.ndim == 2 and hasattr(layer, "stride"):
                total += sum(math.log(math.ceil(k / s)) for k, s in zip(layer.kernel_size, layer.stride)) / 2
        elif isinstance(layer, nn.LeakyReLU):
            total += math.log(max(abs(layer.negative_slope), 1.0))
        elif isinstance(layer, nn.Sigmoid):
            total -= math.log(4)
    return math.exp(total)
