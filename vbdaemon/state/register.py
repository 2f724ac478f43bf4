"""The register: what a decision enters, changes, makes void or blanks, in the transaction that commits the decision.

A line is never deleted and a number never given twice. Whatever changes in a line is kept beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DocumentVerdict, RegisterNumber, Snapshot, VerdictKind
from vbdaemon.model.register import Books, Direction, Medium, Numbering
from vbdaemon.state import register_index, register_join
from vbdaemon.state.events import record
from vbdaemon.state.records import SubmissionRow
from vbdaemon.state.register_entry import new_line
from vbdaemon.state.register_line import SYSTEM, Change, Line, keep_change, to_line
from vbdaemon.state.register_paper import PaperLines, papers_like
from vbdaemon.state.register_update import Told, hide, restrict, rewrite, set_void, void
from vbdaemon.state.register_values import CORRECTED, is_restricted, values_of
from vbdaemon.state.register_void import hush, voided_by_us, why_void
from vbdaemon.state.tables_register import register_entries

GONE = "Văn bản không còn trong lần gửi sau khi xem xét lại"
LOCKED = "Cách ly"
"""Why a quarantined document's line is void; nothing else of it stays."""
RESTRICTED = "Văn bản hạn chế"
AGAIN = "Quyết định lại"
"""Why a field changed that no person touched."""


def enter(
    connection: Connection,
    row: SubmissionRow,
    ordinal: int,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    books: Books,
    at: datetime,
    unit: str | None = None,
) -> DocumentVerdict:
    """The document as the register has it now: entered when it is accepted, its line brought up to date otherwise.

    What was entered as paper before is not entered once more: the document joins that line. What comes back carries
    the arrival number as `register`, when there is one. `unit` is who handed in. The year and the day turn at midnight
    in Vietnam.
    """
    hush(connection, row.id, verdict, Told(SYSTEM, RESTRICTED, at))
    line = _line_of(connection, row.id, verdict)
    if line is not None and is_entered(verdict) and register_join.is_unlike(line, verdict, snapshot):
        register_join.let_go(connection, line, Told(SYSTEM, register_join.OTHER, at))
        line = None
    like = PaperLines()
    if books.numbering is not Numbering.OFF and _is_new(connection, line, verdict):
        like = papers_like(connection, verdict.classification, snapshot, at.astimezone(VIETNAM).year)
    if line is not None and like.one is None:
        if line.ordinal != ordinal:
            connection.execute(_PLACE, {"id_": line.id, "ordinal_": ordinal})
            line = replace(line, ordinal=ordinal)
        if like.keys:
            register_join.warn(connection, line, like, at)
        return _numbered(connection, verdict, _brought_up_to_date(connection, line, verdict, snapshot, at))
    if books.numbering is Numbering.OFF or not is_entered(verdict):
        return verdict
    before, line = line, _joined(connection, like.one, row, ordinal, verdict, snapshot, at)
    if before is not None and line is not None:
        connection.execute(_PLACE, {"id_": before.id, "ordinal_": None})  # its number stays, void
    if line is None:
        note = None if is_restricted(verdict) else register_join.likeness_note(like)
        line = new_line(connection, row, ordinal, verdict, snapshot, books, at, unit, note)
        if like.keys:
            register_join.warn(connection, line, like, at)
    return _numbered(connection, verdict, line)


def is_entered(verdict: DocumentVerdict) -> bool:
    """True for what belongs in a book: accepted, and neither a repetition nor a part of another document."""
    return verdict.verdict.kind is VerdictKind.ACCEPT and verdict.duplicate_of is None and verdict.filed_with is None


def drop_vanished(
    connection: Connection, submission_id: str, verdicts: Sequence[DocumentVerdict], at: datetime
) -> None:
    """Lines of documents that a decision made again does not know any more are void, and leave their place.

    A paper's line goes on without the document.
    """
    known = {(verdict.main_sha256, verdict.first_page) for verdict in verdicts}
    for line in lines_of(connection, submission_id):
        if (line.main_sha256, line.first_page) in known:
            continue
        if line.medium is Medium.PAPER and not line.void:
            register_join.let_go(connection, line, Told(SYSTEM, GONE, at))
            continue
        if line.ordinal is not None:
            connection.execute(_PLACE, {"id_": line.id, "ordinal_": None})
        if not line.void:
            void(connection, line, GONE, Told(SYSTEM, GONE, at))


def amend(
    connection: Connection,
    submission_id: str,
    verdicts: Iterable[DocumentVerdict],
    snapshot: Snapshot,
    at: datetime,
) -> tuple[DocumentVerdict, ...]:
    """The lines say what the documents say after a correction; numbers and voids stay as they are.

    What comes back no longer carries the number of a line that a person made void since.
    """
    return tuple(_amended(connection, submission_id, verdict, snapshot, at) for verdict in verdicts)


def lock_away(connection: Connection, submission_id: str, at: datetime) -> None:
    """Quarantine: the numbers stay, void; names, subjects and words leave the lines, their history and the index."""
    left = register_join.unsay(connection, submission_id)
    lines = lines_of(connection, submission_id)
    for line in lines:
        hide(connection, line)
        if line.void:
            set_void(connection, line.id, LOCKED, line.voided_at)
        else:
            void(connection, replace(line, restricted=True), LOCKED, Told(SYSTEM, LOCKED, at))
    if lines or left:
        register_index.purge(connection)


