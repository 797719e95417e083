@mistake("not_in_place", "The clipped values are computed and thrown away: clamp_ with an underscore, or copy them back.")
def clip_weights_(critic, c):
    for parameter in critic.parameters():
        parameter.clamp(-c, c)


@mistake("in_the_graph", "A parameter may not be changed in place while a graph is being recorded: clip under torch.no_grad().")
def clip_weights_(critic, c):
    for parameter in critic.parameters():
        parameter.clamp_(-c, c)


@mistake("biases_left", "The biases are left out. Every parameter is clipped.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            if parameter.ndim > 1:
                parameter.clamp_(-c, c)


@mistake(
    "only_what_is_called_weight",
    "The biases are left out. Every parameter is clipped.",
)
def clip_weights_(critic, c):
    with torch.no_grad():
        for name, parameter in critic.named_parameters():
            if "weight" in name:
                parameter.clamp_(-c, c)


@mistake(
    "all_but_what_is_called_bias",
    "The biases are left out. Every parameter is clipped.",
)
def clip_weights_(critic, c):
    with torch.no_grad():
        for name, parameter in critic.named_parameters():
            if "bias" not in name:
                parameter.clamp_(-c, c)


@mistake(
    "weights_of_linear_layers",
    "The biases are left out. Every parameter is clipped.",
)
def clip_weights_(critic, c):
    for layer in critic.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data.clamp_(-c, c)


@mistake(
    "weights_of_the_linear_layers_of_a_sequence",
    "The biases are left out. Every parameter is clipped.",
)
def clip_weights_(critic, c):
    for layer in critic:
        if isinstance(layer, nn.Linear):
            layer.weight.data.clamp_(-c, c)


@mistake("from_above_alone", "Only what is above c is cut off. What is below -c counts as well.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(max=c)


@mistake("not_below_zero", "The weights are clipped to [0, c]: the lower limit is -c.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(0, c)


@mistake("scaled", "The weights are scaled until the largest is c. Clipping leaves what is within the limit as it is.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_((c / parameter.abs().max()).clamp(max=1))


@mistake("gradients_clipped", "The gradients are clipped. It is the weights that stay within [-c, c].")
def clip_weights_(critic, c):
    nn.utils.clip_grad_value_(critic.parameters(), c)


@mistake("norm_clipped", "The length of each parameter is limited. Clipping is number by number.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.mul_((c / parameter.norm()).clamp(max=1))


@mistake(
    "new_parameters",
    "New parameters take the place of the old ones, and an optimizer goes on with the old: change them in place.",
)
def clip_weights_(critic, c):
    for module in critic.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(parameter.detach().clamp(-c, c), requires_grad=parameter.requires_grad))


@mistake(
    "new_parameters_that_all_learn",
    "New parameters take the place of the old ones, and an optimizer goes on with the old: change them in place.",
)
def clip_weights_(critic, c):
    for module in critic.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(parameter.detach().clamp(-c, c)))


@mistake(
    "new_parameters_of_linear_layers",
    "New parameters take the place of the old ones, and an optimizer goes on with the old: change them in place.",
)
def clip_weights_(critic, c):
    for layer in critic.modules():
        if isinstance(layer, nn.Linear):
            layer.weight = nn.Parameter(layer.weight.detach().clamp(-c, c))
            layer.bias = None if layer.bias is None else nn.Parameter(layer.bias.detach().clamp(-c, c))


@mistake("linear_layers_alone", "Only linear layers are clipped. Convolutions and any other parameter are part of the critic.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for layer in critic.modules():
            if isinstance(layer, nn.Linear):
                for parameter in layer.parameters():
                    parameter.clamp_(-c, c)


@mistake(
    "one_level",
    "Only the layers of the first level are clipped. A layer may hold others: critic.parameters() finds them all.",
)
def clip_weights_(critic, c):
    with torch.no_grad():
        for layer in critic.children():
            for parameter in layer.parameters(recurse=False):
                parameter.clamp_(-c, c)


@mistake("buffers_clipped", "Buffers are clipped, too, such as running averages. They are no parameters.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for value in critic.state_dict().values():
            value.clamp_(-c, c)


@mistake("frozen_left", "Parameters that take no gradient are left out. Their weights count for the slope as any other.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            if parameter.requires_grad:
                parameter.clamp_(-c, c)


@mistake(
    "frozen_afterwards",
    "Afterwards the parameters take no gradient (requires_grad is False): the critic would not learn on.",
)
def clip_weights_(critic, c):
    for parameter in critic.parameters():
        parameter.requires_grad_(False).clamp_(-c, c)


@mistake(
    "thawed_afterwards",
    "Every parameter takes gradients afterwards, also one that was frozen. Leave requires_grad as it is.",
)
def clip_weights_(critic, c):
    for parameter in critic.parameters():
        parameter.requires_grad_(False).clamp_(-c, c).requires_grad_(True)


@mistake("gradients_cleared", "The gradients are set to zero on the way. Clipping changes weights alone.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-c, c)
    critic.zero_grad()


@mistake("signs", "Every weight is set to c or -c. Only those beyond the limit are moved.")
def clip_weights_(critic, c):
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.copy_(c * parameter.sign())


@mistake("tiny_limit_lost", "The limit is rounded, so that a small one becomes 0.")
def clip_weights_(critic, c):
    c = round(c, 2)
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-c, c)


@mistake(
    "frobenius",
    "The root of all squares (Frobenius) is no less than the spectral norm, and mostly far more: the largest singular value.",
)
def lipschitz_bound(critic):
    return math.prod(float(layer.weight.detach().norm()) for layer in critic if isinstance(layer, nn.Linear))


@mistake("sum_of_norms", "The norms are added. Layers follow each other: their constants multiply.")
def lipschitz_bound(critic):
    return float(
        sum(float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic if isinstance(layer, nn.Linear))
    )


@mistake(
    "largest_weight",
    "The largest weight bounds one number, not the slope: many small weights add up. Take singular values.",
)
def lipschitz_bound(critic):
    return math.prod(float(layer.weight.detach().abs().max()) for layer in critic if isinstance(layer, nn.Linear))


@mistake(
    "largest_weight_times_root_of_their_number",
    "The largest weight times sqrt(m n) is a bound, but reached only where all weights are alike. Take the largest singular "
    "value.",
)
def lipschitz_bound(critic):
    return math.prod(
        float(layer.weight.detach().abs().max() * layer.weight.numel() ** 0.5) for layer in critic if isinstance(layer, nn.Linear)
    )


@mistake("largest_of_all", "This is the largest of the norms. A composition stretches by the product.")
def lipschitz_bound(critic):
    norms = [float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic if isinstance(layer, nn.Linear)]
    return max(norms, default=1.0)


@mistake("smallest_singular_value", "This is the smallest singular value: how much is stretched at least. Take the largest.")
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.svdvals(weight)[-1]) for weight in weights)


@mistake(
    "eigenvalues",
    "Eigenvalues are for square matrices, and even there they do not bound how far a vector is stretched: singular values.",
)
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.eigvals(weight).abs().max()) for weight in weights)


@mistake("squared_norms", "These are the eigenvalues of W^T W, the squares of the singular values. Take their roots.")
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.eigvalsh(weight.T @ weight)[-1]) for weight in weights)


