"""Reminding senders of papers that must also come: one letter a day to each, about all that are due then."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.config import Settings
from vbdaemon.model import DeliveryKind, Destination, DocumentVerdict, Snapshot, WorkingDays
from vbdaemon.state import decisions, letters, papers, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.papers import CODE, PaperRow
from vbdaemon.state.records import NewDelivery

OPENS_AT = 8
"""Hour of the day in Vietnam from which reminders go out."""
MOST_AT_ONCE = 200
"""Papers that one look takes; the next look goes on."""
LABEL = "nhac-ban-giay"


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """When senders are reminded."""

    every: int = 5
    """Working days between two reminders."""
    most: int = 3
    """Reminders of one paper; 0 = none."""
    working_days: WorkingDays = field(default_factory=WorkingDays)

    @classmethod
    def of(cls, settings: Settings, snapshot: Snapshot) -> "PaperTerms":
        """From `[paper]` and the holidays."""
        section = settings.paper
        return cls(section.remind_every_working_days, section.reminders, snapshot.working_days)


def is_open(terms: PaperTerms, at: datetime) -> bool:
    """Reminders go out on working days, not in the night."""
    local = at.astimezone(VIETNAM)
    return local.hour >= OPENS_AT and terms.working_days.is_working(local.date())


def due_today(connection: Connection, at: datetime) -> tuple[PaperRow, ...]:
    """Papers whose sender is to be reminded now, those of one unit together."""
    return papers.remindable(connection, at.astimezone(VIETNAM).date(), MOST_AT_ONCE)


def remind(connection: Connection, rows: Sequence[PaperRow], terms: PaperTerms, at: datetime) -> int:
    """Write the letters about these papers, in the transaction that counts them; answers how many letters."""
    by_sender: dict[Destination, list[tuple[PaperRow, DocumentVerdict]]] = {}
    for paper in rows:
        found = _sender(connection, paper) if paper.reminders < terms.most else None
        if found is None:  # nobody can be told, or was told often enough: it stands in the list of overdue papers
            papers.leave_alone(connection, paper)
        else:
            by_sender.setdefault(found[0], []).append((paper, found[1]))
    for sender, about in by_sender.items():
        _write(connection, sender, about, at)
        for paper, _ in about:
            papers.reminded(connection, paper, at, _again(paper, terms, at))
    return len(by_sender)


def _sender(connection: Connection, paper: PaperRow) -> tuple[Destination, DocumentVerdict] | None:
    """Where the one who handed in is told, and the document; None where nobody may be told."""
    decision = decisions.latest(connection, paper.submission)
    if decision is None or decision.reply is None or paper.ordinal >= len(decision.documents):
        return None
    return decision.reply, decision.documents[paper.ordinal]


def _again(paper: PaperRow, terms: PaperTerms, at: datetime) -> date | None:
    if paper.reminders + 1 >= terms.most:
        return None
    return terms.working_days.after(at.astimezone(VIETNAM).date(), terms.every)


def _write(
    connection: Connection, sender: Destination, about: Sequence[tuple[PaperRow, DocumentVerdict]], at: datetime
) -> None:
    """The letter hangs on the first of the submissions that it tells of."""
    first = submissions.get(connection, about[0][0].submission)
    day = f"{at.astimezone(VIETNAM):%Y%m%d}"
    mark = hashlib.sha256(f"{sender.scheme}:{sender.address}".encode()).hexdigest()[:8]
    key = f"{letters.LETTER}paper:{at:%Y%m%d%H%M%S}:{mark}"
    letter = NewDelivery.to(sender, DeliveryKind.NOTICE, key, f"{first.id}_{LABEL}_{day}")
    details = {"papers": json.dumps(list(_facts(about)), ensure_ascii=False)}
    letters.write(connection, first.id, first.version, at, letter, details)
    for submission in dict.fromkeys(paper.submission for paper, _ in about):
        words = f"paper is overdue, letter in delivery of {first.id}"
        record(connection, at, "paper-reminded", submission, words)


def _facts(about: Sequence[tuple[PaperRow, DocumentVerdict]]) -> Iterator[dict[str, str]]:
    """What the letter says of each: no subject, no name."""
    for paper, document in about:
        found = document.classification
        clause = next((each.clause for each in document.findings if each.code == CODE), "")
        yield {
            "submission": paper.submission,
            "number": paper.designation,
            "form": found.form_name or "" if found else "",
            "date": paper.issued_on.isoformat() if paper.issued_on else "",
            "arrival": paper.arrival,
            "due": paper.due_on.isoformat(),
            "clause": clause,
        }
