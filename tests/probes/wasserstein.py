"""Probes of chapter 7: run beside the student's code, they build, differentiate and train, and return arrays."""

from collections.abc import Callable
from functools import partial
from math import pi

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograde.probing import Player, gradients, played
from ganlib import gan, training, wasserstein


def derivatives(function: str, *arguments: object) -> tuple[Tensor, ...]:
    """Derivatives of the summed result by each tensor among the arguments; 0 where none arrives."""
    inputs = [value.requires_grad_() for value in arguments if isinstance(value, Tensor)]
    return gradients(getattr(wasserstein, function)(*arguments), *inputs)


def lists_after(function: str, *lists: list) -> tuple:
    """The lists as they are after a call."""
    getattr(wasserstein, function)(*lists)
    return lists


def linear(weight: Tensor, bias: Tensor | None = None) -> nn.Linear:
    """A layer with this weight."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def sequential(weights: list[Tensor], biases: list[Tensor], activation: str = "ReLU") -> nn.Sequential:
    """A fully connected network with given weights."""
    made: list[nn.Module] = []
    for weight, bias in zip(weights, biases, strict=True):
        made += [linear(weight, bias), getattr(nn, activation)()]
    return nn.Sequential(*made[:-1])


def clipped(weights: list[Tensor], biases: list[Tensor], c: float) -> dict:
    """What clipping does to a network: its parameters, and whether they are the old objects that still learn."""
    network = sequential(weights, biases)
    before = list(network.parameters())
    wasserstein.clip_weights_(network, c=c)
    after = list(network.parameters())
    return {
        "parameters": [parameter.detach().clone() for parameter in after],
        "same": [now is then for now, then in zip(after, before, strict=True)],
        "learning": [parameter.requires_grad for parameter in after],
        "leaves": [parameter.is_leaf for parameter in after],
    }


class Mixed(nn.Module):
    """A critic of several kinds of layers, one within another, and with a parameter and a buffer of its own."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.body = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Sequential(nn.GroupNorm(1, 3), nn.Flatten(), nn.Linear(12, 2)))
            self.scale = nn.Parameter(torch.tensor(3.0))
            self.frozen = nn.Parameter(torch.tensor([-2.0, 0.25]), requires_grad=False)
            self.register_buffer("mean", torch.tensor([5.0]))


def clipped_network(seed: int, c: float) -> tuple[dict, dict, dict]:
    """The state of a network of many kinds of layers before and after clipping, and which parameters learn after it."""
    network = Mixed(seed)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    wasserstein.clip_weights_(network, c=c)
    after = {name: value.clone() for name, value in network.state_dict().items()}
    return before, after, {name: parameter.requires_grad for name, parameter in network.named_parameters()}


def step_after_clipping(c: float) -> tuple[Tensor, Tensor, Tensor]:
    """A step of an optimizer that was made before: the weight after clipping, after the step, and its gradient before it."""
    layer = linear(torch.tensor([[2.0, -3.0, 0.25]], dtype=torch.float64))
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    layer(torch.ones(1, 3, dtype=torch.float64)).sum().backward()
    wasserstein.clip_weights_(layer, c)
    clipped = layer.weight.detach().clone()
    gradient = torch.zeros_like(clipped) if layer.weight.grad is None else layer.weight.grad.clone()
    optimizer.step()
    return clipped, layer.weight.detach().clone(), gradient


def bound(weights: list[Tensor], biases: list[Tensor], activation: str, points: Tensor) -> dict:
    """The bound of a network, the steepest slope between pairs of points, and what the call left behind."""
    network = sequential(weights, biases, activation)
    before = [parameter.detach().clone() for parameter in network.parameters()]
    limit = wasserstein.lipschitz_bound(network)
    with torch.no_grad():
        answers = network(points)
    near = (answers[1:] - answers[:-1]).norm(dim=1) / (points[1:] - points[:-1]).norm(dim=1)
    left = [bool(torch.equal(now.detach(), then)) for now, then in zip(network.parameters(), before, strict=True)]
    return {"bound": plain(limit), "steepest": near.max(), "untouched": all(left)}


