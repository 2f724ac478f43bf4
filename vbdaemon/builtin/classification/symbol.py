"""The symbol of a number line: its parts against the abbreviations of forms, and OCR's misreadings."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.number import NumberLine
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare, key
from vbdaemon.model import Form, Found

_COMMITTEE = "UBND"
_COUNCIL = "HĐND"
_BODIES = {_COMMITTEE: "ủy ban nhân dân", _COUNCIL: "hội đồng nhân dân"}
_LETTERS = {"5": "S", "8": "B", "0": "O", "1": "I"}
_DIGITS = re.compile(r"^[5801](?=[A-ZĐ]{2})")
"""No body's initials begin with a digit: OCR read a letter so."""
_TWICE = re.compile("ĐĐ+")
"""Seen twice by OCR where it stands once; only the symbol of a Giấy đi đường begins so."""
_AGREES = 0.95
_READ = 0.93
_LONG = 3


@dataclass(frozen=True, slots=True)
class SymbolForms:
    """The forms that a symbol can mean: one, none, or several when OCR may have lost an accent."""

    forms: tuple[Form, ...] = ()
    exact: bool = True


def forms_of(line: NumberLine, forms: tuple[Form, ...], ocr: bool) -> SymbolForms:
    """The forms whose abbreviation is the symbol's first part, whole; HĐND is no HĐ, ĐA no DA.

    Read by OCR an accent can be lost: then every form that is left without accents counts, and more than one
    is no answer.
    """
    first = line.party_form or (line.parts[0] if line.parts else "")
    exact = tuple(f for f in forms if first in f.abbreviations)
    if not ocr or (exact and "Đ" in first):  # OCR loses strokes, it does not add them
        return SymbolForms(exact)
    alike = tuple(f for f in forms if any(_same_but_accents(a, first) for a in f.abbreviations))
    return SymbolForms(alike, exact=alike == exact)


def found_symbol(sheet: Sheet, line: NumberLine, piece: Piece, form: Form | None, issuer: str) -> Found[str] | None:
    """The symbol with its evidence. What OCR misread is mended where form and issuer say how it must read."""
    if line.symbol is None:
        return None
    if not piece.ocr:
        return sheet.found(line.symbol, [piece], "number-line")
    symbol = _mended(line.symbol, form, key(issuer))
    found = sheet.found(symbol, [piece], "number-line", _READ)
    agrees = _agrees(symbol, form, key(issuer))
    confidence = max(found.confidence, _READ) if agrees else min(found.confidence, 0.85)
    return Found(symbol, round(confidence * _AGREES, 3) if agrees else confidence, found.source, found.evidence)


def _mended(symbol: str, form: Form | None, issuer: str) -> str:
    year, slash, rest = symbol.rpartition("/")
    parts = _parted(rest.replace("QĐĐ", "QĐ").split("-"), form, issuer)
    mended = [_part(part, i, form, issuer) for i, part in enumerate(parts)]
    return f"{year}{slash}{'-'.join(mended)}"


def _parted(parts: list[str], form: Form | None, issuer: str) -> list[str]:
    """The parts, with the hyphen that OCR lost between form and body, or between body and unit."""
    if len(parts) != 1:
        return parts
    whole, initials = parts[0], _initials(issuer)
    for short in form.abbreviations if form else ():
        rest = whole[len(short) :]
        if _same_but_accents(short, whole[: len(short)]) and _same_but_accents(rest, initials):
            return [short, rest]
    if form is not None and form.slug == "cong-van" and len(initials) >= _LONG and whole.startswith(initials):
        return [initials, whole[len(initials) :]] if len(whole) > len(initials) else parts
    return parts


def _initials(issuer: str) -> str:
    """What a body's name is shortened to: SỞ THÔNG TIN VÀ TRUYỀN THÔNG is STTTT, a committee UBND."""
    for short, full in _BODIES.items():
        if issuer.startswith(full):
            return short
    if issuer.startswith("văn phòng"):
        return "VP"
    return "".join(word[0] for word in issuer.split() if word != "và").upper()


def _part(part: str, index: int, form: Form | None, issuer: str) -> str:
    if index == 0 and form:
        same = [a for a in form.abbreviations if _same_but_accents(a, part) or _thickened(part, a)]
        if same:
            return same[0]
    for short, full in _BODIES.items():
        if full in issuer and len(part) >= len(short) and (_near(part, short) or _thickened(part, short)):
            return short
    return _DIGITS.sub(lambda m: _LETTERS[m[0]], _TWICE.sub("Đ", part))


def _near(part: str, short: str) -> bool:
    return len(part) == len(short) and Levenshtein.distance(part, short) <= 1


def _thickened(part: str, short: str) -> bool:
    """True when `part` is `short` with a letter seen twice: ĐĐA, HĐĐĐND."""
    return len(part) > len(short) and re.sub(r"Đ+", "Đ", part) == re.sub(r"Đ+", "Đ", short)


def _agrees(symbol: str, form: Form | None, issuer: str) -> bool:
    parts = symbol.rpartition("/")[2].split("-")
    named = form is not None and (not form.abbreviations or parts[0] in form.abbreviations)
    letter = form is not None and form.slug == "cong-van"
    body = any(short in parts and full in issuer for short, full in _BODIES.items())
    return body and (named or letter)


def _same_but_accents(a: str, b: str) -> bool:
    return bare(a) == bare(b)
