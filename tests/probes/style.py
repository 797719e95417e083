"""Probes of chapter 10: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from autograde.probing import Recorder, gradients, laid_out, restored, slopes_along
from ganlib import style


def slope_of_gram(features: Tensor, upstream: Tensor) -> Tensor:
    """The derivative by the features of the sum of ``upstream`` times their Gram matrices."""
    return gradients(style.gram_matrix(features.requires_grad_()) * upstream, features)[0]


def gram_of_layouts(features: Tensor) -> list[Tensor]:
    """The Gram matrices of the same features, laid out in memory in two other ways."""
    return [style.gram_matrix(each) for each in laid_out(features)]


def slopes_of_mmd(a: Tensor, b: Tensor) -> tuple[Tensor, ...]:
    """The derivatives by both samples."""
    return gradients(style.polynomial_mmd(a.requires_grad_(), b.requires_grad_()), a, b)


def slope_of_content(features: Tensor, target: Tensor) -> Tensor:
    """The derivative of the content loss by the features."""
    return gradients(style.content_loss(features.requires_grad_(), target), features)[0]


def slopes_of_style(features: list[Tensor], targets: list[Tensor], weights: list[float]) -> tuple[Tensor, ...]:
    """The derivatives of the style loss by the features of each layer."""
    return gradients(style.style_loss([each.requires_grad_() for each in features], targets, weights), *features)


def after_style_loss(features: list[Tensor], targets: list[Tensor], weights: list[float]) -> list[Tensor]:
    """Features and targets, as they are after the style loss."""
    style.style_loss(features, targets, weights)
    return [*features, *targets]


def slope_of_variation(x: Tensor) -> Tensor:
    """The derivative of the total variation by each pixel."""
    return gradients(style.total_variation(x.requires_grad_()), x)[0]


def features_of_chance(x: Tensor, seed: int) -> dict:
    """The features of a picture by two draws from one generator and by one from its like; what became of global chance."""

    def first_level(source: torch.Generator | None) -> Tensor:
        return style.random_filter_features(x, 2, 3, 1, source)[0]

    source, before = torch.Generator().manual_seed(seed), torch.get_rng_state()
    found = [first_level(source), first_level(source), first_level(torch.Generator().manual_seed(seed))]
    moved = not torch.equal(before, torch.get_rng_state())
    return {"drawn": found, "moved": moved, "global": [first_level(None), first_level(None)]}


def slope_of_features(x: Tensor, seed: int, upstream: list[Tensor]) -> Tensor:
    """The derivative by the pixels of the sum of ``upstream`` times the features of 3 filters of 3 x 3 on two levels."""
    source = torch.Generator().manual_seed(seed)
    levels = style.random_filter_features(x.requires_grad_(), 3, 3, 2, source)
    return gradients(sum((each * weight).sum() for each, weight in zip(levels, upstream, strict=True)), x)[0]


def network(filters: list[Tensor]):
    """Two layers of features: a convolution, and another one of it, halved, under a tanh."""
    first, second = filters

    def extract(x: Tensor) -> list[Tensor]:
        below = F.conv2d(x, first.to(x.dtype), padding=1)
        return [below, F.conv2d(F.avg_pool2d(below, 2), second.to(x.dtype), padding=1).tanh()]

    return extract


def after_perceptual_loss(features: list, content: Tensor, targets: list, weights: list) -> list[Tensor]:
    """Features, content and targets, as they are after the perceptual loss."""
    style.perceptual_loss(features, content, targets, weights)
    return [*features, content, *targets]


def stylized(
    content: Tensor | None, painting: Tensor | None, filters: list, start: Tensor | None, told: bool, options: dict
) -> dict:
    """What ``stylize`` returns and tells after each step, and the pictures that it got, as they are after it."""
    numbers, losses, pictures, kinds = [], [], [], set()

    def after_step(number: int, picture: Tensor, loss: float) -> None:
        kinds.add(isinstance(loss, Tensor))
        numbers.append(float(number))
        losses.append(float(loss))
        pictures.append(picture)

    listener = {"after_step": after_step} if told else {}
    made = style.stylize(content, painting, network(filters), start=start, **options, **listener)
    return {
        "picture": made.detach(),
        "numbers": torch.tensor(numbers),
        "plain": True not in kinds,
        "losses": torch.tensor(losses, dtype=torch.float64),
        "told": torch.cat([each.detach() for each in pictures]) if pictures else None,
        "attached": [made.requires_grad, any(each.requires_grad for each in pictures)],
        "after": [content, painting, start],
    }


def stylized_by_parameters(content: Tensor, painting: Tensor, filters: list[Tensor], start: Tensor) -> tuple[Tensor, ...]:
    """The picture after 4 steps if the filters are parameters, and the filters after it."""
    learning = [nn.Parameter(each.clone()) for each in filters]
    made = style.stylize(content, painting, network(learning), n_steps=4, start=start)
    return made.detach(), *(each.detach() for each in learning)


def random_features(filters: Tensor, levels: int):
    """Features of given filters on a picture and its smaller copies, written without the exercise that asks for them."""
    centered = filters - filters.mean(dim=(2, 3), keepdim=True)
    filters = F.normalize(centered.flatten(1), dim=1).reshape(filters.shape)
    border = nn.ReflectionPad2d(filters.shape[2] // 2)

    def extract(x: Tensor) -> list[Tensor]:
        pictures = [F.avg_pool2d(x, 2**level) for level in range(levels)]
        return [torch.cat([F.conv2d(border(y), filters).relu(), y, torch.ones_like(y[:, :1])], dim=1) for y in pictures]

    return extract


def texture(painting: Tensor, filters: Tensor, start: Tensor, n_steps: int) -> tuple[Tensor, float, float]:
    """A picture with the style of another, from a start, by random filters on two sizes; the first and the last loss."""
    losses: list[float] = []
    made = style.stylize(
        None, painting, random_features(filters, 2), n_steps, start=start, after_step=lambda *told: losses.append(float(told[2]))
    )
    return made, losses[0], losses[-1]


def painter(width: int | None, blocks: int | None, seed: int) -> nn.Module:
    """The same network for the same seed."""
    torch.manual_seed(seed)
    return style.TransformerNet() if width is None else style.TransformerNet(width, blocks)


def painted(width: int, blocks: int, x: Tensor, seed: int) -> Tensor:
    """What a network makes of pictures."""
    with torch.no_grad():
        return painter(width, blocks, seed)(x)


def painted_three_ways(x: Tensor, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """What a network that has been in training mode makes of pictures: in evaluation mode, in training mode, one by one."""
    made = painter(4, 2, seed)
    with torch.no_grad():
        made.train()(x + 0.3)
        evaluated, trained = made.eval()(x), made.train()(x)
        return evaluated, trained, torch.cat([made.eval()(each[None]) for each in x])


def after_painting(x: Tensor, seed: int) -> tuple[Tensor]:
    """The pictures as they are after a network has seen them."""
    painted(4, 1, x, seed)
    return (x,)


def gradients_of_network(x: Tensor, seed: int) -> dict[str, float]:
    """By name, the absolute derivatives of the squared output by each kernel of two axes, summed."""
    made = painter(4, 2, seed)
    made(x).square().sum().backward()
    kernels = {name: each for name, each in made.named_parameters() if each.ndim == 4 and each.requires_grad}
    return {name: 0.0 if each.grad is None else float(each.grad.abs().sum()) for name, each in kernels.items()}


def slopes_along_kernels(x: Tensor, seed: int) -> dict[str, list[float]]:
    """How the network's answers change along its kernels, by name: see :func:`slopes_along`."""
    made = painter(4, 2, seed).double()
    return slopes_along(lambda: made(x), {name: each for name, each in made.named_parameters() if each.ndim == 4}, seed)


