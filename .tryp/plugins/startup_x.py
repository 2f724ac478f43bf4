"""startup_x: say here in one line what it is for.

    [plugins]
    enabled = ["startup_x"]

    [plugins.startup_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.startup_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    required: tuple[str, ...] = ()
    """Folders that must be there before the daemon may start."""


class StartupXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def startup(self) -> None:
        """Once in every worker, before anything else. An error stops the daemon's start and names file and line."""
        for folder in self._settings.required:
            if not Path(folder).is_dir():
                raise FileNotFoundError(folder)  # remedy: make the folder, or take it out of the settings


def plugin(settings: Settings) -> StartupXHooks:
    """What vbdaemon calls with the settings from `[plugins.startup_x]`."""
    return StartupXHooks(settings)
