"""What the commands of the library share: errors as messages, and folders that hold one run."""

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from ganlib import STOPPED, stop_importing
from ganlib._files import replaced

DEVICES = "what computes: cpu, cuda, mps, or auto, which takes a GPU where there is one (default: auto)"
NO_MEMORY = "the memory of the device is full: try smaller pictures or batches, or --device cpu"


def _number(kind: type, text: str) -> object:
    """The ``type`` of an option that is a number: what is none stays text, which the checks refuse in their words."""
    try:
        return kind(text)
    except ValueError:
        return text


whole, real = partial(_number, int), partial(_number, float)


def guarded(command: Callable[[], None], parser: argparse.ArgumentParser) -> int:
    """Run a command.

    Exit status 0: done; 2: it could not be done, and one message says why; 130: stopped, and one message says what was kept.
    """
    from ganlib.data import DamagedFileError

    if signal.getsignal(signal.SIGINT) is stop_importing:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command()
    except KeyboardInterrupt as stop:
        print(stop if stop.args else STOPPED, file=sys.stderr)
        return 130
    except NotImplementedError as error:
        text = str(error)
        if text.startswith("Exercise "):
            number = text.removeprefix("Exercise ")
            text = f"{text} is to be written first: the command runs on it (make check EX={number} tells when it is right)"
        print(text or "something that the command runs on is not written yet", file=sys.stderr)
        return 2
    except torch.OutOfMemoryError as error:
        print(f"{NO_MEMORY} ({error})", file=sys.stderr)
        return 2
    except (ValueError, OSError, ModuleNotFoundError, FloatingPointError, DamagedFileError) as error:
        print(_as_typed(str(error), parser), file=sys.stderr)
        return 2
    return 0


def _as_typed(text: str, parser: argparse.ArgumentParser) -> str:
    """An error that begins with the name of an argument, with that of the option: ``--batch-size: got 0``."""
    name, *rest = text.partition(":")
    option = "--" + name.replace("_", "-")
    known = re.findall(r"--[a-z-]+", parser.format_usage())
    return "".join([option if option in known else name, *rest])


def check_out(folder: Path) -> None:
    """Refuse, before the work, a folder into which its result could not be written."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        why = "is write-protected" if there.is_dir() else "is no folder"
        raise ValueError(f"out: nothing can be written into {folder}: {there} {why}")


def check_folder(out: Path, settings: dict, defaults: dict | None = None) -> None:
    """Refuse a folder that cannot be written, and to go on with a run of other settings: its numbers would be those of neither.

    ``defaults`` are those of settings that older runs did not write down.
    """
    check_out(out)
    file = out / "history.json"
    if not file.is_file():
        return
    there = (defaults or {}) | read_settings(file, "out")
    here = json.loads(json.dumps(settings))
    for name in here:
        if there.get(name) != here[name]:
            given = f"{name.replace('_', '-')} {there.get(name)}"
            raise ValueError(f"out: {out} holds a run with {given}, want {here[name]}: name another folder")


def begin_folder(out: Path, settings: dict) -> None:
    """Write the settings of a run before its first checkpoint, so that none is ever taken up under other settings."""
    if not (out / "history.json").is_file() and not (out / "run.safetensors").is_file():
        write_json(out / "history.json", {"settings": settings, "seconds": 0.0, "history": {}})


def read_settings(file: Path, argument: str) -> dict:
    """The settings that a run has written into its ``history.json``; an error names the argument that led there."""
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))["settings"]
        if not isinstance(settings, dict):
            raise TypeError(f"settings: got {settings!r}, want names and values")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{argument}: {file} is damaged ({error!r}): remove it, or name another folder") from error
    return settings


def write_json(path: Path, content: dict) -> None:
    """Write a file whole or not at all."""
    with replaced(path) as scratch:
        scratch.write_text(json.dumps(content, indent=1), encoding="utf-8")


def draw(images: Tensor, columns: int, path: Path) -> None:
    """Write images (N, C, H, W) in [0, 1] as one picture, so many a row."""
    import matplotlib.pyplot as plt

    from ganlib import plots

    path.parent.mkdir(parents=True, exist_ok=True)
    figure = plots.image_grid(images, columns=columns).figure
    figure.savefig(path)
    plt.close(figure)
