"""Probes of chapter 8: run beside the student's code, they build, differentiate and train, and return arrays."""

import copy

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from autograde.probing import gradients
from ganlib import dcgan, spectral, training


def iterated(weight: Tensor, u: Tensor, calls: list[int]) -> list[tuple[Tensor, Tensor]]:
    """What ``power_iteration`` returns in calls of so many steps, each going on from the u of the one before."""
    found = []
    for n_steps in calls:
        sigma, u = spectral.power_iteration(weight, u, n_steps)
        found.append((sigma, u))
    return found


def gradient_of_sigma(weight: Tensor, u: Tensor, n_steps: int) -> dict:
    """Derivatives of sigma by the weight and by u, 0 where none arrives; whether the u that is returned has a history."""
    sigma, new = spectral.power_iteration(weight.requires_grad_(), u.requires_grad_(), n_steps)
    by_weight, by_u = gradients(sigma, weight, u)
    return {"by_weight": by_weight, "by_u": by_u, "attached": new.requires_grad, "u": new}


def normalized(weight: Tensor, u: Tensor, calls: int) -> tuple[Tensor, Tensor]:
    """What ``spectral_normalize`` returns in the last of so many calls, each with the u of the one before."""
    for _ in range(calls):
        result, u = spectral.spectral_normalize(weight, u)
    return result, u


def gradient_of_normalized(weight: Tensor, u: Tensor, upstream: Tensor) -> tuple[Tensor, Tensor, bool]:
    """The derivative of the sum of ``upstream`` times the normalized weight; the new u, and whether it has a history."""
    result, new = spectral.spectral_normalize(weight.requires_grad_(), u)
    (by_weight,) = gradients(result * upstream, weight)
    return by_weight, new, new.requires_grad


def conv_norm(weight: Tensor, image_size: int, seed: int, **options: int) -> float:
    """``conv_operator_norm``, from a seeded start."""
    return spectral.conv_operator_norm(weight, image_size, generator=torch.Generator().manual_seed(seed), **options)


def conv_norm_of_chance(weight: Tensor, image_size: int, seed: int) -> dict:
    """Two norms after one step from one generator, one from another; and what became of the weight and of global chance."""
    source, before = torch.Generator().manual_seed(seed), torch.get_rng_state()
    drawn = [spectral.conv_operator_norm(weight, image_size, 1, generator=source) for _ in range(2)]
    again = spectral.conv_operator_norm(weight, image_size, 1, generator=torch.Generator().manual_seed(seed))
    moved = not torch.equal(before, torch.get_rng_state())
    torch.manual_seed(seed)
    by_global = [spectral.conv_operator_norm(weight, image_size, 1) for _ in range(2)]
    return {"drawn": drawn, "again": again, "moved": moved, "global": by_global}


def conv_norm_of_layer(weight: Tensor, image_size: int, seed: int) -> tuple[float, bool]:
    """``conv_operator_norm`` of the weight of a layer, a parameter; and whether it still takes gradients."""
    layer = weighted(weight)
    norm = spectral.conv_operator_norm(layer.weight, image_size, 600, generator=torch.Generator().manual_seed(seed))
    return norm, layer.weight.requires_grad


def network(layers: list) -> nn.Sequential:
    """A sequence: each layer ("linear", weight), ("conv", weight, stride, padding), ("sequence", layers) or (name, options)."""
    made: list[nn.Module] = []
    for kind, *rest in layers:
        if kind == "sequence":
            made.append(network(*rest))
        elif kind in ("linear", "conv"):
            made.append(weighted(*rest))
        else:
            made.append(getattr(nn, kind)(**(rest[0] if rest else {})))
    return nn.Sequential(*made)


