"""Marks of secrecy, urgency and circulation: words that stand alone, never words within a sentence."""

import re
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.emblem import emblem
from vbdaemon.builtin.classification.sheet import Leaf, Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare, joined_letters, toned
from vbdaemon.model import Circulation, Found, Secrecy, Urgency

_UPPER = 0.4
"""A mark of secrecy stands in the upper 40 % of a page with a Quốc hiệu (box 10a), or in any running head."""
_RUNNING = 0.08
_HEAD_LINES = 25
"""Lines of a page without places that count as its upper part."""
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LEVEL = re.compile(r"(?:^|\b)(?:Độ|Mức độ|Mức|Cấp độ)\s+mật\s*[:\-]\s*(tuyệt\s+mật|tối\s+mật|mật)\b", re.IGNORECASE)
_SECRET = {"TUYỆT MẬT": Secrecy.TUYET_MAT, "TỐI MẬT": Secrecy.TOI_MAT, "MẬT": Secrecy.MAT}
_SECRET_BARE = {"tuyet mat": Secrecy.TUYET_MAT, "toi mat": Secrecy.TOI_MAT}
_MISREAD = {"MẠT", "MÂT", "MẦT", "MẤT", "MẨT", "MẪT", "MẶT", "MÀT"}
"""What OCR makes of MẬT; "MAT" without any accent is noise."""
_PARTED_M = re.compile(r"(?:ni|ivi|iii|rn)(?=at\b)")
"""An M whose strokes part."""
_PARTED = {"NIẬT", "NIÂT", "IVIẬT", "IVIÂT", "RNẬT", "IIIẬT"}
_GARBLED = 4
"""Letters before MẬT that can be TUYỆT under another stamp; BẢO and BÍ are shorter."""
_LEFT_OVER = re.compile(r"\b(?:bí|bảo|tiết lộ|cơ)$", re.IGNORECASE)
"""A line that ends so continues in the next: "… BÍ" / "MẬT"."""
_AT_END = re.compile(r"[\W\d_]((?:TUYỆT |TỐI )?MẬT)\W*$|^\W*((?:TUYỆT |TỐI )?MẬT)[\W_]")
_URGENT = {
    "hoa toc": Urgency.HOA_TOC,
    "hoa toc hen gio": Urgency.HOA_TOC,
    "thuong khan": Urgency.THUONG_KHAN,
}
_CIRCULATION = {"luu hanh noi bo": Circulation.INTERNAL, "xem xong tra lai": Circulation.RETURN}
_OTHERS = {"du thao", "sao y", "sao luc", "trich sao", "khan", "hoat toc", "tai lieu thu hoi", "tai lieu hop"}
_ALONE = 0.98
_INFERRED = 0.7


def is_mark(text: str) -> bool:
    """True when `text` is a mark and nothing else."""
    words = _alone(text)
    letters = bare(words)
    return (
        words in _SECRET
        or letters in _SECRET_BARE
        or letters in _URGENT
        or letters in _CIRCULATION
        or letters in _OTHERS
        or letters.startswith("du thao lan")
    )


def secrecy(sheets: Iterable[Sheet]) -> Found[Secrecy] | None:
    """The strongest mark of secrecy in any of the files."""
    order = list(Secrecy)
    found = [f for sheet in sheets for f in _secrets(sheet)]
    return max(found, key=lambda f: (order.index(f.value), f.confidence), default=None)


def urgency(sheet: Sheet) -> Found[Urgency] | None:
    """The mark of urgency on page 1."""
    for piece in _upper(sheet.first, 0.5):
        words = _alone(piece.text)
        level = _URGENT.get(bare(words)) or (Urgency.KHAN if words in {"KHẨN", "KHẦN"} else None)
        if level and words.isupper():
            return sheet.found(level, [piece], "urgency-mark", _ALONE)
    return None


def circulation(sheet: Sheet) -> Found[Circulation] | None:
    """The limit of circulation on page 1."""
    for piece in sheet.first.pieces:
        words = _alone(piece.text)
        limit = _CIRCULATION.get(bare(words))
        if limit and words.isupper():
            return sheet.found(limit, [piece], "circulation-mark", _ALONE)
    return None


def _secrets(sheet: Sheet) -> Iterable[Found[Secrecy]]:
    for leaf in sheet.leaves:
        upper = list(_upper(leaf, _UPPER if leaf is sheet.first or emblem(leaf) else _RUNNING))
        for index, piece in enumerate(upper):
            before = upper[index - 1].text if index else ""
            level, sure = _level(piece, before)
            if level:
                yield sheet.found(level, [piece], "secrecy-mark", sure)


def _level(piece: Piece, before: str) -> tuple[Secrecy | None, float]:
    """The level that this piece marks, and how sure that is."""
    named = _LEVEL.search(piece.text)
    if named:
        return _SECRET[toned(re.sub(r"\s+", " ", named[1]).upper())], _ALONE
    words = _alone(piece.text)
    if not words or _LEFT_OVER.search(before):
        return None, 0.0
    if words.upper() in _SECRET and (words.isupper() or piece.bold):
        return _SECRET[words.upper()], _ALONE
    if piece.ocr and words.isupper():
        return _misread(words), _INFERRED
    return _beside(piece)


def _misread(words: str) -> Secrecy | None:
    """The level that OCR may have misread in capitals: an accent or one letter off, or words run into it."""
    letters = _PARTED_M.sub("m", bare(words))
    for name, level in _SECRET_BARE.items():
        if letters.startswith(f"{name} ") or Levenshtein.distance(letters, name, score_cutoff=1) <= 1:
            return level
    if words in _MISREAD or words in _PARTED:
        return Secrecy.MAT
    first, _, last = words.partition(" ")
    if last == "MẬT" and len(first) >= _GARBLED and first.isalpha():
        return Secrecy.TUYET_MAT if Levenshtein.distance(bare(first), "tuyet") <= 3 else Secrecy.MAT  # noqa: PLR2004
    return None


def _beside(piece: Piece) -> tuple[Secrecy | None, float]:
    """A stamp that OCR ran into a line of the head: capitals at an end of a line in small letters."""
    stuck = _AT_END.search(piece.text)
    if not stuck or not piece.ocr or not any(c.islower() for c in piece.text) or len(piece.text) > 60:  # noqa: PLR2004
        return None, 0.0
    return _SECRET[stuck[1] or stuck[2]], _INFERRED


def _upper(leaf: Leaf, share: float) -> Iterable[Piece]:
    for index, piece in enumerate(leaf.pieces):
        if (piece.box.y0 < leaf.height * share) if piece.box else index < _HEAD_LINES * share / _UPPER:
            yield piece


def _alone(text: str) -> str:
    """The words without frame strokes and brackets around them, letters set apart joined."""
    return toned(joined_letters(_EDGES.sub("", text)))
