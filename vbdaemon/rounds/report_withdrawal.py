"""Extracts of a book are taken back when a document in them is locked away: the book says no word of it any more."""

import os
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog

from vbdaemon.errors import SpoolError
from vbdaemon.report.period import PeriodKind, period_with
from vbdaemon.report.register_book import book_stem
from vbdaemon.state import report_extracts
from vbdaemon.state.store import State

log = structlog.get_logger("reports")
KINDS = (PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)


def take_back(state: State, root: Path, at: datetime) -> None:
    """Remove extracts that were made before one of their documents was locked away, and withdraw their letters.

    SpoolError when the disk does not let them go; the next look repeats it.
    """
    for line in state.read(report_extracts.locked_lines):
        for kind in KINDS:
            folder = root / book_stem(line.book, line.direction, period_with(kind, line.on).slug)
            if _made_before(folder, line.locked_at):
                letters = state.write(partial(report_extracts.withdraw, folder=folder.name, at=at))
                _remove(folder)
                log.warning("extract taken back, a document in it was locked away", report=folder.name, letters=letters)


def date_back(folder: Path, at: datetime) -> None:
    """The report tells what was known at this moment: what is locked away while it is written stands in it too.

    SpoolError when the disk does not take it.
    """
    try:
        os.utime(folder, (at.timestamp(), at.timestamp()))
    except OSError as error:
        raise SpoolError(f"report {folder.name} cannot be dated: {error.strerror}; mend rights") from error


def _made_before(folder: Path, at: datetime) -> bool:
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC) <= at
    except OSError:
        return False


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        words = f"{folder} cannot be removed: {error.strerror}; a document in it was locked away, remove it by hand"
        raise SpoolError(words) from error
