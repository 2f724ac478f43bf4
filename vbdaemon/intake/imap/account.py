"""One account: a thread that keeps a session, looks at the folders in turn, and waits for the server's word between."""

import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

from vbdaemon.clock import Clock
from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.folder_door import Log, words_of
from vbdaemon.intake.folder_mistake import place_of
from vbdaemon.intake.imap.folder import Looked, MailFolder
from vbdaemon.intake.imap.keys import Keys
from vbdaemon.intake.imap.link import Link, open_link
from vbdaemon.intake.imap.rest import rest_seconds
from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.standing import MailboxStanding, StandingRecord
from vbdaemon.intake.imap.trouble import LoginRefused, ServerRefused

LONGEST_IDLE: Final = 540.0
"""Seconds: IDLE is renewed within 10 minutes, whatever the settings."""
BURST_SECONDS: Final = 3.0
"""After something was taken: what arrived just before IDLE began is not told by every server."""


class Account:
    """`run` belongs to one thread; `stop` and `standing` to any."""

    def __init__(
        self,
        settings: MailboxSettings,
        folders: Sequence[MailFolder],
        keys: Keys,
        clock: Clock,
        log: Log,
        chance: Callable[[], float],
        full: Callable[[], str] = str,
    ) -> None:
        self.settings = settings
        self._folders = tuple(folders)
        self._keys = keys
        self._clock = clock
        self._log = log
        self._chance = chance
        self._full = full
        self._record = StandingRecord(settings.name, log)
        self._stop = threading.Event()
        self._wake, self._waker = socket.socketpair()
        self._failures = 0

    @property
    def standing(self) -> MailboxStanding:
        """How the account is doing."""
        return self._record.now

    def run(self) -> None:
        """Until told to stop: a session, and after each that broke a rest."""
        while not self._stop.is_set():
            seconds = self._guarded()
            self._stop.wait(seconds)
        self._record.ended()

    def stop(self) -> None:
        """Take nothing more; what is under way is finished."""
        self._stop.set()
        self._waker.close()

    def close(self) -> None:
        """After `run` has ended, or instead of it."""
        self._wake.close()

    def _guarded(self) -> float:
        """One session; answers how long to rest after it. Whatever happens in it, the thread lives on."""
        refused = False
        try:
            self.session()
        except (VbdaemonError, OSError) as error:
            refused = isinstance(error, LoginRefused)
            self._record.failed(words_of(error))
        except Exception as error:  # noqa: BLE001 - the intake loop: a mistake of ours, or an answer nobody foresaw
            self._record.failed(f"unexpected: {type(error).__name__}")
            self._log.error("mailbox session failed", mailbox=self.settings.name, **place_of(error))
        self._failures += 1
        return rest_seconds(self._failures, self._chance(), refused=refused)

    def session(self) -> None:
        """Connect, then look and wait until told to stop; VbdaemonError or OSError when it breaks."""
        link = self._connected()
        politely = False
        try:
            self._record.connected()
            while not self._stop.is_set():
                look = self.look(link)
                if look.more:
                    continue
                self._await(link, BURST_SECONDS if look.taken else self.settings.poll_seconds)
                self._failures = 0  # only now: a server that breaks off each wait is not asked every second
            politely = True
        finally:
            for folder in self._folders:
                folder.leave()
            link.close(politely=politely)

    def look(self, link: Link) -> Looked:
        """All folders in turn, the first one last, so that IDLE goes on in it."""
        if paused := self._full():
            self._record.paused(paused)
            return Looked()
        looks = [self._look_at(folder, link) for folder in reversed(self._folders)]
        waiting = sum(look.waiting for look in looks)
        trouble = next((look.trouble for look in looks if look.trouble), "")
        if trouble:
            self._record.hampered(trouble, waiting, self._clock())
        else:
            self._record.looked(waiting, self._clock())
        return Looked(sum(look.taken for look in looks), waiting, trouble, more=any(look.more for look in looks))

    def _look_at(self, folder: MailFolder, link: Link) -> Looked:
        try:
            if len(self._folders) == 1 and folder.entered:
                link.refresh()
            else:
                folder.enter(link)
            return folder.look(link, self._stop.is_set)
        except ServerRefused as refusal:
            return Looked(trouble=f"{self.settings.source(folder.name)}: {refusal}")

    def _connected(self) -> Link:
        try:
            return open_link(self.settings, self._keys.secret())
        except LoginRefused:
            if not self._keys.renew():
                raise
            return open_link(self.settings, self._keys.secret())

    def _await(self, link: Link, seconds: float) -> None:
        """Until the first folder changes, the next look is due, or the end."""
        if not (self.settings.idle and link.can("IDLE")):
            self._stop.wait(min(seconds, self.settings.poll_seconds))
            return
        link.idle(min(seconds, self.settings.poll_seconds, LONGEST_IDLE), self._wake)
