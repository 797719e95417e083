"""Explorable latent spaces: a network's weights and the script that runs it, in one fragment of HTML.

The script runs networks that are a chain of the layers in :data:`RUNNABLE`; batch normalization, as in eval mode, is
folded into the layer in front of it. Weights travel as 16-bit floats.
"""

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import torch
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D
from torch import Tensor, nn

from ganlib._checks import describe
from ganlib.upsampling import ResizeConv2d

SCRIPT = Path(__file__).with_name("explorer.js")
WANTED = "want model.decoder: an nn.Sequential of Linear, ReLU, Flatten and Unflatten layers, from (N, 2) to logits (N, C, H, W)"
RUNNABLE = (
    "Linear, ConvTranspose2d, Conv2d, BatchNorm1d, BatchNorm2d, Upsample (nearest), ReLU, LeakyReLU, Tanh, Sigmoid, "
    "Flatten, Unflatten, Identity"
)
WANTED_CHAIN = f"want a generator whose forward is a chain of these layers and nothing else: {RUNNABLE}"
MAX_WEIGHTS = 180_000  # 480 kB of the page

STYLE = """
.text_html:has(> .latent-explorer) { background: none !important; padding: 0 !important; }
.latent-explorer {
  color: var(--pst-color-text-base, var(--jp-content-font-color1, CanvasText));
  background: var(--pst-color-background, var(--jp-layout-color0, Canvas));
  border: 1px solid var(--pst-color-border, var(--jp-border-color1, GrayText));
  border-radius: 6px; padding: 0.75rem; max-width: 44rem; box-sizing: border-box; line-height: 1.45;
}
.latent-explorer [hidden] { display: none !important; }
.latent-explorer .le-title { font-weight: 600; margin: 0 0 0.25rem; color: inherit; }
.latent-explorer .le-help { margin: 0 0 0.6rem; font-size: 0.9rem; color: inherit; }
.latent-explorer .le-fallback { margin: 0; color: inherit; }
.latent-explorer .le-body { display: flex; flex-wrap: wrap; gap: 0.75rem 1.5rem; align-items: flex-start; }
.latent-explorer .le-left { flex: 1 1 260px; max-width: 400px; min-width: 0; }
.latent-explorer .le-right { flex: 0 1 200px; min-width: 150px; }
.latent-explorer .le-plane {
  display: block; width: 100%; aspect-ratio: 1; cursor: crosshair; touch-action: none; border-radius: 4px;
}
.latent-explorer .le-plane:focus-visible { outline: 3px solid var(--pst-color-primary, Highlight); outline-offset: 1px; }
.latent-explorer .le-picture {
  display: block; width: 100%; max-width: 200px; height: auto; image-rendering: pixelated;
  border: 1px solid var(--pst-color-border, GrayText); box-sizing: border-box;
}
.latent-explorer .le-readout, .latent-explorer .le-nearest { display: block; font-variant-numeric: tabular-nums; }
.latent-explorer .le-readout { margin-top: 0.5rem; }
.latent-explorer .le-legend {
  display: flex; flex-wrap: wrap; gap: 0.1rem 0.6rem; list-style: none; margin: 0.25rem 0 0; padding: 0 0 0 40px; color: inherit;
}
.latent-explorer .le-legend li { margin: 0; display: flex; align-items: center; gap: 0.3rem; font-size: 0.9rem; }
.latent-explorer .le-legend svg { width: 0.8rem; height: 0.8rem; }
.latent-explorer fieldset { border: 0; margin: 0 0 0.6rem; padding: 0; min-width: 0; }
.latent-explorer legend { float: none; width: auto; font-size: 0.9rem; margin: 0 0 0.2rem; padding: 0; color: inherit; }
.latent-explorer .le-choices { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.latent-explorer .le-choices label, .latent-explorer .le-next {
  font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: 4px; cursor: pointer;
  min-height: 2.2rem; min-width: 2.2rem; padding: 0 0.5rem; display: inline-flex; align-items: center; justify-content: center;
  box-sizing: border-box; position: relative; margin: 0;
}
.latent-explorer .le-choices input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
.latent-explorer .le-choices label:has(:checked) { font-weight: 700; box-shadow: inset 0 0 0 2px currentColor; }
.latent-explorer .le-choices label:has(:focus-visible), .latent-explorer .le-next:focus-visible {
  outline: 3px solid var(--pst-color-primary, Highlight); outline-offset: 1px;
}
.latent-explorer .le-next { margin-top: 0.5rem; }
@media (max-width: 480px) {
  .latent-explorer .le-left { max-width: 300px; }
  .latent-explorer .le-right { flex-basis: 100%; display: flex; gap: 1rem; align-items: center; }
  .latent-explorer .le-picture { width: 140px; }
}
"""


