"""Plain text: decoding and lines."""

import unicodedata
from pathlib import Path

from vbdaemon.model import Content, ContentKind, Line, Page, Problem, ProblemKind
from vbdaemon.reading.encoding import is_legacy

MOST_BYTES = 2_000_000
"""More text than this is not read."""
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
"""Byte order marks and what they say."""
CUT = "unexpected end of data"
"""What the UTF-8 decoder says of text that was cut in the middle of a letter."""


def read_text(path: Path, sha256: str) -> Content:
    """Content of a text file, one page; raises OSError only."""
    with path.open("rb") as stream:
        raw = stream.read(MOST_BYTES + 1)
    problems = []
    if len(raw) > MOST_BYTES:
        problems.append(Problem(ProblemKind.OVER_LIMIT, f"more than {MOST_BYTES} bytes of text"))
    text = unicodedata.normalize("NFC", decoded(raw[:MOST_BYTES]))
    lines = tuple(Line(row) for row in (" ".join(row.split()) for row in text.splitlines()) if row)
    if is_legacy(text):
        problems.append(Problem(ProblemKind.LEGACY_ENCODING, "text in TCVN3 or VNI letters"))
    page = Page(1, 0.0, 0.0, lines, blank=not lines)
    return Content(sha256, ContentKind.TEXT, (page,), 1, problems=tuple(problems))


def decoded(raw: bytes) -> str:
    """Text by its byte order mark, as UTF-8, or as Vietnamese Windows text (code page 1258)."""
    for mark, encoding in BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == CUT:
            return raw[: error.start].decode("utf-8")
        return raw.decode("cp1258", errors="replace")
