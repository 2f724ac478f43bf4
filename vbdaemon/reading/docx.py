"""Word documents by python-docx: lines in reading order, with size, bold and italic as inherited."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import XMLParser, _Element, fromstring

from vbdaemon.model import Content, ContentKind, Limits, Line, Page, Problem, ProblemKind
from vbdaemon.reading.archive import archive_problem
from vbdaemon.reading.docx_style import Format, Styles
from vbdaemon.reading.encoding import is_legacy
from vbdaemon.reading.line import joins_blank
from vbdaemon.reading.piece import Style

MOST_LINES = 20_000
"""More lines than this are not read."""
_COLUMNS = re.compile(r"\t+| {6,}")
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TWIPS = 20.0

Span = tuple[str, Style]


def read_docx(path: Path, sha256: str, limits: Limits) -> Content:
    """Content of a Word document as one page; raises whatever python-docx raises.

    Headers come first (a watermark says DỰ THẢO there), then the body in document order:
    tables cell by cell, text boxes after the paragraph that holds them.
    """
    problem = archive_problem(path, limits)
    if problem is not None:
        return Content(sha256, ContentKind.DOCX, problems=(problem,))
    document = docx.Document(str(path))
    styles = Styles(document.styles.element, _theme_fonts(document))
    lines: list[Line] = []
    for root in (*_headers(document), document.element.body):
        lines.extend(_lines(root, styles))
        if len(lines) > MOST_LINES:
            break
    problems = []
    if len(lines) > MOST_LINES:
        problems.append(Problem(ProblemKind.OVER_LIMIT, f"more than {MOST_LINES} lines"))
    if is_legacy(" ".join(line.text for line in lines), {line.font or "" for line in lines}):
        problems.append(Problem(ProblemKind.LEGACY_ENCODING, "text in TCVN3 or VNI letters"))
    width, height = _paper(document)
    page = Page(1, width, height, tuple(lines[:MOST_LINES]), blank=not lines)
    return Content(sha256, ContentKind.DOCX, (page,), 1, problems=tuple(problems))


def _headers(document: Document) -> Iterator[_Element]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/header") and not relation.is_external:
            yield relation.target_part.element


def _theme_fonts(document: Document) -> dict[str, str]:
    """Latin fonts of the theme: "major" for headings, "minor" for text."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/theme") and not relation.is_external:
            theme = fromstring(relation.target_part.blob, XMLParser(resolve_entities=False, no_network=True))
            found = {kind: theme.find(f".//{_DRAWING}{kind}Font/{_DRAWING}latin") for kind in ("major", "minor")}
            return {kind: font.get("typeface", "") for kind, font in found.items() if font is not None}
    return {}


def _lines(root: _Element, styles: Styles) -> Iterator[Line]:
    for element in _walk(root):
        if element.tag == _TEXT_PATH:
            text = _tidy(element.get("string", ""))
            if text:
                yield Line(text)
        elif element.tag == qn("w:p"):
            for row in _rows(list(_spans(element, styles))):
                yield from _row_lines(row)


def _walk(root: _Element) -> Iterator[_Element]:
    """Elements in document order; the fallback copy of a drawing says the same again."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag == _FALLBACK:
            continue
        yield element
        waiting.extend(reversed([child for child in element if isinstance(child.tag, str)]))


def _spans(paragraph: _Element, styles: Styles) -> Iterator[Span]:
    """Text of a paragraph's own runs; line feeds for breaks, tabulators for tabs."""
    inherited = styles.paragraph(paragraph)
    for run in paragraph.iter(qn("w:r")):
        if _owner(run) is not paragraph:
            continue  # a text box inside: a paragraph of its own
        text = "".join(_run_text(run))
        if text:
            format_: Format = styles.run(run, inherited)
            yield (text.upper() if format_.capitals else text), format_.style


def _owner(run: _Element) -> _Element | None:
    return next(run.iterancestors(qn("w:p")), None)


def _run_text(run: _Element) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in {qn("w:br"), qn("w:cr")}:
            yield "\n"
        elif child.tag in {qn("w:tab"), qn("w:ptab")}:
            yield "\t"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"


def _rows(spans: list[Span]) -> Iterator[list[Span]]:
    """Spans broken at line breaks."""
    row: list[Span] = []
    for text, style in spans:
        first, *more = text.split("\n")
        row.append((first, style))
        for part in more:
            yield row
            row = [(part, style)]
    yield row


def _row_lines(row: list[Span]) -> Iterator[Line]:
    """A row broken where tabs or typed spaces part columns; a blank after "Số:" stays."""
    whole = "".join(text for text, _ in row)
    start = 0
    for gap in _COLUMNS.finditer(whole):
        before, after = whole[start : gap.start()], whole[gap.end() :]
        if before.strip() and after.strip() and not joins_blank(before, after):
            yield from _line(row, start, gap.start())
            start = gap.end()
    yield from _line(row, start, len(whole))


def _line(row: list[Span], start: int, end: int) -> Iterator[Line]:
    """The letters from `start` to `end` as a line in the style that most of them have."""
    weights = Counter[Style]()
    text, at = "", 0
    for part, style in row:
        kept = part[max(start - at, 0) : max(end - at, 0)]
        at += len(part)
        text += kept
        weights[style] += len(kept.strip())
    words = _tidy(text)
    if words:
        style = weights.most_common(1)[0][0]
        yield replace(Line(words), size=style.size, font=style.font, bold=style.bold, italic=style.italic)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _paper(document: Document) -> tuple[float, float]:
    """Width and height of the first section in points; 0 where it is not said."""
    size = document.element.body.find(f".//{qn('w:pgSz')}")
    if size is None:
        return 0.0, 0.0
    width, height = size.get(qn("w:w"), ""), size.get(qn("w:h"), "")
    return _points(width), _points(height)


def _points(twips: str) -> float:
    return int(twips) / _TWIPS if twips.isdigit() else 0.0