class LatentExplorer:
    """A latent plane that a notebook shows as HTML; made by :func:`ganlib.plots.latent_explorer`.

    Args:
        model: its decoder is run in the browser.
        points: codes to show, shape (N, 2), or None.
        classes: their classes, shape (N,), or None.
        limit: the plane reaches from -limit to limit.
        title: what the plane is.
        colors: one color per class, as ``#rrggbb``.
        markers: one matplotlib marker per class.
        prior: whether to draw circles one and two standard deviations of the prior from the center.

    Raises:
        ValueError: if the model's decoder is none that the script can run.
    """

    def __init__(
        self,
        model: nn.Module,
        points: np.ndarray | None,
        classes: np.ndarray | None,
        limit: float,
        title: str,
        colors: Sequence[str],
        markers: Sequence[str],
        prior: bool = False,
    ) -> None:
        self.title = title
        layers, weights, shape = _decoder(model)
        self._data = {
            "shape": shape,
            "limit": limit,
            "prior": prior,
            "layers": layers,
            "weights": _halves(weights),
            "codes": _halves(np.zeros(0) if points is None else points),
            "labels": None if classes is None else classes.tolist(),
            "colors": list(colors),
            "markers": [_polygons(marker) for marker in markers],
        }

    def __repr__(self) -> str:
        return f"LatentExplorer({self.title!r}): an interactive figure, shown by a notebook or the book"

    def _repr_html_(self) -> str:
        return _fragment(self.title, self._data, "decodes every point of the latent plane that you choose")


class GeneratorExplorer:
    """Planes through a generator's latent space that a notebook shows as HTML; made by :func:`ganlib.plots.generator_explorer`.

    Args:
        generator: it is run in the browser as it is in eval mode.
        planes: for each plane its center and two directions, shape (P, 3, latent_dim).
        classes: names of the classes that the reader chooses from, or None for a generator that is told none.
        limit: a plane reaches from -limit to limit along both directions.
        title: what is explored.
        value_range: (what is black, what is white) among the generator's values.

    Raises:
        ValueError: if the generator is none that the script can run.
    """

    def __init__(
        self,
        generator: nn.Module,
        planes: Tensor,
        classes: Sequence[str] | None,
        limit: float,
        title: str,
        value_range: tuple[float, float],
    ) -> None:
        self.title = title
        chain, embedding, shape = _trace(generator, planes.shape[-1], None if classes is None else len(classes))
        layers, weights = _fold(chain)
        _check_weights(generator=weights)
        self._data = {
            "shape": shape,
            "limit": limit,
            "range": value_range,
            "prior": False,
            "layers": layers,
            "weights": _halves(weights),
            "planes": _halves(planes.numpy()),
            "latent": planes.shape[-1],
            "codes": "",
            "labels": None,
            "colors": [],
            "markers": [],
        }
        if embedding is not None:
            self._data |= {"classes": list(classes), "embedding": _halves(embedding)}

    def __repr__(self) -> str:
        return f"GeneratorExplorer({self.title!r}): an interactive figure, shown by a notebook or the book"

    def _repr_html_(self) -> str:
        return _fragment(self.title, self._data, "generates an image from every point of a latent plane that you choose")


