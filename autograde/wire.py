"""What crosses between grader and student's code: one JSON header and safetensors bytes. Nothing is ever unpickled.

A message is two blocks, each with its length in front: the header (a tree of plain values in which tensors are numbered)
and the tensors. The reader bounds sizes and nesting, so a message cannot ask for more than it is.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from keyword import iskeyword

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor

MAX_HEADER = 4 * 2**20
MAX_TENSORS = 128 * 2**20
MAX_INDEX = 2**20  # of the tensors' own header, and so of how many there are
MAX_NUMBERS = 2**25  # of small types more would fit; the judges compute with 8 bytes each
MAX_DEPTH = 12
MAX_VALUES = 2**15  # in a header: each costs the judge some time, which nobody limits
LENGTH = struct.Struct("<Q")
PLAIN_DTYPES = {
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.bool,
    torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
}  # fmt: skip


class WireError(ValueError):
    """A message that is not one: too long, too deep, cut off or of unknown form."""


@dataclass(frozen=True)
class Seeded:
    """Stands for ``torch.Generator().manual_seed(seed)`` in a question: the generator is made where it is used."""

    seed: int


@dataclass(frozen=True)
class Opaque:
    """Stands for an answer that is no number, text, tensor or collection of them; ``text`` tells what it was."""

    text: str


@dataclass(frozen=True)
class Array:
    """An answer that was a numpy array, not a tensor."""

    tensor: Tensor


def pack(value: object) -> tuple[object, dict[str, Tensor]]:
    """The tree of a value and its tensors by number."""
    tensors: dict[str, Tensor] = {}
    return _pack(value, tensors, 0), tensors


def _pack(value: object, tensors: dict[str, Tensor], depth: int) -> object:
    if depth > MAX_DEPTH:
        return {"opaque": "a value nested too deeply"}
    if isinstance(value, Tensor):
        return _pack_tensor(value, tensors, "tensor")
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return _pack_tensor(torch.from_numpy(np.array(value)), tensors, "array")
    if isinstance(value, (bool, np.bool_)):
        return {"bool": bool(value)}
    if isinstance(value, (int, np.integer)):
        return {"int": int(value)} if abs(int(value)) < 2**63 else {"opaque": "a whole number of more than 63 bits"}
    if isinstance(value, (float, np.floating)):
        return {"float": float(value)}
    if isinstance(value, str):
        return {"text": str(value)[:100_000]}
    if value is None:
        return {"none": True}
    if isinstance(value, Seeded):
        return {"seeded": value.seed}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"record": [str(name) for name in value._fields], "items": [_pack(item, tensors, depth + 1) for item in value]}
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_pack(item, tensors, depth + 1) for item in value]}
    if isinstance(value, dict):
        return {"dict": {str(key): _pack(item, tensors, depth + 1) for key, item in value.items()}}
    return {"opaque": f"a {type(value).__name__}"}


def _pack_tensor(value: Tensor, tensors: dict[str, Tensor], kind: str) -> object:
    if value.dtype not in PLAIN_DTYPES or value.layout != torch.strided:
        return {"opaque": f"a tensor of {value.dtype}, {value.layout}"}
    name = str(len(tensors))
    # A copy of its own: safetensors refuses tensors that share memory.
    tensors[name] = value.detach().cpu().contiguous().clone()
    return {kind: name}


def unpack(tree: object, tensors: dict[str, Tensor], depth: int = 0) -> object:
    """The value of a tree; raises WireError for anything that :func:`pack` does not make."""
    if depth > MAX_DEPTH + 1 or not isinstance(tree, dict) or not tree:
        raise WireError("a value of unknown form")
    kind, content = next(iter(tree.items()))
    reader = _READERS.get(kind)
    if reader is None:
        raise WireError(f"a value of unknown kind {kind!r}")
    try:
        return reader(tree, content, tensors, lambda item: unpack(item, tensors, depth + 1))
    except WireError:
        raise
    except Exception as error:  # whatever a malformed content makes its reader raise
        raise WireError(f"a value of kind {kind!r} is malformed ({error})") from error


def _read_record(tree: dict, names: list, tensors: dict, inner: Callable) -> object:
    plain = all(name.isidentifier() and not iskeyword(name) and not name.startswith("_") for name in names)
    if not plain or len(set(names)) != len(names) or len(names) != len(tree["items"]):
        raise WireError(f"a record of {len(tree['items'])} items with the names {names}")
    record = Record(inner(item) for item in tree["items"])
    record._fields = tuple(names)
    return record


class Record(tuple):
    """A tuple whose items have names, too: ``namedtuple`` would compile a class for each choice of a stranger's names."""

    _fields: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> object:
        if name in self._fields:
            return self[self._fields.index(name)]
        raise AttributeError(name)


