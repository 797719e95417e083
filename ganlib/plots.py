"""Pictures: one palette and one style for the whole course; importing this module applies the style.

Colors are those of Okabe and Ito (2008), which color-blind readers can tell apart, darkened where they would be too pale
on white. A figure is at most 7.5 inches wide: the width of a page's column, with text of at least 9 points.
"""

import io
import math
import textwrap
from collections.abc import Callable, Mapping, Sequence

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from ganlib._checks import check_choice, check_count, check_positive, check_tensor, describe
from ganlib.explorer import GeneratorExplorer, LatentExplorer
from ganlib.film import Film

COLORS = {
    "real": "#0072b2",
    "fake": "#d55e00",
    "generator": "#c27c00",
    "discriminator": "#008a65",
    "latent": "#b3568d",
    "prior": "#2b8fc9",
    "noise": "#85785f",
    "accent": "#882255",
    "muted": "#6b6b6b",
}
CLASS_COLORS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#882255",
    "#7a7a7a",
    "#1a1a1a",
    "#999933",
)
CLASS_MARKERS = ("o", "s", "^", "v", "D", "P", "X", "<", ">", "*")

MAX_WIDTH = 7.5
STYLE = {
    "axes.edgecolor": COLORS["muted"],
    "axes.grid": False,
    "axes.prop_cycle": matplotlib.cycler(color=[COLORS[name] for name in ("real", "fake", "discriminator", "latent", "muted")]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.unicode_minus": True,
    "figure.dpi": 150,
    "figure.facecolor": "white",
    "figure.figsize": (6.4, 3.6),
    "figure.titlesize": 12,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
    "legend.fontsize": 9.5,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "savefig.dpi": 150,
    "savefig.facecolor": "white",
    "svg.hashsalt": "ganlib",
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
}


def use_style() -> None:
    """Give every figure made from now on the look of the course; importing this module has done it once."""
    matplotlib.rcParams.update(STYLE)


use_style()


def image_grid(
    images: Tensor,
    columns: int | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    value_range: tuple[float, float] = (0, 1),
) -> Axes:
    """Draw images side by side, row by row, with equal gutters and no axes.

    Args:
        images: shape (N, C, H, W) with C = 1 (gray) or 3 (color).
        columns: images a row; None makes the grid about square.
        ax: where to draw; None makes a figure.
        title: text above the grid.
        value_range: (what is black, what is white); values beyond are cut.

    Returns:
        The axes.

    Raises:
        ValueError: if the images have another shape, hold NaN, or a number is out of range.
    """
    pictures = _pictures(value_range, images=images)
    columns = min(len(pictures), math.ceil(math.sqrt(len(pictures)))) if columns is None else columns
    check_count(columns=columns)
    rows = math.ceil(len(pictures) / columns)
    sheet = _sheet([pictures[row * columns : (row + 1) * columns] for row in range(rows)], columns)
    if ax is None:
        width = min(MAX_WIDTH, max(1.5, 0.62 * columns))
        _, ax = plt.subplots(
            figsize=(width, width * sheet.shape[0] / sheet.shape[1] + (0.3 if title else 0)), layout="constrained"
        )
    return _draw_sheet(sheet, ax, title)


def image_rows(rows: Mapping[str, Tensor], title: str | None = None, value_range: tuple[float, float] = (0, 1)) -> Figure:
    """Draw one row of images per entry, its name to the left: pictures to be compared column by column.

    Args:
        rows: images (N, C, H, W) by name; all of one (C, H, W), a row may be shorter than another.
        title: text above the figure.
        value_range: (what is black, what is white); values beyond are cut.

    Returns:
        The figure.

    Raises:
        ValueError: if there is no row, or the images of two rows differ in shape.
    """
    if not isinstance(rows, Mapping) or not rows:
        raise ValueError(f"rows: got {describe(rows)}, want a dict with at least one name and its images")
    pictures = [_pictures(value_range, **{f"rows[{name!r}]": images}) for name, images in rows.items()]
    if len({row.shape[1:] for row in pictures}) > 1:
        shapes = ", ".join(f"{name!r} {tuple(images.shape[1:])}" for name, images in rows.items())
        raise ValueError(f"rows: got images of the shapes {shapes}, want one and the same shape")
    columns = max(map(len, pictures))
    sheet = _sheet(pictures, columns)
    names = ["\n".join(textwrap.wrap(str(name), 16)) for name in rows]
    margin = 0.25 + 0.115 * max(len(line) for name in names for line in name.split("\n"))
    width = min(MAX_WIDTH, margin + 0.68 * columns)
    height = (width - margin) * sheet.shape[0] / sheet.shape[1]
    figure, ax = plt.subplots(figsize=(width, height + 0.1 + (0.35 if title else 0)), layout="constrained")
    _draw_sheet(sheet, ax, title)
    tile, gutter = pictures[0].shape[1], _gutter(pictures[0])
    ax.axis("on")
    ax.spines[:].set_visible(False)
    centers = [(tile - 1) / 2 + i * (tile + gutter) for i in range(len(names))]
    ax.set_yticks(centers, names)
    ax.set_xticks([])
    ax.tick_params(length=0, labelsize=11.5)
    return figure


def latent_scatter(codes: Tensor, labels: Tensor, ax: Axes | None = None, title: str | None = None) -> Axes:
    """Draw codes in the plane, one color and one marker per class, with a legend to the right.

    Args:
        codes: shape (N, 2).
        labels: classes 0, ..., 9, shape (N,).
        ax: where to draw; None makes a figure.
        title: text above the plane.

    Returns:
        The axes; ``z_0`` to the right, ``z_1`` upwards, one unit as long on both.

    Raises:
        ValueError: if a shape or a label is not as stated.
    """
    points, classes = _labelled_codes(codes, labels)
    if ax is None:
        _, ax = plt.subplots(figsize=(5.6, 4.8), layout="constrained")
    for label in np.unique(classes):
        at = points[classes == label]
        style = {"marker": CLASS_MARKERS[label], "color": CLASS_COLORS[label], "label": str(label)}
        # Markers with thin parts look smaller than they are.
        size = {"o": 20, "s": 18, "D": 18, "*": 48}.get(CLASS_MARKERS[label], 27)
        ax.scatter(*at.T, s=size, linewidths=0.3, edgecolors="white", **style)
    ax.set(xlabel="$z_0$", ylabel="$z_1$", title=title or "")
    ax.set_aspect("equal", adjustable="datalim")
    legend = {"loc": "upper left", "bbox_to_anchor": (1, 1), "handletextpad": 0.1, "borderaxespad": 0.2, "borderpad": 0}
    ax.legend(markerscale=1.3, **legend)
    return ax


def manifold(images: Tensor, n: int, limit: float, ax: Axes | None = None, value_range: tuple[float, float] = (0, 1)) -> Axes:
    """Draw the images decoded from a square grid of codes as one picture, each at the place of its code.

    Args:
        images: shape (n * n, C, H, W), in the order in which a picture is read: from (-limit, limit),
            top left, to (limit, -limit), bottom right.
        n: images per side, at least 2.
        limit: half the side of the square of codes, positive.
        ax: where to draw; None makes a figure.
        value_range: (what is black, what is white); values beyond are cut.

    Returns:
        The axes, in units of the codes: ``z_0`` to the right, ``z_1`` upwards.

    Raises:
        ValueError: if there are not n * n images or a number is out of range.
    """
    check_count(minimum=2, n=n)
    check_positive(limit=limit)
    pictures = _pictures(value_range, images=images)
    if len(pictures) != n * n:
        raise ValueError(f"images: got {len(pictures)} images, want n * n = {n * n}")
    # A dark line of one pixel keeps neighbors apart: digits that fill their tile run together without it.
    frame = [(0, 0), (0, 1), (0, 1), (0, 0)]
    pictures = np.pad(pictures, frame, constant_values=0.3)
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in pictures.reshape(n, n, *pictures.shape[1:])])
    if ax is None:
        _, ax = plt.subplots(figsize=(6, 6), layout="constrained")
    # A tile is centered on its code, so the picture reaches half a tile beyond the limit.
    edge = limit + limit / (n - 1)
    _imshow(sheet, ax, extent=(-edge, edge, -edge, edge))
    ax.set(xlabel="$z_0$", ylabel="$z_1$")
    return ax


