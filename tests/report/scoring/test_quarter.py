"""Quarters: how they are written, where they begin and end."""

from datetime import date

import pytest

from vbdaemon.errors import ConfigurationError
from vbdaemon.report.quarter import Quarter


@pytest.mark.parametrize("text", ["2026-Q4", "2026-q4", "2026Q4", "Q4/2026", "q4-2026", " 2026-Q4 "])
def test_a_quarter_is_read_as_people_write_it(text):
    assert Quarter.parse(text) == Quarter(2026, 4)


@pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "2026", "2026-11", "0000-Q1", "9999-Q4", "quý 4", ""])
def test_what_is_no_quarter_is_told_in_one_line(text):
    with pytest.raises(ConfigurationError, match='is no quarter; say it as "2026-Q1"'):
        Quarter.parse(text)


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (Quarter(2024, 2), date(2024, 4, 1), date(2024, 6, 30)),
        (Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_its_first_and_its_last_day(quarter, first, last):
    assert (quarter.first_day, quarter.last_day) == (first, last)
    assert Quarter.of(first) == Quarter.of(last) == quarter
    assert Quarter.parse(str(quarter)) == quarter


def test_an_earlier_quarter_is_less():
    assert Quarter(2020, 1) < Quarter(2020, 2) < Quarter(2021, 1)
    assert Quarter(2026, 3).vietnamese == "quý III năm 2026"
