"""One daemon owns a state: a file lock beside the spool, held by the kernel, gone when its process is."""

import fcntl
import os
from pathlib import Path

from vbdaemon.errors import SpoolError, StateLocked


class Ownership:
    """Holds the lock until `release`, or until the process ends, however it ends."""

    def __init__(self, spool: Path) -> None:
        self._path = spool / "daemon.lock"
        self._fd: int | None = None

    def take(self) -> None:
        """Own the state; StateLocked when another process does, SpoolError when the spool cannot be written."""
        spool = self._path.parent
        try:
            spool.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise SpoolError(f"spool {spool}: {error.strerror}; free disk space or mend its permissions") from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(fd)
            raise StateLocked from error
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        self._fd = fd

    def release(self) -> None:
        """Give the state up."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def is_running(spool: Path) -> bool:
    """True when a daemon holds the spool's lock."""
    try:
        fd = os.open(spool / "daemon.lock", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
