"""What `vbdaemon check` looks at of time: times of receipt are evidence, so the clock must be right."""

import ctypes
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import vbdaemon
from vbdaemon.clock import VIETNAM
from vbdaemon.operation.checkup import Problem, Weight

MOST_APART = timedelta(seconds=5)
SOON = timedelta(minutes=1)
TIME_ERROR = 5
"""What adjtimex(2) answers while nothing keeps the clock right."""
STRUCT_BYTES = 512
"""More than struct timex takes anywhere."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What several clocks say at one moment."""

    now: datetime
    file: datetime | None
    """Of a file that was just written into the spool; None when none could be."""
    synchronized: bool | None
    """What the kernel says; None when it does not."""
    installed: datetime
    """When this program was."""

    @classmethod
    def read(cls, folder: Path) -> "Clocks":
        """Here and now; `folder` is the spool."""
        installed = datetime.fromtimestamp(Path(vbdaemon.__file__).stat().st_mtime, UTC)
        return cls(datetime.now(UTC), _time_of_a_file(folder), _kernel(), installed)


def check_clock(clocks: Clocks, newest: datetime | None) -> Iterator[Problem]:
    """The clock is kept right, and went never back; `newest` is when the last submission came."""
    if clocks.synchronized is False:
        yield Problem(
            Weight.WARNING,
            "nothing keeps this machine's clock right: times of receipt may be disputed",
            "timedatectl set-ntp true, with a time server that this machine reaches; without one compare it each week",
        )
    if clocks.file is not None and abs(clocks.file - clocks.now) > MOST_APART:
        apart = (clocks.file - clocks.now).total_seconds()
        words = f"files in the spool get times that are {apart:+.0f} s away from this machine's clock"
        yield Problem(Weight.WARNING, words, "the spool must lie on a disk of this machine")
    for what, then in (("this program was installed", clocks.installed), ("a submission came", newest)):
        if then is not None and then > clocks.now + SOON:
            words = f"the clock says {_shown(clocks.now)}, and {what} at {_shown(then)}"
            yield Problem(Weight.ERROR, words, "set the clock (timedatectl set-time), then start the daemon again")


def _shown(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _time_of_a_file(folder: Path) -> datetime | None:
    probe = folder / f".clock-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        found = datetime.fromtimestamp(probe.stat().st_mtime, UTC)
        probe.unlink()
    except OSError:
        return None
    return found


def _kernel() -> bool | None:
    """adjtimex(2) with nothing to adjust: what timedatectl shows as "System clock synchronized"."""
    try:
        answer: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(STRUCT_BYTES))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != TIME_ERROR
