"""A filter of system calls for one session: those that its other limits do not reach are refused.

Memory that belongs to no process (memfd, System V, pages given to a pipe) is counted by nobody; keys outlive a session; whoever
leaves its core takes another job's; vsock and a few rarely needed interfaces of the kernel are not closed by namespaces.
"""

import ctypes
import os
import platform
import struct

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF: ld [k], jeq #k, jge #k, ret #k
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # the latter with an errno in its low bits
EPERM = 1
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data, little-endian
X32 = 0x40000000
SOCKETS = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK

# By machine: what seccomp calls the architecture, the number of socket(), and the numbers of the calls that are refused.
CALLS = {
    "x86_64": (
        0xC000003E,
        41,
        {
            "shmget": 29, "add_key": 248, "request_key": 249, "keyctl": 250, "perf_event_open": 298, "memfd_create": 319,
            "bpf": 321, "userfaultfd": 323,
            "sched_setaffinity": 203, "vmsplice": 278, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
            "memfd_secret": 447,
        },
    ),
    "aarch64": (
        0xC00000B7,
        198,
        {
            "shmget": 194, "add_key": 217, "request_key": 218, "keyctl": 219, "perf_event_open": 241, "memfd_create": 279,
            "bpf": 280, "userfaultfd": 282,
            "sched_setaffinity": 122, "vmsplice": 75, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
            "memfd_secret": 447,
        },
    ),
}  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def program(machine: str) -> bytes:
    """The filter as BPF instructions (code, jump if true, jump if false, k)."""
    architecture, socket, refused = CALLS[machine]
    # From the end: 0 is ALLOW, 1 is REFUSE.
    body = [(EQUAL, number, "refuse", None) for number in refused.values()]
    body += [(EQUAL, socket, None, "allow"), (LOAD, FIRST_ARGUMENT, None, None)]
    body += [(EQUAL, family, "allow", None) for family in SOCKETS]
    head = [(LOAD, ARCHITECTURE, None, None), (EQUAL, architecture, None, "refuse"), (LOAD, NUMBER, None, None)]
    head += [(AT_LEAST, X32, "refuse", None)]
    lines = [*head, *body, (RETURN, REFUSE | EPERM, None, None), (RETURN, ALLOW, None, None)]
    places = {"refuse": len(lines) - 2, "allow": len(lines) - 1}

    def jump(to: str | None, at: int) -> int:
        return 0 if to is None else places[to] - at - 1

    return b"".join(struct.pack("<HBBI", code, jump(yes, at), jump(no, at), k) for at, (code, k, yes, no) in enumerate(lines))


def enter() -> None:
    """Refuse these calls to this process and all it starts, for ever; it must have given up new privileges before.

    Raises:
        OSError: if the kernel does not take the filter.
    """
    machine = platform.machine()
    if machine not in CALLS:
        raise OSError(f"system calls cannot be filtered on {machine}; on {' and '.join(CALLS)} they can")
    text = program(machine)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(text) // 8, text)), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"a filter of system calls: {os.strerror(ctypes.get_errno())}")
