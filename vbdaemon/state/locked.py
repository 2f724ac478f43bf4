"""Whether a submission lies in quarantine: then nobody's words about it are written down any more."""

from sqlalchemy import Connection, bindparam, select

from vbdaemon.state.records import SubmissionState
from vbdaemon.state.tables import submissions
from vbdaemon.state.tables_register import register_entries

REMOVED = "(removed)"
"""Stands where words must stand, and were removed."""


def is_locked(connection: Connection, submission_id: str | None) -> bool:
    """True for what was locked away."""
    if submission_id is None:
        return False
    return bool(connection.scalar(_STATE, {"id_": submission_id}) == SubmissionState.QUARANTINED)


def is_entry_locked(connection: Connection, entry: str) -> bool:
    """Likewise for a document as scoring names it: by its register number, or by its handle."""
    book, _, rest = entry.partition("/")
    if is_locked(connection, book):
        return True
    year, _, number = rest.partition("/")
    if not (year.isascii() and year.isdigit() and number.isascii() and number.isdigit()):
        return False
    place = {"book_": book, "year_": int(year), "number_": int(number)}
    return is_locked(connection, connection.scalar(_OF_NUMBER, place))


_STATE = select(submissions.c.state).where(submissions.c.id == bindparam("id_"))
_OF_NUMBER = select(register_entries.c.submission_id).where(
    register_entries.c.book == bindparam("book_"),
    register_entries.c.year == bindparam("year_"),
    register_entries.c.arrival_number == bindparam("number_"),
)
