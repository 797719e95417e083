"""What pieces of chapters 7 and 8 cost against their plain forms, in turn on one thread; writes README.md's table.

Each pair does the same work on the same networks and numbers; the ratio is the median over the rounds of that in one round.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("GANLIB", "solutions")

import torch
from readme import write_table
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from ganlib.dcgan import Discriminator
from ganlib.spectral import apply_spectral_norm
from ganlib.wasserstein import clip_weights_, critic_loss, gradient_penalty


def plain_gradient_penalty(critic: nn.Module, real: Tensor, fake: Tensor, eps: Tensor) -> Tensor:
    """As introductions have it: the whole batch is scored once more for gradients by ones, and norms with a small constant."""
    weight = eps.view(-1, 1, 1, 1).expand_as(real)
    between = (weight * real + (1 - weight) * fake).detach().requires_grad_(True)
    scores = critic(between)
    ones = torch.ones_like(scores)
    gradient = torch.autograd.grad(scores, between, grad_outputs=ones, create_graph=True, retain_graph=True)[0]
    norms = torch.sqrt(torch.sum(gradient.view(len(gradient), -1) ** 2, dim=1) + 1e-12)
    return ((norms - 1) ** 2).mean()


def critic_and_samples() -> tuple[nn.Module, Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    critic = Discriminator(1, 28, 64)
    critic.layers = nn.Sequential(*(each for each in critic.layers if not isinstance(each, nn.BatchNorm2d)))
    return critic, torch.randn(64, 1, 28, 28), torch.randn(64, 1, 28, 28), torch.rand(64)


def penalty(function: Callable) -> Callable[[], object]:
    """A critic's step with a penalty, but for the optimizer."""
    critic, real, fake, eps = critic_and_samples()

    def step() -> None:
        (critic_loss(critic(real), critic(fake)) + 10 * function(critic, real, fake, eps)).backward()
        critic.zero_grad()

    return step


def clipping(clip: Callable) -> Callable[[], object]:
    critic = critic_and_samples()[0]
    return lambda: [clip(critic) for _ in range(100)]


def foreach(critic: nn.Module) -> None:
    with torch.no_grad():
        parameters = list(critic.parameters())
        torch._foreach_clamp_min_(parameters, -0.01)
        torch._foreach_clamp_max_(parameters, 0.01)


def normalized(how: str) -> Callable[[], object]:
    """A discriminator's step without the optimizer: real, fake, backward."""
    critic, real, fake, _ = critic_and_samples()
    if how == "torch":
        for layer in critic.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                parametrizations.spectral_norm(layer)
    elif how == "ours":
        apply_spectral_norm(critic)

    def step() -> None:
        critic_loss(critic(real), critic(fake)).backward()
        critic.zero_grad()

    return step


def pieces() -> dict[str, tuple[str, Callable[[], object], Callable[[], object]]]:
    """By what it is: what it is compared with, that, and ours."""
    return {
        "step of a critic with a gradient penalty": ("plain form", penalty(plain_gradient_penalty), penalty(gradient_penalty)),
        "clipped weights, 100 times": (
            "`_foreach_clamp_*`",
            clipping(foreach),
            clipping(lambda critic: clip_weights_(critic, 0.01)),
        ),
        "step of a spectrally normalized discriminator": ("`torch.nn.utils` form", normalized("torch"), normalized("ours")),
        "the same, against no normalization": ("none", normalized("none"), normalized("ours")),
    }


def measure(other: Callable[[], object], ours: Callable[[], object], rounds: int) -> tuple[float, float]:
    """CPU milliseconds of ours, and how many times that the other one takes."""
    mine, ratios = [], []
    for k in range(rounds + 2):
        spent = []
        for run in (other, ours):
            start = time.process_time()
            run()
            spent.append(1000 * (time.process_time() - start))
        if k >= 2:  # the first two find nothing allocated
            mine.append(spent[1])
            ratios.append(spent[0] / spent[1])
    return statistics.median(mine), statistics.median(ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--dry", action="store_true", help="print the table and leave README.md as it is")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = ["| piece | ours, ms | compared with | which takes, of our time |", "|---|---|---|---|"]
    for what, (name, other, ours) in pieces().items():
        milliseconds, ratio = measure(other, ours, options.rounds)
        lines.append(f"| {what} | {milliseconds:.2f} | {name} | {ratio:.2f} |")
    text = "\n".join(lines)
    print(text)
    if not options.dry:
        write_table("pieces", text)


if __name__ == "__main__":
    main()
