"""What ``autograde doctor`` tries from inside the sandbox, sent there as a submission: each function says what it could do."""

import ctypes
import mmap
import os
import socket
import time
from pathlib import Path


def reach(port: int) -> list[str]:
    """The addresses that a connection could be made to."""
    reached = []
    for host, number in (("127.0.0.1", port), ("1.1.1.1", 53), ("8.8.8.8", 53)):
        try:
            socket.create_connection((host, number), timeout=1).close()
            reached.append(f"{host}:{number}")
        except OSError:
            continue
    return reached


def write(folders: list) -> list[str]:
    """The folders that could be written to."""
    written = []
    for folder in folders:
        try:
            (Path(folder) / "autograde-was-here").write_text("")
            written.append(folder)
        except OSError:
            continue
    return written


def see(paths: list) -> list[str]:
    """The paths that are there."""
    return [path for path in paths if os.path.lexists(path)]


def environment() -> list[str]:
    """The names of the environment's variables."""
    return sorted(os.environ)


def others() -> list[int]:
    """The processes to be seen, apart from this one, and the parent's number."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if number != os.getpid()] + [os.getppid()]


def privileges() -> dict:
    """The user, and the capabilities as a number."""
    status = Path("/proc/self/status").read_text().splitlines()
    held = [int(line.split()[1], 16) for line in status if line.startswith(("CapPrm", "CapEff", "CapBnd"))]
    return {"user": os.getuid(), "capabilities": max(held)}


def further_namespace() -> bool:
    """Whether another user namespace could be made."""
    return ctypes.CDLL(None).unshare(0x10000000) == 0


def multiply(attempts: int) -> int:
    """How many processes could be started."""
    children = []
    try:
        for _ in range(attempts):
            child = os.fork()
            if child == 0:
                os.read(os.pipe()[0], 1)  # waits for ever
            children.append(child)
    except OSError:
        pass
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    return len(children)


def fill(megabytes: int) -> dict:
    """How many megabytes one file takes, and all of the scratch folder."""
    block, sizes = b"\0" * 2**20, []
    for number in range(4):
        size = 0
        try:
            with Path(f"/scratch/full-{number}").open("wb", buffering=0) as file:
                while size < megabytes:
                    file.write(block)
                    size += 1
        except OSError:
            pass
        sizes.append(size)
    for number in range(4):
        Path(f"/scratch/full-{number}").unlink()
    files = 0
    try:
        while files < 50_000:
            Path(f"/scratch/small-{files}").touch()
            files += 1
    except OSError:
        pass
    return {"file": max(sizes), "folder": sum(sizes), "files": files}


def devour(gigabytes: int) -> int:
    """Take memory, and touch every page of it."""
    taken = [bytearray(os.urandom(1) * 2**28) for _ in range(4 * gigabytes)]
    return len(taken)


def devour_shared(gigabytes: int) -> int:
    """The same with memory that is there to be shared with processes to come."""
    taken = [mmap.mmap(-1, 2**28) for _ in range(4 * gigabytes)]
    for block in taken:
        for _ in range(2**8):
            block.write(b"1" * 2**20)
    time.sleep(2)
    return len(taken)


def odd_calls() -> list[str]:
    """Which of the system calls that go around the limits the kernel does."""
    from autograde.seccomp import CALLS

    libc, done = ctypes.CDLL(None, use_errno=True), []
    _, socket_number, refused = CALLS[os.uname().machine]
    for name, number in refused.items():
        ctypes.set_errno(0)
        if libc.syscall(number, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):  # EPERM, ENOSYS
            done.append(name)
    if libc.syscall(socket_number, 40, 1, 0) != -1 or ctypes.get_errno() != 1:
        done.append("vsock")
    return done


def loop() -> None:
    """Never end, and ignore what can be ignored."""
    import signal

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.fork()
    while True:
        pass