@mistake("row_sums", "This is the largest sum of a row (order infinity). For the usual length of vectors: order 2.")
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.matrix_norm(weight, float("inf"))) for weight in weights)


@mistake(
    "column_sums",
    "This is the largest sum of a column (order 1): for lengths that are sums of absolute values. For the usual length: order 2.",
)
def lipschitz_bound(critic):
    return math.prod(float(torch.linalg.norm(layer.weight.detach(), ord=1)) for layer in critic if isinstance(layer, nn.Linear))


@mistake(
    "sum_of_all_weights",
    "This adds up the absolute values of all weights (norm(1) of a tensor takes it as one long vector). Take the largest "
    "singular value.",
)
def lipschitz_bound(critic):
    return math.prod(float(layer.weight.detach().norm(1)) for layer in critic if isinstance(layer, nn.Linear))


@mistake("nuclear", "This is the sum of the singular values. The largest one alone is how far a vector can be stretched.")
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.matrix_norm(weight, "nuc")) for weight in weights)


@mistake(
    "norm_of_the_product",
    "The weights are multiplied first. Between the layers stands an activation: the norm of the product is no bound of the "
    "slope.",
)
def lipschitz_bound(critic):
    product = None
    for layer in critic:
        if isinstance(layer, nn.Linear):
            product = layer.weight.detach() if product is None else layer.weight.detach() @ product
    return 1.0 if product is None else float(torch.linalg.matrix_norm(product, 2))


