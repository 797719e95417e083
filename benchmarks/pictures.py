"""What a CycleGAN's step and style transfer cost against the forms of introductions; writes README.md's table.

Measured as in ``pieces.py``: in turn, on one thread, by CPU time; the ratio is the median over the rounds of that in one round.
"""

import argparse
import itertools
import os
from collections.abc import Callable

os.environ.setdefault("GANLIB", "solutions")

import torch
import torch.nn.functional as F
from pieces import measure
from readme import write_table
from torch import Tensor, nn

from ganlib import cyclegan, data, style

STEPS = 10  # of style transfer


def networks() -> cyclegan.Networks:
    torch.manual_seed(0)
    generators = (cyclegan.UNetGenerator(3, 32, depth=4) for _ in range(2))
    return cyclegan.Networks(*generators, *(cyclegan.PatchDiscriminator(3, 64) for _ in range(2)))


def images() -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.rand(1, 3, 128, 128) * 2 - 1, torch.rand(1, 3, 128, 128) * 2 - 1


def our_cyclegan() -> Callable[[], object]:
    nets, batch, pools = networks(), images(), (cyclegan.ImagePool(), cyclegan.ImagePool())
    adam = dict(lr=2e-4, betas=(0.5, 0.999), fused=True)
    opt_g = torch.optim.Adam(nets.parameters("to_y", "to_x"), **adam)
    opt_d = torch.optim.Adam(nets.parameters("of_x", "of_y"), **adam)
    return lambda: cyclegan.cyclegan_step(batch, nets, opt_g, opt_d, pools, lambda_identity=0.1)


def plain_cyclegan() -> Callable[[], object]:
    """As introductions have it: every player translates for itself, and slopes of players that wait are computed, too."""
    nets, (x, y) = networks(), images()
    adam = dict(lr=2e-4, betas=(0.5, 0.999))
    opt_g = torch.optim.Adam(itertools.chain(nets.to_y.parameters(), nets.to_x.parameters()), **adam)
    opt_x, opt_y = (torch.optim.Adam(net.parameters(), **adam) for net in (nets.of_x, nets.of_y))
    mse, l1 = nn.MSELoss(), nn.L1Loss()

    def judge(optimizer: torch.optim.Optimizer, network: nn.Module, real: Tensor, fake: Tensor) -> float:
        optimizer.zero_grad()
        good, bad = network(real), network(fake.detach())
        loss = (mse(good, torch.ones_like(good)) + mse(bad, torch.zeros_like(bad))) / 2
        loss.backward()
        optimizer.step()
        return loss.item()

    def step() -> None:
        opt_g.zero_grad()
        same = l1(nets.to_x(x), x) + l1(nets.to_y(y), y)
        fake_y, fake_x = nets.to_y(x), nets.to_x(y)
        score_y, score_x = nets.of_y(fake_y), nets.of_x(fake_x)
        adversarial = mse(score_y, torch.ones_like(score_y)) + mse(score_x, torch.ones_like(score_x))
        cycle = l1(nets.to_x(fake_y), x) + l1(nets.to_y(fake_x), y)
        loss = adversarial + 10 * cycle + same
        loss.backward()
        opt_g.step()
        losses = loss.item(), judge(opt_x, nets.of_x, x, nets.to_x(y)), judge(opt_y, nets.of_y, y, nets.to_y(x))
        assert all(map(lambda each: each == each, losses))

    return step


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


PAIRS = {
    "CycleGAN, 128 x 128, batch 1, U-Net, with identity loss": (plain_cyclegan(), our_cyclegan(), 1.5),
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
    for what, (other, ours, wanted) in PAIRS.items():
        milliseconds, ratio = measure(other, ours, options.rounds)
        lines.append(f"| {what} | {milliseconds:.0f} | {ratio:.2f} | {wanted:g} |")
    text = "\n".join(lines)
    print(text)
    if not options.dry:
        write_table("pictures", text)


if __name__ == "__main__":
    main()