def bound_leaves(single: bool) -> dict:
    """What a call leaves of a network with weights in float32 or float64, and of torch's recording of graphs."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)).to(torch.float32 if single else torch.float64)
    wasserstein.lipschitz_bound(network)
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return {
        "dtypes": [str(parameter.dtype).removeprefix("torch.") for parameter in network.parameters()],
        "learning": [parameter.requires_grad for parameter in network.parameters()],
        "training": network.training,
        "recording": recording,
    }


def bound_of_layers(layers: list) -> object:
    """The bound of layers that are given as matrices, or by name."""
    made = [linear(layer) if isinstance(layer, Tensor) else getattr(nn, layer)() for layer in layers]
    return plain(wasserstein.lipschitz_bound(nn.Sequential(*made)))


def bound_of_repeated(first: Tensor, twice: Tensor) -> object:
    """The bound of a sequence in which the second layer, and the activation as well, stands at two places."""
    layer, activation = linear(twice), nn.Tanh()
    return plain(wasserstein.lipschitz_bound(nn.Sequential(linear(first), activation, layer, activation, layer)))


def plain(limit: object) -> object:
    """One number as a float, so that a wrong bound gets the same hint as a tensor, as a float, and as the whole number 1."""
    if isinstance(limit, Tensor) and limit.shape == ():
        return limit.detach().item()
    return float(limit) if type(limit) is int else limit


def critic_of(kind: str, parameters: list[Tensor]) -> Callable[[Tensor], Tensor]:
    """A critic by name, as a function of its input; the gradient penalty is to reach the parameters."""
    if kind == "linear":  # w . x over all axes
        return lambda x: (x * parameters[0]).flatten(1).sum(dim=1)
    if kind == "column":  # the same with scores of shape (N, 1)
        return lambda x: (x.flatten(1) @ parameters[0].flatten())[:, None]
    if kind == "map":  # the same with scores of shape (N, 1, 1, 1), as a convolution gives them
        return lambda x: (x.flatten(1) @ parameters[0].flatten())[:, None, None, None]
    if kind == "norm":
        return lambda x: parameters[0] * x.flatten(1).norm(dim=1)
    if kind == "quadratic":  # its gradient at x is a x: it tells where it was asked
        return lambda x: parameters[0] * x.flatten(1).square().sum(dim=1) / 2
    if kind == "layers":  # two layers with tanh
        return lambda x: torch.tanh(x.flatten(1) @ parameters[0]) @ parameters[1]
    raise ValueError(kind)


def penalty(kind: str, parameters: list[Tensor], real: Tensor, fake: Tensor, eps: Tensor) -> dict:
    """The penalty, and its derivatives by the critic's parameters and by the samples."""
    weights = [parameter.clone().requires_grad_() for parameter in parameters]
    # Samples as a careless loop hands them over: with a history.
    real_leaf, fake_leaf = real.clone().requires_grad_(), fake.clone().requires_grad_()
    value = wasserstein.gradient_penalty(critic_of(kind, weights), real_leaf * 1.0, fake_leaf * 1.0, eps)
    inputs = [*weights, real_leaf, fake_leaf]
    slopes = gradients(value, *inputs) if isinstance(value, Tensor) else [torch.zeros_like(each) for each in inputs]
    left = [torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in weights]
    return {
        "value": value,
        "by_parameters": list(slopes[: len(weights)]),
        "by_real": slopes[-2],
        "by_fake": slopes[-1],
        "left": left,
    }


def penalty_arguments(
    real: Tensor, fake: Tensor, eps: Tensor, training: bool
) -> tuple[tuple[Tensor, ...], list[bool], bool, bool]:
    """The arguments after a call, which of them take gradients, whether torch's random numbers moved, and the critic's mode."""
    critic = linear(torch.ones(1, real[0].numel(), dtype=real.dtype)).train(training)
    before = torch.get_rng_state()
    wasserstein.gradient_penalty(critic, real, fake, eps)
    arguments = (real, fake, eps)
    attached = [each.requires_grad for each in arguments]
    drawn = not torch.equal(before, torch.get_rng_state())
    return tuple(each.detach() for each in arguments), attached, drawn, critic.training


def penalty_after_backward(weights: list[Tensor], real: Tensor, fake: Tensor, eps: Tensor) -> list[Tensor]:
    """The gradients of a critic with modules after ``(scores + penalty).backward()``, as a loop of training takes them."""
    network = sequential(weights, [torch.zeros(len(weight), dtype=torch.float64) for weight in weights], "Tanh")
    value = wasserstein.gradient_penalty(network, real, fake, eps)
    (network(real).mean() + value).backward()
    return [parameter.grad.clone() for parameter in network.parameters() if parameter.ndim == 2]


