"""Documents that were sent in pieces: told from whole ones, and joined when every piece is there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vbdaemon.model import FileRole, Limits, Part, Problem, ProblemKind
from vbdaemon.reading.archive import entries_of_volumes
from vbdaemon.reading.header_words import header_text, text_parameter
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.mail_address import addresses
from vbdaemon.reading.media import HEAD_BYTES, MAIL, RAR, media_type
from vbdaemon.reading.mime import Entity, message
from vbdaemon.reading.name import renamed
from vbdaemon.reading.slice_name import MOST_PIECES, Slice, SliceKind, slice_of_name, slice_of_subject

_KEPT_OUTSIDE = ("content-", "subject", "message-id", "encrypted", "mime-version")
"""Header fields of the inner message that count instead of the outer ones (RFC 2046 §5.2.2.1)."""

_TAIL_BYTES = 1_024


@dataclass(frozen=True, slots=True)
class _Piece:
    place: Slice
    part: Part


def slice_of_mail(raw: bytes, limits: Limits) -> Slice | None:
    """Piece n of m that a mail is, by itself; None for a mail that is whole. Never raises.

    The key is the same for all pieces, and holds the sender's address: pieces of two senders never meet.
    A mail that carries all pieces of its file is whole. Where the total is unknown, `is_complete` decides.
    """
    top = message(raw)
    sender = next((each.address.casefold() for each in addresses(top.field("from"))), "")
    if top.content_type == "message/partial":
        return _partial(top)
    counted = slice_of_subject(header_text(top.field("subject")))
    found = mail_parts(raw, limits)
    pieces = [] if isinstance(found, Problem) else _pieces(found)
    alone = [piece for piece in pieces if not _whole([p for p in pieces if p.place.key == piece.place.key], None)]
    if alone:
        place = alone[0].place
        total = counted.total if counted else None
        return Slice(place.kind, f"{sender}|{place.key}", place.number, total, place.whole)
    if counted:
        return Slice(counted.kind, f"{sender}|{counted.key}", counted.number, counted.total)
    return None


def is_complete(slices: Iterable[Slice], sizes: Sequence[int] = ()) -> bool:
    """True when pieces 1 to m are there; `sizes` (bytes, same order) tell the last one where no total is known."""
    places = list(slices)
    numbers = {place.number for place in places}
    total = next((place.total for place in places if place.total), None)
    if total is not None:
        return numbers >= set(range(1, total + 1))
    if numbers != set(range(1, len(numbers) + 1)) or len(numbers) < 2:  # noqa: PLR2004 - one piece is none
        return False
    ordered = [size for _, size in sorted(zip((place.number for place in places), sizes, strict=False))]
    return len(ordered) == len(places) and ordered[-1] < ordered[0] and len(set(ordered[:-1])) == 1


def completed(raws: Sequence[bytes], limits: Limits) -> tuple[Part, ...] | Problem | None:
    """The files of the whole, when these mails are all its pieces; None while one is missing.

    A problem says why pieces that are all there cannot be joined: waiting for more will not help.
    """
    slices = [place for raw in raws if (place := slice_of_mail(raw, limits)) is not None]
    counted = any(place.total for place in slices)
    if not slices or (counted and not is_complete(slices)):
        return None
    if not counted and slices[0].kind is SliceKind.MESSAGE:
        return None  # only the last piece must say how many there are
    found = joined_mails(raws, limits)
    if not isinstance(found, Problem) and has_slices(part.name for part in found):
        return None if not counted else Problem(ProblemKind.DAMAGED, "the pieces do not make one file")
    return found


def joined_mails(raws: Sequence[bytes], limits: Limits) -> tuple[Part, ...] | Problem:
    """The files of several mails that are pieces of one handing in, pieces joined; or why they cannot be."""
    tops = [message(raw) for raw in raws]
    if tops and all(top.content_type == "message/partial" for top in tops):
        whole = joined_message(raws)
        return whole if isinstance(whole, Problem) else mail_parts(whole, limits)
    parts: list[Part] = []
    for raw in raws:
        found = mail_parts(raw, limits)
        if isinstance(found, Problem):
            return found
        parts += found
    if len(parts) > limits.archive_files or sum(len(part.body) for part in parts) > limits.archive_bytes:
        return Problem(ProblemKind.OVER_LIMIT, "more or larger attachments than the limits allow")
    return rejoined(renamed(_one_piece_each(parts)), limits)


def _one_piece_each(parts: Iterable[Part]) -> Iterator[Part]:
    """A piece that was sent twice counts once: a second name would take it out of its set."""
    seen: set[tuple[str, bytes]] = set()
    for part in parts:
        mark = (part.name.casefold(), part.body)
        if slice_of_name(part.name) is None or mark not in seen:
            seen.add(mark)
            yield part


def has_slices(names: Iterable[str]) -> bool:
    """True when a name says that its file is a piece of another: only then `rejoined` is worth its reading."""
    return any(slice_of_name(name) is not None for name in names)


def joined_message(raws: Sequence[bytes]) -> bytes | Problem:
    """The mail of which these are the message/partial pieces (RFC 2046 §5.2.2.1)."""
    pieces: dict[int, Entity] = {}
    places: list[Slice] = []
    for raw in raws:
        top = message(raw)
        place = _partial(top)
        if place is None or (places and place.key != places[0].key):
            return Problem(ProblemKind.DAMAGED, "pieces of different mails")
        places.append(place)
        pieces.setdefault(place.number, top)
    if not any(place.total for place in places) or not is_complete(places):
        return Problem(ProblemKind.DAMAGED, f"{len(pieces)} pieces of a mail; others are not here")
    ordered = [pieces[number] for number in sorted(pieces)]
    body = b"".join(each.raw[each.start : each.end] for each in ordered)
    inner = message(body)
    outer = b"".join(
        f"{field.name}: {field.value}\r\n".encode("latin-1")
        for field in ordered[0].fields
        if not field.name.startswith(_KEPT_OUTSIDE)
    )
    kept = b"".join(
        f"{field.name}: {field.value}\r\n".encode("latin-1")
        for field in inner.fields
        if field.name.startswith(_KEPT_OUTSIDE)
    )
    return outer + kept + b"\r\n" + inner.raw[inner.start :]


def rejoined(parts: tuple[Part, ...], limits: Limits) -> tuple[Part, ...]:
    """The parts, with pieces joined where all of one whole are among them; other pieces stay as they are."""
    found = [*_pieces(parts), *_messages(parts)]
    made: dict[int, tuple[Part, ...]] = {}
    gone: set[int] = set()
    for key in dict.fromkeys(piece.place.key for piece in found):
        group = [piece for piece in found if piece.place.key == key]
        whole = _whole(group, limits)
        if whole:
            made[id(group[0].part)] = whole
            gone |= {id(piece.part) for piece in group}
    if not gone:
        return parts
    return renamed(each for part in parts for each in made.get(id(part), () if id(part) in gone else (part,)))


def _partial(top: Entity) -> Slice | None:
    value = top.field("content-type")
    if top.content_type != "message/partial":
        return None
    identity = text_parameter(value, "id")
    number, total = text_parameter(value, "number"), text_parameter(value, "total")
    if not identity or not number.isdecimal() or not 1 <= int(number[:4]) <= MOST_PIECES:
        return None
    most = int(total[:4]) if total.isdecimal() else None
    return Slice(SliceKind.MESSAGE, f"partial:{identity}", int(number[:4]), most)


def _pieces(parts: Iterable[Part]) -> list[_Piece]:
    places = [(slice_of_name(part.name), part) for part in parts if part.role is not FileRole.BODY]
    found = [_Piece(place, part) for place, part in places if place]
    volumes = {piece.place.key for piece in found if piece.place.kind is SliceKind.VOLUMES}
    for place, part in places:  # x.rar beside x.r00
        stem = part.name.casefold().removesuffix(".rar")
        if place is None and f"rar:{stem}" in volumes and part.name.casefold() != stem:
            found.append(_Piece(Slice(SliceKind.VOLUMES, f"rar:{stem}", 1, whole=part.name), part))
    return sorted(found, key=lambda piece: (piece.place.key, piece.place.number))


def _messages(parts: Iterable[Part]) -> list[_Piece]:
    mails = (part for part in parts if media_type(part.body[:HEAD_BYTES], part.name) == MAIL)
    places = ((_partial(message(part.body)), part) for part in mails)
    return [_Piece(place, part) for place, part in places if place]


def _whole(group: list[_Piece], limits: Limits | None) -> tuple[Part, ...] | None:
    """What the pieces of one whole make; None when one is missing or the limits stand against it.

    Without limits only whether it is whole is asked.
    """
    group = sorted(group, key=lambda piece: piece.place.number)
    numbers = [piece.place.number for piece in group]
    if group[0].place.kind is SliceKind.MESSAGE:
        mail = joined_message([piece.part.body for piece in group])
        return None if isinstance(mail, Problem) else (Part(group[0].part.name, mail),)
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < 2:  # noqa: PLR2004 - one piece is none
        return None
    if group[0].place.kind is SliceKind.VOLUMES:
        return _volumes(group, limits)
    body = b"".join(piece.part.body for piece in group)
    if not is_complete((p.place for p in group), [len(p.part.body) for p in group]) and not _ends_well(body):
        return None
    return None if limits and len(body) > limits.file_bytes else (Part(group[0].place.whole, body),)


def _volumes(group: list[_Piece], limits: Limits | None) -> tuple[Part, ...] | None:
    """What RAR volumes hold; only opening them tells whether the last one is there."""
    bodies = [piece.part.body for piece in group]
    if media_type(bodies[0][:HEAD_BYTES], "") != RAR:
        return None
    found = entries_of_volumes(bodies, limits or Limits())
    if isinstance(found, Problem):
        return None
    return tuple(Part(entry.name, entry.body) for entry in found)


def _ends_well(body: bytes) -> bool:
    """True where the end of a file tells that nothing is missing: PDF, and zip with what is built like it."""
    tail = body[-_TAIL_BYTES:]
    return (body.startswith(b"%PDF-") and b"%%EOF" in tail) or (body.startswith(b"PK") and b"PK\x05\x06" in tail)
