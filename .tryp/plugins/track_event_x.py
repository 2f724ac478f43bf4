"""track_event_x: say here in one line what it is for.

    [plugins]
    enabled = ["track_event_x"]

    [plugins.track_event_x]
    # keys of its own

What the keys mean stands in the class Settings.
"""

import logging

from pydantic import BaseModel, ConfigDict

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Event

__version__ = "1"


class Settings(BaseModel):
    """`[plugins.track_event_x]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # so that a misspelt key is a mistake

    kinds: tuple[str, ...] = ("processing-failed", "spool-damaged", "notice-fallback")
    """Kinds of events that are told; events carry no text, name or subject of a document."""


class TrackEventXHooks:
    """The hooks with their settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @hookimpl
    def track_event(self, event: Event) -> None:
        """After the event is committed, at least once; an error is logged and changes nothing."""
        if event.kind in self._settings.kinds:
            logging.getLogger("track_event_x").warning("%s %s %s", event.kind, event.submission or "", event.words)


def plugin(settings: Settings) -> TrackEventXHooks:
    """What vbdaemon calls with the settings from `[plugins.track_event_x]`."""
    return TrackEventXHooks(settings)
