"""Sphinx extension: numbers of figures, tables, theorems and equations on the pages that are no numbered chapter.

Sphinx counts through all of these pages together. Here each counts for itself: 0.1, 0.2 in chapter 0, and 1, 2 on any other.
"""

from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

CHAPTER_0 = "book/00_orientation"


def count_by_page(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Number again what Sphinx has numbered."""
    for page, kinds in env.toc_fignumbers.items():
        if not any(env.toc_secnumbers.get(page, {}).values()):
            chapter = (0,) if page == CHAPTER_0 else ()
            for numbers in kinds.values():
                numbers.update({name: (*chapter, place) for place, name in enumerate(numbers, start=1)})
    return []


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("env-get-updated", count_by_page, priority=600)  # Sphinx numbers at 500
    return {"parallel_read_safe": True}
