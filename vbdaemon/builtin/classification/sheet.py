"""The pages of one document as pieces of cleaned text that know their place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from vbdaemon.builtin.classification.spelling import cleaned
from vbdaemon.model import Box, Content, Document, Evidence, File, Found, Line, TextSource

T = TypeVar("T")

_SURE = 0.99
_WORDS_KEPT = 300
_SIGNATURE_WORDS = re.compile(
    r"^\W*(?:(?:Người\s+)?[Kk]ý (?:bởi|số)|Cơ quan\s*:\s*(?:Tỉnh|Thành phố|Bộ)|Thời gian ký|Ngày ký|Digitally signed|"
    r"Email\s*:|Signature|Date:|DN:)|^\S+@\S+\.\S+$|^\d\d\.\d\d\.\d{4} \d\d:\d\d|^[+-]\d\d:\d\d$"
)
_RANK = {TextSource.TEXT: 0, TextSource.METADATA: 0, TextSource.PERSON: 0, TextSource.WIDGET: 1, TextSource.OCR: 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """Cleaned text of one line, or of several that belong together."""

    text: str
    page: int
    lines: tuple[Line, ...]

    @property
    def box(self) -> Box | None:
        """The rectangle around all lines; None where there are no places."""
        if len(self.lines) == 1:
            return self.lines[0].box
        return around([line.box for line in self.lines if line.box])

    @property
    def source(self) -> TextSource:
        """The least certain source among the lines."""
        return max((line.source for line in self.lines), key=lambda s: _RANK[s], default=TextSource.TEXT)

    @property
    def ocr(self) -> bool:
        """True when some of it was read from a picture."""
        return self.source is TextSource.OCR

    @property
    def confidence(self) -> float:
        """Mean confidence of the lines, weighted by their length."""
        weight = sum(max(1, len(line.text)) for line in self.lines)
        return sum(line.confidence * max(1, len(line.text)) for line in self.lines) / weight if weight else 1.0

    @property
    def bold(self) -> bool:
        """True when every line is bold."""
        return bool(self.lines) and all(line.bold for line in self.lines)


@dataclass(frozen=True)
class Leaf:
    """One page: its pieces in the order of reading, without the words of signature stamps."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    picture: bool

    @cached_property
    def placed(self) -> bool:
        """True when the pieces have places on the page."""
        return any(p.box for p in self.pieces)


@dataclass(frozen=True)
class Sheet:
    """The pages of one document in one file."""

    file: str
    leaves: tuple[Leaf, ...]
    signature_fields: int

    @property
    def first(self) -> Leaf:
        """The first page that was read; an empty one when there is none."""
        return self.leaves[0] if self.leaves else Leaf(1, 0, 0, (), picture=False)

    def found(self, value: T, pieces: Iterable[Piece], rule: str, sure: float = _SURE) -> Found[T]:
        """`value` as read from `pieces` by `rule`; `sure` is how far the rule is trusted on perfect text."""
        seen = tuple(pieces)
        page = seen[0].page if seen else None
        whole = Piece(" ".join(p.text for p in seen), page or 1, tuple(line for p in seen for line in p.lines))
        on_page = around([p.box for p in seen if p.page == page and p.box])
        evidence = Evidence(whole.text[:_WORDS_KEPT], self.file, page, on_page, rule)
        return Found(value, round(sure * whole.confidence, 3), whole.source, evidence)


def sheet_of(document: Document, file: File | None = None) -> Sheet | None:
    """The pages of the document in its main file, or all pages of another `file`; None when it was not read."""
    content = document.content if file is None else document.content_of(file)
    if content is None:
        return None
    first, last = (document.first_page, document.last_page) if file is None else (1, None)
    return sheet(content, first, last)


def sheet(content: Content, first: int = 1, last: int | None = None) -> Sheet:
    """Pages `first` to `last` of `content`."""
    pages = [p for p in content.pages if p.number >= first and (last is None or p.number <= last)]
    leaves = tuple(Leaf(p.number, p.width, p.height, tuple(_pieces(p.lines, p.number)), p.image_only) for p in pages)
    return Sheet(content.file, leaves, content.signature_fields)


def around(boxes: list[Box]) -> Box | None:
    """The smallest box around `boxes`; None for none."""
    if not boxes:
        return None
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _pieces(lines: Iterable[Line], page: int) -> Iterable[Piece]:
    for line in lines:
        for row in line.text.splitlines():
            text = cleaned(row)
            if text and not _SIGNATURE_WORDS.search(text):
                yield Piece(text, page, (line,))
