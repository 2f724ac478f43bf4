"""Papers that have to follow an electronic document: which are due, overdue, have come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vbdaemon.clock import VIETNAM
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.period import Period
from vbdaemon.report.sheet import Align, Bar, Cell, Chart, Column, Light, Report, Section
from vbdaemon.report.words import number_words
from vbdaemon.state import papers
from vbdaemon.state.connection import Connection
from vbdaemon.state.papers import PaperRow, PaperState, PaperTotal
from vbdaemon.state.statistics import Scope

TITLE = "Báo cáo tình hình gửi bản giấy kèm văn bản điện tử"
NOTES = ("Bản giấy của văn bản thuộc danh mục gửi điện tử và giấy; hạn tính theo ngày làm việc từ khi tiếp nhận.",)
_LIST = (
    Column("Stt", 4, Align.RIGHT),
    Column("Đơn vị gửi", 24),
    Column("Số, ký hiệu", 14),
    Column("Ngày văn bản", 10, Align.CENTER),
    Column("Số đến", 9, Align.CENTER),
    Column("Mã tra cứu", 14),
    Column("Hạn", 10, Align.CENTER),
    Column("Quá hạn (ngày)", 7, Align.RIGHT),
    Column("Đã nhắc (lần)", 7, Align.RIGHT),
)
MOST_SETTLED = 1000
"""Of each kind; more are not leafed through, and the command that lists them is told."""
SETTLED = {PaperState.RECEIVED: "Đã nhận", PaperState.WAIVED: "Không phải gửi"}


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything the report is made of."""

    totals: Sequence[PaperTotal]
    """Of papers that were due within the period."""
    awaited: Sequence[PaperRow]
    """All that is awaited now, whenever it is due."""
    settled: Sequence[PaperRow] = ()
    """What was due within the period and came, or need not come: the first of them."""


def gather(connection: Connection, scope: Scope, today: date) -> Papers:
    """What the state knows; a scope's form does not count."""
    totals = papers.counted(connection, scope.since, scope.until, today)
    awaited = papers.listed(connection, state=PaperState.DUE, unit=scope.unit)
    days = scope.since, scope.until
    settled = [
        row
        for state in SETTLED
        for row in papers.listed(connection, state=state, due=days, unit=scope.unit, limit=MOST_SETTLED)
    ]
    return Papers([each for each in totals if scope.unit in (None, each.unit)], awaited, settled)


def paper(found: Papers, head: Letterhead, period: Period, today: date, *, about: str = "") -> Report:
    """The report: totals by unit, then every paper that is overdue, then those that are due."""
    overdue = [row for row in found.awaited if row.is_overdue(today)]
    due = [row for row in found.awaited if not row.is_overdue(today)]
    sections = (
        _totals(found.totals, head),
        _listed("II. Bản giấy quá hạn, chưa nhận được", overdue, head, today),
        _listed("III. Bản giấy còn trong hạn, chưa nhận được", due, head, today),
        _settled(found, head),
    )
    return head.report("ban-giay", TITLE, period, sections, about=about, notes=NOTES, landscape=True)


def _totals(totals: Sequence[PaperTotal], head: Letterhead) -> Section:
    by_code = {each.unit: each for each in totals}
    units = head.by_unit(by_code)
    rows: list[tuple[Cell, ...]] = [
        (number, head.unit(code), *_numbers(by_code[code])) for number, code in enumerate(units, start=1)
    ]
    lights = tuple((row, 5, Light.RED) for row, code in enumerate(units) if by_code[code].overdue)
    if rows:
        sums = (sum(column) for column in zip(*(_numbers(each) for each in totals), strict=True))
        rows.append((None, "Tổng cộng", *sums))
    columns = (
        Column("Stt", 4, Align.RIGHT),
        Column("Đơn vị gửi", 32),
        *(Column(title, 9, Align.RIGHT) for title in ("Đến hạn trong kỳ", "Đã nhận", "Không phải gửi", "Quá hạn")),
    )
    bars = tuple(Bar(head.unit(code), by_code[code].overdue, Light.RED) for code in units if by_code[code].overdue)
    chart = Chart("Số bản giấy quá hạn theo đơn vị", bars) if len(bars) > 1 else None
    return Section(
        "I. Bản giấy đến hạn trong kỳ, theo đơn vị", columns, tuple(rows), chart=chart, lights=lights, total=bool(rows)
    )


def _numbers(each: PaperTotal) -> tuple[int, int, int, int]:
    return each.expected, each.received, each.waived, each.overdue


def _listed(heading: str, rows: Sequence[PaperRow], head: Letterhead, today: date) -> Section:
    return Section(heading, _LIST, tuple(_row(number, row, head, today) for number, row in enumerate(rows, start=1)))


def _settled(found: Papers, head: Letterhead) -> Section:
    """With what of sections II and III was due within the period these are the numbers of section I."""
    rows = tuple(
        (*_row(number, row, head, row.due_on)[:7], SETTLED[row.state], _came(row))
        for number, row in enumerate(found.settled, start=1)
    )
    more = sum(each.received + each.waived for each in found.totals) - len(rows)
    notes = (f"Còn {number_words(more)} bản giấy không ghi ở đây; xem bằng lệnh: vbdaemon paper list --state …",)
    columns = (*_LIST[:7], Column("Tình trạng", 10), Column("Ngày", 10, Align.CENTER))
    return Section("IV. Bản giấy đến hạn trong kỳ: đã nhận, không phải gửi", columns, rows, notes if more > 0 else ())


def _came(row: PaperRow) -> date | None:
    return row.received_at.astimezone(VIETNAM).date() if row.received_at else None


def _row(number: int, row: PaperRow, head: Letterhead, today: date) -> tuple[Cell, ...]:
    row, late = row.shown, (today - row.due_on).days if row.is_overdue(today) else None
    return (
        number,
        head.unit(row.unit),
        row.designation,
        row.issued_on,
        row.arrival,
        row.submission,
        row.due_on,
        late,
        row.reminders or None,
    )
