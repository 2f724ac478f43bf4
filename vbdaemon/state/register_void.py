"""Why a line is void, and who made it so: what a decision made void another one lets count again, people's stays."""

from sqlalchemy import Connection, bindparam, select

from vbdaemon.model import DocumentVerdict
from vbdaemon.state.register_line import SYSTEM, Line, to_line
from vbdaemon.state.register_update import Told, restrict
from vbdaemon.state.register_values import is_restricted
from vbdaemon.state.tables_register import register_changes, register_entries


def why_void(verdict: DocumentVerdict) -> str:
    """Why the line of a document that is not accepted, or not for itself, counts for nothing."""
    if verdict.duplicate_of is not None:
        return "Trùng với văn bản đã đăng ký"
    if verdict.filed_with is not None:
        return "Đã xếp cùng văn bản khác"
    reasons = "; ".join(reason.message for reason in verdict.verdict.reasons)
    kind = verdict.verdict.kind.vietnamese
    return (kind if is_restricted(verdict) or not reasons else f"{kind}: {reasons}")[:500]


def hush(connection: Connection, submission_id: str, verdict: DocumentVerdict, told: Told) -> None:
    """Void lines of what turns out to be a complaint or denunciation keep no words either."""
    if is_restricted(verdict):
        here = {"id_": submission_id, "main_": verdict.main_sha256, "page_": verdict.first_page}
        for row in connection.execute(_VOID, here).all():
            restrict(connection, to_line(row), told)


def voided_by_us(connection: Connection, line: Line) -> bool:
    """False for a line that a person made void: it stays so."""
    return connection.scalar(_LAST_VOID, {"id_": line.id}) in (None, SYSTEM)


_VOID = select(register_entries).where(
    register_entries.c.submission_id == bindparam("id_"),
    register_entries.c.main_sha256 == bindparam("main_"),
    register_entries.c.first_page == bindparam("page_"),
    register_entries.c.voided_at.is_not(None),
    ~register_entries.c.restricted,
)
_LAST_VOID = (
    select(register_changes.c.who)
    .where(register_changes.c.entry_id == bindparam("id_"), register_changes.c.field == "voided")
    .order_by(register_changes.c.id.desc())
    .limit(1)
)
