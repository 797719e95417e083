"""A film of pictures that a reader plays, stops and steps through in the page, offline."""

import base64
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

SCRIPT = Path(__file__).with_name("film.js")

STYLE = """
.text_html:has(> .ganlib-film) { background: none !important; padding: 0 !important; }
.ganlib-film {
  color: var(--pst-color-text-base, var(--jp-content-font-color1, CanvasText));
  background: var(--pst-color-background, var(--jp-layout-color0, Canvas));
  border: 1px solid var(--pst-color-border, var(--jp-border-color1, GrayText));
  border-radius: 6px; padding: 0.75rem; box-sizing: border-box; line-height: 1.45;
}
.ganlib-film [hidden] { display: none !important; }
.ganlib-film .gf-title { font-weight: 600; margin: 0 0 0.4rem; color: inherit; }
.ganlib-film .gf-picture { display: block; width: 100%; height: auto; margin: 0 auto; background: white; border-radius: 4px; }
.ganlib-film .gf-caption { display: block; margin: 0.4rem 0; min-height: 1.45em; font-variant-numeric: tabular-nums; }
.ganlib-film .gf-controls { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
.ganlib-film .gf-controls button {
  font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: 4px;
  min-height: 2.2rem; padding: 0 0.75rem; cursor: pointer;
}
.ganlib-film .gf-play { min-width: 4.6rem; }
.ganlib-film .gf-slider { flex: 1 1 8rem; min-height: 2.2rem; accent-color: var(--pst-color-primary, Highlight); }
.ganlib-film :focus-visible { outline: 3px solid var(--pst-color-primary, Highlight); outline-offset: 1px; }
"""


class Film:
    """Pictures with a caption each, shown one after the other as HTML; made by :func:`ganlib.plots.film`.

    Args:
        frames: the pictures, as WebP files.
        captions: one line of text for each.
        title: what the film shows, said above it.
        alt: what there is to see in it, for readers who do not see it.
        seconds: how long a picture stays when the film is played.
        start: the picture shown first; without JavaScript it is the only one.
    """

    def __init__(
        self, frames: Sequence[bytes], captions: Sequence[str], title: str, alt: str, seconds: float = 0.25, start: int = 0
    ) -> None:
        self.title, self.alt = title, alt
        self._data = {
            "frames": [base64.b64encode(frame).decode() for frame in frames],
            "captions": list(captions),
            "milliseconds": round(1000 * seconds),
            "start": start,
        }

    def __len__(self) -> int:
        return len(self._data["frames"])

    def __repr__(self) -> str:
        return f"Film({self.title!r}, {len(self)} pictures): shown by a notebook or the book"

    def _repr_html_(self) -> str:
        start = self._data["start"]
        # A caption must not end the script element that holds it.
        data = json.dumps(self._data, separators=(",", ":")).replace("<", "\\u003c")
        title, alt, caption = (escape(text) for text in (self.title, self.alt, self._data["captions"][start]))
        return f"""<div class="ganlib-film" role="group" aria-label="{title}">
<style>{STYLE}</style>
<p class="gf-title">{title}</p>
<img class="gf-picture" alt="{alt}" src="data:image/webp;base64,{self._data["frames"][start]}">
<output class="gf-caption">{caption}</output>
<div class="gf-controls" hidden>
<button type="button" class="gf-play">Play</button>
<button type="button" class="gf-back" aria-label="One picture back">&#9664;&#xFE0E;</button>
<button type="button" class="gf-forward" aria-label="One picture forward">&#9654;&#xFE0E;</button>
<input type="range" class="gf-slider" min="0" value="{start}" step="1" aria-label="Picture">
</div>
<script type="application/json" class="gf-data">{data}</script>
<script>{SCRIPT.read_text(encoding="utf-8")}</script>
</div>"""
