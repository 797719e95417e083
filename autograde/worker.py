"""The other side: a process that holds the student's code and answers questions about it.

``python -m autograde.worker FD`` imports torch once and then waits on a socket. For each session it is handed a socket and a
log file, forks, and the child lays the chosen ``ganlib`` over the provided one and answers until its socket closes.
"""

import importlib
import importlib.util
import itertools
import json
import linecache
import os
import random
import signal
import socket
import sys
import traceback
from pathlib import Path

import numpy as np
import safetensors.torch  # noqa: F401 (imported here once, so that no fork pays for it)
import torch
import torch.nn.functional  # noqa: F401
import tqdm  # noqa: F401

from autograde import wire

ROOT = Path(__file__).resolve().parents[1]


def main(control: socket.socket) -> None:
    """Fork a child for every session that arrives; end when the grader hangs up."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    while True:
        message, fds, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _become_session(json.loads(message), *fds)
            os._exit(0)
        for fd in fds:
            os.close(fd)
        control.sendall(b"%d\n" % pid)


def _become_session(options: dict, channel_fd: int, log_fd: int) -> None:
    os.setsid()
    for stream in (1, 2):
        os.dup2(log_fd, stream)
    os.close(log_fd)
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    channel = socket.socket(fileno=channel_fd)
    torch.set_num_threads(1)  # the same numbers, however many cores there are
    os.environ.pop("GANLIB", None)
    if options["ganlib"]:
        os.environ["GANLIB"] = options["ganlib"]
    serve(channel, options)


def serve(channel: socket.socket, options: dict) -> None:
    """Answer questions until the channel closes."""
    stream = channel.makefile("rb")

    def read(n: int) -> bytes:
        data = stream.read(n)
        if len(data) < n:
            raise EOFError
        return data

    pending = options["variant"]
    for number in itertools.count():
        try:
            question, tensors = wire.receive(read)
        except EOFError:
            return
        if pending:
            apply_variant(pending)
            pending = ""
        # An answer that draws from the global generators is the same every time it is graded.
        random.seed(number)
        np.random.seed(number)
        torch.manual_seed(number)
        header, answer = _answer(question, tensors)
        wire.send(channel.sendall, header, answer)


def _answer(question: dict, tensors: dict) -> tuple[dict, dict]:
    try:
        function = _find(question)
        args, kwargs = wire.unpack(question["args"], tensors), wire.unpack(question["kwargs"], tensors)
        tree, answer = wire.pack(function(*args, **kwargs))
    except BaseException as error:  # sys.exit and KeyboardInterrupt too: they cost this question, not the session
        return _explain(error, question), {}
    return {"status": "value", "value": tree}, answer


class Missing(Exception):
    """The module or the function asked for is not there."""


class Broken(Exception):
    """The module cannot be imported: none of its exercises can be checked."""


def _find(question: dict) -> object:
    if "probe" in question:
        return getattr(load_probe(question["probe"][0]), question["probe"][1])
    module_name, _, function_name = question["target"].partition(".")
    module = _import_module(module_name)
    if not hasattr(module, function_name):
        raise Missing(f"ganlib/{module_name}.py defines no {function_name}.")
    return getattr(module, function_name)


def _import_module(module_name: str) -> object:
    """The student's module; a probe file has the name of the module it is for."""
    try:
        return importlib.import_module(f"ganlib.{module_name}")
    except ModuleNotFoundError as error:
        if error.name == f"ganlib.{module_name}":
            raise Missing(f"There is no ganlib/{module_name}.py.") from error
        raise _broken(module_name, error) from error
    except Exception as error:
        raise _broken(module_name, error) from error


def _broken(module_name: str, error: Exception) -> Broken:
    place = _place(error)
    words = f"ganlib/{module_name}.py cannot be imported, so none of its exercises can be checked:"
    return Broken(f"{words}\n{type(error).__name__}: {_safe_text(error)}" + (f"\nat {place}" if place else ""))


def load_probe(name: str) -> object:
    """The module ``tests/probes/NAME.py``, loaded once."""
    full_name = f"probes.{name}"
    if full_name not in sys.modules:
        _import_module(name)
        spec = importlib.util.spec_from_file_location(full_name, ROOT / "tests" / "probes" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[full_name]
            raise
    return sys.modules[full_name]


def apply_variant(variant: str) -> None:
    """Lay a catalogued mistake or alternative over the module it belongs to.

    Args:
        variant: ``FILE::NAME``, where FILE is named MODULE_CHAPTER_NUMBER.py and holds definitions marked with
            ``@mistake(NAME, HINT)`` or ``@alternative(NAME)``; all those of one name are put in.
    """
    file, _, name = variant.partition("::")
    target = importlib.import_module("ganlib." + Path(file).stem.rsplit("_", 2)[0])
    chosen = []

    def mark(label: str, hint: str = "") -> object:
        def keep(definition: object) -> object:
            if label == name:
                chosen.append(definition)
            # The name goes on meaning the right one, so that the next variant may build on it.
            return getattr(target, definition.__name__, definition)

        return keep

    namespace = dict(vars(target)) | {"mistake": mark, "alternative": mark}
    exec(compile(Path(file).read_text(encoding="utf-8"), file, "exec"), namespace)
    for definition in chosen:
        setattr(target, definition.__name__, definition)
    if not chosen:
        raise LookupError(f"{file} has no variant {name!r}")


def _explain(error: BaseException, question: dict) -> dict:
    """What went wrong, and where in the student's code."""
    # torch raises NotImplementedError too: only the text of a hole means that nothing was written yet.
    hole = isinstance(error, NotImplementedError) and _safe_text(error).startswith("Exercise ")
    kinds = {Missing: "missing", Broken: "broken"}
    kind = kinds.get(type(error), "blank" if hole else "raised")
    return {
        "status": kind,
        "type": type(error).__name__,
        "message": _safe_text(error)[:2000],
        "where": _place(error),
    }


def _safe_text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(its message cannot be printed)"


def _place(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_short(error.filename)}, line {error.lineno}: {(error.text or '').strip()}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_students(frame.filename)]
    if not frames:
        return ""
    frame = frames[-1]
    line = linecache.getline(frame.filename, frame.lineno or 0).strip()
    return f"{_short(frame.filename)}, line {frame.lineno}: {line}"


def _is_students(filename: str) -> bool:
    return Path(filename).parent.name == "ganlib" and not Path(filename).name.startswith("_")


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-2:])


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
