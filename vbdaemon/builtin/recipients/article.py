"""Whom an article names: "Như Điều 3" means those who carry the decision out."""

import re
from collections.abc import Iterator

from vbdaemon.builtin.classification.ending import ending_of
from vbdaemon.builtin.classification.sheet import sheet_of
from vbdaemon.builtin.recipients.lexicon import Lexicon
from vbdaemon.model import Document

_ARTICLE = re.compile(r"^\W*Điều\s+(\d{1,3})\s*[.:]\s*", re.IGNORECASE)


def names_in(document: Document, number: int, lexicon: Lexicon) -> str:
    """The names in the document's article of that number, in one line; "" when it was not read."""
    return lexicon.names_of_article(" ".join(_lines(document, number)))


def _lines(document: Document, number: int) -> Iterator[str]:
    """The lines of the first article of that number; an annex's articles come later."""
    sheet = sheet_of(document)
    if sheet is None:
        return
    ending = ending_of(sheet)
    pieces = ending.body if ending else tuple(piece for leaf in sheet.leaves for piece in leaf.pieces)
    inside = False
    for piece in pieces:
        found = _ARTICLE.match(piece.text)
        if found and inside:
            return
        if found and int(found[1]) == number:
            inside = True
            yield piece.text[found.end() :]
        elif inside:
            yield piece.text
