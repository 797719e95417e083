"""Probes of chapter 3: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor, nn

from autograde.probing import Player, gradients, played
from ganlib import gan, training


def derivatives(function: str, *arguments: object) -> tuple[Tensor, ...]:
    """Derivatives of the summed result by each tensor among the arguments; 0 where none arrives."""
    inputs = [value.requires_grad_() for value in arguments if isinstance(value, Tensor)]
    return gradients(getattr(gan, function)(*arguments), *inputs)


def steps(of_generator: list, of_discriminator: list, batches: list, lr: float, evaluate: bool = False) -> dict:
    """Steps from given weights, one for each (real, z_d, z_g) of the batches: see :func:`autograde.probing.played`."""
    generator, discriminator = Player(of_generator), Player(of_discriminator)
    if evaluate:  # and with a weight of each that is not to learn
        for player in (generator.eval(), discriminator.eval()):
            player.weights[1].requires_grad_(False)
    random = torch.get_rng_state()
    found = played(gan.gan_step, generator, discriminator, "discriminator", batches, lr)
    return found | {"drawn": not torch.equal(random, torch.get_rng_state())}


def play(n_steps: int = 1500, seed: int = 0) -> Tensor:
    """Play for N(4, 0.5^2) on the line; returns 4000 samples of the generator."""
    training.seed_everything(seed)
    generator = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    layers = [nn.Linear(1, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1)]
    discriminator = nn.Sequential(*layers)
    opt_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.0, 0.9))
    opt_d = torch.optim.Adam(discriminator.parameters(), lr=3e-3, betas=(0.0, 0.9))
    source = torch.Generator().manual_seed(seed)
    for _ in range(n_steps):
        real, z_d, z_g = torch.randn(3, 128, 1, generator=source)
        gan.gan_step(generator, discriminator, opt_g, opt_d, 4 + 0.5 * real, z_d, z_g)
    with torch.no_grad():
        return generator(torch.randn(4000, 1, generator=source))
