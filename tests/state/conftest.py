"""The state on SQLite and on a real PostgreSQL that belongs to the test session alone."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from vbdaemon.model import Classification, DocumentVerdict, Evidence, Found, RegisterNumber, TextSource, Verdict
from vbdaemon.state import submissions
from vbdaemon.state.records import SubmissionRow
from vbdaemon.state.store import State
from vbdaemon.state.tables import metadata

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def _programs() -> Path | None:
    """Folder of initdb and pg_ctl: Debian keeps them out of the path, one folder a version."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


def _absent(why: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


class PostgreSQL:
    """A server of our own: its data in a folder of its own, a Unix socket and a free loopback port."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self._programs, self._folder, self._user = programs, folder, user
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._call("initdb", "-D", folder / "data", "-U", "vbdaemon", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -k {folder} -c fsync=off"
        self._call("pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._made = 0
        self._shared = self.database()
        State(self._shared).close()
        self._emptying = create_engine(self._shared)

    def database(self) -> str:
        """URL of a new database without any table."""
        self._made += 1
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE state{self._made}")
        return self._url(f"state{self._made}")

    def emptied(self) -> str:
        """URL of a database that has the present tables, without a row."""
        with self._emptying.begin() as connection:
            for table in reversed(metadata.sorted_tables):  # quicker than TRUNCATE, which makes new files
                connection.execute(table.delete())
        return self._shared

    def stop(self) -> None:
        self._admin.dispose()
        self._emptying.dispose()
        self._call("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://vbdaemon@/{name}?host={self._folder}&port={self.port}"

    def _call(self, program: str, *words: object) -> None:
        # The server keeps the descriptors that it is started with: none of ours may be among them.
        done = subprocess.run(
            [str(self._programs / program), *map(str, words)],
            check=False,
            cwd=self._folder,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
        assert done.returncode == 0, f"{program} ended with {done.returncode}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    programs = _programs()
    if programs is None:
        _absent("PostgreSQL is not installed (Debian package: postgresql)")
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="vbdaemon-postgresql-"))  # pytest's own folders are closed to other users
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    server = PostgreSQL(programs, folder, user)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def tmp_path(in_memory: Path) -> Path:
    """Every step is synced to disk, and no test here cuts the power."""
    return in_memory


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite3'}"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database as a daemon finds it at its second start."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    return request.getfixturevalue("postgresql").emptied()


@pytest.fixture
def state(url: str) -> Iterator[State]:
    state = State(url)
    yield state
    state.close()


@pytest.fixture
def sqlite_url(tmp_path: Path, template: Path) -> str:
    return f"sqlite:///{shutil.copy(template, tmp_path / 'state.sqlite3')}"


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[State]:
    state = State(sqlite_url)
    yield state
    state.close()


@pytest.fixture
def admitted(state: State) -> Callable[..., str]:
    """Admits a submission and answers its id."""
    made = 0

    def admit(received_at: datetime = NOON) -> str:
        nonlocal made
        made += 1
        name = f"260302-{made:08d}"
        return state.admit(name, "phong-noi-vu/gui", f"key {made}", received_at).result().id

    return admit


@pytest.fixture
def row(state: State) -> Callable[[str], SubmissionRow]:
    return lambda name: state.read(lambda c: submissions.get(c, name))


@pytest.fixture
def verdict() -> Callable[..., DocumentVerdict]:
    """A document's verdict: ACCEPT with number 15 of 2 March 2026 in the book, unless said otherwise."""

    def make(
        sha256: str = "a" * 64, register: int | None = None, answer: Verdict | None = None, **known: str
    ) -> DocumentVerdict:
        seen = Evidence("")
        words = {"number": "15", "symbol": "PNV-TCCC", "issuer": "Phòng Nội vụ", "subject": "rà soát"} | known
        kind = Classification(
            **{name: Found(value, 1.0, TextSource.TEXT, seen) for name, value in words.items()},
            issued_on=Found(NOON.date(), 1.0, TextSource.TEXT, seen),
        )
        book = RegisterNumber("den", 2026, register, NOON.date()) if register else None
        return DocumentVerdict("cv.pdf", sha256, (sha256,), kind, (), (), answer or Verdict.accept(), register=book)

    return make
