"""What a worker gives up before it touches a hostile file: memory, core dumps, its parent's terminal, orphans."""

import contextlib
import ctypes
import fcntl
import multiprocessing
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
FILE_BYTES = 2_000_000_000


def confine(memory_bytes: int) -> None:
    """No way back to root, own process group, dies with its parent, no core dump, bounded memory and file size."""
    give_up_root()
    with contextlib.suppress(PermissionError):  # already a leader
        os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    _die_with_parent()
    os.dup2(2, 1)  # what a plugin prints goes to the log, not between the lines of somebody's JSON
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a worker ends
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def give_up_root() -> None:
    """A command that root typed acts as the spool's owner and could be root again: not so what reads hostile files."""
    user, group = os.geteuid(), os.getegid()
    if user == 0 or os.getuid() != 0:
        return
    os.seteuid(0)
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)


def stand_back(niceness: int) -> None:
    """Behind others for the processor; where a service may not ask for that (its filter of calls), beside them."""
    if niceness:
        with contextlib.suppress(PermissionError):
            os.nice(niceness)


def _die_with_parent() -> None:
    """The kernel kills this group when the daemon is no more, even while a plugin hangs.

    PDEATHSIG alone speaks of the fork server, which lives as long as any worker does.
    """
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform != "linux":
        return
    sentinel = parent.sentinel  # the reading end of a pipe that the daemon never writes to again
    fcntl.fcntl(sentinel, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(sentinel, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():
        os.killpg(0, signal.SIGKILL)
