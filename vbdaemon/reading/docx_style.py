"""How characters of a Word document are set, with real inheritance (ISO 29500-1, 17.7.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.reading.piece import Style

_DEEPEST = 20
"""Steps along "based on"; a circle ends here."""
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Format:
    """What one level of inheritance says; None = nothing."""

    font: str | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    capitals: bool | None = None
    colour: str | None = None
    """As the file writes it: RRGGBB, or "auto"."""

    def over(self, lower: "Format") -> "Format":
        """What this level says, and the lower level where this one is silent."""
        return Format(
            self.font if self.font is not None else lower.font,
            self.size if self.size is not None else lower.size,
            self.bold if self.bold is not None else lower.bold,
            self.italic if self.italic is not None else lower.italic,
            self.capitals if self.capitals is not None else lower.capitals,
            self.colour if self.colour is not None else lower.colour,
        )

    @property
    def style(self) -> Style:
        """The result, with Word's own defaults for what nobody said (10 points)."""
        return Style(self.font, self.size or 10.0, bool(self.bold), bool(self.italic))


class Styles:
    """The styles of one document, resolved once each."""

    def __init__(self, root: _Element | None, fonts: dict[str, str]) -> None:
        self._fonts = fonts
        self._by_id: dict[str, _Element] = {}
        self._resolved: dict[str, Format] = {}
        self._default = ""
        self._base = Format()
        if root is None:
            return
        for style in root.iterchildren(qn("w:style")):
            identity = style.get(qn("w:styleId"), "")
            self._by_id[identity] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in {"1", "true", "on"}:
                self._default = identity
        self._base = self.direct(root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"))

    def run(self, run: _Element, paragraph: Format) -> Format:
        """Format of a run: its own words, its character style, its paragraph, the defaults."""
        properties = run.find(qn("w:rPr"))
        own = self.direct(properties)
        named = properties.find(qn("w:rStyle")) if properties is not None else None
        if named is not None:
            own = own.over(self.named(named.get(qn("w:val"), "")))
        return own.over(paragraph)

    def paragraph(self, paragraph: _Element) -> Format:
        """Format that runs of a paragraph inherit."""
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        identity = named.get(qn("w:val"), "") if named is not None else self._default
        return self.named(identity).over(self._base)

    def named(self, identity: str) -> Format:
        """Format of a style with all that it is based on."""
        if identity not in self._resolved:
            result = Format()
            for style in self._line_of(identity):
                result = result.over(self.direct(style.find(qn("w:rPr"))))
            self._resolved[identity] = result
        return self._resolved[identity]

    def direct(self, properties: _Element | None) -> Format:
        """What a w:rPr says itself."""
        if properties is None:
            return Format()
        return Format(
            self._font(properties.find(qn("w:rFonts"))),
            _half_points(properties.find(qn("w:sz"))),
            _switch(properties.find(qn("w:b"))),
            _switch(properties.find(qn("w:i"))),
            _switch(properties.find(qn("w:caps"))),
            _colour(properties.find(qn("w:color"))),
        )

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

    def _font(self, fonts: _Element | None) -> str | None:
        if fonts is None:
            return None
        theme = fonts.get(qn("w:asciiTheme")) or fonts.get(qn("w:hAnsiTheme"))
        if theme:
            return self._fonts.get("major" if theme.startswith("major") else "minor")
        return fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi"))


def _half_points(size: _Element | None) -> float | None:
    value = size.get(qn("w:val"), "") if size is not None else ""
    return int(value) / 2 if value.isdigit() and len(value) < 5 else None  # noqa: PLR2004 - Word ends at 3276


def _colour(colour: _Element | None) -> str | None:
    return colour.get(qn("w:val")) if colour is not None else None


def _switch(switch: _Element | None) -> bool | None:
    if switch is None:
        return None
    return switch.get(qn("w:val"), "1").lower() not in _OFF
