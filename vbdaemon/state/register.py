"""The register: what a decision enters, changes, makes void or blanks, in the transaction that commits the decision.

A line is never deleted and a number never given twice. Whatever changes in a line is kept beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from vbdaemon.clock import VIETNAM
from vbdaemon.model import DocumentVerdict, RegisterNumber, Snapshot, VerdictKind
from vbdaemon.model.register import Books, Direction, Medium, Numbering
from vbdaemon.state import register_index
from vbdaemon.state.events import record
from vbdaemon.state.records import SubmissionRow
from vbdaemon.state.register_line import SYSTEM, Change, Line, keep_change, to_line
from vbdaemon.state.register_numbers import number_in
from vbdaemon.state.register_update import Told, hide, rewrite, set_void, void
from vbdaemon.state.register_values import CORRECTED, is_restricted, values_of
from vbdaemon.state.register_words import Findable
from vbdaemon.state.tables_register import register_changes, register_entries

GONE = "Văn bản không còn trong lần gửi sau khi xem xét lại"
LOCKED = "Cách ly"
"""Why a quarantined document's line is void; nothing else of it stays."""


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

    What comes back carries the arrival number as `register`, when there is one. `unit` is who handed in. The year and
    the day turn at midnight in Vietnam.
    """
    line = _line_of(connection, row.id, verdict)
    if line is not None:
        if line.ordinal != ordinal:
            connection.execute(_PLACE, {"id_": line.id, "ordinal_": ordinal})
        _bring_up_to_date(connection, line, verdict, snapshot, at)
        return _numbered(verdict, line)
    if books.numbering is Numbering.OFF or not is_entered(verdict):
        return verdict
    return _numbered(verdict, _new_line(connection, row, ordinal, verdict, snapshot, books, at, unit))


def is_entered(verdict: DocumentVerdict) -> bool:
    """True for what belongs in a book: accepted, and neither a repetition nor a part of another document."""
    return verdict.verdict.kind is VerdictKind.ACCEPT and verdict.duplicate_of is None and verdict.filed_with is None


def drop_vanished(
    connection: Connection, submission_id: str, verdicts: Sequence[DocumentVerdict], at: datetime
) -> None:
    """Lines of documents that a decision made again does not know any more are void, and leave their place."""
    known = {(verdict.main_sha256, verdict.first_page) for verdict in verdicts}
    for line in lines_of(connection, submission_id):
        if (line.main_sha256, line.first_page) in known:
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
) -> None:
    """The lines say what the documents say after a correction; numbers and voids stay as they are."""
    for verdict in verdicts:
        line = _line_of(connection, submission_id, verdict)
        if line is not None and not line.void:
            _rewrite(connection, line, verdict, snapshot, at)


def lock_away(connection: Connection, submission_id: str, at: datetime) -> None:
    """Quarantine: the numbers stay, void; names, subjects and words leave the lines, their history and the index."""
    lines = lines_of(connection, submission_id)
    for line in lines:
        hide(connection, line)
        if line.void:
            set_void(connection, line.id, LOCKED, line.voided_at)
        else:
            void(connection, replace(line, restricted=True), LOCKED, Told(SYSTEM, LOCKED, at))
    if lines:
        register_index.purge(connection)


def lines_of(connection: Connection, submission_id: str) -> list[Line]:
    """A submission's lines, in the order in which they were entered."""
    return [to_line(row) for row in connection.execute(_OF_SUBMISSION, {"id_": submission_id})]


def _line_of(connection: Connection, submission_id: str, verdict: DocumentVerdict) -> Line | None:
    lines = lines_of(connection, submission_id)
    here = (verdict.main_sha256, verdict.first_page)
    return next((line for line in lines if (line.main_sha256, line.first_page) == here), None)


def _bring_up_to_date(
    connection: Connection, line: Line, verdict: DocumentVerdict, snapshot: Snapshot, at: datetime
) -> None:
    kind = verdict.verdict.kind
    if kind is VerdictKind.QUARANTINE:
        return  # `lock_away` follows
    if kind is VerdictKind.REJECT or (kind is VerdictKind.ACCEPT and not is_entered(verdict)):
        if not line.void:
            reason = _why_void(verdict)
            void(connection, line, reason, Told(SYSTEM, reason, at))
        return
    if line.void and is_entered(verdict) and _voided_by_us(connection, line):
        set_void(connection, line.id, None, None)
        words = "Văn bản được tiếp nhận lại"
        keep_change(connection, line.id, Change("voided", line.void_reason, None, SYSTEM, words, at))
        record(connection, at, "register-restored", line.submission, f"{line.name}: accepted after all")
    _rewrite(connection, line, verdict, snapshot, at)


