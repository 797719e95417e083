"""``autograde doctor``: tries every wall of the sandbox from inside, and says which of them hold."""

import os
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from autograde import ROOT
from autograde.client import LONGEST_WAIT, AskFailed, Session
from autograde.namespaces import LIMITS, SCRATCH
from autograde.sandbox import ENVIRONMENT, MEMORY_LIMIT, SandboxedParent

OWN = {"PWD", "LC_CTYPE", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK"}  # set by Python and torch themselves
INSIDE = Path(__file__).with_name("walls.py")


@dataclass(frozen=True)
class Wall:
    """One wall: what it keeps from happening, whether it holds, and what was seen."""

    name: str
    holds: bool
    seen: str


class Patient:
    """Asks the functions of ``walls.py``, each in a session of its own."""

    def __init__(self, parent: SandboxedParent) -> None:
        self.parent = parent

    def ask(self, name: str, *args: object, timeout: float = 20.0) -> object:
        session = Session(modules={"vae": INSIDE.read_bytes()}, parent=lambda: self.parent)
        try:
            return session.ask({"target": f"vae.{name}"}, args, {}, timeout)
        finally:
            session.close()


def examine(parent: SandboxedParent, names: Iterable[str]) -> Iterator[Wall]:
    """Try some walls.

    Yields:
        The walls in the order of ``names``, each once it was tried; one that says why, if the sandbox cannot be set up at all.
    """
    try:
        patient = Patient(parent)
        patient.ask("environment")  # the first session waits for the imports
        for name in names:
            yield Wall(name, *_tried(WALLS[name], patient))
    except (RuntimeError, OSError) as error:
        yield Wall("the sandbox can be set up", False, str(error.__cause__ or error))


def _tried(test: Callable[[Patient], tuple[bool, str]], patient: Patient) -> tuple[bool, str]:
    try:
        return test(patient)
    except AskFailed as failure:
        return False, f"the test of this wall itself failed: {failure}"


def _network(patient: Patient) -> tuple[bool, str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached = patient.ask("reach", server.getsockname()[1])
    return not reached, f"connected to {', '.join(reached)}" if reached else "nothing can be reached"


def _writing(patient: Patient) -> tuple[bool, str]:
    written = patient.ask(
        "write", ["/", "/usr", "/course", "/course/ganlib", "/dev", "/etc", os.fspath(ROOT), os.fspath(Path.home())]
    )
    return not written, f"written to {', '.join(written)}" if written else "only scratch folders of its own"


def _sight(patient: Patient) -> tuple[bool, str]:
    with tempfile.NamedTemporaryFile() as canary:
        secret = ["solutions", "tests/mistakes", "tests/test_02_vae.py", "tests/hints", "tests/notebooks"]
        paths = [canary.name, "/etc/passwd", "/etc/shadow", "/home", "/run"]
        paths += [f"{folder}/{name}" for folder in (ROOT, "/course") for name in secret] + ["/course/ganlib/vae.py"]
        seen = patient.ask("see", paths)
    return not seen, f"seen: {', '.join(seen)}" if seen else "no tests, solutions, submissions, homes"


def _environment(patient: Patient) -> tuple[bool, str]:
    names = patient.ask("environment")
    foreign = sorted(set(names) - set(ENVIRONMENT) - OWN)
    return not foreign, f"sees {', '.join(foreign)}" if foreign else f"{len(names)} variables, all of them the sandbox's"


def _processes(patient: Patient) -> tuple[bool, str]:
    others = patient.ask("others")
    return others == [0], "alone in its process space" if others == [0] else f"sees processes {others}"


def _privileges(patient: Patient) -> tuple[bool, str]:
    held = patient.ask("privileges")
    return held["user"] != 0 and held["capabilities"] == 0, f"user {held['user']}, capabilities {held['capabilities']:x}"


def _nesting(patient: Patient) -> tuple[bool, str]:
    made = patient.ask("further_namespace")
    return made is False, "made another user namespace" if made else "refused"


def _multiplying(patient: Patient) -> tuple[bool, str]:
    import resource

    limit = LIMITS[resource.RLIMIT_NPROC]
    count = patient.ask("multiply", 2 * limit)
    return count <= limit, f"{count} processes, then refused" if count <= limit else f"{count} processes"


def _filling(patient: Patient) -> tuple[bool, str]:
    sizes = patient.ask("fill", 100)
    room = int(re.search(r"size=(\d+)m", SCRATCH["/scratch"])[1])
    holds = sizes["file"] <= 32 and sizes["folder"] <= room and sizes["files"] <= 10_240
    return holds, f"{sizes['file']} MiB a file, {sizes['folder']} MiB and {sizes['files']} files in all"


def _memory(patient: Patient) -> tuple[bool, str]:
    for what in ("devour", "devour_shared"):
        try:
            patient.ask(what, 2 + MEMORY_LIMIT // 2**30)
        except AskFailed as failure:
            if failure.kind != "died":
                return False, f"{what}: {failure}"
        else:
            return False, f"{what}: took more than the limit"
    return True, "private and shared memory end at the limit"


def _calls(patient: Patient) -> tuple[bool, str]:
    done = patient.ask("odd_calls")
    refused = "memfd, shm, keys, vsock, io_uring, vmsplice, sched_setaffinity are refused"
    return not done, f"the kernel does {', '.join(done)}" if done else refused


def _clock(patient: Patient) -> tuple[bool, str]:
    started, before = time.monotonic(), _alive(patient)
    with suppress(AskFailed):
        patient.ask("loop", timeout=1.0)
    seconds = time.monotonic() - started
    left = _alive(patient) - before
    return seconds < LONGEST_WAIT + 3 and left <= 0, f"ended after {seconds:.1f} s, {max(left, 0)} processes left"


def _alive(patient: Patient) -> int:
    time.sleep(0.2)
    return len(psutil.Process(patient.parent.bwrap).children(recursive=True))


WALLS: dict[str, Callable[[Patient], tuple[bool, str]]] = {
    "no network": _network,
    "the system is read-only": _writing,
    "only its own submission can be seen": _sight,
    "a clean environment": _environment,
    "a process space of its own": _processes,
    "no privileges": _privileges,
    "no further namespaces": _nesting,
    "no calls around the limits": _calls,
    "a limit on processes": _multiplying,
    "a limit on files": _filling,
    "a limit on memory": _memory,
    "a limit on time": _clock,
}
# Those that take no time: tried before strangers' code is run. The others do not depend on the machine.
QUICK = tuple(WALLS)[:8]
