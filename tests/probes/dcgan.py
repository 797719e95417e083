"""Probes of chapter 5: run beside the student's code, they build, record, differentiate and train, and return arrays."""

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from autograde.probing import Recorder, gradient_sizes, gradients, restored
from ganlib import dcgan, gan, training


def transposed_gradients(x: Tensor, weight: Tensor, upstream: Tensor, stride: int, padding: int) -> tuple[Tensor, ...]:
    """Derivatives of the sum of ``upstream`` times the result, by x and by the weight; 0 where none arrives."""
    result = dcgan.transposed_conv2d(x.requires_grad_(), weight.requires_grad_(), stride, padding)
    return gradients(result * upstream, x, weight)


def transposed_operations(x: Tensor, weight: Tensor, stride: int, padding: int) -> list[str]:
    """By name what a call of transposed_conv2d computes."""
    with Recorder(x, weight) as recorder:
        dcgan.transposed_conv2d(x, weight, stride, padding)
    return recorder.names()


def astray_between_equals(z: Tensor, t: float) -> Tensor:
    """How far the points that ``slerp`` puts between each vector and itself are from it at most; NaN if one is."""
    return (dcgan.slerp(z, z, t) - z).abs().max()


def build(network: str, options: dict, seed: int, factor: float = 1.0) -> nn.Module:
    """The same network for the same seed, in training mode; each layer's weights ``factor`` times as large as usual.

    The scale of batch normalization is 1 and its shift 0, also where the constructor chose otherwise.
    """
    training.seed_everything(seed)
    model = getattr(dcgan, network)(**options)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.squeeze().ndim > 1:  # not a scale of shape (1, C, 1, 1)
                parameter.mul_(factor)
        for module in model.modules():
            if isinstance(module, _BatchNorm) and module.affine:
                module.weight.fill_(1.0)
                module.bias.zero_()
    return model.train()


def answer(network: str, options: dict, inputs: Tensor, seed: int, evaluate: bool = False, factor: float = 1.0) -> Tensor:
    """What the network returns."""
    model = build(network, options, seed, factor)
    return model.train(not evaluate)(inputs)


def recorded(network: str, options: dict, inputs: Tensor, seed: int) -> dict:
    """In training mode, with weights four times as large: what enters and leaves each layer, and what the network returns.

    And, by name, the operations that pool.
    """
    model = build(network, options, seed, factor=4.0)
    with torch.no_grad(), Recorder(inputs) as recorder:
        output = model(inputs)
    pooling = sorted({name for name in recorder.names(output) if "pool" in name})
    return {"layers": recorder.layers(output), "pooling": pooling, "output": output}


def first_layer_of_gray(channels: int, image_size: int, width: int, seed: int) -> Tensor:
    """What the second layer of a discriminator is given for images that are 0, once 1 has been added to every parameter."""
    model = build("Discriminator", {"channels": channels, "image_size": image_size, "width": width}, seed)
    images = torch.zeros(2, channels, image_size, image_size)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1.0)
        with Recorder(images) as recorder:
            output = model(images)
    return recorder.layers(output)[1]["input"]