@mistake("without_the_last_layer", "The last layer is left out. It stretches as the others do.")
def lipschitz_bound(critic):
    weights = [layer.weight.detach() for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(float(torch.linalg.matrix_norm(weight, 2)) for weight in weights[:-1])


@mistake("biases_counted", "The biases are counted. They shift, and shifting pulls nothing apart.")
def lipschitz_bound(critic):
    bound = 1.0
    for layer in critic:
        if isinstance(layer, nn.Linear):
            bound *= float(torch.linalg.matrix_norm(layer.weight.detach(), 2))
            bound += 0.0 if layer.bias is None else float(layer.bias.detach().norm())
    return bound


@mistake(
    "zero_without_layers",
    "Without a linear layer the answer is 0. Such a network pulls nothing apart and nothing together: 1.",
)
def lipschitz_bound(critic):
    norms = [float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic if isinstance(layer, nn.Linear)]
    return math.prod(norms) if norms else 0.0


@mistake("activation_of_a_half", "An activation is given another constant than 1. The steepest place of a ReLU counts.")
def lipschitz_bound(critic):
    bound = 1.0
    for layer in critic:
        bound *= float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) if isinstance(layer, nn.Linear) else 0.5
    return bound


@mistake("one_step_of_power_iteration", "One step of power iteration is not enough: the norm comes out too small.")
def lipschitz_bound(critic):
    bound = 1.0
    for layer in critic:
        if isinstance(layer, nn.Linear):
            weight = layer.weight.detach()
            v = weight.T @ torch.ones(len(weight), dtype=weight.dtype)
            bound *= float((weight @ (v / v.norm().clamp(min=1e-12))).norm())
    return bound


@mistake("normalizes_the_network", "The weights are divided by their norms on the way. The network is to be left as it is.")
def lipschitz_bound(critic):
    bound = 1.0
    with torch.no_grad():
        for layer in critic:
            if isinstance(layer, nn.Linear):
                norm = torch.linalg.matrix_norm(layer.weight, 2)
                layer.weight.div_(norm)
                bound *= float(norm)
    return bound


@mistake(
    "network_frozen",
    "The weights take no gradient any more (requires_grad_(False)): the network would not learn on. Use detach().",
)
def lipschitz_bound(critic):
    bound = 1.0
    for layer in critic:
        if isinstance(layer, nn.Linear):
            bound *= float(np.linalg.norm(layer.weight.requires_grad_(False).numpy(), 2))
    return bound


@mistake("left_in_evaluation_mode", "The network is left in evaluation mode. It is to be left as it is.")
def lipschitz_bound(critic):
    critic.eval()
    return math.prod(
        float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic if isinstance(layer, nn.Linear)
    )


@mistake(
    "network_in_float64", "critic.double() turns the network itself into one of float64. Convert the detached weight instead."
)
def lipschitz_bound(critic):
    return math.prod(
        float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic.double() if isinstance(layer, nn.Linear)
    )


@mistake(
    "recording_left_off",
    "torch.set_grad_enabled(False) lasts beyond the call: nothing is recorded any more. Use with torch.no_grad().",
)
def lipschitz_bound(critic):
    torch.set_grad_enabled(False)
    return math.prod(
        float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic if isinstance(layer, nn.Linear)
    )


@mistake(
    "each_module_once",
    "modules(), children() and parameters() name a layer that stands twice only once. Go through the sequence: for layer in critic.",
)
def lipschitz_bound(critic):
    return math.prod(
        float(torch.linalg.matrix_norm(layer.weight.detach(), 2)) for layer in critic.modules() if isinstance(layer, nn.Linear)
    )


@mistake(
    "each_parameter_once",
    "modules(), children() and parameters() name a layer that stands twice only once. Go through the sequence: for layer in critic.",
)
def lipschitz_bound(critic):
    return math.prod(float(torch.linalg.matrix_norm(each.detach(), 2)) for each in critic.parameters() if each.ndim == 2)
