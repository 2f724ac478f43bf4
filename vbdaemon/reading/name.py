"""Names for files that come out of containers: no path, no controls, never empty, never twice."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from vbdaemon.model import Part
from vbdaemon.reading import media

LONGEST_BYTES = 180
"""Of a name in UTF-8; file systems allow 255, and the spool adds to it."""

BODY_NAME = "noi-dung-thu.txt"
"""Name of a mail's body text."""

_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_LONG = 2000
_DRIVE = re.compile(r"^[A-Za-z]:(?! )")
_STREAM = re.compile(r"^(.+?\.[A-Za-z][A-Za-z0-9]{1,4}):\S.*$")
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\.|$)", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_ENDINGS = {
    media.PDF: ".pdf",
    media.DOCX: ".docx",
    media.XLSX: ".xlsx",
    media.DOC: ".doc",
    media.XLS: ".xls",
    media.ZIP: ".zip",
    media.MAIL: ".eml",
    media.SEVEN_ZIP: ".7z",
    media.RAR: ".rar",
    media.TNEF: ".tnef",
    media.CMS: ".p7m",
    media.TEXT: ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}


def clean_name(name: str, body: bytes, number: int) -> str:
    """A safe name made of `name`; without any, "tep-<number>" with an ending by content.

    Only the last part of a path is kept, no drive, no stream (x.pdf:y), nothing that shows nothing or turns
    the direction of writing, no leading dot; a name that Windows keeps for a device gets a line before it.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    if len(last) > _LONG:  # far longer than any file system allows
        last = last[: _LONG // 2] + last[-_LONG // 2 :]
    last = _STREAM.sub(r"\1", _DRIVE.sub("", last))
    # format characters can turn "fdp.exe" around on the screen
    visible = "".join(c for c in _SPACES.sub(" ", last) if unicodedata.category(c) not in _UNSEEN)
    safe = _shortened(_FORBIDDEN.sub("_", visible).strip(" ."))
    if _DEVICE.match(safe):
        safe = f"_{safe}"
    if safe.strip("_"):
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


def renamed(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same parts, their names made distinct."""
    kept = tuple(parts)
    names = distinct(part.name for part in kept)
    return tuple(
        part if part.name == name else replace(part, name=name) for name, part in zip(names, kept, strict=True)
    )


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_BYTES:
        return name
    path = PurePosixPath(name)
    ending = path.suffix if len(path.suffix.encode()) < 12 else ""  # noqa: PLR2004 - longer is no ending
    kept = (path.stem if ending else name).encode()[: LONGEST_BYTES - len(ending.encode())]
    return kept.decode("utf-8", errors="ignore").rstrip(" .") + ending
