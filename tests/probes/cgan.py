"""Probes of chapter 6: run beside the student's code, they build, differentiate and train, and return arrays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from autograde.probing import Player, Recorder, gradients, played, restored, spread
from ganlib import cgan, dcgan, training


def rows_of(table: Tensor, layer: bool) -> Callable[[Tensor], Tensor]:
    """An embedding with these rows: a layer, or a plain function."""
    if layer:
        return nn.Embedding.from_pretrained(table)
    return lambda labels: table[labels]


def conditioned(function: str, z: Tensor, labels: Tensor, table: Tensor, layer: bool = True) -> tuple:
    """Noise told the class by ``function``; and z, labels and table as they are after it."""
    return getattr(cgan, function)(z, labels, rows_of(table, layer)), z, labels, table


def derivatives_of_conditioned(function: str, z: Tensor, labels: Tensor, table: Tensor, weights: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the weighted sum of the result by z and by the table; 0 where none arrives."""
    z, table = z.requires_grad_(), table.requires_grad_()
    result = getattr(cgan, function)(z, labels, lambda rows: table[rows])
    return gradients(result * weights, z, table)


def logits_of_pairs(features: Tensor, labels: Tensor, table: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """What ``projection_logit`` answers for an embedding with the rows of ``table`` and a linear psi."""
    return cgan.projection_logit(features, labels, rows_of(table, layer=False), lambda phi: phi @ weight.T + bias)


def projected(features: Tensor, labels: Tensor, table: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The same, asked with the layers nn.Embedding and nn.Linear."""
    linear = nn.Linear(features.shape[1], 1, dtype=features.dtype)
    with torch.no_grad():
        linear.weight.copy_(weight)
        linear.bias.copy_(bias)
        return cgan.projection_logit(features, labels, rows_of(table, layer=True), linear)


def projected_by_functions(features: Tensor, labels: Tensor, table: Tensor) -> Tensor:
    """The same, with plain functions: a look into the table, and the squared length as psi."""
    square = lambda phi: phi.square().sum(dim=1, keepdim=True)  # noqa: E731
    return cgan.projection_logit(features, labels, rows_of(table, layer=False), square)


def derivatives_of_projected(*arguments: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the summed logits by features, table, weight and bias; 0 where none arrives."""
    features, labels, *others = arguments
    inputs = [value.requires_grad_() for value in (features, *others)]
    return gradients(logits_of_pairs(features, labels, *others), *inputs)


def after_projection(*arguments: Tensor) -> tuple[Tensor, ...]:
    """Features, labels, table, weight and bias, as they are after ``projection_logit``."""
    logits_of_pairs(*arguments)
    return arguments


def build(network: str, arguments: dict, seed: int) -> nn.Module:
    """The same network for the same seed, in evaluation mode, with generic weights: none is 0, or 1, as layers may start.

    Batch normalization has seen noise of all classes before, so that it normalizes.
    """
    training.seed_everything(seed)
    model = getattr(cgan, network)(**arguments)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:  # what is not trained stays what it was made: a table of one-hot vectors, say
                parameter.add_(0.1 * torch.randn_like(parameter))
        n_classes, channels, size = (arguments.get(name, default) for name, default in DEFAULTS.items())
        labels = torch.arange(44) % n_classes
        with plain_means(model) as passes:
            for _ in range(passes):
                if network == "ConditionalGenerator":
                    model(torch.randn(len(labels), arguments.get("latent_dim", 64)), labels)
                else:
                    model(torch.rand(len(labels), channels, size, size) * 2 - 1, labels)
    return model.eval()


DEFAULTS = {"n_classes": 10, "channels": 1, "image_size": 16}


@contextmanager
def plain_means(model: nn.Module) -> Iterator[int]:
    """The passes that its running averages need: PyTorch's are plain means meanwhile, which need two."""
    layers = [module for module in model.modules() if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))]
    others = [module for module in model.modules() if module not in layers]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = None
    try:
        yield 30 if any(list(module.buffers(recurse=False)) for module in others) else 2
    finally:
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum


def answers(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int, factor: float = 1.0) -> tuple:
    """What a network answers, its weights ``factor`` times as large; and inputs and labels as they are after it."""
    model = spread(build(network, arguments, seed), factor)
    with torch.no_grad():
        return model(inputs, labels), inputs, labels


def answers_twice(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int) -> tuple:
    """Two answers of one network to one question."""
    model = build(network, arguments, seed)
    with torch.no_grad():
        return model(inputs, labels), model(inputs, labels)


def answers_to_each_class(network: str, arguments: dict, inputs: Tensor, seed: int) -> list:
    """The answers to the same inputs with each class in turn: one tensor a class."""
    model = build(network, arguments, seed)
    with torch.no_grad():
        return [model(inputs, torch.full((len(inputs),), label)) for label in range(arguments["n_classes"])]


def gradients_of_network(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int) -> dict:
    """By the name of each parameter that is to be trained, the absolute derivatives of the squared answers, summed.

    What has as many rows as there are classes gives one sum for each row, anything else one sum; 0 where none arrives.
    """
    model = build(network, arguments, seed)
    model(inputs, labels).square().sum().backward()
    found = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            size = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.abs()
            rows = size.ndim > 1 and len(size) == arguments["n_classes"]
            found[name] = (size.flatten(1).sum(dim=1) if rows else size.sum().reshape(1)).double()
    return found


def numbers_of_each_class(arguments: dict, z: Tensor, seed: int) -> Tensor:
    """For each class, how many trained numbers of a generator move images of this class and of no other."""
    model = build("ConditionalGenerator", arguments, seed)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    moves = []
    for label in range(arguments["n_classes"]):
        slopes = gradients(model(z, torch.full((len(z),), label)).square(), *trained)
        moves.append(torch.cat([slope.flatten() != 0 for slope in slopes]))
    moves = torch.stack(moves)
    return (moves & (moves.sum(dim=0) == 1)).sum(dim=1).float()


