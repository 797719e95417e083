"""Paintings drawn by chance: styles that belong to nobody, at any size.

Three manners, each with a texture of its own: "stained glass" (panes between dark leads), "swirl" (lines of color that follow a
flow) and "strokes" (short touches of a loaded brush). A painting is the same at every size, but for detail.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ganlib._checks import check_choice, check_count

SHARPNESS = 2  # a painting is drawn at twice the sides and averaged
MIN_SIDE = 16

JEWELS = np.array(
    [
        [0.72, 0.06, 0.10],
        [0.08, 0.18, 0.60],
        [0.95, 0.70, 0.10],
        [0.06, 0.45, 0.25],
        [0.45, 0.10, 0.45],
        [0.15, 0.55, 0.80],
        [0.90, 0.38, 0.08],
        [0.93, 0.90, 0.72],
    ]
)
NIGHT = np.array([[0.04, 0.07, 0.22], [0.08, 0.20, 0.48], [0.20, 0.42, 0.70], [0.55, 0.73, 0.80], [0.98, 0.85, 0.35]])
GARDEN = np.array([[0.16, 0.30, 0.22], [0.30, 0.50, 0.28], [0.62, 0.70, 0.35], [0.93, 0.72, 0.62], [0.85, 0.35, 0.38]])


def paint(manner: str, height: int = 128, width: int = 192, seed: int = 0) -> Tensor:
    """A painting.

    Args:
        manner: "stained glass", "swirl" or "strokes".
        height: in pixels, at least 16.
        width: likewise.
        seed: of what chance decides.

    Returns:
        Shape (3, height, width), float32 in [0, 1].

    Raises:
        ValueError: if the manner is unknown, or a number is not as stated.
    """
    check_choice(tuple(MANNERS), manner=manner)
    check_count(minimum=MIN_SIDE, height=height, width=width)
    check_count(minimum=0, seed=seed)
    rng = np.random.default_rng([list(MANNERS).index(manner), seed])
    fine = MANNERS[manner](SHARPNESS * height, SHARPNESS * width, rng)
    picture = fine.reshape(height, SHARPNESS, width, SHARPNESS, 3).mean(axis=(1, 3)).clip(0, 1)
    return torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1).contiguous()


def _places(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the pixels: the shorter side has the length 1."""
    unit = min(height, width)
    return np.meshgrid((np.arange(height) + 0.5) / unit, (np.arange(width) + 0.5) / unit, indexing="ij")