class NormalizedPlayer(Player):
    """Its hidden layer is batch-normalized."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__(weights)
        self.norm = nn.BatchNorm1d(len(weights[1]), affine=False, dtype=torch.float64)

    def forward(self, x: Tensor) -> Tensor:
        return self.answer(self.norm(x @ self.weights[0] + self.weights[1]))


class Painter(Player):
    """Makes images (N, 2, 1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)[:, :, None, None]


class Viewer(Player):
    """Judges images (N, 2, 1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x[:, :, 0, 0])


def steps(of_generator: list, of_critic: list, batches: list, lr: float, options: dict, norm: bool = False) -> dict:
    """Steps from given weights, one for each (real, z, eps) of the batches: see :func:`autograde.probing.played`.

    With ``norm`` the generator's hidden layer is normalized, and its running mean after each step is told, too.
    """
    generator, critic = (NormalizedPlayer if norm else Player)(of_generator), Player(of_critic)
    return steps_of(generator, critic, batches, lr, options)


def steps_of_pictures(of_generator: list, of_critic: list, batches: list, lr: float, options: dict) -> dict:
    """The same where the samples are images."""
    return steps_of(Painter(of_generator), Viewer(of_critic), batches, lr, options)


def steps_of(generator: Player, critic: Player, batches: list, lr: float, options: dict) -> dict:
    """Steps of these two; told as well: how often each optimizer moved, and whether torch's random numbers did."""
    running, norm = [], isinstance(generator, NormalizedPlayer)
    updates, random = {"generator": 0, "critic": 0}, torch.get_rng_state()

    def count(name: str) -> Callable[..., None]:
        def moved(*_: object) -> None:
            updates[name] += 1

        return moved

    def step(*arguments: object) -> object:
        if not any(updates.values()):
            for optimizer, name in zip(arguments[2:4], updates, strict=True):
                optimizer.register_step_post_hook(count(name))
        result = wasserstein.wgan_step(*arguments, **options)
        if norm:
            running.append(generator.norm.running_mean.clone())
        return result

    found = played(step, generator, critic, "critic", batches, lr)
    for name in ("generator", "critic"):
        training, learning = found[f"{name}_left"]
        found[f"{name}_left"] = [training, all(learning)]
    return found | {"running": running, "updates": updates, "drawn": not torch.equal(random, torch.get_rng_state())}


def steps_in_evaluation(of_generator: list, of_critic: list, batch: list, lr: float) -> dict:
    """One step of networks that come in evaluation mode: the modes in which they were asked and left."""
    generator, critic = Player(of_generator).eval(), Player(of_critic).eval()
    played(partial(wasserstein.wgan_step, n_critic=1, penalty=1.0), generator, critic, "critic", [batch], lr)
    return {"modes": [*generator.modes, *critic.modes], "left": [generator.training, critic.training]}


def steps_of_default(of_generator: list, of_critic: list, batch: list, lr: float) -> dict:
    """One step with neither n_critic, clip nor penalty given."""
    found = steps(of_generator, of_critic, [batch[:2]], lr, {})
    return {"generator": found["generator"][0], "critic": found["critic"][0]}


def with_frozen_layer(
    player: str, of_generator: list, of_critic: list, batch: list, lr: float, clip: float | None = None
) -> dict:
    """One step of two players, the first shift of one of them frozen: the weights after it, and whether it is frozen still."""
    generator, critic = Player(of_generator), Player(of_critic)
    shift = {"generator": generator, "critic": critic}[player].weights[1].requires_grad_(False)
    opt_g, opt_c = (
        torch.optim.SGD([weight for weight in each.weights if weight.requires_grad], lr=lr) for each in (generator, critic)
    )
    wasserstein.wgan_step(generator, critic, opt_g, opt_c, batch[0], batch[1], n_critic=1, clip=clip)
    return {"generator": generator.state(), "critic": critic.state(), "frozen": not shift.requires_grad}


