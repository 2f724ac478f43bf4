"""Engines: one for the writer, one for readers; SQLite is set up for power cuts and for several processes."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from vbdaemon.errors import StateError

BUSY_MILLISECONDS = 10_000


def make_engine(url: str, *, writes: bool, keeps: bool = True) -> Engine:
    """An engine for `url`; StateError when the URL is not one.

    Without `keeps` a connection to SQLite is closed when it was used: a command that ends leaves none open.

    On SQLite a writing engine begins with BEGIN IMMEDIATE: the lock is taken before anything is read, so two
    writers wait for each other instead of failing half-way.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
        waits = {"timeout": BUSY_MILLISECONDS / 1000}
        engine = create_engine(parsed, connect_args=waits, poolclass=None if keeps else NullPool)
    except (ArgumentError, ImportError) as error:  # no URL, no such dialect, or its driver is not installed
        raise StateError(f"state url is not usable: {error}") from error
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate if writes else _begin)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    del record
    # The driver's own transaction handling would send SAVEPOINT without BEGIN; see the "begin" listeners.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # quarantine removes names, not only the way to them
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def empty_journal(engine: Engine) -> None:
    """What was deleted is gone from SQLite's write-ahead log too, unless somebody reads on and on meanwhile."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
