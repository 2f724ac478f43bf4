"""Draws pages of documents, plain or with what was found on them, in a worker: the files are hostile."""

from dataclasses import dataclass
from pathlib import Path

from vbdaemon.model import Box
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.reading.drawing import draw
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


@dataclass(frozen=True, slots=True)
class DrawTask:
    """Draw one page (counted from 1) with boxes and their names."""

    path: Path
    page: int
    boxes: tuple[tuple[Box, str], ...]

    def run(self, place: Workplace) -> bytes:
        """PNG; PageNotDrawable when there is no such page."""
        del place
        return draw(self.path, self.page, self.boxes)
