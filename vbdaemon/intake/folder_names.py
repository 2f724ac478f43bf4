"""Names of dropped files: which belong together, and what a submission calls them."""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from vbdaemon.intake.shared_folder import Parts


def readable(name: str) -> str:
    """Valid Unicode, NFC: bytes that are no UTF-8 become U+FFFD; everything else stays, line breaks too."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def stem_of(name: str) -> str:
    """What files of one drop share: the name before the last dot, NFC, without regard to case."""
    return unicodedata.normalize("NFC", PurePosixPath(name).stem).casefold()


def submitted_names(files: Iterable[Parts]) -> dict[Parts, str]:
    """A name for each file of a submission, different for each.

    A file of a dropped sub-folder loses the folder's name; the names of folders deeper down are joined to its
    own by "_". Twins (NFC and NFD, or joined names that meet) are told apart by " (2)", " (3)", …
    """
    names: dict[Parts, str] = {}
    used: set[str] = set()
    for parts in sorted(files):
        plain = readable("_".join(parts[1:] if len(parts) > 1 else parts))
        path = PurePosixPath(plain)
        name, number = plain, 2
        while name in used:
            name, number = f"{path.stem} ({number}){path.suffix}", number + 1
        used.add(name)
        names[parts] = name
    return names
