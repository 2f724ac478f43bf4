"""One folder of a mailbox: what is new is taken, what was taken is told, what people do meanwhile is normal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from vbdaemon.clock import Clock
from vbdaemon.errors import StateError
from vbdaemon.failpoint import Failpoint
from vbdaemon.intake.folder_door import Door, Log
from vbdaemon.intake.imap.link import Link
from vbdaemon.intake.imap.memory import FolderMemory
from vbdaemon.intake.imap.setbacks import Setbacks
from vbdaemon.intake.imap.settings import After, MailboxSettings
from vbdaemon.intake.imap.taking import GROUP_MESSAGES, Haul, Taker, groups
from vbdaemon.intake.imap.telling import NO_ROOM, Teller, Way
from vbdaemon.intake.imap.trouble import ServerRefused
from vbdaemon.state.mailboxes import Message, MessageState, Numbering
from vbdaemon.state.store import State

MEGABYTE: Final = 1 << 20
AT_ONE_LOOK: Final = 1000
"""Messages; then other folders, and whoever wants to know how many wait, get their turn."""
GONE_BEFORE: Final = "it was not there any more when it was to be fetched: people moved or removed it"
GONE_AFTER: Final = "taken; not there any more when the mailbox was to be told: moved or removed, by people or by us"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at a folder found."""

    taken: int = 0
    waiting: int = 0
    """Messages that are not taken or not told yet."""
    trouble: str = ""
    more: bool = False
    """There is more to take at once."""


class _Session:
    """What holds while one link has the folder's numbering."""

    def __init__(self, memory: FolderMemory, teller: Teller) -> None:
        self.memory = memory
        self.teller = teller
        self.first = 1
        """Below this UID all is settled."""


