"""`vbdaemon migrate`: the database gets the tables of this program, before the daemon of it starts."""

from pathlib import Path

import typer

from vbdaemon.claim import Ownership
from vbdaemon.cli.site import Site
from vbdaemon.config import SQLITE
from vbdaemon.errors import StateError, StateLocked


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(migrate)


def migrate(context: typer.Context) -> None:
    """Bring the database up to date, as the daemon does when it starts; a newer program's database is refused."""
    from vbdaemon.state.revisions import revision_at  # noqa: PLC0415 - Alembic takes its time to load
    from vbdaemon.state.store import State  # noqa: PLC0415 - as above

    site: Site = context.obj
    settings = site.settings()
    url = settings.state_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        raise StateError("there is no database here yet; the daemon makes it when it starts")
    owner = Ownership(settings.path(settings.spool.path))
    try:
        owner.take()
    except StateLocked as error:
        raise StateLocked("a daemon runs here; stop it before its database changes: systemctl stop vbdaemon") from error
    try:
        before = revision_at(url)
        State(url).close()
        after = revision_at(url)
    finally:
        owner.release()
    typer.echo(f"database: {before} -> {after}" if before != after else f"database: {after}, up to date")
