"""What signed files (.p7m) hold inside, beside them: the document is judged, the signature is kept."""

import hashlib

from vbdaemon.model import Part, Problem
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.media import CMS, HEAD_BYTES, media_type
from vbdaemon.reading.name import clean_name, distinct

_ENDINGS = (".p7m", ".p7s", ".pkcs7", ".sig")


def with_signed_content(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, each signed one followed by what it holds, unless that is among the parts already."""
    known = {hashlib.sha256(part.body).digest() for part in parts}
    made: list[Part] = []
    for number, part in enumerate(parts, 1):
        made.append(part)
        content = signed_content(part.body) if media_type(part.body[:HEAD_BYTES], part.name) == CMS else None
        if content is None or isinstance(content, Problem) or not content:
            continue
        digest = hashlib.sha256(content).digest()
        if digest not in known:
            known.add(digest)
            made.append(Part(_content_name(part.name, content, number), content, part.role))
    if len(made) == len(parts):
        return parts
    names = distinct(part.name for part in made)
    return tuple(Part(name, part.body, part.role) for name, part in zip(names, made, strict=True))


def _content_name(name: str, content: bytes, number: int) -> str:
    for ending in _ENDINGS:
        if name.lower().endswith(ending) and "." in name[: -len(ending)]:
            return clean_name(name[: -len(ending)], content, number)
    return clean_name("", content, number)
