"""route_x: say here in one line what it is for.

    [plugins]
    enabled = ["route_x"]

    [plugins.route_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Destination, Snapshot

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.route_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    forms: tuple[str, ...] = ()
    """Slugs of forms that go to one more unit, such as "bao-cao"."""
    unit: str = ""
    """Code of that unit in units.toml; it must have a folder."""


class RouteXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def route(self, classification: Classification, snapshot: Snapshot) -> tuple[Destination, ...]:
        """One more destination for these forms; answers of all plugins are joined."""
        unit = snapshot.directory.unit(self._settings.unit)
        form = classification.form.value if classification.form else ""
        if unit is None or unit.folder is None or form not in self._settings.forms:
            return ()
        return (Destination("folder", f"{unit.folder}/{snapshot.inbox}", unit.code),)


def plugin(settings: Settings) -> RouteXHooks:
    """What vbdaemon calls with the settings from `[plugins.route_x]`."""
    return RouteXHooks(settings)