def weighted(weight: Tensor, stride: int | list[int] = 1, padding: int = 0) -> nn.Module:
    """A linear layer or a convolution with this weight."""
    if weight.ndim == 2:
        layer = nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype)
    else:
        layer = nn.Conv2d(*weight.shape[1::-1], weight.shape[2:], stride, padding, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
    return layer


def product(layers: list) -> dict:
    """``lipschitz_product`` of a network, which of its parameters it changed, and whether it is still in training mode."""
    made = network(layers)
    before = copy.deepcopy(made.state_dict())
    value = spectral.lipschitz_product(made)
    after = made.state_dict().items()
    changed = [name for name, now in after if now.dtype != before[name].dtype or not torch.equal(now, before[name])]
    learning = all(parameter.requires_grad for parameter in made.parameters())
    return {"product": value, "changed": changed, "training": made.training, "learning": learning}


def product_and_slopes(layers: list, points: Tensor) -> tuple[float, Tensor]:
    """``lipschitz_product``, and the largest stretch of a network at each point: the norm of its Jacobian there."""
    made = network(layers)
    jacobians = torch.stack([torch.autograd.functional.jacobian(lambda x: made(x[None])[0], x) for x in points])
    return spectral.lipschitz_product(made), torch.linalg.matrix_norm(jacobians.reshape(len(points), jacobians.shape[1], -1), 2)


def product_of_repeated(weight: Tensor) -> float:
    """``lipschitz_product`` of a sequence in which one linear layer and one sigmoid stand at two places each."""
    layer, activation = weighted(weight), nn.Sigmoid()
    return spectral.lipschitz_product(nn.Sequential(layer, activation, layer, activation))


class Doubled(nn.Module):
    """A parametrization: twice the weight."""

    def forward(self, weight: Tensor) -> Tensor:
        return 2 * weight


def product_of_parametrized(first: Tensor, second: Tensor) -> float:
    """``lipschitz_product`` of two linear layers that use twice the weights given."""
    made = network([["linear", first], ["ReLU"], ["linear", second]])
    for layer in made[::2]:
        parametrize.register_parametrization(layer, "weight", Doubled())
    return spectral.lipschitz_product(made)


def derivatives(function: str, *logits: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of a loss by each tensor of logits; 0 where none arrives."""
    inputs = [each.requires_grad_() for each in logits]
    return gradients(getattr(spectral, function)(*inputs), *inputs)


class Residual(nn.Module):
    """Layers that are attributes, one of them within a list, and a parameter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.inner = nn.ModuleList([nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)])

    def forward(self, x: Tensor) -> Tensor:
        return x + self.scale * self.inner[1](self.inner[0](x)).relu()


class Judge(nn.Module):
    """A discriminator of 8 x 8 images with layers at several depths; one of its linear layers is used twice."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(2, 6, 4, 2, 1), nn.LeakyReLU(0.2), nn.Sequential(Residual(), nn.BatchNorm2d(6)), nn.LeakyReLU(0.2)
        )
        self.hidden, self.norm = nn.Linear(96, 96), nn.BatchNorm1d(96)
        self.logit = nn.Linear(96, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.features(x).flatten(1)
        h = self.norm(self.hidden(h)).relu()
        return self.logit(self.hidden(h))[:, 0]


def plain_judge(seed: int) -> Judge:
    """The discriminator with large weights, the same for the same seed."""
    torch.manual_seed(seed)
    made = Judge()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter))
    return made


def judge(seed: int) -> Judge:
    """The same, as ``apply_spectral_norm`` leaves it."""
    made = plain_judge(seed)
    spectral.apply_spectral_norm(made)
    return made


LAYERS = ("features.0", "features.2.0.inner.0", "hidden", "logit")


def weights_of(made: nn.Module) -> dict[str, Tensor]:
    """By the name of its layer, each weight as it is used."""
    return {name: made.get_submodule(name).weight.detach().clone() for name in LAYERS}


def applied(images: Tensor, seed: int, passes: int = 30) -> dict:
    """What ``apply_spectral_norm`` makes of a discriminator: its weights at once and after some passes, its norms and biases.

    As those of the plain one: how many numbers it trains, its weights and biases.
    """
    plain, made = plain_judge(seed), plain_judge(seed)
    returned = spectral.apply_spectral_norm(made)
    with torch.no_grad():
        made.eval()(images)
        first = weights_of(made)
        for _ in range(passes):
            made.train()(images)
        made.eval()(images)
    norms = [name for name, module in made.named_modules() if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))]
    biases = {name: (made.get_submodule(name).bias, plain.get_submodule(name).bias) for name in ("features.0", "hidden", "logit")}
    sizes = [sum(each.numel() for each in network.parameters()) for network in (made, plain)]
    return {
        "same": returned is made,
        "first": first,
        "weights": weights_of(made),
        "plain": weights_of(plain),
        "norms": norms,
        "biases": biases,
        "scale": [made.get_submodule("features.2.0").scale, plain.get_submodule("features.2.0").scale],
        "sizes": sizes,
    }


def other_layers(seed: int) -> dict:
    """By the name of its kind, what becomes of each layer that is none of those in question, and whether its weights are."""
    torch.manual_seed(seed)
    others = [
        nn.LayerNorm(4),
        nn.GroupNorm(1, 4),
        nn.Embedding(5, 4),
        nn.ConvTranspose2d(4, 2, 3),
        nn.PReLU(3),
        nn.Bilinear(2, 3, 4),
    ]
    made = nn.Sequential(nn.Conv2d(2, 4, 3), *others, nn.Linear(4, 1))
    names = [type(layer).__name__ for layer in others]
    before = [[(each, each.detach().clone()) for each in layer.parameters()] for layer in others]
    spectral.apply_spectral_norm(made)
    found = {}
    for name, layer, weights in zip(names, list(made)[1:-1], before, strict=True):
        now = list(layer.parameters())
        same = len(now) == len(weights) and all(a is b and torch.equal(a, c) for a, (b, c) in zip(now, weights, strict=True))
        found[name] = (type(layer).__name__, same)
    return found


def mode_after(seed: int, training: bool) -> bool:
    """The mode in which ``apply_spectral_norm`` leaves a discriminator, True for training."""
    made = plain_judge(seed).train(training)
    spectral.apply_spectral_norm(made)
    return made.training


def modes(images: Tensor, seed: int) -> dict:
    """Whether the state moves with each pass: in training mode after the weights have moved, and in evaluation mode."""
    made = judge(seed)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter))  # the vectors are those of the old weights

        def moves() -> bool:
            before = {name: value.clone() for name, value in made.state_dict().items()}
            made(images)
            return any(not torch.equal(value, before[name]) for name, value in made.state_dict().items())

        moved = [made.train() and moves(), made.eval() and moves()]
        twice = [made(images), made(images)]
    return {"moved": moved, "twice": twice}


def learning(images: Tensor, seed: int) -> dict:
    """What an optimizer gets and does: gradients that are missing, and the logits before and after a step."""
    made = judge(seed)
    optimizer = torch.optim.SGD(made.parameters(), lr=0.5)
    logits = made(images)
    (logits[0] - logits[1] + logits.square().mean()).backward()
    missing = [name for name, each in made.named_parameters() if each.grad is None or not bool(each.grad.any())]
    before = weights_of(made)
    optimizer.step()
    with torch.no_grad():
        made(images)
    return {"missing": missing, "before": before, "after": weights_of(made)}


def slope_of_weight(seed: int, upstream: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of one linear layer its own weight, the weight as used, and the derivative by the first of ``upstream`` times that."""
    torch.manual_seed(seed)
    made = spectral.apply_spectral_norm(nn.Sequential(nn.Linear(4, 3)))
    with torch.no_grad():
        for _ in range(100):
            made(torch.zeros(1, 4))
    made.eval()(torch.zeros(1, 4))
    used = made[0].weight
    (used * upstream).sum().backward()
    (own,) = [parameter for parameter in made.parameters() if parameter.ndim == 2]
    return own.detach().clone(), used.detach(), own.grad


def copies(images: Tensor, seed: int) -> dict:
    """The logits in evaluation mode of a discriminator, of its deep copy, and of another one that loads its state."""
    made = judge(seed)
    other = judge(seed + 1)
    with torch.no_grad():
        made.train()(images)
        kept = made.eval()(images)
        copied = copy.deepcopy(made)(images)
        other.load_state_dict(made.state_dict())
        return {"kept": kept, "copied": copied, "loaded": other.eval()(images)}


def without_batch_norm(network: nn.Module) -> None:
    """Exchange each batch normalization for nothing."""
    for path, layer in list(network.named_modules()):
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            network.set_submodule(path, nn.Identity())


def two_players(kind: str, latent_dim: int, channels: int, size: int, width: int) -> tuple[nn.Module, nn.Module]:
    """The networks of chapter 5, with their initial weights.

    ``kind`` is what becomes of the discriminator's batch normalization: "spectral norm" in its place, it stays ("batch norm"),
    or there is "nothing", and the initial weights are torch's, since those of DCGAN are too small without a normalization.
    """
    generator, discriminator = dcgan.Generator(latent_dim, channels, size, width), dcgan.Discriminator(channels, size, width)
    generator.apply(dcgan.init_weights)
    if kind == "nothing":
        without_batch_norm(discriminator)
    else:
        discriminator.apply(dcgan.init_weights)
    if kind == "spectral norm":
        discriminator = spectral.apply_spectral_norm(discriminator)
    return generator, discriminator


def train(
    images: Tensor, epochs: int, seed: int = 0, kind: str = "spectral norm", latent_dim: int = 16, width: int = 16
) -> Tensor:
    """Train a DCGAN with the hinge loss on images in [0, 1]; returns 2000 samples in [0, 1], made in evaluation mode.

    ``kind`` is as for :func:`two_players`.
    """
    training.seed_everything(seed)
    generator, discriminator = two_players(kind, latent_dim, *images.shape[1:3], width)
    opt_g, opt_d = (
        torch.optim.Adam(network.parameters(), lr=5e-4, betas=(0.0, 0.9), fused=True) for network in (generator, discriminator)
    )
    run = training.Run({"generator": generator, "discriminator": discriminator}, {"g": opt_g, "d": opt_d}, seed=seed)

    def step(real: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        fake = generator(torch.randn(len(real), latent_dim, generator=source).to(real.device))
        loss_d = spectral.hinge_discriminator_loss(discriminator(2 * real - 1), discriminator(fake.detach()))
        opt_d.zero_grad()
        loss_d.backward()
        opt_d.step()
        loss_g = spectral.hinge_generator_loss(discriminator(fake))
        opt_g.zero_grad()
        loss_g.backward(inputs=list(generator.parameters()))
        opt_g.step()
        return {"d_loss": loss_d.detach(), "g_loss": loss_g.detach()}

    training.fit(step, images, run, epochs=epochs, batch_size=64, progress=False)
    generator.eval()
    with torch.no_grad():
        z = torch.randn(2000, latent_dim, generator=run.generator).to(run.device)
        return ((generator(z) + 1) / 2).cpu()
