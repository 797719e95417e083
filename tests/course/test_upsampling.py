"""Upsampling and a convolution in one layer."""

import copy

import pytest
import torch
from torch import nn

from ganlib import cyclegan, style
from ganlib.upsampling import ResizeConv2d, fuse_upsampling


def two_layers(mode="zeros", bias=True):
    return nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3, padding=1, padding_mode=mode, bias=bias)).double()


def images(*sides):
    return torch.randn(2, 3, *sides, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("mode", ["zeros", "reflect"])
def test_one_layer_gives_the_values_and_the_gradients_of_the_two(mode, bias):
    plain = two_layers(mode, bias)
    fused = fuse_upsampling(copy.deepcopy(plain))
    assert isinstance(fused[1], ResizeConv2d)
    for sides in ((5, 8), (2, 3), (1, 1)):
        x = images(*sides)
        upstream = torch.randn(2, 5, 2 * sides[0], 2 * sides[1], dtype=torch.float64)
        found, wanted = fused(x), plain(x)
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)
        for network, value in ((fused, found), (plain, wanted)):
            network.zero_grad()
            network.gradient = torch.autograd.grad(value, [x, *network.parameters()], upstream)
        torch.testing.assert_close(fused.gradient, plain.gradient, rtol=1e-12, atol=1e-12)


def test_fusing_keeps_names_parameters_mode_and_random_numbers():
    network = nn.Sequential(two_layers().eval(), nn.Tanh())
    state, parameters = torch.random.get_rng_state(), list(network.parameters())
    names, values = list(network.state_dict()), copy.deepcopy(network.state_dict())
    assert fuse_upsampling(network) is network
    assert torch.equal(torch.random.get_rng_state(), state)
    assert list(network.state_dict()) == names and not network[0][1].training
    assert all(now is before for now, before in zip(network.parameters(), parameters, strict=True))
    network.load_state_dict(values)
    assert fuse_upsampling(network)[0][1].weight is parameters[0]  # twice is once


def hooked(layer, when="forward"):
    getattr(layer, f"register_{when}_hook")(lambda *_: None)
    return layer


class Watched(nn.Sequential):
    def forward(self, x):
        return [x := layer(x) for layer in self]


@pytest.mark.parametrize(
    ("up", "convolution"),
    {
        "by 3": (nn.Upsample(scale_factor=3), nn.Conv2d(3, 5, 3, padding=1)),
        "smooth": (nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(3, 5, 3, padding=1)),
        "to a size": (nn.Upsample(size=8), nn.Conv2d(3, 5, 3, padding=1)),
        "kernel 5": (nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 5, padding=2)),
        "no padding": (nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3)),
        "stride 2": (nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3, stride=2, padding=1)),
        "groups": (nn.Upsample(scale_factor=2), nn.Conv2d(3, 6, 3, padding=1, groups=3)),
        "circular": (nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3, padding=1, padding_mode="circular")),
        "parametrized": (nn.Upsample(scale_factor=2), nn.utils.parametrizations.spectral_norm(nn.Conv2d(3, 5, 3, padding=1))),
        "hooked": (nn.Upsample(scale_factor=2), hooked(nn.Conv2d(3, 5, 3, padding=1))),
        "hooked backward": (nn.Upsample(scale_factor=2), hooked(nn.Conv2d(3, 5, 3, padding=1), "full_backward")),
        "hooked before": (hooked(nn.Upsample(scale_factor=2)), nn.Conv2d(3, 5, 3, padding=1)),
    }.values(),
)
def test_other_layers_are_left_as_they_are(up, convolution):
    network = fuse_upsampling(nn.Sequential(up, convolution))
    assert network[0] is up and network[1] is convolution


def test_a_chain_with_a_forward_of_its_own_is_left_as_it_is():
    network = fuse_upsampling(Watched(nn.Upsample(scale_factor=2), nn.Conv2d(3, 5, 3, padding=1)))
    assert [made.shape[-1] for made in network(torch.zeros(1, 3, 4, 4))] == [8, 8]


def test_the_networks_of_the_course_are_fused_and_say_the_same():
    torch.manual_seed(0)
    x = torch.rand(2, 3, 32, 32)
    for network, count in (
        (cyclegan.UNetGenerator(3, 4, depth=3), 3),
        (cyclegan.ResNetGenerator(3, 4, blocks=1), 2),
        (style.TransformerNet(4, 1), 1),
    ):
        with torch.no_grad():
            before = network(x)
            after = fuse_upsampling(network)(x)
        assert sum(isinstance(layer, ResizeConv2d) for layer in network.modules()) == count
        torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-4)
        assert (after - before).abs().max() > 0  # computed in another way


def test_an_unknown_border_is_named():
    with pytest.raises(ValueError, match="padding_mode: got 'circular'"):
        ResizeConv2d(3, 5, padding_mode="circular")
