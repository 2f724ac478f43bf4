"""Bringing a database to the present revision; a newer one is refused."""

from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import column, table

from vbdaemon.errors import StateError, StateNewer

_VERSION = table("alembic_version", column("version_num"))


def known_revisions() -> tuple[str, ...]:
    """The revisions of this program, oldest first: a file r0001_….py makes revision 0001."""
    folder = files("vbdaemon.state") / "migrations" / "versions"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[1:5] for name in names if name.startswith("r") and name.endswith(".py")))


def require_current(engine: Engine) -> None:
    """Commands beside a daemon never migrate; StateError when the database has other tables than this program."""
    try:
        with engine.connect() as connection:
            current = _is_current(connection)
    except SQLAlchemyError as error:
        raise _unusable(error) from error
    if not current:
        raise StateError("the database is not migrated yet; start the daemon of this version once")


def migrate(engine: Engine) -> None:
    """The database has the present tables; StateNewer when it has later ones, StateError when it cannot be used."""
    try:
        with engine.begin() as connection:
            if not _is_current(connection):
                _upgrade(connection)
    except SQLAlchemyError as error:
        raise _unusable(error) from error


def _is_current(connection: Connection) -> bool:
    """StateNewer for a revision that this program does not know."""
    if not inspect(connection).has_table(_VERSION.name):
        return False
    present: str | None = connection.scalar(select(_VERSION.c.version_num))
    known = known_revisions()
    if present is not None and present not in known:
        raise StateNewer
    return present == known[-1]


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that no command pays whose tables are there
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "vbdaemon.state:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> StateError:
    words = str(getattr(error, "orig", None) or error)
    return StateError(f"the database cannot be used: {words}; check [state] url and the folder's owner")
