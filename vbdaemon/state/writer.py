"""Group commit: one writer, many waiting; every change in a savepoint of its own, one fsync for all of them."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from vbdaemon.errors import StateError
from vbdaemon.failpoint import Failpoint, pass_by

T = TypeVar("T")
MOST_IN_ONE_COMMIT = 200


@dataclass(frozen=True, slots=True)
class _Change(Generic[T]):
    work: Callable[[Connection], T]
    future: "Future[T]"


class Writer:
    """Runs changes in order. A future answers only after the COMMIT that holds its change.

    When the COMMIT fails, or the database itself does, all that waited for it fail with StateError. A change that
    raises is rolled back to its savepoint and fails alone.
    """

    def __init__(self, engine: Engine, failpoint: Failpoint = pass_by) -> None:
        self._engine = engine
        self._failpoint = failpoint
        self._queue: queue.SimpleQueue[_Change[object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """Queue a change; its future answers what `work` returned."""
        future: Future[T] = Future()
        self._queue.put(_Change(work, future))  # type: ignore[arg-type]  # futures of different answers share the queue
        return future

    def run(self, work: Callable[[Connection], T]) -> T:
        """Queue a change and wait for its commit."""
        return self.submit(work).result()

    def close(self) -> None:
        """What was queued is committed; then the thread ends."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = self._more(first)
            self._commit(batch)
            if last:
                return

    def _more(self, first: _Change[object]) -> tuple[list[_Change[object]], bool]:
        batch = [first]
        while len(batch) < MOST_IN_ONE_COMMIT:
            try:
                change = self._queue.get_nowait()
            except queue.Empty:
                break
            if change is None:
                return batch, True
            batch.append(change)
        return batch, False

    def _commit(self, batch: list[_Change[object]]) -> None:
        done: list[tuple[_Change[object], object]] = []
        failed: list[tuple[_Change[object], BaseException]] = []
        try:
            with self._engine.begin() as connection:
                for change in batch:
                    self._apply(connection, change, done, failed)
                self._failpoint("writer.applied")
        except SQLAlchemyError as error:
            answered = {id(change) for change, _ in failed}
            for change in batch:
                if id(change) not in answered:
                    change.future.set_exception(StateError(_told(error)))
            done = []
        self._failpoint("writer.committed")
        for change, answer in done:
            change.future.set_result(answer)
        for change, mistake in failed:
            change.future.set_exception(mistake)

    @staticmethod
    def _apply(
        connection: Connection,
        change: _Change[object],
        done: list[tuple[_Change[object], object]],
        failed: list[tuple[_Change[object], BaseException]],
    ) -> None:
        # The driver's own words: a Savepoint object would cost more than most changes.
        connection.exec_driver_sql("SAVEPOINT change")
        try:
            answer = change.work(connection)
            connection.exec_driver_sql("RELEASE SAVEPOINT change")
        except OperationalError:
            # A full disk or a lost connection: the database may have ended the whole transaction by itself.
            raise
        except Exception as error:  # noqa: BLE001 - the writer lives on: one change fails, the others are committed
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT change")
            failed.append((change, StateError(_told(error)) if isinstance(error, SQLAlchemyError) else error))
        else:
            done.append((change, answer))


def _told(error: SQLAlchemyError) -> str:
    """The driver's first line, without SQL and parameters: these, and PostgreSQL's DETAIL, may hold names."""
    first, *_ = str(getattr(error, "orig", None) or type(error).__name__).splitlines() or [""]
    return f"state store: {first}"
