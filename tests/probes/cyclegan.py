"""Probes of chapter 9: run beside the student's code, they build, record, differentiate and train, and return small arrays."""

from collections.abc import Callable
from functools import partial
from zlib import crc32

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from autograde.probing import Recorder, gradients, laid_out, restored, slopes_along
from ganlib import cyclegan, training, translation


def derivatives(function: str, tensors: list[Tensor], which: list[int], *rest: float) -> tuple[Tensor, ...]:
    """Derivatives of a loss by those of its tensors that are named by number; 0 where none arrives."""
    inputs = [each.requires_grad_(number in which) for number, each in enumerate(tensors)]
    return gradients(getattr(cyclegan, function)(*inputs, *rest), *[inputs[number] for number in which])


def gradient_of_norm(x: Tensor, upstream: Tensor, eps: float) -> Tensor:
    """The derivative by x of the sum of ``upstream`` times the normalized images."""
    return gradients(cyclegan.instance_norm(x.requires_grad_(), eps) * upstream, x)[0]


def normalized_layouts(x: Tensor) -> list[Tensor]:
    """The same images, normalized, that are laid out in memory in two other ways."""
    return [cyclegan.instance_norm(each) for each in laid_out(x)]


def layers_after(layers: list) -> list:
    """The layers, as they are after ``receptive_field`` was asked about them."""
    cyclegan.receptive_field(layers)
    return layers


def made(network: str, options: dict, seed: int) -> nn.Module:
    """The network as its class makes it, the same for the same seed, in training mode."""
    training.seed_everything(seed)
    return getattr(cyclegan, network)(**options).train()


