"""Names and subjects by which people say that a file is piece n of m."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class SliceKind(StrEnum):
    """How a whole was cut."""

    MESSAGE = "message"
    """A mail in several (message/partial, RFC 2046 §5.2.2)."""
    BYTES = "bytes"
    """A file cut into runs of bytes: x.pdf.001, x.7z.001."""
    VOLUMES = "volumes"
    """Volumes of a RAR archive: x.part1.rar, or x.rar, x.r00."""
    SUBJECT = "subject"
    """Mails with files of their own that together are one handing in: "(phần 1/3)" in the subject."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Piece n of m of a whole."""

    kind: SliceKind
    key: str
    """The same for all pieces of one whole; within one sender."""
    number: int
    """From 1."""
    total: int | None = None
    """None: the pieces do not say how many there are."""
    whole: str = ""
    """Name of the whole; "" for mails."""


_NUMBERED = re.compile(r"(?P<whole>.+\.[A-Za-z0-9]{2,4})\.(?P<number>\d{3})")
_PART_RAR = re.compile(r"(?P<whole>.+)\.part(?P<number>\d{1,4})\.rar", re.IGNORECASE)
_OLD_RAR = re.compile(r"(?P<whole>.+)\.r(?P<number>\d\d)", re.IGNORECASE)
_COUNTED = re.compile(
    r"[\[(]?\s*\b(?:phần|phan|part|tập tin|tệp|thư|mail|email)\s*(?:số|thứ)?"
    r"\s*(\d{1,2})\s*(?:/|trên|tren|of)\s*(\d{1,2})\s*[\])]?",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:\s*(?:re|fw|fwd|tr|chuyển tiếp|trả lời)\s*:)+", re.IGNORECASE)
MOST_PIECES = 99


def slice_of_name(name: str) -> Slice | None:
    """The piece that a file's name says it is; None for a whole file."""
    if found := _PART_RAR.fullmatch(name):
        return _volume(found["whole"], int(found["number"]))
    if found := _OLD_RAR.fullmatch(name):
        return _volume(found["whole"], int(found["number"]) + 2)  # x.rar is the first
    if (found := _NUMBERED.fullmatch(name)) and 1 <= int(found["number"]) <= MOST_PIECES:
        whole = found["whole"]
        return Slice(SliceKind.BYTES, f"bytes:{whole.casefold()}", int(found["number"]), whole=whole)
    return None


def slice_of_subject(subject: str) -> Slice | None:
    """The piece that a subject says a mail is: "Báo cáo quý I (phần 1/3)"; None for any other.

    Only with a word that says so: "(5/12)" may be a day, "lần 1/2" a reminder.
    """
    text = unicodedata.normalize("NFC", _REPLY.sub("", subject))
    found = _COUNTED.search(text)
    if found is None:
        return None
    number, total = (int(each) for each in found.groups() if each)
    if not 1 <= number <= total or not 1 < total <= MOST_PIECES:
        return None
    rest = " ".join((text[: found.start()] + " " + text[found.end() :]).split()).strip(" -–:,.").casefold()
    return Slice(SliceKind.SUBJECT, f"subject:{total}:{rest}", number, total)


def _volume(whole: str, number: int) -> Slice:
    return Slice(SliceKind.VOLUMES, f"rar:{whole.casefold()}", number, whole=f"{whole}.rar")
