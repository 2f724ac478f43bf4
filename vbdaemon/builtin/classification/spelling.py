"""Vietnamese spelling for comparison: Unicode form, place of the tone mark, accents, look-alikes."""

import re
import unicodedata
from functools import lru_cache

_LOOK_ALIKES = str.maketrans(
    {
        "Ð": "Đ",  # U+00D0, the Icelandic eth: drawn like U+0110
        "ð": "đ",
        "\u00a0": " ",
        "\u200b": "",
        "\ufeff": "",
        "\u00ad": "",
        "⁄": "/",
        "∕": "/",
    }
)
_SPACES = re.compile(r"\s+")
_NOT_WORDS = re.compile(r"[^\w&]+")
_TONES = {"huyền": "\u0300", "sắc": "\u0301", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}
_SHORT = (
    (re.compile(r"\bubnd\b"), "ủy ban nhân dân"),
    (re.compile(r"\bhđnd\b"), "hội đồng nhân dân"),
    (re.compile(r"\b(?:ubmttq|mttq)\b"), "mặt trận tổ quốc"),
    (re.compile(r"\btp\b"), "thành phố"),
    (re.compile(r"\btx\b"), "thị xã"),
    (re.compile(r"\btt\b"), "thị trấn"),
    (re.compile(r"&"), " và "),
)


def _tone_pairs() -> dict[str, str]:
    """Old to new place of the tone: oà -> òa, oè -> òe, uỷ -> ủy."""
    return {
        first + unicodedata.normalize("NFC", second + tone): unicodedata.normalize("NFC", first + tone) + second
        for first, second in ("oa", "oe", "uy", "OA", "OE", "UY")
        for tone in _TONES.values()
    }


def _plain_letters() -> dict[int, str]:
    """Every Latin letter with its small letter without accents; Đ, a letter of its own, becomes d."""
    latin = [*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    plain = {code: unicodedata.normalize("NFD", chr(code))[0].lower()[:1] for code in latin}
    return plain | {ord("Đ"): "d", ord("đ"): "d"}


_PLAIN = _plain_letters()
_PAIRS = _tone_pairs()
_OLD_TONE = re.compile(f"({'|'.join(_PAIRS)})(?![^\\W\\d_])")


def cleaned(text: str) -> str:
    """NFC, one space between words, look-alike letters replaced; otherwise as printed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)).strip()


def toned(text: str) -> str:
    """The tone mark where today's spelling puts it: hoà -> hòa, uỷ -> ủy. NFC does not unify these."""
    return _OLD_TONE.sub(lambda m: _PAIRS[m[1]], text)


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """For comparison with accents: lower case, tones in one place, words and single spaces only."""
    # Lower case first: a capital with a small letter ("Oà") is in no table of tones.
    lower = unicodedata.normalize("NFC", cleaned(text).lower())
    return _SPACES.sub(" ", _NOT_WORDS.sub(" ", toned(lower))).strip()


def spelled_out(text: str) -> str:
    """`key` with common abbreviations of names of bodies written out: UBND -> ủy ban nhân dân."""
    words = key(text)
    for short, full in _SHORT:
        words = short.sub(full, words)
    return _SPACES.sub(" ", words).strip()


def bare(text: str) -> str:
    """Lower case without accents, one letter for each letter of `text` (which must be NFC)."""
    return text.translate(_PLAIN)


def joined_letters(text: str) -> str:
    """Letters set apart for emphasis joined: "M Ậ T" is "MẬT"."""
    words = text.split()
    if len(words) > 1 and all(len(w) == 1 and w.isalpha() for w in words):
        return "".join(words)
    return text


def capital(text: str) -> bool:
    """True when `text` has letters and all of them are capitals."""
    return text.isupper()
