"""A database of the first release comes to the present tables with every row; a newer one is refused elsewhere."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from vbdaemon.state import events, soundness, submissions
from vbdaemon.state.complete import metadata
from vbdaemon.state.engine import make_engine
from vbdaemon.state.register_index import is_index
from vbdaemon.state.revisions import known_revisions
from vbdaemon.state.store import State
from vbdaemon.testing import NOON

FIRST = "0001"
AT = "2026-03-02 05:00:00.000000"
ROWS = (
    (
        "INSERT INTO submissions (id, source, source_key, received_at, acknowledged, state, verdict, version, "
        f"failures) VALUES ('260302-00000001', 'gui', 'k', '{AT}', true, 'ACCEPTED', 'ACCEPT', 1, 0)"
    ),
    f"INSERT INTO attempts VALUES ('260302-00000001', 1, '{AT}', '{AT}', '')",
    f"INSERT INTO decisions VALUES ('260302-00000001', 1, '{AT}', 's', '{{\"documents\": []}}')",
    (
        "INSERT INTO documents (submission_id, ordinal, main_sha256, first_page, verdict, accepted, restricted, book, "
        "year, register_number) VALUES ('260302-00000001', 0, 'a', 1, 'ACCEPT', true, false, 'den', 2026, 1)"
    ),
    "INSERT INTO counters VALUES ('den', 2026, 1)",
    (
        "INSERT INTO deliveries (id, submission_id, kind, key, version, scheme, address, name, state, urgency, "
        "created_at, due_at, attempts) VALUES ('d-1', '260302-00000001', 'notice', 'k', 1, 'folder', 'a', 'n', 'DUE', "
        f"0, '{AT}', '{AT}', 1)"
    ),
    f"INSERT INTO delivery_attempts VALUES ('d-1', 1, '{AT}', NULL, NULL, NULL)",
    f"INSERT INTO events (at, submission_id, kind, words) VALUES ('{AT}', '260302-00000001', 'admitted', 'x')",
    (
        "INSERT INTO acts (submission_id, kind, who, why, at, expected_version, state) VALUES "
        f"('260302-00000001', 'hold', 'a', 'b', '{AT}', 1, 'QUEUED')"
    ),
    "INSERT INTO waivers VALUES ('260302-00000001', 'c', 'f', 'a', 'b')",
    "INSERT INTO cursors VALUES ('plugins', 1)",
)


@pytest.fixture
def first_release(empty_url):
    """A database as the first release left it, with a row in each table."""
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    engine = make_engine(empty_url, writes=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        for row in ROWS:
            connection.execute(text(row))
    engine.dispose()
    return empty_url


def test_a_database_of_the_first_release_gets_the_present_tables_and_keeps_every_row(first_release):
    state = State(first_release)
    assert state.read(lambda c: submissions.get(c, "260302-00000001")).received_at == NOON
    assert [event.kind for event in state.read(lambda c: events.after(c, 0, 10))] == ["admitted"]
    state.close()
    engine = make_engine(first_release, writes=False)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": lambda name, *_: not is_index(name)}
        )
        assert compare_metadata(context, metadata) == []
        counts = {t: connection.scalar(text(f"SELECT count(*) FROM {t}")) for t in metadata.tables}
    engine.dispose()
    old = {row.split()[2] for row in ROWS}
    assert {table for table, count in counts.items() if count} == old | {"register_entries"}


def test_what_the_first_release_registered_is_a_line_of_the_register(first_release):
    state = State(first_release)
    (book,) = state.read(soundness.books)
    lines = "SELECT book, year, arrival_number, submission_id FROM register_entries"
    rows = state.read(lambda c: c.execute(text(lines)).all())
    state.close()
    assert (book.name, book.year, book.last, book.gaps) == ("den", 2026, 1, ())
    assert [tuple(row) for row in rows] == [("den", 2026, 1, "260302-00000001")]


def test_the_first_release_is_known_for_ever():
    assert FIRST in known_revisions()