def answered_twice(network: str, options: dict, inputs: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """What the network returns for the same inputs, asked twice in training mode."""
    model = build(network, options, seed)
    return model(inputs), model(inputs)


def shifted(network: str, options: dict, inputs: Tensor, seed: int) -> dict[str, list[float]]:
    """By name of a parameter, how far the answers move if 1 is added to it: in training and in evaluation mode, in float64."""
    model, inputs, moved = build(network, options, seed).double(), inputs.double(), {}

    def answers() -> tuple[Tensor, Tensor]:
        return model.train()(inputs), model.eval()(inputs)

    with torch.no_grad():
        answers()  # running averages are somewhere now
        state = {name: value.clone() for name, value in model.state_dict().items()}
        before = answers()
        for name, parameter in model.named_parameters():
            model.load_state_dict(state)
            parameter.add_(1.0)
            moved[name] = [float((now - then).abs().max()) for now, then in zip(answers(), before, strict=True)]
    return moved


def restored_network(network: str, options: dict, inputs: Tensor, seed: int) -> dict:
    """What a network says whose state is taken over by another: see :func:`autograde.probing.restored`."""
    return restored(lambda seed: build(network, options, seed, factor=4.0), lambda model, n: model(inputs[:n]), seed)


def gradient_of_parameters(network: str, options: dict, inputs: Tensor, seed: int) -> dict[str, float]:
    """By name, the sum of the absolute derivatives of the squared answers by a parameter; 0 if none arrives."""
    model = build(network, options, seed)
    return gradient_sizes(model, model(inputs).square().sum())


def gradient_of_inputs(network: str, options: dict, inputs: Tensor, seed: int) -> Tensor:
    """Derivatives of the summed squared answers by the inputs, in evaluation mode; 0 where none arrives."""
    model = build(network, options, seed).eval()
    return gradients(model(inputs.requires_grad_()).square(), inputs)[0]


def arguments_after(network: str, options: dict, inputs: Tensor, seed: int) -> list[Tensor]:
    """The inputs, as they are after the network has answered."""
    with torch.no_grad():
        build(network, options, seed)(inputs)
    return [inputs]


def after_training_batches(network: str, options: dict, inputs: Tensor, seed: int) -> tuple[Tensor, Tensor]:
    """The answers in training mode, and in evaluation mode after as many answers to the same batch as its averages need."""
    model = build(network, options, seed, factor=4.0)
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.momentum = 0.5  # few batches are enough
    averages = [buffer for buffer in model.buffers() if buffer.is_floating_point()]
    with torch.no_grad():
        for _batch in range(1000):
            before = [average.clone() for average in averages]
            trained = model(inputs)
            # A normalization of the student's own has a momentum of its own: the averages stand still when they are there.
            if all(torch.allclose(*pair, rtol=1e-5, atol=1e-7) for pair in zip(averages, before, strict=True)):
                break
        return trained, model.eval()(inputs)


class ConvBlock(nn.Sequential):
    """Has the name of a convolution, and is none."""


LAYERS = {
    "Conv2d": lambda **kind: nn.Conv2d(32, 64, 4, **kind),
    "ConvTranspose2d": lambda **kind: nn.ConvTranspose2d(64, 32, 4, **kind),
    "Linear": lambda **kind: nn.Linear(256, 128, **kind),
    "BatchNorm2d": lambda **kind: nn.BatchNorm2d(4096, **kind),
    "BatchNorm1d": lambda **kind: nn.BatchNorm1d(4096, **kind),
    "GroupNorm": lambda **kind: nn.GroupNorm(4, 64, **kind),
    "InstanceNorm2d": lambda **kind: nn.InstanceNorm2d(64, affine=True, **kind),
    "LayerNorm": lambda **kind: nn.LayerNorm(64, **kind),
    "Embedding": lambda **kind: nn.Embedding(20, 8, **kind),
    "PReLU": lambda **kind: nn.PReLU(8, **kind),
}


def initialized(layer: str, kind: dict, seed: int) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The state of a layer whose numbers are all 3, or 5 in its buffers, before and after init_weights."""
    module = LAYERS[layer](**kind)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(3.0)
        for value in module.buffers():
            if value.is_floating_point():
                value.fill_(5.0)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    torch.manual_seed(seed)
    dcgan.init_weights(module)
    return before, dict(module.state_dict())


def initialized_network(seed: int) -> dict[str, Tensor]:
    """The state of a network of blocks, in float64, initialized by ``apply``."""
    torch.manual_seed(seed)
    block = ConvBlock(nn.Conv2d(16, 32, 4, bias=False), nn.BatchNorm2d(32, affine=False), nn.LeakyReLU(0.2))
    network = nn.Sequential(block, nn.ConvTranspose2d(32, 16, 4), nn.BatchNorm2d(16), nn.Flatten(), nn.Linear(16, 8)).double()
    network.apply(dcgan.init_weights)
    return {name: value for name, value in network.state_dict().items() if value.is_floating_point()}


def initialized_container() -> tuple[Tensor, Tensor]:
    """The weights of a convolution in a container, before and after init_weights was asked to initialize the container."""
    container = ConvBlock(nn.Conv2d(3, 8, 3), nn.ReLU())
    before = container[0].weight.detach().clone()
    dcgan.init_weights(container)
    return before, container[0].weight


def step_after_initialization(layer: str) -> tuple[Tensor, Tensor, list[bool]]:
    """The weights of a layer after init_weights, and after a step that lowers each of them by 1; what takes a gradient.

    The step is made as by an optimizer that knows the parameters from before.
    """
    module = LAYERS[layer]()
    parameters = list(module.parameters())
    dcgan.init_weights(module)
    before = module.weight.detach().clone()
    if module.weight.requires_grad:
        module.weight.sum().backward()
    with torch.no_grad():
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.sub_(parameter.grad)
    return before, module.weight, [parameter.requires_grad for parameter in module.parameters()]


def train(images: Tensor, epochs: int, seed: int = 0, latent_dim: int = 16, width: int = 32) -> Tensor:
    """Train a DCGAN on images in [0, 1]; returns 2000 samples in [0, 1], of the generator in evaluation mode.

    They are made by a second generator with the same weights: it has seen noise and no image.
    """
    training.seed_everything(seed)
    channels, size = images.shape[1], images.shape[2]
    generator = dcgan.Generator(latent_dim, channels, size, width)
    discriminator = dcgan.Discriminator(channels, size, width)
    generator.apply(dcgan.init_weights)
    discriminator.apply(dcgan.init_weights)
    opt_g, opt_d = (
        torch.optim.Adam(network.parameters(), lr=5e-4, betas=(0.5, 0.999), fused=True) for network in (generator, discriminator)
    )
    run = training.Run({"generator": generator, "discriminator": discriminator}, {"g": opt_g, "d": opt_d}, seed=seed)

    def step(real: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        z = torch.randn(len(real), latent_dim, generator=source).to(real.device)
        return gan.gan_step(generator, discriminator, opt_g, opt_d, 2 * real - 1, z)

    training.fit(step, images, run, epochs=epochs, batch_size=64, progress=False)
    sampler = dcgan.Generator(latent_dim, channels, size, width)
    sampler.load_state_dict({name: value.cpu() for name, value in generator.state_dict().items()})
    sampler.eval()
    with torch.no_grad():
        return (sampler(torch.randn(2000, latent_dim, generator=run.generator)) + 1) / 2
