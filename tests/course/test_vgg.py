"""VGG-19 from a file on disk: verified, never fetched, the layers those of the published names."""

import hashlib

import pytest
import torch
import torch.nn.functional as F
from torchvision.models import vgg19

from ganlib import data, vgg


@pytest.fixture(scope="module")
def state():
    """Weights that nobody has trained, and of no layer behind conv3_2."""
    random = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        shapes = {name: value.shape for name, value in vgg19().state_dict().items()}
    names = [f"features.{place}.{kind}" for place in (0, 2, 5, 7, 10, 12) for kind in ("weight", "bias")]
    return {name: 0.1 * torch.randn(shapes[name], generator=random) for name in names}


def picture(height=20, width=24, seed=1):
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def test_the_published_names_are_sixteen():
    names = [f"conv{block}_{i}" for block, count in enumerate((2, 2, 4, 4, 4), start=1) for i in range(1, count + 1)]
    assert list(vgg.LAYERS) == names and len(names) == 16
    with torch.device("meta"):
        layers = vgg19().features
    assert all(isinstance(layers[place], torch.nn.Conv2d) for place in vgg.LAYERS.values())
    assert vgg.CONTENT_LAYER in vgg.LAYERS and set(vgg.STYLE_LAYERS) <= set(vgg.LAYERS)


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_layers_are_those_of_the_network_after_their_relu(state, pooling):
    x = picture()
    found = vgg.VGG19(("conv2_1", "conv1_1", "conv3_2"), pooling, state)(x)
    assert [tuple(each.shape) for each in found] == [(1, 128, 10, 12), (1, 64, 20, 24), (1, 256, 5, 6)]
    pool = F.max_pool2d if pooling == "max" else F.avg_pool2d
    want, kept = (x - torch.tensor(vgg.MEAN)[:, None, None]) / torch.tensor(vgg.STD)[:, None, None], {}
    for place, name in ((0, "conv1_1"), (2, ""), (5, "conv2_1"), (7, ""), (10, "conv3_1"), (12, "conv3_2")):
        want = pool(want, 2) if place in (5, 10) else want
        want = F.conv2d(want, state[f"features.{place}.weight"], state[f"features.{place}.bias"], padding=1).relu()
        kept[name] = want
    for each, name in zip(found, ("conv2_1", "conv1_1", "conv3_2"), strict=True):
        assert torch.allclose(each, kept[name], atol=1e-5)


def test_it_stops_at_the_deepest_layer_and_learns_nothing(state):
    network = vgg.VGG19(("conv1_1",), state=state)
    assert len(network.stack) == 2 and not any(parameter.requires_grad for parameter in network.parameters())
    x = picture().requires_grad_()
    network(x)[0].sum().backward()
    assert x.grad.abs().sum() > 0, "the picture has a gradient"


def save(state, folder, digits=8):
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, folder / "new.pth")
    digest = hashlib.sha256((folder / "new.pth").read_bytes()).hexdigest()
    return (folder / "new.pth").rename(folder / f"vgg19-{digest[:digits]}.pth")


def test_weights_are_read_from_torch_home(state, tmp_path, monkeypatch):
    path = save(state, tmp_path / "hub" / "checkpoints")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    monkeypatch.setattr(vgg, "FILE", path.name)
    assert vgg.weights_path() == path
    network = vgg.VGG19(("conv1_1",))
    assert torch.equal(network.stack[0].weight, state["features.0.weight"])


def test_a_missing_file_is_explained(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    with pytest.raises(FileNotFoundError, match=r"vgg19-dcbb9e9d.*TORCH_HOME.*random_filter_features .*works now"):
        vgg.VGG19()
    assert not any(tmp_path.iterdir()), "nothing is fetched"


def test_a_damaged_file_is_not_read(state, tmp_path):
    path = save(state, tmp_path)
    assert set(vgg.load_weights(path)) == set(state)
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 2] ^= 1
    path.write_bytes(contents)
    with pytest.raises(data.DamagedFileError, match=rf"SHA-256 .* want {path.stem[-8:]}"):
        vgg.load_weights(path)


def test_bad_arguments_are_named(state, tmp_path):
    for layers in ((), "conv1_1", ("relu1_1",)):
        with pytest.raises(ValueError, match="layers: got"):
            vgg.VGG19(layers, state=state)
    with pytest.raises(ValueError, match="pooling: got 'mean'"):
        vgg.VGG19(("conv1_1",), "mean", state)
    with pytest.raises(ValueError, match="x: got .*three channels"):
        vgg.VGG19(("conv1_1",), state=state)(torch.rand(1, 1, 8, 8))
    with pytest.raises(ValueError, match=r"x: got .*\(1, 3, 9, 3\).*, want sides of at least 4 for the layers conv3_1, conv1_1"):
        vgg.VGG19(("conv3_1", "conv1_1"), "average", state)(torch.rand(1, 3, 9, 3))
    assert vgg.VGG19(("conv3_1",), state=state)(torch.rand(1, 3, 4, 4))[0].shape == (1, 256, 1, 1)
    with pytest.raises(ValueError, match=r"state: got None as features.14.weight, want a tensor of shape \(256, 256, 3, 3\)"):
        vgg.VGG19(("conv3_3",), state=state)
    with pytest.raises(ValueError, match=r"state: got a tensor of shape \(2,\), float32 as features.0.bias, want .* \(64,\)"):
        vgg.VGG19(("conv1_1",), state=state | {"features.0.bias": torch.zeros(2)})
    with pytest.raises(ValueError, match="path: got 'vgg19.pth'"):
        vgg.load_weights(tmp_path / "vgg19.pth")
