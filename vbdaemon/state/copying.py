"""A consistent copy of the database while it is in use, and putting one back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from vbdaemon.errors import StateError
from vbdaemon.state.records import SubmissionState

SQLITE_COPY = "state.sqlite3"
DUMP = "state.pgdump"
FILE_MODE = 0o600
CLIENT = "apt install postgresql-client"


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of the database."""

    file: Path
    revision: str
    standing: dict[str, SubmissionState]
    """Every submission that the copy knows, by id: exactly those whose bytes belong to it."""
    last_numbers: tuple[str, ...]
    """The last number of each register: "den/2026: 15"."""


def copy_database(url: str, folder: Path) -> Copied:
    """Copy the database into `folder`, on disk when this returns; StateError says why it cannot be done."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _copy_sqlite(Path(parsed.database or ""), folder / SQLITE_COPY)
    return _dump(parsed, folder / DUMP)


def put_back(copy: Path, url: str) -> None:
    """Make a database at `url` of a copy; StateError when one is there, or the copy is of another kind."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite != (copy.name == SQLITE_COPY):
        raise StateError(f"the backup holds {copy.name}, and [state] url is {parsed.get_backend_name()}; change one")
    if sqlite:
        _put_file(copy, Path(parsed.database or ""))
    else:
        _load_dump(copy, parsed)


def is_empty(url: str) -> bool:
    """True when there is no database at `url` yet, or one without tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        return not path.exists() or path.stat().st_size == 0
    engine = create_engine(parsed)
    try:
        return not inspect(engine).get_table_names()
    except SQLAlchemyError as error:
        raise StateError(f"the database cannot be used: {_words(error)}; check [state] url") from error
    finally:
        engine.dispose()


def revision_of(copy: Path) -> str:
    """Migration of an SQLite copy, read without touching the file."""
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
            return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise StateError(f"{copy}: no database of vbdaemon ({error})") from error


def _copy_sqlite(source: Path, target: Path) -> Copied:
    """SQLite's backup in one step: a reader's snapshot, writers go on meanwhile."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=30)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, no log beside it
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise StateError(f'the database is damaged: {found}; see "vbdaemon fsck"')
            standing = {row[0]: SubmissionState(row[1]) for row in copy.execute("SELECT id, state FROM submissions")}
            revision = str(copy.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            last = tuple(f"{b}/{y}: {n}" for b, y, n in copy.execute("SELECT book, year, last FROM counters"))
    except sqlite3.Error as error:
        raise StateError(f"the database could not be copied: {error}") from error
    target.chmod(FILE_MODE)
    _sync(target)
    return Copied(target, revision, standing, last)


def _dump(url: URL, target: Path) -> Copied:
    """pg_dump under a snapshot that we export: the rows that we read are those that it writes."""
    program = shutil.which("pg_dump")
    if program is None:
        raise StateError(f"pg_dump is not installed, so a PostgreSQL state cannot be backed up: {CLIENT}")
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            standing = {
                row.id: SubmissionState(row.state)
                for row in connection.execute(text("SELECT id, state FROM submissions"))
            }
            revision = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
            counters = connection.execute(text("SELECT book, year, last FROM counters"))
            last = tuple(f"{row.book}/{row.year}: {row.last}" for row in counters)
            words = ("--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
            with _login(url) as (database, environment):
                _call([program, *words, f"--dbname={database}"], environment)
    except SQLAlchemyError as error:
        raise StateError(f"the database could not be copied: {_words(error)}") from error
    finally:
        engine.dispose()
    target.chmod(FILE_MODE)
    _sync(target)
    return Copied(target, revision, standing, last)


def _put_file(copy: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.restoring")
    shutil.copyfile(copy, draft)
    draft.chmod(FILE_MODE)
    _sync(draft)
    draft.rename(target)


def _load_dump(copy: Path, url: URL) -> None:
    program = shutil.which("pg_restore")
    if program is None:
        raise StateError(f"pg_restore is not installed: {CLIENT}")
    with _login(url) as (database, environment):
        words = ("--no-owner", "--exit-on-error", "--single-transaction")
        _call([program, *words, f"--dbname={database}", str(copy)], environment)


@contextmanager
def _login(url: URL) -> Iterator[tuple[str, dict[str, str]]]:
    """URL and environment for PostgreSQL's tools: the password is on no command line."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    yield plain.render_as_string(hide_password=False), environment


def _call(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with words of ours
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        first = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[0]
        raise StateError(f"{Path(command[0]).name}: {first}")


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _words(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
