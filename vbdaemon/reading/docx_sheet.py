"""Paper, margins and page numbers of a Word document, section by section."""

import re
from collections.abc import Iterator

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Alignment, PageNumber, Run, Sheet, Zone
from vbdaemon.reading.docx_spread import Spreads
from vbdaemon.reading.docx_style import Styles

_TWIPS = 20.0
_WIDE = 3
"""A table of so many columns may need a sheet on its side."""
_OFF = frozenset({"0", "false", "off", "none"})
_PAGE = re.compile(r"\bPAGE\b(?P<switches>.*)", re.DOTALL)
_OTHER_NUMERALS = re.compile(r"roman|alphabetic|cardtext|ordtext", re.IGNORECASE)
_FRAMES = {"center": Alignment.CENTRE, "right": Alignment.RIGHT, "outside": Alignment.RIGHT, "left": Alignment.LEFT}
_ZONES = (("header", Zone.HEADER), ("footer", Zone.FOOTER))


def sheets(body: _Element) -> tuple[Sheet, ...]:
    """The sections in their order; a file without any has none."""
    found, wide = [], False
    for element in body.iter(qn("w:sectPr"), qn("w:tblGrid")):
        if element.tag == qn("w:tblGrid"):
            wide = wide or len(element) >= _WIDE
        elif _parent(element) != qn("w:sectPrChange"):
            sheet = _sheet(element, wide)
            if sheet is not None:
                found.append(sheet)
            wide = False
    return tuple(found)


def page_number(document: Document, styles: Styles, spreads: Spreads) -> PageNumber | None:
    """How pages are numbered, by the first section that numbers them; None when no field says so."""
    sections = (s for s in document.element.body.iter(qn("w:sectPr")) if _parent(s) != qn("w:sectPrChange"))
    for number, section in enumerate(sections):
        for name, zone in _ZONES:
            part = _part(document, section, name, "default")
            found = _field(part, styles, spreads) if part is not None else None
            if found is not None:
                run, alignment, switches = found
                kind = section.find(qn("w:pgNumType"))
                return PageNumber(
                    zone,
                    run,
                    alignment,
                    arabic=_arabic(kind, switches),
                    start=None if number else _start(kind),
                    # where a later section begins the numbers, page 1 has none
                    first_hidden=bool(number) or _first_hidden(document, section, name, styles, spreads),
                )
    return None


def running_parts(document: Document) -> Iterator[tuple[_Element, Zone]]:
    """Every header and footer."""
    for relation in document.part.rels.values():
        for name, zone in _ZONES:
            if relation.reltype.endswith(f"/{name}") and not relation.is_external:
                yield relation.target_part.element, zone


def _sheet(section: _Element, wide: bool) -> Sheet | None:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width, height = _points(size, "w:w"), _points(size, "w:h")
    if not width or not height:
        return None
    left = _points(margins, "w:left")
    return Sheet(
        width,
        height,
        top=_points(margins, "w:top"),
        bottom=_points(margins, "w:bottom"),
        left=left + (_points(margins, "w:gutter") or 0.0) if left is not None else None,
        right=_points(margins, "w:right"),
        wide_table=wide,
    )


def _part(document: Document, section: _Element, name: str, kind: str) -> _Element | None:
    for reference in section.iterchildren(qn(f"w:{name}Reference")):
        if reference.get(qn("w:type"), "default") == kind:
            relation = document.part.rels.get(reference.get(qn("r:id"), ""))
            if relation is not None and not relation.is_external:
                element: _Element = relation.target_part.element
                return element
    return None


def _field(part: _Element, styles: Styles, spreads: Spreads) -> tuple[Run, Alignment | None, str] | None:
    """The page number's own type, its alignment, and the field's switches."""
    for paragraph in part.iter(qn("w:p")):
        for element in paragraph.iter(qn("w:fldSimple"), qn("w:instrText")):
            words = element.get(qn("w:instr")) or element.text or ""
            found = _PAGE.search(words)
            if found is None:
                continue
            inner = element.iter(qn("w:r")) if element.tag == qn("w:fldSimple") else element.iterancestors(qn("w:r"))
            run = next(iter(inner), None)
            inherited = styles.paragraph(paragraph)
            format_ = styles.run(run, inherited) if run is not None else inherited
            style = format_.style
            return (
                Run("1", style.font, style.size, style.bold, style.italic),
                _aligned(paragraph, spreads),
                found["switches"],
            )
    return None


def _aligned(paragraph: _Element, spreads: Spreads) -> Alignment | None:
    """By its frame, its alignment tab, or the paragraph; unknown behind plain tabs."""
    properties = paragraph.find(qn("w:pPr"))
    frame = properties.find(qn("w:framePr")) if properties is not None else None
    if frame is not None and frame.get(qn("w:xAlign")):
        return _FRAMES.get(frame.get(qn("w:xAlign"), ""))
    tab = next(paragraph.iter(qn("w:ptab")), None)
    if tab is not None:
        return _FRAMES.get(tab.get(qn("w:alignment"), ""))
    if any(_parent(each) == qn("w:r") for each in paragraph.iter(qn("w:tab"))):
        return None
    return spreads.of(properties).alignment or Alignment.LEFT


def _parent(element: _Element) -> str:
    parent = element.getparent()
    return str(parent.tag) if parent is not None else ""


def _arabic(kind: _Element | None, switches: str) -> bool:
    if _OTHER_NUMERALS.search(switches):
        return False
    return kind is None or kind.get(qn("w:fmt"), "decimal") == "decimal"


def _start(kind: _Element | None) -> int | None:
    value = kind.get(qn("w:start"), "") if kind is not None else ""
    return int(value) if value.isdigit() and len(value) < 6 else None  # noqa: PLR2004 - Word ends at 32767


def _first_hidden(document: Document, section: _Element, name: str, styles: Styles, spreads: Spreads) -> bool:
    title = section.find(qn("w:titlePg"))
    if title is None or title.get(qn("w:val"), "1").lower() in _OFF:
        return False
    first = _part(document, section, name, "first")
    return first is None or _field(first, styles, spreads) is None


def _points(element: _Element | None, key: str) -> float | None:
    value = element.get(qn(key), "") if element is not None else ""
    return int(value) / _TWIPS if value.lstrip("-").isdigit() and len(value) < 7 else None  # noqa: PLR2004
