"""The other side: a process that holds the student's code and answers questions about it.

``python -m autograde.worker FD --plain|--namespaces`` imports torch once and then waits on a socket. For each session it is
handed a socket and a log file, imports what the session says it needs, unless another has before, and forks. The child lays the
chosen ``ganlib`` over the provided one and answers until its socket closes. With ``--namespaces`` it runs behind the walls of
:mod:`autograde.sandbox`: then every session gets namespaces of its own, and the grader a pidfd of its first process.
"""

import ctypes
import gc
import importlib
import itertools
import json
import linecache
import os
import random
import re
import signal
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from importlib.util import module_from_spec, spec_from_file_location  # before the student's code is imported
from pathlib import Path
from typing import NoReturn

import numpy as np
import safetensors.torch  # noqa: F401 (imported here once, so that no fork pays for it)
import torch
import torch.nn.functional  # noqa: F401
import tqdm  # noqa: F401

from autograde import ROOT, namespaces, wire

SEEDS = 2**40  # the numbers drawn are those of number; but nobody else sets this seed, and whoever sets one is noticed
HUGE_PAGE, MADV_COLLAPSE = 2**21, 25


def main(control: socket.socket, walled: bool) -> None:
    """Fork a child for every session that arrives; end when the grader hangs up."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    leave_the_compiler_out()
    make_forks_cheap()
    while True:
        message, fds, _, _ = socket.recv_fds(control, 65536, 2)
        if not message:
            return
        options = json.loads(message)
        import_once(options["imports"])
        if walled:
            _fork_walled(control, options, fds)
        else:
            parent, pid = os.getpid(), os.fork()
            if pid == 0:
                end_with(parent)
                _become_session(control, options, *fds)
            control.sendall(b"%d\n" % pid)
        for fd in fds:
            os.close(fd)


def end_with(parent: int) -> None:
    """Let the kernel end this process when its parent is gone: a loop that never ends reads no socket."""
    if sys.platform == "linux":
        die_with_parent = 1
        ctypes.CDLL(None).prctl(die_with_parent, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


_tried: set[str] = set()


def import_once(names: list[str]) -> None:
    """Import what a session needs before it is forked, so that the next one that needs it has it."""
    new = set(names) - _tried
    _tried.update(new)
    for name in sorted(new):
        with suppress(Exception):  # the session comes upon it, and can say so
            importlib.import_module(name)
    if new:
        make_forks_cheap()


class NoCompiler(types.ModuleType):
    """Stands for ``torch._dynamo`` until more is asked of it than optimizers ask, which import it at their first step.

    The real one costs two seconds, in every session that has an optimizer.
    """

    @staticmethod
    def disable(function: object = None, recursive: bool = True, **options: object) -> object:
        return (lambda later: later) if function is None else function

    @staticmethod
    def graph_break(message: str = "") -> None: ...

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name != "__path__":  # whoever looks through all modules
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        torch._dynamo = importlib.import_module(self.__name__)
        return getattr(torch._dynamo, name)


def leave_the_compiler_out() -> None:
    """``torch.compile`` needs a compiler and a minute: here what is compiled runs as it was written."""
    torch.compile = lambda model=None, **options: NoCompiler.disable(model)
    torch._dynamo = sys.modules["torch._dynamo"] = NoCompiler("torch._dynamo")


def make_forks_cheap() -> None:
    """Spare each fork the copying of what it shares with this process.

    The garbage collector of a session would write to every object and so copy it; frozen ones it leaves alone. And pages of
    2 MiB (Linux 6.1 and later; elsewhere the call changes nothing) are shared by one entry where small ones take 512.
    """
    gc.collect()
    gc.freeze()
    if sys.platform != "linux":
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, permissions, _, _, inode = line.split()[:5]
        if permissions == "rw-p" and inode == "0":
            start, end = (int(address, 16) for address in addresses.split("-"))
            first = -(-start // HUGE_PAGE) * HUGE_PAGE  # whole pages alone
            madvise(first, max(0, (end - first) // HUGE_PAGE * HUGE_PAGE), MADV_COLLAPSE)


def _fork_walled(control: socket.socket, options: dict, fds: list[int]) -> None:
    """Fork twice: the first child makes the namespaces, the second is the first process in them, and the session."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        try:
            namespaces.enter()
            pid = os.fork()
        except OSError as error:
            os.write(theirs, f"!{error}".encode())
            os._exit(1)
        if pid == 0:
            os.close(ours)
            try:
                namespaces.settle()
                os.chdir("/scratch")  # where a plot can be saved
            except OSError as error:
                os.write(theirs, f"!{error}".encode())
                os._exit(1)
            os.write(theirs, b" ready")
            os.close(theirs)
            _become_session(control, options, *fds)
        os.write(theirs, b"%d" % pid)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    found = re.fullmatch(r"(?: ready)?(\d+)(?: ready)?", said)
    if found and "ready" in said:
        pidfd = os.pidfd_open(int(found[1]))
        socket.send_fds(control, [b"ready"], [pidfd])
        os.close(pidfd)
    else:
        control.sendall(said.partition("!")[2].encode() or b"the session ended at once")


