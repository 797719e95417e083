"""The scoreboard of the book: each page adds its models, and one table and one figure show them all.

A score is one JSON file. The folder is the environment variable ``GANLIB_SCOREBOARD``, else ``_build/scoreboard/`` in a
checkout of the course, else ``~/.cache/ganlib/scoreboard``.
"""

import hashlib
import json
import math
import os
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ganlib import data, features
from ganlib._checks import check_count
from ganlib._files import replaced

N_IMAGES = 1000  # images of a model that count: every metric depends on their number
N_NEIGHBORS = 400  # of them for precision and recall: as many as there are test images


@dataclass(frozen=True)
class Score:
    """What was measured of one model. Numbers of different image sizes are of different classifiers: do not compare them.

    Attributes:
        chapter: whose page it is of.
        model: its name.
        size: side of the images in pixels.
        reference: True for a yardstick that is no model of the course.
        nfd: Fréchet distance to the test images over the variance of these, :func:`features.normalized_frechet`.
        precision: of 400 images against the 400 test images, :func:`features.precision_recall`.
        recall: likewise.
        modes: how many of the ten digits the classifier sees among the images.
        entropy: how evenly, from 0 to 1, :func:`features.label_entropy`.
    """

    chapter: int
    model: str
    size: int
    reference: bool
    nfd: float
    precision: float
    recall: float
    modes: int
    entropy: float


def folder() -> Path:
    """Where the scores lie. It need not exist."""
    if os.environ.get("GANLIB_SCOREBOARD"):
        return Path(os.environ["GANLIB_SCOREBOARD"])
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "_build" / "scoreboard"
    return Path.home() / ".cache" / "ganlib" / "scoreboard"


def measure(chapter: int, model: str, images: Tensor, reference: bool = False) -> Score:
    """Measure a model without adding it. Arguments and errors as in :func:`add`."""
    check_count(minimum=0, chapter=chapter)
    if not isinstance(model, str) or not model.strip():
        raise ValueError(f"model: got {model!r}, want a name")
    features.check_digits(images=images)
    if len(images) < N_IMAGES:
        raise ValueError(f"images: got {len(images)}, want at least {N_IMAGES}: every model is judged by as many")
    # In a fixed random order: a model may have made its images digit by digit.
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
    chosen = images[order[:N_IMAGES].to(images.device)].detach()
    size = images.shape[-1]
    real = data.load("digits", size=size).test_images
    precision, recall = features.precision_recall(real, chosen[:N_NEIGHBORS])
    return Score(
        chapter=chapter,
        model=model,
        size=size,
        reference=reference,
        nfd=features.normalized_frechet(real, chosen),
        precision=precision,
        recall=recall,
        modes=int((features.mode_counts(chosen) > 0).sum()),
        entropy=features.label_entropy(chosen),
    )


def add(chapter: int, model: str, images: Tensor, reference: bool = False) -> Score:
    """Measure a model and put it on the scoreboard, in the place of an older score of the same name, chapter and size.

    Args:
        chapter: whose page this is.
        model: its name, short enough for a line of a table.
        images: what it makes of random noise, shape (N, 1, size, size), size 8, 16 or 32, values in [0, 1]; a random 1000
            of them count.
        reference: True for a yardstick that is no model of the course, such as noise.

    Returns:
        What was measured.

    Raises:
        ValueError: if the images are no digits in [0, 1] or fewer than 1000, or the chapter or the name is none.
    """
    score = measure(chapter, model, images, reference)
    name = hashlib.sha256(score.model.encode()).hexdigest()[:12]
    path = folder() / f"{score.chapter:02}-{score.size:02}-{name}.json"
    with replaced(path) as scratch:  # another page may be reading
        scratch.write_text(json.dumps(asdict(score), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return score


def load() -> list[Score]:
    """All scores: by size; the models by chapter, then the references; as they were named.

    Raises:
        ValueError: if a file holds no score: names it.
    """
    scores = []
    for path in sorted(folder().glob("[!.]*.json")):
        try:
            scores.append(Score(**json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path} holds no score ({error}): remove it and run the page again that made it") from error
    return sorted(scores, key=lambda score: (score.size, score.reference, score.chapter, score.model))


class Table:
    """Scores as a table: HTML in a notebook or the book, text elsewhere; made by :func:`table`."""

    HEAD = ("no.", "model", "ch.", "nFD", "precision", "recall", "digits", "entropy")

    def __init__(self, scores: list[Score]) -> None:
        self.scores = scores

    def _rows(self) -> list[tuple[int, list[str]]]:
        """The size and the cells of each row."""
        return [
            (s.size, [str(number), s.model, str(s.chapter), f"{s.nfd:.3f}", f"{s.precision:.2f}", f"{s.recall:.2f}",
                      str(s.modes), f"{s.entropy:.2f}"])
            for number, s in enumerate(self.scores, start=1)
        ]  # fmt: skip

    def __repr__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(self.HEAD, *(cells for _, cells in rows), strict=True)]

        def line(cells: tuple[str, ...] | list[str]) -> str:
            padded = (c.ljust(w) if i == 1 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True)))
            return "  ".join(padded).rstrip()

        lines = [line(self.HEAD)]
        for index, (size, cells) in enumerate(rows):
            if not index or rows[index - 1][0] != size:
                lines.append(f"{size} x {size} pixels")
            lines.append(line(cells))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts, last, right = [], None, 'style="text-align: right; white-space: nowrap"'
        for size, cells in self._rows():
            if size != last:
                title = f"{size} × {size} pixels"
                parts.append(f'<tr><th scope="rowgroup" colspan="{len(self.HEAD)}" style="text-align: left">{title}</th></tr>')
                last = size
            number, model, *numbers = map(escape, cells)
            name = f'<th scope="row" style="text-align: left; font-weight: normal; min-width: 8em">{model}</th>'
            parts.append(f"<tr><td {right}>{number}</td>{name}" + "".join(f"<td {right}>{n}</td>" for n in numbers) + "</tr>")
        head = "".join(f'<th scope="col" {"" if name == "model" else right}>{name}</th>' for name in self.HEAD)
        table = f'<table class="table" style="width: auto"><thead><tr>{head}</tr></thead><tbody>{"".join(parts)}</tbody></table>'
        # Without the theme's white sheet, which is for pictures; wider than a phone, it scrolls by itself, also by keyboard.
        style = "<style>.text_html:has(> .ganlib-scoreboard) { background: none !important; padding: 0 !important; }</style>"
        region = 'class="ganlib-scoreboard" style="overflow-x: auto" tabindex="0" role="region" aria-label="Scoreboard"'
        return f"<div {region}>{style}{table}</div>"


