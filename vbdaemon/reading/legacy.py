"""Vietnamese text before Unicode: TCVN3 (TCVN 5712:1993, VN3) and VNI for Windows, as letters of today."""

import re
import unicodedata

# letters of TCVN3 on the bytes 80 to FF; B0 to B4 are accents that follow their letter
_TCVN3 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0"
    "ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3_LETTERS = {0x80 + offset: letter for offset, letter in enumerate(_TCVN3)}

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
# VNI writes the mark of a letter as a letter of its own after it
_VNI_MARKS = {
    "ù": _ACUTE,
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "é": _BREVE + _ACUTE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_WORD = re.compile("[A-Za-z\u00c0-\u00ff]+")
_VNI_CARRIERS = frozenset("aeouyAEOUYôöÔÖ")

_TONES = {_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT}
_INITIALS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
_NUCLEI = (
    "uyê|iêu|yêu|oai|oao|oay|oeo|uây|uôi|uya|uyu|ươi|ươu|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|ya|yê|"
    "[aăâeêioôơuưy]"
)
_SYLLABLE = re.compile(f"(?:{_INITIALS})?(?:{_NUCLEI})(?:ch|ng|nh|[cmnpt])?")
"""Letters of a syllable without its tone."""


def from_tcvn3(raw: bytes) -> str:
    """Text of bytes in TCVN3; every byte has a letter."""
    letters = raw.decode("latin-1").translate(_TCVN3_LETTERS)
    return unicodedata.normalize("NFC", letters)


def from_vni(raw: bytes) -> str:
    """Text of bytes in VNI for Windows (Latin-1 letters, a mark after its letter)."""
    return unicodedata.normalize("NFC", _VNI_WORD.sub(_vni_word, raw.decode("cp1252", errors="replace")))


def _vni_word(found: re.Match[str]) -> str:
    made: list[str] = []
    carrier = False
    for letter in found[0]:
        small = letter.lower()
        if carrier and small in _VNI_MARKS:
            made.append(_VNI_MARKS[small])
            carrier = False
            continue
        whole = _VNI_LETTERS.get(small, small)
        made.append(whole.upper() if letter != small else whole)
        carrier = letter in _VNI_CARRIERS
    return "".join(made)


def is_syllable(word: str) -> bool:
    """True when a word with marks could be a Vietnamese syllable."""
    taken = unicodedata.normalize("NFD", word.lower().replace("đ", "\u0111"))
    tones = sum(1 for c in taken if c in _TONES)
    bare = unicodedata.normalize("NFC", "".join(c for c in taken if c not in _TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(bare) is not None
