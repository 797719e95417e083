"""Features of a trained VGG-19 for chapter 10, where its weights are on disk. Nothing is fetched, and nothing else is needed.

The file is the one that torchvision publishes. It lies where torchvision would put it: below the environment variable
``TORCH_HOME``, else ``~/.cache/torch``, in the folder ``hub/checkpoints``. Its name holds the beginning of its SHA-256, which is
verified before the file is read.
"""

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import VGG19_Weights, vgg19

from ganlib._checks import check_choice, check_tensor, describe
from ganlib.data import DamagedFileError

URL = VGG19_Weights.IMAGENET1K_V1.url
FILE = URL.rsplit("/", 1)[1]
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's colors
CONVOLUTIONS = (2, 2, 4, 4, 4)  # in each of the five blocks between two poolings
# The published names, and the place of each convolution in torchvision's list of layers (each is followed by a ReLU).
LAYERS: dict[str, int] = {}
_place = 0
for _block, _count in enumerate(CONVOLUTIONS, start=1):
    for _number in range(1, _count + 1):
        LAYERS[f"conv{_block}_{_number}"] = _place
        _place += 2
    _place += 1
STYLE_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")  # of Gatys, Ecker and Bethge (2016)
CONTENT_LAYER = "conv4_2"


def weights_path() -> Path:
    """Where the file of the weights is looked for; it need not exist."""
    return Path(torch.hub.get_dir()) / "checkpoints" / FILE


def load_weights(path: str | Path | None = None) -> dict[str, Tensor]:
    """The trained weights, as a state dict of torchvision's VGG-19.

    Args:
        path: of the file, whose name ends in ``-<first digits of its SHA-256>.pth``; None is :func:`weights_path`.

    Raises:
        FileNotFoundError: if there is no file; the message says where to put it, and what works without it.
        DamagedFileError: if its SHA-256 does not begin as its name says.
        ValueError: if the name holds no digits to verify it by.
    """
    path = weights_path() if path is None else Path(path)
    wanted = re.search(r"-([0-9a-f]{8,64})\.pth$", path.name)
    if wanted is None:
        raise ValueError(f"path: got {path.name!r}, want a name that ends in -<first digits of the SHA-256>.pth")
    if not path.is_file():
        raise FileNotFoundError(
            f"the weights of VGG-19 are not there: {path}. Fetch {URL} where there is a network (548 MB) and put the file "
            "there, or set TORCH_HOME to a folder that has it in hub/checkpoints. Without it, "
            "ganlib.style.random_filter_features (on the command line --features random) works now: its "
            "filters are drawn by chance."
        )
    contents = path.read_bytes()
    found = hashlib.sha256(contents).hexdigest()
    if not found.startswith(wanted[1]):
        raise DamagedFileError(f"{path} is damaged: its SHA-256 begins with {found[: len(wanted[1])]}, want {wanted[1]}")
    return torch.load(io.BytesIO(contents), map_location="cpu", weights_only=True)


class VGG19(nn.Module):
    """Pictures to features of a VGG-19, a network trained to name what photographs show. Its weights are never changed.

    An object is called like any ``extract`` of chapter 10: pictures (N, 3, H, W) in [0, 1] to one tensor a layer.

    Args:
        layers: published names, from "conv1_1" to "conv5_4", in any order; what comes out is the layer after its ReLU.
        pooling: "max", as it was trained, or "average", which gave Gatys, Ecker and Bethge slightly more appealing pictures.
        state: a state dict of torchvision's VGG-19; None takes the trained one, see :func:`load_weights`.

    Raises:
        ValueError: if a layer or the pooling is unknown, there is no layer, or the state lacks what they need.
        FileNotFoundError, DamagedFileError: see :func:`load_weights`.

    Source: Simonyan and Zisserman (2015); Gatys, Ecker and Bethge (2016), section 2.
    """

    def __init__(
        self,
        layers: Sequence[str] = (*STYLE_LAYERS, CONTENT_LAYER),
        pooling: str = "max",
        state: Mapping[str, Tensor] | None = None,
    ) -> None:
        super().__init__()
        if isinstance(layers, str) or not layers:
            raise ValueError(f"layers: got {describe(layers)}, want a list of names such as {CONTENT_LAYER!r}")
        for name in layers:
            check_choice(tuple(LAYERS), layers=name)
        check_choice(("max", "average"), pooling=pooling)
        state = load_weights() if state is None else state
        self.names = tuple(layers)
        with torch.device("meta"):  # no memory, no random numbers: every weight is about to be replaced
            every = vgg19().features
        last = max(LAYERS[name] for name in layers)
        # Not in place: a layer's answer is kept, and must stay as it is.
        kept = [nn.ReLU() if isinstance(layer, nn.ReLU) else layer for layer in every[: last + 2]]
        if pooling == "average":
            kept = [nn.AvgPool2d(2) if isinstance(layer, nn.MaxPool2d) else layer for layer in kept]
        self.stack = nn.Sequential(*kept)
        self.stack.load_state_dict(_weights(self.stack, state), assign=True)
        self.requires_grad_(False).eval()
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.register_buffer("std", torch.tensor(STD)[:, None, None])

    def forward(self, x: Tensor) -> list[Tensor]:
        """Pictures (N, 3, H, W) in [0, 1] to the features of the layers, in the order in which they were asked for.

        Each pooling on the way to the deepest layer halves the sides, and has to leave a pixel.
        """
        check_tensor(ndim=4, like="(N, 3, H, W)", x=x)
        if x.shape[1] != 3:
            raise ValueError(f"x: got {describe(x)}, want three channels (N, 3, H, W)")
        smallest = 2 ** sum(isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)) for layer in self.stack)
        if min(x.shape[2:]) < smallest:
            raise ValueError(f"x: got {describe(x)}, want sides of at least {smallest} for the layers {', '.join(self.names)}")
        wanted, found = {LAYERS[name] + 1: name for name in self.names}, {}
        x = (x - self.mean) / self.std
        for place, layer in enumerate(self.stack):
            x = layer(x)
            if place in wanted:
                found[wanted[place]] = x
        return [found[name] for name in self.names]


def _weights(stack: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of the layers that are kept."""
    parts = {}
    for name, wanted in stack.state_dict().items():
        value = state.get(f"features.{name}", state.get(name))
        if not isinstance(value, Tensor) or value.shape != wanted.shape:
            raise ValueError(f"state: got {describe(value)} as features.{name}, want a tensor of shape {tuple(wanted.shape)}")
        parts[name] = value
    return parts
