"""An electronic document joins the line of its paper: it has that number and day, and may leave it again.

What a person typed of the paper stays; the document fills in what was left empty.
"""

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.model import CorrectedField, DocumentVerdict, Snapshot
from vbdaemon.model.register import Medium
from vbdaemon.state.events import of_submission, record
from vbdaemon.state.records import SubmissionRow
from vbdaemon.state.register_line import SYSTEM, Change, Line, keep_change
from vbdaemon.state.register_paper import Likeness, PaperLines, likeness
from vbdaemon.state.register_update import Told, rewrite
from vbdaemon.state.register_values import FIELDS
from vbdaemon.state.tables_register import register_changes, register_entries

PLACE = "submission"
"""The field that says in the history which document joined a line, or left it."""
OTHER = "Bản điện tử là văn bản khác"
"""Why a document left a line: what was corrected in it stands on another paper."""
PARTED = "register-parted"
"""Kind of the event that tells which line a document left."""
_PRINTED = frozenset({CorrectedField.NUMBER, CorrectedField.SYMBOL, CorrectedField.DATE, CorrectedField.ISSUER})
_LINE = re.compile(r", line (\d+),")


def take(connection: Connection, line: Line, row: SubmissionRow, ordinal: int, verdict: DocumentVerdict) -> Line | None:
    """The paper's line as that of the document too; None when another one joined it, or a person made it void."""
    here = {
        "submission_id": row.id,
        "ordinal": ordinal,
        "main_sha256": verdict.main_sha256,
        "first_page": verdict.first_page,
    }
    if not connection.execute(_TAKE.values(**here), {"id_": line.id}).rowcount:
        return None
    place = {name: value for name, value in here.items() if name != "submission_id"}
    return replace(line, submission=row.id, **place)  # type: ignore[arg-type]  # they are its fields


def joined_words(row: SubmissionRow) -> str:
    """Why a line changed that an electronic document joined."""
    return f"Bản điện tử đến ngày {row.received_at.astimezone(VIETNAM):%d/%m/%Y}"


def tell_joined(connection: Connection, line: Line, row: SubmissionRow, at: datetime) -> None:
    """Keep that the document joined its paper; after the line was rewritten, which may have blanked its history."""
    keep_change(connection, line.id, Change(PLACE, None, row.id, SYSTEM, joined_words(row), at))
    record(connection, at, "register-joined", row.id, f"{line.name}, line {line.id}, stands for the paper too")


def let_go(connection: Connection, line: Line, told: Told) -> None:
    """The paper's line without the document: what that filled in goes with it, unless a person touched it since."""
    theirs = {name: None for name in FIELDS if getattr(line, name) is not None} if not line.restricted else {}
    for name in typed_in(connection, line):
        theirs.pop(name, None)
    alone = rewrite(connection, line, theirs, dict.fromkeys(theirs, told), restricted=line.restricted)
    connection.execute(_LET_GO, {"id_": alone.id})
    keep_change(connection, line.id, Change(PLACE, line.submission, None, told.who, told.why, told.at))
    words = f"{line.name}, line {line.id}, stands for the paper alone"
    record(connection, told.at, PARTED, line.submission, words)


def unsay(connection: Connection, submission_id: str) -> bool:
    """Quarantine: what documents of the submission filled in leaves the history of lines that they left since.

    True when there was such a line: its words were in the search index too.
    """
    told = (each for each in of_submission(connection, submission_id) if each.kind == PARTED)
    lines = [int(found[1]) for each in told if (found := _LINE.search(each.words))]
    for line in lines:
        connection.execute(_UNSAY, {"id_": line})
    return bool(lines)


def typed_in(connection: Connection, line: Line) -> frozenset[str]:
    """The fields that people typed: into the line itself, and of a paper all that no decision filled in."""
    people: set[str] = set()
    ours: set[str] = set()
    for row in connection.execute(_WRITERS, {"id_": line.id}):
        (ours if row.who == SYSTEM else people).add(row.field)
    if line.medium is Medium.PAPER:
        people |= {name for name in FIELDS if getattr(line, name) is not None and name not in ours}
    return frozenset(people)


def is_unlike(line: Line, verdict: DocumentVerdict, snapshot: Snapshot) -> bool:
    """True when a person corrected what a document bears, and it is not what its paper bears any more."""
    if line.medium is not Medium.PAPER or line.void or line.restricted or verdict.classification is None:
        return False
    corrected = any(each.field in _PRINTED for each in verdict.corrections)
    return corrected and likeness(line, verdict.classification, snapshot) is Likeness.OTHER


def tell_unlike(connection: Connection, line: Line, at: datetime) -> None:
    """Tell that the line of a paper is corrected with a document that left the house under its number."""
    words = f"{line.key}: its document was corrected and its paper with it; if that is another one, enter it anew"
    record(connection, at, "register-unlike", line.submission, words)


def warn(connection: Connection, line: Line, like: PaperLines, at: datetime) -> None:
    """Tell that the document has a number of its own though a paper like it may be registered."""
    words = f"{line.key}: its like is registered on paper, {like.keys}; it has a number of its own"
    record(connection, at, "register-like", line.submission, words)


def likeness_note(like: PaperLines) -> str | None:
    """What stands in the last column of such a line."""
    return f"Có thể trùng với bản giấy đã đăng ký: {like.keys}"[:500] if like.keys else None


_BY_ID = update(register_entries).where(register_entries.c.id == bindparam("id_"))
_TAKE = _BY_ID.where(register_entries.c.submission_id.is_(None), register_entries.c.voided_at.is_(None))
_LET_GO = _BY_ID.values(submission_id=None, ordinal=None, main_sha256=None, first_page=None)
_UNSAY = (
    update(register_changes)
    .where(register_changes.c.entry_id == bindparam("id_"), register_changes.c.who == SYSTEM)
    .values(before=None, after=None, why="")
)
_WRITERS = (
    select(register_changes.c.field, register_changes.c.who)
    .where(register_changes.c.entry_id == bindparam("id_"))
    .distinct()
)
