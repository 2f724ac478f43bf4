"""The paragraphs of a Word document in their order, each with the place that tables and text boxes give it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Side, Zone

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TWIPS = 20.0
_CELL_MARGINS = 10.8
"""Points that Word leaves free in a cell, both sides together."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where paragraphs stand."""

    zone: Zone = Zone.BODY
    side: Side | None = Side.WHOLE
    table: int | None = None
    column: int | None = None
    width: float | None = None
    """Room for a line, points; None = unknown in a cell, the page's elsewhere."""
    table_style: str = ""


def paragraphs(root: _Element, zone: Zone = Zone.BODY) -> Iterator[tuple[_Element, Place]]:
    """Every w:p below `root`; those of a text box follow the one that holds it, its fallback copy is passed over."""
    waiting: list[tuple[_Element, Place]] = [(root, Place(zone))]
    tables = 0
    while waiting:
        element, place = waiting.pop()
        tag = element.tag
        if tag == _P:
            yield element, place
        elif tag == _TABLE:
            tables += 1
            place = replace(place, table=tables, table_style=_style(element))
        elif tag == _ROW:
            waiting.extend(reversed(list(_cells(element, place))))
            continue
        elif tag == _BOX:
            place = Place(Zone.BOX, side=None)
        children = [child for child in element if isinstance(child.tag, str) and child.tag not in _PASSED]
        waiting.extend((child, place) for child in reversed(children))


def _cells(row: _Element, place: Place) -> Iterator[tuple[_Element, Place]]:
    cells = [cell for cell in row.iterchildren() if cell.tag == _CELL]
    zone = place.zone if place.zone in {Zone.HEADER, Zone.FOOTER} else Zone.CELL
    for column, cell in enumerate(cells):
        if len(cells) == 1:
            side: Side | None = Side.WHOLE
        elif column in {0, len(cells) - 1}:
            side = Side.RIGHT if column else Side.LEFT
        else:
            side = None
        at = column if column < len(cells) - 1 or not column else -1  # the last column, however many a row has
        yield cell, replace(place, zone=zone, side=side, column=at, width=_width(cell))


def _width(cell: _Element) -> float | None:
    width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    value = width.get(qn("w:w"), "") if width is not None and width.get(qn("w:type"), "dxa") == "dxa" else ""
    return max(int(value) / _TWIPS - _CELL_MARGINS, 1.0) if value.isdigit() and 0 < len(value) < 6 else None  # noqa: PLR2004


def _style(table: _Element) -> str:
    style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
    return style.get(qn("w:val"), "") if style is not None else ""


_P, _TABLE, _ROW, _CELL, _BOX = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:txbxContent")
_PASSED = frozenset({_FALLBACK, qn("w:rPr"), qn("w:pPr"), qn("w:del"), qn("w:moveFrom"), qn("w:t"), qn("w:sectPr")})
