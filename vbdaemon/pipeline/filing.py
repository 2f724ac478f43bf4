"""Files a message that is no submission: a bounce, a coded status or an automatic reply, with its delivery."""

from datetime import datetime

from vbdaemon.model import Correspondence, CorrespondenceKind
from vbdaemon.state import answers, decisions, submissions, undelivered
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.records import Decision, SubmissionState


def file_message(
    connection: Connection, submission_id: str, message: Correspondence, decision: Decision, at: datetime
) -> SubmissionState:
    """The message ends FILED, its word stands beside the delivery it is about; nothing is ever answered to it."""
    version = submissions.get(connection, submission_id).version + 1
    decisions.write(connection, submission_id, version, at, decision.snapshot or "", decision)
    submissions.move(
        connection, submission_id, SubmissionState.FILED, snapshot=decision.snapshot, decided_at=at, failures=0
    )
    record(connection, at, "filed", submission_id, f"{message.kind} {_applied(connection, message, at)}")
    return SubmissionState.FILED


def _applied(connection: Connection, message: Correspondence, at: datetime) -> str:
    about = answers.delivery_of(connection, message.delivery) if message.delivery else None
    if about is None:
        return "about no delivery of ours"
    if message.kind is CorrespondenceKind.STATUS and message.status is not None:
        if not answers.write_status(connection, about, message.status, message.words, at):
            return f"says no more of delivery {about.id} than was known"
    elif message.kind is CorrespondenceKind.BOUNCE and message.permanent:
        answers.write_bounce(connection, about, message.words, at)
        undelivered.tell_sender(connection, about.id, at)
    return f"about delivery {about.id}"
