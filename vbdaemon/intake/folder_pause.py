"""A pause of a whole source: when the spool or the state is of no use, more drops need not be tried."""

import errno

from vbdaemon.errors import SourceBusy, VbdaemonError

LONGEST = 60.0
OURS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors of our own disk or process, not of a dropped file."""


def concerns_all(error: BaseException | None) -> bool:
    """True when the next drop would fail of the same."""
    if isinstance(error, OSError):
        return error.errno in OURS
    return isinstance(error, VbdaemonError) and not isinstance(error, SourceBusy)


class Pause:
    """Until when the source rests; each failure in a row doubles it, a success ends it."""

    def __init__(self) -> None:
        self.until = 0.0
        self._failures = 0

    def lengthen(self, now: float) -> None:
        """One more failure."""
        self._failures += 1
        self.until = now + min(LONGEST, 2.0 ** min(self._failures, 10))

    def end(self) -> None:
        """It works again."""
        self._failures = 0
        self.until = 0.0
