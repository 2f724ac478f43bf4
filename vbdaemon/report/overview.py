"""What came in and what became of it, by unit, form and reason: the report of a day, month, quarter or year."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.period import Period
from vbdaemon.report.reasons import reason_sections
from vbdaemon.report.sheet import Align, Bar, Cell, Chart, Column, Report, Section
from vbdaemon.report.targets import Targets, share
from vbdaemon.report.trend import trend_section
from vbdaemon.report.words import duration_words
from vbdaemon.state import papers, statistics
from vbdaemon.state.connection import Connection
from vbdaemon.state.papers import PaperTotal
from vbdaemon.state.statistics import Dimension, Figures, Scope, Tally, Times
from vbdaemon.state.statistics_open import undecided

TITLE = "Báo cáo tình hình gửi, nhận văn bản điện tử"
LOCKED = "Bị cách ly"
BARS = 15
"""Units that a chart shows: those with most documents."""
_NUMBERS = (
    ("Nhận được", 7),
    ("Tiếp nhận", 7),
    ("Từ chối", 6),
    ("Trả lại dự thảo", 7),
    ("Chờ xem xét", 6),
    ("Cách ly", 6),
    ("Gửi trùng, bổ sung", 7),
    ("Thiếu tệp soạn thảo", 7),
    ("Lỗi thể thức", 6),
    ("Phải gửi bản giấy", 7),
)
_TIMES = (
    Column("Thời gian trung vị", 8, Align.RIGHT, duration=True),
    Column("Thời gian 95%", 8, Align.RIGHT, duration=True),
)
NOTES = (
    (
        "Nhận được = tiếp nhận + từ chối + trả lại dự thảo + chờ xem xét + cách ly; văn bản gửi trùng hoặc tệp bổ sung "
        "cho văn bản đã tiếp nhận được đếm riêng."
    ),
    (
        "Thời gian tính từ khi nhận đến khi có kết quả tiếp nhận, từ chối hoặc trả lại: một nửa số văn bản không lâu "
        "hơn trung vị, 95% số văn bản không lâu hơn cột 95%."
    ),
    "Văn bản bị cách ly chỉ được đếm, không ghi đơn vị, hình thức, lý do; nằm ở dòng “Bị cách ly”.",
)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the report is made of."""

    by_unit: Mapping[str | date | None, Tally]
    by_form: Mapping[str | date | None, Tally]
    by_day: Mapping[str | date | None, Tally]
    every: Tally
    refusals: Mapping[str | None, Mapping[str, int]]
    papers: Sequence[PaperTotal] | None
    """None in a report about one form: papers are not counted by form."""
    undecided: int
    """Submissions without a decision: whose, and of what form, is not known yet."""


def gather(connection: Connection, scope: Scope, today: date) -> Overview:
    """The figures of a scope."""
    grouped = statistics.tallies(connection, scope, Dimension.UNIT, Dimension.FORM, timed=True)
    due = papers.counted(connection, scope.since, scope.until, today)
    return Overview(
        by_unit=statistics.rolled_up(grouped, 0),
        by_form=statistics.rolled_up(grouped, 1),
        by_day=statistics.rolled_up(statistics.tallies(connection, scope, Dimension.DAY), 0),
        every=statistics.together(grouped.values()),
        refusals=statistics.refusals(connection, scope),
        papers=None if scope.form else [each for each in due if scope.unit in (None, each.unit)],
        undecided=undecided(connection, scope.since, scope.until),
    )


def overview(
    name: str, found: Overview, head: Letterhead, period: Period, targets: Targets, *, about: str = ""
) -> Report:
    """The report; `name` begins the names of its files, `about` says which unit or form it is about."""
    sections = (
        _summary(found, targets),
        _by_unit(found, head),
        _by_form(found, head),
        *reason_sections(found.refusals, found.every.figures, head),
        *trend_section(found.by_day, period),
    )
    return head.report(name, TITLE, period, sections, about=about, notes=NOTES, landscape=True)


