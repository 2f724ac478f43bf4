"""Names of agencies as offices write them in running text; documents print them in capitals (NĐ 30/2020, App. II)."""

import re

from vbdaemon.model import Classification, Directory

_BODIES = (
    "Ủy ban nhân dân",
    "Uỷ ban nhân dân",
    "Hội đồng nhân dân",
    "Đoàn đại biểu Quốc hội",
    "Văn phòng",
    "Sở",
    "Phòng",
    "Ban",
    "Bộ",
    "Cục",
    "Chi cục",
    "Trung tâm",
    "Thanh tra",
    "Công an",
    "Kho bạc Nhà nước",
    "Bảo hiểm xã hội",
    "Ban Quản lý dự án",
    "Thành phố Hồ Chí Minh",
    "Hội đồng nhân dân và Ủy ban nhân dân",
    "HĐND",
    "UBND",
    "HĐND&UBND",
)
_FIELDS = (
    "Nội vụ",
    "Tài chính",
    "Kế hoạch",
    "Đầu tư",
    "Tư pháp",
    "Y tế",
    "Giáo dục",
    "Đào tạo",
    "Tài nguyên",
    "Môi trường",
    "Lao động",
    "Thương binh",
    "Xã hội",
    "Văn hóa",
    "Văn hoá",
    "Thông tin",
    "Truyền thông",
    "Thể thao",
    "Du lịch",
    "Kinh tế",
    "Hạ tầng",
    "Đô thị",
    "Nông nghiệp",
    "Phát triển nông thôn",
    "Công Thương",
    "Khoa học",
    "Công nghệ",
    "Xây dựng",
    "Đầu tư xây dựng",
    "Giao thông vận tải",
    "Dân tộc",
    "Tôn giáo",
    "Ngoại vụ",
    "Quản lý đô thị",
    "Phục vụ hành chính công",
)
_LEVELS = ("tỉnh", "thành phố", "thị xã", "huyện", "quận", "phường", "xã", "thị trấn", "đặc khu")
_JOINING = ("và", ",", "-", "–", "&")
_ENDS_PLACE = (*_JOINING, "tỉnh", "huyện", "quận")
"""Single words that end the name of a place; others can belong to it: Hải Phòng, Tân Xã."""
_KNOWN = {tuple(words.casefold().split()): words for words in (*_BODIES, *_FIELDS, *_LEVELS, *_JOINING)}
_LONGEST = max(map(len, _KNOWN))


def issuer_words(found: Classification, directory: Directory | None = None) -> str:
    """The issuer as the directory spells it where it is that unit's name, else as offices write it; "" when unknown."""
    if found.issuer is None:
        return ""
    printed = found.issuer.value
    unit = directory.unit(found.issuer_unit) if directory else None
    names = (unit.name, *unit.aliases) if unit else ()
    same = next((name for name in names if _plain(name) == _plain(printed)), None)
    return same or as_written(printed)


def as_written(name: str) -> str:
    """A name in capitals as it stands in running text: "Ủy ban nhân dân xã Đồng Mẫu".

    As it is where it is not all capitals, or where a word is neither a known one nor the name of a place: better
    capitals than a name with the wrong ones.
    """
    if name != name.upper():
        return name
    words = re.sub(r"([,&])", r" \1 ", name).split()
    said: list[str] = []
    place = inside = False
    at = 0
    while at < len(words):
        known = _longest(words, at, inside=inside)
        if known is None and not place:
            return name
        said.append(_KNOWN[known] if known else words[at].capitalize())
        if known:
            place = " ".join(known) in _LEVELS or (place and known[0] in _JOINING)
        inside = known is None and not words[at].isdigit()
        at += len(known or (words[at],))
    text = re.sub(r" ,", ",", " ".join(said)).replace("HĐND & UBND", "HĐND&UBND")
    return text[:1].upper() + text[1:]


def _longest(words: list[str], at: int, *, inside: bool) -> tuple[str, ...] | None:
    """The longest known phrase that begins here; inside the name of a place most single words are part of it."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        phrase = tuple(word.casefold() for word in words[at : at + length])
        if phrase in _KNOWN and (length > 1 or not inside or phrase[0] in _ENDS_PLACE):
            return phrase
    return None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
