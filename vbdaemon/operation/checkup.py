"""What `vbdaemon check` looks at; each problem comes with its remedy."""

import os
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vbdaemon.config import Settings
from vbdaemon.directory.codes import usual
from vbdaemon.errors import ConfigurationError
from vbdaemon.folders import drop_folders
from vbdaemon.model import Snapshot, Unit

WARN_DAYS = 60
LOW_WATER_BYTES = 1_000_000_000
MEGABYTE = 1_000_000
NO_ACCESS = "give the daemon's user access"
ONLY_THE_SERVICE = "nothing: its secret is handed to the service alone; the daemon's log tells how it fares"


class Weight(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"
    """The daemon cannot do its job."""
    WARNING = "warning"
    """It can, but someone should look."""
    NOTE = "note"
    """For the record."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be, and what to do."""

    weight: Weight
    what: str
    remedy: str


def check_units(snapshot: Snapshot) -> Iterator[Problem]:
    """There is somebody to serve, and rules bind somebody."""
    units = snapshot.directory.units
    if not units:
        yield Problem(Weight.WARNING, "the directory has no units", "add [[unit]] tables to units.toml")
    elif not any(unit.served for unit in units):
        yield Problem(
            Weight.WARNING, "no unit is served: accepted documents go nowhere", "set served = true where it is"
        )
    if unusual := [unit.code for unit in units if not usual(unit.code)]:
        words = f"{len(unusual)} codes have neither usual form (QCVN 102, QĐ 20/2020): {', '.join(unusual[:5])}"
        yield Problem(Weight.NOTE, words, "compare them with the published list of codes; any code is taken as it is")
    for group in snapshot.directory.groups:
        if not any(unit.served for unit in snapshot.directory.by_group.get(group.code, ())):
            words = f"group {group.code} has no served unit"
            yield Problem(Weight.NOTE, words, "add its code to groups of its units, or take it out")
    if snapshot.office.unit and snapshot.directory.unit(snapshot.office.unit) is None:
        yield Problem(
            Weight.ERROR, f"[office] unit {snapshot.office.unit!r} is no unit of the directory", "add it to units.toml"
        )


def check_listener(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """The mail listener's certificate and logins can be used, and senders can be known."""
    section = settings.smtp
    if not section.on:
        return
    from vbdaemon.directory.logins import load_logins, strangers  # noqa: PLC0415 - argon2 is needed here only
    from vbdaemon.intake.smtp.certificate import Certificate  # noqa: PLC0415 - as above

    try:
        if section.certificate and section.key:
            Certificate(settings.path(section.certificate), settings.path(section.key))
        logins = load_logins(settings.path(section.logins))
    except ConfigurationError as error:
        yield Problem(Weight.ERROR, f"[smtp] {error}", "the daemon would not start")
        return
    for login in strangers(logins, snapshot.directory):
        yield Problem(Weight.WARNING, f"login {login}: no account of units.toml has it", "remove it, or give it to one")
    if logins.hashes and section.certificate is None:
        yield Problem(
            Weight.WARNING, "logins are offered over TLS only, and there is no certificate", "add certificate"
        )
    if not snapshot.mail.addresses and not any(unit.served for unit in snapshot.directory.units):
        yield Problem(
            Weight.ERROR, "[mail] addresses is empty: the listener knows no recipient", "add this office's own"
        )


def check_mailboxes(settings: Settings, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Each mailbox can be logged in to and read; what works otherwise than asked for is told too."""
    if not settings.imap:
        return
    from vbdaemon.intake.imap.check import check_account  # noqa: PLC0415 - imapclient is needed here only
    from vbdaemon.intake.imap.settings import mailbox_settings  # noqa: PLC0415 - as above

    largest = settings.smtp.message_megabytes * MEGABYTE
    for section in settings.imap:
        if held_by_systemd(section.password or (section.oauth and section.oauth.secret) or "", environment):
            yield Problem(Weight.NOTE, f"mailbox {section.name} was not tried", ONLY_THE_SERVICE)
            continue
        found = check_account(mailbox_settings(section, settings.base, largest), environment, time.monotonic)
        for words in found.problems:
            yield Problem(Weight.ERROR, f"mailbox {found.name}: {words}", "mend [[imap]] or the account")
        for words in found.notes:
            yield Problem(Weight.NOTE, f"mailbox {found.name}: {words}", "nothing needs to be done")


def held_by_systemd(secret: str, environment: Mapping[str, str]) -> bool:
    """True for a secret that only the service itself gets to read."""
    return secret.startswith("credential:") and "CREDENTIALS_DIRECTORY" not in environment


def check_mail_out(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """Who takes in mail can answer it, and answers come back to an address of ours."""
    host = settings.smarthost
    if host is None:
        if settings.smtp.on or settings.imap:
            yield Problem(
                Weight.WARNING, "mail comes in and none can leave: there is no [smarthost]", "add [smarthost]"
            )
        return
    ours = {address.casefold() for address in snapshot.mail.addresses}
    if host.sender.casefold() not in ours:
        yield Problem(
            Weight.WARNING,
            f"answers and bounces go to {host.sender}, which is not among [mail] addresses",
            "add it, and let its mail reach this vbdaemon",
        )


def check_folders(settings: Settings, snapshot: Snapshot) -> Iterator[Problem]:
    """Folders can be written, renamed in and cleaned; leaders' drops are closed to others."""
    drops = drop_folders(settings, snapshot)
    yield from _check_missing([drop.path for drop in drops if not drop.path.is_dir()])
    for drop in drops:
        if drop.path.is_dir():
            yield from _check_drop(drop.path)
        unit = snapshot.directory.unit(drop.unit)
        if unit is not None and drop.path.is_dir():
            yield from _check_writers(drop.path, unit, drop.account)
    spool = settings.path(settings.spool.path)
    if spool.is_dir() and stat.S_IMODE(spool.stat().st_mode) & 0o077:
        yield Problem(Weight.ERROR, f"{spool} can be read by others", f"chmod 700 {spool}")
    room = next((p for p in (spool, *spool.parents) if p.is_dir()), Path("/"))
    if shutil.disk_usage(room).free < LOW_WATER_BYTES:
        yield Problem(Weight.WARNING, f"less than 1 GB is free under {room}", "free disk space")


def check_tools() -> Iterator[Problem]:
    """Scans need an OCR engine."""
    if shutil.which("tesseract") is None:
        yield Problem(
            Weight.WARNING,
            "tesseract is not installed: scans are held as ocr-unavailable",
            "apt install tesseract-ocr tesseract-ocr-vie",
        )


def _check_missing(paths: list[Path]) -> Iterator[Problem]:
    """The daemon makes them when it starts, where it may; beside others that are there a share may be gone."""
    new = [path for path in paths if _may_make(path) and not path.parent.exists()]
    gone = [path for path in paths if _may_make(path) and path.parent.exists()]
    if new:
        words = f"{len(new)} drop folders are not there yet, such as {new[0]}"
        yield Problem(Weight.NOTE, words, "nothing: the daemon makes them when it starts")
    if gone:
        words = f"{len(gone)} drop folders are not there, such as {gone[0]}"
        yield Problem(Weight.WARNING, words, "the daemon makes them when it starts; is it their share that is missing?")
    for path in paths:
        if path not in (*new, *gone):
            yield Problem(Weight.ERROR, f"{path} is not there, and cannot be made", NO_ACCESS)


def _may_make(path: Path) -> bool:
    nearest = next((each for each in path.parents if each.exists()), Path("/"))
    return not path.exists() and nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK, effective_ids=True)


def _check_drop(path: Path) -> Iterator[Problem]:
    probe, moved = path / ".vbdaemon-check", path / ".vbdaemon-check-moved"
    try:
        probe.write_bytes(b"")
        probe.rename(moved)
        moved.unlink()
    except OSError as error:
        yield Problem(Weight.ERROR, f"{path}: cannot write, move and delete ({error.strerror})", NO_ACCESS)


def _check_writers(path: Path, unit: Unit, account: str | None) -> Iterator[Problem]:
    if stat.S_IMODE(path.stat().st_mode) & stat.S_IWOTH:
        leader = (found := unit.account(account)) is not None and found.role.leads
        yield Problem(
            Weight.ERROR if leader else Weight.WARNING,
            f"{path}: everybody on this machine can write here",
            f"chmod o-rwx {path}; see the sample smb.conf in config/README.md",
        )
