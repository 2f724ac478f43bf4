"""Commands open the state beside a daemon: they look, and never migrate."""

import pytest

from vbdaemon.errors import StateError, StateNewer
from vbdaemon.state import submissions
from vbdaemon.state.engine import make_engine
from vbdaemon.state.store import State
from vbdaemon.testing import NOON


def test_a_command_reads_and_writes_beside_the_daemon(url, state):
    beside = State(url, beside=True)
    state.admit("260302-00000001", "gui", "1", NOON).result()
    assert [row.id for row in beside.read(submissions.listed)] == ["260302-00000001"]
    beside.acknowledge("260302-00000001")
    beside.close()
    assert state.read(lambda c: submissions.get(c, "260302-00000001")).acknowledged


def test_a_command_never_migrates(empty_url):
    with pytest.raises(StateError, match="not migrated yet"):
        State(empty_url, beside=True)
    engine = make_engine(empty_url, writes=False)
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "submissions")
    engine.dispose()


def test_a_command_refuses_a_newer_database(empty_url):
    State(empty_url).close()
    engine = make_engine(empty_url, writes=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StateNewer):
        State(empty_url, beside=True)
