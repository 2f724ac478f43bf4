"""Which files belong together: by their names, by the same text, by what an annex says it belongs to."""

import re
from functools import lru_cache
from pathlib import PurePosixPath

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.number import NumberLine
from vbdaemon.builtin.classification.segments import Reference
from vbdaemon.builtin.classification.sheet import Sheet
from vbdaemon.builtin.classification.spelling import bare, cleaned

_WORD = re.compile(r"\w{2,}")
_WORDS = 4000
_LEAST_WORDS = 8
_SAME_TEXT = 0.6
_ENDINGS = re.compile(
    r"(?:[\s._()-]*(?:signed|da ky|ky so|kyso|dau|scan|ban mem|final|du thao|word|file mem|goc|\(\d+\)|v\d+))+$"
)
_ANNEX_NAME = re.compile(
    r"\b(?:phu luc|phuluc|pl\s?\d*|pl [ivx]+|kem theo|dinh kem|phu bieu|danh sach|bieu mau|attach\w*)\b"
)
_DRAFT_NAME = re.compile(r"\b(?:du thao|duthao|dt)\b")


@lru_cache(maxsize=1024)
def stem(name: str) -> str:
    """The file's name without ending, accents, and what programs append ("_signed", "(1)")."""
    words = re.sub(r"[\s._-]+", " ", bare(cleaned(PurePosixPath(name).stem))).strip()
    return _ENDINGS.sub("", words).strip() or words


def named_annex(name: str) -> bool:
    """True when the name says annex: "Phụ lục 1.pdf", "PL02 …", "… kèm theo"."""
    return bool(_ANNEX_NAME.search(re.sub(r"[\s._-]+", " ", bare(cleaned(PurePosixPath(name).stem)))))


def named_draft(name: str) -> bool:
    """True when the name says draft."""
    return bool(_DRAFT_NAME.search(re.sub(r"[\s._-]+", " ", bare(cleaned(PurePosixPath(name).stem)))))


def same_text(a: Sheet, b: Sheet) -> bool:
    """True when the shorter text stands mostly in the longer: share of words without accents, so OCR may err."""
    return overlap(a, b) >= _SAME_TEXT


def overlap(a: Sheet, b: Sheet) -> float:
    """Share of the smaller set of words that is in the other; 0 when one has hardly any words."""
    left, right = _words(a), _words(b)
    if min(len(left), len(right)) < _LEAST_WORDS:
        return 0.0
    small, large = sorted((left, right), key=len)
    balance = len(small) / len(large)
    return len(small & large) / len(small) if balance > 0.25 else 0.0  # noqa: PLR2004 - an excerpt is not the same text


def refers_to(reference: Reference, line: NumberLine | None) -> bool:
    """True when the reference names this number line; two letters may be misread (64/QĐ-NBND for 648/QĐ-UBND)."""
    if line is None or line.symbol is None:
        return False
    printed, meant = f"{reference.number}/{reference.symbol}", f"{line.number or ''}/{line.symbol}"
    if not reference.number or line.number is None:
        printed, meant = reference.symbol, line.symbol
    return Levenshtein.distance(bare(printed), bare(meant)) <= 2  # noqa: PLR2004


def _words(sheet: Sheet) -> frozenset[str]:
    text = " ".join(p.text for leaf in sheet.leaves for p in leaf.pieces)
    return frozenset(_WORD.findall(bare(text))[:_WORDS])
