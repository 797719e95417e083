"""Style transfer as a command: ``python -m ganlib.style CONTENT STYLE --out PICTURE``, on anyone's pictures.

The features are those of random filters (exercise 10.5), which need no download, or with ``--features vgg19`` those of a trained
VGG-19 where its weights are on disk.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from ganlib import pictures
from ganlib._checks import check_choice, check_count, check_range, check_seed
from ganlib._commands import DEVICES, check_out, guarded, real, whole
from ganlib.training import pick_device

FEATURES = ("random", "vgg19")
LEVELS = 4  # of the pyramid under random filters
SMALLEST = 4 * 2 ** (LEVELS - 1)  # a side of which the smallest level is still larger than half a filter


def main(arguments: Sequence[str] | None = None) -> int:
    """Stylize one picture; the exit status is that of :func:`ganlib._commands.guarded`."""
    parser = _parser()
    options = parser.parse_args(arguments)
    return guarded(lambda: _stylize(options), parser)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ganlib.style", description="Put one picture into the style of another.")
    add = parser.add_argument
    add("content", type=Path, help="the picture of which the things are kept: PNG, JPEG, ...")
    add("style", type=Path, help="the picture of which the colors and textures are taken, such as a painting")
    add("--out", type=Path, required=True, metavar="PICTURE", help="the picture to write; the ending says the format")
    add("--max-side", type=whole, default=384, metavar="N", help="longest side in pixels, larger ones are scaled (default: 384)")
    add("--steps", type=whole, default=150, metavar="N", help="steps of L-BFGS, the optimizer (default: 150)")
    add("--content-weight", type=real, default=0.3, metavar="W", help="weight of the content; the style has 1 (default: 0.3)")
    add("--tv-weight", type=real, default=0.0, metavar="W", help="weight of the total variation: more is smoother (default: 0)")
    add("--features", default="random", help="random, or vgg19 where its weights are on disk (default: random)")
    add("--seed", type=whole, default=0, metavar="N", help="seed of the random filters (default: 0)")
    add("--device", default="auto", help=DEVICES)
    return parser


def _stylize(options: argparse.Namespace) -> None:
    from ganlib.style import stylize

    check_count(steps=options.steps)
    check_count(minimum=SMALLEST, max_side=options.max_side)
    check_seed(options.seed)
    check_range(0, content_weight=options.content_weight, tv_weight=options.tv_weight)
    pictures.check_ending(options.out)
    check_out(options.out.parent)
    device = pick_device(options.device)
    extract, layer = _features(options.features, options.seed, device)
    content, style = (pictures.read(path, options.max_side).to(device) for path in (options.content, options.style))
    for path, picture in ((options.content, content), (options.style, style)):
        if min(picture.shape[2:]) < SMALLEST:
            raise ValueError(f"{path}: got {tuple(picture.shape[2:])} pixels, want at least {SMALLEST} along each side")

    latest: list = []

    def report(step: int, picture: Tensor, loss: float) -> None:
        if not (math.isfinite(loss) and picture.isfinite().all()):
            raise FloatingPointError(f"step {step} leads to numbers that are not finite (loss {loss:.4g}): try smaller weights")
        latest[:] = step, picture
        if step == 1 or step % max(1, options.steps // 10) == 0:
            print(f"step {step}/{options.steps}  loss {loss:.4g}", flush=True)

    weights = {"content_weight": options.content_weight, "tv_weight": options.tv_weight, "content_layer": layer}
    try:
        picture = stylize(content, style, extract, options.steps, **weights, after_step=report)
    except KeyboardInterrupt as stop:
        if latest:
            path = pictures.write(latest[1], options.out)
            stop.args = (f"stopped; {path} is the picture after {latest[0]} of {options.steps} steps",)
        raise
    print(pictures.write(picture, options.out))


def _features(name: str, seed: int, device: torch.device):
    """What extracts the features, and the number of the layer that is the content."""
    check_choice(FEATURES, features=name)
    if name == "random":
        from ganlib.style import random_filter_features

        # The same filters at every call.
        return lambda x: random_filter_features(x, levels=LEVELS, generator=torch.Generator().manual_seed(seed)), 0
    from ganlib.vgg import CONTENT_LAYER, STYLE_LAYERS, VGG19

    layers = (*STYLE_LAYERS, CONTENT_LAYER)  # the content's layer counts for the style, too
    return VGG19(layers).to(device), layers.index(CONTENT_LAYER)