def _fragment(title: str, data: dict, purpose: str) -> str:
    # Only numbers, base64, colors and escaped names: nothing in it can end the script element that holds it.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    title = escape(title)
    return f"""<div class="latent-explorer">
<style>{STYLE}</style>
<p class="le-title">{title}</p>
<p class="le-fallback">This interactive figure needs JavaScript: it {purpose}.</p>
<div class="le-body" hidden>
<p class="le-help">Drag the ring, or click it and press the arrow keys (with Shift: small steps; Home: back to the center).</p>
<fieldset class="le-classes" hidden><legend>Class</legend><div class="le-choices"></div></fieldset>
<div class="le-left">
<canvas class="le-plane" tabindex="0" role="application" aria-roledescription="plane" aria-label="{title}"></canvas>
<ul class="le-legend" aria-label="Classes of the codes"></ul>
</div>
<div class="le-right">
<canvas class="le-picture" role="img" aria-label="Decoded image"></canvas>
<div><output class="le-readout" aria-live="polite"></output><span class="le-nearest"></span>
<button type="button" class="le-next" hidden>Another plane</button></div>
</div>
</div>
<script type="application/json" class="le-data">{text}</script>
<script>{SCRIPT.read_text(encoding="utf-8")}</script>
</div>"""


def _decoder(model: nn.Module) -> tuple[list, np.ndarray, list[int]]:
    """The layers as :func:`_fold` writes them, all their weights in one row, and the shape of an image."""
    decoder = getattr(model, "decoder", None)
    if not isinstance(decoder, nn.Sequential):
        given = f"decoder is a {type(decoder).__name__}" if decoder is not None else "no decoder"
        raise ValueError(f"model: got a {type(model).__name__} whose {given}, {WANTED}".replace("whose no", "with no"))
    for layer in decoder:
        if not isinstance(layer, (nn.Linear, nn.ReLU, nn.Flatten, nn.Unflatten)):
            raise ValueError(f"model: got a decoder with a {type(layer).__name__} layer, {WANTED}")
    layers, weights = _fold([(layer, ()) for layer in decoder])
    linear = [layer for layer in layers if layer["kind"] == "linear"]
    if not linear or linear[0]["inputs"] != 2:
        raise ValueError(f"model: got a decoder of {linear[0]['inputs'] if linear else 'no'} latent dimensions, {WANTED}")
    _check_weights(model=weights)
    layers.append({"kind": "sigmoid"})  # its output is logits
    return layers, weights, _image_shape(model, decoder)


def _check_weights(**named: np.ndarray) -> None:
    for name, weights in named.items():
        if not (np.abs(weights) <= np.finfo(np.float16).max).all():
            raise ValueError(f"{name}: got weights that are NaN, infinite or beyond 65504, want those of a trained network")


def _image_shape(model: nn.Module, decoder: nn.Sequential) -> list[int]:
    place = next(decoder.parameters())
    code = torch.tensor([[0.5, -1.0]], dtype=place.dtype, device=place.device)
    with torch.no_grad():
        images, layered = model.decode(code), decoder(code)
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(f"model: got a decoder that returns the shape {tuple(images.shape)}, {WANTED}")
    # The page runs the layers and not decode: say so where the two differ.
    if images.numel() != layered.numel() or not torch.allclose(images.flatten(), layered.flatten(), atol=1e-4):
        raise ValueError("model: got a decode that does something else than its decoder, want decode(z) to return decoder(z)")
    return list(images.shape[1:])


