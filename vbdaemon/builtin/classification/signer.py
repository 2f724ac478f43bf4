"""The printed signature block: authority (TM., KT., TL., TUQ., Q.), title, name; NĐ 30/2020 App. I, boxes 7a, 7b."""

import re
from collections.abc import Sequence

from vbdaemon.builtin.classification.ending import Ending
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare
from vbdaemon.model import Found, Signer

_AUTHORITY = re.compile(r"^\W*(TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s*\.\s*\S")
_TITLE = re.compile(
    r"^\W*(?:PHO |Q |QUYEN )?(?:CHU TICH|GIAM DOC|TRUONG|CHANH|HIEU TRUONG|BI THU|CUC TRUONG|TONG|BO TRUONG|"
    r"THU TRUONG|THU TUONG|CHI CUC|CHANH AN|VIEN TRUONG|CHI HUY|CHU NHIEM|DOI TRUONG|TRAM TRUONG|THU KY|"
    r"NGUOI LAP|BAN|UY VIEN|PHO|DAI DIEN|PHONG|KE TOAN|VIEN|TRUNG|KHOI|HANH CHINH|VAN PHONG)\b"
)
_DEGREE = re.compile(
    r"^(?:(?:PGS|GS|ThS|Ths|TS|Ts|BS|Bs|CN|KS|CKII|CKI|Thạc sĩ|Tiến sĩ|Đại tá|Thượng tá|Trung tá|Thiếu tá)\b[.\s]*)+"
)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SYLLABLES = range(2, 7)
_SURNAMES = frozenset(
    {
        *("nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo"),
        *("duong", "ly", "dao", "doan", "vuong", "trinh", "truong", "dinh", "lam", "phung", "mai", "to", "ta", "ha"),
        *("luong", "cao", "chau", "thai", "than", "trieu", "dam", "luu", "tong", "quach", "kieu", "la", "mac", "ninh"),
    }
)
_OPENING = re.compile(r"^\W*(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\s*\.\s*")
_HEADS = (
    *("CHỦ TỊCH", "GIÁM ĐỐC", "TRƯỞNG PHÒNG", "TRƯỞNG BAN", "CHÁNH VĂN PHÒNG", "HIỆU TRƯỞNG", "BÍ THƯ", "CỤC TRƯỞNG"),
    *("CHI CỤC TRƯỞNG", "TỔNG CỤC TRƯỞNG", "BỘ TRƯỞNG", "VIỆN TRƯỞNG", "CHÁNH ÁN", "CHÁNH THANH TRA", "CHỦ NHIỆM"),
    *("TRƯỞNG CÔNG AN", "TỔNG GIÁM ĐỐC", "CHỈ HUY TRƯỞNG", "THỦ TRƯỞNG", "TRẠM TRƯỞNG", "ĐỘI TRƯỞNG", "VỤ TRƯỞNG"),
)
_USUAL = (
    *_HEADS,
    *(f"PHÓ {title}" for title in _HEADS),
    *("PHÓ TRƯỞNG PHÒNG", "THỨ TRƯỞNG", "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH"),
)
_NAME_READ = 0.89
"""An accent of a person's name that OCR misread cannot be told from another person's name."""
_PLACE = re.compile(r"^(?:Nơi|Như|Lưu Văn (?:Thư|Phòng)$|Bản|Cổng|Sở|Phòng|Ban|Các)\b")
"""Lines of the recipients. Lưu is a surname, too: "Lưu: VT" has no name's letters anyway."""


def signer_of(sheet: Sheet, ending: Ending | None) -> Found[Signer] | None:
    """Authority, title and name at the end of the document; what is not printed is None."""
    return None if ending is None else block_signer(sheet, _block(ending))


def block_signer(sheet: Sheet, block: Sequence[Piece]) -> Found[Signer] | None:
    """The signer of one signature block, its lines from top to bottom."""
    named = next((p for p in reversed(block) if _name(p)), None)
    above = block[: list(block).index(named)] if named else block
    authority = [p for p in above if _AUTHORITY.match(p.text)]
    title = [p for p in above if p not in authority and p.text.isupper() and _TITLE.match(bare(p.text).upper())]
    if not (named or authority or title):
        return None
    signer = Signer(_mended(authority), _mended(title), _name(named) if named else None)
    sure = 0.97 if named and (title or authority) else 0.8
    if named and named.ocr:
        sure = min(sure, _NAME_READ)
    return sheet.found(signer, [*authority, *title, *([named] if named else [])], "signature-block", sure)


def names_person(piece: Piece) -> bool:
    """True for a line that is a person's name as printed under a signature."""
    return _name(piece) is not None


def opens_block(piece: Piece) -> bool:
    """True for a line of authority or title in capitals, with which a signature block begins."""
    words = piece.text
    return words.isupper() and bool(_AUTHORITY.match(words) or _TITLE.match(bare(words).upper()))


def _block(ending: Ending) -> Sequence[Piece]:
    """The right column; where there are no places, what follows the last line of the recipients."""
    if ending.leaf.placed:
        return ending.right
    return [p for p in ending.right if not p.text.startswith(("-", "–", "+")) and not p.text.endswith((";", ":"))]


def _name(piece: Piece) -> str | None:
    """The name that this line is: two to six capitalised syllables, or capitals that begin with a surname."""
    words = _DEGREE.sub("", _EDGES.sub("", piece.text)).split()
    if len(words) not in _SYLLABLES or _PLACE.match(piece.text) or not all(w.isalpha() for w in words):
        return None
    capitals = piece.text.isupper()
    if capitals and (bare(words[0]) not in _SURNAMES or _TITLE.match(bare(piece.text).upper())):
        return None
    if not capitals and not all(w[0].isupper() and not w[1:].isupper() for w in words):
        return None
    return " ".join(words)


def _mended(pieces: Sequence[Piece]) -> str | None:
    """The words of a title; what OCR misread of a usual one is put right ("PHO C HỦ TỊCH")."""
    words = _joined(pieces)
    if words is None or not any(p.ocr for p in pieces):
        return words
    opening = _OPENING.match(words)
    start = opening.end() if opening else 0
    tight = bare(words[start:]).replace(" ", "")
    right = next((title for title in _USUAL if bare(title).replace(" ", "") == tight), None)
    return words if right is None else words[:start] + right


def _joined(pieces: Sequence[Piece]) -> str | None:
    return " ".join(p.text.strip(" .,;“”'\"|") for p in pieces) or None
