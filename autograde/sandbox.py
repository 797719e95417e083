"""The walls around a stranger's code: a warm parent of workers inside bubblewrap, and a namespace of its own for each session.

Bubblewrap gives the parent no network, a read-only system, of this course only what a worker needs, an empty environment and,
where the grader is root, another user. It imports torch there, and what else a session needs when one first does, from
folders that no session can write to; it has seen no student's code. Each session is forked from it into process, mount and user
namespaces of its own (:func:`autograde.namespaces.enter`), where the parent and the other sessions do not exist, and is ended
from outside.
"""

import json
import os
import re
import shlex
import shutil
import signal
import site
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psutil

from autograde import ROOT
from autograde.warm import Child, NoSession, WarmParent
from ganlib import EXERCISE_MODULES

NOBODY = 65534
MEMORY_LIMIT = 3 * 2**30
WATCH_EVERY = 0.25
NEEDED = (
    "autograde/__init__.py",
    "autograde/namespaces.py",
    "autograde/probing.py",
    "autograde/seccomp.py",
    "autograde/wire.py",
    "autograde/worker.py",
    "tests/probes",
)
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/scratch", "TMPDIR": "/scratch", "LANG": "C.UTF-8", "PYTHONPATH": "/course",
    "MPLBACKEND": "agg",
    "MPLCONFIGDIR": "/scratch/matplotlib", "IPYTHONDIR": "/scratch/ipython", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip


class SandboxError(NoSession):
    """The sandbox cannot be set up here; the text says what is missing."""


def missing_tools() -> list[str]:
    """The programs that the sandbox needs and that are not installed."""
    needed = ["bwrap", *(["setpriv", "unshare"] if os.geteuid() == 0 else [])]
    return [name for name in needed if shutil.which(name) is None]


