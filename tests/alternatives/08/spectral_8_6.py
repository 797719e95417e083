@alternative("recursive")
def apply_spectral_norm(discriminator):
    for name, child in discriminator.named_children():
        if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
            discriminator._modules[name] = nn.Identity()
        elif isinstance(child, (nn.Conv2d, nn.Linear)):
            parametrize.register_parametrization(child, "weight", SpectralNorm(child.weight))
        else:
            apply_spectral_norm(child)
    return discriminator


@alternative("the_librarys_own")
def apply_spectral_norm(discriminator):
    def visit(module):
        for name, child in module.named_children():
            if isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d)):
                setattr(module, name, nn.Identity())
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.utils.parametrizations.spectral_norm(module)

    return discriminator.apply(visit)
