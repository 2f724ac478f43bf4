"""Whose signature it is: by confirmed certificates first, then by the shape of the common name, never by O or OU."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from vbdaemon.model import ConfirmedCertificate, SignerRole
from vbdaemon.signature.naming import attribute, comparable

BODIES = (
    "ủy ban",
    "ubnd",
    "hội đồng",
    "hđnd",
    "văn phòng",
    "sở",
    "bộ",
    "vụ",
    "cục",
    "tổng cục",
    "chi cục",
    "ban",
    "phòng",
    "thanh tra",
    "trung tâm",
    "trường",
    "đại học",
    "học viện",
    "viện",
    "bệnh viện",
    "trạm",
    "công an",
    "bộ chỉ huy",
    "ban chỉ huy",
    "tòa án",
    "kho bạc",
    "thuế",
    "hải quan",
    "bảo hiểm",
    "ngân hàng",
    "chi nhánh",
    "công ty",
    "tổng công ty",
    "tập đoàn",
    "hợp tác xã",
    "liên đoàn",
    "liên minh",
    "liên hiệp",
    "mặt trận",
    "hội",
    "tỉnh ủy",
    "thành ủy",
    "huyện ủy",
    "quận ủy",
    "thị ủy",
    "đảng ủy",
    "tỉnh đoàn",
    "thành đoàn",
    "huyện đoàn",
    "đài",
    "báo",
    "nhà xuất bản",
    "thư viện",
    "bảo tàng",
    "vườn quốc gia",
    "hạt",
    "đội",
    "cơ quan",
    "tổ chức",
    "quỹ",
    "chính phủ",
    "quốc hội",
    "kiểm toán",
)
"""How the names of bodies begin; written with tones, so that the family names Vũ, Bồ, Trương do not match."""

BODIES_PLAIN = ("uy ban nhan dan", "ubnd", "hoi dong nhan dan", "van phong", "trung tam", "chi cuc", "tong cuc")
"""The same in certificates whose names carry no accents; only phrases that no personal name begins with."""

BEGINNINGS = tuple(comparable(text) for text in BODIES + BODIES_PLAIN)

FAMILY_NAMES = frozenset(
    comparable(
        "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Đoàn Lương Mai Tô Đào Cao "
        "Trương Hà Phùng Lâm Tạ Chu Châu Tống Thái Vương Quách Lưu La Tăng Kiều Khổng Doãn Nghiêm Từ Bạch Thân Giáp "
        "Triệu Ông Lục Mạc Nông Bế Hứa Quan Đàm Ma Lò Hoàng Vàng Giàng Sùng Thào Tráng Cầm Điêu Đèo Quàng Tòng Y H Rơ "
        "Siu Ksor Kpă Nay Rcom Thạch Sơn Kim Danh Lữ Vi Lang Lô Hờ Bàn Tẩn Chảo Phàn Lù Cứ Văn Viên Ninh Phí Âu Tiêu "
        "Đồng Khúc Ngọ Cù Hàn Ung Diệp Trang Thiều Quản Mẫn Giang Đậu Thiệu Cung Tôn Mã Trác Nhâm"
    )
)
SHORTEST_NAME = 2
LONGEST_NAME = 6
"""Syllables of a person's name."""

PERSONAL_IDS = ("CCCD:", "CMND:", "HC:")
"""Beginnings of UID in the certificates of persons (identity card, passport)."""
COMPANY_ID = "MST:"
"""Tax code: bodies, and persons within companies."""


def role_of(subject: x509.Name, confirmed: ConfirmedCertificate | None) -> SignerRole:
    """Organisation or person, or UNKNOWN where neither the directory nor the common name tells.

    A publisher's certificate carries the issuer's name in O: that never counts (NĐ 30/2020 art. 21).
    """
    if confirmed is not None:
        return confirmed.role
    name = attribute(subject, NameOID.COMMON_NAME)
    if name is None:
        return SignerRole.UNKNOWN
    if names_body(name):
        return SignerRole.ORGANISATION
    user_id = (attribute(subject, NameOID.USER_ID) or "").upper()
    mail = attribute(subject, NameOID.EMAIL_ADDRESS) is not None
    if _shaped_like_person(name, sure=mail or user_id.startswith(PERSONAL_IDS)):
        return SignerRole.PERSON
    if user_id.startswith(COMPANY_ID):
        return SignerRole.ORGANISATION
    return SignerRole.UNKNOWN


def names_body(name: str) -> bool:
    """True when a common name begins as the names of agencies and organisations do."""
    words = comparable(name)
    return any(words[: len(body)] == body for body in BEGINNINGS)


def _shaped_like_person(name: str, *, sure: bool) -> bool:
    """2 to 6 syllables of letters, beginning with a Vietnamese family name; any name when the rest is `sure`."""
    words = comparable(name)
    if not SHORTEST_NAME <= len(words) <= LONGEST_NAME or any(sign.isdigit() for sign in name):
        return False
    return sure or words[0] in FAMILY_NAMES
