"""Runs of a Word paragraph with their type as inherited, and the lines drawn in it."""

from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml.etree import _Element

from vbdaemon.model.layout import Run, Stroke, StrokeKind
from vbdaemon.reading.docx_stroke import drawn, underlined
from vbdaemon.reading.docx_style import Format, Styles

_NESTED = frozenset(qn(f"w:{name}") for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple"))
_BLACK = "000000"
_RUN, _TEXT, _HYPHEN = qn("w:r"), qn("w:t"), qn("w:noBreakHyphen")
_BREAKS, _TABS = frozenset({qn("w:br"), qn("w:cr")}), frozenset({qn("w:tab"), qn("w:ptab")})
_HOLDERS = frozenset(
    {qn("w:drawing"), qn("w:pict"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
)


def contents(paragraph: _Element, styles: Styles, inherited: Format) -> tuple[list[Run], list[Stroke]]:
    """The runs that hold characters, and the lines; a text box inside is a paragraph of its own."""
    runs: list[Run] = []
    strokes: list[Stroke] = []
    for run in own_runs(paragraph):
        text = "".join(_text(run))
        if any(child.tag in _HOLDERS for child in run):
            strokes.extend(drawn(run))
        if not text or _hidden(run):
            continue
        format_ = styles.run(run, inherited)
        style = format_.style
        if underlined(run) and not text.isspace():
            strokes.append(Stroke(StrokeKind.UNDERLINE))
        colour = _BLACK if format_.colour in {None, "auto"} else str(format_.colour).upper()
        words = text.upper() if format_.capitals else text
        runs.append(Run(words, style.font, style.size, style.bold, style.italic, colour))
    return runs, strokes


def _hidden(run: _Element) -> bool:
    """True for words that are neither shown nor printed."""
    switch = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return switch is not None and switch.get(qn("w:val"), "1").lower() not in {"0", "false", "off"}


def own_runs(element: _Element) -> Iterator[_Element]:
    """The runs of a paragraph, those in links and in text put in while changes are tracked among them."""
    for child in element:
        if child.tag == _RUN:
            yield child
        elif child.tag in _NESTED:
            yield from own_runs(child)


def _text(run: _Element) -> Iterator[str]:
    for child in run:
        tag = child.tag
        if tag == _TEXT:
            yield child.text or ""
        elif tag in _BREAKS:
            yield "\n"
        elif tag in _TABS:
            yield "\t"
        elif tag == _HYPHEN:
            yield "-"
