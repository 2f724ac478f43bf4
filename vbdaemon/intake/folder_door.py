"""What the folder source asks of admission and of the log."""

import errno
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.admission import SourceKey
from vbdaemon.model import Envelope
from vbdaemon.spool.incoming import Incoming
from vbdaemon.state.store import Admitted


class Door(Protocol):
    """Admission, as a source sees it."""

    def now(self) -> datetime:
        """The moment to write on an envelope."""

    def new_id(self) -> str:
        """An id for a submission that is about to be claimed."""

    def begin(self, submission_id: str | None = None) -> Incoming:
        """A draft in the spool."""

    def admit(self, incoming: Incoming, envelope: Envelope, key: SourceKey) -> "Future[Admitted]":
        """Seal the draft and commit its row."""

    def known(self, submission_id: str) -> bool:
        """True when a row with this id was committed."""

    def seen(self, key: SourceKey) -> str | None:
        """Id under which this key was admitted before, or None."""

    def acknowledge(self, submission_id: str) -> None:
        """The source was told."""


class Log(Protocol):
    """A structlog logger, bound by the composition root. No file names, no document text."""

    def info(self, event: str, /, **values: object) -> object:
        """What happened, as it should."""

    def warning(self, event: str, /, **values: object) -> object:
        """What an operator may want to look at."""

    def error(self, event: str, /, **values: object) -> object:
        """What should not have happened."""


def words_of(error: BaseException) -> str:
    """An error without the file name that the system puts into its words."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"{type(error).__name__} {errno.errorcode.get(error.errno, error.errno)}"
    return str(error) if isinstance(error, VbdaemonError) else type(error).__name__
