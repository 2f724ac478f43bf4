"""How paragraphs of a Word document are spread: alignment, indents, spacing, with real inheritance (ISO 29500-1)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from docx.oxml import ns
from lxml.etree import _Element

from vbdaemon.model.layout import Alignment

qn = cache(ns.qn)
"""Asked for a dozen names in every paragraph."""
_DEEPEST = 20
_TWIPS = 20.0
_AUTO = 14.0
"""Points that Word takes for "automatic" space (HTML)."""
_LINE = 12.0
_LINES = 240.0
_TIMES_LINE = 1.15
"""Height of a single line of Times New Roman, in its size."""
_ALIGNMENTS = {
    "left": Alignment.LEFT,
    "start": Alignment.LEFT,
    "center": Alignment.CENTRE,
    "right": Alignment.RIGHT,
    "end": Alignment.RIGHT,
    "both": Alignment.JUSTIFY,
    "distribute": Alignment.JUSTIFY,
}
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Spread:
    """What one level says; None = nothing. Lengths in points."""

    alignment: Alignment | None = None
    left: float | None = None
    first: float | None = None
    before: float | None = None
    after: float | None = None
    line: float | None = None
    line_rule: str | None = None
    contextual: bool | None = None
    numbering: tuple[str, str] | None = None

    def over(self, lower: "Spread") -> "Spread":
        """What this level says, and the lower one where this is silent."""
        if lower is _NOTHING:
            return self
        mine = {f: getattr(self, f) for f in _FIELDS}
        return Spread(**{f: getattr(lower, f) if value is None else value for f, value in mine.items()})

    @property
    def indent(self) -> float:
        """Where the first line begins, from the column's edge."""
        return (self.left or 0.0) + (self.first or 0.0)

    def spacing(self, size: float) -> float:
        """Distance of lines as a multiple of a single line of type of that size."""
        if self.line is None:
            return 1.0
        if self.line_rule in {"exact", "atLeast"}:
            share = round(self.line / _TWIPS / (_TIMES_LINE * size), 3)
            return max(share, 1.0) if self.line_rule == "atLeast" else share  # the type itself needs a single line
        return round(self.line / _LINES, 3)


_FIELDS = tuple(field.name for field in fields(Spread))
_NOTHING = Spread()


class Spreads:
    """The paragraph properties of one document's styles and lists, resolved once each."""

    def __init__(self, styles: _Element | None, numbering: _Element | None) -> None:
        self._by_id: dict[str, _Element] = {}
        self._named: dict[str, Spread] = {}
        self._levels = _levels(numbering) if numbering is not None else {}
        self._default, self._base = "", _NOTHING
        if styles is None:
            return
        for style in styles.iterchildren(qn("w:style")):
            identity = style.get(qn("w:styleId"), "")
            self._by_id[identity] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in {"1", "true", "on"}:
                self._default = identity
        self._base = direct(styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}"))

    def style_of(self, properties: _Element | None) -> str:
        """Identity of the paragraph's style."""
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        return named.get(qn("w:val"), "") if named is not None else self._default

    def of(self, properties: _Element | None, table_style: str = "") -> Spread:
        """A paragraph's spread: itself, its list, its style, the table's style, the defaults."""
        own = direct(properties)
        style = self.named(self.style_of(properties))
        lower = self.named(table_style).over(self._base) if table_style else self._base
        if own.numbering is not None:
            return own.over(self._levels.get(own.numbering, _NOTHING)).over(style).over(lower)
        if style.numbering is not None:
            style = style.over(self._levels.get(style.numbering, _NOTHING))
        return own.over(style).over(lower)

    def named(self, identity: str) -> Spread:
        """A style with all that it is based on."""
        if identity not in self._named:
            result = _NOTHING
            for style in self._line_of(identity):
                result = result.over(direct(style.find(qn("w:pPr"))))
            self._named[identity] = result
        return self._named[identity]

    def _line_of(self, identity: str) -> Iterator[_Element]:
        for _ in range(_DEEPEST):
            style = self._by_id.get(identity)
            if style is None:
                return
            yield style
            base = style.find(qn("w:basedOn"))
            if base is None:
                return
            identity = base.get(qn("w:val"), "")


def direct(properties: _Element | None) -> Spread:
    """What a w:pPr says itself."""
    if properties is None or not len(properties):
        return _NOTHING
    found: dict[str, object] = {}
    for child in properties:
        read = _READERS.get(child.tag)
        if read is not None:
            found.update(read(child))
    return Spread(**found) if found else _NOTHING  # type: ignore[arg-type]  # each reader gives fields of Spread


def _alignment(element: _Element) -> dict[str, object]:
    return {"alignment": _ALIGNMENTS.get(element.get(qn("w:val"), ""))}


def _indents(element: _Element) -> dict[str, object]:
    hanging = _points(element, "w:hanging")
    return {
        "left": _points(element, "w:left", "w:start"),
        "first": -hanging if hanging else _points(element, "w:firstLine"),
    }


def _spacing(element: _Element) -> dict[str, object]:
    line = element.get(qn("w:line"), "")
    return {
        "before": _gap(element, "w:before"),
        "after": _gap(element, "w:after"),
        "line": float(line) if line.isdigit() else None,
        "line_rule": element.get(qn("w:lineRule")) if line else None,
    }


def _gap(element: _Element, key: str) -> float | None:
    if element.get(qn(f"{key}Autospacing"), "0") not in _OFF:
        return _AUTO
    lines = element.get(qn(f"{key}Lines"), "")
    if lines.isdigit() and int(lines):
        return int(lines) / 100 * _LINE
    return _points(element, key)


def _contextual(element: _Element) -> dict[str, object]:
    return {"contextual": element.get(qn("w:val"), "1").lower() not in _OFF}


def _numbering(element: _Element) -> dict[str, object]:
    number, level = element.find(qn("w:numId")), element.find(qn("w:ilvl"))
    identity = number.get(qn("w:val"), "0") if number is not None else "0"
    return {"numbering": (identity, level.get(qn("w:val"), "0") if level is not None else "0")}


_READERS = {
    qn("w:jc"): _alignment,
    qn("w:ind"): _indents,
    qn("w:spacing"): _spacing,
    qn("w:contextualSpacing"): _contextual,
    qn("w:numPr"): _numbering,
}


def _levels(numbering: _Element) -> dict[tuple[str, str], Spread]:
    """Indents of every list and level."""
    abstract = {
        each.get(qn("w:abstractNumId"), ""): {
            level.get(qn("w:ilvl"), "0"): direct(level.find(qn("w:pPr"))) for level in each.iterchildren(qn("w:lvl"))
        }
        for each in numbering.iterchildren(qn("w:abstractNum"))
    }
    found: dict[tuple[str, str], Spread] = {}
    for number in numbering.iterchildren(qn("w:num")):
        link = number.find(qn("w:abstractNumId"))
        levels = abstract.get(link.get(qn("w:val"), ""), {}) if link is not None else {}
        found.update({(number.get(qn("w:numId"), ""), level): spread for level, spread in levels.items()})
    return found


def _points(element: _Element, *keys: str) -> float | None:
    for key in keys:
        value = element.get(qn(key), "")
        if value.lstrip("-").isdigit() and len(value) < 7:  # noqa: PLR2004 - Word ends at 31680
            return int(value) / _TWIPS
    return None
