"""How figures went over the days or months of a period."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from vbdaemon.report.period import Period
from vbdaemon.report.sheet import Align, Bar, Chart, Column, Section
from vbdaemon.report.words import day_words
from vbdaemon.state.statistics import Figures, Tally

MOST_DAYS = 62
"""A longer period is shown by months."""


def trend_section(by_day: Mapping[str | date | None, Tally], period: Period) -> tuple[Section, ...]:
    """A table and a chart; nothing for a single day."""
    if period.since == period.until:
        return ()
    by_days = (period.until - period.since).days < MOST_DAYS
    steps = by_step(by_day, period)
    words = "ngày" if by_days else "tháng"
    columns = (
        Column(words.capitalize(), 12, Align.CENTER),
        *(Column(title, 9, Align.RIGHT) for title in ("Nhận được", "Tiếp nhận", "Từ chối", "Trả lại", "Chờ xem xét")),
    )
    rows = tuple((label, each.received, each.accepted, each.refused, each.returned, each.held) for label, each in steps)
    bars = tuple(Bar(label, each.received) for label, each in steps)
    return (Section(f"VI. Theo {words}", columns, rows, chart=Chart(f"Số văn bản nhận được theo {words}", bars)),)


def by_step(by_day: Mapping[str | date | None, Tally], period: Period) -> list[tuple[str, Figures]]:
    """Every day or month of the period in order, those without documents too."""
    by_days = (period.until - period.since).days < MOST_DAYS
    sums: dict[str, Figures] = defaultdict(Figures)
    day = period.since
    while day <= period.until:
        sums[day_words(day) if by_days else f"{day:%m/%Y}"] += by_day.get(day, Tally()).figures
        day += timedelta(days=1)
    return list(sums.items())
