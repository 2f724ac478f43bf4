"""The subject (trích yếu): centred below the form name, or the V/v block of a công văn."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from vbdaemon.builtin.classification.form import Title
from vbdaemon.builtin.classification.heading import Heading, is_addressees, opening
from vbdaemon.builtin.classification.marks import is_mark
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import key
from vbdaemon.model import Found

_LINES = 9
_GAP = 1.75
"""A wider step between baselines than this many of the usual ones ends the subject."""
_OFF_CENTRE = 28.0
"""Points: a line further off is a stamp or a note in the margin."""
_FULL_LINE = 390.0
_BROAD, _WIDER = 200.0, 45.0
_INDENT = 10.0
"""Points; the indent of a body line moves its centre by half of 1–1.27 cm, 14 to 18 points."""
_BODY = re.compile(
    r"^\W*(?:Căn cứ|Cân cứ|cứ (?:Luật|Nghị|Quyết)|Điều \d|"
    r"Thực hiện (?:Công văn|Quyết định|Kế hoạch|Chỉ thị|Thông báo|Nghị|Luật|ý kiến|nội dung)|"
    r"Xét (?:đề nghị|Tờ trình)|Theo đề nghị|Ngày \d|Hôm nay|Trong thời gian|I+\.\s|1\.\s|Phần (?:I|thứ))",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\W*[-–—•]\s(?!(?:19|20)\d\d\b)")
"""A dash before a year goes on with a span: "giai đoạn 2021" / "- 2025"."""
_OPENING = re.compile(r"^\W*V[eéèêếềẻẽ] vi[eéèêếềệẹ]c\b")
_CLOSE = " .,;:-"
_SURE_LINES = 0.97
_READ = 0.89


def subject_of(sheet: Sheet, head: Heading, title: Title | None) -> Found[str] | None:
    """The subject as one line of text; None where the document has none (some invitations)."""
    if title:
        block = _block(head.below, title, key(" ".join(p.text for p in head.issuer)))
        return _found(sheet, _text(block), block, "subject-under-form-name") if block else None
    if not head.letter_subject:
        return None
    start = opening(head.letter_subject[0])
    words = _text(head.letter_subject)[start.end() if start else 0 :].strip(" :.-")
    return _found(sheet, words, head.letter_subject, "letter-subject") if words else None


def _found(sheet: Sheet, words: str, pieces: Sequence[Piece], rule: str) -> Found[str]:
    """The subject; on a scan a line of it can be lost without a trace, so it is never sure."""
    ocr = any(piece.ocr for piece in pieces)
    found = sheet.found(words, pieces, rule, _SURE_LINES)
    return replace(found, confidence=min(found.confidence, _READ)) if ocr else found


def _block(below: Sequence[Piece], title: Title, issuer: str) -> list[Piece]:
    block: list[Piece] = []
    for piece in below[title.index + 1 : title.index + 1 + _LINES]:
        if not _readable(piece, block) or is_mark(piece.text) or _aside(piece, title.piece):
            continue
        if _ends(piece, block, title, issuer):
            break
        block.append(piece)
    return block


def _readable(piece: Piece, block: list[Piece]) -> bool:
    """True for words, and for figures that end a subject: "… giai đoạn" / "2021 - 2025"."""
    return any(c.isalpha() for c in piece.text) or (bool(block) and any(c.isdigit() for c in piece.text))


def _ends(piece: Piece, block: list[Piece], title: Title, issuer: str) -> bool:
    text = piece.text
    if is_addressees(text) or _BODY.match(text) or (_BULLET.match(text) and not (piece.ocr and not block)):
        return True  # a dash right under the form name is dust
    if text.isupper() and _authority(text, issuer):
        return True
    if not block:
        return _too_far(piece, [title.piece], 3.2)
    if block[-1].bold and not piece.bold:
        return True
    if _ended(block[-1]) or _too_far(piece, block, _GAP) or _indented(piece, title.piece):
        return True
    return _wider(piece, block)


def _authority(text: str, issuer: str) -> bool:
    """The issuing authority repeated above the grounds, such as CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN."""
    words = key(text)
    heads = ("ủy ban nhân dân", "chủ tịch", "giám đốc", "hội đồng nhân dân", "trưởng", "bộ trưởng", "hiệu trưởng")
    return words.startswith(heads) or (len(words) > 8 and words in issuer)  # noqa: PLR2004 - a short word is chance


def _ended(last: Piece) -> bool:
    return last.box is None and last.text.endswith((".", ";", ":"))


def _too_far(piece: Piece, block: list[Piece], steps: float) -> bool:
    """True when the step to `piece` is much wider than those within the block."""
    a, b = block[-1].box, piece.box
    if a is None or b is None:
        return False
    inside = [q.box.y0 - p.box.y0 for p, q in pairwise(block) if p.box and q.box]
    usual = max([*inside, (a.y1 - a.y0) * 1.15, 12.0])
    return b.y0 - a.y0 > usual * steps


def _aside(piece: Piece, title: Piece) -> bool:
    """True for a line that is not centred under the form name: a stamp, a note in the margin."""
    a, b = title.box, piece.box
    return a is not None and b is not None and abs(a.centre[0] - b.centre[0]) > _OFF_CENTRE


def _indented(piece: Piece, title: Piece) -> bool:
    """True for a line as wide as the text whose indent moves it off the centre: the first of the body."""
    a, b = title.box, piece.box
    if a is None or b is None or b.x1 - b.x0 < _FULL_LINE:
        return False
    return b.centre[0] - a.centre[0] > _INDENT


def _wider(piece: Piece, block: Sequence[Piece]) -> bool:
    """True for a line much wider than all before it: a subject fills its first lines, the body is set wider."""
    a = max((p.box.x1 - p.box.x0 for p in block if p.box), default=0.0)
    b = piece.box
    return b is not None and a > _BROAD and b.x1 - b.x0 > max(a + _WIDER, _FULL_LINE)


def _text(pieces: Sequence[Piece]) -> str:
    text = ""
    for piece in pieces:
        glue = "" if not text or (text.endswith("-") and not text.endswith(" -")) else " "
        text += glue + piece.text
    text = text.strip().rstrip(_CLOSE).lstrip("-–—~_.'\"* ").strip()
    return _OPENING.sub("Về việc", text) if any(piece.ocr for piece in pieces) else text
