"""Files a message that is no submission: a bounce, a coded status or an automatic reply, with its delivery."""

from dataclasses import dataclass
from datetime import datetime

from vbdaemon.errors import ActRefused
from vbdaemon.model import Correspondence, CorrespondenceKind, DeliveryKind, Waiver
from vbdaemon.pipeline.countersign import Countersign, split
from vbdaemon.pipeline.stages.message import FILED
from vbdaemon.state import answers, decisions, gathering, submissions, undelivered
from vbdaemon.state.answers import Answered
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision, SubmissionRow, SubmissionState


@dataclass(frozen=True, slots=True)
class FilingTerms:
    """What a message is filed by."""

    cap: int
    """So many notices an hour go to one address, those on bounced deliveries among them."""
    countersign: Countersign | None = None
    """What a report must bear to be believed; None: all are."""


def file_message(
    connection: Connection,
    submission_id: str,
    message: Correspondence,
    decision: Decision,
    terms: FilingTerms,
    at: datetime,
) -> SubmissionState:
    """The message ends FILED, its word stands beside the delivery it is about; nothing is ever answered to it.

    A report that does not prove what it is about changes nothing: the delivery's story names it, for people to judge.
    """
    version = submissions.get(connection, submission_id).version + 1
    decisions.write(connection, submission_id, version, at, decision.snapshot or "", decision)
    submissions.move(
        connection, submission_id, SubmissionState.FILED, snapshot=decision.snapshot, decided_at=at, failures=0
    )
    named, said = split(message.delivery or "")
    about = answers.delivery_of(connection, named) if named else None
    words = "about no delivery of ours"
    if about is not None and _is_unproven(message, about, said, terms):
        words = f"about delivery {about.id} is not believed: it does not bear what our mail bore"
        told = f"{message.kind} {submission_id} {words}"
        record(connection, at, "unproven", about.submission, told)
    elif about is not None:
        words = _applied(connection, message, about, decision.unit, terms.cap, at)
    record(connection, at, "filed", submission_id, f"{message.kind} {words}")
    return SubmissionState.FILED


def judge_after_all(connection: Connection, row: SubmissionRow, who: str, why: str) -> None:
    """A person says that a filed message hands something in: judged again, it is a submission like any other.

    ActRefused for a piece: its files were decided with the whole.
    """
    decision = decisions.latest(connection, row.id)
    if decision is None or decision.correspondence is None:
        raise ActRefused(f'submission {row.id} was joined with another one; "vbdaemon show {row.id}" names it')
    submissions.waive(connection, row.id, Waiver(FILED, "", who, why))


def _is_unproven(message: Correspondence, about: Answered, said: str, terms: FilingTerms) -> bool:
    """A bounce proves itself by the countersign alone; a status by the unit that says it, and by no false one.

    Receivers name a delivery by what its `vbdaemon.json` says, which is the bare id.
    """
    matters = message.kind is CorrespondenceKind.BOUNCE or bool(said)
    return matters and terms.countersign is not None and not terms.countersign.proves(about.id, said, about.created_at)


def _applied(
    connection: Connection, message: Correspondence, about: Answered, unit: str | None, cap: int, at: datetime
) -> str:
    """What came of it, in words; `unit` is the one that is proven to say so."""
    if message.kind is CorrespondenceKind.STATUS and message.status is not None:
        if about.kind is not DeliveryKind.FORWARD or unit != about.unit:  # delivery ids are known to other receivers
            return f"about delivery {about.id} is not believed: it is not proven to come from its receiver"
        if not answers.write_status(connection, about, message.status, message.words, at):
            return f"says no more of delivery {about.id} than was known"
    elif message.kind is CorrespondenceKind.BOUNCE and message.permanent:
        if unit not in (None, about.unit):  # what a mail server says is nobody's, or the receiver's
            return f"about delivery {about.id} is not believed: it comes from unit {unit}"
        if not answers.write_bounce(connection, about, message.words, at):
            return f"changes nothing of delivery {about.id}"
        if undelivered.tell_sender(connection, about.id, at):
            gathering.hold_back(connection, about.submission, cap, at)
    return f"about delivery {about.id}"