def lines_of(connection: Connection, submission_id: str) -> list[Line]:
    """A submission's lines, in the order in which they were entered."""
    return [to_line(row) for row in connection.execute(_OF_SUBMISSION, {"id_": submission_id})]


def _line_of(connection: Connection, submission_id: str, verdict: DocumentVerdict) -> Line | None:
    """The one that counts, where it left a void one for that of its paper."""
    here = (verdict.main_sha256, verdict.first_page)
    lines = (line for line in lines_of(connection, submission_id) if (line.main_sha256, line.first_page) == here)
    return min(lines, key=lambda line: line.void, default=None)


def _is_new(connection: Connection, line: Line | None, verdict: DocumentVerdict) -> bool:
    """True for what has no line yet, or comes back to one that its refusal made void: paper may have come since."""
    return is_entered(verdict) and (line is None or (line.void and voided_by_us(connection, line)))


def _amended(
    connection: Connection, submission_id: str, verdict: DocumentVerdict, snapshot: Snapshot, at: datetime
) -> DocumentVerdict:
    hush(connection, submission_id, verdict, Told(SYSTEM, RESTRICTED, at))
    line = _line_of(connection, submission_id, verdict)
    if line is None:
        return verdict
    if not line.void:
        if register_join.is_unlike(line, verdict, snapshot):
            register_join.tell_unlike(connection, line, at)
        _rewrite(connection, line, verdict, snapshot, at, AGAIN)
        return verdict
    return verdict if voided_by_us(connection, line) else replace(verdict, register=None)


def _joined(
    connection: Connection,
    paper: Line | None,
    row: SubmissionRow,
    ordinal: int,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    at: datetime,
) -> Line | None:
    """The paper's line with the document in it; None when it has none that is its own beyond doubt."""
    line = register_join.take(connection, paper, row, ordinal, verdict) if paper is not None else None
    if line is None:
        return None
    line = _rewrite(connection, line, verdict, snapshot, at, register_join.joined_words(row))
    register_join.tell_joined(connection, line, row, at)
    return line


def _brought_up_to_date(
    connection: Connection, line: Line, verdict: DocumentVerdict, snapshot: Snapshot, at: datetime
) -> Line | None:
    """The line as it is now; None when it is that of paper, and the document left it."""
    kind = verdict.verdict.kind
    if kind is VerdictKind.QUARANTINE:
        return line  # `lock_away` follows
    if kind is VerdictKind.REJECT or (kind is VerdictKind.ACCEPT and not is_entered(verdict)):
        if line.void:
            return line
        if is_restricted(verdict) and not line.restricted:
            line = restrict(connection, line, Told(SYSTEM, RESTRICTED, at))
        told = Told(SYSTEM, why_void(verdict), at)
        if line.medium is Medium.PAPER:
            register_join.let_go(connection, line, told)
            return None
        void(connection, line, told.why, told)
        return replace(line, voided_at=at, void_reason=told.why)
    if line.void and is_entered(verdict) and voided_by_us(connection, line):
        set_void(connection, line.id, None, None)
        words = "Văn bản được tiếp nhận lại"
        keep_change(connection, line.id, Change("voided", line.void_reason, None, SYSTEM, words, at))
        record(connection, at, "register-restored", line.submission, f"{line.name}: accepted after all")
        line = replace(line, voided_at=None, void_reason=None)
    return _rewrite(connection, line, verdict, snapshot, at, AGAIN)


def _rewrite(
    connection: Connection, line: Line, verdict: DocumentVerdict, snapshot: Snapshot, at: datetime, why: str
) -> Line:
    """Fields that a person typed into the line itself stay, unless the document was corrected too."""
    restricted = is_restricted(verdict)
    typed = register_join.typed_in(connection, line)
    if restricted and not line.restricted:
        line = restrict(connection, line, Told(SYSTEM, RESTRICTED, at))
        typed = frozenset()  # nothing that was typed is left
    elif line.restricted and not restricted:
        keep_change(connection, line.id, Change("restricted", None, None, SYSTEM, "Không còn là văn bản hạn chế", at))
    corrected = {each.field: each for each in verdict.corrections}
    values = values_of(verdict, snapshot, outgoing=line.direction is Direction.OUTGOING)
    told = {}
    for name in values:
        correction = corrected.get(CORRECTED[name]) if name in CORRECTED else None
        if correction is not None:
            told[name] = Told(correction.who, correction.why, at)
        elif name not in typed:
            told[name] = Told(SYSTEM, why, at)
    values = {name: value for name, value in values.items() if name in told}
    return rewrite(connection, line, values, told, restricted=restricted)


def _numbered(connection: Connection, verdict: DocumentVerdict, line: Line | None) -> DocumentVerdict:
    """With the number of its line; nobody is told one that a person made void."""
    if line is None or line.arrival_number is None or (line.void and not voided_by_us(connection, line)):
        return replace(verdict, register=None)
    return replace(verdict, register=RegisterNumber(line.book, line.year, line.arrival_number, line.registered_on))


_PLACE = update(register_entries).where(register_entries.c.id == bindparam("id_")).values(ordinal=bindparam("ordinal_"))
_OF_SUBMISSION = (
    select(register_entries).where(register_entries.c.submission_id == bindparam("id_")).order_by(register_entries.c.id)
)
