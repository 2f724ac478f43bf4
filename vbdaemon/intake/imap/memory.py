"""What is remembered of a folder's messages: the state's functions, bound to one folder and its present numbering."""

from collections.abc import Collection, Sequence
from functools import partial

from vbdaemon.clock import Clock
from vbdaemon.state import mailboxes
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.mailboxes import Message, MessageState, Numbering
from vbdaemon.state.store import State


class FolderMemory:
    """Reads and writes the table for one folder. StateError when the database cannot be used."""

    def __init__(self, state: State, numbering: Numbering, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.numbering = numbering

    @property
    def mailbox(self) -> str:
        """account/folder."""
        return self.numbering.mailbox

    def renumber(self) -> bool:
        """True when this UIDVALIDITY is new to a folder that we know: everything is compared by its bytes again."""
        before = self._state.read(lambda c: mailboxes.numberings(c, self.mailbox))
        if not before or self.numbering.uidvalidity in before:
            return False
        self._state.write(self._renumber)
        return True

    def known(self, first_uid: int) -> dict[int, MessageState]:
        """What is remembered from this UID on."""
        return self._state.read(lambda c: mailboxes.known(c, self.numbering, first_uid))

    def untold(self, first_uid: int) -> tuple[Message, ...]:
        """What was taken, from this UID on, and the mailbox does not show it yet."""
        return self._state.read(lambda c: mailboxes.untold(c, self.numbering, first_uid))

    def taken(self, messages: Sequence[Message]) -> frozenset[str]:
        """Remember what was admitted; answers the hashes that this mailbox offered before, each with its event."""
        return self._state.write(partial(self._take, messages=messages)) if messages else frozenset()

    def told(self, messages: Sequence[Message]) -> None:
        """The mailbox shows it."""
        uids = [message.uid for message in messages]
        at = self._clock()
        self._state.write(lambda c: mailboxes.settle(c, self.numbering, uids, MessageState.TOLD, at))

    def vanished(self, messages: Sequence[Message], words: str) -> None:
        """They are not in the folder any more; an event each."""
        changed = [Message(m.uid, MessageState.VANISHED, m.sha256, m.submission) for m in messages]
        self._note(changed, "mailbox-vanished", words)

    def too_large(self, uid: int, words: str) -> None:
        """It stays where it is; an event."""
        self._note([Message(uid, MessageState.TOO_LARGE)], "mailbox-too-large", words)

    def event(self, kind: str, words: str) -> None:
        """One more event about the folder."""
        at = self._clock()
        self._state.write(lambda c: record(c, at, kind, None, f"{self.mailbox}: {words}"))

    def _renumber(self, connection: Connection) -> None:
        at = self._clock()
        mailboxes.give_up(connection, self.numbering, at)
        words = "the server numbers its messages anew (UIDVALIDITY); each is compared by its bytes, none is taken twice"
        record(connection, at, "mailbox-renumbered", None, f"{self.mailbox}: {words}")

    def _take(self, connection: Connection, messages: Sequence[Message]) -> frozenset[str]:
        at = self._clock()
        known = mailboxes.contents(connection, self.mailbox, {message.sha256 for message in messages})
        seen: set[str] = set(known)
        for message in messages:
            if message.sha256 in seen:
                words = f"{self.mailbox}: the same message came again (UID {message.uid}); it was taken before"
                record(connection, at, "mailbox-seen-again", message.submission, words)
            seen.add(message.sha256)
        mailboxes.remember(connection, self.numbering, messages, at)
        return known

    def _note(self, messages: Collection[Message], kind: str, words: str) -> None:
        if not messages:
            return
        self._state.write(partial(self._note_all, messages=tuple(messages), kind=kind, words=words))

    def _note_all(self, connection: Connection, messages: Sequence[Message], kind: str, words: str) -> None:
        at = self._clock()
        mailboxes.remember(connection, self.numbering, messages, at)
        for message in messages:
            record(connection, at, kind, message.submission, f"{self.mailbox}, UID {message.uid}: {words}")
