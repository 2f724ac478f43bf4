"""A copy of a Word file with comments at places; the file itself stays as it is."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml.etree import _Element

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import Limits, Problem
from vbdaemon.model.layout import Zone
from vbdaemon.reading.archive import archive_problem
from vbdaemon.reading.docx_runs import own_runs
from vbdaemon.reading.docx_walk import paragraphs
from vbdaemon.reading.edge import guarded

AUTHOR, INITIALS = "vbdaemon", "VB"


class NotAnnotatable(VbdaemonError):
    """The file cannot be given comments; it must be a Word file (.docx) within the limits."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Words beside a paragraph; None = about the document as a whole."""

    index: int | None
    """As `Paragraph.index` of the layout."""
    words: str


def with_comments(path: Path, remarks: Iterable[Remark], limits: Limits) -> bytes:
    """The Word file with a comment for each remark. NotAnnotatable when it is none, or has no words."""
    if archive_problem(path, limits) is not None:
        raise NotAnnotatable
    made = guarded(lambda: _written(path, tuple(remarks)), "comments")
    if isinstance(made, Problem):
        raise NotAnnotatable
    return made


def _written(path: Path, remarks: tuple[Remark, ...]) -> bytes:
    document = docx.Document(str(path))
    places = list(paragraphs(document.element.body))
    # comments stand in the text itself: not in text boxes, not where no run can bear one
    bearing = [n for n, (element, place) in enumerate(places) if place.zone is not Zone.BOX and _runs(element)]
    if not bearing:
        raise NotAnnotatable
    for remark in remarks:
        wanted = remark.index or 0
        at = next((n for n in reversed(bearing) if n <= wanted), bearing[0])
        element = places[at][0]
        _comment(document, element, remark.words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _comment(document: Document, element: _Element, words: str) -> None:
    owner = Paragraph(element, document._body)  # type: ignore[arg-type]  # noqa: SLF001 - lxml types; the story part
    runs = [Run(run, owner) for run in _runs(element)]  # type: ignore[arg-type]  # as above
    document.add_comment([runs[0], runs[-1]], text=words, author=AUTHOR, initials=INITIALS)


def _runs(paragraph: _Element) -> list[_Element]:
    """Runs of the paragraph that hold words; all children of one element, so that a comment's ends stay together."""
    runs = [run for run in own_runs(paragraph) if run.find(qn("w:t")) is not None]
    direct = [run for run in runs if run.getparent() is paragraph]
    return direct or [run for run in runs if run.getparent() is runs[0].getparent()]
