"""What kept decisions say of documents that scoring counts: which of a submission each is, its faults of format."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, select

from vbdaemon.model import Severity
from vbdaemon.state import decisions
from vbdaemon.state.facts import FORMAT
from vbdaemon.state.statistics_open import midnight
from vbdaemon.state.tables import decisions as decided
from vbdaemon.state.tables import submissions

Identity = tuple[str, int]
"""Main file and first page: what a document is known by, wherever it stands in a decision."""
Places = Mapping[str, Mapping[Identity, int]]
"""By submission: which of its documents each is, from 1."""


def places(connection: Connection, first: date, last: date) -> Places:
    """Of submissions of these days, both included, that were decided more than once.

    A document keeps the place at which it first stood, and one that a later decision found comes after all of them: a
    name that was published, or ruled about, never becomes that of another document.
    """
    since, until = midnight(first), midnight(last + timedelta(days=1))
    again = select(submissions.c.id).where(
        submissions.c.version > 1, submissions.c.received_at >= since, submissions.c.received_at < until
    )
    columns = decided.c
    query = select(columns.submission_id, columns.body).where(columns.submission_id.in_(again))
    found: dict[str, dict[Identity, int]] = {}
    for id_, body in connection.execute(query.order_by(columns.submission_id, columns.version)):
        known = found.setdefault(id_, {})
        for document in json.loads(body)["documents"]:
            known.setdefault((document["main_sha256"], document["first_page"]), len(known) + 1)
    return found


def format_faults(connection: Connection, submission_id: str, ordinal: int) -> tuple[str, ...]:
    """What the check of the format found wrong with a document, each as a Vietnamese sentence; notes are no faults."""
    decision = decisions.latest(connection, submission_id)
    if decision is None or ordinal >= len(decision.documents):
        return ()
    findings = decision.documents[ordinal].findings
    return tuple(f.message for f in findings if f.code.startswith(FORMAT) and f.severity is not Severity.NOTE)
