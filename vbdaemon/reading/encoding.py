"""Text that is not what it looks like: legacy Vietnamese fonts and worthless scanner text layers."""

import re
import unicodedata
from collections.abc import Iterable

_LEGACY_FONT = re.compile(r"^(?:[A-Z]{6}\+)?(?:\.?Vn[A-Z]|VNI[- _])")
# Letters that only Unicode text has: TCVN3 and VNI put Vietnamese letters on Latin-1 code points
_UNICODE_VIETNAMESE = re.compile("[ạ-ỹĂăĐđƠơƯư]")
# TCVN3 puts letters on these Latin-1 signs ("Céng hoµ x· héi chñ nghÜa", TCVN 5712:1993)
_TCVN3 = re.compile("[a-zA-Z][¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹»¼½¾ÆÇÐÑ×ÜÞß÷](?=[a-z\\s,.;]|$)|[¨©®µ¸¹¶·][a-z]")
# VNI writes the letter and its accent as two characters ("Coäng hoøa xaõ hoäi")
_VNI = re.compile("[aeiouyöôAEIOUYÖÔ][øùûõïåáàãâêéèëúüØÙÛÕÏÅÁÀÃÂÊÉÈËÚÜ]")
_LEGACY_SHARE = 0.15

MIN_VISIBLE = 20
"""Fewer visible characters than this are no text layer of a page that is a picture."""
_GARBAGE_SHARE = 0.1
_LETTER_SHARE = 0.5
_ACCENT_SHARE = 0.06
"""Vietnamese prose has an accent on about a quarter of its letters."""


def is_legacy(text: str, fonts: Iterable[str] = ()) -> bool:
    """True for text in TCVN3 or VNI fonts, told by the fonts' names or by the letters themselves."""
    if _UNICODE_VIETNAMESE.search(text):
        return False
    words = [w for w in text.split() if any(c.isalpha() for c in w)]
    if not words:
        return False
    if any(_LEGACY_FONT.match(font) for font in fonts):
        return True
    odd = sum(1 for w in words if _TCVN3.search(w) or _VNI.search(w))
    return odd >= max(3, _LEGACY_SHARE * len(words))


def is_garbage(text: str) -> bool:
    """True when the characters cannot be what the page shows: no mapping, private use, mostly signs."""
    visible = [c for c in text if not c.isspace()]
    if not visible:
        return False
    broken = sum(1 for c in visible if c == "\ufffd" or unicodedata.category(c) in {"Cc", "Co", "Cn", "Cs"})
    letters = sum(1 for c in visible if c.isalnum())
    dots = sum(1 for c in visible if c in ".…_-")
    return broken > _GARBAGE_SHARE * len(visible) or letters < _LETTER_SHARE * (len(visible) - dots)


def reads_as_vietnamese(text: str) -> bool:
    """True when accents occur about as often as in Vietnamese; scanners' text layers often have none."""
    letters = [c for c in unicodedata.normalize("NFC", text) if c.isalpha()]
    accented = sum(1 for c in letters if not c.isascii())
    return bool(letters) and accented >= _ACCENT_SHARE * len(letters)
