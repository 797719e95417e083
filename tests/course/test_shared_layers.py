"""Networks in which one layer stands at two places."""

from torch import nn

from ganlib import spectral


def test_no_place_keeps_its_batch_normalization():
    shared = nn.BatchNorm2d(4)
    network = nn.Sequential(nn.Conv2d(3, 4, 3), shared, nn.Conv2d(4, 4, 3), shared)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in spectral.apply_spectral_norm(network))
