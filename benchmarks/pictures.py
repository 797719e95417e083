"""What style transfer costs against the forms of introductions; writes README.md's table.

Measured as in ``pieces.py``: in turn, on one thread, by CPU time; the ratio is the median over the rounds of that in one round.
"""

import argparse
import os
from collections.abc import Callable

os.environ.setdefault("GANLIB", "solutions")

import torch
import torch.nn.functional as F
from pieces import measure
from readme import write_table
from torch import Tensor

from ganlib import data, style

STEPS = 10  # of style transfer


def photographs() -> tuple[Tensor, Tensor]:
    size = dict(size=(96, 144), mode="bilinear", antialias=True)
    return tuple(F.interpolate(data.photograph(name)[None], **size) for name in data.PHOTOGRAPHS)


def extract(x: Tensor) -> list[Tensor]:
    return style.random_filter_features(x, 32, generator=torch.Generator().manual_seed(0))


def our_style_loss() -> Callable[[], object]:
    features = [each.requires_grad_() for each in extract(photographs()[0])]
    targets, weights = style.style_targets(photographs()[1], extract)
    return lambda: style.style_loss(features, targets, weights).backward()


def plain_style_loss() -> Callable[[], object]:
    """The Gram matrices of the style are made anew each time, as in many a loop."""
    features = [each.requires_grad_() for each in extract(photographs()[0])]
    others = extract(photographs()[1])
    weights = style.style_targets(photographs()[1], extract)[1]

    def gram(each: Tensor) -> Tensor:
        n, channels, height, width = each.size()
        rows = each.view(n * channels, height * width)
        return torch.mm(rows, rows.t()).div(n * channels * height * width)

    def loss() -> None:
        total = 0
        for weight, feature, other in zip(weights, features, others, strict=True):
            total = total + weight * ((gram(feature) - gram(other).detach()) ** 2).sum()
        total.backward()

    return loss


def our_stylize() -> Callable[[], object]:
    content, other = photographs()
    return lambda: style.stylize(content, other, extract, STEPS, content_weight=0.3)


def plain_stylize() -> Callable[[], object]:
    """As introductions have it: content and style go through the features at every step."""
    content, other = photographs()
    weights = style.style_targets(other, extract)[1]

    def run() -> None:
        image = content.clone().requires_grad_(True)
        optimizer = torch.optim.LBFGS([image], max_iter=1, history_size=20)

        def closure() -> Tensor:
            optimizer.zero_grad()
            features, wanted, styles = extract(image), extract(content), extract(other)
            loss = 0.3 * F.mse_loss(features[0], wanted[0]) / wanted[0].square().mean()
            for weight, feature, target in zip(weights, features, styles, strict=True):
                loss = loss + weight * ((style.gram_matrix(feature) - style.gram_matrix(target)) ** 2).sum()
            loss.backward()
            return loss

        for _ in range(STEPS):
            optimizer.step(closure)

    return run


def pairs() -> dict[str, tuple[Callable[[], object], Callable[[], object], float]]:
    """By what it is: the plain form, ours, and the ratio that is wanted."""
    return {
        "style loss and its slopes, 144 x 96": (plain_style_loss(), our_style_loss(), 1),
        f"style transfer, {STEPS} steps, 144 x 96": (plain_stylize(), our_stylize(), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--dry", action="store_true", help="print the table and leave README.md as it is")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = ["| what | ours, ms | plain form takes, of our time | wanted |", "|---|---|---|---|"]
    for what, (other, ours, wanted) in pairs().items():
        milliseconds, ratio = measure(other, ours, options.rounds)
        lines.append(f"| {what} | {milliseconds:.0f} | {ratio:.2f} | {wanted:g} |")
    text = "\n".join(lines)
    print(text)
    if not options.dry:
        write_table("pictures", text)


if __name__ == "__main__":
    main()
