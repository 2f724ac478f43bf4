"""Lines that Word files draw below words: shapes, borders of paragraphs, rows of typed signs, underlining."""

import re
from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Stroke, StrokeKind

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_LINES = frozenset({"line", "straightConnector1"})
_EMU = 12_700.0
_CONNECTOR = "_t32"
_TWIPS = 20.0
_FLAT = 4.0
"""Points: a shape higher than this is no line."""
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(pt|in|cm|mm|px)?")
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "px": 0.75}
_STYLE_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(-?[\d.]+(?:pt|in|cm|mm|px)?)")
_STYLE_HEIGHT = re.compile(r"(?:^|;)\s*height\s*:\s*(-?[\d.]+(?:pt|in|cm|mm|px)?)")
_TYPED = re.compile(r"[\s_\-–—―‒*=]*[_\-–—―]{4,}[\s_\-–—―‒*=]*")


def drawn(run: _Element) -> Iterator[Stroke]:
    """Lines among the shapes that a run holds."""
    for frame in (*run.iter(f"{_WP}anchor"), *run.iter(f"{_WP}inline")):
        extent = frame.find(f"{_WP}extent")
        length, height = _emu(extent, "cx"), _emu(extent, "cy") or 0.0
        is_line = any(shape.get("prst") in _LINES for shape in frame.iter(f"{_A}prstGeom"))
        # a flat box or picture is a line too; one that is not quite level still is
        if length is not None and (height <= _FLAT or (is_line and height < length / 4)):
            yield Stroke(StrokeKind.DRAWN, length)
    if run.find(f".//{_WP}anchor") is None:  # otherwise VML is the copy for old programs
        for line in run.iter(f"{_VML}line"):
            grouped = next(line.iterancestors(f"{_VML}group"), None) is not None  # lengths there are the group's own
            length = None if grouped else _between(line.get("from", ""), line.get("to", ""))
            yield Stroke(StrokeKind.DRAWN, length)
        for shape in run.iter(f"{_VML}shape", f"{_VML}rect", f"{_VML}polyline"):
            style = shape.get("style", "")
            tall = _styled(style, _STYLE_HEIGHT)
            if shape.get("type", "").endswith(_CONNECTOR) or (tall is not None and tall <= _FLAT):
                yield Stroke(StrokeKind.DRAWN, _styled(style, _STYLE_WIDTH))


def bordered(properties: _Element | None, room: float | None) -> Iterator[Stroke]:
    """The border below a paragraph, as long as the room it has."""
    border = properties.find(f"{qn('w:pBdr')}/{qn('w:bottom')}") if properties is not None else None
    if border is not None and border.get(qn("w:val"), "none") not in {"none", "nil"}:
        indents = properties.find(qn("w:ind")) if properties is not None else None
        sides = [_twips(indents, names) for names in (("w:left", "w:start"), ("w:right", "w:end"))]
        yield Stroke(StrokeKind.BORDER, max(room - sum(sides), 0.0) if room is not None else None)


def _twips(indents: _Element | None, names: tuple[str, ...]) -> float:
    """Points of the first of these that is said; 0 where none is."""
    values = (indents.get(qn(name), "") for name in names) if indents is not None else ()
    return next((int(value) / _TWIPS for value in values if value.isdigit() and len(value) < 7), 0.0)  # noqa: PLR2004


def is_typed(text: str) -> bool:
    """True for a row of hyphens or low lines and nothing else."""
    return bool(_TYPED.fullmatch(text))


def underlined(run: _Element) -> bool:
    """True when the run's words are underlined."""
    line = run.find(f"{qn('w:rPr')}/{qn('w:u')}")
    return line is not None and line.get(qn("w:val"), "single") != "none"


def _emu(extent: _Element | None, key: str) -> float | None:
    value = extent.get(key, "") if extent is not None else ""
    return int(value) / _EMU if value.isdigit() and len(value) < 12 else None  # noqa: PLR2004 - no sheet is so wide


def _between(start: str, end: str) -> float | None:
    left, right = _points(start.partition(",")[0]), _points(end.partition(",")[0])
    return abs(right - left) if left is not None and right is not None else None


def _styled(style: str, length: re.Pattern[str]) -> float | None:
    found = length.search(style)
    return _points(found[1]) if found else None


def _points(length: str) -> float | None:
    found = _LENGTH.fullmatch(length.strip())
    if found is None:
        return 0.0 if not length.strip() else None
    return float(found[1]) * _UNITS[found[2] or "px"]