def restored_network(x: Tensor, seed: int) -> dict:
    """What a network says whose state is taken over by another: see :func:`autograde.probing.restored`."""
    return restored(lambda seed: painter(4, 1, seed), lambda made, n: made(x[:n]), seed)


def architecture(width: int | None, blocks: int | None, x: Tensor, seed: int) -> dict:
    """What enters and leaves each convolution of a network, in order, what it makes, and the shapes of its kernels."""
    made = painter(width, blocks, seed)
    with torch.no_grad(), Recorder(x) as recorder:
        y = made(x)
    kernels = sorted(list(each.shape) for each in made.parameters() if each.ndim == 4)
    return {"layers": recorder.layers(y), "picture": y, "kernels": kernels}


class Painter(nn.Module):
    """Mixes the colors of each pixel, under a sigmoid; remembers its modes."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.mix, self.shift = (nn.Parameter(each.clone()) for each in weights)
        self.modes: set[bool] = set()

    def forward(self, x: Tensor) -> Tensor:
        self.modes.add(self.training)
        return torch.sigmoid(torch.einsum("ij,njhw->nihw", self.mix, x) + self.shift[:, None, None])


def steps(
    weights: list,
    batches: list,
    filters: list,
    targets: list,
    layer_weights: list,
    optimizer: list,
    options: dict,
    frozen: bool,
    evaluate: bool = False,
) -> dict:
    """Steps of an optimizer, told by its kind and options, from given weights.

    Returns what the steps returned, the weights after each of them, and what else has changed.
    """
    made, learning = Painter(weights).train(not evaluate), [nn.Parameter(each.clone()) for each in filters]
    made.shift.requires_grad_(not frozen)
    kind, settings = optimizer
    moves = getattr(torch.optim, kind)([each for each in made.parameters() if each.requires_grad], **settings)
    found: dict = {"returned": [], "weights": [], "attached": False}
    for batch in batches:
        result = style.perceptual_step(made, moves, batch, network(learning), targets, layer_weights, **options)
        found["returned"].append(result)
        if isinstance(result, dict):
            found["attached"] |= any(isinstance(value, Tensor) and value.requires_grad for value in result.values())
        found["weights"].append(torch.cat([made.mix.detach().flatten(), made.shift.detach()]))
    found["modes"] = sorted(made.modes | {made.training})
    return found | {"after": [batches[0], *(each.detach() for each in learning)]}


def train(pictures: Tensor, filters: Tensor, targets: list, weights: list, n_steps: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """What a network makes of pictures before and after it has been trained on them."""
    made = painter(8, 2, seed)
    optimizer = torch.optim.Adam(made.parameters(), lr=5e-3)
    source, extract = torch.Generator().manual_seed(seed), random_features(filters, 2)
    with torch.no_grad():
        before = made.eval()(pictures)
    for _ in range(n_steps):
        batch = pictures[torch.randperm(len(pictures), generator=source)[:4]]
        style.perceptual_step(made.train(), optimizer, batch, extract, targets, weights, style_weight=0.2)
    with torch.no_grad():
        return before, made.eval()(pictures)


def slopes_of_adain(content: Tensor, painting: Tensor, upstream: Tensor) -> tuple[Tensor, ...]:
    """The derivatives of the sum of ``upstream`` times the result by content and style."""
    inputs = content.requires_grad_(), painting.requires_grad_()
    return gradients(style.adain(*inputs) * upstream, *inputs)
