"""Every way in of a site: drop folders, mailboxes, the mail listener. Started last, stopped first."""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import structlog

from vbdaemon.clock import Clock
from vbdaemon.config import Settings
from vbdaemon.errors import ConfigurationError
from vbdaemon.failpoint import Failpoint
from vbdaemon.folders import FolderSources, Tell
from vbdaemon.intake.admission import Admission
from vbdaemon.intake.folder_intake import Beats
from vbdaemon.intake.folder_state import FolderState, PendingDrop
from vbdaemon.intake.imap.intake import ImapIntake
from vbdaemon.intake.imap.settings import mailbox_settings
from vbdaemon.intake.imap.standing import MailboxStanding
from vbdaemon.intake.smtp.intake import SmtpIntake, Surroundings
from vbdaemon.intake.smtp.settings import MEGABYTE, SmtpSettings
from vbdaemon.model import Snapshot
from vbdaemon.state import submissions
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.store import State

log = structlog.get_logger("intake")
UNDECIDED = (SubmissionState.WAITING, SubmissionState.DECIDING)


@dataclass(frozen=True, slots=True)
class World:
    """What the sources get from outside."""

    clock: Clock
    failpoint: Failpoint
    environment: Mapping[str, str]
    tell: Tell
    """Tells of an unfinished file."""
    beats: Beats | None
    """Who wants to know that the folders' lanes turn."""
    full: Callable[[], str]
    """Why nothing more can be stored, in words; empty while there is room."""


class Sources:
    """Builds the sources of the settings; each lives on its own, and none stops another."""

    def __init__(
        self, settings: Settings, snapshot: Snapshot, admission: Admission, state: State, world: World
    ) -> None:
        self._settings = settings
        self._admission = admission
        self._state = state
        self._world = world
        self._folders = FolderSources(
            settings, snapshot, admission, world.clock, world.failpoint, world.tell, world.beats
        )
        self._listener = _listener(settings, snapshot, admission, state, world)
        self._mailboxes = _mailboxes(settings, admission, state, world)
        self._ending = ExitStack()

    def start(self) -> None:
        """Take in from now on; ConfigurationError when the listener cannot be opened as the settings want it."""
        self._folders.start()
        self._ending.callback(self._folders.stop)
        self._mailboxes.start()
        self._ending.callback(self._stop_mailboxes)
        if self._listener is not None:
            self._listener.start()
        self._ending.callback(self._stop_listener)

    def stop(self) -> None:
        """Take nothing more; the listener first, since somebody waits at its other end."""
        self._ending.close()

    def replace(self, snapshot: Snapshot) -> None:
        """Units, their folders, addresses and logins are as this snapshot says."""
        self._folders.replace(snapshot)
        if self._listener is not None:
            self._listener.replace(snapshot)

    def change(self, settings: Settings, snapshot: Snapshot) -> None:
        """Sources are added, changed and removed as these settings say; what did not change goes on undisturbed.

        ConfigurationError when the listener cannot be opened so: all sources are as before then.
        """
        if settings.smtp != self._settings.smtp:
            self._open_listener(_listener(settings, snapshot, self._admission, self._state, self._world))
        mailboxes = (settings.imap, settings.smtp.message_megabytes)
        if mailboxes != (self._settings.imap, self._settings.smtp.message_megabytes):
            wanted = _mailboxes(settings, self._admission, self._state, self._world)
            self._stop_mailboxes()
            self._mailboxes = wanted
            wanted.start()
        self._folders.replace(snapshot, settings)
        self._settings = settings
        self.replace(snapshot)

    def _open_listener(self, listener: SmtpIntake | None) -> None:
        """In place of the present one, which is opened again when this one cannot be."""
        if listener is not None:
            listener.keys()  # before anybody's session is ended
        former = self._listener
        self._stop_listener()
        try:
            if listener is not None:
                listener.start()
        except ConfigurationError:
            if former is not None:
                former.start()
            raise
        self._listener = listener

    def _stop_mailboxes(self) -> None:
        self._mailboxes.stop()

    def _stop_listener(self) -> None:
        if self._listener is not None:
            self._listener.stop()

    def folders(self) -> tuple[tuple[FolderState, ...], tuple[PendingDrop, ...]]:
        """How each drop folder is doing, and what waits in them."""
        return self._folders.states(), self._folders.pending()

    def mailboxes(self) -> tuple[MailboxStanding, ...]:
        """How each mailbox is doing."""
        return self._mailboxes.standing()


def _listener(
    settings: Settings, snapshot: Snapshot, admission: Admission, state: State, world: World
) -> SmtpIntake | None:
    if not settings.smtp.on:
        return None
    around = Surroundings(
        full=world.full,
        waiting=lambda: state.read(lambda c: submissions.count(c, UNDECIDED)),
        clock=world.clock,
        environment=world.environment,
        failpoint=world.failpoint,
    )
    return SmtpIntake(SmtpSettings.of(settings.smtp, settings.path), snapshot, admission, log, around)


def _mailboxes(settings: Settings, admission: Admission, state: State, world: World) -> ImapIntake:
    largest = settings.smtp.message_megabytes * MEGABYTE
    accounts = [mailbox_settings(section, settings.base, largest) for section in settings.imap]
    return ImapIntake(
        accounts,
        admission,
        state,
        world.clock,
        time.monotonic,
        log,
        world.environment,
        world.failpoint,
        full=world.full,
    )
