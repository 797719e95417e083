"""Columns that a reader moves by hand in the page, offline, until they stand as wanted; the page counts the steps."""

import json
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import ascii_lowercase

from ganlib._checks import describe

SCRIPT = Path(__file__).with_name("columns.js")
MOST = 8  # columns; more do not fit on a phone

STYLE = """
.text_html:has(> .ganlib-columns) { background: none !important; padding: 0 !important; }
.ganlib-columns {
  color: var(--pst-color-text-base, var(--jp-content-font-color1, CanvasText));
  background: var(--pst-color-background, var(--jp-layout-color0, Canvas));
  border: 1px solid var(--pst-color-border, var(--jp-border-color1, GrayText));
  border-radius: 6px; padding: 0.75rem; box-sizing: border-box; line-height: 1.45; max-width: 36rem;
}
.ganlib-columns [hidden] { display: none !important; }
.ganlib-columns p { margin: 0 0 0.4rem; color: inherit; }
.ganlib-columns .gc-title { font-weight: 600; }
.ganlib-columns .gc-stage { position: relative; height: calc(2.5rem * var(--levels)); border-bottom: 2px solid currentColor; }
.ganlib-columns .gc-stage > * {
  position: absolute; box-sizing: border-box; border-radius: 5px; height: 2.3rem; bottom: calc(2.5rem * var(--level));
  left: calc((var(--place) + 0.5) * 100% / var(--places)); width: min(100% / var(--places) - 4px, 4rem);
  transform: translateX(-50%);
}
.ganlib-columns .gc-wanted { border: 2px dashed currentColor; opacity: 0.75; }
.ganlib-columns .gc-column {
  color: white; background: #0072b2; border: 1px solid white; font-weight: 600; line-height: 2.2rem; text-align: center;
  cursor: grab; touch-action: none; user-select: none; -webkit-user-select: none; z-index: 1;
}
.ganlib-columns .gc-column[data-held="true"] { cursor: grabbing; background: #882255; z-index: 2; }
.ganlib-columns .gc-places { display: flex; margin: 0.1rem 0 0.5rem; }
.ganlib-columns .gc-places span { flex: 1; text-align: center; font-variant-numeric: tabular-nums; }
.ganlib-columns .gc-state { display: block; min-height: 2.9em; font-variant-numeric: tabular-nums; }
.ganlib-columns .gc-moves { min-height: 1.45em; }
.ganlib-columns .gc-controls { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.ganlib-columns .gc-controls button {
  font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: 4px;
  min-height: 2.2rem; padding: 0 0.75rem; cursor: pointer;
}
.ganlib-columns :focus-visible { outline: 3px solid var(--pst-color-primary, Highlight); outline-offset: 1px; }
"""


class Columns:
    """Columns at whole numbers, to be moved with the mouse, a finger or the arrow keys; a step of one column costs 1.

    Shown are the cost so far, the moves, and how many steps the columns need at least from where they stand.

    Args:
        source: where the columns stand at first, whole numbers in any order; a place may be there more than once.
        target: where columns are wanted, as many; the columns are alike.
        title: what is to be done, said above the columns and to screen readers.

    Raises:
        ValueError: if source or target is no list of 1 to 8 whole numbers, or they have not the same length.
    """

    def __init__(self, source: Sequence[int], target: Sequence[int], title: str = "Columns to move") -> None:
        for name, places in (("source", source), ("target", target)):
            if not isinstance(places, (list, tuple)):
                raise ValueError(f"{name}: got {describe(places)}, want a list of whole numbers")
            wrong = [place for place in places if type(place) is not int]
            if wrong:
                raise ValueError(f"{name}: got {wrong[0]!r} among them, want whole numbers")
            if not 1 <= len(places) <= MOST:
                raise ValueError(f"{name}: got {len(places)} columns, want 1 to {MOST}")
        if len(source) != len(target):
            raise ValueError(f"target: got {len(target)} columns, want {len(source)}, as many as in source")
        self.source, self.target, self.title = sorted(source), sorted(target), title
        self.first, self.last = min(*source, *target), max(*source, *target)

    def __repr__(self) -> str:
        return f"Columns({self.source}, {self.target}): shown by a notebook or the book"

    def _repr_html_(self) -> str:
        title, n = escape(self.title), len(self.source)
        wanted = "".join(f'<div class="gc-wanted" style="{at}"></div>' for at in self._positions(self.target))
        standing = zip(ascii_lowercase, self.source, self._positions(self.source), strict=False)
        columns = "".join(
            f'<div class="gc-column" style="{at}" tabindex="0" role="slider" aria-label="Column {name}" '
            f'aria-valuemin="{self.first}" aria-valuemax="{self.last}" aria-valuenow="{place}">{name}</div>'
            for name, place, at in standing
        )
        places = "".join(f"<span>{place}</span>" for place in range(self.first, self.last + 1))
        data = json.dumps({"source": self.source, "target": self.target, "first": self.first, "last": self.last})
        alone = f"{n} columns at {_listed(self.source)}; wanted at {_listed(self.target)}."
        return f"""<div class="ganlib-columns" role="group" aria-label="{title}">
<style>{STYLE}</style>
<p class="gc-title">{title}</p>
<div class="gc-stage" style="--levels: {n}; --places: {self.last - self.first + 1}">{wanted}{columns}</div>
<div class="gc-places" aria-hidden="true">{places}</div>
<output class="gc-state">{alone}</output>
<p class="gc-moves" hidden></p>
<div class="gc-controls" hidden>
<button type="button" class="gc-undo">Take back</button>
<button type="button" class="gc-reset">Start again</button>
</div>
<script type="application/json" class="gc-data">{data}</script>
<script>{SCRIPT.read_text(encoding="utf-8")}</script>
</div>"""

    def _positions(self, places: Sequence[int]) -> list[str]:
        """The style of each column: its place, and its level among those that stand there."""
        below: Counter[int] = Counter()
        styles = []
        for place in places:
            styles.append(f"--place: {place - self.first}; --level: {below[place]}")
            below[place] += 1
        return styles


def _listed(places: Sequence[int]) -> str:
    return ", ".join(map(str, places))
