"""What signed files (.p7m) hold inside, beside them: the document is judged, the signature is kept."""

import hashlib
from pathlib import PurePosixPath

from vbdaemon.model import Part, Problem
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.media import CMS, HEAD_BYTES, media_type
from vbdaemon.reading.mime import message
from vbdaemon.reading.name import clean_name, renamed

_MOST_LAYERS = 4
_ENDINGS = (".p7m", ".p7s", ".pkcs7", ".sig")


def with_signed_content(parts: tuple[Part, ...], *, mails: bool = True) -> tuple[Part, ...]:
    """The parts, each signed one followed by what it holds, unless that is among the parts already.

    `mails`: signed mails come out too; not wanted of a mail's own signature, which `mail_parts` looked into.
    """
    known = {hashlib.sha256(part.body).digest() for part in parts}
    made: list[Part] = []
    for number, part in enumerate(parts, 1):
        made.append(part)
        content = _content(part)
        if not content or (not mails and _is_mail(content)):
            continue
        digest = hashlib.sha256(content).digest()
        if digest not in known:
            known.add(digest)
            made.append(Part(_content_name(part.name, content, number), content, part.role))
    return parts if len(made) == len(parts) else renamed(made)


def _content(part: Part) -> bytes | None:
    """What is inside the innermost of several signatures around each other."""
    content: bytes | Problem | None = part.body
    for _ in range(_MOST_LAYERS):
        if not isinstance(content, bytes) or media_type(content[:HEAD_BYTES], "") != CMS:
            break
        content = signed_content(content)
    return content if isinstance(content, bytes) and content is not part.body else None


def _is_mail(content: bytes) -> bool:
    return bool(message(content).field("content-type"))


def _content_name(name: str, content: bytes, number: int) -> str:
    for ending in _ENDINGS:
        if name.lower().endswith(ending) and "." in name[: -len(ending)]:
            return clean_name(name[: -len(ending)], content, number)
    named = clean_name("", content, number)
    return f"{PurePosixPath(named).stem}.eml" if _is_mail(content) else named
