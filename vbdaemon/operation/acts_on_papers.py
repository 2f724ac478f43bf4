"""Acts on a paper: a person has it, says that it need not come, or awaits it after all."""

from datetime import datetime

from vbdaemon.clock import VIETNAM
from vbdaemon.errors import ActRefused
from vbdaemon.model import Snapshot
from vbdaemon.state import papers
from vbdaemon.state.connection import Connection
from vbdaemon.state.events import record
from vbdaemon.state.papers import PaperRow, PaperState
from vbdaemon.state.records import ActRow, SubmissionRow

RECEIVED, WAIVE, AWAIT = "received", "waive", "await"
DO = "do"
"""Key of an act's details that says which."""


def paper(connection: Connection, act: ActRow, row: SubmissionRow, snapshot: Snapshot, at: datetime) -> str:
    """What became of the paper of one document; ActRefused when none is awaited, or it is here already."""
    wanted = dict(act.details).get(DO, RECEIVED)
    found = _paper_of(connection, act, row)
    words = {RECEIVED: _received, WAIVE: _waived, AWAIT: _awaited}[wanted](connection, found, act, snapshot, at)
    record(connection, at, f"paper-{wanted}", row.id, f"document {act.document + 1}")
    return words


def _received(connection: Connection, found: PaperRow, act: ActRow, snapshot: Snapshot, at: datetime) -> str:
    del snapshot
    _refuse_received(found)
    papers.settle(connection, found, PaperState.RECEIVED, act.who, act.why, at)
    late = " (it was overdue)" if found.is_overdue(at.astimezone(VIETNAM).date()) else ""
    return f"the paper of document {act.document + 1} is here{late}"


def _waived(connection: Connection, found: PaperRow, act: ActRow, snapshot: Snapshot, at: datetime) -> str:
    del snapshot
    _refuse_received(found)
    papers.settle(connection, found, PaperState.WAIVED, act.who, act.why, at)
    return f"the paper of document {act.document + 1} is not awaited any more"


def _awaited(connection: Connection, found: PaperRow, act: ActRow, snapshot: Snapshot, at: datetime) -> str:
    if found.state is PaperState.DUE:
        raise ActRefused(f"the paper of document {act.document + 1} of {found.submission} is awaited already")
    days = snapshot.working_days
    due_on = max(found.due_on, days.after(at.astimezone(VIETNAM).date(), snapshot.paper_days))
    papers.await_again(connection, found, due_on, days.after(due_on), act.why)
    return f"the paper of document {act.document + 1} is awaited until {due_on:%d/%m/%Y}"


def _paper_of(connection: Connection, act: ActRow, row: SubmissionRow) -> PaperRow:
    ours = papers.listed(connection, submission=row.id)
    found = next((each for each in ours if each.ordinal == act.document), None)
    if found is None or found.state is PaperState.WITHDRAWN:
        raise ActRefused(f'no paper is awaited of document {act.document + 1} of {row.id}; see "vbdaemon paper list"')
    return found


def _refuse_received(found: PaperRow) -> None:
    if found.state is PaperState.RECEIVED:
        when = f"{found.received_at.astimezone(VIETNAM):%d/%m/%Y}" if found.received_at else "before"
        raise ActRefused(f"that paper of {found.submission} came {when}, {found.received_by} has it")
