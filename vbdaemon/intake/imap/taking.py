"""Messages from a folder into the spool, and to admission: whole when small, in pieces when large."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vbdaemon.errors import StateError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.admission import SourceKey
from vbdaemon.intake.folder_door import Door
from vbdaemon.intake.imap.link import Link
from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.trouble import ServerRefused
from vbdaemon.model import Channel, Envelope
from vbdaemon.spool.incoming import Incoming
from vbdaemon.state.mailboxes import Message, MessageState
from vbdaemon.state.store import Admitted

FILE: Final = "thu.eml"
PIECE: Final = 1 << 20
"""Bytes: a message up to this size is fetched whole, a larger one in pieces of it."""
GROUP_BYTES: Final = 4 << 20
GROUP_MESSAGES: Final = 50
"""So much is fetched by one command and committed together."""
COMMIT_SECONDS: Final = 60.0
WRITERS: Final = 4
"""Threads that write a group to the spool: most of the time goes into waiting for the disk."""

_Answer: TypeAlias = "Future[Admitted] | str"
"""Admission's answer to come, or the id under which the bytes are known."""


@dataclass(slots=True)
class Haul:
    """What became of a group of messages."""

    taken: list[Message] = field(default_factory=list)
    vanished: list[Message] = field(default_factory=list)
    too_large: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    """UIDs that the server does not hand out, and its words."""


def groups(uids: Sequence[int], sizes: Mapping[int, int], failures: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Small messages together; each large one by itself, then each that failed, what failed most last."""
    group: list[int] = []
    size = 0
    alone = sorted((uid for uid in uids if uid in failures or sizes[uid] > PIECE), key=lambda u: failures.get(u, 0))
    for uid in uids:
        if uid in failures or sizes[uid] > PIECE:
            continue
        if group and (len(group) >= GROUP_MESSAGES or size + sizes[uid] > GROUP_BYTES):
            yield tuple(group)
            group, size = [], 0
        group.append(uid)
        size += sizes[uid]
    if group:
        yield tuple(group)
    yield from ((uid,) for uid in alone)


class TooLarge(Exception):
    """More bytes came than the server had said."""


class Taker:
    """Takes messages of one folder. What was not admitted leaves nothing in the spool."""

    def __init__(self, settings: MailboxSettings, folder: str, door: Door, failpoint: Failpoint) -> None:
        self._settings = settings
        self._source = settings.source(folder)
        self._door = door
        self._failpoint = failpoint

    def take(self, link: Link, uids: Sequence[int], sizes: Mapping[int, int]) -> Haul:
        """Fetch, store, commit. LinkLost, StateError and OSError (our disk) end it; what was committed is found again.

        When this returns, all in `taken` is ours.
        """
        haul = Haul()
        if sizes[uids[0]] > PIECE:
            ids = self._in_pieces(link, uids[0], sizes[uids[0]], haul)
        else:
            ids = self._together(self._whole(link, uids, haul))
            gone = [uid for uid in uids if uid not in ids and uid not in haul.refused]
            haul.vanished += [Message(uid, MessageState.VANISHED) for uid in gone]
        for uid, (digest, answer) in ids.items():
            haul.taken.append(Message(uid, MessageState.TAKEN, digest, _id_of(answer)))
        if ids:
            self._failpoint("imap.committed")
        return haul

    def _whole(self, link: Link, uids: Sequence[int], haul: Haul) -> dict[int, bytes]:
        try:
            return link.bodies(uids)
        except ServerRefused as refusal:
            if len(uids) == 1:
                haul.refused[uids[0]] = str(refusal)
                return {}
        bodies: dict[int, bytes] = {}
        for uid in uids:  # one that cannot be had must not keep the others back
            bodies.update(self._whole(link, (uid,), haul))
        return bodies

    def _together(self, bodies: Mapping[int, bytes]) -> "dict[int, tuple[str, _Answer]]":
        """Hash and id of each message; the same bytes are stored once, several at a time share the disk's syncs."""
        digests = {uid: hashlib.sha256(body).hexdigest() for uid, body in bodies.items()}
        once = {digest: bodies[uid] for uid, digest in digests.items()}
        answers: dict[str, _Answer] = {}
        for digest in once:
            earlier = self._door.seen(SourceKey(self._source, digest))
            if earlier is not None:
                answers[digest] = earlier
        fresh = [digest for digest in once if digest not in answers]
        with ThreadPoolExecutor(min(WRITERS, len(fresh)) or 1, "imap-writer") as writers:
            admitted = writers.map(lambda digest: self._admit(self._draft(iter((once[digest],)))), fresh)
            answers.update(zip(fresh, admitted, strict=True))
        return {uid: (digest, answers[digest]) for uid, digest in digests.items()}

    def _in_pieces(self, link: Link, uid: int, size: int, haul: Haul) -> "dict[int, tuple[str, _Answer]]":
        try:
            draft = self._draft(pieces(link, uid, size, self._settings.largest))
        except TooLarge:
            haul.too_large.append(uid)
        except ServerRefused as refusal:
            haul.refused[uid] = str(refusal)
        except EOFError:
            haul.vanished.append(Message(uid, MessageState.VANISHED))
        else:
            digest = draft.files[0].sha256
            earlier = self._door.seen(SourceKey(self._source, digest))
            if earlier is None:
                return {uid: (digest, self._admit(draft))}
            draft.abandon()
            return {uid: (digest, earlier)}
        return {}

    def _draft(self, body: Iterator[bytes]) -> Incoming:
        draft = self._door.begin()
        with ExitStack() as undo:
            undo.callback(draft.abandon)
            with draft.write(FILE) as writer:
                for piece in body:
                    writer.write(piece)
                writer.finish()
            undo.pop_all()
        return draft

    def _admit(self, draft: Incoming) -> "Future[Admitted]":
        settings = self._settings
        envelope = Envelope(self._source, Channel.IMAP, self._door.now(), settings.unit, settings.account)
        with ExitStack() as undo:
            undo.callback(draft.abandon)
            answer = self._door.admit(draft, envelope, SourceKey(self._source, draft.files[0].sha256))
            undo.pop_all()
        return answer


def pieces(link: Link, uid: int, size: int, largest: int) -> Iterator[bytes]:
    """A large message piece by piece, to its true end: some servers only estimate sizes.

    EOFError when it is gone; ServerRefused when it is there and its rest is not handed out.
    """
    offset = 0
    ended = False
    while offset <= largest:
        piece = link.piece(uid, offset, PIECE)
        if piece is None and not ended:
            if link.sizes((uid,)):
                raise ServerRefused("FETCH", "nothing came where the message goes on")
            raise EOFError
        if not piece:
            return
        yield piece
        offset += len(piece)
        ended = len(piece) < PIECE or offset >= size
        if len(piece) < PIECE and offset >= size:
            return
    raise TooLarge


def _id_of(answer: "_Answer") -> str:
    if isinstance(answer, str):
        return answer
    try:
        return answer.result(COMMIT_SECONDS).id
    except WaitedTooLong:
        raise StateError(f"state store: no commit within {COMMIT_SECONDS:g} s") from None
