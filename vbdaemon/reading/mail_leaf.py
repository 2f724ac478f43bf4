"""The leaves of a mail's structure: parts that hold no parts, wherever they stand."""

from collections.abc import Iterator
from dataclasses import dataclass

from vbdaemon.model import Limits, Problem, ProblemKind
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.media import CMS, HEAD_BYTES, media_type
from vbdaemon.reading.mime import Entity, children, message

MOST_DEPTH = 40
"""Multiparts inside each other; programs make five."""
_SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CONTAINERS_PER_FILE = 4
_LOOKED_INTO = -1


class TooMuch(ValueError):
    """The structure is larger than the limits allow."""


class Locked(ValueError):
    """The mail is encrypted as a whole."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entity that holds no parts."""

    entity: Entity
    choice: int
    """Number of the multipart/alternative around it: leaves of one choice are versions of one text. 0: none."""


def leaves(top: Entity, limits: Limits) -> Iterator[Leaf]:
    """Leaves in order, inner mails whole. A stack, since nesting is the sender's choice.

    What an opaque signature holds is looked into, and the signature comes after it as a leaf of its own.
    Raises TooMuch and Locked.
    """
    waiting: list[tuple[Entity, int, int]] = [(top, 0, 0)]
    seen = choices = 0
    while waiting:
        entity, depth, choice = waiting.pop()
        seen += 1
        if depth > MOST_DEPTH or seen > _CONTAINERS_PER_FILE * limits.archive_files:
            raise TooMuch(f"parts nested deeper than {MOST_DEPTH}" if depth > MOST_DEPTH else "too many parts")
        if entity.content_type == "multipart/encrypted":
            raise Locked("encrypted as a whole")
        inside = _parts(entity, limits)
        if entity.content_type == "multipart/alternative" and choice == 0:
            choices += 1
            choice = choices
        if inside:
            waiting.extend((part, depth + 1, choice) for part in reversed(inside))
            continue
        signed = None if choice == _LOOKED_INTO else _signed(entity)
        if signed is not None:
            waiting.append((entity, depth, _LOOKED_INTO))  # the signature stays a file
            waiting.append((signed, depth + 1, choice))
            continue
        yield Leaf(entity, choice)


def _parts(entity: Entity, limits: Limits) -> list[Entity]:
    if not entity.multipart:
        return []
    double = entity.content_type == "multipart/appledouble"
    found: list[Entity] = []
    for part in children(entity):
        if double and part.content_type == "application/applefile":
            continue  # what the Finder of a Mac remembers of the file
        found.append(part)
        if len(found) > _CONTAINERS_PER_FILE * limits.archive_files:
            raise TooMuch("too many parts")
    return found


def _signed(entity: Entity) -> Entity | None:
    """The mail inside an opaque S/MIME signature (RFC 8551 §3.5.2); None for all else."""
    named = entity.content_type == "application/octet-stream" and entity.filename.lower().endswith(".p7m")
    if entity.content_type not in _SIGNED_TYPES and not named:
        return None
    raw = entity.body()
    content = signed_content(raw)
    if content is None or isinstance(content, Problem) or media_type(content[:HEAD_BYTES], "") == CMS:
        return None
    inner = message(content)
    return inner if inner.field("content-type") else None


def problem_of(error: TooMuch | Locked) -> Problem:
    """Why a mail was left as it is."""
    kind = ProblemKind.ENCRYPTED if isinstance(error, Locked) else ProblemKind.OVER_LIMIT
    return Problem(kind, str(error))
