"""Facades drawn by chance: a photograph-like picture and its label map from one random house, at any size.

They stand in for the facades of the Center for Machine Perception (CMP), which have to be downloaded. A house has floors of
windows, a door, balconies, a wall of bricks, plaster or stone, and light from one side that casts shadows. The label map
says which pixel shows what; the photograph has what the map does not tell: colors, textures, reflections, shadows.
"""

import colorsys
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ganlib._checks import check_count, check_tensor, describe

CLASSES = ("sky", "wall", "window", "door", "balcony")
# All triangles of these colors are acute, so that no mixture of two is nearest to a third: a blurred edge is read as one of
# its sides. No six points of space have acute triangles alone (Croft, 1962).
PALETTE = torch.tensor([[0.85, 0.85, 0.85], [1.0, 0.5, 0.0], [0.5, 0.0, 1.0], [0.0, 1.0, 0.5], [0.15, 0.15, 0.15]])
SKY, WALL, WINDOW, DOOR, BALCONY = range(len(CLASSES))
SIZES = (32, 256)
SHARPNESS = 2  # a photograph is drawn at twice the side and averaged


@dataclass(frozen=True)
class House:
    """What chance has decided about a house; lengths as parts of the side of the picture.

    The door is in any column but the last. If mirrored houses were as frequent as others, nothing without pairs could tell a
    translation from its mirror image.
    """

    roof: float
    ground: float
    columns: int
    floors: int
    window: tuple[float, float]
    door: int
    balconies: frozenset[tuple[int, int]]
    wall: np.ndarray
    frame: np.ndarray
    leaf: np.ndarray
    rail: np.ndarray
    texture: int
    light: int
    noise: int

    @classmethod
    def random(cls, rng: np.random.Generator) -> "House":
        """Any house."""
        columns, floors = int(rng.integers(2, 5)), int(rng.integers(2, 5))
        stage = rng.choice([0.0, 0.25, 0.6])  # houses without, with few and with many balconies
        balconies = frozenset((i, j) for i in range(floors - 1) for j in range(columns) if rng.random() < stage)
        return cls(
            roof=rng.uniform(0.04, 0.16),
            ground=rng.uniform(0.22, 0.28),
            columns=columns,
            floors=floors,
            window=(rng.uniform(0.42, 0.6), rng.uniform(0.5, 0.66)),
            door=int(rng.integers(columns - 1)),
            balconies=balconies,
            wall=_color(rng, hues=(0.02, 0.14), saturation=(0.15, 0.6), value=(0.55, 0.95)),
            frame=_color(rng, hues=(0.08, 0.16), saturation=(0.0, 0.12), value=(0.85, 1.0)),
            leaf=_color(rng, hues=(0.0, 1.0), saturation=(0.5, 0.8), value=(0.2, 0.4)),
            rail=np.full(3, rng.uniform(0.1, 0.25)),
            texture=int(rng.integers(3)),
            light=int(rng.choice([-1, 1])),
            noise=int(rng.integers(2**32)),
        )


