"""What becomes of a registered document stands in its line: who has it (columns 7 and 8), and that it was recalled."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from vbdaemon.model import DocumentVerdict
from vbdaemon.state.register import lines_of
from vbdaemon.state.register_line import Value
from vbdaemon.state.register_update import Told, rewrite


def transfer(
    connection: Connection, submission_id: str, document: DocumentVerdict, receiver: str, day: date, told: Told
) -> None:
    """The unit or person who received it, and when (NĐ 30/2020 App. IV.VI)."""
    _write(connection, submission_id, document, {"receiver": receiver, "transferred_on": day}, told)


def remark(
    connection: Connection, submission_id: str, document: DocumentVerdict, note: str, words: str, told: Told
) -> None:
    """A note in the last column, and people's words after it; what stood there is kept in the line's history."""
    _write(connection, submission_id, document, {"note": note if _is_restricted(document) else note + words}, told)


def _write(
    connection: Connection, submission_id: str, document: DocumentVerdict, values: dict[str, Value], told: Told
) -> None:
    """Of a complaint or denunciation neither the line nor its history keeps words of people."""
    told = replace(told, why="") if _is_restricted(document) else told
    here = (document.main_sha256, document.first_page)
    for line in lines_of(connection, submission_id):
        if (line.main_sha256, line.first_page) == here and not line.void:
            rewrite(connection, line, values, dict.fromkeys(values, told), restricted=line.restricted)


def _is_restricted(document: DocumentVerdict) -> bool:
    return bool(document.classification and document.classification.restricted)
