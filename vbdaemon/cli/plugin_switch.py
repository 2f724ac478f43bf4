"""`vbdaemon plugin enable|disable NAME`: the list in vbdaemon.toml, with everything else in it left as it is."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.cli.plugin_past import past
from vbdaemon.cli.reader import open_reader
from vbdaemon.cli.site import Site, person
from vbdaemon.clock import system_clock
from vbdaemon.config import Settings
from vbdaemon.config.settings import parse_settings, read_toml
from vbdaemon.errors import ConfigurationError, PluginError
from vbdaemon.operation.plugin_mode import with_shadow, without_mode
from vbdaemon.operation.plugin_off import switch_on
from vbdaemon.operation.plugin_survey import loaded
from vbdaemon.operation.plugin_switch import with_disabled, with_enabled
from vbdaemon.plugin_file import ENTRY_POINTS, found_in
from vbdaemon.spool.durable import sync_folder, write_file

Name = Annotated[str, typer.Argument(metavar="NAME")]
TAKEN_UP = "The daemon takes it up when it starts, or now: vbdaemon reload"


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command()(enable)
    app.command()(disable)


def enable(
    context: typer.Context,
    name: Name,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="Its answers are recorded and compared, and act on nothing.")
    ] = False,
) -> None:
    """Add a plugin at the end of [plugins] enabled, once it is certain that it loads.

    One that only watched acts from now on; one that was switched off after failures is on again.
    """
    site: Site = context.obj
    settings = site.settings()
    plugins = settings.plugins
    watches = name in plugins.shadow
    if name in plugins.enabled and watches == shadow:
        _again(settings, name)
        return
    require_there(settings, name)
    mode = with_shadow if shadow else without_mode
    _change(site.path(), lambda text: mode(with_enabled(text, name), name), check=_require_loading)
    what = f"{name} watches only" if shadow else f"{name} acts" if watches else f"{name} is enabled, the last"
    typer.echo(f"{what} in {site.path()}. {TAKEN_UP}")


def _again(settings: Settings, name: str) -> None:
    """It is in the settings already, and on again if it was switched off."""
    if name not in past(settings).off:
        typer.echo(f"{name} is enabled already{', and watches only' if name in settings.plugins.shadow else ''}")
        return
    _require_loading(settings)
    switch_on(open_reader(settings), name, person(), system_clock())
    typer.echo(f"{name} is on again; a running daemon notices within a second, and judges what waited for it again")


def disable(context: typer.Context, name: Name) -> None:
    """Take a plugin out of [plugins] enabled; its settings are kept as comments for the next time."""
    site: Site = context.obj
    settings = site.settings()
    if name not in settings.plugins.enabled and name not in settings.plugins.tables:
        raise PluginError(f"{name!r} is not enabled; vbdaemon plugin list names those that are")
    _change(site.path(), lambda text: with_disabled(text, name), check=_nothing)
    typer.echo(f"{name} is disabled in {site.path()}. {TAKEN_UP}")


def require_there(settings: Settings, name: str) -> None:
    """PluginError in one line when neither the folder nor a package has a plugin of this name."""
    folder = settings.path(settings.plugins.folder)
    there = found_in(folder)
    if name not in there and not any(point.name == name for point in entry_points(group=ENTRY_POINTS)):
        known = f"those there are {', '.join(there)}" if there else "the folder has none"
        raise PluginError(f"there is no plugin {name!r} in {folder}; {known}")


def _require_loading(settings: Settings) -> None:
    """A worker loads all plugins, those too that only watch: one that hangs or crashes breaks only the worker."""
    loaded(settings, settings.plugins.enabled)


def _nothing(settings: Settings) -> None:
    """What is switched off needs no check."""


def _change(path: Path, change: Callable[[str], str], check: Callable[[Settings], None]) -> None:
    """The changed text counts only when it is sound; the file is replaced as a whole, rights and owner kept."""
    with _typist():
        path = path.resolve()
        read_toml(path, "settings")  # says where it is no TOML
        changed = change(path.read_bytes().decode("utf-8"))
        draft = path.with_name(f".{path.name}.new")
        try:
            draft.unlink(missing_ok=True)
            write_file(draft, changed.encode("utf-8"))
            shutil.copystat(path, draft)
            status = path.stat()
            if os.geteuid() == 0:
                os.chown(draft, status.st_uid, status.st_gid)
        except OSError as error:
            raise ConfigurationError(f"{draft}: {error.strerror}; nothing was changed") from error
        table = read_toml(draft, "settings")
    try:
        check(parse_settings(table, path))
        with _typist():
            draft.replace(path)
            sync_folder(path.parent)
    finally:
        with _typist():
            draft.unlink(missing_ok=True)


@contextmanager
def _typist() -> Iterator[None]:
    """As the person who typed: root's commands act as the daemon's user, who may not write the settings."""
    group, user = os.getegid(), os.geteuid()
    os.seteuid(os.getuid())
    os.setegid(os.getgid())
    try:
        yield
    finally:
        os.setegid(group)
        os.seteuid(user)
