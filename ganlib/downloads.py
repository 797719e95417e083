"""Trained models that a page offers for download, and how a reader loads one.

A model is one safetensors file: the weights of its networks, and as metadata the version of the course, the settings, a note
and a digest of all of it. The folder is the environment variable ``GANLIB_DOWNLOADS``, else ``_build/models/`` in a checkout
of the course, else ``~/.cache/ganlib/models``. When the book is built, each file is put beside its pages.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from ganlib._checks import describe
from ganlib.training import _digest, _stored

VERSION = "0.1.0"  # of the course, as in pyproject.toml
MAX_BYTES = 8_000_000


class Download:
    """A model that a page offers: a link with its size in a notebook or the book; made by :func:`offer`.

    Attributes:
        path: the file.
        note: what it is.
        link: where the link leads; None leads to the file.
    """

    def __init__(self, path: Path, note: str, names: list[str], link: str | None = None) -> None:
        self.path, self.note, self.names, self.link = path, note, names, link

    def __repr__(self) -> str:
        return f"{self.path.name} ({self._size()}): {self.note}"

    def _size(self) -> str:
        return f"{self.path.stat().st_size / 1000:.0f} kB"

    def _repr_html_(self) -> str:
        name, note = escape(self.path.name), escape(self.note)
        target = escape(self.link or self.path.as_uri())
        arguments = ", ".join(f"{name}={name}" for name in self.names)
        line = escape(f'downloads.load("{self.path.name}", {arguments})')
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        style = ".text_html:has(> .ganlib-download) { background: none !important; padding: 0 !important; }"
        return f"""<div class="ganlib-download" style="color: inherit">
<style>{style} .ganlib-download p {{ margin: 0 0 0.4rem; color: var(--pst-color-text-base, inherit); }}
.ganlib-download code {{ overflow-wrap: anywhere; }}</style>
<p><a href="{target}" download="{name}">Download {name}</a> ({self._size()}): {note}</p>
<p>To load it: <code>{line}</code></p>
<p>SHA-256 of the file: <code>{digest}</code></p>
</div>"""


def folder() -> Path:
    """Where the files lie. It need not exist."""
    if os.environ.get("GANLIB_DOWNLOADS"):
        return Path(os.environ["GANLIB_DOWNLOADS"])
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / "_build" / "models"
    return Path.home() / ".cache" / "ganlib" / "models"


def offer(name: str, note: str, settings: Mapping[str, object], **networks: nn.Module) -> Download:
    """Keep trained networks as a safetensors file that the page offers for download.

    Args:
        name: of the file, without ending: small letters, digits and hyphens; no other page may use it.
        note: one line that says what it is.
        settings: what is needed to make and to use the networks (sizes, optimizer, data); kept as JSON.
        networks: by the names under which :func:`load` asks for them, such as ``generator=generator``.

    Returns:
        An object that a notebook or the book shows as a link with the size.

    Raises:
        ValueError: if the name is none, there are no networks, the settings are no JSON, or the file has more than 8 MB.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(f"name: got {name!r}, want small letters, digits and hyphens, such as 'dcgan-digits16'")
    _check_networks(networks)
    known = {"course": f"ganlib {VERSION}", "note": note, "settings": dict(settings)}
    try:
        text = json.dumps(known, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"settings: got {describe(settings)} that is no JSON ({error}), want names with numbers or text"
        ) from error
    tensors = {f"{part}.{key}": _stored(value) for part, net in networks.items() for key, value in net.state_dict().items()}
    # One entry of metadata: safetensors writes several in any order, and the same model is to be the same file.
    metadata = json.dumps({"sha256": _digest(tensors, text), "known": known}, ensure_ascii=False, sort_keys=True)
    data = save(tensors, metadata={"model": metadata})
    if len(data) > MAX_BYTES:
        raise ValueError(f"networks: got {len(data):,} bytes of weights, want at most {MAX_BYTES:,}: readers download them")
    path = folder() / f"{name}.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    base = os.environ.get("GANLIB_DOWNLOADS_LINK")
    return Download(path, note, list(networks), f"{base}/{path.name}" if base else None)


def load(path: str | Path, **networks: nn.Module) -> dict[str, object]:
    """Fill networks with the weights of a downloaded model, in place.

    Args:
        path: the file.
        networks: those that are wanted, by the names under which they were offered.

    Returns:
        What is known of the model: course, note and settings.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no model of the course, was changed, or holds other networks; then no network is changed.
    """
    path = Path(path)
    _check_networks(networks)
    tensors, known = _read(path)
    offered = sorted({key.partition(".")[0] for key in tensors})
    parts: dict[str, dict[str, Tensor]] = {}
    for name, network in networks.items():
        if name not in offered:
            raise ValueError(f"{name}: {path} holds no such network, want one of {', '.join(offered)}")
        parts[name] = {key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")}
        here = {key: tuple(value.shape) for key, value in network.state_dict().items()}
        there = {key: tuple(value.shape) for key, value in parts[name].items()}
        if here != there:
            odd = sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))[0]
            wanted = f"{odd} is {there.get(odd)} in the file and {here.get(odd)} here; its settings are {known['settings']}"
            raise ValueError(f"{name}: {path} holds another network: {wanted}")
    for name, state in parts.items():
        networks[name].load_state_dict(state)
    return known


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, object]]:
    if not path.is_file():
        raise FileNotFoundError(f"path: {path} does not exist; download it and name the place where it lies")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = (file.metadata() or {}).get("model")
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (it is no dict)
    except SafetensorError as error:
        raise ValueError(f"path: {path} is no safetensors file, or not all of it ({error})") from error
    if metadata is None:
        raise ValueError(f"path: {path} is no model of the course: it has no settings and no digest")
    written = json.loads(metadata)
    known = written["known"]
    if written["sha256"] != _digest(tensors, json.dumps(known, ensure_ascii=False, sort_keys=True)):
        raise ValueError(f"path: {path} was changed after it was made: download it again")
    return tensors, known


def _check_networks(networks: Mapping[str, object]) -> None:
    if not networks:
        raise ValueError("networks: got none, want at least one by name, such as generator=generator")
    for name, network in networks.items():
        if not isinstance(network, nn.Module):
            raise ValueError(f"{name}: got {describe(network)}, want an nn.Module")