def _trace(generator: nn.Module, latent_dim: int, n_classes: int | None) -> tuple[list, np.ndarray | None, list[int]]:
    """What is to be run in the browser.

    Returns:
        The layers in the order in which the generator calls them, each with the shape of its input; the embedding of the
        classes, if it is told any; the shape of an image.
    """
    if not isinstance(generator, nn.Module):
        raise ValueError(f"generator: got {describe(generator)}, want an nn.Module")
    place = next(generator.parameters(), torch.zeros(0))
    z = torch.randn(3, latent_dim, generator=torch.Generator().manual_seed(0)).to(place)
    labels = None if n_classes is None else torch.arange(3, device=place.device) % n_classes
    modes = {module: module.training for module in generator.modules()}
    generator.eval()
    try:
        with torch.no_grad():
            calls, images = _call(generator, (z,) if labels is None else (z, labels))
            embedding = None if labels is None else _told(calls, n_classes)
            _check_layers(calls)
            # The page runs the layers one after the other: say so where forward does something else.
            chained = z if embedding is None else torch.cat([z, embedding(labels)], dim=1)
            for layer, _ in calls:
                chained = layer(chained)
    finally:
        for module, training in modes.items():
            module.training = training
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise ValueError(f"generator: got one that returns the shape {tuple(images.shape)}, want (N, C, H, W), C = 1 or 3")
    if chained.shape != images.shape or not torch.allclose(chained, images, atol=1e-4):
        raise ValueError(f"generator: got one whose layers, run in their order, give other images than it does, {WANTED_CHAIN}")
    table = None if embedding is None else embedding.weight.detach().float().cpu().numpy()
    return calls, table, list(images.shape[1:])


def _call(generator: nn.Module, arguments: tuple[Tensor, ...]) -> tuple[list[tuple[nn.Module, tuple[int, ...]]], Tensor]:
    """The layers that a call runs, with the shape of the input of each, and what the call returns."""
    calls: list[tuple[nn.Module, tuple[int, ...]]] = []

    def note(module: nn.Module, inputs: tuple[Tensor, ...], _: object) -> None:
        calls.append((module, tuple(inputs[0].shape[1:])))

    leaves = [module for module in generator.modules() if not list(module.children())]
    hooks = [module.register_forward_hook(note) for module in leaves]
    try:
        return calls, generator(*arguments)
    finally:
        for hook in hooks:
            hook.remove()


def _told(calls: list[tuple[nn.Module, tuple[int, ...]]], n_classes: int) -> nn.Embedding:
    """The embedding with which the calls begin; it is taken away from them."""
    first = calls.pop(0)[0] if calls else None
    if not isinstance(first, nn.Embedding):
        begins = f"begins with a {type(first).__name__}, want an nn.Embedding of the classes first"
        raise ValueError(f"generator: got one with classes that {begins}, and then {WANTED_CHAIN.removeprefix('want ')}")
    if first.num_embeddings != n_classes:
        raise ValueError(f"classes: got {n_classes}, want {first.num_embeddings}, one for each row of the embedding")
    return first


def _check_layers(calls: list[tuple[nn.Module, tuple[int, ...]]]) -> None:
    for (layer, _), (before, _) in zip(calls, [(None, ()), *calls], strict=False):
        name, odd = type(layer).__name__, ""
        if isinstance(layer, ResizeConv2d):
            odd = " (fuse_upsampling makes it: the network as it was can be run)"
        elif isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            same = {len(set(pair)) == 1 for pair in (layer.kernel_size, layer.stride) if not isinstance(pair, int)}
            plain = layer.groups == 1 and set(layer.dilation) == {1} and layer.padding_mode == "zeros"
            if same != {True} or not plain or isinstance(layer.padding, str) or len(set(layer.padding)) > 1:
                odd = " with groups, dilation, a padding mode, or different numbers for its two axes"
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            if not isinstance(before, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)) or layer.running_var is None:
                odd = " that does not follow a linear or convolutional layer, or keeps no averages"
        elif isinstance(layer, nn.Upsample):
            if layer.mode != "nearest" or layer.scale_factor is None or not float(layer.scale_factor).is_integer():
                odd = " that is not mode='nearest' with a whole scale_factor"
        elif not isinstance(
            layer,
            (nn.Linear, nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.Sigmoid, nn.Flatten, nn.Unflatten, nn.Identity),
        ):
            odd = " layer"
        if odd:
            raise ValueError(f"generator: got a {name}{odd}, {WANTED_CHAIN}")
    size = sum(parameter.numel() for layer, _ in calls for parameter in layer.parameters())
    if size > MAX_WEIGHTS:
        raise ValueError(f"generator: got {size:,} weights, want at most {MAX_WEIGHTS:,}: they travel in the page")