def _become_session(control: socket.socket, options: dict, channel_fd: int, log_fd: int) -> NoReturn:
    control.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for stream in (1, 2):
        os.dup2(log_fd, stream)
    os.close(log_fd)
    sys.stdout = os.fdopen(1, "w", buffering=1)
    sys.stderr = os.fdopen(2, "w", buffering=1)
    channel = socket.socket(fileno=channel_fd)
    torch.set_num_threads(1)  # the same numbers, however many cores there are
    serve(channel, options)
    os._exit(0)


def serve(channel: socket.socket, options: dict) -> None:
    """Answer questions until the channel closes."""
    stream = channel.makefile("rb")

    def read(n: int) -> bytes:
        data = stream.read(n)
        if len(data) < n:
            raise EOFError
        return data

    if options["modules"]:
        _, texts = wire.receive(read)
        _lay_over_ganlib(_written(options["modules"], texts))
    elif options["ganlib"]:
        _lay_over_ganlib(options["ganlib"])
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
        torch.manual_seed(SEEDS + number)
        header, answer = _answer(question, tensors)
        wire.send(channel.sendall, header, answer)


def _written(names: list[str], texts: dict[str, torch.Tensor]) -> str:
    """Write the modules of a submission into a folder of this session's own."""
    folder = Path(tempfile.mkdtemp(prefix="submission-"))
    (folder / "ganlib").mkdir()
    for name in set(importlib.import_module("ganlib").EXERCISE_MODULES) - set(names):  # never the ones of whoever grades
        hole = f"Exercise module ganlib/{name}.py: nothing was handed in"
        (folder / "ganlib" / f"{name}.py").write_text(f"raise NotImplementedError({hole!r})\n")
    for name in names:
        data = texts[name].numpy().tobytes() if name in texts else b""  # an empty tensor has no place on the wire
        (folder / "ganlib" / f"{name}.py").write_bytes(data)
    return str(folder)


def _lay_over_ganlib(choice: str) -> None:
    """Choose whose exercise modules are imported; the provided ones may be there already."""
    if "ganlib" in sys.modules:
        sys.modules["ganlib"].lay_over(choice)
    else:
        os.environ["GANLIB"] = choice


def _answer(question: dict, tensors: dict) -> tuple[dict, dict]:
    try:
        watched = nullcontext if "cell" in question else switches_as_they_were
        with watched("the import of your modules"):  # at the first question
            function = _find(question)
            if "cell" not in question:
                torch.set_default_dtype(torch.float32)  # a module may have changed it for itself and all others
        with watched("the call"):
            args, kwargs = wire.unpack(question["args"], tensors), wire.unpack(question["kwargs"], tensors)
            seed = torch.initial_seed()
            result = function(*args, **kwargs)
            if "target" in question and torch.initial_seed() != seed:
                raise SwitchLeft("the call sets the seed of torch's global generator, and so the noise of everybody else.")
        tree, answer = wire.pack(args if question.get("after") else result)
    except BaseException as error:  # sys.exit and KeyboardInterrupt too: they cost this question, not the session
        return _explain(error), {}
    return {"status": "value", "value": tree}, answer


