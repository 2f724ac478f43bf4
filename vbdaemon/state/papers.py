"""Papers that must come beside an electronic document (Phụ lục II, 648/QĐ-UBND): due, received, reminded of."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DocumentVerdict, VerdictKind, WorkingDays
from vbdaemon.model.register import Medium
from vbdaemon.state.paper_rows import PaperRow, PaperState, PaperTotal, arrivals, counted, listed, open_counts
from vbdaemon.state.register_line import SYSTEM
from vbdaemon.state.tables_paper import papers
from vbdaemon.state.tables_register import register_entries

CODE = "paper-also-due"
"""The finding that says so."""
DUE_DAYS = 5
REGISTERED = "Bản giấy đã vào sổ văn bản đến"
"""Why a paper is not awaited that came before its electronic original."""

__all__ = [
    "PaperRow",
    "PaperState",
    "PaperTotal",
    "arrivals",
    "await_again",
    "counted",
    "expect",
    "forget",
    "leave_alone",
    "listed",
    "open_counts",
    "remindable",
    "reminded",
    "settle",
    "withdraw",
]


def expect(
    connection: Connection,
    submission_id: str,
    documents: Sequence[DocumentVerdict],
    working_days: WorkingDays,
    at: datetime,
    *,
    unit: str | None = None,
    days: int = DUE_DAYS,
) -> None:
    """Write down which papers are due after this decision, `days` working days from now.

    To be called in the deciding transaction. Decided again, a paper that is awaited stays so with its day; one whose
    document is no longer accepted is awaited no more; what came or was waived stays as it is. Paper that stands in the
    register already, in the very line of the document, has come, and has not once the document left that line.
    """
    known = {(row.main_sha256, row.first_page): row for row in connection.execute(_OURS, {"id_": submission_id})}
    wanted = {
        (document.main_sha256, document.first_page): {"ordinal": ordinal, "unit": unit}
        for ordinal, document in enumerate(documents)
        if _is_due(document)
    }
    came = _registered(connection, submission_id) if wanted else {}
    for key in wanted.keys() - known.keys():
        fixed = {"submission_id": submission_id, "main_sha256": key[0], "first_page": key[1]}
        connection.execute(_ADD, fixed | wanted[key] | _NOT_HERE | _awaited(working_days, at, days) | came.get(key, {}))
    for key, row in known.items():
        here = {"id_": submission_id, "main_": key[0], "page_": key[1]}
        left = row.state == PaperState.RECEIVED and (row.received_by, row.note) == (SYSTEM, REGISTERED)
        if key in wanted:
            anew = row.state == PaperState.WITHDRAWN or (left and key not in came)
            open_ = anew or row.state == PaperState.DUE
            again = _NOT_HERE | _awaited(working_days, at, days) if anew else {}
            connection.execute(_CHANGE, here | wanted[key] | again | (came.get(key, {}) if open_ else {}))
        elif row.state == PaperState.DUE:
            connection.execute(_CHANGE, here | {"state": PaperState.WITHDRAWN, "remind_on": None})


def settle(connection: Connection, paper: PaperRow, state: PaperState, who: str, note: str, at: datetime) -> bool:
    """It came, or is not awaited any more; False when it was settled meanwhile."""
    change = (
        update(papers)
        .where(_is(paper), papers.c.state == paper.state)
        .values(state=state, received_at=at, received_by=who, note=note, remind_on=None)
    )
    return connection.execute(change).rowcount > 0


def await_again(connection: Connection, paper: PaperRow, due_on: date, remind_on: date, note: str) -> bool:
    """It was settled by mistake: awaited again until `due_on`; False when it changed meanwhile."""
    awaited = {"due_on": due_on, "remind_on": remind_on, "received_at": None, "received_by": None, "reminders": 0}
    change = update(papers).where(_is(paper), papers.c.state == paper.state)
    return connection.execute(change.values(state=PaperState.DUE, note=note, **awaited)).rowcount > 0


def withdraw(connection: Connection, submission_id: str, ordinal: int) -> None:
    """The document was recalled: its paper is not awaited any more."""
    connection.execute(
        update(papers)
        .where(papers.c.submission_id == submission_id, papers.c.ordinal == ordinal, papers.c.state == PaperState.DUE)
        .values(state=PaperState.WITHDRAWN, remind_on=None)
    )


def remindable(connection: Connection, today: date, limit: int) -> tuple[PaperRow, ...]:
    """Papers whose sender is to be reminded today, those of one unit together."""
    return listed(connection, remind_until=today, limit=limit)


def reminded(connection: Connection, paper: PaperRow, at: datetime, again_on: date | None) -> None:
    """The sender was reminded, and is again on that day; None = no more."""
    change = update(papers).where(_is(paper))
    connection.execute(change.values(reminders=papers.c.reminders + 1, reminded_at=at, remind_on=again_on))


def leave_alone(connection: Connection, paper: PaperRow) -> None:
    """Nobody can be reminded of it, or often enough was: no reminder goes out any more."""
    connection.execute(update(papers).where(_is(paper)).values(remind_on=None))


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: nothing of it is awaited, and no word stays."""
    connection.execute(delete(papers).where(papers.c.submission_id == submission_id))


def _is_due(document: DocumentVerdict) -> bool:
    """It is ours to keep, and the lists ask for paper too."""
    if document.verdict.kind is not VerdictKind.ACCEPT or document.withdrawn is not None:
        return False
    if document.duplicate_of is not None or document.filed_with is not None:
        return False
    return any(finding.code == CODE for finding in document.findings)


def _awaited(working_days: WorkingDays, at: datetime, days: int) -> dict[str, Any]:
    due_on = working_days.after(at.astimezone(VIETNAM).date(), days)
    return {
        "expected_at": at,
        "due_on": due_on,
        "state": PaperState.DUE,
        "remind_on": working_days.after(due_on),
        "reminders": 0,
    }


def _registered(connection: Connection, submission_id: str) -> dict[tuple[str, int], dict[str, Any]]:
    """By main file and first page: when the paper of a document came that stands in the register as paper too."""
    return {
        (row.main_sha256, row.first_page): {
            "state": PaperState.RECEIVED,
            "received_at": row.arrived_at,
            "received_by": SYSTEM,
            "note": REGISTERED,
            "remind_on": None,
        }
        for row in connection.execute(_AS_PAPER, {"id_": submission_id})
    }


def _is(paper: PaperRow) -> ColumnElement[bool]:
    return and_(
        papers.c.submission_id == paper.submission,
        papers.c.main_sha256 == paper.main_sha256,
        papers.c.first_page == paper.first_page,
    )


_NOT_HERE: dict[str, Any] = {"received_at": None, "received_by": None, "note": None}
_AS_PAPER = select(register_entries).where(
    register_entries.c.submission_id == bindparam("id_"),
    register_entries.c.medium == Medium.PAPER,
    register_entries.c.voided_at.is_(None),
)
_OURS = select(papers).where(papers.c.submission_id == bindparam("id_"))
_ADD = insert(papers)
_CHANGE = update(papers).where(
    papers.c.submission_id == bindparam("id_"),
    papers.c.main_sha256 == bindparam("main_"),
    papers.c.first_page == bindparam("page_"),
)
