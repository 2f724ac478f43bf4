"""Whether an issuer's name, as it was read from a page, can be that of a unit: scans spoil letters."""

import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from vbdaemon.model import Unit

ALIKE = 0.85
"""Share of equal letters, accents aside; "Tòa án nhân dân xã A" and "Ủy ban nhân dân xã A" have fewer."""
LEAST = 8
"""Letters of a name that was cut short; fewer stand in too many names."""


@lru_cache(maxsize=4096)
def resembles(name: str, unit: Unit) -> bool:
    """True when the name is the unit's, a part of it ("PHÒNG NỘI VỤ"), or that with a few letters spoilt."""
    read = _plain(name)
    return any(_alike(read, _plain(known)) for known in (unit.name, *unit.aliases))


def _alike(read: str, known: str) -> bool:
    if len(read) >= LEAST and read in known:
        return True
    return SequenceMatcher(None, read, known, autojunk=False).ratio() >= ALIKE


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFD", words.casefold()).replace("đ", "d")
    return "".join(sign for sign in letters if sign.isalnum())
