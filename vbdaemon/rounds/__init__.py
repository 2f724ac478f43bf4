"""What the daemon does again and again beside deciding and delivering; one file a round."""

from typing import Protocol

from vbdaemon.rounds.acts import Acts
from vbdaemon.rounds.fetching import Fetching
from vbdaemon.rounds.overdue import Overdue
from vbdaemon.rounds.receipts import Receipts
from vbdaemon.rounds.reload import Reload
from vbdaemon.rounds.trackers import Trackers

__all__ = ["Acts", "Fetching", "Overdue", "Receipts", "Reload", "Round", "Trackers"]


class Round(Protocol):
    """Something that is looked at about once a second; each decides by itself when it is its turn."""

    def tick(self) -> None:
        """One look."""
