"""What plugins that only watch would have changed: kept, counted, forgotten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select

from vbdaemon.state.records import SubmissionState
from vbdaemon.state.tables import submissions
from vbdaemon.state.tables_shadow import shadow_answers, shadow_runs

LONGEST = 60
"""Characters of a plugin's version that are kept."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one document that would have been otherwise; codes, slugs and unit codes only."""

    document: int
    """Ordinal in the decision."""
    field: str
    """verdict, form, channel, secrecy, routes or findings."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """One submission, decided again with a plugin that only watches."""

    plugin: str
    version: str
    submission: str
    decided_version: int
    at: datetime
    documents: int = 0
    words: str = ""
    """How it failed; empty when it did not."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """How often was compared, and how that went."""

    compared: int
    documents: int
    failed: int
    last_failure: str
    first_at: datetime | None
    last_at: datetime | None


def keep(connection: Connection, run: ShadowRun) -> None:
    """In place of what was kept of this submission and plugin; nothing of what lies in quarantine."""
    row = connection.execute(select(submissions.c.state).where(submissions.c.id == run.submission)).one_or_none()
    if row is None or row.state == SubmissionState.QUARANTINED:
        return
    _drop(connection, run.plugin, run.submission)
    version = run.version[:LONGEST]
    known = {"plugin": run.plugin, "submission_id": run.submission, "at": run.at, "version": version}
    known["decided_version"] = run.decided_version
    connection.execute(insert(shadow_runs).values(**known, documents=run.documents, words=run.words))
    rows = [
        {**known, "document": each.document, "field": each.field, "before": each.before, "after": each.after}
        for each in run.differences
    ]
    if rows:
        connection.execute(insert(shadow_answers), rows)


def counts(connection: Connection, plugin: str, since: datetime | None = None) -> ShadowCounts:
    """Of this plugin, over what was compared since then."""
    wanted = _wanted(shadow_runs, plugin, since)
    query = select(
        func.count(), func.coalesce(func.sum(shadow_runs.c.documents), 0), func.min(shadow_runs.c.at),
        func.max(shadow_runs.c.at),
    )  # fmt: skip
    compared, documents, first, last = connection.execute(query.where(*wanted)).one()
    failed = select(shadow_runs.c.words).where(*wanted, shadow_runs.c.words != "").order_by(shadow_runs.c.at.desc())
    words = list(connection.scalars(failed))
    return ShadowCounts(compared - len(words), int(documents), len(words), words[0] if words else "", first, last)


def differing(connection: Connection, plugin: str, since: datetime | None = None) -> tuple[ShadowRun, ...]:
    """Submissions in which something would have been otherwise, oldest first."""
    query = (
        select(shadow_answers)
        .where(*_wanted(shadow_answers, plugin, since))
        .order_by(shadow_answers.c.at, shadow_answers.c.submission_id, shadow_answers.c.document)
    )
    found: dict[str, ShadowRun] = {}
    for row in connection.execute(query):
        one = Difference(row.document, row.field, row.before, row.after)
        before = found.get(row.submission_id)
        differences = (*(before.differences if before else ()), one)
        found[row.submission_id] = ShadowRun(
            plugin, row.version, row.submission_id, row.decided_version, row.at, differences=differences
        )
    return tuple(found.values())


def forget(connection: Connection, submission_id: str) -> None:
    """Quarantine: even codes tell something."""
    for table in (shadow_runs, shadow_answers):
        connection.execute(delete(table).where(table.c.submission_id == submission_id))


def _wanted(table: Table, plugin: str, since: datetime | None) -> list[ColumnElement[bool]]:
    return [table.c.plugin == plugin, *([table.c.at >= since] if since else [])]


def _drop(connection: Connection, plugin: str, submission_id: str) -> None:
    for table in (shadow_runs, shadow_answers):
        connection.execute(delete(table).where(table.c.plugin == plugin, table.c.submission_id == submission_id))
