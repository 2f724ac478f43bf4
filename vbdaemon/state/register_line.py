"""Lines of the register as values, and what was changed in them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert

from vbdaemon.model.register import Direction, Medium
from vbdaemon.state.register_words import Findable
from vbdaemon.state.tables_register import register_changes

SYSTEM = "vbdaemon (tự động)"
"""Who changed a line when no person did: a decision that was made again."""
RESTRICTED = "hạn chế"
"""What the book says instead of the subject of a complaint or denunciation."""
Value = str | int | date | bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a book."""

    id: int
    direction: Direction
    book: str
    year: int
    arrival_number: int | None
    """Số đến; None: outgoing, or numbered elsewhere and not told yet."""
    registered_on: date
    """In Vietnam."""
    arrived_at: datetime
    medium: Medium
    submission: str | None
    """None: paper, of which no electronic document came."""
    ordinal: int | None
    """Which document of the submission, from 0."""
    main_sha256: str | None
    first_page: int | None
    form: str | None
    """Slug."""
    number: str | None
    symbol: str | None
    issued_on: date | None
    issuer: str | None
    issuer_unit: str | None
    sender_unit: str | None
    subject: str | None
    signer: str | None
    signer_title: str | None
    pages: int | None
    copies: int | None
    language: str | None
    urgency: str | None
    due_on: date | None
    receiver: str | None
    transferred_on: date | None
    recipients: str | None
    """Outgoing: Nơi nhận."""
    kept_by: str | None
    """Outgoing: unit or person that keeps the file copy (bản lưu)."""
    file_code: str | None
    """Số và ký hiệu hồ sơ."""
    note: str | None
    restricted: bool
    voided_at: datetime | None
    void_reason: str | None

    @property
    def name(self) -> str:
        """How people name it: "den/2026/15", or "den/2026/-" while it has no arrival number."""
        return f"{self.book}/{self.year}/{'-' if self.arrival_number is None else self.arrival_number}"

    @property
    def designation(self) -> str:
        """Number and symbol, "15/QĐ-UBND", as far as they are known."""
        return f"{self.number or ''}/{self.symbol}" if self.symbol else (self.number or "")

    @property
    def void(self) -> bool:
        """True when the number stays and the line counts for nothing."""
        return self.voided_at is not None

    @property
    def key(self) -> str:
        """What commands take: "den/2026/15", or "@17" for line 17 while it has no arrival number."""
        return f"@{self.id}" if self.arrival_number is None else self.name

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields that a person still has to type in (cần bổ sung); none for a void line."""
        if self.void:
            return ()
        wanted = () if self.restricted else ("form", "number", "symbol", "issued_on", "issuer", "subject")
        numbered = ("arrival_number",) if self.direction is Direction.INCOMING else ()
        return tuple(name for name in (*numbered, *wanted) if getattr(self, name) is None)

    def findable(self) -> Findable | None:
        """What it is found by; None when it must not be found by its words."""
        if self.restricted:
            return None
        return Findable(
            self.book, self.year, self.registered_on, self.arrival_number, self.form, self.number, self.symbol,
            self.issued_on, self.issuer, self.subject, self.signer,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed in a line, by whom and why; both texts are empty where they may not be kept."""

    field: str
    before: str | None
    after: str | None
    who: str
    why: str
    at: datetime


def to_line(row: Row[Any]) -> Line:
    """A database row as a value."""
    names = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to a row's names
    return Line(
        id=row.id,
        direction=Direction(row.direction),
        medium=Medium(row.medium),
        submission=row.submission_id,
        **{name: names[name] for name in _PLAIN},
    )


def keep_change(connection: Connection, entry: int, change: Change) -> None:
    """Write down that a line was changed."""
    connection.execute(
        _ADD_CHANGE,
        {
            "entry_id": entry,
            "field": change.field,
            "before": change.before,
            "after": change.after,
            "who": change.who,
            "why": change.why,
            "at": change.at,
        },
    )


def shown(value: Value) -> str | None:
    """A value as the history keeps it."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


_OTHERWISE = {"id", "direction", "medium", "submission"}
_PLAIN = tuple(name for name in Line.__slots__ if name not in _OTHERWISE)
_ADD_CHANGE = insert(register_changes)
