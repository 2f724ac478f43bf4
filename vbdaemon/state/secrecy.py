"""What is found secret leaves every table: who did what and when stays, and not a word of or about the document.

People quote a document in a reason, a note, a correction; receivers quote it in what they answer. All of that goes in
the transaction that locks it away. `locked` keeps later words out.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from vbdaemon.model import VerdictKind
from vbdaemon.model.register import Medium
from vbdaemon.state import acts, decisions, deliveries, letters, register, submissions
from vbdaemon.state.events import record
from vbdaemon.state.locked import REMOVED
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.tables import attempts, documents, events, waivers
from vbdaemon.state.tables import decisions as kept
from vbdaemon.state.tables import deliveries as sent
from vbdaemon.state.tables import submissions as admitted
from vbdaemon.state.tables_follow import assignments
from vbdaemon.state.tables_register import register_entries
from vbdaemon.state.tables_scoring import scoring_findings, scoring_rulings

PLAIN = frozenset({
    "admitted", "decided", "filed", "unproven", "reopened", "digest", "notice-gathered", "told-arrived",
    "delivery-delivered", "delivery-given-up", "delivery-withdrawn", "alarm-held", "alarm-promise",
    "alarm-undelivered", "register-voided", "register-restored", "register-corrected", "register-joined",
    "register-parted", "register-like", "paper-reminded", "paper-received", "paper-waive", "paper-await",
    "document-recalled", "document-updated", "document-replaced", "recall-granted", "recall-denied", "spool-damaged",
    "orphaned", "disposed",
})  # fmt: skip
"""Events that only we word, of ids, codes, counts and names of people: they stay as they are."""
SAID = ("act-", "answer-", "alarm-cleared", "delivery-failed")
"""Events whose words say who or which delivery, a colon, and then what was said: that goes. Of any other, all goes."""


def lock_away(connection: Connection, submission_id: str, at: datetime) -> None:
    """Quarantine: names, subjects, text and people's words are removed; what was not sent is withdrawn.

    What came back about its deliveries is a copy of it, or quotes it, and so does a request to give it back: these
    are locked away with it.
    """
    _unsay_answer(connection, submission_id)
    about = [*_came_back(connection, submission_id), *_asking_back(connection, submission_id)]
    decisions.forget(connection, submission_id)
    _forget_entering(connection, submission_id)
    register.lock_away(connection, submission_id, at)
    deliveries.hide(connection, submission_id)
    acts.forget(connection, submission_id)
    _forget_reasons(connection, submission_id)
    _forget_scoring(connection, submission_id)
    letters.forget_elsewhere(connection, submission_id)
    _forget_events(connection, submission_id)
    for each in dict.fromkeys(about):
        submissions.move(
            connection, each, SubmissionState.QUARANTINED, verdict=VerdictKind.QUARANTINE, decided_at=at, failures=0
        )
        lock_away(connection, each, at)
        record(connection, at, "decided", each, f"{VerdictKind.QUARANTINE} it answers {submission_id}")


def twins(connection: Connection, submission_id: str) -> tuple[str, ...]:
    """Other submissions that hold a document of this one, byte for byte; asked before it is locked away."""
    ours = select(documents.c.main_sha256).where(documents.c.submission_id == submission_id)
    query = (
        select(documents.c.submission_id)
        .where(documents.c.main_sha256.in_(ours), documents.c.submission_id != submission_id)
        .where(documents.c.verdict != VerdictKind.QUARANTINE)
        .distinct()
        .order_by(documents.c.submission_id)
    )
    return tuple(connection.scalars(query))


def _unsay_answer(connection: Connection, submission_id: str) -> None:
    """What this submission said of a delivery of another one."""
    decision = decisions.latest(connection, submission_id)
    named = decision.correspondence.delivery if decision and decision.correspondence else None
    about = named.partition(".")[0] if named else None
    row = connection.execute(select(sent).where(sent.c.id == about)).one_or_none() if about else None
    if row is None:
        return
    connection.execute(update(sent).where(sent.c.id == about).values(words=None, answer_words=None))
    for event in connection.execute(select(events).where(events.c.submission_id == row.submission_id)).all():
        if event.kind.startswith(SAID) and event.words.startswith(f"delivery {about}"):
            _reword(connection, event.id, f"delivery {about}")


def _forget_entering(connection: Connection, submission_id: str) -> None:
    """Why its paper was entered, before the document came: that event names the line, and no submission."""
    for line in register.lines_of(connection, submission_id):
        if line.medium is Medium.PAPER:
            names = (events.c.words.startswith(f"{name} by ", autoescape=True) for name in (line.name, f"@{line.id}"))
            query = select(events).where(events.c.kind == "register-added", or_(*names))
            for event in connection.execute(query).all():
                _reword(connection, event.id, event.words.partition(": ")[0])


def _forget_reasons(connection: Connection, submission_id: str) -> None:
    """Of failed attempts, releases and assignments."""
    failed = (attempts.c.submission_id == submission_id) & (attempts.c.words != "")
    connection.execute(update(attempts).where(failed).values(words=REMOVED))
    connection.execute(update(waivers).where(waivers.c.submission_id == submission_id).values(why=""))
    connection.execute(update(assignments).where(assignments.c.submission_id == submission_id).values(title=""))


def _forget_scoring(connection: Connection, submission_id: str) -> None:
    """A document that was drawn is named by its register number, or by its handle; neither is secret."""
    lines = select(register_entries).where(
        register_entries.c.submission_id == submission_id, register_entries.c.arrival_number.is_not(None)
    )
    names = [f"{row.book}/{row.year}/{row.arrival_number}" for row in connection.execute(lines)]
    entry = scoring_findings.c.entry
    drawn = list(
        connection.scalars(
            select(scoring_findings.c.id).where(or_(entry.in_(names), entry.startswith(f"{submission_id}/")))
        )
    )
    connection.execute(update(scoring_findings).where(scoring_findings.c.id.in_(drawn)).values(grounds=REMOVED))
    connection.execute(update(scoring_rulings).where(scoring_rulings.c.finding_id.in_(drawn)).values(why=""))
    for finding in drawn:
        mark = f": finding {finding} "
        told = events.c.kind.startswith("scoring-") & events.c.words.contains(mark)
        for event in connection.execute(select(events).where(told)).all():
            who, _, rest = event.words.partition(mark)
            _reword(connection, event.id, f"{who}{mark}{rest.partition(': ')[0]}")


def _forget_events(connection: Connection, submission_id: str) -> None:
    for event in connection.execute(select(events).where(events.c.submission_id == submission_id)).all():
        if event.kind not in PLAIN:
            _reword(connection, event.id, event.words.partition(": ")[0] if event.kind.startswith(SAID) else "")


def _reword(connection: Connection, event_id: int, words: str) -> None:
    connection.execute(update(events).where(events.c.id == event_id).values(words=words))


def _came_back(connection: Connection, submission_id: str) -> Iterator[str]:
    """Filed messages about its deliveries: bounces bear the document itself, answers its number and subject."""
    told = events.c.words.contains(f"about delivery {submission_id}-")
    query = select(events.c.submission_id).where(events.c.kind == "filed", told).distinct()
    for each in connection.scalars(query).all():
        if each != submission_id and submissions.get(connection, each).state is SubmissionState.FILED:
            yield each


def _asking_back(connection: Connection, submission_id: str) -> Iterator[str]:
    """Requests of other offices, held or answered, that name the bytes of a document of it."""
    ours = select(documents.c.main_sha256).where(documents.c.submission_id == submission_id).distinct()
    open_ = admitted.c.state.in_((SubmissionState.HELD, SubmissionState.FILED)) & (admitted.c.id != submission_id)
    for sha256 in connection.scalars(ours).all():
        named = open_ & kept.c.body.contains(sha256)
        for each in connection.scalars(select(kept.c.submission_id).join(admitted).where(named).distinct()).all():
            decision = decisions.latest(connection, each)
            if decision is not None and decision.recall is not None and decision.recall.sha256 == sha256:
                yield each
