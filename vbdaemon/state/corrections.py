"""Corrections: what people typed in about documents; every one is kept."""

from datetime import datetime

from sqlalchemy import Connection, insert

from vbdaemon.model import CorrectedField, Correction
from vbdaemon.state import statements
from vbdaemon.state.tables import corrections


def add(connection: Connection, submission_id: str, made: tuple[Correction, ...], at: datetime) -> None:
    """Keep corrections beside what was read."""
    rows = [
        {
            "submission_id": submission_id,
            "main_sha256": each.file,
            "first_page": each.page,
            "field": each.field,
            "value": each.value,
            "who": each.who,
            "why": each.why,
            "at": at,
        }
        for each in made
    ]
    connection.execute(insert(corrections), rows)


def of_submission(connection: Connection, submission_id: str) -> tuple[Correction, ...]:
    """All of a submission's, the latest last."""
    rows = connection.execute(statements.CORRECTIONS, {"id_": submission_id})
    return tuple(
        Correction(row.main_sha256, row.first_page, CorrectedField(row.field), row.value, row.who, row.why)
        for row in rows
    )