class Tilted(nn.Module):
    """A critic on the line that starts as f(x) = x: a network of tanh units whose last layer is 0 is added to x.

    The squared penalty has a second minimum at slopes below 0, of the wrong sign. A critic that starts there stays there, so
    this one starts on the right side.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.network = nn.Sequential(nn.Linear(1, width), nn.Tanh(), nn.Linear(width, 1))
        nn.init.zeros_(self.network[2].weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.network(x)


def critic_slope(distance: float, penalty_weight: float = 10.0, n_steps: int = 300, seed: int = 0) -> float:
    """Train a critic between fakes at 0 and real samples at ``distance``; its mean slope between them."""
    training.seed_everything(seed)
    critic = Tilted()
    optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
    source = torch.Generator().manual_seed(seed)
    real, fake = torch.full((128, 1), distance), torch.zeros(128, 1)
    for _ in range(n_steps):
        eps = torch.rand(128, generator=source)
        slopes = wasserstein.gradient_penalty(critic, real, fake, eps)
        loss = wasserstein.critic_loss(critic(real), critic(fake)) + penalty_weight * slopes
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        decay.step()
    with torch.no_grad():
        return float((critic(real[:1]) - critic(fake[:1])) / distance)


def eight_gaussians(n: int, source: torch.Generator) -> Tensor:
    """Samples of eight Gaussians of standard deviation 0.05 on a circle of radius 2."""
    angle = torch.randint(8, (n,), generator=source) * (pi / 4)
    return 2 * torch.stack([angle.cos(), angle.sin()], dim=1) + 0.05 * torch.randn(n, 2, generator=source)


def two_players(latent_dim: int, width: int) -> tuple[nn.Sequential, nn.Sequential]:
    """A generator of points in the plane and a critic of them."""
    first, last = nn.Linear(latent_dim, width), nn.Linear(width, 2)
    generator = nn.Sequential(first, nn.ReLU(), nn.Linear(width, width), nn.ReLU(), last)
    hidden = nn.Linear(width, width)
    critic = nn.Sequential(nn.Linear(2, width), nn.LeakyReLU(0.2), hidden, nn.LeakyReLU(0.2), nn.Linear(width, 1))
    return generator, critic


def cover(n_steps: int = 700, seed: int = 0) -> Tensor:
    """Train a WGAN with gradient penalty 0.1 on eight Gaussians; returns 2000 of its samples."""
    training.seed_everything(seed)
    generator, critic = two_players(latent_dim=2, width=64)
    opt_g, opt_c = (torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.9), fused=True) for net in (generator, critic))
    source = torch.Generator().manual_seed(seed)
    for step in range(n_steps):
        for optimizer in (opt_g, opt_c):
            optimizer.param_groups[0]["lr"] = 2e-3 * min(1.0, 2 * (1 - step / n_steps))  # falls in the second half
        real, eps = eight_gaussians(5 * 128, source), torch.rand(5 * 128, generator=source)
        z = torch.randn(6 * 128, 2, generator=source)
        wasserstein.wgan_step(generator, critic, opt_g, opt_c, real, z, eps, n_critic=5, penalty=0.1)
    with torch.no_grad():
        return generator(torch.randn(2000, 2, generator=source))


def cover_by_gan(n_steps: int = 4000, seed: int = 0, latent_dim: int = 64) -> Tensor:
    """Train a non-saturating GAN with the optimizer of DCGAN on eight Gaussians; returns 2000 of its samples."""
    training.seed_everything(seed)
    generator, discriminator = two_players(latent_dim, 128)
    networks = (generator, discriminator)
    opt_g, opt_d = (torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=True) for net in networks)
    source = torch.Generator().manual_seed(seed)
    for _ in range(n_steps):
        z_d, z_g = torch.randn(2, 256, latent_dim, generator=source)
        gan.gan_step(generator, discriminator, opt_g, opt_d, eight_gaussians(256, source), z_d, z_g)
    with torch.no_grad():
        return generator(torch.randn(2000, latent_dim, generator=source))


def sliced_digits(images: Tensor, n_steps: int = 1500, seed: int = 0) -> Tensor:
    """Train a generator on images in [0, 1] with the sliced distance and no other network; returns 2000 samples in [0, 1]."""
    training.seed_everything(seed)
    pixels = images[0].numel()
    layers = [nn.Linear(16, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, pixels), nn.Sigmoid()]
    generator = nn.Sequential(*layers)
    optimizer = torch.optim.Adam(generator.parameters(), lr=2e-3, fused=True)
    source = torch.Generator().manual_seed(seed)
    for _ in range(n_steps):
        real = images[torch.randint(len(images), (256,), generator=source)].flatten(1)
        directions = F.normalize(torch.randn(64, pixels, generator=source), dim=1)
        loss = wasserstein.sliced_wasserstein(generator(torch.randn(256, 16, generator=source)), real, directions)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return generator(torch.randn(2000, 16, generator=source)).reshape(2000, *images.shape[1:])
