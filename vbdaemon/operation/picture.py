"""Draws the first pages of documents, in a worker: the files are hostile."""

from dataclasses import dataclass
from pathlib import Path

from vbdaemon.pipeline.worker import Workplace
from vbdaemon.reading.picture import page_png


@dataclass(frozen=True, slots=True)
class PictureTask:
    """Draw one page (counted from 1) of a file."""

    path: Path
    page: int

    def run(self, place: Workplace) -> bytes | None:
        """PNG, or None when it cannot be drawn."""
        del place
        return page_png(self.path, self.page)