def _rewrite(connection: Connection, line: Line, verdict: DocumentVerdict, snapshot: Snapshot, at: datetime) -> None:
    """Fields that a person typed into the line itself stay, unless the document was corrected too."""
    restricted = is_restricted(verdict)
    if restricted and not line.restricted:
        line = hide(connection, line)
        keep_change(connection, line.id, Change("restricted", None, None, SYSTEM, "Văn bản hạn chế", at))
    corrected = {each.field: each for each in verdict.corrections}
    typed = set(connection.scalars(_TYPED, {"id_": line.id}))
    values = values_of(verdict, snapshot, outgoing=line.direction is Direction.OUTGOING)
    told = {}
    for name in values:
        correction = corrected.get(CORRECTED[name]) if name in CORRECTED else None
        if correction is not None:
            told[name] = Told(correction.who, correction.why, at)
        elif name not in typed:
            told[name] = Told(SYSTEM, "Quyết định lại", at)
    values = {name: value for name, value in values.items() if name in told}
    rewrite(connection, line, values, told, restricted=restricted)


def _new_line(
    connection: Connection,
    row: SubmissionRow,
    ordinal: int,
    verdict: DocumentVerdict,
    snapshot: Snapshot,
    books: Books,
    at: datetime,
    unit: str | None,
) -> Line:
    kind = verdict.classification
    issuer = kind.issuer_unit if kind else None
    outgoing = issuer is not None and issuer == snapshot.office.unit
    direction = Direction.OUTGOING if outgoing else Direction.INCOMING
    book = books.book_for(direction, kind.form.value if kind and kind.form else None, issuer)
    today = at.astimezone(VIETNAM).date()
    own = direction is Direction.INCOMING and books.numbering is Numbering.OWN
    values = values_of(verdict, snapshot, outgoing=outgoing)
    columns = {
        **values,
        "direction": direction,
        "book": book.name,
        "year": year_of(direction, today, values["issued_on"]),
        "arrival_number": number_in(connection, book, today.year) if own else None,
        "registered_on": today,
        "arrived_at": row.received_at,
        "medium": Medium.ELECTRONIC,
        "submission_id": row.id,
        "ordinal": ordinal,
        "main_sha256": verdict.main_sha256,
        "first_page": verdict.first_page,
        "sender_unit": unit,
        "restricted": is_restricted(verdict),
    }
    return add(connection, columns)


def year_of(direction: Direction, today: date, issued_on: object) -> int:
    """The year of a line: of its arrival; of an outgoing one that of its own number, unless it was read wrongly."""
    if direction is Direction.OUTGOING and isinstance(issued_on, date) and today.year - issued_on.year in (0, 1):
        return issued_on.year
    return today.year


def add(connection: Connection, given: Mapping[str, object]) -> Line:
    """Write a line, and make it findable unless it is restricted."""
    columns = {**_EMPTY, **given}
    entry: int = connection.execute(_ADD, columns).scalar_one()
    submission = columns.pop("submission_id")
    line = Line(id=entry, submission=submission, **columns)  # type: ignore[arg-type]  # the columns are its fields
    findable: Findable | None = line.findable()
    if findable is not None:
        register_index.put(connection, entry, findable.tokens())
    return line


def _numbered(verdict: DocumentVerdict, line: Line) -> DocumentVerdict:
    if line.arrival_number is None:
        return replace(verdict, register=None)
    return replace(verdict, register=RegisterNumber(line.book, line.year, line.arrival_number, line.registered_on))


def _why_void(verdict: DocumentVerdict) -> str:
    if verdict.duplicate_of is not None:
        return "Trùng với văn bản đã đăng ký"
    if verdict.filed_with is not None:
        return "Đã xếp cùng văn bản khác"
    reasons = "; ".join(reason.message for reason in verdict.verdict.reasons)
    kind = verdict.verdict.kind.vietnamese
    return (kind if is_restricted(verdict) or not reasons else f"{kind}: {reasons}")[:500]


def _voided_by_us(connection: Connection, line: Line) -> bool:
    """A line that a person made void stays so."""
    return connection.scalar(_LAST_VOID, {"id_": line.id}) in (None, SYSTEM)


_EMPTY: dict[str, object] = {column.name: None for column in register_entries.c if column.name != "id"}
_ADD = insert(register_entries).returning(register_entries.c.id)
_PLACE = update(register_entries).where(register_entries.c.id == bindparam("id_")).values(ordinal=bindparam("ordinal_"))
_OF_SUBMISSION = (
    select(register_entries).where(register_entries.c.submission_id == bindparam("id_")).order_by(register_entries.c.id)
)
_TYPED = (
    select(register_changes.c.field)
    .where(register_changes.c.entry_id == bindparam("id_"), register_changes.c.who != SYSTEM)
    .distinct()
)
_LAST_VOID = (
    select(register_changes.c.who)
    .where(register_changes.c.entry_id == bindparam("id_"), register_changes.c.field == "voided")
    .order_by(register_changes.c.id.desc())
    .limit(1)
)
