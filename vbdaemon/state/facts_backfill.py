"""Facts of documents that were decided before facts were kept."""

from sqlalchemy import Connection, exists, select

from vbdaemon.state import decisions, facts
from vbdaemon.state.events import cursor, move_cursor
from vbdaemon.state.records import HoldKind, SubmissionState
from vbdaemon.state.submissions import to_row
from vbdaemon.state.tables import decisions as decision_rows
from vbdaemon.state.tables import submissions
from vbdaemon.state.tables_facts import document_facts

DONE = "facts-backfill"
"""Name of the cursor that stands at 1 once everything was looked at."""
DECIDED = (
    SubmissionState.ACCEPTED,
    SubmissionState.REJECTED,
    SubmissionState.HELD,
    SubmissionState.QUARANTINED,
)


def is_done(connection: Connection) -> bool:
    """True when every earlier decision was looked at."""
    return cursor(connection, DONE) > 0


def backfill(connection: Connection, after: str, limit: int = 100) -> str | None:
    """Count the documents of the next submissions behind this id; the last one's id, None when none is left."""
    counted = exists().where(document_facts.c.submission_id == submissions.c.id)
    rows = connection.execute(
        select(submissions)
        .where(submissions.c.id > after, submissions.c.state.in_(DECIDED), ~counted)
        .order_by(submissions.c.id)
        .limit(limit)
    ).all()
    for each in rows:
        row = to_row(each)
        last = connection.execute(
            select(decision_rows.c.body, decision_rows.c.decided_at)
            .where(decision_rows.c.submission_id == row.id)
            .order_by(decision_rows.c.version.desc())
            .limit(1)
        ).one_or_none()
        if last is not None:
            facts.write(connection, row, decisions.parse(last.body), last.decided_at)
        if row.hold_kind is HoldKind.PERSON:
            facts.hold(connection, row.id)
    if rows:
        return str(rows[-1].id)
    move_cursor(connection, DONE, 1)
    return None
