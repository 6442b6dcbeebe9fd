"""What a child process is kept to: time, memory, size of files, number of processes, no network."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of a job, bytes of memory on top of torch's own, bytes of a file that it writes, processes at a time."""

    seconds: float = 60.0
    memory: int = 8 * GIB
    file: int = 64 << 20
    processes: int = 64


def die_with_parent() -> None:
    """Have this process killed when the one that started it ends, however it ends. Linux only."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Have processes whose parent ended become children of this one, so that it can end them. Linux only."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
        except (OSError, AttributeError):
            return


def confine(limits: Limits) -> None:
    """Set the limits of this process and of all that it starts."""
    import resource  # only POSIX has it

    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(limits.seconds * max(2, os.cpu_count() or 1)) + 1)
    _limit(resource.RLIMIT_FSIZE, limits.file)
    _limit(resource.RLIMIT_AS, _address_space() + limits.memory)
    if hasattr(resource, "RLIMIT_NPROC"):
        _limit(resource.RLIMIT_NPROC, _tasks_of_user() + limits.processes)


def _limit(kind: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):
        return  # a limit that this system does not have: the others hold


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 8 * GIB


def _tasks_of_user() -> int:
    """How many threads this user has now, since the limit counts them all."""
    count, me = 0, os.getuid()
    try:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    if entry.stat().st_uid == me:
                        count += len(os.listdir(f"/proc/{entry.name}/task"))
                except OSError:
                    continue
    except OSError:
        return 4096
    return count


def cut_network() -> str:
    """Take the network away: from the kernel where it lets us, else from Python's `socket` only; which it was."""
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
        try:
            if libc.unshare(flags) == 0:
                return "kernel"
        except AttributeError:
            pass
    _refuse_sockets()
    return "python"


def _refuse_sockets() -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError("shapelint runs this without network")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        setattr(_Cut, name, refuse)
    socket.socket = _Cut  # type: ignore[misc]
    socket.create_connection = refuse  # type: ignore[assignment]
    socket.getaddrinfo = refuse  # type: ignore[assignment]


class _Cut(socket.socket):
    """A socket that connects to nothing."""
