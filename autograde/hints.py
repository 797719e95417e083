"""Hints: which catalogued mistake gives the very answers that a student gave.

Every mistake is asked the questions of its exercise's tests (with the public seed) and a sketch of its answers is kept in
``tests/hints/``, a file a chapter. A student's wrong answers are compared with the sketches: no mistake's code is needed.
"""

import json
import math
import re
from functools import cache

import torch
from torch import Tensor

from autograde import ROOT, wire

FOLDER = ROOT / "tests" / "hints"
KEPT = 24
MAX_WORDS = 160
NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def sketch(value: object) -> object:
    """A few numbers that tell an answer from others, or the start of a text: small, and comparable with a tolerance."""
    if isinstance(value, wire.Array):
        return {"array": sketch(value.tensor)}
    if isinstance(value, Tensor):
        flat = value.detach().double().flatten()
        step = max(1, len(flat) // KEPT)
        total = float(flat.abs().mean()) if len(flat) else 0.0
        return {"shape": list(value.shape), "values": [_rounded(x) for x in [*flat[::step][:KEPT].tolist(), total]]}
    if isinstance(value, (list, tuple)):
        return [sketch(item) for item in value]
    if isinstance(value, dict):
        return {"dict": {key[:MAX_WORDS]: sketch(item) for key, item in value.items()}}
    if isinstance(value, float):
        return {"shape": [], "values": [_rounded(value)]}
    if isinstance(value, wire.Opaque):
        return {"text": value.text[:MAX_WORDS]}
    return value[:MAX_WORDS] if isinstance(value, str) else value


class Keeper:
    """Makes sketches, of so many values: what a stranger answers must not fill the judge's memory."""

    def __init__(self, room: int = 4096) -> None:
        self.room = room

    def __call__(self, value: object) -> object:
        self.room -= _count(value)
        return sketch(value) if self.room >= 0 else {"text": "more than is kept"}


def _count(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + sum(map(_count, value)) if isinstance(value, (list, tuple)) else 1


def sketch_of_failure(kind: str, message: str, detail: dict) -> object:
    """The sketch of a question that got no value: how it failed.

    Of the message the words are kept, not the numbers. An error that the student's own ``raise`` raised says what it likes.
    """
    words = "" if detail.get("own") else NUMBER.sub("#", message.partition("\n")[0])[:MAX_WORDS]
    return {"failed": kind, "type": detail.get("type", "")[:MAX_WORDS], "words": words}


def _rounded(number: float) -> float | str:
    return float(f"{number:.6g}") if math.isfinite(number) else str(number)


def same(a: object, b: object, rtol: float = 1e-3, atol: float = 1e-5) -> bool:
    """Whether two sketches are of the same answer."""
    if isinstance(a, dict) and isinstance(b, dict):
        if "words" in a and "words" in b:
            return (a["failed"], a["type"]) == (b["failed"], b["type"]) and _alike(a["words"], b["words"])
        if "values" in a and "values" in b:
            return a["shape"] == b["shape"] and _close(a["values"], b["values"], rtol, atol)
        return a.keys() == b.keys() and all(same(a[key], b[key], rtol, atol) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y, rtol, atol) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and a == b


def _alike(a: str, b: str) -> bool:
    """Whether two messages say the same of the same things: releases of a library differ in a word or two."""
    x, y = set(a.split()), set(b.split())
    named_a, named_b = (re.findall(r"'[^']*'", text) for text in (a, b))
    return named_a == named_b and len(x & y) >= 0.6 * len(x | y)


def _close(xs: list, ys: list, rtol: float, atol: float) -> bool:
    if len(xs) != len(ys):
        return False
    x, y = (torch.tensor([float(number) for number in part], dtype=torch.float64) for part in (xs, ys))
    return bool(torch.isclose(x, y, rtol=rtol, atol=atol, equal_nan=True).all())


@cache
def load() -> dict:
    """The shipped table: ``{"seed": int, "hints": {mistake: text}, "answers": {test: {mistake: [sketch, ...]}}}``."""
    whole: dict = {"seed": None, "hints": {}, "answers": {}}
    for file in sorted(FOLDER.glob("*.json")):
        chapter = json.loads(file.read_text(encoding="utf-8"))
        whole["seed"] = chapter["seed"]
        whole["hints"] |= chapter["hints"]
        whole["answers"] |= chapter["answers"]
    return whole


def matches(test: str, transcript: list, seed: int) -> list[str]:
    """The mistakes that answered every question of a failed test as the student did."""
    table = load()
    if table["seed"] != seed or not transcript:
        return []
    known = table["answers"].get(test, {})
    return [name for name, answers in known.items() if len(answers) == len(transcript) and same(answers, transcript)]


def choose(failed: dict[str, list], seed: int) -> str | None:
    """The mistake that explains an exercise's failed tests (``{test: transcript}``), or None.

    It must have given the same answers in the first of them, whose message the student reads, and in two thirds of those that it
    fails: a second slip may stand beside it. Of several, the one that explains the most and fails the fewest that were passed.
    """
    table = load()
    explained = {test: set(matches(test, transcript, seed)) for test, transcript in failed.items()}
    first = next(iter(explained.values()), set())

    def is_consistent(name: str) -> bool:
        shared = [name in same for test, same in explained.items() if name in table["answers"].get(test, {})]
        return 3 * sum(shared) >= 2 * len(shared)

    consistent = [name for name in first if is_consistent(name)]

    def merit(name: str) -> tuple[int, int, str]:
        fails_elsewhere = sum(name in known and test not in failed for test, known in table["answers"].items())
        return sum(name in same for same in explained.values()), -fails_elsewhere, name

    return max(consistent, key=merit, default=None)
