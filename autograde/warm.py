"""The warm parent of all workers. This module imports no torch, so that the parent can import it at the same time."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache

from autograde import ROOT


class NoSession(RuntimeError):
    """A session does not begin, which is not the fault of whom it is for."""


class Child:
    """A session's process, as the grader knows it."""

    reason = "the process ended without an answer (exit, crash or out of memory)"

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def times(self) -> tuple[float, float]:
        """Seconds that it computed, with all it started, and seconds that it waited for a core; 0 where that is not counted."""
        return 0.0, 0.0

    def kill(self) -> None:
        """End it and whatever it started in its process group."""
        for kill in (os.killpg, os.kill):  # a session that has just begun leads no group yet
            with suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)
                break


class WarmParent:
    """A process that has imported torch and forks a session whenever asked: about 30 ms instead of 5 s."""

    # Importing on a busy machine takes long; a parent that has nothing to import answers at once.
    FIRST_ANSWER, NEXT_ANSWER = 180.0, 10.0

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        environment.pop("GANLIB", None)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograde.worker", str(theirs.fileno()), "--plain"],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for the grader, which ends it
        )
        theirs.close()
        self._use(ours)

    def _use(self, control: socket.socket) -> None:
        self.control, self.imported = control, set()
        self.control.settimeout(self.FIRST_ANSWER)

    def fork(self, options: dict, fds: list[int]) -> Child:
        """Start a session. A parent that a session has killed or stopped is replaced.

        ``options["imports"]`` are imported by the parent, at the first session that needs them.

        Raises:
            NoSession: if a fresh parent does not answer either.
        """
        try:
            return self._fork(options, fds)
        except OSError:  # TimeoutError and BrokenPipeError among others
            self.close()
            self._start()
        try:
            return self._fork(options, fds)
        except OSError as error:
            raise NoSession('the workers\' parent process does not start: see `python -c "import autograde.worker"`') from error

    def _fork(self, options: dict, fds: list[int]) -> Child:
        new = set(options["imports"]) - self.imported
        if new:
            self.control.settimeout(self.FIRST_ANSWER)
        child = self._ask_for_session(options, fds)
        self.control.settimeout(self.NEXT_ANSWER)
        self.imported |= new
        return child

    def _ask_for_session(self, options: dict, fds: list[int]) -> Child:
        socket.send_fds(self.control, [json.dumps(options).encode()], fds)
        answer = b""
        while not answer.endswith(b"\n"):
            part = self.control.recv(64)
            if not part:
                raise ConnectionError("the parent is gone")
            answer += part
        return Child(int(answer))

    def close(self) -> None:
        """End the parent; the sessions it forked live on."""
        self.control.close()
        self.process.kill()  # it may still be importing torch, and nobody waits for that any more
        self.process.wait(timeout=30)


@cache
def warm_parent() -> WarmParent:
    """The one warm parent of this process, started at the first call."""
    parent = WarmParent()
    atexit.register(parent.close)
    return parent
