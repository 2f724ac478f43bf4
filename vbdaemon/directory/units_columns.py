"""The columns of a table of units and of a table of accounts, and how people call them."""

from collections.abc import Mapping
from dataclasses import dataclass

UNIT_COLUMNS = (
    "code",
    "name",
    "aliases",
    "parent",
    "groups",
    "served",
    "addresses",
    "networks",
    "folder",
    "signature_issued",
    "language",
    "scored",
    "channels",
    "channels_note",
)
ACCOUNT_COLUMNS = ("unit", "name", "role", "drop", "addresses", "login", "inbox")
LISTS = frozenset({"aliases", "groups", "addresses", "networks", "channels"})
FLAGS = {"served": False, "signature_issued": True, "scored": True}
"""With what an empty cell means."""
CALLED = {
    "mã": "code",
    "mã định danh": "code",
    "tên": "name",
    "tên đơn vị": "name",
    "tên khác": "aliases",
    "tên gọi khác": "aliases",
    "đơn vị cấp trên": "parent",
    "cấp trên": "parent",
    "nhóm": "groups",
    "chuyển văn bản": "served",
    "thư điện tử": "addresses",
    "email": "addresses",
    "mạng": "networks",
    "thư mục": "folder",
    "đã cấp chữ ký số": "signature_issued",
    "ngôn ngữ": "language",
    "chấm điểm": "scored",
    "cách nhận": "channels",
    "lý do": "channels_note",
    "lý do không nhận": "channels_note",
    "đơn vị": "unit",
    "tài khoản": "name",
    "vai trò": "role",
    "thư mục gửi": "drop",
    "tên đăng nhập": "login",
    "thư mục nhận": "inbox",
}
BESIDE = frozenset({"stt", "tt", "ghi chú", "note"})
"""Columns that people add for themselves."""
CHANNELS = {
    "thư mục": "folder",
    "thư điện tử": "mail",
    "email": "mail",
    "giấy": "paper",
    "bản giấy": "paper",
}
ROLES = {
    "lãnh đạo": "leader",
    "thủ trưởng": "leader",
    "cấp phó": "deputy",
    "phó thủ trưởng": "deputy",
    "chuyên viên": "specialist",
    "văn thư": "clerk",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as it was read: its name for mistakes, and its rows; row 1 is the heading."""

    name: str
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column stands, and what is wrong with the heading."""

    places: Mapping[str, int]
    mistakes: tuple[str, ...]


def heading_of(titles: tuple[str, ...], known: tuple[str, ...]) -> Heading:
    """The columns by key, whatever their order, in English or Vietnamese."""
    places: dict[str, int] = {}
    wrong = []
    for place, title in enumerate(titles):
        word = " ".join(title.casefold().split())
        key = CALLED.get(word, word)
        if not word or word in BESIDE:
            continue
        if key not in known:
            wrong.append(f"column {title!r} is not known; there are: {', '.join(known)}")
        elif key in places:
            wrong.append(f"column {key} stands twice")
        places.setdefault(key, place)
    if known[0] not in places:
        wrong.append(f"there is no column {known[0]}; row 1 holds the names of the columns: {', '.join(known)}")
    return Heading(places, tuple(wrong))
