"""What pictures of the size of photographs need, and the small ones of the graded tests do not show."""

import torch
import torch.nn.functional as F

from ganlib import style


def test_a_large_picture_moves():
    """torch's L-BFGS takes curvatures below 1e-10 for none, and a mean over a million pixels has such."""
    content = torch.rand(1, 3, 800, 1200, generator=torch.Generator().manual_seed(0))
    losses = []
    style.stylize(
        content,
        None,
        lambda picture: [F.avg_pool2d(picture, 8)],
        5,
        start=torch.full_like(content, 0.4),
        after_step=lambda step, picture, loss: losses.append(loss),
    )
    assert losses[-1] < losses[0] / 10
