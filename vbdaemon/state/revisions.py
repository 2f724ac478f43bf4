"""The revisions of the database that this program knows."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from vbdaemon.errors import StateError
from vbdaemon.state.engine import make_engine


def known_revisions() -> frozenset[str]:
    """Every revision, from the first release to the present; another one is a newer program's."""
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    return frozenset(revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions())


def revision_at(url: str) -> str | None:
    """The revision of the database at `url`; None when it has no tables yet, StateError when it cannot be used."""
    engine = make_engine(url, writes=False)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StateError(f"the database cannot be used: {getattr(error, 'orig', None) or error}") from error
    finally:
        engine.dispose()
