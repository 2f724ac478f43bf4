"""Putting what a signature widget shows into the blank it was made for: the number, the day, the month.

Born-digital documents leave "Số:      /TB-UBND" and "ngày      tháng 01" in the text; the organisation
signs the number and the day into the blanks, so the words stand in widgets above the page.
"""

from collections.abc import Iterable

from vbdaemon.reading.line import BLANK_EM, Row, joins_blank
from vbdaemon.reading.piece import Piece

_LONGEST = 24
"""Characters of a number, day or symbol at most; signer names and times are longer."""
_LEADERS = " \t.…_"
_TOUCH_EM = 0.4


def filled(found: Iterable[Row], widgets: Iterable[Piece]) -> tuple[list[Row], list[Piece]]:
    """Rows with the widgets' words at their place, and the widgets that belong to no blank."""
    result = list(found)
    left_over = []
    for widget in widgets:
        index = next((i for i, row in enumerate(result) if _takes(row, widget)), None)
        if index is None:
            left_over.append(widget)
        else:
            result[index] = _with(result[index], widget)
    return result, left_over


def _takes(row: Row, widget: Piece) -> bool:
    """True when the widget stands on this row, over nothing but a blank to be filled in."""
    words = widget.text.strip()
    if not words or len(words) > _LONGEST or not _level(row, widget):
        return False
    left, right = _halves(row, widget)
    room_before = widget.ink[0] - left[-1].ink[1] if left else None
    room_after = right[0].ink[0] - widget.ink[1] if right else None
    least, most = -_TOUCH_EM * widget.em, BLANK_EM * widget.em
    if any(room is not None and room < least for room in (room_before, room_after)):
        return False
    opens = room_before is not None and room_before < most and joins_blank("".join(p.text for p in left), "")
    closes = room_after is not None and room_after < most and joins_blank("", "".join(p.text for p in right))
    return opens or closes


def _level(row: Row, widget: Piece) -> bool:
    top, bottom = min(p.y0 for p in row), max(p.y1 for p in row)
    overlap = min(bottom, widget.y1) - max(top, widget.y0)
    return overlap >= 0.5 * min(bottom - top, widget.height)


def _halves(row: Row, widget: Piece) -> tuple[Row, Row]:
    """What stands left and right of the widget's middle, leaders and spaces next to it removed."""
    middle = (widget.x0 + widget.x1) / 2
    cut = [piece.split(middle) for piece in row]
    left = [p for p, _ in cut if p.text]
    right = [p for _, p in cut if p.text]
    while left and not left[-1].text.rstrip(_LEADERS):
        left.pop()
    while right and not right[0].text.lstrip(_LEADERS):
        right.pop(0)
    if left:
        left[-1] = _trimmed_end(left[-1])
    if right:
        right[0] = _trimmed_start(right[0])
    return left, right


def _trimmed_end(piece: Piece) -> Piece:
    kept = len(piece.text.rstrip(_LEADERS))
    return piece if kept == len(piece.text) else piece.split(piece.starts[kept])[0]


def _trimmed_start(piece: Piece) -> Piece:
    dropped = len(piece.text) - len(piece.text.lstrip(_LEADERS))
    return piece if not dropped else piece.split(piece.starts[dropped])[1]


def _with(row: Row, widget: Piece) -> Row:
    left, right = _halves(row, widget)
    return [*left, widget, *right]
