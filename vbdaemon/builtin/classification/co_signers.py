"""All signers of a joint document (văn bản liên tịch): its signature blocks stand side by side, or in rows."""

from collections.abc import Sequence
from itertools import pairwise

from vbdaemon.builtin.classification.ending import begins_recipients
from vbdaemon.builtin.classification.sheet import Leaf, Piece, Sheet
from vbdaemon.builtin.classification.signer import block_signer, names_person, opens_block
from vbdaemon.model import Found, Signer

_SAME_COLUMN = 70.0
"""Points between the middles of lines of one block; two blocks on A4 are further apart."""
_BESIDE = 12.0
"""Points: tops of lines that stand beside each other."""
_TALL = 260.0
"""Points: a block with its seal is no higher; a title further up belongs to the text."""


def joint_signers(sheet: Sheet) -> tuple[Found[Signer], ...]:
    """The named signers on the last page with blocks side by side, row by row from left to right.

    () where the words have no places, or where no two blocks stand side by side.
    """
    for leaf in reversed(sheet.leaves):
        blocks = _blocks(leaf) if leaf.placed else []
        if _side_by_side(blocks):
            found = (block_signer(sheet, block) for block in blocks)
            return tuple(signer for signer in found if signer and signer.value.name)
    return ()


def further(signer: Found[Signer] | None, all_of_them: Sequence[Found[Signer]]) -> tuple[Found[Signer], ...]:
    """Those of a joint document's signers who are not `signer`."""
    name = signer.value.name if signer else None
    return tuple(one for one in all_of_them if one.value.name != name)


def _blocks(leaf: Leaf) -> list[list[Piece]]:
    """Blocks from a title to the name below it, in rows from left to right."""
    lines = sorted((p for p in leaf.pieces if p.box and not begins_recipients(p)), key=_top)
    names = [p for p in lines if names_person(p) and not opens_block(p)]
    found = [block for name in names if (block := _block_of(name, lines))]
    rows: list[list[list[Piece]]] = []
    for block in sorted(found, key=lambda block: _top(block[0])):
        if rows and _top(block[0]) - _top(rows[-1][0][0]) <= _BESIDE:
            rows[-1].append(block)
        else:
            rows.append([block])
    return [block for row in rows for block in sorted(row, key=lambda block: _middle(block[0]))]


def _block_of(name: Piece, lines: Sequence[Piece]) -> list[Piece]:
    """The lines of title above a name in its column, and the name; [] without any."""
    titles: list[Piece] = []
    for piece in reversed(lines[: lines.index(name)]):
        if abs(_middle(piece) - _middle(name)) > _SAME_COLUMN:
            continue
        if opens_block(piece) and _top(name) - _top(piece) <= _TALL:
            titles.insert(0, piece)
        elif titles or names_person(piece):
            break
    return [*titles, name] if titles else []


def _side_by_side(blocks: Sequence[Sequence[Piece]]) -> bool:
    tops = sorted(_top(block[0]) for block in blocks)
    return any(lower - upper <= _BESIDE for upper, lower in pairwise(tops))


def _top(piece: Piece) -> float:
    return piece.box.y0 if piece.box else 0.0


def _middle(piece: Piece) -> float:
    return piece.box.centre[0] if piece.box else 0.0
