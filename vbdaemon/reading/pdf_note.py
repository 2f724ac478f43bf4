"""Footnotes of a PDF: the small lines at the end of a page, from the first that begins with a footnote's sign on."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from vbdaemon.reading.pdf_line import SetLine

_SMALL = 12.4
"""Points: type of footnotes at most."""
_NOTE = re.compile(r"^\s*(?:[\[(]?\d{1,3}[\])]?|\*{1,3})\s*[^\d\s./]")


def footnotes(lines: Sequence[SetLine]) -> Iterator[SetLine]:
    """The lines of all footnotes; `lines` stand in their order."""
    for _, page in groupby(lines, key=lambda line: line.page):
        small = list(takewhile(lambda line: line.size <= _SMALL, reversed(list(page))))[::-1]
        start = next((n for n, line in enumerate(small) if _NOTE.match(line.text)), len(small))
        yield from small[start:]
