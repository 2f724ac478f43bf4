"""The form of a document: its form-name line, else its symbol, else the V/v block of a công văn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from vbdaemon.builtin.classification.heading import Heading, is_addressees
from vbdaemon.builtin.classification.marks import is_mark
from vbdaemon.builtin.classification.number import NumberLine
from vbdaemon.builtin.classification.sheet import Piece, Sheet
from vbdaemon.builtin.classification.spelling import bare, joined_letters, key
from vbdaemon.builtin.classification.symbol import forms_of
from vbdaemon.model import Doubt, Form, Found

LETTER = "cong-van"
_COPIES = {"sao-y", "trich-sao", "sao-luc"}
_TITLE_LINES = 7
_LONG_ENOUGH = 7
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_BODY = re.compile(r"^\W*(?:Căn cứ|Thực hiện|Điều 1\b|Theo |Xét |Tiếp theo)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """A form-name line: the form, the piece, its place in the text below the head, and whether it is certain."""

    forms: tuple[Form, ...]
    piece: Piece
    index: int
    sure: float


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """The form, or the doubt about it; `title` is its form-name line when there is one."""

    form: Form | None
    found: Found[str] | None
    title: Title | None
    doubts: tuple[Doubt, ...] = ()


def form_of(sheet: Sheet, head: Heading, line: NumberLine | None, forms: tuple[Form, ...]) -> FormAnswer:
    """The form by the precedence name line, symbol, V/v block; a conflict keeps the name and says so."""
    known = tuple(f for f in forms if f.slug not in _COPIES)
    title = title_of(head.below, known)
    by_symbol = forms_of(line, known, ocr=bool(head.number and head.number.ocr)).forms if line else ()
    if title:
        return _named(sheet, head, title, by_symbol, line)
    if by_symbol:
        return _by_symbol(sheet, head, by_symbol)
    return _letter(sheet, head, line, known)


def title_of(below: Sequence[Piece], forms: tuple[Form, ...]) -> Title | None:
    """The form-name line among the first lines below the head."""
    for index, piece in enumerate(below[:_TITLE_LINES]):
        if is_addressees(piece.text) or _BODY.match(piece.text):
            return None
        if is_mark(piece.text):
            continue
        found, sure = _matching(piece, forms)
        if found:
            return Title(found, piece, index, sure)
    return None


def _matching(piece: Piece, forms: tuple[Form, ...]) -> tuple[tuple[Form, ...], float]:
    """The forms whose name this line is, with and without accents, then as OCR may have misread it."""
    words = joined_letters(_EDGES.sub("", piece.text))
    if not words or len(words) > 90:  # noqa: PLR2004 - no name of a form is so long
        return (), 0.0
    exact = [
        f for f in forms if key(f.name) == key(words) or (words.isupper() and key(words).startswith(f"{key(f.name)} "))
    ]
    if exact:
        return (max(exact, key=lambda f: len(f.name)),), 0.99
    if not words.isupper():
        return (), 0.0
    tight = bare(words).replace(" ", "")
    alike = [f for f in forms if bare(f.name).replace(" ", "") == tight]
    if alike:
        return tuple(alike), 0.96
    prefix = [f for f in forms if bare(words).startswith(f"{bare(f.name)} ")]
    if prefix:
        return (max(prefix, key=lambda f: len(f.name)),), 0.9
    return _misread(tight, forms) if piece.ocr else ((), 0.0)


def _misread(tight: str, forms: tuple[Form, ...]) -> tuple[tuple[Form, ...], float]:
    """Names that one letter tells from the line; several are no answer (thông báo, thông cáo)."""
    if len(tight) < _LONG_ENOUGH:
        return (), 0.0
    near = [f for f in forms if Levenshtein.distance(bare(f.name).replace(" ", ""), tight, score_cutoff=1) <= 1]
    return tuple(near), 0.85


def _named(
    sheet: Sheet, head: Heading, title: Title, by_symbol: tuple[Form, ...], line: NumberLine | None
) -> FormAnswer:
    if len(title.forms) > 1:
        both = tuple(f for f in title.forms if f in by_symbol)
        if len(both) != 1:
            return FormAnswer(None, None, title, (_doubt(sheet, "form-ambiguous", [title.piece]),))
        title = Title(both, title.piece, title.index, title.sure)
    form = title.forms[0]
    conflict = bool(by_symbol) and form not in by_symbol and not (line and line.normative)
    found = sheet.found(form.slug, [title.piece], "form-name-line", 0.6 if conflict else title.sure)
    seen = [title.piece, *([head.number] if head.number else [])]
    doubts = (_doubt(sheet, "form-ambiguous", seen),) if conflict else ()
    return FormAnswer(form, found, title, doubts)


def _by_symbol(sheet: Sheet, head: Heading, forms: tuple[Form, ...]) -> FormAnswer:
    seen = [p for p in (head.number, *head.letter_subject[:1]) if p]
    if len(forms) > 1:
        return FormAnswer(None, None, None, (_doubt(sheet, "form-ambiguous", seen),))
    form = forms[0]
    odd = bool(head.letter_subject) and form.slug != LETTER
    found = sheet.found(form.slug, seen[:1], "symbol", 0.6 if odd else 0.9)
    return FormAnswer(form, found, None, (_doubt(sheet, "form-ambiguous", seen),) if odd else ())


def _letter(sheet: Sheet, head: Heading, line: NumberLine | None, forms: tuple[Form, ...]) -> FormAnswer:
    """A công văn has no form-name line: its V/v block tells it, or number and Kính gửi without a title."""
    form = next((f for f in forms if f.slug == LETTER), None)
    if form and head.letter_subject:
        return FormAnswer(form, sheet.found(LETTER, head.letter_subject[:1], "letter-subject", 0.99), None)
    start = next((i for i, p in enumerate(head.below[:_TITLE_LINES]) if is_addressees(p.text)), None)
    titled = start is None or any(p.text.isupper() and not is_mark(p.text) for p in head.below[:start])
    if form and line and start is not None and not titled:
        return FormAnswer(form, sheet.found(LETTER, [head.below[start]], "addressees-without-title", 0.92), None)
    return FormAnswer(None, None, None)


def _doubt(sheet: Sheet, code: str, pieces: Sequence[Piece]) -> Doubt:
    return Doubt(code, sheet.found(code, pieces, code).evidence)