def _fold(chain: list[tuple[nn.Module, tuple[int, ...]]]) -> tuple[list[dict], np.ndarray]:
    """The chain as the script runs it: layers as dicts of names and numbers, and all weights and biases in one row."""
    layers: list[dict] = []
    arrays: list[Tensor] = []  # weight and bias of each layer that has any; outputs are axis 0 of a linear weight, else axis 1
    for layer, shape in chain:
        if isinstance(layer, nn.Linear):
            layers.append({"kind": "linear", "inputs": layer.in_features, "outputs": layer.out_features})
            arrays += [layer.weight.detach().float(), _bias(layer, layer.out_features)]
        elif isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            layers.append(_convolution(layer, shape))
            weight = layer.weight.detach().float()
            arrays += [weight.transpose(0, 1) if isinstance(layer, nn.Conv2d) else weight, _bias(layer, layer.out_channels)]
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            scale = torch.rsqrt(layer.running_var.float() + layer.eps)
            shift = -layer.running_mean.float() * scale
            if layer.affine:
                scale, shift = scale * layer.weight.detach(), shift * layer.weight.detach() + layer.bias.detach()
            weight, bias = arrays[-2:]
            axis = 0 if layers[-1]["kind"] == "linear" else 1
            arrays[-2] = weight * scale.reshape([-1 if i == axis else 1 for i in range(weight.ndim)])
            arrays[-1] = bias * scale + shift
        elif isinstance(layer, nn.Upsample):
            layers.append({"kind": "upsample", "factor": int(layer.scale_factor), "shape": list(shape)})
        elif isinstance(layer, nn.LeakyReLU):
            layers.append({"kind": "leaky", "slope": layer.negative_slope})
        elif isinstance(layer, (nn.ReLU, nn.Tanh, nn.Sigmoid)):
            layers.append({"kind": type(layer).__name__.lower()})
    return layers, np.concatenate([array.cpu().numpy().ravel() for array in arrays] or [np.zeros(0)])


def _bias(layer: nn.Module, outputs: int) -> Tensor:
    return layer.weight.new_zeros(outputs).float() if layer.bias is None else layer.bias.detach().float()


def _convolution(layer: nn.Conv2d | nn.ConvTranspose2d, shape: tuple[int, ...]) -> dict:
    """Either kind joins each place i of a small image to the places stride i - padding + k of a large one."""
    kernel, stride, padding = layer.kernel_size[0], layer.stride[0], layer.padding[0]
    if isinstance(layer, nn.ConvTranspose2d):
        kind, extra = "transposed", layer.output_padding
        output = [(n - 1) * stride - 2 * padding + kernel + o for n, o in zip(shape[1:], extra, strict=True)]
    else:
        kind, output = "convolution", [(n + 2 * padding - kernel) // stride + 1 for n in shape[1:]]
    sides = {"input": list(shape), "output": [layer.out_channels, *output]}
    return {"kind": kind, "kernel": kernel, "stride": stride, "padding": padding, **sides}


def _halves(numbers: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers, dtype="<f2").tobytes()).decode()


def _polygons(marker: str) -> list[list[list[float]]]:
    """The outline of a matplotlib marker, in a square from -1 to 1."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    # Bézier curves are flattened in units of pixels: enlarge for that.
    polygons = path.to_polygons(Affine2D().scale(20))
    size = max(np.abs(polygon).max() for polygon in polygons)
    return [np.round(polygon[:-1] / size, 2).tolist() for polygon in polygons]
