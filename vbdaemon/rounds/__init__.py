"""What the daemon does again and again beside deciding and delivering; one file a round."""

from typing import Protocol

from vbdaemon.rounds.acts import Acts
from vbdaemon.rounds.overdue import Overdue
from vbdaemon.rounds.trackers import Trackers

__all__ = ["Acts", "Overdue", "Round", "Trackers"]


class Round(Protocol):
    """Something that is looked at about once a second; each decides by itself when it is its turn."""

    def tick(self) -> None:
        """One look."""
