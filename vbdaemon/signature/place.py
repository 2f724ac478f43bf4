"""Where a visible signature stands: page, box as shown, area."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from vbdaemon.model import Box, Position, SignatureArea
from vbdaemon.signature.entry import entry

A4 = (0.0, 0.0, 595.0, 842.0)
TOP_STRIP = 0.12
"""Part of page 1, from the top, in which the signature of a scan stands (TT 01/2019; NĐ 30/2020 App. I, part II)."""
HEADING = 0.22
"""Part of page 1 that the heading takes: number and date stand in it, no signature block does."""
BLOCK_FROM_LEFT = 0.38
"""The signature block stands in the right half; a seal lies one third over it on its left."""
LARGEST_TREE = 10_000
"""Nodes of the page tree that are followed."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page as shown: visible box in PDF coordinates, clockwise rotation, number from 1."""

    number: int
    visible: tuple[float, float, float, float]
    rotation: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        x0, y0, x1, y1 = self.visible
        return (y1 - y0, x1 - x0) if self.rotation in (90, 270) else (x1 - x0, y1 - y0)

    def shown(self, rectangle: tuple[float, float, float, float]) -> Box:
        """A rectangle of PDF coordinates as a box with its origin at the top-left corner as shown."""
        x0, y0, x1, y1 = self.visible
        corners = [self._turned(x - x0, y - y0, x1 - x0, y1 - y0) for x, y in (rectangle[:2], rectangle[2:])]
        across, down = zip(*corners, strict=True)
        return Box(min(across), min(down), max(across), max(down))

    def _turned(self, x: float, y: float, width: float, height: float) -> tuple[float, float]:
        if self.rotation == 90:  # noqa: PLR2004 - the four right angles
            return y, x
        if self.rotation == 180:  # noqa: PLR2004
            return width - x, y
        if self.rotation == 270:  # noqa: PLR2004
            return height - y, width - x
        return x, height - y


def position(reader: PdfFileReader, field: generic.DictionaryObject) -> Position:
    """Page, box and area of a signature field's widget; invisible when it has no box with a surface."""
    widget = _widget(field)
    rectangle = _rectangle(widget)
    if rectangle is None:
        return Position(1, SignatureArea.INVISIBLE)
    frame = _frame(reader, widget)
    box = frame.shown(rectangle)
    return Position(frame.number, area(box, frame), box)


def area(box: Box, frame: PageFrame) -> SignatureArea:
    """What the place of a box suggests; a hint for the kind of document, never a ground for refusal."""
    width, height = frame.size
    across, down = box.centre
    if frame.number == 1 and down < TOP_STRIP * height:
        return SignatureArea.TOP_RIGHT if across > width / 2 else SignatureArea.OTHER
    if across > BLOCK_FROM_LEFT * width and not (frame.number == 1 and down < HEADING * height):
        return SignatureArea.SIGNATURE_BLOCK
    return SignatureArea.OTHER


def _widget(field: generic.DictionaryObject) -> generic.DictionaryObject:
    if "/Rect" in field or not entry(field, "/Kids"):
        return field
    kid = field["/Kids"][0]
    return kid if isinstance(kid, generic.DictionaryObject) else field


def _rectangle(widget: generic.DictionaryObject) -> tuple[float, float, float, float] | None:
    edges = [float(edge) for edge in entry(widget, "/Rect", ())]
    if len(edges) != 4:  # noqa: PLR2004 - a rectangle has four edges
        return None
    x0, x1 = sorted((edges[0], edges[2]))
    y0, y1 = sorted((edges[1], edges[3]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _frame(reader: PdfFileReader, widget: generic.DictionaryObject) -> PageFrame:
    """The page that the widget names (/P), or whose annotations hold it; page 1 when neither tells."""
    target = widget.raw_get("/P") if "/P" in widget else None
    own = widget.container_ref
    for number, (page, inherited) in enumerate(_pages(reader.root["/Pages"], {}, set()), start=1):
        if target is not None and page.container_ref == target.reference:
            return _framed(number, inherited)
        if target is None and own in _annotations(page):
            return _framed(number, inherited)
    return PageFrame(1, A4, 0)


def _annotations(page: generic.DictionaryObject) -> list[object]:
    entries = entry(page, "/Annots", ())
    raw = (entries.raw_get(index) for index in range(len(entries)))
    return [each.reference for each in raw if isinstance(each, generic.IndirectObject)]


def _pages(
    node: generic.DictionaryObject, inherited: dict[str, Any], seen: set[object]
) -> Iterator[tuple[generic.DictionaryObject, dict[str, Any]]]:
    """All pages in order, each with the attributes that it has or inherits; a node met twice is left out."""
    if node.container_ref in seen or len(seen) > LARGEST_TREE:
        return
    seen.add(node.container_ref)
    own = inherited | {key: node[key] for key in ("/MediaBox", "/CropBox", "/Rotate") if key in node}
    if "/Kids" not in node:
        yield node, own
        return
    kids = node["/Kids"]
    for index in range(len(kids)):
        yield from _pages(kids[index], own, seen)


def _framed(number: int, attributes: dict[str, Any]) -> PageFrame:
    box = attributes.get("/CropBox") or attributes.get("/MediaBox") or A4
    edges = [float(edge) for edge in box]
    x0, x1 = sorted((edges[0], edges[2]))
    y0, y1 = sorted((edges[1], edges[3]))
    return PageFrame(number, (x0, y0, x1, y1), int(attributes.get("/Rotate") or 0) % 360)
