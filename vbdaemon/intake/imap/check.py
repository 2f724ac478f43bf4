"""`vbdaemon check` for one mailbox account: connect, TLS, login, folders, and what the server can do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from vbdaemon.errors import VbdaemonError
from vbdaemon.intake.imap.keys import Keys
from vbdaemon.intake.imap.link import Link, open_link
from vbdaemon.intake.imap.settings import After, MailboxSettings
from vbdaemon.intake.imap.telling import KEYWORD, Way, flag_of, way_of
from vbdaemon.intake.imap.token import Post, https_post
from vbdaemon.intake.imap.trouble import ServerRefused


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What a try-out of an account found."""

    name: str
    problems: tuple[str, ...] = ()
    """What keeps mail from being taken, each with its remedy; empty = it works."""
    notes: tuple[str, ...] = ()
    """What works otherwise than asked for, and what the first look will take."""


def check_account(
    settings: MailboxSettings,
    environment: Mapping[str, str],
    monotonic: Callable[[], float],
    post: Post = https_post,
) -> AccountCheck:
    """Log in and look around; nothing is fetched, flagged or made. Takes up to `socket_seconds` for each answer."""
    keys = Keys(settings, environment, monotonic, post)
    try:
        link = open_link(settings, keys.secret())
    except VbdaemonError as error:
        return AccountCheck(settings.name, (str(error),), (settings.hint,) if settings.hint else ())
    try:
        problems, notes = _look_around(link, settings)
    except VbdaemonError as error:
        return AccountCheck(settings.name, (str(error),))
    finally:
        link.close(politely=True)
    return AccountCheck(settings.name, tuple(problems), tuple(notes))


def _look_around(link: Link, settings: MailboxSettings) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    able = [name for name in ("IDLE", "MOVE", "UIDPLUS") if link.can(name)]
    notes = [f"the server can {', '.join(able) or 'neither IDLE, MOVE nor UIDPLUS'}"]
    if settings.idle and "IDLE" not in able:
        notes.append(f"without IDLE new mail is found every {settings.poll_seconds:g} s (poll_seconds)")
    for folder in settings.folders:
        try:
            notes += _folder_notes(link, settings, folder)
        except ServerRefused as refusal:
            problems.append(f'folder "{folder}": {refusal}; make it on the server, or correct folders')
    if settings.after is After.MOVE and not problems:
        target = link.full_name(settings.moved_to)
        if not link.has_folder(target):
            notes.append(f'folder "{target}" (moved_to) is not there yet; it is made at the first move')
    return problems, notes


def _folder_notes(link: Link, settings: MailboxSettings, folder: str) -> Iterator[str]:
    box = link.select(folder)
    found = len(link.uids(1, settings.since))
    before = f" since {settings.since:%Y-%m-%d}" if settings.since else ""
    yield f'folder "{folder}": {found} messages{before}; those not taken yet will be'
    way = way_of(settings.after, box, link.can)
    if not box.writable:
        yield f'folder "{folder}" can only be read: what is taken is kept in mind, not marked'
    elif way is Way.FLAG:
        asked = (
            "" if settings.after is After.FLAG else f' instead of after = "{settings.after}" (needs MOVE or UIDPLUS)'
        )
        mark = flag_of(box.flags)
        shown = f"the keyword {mark}" if mark == KEYWORD else f"{mark} (the star); the server keeps no keywords"
        yield f'folder "{folder}": what is taken gets {shown}{asked}'
