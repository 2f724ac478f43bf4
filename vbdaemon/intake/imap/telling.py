"""Telling the mailbox that a message is ours: flag, move, removal; only ever after the commit."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final

from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.imap.link import DELETED, Link, Selected
from vbdaemon.intake.imap.settings import After, MailboxSettings
from vbdaemon.intake.imap.taking import PIECE
from vbdaemon.intake.imap.trouble import ServerRefused
from vbdaemon.state.mailboxes import Message

KEYWORD: Final = "$vbdaemon"
FLAGGED: Final = "\\Flagged"
ANY_KEYWORD: Final = "\\*"
NO_ROOM: Final = frozenset({"OVERQUOTA", "LIMIT", "INUSE", "NOPERM", "SERVERBUG", "UNAVAILABLE"})
"""Answers that concern every message alike: to ask for each by itself is of no use."""
NO_FOLDER: Final = frozenset({"TRYCREATE", "NONEXISTENT"})


class Way(StrEnum):
    """How the mailbox is told."""

    FLAG = "flag"
    """By a keyword, or the star that people know."""
    MOVE = "move"
    """By MOVE."""
    COPY = "copy"
    """By COPY, then UID EXPUNGE of exactly these messages."""
    DELETE = "delete"
    """By UID EXPUNGE of exactly these messages."""
    NOTHING = "nothing"
    """Not at all: only our table knows."""


def way_of(after: After, box: Selected, can: Callable[[str], bool]) -> Way:
    """What is wanted, or the best that server and folder allow; never a plain EXPUNGE, which removes others' mail."""
    if not box.writable or after is After.NOTHING:
        return Way.NOTHING
    removable = can("UIDPLUS") and DELETED in box.flags
    if after is After.MOVE and can("MOVE"):
        return Way.MOVE
    if after is After.MOVE and removable:
        return Way.COPY
    if after is After.DELETE and removable:
        return Way.DELETE
    return Way.FLAG if flag_of(box.flags) else Way.NOTHING


def flag_of(flags: frozenset[str]) -> str:
    """Our keyword where the folder keeps keywords, else the star; empty where neither lasts."""
    if ANY_KEYWORD in flags or KEYWORD in flags:
        return KEYWORD
    return FLAGGED if FLAGGED in flags else ""


class Teller:
    """Tells one folder, in one session."""

    def __init__(self, settings: MailboxSettings, folder: str, link: Link, box: Selected, failpoint: Failpoint) -> None:
        self.way = way_of(settings.after, box, link.can)
        self._folder = folder
        self._link = link
        self._flag = flag_of(box.flags)
        self._target_name = settings.moved_to
        self._target = ""
        self._failpoint = failpoint

    def tell(self, messages: Sequence[Message], *, interrupted: bool) -> None:
        """All of them; ServerRefused when it could not be. `interrupted`: an earlier session may have begun with them.

        Saying it twice does no harm.
        """
        uids = [message.uid for message in messages]
        if self.way is Way.FLAG:
            self._link.flag(uids, self._flag)
        elif self.way is Way.MOVE:
            self._to_target(lambda target: self._link.move(uids, target))
        elif self.way is Way.COPY:
            copied = self._copied(messages) if interrupted else frozenset()
            missing = [message.uid for message in messages if message.sha256 not in copied]
            if missing:
                self._to_target(lambda target: self._link.copy(missing, target))
                self._failpoint("imap.copied")
        if self.way in (Way.COPY, Way.DELETE):
            self._link.flag(uids, DELETED)
            self._failpoint("imap.marked")
            self._link.expunge(uids)
        self._failpoint("imap.told")

    def _to_target(self, bring: Callable[[str], None]) -> None:
        target = self._have_target()
        try:
            bring(target)
        except ServerRefused as refusal:
            if refusal.code not in NO_FOLDER:
                raise
            self._link.create(target)  # removed since we looked
            bring(target)

    def _have_target(self) -> str:
        if not self._target:
            name = self._link.full_name(self._target_name)
            if not self._link.has_folder(name):
                self._link.create(name)
            self._target = name
        return self._target

    def _copied(self, messages: Sequence[Message]) -> frozenset[str]:
        """Hashes of those that an interrupted move already brought to the target."""
        sizes = self._link.sizes([message.uid for message in messages])
        target = self._have_target()
        self._link.select(target)
        try:
            there = {uid for size in set(sizes.values()) for uid in self._link.of_size(size)}
            return frozenset(self._hash(uid) for uid in there) & {message.sha256 for message in messages}
        finally:
            self._link.select(self._folder)

    def _hash(self, uid: int) -> str:
        digest = hashlib.sha256()
        for piece in self._all_of(uid):
            digest.update(piece)
        return digest.hexdigest()

    def _all_of(self, uid: int) -> Iterable[bytes]:
        offset = 0
        while piece := self._link.piece(uid, offset, PIECE):
            yield piece
            offset += len(piece)
