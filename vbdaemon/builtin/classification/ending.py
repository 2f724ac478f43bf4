"""The end of a document: the page with its signature block, the left list and the right block."""

import re
from dataclasses import dataclass

from vbdaemon.builtin.classification.sheet import Leaf, Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare

_RECIPIENTS = re.compile(r"^\W*N[ơoởờ][iìíl]\s+nh[ậaâạ][nm]\b|^\W*\S{1,5}\s+nhận\s*:\W*$", re.IGNORECASE)
_ANNEX = re.compile(r"^\W*(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|Phụ biểu|PHU LUC|BIỂU SỐ|Biểu số|DANH SÁCH|DANH MỤC)\b")
_BLOCK = re.compile(r"^\W*(?:TM|KT|TL|TUQ|Q)\s*\.|^\W*(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG|CHÁNH|HIỆU TRƯỞNG|BÍ THƯ)")
_ABOVE = 40.0
"""Points: the right block can begin a little above "Nơi nhận:"."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The page of the signature block: what stands left (recipients) and right (signer)."""

    leaf: Leaf
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    body: tuple[Piece, ...]
    """All pieces of the document before it."""


def is_annex_page(leaf: Leaf) -> bool:
    """True for a page that begins an annex."""
    return any(_ANNEX.match(p.text) for p in leaf.pieces[:4])


def ending_of(sheet: Sheet) -> Ending | None:
    """The signature block: from "Nơi nhận" on, else from the last title in capitals; annexes are passed over."""
    leaves = _before_annexes(sheet)
    for leaf in reversed(leaves):
        start = next((i for i, p in enumerate(leaf.pieces) if _RECIPIENTS.match(p.text)), None)
        if start is not None:
            return _from(leaves, leaf, start)
    for leaf in reversed(leaves):
        late = leaf.pieces if leaf is not sheet.first else leaf.pieces[len(leaf.pieces) // 3 :]
        start = next((leaf.pieces.index(p) for p in late if _BLOCK.match(p.text) and p.text.isupper()), None)
        if start is not None:
            return _from(leaves, leaf, start)
    return None


def begins_recipients(piece: Piece) -> bool:
    """True for the line "Nơi nhận:"."""
    return bool(_RECIPIENTS.match(piece.text))


def _before_annexes(sheet: Sheet) -> tuple[Leaf, ...]:
    for index, leaf in enumerate(sheet.leaves):
        if index and is_annex_page(leaf):
            return sheet.leaves[:index]
    return sheet.leaves


def _from(leaves: tuple[Leaf, ...], leaf: Leaf, start: int) -> Ending:
    first = leaf.pieces[start]
    earlier = tuple(p for other in leaves if other.number < leaf.number for p in other.pieces)
    box = first.box
    if box is None:
        rest = leaf.pieces[start:]
        return Ending(leaf, rest, rest, (*earlier, *leaf.pieces[:start]))
    middle = leaf.width * 0.5
    left = tuple(p for p in leaf.pieces if p.box and p.box.y0 >= box.y0 - 2 and p.box.centre[0] < middle)
    right = tuple(
        p for p in leaf.pieces if p.box and p.box.y0 >= box.y0 - _ABOVE and p.box.x0 >= middle * 0.95 and _short(p)
    )
    used = {id(p) for p in (*left, *right)}
    body = tuple(p for p in leaf.pieces if id(p) not in used and p.box and p.box.y0 < box.y0)
    return Ending(leaf, left, right, (*earlier, *body))


def _short(piece: Piece) -> bool:
    return len(piece.text) < 60 and not bare(piece.text).startswith("trang ")  # noqa: PLR2004 - no line of a block is longer
