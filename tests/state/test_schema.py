"""Migrations on an empty database, on a present one, on a newer one, and on what is no database."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from vbdaemon.errors import StateError, StateNewer
from vbdaemon.state.complete import metadata
from vbdaemon.state.engine import make_engine
from vbdaemon.state.register_index import is_index
from vbdaemon.state.schema import known_revisions, migrate
from vbdaemon.state.store import State
from vbdaemon.testing import NOON


def test_an_empty_database_gets_every_table(empty_url):
    engine = make_engine(empty_url, writes=True)
    migrate(engine)
    assert set(metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_the_last_revision_makes_exactly_the_present_tables(empty_url):
    engine = make_engine(empty_url, writes=True)
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": lambda name, *_: not is_index(name)}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_second_start_keeps_what_was_written(empty_url):
    first = State(empty_url)
    first.admit("260302-00000001", "gui", "key", NOON).result()
    first.close()
    second = State(empty_url)
    assert second.is_known("260302-00000001")
    second.close()


def test_a_database_of_a_newer_version_is_refused_and_not_touched(empty_url):
    State(empty_url).close()
    engine = make_engine(empty_url, writes=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateNewer, match="install that version"):
        State(empty_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["not a url", "nosuch://somewhere/x", "sqlite+nosuch:///x", "postgresql+psycopg://nobody@127.0.0.1:1/x"],
)
def test_a_url_that_leads_to_no_database_is_a_mistake_in_words(url):
    with pytest.raises(StateError, match=r"state url|cannot be used"):
        State(url)


def test_a_file_that_is_no_database_is_a_mistake_in_words(tmp_path: Path):
    (tmp_path / "state.sqlite3").write_bytes(b"Kinh gui: UBND huyen\n" * 500)
    with pytest.raises(StateError, match=r"cannot be used.*check \[state\] url"):
        State(f"sqlite:///{tmp_path / 'state.sqlite3'}")


def test_a_missing_folder_is_a_mistake_in_words(tmp_path: Path):
    with pytest.raises(StateError, match="unable to open"):
        State(f"sqlite:///{tmp_path / 'absent' / 'state.sqlite3'}")


def test_the_files_name_every_revision_in_their_order():
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    chain = [revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(known_revisions()) == chain[::-1]
