"""Names in certificates: common names, readable subjects, and text made comparable."""

import unicodedata

from cryptography import x509
from cryptography.x509.oid import NameOID

TONES = {"\u0300": "1", "\u0301": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
"""The five tone marks; hòa and hoà put the same one on different letters."""

LABELS = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.COUNTRY_NAME: "C",
    NameOID.EMAIL_ADDRESS: "E",
    NameOID.USER_ID: "UID",
    NameOID.SERIAL_NUMBER: "SERIALNUMBER",
    NameOID.TITLE: "T",
}


def attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    """The first value of an attribute of a name; NFC; None when it is absent."""
    values = name.get_attributes_for_oid(oid)
    if not values:
        return None
    value = values[0].value
    return unicodedata.normalize("NFC", value if isinstance(value, str) else value.decode("utf-8", "replace"))


def common_name(name: x509.Name) -> str:
    """CN, or the readable whole name where there is none."""
    return attribute(name, NameOID.COMMON_NAME) or readable(name)


def readable(name: x509.Name) -> str:
    """The name as people read it, most specific part first, e.g. "CN=Sở Nội vụ, O=Tỉnh …, C=VN"."""
    parts = []
    for part in reversed(list(name)):
        value = part.value if isinstance(part.value, str) else part.value.decode("utf-8", "replace")
        parts.append(f"{LABELS.get(part.oid, part.oid.dotted_string)}={value}")
    return unicodedata.normalize("NFC", ", ".join(parts))


def comparable(text: str) -> tuple[str, ...]:
    """The words of a text, case-folded, accents kept, each tone written at the word's end: hòa = hoà = "hoa1".

    NFC does not unify the two ways of placing a tone (domain rule on tone variants).
    """
    words = "".join(sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in _decomposed(text))
    return tuple(_tone_last(word) for word in words.split())


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).casefold())


def _tone_last(word: str) -> str:
    tones = "".join(TONES[sign] for sign in word if sign in TONES)
    letters = "".join(sign for sign in word if sign not in TONES)
    return unicodedata.normalize("NFC", letters) + tones