def _summary(found: Overview, targets: Targets) -> Section:
    total = found.every.figures
    received = total.received
    lines: list[tuple[str, int, float | None]] = [
        ("Văn bản nhận được", received, None),
        ("– Tiếp nhận", total.accepted, share(total.accepted, received)),
        ("– Từ chối tiếp nhận", total.refused, share(total.refused, received)),
        ("– Trả lại dự thảo", total.returned, share(total.returned, received)),
        ("– Chờ xem xét", total.held, share(total.held, received)),
        ("– Cách ly", total.quarantined, share(total.quarantined, received)),
        ("Gửi trùng, bổ sung tệp (đếm riêng)", total.repeated, None),
        ("Thiếu tệp soạn thảo (Word, Excel)", total.editable_missing, share(total.editable_missing, received)),
        ("Có lỗi thể thức, kỹ thuật trình bày", total.misformed, share(total.misformed, received)),
        ("Phải gửi kèm bản giấy", total.paper_due, share(total.paper_due, received)),
        *_paper_lines(found.papers),
        ("Văn bản tính tỷ lệ ký số", total.signable, None),
        ("– Có chữ ký số của cơ quan, tổ chức", total.organisation, share(total.organisation, total.signable)),
        ("– Có chữ ký số cá nhân", total.person, share(total.person, total.signable)),
        ("– trong đó của lãnh đạo", total.leader, share(total.leader, total.signable)),
    ]
    lights = (
        (len(lines) - 3, targets.light(total.organisation, total.signable, targets.organisation)),
        (len(lines) - 2, targets.light(total.person, total.signable, targets.person)),
    )
    columns = (
        Column("Nội dung", 40),
        Column("Số văn bản", 12, Align.RIGHT),
        Column("Tỷ lệ", 12, Align.RIGHT, percent=True, decimals=2),
    )
    rows: list[tuple[Cell, ...]] = list(lines)
    return Section(
        "I. Tổng hợp",
        columns,
        tuple(rows),
        _remarks(found),
        lights=tuple((row, 2, light) for row, light in lights if light is not None),
    )


def _paper_lines(papers: Sequence[PaperTotal] | None) -> list[tuple[str, int, float | None]]:
    if papers is None:
        return []
    return [
        ("Bản giấy đến hạn trong kỳ", sum(each.expected for each in papers), None),
        ("– trong đó quá hạn, chưa nhận được", sum(each.overdue for each in papers), None),
    ]


def _remarks(found: Overview) -> tuple[str, ...]:
    times = found.every.times
    median, late = duration_words(times.median), duration_words(times.ninety_fifth)
    taken = f"Thời gian từ khi nhận đến khi có kết quả: trung vị {median}; 95% số văn bản không quá {late}."
    open_ = f"Ngoài ra có {found.undecided} hồ sơ gửi đến chưa có kết quả kiểm tra, chưa tính vào các số liệu này."
    return (*((taken,) if median else ()), *((open_,) if found.undecided else ()))


def _by_unit(found: Overview, head: Letterhead) -> Section:
    most = sorted(
        (code for code in found.by_unit if code is not None),
        key=lambda code: (-found.by_unit[code].figures.received, code),
    )
    bars = tuple(Bar(head.unit(str(code)), found.by_unit[code].figures.received) for code in most[:BARS])
    title = "Số văn bản nhận được theo đơn vị"
    title += f" ({BARS} đơn vị nhiều nhất)" if len(most) > BARS else ""
    rows = _rows(head.by_unit(found.by_unit), head.unit, found.by_unit)
    return _table("II. Theo đơn vị gửi", "Đơn vị", rows, found, Chart(title, bars) if len(bars) > 1 else None)


def _by_form(found: Overview, head: Letterhead) -> Section:
    rows = _rows(head.by_form(found.by_form), head.form, found.by_form)
    return _table("III. Theo hình thức văn bản", "Hình thức", rows, found, None)


def _rows(
    keys: Sequence[str | None],
    name: Callable[[str | None], str],
    counted: Mapping[str | date | None, Tally],
) -> list[tuple[Cell, ...]]:
    named = [(name(key), counted[key]) for key in keys if key is not None]
    named += [
        (words, each) for words, each in _nobodys(counted.get(None, Tally()), name(None)) if each.figures.received
    ]
    return [
        (number, words, *_numbers(each.figures), *_measured(each.times))
        for number, (words, each) in enumerate(named, start=1)
    ]


def _nobodys(each: Tally, unknown: str) -> Iterator[tuple[str, Tally]]:
    """What is locked away has neither unit nor form, but is not what nobody could read: two rows."""
    locked = each.figures.quarantined
    rest = replace(each.figures, received=each.figures.received - locked, quarantined=0)
    yield unknown, replace(each, figures=rest)
    yield LOCKED, Tally(Figures(received=locked, quarantined=locked))


def _table(heading: str, first: str, rows: list[tuple[Cell, ...]], found: Overview, chart: Chart | None) -> Section:
    columns = (
        Column("Stt", 4.5, Align.RIGHT),
        Column(first, 22),
        *(Column(title, width, Align.RIGHT) for title, width in _NUMBERS),
        *_TIMES,
    )
    rows.append((None, "Tổng cộng", *_numbers(found.every.figures), *_measured(found.every.times)))
    return Section(heading, columns, tuple(rows), chart=chart, total=True)


def _numbers(each: Figures) -> tuple[int, ...]:
    return (
        each.received,
        each.accepted,
        each.refused,
        each.returned,
        each.held,
        each.quarantined,
        each.repeated,
        each.editable_missing,
        each.misformed,
        each.paper_due,
    )


def _measured(times: Times) -> tuple[float | None, float | None]:
    return times.median, times.ninety_fifth
