"""Shows committed events to plugins, in order, at least once; a plugin that fails stops nothing."""

from dataclasses import dataclass

from vbdaemon.model import Event
from vbdaemon.pipeline.worker import Workplace


@dataclass(frozen=True, slots=True)
class TrackTask:
    """Show these events to every plugin that tracks them."""

    events: tuple[Event, ...]

    def run(self, place: Workplace) -> tuple[str, ...]:
        """The failures, in words for the log."""
        return tuple(
            str(failure)
            for event in self.events
            for failure in place.registry.each("track_event", event=event)
            if failure is not None
        )
