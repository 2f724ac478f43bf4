"""Names for files that come out of containers: no path, no controls, never empty, never twice."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from vbdaemon.reading import media

LONGEST_BYTES = 180
"""Of a name in UTF-8; file systems allow 255, and the spool adds to it."""

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_ENDINGS = {
    media.PDF: ".pdf",
    media.DOCX: ".docx",
    media.XLSX: ".xlsx",
    media.DOC: ".doc",
    media.XLS: ".xls",
    media.ZIP: ".zip",
    media.MAIL: ".eml",
    media.TEXT: ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


def clean_name(name: str, body: bytes, number: int) -> str:
    """A safe name made of `name`; without any, "tep-<number>" with an ending by content."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # format characters can turn "fdp.exe" around on the screen
    visible = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    safe = _shortened(_FORBIDDEN.sub("_", visible).strip(" ."))
    if safe:
        return safe
    return f"tep-{number}{_ENDINGS.get(media.media_type(body[: media.HEAD_BYTES], ''), '')}"


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, later ones numbered where they repeat, regardless of capitals."""
    taken: set[str] = set()
    result = []
    for name in names:
        path, number, unique = PurePosixPath(name), 2, name
        while unique.casefold() in taken:
            unique = f"{path.stem} ({number}){path.suffix}"
            number += 1
        taken.add(unique.casefold())
        result.append(unique)
    return tuple(result)


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_BYTES:
        return name
    path = PurePosixPath(name)
    ending = path.suffix if len(path.suffix.encode()) < 12 else ""  # noqa: PLR2004 - longer is no ending
    kept = (path.stem if ending else name).encode()[: LONGEST_BYTES - len(ending.encode())]
    return kept.decode("utf-8", errors="ignore").rstrip(" .") + ending