def table(scores: list[Score] | None = None) -> Table:
    """The scores, of :func:`load` unless others are given, as a table, numbered as in :func:`figure`."""
    return Table(_worth_showing(scores))


def figure(scores: list[Score] | None = None) -> Figure:
    """Two panels: precision against recall, and the nFD of each; the numbers are those of :func:`table`.

    Raises:
        ValueError: if there is no score.
    """
    from matplotlib import pyplot as plt

    from ganlib import plots

    scores = _worth_showing(scores)
    if not scores:
        raise ValueError(f"scores: got none, want at least one; {folder()} has none: run a page that adds a model")
    sizes = sorted({score.size for score in scores})
    markers = dict(zip(data.DIGIT_SIZES, ("o", "s", "^"), strict=True))
    rows = 0.22 * (len(scores) + len(sizes)) + 0.6
    result = plt.figure(figsize=(6.0, 4.4 + rows), layout="constrained")
    plane, bars = (part.subplots() for part in result.subfigures(2, 1, height_ratios=(4.4, rows)))
    place, ticks = 0.0, []
    for index, score in enumerate(scores):
        color = plots.COLORS["muted" if score.reference else "generator"]
        style = {"marker": markers[score.size], "color": color, "linestyle": "none", "markersize": 7}
        style |= {"markerfacecolor": "none" if score.reference else color, "markeredgewidth": 1.5, "clip_on": False}
        plane.plot(score.recall, score.precision, **style, zorder=3)
        if not index or scores[index - 1].size != score.size:
            place += index > 0
            bars.text(0.0, place, f"{score.size} × {score.size} pixels", transform=bars.get_yaxis_transform(), va="center",
                      fontsize=9.5, color=plots.COLORS["muted"])  # fmt: skip
            place += 1
        bars.plot(max(score.nfd, 1e-3), place, **style)
        bars.axhline(place, color="#dddddd", linewidth=0.7, zorder=0)
        ticks.append((place, f"{score.model}  {index + 1}"))
        place += 1
    for size in sizes:
        plane.plot([], [], markers[size], color=plots.COLORS["muted"], label=f"{size} × {size} pixels")
    plane.plot([], [], "o", color=plots.COLORS["muted"], markerfacecolor="none", label="hollow: a yardstick, no model")
    plane.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1))
    plane.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(2, len(sizes) + 1))
    bars.set(xscale="log", xlabel="nFD (smaller is better; compare within one size)", ylim=(place - 0.4, -0.6))
    low, high = bars.get_xlim()
    shown = [tick for tick in (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10) if low <= tick <= high]
    bars.set_xticks(shown, labels=[f"{tick:g}" for tick in shown])
    bars.minorticks_off()
    bars.set_yticks(*zip(*ticks, strict=True))
    bars.tick_params(axis="y", length=0)
    bars.spines["left"].set_visible(False)
    result.draw_without_rendering()  # now the places in the plane are known
    _number(plane, [(score.recall, score.precision) for score in scores])
    return result


def _number(plane: Axes, points: list[tuple[float, float]]) -> None:
    """Number points: each number in the nearest place where no mark or number stands, with a line where that is further off."""
    marks = plane.transData.transform(points) * 72 / plane.figure.dpi
    corner = plane.transAxes.transform((0, 0)) * 72 / plane.figure.dpi
    around = [turn * math.pi / 8 for turn in (2, 14, 6, 10, 0, 4, 8, 12, *range(1, 16, 2))]
    offsets = [radius * np.array((math.cos(way), math.sin(way))) for radius in (11, 19, 27, 35) for way in around]
    numbers = np.empty((0, 2))

    def is_free(place: np.ndarray) -> bool:
        apart = np.hypot(*(marks - place).T).min() > 10 and (np.abs(numbers - place) > (13, 10)).any(axis=1).all()
        return bool(apart and (place > corner + 5).all())

    for index, mark in enumerate(marks):
        offset = next((each for each in offsets if is_free(mark + each)), offsets[0])
        numbers = np.vstack([numbers, mark + offset])
        line = {"arrowstyle": "-", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3} if np.hypot(*offset) > 12 else None
        plane.annotate(str(index + 1), points[index], offset, textcoords="offset points", fontsize=9.5, ha="center", va="center",
                       arrowprops=line)  # fmt: skip


def _worth_showing(scores: list[Score] | None) -> list[Score]:
    """References only of sizes of which there is a model, unless there is no model at all."""
    scores = load() if scores is None else list(scores)
    sizes = {score.size for score in scores if not score.reference} or {score.size for score in scores}
    return [score for score in scores if score.size in sizes]
