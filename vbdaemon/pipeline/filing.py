"""Files a message that is no submission: a bounce, a coded status or an automatic reply, with its delivery."""

from datetime import datetime

from vbdaemon.errors import ActRefused
from vbdaemon.model import Correspondence, CorrespondenceKind, DeliveryKind, Waiver
from vbdaemon.pipeline.stages.message import FILED
from vbdaemon.state import answers, decisions, gathering, submissions, undelivered
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision, SubmissionRow, SubmissionState


def file_message(
    connection: Connection, submission_id: str, message: Correspondence, decision: Decision, cap: int, at: datetime
) -> SubmissionState:
    """The message ends FILED, its word stands beside the delivery it is about; nothing is ever answered to it.

    `cap`: so many notices an hour go to one address, those on bounced deliveries among them.
    """
    version = submissions.get(connection, submission_id).version + 1
    decisions.write(connection, submission_id, version, at, decision.snapshot or "", decision)
    submissions.move(
        connection, submission_id, SubmissionState.FILED, snapshot=decision.snapshot, decided_at=at, failures=0
    )
    record(
        connection,
        at,
        "filed",
        submission_id,
        f"{message.kind} {_applied(connection, message, decision.unit, cap, at)}",
    )
    return SubmissionState.FILED


def judge_after_all(connection: Connection, row: SubmissionRow, who: str, why: str) -> None:
    """A person says that a filed message hands something in: judged again, it is a submission like any other.

    ActRefused for a piece: its files were decided with the whole.
    """
    decision = decisions.latest(connection, row.id)
    if decision is None or decision.correspondence is None:
        raise ActRefused(f'submission {row.id} was joined with another one; "vbdaemon show {row.id}" names it')
    submissions.waive(connection, row.id, Waiver(FILED, "", who, why))


def _applied(connection: Connection, message: Correspondence, unit: str | None, cap: int, at: datetime) -> str:
    """What came of it, in words; `unit` is the one that is proven to say so."""
    about = answers.delivery_of(connection, message.delivery) if message.delivery else None
    if about is None:
        return "about no delivery of ours"
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
