"""Reports that are sent on a timer: which period was sent last, and the letters of the next, in one transaction."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from vbdaemon.errors import VbdaemonError
from vbdaemon.model import DeliveryKind, Destination
from vbdaemon.state import letters
from vbdaemon.state.events import cursor, move_cursor, record
from vbdaemon.state.records import NewDelivery, SubmissionState
from vbdaemon.state.tables import submissions

REPORT_LETTER = f"{letters.LETTER}report:"
"""What the keys of these letters begin with."""
ANCHORS = (
    SubmissionState.ACCEPTED,
    SubmissionState.REJECTED,
    SubmissionState.FILED,
    SubmissionState.CHECKED,
    SubmissionState.HELD,
)
"""What a letter hangs on: the newest submission that is settled, otherwise one that is held."""
NO_DECISION = 0
"""Version of a letter that tells nothing of the submission it hangs on."""
SENT, SKIPPED = "report-sent", "report-skipped"
"""Kinds of events."""


class NothingHandedIn(VbdaemonError):
    """No submission was ever decided here, and a letter hangs on one: the report leaves once there is one."""


@dataclass(frozen=True, slots=True)
class ReportLetter:
    """A report that was made, and who gets it."""

    title: str
    subtitle: str
    folder: str
    """Its folder below the spool's reports/."""
    files: tuple[tuple[str, str], ...]
    """Names and SHA-256."""
    to: tuple[str, ...]
    """Mail addresses."""
    addressee: str = ""
    """Name of the unit that it goes to; empty where addresses alone are known."""
    replaces: str = ""
    """When the report was sent that this one replaces (ISO 8601, UTC)."""


def last_sent(connection: Connection, timer: str) -> date | None:
    """First day of the period that this timer sent last; None before its first."""
    day = cursor(connection, _name(timer))
    return date.fromordinal(day) if day else None


def mark(connection: Connection, timer: str, since: date) -> None:
    """The period that began on this day is done with."""
    move_cursor(connection, _name(timer), since.toordinal())


def send(connection: Connection, timer: str, since: date, letter: ReportLetter, at: datetime) -> int:
    """Write the letters and mark the period; answers how many letters.

    None where the period was done with meanwhile (settings were read again).
    """
    last = last_sent(connection, timer)
    if last is not None and last >= since:
        return 0
    mark(connection, timer, since)
    many = post(connection, letter, at)
    record(connection, at, SENT, None, f"{timer} {letter.folder}: {many} letters")
    return many


def post(connection: Connection, letter: ReportLetter, at: datetime) -> int:
    """Put a letter to each address into the outbox; answers how many. NothingHandedIn rolls all back."""
    anchor = _anchor(connection)
    if anchor is None:
        raise NothingHandedIn
    return sum(_write(connection, anchor, address, letter, at) for address in letter.to)


def skip(connection: Connection, timer: str, since: date, words: str, at: datetime) -> None:
    """Nothing is sent for this period, and why."""
    mark(connection, timer, since)
    record(connection, at, SKIPPED, None, f"{timer}: {words}")


def _write(connection: Connection, anchor: str, address: str, letter: ReportLetter, at: datetime) -> bool:
    mark_ = hashlib.sha256(address.casefold().encode()).hexdigest()[:12]
    to, key = Destination("smtp", address.casefold()), f"{REPORT_LETTER}{letter.folder}:{mark_}"
    name = f"{letter.folder}_thu"  # its own forms stand beside the files, which have that stem
    new = NewDelivery.to(to, DeliveryKind.NOTICE, key, name)
    files = [{"name": name, "sha256": sha256} for name, sha256 in letter.files]
    details = {"title": letter.title, "subtitle": letter.subtitle, "folder": letter.folder}
    details |= {"files": json.dumps(files, ensure_ascii=False), "addressee": letter.addressee}
    details |= {"replaces": letter.replaces}
    return letters.write(connection, anchor, NO_DECISION, at, new, details)


def _anchor(connection: Connection, states: Sequence[SubmissionState] = ANCHORS) -> str | None:
    for state in states:
        found: str | None = connection.scalar(
            select(submissions.c.id)
            .where(submissions.c.state == state)
            .order_by(submissions.c.received_at.desc())
            .limit(1)
        )
        if found is not None:
            return found
    return None


def _name(timer: str) -> str:
    return f"report:{timer}"
