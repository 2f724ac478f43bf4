"""Cells as Vietnamese words: days as dd/mm/yyyy, a decimal comma, full stops between thousands."""

from datetime import date, datetime
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from vbdaemon.clock import VIETNAM
from vbdaemon.report.sheet import Cell, Column

DATE = "dd/MM/yyyy"
MOMENT = "dd/MM/yyyy HH:mm"
MINUTE, HOUR, DAY = 60, 3600, 86_400
TRUE = "x"
"""How registers tick a column; nothing stands for no."""


@cache
def _vietnamese() -> Locale:
    return Locale.parse("vi_VN")


def cell_words(cell: Cell, column: Column) -> str:
    """A cell as people read it; nothing for None and for False."""
    match cell:
        case None | False:
            return ""
        case True:
            return TRUE
        case int() | float() if column.duration:
            return duration_words(cell)
        case int() | float():
            return number_words(cell, column.decimals, percent=column.percent, grouped=column.grouped)
        case datetime():
            return moment_words(cell)
        case date():
            return day_words(cell)
        case str():
            return cell


def clock_words(seconds: float) -> str:
    """The same as spreadsheets read it: "0:00:12", "27:05:00"."""
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def number_words(number: float, decimals: int = 0, *, percent: bool = False, grouped: bool = True) -> str:
    """A number with so many decimals: "1.234,5"; a share as "3,71%"."""
    digits = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    if percent:
        return format_percent(number, format=digits + "%", locale=_vietnamese())
    return format_decimal(number, format=digits, locale=_vietnamese())


def day_words(day: date) -> str:
    """A day: "07/04/2026"."""
    return format_date(day, DATE, locale=_vietnamese())


def moment_words(at: datetime) -> str:
    """An aware moment as a Vietnamese clock shows it: "07/04/2026 08:15"."""
    return format_datetime(at, MOMENT, tzinfo=VIETNAM, locale=_vietnamese())


def duration_words(seconds: float | None) -> str:
    """How long something took: "45 giây", "12 phút", "3 giờ 05 phút", "2 ngày 4 giờ"; nothing for None."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "dưới 1 giây"
    if seconds < MINUTE - 1 / 2:
        return f"{round(seconds)} giây"
    if seconds < HOUR - MINUTE / 2:
        return f"{round(seconds / MINUTE)} phút"
    if seconds < DAY - MINUTE / 2:
        hours, minutes = divmod(round(seconds / MINUTE), 60)
        return f"{hours} giờ {minutes:02} phút"
    days, hours = divmod(round(seconds / HOUR), 24)
    return f"{days} ngày {hours} giờ"
