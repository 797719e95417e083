@mistake(
    "scale_around_0",
    "The scale of batch normalization is drawn around 0: half of the features are turned over, all nearly put out. Around 1.",
)
def init_weights(module):
    if (
        isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d))
        and module.weight is not None
    ):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


@mistake("scale_is_1", "The scale of batch normalization is left at 1, or set to 1. DCGAN draws it from N(1, 0.02^2).")
def init_weights(module):
    if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.ones_(module.weight)
        nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


@mistake(
    "batch_norm_forgotten", "Batch normalization is left as it is. Its scale is drawn from N(1, 0.02^2), its shift set to 0."
)
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


@mistake("transposed_forgotten", "Transposed convolutions are left out. ConvTranspose2d is no Conv2d: name both.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake("linear_forgotten", "Linear layers are left out. They are initialized as convolutions are.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake("std_2_tenths", "The standard deviation is 0.2. It is 0.02.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.2)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.2)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake("variance_2_hundredths", "0.02 is taken for the variance. It is the standard deviation: the variance is 0.0004.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02**0.5)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02**0.5)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake("standard_normal", "The weights are drawn from N(0, 1): the standard deviation of 0.02 is missing.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake("uniform", "The weights are drawn from a uniform distribution. DCGAN's are normal.")
def init_weights(module):
    wide = 0.02 * 3**0.5
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.uniform_(module.weight, -wide, wide)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.uniform_(module.weight, 1 - wide, 1 + wide)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake("cut_off_tails", "The tails of the normal distribution are cut off (trunc_normal_). DCGAN's weights are normal.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.trunc_normal_(module.weight, 0.0, 0.0227, -0.0454, 0.0454)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake(
    "filters_alike", "All filters of a layer get the same weights: they would all learn the same. Draw each weight by itself."
)
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        with torch.no_grad():
            module.weight.copy_((0.02 * torch.randn_like(module.weight[:1])).expand_as(module.weight))
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake("biases_left", "The biases are left as they are. They start at 0.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake("biases_drawn", "The biases are drawn at random, too. They start at 0.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.normal_(module.bias, 0.0, 0.02)


@mistake("shift_left", "The shift of batch normalization is left as it is. It starts at 0.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)


@mistake("no_bias_no_care", "A layer made with bias=False (or affine=False) has no bias: ask whether it is None.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


@mistake(
    "by_name",
    'The layer is told by its name: "Conv" is in the name of a block of layers too, which has no weight. Use isinstance.',
)
def init_weights(module):
    name = type(module).__name__
    if "Conv" in name or "Linear" in name:
        nn.init.normal_(module.weight.data, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias.data)
    elif "BatchNorm" in name and module.affine:
        nn.init.normal_(module.weight.data, 1.0, 0.02)
        nn.init.zeros_(module.bias.data)


@mistake("every_weight", "Every module that has a weight is initialized, also those that the exercise does not name.")
def init_weights(module):
    if getattr(module, "weight", None) is None:
        return
    nn.init.normal_(module.weight, 1.0 if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) else 0.0, 0.02)
    if getattr(module, "bias", None) is not None:
        nn.init.zeros_(module.bias)


@mistake(
    "running_averages_reset", "The running averages of batch normalization are set back. Only scale and shift are initialized."
)
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        module.reset_running_stats()
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake(
    "goes_through_the_layers", "init_weights goes through all layers of a module itself. It does one; apply goes through them."
)
def init_weights(module):
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.affine:
            nn.init.normal_(layer.weight, 1.0, 0.02)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


@mistake(
    "new_parameters", "New parameters take the place of the old ones, which an optimizer may already hold. Change them in place."
)
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        module.weight = nn.Parameter(0.02 * torch.randn_like(module.weight))
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        module.weight = nn.Parameter(1 + 0.02 * torch.randn_like(module.weight))
    else:
        return
    if module.bias is not None:
        module.bias = nn.Parameter(torch.zeros_like(module.bias))


@mistake("frozen", "The weights are frozen afterwards (requires_grad is False): they would never learn.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight.requires_grad_(False), 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight.requires_grad_(False), 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake(
    "fixed_seed",
    "The seed is fixed within: every layer of one shape gets the same weights, every time. Draw from torch's generator.",
)
def init_weights(module):
    source = torch.Generator().manual_seed(0)
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02, generator=source)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02, generator=source)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake("own_generator", "The weights are drawn from a generator of one's own: torch.manual_seed does not reach them.")
def init_weights(module):
    source = torch.Generator()
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02, generator=source)
    elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02, generator=source)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)


@mistake("images_alone", "Batch normalization of vectors (nn.BatchNorm1d) is left as it is. It starts like that of images.")
def init_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
