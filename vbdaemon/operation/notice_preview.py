"""The notice that would go out for a decision, composed in a worker: plugins and hostile files have a part in it."""

from dataclasses import dataclass
from pathlib import Path

from vbdaemon.delivery.notice import Addressed, Composed, compose
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision


@dataclass(frozen=True, slots=True)
class PreviewTask:
    """Compose one notice."""

    about: Addressed
    decision: Decision
    spool: Path
    """Where the submission lies; only read."""
    plain: bool = False
    """In the built-in words."""

    def run(self, place: Workplace) -> Composed:
        """The notice; SpoolDamaged when the bytes are not what was stored."""
        return compose(self.about, self.decision, Spool(self.spool), place, plain=self.plain)
