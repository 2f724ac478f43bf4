"""Who deals with an accepted document, and what was withdrawn since."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from vbdaemon.model import Assignment, DocumentVerdict, Withdrawal
from vbdaemon.state.tables import documents, submissions
from vbdaemon.state.tables_follow import assignments, presentations, recalls


@dataclass(frozen=True, slots=True)
class Presented:
    """An accepted document that waits for a person to say who deals with it."""

    submission: str
    ordinal: int
    since: datetime
    designation: str
    form: str
    book: str
    year: int
    number: int | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was said of who deals with a document, the latest last."""

    ordinal: int
    assignment: Assignment
    who: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An accepted document, found by its number and date."""

    submission: str
    ordinal: int
    version: int
    issuer: str


def present(connection: Connection, submission_id: str, ordinals: Mapping[int, int | None], at: datetime) -> None:
    """These documents wait to be assigned, and no other of the submission does.

    `ordinals`: those of now, each with the one that the document had in the decision before, None for a new one. Who
    waits keeps waiting since then, and what was assigned stays so, wherever it stands now.
    """
    ours = presentations.c.submission_id == submission_id
    known = {row.ordinal: row for row in connection.execute(select(presentations).where(ours))}
    connection.execute(delete(presentations).where(ours))
    rows = []
    for now, before in ordinals.items():
        row = known.get(before) if before is not None else None
        moments = {"at": row.at, "assigned_at": row.assigned_at} if row else {"at": at, "assigned_at": None}
        rows.append({"submission_id": submission_id, "ordinal": now, **moments})
    if rows:
        connection.execute(insert(presentations), rows)


def reopen(connection: Connection, submission_id: str) -> None:
    """What was assigned was stopped before it went out: it waits to be assigned again."""
    ours = presentations.c.submission_id == submission_id
    connection.execute(update(presentations).where(ours).values(assigned_at=None))


def waiting(connection: Connection, limit: int = 200) -> tuple[Presented, ...]:
    """What waits to be assigned, the longest first."""
    joined = presentations.join(
        documents,
        and_(
            documents.c.submission_id == presentations.c.submission_id,
            documents.c.ordinal == presentations.c.ordinal,
        ),
    )
    query = (
        select(presentations, documents)
        .select_from(joined)
        .where(presentations.c.assigned_at.is_(None))
        .order_by(presentations.c.at, presentations.c.submission_id)
        .limit(limit)
    )
    return tuple(
        Presented(
            row.submission_id,
            row.ordinal,
            row.at,
            "/".join(part for part in (row.number, row.symbol) if part),
            row.form or "",
            row.book or "",
            row.year or 0,
            row.register_number,
        )
        for row in connection.execute(query)
    )


def count_waiting(connection: Connection) -> int:
    """How many documents wait to be assigned."""
    query = select(func.count()).select_from(presentations).where(presentations.c.assigned_at.is_(None))
    return int(connection.scalar(query) or 0)


def assign(
    connection: Connection,
    submission_id: str,
    ordinal: int,
    document: DocumentVerdict,
    said: Assigned,
) -> None:
    """Write down who deals with a document; it waits no longer."""
    connection.execute(
        insert(assignments).values(
            submission_id=submission_id,
            ordinal=ordinal,
            main_sha256=document.main_sha256,
            first_page=document.first_page,
            lead=said.assignment.lead,
            support=json.dumps(said.assignment.support),
            due_on=said.assignment.due_on,
            note=said.assignment.note or None,
            who=said.who,
            title=said.title,
            at=said.at,
        )
    )
    connection.execute(
        update(presentations)
        .where(presentations.c.submission_id == submission_id, presentations.c.ordinal == ordinal)
        .values(assigned_at=said.at)
    )


def assigned(connection: Connection, submission_id: str) -> tuple[Assigned, ...]:
    """Everything that was said of who deals with a submission's documents."""
    rows = connection.execute(
        select(assignments).where(assignments.c.submission_id == submission_id).order_by(assignments.c.id)
    )
    return tuple(
        Assigned(
            row.ordinal,
            Assignment(row.lead, tuple(json.loads(row.support)), row.due_on, row.note or ""),
            row.who,
            row.title,
            row.at,
        )
        for row in rows
    )


def withdraw(
    connection: Connection,
    submission_id: str,
    ordinal: int,
    kind: Withdrawal,
    replaced_by: str,
    who: str,
    why: str,
    at: datetime,
) -> None:
    """Keep that a document was recalled, updated or replaced."""
    connection.execute(
        insert(recalls).values(
            submission_id=submission_id,
            ordinal=ordinal,
            kind=kind,
            replaced_by=replaced_by,
            who=who,
            why=why,
            at=at,
        )
    )


def accepted_as(connection: Connection, number: str, symbol: str, issued_on: date | None) -> tuple[Forwarded, ...]:
    """Accepted documents with this number and symbol, of that day where one is named; the latest first."""
    query = (
        select(documents, submissions.c.version)
        .join(submissions, submissions.c.id == documents.c.submission_id)
        .where(documents.c.number == number, documents.c.symbol == symbol, documents.c.accepted)
        .order_by(submissions.c.received_at.desc())
    )
    if issued_on is not None:
        query = query.where(documents.c.issued_on == issued_on)
    return tuple(
        Forwarded(row.submission_id, row.ordinal, row.version, row.issuer or "") for row in connection.execute(query)
    )


def accepted_bytes(connection: Connection, main_sha256: str) -> tuple[Forwarded, ...]:
    """Accepted documents with these main bytes; the latest first."""
    query = (
        select(documents, submissions.c.version)
        .join(submissions, submissions.c.id == documents.c.submission_id)
        .where(documents.c.main_sha256 == main_sha256, documents.c.accepted)
        .order_by(submissions.c.received_at.desc())
    )
    return tuple(
        Forwarded(row.submission_id, row.ordinal, row.version, row.issuer or "") for row in connection.execute(query)
    )


def withdrawn_bytes(connection: Connection, main_sha256: str) -> tuple[str, ...]:
    """Submissions whose document with these main bytes was withdrawn; the latest first."""
    same = and_(recalls.c.submission_id == documents.c.submission_id, recalls.c.ordinal == documents.c.ordinal)
    query = (
        select(documents.c.submission_id)
        .join(recalls, same)
        .where(documents.c.main_sha256 == main_sha256)
        .order_by(recalls.c.at.desc())
    )
    return tuple(connection.scalars(query))


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: words of notes and reasons are removed; that something was assigned or recalled stays."""
    ours = assignments.c.submission_id == submission_id
    connection.execute(update(assignments).where(ours).values(note=None))
    connection.execute(update(recalls).where(recalls.c.submission_id == submission_id).values(replaced_by="", why=""))
    connection.execute(
        delete(presentations).where(
            presentations.c.submission_id == submission_id, presentations.c.assigned_at.is_(None)
        )
    )