def slopes_of_network(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int) -> Tensor:
    """The derivatives of the summed answers by the inputs."""
    model, inputs = build(network, arguments, seed), inputs.requires_grad_()
    return gradients(model(inputs, labels), inputs)[0]


def answers_in_training(network: str, arguments: dict, inputs: Tensor, labels: Tensor, others: Tensor, seed: int) -> tuple:
    """The answers in training mode to the same inputs, told some labels and then others."""
    model = build(network, arguments, seed).train()
    with torch.no_grad():
        return model(inputs, labels), model(inputs, others)


def logits_of_many(arguments: dict, x: Tensor, labels: Tensor, seed: int, count: int) -> Tensor:
    """The logits of so many discriminators in training mode, each of other weights, all of them large."""
    found = []
    for k in range(count):
        training.seed_everything(seed + k)
        model = cgan.ConditionalDiscriminator(**arguments)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(torch.randn_like(parameter))
            found.append(model.train()(x, labels))
    return torch.stack(found)


def kinds_of_layers(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int) -> list[str]:
    """Of which kind the layers are through which the inputs reach the answers."""
    model = build(network, arguments, seed)
    with torch.no_grad(), Recorder(inputs) as recorder:
        output = model(inputs, labels)
    return [layer["kind"] for layer in recorder.layers(output)]


def restored_network(network: str, arguments: dict, inputs: Tensor, labels: Tensor, seed: int) -> dict:
    """What a network says whose state is taken over by another: see :func:`autograde.probing.restored`."""
    return restored(lambda seed: build(network, arguments, seed), lambda model, n: model(3 * inputs[:n], labels[:n]), seed)


def trained_numbers(network: str, arguments: dict, seed: int) -> int:
    """How many numbers of a network are trained."""
    return sum(parameter.numel() for parameter in build(network, arguments, seed).parameters() if parameter.requires_grad)


class LabeledPlayer(Player):
    """Its first layer has a shift for each class; remembers the sizes of the batches."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__(weights)
        self.sizes: list[int] = []

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        self.sizes.append(len(x))
        return self.answer(x @ self.weights[0] + self.weights[1][labels])


def steps(of_generator: list, of_discriminator: list, batches: list, lr: float, evaluate: bool = False) -> dict:
    """Steps from given weights, one for each (real, labels, z_d, z_g, fake_labels): see :func:`autograde.probing.played`.

    Made smaller, since every answer is kept: weights end to end, each mode once, and of the batches the first.
    """
    generator, discriminator = LabeledPlayer(of_generator), LabeledPlayer(of_discriminator)
    if evaluate:  # and with a weight of each that is not to learn
        for player in (generator.eval(), discriminator.eval()):
            player.weights[1].requires_grad_(False)
    random = torch.get_rng_state()
    found = played(cgan.cgan_step, generator, discriminator, "discriminator", batches, lr)
    found["drawn"] = not torch.equal(random, torch.get_rng_state())
    for name in ("generator", "discriminator"):
        found[name] = [torch.cat([weight.flatten() for weight in weights]) for weights in found[name]]
        found[f"{name}_modes"] = sorted(set(found[f"{name}_modes"]))
    found["batch"] = found.pop("batches")[0]
    return found


def questions(of_generator: list, of_discriminator: list, batch: list, lr: float) -> list[list[int]]:
    """Of how many images, or noises, each question of one step is: those to the generator, those to the discriminator."""
    generator, discriminator = LabeledPlayer(of_generator), LabeledPlayer(of_discriminator)
    played(cgan.cgan_step, generator, discriminator, "discriminator", [batch], lr)
    return [generator.sizes, discriminator.sizes]


def train(images: Tensor, labels: Tensor, asked: Tensor, epochs: int, seed: int = 0, width: int = 16) -> Tensor:
    """Train a conditional DCGAN on images in [0, 1]; returns images of the classes ``asked``, in [0, 1].

    They are made in evaluation mode by a second generator with the same weights: it has seen noise and labels, and no image.
    """
    training.seed_everything(seed)
    latent_dim, (channels, size) = 16, images.shape[1:3]
    n_classes = int(labels.max()) + 1
    generator = cgan.ConditionalGenerator(latent_dim, n_classes, channels, size, width)
    discriminator = cgan.ConditionalDiscriminator(n_classes, channels, size, width)
    for network in (generator, discriminator):
        network.apply(dcgan.init_weights)
    opt_g, opt_d = (
        torch.optim.Adam(
            [weight for weight in network.parameters() if weight.requires_grad], lr=5e-4, betas=(0.5, 0.999), fused=True
        )
        for network in (generator, discriminator)
    )
    run = training.Run({"generator": generator, "discriminator": discriminator}, {"g": opt_g, "d": opt_d}, seed=seed)

    def step(real: Tensor, classes: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        z = torch.randn(len(real), latent_dim, generator=source).to(real.device)
        return cgan.cgan_step(generator, discriminator, opt_g, opt_d, 2 * real - 1, classes, z)

    training.fit(step, images, run, epochs=epochs, batch_size=64, labels=labels, progress=False)
    sampler = cgan.ConditionalGenerator(latent_dim, n_classes, channels, size, width)
    sampler.load_state_dict({name: value.cpu() for name, value in generator.state_dict().items()})
    sampler.eval()
    with torch.no_grad():
        return (sampler(torch.randn(len(asked), latent_dim, generator=run.generator), asked) + 1) / 2
