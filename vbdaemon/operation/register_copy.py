"""A printed copy of a registered document with its stamp ĐẾN, made in a worker: the file is hostile."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vbdaemon.errors import VbdaemonError
from vbdaemon.operation.register_printing import PDF
from vbdaemon.pipeline.decide import load, whole_of
from vbdaemon.pipeline.stages.tally import Tally
from vbdaemon.pipeline.stages.unpacking import unpack
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.reading.stamping import lay_over, prepare_copy
from vbdaemon.rendering.arrival_stamp import HEIGHT, NOTE_HEIGHT, WIDTH, ArrivalStamp, draw_stamp
from vbdaemon.spool.store import Spool
from vbdaemon.state.records import Decision


class NotToPrint(VbdaemonError):
    """There is no PDF to print of this line."""


@dataclass(frozen=True, slots=True)
class CopyTask:
    """Copy a file of a document, stamped."""

    spool: Path
    submission: str
    sha256: str
    decision: Decision
    stamp: ArrivalStamp
    at: datetime
    first_page: int = 1
    """Where the document begins in the file."""
    last_page: int | None = None
    """Where it ends; None = where the file does."""

    def run(self, place: Workplace) -> tuple[bytes, bool]:
        """The copy, and whether page 1 had to be shrunk; NotToPrint or NoCopy say why there is none."""
        original = self._original(place)
        copy = prepare_copy(original, WIDTH, HEIGHT + NOTE_HEIGHT, self.first_page, self.last_page)
        drawing = draw_stamp(self.stamp, copy.width, copy.height, copy.place, self.at)
        title = f"Bản sao có dấu đến số {self.stamp.number}/{self.stamp.day.year}"
        return lay_over(copy, drawing, title), copy.shrunk

    def _original(self, place: Workplace) -> Path:
        """Where the file's bytes can be read; taken out of its mail or archive where it lies in one."""
        spool = Spool(self.spool)
        submission = load(spool, self.submission, ())
        submission = whole_of(submission, self.decision, place) if self.decision.joined else submission
        files = {file.sha256: file for file in submission.files}
        if self.sha256 not in files:
            unpacked = unpack(submission, Tally(place.registry), place.snapshot, place.scratch)
            files = {file.sha256: file for file in unpacked.files}
        if self.sha256 not in files:
            raise NotToPrint("the file of this document is not kept any more")
        found = files[self.sha256]
        if found.media_type != PDF:
            raise NotToPrint(f"the document is no PDF ({found.media_type}); print it with the program it is written in")
        return found.path
