"""Upsampling and a convolution in one: the same function at four ninths of the multiplications."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlib._checks import check_choice

PADDING = ("zeros", "reflect")
# Row j, column k: whether the weight j of a kernel of 3 is part of the weight k of the kernel of 4.
_AXIS = torch.tensor([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])


class ResizeConv2d(nn.Conv2d):
    """Each pixel becomes four equal ones, and a convolution of kernel 3 and padding 1 follows; computed as one layer.

    It is the transposed convolution of kernel 4, stride 2 and padding 1 whose kernel is, along each axis,
    (w2, w1 + w2, w0 + w1, w0). The parameters are those of the convolution.

    Args:
        in_channels: of the images.
        out_channels: of the result, which has twice their sides.
        bias: whether there is one.
        padding_mode: "zeros" or "reflect", at the borders of the enlarged image.
        device: of the parameters.

    Raises:
        ValueError: if the padding_mode is another.

    Source: Odena, Dumoulin and Olah (2016) for the two layers. Derived in chapter 5, theorem 5.4.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: str | torch.device | None = None,
    ) -> None:
        check_choice(PADDING, padding_mode=padding_mode)
        super().__init__(in_channels, out_channels, 3, padding=1, bias=bias, padding_mode=padding_mode, device=device)
        self.register_buffer("spread", torch.kron(_AXIS, _AXIS).to(self.weight), persistent=False)

    @classmethod
    def of(cls, conv: nn.Conv2d) -> "ResizeConv2d":
        """The layer with the parameters of a convolution, not copies of them."""
        made = cls(conv.in_channels, conv.out_channels, conv.bias is not None, conv.padding_mode, device="meta")
        made.weight, made.bias, made.spread = conv.weight, conv.bias, torch.kron(_AXIS, _AXIS).to(conv.weight)
        return made.train(conv.training)

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_channels, H, W) -> (N, out_channels, 2 H, 2 W)."""
        kernel = self.weight.transpose(0, 1).reshape(-1, 9) @ self.spread
        kernel = kernel.view(self.in_channels, self.out_channels, 4, 4)
        if self.padding_mode == "zeros":
            return F.conv_transpose2d(x, kernel, self.bias, stride=2, padding=1)
        # Of the enlarged image, reflected about its last pixel, only that pixel's equal neighbor is seen.
        return F.conv_transpose2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel, self.bias, stride=2, padding=3)


def fuse_upsampling(network: nn.Module) -> nn.Module:
    """Put a :class:`ResizeConv2d` in place of each upsampling that a convolution follows in an ``nn.Sequential``.

    For images in batches, (N, C, H, W), the network computes the same numbers but for rounding. Names and parameters stay: a
    checkpoint or an optimizer of the network as it was fits. What is no nearest-neighbor ``nn.Upsample`` by 2 before an
    ``nn.Conv2d`` of kernel 3, stride 1 and padding 1 is left as it is. Nothing else may look at what is between the two: there,
    it is no longer enlarged.

    Args:
        network: changed in place.

    Returns:
        The network.
    """
    for layers in [module for module in network.modules() if _is_chain(module)]:
        for k in range(len(layers) - 1):
            if _doubles(layers[k]) and _keeps_sides(layers[k + 1]):
                layers[k], layers[k + 1] = nn.Identity(), ResizeConv2d.of(layers[k + 1])
    return network


def _is_chain(module: nn.Module) -> bool:
    return isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward


def _doubles(layer: nn.Module) -> bool:
    return _is_plain(layer, nn.Upsample) and layer.mode == "nearest" and layer.scale_factor in (2, (2, 2))


def _is_plain(layer: nn.Module, kind: type) -> bool:
    hooks = layer._forward_pre_hooks, layer._forward_hooks, layer._backward_pre_hooks, layer._backward_hooks
    return type(layer) is kind and not any(hooks)


def _keeps_sides(layer: nn.Module) -> bool:
    if not _is_plain(layer, nn.Conv2d):
        return False
    shape = layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.groups
    return shape == ((3, 3), (1, 1), (1, 1), (1, 1), 1) and layer.padding_mode in PADDING
