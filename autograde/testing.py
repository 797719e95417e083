"""What a graded test is written with: ``exercise``, ``ask`` (a fixture), ``probes`` and the ``expect`` family.

The messages climb a ladder, so that a student reads about the first thing that is wrong:
missing, raised, type, shape, dtype, finite, value.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from autograde import in_order
from autograde.wire import Array, Opaque, Seeded

__all__ = [
    "Exercise", "Probe", "Rng", "WrongAnswer", "dimensions", "exercise", "expect", "expect_above", "expect_as_before",
    "expect_below", "expect_dtype", "expect_fields", "expect_gradients", "expect_no_copies", "expect_quantiles",
    "expect_restored", "expect_tensor", "expect_that", "expect_untouched", "expect_whole_number", "expect_width", "probes",
    "tensor", "zeros",
]  # fmt: skip

tensor = torch.tensor
zeros = torch.zeros


@dataclass(frozen=True)
class Exercise:
    """One exercise: its number, what it is worth, and the exercises whose functions it uses."""

    id: str
    title: str
    points: int
    needs: tuple[str, ...]

    @property
    def chapter(self) -> int:
        return int(self.id.split(".")[0])

    @property
    def order(self) -> tuple[int, ...]:
        return in_order(self.id)


def exercise(id: str, points: int, needs: Sequence[str] = ()) -> Callable[[type], type]:
    """Declare that a test class judges an exercise; the first line of its docstring is the title."""

    def declare(cls: type) -> type:
        title = (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")
        cls.__exercise__ = Exercise(id, title, points, tuple(needs))
        return cls

    return declare


class WrongAnswer(AssertionError):
    """The answer is wrong; ``rung`` is how far up the ladder it came, ``odd`` why a teacher should look at it, if so.

    The message may hold words of the student's; ``odd`` holds the grader's alone.
    """

    def __init__(self, rung: str, message: str, odd: str = "") -> None:
        super().__init__(message)
        self.rung, self.odd = rung, odd


@dataclass(frozen=True)
class Probe:
    """A function of ``tests/probes/<module>.py``, run beside the student's code."""

    module: str
    name: str


@dataclass(frozen=True)
class ArgumentsAfter:
    """The arguments of a call to ``target``, as they are after it."""

    target: str


class _Probes:
    """``probes("vae").training`` names the function ``training`` of ``tests/probes/vae.py`` without importing it."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Probe:
        if name.startswith("__"):
            raise AttributeError(name)
        return Probe(self._module, name)


probes = _Probes


class Rng:
    """Inputs of a test, drawn from the seed of the grading and the name of the test: hidden seeds, no hidden tests."""

    def __init__(self, seed: int, name: str) -> None:
        digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
        self._generator = torch.Generator().manual_seed(int.from_bytes(digest[:6], "big"))

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self._generator)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return low + (high - low) * torch.rand(*shape, generator=self._generator)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """Whole numbers in [low, high)."""
        return torch.randint(low, high, shape, generator=self._generator)

    def number(self, low: float, high: float) -> float:
        return float(self.uniform(1, low=low, high=high))

    def seeded(self) -> Seeded:
        """A ``torch.Generator`` for the student's code, made on the other side."""
        return Seeded(int(self.integers(0, 2**31, 1)))

    def seed(self) -> int:
        """A seed for a probe."""
        return int(self.integers(0, 2**31, 1))


def expect_tensor(value: object, shape: Sequence[int] | None = None, name: str = "the answer") -> Tensor:
    """Climb the ladder up to "finite": returns the tensor in float64, or raises WrongAnswer."""
    if not isinstance(value, Tensor):
        raise WrongAnswer("type", f"{name} is {kind_of(value)}; wanted a torch.Tensor.")
    if shape is not None and tuple(value.shape) != tuple(shape):
        raise WrongAnswer("shape", f"{name} has shape {tuple(value.shape)}; wanted {tuple(shape)}.")
    if not value.is_floating_point():
        raise WrongAnswer("dtype", f"{name} has dtype {str(value.dtype).removeprefix('torch.')}; wanted floating-point numbers.")
    if not torch.isfinite(value).all():
        bad = int((~torch.isfinite(value)).sum())
        raise WrongAnswer("finite", f"{name} has {bad} of {value.numel()} entries that are infinite or NaN: {_short(value)}.")
    return value.double()


