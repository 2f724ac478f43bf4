"""The signer's name against the persons whose certificates the directory knows: accents that OCR lost come back."""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.spelling import bare, key
from vbdaemon.model import Directory, Found, Signer, SignerRole, TextSource

_COMMON_NAME = re.compile(r"(?:CN|Common Name)\s*[=:]\s*([^,;+/]+)", re.IGNORECASE)
_KNOWN = 0.95
_LETTERS_OFF = 1
_LEAST = 8
"""Letters; one letter of a shorter name off is another name."""


def known_signer(signer: Found[Signer] | None, directory: Directory, unit: str | None) -> Found[Signer] | None:
    """The signer as the directory writes the name, when OCR read it and exactly one person of the unit fits."""
    if signer is None or signer.source is not TextSource.OCR or unit is None or not signer.value.name:
        return signer
    names = {name for name in _persons(directory, unit) if _fits(name, signer.value.name)}
    if len(names) != 1:
        return signer
    return replace(signer, value=replace(signer.value, name=names.pop()), confidence=max(signer.confidence, _KNOWN))


def _persons(directory: Directory, unit: str) -> list[str]:
    certificates = (c for c in directory.certificates if c.unit == unit and c.role is SignerRole.PERSON)
    return [found[1].strip() for c in certificates if (found := _COMMON_NAME.search(c.subject))]


def _fits(known: str, read: str) -> bool:
    """True when the names are the same without accents, or one letter off; another person's accents differ."""
    ours, theirs = bare(key(known)), bare(key(read))
    return ours == theirs or (len(ours) >= _LEAST and Levenshtein.distance(ours, theirs) <= _LETTERS_OFF)