def _python_folders() -> list[Path]:
    """Where the interpreter and its packages live, wherever that is; none of them inside of another."""
    found = {sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        found.add(site.getusersitepackages())
    folders = sorted(path for path in (Path(name).resolve() for name in found) if path.is_dir())
    outside = [path for path in folders if not any(path.is_relative_to(system) for system in ("/usr", "/lib"))]
    return [path for path in outside if not any(path != other and path.is_relative_to(other) for other in outside)]


def _visible() -> list[tuple[Path, str]]:
    """What a session may read: (where it is, where the session sees it)."""
    # Of ganlib only what is provided: its exercise modules may hold the answers of whoever grades.
    own = {f"{name}.py" for name in EXERCISE_MODULES} | {"__pycache__"}
    provided = [f"ganlib/{path.name}" for path in sorted((ROOT / "ganlib").iterdir()) if path.name not in own]
    course = [(ROOT / name, f"/course/{name}") for name in (*NEEDED, *provided)]
    return [*((path, str(path)) for path in _python_folders()), *course]


def command(worker: list[str], staging: Path | None = None, visible: list[tuple[Path, str]] | None = None) -> list[str]:
    """The bubblewrap command that runs a Python command line behind the walls.

    Args:
        worker: arguments of the interpreter.
        staging: a folder in which what is visible is mounted under its number, for a user who may not go where it lies.
        visible: what else than the system can be read.
    """
    walls = [
        "bwrap",
        "--unshare-user",
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    walls += ["--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox"]
    for path in map(Path, SYSTEM):
        if path.is_symlink() and path.parent == Path("/"):
            walls += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            walls += ["--ro-bind", str(path), str(path)]
    walls += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/scratch"]
    for number, (source, target) in enumerate(visible or _visible()):
        walls += ["--ro-bind", str(staging / str(number) if staging else source), target]
    walls += ["--remount-ro", "/dev", "--remount-ro", "/tmp", "--remount-ro", "/", "--chdir", "/course"]
    for name, value in ENVIRONMENT.items():
        walls += ["--setenv", name, value]
    python = Path(
        sys.executable
    )  # a link, beside which it finds its packages: only its folder is resolved, which may lie behind another link
    return [*walls, str(python.parent.resolve() / python.name), *worker]


def launch(worker: list[str], fds: tuple[int, ...] = ()) -> "Launched":
    """Start a Python command line behind the walls.

    Raises:
        SandboxError: if a program that this needs is missing.
    """
    missing = missing_tools()
    if missing:
        raise SandboxError(f"not installed: {', '.join(missing)} (Debian and Ubuntu: apt-get install bubblewrap util-linux)")
    return Launched(worker, fds)


def _sweep() -> None:
    """Remove the staging folders of graders that were killed; nothing is mounted there any more."""
    for folder in Path(tempfile.gettempdir()).glob("autograde-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


class Launched:
    """A process behind the walls, what it wrote to stderr, and the folder it was staged in."""

    def __init__(self, worker: list[str], fds: tuple[int, ...]) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        self.staging: Path | None = None
        arguments = command(worker)
        if os.geteuid() == 0:
            arguments = self._as_nobody(worker)
        self.process = subprocess.Popen(
            arguments, pass_fds=fds, cwd="/", stdin=subprocess.DEVNULL, stderr=self.errors, start_new_session=True
        )

    def _as_nobody(self, worker: list[str]) -> list[str]:
        """Root gives up its user, because limits do not bind it. The other user may not enter root's folders: what is
        visible is mounted where everyone may go, in a mount namespace that nobody else sees."""
        _sweep()
        self.staging = Path(tempfile.mkdtemp(prefix=f"autograde-{os.getpid()}-"))
        self.staging.chmod(0o755)
        mounts = []
        for number, (source, _) in enumerate(_visible()):
            place = self.staging / str(number)
            place.mkdir() if source.is_dir() else place.touch()
            mounts.append(f"mount --bind {shlex.quote(str(source))} {place}")
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--"]
        script = "set -e; " + "; ".join(mounts) + '; exec "$@"'
        return [
            *["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"],
            *drop, *command(worker, self.staging),
        ]  # fmt: skip

    def error_text(self) -> str:
        """The last line of stderr."""
        self.errors.seek(0)
        lines = self.errors.read(100_000).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        """End everything behind the walls."""
        self.process.kill()
        self.process.wait(timeout=30)
        self.errors.close()
        if self.staging is not None:
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging = None


class WalledChild(Child):
    """A session behind the walls: its pidfd names the first process of its namespace, with which all others end.

    A thread ends it when everything behind the walls takes more than ``MEMORY_LIMIT``: the kernel's limits are for each
    process alone.
    """

    def __init__(self, pidfd: int, bwrap: int) -> None:
        self.pidfd, self.bwrap = pidfd, bwrap
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def times(self) -> tuple[float, float]:
        computed = waited = 0.0
        with suppress(OSError, psutil.Error, StopIteration, ValueError):
            lines = Path(f"/proc/self/fdinfo/{self.pidfd}").read_text().splitlines()
            first = psutil.Process(int(next(line for line in lines if line.startswith("Pid:")).split()[1]))
            for process in [first, *first.children(recursive=True)]:
                with suppress(psutil.Error):
                    computed += sum(process.cpu_times()[:4])  # its own, and those of the processes it has seen end
            waited = int(Path(f"/proc/{first.pid}/schedstat").read_text().split()[1]) / 1e9
        return computed, waited

    def kill(self) -> None:
        self.over.set()
        self.watcher.join()
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        os.close(self.pidfd)

    def _watch(self) -> None:
        while not self.over.wait(WATCH_EVERY):
            # Forked processes share what they have not changed or made to be shared: so count roughly first, exactly if need be.
            if _memory_below(self.bwrap) > MEMORY_LIMIT and _memory_below(self.bwrap, exactly=True) > MEMORY_LIMIT:
                self.reason = f"the process took more memory than the {MEMORY_LIMIT / 2**30:.0f} GiB there are"
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
                return


def _memory_below(pid: int, exactly: bool = False) -> int:
    """Bytes that the processes started by a process hold; ``exactly`` divides shared pages among those who share them."""
    total = 0
    with suppress(psutil.Error):
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.Error, OSError):
                if exactly:
                    total += process.memory_full_info().pss
                else:
                    status = Path(f"/proc/{process.pid}/status").read_text()
                    total += 1024 * sum(map(int, re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+)", status, re.MULTILINE)))
    return total


class SandboxedParent(WarmParent):
    """A warm parent behind the walls; :meth:`fork` starts a session in namespaces of its own.

    Another process can use one that was started here: :meth:`handed_over` gives what it needs, :meth:`taken_over` makes it.
    """

    stood = False  # whether a session's walls have

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        arguments = ["-s", "-m", "autograde.worker", str(theirs.fileno()), "--namespaces"]
        self.launched: Launched | None = launch(arguments, (theirs.fileno(),))
        theirs.close()
        self.bwrap = self.launched.process.pid
        self._use(ours)

    def handed_over(self) -> tuple[socket.socket, int]:
        """What :meth:`taken_over` takes: the socket, and the process id of bubblewrap."""
        return self.control, self.bwrap

    @classmethod
    def taken_over(cls, control: socket.socket, bwrap: int) -> "SandboxedParent":
        """The same parent in another process; whoever started it ends it. One that takes its place is this process's own."""
        parent = cls.__new__(cls)
        parent.launched, parent.bwrap = None, bwrap
        parent._use(control)
        return parent

    def _ask_for_session(self, options: dict, fds: list[int]) -> Child:
        answer = b""
        with suppress(ConnectionError):  # it has ended without reading the question
            socket.send_fds(self.control, [json.dumps(options).encode()], fds)
            answer, received, _, _ = socket.recv_fds(self.control, 4096, 1)
        if not answer:
            said = self.launched.error_text() if self.launched else ""
            raise ConnectionError(said or "the parent behind the walls is gone")
        if not received:
            # Where walls have stood before, it is this session alone that does not come to be: too little memory, perhaps.
            raise (NoSession if self.stood else SandboxError)(answer.decode(errors="replace").strip())
        self.stood = True
        return WalledChild(received[0], self.bwrap)

    def close(self) -> None:
        self.control.close()
        if self.launched:
            self.launched.close()