def expect(
    value: object,
    wanted: Tensor | float | Sequence,
    why: str,
    *,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    name: str = "the answer",
) -> None:
    """The whole ladder: a finite tensor of the wanted shape whose entries are within ``atol + rtol * |wanted|``."""
    wanted = torch.as_tensor(wanted, dtype=torch.float64)
    given = expect_tensor(value, wanted.shape, name)
    close = (given - wanted).abs() <= atol + rtol * wanted.abs()
    if close.all():
        return
    label = "" if name == "the answer" else f"{name}: "
    texts = _short(given), _short(wanted)
    lines = [why, f"{label}got    {texts[0]}", f"{' ' * len(label)}wanted {texts[1]}"]
    if wanted.numel() > 8:
        at = tuple(int(i) for i in (~close).nonzero()[0])
        texts = f"{float(given[at]):.6g}", f"{float(wanted[at]):.6g}"
        lines[1:] = [
            f"{int((~close).sum())} of {wanted.numel()} entries of {name} are wrong; the first, at {list(at)}:",
            f"got {texts[0]}, wanted {texts[1]}",
        ]
    if texts[0] == texts[1]:
        lines.append(f"They differ by {float((given - wanted).abs().max()):.2g}, which is more than rounding.")
    raise WrongAnswer("value", "\n".join(lines))


def expect_dtype(value: object, dtype: torch.dtype, name: str = "the answer") -> None:
    """Raise WrongAnswer unless the value is a tensor of this dtype."""
    if not isinstance(value, Tensor):
        raise WrongAnswer("type", f"{name} is {kind_of(value)}; wanted a torch.Tensor.")
    if value.dtype != dtype:
        given, wanted = (str(each).removeprefix("torch.") for each in (value.dtype, dtype))
        raise WrongAnswer("dtype", f"{name} has dtype {given}; wanted {wanted}, as the docstring says.")


def expect_quantiles(draws: Tensor, law: Tensor, why: str) -> None:
    """Raise WrongAnswer unless independent draws are shared out by the quantiles of a law as they ought to be.

    ``law`` holds many values of the law, evenly by probability. A right answer fails in one of a hundred thousand gradings.
    """
    ordered = law.double().sort().values
    for q in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99):
        below = float(ordered[round(q * len(ordered))])
        error = 5 * (q * (1 - q) / draws.numel()) ** 0.5
        expect((draws < below).double().mean(), q, f"{why}\nshare of them below {below:.4g}:", atol=error, rtol=0)


def expect_that(truth: object, why: str) -> None:
    """Raise WrongAnswer with ``why`` unless ``truth`` holds."""
    if not bool(truth):
        raise WrongAnswer("value", why)


def expect_below(value: object, bound: float, why: str) -> None:
    """Raise WrongAnswer unless the number is finite and at most ``bound``."""
    number = _number(value)
    if not number <= bound:
        raise WrongAnswer("value", f"{why}\ngot {number:.6g}, wanted at most {bound:g}")


def expect_above(value: object, bound: float, why: str) -> None:
    """Raise WrongAnswer unless the number is finite and at least ``bound``."""
    number = _number(value)
    if not number >= bound:
        raise WrongAnswer("value", f"{why}\ngot {number:.6g}, wanted at least {bound:g}")


def in_two_tries(check: Callable[[int], None]) -> None:
    """Check what a training reaches from seed 0 and, if it misses something, from seed 1: a game may be lost by chance.

    How often the course's own answers lose it stands in benchmarks/README.md.
    """
    try:
        check(0)
    except WrongAnswer as missed:
        if missed.rung != "value":
            raise
        check(1)


