"""Where official documents begin within the pages of a file, and what annexes say they belong to."""

import re
from dataclasses import dataclass

from vbdaemon.builtin.classification.emblem import emblem
from vbdaemon.builtin.classification.heading import heading
from vbdaemon.builtin.classification.number import NumberLine, number_line
from vbdaemon.builtin.classification.sheet import Leaf, Sheet
from vbdaemon.builtin.classification.spelling import bare

_TEMPLATE = re.compile(
    r"^\W*(?:M[ẫâấ]u(?:\s+(?:số|đơn|phiếu|biểu)|\s*\d)|Biểu mẫu|PHỤ LỤC|Phụ lục|PHU LUC)", re.IGNORECASE
)
_BELONGS = re.compile(
    r"(?:kèm theo|ban hành theo|của)\s+(?:\w+\s+){0,4}?số\s*:?\s*"
    r"(?P<number>[\w.…_ ]{0,8}?)\s*/\s*(?P<symbol>[A-ZĐ0-9][\w&./-]*)",
    re.IGNORECASE,
)
_TOP_LINES = 10


@dataclass(frozen=True, slots=True)
class Segment:
    """The pages of one official document in a file; `last` None = to the end."""

    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The document that an annex names in "(Kèm theo Quyết định số 648/QĐ-UBND …)"."""

    number: str
    symbol: str


def segments_of(sheet: Sheet) -> tuple[Segment, ...]:
    """One segment for each official document; empty when no page has the head of one.

    Forms and templates inside an annex carry a Quốc hiệu of their own: they begin no document.
    """
    starts: list[int] = []
    in_annex = False
    for leaf in sheet.leaves:
        template = _is_template(leaf)
        in_annex = in_annex or (template and bool(starts))
        if emblem(leaf) is None or template:
            continue
        if not starts or not in_annex or _numbered(leaf):
            starts.append(leaf.number)
            in_annex = False
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    return tuple(Segment(a, b) for a, b in zip(starts, [*ends, None][: len(starts)], strict=True))


def reference_of(sheet: Sheet) -> Reference | None:
    """What the top of an annex says it belongs to."""
    if not sheet.leaves:
        return None
    text = " ".join(p.text for p in sheet.first.pieces[:_TOP_LINES])
    match = _BELONGS.search(text)
    return Reference(match["number"].strip(" ._…"), match["symbol"].rstrip(".,;")) if match else None


def titled_annex(sheet: Sheet) -> bool:
    """True when the first lines call the file an annex."""
    return any(_TEMPLATE.match(p.text) or bare(p.text).startswith("(kem theo") for p in sheet.first.pieces[:5])


def number_of(sheet: Sheet) -> NumberLine | None:
    """The number line of the document that begins the sheet."""
    if not sheet.leaves:
        return None
    piece = heading(sheet.first).number
    return number_line(piece.text) if piece else None


def _is_template(leaf: Leaf) -> bool:
    crest = emblem(leaf)
    above = leaf.pieces[: leaf.pieces.index(crest)] if crest else leaf.pieces[:4]
    beside = leaf.pieces[:6] if crest else ()
    return any(_TEMPLATE.match(p.text) for p in (*above, *beside))


def _numbered(leaf: Leaf) -> bool:
    """True when a real number stands in the head: a form inside an annex has dots there."""
    piece = heading(leaf).number
    line = number_line(piece.text) if piece else None
    return line is not None and line.number is not None
