"""Decisions: one transaction writes documents, findings, verdicts, register numbers, deliveries and events."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, func, select, update

from vbdaemon.model import Classification, DocumentVerdict, RegisterNumber, VerdictKind
from vbdaemon.state import answers, facts, follow, letters, papers, pieces, shadow, statements
from vbdaemon.state.records import Decision
from vbdaemon.state.tables import acts, corrections, decisions, documents, submissions

codec: TypeAdapter[Decision] = TypeAdapter(Decision)
_LATEST_VERSION = select(func.max(decisions.c.version)).where(decisions.c.submission_id == bindparam("id_"))


def write(
    connection: Connection, submission_id: str, version: int, at: datetime, snapshot: str, body: Decision
) -> None:
    """Keep a decision; every version is kept."""
    connection.execute(
        statements.ADD_DECISION,
        {
            "submission_id": submission_id,
            "version": version,
            "decided_at": at,
            "snapshot": snapshot,
            "body": codec.dump_json(body).decode(),
        },
    )


def latest(connection: Connection, submission_id: str) -> Decision | None:
    """The last decision, or None."""
    body = connection.scalar(statements.LATEST_DECISION, {"id_": submission_id})
    return codec.validate_json(body) if body is not None else None


def latest_version(connection: Connection, submission_id: str) -> int:
    """The version of the last decision; 0 without one. The row's own goes up with every act, decided or not."""
    return connection.scalar(_LATEST_VERSION, {"id_": submission_id}) or 0


def body_at(connection: Connection, submission_id: str, version: int) -> str | None:
    """The decision of that version as it is kept (JSON), or None; `parse` makes a value of it."""
    body: str | None = connection.scalar(statements.DECISION_AT, {"id_": submission_id, "version_": version})
    return body


def parse(body: str) -> Decision:
    """A kept decision as a value."""
    return codec.validate_json(body)


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: what was kept of names, subjects and text is removed."""
    connection.execute(delete(decisions).where(decisions.c.submission_id == submission_id))
    connection.execute(delete(documents).where(documents.c.submission_id == submission_id))
    connection.execute(delete(corrections).where(corrections.c.submission_id == submission_id))
    connection.execute(update(acts).where(acts.c.submission_id == submission_id).values(details=None))
    pieces.forget(connection, submission_id)
    letters.forget(connection, submission_id)
    papers.forget(connection, submission_id)
    follow.forget(connection, submission_id)
    facts.lock(connection, submission_id)
    shadow.forget(connection, submission_id)
    answers.forget(connection, submission_id)


def accepted_with(connection: Connection, main_sha256: str, first_page: int, besides: str) -> RegisterNumber | None:
    """The register number under which these bytes were accepted in another submission, or None."""
    places = {"main_": main_sha256, "page_": first_page, "id_": besides}
    row = connection.execute(statements.ACCEPTED_BYTES, places).one_or_none()
    if row is None:
        return None
    return RegisterNumber(row.book or "", row.year or 0, row.register_number or 0, row.registered_on or date.min)


def accepted_like(connection: Connection, kind: Classification, besides: str) -> str | None:
    """The id of another submission that was accepted with this number, symbol, issuer and date; None without one."""
    if kind.number is None or kind.symbol is None or kind.issued_on is None or kind.issuer is None:
        return None
    places = {
        "number_": kind.number.value,
        "symbol_": kind.symbol.value,
        "issued_": kind.issued_on.value,
        "issuer_": kind.issuer.value,
        "id_": besides,
    }
    return connection.scalar(statements.ACCEPTED_DESIGNATION, places)


def companion_of(connection: Connection, source: str, designation: str, kind: Classification) -> tuple[str, int] | None:
    """The accepted document (submission, ordinal) from the same source that a lone file belongs to, or None.

    By number and symbol where they are known, otherwise by symbol, form and subject.
    """
    number, _, symbol = designation.partition("/")
    query = (
        select(documents.c.submission_id, documents.c.ordinal)
        .join(submissions, submissions.c.id == documents.c.submission_id)
        .where(submissions.c.source == source, documents.c.accepted)
        .order_by(submissions.c.received_at.desc())
        .limit(1)
    )
    if number and symbol:
        query = query.where(documents.c.number == number, documents.c.symbol == symbol)
    elif kind.symbol and kind.subject and kind.form:
        query = query.where(
            documents.c.symbol == kind.symbol.value,
            documents.c.form == kind.form.value,
            documents.c.subject == kind.subject.value,
        )
    else:
        return None
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.submission_id, row.ordinal)


def numbered(connection: Connection, submission_id: str) -> dict[tuple[str, int], RegisterNumber]:
    """Register numbers that a submission's documents have already, by main file and first page."""
    rows = connection.execute(statements.NUMBERED_DOCUMENTS, {"id_": submission_id})
    return {
        (row.main_sha256, row.first_page): RegisterNumber(row.book, row.year, row.register_number, row.registered_on)
        for row in rows
    }


def next_number(connection: Connection, book: str, year: int) -> int:
    """The next number of a book: consecutive, gapless, raised within the deciding transaction."""
    here = {"book_": book, "year_": year}
    if connection.execute(statements.RAISE_COUNTER, here).rowcount == 0:
        connection.execute(statements.ADD_COUNTER, {"book": book, "year": year, "last": 1})
    return int(connection.scalars(statements.COUNTER, here).one())


def write_documents(connection: Connection, submission_id: str, verdicts: Sequence[DocumentVerdict]) -> None:
    """The searchable side of a decision; replaces what an earlier decision wrote."""
    connection.execute(statements.DROP_DOCUMENTS, {"id_": submission_id})
    rows = [
        {"submission_id": submission_id, "ordinal": ordinal, **_columns(verdict)}
        for ordinal, verdict in enumerate(verdicts)
    ]
    if rows:
        connection.execute(statements.ADD_DOCUMENTS, rows)


def _columns(verdict: DocumentVerdict) -> dict[str, object]:
    kind = verdict.classification or Classification()
    register = verdict.register
    return {
        "main_sha256": verdict.main_sha256,
        "first_page": verdict.first_page,
        "verdict": verdict.verdict.kind,
        "accepted": verdict.verdict.kind is VerdictKind.ACCEPT
        and verdict.duplicate_of is None
        and verdict.filed_with is None
        and verdict.withdrawn is None,
        "form": kind.form.value if kind.form else None,
        "number": kind.number.value if kind.number else None,
        "symbol": kind.symbol.value if kind.symbol else None,
        "issued_on": kind.issued_on.value if kind.issued_on else None,
        "issuer": kind.issuer.value if kind.issuer else None,
        "subject": kind.subject.value if kind.subject and not kind.restricted else None,
        "restricted": kind.restricted,
        "book": register.book if register else None,
        "year": register.year if register else None,
        "register_number": register.number if register else None,
        "registered_on": register.registered_on if register else None,
    }