class MailFolder:
    """Belongs to the thread of its account. `enter` for each new link, then `look` as often as wanted."""

    def __init__(
        self,
        settings: MailboxSettings,
        folder: str,
        door: Door,
        state: State,
        clock: Clock,
        monotonic: Callable[[], float],
        log: Log,
        failpoint: Failpoint,
    ) -> None:
        self.name = folder
        self._settings = settings
        self._door = door
        self._state = state
        self._clock = clock
        self._setbacks = Setbacks(monotonic)
        self._log = log
        self._failpoint = failpoint
        self._taker = Taker(settings, folder, door, failpoint)
        self._said: set[str] = set()
        self._numbering: Numbering | None = None
        self._session: _Session | None = None

    @property
    def entered(self) -> bool:
        """True when it is open on the present link."""
        return self._session is not None

    def enter(self, link: Link) -> None:
        """Open the folder on this link; ServerRefused when it cannot be opened."""
        box = link.select(self.name)
        numbering = Numbering(self._settings.source(self.name), box.uidvalidity)
        memory = FolderMemory(self._state, numbering, self._clock)
        if numbering != self._numbering:
            self._setbacks.clear()
            if memory.renumber():
                self._log.warning("mailbox renumbered", mailbox=memory.mailbox)
            self._numbering = numbering
        if self._session is None or self._session.memory.numbering != numbering:
            teller = Teller(self._settings, self.name, link, box, self._failpoint)
            self._session = _Session(memory, teller)
            self._tell_limits(memory, teller, writable=box.writable)

    def leave(self) -> None:
        """The link is gone; the next one looks at everything again."""
        self._session = None

    def look(self, link: Link, stopped: Callable[[], bool]) -> Looked:
        """Tell what is untold, take what is new. LinkLost, StateError and OSError end the session."""
        session = self._session
        assert session is not None
        listed = link.uids(session.first)
        known = session.memory.known(session.first)
        trouble = self._finish(session, listed)
        fresh = self._fresh(link, session, listed, known)
        taken = 0
        words = ""
        for group, sizes in self._groups(link, session, fresh, known):
            if stopped():
                break
            haul = self._take(link, group, sizes)
            taken += len(haul.taken)
            words = next(iter(haul.refused.values()), words)
            trouble = self._keep(session, haul, sizes, known) or trouble
        return Looked(taken, self._settle(session, listed, fresh), trouble or words, more=taken >= AT_ONE_LOOK)

    def _finish(self, session: _Session, listed: Sequence[int]) -> str:
        """What an earlier look, or an earlier run, left untold."""
        there = set(listed)
        untold = session.memory.untold(session.first)
        session.memory.vanished([m for m in untold if m.uid not in there], GONE_AFTER)
        left = [m for m in untold if m.uid in there]
        troubles = [
            self._tell(session, left[start : start + GROUP_MESSAGES], interrupted=True)
            for start in range(0, len(left), GROUP_MESSAGES)
        ]
        return next(filter(None, troubles), "")

    def _fresh(self, link: Link, session: _Session, listed: Sequence[int], known: dict[int, MessageState]) -> list[int]:
        """What is to be taken; too large ones are measured anew in each session, the limit may have been raised."""
        since: date | None = self._settings.since
        wanted = set(link.uids(session.first, since)) if since else set(listed)
        settled = {MessageState.TAKEN, MessageState.TOLD}
        if session.first > 1:
            settled.add(MessageState.TOO_LARGE)
        return [uid for uid in listed if uid in wanted and known.get(uid) not in settled]

    def _groups(
        self, link: Link, session: _Session, fresh: Sequence[int], known: dict[int, MessageState]
    ) -> list[tuple[tuple[int, ...], dict[int, int]]]:
        due = self._setbacks.due(sorted(fresh, key=lambda uid: (uid in known, uid)))[:AT_ONE_LOOK]
        sizes = link.sizes(due)
        gone = [Message(uid, MessageState.VANISHED) for uid in due if uid not in sizes and uid not in known]
        session.memory.vanished(gone, GONE_BEFORE)
        large = [uid for uid, size in sizes.items() if size > self._settings.largest]
        for uid in large:
            if known.get(uid) is not MessageState.TOO_LARGE:
                self._leave_large(session, uid, sizes[uid])
        fitting = [uid for uid in due if uid in sizes and sizes[uid] <= self._settings.largest]
        return [(group, sizes) for group in groups(fitting, sizes, self._setbacks.failures)]

    def _leave_large(self, session: _Session, uid: int, size: int) -> None:
        most = self._settings.largest / MEGABYTE
        words = f"{size / MEGABYTE:.1f} MB, the limit is {most:.1f} MB; left in the mailbox, not taken"
        session.memory.too_large(uid, words)
        self._log.warning("message too large", mailbox=session.memory.mailbox, uid=uid, bytes=size)

    def _take(self, link: Link, group: Sequence[int], sizes: dict[int, int]) -> Haul:
        """A message in whose fetch the link breaks, or that is refused, is tried by itself, later than the others."""
        self._setbacks.begin(group)
        try:
            haul = self._taker.take(link, group, sizes)
        except (StateError, OSError):
            self._setbacks.forgive(group)
            raise
        self._setbacks.forgive(uid for uid in group if uid not in haul.refused)
        for uid in haul.refused:
            self._setbacks.put_off(uid)
            self._log.warning("message not handed out", mailbox=self._settings.source(self.name), uid=uid)
        return haul

    def _keep(self, session: _Session, haul: Haul, sizes: dict[int, int], known: dict[int, MessageState]) -> str:
        """Remember, then tell; answers what the server refused."""
        memory = session.memory
        again = memory.taken(haul.taken)
        if haul.taken:
            self._failpoint("imap.remembered")
            self._log.info("messages taken", mailbox=memory.mailbox, messages=len(haul.taken), again=len(again))
        memory.vanished([message for message in haul.vanished if message.uid not in known], GONE_BEFORE)
        for uid in haul.too_large:  # larger than the server had said
            if known.get(uid) is MessageState.TOO_LARGE:
                continue
            self._leave_large(session, uid, max(sizes[uid], self._settings.largest + 1))
        return self._tell(session, haul.taken, interrupted=False)

    def _tell(self, session: _Session, messages: Sequence[Message], *, interrupted: bool) -> str:
        """The mailbox is told, together or, where the server refuses that, each by itself."""
        if not messages:
            return ""
        try:
            session.teller.tell(messages, interrupted=interrupted)
        except ServerRefused as refusal:
            if len(messages) == 1 or refusal.code in NO_ROOM:
                return str(refusal)
            singly = [self._tell(session, (message,), interrupted=True) for message in messages]
            return next(filter(None, singly), "")
        session.memory.told(messages)
        for message in messages:
            if message.submission is not None:
                self._door.acknowledge(message.submission)
        self._failpoint("imap.settled")
        return ""

    def _settle(self, session: _Session, listed: Sequence[int], fresh: Sequence[int]) -> int:
        """Where the next look begins, and how many wait."""
        open_ones = {message.uid for message in session.memory.untold(session.first)}
        done = session.memory.known(session.first)
        open_ones |= {uid for uid in fresh if done.get(uid, MessageState.VANISHED) is MessageState.VANISHED}
        session.first = min(open_ones, default=max(listed, default=session.first - 1) + 1)
        return len(open_ones)

    def _tell_limits(self, memory: FolderMemory, teller: Teller, *, writable: bool) -> None:
        """Once in a run: what was asked for and cannot be done in this folder."""
        wanted = self._settings.after
        words = ""
        if not writable and wanted is not After.NOTHING:
            words = "the folder can only be read; what is taken is kept in mind, not marked in the mailbox"
        elif wanted is After.MOVE and teller.way not in (Way.MOVE, Way.COPY):
            words = "the server can neither MOVE nor expunge by UID (UIDPLUS); messages are marked instead of moved"
        elif wanted is After.DELETE and teller.way is not Way.DELETE:
            words = "the server cannot expunge by UID (UIDPLUS); messages are marked instead of removed"
        if words and words not in self._said:
            self._said.add(words)
            memory.event("mailbox-limited", words)
            self._log.warning("mailbox limited", mailbox=memory.mailbox, why=words)
