"""Header fields of a mail: 7-bit, folded, no line of anybody else's making."""

import re
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from vbdaemon.rendering.words import sentence

EOL = "\r\n"
_WIDTH = 75
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
    """Encoded words, folded; ASCII stays as it is, folded at its spaces."""
    charset = "us-ascii" if text.isascii() else "utf-8"
    header = Header(text, charset, maxlinelen=_WIDTH, header_name="x" * max(before - 2, 0), continuation_ws=" ")
    return header.encode(linesep=EOL)
