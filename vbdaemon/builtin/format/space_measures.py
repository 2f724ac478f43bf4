"""Measures of space: paper, margins, indents, gaps, page numbers."""

from collections.abc import Callable, Iterator

from vbdaemon.builtin.format.fragment import Fragment
from vbdaemon.builtin.format.type_measures import Fragments, Reading, Value
from vbdaemon.model.format import Measure
from vbdaemon.model.format_result import Spot
from vbdaemon.model.layout import Alignment, Layout, LayoutKind, PageNumber, Sheet, Zone

POINTS_TO_MM = 25.4 / 72
_PAPERS = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "Letter": (215.9, 279.4), "Legal": (215.9, 355.6)}
_EXACT_MM = 1.0
_SCANNED_MM = 10.0
"""Scanners crop: a scanned A4 sheet of real offices measured 203 to 212 mm."""


def paper(layout: Layout) -> Iterator[Reading]:
    """The name of every sheet's size, once."""
    seen: set[str] = set()
    for sheet in layout.sheets:
        name = _paper_name(sheet, _SCANNED_MM if layout.kind is LayoutKind.SCAN else _EXACT_MM)
        if name not in seen:
            seen.add(name)
            yield Reading(name, Spot(page=sheet.page))


def orientation(layout: Layout) -> Iterator[Reading]:
    """How each sheet lies, once; of a later section or page on its side it is not told why it lies so."""
    seen: set[str | None] = set()
    for number, sheet in enumerate(layout.sheets):
        lies: str | None = "portrait"
        if sheet.landscape:
            upright = any(not other.landscape for other in layout.sheets)
            lies = "landscape with a table" if sheet.wide_table else "landscape"
            annexed = number > 0 if layout.kind is LayoutKind.DOCX else upright
            lies = None if annexed and not sheet.wide_table else lies
        if lies not in seen:
            seen.add(lies)
            yield Reading(lies, Spot(page=sheet.page))


def margin(name: str) -> Callable[[Layout], Iterator[Reading]]:
    """The margin of that name of every section, mm; of sheets on their side it is not asked."""

    def read(layout: Layout) -> Iterator[Reading]:
        seen: set[float | None] = set()
        for sheet in layout.sheets:
            points: float | None = getattr(sheet, name)
            value = None if points is None or sheet.landscape else round(points * POINTS_TO_MM, 1)
            if value not in seen:
                seen.add(value)
                yield Reading(value, Spot(page=sheet.page))

    return read


def _paper_name(sheet: Sheet, slack: float) -> str:
    short, long = sorted((sheet.width * POINTS_TO_MM, sheet.height * POINTS_TO_MM))
    for name, (width, height) in _PAPERS.items():
        if abs(short - width) <= slack and abs(long - height) <= slack:
            return name
    return f"{short:.0f} × {long:.0f} mm".replace(".", ",")


def alignment(fragment: Fragment) -> Value | None:
    """The paragraph's; of its beginning it says nothing."""
    return None if fragment.lead else fragment.paragraph.alignment


def gaps(fragments: Fragments) -> Iterator[Reading]:
    """Space above every paragraph."""
    for fragment in fragments:
        gap = fragment.paragraph.gap
        yield Reading(None if gap is None else round(gap, 1), fragment.spot)


def indents(fragments: Fragments) -> Iterator[Reading]:
    """The first line's indent, mm; centred lines have none."""
    for fragment in fragments:
        p = fragment.paragraph
        if p.box is not None and fragment.text[:1].islower():
            continue  # goes on from the page before, or below a table
        if p.alignment not in {Alignment.CENTRE, Alignment.RIGHT} and not p.numbered:
            yield Reading(None if p.indent is None else round(p.indent * POINTS_TO_MM, 1), fragment.spot)


def spacings(fragments: Fragments) -> Iterator[Reading]:
    """Distance of lines."""
    for fragment in fragments:
        yield Reading(fragment.paragraph.spacing, fragment.spot)


def of_number(measure: Measure, number: PageNumber) -> Reading:
    """One measure of the page numbers."""
    values: dict[Measure, Value | None] = {
        Measure.ZONE: number.zone if number.zone in {Zone.HEADER, Zone.FOOTER} else None,
        Measure.ALIGNMENT: number.alignment,
        Measure.SIZE: round(number.run.size, 1) if number.run.size else None,
        Measure.BOLD: number.run.bold,
        Measure.ITALIC: number.run.italic,
        Measure.NUMERALS: "arabic" if number.arabic else "other",
        # below 1: an annex's own numbers were met first
        Measure.START: max(number.start or 1, 1),
        Measure.FIRST_HIDDEN: number.first_hidden,
    }
    return Reading(values.get(measure), Spot(page=number.page, box=number.box))


PAGE: dict[Measure, Callable[[Layout], Iterator[Reading]]] = {
    Measure.PAPER: paper,
    Measure.ORIENTATION: orientation,
    **{m: margin(m.value) for m in (Measure.TOP, Measure.BOTTOM, Measure.LEFT, Measure.RIGHT)},
}
"""Measures of the sheets."""