def history(history: object, names: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw what a run measured against the epoch, one line per name.

    Args:
        history: a :class:`ganlib.training.History`, or numbers per epoch by name.
        names: which measurements; None means all.
        ax: where to draw; None makes a figure.

    Returns:
        The axes.

    Raises:
        ValueError: if a name was not measured, or nothing was.
    """
    values = getattr(history, "values", None) if not isinstance(history, Mapping) else history
    if not isinstance(values, Mapping) or not values:
        raise ValueError(f"history: got {describe(history)} without measurements, want at least one epoch")
    names = list(values) if names is None else [names] if isinstance(names, str) else list(names)
    for name in names:
        if name not in values:
            raise ValueError(f"names: got {name!r}, want one of {', '.join(map(repr, values))}")
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    for name, line in zip(names, ["-", "--", "-.", ":"] * len(names), strict=False):
        numbers = list(values[name])
        ax.plot(range(1, len(numbers) + 1), numbers, line, label=name, marker="o" if len(numbers) == 1 else None)
    ax.set(xlabel="epoch", ylabel=names[0] if len(names) == 1 else "mean over the epoch")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if len(names) > 1:
        ax.legend()
    return ax


def latent_explorer(
    model: nn.Module,
    codes: Tensor | None = None,
    labels: Tensor | None = None,
    limit: float = 4.0,
    title: str = "Latent plane",
    prior: bool = False,
) -> LatentExplorer:
    """A latent plane to walk over in the browser: drag or press arrow keys, and the decoder draws what lies there.

    The decoder's weights travel in the page (as 16-bit floats); nothing is loaded from elsewhere.

    Args:
        model: its ``decoder`` is an ``nn.Sequential`` of Linear, ReLU, Flatten and Unflatten layers that maps codes
            (N, 2) to logits (N, C, H, W), C = 1 or 3.
        codes: points to show in the plane, shape (N, 2).
        labels: their classes 0, ..., 9, shape (N,).
        limit: the plane reaches from -limit to limit on both axes.
        title: what the plane is, said above it and to screen readers.
        prior: draw circles one and two standard deviations of a standard normal prior from the center.

    Returns:
        An object that a notebook or the book shows as the explorer.

    Raises:
        ValueError: if the model has no such decoder, or a shape or number is not as stated.
    """
    check_positive(limit=limit)
    points = classes = None
    if codes is not None:
        points, classes = _labelled_codes(codes, torch.zeros(len(codes), dtype=torch.int64) if labels is None else labels)
    elif labels is not None:
        raise ValueError("codes: got None with labels, want the codes that the labels belong to")
    classes = None if labels is None else classes
    return LatentExplorer(model, points, classes, float(limit), title, CLASS_COLORS, CLASS_MARKERS, prior)


def generator_explorer(
    generator: nn.Module,
    latent_dim: int | None = None,
    classes: int | Sequence[str] | None = None,
    planes: int | Tensor = 12,
    limit: float = 3.0,
    title: str = "A plane through the latent space",
    value_range: tuple[float, float] = (-1, 1),
    seed: int = 0,
) -> GeneratorExplorer:
    """Planes through the latent space of a generator to walk over in the browser: the image at each point, at once.

    A plane is the points c + a u + b v. The center c and the unit vectors u and v are at right angles and c is as long as
    the rest of a standard normal vector, so that a and b from N(0, 1) make typical noise. The plane is paved with the images
    of its places. A button shows the next plane, and a generator that is told a class has one button for each.

    The generator's weights travel in the page (as 16-bit floats); nothing is loaded from elsewhere.

    Args:
        generator: maps noise (N, latent_dim), and labels (N,) if there are ``classes``, to images (N, C, H, W), C = 1 or 3.
            Its ``forward`` calls layers of :data:`ganlib.explorer.RUNNABLE` one after the other and does nothing else,
            in any nesting of modules; a batch normalization follows a linear or convolutional layer. With ``classes`` it
            calls an ``nn.Embedding`` of the labels first, and the next layer on z followed by the embedding. It is run as
            in eval mode, and left in its own mode.
        latent_dim: length of the noise, at least 3; None means ``generator.latent_dim``.
        classes: how many classes, or their names, for a generator that is told one.
        planes: how many random planes, or planes of your own, shape (P, 3, latent_dim): center and two directions each.
        limit: a plane reaches from -limit to limit along both directions.
        title: what is explored, said above it and to screen readers.
        value_range: (what is black, what is white) among the generator's values; values beyond are cut.
        seed: of the random planes.

    Returns:
        An object that a notebook or the book shows as the explorer.

    Raises:
        ValueError: if the generator has a layer that the script cannot run (named), does something beside its layers or
            has more than 180,000 weights, or a shape or number is not as stated.
    """
    latent_dim = getattr(generator, "latent_dim", None) if latent_dim is None else latent_dim
    check_count(minimum=3, latent_dim=latent_dim)
    check_positive(limit=limit)
    if not value_range[0] < value_range[1]:
        raise ValueError(f"value_range: got {value_range!r}, want (low, high) with low < high")
    if isinstance(classes, int):
        check_count(minimum=2, classes=classes)
        classes = [str(label) for label in range(classes)]
    if not isinstance(planes, Tensor):
        check_count(planes=planes)
        planes = _random_planes(planes, latent_dim, seed)
    check_tensor(ndim=3, like=f"(P, 3, {latent_dim})", planes=planes)
    if planes.shape[1:] != (3, latent_dim) or len(planes) == 0:
        raise ValueError(f"planes: got {describe(planes)}, want shape (P, 3, {latent_dim})")
    return GeneratorExplorer(generator, planes.detach().float().cpu(), classes, float(limit), title, value_range)


def _random_planes(count: int, latent_dim: int, seed: int) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    orthogonal, _ = torch.linalg.qr(torch.randn(count, latent_dim, 3, generator=random))
    center, u, v = orthogonal.unbind(dim=2)
    return torch.stack([center * math.sqrt(latent_dim - 2), u, v], dim=1)


def film(
    figure: Figure,
    draw: Callable[[int], object],
    captions: Sequence[str],
    title: str,
    alt: str,
    seconds: float = 0.25,
    start: int | None = None,
) -> Film:
    """A film in the page: play, pause, step, or drag the slider; nothing is loaded from elsewhere.

    Args:
        figure: the figure that ``draw`` changes; it is closed at the end.
        draw: called with 0, 1, ..., one number a picture; it draws that picture on the figure (and clears the one before).
        captions: one line of text for each picture.
        title: what the film shows, said above it.
        alt: what there is to see in it, in words.
        seconds: how long a picture stays when the film is played, positive.
        start: the picture shown first, and the only one without JavaScript; None means the last.

    Returns:
        An object that a notebook or the book shows as the film.

    Raises:
        ValueError: if there are no captions, ``start`` is none of the pictures, or ``seconds`` is not positive.
    """
    check_positive(seconds=seconds)
    if not captions:
        raise ValueError("captions: got none, want one for each picture")
    start = len(captions) - 1 if start is None else start
    check_choice(range(len(captions)), start=start)
    frames = []
    for index in range(len(captions)):
        draw(index)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="webp", dpi=120, pil_kwargs={"quality": 80})
        frames.append(buffer.getvalue())
    plt.close(figure)
    return Film(frames, captions, title, alt, seconds, start)


def _pictures(value_range: tuple[float, float], **named: Tensor) -> np.ndarray:
    """Images (N, C, H, W) as an array (N, H, W, C) in [0, 1]."""
    ((name, images),) = named.items()
    check_tensor(ndim=4, like="(N, C, H, W)", **named)
    if images.shape[1] not in (1, 3) or 0 in images.shape:
        raise ValueError(f"{name}: got {describe(images)}, want at least one image with 1 (gray) or 3 (color) channels")
    low, high = value_range
    if not low < high:
        raise ValueError(f"value_range: got {value_range!r}, want (low, high) with low < high")
    pictures = images.detach().float().cpu().permute(0, 2, 3, 1).numpy()
    if np.isnan(pictures).any():
        raise ValueError(f"{name}: got {int(np.isnan(pictures).sum())} values that are NaN, want numbers")
    return np.clip((pictures - low) / (high - low), 0, 1)


def _gutter(picture_rows: np.ndarray) -> int:
    return max(1, picture_rows.shape[1] // 10)


def _sheet(rows: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Rows of pictures (n, H, W, C) on one white sheet, equal gutters between them, none around them."""
    height, width, channels = rows[0].shape[1:]
    gap = _gutter(rows[0])
    sheet = np.ones((len(rows) * (height + gap) - gap, columns * (width + gap) - gap, channels), dtype=np.float32)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = i * (height + gap), j * (width + gap)
            sheet[top : top + height, left : left + width] = picture
    return sheet


def _imshow(sheet: np.ndarray, ax: Axes, **options: object) -> None:
    gray = sheet.shape[-1] == 1
    ax.imshow(sheet[..., 0] if gray else sheet, cmap="gray", vmin=0, vmax=1, interpolation="nearest", **options)


def _draw_sheet(sheet: np.ndarray, ax: Axes, title: str | None) -> Axes:
    _imshow(sheet, ax)
    ax.axis("off")
    if title:
        ax.set_title(title)
    return ax


def _labelled_codes(codes: Tensor, labels: Tensor) -> tuple[np.ndarray, np.ndarray]:
    check_tensor(ndim=2, like="(N, 2)", codes=codes)
    check_tensor(ndim=1, like="(N,)", floating=False, labels=labels)
    if codes.shape[1] != 2:
        raise ValueError(f"codes: got {describe(codes)}, want shape (N, 2): a plane")
    if len(labels) != len(codes):
        raise ValueError(f"labels: got {len(labels)}, want {len(codes)}, one for each code")
    points, classes = codes.detach().float().cpu().numpy(), labels.detach().cpu().numpy()
    if classes.dtype.kind not in "iu" or (len(classes) and not 0 <= classes.min() <= classes.max() < len(CLASS_COLORS)):
        raise ValueError(f"labels: got {describe(labels)}, want whole numbers from 0 to {len(CLASS_COLORS) - 1}")
    return points, classes