def _whole(content: object) -> int:
    if not abs(int(content)) < 2**63:
        raise ValueError("more than 63 bits")
    return int(content)


_READERS: dict[str, Callable] = {
    # Taken out: a message that names one tensor a thousand times would cost a thousand times its size to judge.
    "tensor": lambda tree, name, tensors, inner: tensors.pop(name),
    "array": lambda tree, name, tensors, inner: Array(tensors.pop(name)),
    "bool": lambda tree, content, tensors, inner: bool(content),
    "int": lambda tree, content, tensors, inner: _whole(content),
    "float": lambda tree, content, tensors, inner: float(content),
    "text": lambda tree, content, tensors, inner: str(content),
    "none": lambda tree, content, tensors, inner: None,
    "seeded": lambda tree, content, tensors, inner: torch.Generator().manual_seed(int(content)),
    "record": _read_record,
    "list": lambda tree, content, tensors, inner: [inner(item) for item in content],
    "tuple": lambda tree, content, tensors, inner: tuple(inner(item) for item in content),
    "dict": lambda tree, content, tensors, inner: {str(key): inner(item) for key, item in content.items()},
    "opaque": lambda tree, content, tensors, inner: Opaque(str(content)),
}


def send(write: Callable[[bytes], object], header: dict, tensors: dict[str, Tensor] | None = None) -> None:
    """Write one message."""
    text = json.dumps(header).encode()
    blob = save(tensors) if tensors else b""
    write(LENGTH.pack(len(text)) + text + LENGTH.pack(len(blob)) + blob)


def receive(read: Callable[[int], bytes]) -> tuple[dict, dict[str, Tensor]]:
    """Read one message; ``read(n)`` returns exactly n bytes or raises EOFError.

    Raises:
        EOFError: if the other side is gone.
        WireError: if what came is no message.
    """
    header = _read_block(read, MAX_HEADER, "header")
    if header.count(b"{") > MAX_VALUES:  # each value has a brace of its own
        raise WireError(f"more than {MAX_VALUES} values")
    blob = _read_block(read, MAX_TENSORS, "tensors")
    if len(blob) >= LENGTH.size and LENGTH.unpack(blob[: LENGTH.size])[0] > MAX_INDEX:
        raise WireError("more tensors than can be meant")
    try:
        tree, tensors = json.loads(header), load(blob) if blob else {}
    except Exception as error:  # whatever a malformed header or tensor file makes its parser raise
        raise WireError(f"a message that cannot be read ({type(error).__name__})") from error
    if sum(tensor.numel() for tensor in tensors.values()) > MAX_NUMBERS:
        raise WireError(f"tensors of more than {MAX_NUMBERS} numbers")
    if not isinstance(tree, dict):
        raise WireError(f"a message whose header is a {type(tree).__name__}, not a dict")
    return tree, tensors


def _read_block(read: Callable[[int], bytes], limit: int, what: str) -> bytes:
    (length,) = LENGTH.unpack(read(LENGTH.size))
    if length > limit:
        raise WireError(f"{what} of {length} bytes, more than {limit}")
    return read(length) if length else b""
