"""Bytes that call themselves text: decoded by what they say, and by what they are when that is wrong."""

import re
import unicodedata

from vbdaemon.reading.legacy import from_tcvn3, from_vni, is_syllable
from vbdaemon.reading.text import BOMS, CUT

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 400
"""As many words are looked at to tell one encoding from another."""
_SURE = 0.5
_NAMES = {
    "x-viet-tcvn": "tcvn3",
    "x-viet-tcvn5712": "tcvn3",
    "tcvn": "tcvn3",
    "tcvn3": "tcvn3",
    "tcvn-5712": "tcvn3",
    "tcvn5712-1": "tcvn3",
    "x-viet-vni": "vni",
    "vni": "vni",
    "unicode": "utf-16",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "default": "",
    "binary": "",
}
"""Names of character sets that Python does not know, or knows as something else."""
_VAGUE = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "cp437"})
"""Written by programs that do not know either."""
_NOT_TEXT = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "mbcs", "oem", "undefined"})


def decoded_as(raw: bytes, charset: str) -> str:
    """Text, NFC, by the character set that the sender named; by the bytes where that cannot be. Never raises."""
    label = charset.strip().strip("\"'").partition("*")[0].lower().replace("_", "-")[:40]
    name = _NAMES.get(label, label)
    if name == "tcvn3":
        return from_tcvn3(raw)
    if name == "vni":
        return from_vni(raw)
    if name not in _VAGUE:
        text = strictly_decoded(raw, name)
        if text is not None:
            return unicodedata.normalize("NFC", text)
    return guessed(raw, "latin-1" if name in _VAGUE and name else "")


def guessed(raw: bytes, fallback: str = "", *, candidates: tuple[str, ...] = ("cp1258", "cp1252")) -> str:
    """Text, NFC: UTF-8 where the bytes are; else the encoding in which most words could be Vietnamese.

    Code page 1258, 1252, TCVN3 and VNI are weighed against each other. Nothing fits: `fallback`, or the first
    of the candidates.
    """
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return unicodedata.normalize("NFC", raw[len(mark) :].decode(encoding, errors="replace"))
    if raw.isascii():
        return raw.decode("ascii")
    text = _utf8(raw)
    if text is not None:
        return unicodedata.normalize("NFC", text)
    texts = [each for each in (strictly_decoded(raw, name) for name in candidates) if each is not None]
    texts = [unicodedata.normalize("NFC", each) for each in texts]
    best = max((*texts, from_tcvn3(raw), from_vni(raw)), key=_likeness)
    if _likeness(best) >= _SURE:
        return best
    return unicodedata.normalize("NFC", raw.decode(fallback or candidates[0], errors="replace"))


def mended(text: str) -> str:
    """Text whose letters are TCVN3 or VNI read as Latin-1, or UTF-8 read as Latin-1, in letters of today."""
    if text.isascii() or (max(text) > "\u00ff" and not _CP1252_SIGNS.search(text)):
        return text
    for encoding in ("latin-1", "cp1252"):
        try:
            raw = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        made = guessed(raw)
        return made if _likeness(made) > max(_likeness(text), _SURE) else text
    return text


_CP1252_SIGNS = re.compile("[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""What bytes 80 to 9F become."""


def _likeness(text: str) -> float:
    """Share of the words with letters beyond ASCII that could be Vietnamese; odd signs count against it."""
    seen = good = 0
    for found in _WORD.finditer(text[: _MOST_WORDS * 8]):
        word = found[0]
        if word.isascii():
            continue
        seen += 1
        good += is_syllable(word)
    odd = sum(1 for c in text[: _MOST_WORDS * 8] if not c.isascii() and not c.isalpha())
    return good / (seen + odd) if seen + odd else 0.0


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == CUT and error.start > 0:
            return raw[: error.start].decode("utf-8")
    broken = raw.decode("utf-8", errors="replace")
    lost = broken.count("\ufffd")
    good = sum(1 for c in broken if not c.isascii()) - lost
    return broken if good > 4 * lost else None  # one broken letter does not make it another encoding


def strictly_decoded(raw: bytes, name: str) -> str | None:
    """Text in exactly this character set; None where the bytes are no such text, or the name is none."""
    if name in _NOT_TEXT:
        return None
    try:
        text = raw.decode(name)
        text.encode()  # UTF-7 can spell halves of letters
    except (UnicodeError, LookupError, ValueError, AssertionError):
        # codecs that are no text encodings are refused by decode with LookupError
        return None
    return text
