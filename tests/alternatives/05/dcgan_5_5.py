@alternative("in_place_on_data")
def init_weights(module):
    if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        if module.affine:
            module.weight.data.normal_(1, 0.02)
            module.bias.data.fill_(0)
    elif isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
        module.weight.data.normal_(0, 0.02)
        if module.bias is not None:
            module.bias.data.zero_()


@alternative("copy_of_random_numbers")
@torch.no_grad()
def init_weights(module):
    mean = {nn.Conv2d: 0.0, nn.ConvTranspose2d: 0.0, nn.Linear: 0.0, nn.BatchNorm1d: 1.0, nn.BatchNorm2d: 1.0}.get(type(module))
    if mean is not None and module.weight is not None:
        module.weight.copy_(mean + 0.02 * torch.randn_like(module.weight))
        if module.bias is not None:
            module.bias.mul_(0)
