"""Header fields of a mail: 7-bit, folded, no line of anybody else's making."""

import re
from base64 import b64encode
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from vbdaemon.rendering.words import sentence

EOL = "\r\n"
_WIDTH = 76
_PORTION = 11
"""Characters: at four bytes each they fit into an encoded word."""
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,240}>")
_SPECIAL = re.compile(r"[^A-Za-z0-9 !#$%&\'*+/=?^_`{|}~-]")
_UNRESERVED = "!#$&+-.^_`|~"
"""Besides letters and digits: what RFC 2231 lets stand as it is (attribute-char), as far as quoting agrees."""


def text_field(name: str, text: str) -> str:
    """A field of free text; what it says is one line, and in encoded words unless it is ASCII."""
    return f"{name}: {_words(sentence(text), len(name) + 2)}{EOL}"


def address_field(name: str, display: str, address: str) -> str:
    """A field with one address and, if any, a name before it."""
    shown = sentence(display)
    if not shown:
        return f"{name}: {address}{EOL}"
    if shown.isascii():
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"' if _SPECIAL.search(shown) else shown
        words = shown
    else:
        words = _words(shown, len(name) + 2)
    return f"{name}: {words}{EOL} <{address}>{EOL}"


def date_field(at: datetime) -> str:
    """When it was written, in the time of Viet Nam."""
    return f"Date: {format_datetime(at.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')).replace(microsecond=0))}{EOL}"


def reference_fields(message_id: str) -> str:
    """What this mail answers; nothing where that is no Message-ID."""
    if not _MESSAGE_ID.fullmatch(message_id):
        return ""
    return f"In-Reply-To:{EOL} {message_id}{EOL}References:{EOL} {message_id}{EOL}"


def attachment_fields(media_type: str, name: str) -> str:
    """Type and name of an attachment, as Thunderbird writes them: so Outlook, Zimbra and Thunderbird show the name.

    Disposition says it by RFC 2231; who knows that not finds encoded words in the type. No parameter stands twice:
    of two, each client takes another.
    """
    if name.isascii():
        plain = re.sub(r'(["\\])', r"\\\1", name)
        typed = placed = f'="{plain}"'
        return (
            f"Content-Type: {media_type};{EOL} name{typed}{EOL}"
            f"Content-Disposition: attachment;{EOL} filename{placed}{EOL}"
        )
    words = _words(name, len(' name="'))
    return (
        f'Content-Type: {media_type};{EOL} name="{words}"{EOL}'
        f"Content-Disposition: attachment;{EOL} filename*=utf-8''{quote(name, safe=_UNRESERVED)}{EOL}"
    )


def _words(text: str, before: int) -> str:
    """Folded: ASCII at its spaces, anything else as encoded words (RFC 2047) that end where words end.

    Some programs show a gap between two encoded words: there a space stands anyway.
    """
    if text.isascii():
        return _folded(text, before)
    chunks: list[str] = []
    chunk = ""
    for piece in re.findall(r"\S+\s*|\s+", text):
        for part in _portions(piece):
            room = _WIDTH - 13 - (before if not chunks else 1)
            if chunk and len(b64encode((chunk + part).encode())) > room:
                chunks.append(chunk)
                chunk = ""
            chunk += part
    return f"{EOL} ".join(f"=?utf-8?B?{b64encode(each.encode()).decode()}?=" for each in [*chunks, chunk])


def _portions(piece: str) -> list[str]:
    """A word so long that no encoded word holds it, in portions."""
    return [piece[at : at + _PORTION] for at in range(0, len(piece), _PORTION)]


def _folded(text: str, before: int) -> str:
    lines: list[str] = []
    line = ""
    for piece in re.findall(r"\S+\s*", text):
        if line and len(line) + len(piece) > _WIDTH - (before if not lines else 1):
            lines.append(line.rstrip())
            line = ""
        line += piece
    return f"{EOL} ".join([*lines, line])
