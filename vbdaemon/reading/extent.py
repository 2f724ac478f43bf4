"""How many pages a document has and in which language it is, where reading can tell (NĐ 30/2020 App. VI, input fields).

What cannot be told is left open for a person.
"""

import re
import unicodedata

from vbdaemon.model import ContentKind, Document

VIETNAMESE = "Tiếng Việt"
FEWEST_WORDS = 40
"""Fewer say too little of what language a document is in."""
VIETNAMESE_SHARE = 0.20
"""Of the words, at least. Measured in official documents, by OCR too: 0.25 to 0.39, a table of names 0.23; in English
text with Vietnamese names and terms 0.07; in other languages of the Latin script none.
"""
FOREIGN_SHARE = 0.03
"""Of the words, at most. Measured in official documents: 0.01 at most; in English, French, Czech 0.12 to 0.33."""
_LONGEST_SYLLABLE = 7
"""Letters: no word of Vietnamese has more ("nghiêng"). Longer ones are another language's."""
_UNPAGED = frozenset({ContentKind.DOCX, ContentKind.XLSX, ContentKind.DOC, ContentKind.XLS, ContentKind.TEXT})
"""Kinds whose pages come into being when they are printed."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_VIETNAMESE_ALONE = re.compile("[ơờớởỡợưừứửữựấầẩẫậắằẳẵặếềểễệốồổỗộ]")
"""A horn, or a tone over another mark: no other national orthography writes these letters."""


def pages_of(document: Document) -> int | None:
    """Pages of the main file that are this document's; None where the file has no pages, or was not read."""
    content = document.content
    if content is None or content.kind in _UNPAGED or not content.pages:
        return None
    last = min(document.last_page or content.page_count, content.page_count)
    return last - document.first_page + 1 if last >= document.first_page else None


def language_of(document: Document) -> str:
    """`VIETNAMESE` when the words that were read of its pages are; empty for whatever else, never a guess."""
    content = document.content
    if content is None:
        return ""
    last = document.last_page or content.page_count
    text = "\n".join(page.text for page in content.pages if document.first_page <= page.number <= last)
    return VIETNAMESE if is_vietnamese(text) else ""


def is_vietnamese(text: str) -> bool:
    """True when enough of its words bear letters that Vietnamese alone has, and few are longer than its words are."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    ours = sum(_VIETNAMESE_ALONE.search(word) is not None for word in words)
    foreign = sum(len(word) > _LONGEST_SYLLABLE for word in words)
    if len(words) < FEWEST_WORDS or foreign > FOREIGN_SHARE * len(words):
        return False
    return ours >= VIETNAMESE_SHARE * len(words)