SWITCHES = {
    "torch.is_grad_enabled()": (torch.is_grad_enabled, torch.set_grad_enabled),
    "torch.get_default_dtype()": (torch.get_default_dtype, torch.set_default_dtype),
    # None takes away what set_default_device has put around all functions.
    "torch.get_default_device()": (torch.get_default_device, lambda before: torch.set_default_device(None)),
    "torch.is_anomaly_enabled()": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    "torch.are_deterministic_algorithms_enabled()": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    "torch.is_autocast_enabled('cpu')": (partial(torch.is_autocast_enabled, "cpu"), partial(torch.set_autocast_enabled, "cpu")),
}


class SwitchLeft(Exception):
    """A call or an import changed a switch that holds for all code of the process."""


@contextmanager
def switches_as_they_were(changer: str) -> Iterator[None]:
    """Put back what the ``changer``, a call or an import, has left of torch's global switches, which changes whatever runs later.

    Raises:
        SwitchLeft: if it has left one otherwise than it was, unless it raised something itself.
    """
    before = {name: read() for name, (read, _) in SWITCHES.items()}
    left = {}
    try:
        yield
    finally:
        for name, (read, write) in SWITCHES.items():
            if read() != before[name]:
                left[name] = read()
                write(before[name])
    for name, value in left.items():
        words = f"after {changer} {name} is {value}, and before it was {before[name]}."
        raise SwitchLeft(f"{words} This holds for all code that runs later, not for yours alone.")


class Missing(Exception):
    """The module or the function asked for is not there."""


class Broken(Exception):
    """The module cannot be imported: none of its exercises can be checked."""


def _find(question: dict) -> object:
    if "cell" in question:
        return partial(run_cell, question["cell"])
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
    except (Exception, SystemExit) as error:
        if _is_hole(error):
            raise
        raise _broken(module_name, error) from error


def _broken(module_name: str, error: BaseException) -> Broken:
    place = _place(error)
    words = f"ganlib/{module_name}.py cannot be imported, so none of its exercises can be checked:"
    return Broken(f"{words}\n{type(error).__name__}: {_safe_text(error)}" + (f"\nat {place}" if place else ""))


def load_probe(name: str) -> object:
    """The module ``tests/probes/NAME.py``, loaded once."""
    full_name = f"probes.{name}"
    if full_name not in sys.modules:
        _import_module(name)
        spec = spec_from_file_location(full_name, ROOT / "tests" / "probes" / f"{name}.py")
        module = module_from_spec(spec)
        sys.modules[full_name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[full_name]
            raise
    return sys.modules[full_name]


def run_cell(source: str) -> dict:
    """Run one notebook cell in this session's shell: what it printed, and what it raised."""
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        result = _shell().run_cell(source)
    error = result.error_before_exec or result.error_in_exec
    told = {} if error is None else {"type": type(error).__name__, "message": _safe_text(error)[:2000]}
    return {"printed": captured.stdout[:100_000], "error": told}


@cache
def _shell() -> object:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    return InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))


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


def _explain(error: BaseException) -> dict:
    """What went wrong, and where in the student's code."""
    kinds = {Missing: "missing", Broken: "broken"}
    kind = kinds.get(type(error), "blank" if _is_hole(error) else "raised")
    return {
        "status": kind,
        "type": type(error).__name__,
        "message": _safe_text(error)[:2000],
        "where": _place(error),
        "own": "raise" if _is_own(error) else "",
    }


def _is_hole(error: BaseException) -> bool:
    """torch raises NotImplementedError too: only the text of a hole means that nothing was written yet."""
    return isinstance(error, NotImplementedError) and _safe_text(error).startswith("Exercise ")


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


def _is_own(error: BaseException) -> bool:
    """Whether a ``raise`` of the student's, or of a catalogued answer, raised it; no library did."""
    *_, last = [None, *traceback.extract_tb(error.__traceback__)]
    if last is None:
        return False
    catalogued = Path(last.filename).parent.parent.name in ("mistakes", "alternatives")
    return (catalogued or _is_students(last.filename)) and re.search(r"\braise\b", last.line or "") is not None


def _is_students(filename: str) -> bool:
    return Path(filename).parent.name == "ganlib" and Path(filename).stem in sys.modules["ganlib"].EXERCISE_MODULES


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-2:])


if __name__ == "__main__":
    os.environ.pop("GANLIB", None)
    main(socket.socket(fileno=int(sys.argv[1])), walled=sys.argv[2:3] == ["--namespaces"])
