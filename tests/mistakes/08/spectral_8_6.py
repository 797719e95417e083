@mistake("batch_norm_kept", "Batch normalization is still there: it scales the logits up again, and the bound is gone.")
def apply_spectral_norm(discriminator):
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("batch_norm_2d_alone", "The batch normalization behind linear layers, BatchNorm1d, is still there.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("batch_norm_off", "The batch normalizations are frozen, not taken out: they go on dividing.")
def apply_spectral_norm(discriminator):
    for module in discriminator.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.requires_grad_(False)
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("convolutions_alone", "The linear layers are not normalized: the last one scales the logits as it likes.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, nn.Conv2d)]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake(
    "linear_alone",
    "The convolutions are not normalized, or only the layers at the top are: children() goes one level deep, modules() goes through all.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, nn.Linear)]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake(
    "top_level_alone",
    "The convolutions are not normalized, or only the layers at the top are: children() goes one level deep, modules() goes through all.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in discriminator.children():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("but_the_last", "The last layer is left out. It bounds the logits as much as the others do.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))][:-1]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("nothing_returned", "Nothing is returned. Wanted is the discriminator that was given, changed.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))


@mistake("a_copy", "A copy is normalized and returned: the one that was given stays as it was. Change it in place.")
def apply_spectral_norm(discriminator):
    from copy import deepcopy

    changed = deepcopy(discriminator)
    for module in list(changed.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in changed.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return changed


@mistake("once_for_all", "The weights are divided by their norms once. With the next step of the optimizer the norms are others.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    with torch.no_grad():
        for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
            module.weight.div_(torch.linalg.matrix_norm(module.weight.flatten(1), 2))
    return discriminator


@mistake("frobenius", "The weights are divided by their Frobenius norms: the network is far flatter than it has to be.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Divided(SpectralNorm):
        def forward(self, weight):
            if self.training:
                self.u.copy_(spectral_normalize(weight, self.u)[1])
            return weight / weight.norm()

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Divided(module.weight))
    return discriminator


@mistake("biases_too", "The biases are taken out. They move the logits, and stretch nothing: they stay.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    return discriminator


@mistake("weights_drawn_anew", "The weights are drawn anew: the layers keep those that they have, divided.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        with torch.no_grad():
            module.weight.copy_(torch.linspace(-1, 1, module.weight.numel()).reshape(module.weight.shape))
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("u_not_kept", "The vector u is not kept from pass to pass: each pass makes its one step from the same start.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Forgetful(SpectralNorm):
        def forward(self, weight):
            return spectral_normalize(weight, self.u)[0]

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Forgetful(module.weight))
    return discriminator


@mistake("u_goes_on_in_evaluation", "In evaluation mode u goes on, too: the same image gets other logits each time.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Restless(SpectralNorm):
        def forward(self, weight):
            normalized, u = spectral_normalize(weight, self.u)
            self.u.copy_(u)
            return normalized

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Restless(module.weight))
    return discriminator


@mistake("u_is_no_buffer", "The vector u is a plain attribute: state_dict does not hold it. Register it as a buffer.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Attribute(nn.Module):
        def __init__(self, weight):
            super().__init__()
            self.known = [SpectralNorm(weight, warm_up=3)]

        def forward(self, weight):
            self.known[0].train(self.training)
            return self.known[0](weight)

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Attribute(module.weight))
    return discriminator


@mistake(
    "no_warm_up",
    "The vectors start at random, without a warm-up, as those of the old torch.nn.utils.spectral_norm do: at first the norms are far above 1.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in discriminator.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            nn.utils.spectral_norm(module)
    return discriminator


@mistake("sigma_detached", "No gradient goes through sigma: the weight is divided by a number that counts as a constant.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Detached(SpectralNorm):
        def forward(self, weight):
            with torch.no_grad():
                normalized, u = spectral_normalize(weight, self.u)
                if self.training:
                    self.u.copy_(u)
                scale = (normalized / weight).flatten()[0]
            return weight * scale

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Detached(module.weight))
    return discriminator


@mistake("weights_frozen", "The weights are no parameters any more, or frozen: an optimizer does not move them.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
        module.parametrizations.weight.original.requires_grad_(False)
    return discriminator


@mistake("u_is_trained", "u is a parameter: an optimizer would train it. It is a buffer.")
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())

    class Trained(SpectralNorm):
        def __init__(self, weight):
            super().__init__(weight)
            u = self.u
            del self.u
            self.u = nn.Parameter(u)

        def forward(self, weight):
            normalized, u = spectral_normalize(weight, self.u)
            if self.training:
                with torch.no_grad():
                    self.u.copy_(u)
            return normalized

    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", Trained(module.weight))
    return discriminator


@mistake(
    "whatever_has_a_weight",
    "Whatever has a weight is normalized. Only convolutions (Conv2d) and linear layers are: ask isinstance.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in list(discriminator.modules()):
        if hasattr(module, "weight"):
            parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake(
    "whatever_has_a_matrix",
    "Whatever has a weight of two axes or more is normalized. Only convolutions (Conv2d) and linear layers are: ask isinstance.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in list(discriminator.modules()):
        if hasattr(module, "weight") and module.weight.ndim > 1:
            parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake(
    "every_normalization",
    "Other normalizations are taken out, too, such as LayerNorm and GroupNorm. Only BatchNorm2d and BatchNorm1d are.",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if "Norm" in type(child).__name__:
                setattr(module, name, nn.Identity())
    for module in list(discriminator.modules()):
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator


@mistake("left_in_training_mode", "The discriminator is put into training mode. Leave it in the mode in which it came.")
def apply_spectral_norm(discriminator):
    return apply_spectral_norm(discriminator).train()


@mistake("left_in_evaluation_mode", "The discriminator is left in evaluation mode. Leave it in the mode in which it came.")
def apply_spectral_norm(discriminator):
    return apply_spectral_norm(discriminator).eval()


@mistake(
    "changed_while_it_is_walked_through",
    "The network is changed while modules() or named_modules() walks through it. Make a list of them first.",
)
def apply_spectral_norm(discriminator):
    for module in discriminator.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    for name, child in discriminator.named_modules():
        if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
            setattr(discriminator, name, nn.Identity())
    return discriminator


@mistake(
    "class_for_a_module",
    "The class SpectralNorm itself is registered. Make one of it for each layer: SpectralNorm(module.weight).",
)
def apply_spectral_norm(discriminator):
    for module in list(discriminator.modules()):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm)
    return discriminator


@mistake(
    "batch_norm_of_the_first_level",
    "Batch normalizations deeper inside are still there: named_children() goes one level deep. Go through every module.",
)
def apply_spectral_norm(discriminator):
    for name, child in discriminator.named_children():
        if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
            setattr(discriminator, name, nn.Identity())
    for module in [each for each in discriminator.modules() if isinstance(each, (nn.Conv2d, nn.Linear))]:
        parametrize.register_parametrization(module, "weight", SpectralNorm(module.weight))
    return discriminator
