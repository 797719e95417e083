"""Bad input to the modules of chapters 7 and 8: the error names the argument, what was given and what is wanted."""

import pytest
import torch
from torch import nn

from ganlib import spectral, wasserstein

HALF = torch.tensor([0.5, 0.5])
APART = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
LINE, CRITIC = torch.zeros(4, 2), nn.Sequential(nn.Linear(2, 1))
ZEROS = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
nn.init.zeros_(ZEROS[2].weight)

CASES = {
    "masses that differ": (wasserstein.emd_1d, (HALF, 2 * HALF), "p, q"),
    "negative masses": (wasserstein.emd_1d, (torch.tensor([1.5, -0.5]), HALF), "p"),
    "infinite masses": (wasserstein.transport_plan, (torch.tensor([torch.inf, 0.0]), HALF, APART), "p"),
    "costs of another shape": (wasserstein.transport_plan, (HALF, HALF, torch.zeros(3, 2)), "cost"),
    "no distances": (wasserstein.kantorovich_potential, (HALF, HALF, APART + 1), "cost"),
    "no scores": (wasserstein.critic_loss, (torch.zeros(0), HALF), "real"),
    "no network": (wasserstein.clip_weights_, ([LINE], 0.01), "critic"),
    "clip of 0": (wasserstein.clip_weights_, (CRITIC, 0), "c"),
    "layer unknown": (wasserstein.lipschitz_bound, (nn.Sequential(nn.Softmax(0)),), "critic"),
    "eps beyond 1": (wasserstein.gradient_penalty, (CRITIC, LINE, LINE, torch.full((4,), 1.5)), "eps"),
    "eps too few": (wasserstein.gradient_penalty, (CRITIC, LINE, LINE, torch.zeros(3)), "eps"),
    "other dimensions": (wasserstein.sliced_wasserstein, (LINE, LINE, torch.ones(5, 3)), "directions"),
    "u of another length": (spectral.power_iteration, (APART, torch.ones(3)), "u"),
    "u of zeros": (spectral.power_iteration, (APART, torch.zeros(2)), "u"),
    "u of another dtype": (spectral.power_iteration, (APART, torch.ones(2).double()), "u"),
    "no steps": (spectral.power_iteration, (APART, torch.ones(2), 0), "n_steps"),
    "vector for a weight": (spectral.spectral_normalize, (torch.ones(2), torch.ones(2)), "weight"),
    "kernel larger than the image": (spectral.conv_operator_norm, (torch.ones(1, 1, 5, 5), 3), "image_size"),
    "layer of another kind": (spectral.lipschitz_product, (nn.Sequential(nn.BatchNorm1d(2)),), "network"),
    "no logits": (spectral.hinge_generator_loss, (torch.zeros(0),), "fake"),
    "no module": (spectral.apply_spectral_norm, ("discriminator",), "discriminator"),
    "weight of zeros": (spectral.apply_spectral_norm, (ZEROS,), "discriminator"),
}


@pytest.mark.parametrize("case", list(CASES))
def test_bad_input_is_named(case):
    function, arguments, named = CASES[case]
    with pytest.raises(ValueError, match=rf"^{named}\b.*: got .*, want "):
        function(*arguments)


def test_a_network_that_is_refused_is_left_as_it_was():
    before = [name for name, _ in ZEROS.named_parameters()]
    with pytest.raises(ValueError, match="layer '2'"):
        spectral.apply_spectral_norm(ZEROS)
    assert [name for name, _ in ZEROS.named_parameters()] == before
