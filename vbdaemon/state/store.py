"""The state store: a writer that groups commits, and readers beside it."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vbdaemon.errors import StateError
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.state import submissions
from vbdaemon.state.engine import empty_journal, make_engine
from vbdaemon.state.records import Admitted
from vbdaemon.state.schema import migrate, require_current
from vbdaemon.state.writer import Writer

T = TypeVar("T")

__all__ = ["Admitted", "State"]


class State:
    """Opens the database. `read` and `write` run functions of this room on a connection.

    The daemon migrates it; commands (`beside=True`) only look whether it has the tables they know.
    """

    def __init__(self, url: str, failpoint: Failpoint = pass_by, *, beside: bool = False) -> None:
        writing = make_engine(url, writes=True, keeps=not beside)
        self._readers = make_engine(url, writes=False, keeps=not beside)
        try:
            if beside:
                require_current(self._readers)
            else:
                migrate(writing)
        except StateError:
            writing.dispose()
            self._readers.dispose()
            raise
        self._writer = Writer(writing, failpoint)

    def read(self, question: Callable[[Connection], T]) -> T:
        """The answer to a question, from what is committed; StateError when the database cannot answer."""
        try:
            with self._readers.connect() as connection:
                return question(connection)
        except SQLAlchemyError as error:
            raise StateError(f"state store: {getattr(error, 'orig', None) or type(error).__name__}") from error

    def write(self, change: Callable[[Connection], T]) -> T:
        """Make a change and wait until it is committed."""
        return self._writer.run(change)

    def write_later(self, change: Callable[[Connection], T]) -> "Future[T]":
        """Make a change; the future answers when it is committed."""
        return self._writer.submit(change)

    def admit(self, submission_id: str, source: str, key: str, received_at: datetime) -> "Future[Admitted]":
        """The committed row is the act of acceptance."""
        return self.write_later(lambda c: submissions.admit(c, submission_id, source, key, received_at))

    def is_known(self, submission_id: str) -> bool:
        """True when a row with this id is committed."""
        return self.read(lambda c: submissions.exists(c, submission_id))

    def find_key(self, source: str, key: str) -> str | None:
        """Id under which this key was admitted, or None."""
        return self.read(lambda c: submissions.find_key(c, source, key))

    def acknowledge(self, submission_id: str) -> None:
        """The source was told; recorded with the next commit."""
        self.write_later(lambda c: submissions.acknowledge(c, submission_id))

    def shred(self) -> None:
        """After a quarantine: what was deleted cannot be read from the database's files any more."""
        try:
            empty_journal(self._readers)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StateError(f"state store: {error}") from error

    def close(self) -> None:
        """What was queued is committed."""
        self._writer.close()
        self._readers.dispose()
