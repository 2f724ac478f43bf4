"""`vbdaemon init DIR`: a new site, ready to run."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from vbdaemon.config import load_settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import lay_out
from vbdaemon.snapshot import build_snapshot

FOLDERS = ("config/trust", "plugins", "spool", "exchange")
FILES = {
    "config/vbdaemon.toml": "vbdaemon.toml",
    "config/units.toml": "units.toml",
    "config/routes.toml": "routes.toml",
    "config/holidays.toml": "holidays.toml",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Write settings, a directory of units and folders for a new site."""
    taken = [name for name in FILES if (folder / name).exists()]
    if taken:
        raise ConfigurationError(f"{folder / taken[0]} is there already; choose another folder, nothing was written")
    try:
        write_site(folder)
        settings = load_settings(folder / "config/vbdaemon.toml")
        lay_out(settings, build_snapshot(settings))
    except OSError as error:
        raise ConfigurationError(f"{folder}: {error.strerror}") from error
    typer.echo(f"A new site lies in {folder}. Next:")
    typer.echo(f"  1. name your office and units in {folder}/config/vbdaemon.toml and {folder}/config/units.toml")
    typer.echo(f"  2. vbdaemon --config {folder}/config/vbdaemon.toml check")
    typer.echo(f"  3. vbdaemon --config {folder}/config/vbdaemon.toml run")


def write_site(folder: Path) -> None:
    """The files and folders of a new site."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "spool").chmod(0o700)
    for name, template in FILES.items():
        (folder / name).write_text(shipped(template), encoding="utf-8")


def shipped(name: str) -> str:
    """A file of the site that is shipped with the program."""
    return resources.files("vbdaemon").joinpath("site", name).read_text(encoding="utf-8")
