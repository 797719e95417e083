"""The trusted side of the wire: starts workers, asks, and turns silence, death and nonsense into words."""

import os
import socket
import tempfile
import time
from collections.abc import Callable

import torch

from autograde import plain_text, wire
from autograde.warm import Child, WarmParent, warm_parent

DEFAULT_TIMEOUT = 30.0  # generous: a machine may be busy with other things
# What the warm parent imports, so that no session pays for it.
PROVIDED = ("ganlib.data", "ganlib.features", "ganlib.training")
FOR_CELLS = ("sklearn.datasets", "scipy.stats", "ganlib.plots", "ganlib.notebook", "IPython.core.interactiveshell")
FOR_MODULES = {"wasserstein": ("scipy.optimize",)}  # its exercise 7.3 imports linprog
LONGEST_TEXT = 2000  # of an error
LONGEST_WAIT = 4  # times the limit: for a session that other processes keep from its core


class AskFailed(Exception):
    """The question got no value. ``kind`` is missing, broken, raised, blank, died, slow or malformed."""

    def __init__(self, kind: str, message: str, detail: dict | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = detail or {}


class Session:
    """One worker with one student's code: ``ask`` it until ``close``. One that dies or is too slow closes itself.

    Args:
        ganlib: whose code: "" (this folder's), "solutions", or a folder with ``ganlib/`` in it.
        variant: ``FILE::NAME`` of a catalogued mistake or alternative to lay over it, or "".
        modules: the text of exercise modules by name, for a session that cannot see the folder; one that is left out is blank.
        parent: the warm parent that forks it; :class:`autograde.sandbox.SandboxedParent` for a stranger's code.
        until: when (by ``time.monotonic``) its submission has used up its time; a question then has one second.
    """

    def __init__(
        self,
        ganlib: str = "",
        variant: str = "",
        modules: dict[str, bytes] | None = None,
        parent: Callable[[], WarmParent] = warm_parent,
        until: float = float("inf"),
    ) -> None:
        self.options = {"ganlib": ganlib, "variant": variant, "modules": sorted(modules or {})}
        self.modules = modules or {}
        self.parent, self.until = parent, until
        self.child: Child | None = None
        self.channel: socket.socket | None = None
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the session)
        self._said = ""

    def start(self, question: dict | None = None) -> None:
        """Fork the worker; ``question``: the first that it will be asked, which says what it has to import."""
        self.channel, theirs = socket.socketpair()
        options = self.options | {"imports": self._imports(question or {})}
        with theirs:
            try:
                self.child = self.parent().fork(options, [theirs.fileno(), self.log.fileno()])
            except BaseException:
                self.close()
                raise
        if self.modules:
            wire.send(
                self.channel.sendall,
                {},
                {name: torch.frombuffer(bytearray(text), dtype=torch.uint8) for name, text in self.modules.items() if text},
            )

    @staticmethod
    def _imports(question: dict) -> list[str]:
        module = (question.get("target") or question.get("probe", [""])[0]).partition(".")[0]
        return [*PROVIDED, *(FOR_CELLS if "cell" in question else FOR_MODULES.get(module, ()))]

    def close(self) -> None:
        """End the worker and whatever it started."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None
        if self.child is not None:
            self.child.kill()
            self.child = None
        if not self.log.closed:
            self._said = self.printed()
            self.log.close()  # a session may be remembered for long, and its log may be large

    def ask(self, question: dict, args: tuple, kwargs: dict, timeout: float | None = None) -> object:
        """Send one question, return the value; raises AskFailed if there is none within ``timeout`` seconds (DEFAULT_TIMEOUT)."""
        if self.channel is None:
            self.start(question)
        packed, tensors = wire.pack((args, kwargs))
        header = question | {"args": packed["tuple"][0], "kwargs": packed["tuple"][1]}
        timeout = min(timeout or DEFAULT_TIMEOUT, max(1.0, self.until - time.monotonic()))
        patience = _Patience(self.child, timeout)
        try:
            self.channel.settimeout(timeout)
            wire.send(self.channel.sendall, header, tensors)
            answer, tensors = wire.receive(lambda n: self._read(n, patience))
            return self._value(answer, tensors)
        except TimeoutError:
            self.close()
            raise AskFailed("slow", f"no answer within {timeout:.0f} s: does a loop never end?") from None
        except (EOFError, ConnectionError):
            reason = self.child.reason
            self.close()
            raise AskFailed("died", reason) from None
        except wire.WireError as error:
            self.close()
            raise AskFailed("malformed", f"the answer cannot be read: {error}") from error

    def _read(self, n: int, patience: "_Patience") -> bytes:
        parts = []
        while n:
            left = patience.left()
            if left <= 0:
                raise TimeoutError
            self.channel.settimeout(left)
            try:
                part = self.channel.recv(min(n, 2**20))
            except TimeoutError:
                continue
            if not part:
                raise EOFError
            parts.append(part)
            n -= len(part)
        return b"".join(parts)

    @staticmethod
    def _value(answer: dict, tensors: dict) -> object:
        status = answer.get("status")
        if status == "value":
            return wire.unpack(answer.get("value"), tensors)
        if status in ("missing", "broken", "raised", "blank"):
            detail = {key: plain_text(answer.get(key, ""), LONGEST_TEXT) for key in ("type", "where", "own")}
            raise AskFailed(status, plain_text(answer.get("message", ""), LONGEST_TEXT), detail)
        raise wire.WireError("no status")

    def printed(self, limit: int = 1500) -> str:
        """The end of what the student's code printed so far."""
        if self.log.closed:
            return self._said
        self.log.flush()
        size = os.fstat(self.log.fileno()).st_size
        return plain_text(os.pread(self.log.fileno(), limit, max(0, size - limit)).decode(errors="replace")).strip()


class _Patience:
    """How long to wait for an answer: ``timeout`` seconds, not counting those in which other processes had the core.

    So a submission that starts many processes costs itself time, and no other.
    """

    def __init__(self, child: Child, timeout: float) -> None:
        self.child, self.timeout, self.began = child, timeout, time.monotonic()

    def left(self) -> float:
        left = self.began + self.timeout - time.monotonic()
        if left > 0:
            return left
        computed, waited = self.child.times()
        return left if computed >= self.timeout else left + min(waited, (LONGEST_WAIT - 1) * self.timeout)
