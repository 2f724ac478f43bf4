"""Are two names the same: a certificate's common name against a printed issuer or signer."""

import re
import unicodedata

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from vbdaemon.signature.naming import comparable

ABBREVIATIONS = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "tp": "thành phố",
    "và": "",
}
LEVELS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
"""Words that begin the place in a body's name; a heading may leave the place to the line above."""

SHORTEST_WITHOUT_PLACE = 3
"""Words; "Sở Nội vụ" may stand for "Sở Nội vụ tỉnh …"."""
NEVER_WITHOUT_PLACE = ("ủy ban nhân dân", "hội đồng nhân dân")
"""Names that tell nothing without their place."""

TONE_DIGITS = "12345"
"""How comparable words end that carry a tone."""

LIKE_A_PERSON = 85.0
"""Likeness of two personal names without accents, 0 to 100; one misread letter passes, another name does not."""
LONG_WORD = 4
"""Letters from which OCR may have got one wrong."""

Words = tuple[str, ...]


def same_body(signer: str, issuer: str, *, read_by_ocr: bool = False) -> bool:
    """True when a certificate's common name is the issuer's name: case, tone places, abbreviations aside.

    Accents count, since they tell places apart. Where OCR read the issuer, each longer word may differ by one letter.
    """
    ours, printed = _body_words(signer), _body_words(issuer)
    if not ours or not printed:
        return False
    if ours == printed or _same_without_place(ours, printed):
        return True
    return read_by_ocr and len(ours) == len(printed) and all(map(_misread, ours, printed))


def joint_bodies(issuer: str) -> tuple[str, ...]:
    """The names that the issuer of a joint document, "SỞ A - SỞ B", can consist of; a name may hold a dash itself."""
    parts = issuer.split(" - ")
    ends = range(1, len(parts) + 1)
    return tuple(" - ".join(parts[start:end]) for end in ends for start in range(end))


def same_person(signer: str, printed: str) -> bool:
    """True when a certificate's common name is the printed signer's, titles before the name and accents aside."""
    ours = plain(re.sub(r"\(.*?\)", " ", signer)).split()
    theirs = plain(printed).split()[-len(ours) :] if ours else []
    return bool(theirs) and fuzz.ratio(" ".join(ours), " ".join(theirs)) >= LIKE_A_PERSON


def plain(text: str) -> str:
    """Lower-case letters and digits without accents, one blank between words."""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    kept = "".join(sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split())


def _body_words(name: str) -> Words:
    words: list[str] = []
    for word in comparable(name):
        words += _ABBREVIATED.get(word, (word,))
    return tuple(words)


_ABBREVIATED = {comparable(short)[0]: comparable(long) for short, long in ABBREVIATIONS.items()}


def _same_without_place(one: Words, other: Words) -> bool:
    short, long = sorted((one, other), key=len)
    rest = long[len(short) :]
    if len(short) < SHORTEST_WITHOUT_PLACE or long[: len(short)] != short:
        return False
    if short in [_body_words(name) for name in NEVER_WITHOUT_PLACE]:
        return False
    levels = [_body_words(level) for level in LEVELS]
    return any(rest[: len(level)] == level for level in levels) and not any(_holds(short, level) for level in levels)


def _holds(words: Words, phrase: Words) -> bool:
    return any(words[start : start + len(phrase)] == phrase for start in range(len(words)))


def _misread(word: str, read: str) -> bool:
    """The same word, or one that OCR can have made of it: an accent lost or one letter of a longer word."""
    ours, theirs = plain(word), plain(read)
    if ours == theirs or (ours.strip(TONE_DIGITS) == theirs.strip(TONE_DIGITS) != ""):
        return True
    return min(len(ours), len(theirs)) >= LONG_WORD and Levenshtein.distance(ours, theirs) <= 1