def _soft_noise(height: int, width: int, cells: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of mean 0 and deviation about 1, with ``cells`` bumps along the shorter side, the same at every size."""
    rows, columns = (max(2, round(cells * side / min(height, width))) for side in (height, width))
    coarse = torch.from_numpy(rng.normal(size=(1, 1, rows, columns)))
    fine = F.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False)[0, 0].numpy()
    return fine / max(fine.std(), 1e-9)


def _blend(palette: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Colors along a palette, at places in [0, 1]."""
    stops = np.linspace(0, 1, len(palette))
    return np.stack([np.interp(at, stops, palette[:, channel]) for channel in range(3)], axis=-1)


def _stained_glass(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """The cells of random points: a pane is what lies nearer to its point than to all others."""
    y, x = _places(height, width)
    along = 7
    rows, columns = (max(along, round(along * ratio)) for ratio in (y.max() / x.max(), x.max() / y.max()))
    grid_y, grid_x = np.mgrid[-1 : rows + 1, -1 : columns + 1].reshape(2, -1) + rng.uniform(
        0.05, 0.95, (2, (rows + 2) * (columns + 2))
    )
    points = np.stack([grid_y * y.max() / rows, grid_x * x.max() / columns], axis=1)
    gaps = np.full((height, width, 2), np.inf)  # distances to the nearest and the second nearest point
    pane = np.zeros((height, width), int)
    for i, point in enumerate(points):
        distance = np.hypot(y - point[0], x - point[1])
        nearer = distance < gaps[..., 0]
        pane[nearer] = i
        gaps[..., 1] = np.where(nearer, gaps[..., 0], np.minimum(gaps[..., 1], distance))
        gaps[..., 0] = np.where(nearer, distance, gaps[..., 0])
    color = JEWELS[rng.permutation(len(points)) % len(JEWELS)] * rng.uniform(0.8, 1.15, (len(points), 1))
    glow = 1.15 - 2.2 * gaps[..., 0] + 0.06 * _soft_noise(height, width, 30, rng)
    lead = np.clip((gaps[..., 1] - gaps[..., 0] - 0.018) / 0.012, 0, 1)  # 0 in the lead, 1 in the glass
    return (color[pane] * glow[..., None]).clip(0, 1) * lead[..., None] + 0.05 * (1 - lead[..., None])


def _flow(height: int, width: int, vortices: int, rng: np.random.Generator) -> np.ndarray:
    """The angle of a flow at each pixel: a drift to the right, and vortices that turn it."""
    y, x = _places(height, width)
    down, right = 0.25 * np.sin(3 * x + rng.uniform(0, 6)), np.full_like(x, 0.45)
    for i in range(vortices):
        center = rng.uniform(0.1, 0.9) * y.max(), (i + rng.uniform(0.2, 0.8)) / vortices * x.max()
        radius, turn = rng.uniform(0.12, 0.26), rng.choice([-1, 1])
        dy, dx = y - center[0], x - center[1]
        strength = 2.2 * turn * np.exp(-(dy**2 + dx**2) / radius**2) / radius
        down, right = down + strength * dx, right - strength * dy
    return np.arctan2(down, right)


def _swirl(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Line-integral convolution: noise, averaged along the flow through each pixel, becomes lines that follow it."""
    angle = _flow(height, width, 5, rng)
    noise = np.stack(
        [_soft_noise(height, width, 45, rng), _soft_noise(height, width, 9, rng), _soft_noise(height, width, 4, rng)]
    )
    # Grids of grid_sample: the last axis is (x, y), from -1 to 1.
    step = 2 * 0.006 * np.stack([np.cos(angle) * min(height, width) / width, np.sin(angle) * min(height, width) / height])
    field = torch.from_numpy(step)[None].float()
    values = torch.from_numpy(noise)[None].float()
    y, x = np.meshgrid((2 * np.arange(height) + 1) / height - 1, (2 * np.arange(width) + 1) / width - 1, indexing="ij")
    start = torch.from_numpy(np.stack([x, y], axis=-1))[None].float()
    total, options = values.clone(), {"mode": "bilinear", "padding_mode": "reflection", "align_corners": False}
    length = 12
    for direction in (1, -1):
        place = start.clone()
        for _ in range(length):
            place = place + direction * F.grid_sample(field, place, **options).permute(0, 2, 3, 1)
            total += F.grid_sample(values, place, **options)
    fine, middle, coarse = (total / (2 * length + 1))[0].double().numpy()
    lines = fine / fine.std()
    tone = 0.42 + 0.17 * middle / middle.std() + 0.14 * coarse / coarse.std() + 0.10 * lines
    return _blend(NIGHT, tone.clip(0, 1)) * (1 + 0.10 * lines)[..., None]


def _strokes(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Touches of a brush, one over the other: each has one color, a direction, bristles, and an edge that catches the light."""
    unit = min(height, width)
    tone = 0.5 + 0.22 * _soft_noise(height, width, 4, rng)
    angle = 0.6 * _soft_noise(height, width, 3, rng)
    picture = _blend(GARDEN, tone.clip(0, 1))
    count = round(1500 * (height / unit) * (width / unit))
    for _ in range(count):
        center = rng.uniform(0, height), rng.uniform(0, width)
        at = int(center[0]), int(center[1])
        tilt, length, half = angle[at] + rng.normal(0, 0.2), unit * rng.uniform(0.03, 0.06), unit * rng.uniform(0.008, 0.014)
        color = _blend(GARDEN, np.clip(tone[at] + rng.normal(0, 0.16), 0, 1)) * rng.uniform(0.85, 1.15)
        bristles = rng.uniform(0.75, 1.15, 9)
        top, left = (max(0, math.floor(c - length - half)) for c in center)
        bottom, right = (math.ceil(c + length + half) + 1 for c in center)
        area = picture[top:bottom, left:right]
        y, x = np.mgrid[top : top + area.shape[0], left : left + area.shape[1]]
        dy, dx = y + 0.5 - center[0], x + 0.5 - center[1]
        along = np.cos(tilt) * dx + np.sin(tilt) * dy
        across = (np.cos(tilt) * dy - np.sin(tilt) * dx) / half
        ends = np.clip(np.abs(along) - length + half, 0, None) / half
        inside = across**2 + ends**2 < 1
        shade = np.interp(across, np.linspace(-1, 1, 9), bristles) - 0.22 * across
        area[inside] = (color * shade[..., None])[inside]
    return picture


MANNERS: dict[str, Callable[[int, int, np.random.Generator], np.ndarray]] = {
    "stained glass": _stained_glass,
    "swirl": _swirl,
    "strokes": _strokes,
}
