"""A copy of a database in use is whole, knows its submissions, and makes the same database again."""

import os
from pathlib import Path

import pytest

from vbdaemon.errors import StateError
from vbdaemon.state import copying, decisions, submissions
from vbdaemon.state.copying import copy_database, is_empty, put_back, revision_of
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.revisions import known_revisions
from vbdaemon.state.store import State


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "copy").mkdir()
    return tmp_path / "copy"


def test_a_copy_knows_what_was_committed_and_comes_back_as_it_was(request, url, state, admitted, folder, tmp_path):
    first, second = admitted(), admitted()
    state.write(lambda c: submissions.move(c, second, SubmissionState.QUARANTINED))
    state.write(lambda c: decisions.next_number(c, "den", 2026))
    copied = copy_database(url, folder)
    assert copied.standing == {first: SubmissionState.WAITING, second: SubmissionState.QUARANTINED}
    assert copied.last_numbers == ("den/2026: 1",)
    assert copied.revision in known_revisions()
    assert [path.name for path in folder.iterdir()] == [copied.file.name]
    assert copied.file.stat().st_mode & 0o077 == 0
    if url.startswith("sqlite"):
        other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
        assert revision_of(copied.file) == copied.revision
    else:
        other = request.getfixturevalue("postgresql").database()
    assert is_empty(other)
    put_back(copied.file, other)
    assert not is_empty(other)
    again = State(other)
    assert [row.id for row in again.read(submissions.listed)] == [second, first]
    again.close()


def test_a_copy_of_the_other_kind_is_refused(sqlite_url, sqlite, folder):
    copied = copy_database(sqlite_url, folder)
    with pytest.raises(StateError, match=r"holds state\.sqlite3"):
        put_back(copied.file, "postgresql+psycopg://a@127.0.0.1:1/x")


def test_a_damaged_database_is_not_taken_for_a_backup(sqlite_url, folder):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    body = bytearray(path.read_bytes())
    body[4096 : 4096 * 3] = os.urandom(4096 * 2)
    path.write_bytes(body)
    with pytest.raises(StateError, match=r"damaged|could not be copied"):
        copy_database(sqlite_url, folder)


def test_a_missing_database_is_a_mistake_in_words(folder):
    with pytest.raises(StateError, match="could not be copied"):
        copy_database(f"sqlite:///{folder / 'absent' / 'x'}", folder)


def test_without_pg_dump_one_line_says_what_to_install(folder, monkeypatch):
    monkeypatch.setattr(copying.shutil, "which", lambda _: None)
    with pytest.raises(StateError, match="apt install postgresql-client"):
        copy_database("postgresql+psycopg://a@127.0.0.1:1/x", folder)


def test_a_password_is_on_no_command_line(monkeypatch, folder):
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - this test alone looks at the login

    with copying._login(make_url("postgresql+psycopg://a:geheim@h:5/x?sslmode=require")) as (database, environment):
        assert database == "postgresql://a@h:5/x?sslmode=require"
        assert environment["PGPASSWORD"] == "geheim"