def expect_whole_number(value: object, wanted: int, why: str) -> None:
    """Raise WrongAnswer unless the value is the Python int ``wanted``."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted an int.")
    if value != wanted:
        raise WrongAnswer("value", f"{why}\ngot {value}, wanted {wanted}")


def expect_gradients(value: object) -> None:
    """Raise WrongAnswer unless every parameter, by name, has a gradient that is not zero."""
    if not isinstance(value, dict) or not value:
        raise WrongAnswer("type", "The model has no parameters.")
    dead = [name for name, size in value.items() if not (isinstance(size, float) and size > 0)]
    expect_that(not dead, f"No gradient reaches {', '.join(dead)}: these weights would never learn.")


def expect_untouched(ask: Callable, target: str, *arguments: object) -> None:
    """Raise WrongAnswer if a call overwrites a tensor that it is given."""
    expect_as_before(arguments, ask(ArgumentsAfter(target), *arguments))


def expect_as_before(arguments: Sequence, after: object) -> None:
    """Raise WrongAnswer unless the arguments after a call are what they were before it."""
    if not isinstance(after, (tuple, list)) or len(after) != len(arguments):
        raise WrongAnswer("type", f"the arguments after the call are {kind_of(after)}.")
    why = "What was passed in was overwritten (x -= ..., x[...] = ..., x.exp_()): compute a new tensor."
    for number, (before, now) in enumerate(zip(arguments, after, strict=True), start=1):
        if isinstance(before, Tensor):
            whole = isinstance(now, Tensor) and not before.is_floating_point()  # labels
            expect(now.double() if whole else now, before, why, name=f"argument {number} after the call", rtol=0, atol=0)


def expect_restored(found: object) -> None:
    """Raise WrongAnswer unless a network that takes over another's state answers as that one does, to one input alone, too.

    ``found`` is what :func:`autograde.probing.restored` returns.
    """
    names = ("before", "another", "kept", "restored", "alone", "modes", "drawn")
    if not isinstance(found, dict) or not set(names) <= set(found):
        raise WrongAnswer("type", f"the answers of the two networks are {kind_of(found)}.")
    before, another, kept = (expect_tensor(found[name]) for name in names[:3])
    expect_that(not torch.equal(before, another), "Networks made with different seeds of torch have the same weights.")
    why = "A network that loads the state_dict of another is to answer as that one. The state holds parameters, buffers and "
    expect(found["restored"], kept, f"{why}modules that are attributes of their own; no lists of them, no other tensors.")
    expect(found["alone"], kept[:1], "The first input alone, in evaluation mode, gets the answer that it got among the others.")
    expect_that(found["modes"] == [True, False], "Asked in one mode, the network was left in the other: forward calls train().")
    expect_that(found["drawn"] is False, "forward moved torch's random numbers: it sets a seed, or draws.")


def dimensions(points: Tensor) -> int:
    """How many dimensions the rows fill: the rank after their mean is taken out, to 1e-4 of the largest singular value."""
    points = points.double().flatten(1)
    sizes = torch.linalg.svdvals(points - points.mean(dim=0))
    return int((sizes > 1e-4 * sizes[0]).sum())


def expect_width(points: Tensor, width: int, why: str) -> None:
    """Raise WrongAnswer unless the rows fill as many dimensions as a layer of ``width`` gives; some of its units may be dead."""
    expect_below(dimensions(points), width, why)
    expect_above(dimensions(points), width * 3 // 4, why)


def expect_no_copies(images: Tensor, known: Tensor, why: str) -> None:
    """Raise WrongAnswer if more than 5 % of the images are one of the known ones, up to a mean squared error of 1e-4."""
    distance = torch.cdist(images.double().flatten(1), known.double().flatten(1)).min(dim=1).values
    expect_below((distance.square() / images[0].numel() < 1e-4).double().mean(), 0.05, why)


def expect_fields(value: object, *names: str) -> list[object]:
    """The parts of a named tuple, in the order of ``names``; a plain tuple or list of as many parts is taken too."""
    if isinstance(value, (tuple, list)) and getattr(value, "_fields", names) == names and len(value) == len(names):
        return list(value)
    wanted = ", ".join(names)
    raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted the {len(names)} values ({wanted}).")


def kind_of(value: object) -> str:
    """What a value is, in the words of a message."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Array):
        return "a numpy array"
    if isinstance(value, Opaque):
        return value.text
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, (list, tuple)):
        return (
            f"a {'named ' if hasattr(value, '_fields') else ''}{'tuple' if isinstance(value, tuple) else 'list'} of {len(value)}"
        )
    return f"{value!r}, a {type(value).__name__}"[:200]


def _number(value: object) -> float:
    if isinstance(value, Tensor) and value.numel() == 1:
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted a number.")


def _short(value: Tensor) -> str:
    flat = [f"{number:.6g}" for number in value.flatten().tolist()[:8]]
    if value.ndim == 0:
        return flat[0]
    return "[" + ", ".join(flat) + (", ..." if value.numel() > 8 else "") + "]"
