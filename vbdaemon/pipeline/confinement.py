"""What a worker gives up before it touches a hostile file: memory, core dumps, its parent's terminal, orphans."""

import contextlib
import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
FILE_BYTES = 2_000_000_000


def confine(memory_bytes: int) -> None:
    """Own process group, dies with its parent, no core dump, bounded memory and file size."""
    with contextlib.suppress(PermissionError):  # already a leader
        os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a worker ends
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
