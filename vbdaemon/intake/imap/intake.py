"""All mailboxes of a daemon: one thread for each account."""

import random
import threading
from collections.abc import Callable, Mapping, Sequence

from vbdaemon.clock import Clock
from vbdaemon.failpoint import Failpoint, pass_by
from vbdaemon.intake.folder_door import Door, Log
from vbdaemon.intake.imap.account import Account
from vbdaemon.intake.imap.folder import MailFolder
from vbdaemon.intake.imap.keys import Keys
from vbdaemon.intake.imap.settings import MailboxSettings
from vbdaemon.intake.imap.standing import MailboxStanding
from vbdaemon.intake.imap.token import Post, https_post
from vbdaemon.state.store import State


class ImapIntake:
    """Reads mailboxes: a message is admitted first, and only after the commit the mailbox is told.

    `full` says why nothing more can be stored, in words; while it does, all stays in the mailboxes.
    """

    def __init__(
        self,
        accounts: Sequence[MailboxSettings],
        admission: Door,
        state: State,
        clock: Clock,
        monotonic: Callable[[], float],
        log: Log,
        environment: Mapping[str, str],
        failpoint: Failpoint = pass_by,
        post: Post = https_post,
        full: Callable[[], str] = str,
    ) -> None:
        self._monotonic = monotonic
        self._accounts = [
            Account(
                settings,
                [
                    MailFolder(settings, folder, admission, state, clock, monotonic, log, failpoint)
                    for folder in settings.folders
                ],
                Keys(settings, environment, monotonic, post),
                clock,
                log,
                random.random,
                full,
            )
            for settings in accounts
        ]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """The mailboxes are read from now on; what an earlier run left untold is told first."""
        self._threads = [
            threading.Thread(target=account.run, name=f"imap-{account.settings.name}", daemon=True)
            for account in self._accounts
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 10.0) -> bool:
        """Take nothing new. True when all threads ended in time; one on a dead link dies with the process."""
        for account in self._accounts:
            account.stop()
        ends = self._monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, ends - self._monotonic()))
        for account in self._accounts:
            account.close()
        return not any(thread.is_alive() for thread in self._threads)

    def standing(self) -> tuple[MailboxStanding, ...]:
        """How each account is doing, in the order of the settings."""
        return tuple(account.standing for account in self._accounts)
