"""Probes of chapter 3: run beside the student's code, they build, differentiate and train, and return arrays."""

import torch
from torch import Tensor, nn

from autograde.probing import gradients
from ganlib import gan, training


def derivatives(function: str, *arguments: object) -> tuple[Tensor, ...]:
    """Derivatives of the summed result by each tensor among the arguments; 0 where none arrives."""
    inputs = [value.requires_grad_() for value in arguments if isinstance(value, Tensor)]
    return gradients(getattr(gan, function)(*arguments), *inputs)


class Player(nn.Module):
    """Two layers with given weights; remembers in which mode it was asked, and counts the gradients that reach its answers."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(weight.clone()) for weight in weights)
        self.modes: list[bool] = []
        self.returned = 0

    def forward(self, x: Tensor) -> Tensor:
        first, shift, second, constant = self.weights
        answer = torch.tanh(x @ first + shift) @ second + constant
        self.modes.append(self.training)
        if answer.requires_grad:
            answer.register_hook(self.count)
        return answer

    def count(self, gradient: Tensor) -> None:
        self.returned += 1

    def state(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self.weights]


def steps(of_generator: list, of_discriminator: list, batches: list, lr: float, evaluate: bool = False) -> dict:
    """Steps by plain gradient descent from given weights, one for each (real, z_d, z_g) of the batches.

    Returns what the steps returned, the weights after each of them, and what else they did to the networks and arguments.
    """
    generator, discriminator = Player(of_generator), Player(of_discriminator)
    opt_g, opt_d = (torch.optim.SGD(player.parameters(), lr=lr) for player in (generator, discriminator))
    found: dict = {"returned": [], "generator": [], "discriminator": [], "attached": False}
    if evaluate:  # and with a weight of each that is not to learn
        for player in (generator.eval(), discriminator.eval()):
            player.weights[1].requires_grad_(False)
    random = torch.get_rng_state()
    for batch in batches:
        result = gan.gan_step(generator, discriminator, opt_g, opt_d, *batch)
        found["returned"].append(result)
        if isinstance(result, dict):
            found["attached"] |= any(isinstance(value, Tensor) and value.requires_grad for value in result.values())
        found["generator"].append(generator.state())
        found["discriminator"].append(discriminator.state())
    for name, player in (("generator", generator), ("discriminator", discriminator)):
        found[f"{name}_modes"] = player.modes
        found[f"{name}_left"] = [player.training, [weight.requires_grad for weight in player.weights]]
    found["drawn"] = not torch.equal(random, torch.get_rng_state())
    found["gradients_into_generator"] = generator.returned
    found["batches"] = batches
    return found


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
