"""Finding submissions by what is known of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from vbdaemon.errors import UnknownSubmission
from vbdaemon.state import decisions as decision_rows
from vbdaemon.state.records import Decision, HoldKind, SubmissionRow, SubmissionState
from vbdaemon.state.submissions import get, to_row
from vbdaemon.state.tables import decisions, documents, submissions

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a submission must be to be found; what is empty lets everything pass."""

    states: tuple[SubmissionState, ...] = ()
    holds: tuple[HoldKind, ...] = ()
    sources: tuple[str, ...] = ()
    """Names of sources; one that ends in "*" stands for all that begin so."""
    unit: str | None = None
    """Code of a unit that handed it in (one of `unit_sources`) or issued a document of it."""
    unit_sources: tuple[str, ...] = ()
    form: str | None = None
    """Slug of the form (hình thức) of one of its documents."""
    reason: str | None = None
    """Code of a reason of one of its documents' verdicts, or "processing-failed"."""
    since: datetime | None = None
    until: datetime | None = None
    """Received before this moment."""


@dataclass(frozen=True, slots=True)
class Match:
    """A submission that was found, with its last decision."""

    row: SubmissionRow
    decision: Decision | None


def found(
    connection: Connection, wanted: Wanted, limit: int | None = None, after: str | None = None
) -> Iterator[Match]:
    """What matches, newest first; `after` goes on behind that id. UnknownSubmission when there is no such id."""
    place = _place(connection, after) if after else None
    given = 0
    while limit is None or given < limit:
        rows = _rows(connection, wanted, place)
        for row in rows:
            match = Match(row, decision_rows.latest(connection, row.id))
            if _fits(match, wanted):
                yield match
                given += 1
                if given == limit:
                    return
        if len(rows) < AT_ONCE:
            return
        place = (rows[-1].received_at, rows[-1].id)


def reasons_of(match: Match) -> tuple[str, ...]:
    """Codes of the reasons for the submission's verdict, the strictest documents' first."""
    if match.row.hold_kind is HoldKind.FAILURE:
        return ("processing-failed",)
    if match.decision is None:
        return ()
    ranked = sorted(match.decision.documents, key=lambda document: -document.verdict.kind.rank)
    return tuple(dict.fromkeys(reason.code for d in ranked for reason in d.verdict.reasons))


def _place(connection: Connection, submission_id: str) -> tuple[datetime, str]:
    try:
        row = get(connection, submission_id)
    except UnknownSubmission as error:
        raise UnknownSubmission(f"{error}; a page goes on after an id that was listed") from error
    return row.received_at, row.id


def _rows(connection: Connection, wanted: Wanted, place: tuple[datetime, str] | None) -> list[SubmissionRow]:
    columns = submissions.c
    query = select(submissions).order_by(columns.received_at.desc(), columns.id.desc()).limit(AT_ONCE)
    if place is not None:
        at, submission_id = place
        query = query.where(or_(columns.received_at < at, and_(columns.received_at == at, columns.id < submission_id)))
    for condition in _conditions(wanted):
        query = query.where(condition)
    return [to_row(row) for row in connection.execute(query)]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """What the database can tell; bodies of decisions are looked into coarsely, `_fits` is exact."""
    columns = submissions.c
    if wanted.states:
        yield columns.state.in_(wanted.states)
    if wanted.holds:
        yield columns.hold_kind.in_(wanted.holds)
    if wanted.sources:
        yield or_(*(_source(name) for name in wanted.sources))
    if wanted.since is not None:
        yield columns.received_at >= wanted.since
    if wanted.until is not None:
        yield columns.received_at < wanted.until
    if wanted.form is not None:
        yield exists().where(documents.c.submission_id == columns.id, documents.c.form == wanted.form)
    if wanted.unit is not None:
        yield or_(columns.source.in_(wanted.unit_sources), _mentions(wanted.unit))
    if wanted.reason is not None and wanted.reason != "processing-failed":
        yield _mentions(wanted.reason)


def _source(name: str) -> ColumnElement[bool]:
    if name.endswith("*"):
        return submissions.c.source.startswith(name[:-1], autoescape=True)
    return submissions.c.source == name


def _mentions(word: str) -> ColumnElement[bool]:
    return exists().where(
        decisions.c.submission_id == submissions.c.id, decisions.c.body.contains(f'"{word}"', autoescape=True)
    )


def _fits(match: Match, wanted: Wanted) -> bool:
    if wanted.reason is not None and wanted.reason not in reasons_of(match):
        return False
    if wanted.unit is None or match.row.source in wanted.unit_sources:
        return True
    known = match.decision.documents if match.decision else ()
    return any(each.classification is not None and each.classification.issuer_unit == wanted.unit for each in known)
