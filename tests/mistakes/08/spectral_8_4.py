@mistake("sum", "The constants are added. Two layers that stretch by a and b stretch by a times b together.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return float(sum(norms(network)))


@mistake("largest", "The largest constant is returned. Layers one behind the other multiply.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return max([1.0, *norms(network)])


@mistake("frobenius", "The Frobenius norms are multiplied: a bound, but a larger one. Wanted are the spectral norms.")
def lipschitz_product(network):
    product = 1.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            product *= lipschitz_product(layer)
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(layer.weight.detach().norm())
    return product


@mistake(
    "largest_entry", "The largest entry of each weight is multiplied: entries bound no slope, that is the trouble with clipping."
)
def lipschitz_product(network):
    product = 1.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            product *= lipschitz_product(layer)
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(layer.weight.detach().abs().max())
    return product


@mistake(
    "reshaped_kernel_alone",
    "The norm of the reshaped kernel is no bound for a convolution: a pixel enters ceil(K / s) places along each axis.",
)
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= 1.0
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake(
    "stride_forgotten", "The stride is forgotten: with a stride a pixel enters only ceil(K / s) places along each axis, not K."
)
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= layer.kernel_size[0]
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake(
    "both_axes", "The factor is squared: of ceil(K / s) squared places the root counts, since norms are roots of sums of squares."
)
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= (-(-layer.kernel_size[0] // layer.stride[0])) ** 2
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake("rounded_down", "K / s is not rounded up: a kernel of 3 with stride 2 meets some pixels twice.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= layer.kernel_size[0] / layer.stride[0]
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake(
    "leaky_slope_multiplied", "A leaky ReLU counts with its slope below 0. Its largest slope is 1, unless the leak is steeper."
)
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield abs(layer.negative_slope)
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake("leak_always_one", "A leaky ReLU counts as 1, also where its leak is steeper than 1.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield 1.0
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake("sign_of_the_leak", "A leak of -2 is a slope of size 2: take the absolute value.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, layer.negative_slope)
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms(network))


@mistake("sigmoid_as_one", "The sigmoid counts as 1. Its largest slope, at 0, is 1/4.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 1.0

    return math.prod(norms(network))


@mistake("sequences_skipped", "A sequence within the sequence is skipped: it has a product of its own.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms([layer for layer in network if not isinstance(layer, nn.Sequential)]))


@mistake(
    "by_the_very_type",
    "Layers are known by type(layer) is nn.Linear: a layer whose weight is parametrized has a type of its own. isinstance sees it.",
)
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    return math.prod(norms([layer for layer in network if type(layer).__module__.startswith("torch.nn.modules")]))


@mistake("left_in_evaluation_mode", "The network is left in evaluation mode.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    network.eval()
    return math.prod(norms(network))


@mistake("normalizes_the_network", "The weights of the network were changed: only a number is asked for.")
def lipschitz_product(network):
    def norms(layers):
        for layer in layers:
            if isinstance(layer, nn.Sequential):
                yield from norms(layer)
            elif isinstance(layer, (nn.Linear, nn.Conv2d)):
                sigma = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
                if isinstance(layer, nn.Conv2d):
                    sigma *= -(-layer.kernel_size[0] // layer.stride[0])
                yield sigma
            elif isinstance(layer, nn.LeakyReLU):
                yield max(1.0, abs(layer.negative_slope))
            else:
                yield 0.25 if isinstance(layer, nn.Sigmoid) else 1.0

    product = math.prod(norms(network))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.div_(2)
    return product


@mistake("no_unflatten", "A layer of SLOPES is not known here: Unflatten, for one. It moves numbers, and has the slope 1.")
def lipschitz_product(network):
    product = 1.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            product *= lipschitz_product(layer)
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
            if isinstance(layer, nn.Conv2d):
                product *= -(-layer.kernel_size[0] // layer.stride[0])
        elif isinstance(layer, nn.LeakyReLU):
            product *= max(1.0, abs(layer.negative_slope))
        elif isinstance(layer, nn.Sigmoid):
            product *= 0.25
        elif not isinstance(layer, (nn.ReLU, nn.Tanh, nn.Softplus, nn.Flatten, nn.Identity)):
            raise ValueError(layer)
    return product


@mistake(
    "network_frozen",
    "The weights take no gradient any more (requires_grad_(False)): the network would not learn on. Use detach().",
)
def lipschitz_product(network):
    network.requires_grad_(False)
    return lipschitz_product(network)


@mistake(
    "network_in_float64", "network.double() turns the network itself into one of float64. Convert the detached weight instead."
)
def lipschitz_product(network):
    return lipschitz_product(network.double())


@mistake("logarithm_of_zero", "Logarithms are added, and that of 0 does not exist. A layer of zeros makes the product 0.")
def lipschitz_product(network):
    total = 0.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            total += math.log(lipschitz_product(layer))
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            total += math.log(float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2)))
            if isinstance(layer, nn.Conv2d):
                total += math.log(-(-layer.kernel_size[0] // layer.stride[0]))
        elif isinstance(layer, nn.LeakyReLU):
            total += math.log(max(1.0, abs(layer.negative_slope)))
        elif isinstance(layer, nn.Sigmoid):
            total -= math.log(4)
    return math.exp(total)


@mistake(
    "each_module_once",
    "modules() and children() name a layer that stands twice only once. Go through the sequence: for layer in network.",
)
def lipschitz_product(network):
    product = 1.0
    for layer in network.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
            if isinstance(layer, nn.Conv2d):
                product *= -(-layer.kernel_size[0] // layer.stride[0])
        elif isinstance(layer, nn.LeakyReLU):
            product *= max(1.0, abs(layer.negative_slope))
        elif isinstance(layer, nn.Sigmoid):
            product *= 0.25
    return product


@mistake(
    "divided_downwards", "K // s is rounded down. It is to be rounded up: a kernel of 3 with stride 2 meets some pixels twice."
)
def lipschitz_product(network):
    product = 1.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            product *= lipschitz_product(layer)
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
            if isinstance(layer, nn.Conv2d):
                product *= layer.kernel_size[0] // layer.stride[0]
        elif isinstance(layer, nn.LeakyReLU):
            product *= max(1.0, abs(layer.negative_slope))
        else:
            product *= SLOPES[type(layer)]
    return product


@mistake(
    "square_kernels_alone",
    "Of a convolution the first axis counts for both. Where they differ, each has its number, and the root of their product counts.",
)
def lipschitz_product(network):
    product = 1.0
    for layer in network:
        if isinstance(layer, nn.Sequential):
            product *= lipschitz_product(layer)
        elif isinstance(layer, (nn.Linear, nn.Conv2d)):
            product *= float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
            if isinstance(layer, nn.Conv2d):
                product *= -(-layer.kernel_size[0] // layer.stride[0])
        elif isinstance(layer, nn.LeakyReLU):
            product *= max(1.0, abs(layer.negative_slope))
        else:
            product *= next(slope for kind, slope in SLOPES.items() if isinstance(layer, kind))
    return product