def draw(n: int, size: int = 32, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Random houses, each as a photograph and as a label map. House i is the same whatever n and size are.

    Args:
        n: number of houses.
        size: side of the pictures in pixels, from 32 to 256.
        seed: of the houses.

    Returns:
        The photographs, shape (n, 3, size, size), float32 in [0, 1], and the classes of their pixels, shape
        (n, size, size), int64, as in :data:`CLASSES`.

    Raises:
        ValueError: if n or the seed is no whole number, or the size is out of range.
    """
    check_count(n=n)
    check_count(minimum=0, seed=seed)
    check_size(size)
    photos, labels = np.empty((n, size, size, 3), np.float32), np.empty((n, size, size), np.int64)
    for i in range(n):
        house = House.random(np.random.default_rng([seed, i]))
        photos[i], labels[i] = _photograph(house, size), _label_map(house, size)
    return torch.from_numpy(photos).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(labels)


def check_size(size: object) -> None:
    """Raise ValueError unless facades can be drawn at this size."""
    if not isinstance(size, int) or isinstance(size, bool) or not SIZES[0] <= size <= SIZES[1]:
        raise ValueError(f"size: got {describe(size)}, want a whole number from {SIZES[0]} to {SIZES[1]}")


def paint_labels(labels: Tensor) -> Tensor:
    """Label maps as pictures: classes (N, H, W) -> colors (N, 3, H, W) in [0, 1]."""
    if not isinstance(labels, Tensor) or labels.is_floating_point() or labels.ndim != 3:
        raise ValueError(f"labels: got {describe(labels)}, want whole numbers, shape (N, H, W)")
    labels, last = labels.long(), len(CLASSES) - 1  # bytes would be taken for a mask, and uint16 has no smallest number
    if labels.numel() and not 0 <= labels.min() <= labels.max() <= last:
        raise ValueError(f"labels: got classes from {int(labels.min())} to {int(labels.max())}, want 0 to {last}")
    return PALETTE.to(labels.device)[labels].permute(0, 3, 1, 2).contiguous()


def read_labels(images: Tensor) -> Tensor:
    """The class whose color is nearest, for every pixel: (N, 3, H, W) in [0, 1] -> (N, H, W)."""
    check_tensor(ndim=4, like="(N, 3, H, W)", images=images)
    if images.shape[1] != 3:
        raise ValueError(f"images: got {describe(images)}, want three channels (N, 3, H, W)")
    pixels = images.permute(0, 2, 3, 1).reshape(-1, 3)
    return torch.cdist(pixels, PALETTE.to(pixels)).argmin(dim=1).reshape(len(images), *images.shape[2:])


def _color(rng: np.random.Generator, hues: tuple, saturation: tuple, value: tuple) -> np.ndarray:
    return np.array(colorsys.hsv_to_rgb(rng.uniform(*hues), rng.uniform(*saturation), rng.uniform(*value)))


# Where everything is: rectangles (top, bottom, left, right), as parts of the side


def _windows(house: House) -> dict[tuple[int, int], tuple[float, float, float, float]]:
    """The windows by floor, from above, and column; the lowest floor has the door in one of its columns."""
    height, width = (1 - house.roof - house.ground) / (house.floors - 1), 1 / house.columns
    places = {}
    for i in range(house.floors):
        top, stage = (house.roof + i * height, height) if i < house.floors - 1 else (1 - house.ground, house.ground)
        for j in range(house.columns):
            if (i, j) != (house.floors - 1, house.door):
                middle, half = (j + 0.5) * width, house.window[0] * width / 2
                center, tall = top + 0.52 * stage, house.window[1] * stage / 2
                places[i, j] = (center - tall, center + tall, middle - half, middle + half)
    return places


def _door(house: House) -> tuple[float, float, float, float]:
    middle, half = (house.door + 0.5) / house.columns, 0.62 * house.window[0] / house.columns
    return 1 - 0.86 * house.ground, 1.0, middle - half, middle + half


def _balcony(window: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    top, bottom, left, right = window
    tall, wide = bottom - top, right - left
    return bottom - 0.3 * tall, bottom + 0.14 * tall, left - 0.18 * wide, right + 0.18 * wide


def _at(place: tuple[float, float, float, float], size: int) -> tuple[slice, slice]:
    """The pixels of a rectangle, at least one along each side."""
    top, bottom, left, right = (round(each * size) for each in place)
    top, left = min(max(top, 0), size - 1), min(max(left, 0), size - 1)
    return slice(top, max(top + 1, min(bottom, size))), slice(left, max(left + 1, min(right, size)))


def _label_map(house: House, size: int) -> np.ndarray:
    labels = np.full((size, size), WALL)
    labels[_at((0, house.roof, 0, 1), size)] = SKY
    windows = _windows(house)
    for window in windows.values():
        labels[_at(window, size)] = WINDOW
    labels[_at(_door(house), size)] = DOOR
    for place in house.balconies:
        labels[_at(_balcony(windows[place]), size)] = BALCONY
    return labels


# What it looks like


def _photograph(house: House, size: int) -> np.ndarray:
    """(size, size, 3) in [0, 1]."""
    # Edges lie where those of the label map do: rectangles are rounded to the pixels of the picture, then drawn finer.
    fine, rng = SHARPNESS * size, np.random.default_rng(house.noise)
    picture = _wall(house, size, rng)
    windows = _windows(house)
    for window in windows.values():
        _draw_window(picture, house, _fine(window, size), rng)
    _draw_door(picture, house, _fine(_door(house), size))
    for place in sorted(house.balconies):
        _draw_balcony(picture, house, _fine(_balcony(windows[place]), size))
    rows = slice(0, _at((0, house.roof, 0, 1), size)[0].stop * SHARPNESS)
    picture[rows] = np.linspace([0.45, 0.65, 0.9], [0.8, 0.88, 0.96], rows.stop)[:, None]
    picture *= 1 + 0.1 * house.light * np.linspace(-1, 1, fine)[:, None]  # the side of the light is brighter
    picture = picture.reshape(size, SHARPNESS, size, SHARPNESS, 3).mean(axis=(1, 3))
    return np.clip(picture + rng.normal(0, 0.01, picture.shape), 0, 1)


def _fine(place: tuple[float, float, float, float], size: int) -> tuple[slice, slice]:
    return tuple(slice(SHARPNESS * part.start, SHARPNESS * part.stop) for part in _at(place, size))


def _wall(house: House, size: int, rng: np.random.Generator) -> np.ndarray:
    """Bricks, plaster or blocks of stone, under a shadow of the eaves."""
    fine = SHARPNESS * size
    y, x = np.mgrid[0:fine, 0:fine] / fine
    if house.texture == 0:  # bricks: every second course is shifted
        course = np.floor(y * 28)
        joint = (y * 28 % 1 < 0.22) | ((x * 14 + 0.5 * (course % 2)) % 1 < 0.12)
        shade = np.where(joint, 0.82, 1.0)
    elif house.texture == 1:  # plaster: large stains
        hats = np.clip(1 - np.abs(4 * y[:, :1] - np.arange(5)), 0, 1)
        shade = 1 + 0.07 * hats @ rng.normal(size=(5, 5)) @ hats.T
    else:  # blocks of stone
        shade = np.where((y * 9 % 1 < 0.1) | ((x * 6 + 0.5 * (np.floor(y * 9) % 2)) % 1 < 0.06), 0.8, 1.0)
    eaves = 1 - 0.35 * np.exp(-np.clip(y - house.roof, 0, None) / 0.02)
    grain = 1 + 0.04 * rng.normal(size=(fine, fine))
    return house.wall * (shade * eaves * grain)[..., None]


def _draw_window(picture: np.ndarray, house: House, at: tuple[slice, slice], rng: np.random.Generator) -> None:
    """Frame and cross bars, glass that mirrors the sky, the shadow of the reveal on the side of the light."""
    rows, columns = at
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    y, x = np.mgrid[0:tall, 0:wide] / np.array([max(tall - 1, 1), max(wide - 1, 1)])[:, None, None]
    brightness = rng.uniform(0.12, 0.3) + 0.3 * np.clip(0.6 - y + 0.35 * house.light * (x - 0.5), 0, 1)
    glass = brightness[..., None] * np.array([0.75, 0.95, 1.2])
    bar = max(1, round(0.1 * wide))
    bars = np.zeros((tall, wide), bool)
    bars[:bar], bars[-bar:], bars[:, :bar], bars[:, -bar:] = True, True, True, True
    bars[:, (wide - bar) // 2 : (wide + bar) // 2] = True
    bars[round(0.4 * tall) : round(0.4 * tall) + bar] = True
    glass[bars] = house.frame
    edge = glass[:, -bar:] if house.light > 0 else glass[:, :bar]
    edge *= 0.6
    picture[at] = glass


def _draw_door(picture: np.ndarray, house: House, at: tuple[slice, slice]) -> None:
    """Two leaves with panels."""
    rows, columns = at
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    y, x = np.mgrid[0:tall, 0:wide] / np.array([tall, wide])[:, None, None]
    panel = (np.abs(x * 2 % 1 - 0.5) < 0.3) & (np.abs(y * 3 % 1 - 0.5) < 0.36)
    door = house.leaf * np.where(panel, 1.35, 1.0)[..., None]
    door[np.abs(x - 0.5) < 0.06] *= 0.5
    picture[at] = door


def _draw_balcony(picture: np.ndarray, house: House, at: tuple[slice, slice]) -> None:
    """A railing in front of what is there, on a slab that casts its shadow on the wall below."""
    rows, columns = at
    tall, wide = rows.stop - rows.start, columns.stop - columns.start
    below = slice(rows.stop, min(rows.stop + max(2, tall // 2), len(picture)))
    picture[below, columns] *= 0.6
    railing = picture[at]
    railing[:, np.arange(wide) % 4 < 2] = house.rail
    railing[: max(1, tall // 6)] = house.rail
    railing[-max(1, tall // 4) :] = 0.75 * house.frame
