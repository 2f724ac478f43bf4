"""The books on paper: the ten columns of NĐ 30/2020/NĐ-CP, Appendix IV; a year of them, or an extract of some days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from vbdaemon.errors import ConfigurationError
from vbdaemon.model import Form, Office
from vbdaemon.model.register import Book, Direction
from vbdaemon.report.output import MOST_ROWS_ON_PAGES, OutputForm
from vbdaemon.report.period import Period, PeriodKind
from vbdaemon.report.sheet import Align, Cell, Column, Report, Section
from vbdaemon.report.words import day_words
from vbdaemon.state import register_search
from vbdaemon.state.connection import Connection
from vbdaemon.state.register_line import RESTRICTED, Line

INCOMING = (
    Column("Ngày đến", 8, Align.CENTER, number="(1)"),
    Column("Số đến", 6, Align.CENTER, grouped=False, number="(2)"),
    Column("Tác giả", 14, number="(3)"),
    Column("Số, ký hiệu văn bản", 11, number="(4)"),
    Column("Ngày tháng văn bản", 8, Align.CENTER, number="(5)"),
    Column("Tên loại và trích yếu nội dung văn bản", 28, number="(6)"),
    Column("Đơn vị hoặc người nhận", 14, number="(7)"),
    Column("Ngày chuyển", 8, Align.CENTER, number="(8)"),
    Column("Ký nhận", 7, Align.CENTER, number="(9)"),
    Column("Ghi chú", 12, number="(10)"),
)
"""Appendix IV, the register of incoming documents."""
OUTGOING = (
    Column("Số, ký hiệu văn bản", 11, number="(1)"),
    Column("Ngày tháng văn bản", 8, Align.CENTER, number="(2)"),
    Column("Tên loại và trích yếu nội dung văn bản", 28, number="(3)"),
    Column("Người ký", 11, number="(4)"),
    Column("Nơi nhận văn bản", 17, number="(5)"),
    Column("Đơn vị, người nhận bản lưu", 11, number="(6)"),
    Column("Số lượng bản", 6, Align.CENTER, grouped=False, number="(7)"),
    Column("Ngày chuyển", 8, Align.CENTER, number="(8)"),
    Column("Ký nhận", 7, Align.CENTER, number="(9)"),
    Column("Ghi chú", 12, number="(10)"),
)
"""Appendix IV, the register of outgoing documents."""
VOID = "HỦY"
VOLUMES = {OutputForm.PDF: 5000, OutputForm.HTML: MOST_ROWS_ON_PAGES}
"""Lines of a file; a longer year is printed in several, as books on paper are."""


@dataclass(frozen=True, slots=True)
class BookYear:
    """One year of a book, with what its lines do not say themselves."""

    book: Book
    year: int
    lines: Sequence[Line]
    transfers: Mapping[tuple[str, int], date]
    """When each document (submission, ordinal) was forwarded."""
    volume: int | None = None
    """Quyển số, from 1, of a year that is printed in several."""
    days: Period | None = None
    """An extract: the lines of these days; None = the whole year."""

    def volumes(self, most: int) -> tuple["BookYear", ...]:
        """The same in volumes of at most so many lines; itself when it is short enough."""
        if len(self.lines) <= most:
            return (self,)
        starts = range(0, len(self.lines), most)
        return tuple(replace(self, lines=self.lines[n : n + most], volume=v) for v, n in enumerate(starts, start=1))


def volumes_for(of: BookYear, form: OutputForm) -> tuple[BookYear, ...]:
    """As many as this form wants: a book on paper has an end, and so has what a browser opens."""
    return of.volumes(VOLUMES.get(form, max(1, len(of.lines))))


def read_book(connection: Connection, book: Book, period: Period) -> BookYear:
    """The lines of a year, or of a shorter period within one; ConfigurationError for a period of two years."""
    year = period.since.year
    if period.until.year != year:
        raise ConfigurationError(f"a book is of one year: {period.slug} reaches into {period.until.year}")
    whole = period.kind is PeriodKind.YEAR
    days = None if whole else (period.since, period.until)
    lines = tuple(register_search.whole_book(connection, book.name, year, days))
    moved = register_search.transfers(connection, book.name, year, days)
    return BookYear(book, year, lines, moved, days=None if whole else period)


def book_report(of: BookYear, office: Office, forms: Iterable[Form], made_at: datetime) -> Report:
    """All lines, in the order of the book; void lines stay in it, marked."""
    names = {form.slug: form.name for form in forms}
    incoming = of.book.direction is Direction.INCOMING
    row = _incoming if incoming else _outgoing
    direction = "đến" if incoming else "đi"
    notes = tuple(_notes(of))
    return Report(
        name="_".join(_stem(of)),
        title=of.book.title or f"Sổ đăng ký văn bản {direction}".upper(),
        subtitle=_subtitle(of),
        office=office.name,
        parent=office.parent,
        made_at=made_at,
        sections=(
            Section(
                "",
                INCOMING if incoming else OUTGOING,
                tuple(row(line, names, of.transfers) for line in of.lines),
                notes,
            ),
        ),
        landscape=True,
    )


def book_stem(book: str, direction: Direction, slug: str) -> str:
    """What the names of files begin with: "so-van-ban-den_den_2026-03"."""
    return f"so-van-ban-{'den' if direction is Direction.INCOMING else 'di'}_{book}_{slug}"


def _stem(of: BookYear) -> Iterable[str]:
    yield book_stem(of.book.name, of.book.direction, of.days.slug if of.days else str(of.year))
    if of.volume is not None:
        yield f"quyen-{of.volume}"


def _subtitle(of: BookYear) -> str:
    words = [f"Trích {_lowered(of.days.words)}" if of.days else f"Năm {of.year}", f"sổ {of.book.name}"]
    if of.volume is not None:
        words.append(f"quyển số {of.volume}")
    numbers = [line.arrival_number for line in of.lines if line.arrival_number is not None]
    if numbers:
        words.append(f"từ số {min(numbers)} đến số {max(numbers)}")
    days = [line.registered_on for line in of.lines]
    if days and not of.days:
        words.append(f"từ ngày {day_words(min(days))} đến ngày {day_words(max(days))}")
    return ", ".join(words)


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _notes(of: BookYear) -> Iterable[str]:
    void = sum(line.void for line in of.lines)
    lacking = sum(bool(line.missing) for line in of.lines)
    yield f"Tổng số: {len(of.lines)} dòng, trong đó {void} dòng đã hủy (số vẫn giữ, không cấp lại)."
    if lacking:
        yield f"Cần bổ sung thông tin: {lacking} dòng."


def _incoming(line: Line, names: Mapping[str, str], transfers: Mapping[tuple[str, int], date]) -> tuple[Cell, ...]:
    return (
        line.registered_on,
        line.arrival_number,
        line.issuer,
        _designation(line),
        line.issued_on,
        _content(line, names),
        line.receiver,
        _transferred(line, transfers),
        None,
        _note(line),
    )


def _outgoing(line: Line, names: Mapping[str, str], transfers: Mapping[tuple[str, int], date]) -> tuple[Cell, ...]:
    return (
        _designation(line),
        line.issued_on,
        _content(line, names),
        line.signer,
        line.recipients,
        line.kept_by,
        line.copies,
        _transferred(line, transfers),
        None,
        _note(line),
    )


def _designation(line: Line) -> str:
    """What is not known of it stays open, as in print."""
    return line.designation if line.number or not line.symbol else f"…/{line.symbol}"


def _content(line: Line, names: Mapping[str, str]) -> str:
    """Form and subject; of a complaint or denunciation its form alone."""
    form = names.get(line.form or "", line.form or "")
    if line.restricted:
        return f"{form} ({RESTRICTED})".strip() if not line.void else form
    subject = line.subject or ""
    if form and subject.startswith("Về việc "):  # below the form it begins a line; here it goes on in one
        subject = _lowered(subject)
    return " ".join(part for part in (form, subject) if part)


def _transferred(line: Line, transfers: Mapping[tuple[str, int], date]) -> date | None:
    if line.transferred_on is not None or line.submission is None or line.ordinal is None:
        return line.transferred_on
    return transfers.get((line.submission, line.ordinal))


def _note(line: Line) -> str | None:
    words = []
    if line.void:
        words.append(f"{VOID}: {line.void_reason or ''}".rstrip(": "))
    if line.medium == "paper" and line.direction is Direction.INCOMING:
        words.append("Bản giấy" if line.submission is None else "Bản giấy và bản điện tử")
    if line.missing:
        words.append("Cần bổ sung")
    if line.note:
        words.append(line.note)
    return "; ".join(words) or None
