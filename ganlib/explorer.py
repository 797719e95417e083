"""The explorable latent plane: a decoder's weights and the script that runs it, in one fragment of HTML."""

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
import torch
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D
from torch import nn

SCRIPT = Path(__file__).with_name("explorer.js")
WANTED = "want model.decoder: an nn.Sequential of Linear, ReLU, Flatten and Unflatten layers, from (N, 2) to logits (N, C, H, W)"

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
        # Numbers, base64 and colors only: nothing in it can end the script element that holds it.
        data = json.dumps(self._data, separators=(",", ":"))
        title = escape(self.title)
        return f"""<div class="latent-explorer">
<style>{STYLE}</style>
<p class="le-title">{title}</p>
<p class="le-fallback">This interactive figure needs JavaScript: it decodes every point of the latent plane that you choose.</p>
<div class="le-body" hidden>
<p class="le-help">Drag the ring, or click it and press the arrow keys (with Shift: small steps; Home: back to the center).</p>
<div class="le-left">
<canvas class="le-plane" tabindex="0" role="application" aria-roledescription="plane" aria-label="{title}"></canvas>
<ul class="le-legend" aria-label="Classes of the codes"></ul>
</div>
<div class="le-right">
<canvas class="le-picture" role="img" aria-label="Decoded image"></canvas>
<div><output class="le-readout" aria-live="polite"></output><span class="le-nearest"></span></div>
</div>
</div>
<script type="application/json" class="le-data">{data}</script>
<script>{SCRIPT.read_text(encoding="utf-8")}</script>
</div>"""


def _decoder(model: nn.Module) -> tuple[list, np.ndarray, list[int]]:
    """The layers ("relu" or [inputs, outputs]), all their weights in one row, and the shape of an image."""
    decoder = getattr(model, "decoder", None)
    if not isinstance(decoder, nn.Sequential):
        given = f"decoder is a {type(decoder).__name__}" if decoder is not None else "no decoder"
        raise ValueError(f"model: got a {type(model).__name__} whose {given}, {WANTED}".replace("whose no", "with no"))
    layers: list = []
    weights: list[np.ndarray] = []
    for layer in decoder:
        if isinstance(layer, nn.Linear):
            layers.append([layer.in_features, layer.out_features])
            bias = torch.zeros(layer.out_features) if layer.bias is None else layer.bias
            weights += [part.detach().float().cpu().numpy().ravel() for part in (layer.weight, bias)]
        elif isinstance(layer, nn.ReLU):
            layers.append("relu")
        elif not isinstance(layer, (nn.Flatten, nn.Unflatten)):
            raise ValueError(f"model: got a decoder with a {type(layer).__name__} layer, {WANTED}")
    linear = [layer for layer in layers if layer != "relu"]
    if not linear or linear[0][0] != 2:
        raise ValueError(f"model: got a decoder of {linear[0][0] if linear else 'no'} latent dimensions, {WANTED}")
    row = np.concatenate(weights)
    if not (np.abs(row) <= np.finfo(np.float16).max).all():
        raise ValueError("model: got weights that are NaN, infinite or beyond 65504, want the weights of a trained decoder")
    return layers, row, _image_shape(model, decoder)


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
