"""Words that tell components: how they begin, compared without accents where people misspell them."""

import re

from rapidfuzz import fuzz

from vbdaemon.builtin.classification.dates import DATE_LINE, SHORT_DATE_LINE
from vbdaemon.builtin.classification.spelling import bare

_NATIONAL = "cong hoa xa hoi chu nghia viet nam"
_MOTTO = "doc lap - tu do - hanh phuc"
_ALIKE = 86
_LETTERS = 6
_DATE = re.compile(r"^\W*[^\d,;]{0,45},?\s*ngày\b.{0,40}\bnăm\W*(?:\d{4})?\W*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\W*S[ốôồổỗộ]\s*[:.]?\s*[\d\s.…_]*[a-zđ]?\s*/", re.IGNORECASE)
_LETTER_SUBJECT = re.compile(r"^\W*(?:V\s?/\s?v|Về việc)\b", re.IGNORECASE)
_BODIES = re.compile(
    r"^(?:ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|BỘ|SỞ|PHÒNG|BAN|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|CỤC|TỔNG CỤC|VỤ|TRƯỜNG|"
    r"THANH TRA|CÔNG AN|VIỆN|CÔNG TY|"
    r"BỆNH VIỆN|TRẠM|ĐỘI|HẠT|KHO BẠC|BẢO HIỂM|TÒA ÁN|NGÂN HÀNG|ĐÀI|LIÊN ĐOÀN|HỘI|MẶT TRẬN)\b"
)
_WHERE = re.compile(r"\b(?:TỈNH|HUYỆN|QUẬN|THÀNH PHỐ|TP|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|SỞ|BỘ|UBND)\b")
CHAPTER = re.compile(r"^(?:phần|chương)\s+(?:thứ\s+\w+|[ivxlc]+|\d+)\b\.?", re.IGNORECASE)
SECTION = re.compile(r"^(?:mục|tiểu mục)\s+(?:\d+|[ivxlc]+)\b\.?", re.IGNORECASE)
ARTICLE = re.compile(r"^điều\s+\d+[a-zđ]?\s?[.:]?(?=\s|$)", re.IGNORECASE)
ITEM = re.compile(r"^(?:(?P<number>\d{1,2})(?P<after>[.)/])|(?P<letter>[a-zđ]{1,2})(?P<close>[.)/]))\s+(?=\S)")
RECIPIENTS = re.compile(r"^\W*nơi nhận\b", re.IGNORECASE)
ANNEX = re.compile(r"^phụ lục(?:\s+(?:số\s+)?(?:\d+|[ivxlc]+))?\s*[.:]?$", re.IGNORECASE)
ANNEX_REFERENCE = re.compile(r"^\(?\s*(?:ban hành )?kèm theo\b", re.IGNORECASE)
AUTHORITY = re.compile(
    r"^(?:TM|T/M|KT|K/T|TL|T/L|TUQ|Q)\b|^(?:PHÓ |Q\.? ?)?(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG|CHÁNH|HIỆU TRƯỞNG|CỤC TRƯỞNG|"
    r"VIỆN TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CHI CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|BÍ THƯ|THỦ TƯỚNG)\b"
)
COPY = re.compile(r"^(?:sao y|sao lục|trích sao)(?: bản chính)?$", re.IGNORECASE)
DRAFTER = re.compile(r"^[A-ZĐ]{1,5}(?:[.,]\s?[A-ZĐ]{1,5})?[.,]?\s?\(?\d{1,4}\)?(?:\s?b(?:ản)?)?\.?$")
BASIS = re.compile(r"^(?:căn cứ|theo đề nghị|xét đề nghị|thực hiện)\b", re.IGNORECASE)
GROUND = re.compile(r"^căn cứ\b", re.IGNORECASE)
DECIDES = re.compile(r"^(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|NAY QUYẾT ĐỊNH)\s*:?$")
_CONTACTS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"địa chỉ\b|trụ sở\b|^số \d+",
        r"điện thoại|\bđt\b|\btel\b",
        r"e-?mail|thư điện tử",
        r"website|trang thông tin|cổng thông tin",
        r"\bfax\b",
    )
)
_CONTACTS_NEEDED = 2
_BLOCK = 300


def is_national(text: str) -> bool:
    """True for the Quốc hiệu, however it is written."""
    return how_national(text) > 0


def how_national(text: str) -> float:
    """How near a line comes to the Quốc hiệu, 0 to 100; 0 for what is something else."""
    return _likeness(text, _NATIONAL)


def is_motto(text: str) -> bool:
    """True for the Tiêu ngữ, however it is written."""
    return _likeness(text, _MOTTO) > 0


def is_date(text: str) -> bool:
    """True for a line of place and date, and nothing else."""
    line = bool(_DATE.match(text) and DATE_LINE.search(text)) or bool(SHORT_DATE_LINE.search(text))
    return line and not BASIS.match(text)


def is_number(text: str) -> bool:
    """True for a line of number and symbol."""
    return bool(_NUMBER.match(text))


def is_letter_subject(text: str) -> bool:
    """True for the beginning of "V/v …"."""
    return bool(_LETTER_SUBJECT.match(text))


def names_body(text: str) -> bool:
    """True for a line that begins the name of a body."""
    return bool(_BODIES.match(text.upper()))


def is_whole_name(text: str) -> bool:
    """True for the end of a body's name: it says where the body is, or is a department's or ministry's."""
    return bool(_WHERE.search(text.upper()))


def is_addresses(text: str) -> bool:
    """True for the block of address, telephone, mail."""
    return len(text) < _BLOCK and sum(bool(contact.search(text)) for contact in _CONTACTS) >= _CONTACTS_NEEDED


def _likeness(text: str, words: str) -> float:
    letters = bare(text)
    return fuzz.ratio(letters, words, score_cutoff=_ALIKE) if abs(len(letters) - len(words)) <= _LETTERS else 0.0
