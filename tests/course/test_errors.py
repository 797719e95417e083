"""Bad input to the modules of chapters 7, 8 and 9: the error names the argument, what was given and what is wanted."""

import pytest
import torch
from torch import nn

from ganlib import cyclegan, spectral, wasserstein

HALF = torch.tensor([0.5, 0.5])
APART = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
LINE, CRITIC = torch.zeros(4, 2), nn.Sequential(nn.Linear(2, 1))
ZEROS = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
nn.init.zeros_(ZEROS[2].weight)

IMAGES = torch.zeros(2, 3, 16, 16)
POOL = cyclegan.ImagePool(4)
POOL.images = list(IMAGES)
NETWORKS = cyclegan.Networks(None, None, None, None)


def through(kind, x):
    """A network of this kind, called; made only now, since whoever has not written it may import this file."""
    return kind(width=1)(x)


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
    "no images": (cyclegan.instance_norm, (LINE,), "x"),
    "eps of 0": (cyclegan.instance_norm, (IMAGES, 0), "eps"),
    "layers that are none": (cyclegan.receptive_field, (3,), "layers"),
    "layer that is no pair": (cyclegan.receptive_field, ([(3, 1), (4,)],), r"layers\[1\]"),
    "stride of 0": (cyclegan.receptive_field, ([(3, 0)],), r"layers\[0\], stride"),
    "depth of 1": (cyclegan.UNetGenerator, (3, 4, 1), "depth"),
    "no blocks": (cyclegan.ResNetGenerator, (3, 4, 0), "blocks"),
    "no halvings": (cyclegan.PatchDiscriminator, (3, 4, 0), "halvings"),
    "sides that cannot be halved": (through, (cyclegan.UNetGenerator, IMAGES[..., :14]), "x"),
    "other channels": (through, (cyclegan.UNetGenerator, IMAGES[:, :1]), "x"),
    "sides no multiples of 4": (through, (cyclegan.ResNetGenerator, IMAGES[..., :14]), "x"),
    "a thin image": (through, (cyclegan.ResNetGenerator, IMAGES[..., :4]), "x"),
    "an image smaller than a patch": (through, (cyclegan.PatchDiscriminator, IMAGES), "x"),
    "no real scores": (cyclegan.lsgan_discriminator_loss, (torch.zeros(0), HALF), "real"),
    "whole numbers for scores": (cyclegan.lsgan_generator_loss, (torch.ones(2).long(),), "fake"),
    "a cycle of another shape": (cyclegan.cycle_loss, (IMAGES, IMAGES, IMAGES, IMAGES[:1]), "y, y_back"),
    "no image to leave alone": (cyclegan.identity_loss, (IMAGES[:0], IMAGES[:0], IMAGES, IMAGES), "x"),
    "size below 0": (cyclegan.ImagePool, (-1,), "size"),
    "images of another size": (POOL.query, (IMAGES[..., :8],), "images"),
    "no pair": (cyclegan.cyclegan_generator_loss, (IMAGES, NETWORKS), r"batch"),
    "a pair of numbers": (cyclegan.cyclegan_generator_loss, ((IMAGES, 0), NETWORKS), r"batch\[1\]"),
    "negative weight": (cyclegan.cyclegan_generator_loss, ((IMAGES, IMAGES), NETWORKS, -1.0), "lambda_cycle"),
    "a batch of points": (cyclegan.cyclegan_step, ((LINE, LINE), NETWORKS, None, None, (POOL, POOL)), r"batch\[0\]"),
    "a target of another shape": (cyclegan.pix2pix_generator_loss, (HALF, IMAGES, IMAGES[:1]), "target, fake"),
    "weight that is no number": (cyclegan.pix2pix_generator_loss, (HALF, IMAGES, IMAGES, "1"), "lambda_l1"),
}


@pytest.mark.parametrize("case", list(CASES))
def test_bad_input_is_named(case):
    function, arguments, named = CASES[case]
    with pytest.raises(ValueError, match=rf"^{named}(?!\w).*: got .*, want "):
        function(*arguments)


def test_a_network_that_is_refused_is_left_as_it_was():
    before = [name for name, _ in ZEROS.named_parameters()]
    with pytest.raises(ValueError, match="layer '2'"):
        spectral.apply_spectral_norm(ZEROS)
    assert [name for name, _ in ZEROS.named_parameters()] == before
