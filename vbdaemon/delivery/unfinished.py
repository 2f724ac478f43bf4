"""The note beside a dropped file that looks half-copied: not a delivery of a submission, nothing was admitted yet."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from vbdaemon.model import Delivery, DeliveryKind, Destination, Outcome, OutgoingFile
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.rendering.notice import render_unfinished


@dataclass(frozen=True, slots=True)
class UnfinishedTask:
    """Tell in the results folder that a file stands there unfinished."""

    results: str
    """Folder relative to the exchange root."""
    file_name: str
    since: datetime

    def run(self, place: Workplace) -> Outcome:
        """The outcome of writing the note; the same file since the same moment is told once."""
        told = hashlib.sha256(f"{self.results}\0{self.file_name}\0{self.since.isoformat()}".encode()).hexdigest()[:12]
        notice = render_unfinished(self.file_name, place.snapshot.office, self.since)
        name = f"chua-hoan-chinh_{told}"
        bodies = {"html": notice.html, "txt": notice.text, "json": notice.machine}
        files = tuple(
            OutgoingFile(f"{name}.{ending}", hashlib.sha256(body.encode()).hexdigest(), body=body.encode())
            for ending, body in bodies.items()
        )
        destination = Destination("folder", self.results)
        delivery = Delivery(f"unfinished-{told}", "", DeliveryKind.NOTICE, destination, name, self.since)
        answer = place.registry.first("deliver", delivery=delivery, files=files, snapshot=place.snapshot)
        return answer.value if answer else Outcome.failed("no plugin delivers to folders")
