"""Bringing a database to the present revision; a newer one is refused."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from vbdaemon.errors import StateError, StateNewer


def require_current(engine: Engine) -> None:
    """Commands beside a daemon never migrate; StateError when the database has other tables than this program."""
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", None) or error)
        raise StateError(f"the database cannot be used: {words}; check [state] url and the folder's owner") from error
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    script = ScriptDirectory.from_config(config)
    if present == script.get_current_head():
        return
    if present is not None and present not in {revision.revision for revision in script.walk_revisions()}:
        raise StateNewer
    raise StateError("the database is not migrated yet; start the daemon of this version once")


def migrate(engine: Engine) -> None:
    """The database has the present tables; StateNewer when it has later ones, StateError when it cannot be used."""
    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    try:
        with engine.begin() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
            script = ScriptDirectory.from_config(config)
            if present is not None and present not in {revision.revision for revision in script.walk_revisions()}:
                raise StateNewer
            if present == script.get_current_head():
                return
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (SQLAlchemyError, CommandError) as error:
        words = str(getattr(error, "orig", None) or error)
        raise StateError(f"the database cannot be used: {words}; check [state] url and the folder's owner") from error
