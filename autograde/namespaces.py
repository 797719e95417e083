"""Linux namespaces and limits for one session: called in a process forked for it, before it runs a student's code."""

import ctypes
import os
import resource
import sys
from pathlib import Path

from autograde import seccomp

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
MS_NOSUID, MS_NODEV = 2, 4
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
CAPABILITY_VERSION_3 = 0x20080522

# For each process; the memory of all of them together is watched from outside.
LIMITS = {
    resource.RLIMIT_AS: 16 * 2**30,  # addresses, not memory: torch's libraries alone take 5 GiB of them
    resource.RLIMIT_CPU: 1800,
    resource.RLIMIT_FSIZE: 32 * 2**20,
    resource.RLIMIT_NPROC: 24,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_CORE: 0,
}
SCRATCH = dict.fromkeys(("/scratch", "/dev/shm", "/tmp"), "size=64m,nr_inodes=10k")

_libc = ctypes.CDLL(None, use_errno=True)


def _call(what: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def enter() -> None:
    """Leave for new user, mount, IPC and process namespaces; the next fork is the first process in them.

    Raises:
        OSError: if the kernel refuses.
    """
    user, group = os.getuid(), os.getgid()
    _call("new namespaces", _libc.unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def settle() -> None:
    """In the first process: its own ``/proc`` and scratch folders, no further namespaces, limits, no capabilities, no odd calls.

    Raises:
        OSError: if the kernel refuses.
    """
    flags = MS_NOSUID | MS_NODEV
    _call("a /proc of its own", _libc.mount(b"proc", b"/proc", b"proc", flags, None))
    for folder, size in SCRATCH.items():
        if any(Path(place).is_relative_to(folder) for place in (*sys.path, sys.prefix, sys.base_prefix)):
            continue  # Python itself lives below it: it stays visible, and read-only
        _call(f"a {folder} of its own", _libc.mount(b"tmpfs", folder.encode(), b"tmpfs", flags, size.encode()))
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    _drop_capabilities()
    seccomp.enter()


def _drop_capabilities() -> None:
    _call("no new privileges", _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        _call("dropping capabilities", _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("dropping capabilities", _libc.capset(header, (ctypes.c_uint32 * 6)()))