def build(network: str, options: dict, seed: int, factor: float = 1.0) -> nn.Module:
    """The same network for the same seed, in training mode; the weights of its layers ``factor`` times as large as usual.

    For one seed a weight depends on its shape alone, not on the order in which layers are made: networks of one architecture
    answer alike, and so do those with the same mistake.
    """
    model = made(network, options, seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if not isinstance(parameter, nn.UninitializedParameter) and (parameter % 1).any():  # no scale of 1, no shift of 0
                luck = torch.Generator().manual_seed(seed + crc32(str(list(parameter.shape)).encode()))
                bound = factor / parameter[0].numel() ** 0.5 if parameter.ndim > 1 else 0.1
                parameter.copy_(bound * (2 * torch.rand(parameter.shape, generator=luck) - 1))
    return model


def answer(network: str, options: dict, images: Tensor, seed: int, factor: float = 1.0) -> Tensor:
    """What the network returns, in training mode."""
    with torch.no_grad():
        return build(network, options, seed, factor)(images)


class Layers(Recorder):
    """A recorder that tells the kernel and the stride of each convolution, too."""

    def __torch_dispatch__(self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None) -> object:
        result = super().__torch_dispatch__(func, types, args, kwargs)
        layer = self.operations[-1][3]
        if layer is not None and "convolution" in layer["kind"]:
            sides = [spread * (side - 1) + 1 for side, spread in zip(args[1].shape[2:], args[5], strict=True)]
            layer |= {"kernel": sides, "stride": list(args[3])}
        return result


def recorded(network: str, options: dict, images: Tensor, seed: int, numbers: bool = True) -> dict:
    """What enters and leaves each layer on the way from the images to the answer; without ``numbers`` their shapes alone."""
    model = build(network, options, seed, 2.0)
    with torch.no_grad(), Layers(images) as recorder:
        output = model(images)
    layers = recorder.layers(output)
    if not numbers:
        for layer in layers:
            layer |= {"input": list(layer["input"].shape), "output": list(layer["output"].shape)}
        return {"layers": layers}
    return {"layers": layers, "output": output}


class Cut(TorchDispatchMode):
    """Puts zeros in place of what one of the convolutions makes; they are counted from 0 as they are computed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left = number

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False

    def __torch_dispatch__(self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None) -> object:
        result = func(*args, **kwargs or {})
        if func.overloadpacket.__name__ == "convolution":
            self.left -= 1
            if self.left == -1:
                return torch.zeros_like(result)
        return result


def with_a_layer_cut(options: dict, images: Tensor, seed: int, number: int) -> tuple[Tensor, Tensor]:
    """What a U-Net makes of the images as it is, and with zeros in place of what one of its layers makes."""
    model = build("UNetGenerator", options, seed, 2.0)
    with torch.no_grad():
        whole = model(images)
        with Cut(number):
            return whole, model(images)


def in_company_and_alone(network: str, options: dict, images: Tensor, seed: int) -> dict:
    """The answers to a batch in training mode, twice, and in evaluation mode, and to each image alone in both modes."""
    model = build(network, options, seed, 2.0)
    with torch.no_grad():
        found = {"together": model(images), "again": model(images)}
        found["alone"] = torch.cat([model(image[None]) for image in images])
        model.eval()
        return found | {"evaluated": model(images), "evaluated alone": torch.cat([model(image[None]) for image in images])}


def restored_network(network: str, options: dict, images: Tensor, seed: int) -> dict:
    """What a network says whose state is taken over by another: see :func:`autograde.probing.restored`."""

    def make(seed: int) -> nn.Module:
        model = made(network, options, seed)
        with torch.no_grad():
            model(images)  # a lazy layer draws its weights here
        return model

    return restored(make, lambda model, n: model(images[:n]), seed)


def gradients_of_weights(network: str, options: dict, images: Tensor, seed: int) -> dict[str, float]:
    """By name of a weight, the sum of the absolute derivatives of the squared answers by it; 0 if none arrives.

    Of biases nothing is told: a normalization behind a layer takes them away.
    """
    model = build(network, options, seed, 2.0)
    model(images).square().sum().backward()
    weights = {name: weight for name, weight in model.named_parameters() if weight.ndim > 1}
    return {name: 0.0 if weight.grad is None else float(weight.grad.abs().sum()) for name, weight in weights.items()}


def slopes_along_weights(network: str, options: dict, images: Tensor, seed: int) -> dict[str, list[float]]:
    """How a network's answers change along its weights, by name, and along the image: see :func:`slopes_along`."""
    model, images = build(network, options, seed, 2.0).double(), images.clone().requires_grad_()
    weights = {name: weight for name, weight in model.named_parameters() if weight.ndim > 1}
    return slopes_along(lambda: model(images), weights | {"the image": images}, seed)


def tensors_left(network: str, options: dict, images: Tensor, seed: int) -> list[int]:
    """How many tensors hang on a network's modules, in attributes and in lists and dicts, after one call and after four."""
    model, counts = build(network, options, seed), []
    for calls in (1, 3):
        for _ in range(calls):
            model(images)
        leaves = tree_leaves([dict(vars(module)) for module in model.modules()])
        counts.append(sum(isinstance(each, Tensor) for each in leaves))
    return counts


def images_after(network: str, options: dict, images: Tensor, seed: int) -> list[Tensor]:
    """The images, as they are after the network has answered."""
    answer(network, options, images, seed)
    return [images]


def side_of_a_patch(options: dict, images: Tensor, seed: int) -> list[int]:
    """How many rows and columns one score of a discriminator sees, normalizations left out.

    Measured by the gradient of one score in the middle through convolutions of the kernels and strides that were recorded.
    """
    layers = recorded("PatchDiscriminator", options, images, seed, numbers=False)["layers"]
    found = []
    for axis in (0, 1):
        row = torch.zeros(1, 1, 600, dtype=torch.float64, requires_grad=True)
        value = row
        for layer in layers:
            value = F.conv1d(value, torch.ones(1, 1, layer["kernel"][axis]).double(), stride=layer["stride"][axis])
        (slope,) = torch.autograd.grad(value[0, 0, value.shape[2] // 2], row)
        found.append(int((slope != 0).sum()))
    return found


def pooled(size: int, batches: list[Tensor], seed: int | None) -> dict:
    """What a pool returns for the batches, one after the other, what it keeps after each, and whether global chance moved."""
    pool = cyclegan.ImagePool(size)
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    before = torch.get_rng_state()
    found: dict = {"returned": [], "counts": []}
    for batch in batches:
        found["returned"].append(pool.query(batch, generator))
        found["counts"].append(len(pool.images))
    found["kept"] = stacked(pool.images)
    return found | {"moved": not torch.equal(before, torch.get_rng_state())}


def stacked(images: list) -> object:
    """Images as one tensor, or what is there instead."""
    return torch.stack(list(images)) if images and all(isinstance(each, Tensor) for each in images) else images


def first_exchanges(size: int, pools: int, seed: int) -> Tensor:
    """For each of so many pools of the images 0, 1, ... the first of them that is given back in exchange."""
    generator, found = torch.Generator().manual_seed(seed), []
    for _ in range(pools):
        pool = cyclegan.ImagePool(size)
        pool.query(torch.arange(float(size)).reshape(size, 1, 1, 1), generator)
        new = torch.full((1, 1, 1, 1), 1000.0)
        tries = (float(pool.query(new, generator)) for _ in range(200))
        found.append(next((number for number in tries if number != 1000.0), -1.0))
    return torch.tensor(found)


def history_of_pooled(images: Tensor, size: int, seed: int) -> dict:
    """Whether images that have a history keep it, in what a pool keeps and in what it returns."""
    pool, generator = cyclegan.ImagePool(size), torch.Generator().manual_seed(seed)
    returned = [pool.query(2 * images.requires_grad_(), generator) for _ in range(6)]
    return {
        "returned": any(each.requires_grad for each in returned),
        "kept": any(each.requires_grad for each in pool.images),
    }


def kept_after_changes(images: Tensor, others: Tensor, size: int, seed: int) -> Tensor:
    """What a pool keeps once everything that was given to it and that it returned has been overwritten with 99."""
    pool, generator = cyclegan.ImagePool(size), torch.Generator().manual_seed(seed)
    for batch in (images, others, others.clone()):
        returned = pool.query(batch, generator)
        batch.fill_(99.0)
        returned.fill_(99.0)
    return stacked(pool.images)


def batches_after(size: int, batches: list[Tensor], seed: int) -> list[Tensor]:
    """The batches, as they are after a pool was asked about them."""
    pooled(size, batches, seed)
    return batches


class Player(nn.Module):
    """A function of three numbers: v0 + v1 x + v2 tanh(x), pixel by pixel; of a critic, for the mean of 2 x 2 pixels.

    Remembers in which mode it was asked, and counts how many gradients reach its answers after it was moved. With ``frozen`` a
    fourth number, a 0 that does not learn, is added to v0.
    """

    def __init__(self, numbers: Tensor, critic: bool, frozen: bool = False) -> None:
        super().__init__()
        self.numbers, self.critic = nn.Parameter(numbers.clone()), critic
        if frozen:
            self.still = nn.Parameter(torch.zeros_like(numbers[0]), requires_grad=False)
        self.modes: list[bool] = []
        self.moves = self.returned = 0

    def forward(self, x: Tensor) -> Tensor:
        self.modes += [self.training] * len(x)  # of each image, however many come at once
        if self.critic:
            x = F.avg_pool2d(x.mean(dim=1, keepdim=True), 2)
        result = self.numbers[0] + self.numbers[1] * x + self.numbers[2] * torch.tanh(x) + getattr(self, "still", 0.0)
        if result.requires_grad:
            result.register_hook(partial(self.count, self.moves))
        return result

    def count(self, moves: int, gradient: Tensor) -> None:
        self.returned += self.moves > moves

    def moved(self, *_: object) -> None:
        self.moves += 1


NAMES = ("to_y", "to_x", "of_x", "of_y")


def players(numbers: dict[str, Tensor], frozen: bool = False) -> cyclegan.Networks:
    """The four players with these numbers."""
    return cyclegan.Networks(*(Player(numbers[name], name.startswith("of"), frozen) for name in NAMES))


def loss_of_generators(numbers: dict[str, Tensor], batch: list[Tensor], options: dict) -> dict:
    """What ``cyclegan_generator_loss`` returns, and about how many images each network was asked."""
    networks = players(numbers)
    losses = cyclegan.cyclegan_generator_loss((batch[0], batch[1]), networks, **options)
    return {"losses": losses, "asked": {name: len(getattr(networks, name).modes) for name in NAMES}}


def derivatives_of_parts(numbers: dict[str, Tensor], batch: list[Tensor], options: dict) -> dict:
    """By the name of each part of the generators' loss that is one number, its derivatives by the generators' numbers."""
    networks = players(numbers)
    losses = cyclegan.cyclegan_generator_loss((batch[0], batch[1]), networks, **options)
    weights = [networks.to_y.numbers, networks.to_x.numbers]
    parts = losses if isinstance(losses, dict) else {}
    return {
        name: gradients_kept(value, weights) for name, value in parts.items() if isinstance(value, Tensor) and value.ndim == 0
    }


def batch_after(numbers: dict[str, Tensor], batch: list[Tensor], options: dict, step: bool) -> list[Tensor]:
    """A batch, as it is after the generators' loss, or a whole step."""
    if step:
        steps(numbers, [batch], ["SGD", {}], [0.1, 0.1], options, [0.0, 0.0])
    else:
        loss_of_generators(numbers, batch, options)
    return batch


def gradients_kept(value: Tensor, weights: list[Tensor]) -> list[Tensor]:
    """Derivatives by each weight, 0 where none arrives; the graph is kept for the next question."""
    if not value.requires_grad:
        return [torch.zeros_like(weight) for weight in weights]
    found = torch.autograd.grad(value, weights, allow_unused=True, retain_graph=True)
    return [torch.zeros_like(weight) if each is None else each for weight, each in zip(weights, found, strict=True)]


class Memory:
    """Stands for a pool: gives back the half of what it is given plus a number; tells when and with what it was asked."""

    def __init__(self, name: str, shift: float, told: list) -> None:
        self.name, self.shift, self.told = name, shift, told

    def query(self, images: Tensor, generator: torch.Generator | None = None) -> Tensor:
        self.told.append((self.name, generator))
        return images.detach() / 2 + self.shift


def steps(
    numbers: dict[str, Tensor],
    batches: list,
    optimizer: list,
    lr: list[float],
    options: dict,
    shifts: list[float],
    evaluate: bool = False,
) -> dict:
    """Steps of optimizers of a kind, with options of their own, from given numbers, one for each batch (x, y).

    With ``evaluate`` in evaluation mode, and with a number of each player that is not to learn. Returns what the steps returned,
    the numbers after each of them, and what else they did.
    """
    networks, (kind, extra) = players(numbers, frozen=evaluate), optimizer
    opt_g = getattr(torch.optim, kind)(networks.parameters("to_y", "to_x"), lr=lr[0], **extra)
    opt_d = getattr(torch.optim, kind)(networks.parameters("of_x", "of_y"), lr=lr[1], **extra)
    for network in networks:
        network.train(not evaluate)
    for network in networks[:2]:
        opt_g.register_step_post_hook(network.moved)
    told: list = []
    pools, generator = (Memory("x", shifts[0], told), Memory("y", shifts[1], told)), torch.Generator().manual_seed(1)
    found: dict = {"returned": [], "attached": False, "left": {}} | {name: [] for name in NAMES}
    random = torch.get_rng_state()
    for x, y in batches:
        result = cyclegan.cyclegan_step((x, y), networks, opt_g, opt_d, pools, generator=generator, **options)
        found["returned"].append(result)
        if isinstance(result, dict):
            found["attached"] |= any(isinstance(value, Tensor) and value.requires_grad for value in result.values())
        for name in NAMES:
            found[name].append(getattr(networks, name).numbers.detach().clone())
    found["drawn"] = not torch.equal(random, torch.get_rng_state())
    found["pools"] = [name for name, _ in told]
    found["same generator"] = all(each is generator for _, each in told)
    found["modes"] = {name: sorted(set(getattr(networks, name).modes)) for name in NAMES}
    for name, network in zip(NAMES, networks, strict=True):
        learning = [each.requires_grad for each in network.parameters()]
        found["left"][name] = [network.training, learning, [each.item() for each in network.parameters() if each.ndim == 0]]
    found["asked"] = {name: len(getattr(networks, name).modes) for name in NAMES}
    found["gradients"] = networks.to_y.returned + networks.to_x.returned
    return found


def train(x: Tensor, y: Tensor, test_x: Tensor, test_y: Tensor, steps: int, seed: int = 0, width: int = 16) -> list[Tensor]:
    """The test images of each domain, translated to the other one by a small CycleGAN; all in [0, 1]."""
    networks = trained(x, y, steps, seed, width)
    with torch.no_grad():
        return [(networks.to_y.eval()(2 * test_x - 1) + 1) / 2, (networks.to_x.eval()(2 * test_y - 1) + 1) / 2]


def trained(
    x: Tensor, y: Tensor, steps: int, seed: int = 0, width: int = 16, weights: tuple[float, float] = (10.0, 0.0)
) -> cyclegan.Networks:
    """A small CycleGAN of U-Nets, trained on images in [0, 1] of which no two belong together, with the settings of the page.

    ``weights``: of the cycle and of the identity loss.
    """
    training.seed_everything(seed)
    generators = [cyclegan.UNetGenerator(x.shape[1], width, depth=3) for _ in range(2)]
    networks = cyclegan.Networks(*generators, *(cyclegan.PatchDiscriminator(x.shape[1], width, halvings=3) for _ in range(2)))
    for network in networks:
        network.apply(translation.small_weights)
    rates = {2e-3: networks.parameters("to_y", "to_x"), 5e-4: networks.parameters("of_x", "of_y")}
    optimizers = [torch.optim.Adam(players, lr=lr, betas=(0.5, 0.999), fused=True) for lr, players in rates.items()]
    pools = cyclegan.ImagePool(50), cyclegan.ImagePool(50)
    source = torch.Generator().manual_seed(seed)
    for step in range(steps):
        for lr, optimizer in zip(rates, optimizers, strict=True):
            optimizer.param_groups[0]["lr"] = lr * min(1.0, 2 * (1 - step / steps))
        batch = tuple(2 * images[torch.randint(len(images), (8,), generator=source)] - 1 for images in (x, y))
        cyclegan.cyclegan_step(batch, networks, *optimizers, pools, *weights, generator=source)
    return networks
