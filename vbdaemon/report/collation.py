"""The Vietnamese order of words: a ă â b c d đ e ê … first, tones after, capital letters last."""

import re
import unicodedata

LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
"""f, j, w and z are no Vietnamese letters; they stand where Latin has them."""
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries, as in CLDR's "vi"."""
DIGITS = re.compile(r"\d+|\D")
Weight = tuple[int, int, str]
Key = tuple[tuple[Weight, ...], tuple[int, ...], str]


def vietnamese(words: str) -> Key:
    """The key by which words sort: by letters, then tones, then as they are; numbers in words count by their value.

    Spaces and signs come before digits, digits before letters. The same for composed and decomposed text.
    """
    letters: list[Weight] = []
    tones: list[int] = []
    for piece in DIGITS.findall(unicodedata.normalize("NFC", words).casefold()):
        letter, tone = (piece, 0) if piece.isdecimal() else _apart(piece)
        letters.append(_weight(letter))
        tones.append(tone)
    return tuple(letters), tuple(tones), unicodedata.normalize("NFC", words).swapcase()


def _apart(letter: str) -> tuple[str, int]:
    """A letter of the alphabet, and its tone: ậ is â with nặng."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((TONES[part] for part in parts if part in TONES), 0)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)), tone


def _weight(letter: str) -> Weight:
    if letter.isdecimal():  # not isdigit: that is true of "²", which int() does not read
        return (1, int(letter), "")
    rank = LETTERS.get(letter)
    if rank is not None:
        return (2, rank, "")
    return (3, 0, letter) if letter.isalpha() else (0, 0, letter)
