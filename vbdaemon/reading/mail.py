"""Mails taken apart: attachments, mails inside mails, the body as text. Never raises for what a mail is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from vbdaemon.model import FileRole, Limits, Part, Problem, ProblemKind
from vbdaemon.reading.charset import decoded_as, guessed, mended
from vbdaemon.reading.header_words import header_text
from vbdaemon.reading.inline import is_decoration
from vbdaemon.reading.mail_leaf import Leaf, Locked, TooMuch, leaves, problem_of
from vbdaemon.reading.markup import pictures_of, text_of
from vbdaemon.reading.mime import Entity, message
from vbdaemon.reading.name import BODY_NAME, clean_name, distinct
from vbdaemon.reading.text import MOST_BYTES
from vbdaemon.reading.tnef import SIGNATURE, tnef_parts
from vbdaemon.reading.transfer import transferred, uuencoded

EMPTY_MAIL = "(Thư không có nội dung)"
CUT_SHORT = "(Phần còn lại của thư không hiển thị)"
_INNER = frozenset({"message/rfc822", "message/global", "message/news"})
_PLAIN = frozenset({"text/plain", "text/enriched", "text/richtext"})
_RICH = frozenset({"text/html", "text/xhtml", "text/watch-html", "text/x-amp-html"})
_NAMED = {
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pgp-signature": "signature.asc",
    "text/calendar": "lich.ics",
    "text/csv": "bang.csv",
    "text/rtf": "van-ban.rtf",
}
"""Names of what usually comes without one."""


@dataclass(slots=True)
class _Versions:
    """One text of a mail, in the versions that came."""

    plain: list[str] = field(default_factory=list)
    rich: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Letter:
    """The texts of a mail while it is taken apart."""

    texts: dict[tuple[int, int], _Versions] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    spare: str = ""
    """The text inside a TNEF: the same once more, unless there is no other."""

    def versions(self, choice: int) -> _Versions:
        """Where a text belongs; without a choice it is one of its own."""
        return self.texts.setdefault((choice, 0 if choice > 0 else len(self.texts)), _Versions())

    def text(self) -> str:
        """Every text once: of its versions the plain one, unless that is empty."""
        made: list[str] = []
        for versions in self.texts.values():
            plain = [text for text in versions.plain if text.strip()]
            made += plain or versions.rich
        return "\n".join(made).strip() or self.spare


class _Found(NamedTuple):
    name: str
    body: bytes
    role: FileRole = FileRole.OTHER
    content_id: str = ""


def mail_parts(raw: bytes, limits: Limits) -> tuple[Part, ...] | Problem:
    """Every attachment, inner mail and the body of a mail, or why it was left as it is. Never nothing."""
    top = message(raw)
    if top.content_type == "message/partial":
        return Problem(ProblemKind.DAMAGED, "a piece of a mail that was sent in several; the others are not here")
    letter, found, size = _Letter(), [], 0
    try:
        for each in _files(top, letter, limits):
            size += len(each.body)
            found.append(each)
            if len(found) > limits.archive_files or size > limits.archive_bytes:
                return Problem(ProblemKind.OVER_LIMIT, "more or larger attachments than the limits allow")
    except (TooMuch, Locked) as error:
        return problem_of(error)
    text = letter.text()
    if not found and not text:
        text = f"{EMPTY_MAIL}\n{header_text(top.field('subject'))}".strip()
    if text:
        found.append(_Found(BODY_NAME, text.encode("utf-8", "replace"), FileRole.BODY))
    names = distinct(each.name for each in found)
    return tuple(
        Part(name, each.body, each.role, _decorates(each, letter)) for name, each in zip(names, found, strict=True)
    )


def _decorates(found: _Found, letter: _Letter) -> bool:
    return bool(found.content_id) and found.content_id in letter.pictures and is_decoration(found.body)


def _files(top: Entity, letter: _Letter, limits: Limits) -> Iterator[_Found]:
    for number, leaf in enumerate(leaves(top, limits), 1):
        entity = leaf.entity
        name = entity.filename
        if entity.content_type in _INNER:
            yield _inner(entity, name, number)
        elif _is_text(entity, name):
            yield from _read(leaf, letter, number)
        else:
            yield from _file(entity, letter, number, limits)


def _is_text(entity: Entity, name: str) -> bool:
    """A text without name and disposition is the letter itself; so is a multipart in which no parts can be found."""
    kind = entity.content_type
    if name or entity.disposition == "attachment":
        return False
    return kind in _PLAIN or kind in _RICH or entity.multipart


def _read(leaf: Leaf, letter: _Letter, number: int) -> Iterator[_Found]:
    raw, versions = leaf.entity.body(), letter.versions(leaf.choice)
    if leaf.entity.content_type in _RICH:
        markup = _decoded(raw, leaf.entity.charset)
        letter.pictures |= pictures_of(markup)
        versions.rich.append(text_of(markup))
        return
    taken = uuencoded(raw)
    versions.plain.append(_decoded(taken.rest, leaf.entity.charset).strip())
    for offset, file in enumerate(taken.files):
        yield _Found(clean_name(mended(guessed(file.name)), file.body, number + offset), file.body)


def _decoded(raw: bytes, charset: str) -> str:
    text = mended(decoded_as(raw[:MOST_BYTES], charset))
    return text if len(raw) <= MOST_BYTES else f"{text}\n{CUT_SHORT}"


def _file(entity: Entity, letter: _Letter, number: int, limits: Limits) -> Iterator[_Found]:
    body = entity.body()
    if body.startswith(SIGNATURE):
        inside = tnef_parts(body, limits)
        if not isinstance(inside, Problem):
            for part in inside:
                if part.role is FileRole.BODY:
                    letter.spare = letter.spare or part.body.decode()
                else:
                    yield _Found(part.name, part.body)
            return
    named = clean_name(entity.filename or _NAMED.get(entity.content_type, ""), body, number)
    yield _Found(named, body, content_id=entity.content_id)


def _inner(entity: Entity, name: str, number: int) -> _Found:
    """A mail inside: its bytes as they are; some programs encode what must not be encoded (RFC 2046 §5.2.1)."""
    body = transferred(entity.raw[entity.start : entity.end], entity.field("content-transfer-encoding"))
    subject = header_text(message(body).field("subject")).replace("/", "-")
    named = clean_name(name or subject or f"thu-{number}", body, number)
    return _Found(named if named.lower().endswith(".eml") else f"{named}.eml", body)
