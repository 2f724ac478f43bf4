"""holidays.toml: days, ranges, worked weekend days; each mistake named; the shipped file."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from vbdaemon.directory.holidays import load_holidays, years_missing
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import WorkingDays

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "vbdaemon" / "site" / "holidays.toml"
GOOD = """
[[holiday]]
name = "Tết Nguyên đán"
first = 2027-02-05
last = 2027-02-09

[[holiday]]
name = "Giỗ Tổ"
day = 2027-04-16

[[worked]]
name = "Làm bù"
day = 2027-02-20
"""


@pytest.fixture
def load(tmp_path):
    def read(text):
        file = tmp_path / "holidays.toml"
        file.write_text(text, encoding="utf-8")
        return load_holidays(file)

    return read


def test_days_ranges_and_worked_weekends_make_the_working_days(load):
    days = load(GOOD)
    assert len(days.holidays) == 6
    assert days.after(date(2027, 2, 4)) == date(2027, 2, 10)
    assert days.after(date(2027, 2, 19)) == date(2027, 2, 20)  # a Saturday
    assert days.after(date(2027, 4, 15)) == date(2027, 4, 19)


def test_without_a_file_the_office_works_monday_to_friday(tmp_path):
    assert load_holidays(tmp_path / "holidays.toml") == WorkingDays()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[holiday]]\nname = "x"\n', "either day, or first and last"),
        ('[[holiday]]\nname = "x"\nfirst = 2027-02-05\n', "either day, or first and last"),
        ('[[holiday]]\nname = "x"\nday = 2027-02-05\nfirst = 2027-02-05\nlast = 2027-02-06\n', "either day"),
        ('[[holiday]]\nname = "x"\nfirst = 2027-02-05\nlast = 2028-02-09\n', "is no holiday"),
        ('[[holiday]]\nname = "x"\nfirst = 2027-02-05\nlast = 2027-02-01\n', "is no holiday"),
        ('[[holiday]]\nname = "x"\nday = "mùng 1"\n', r"holiday\.0\.day"),
        ("[[holiday]]\nday = 2027-02-05\n", r"holiday\.0\.name"),
        ('[[worked]]\nname = "Làm bù"\nday = 2027-02-19\n', r"2027-02-19 \(Làm bù\) is worked anyway"),
        ("[[feast]]\n", "feast: unknown key"),
        ("[[holiday]\n", "not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file(load, text, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        load(text)
    assert "holidays.toml" in str(caught.value)


def test_this_year_has_to_be_known_and_in_december_the_next_too():
    days = WorkingDays(frozenset({date(2026, 1, 1)}))
    assert list(years_missing(days, date(2026, 11, 30))) == []
    assert list(years_missing(days, date(2026, 12, 1))) == [2027]
    assert list(years_missing(WorkingDays(), date(2026, 12, 1))) == [2026, 2027]


def test_the_shipped_file_has_the_days_that_the_law_fixes_and_is_that_of_config():
    assert SHIPPED.read_bytes() == (ROOT / "config" / "holidays.toml").read_bytes()
    days = load_holidays(SHIPPED)
    for year in (2026, 2027):
        for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
            assert date(year, month, day) in days.holidays


@pytest.mark.parametrize(("year", "tet"), [(2026, date(2026, 2, 17)), (2027, date(2027, 2, 6))])
def test_tet_is_off_from_its_eve_to_its_third_day_at_least(year, tet):
    days = load_holidays(SHIPPED)
    assert all(tet + timedelta(days=n) in days.holidays for n in range(-1, 3))
    assert not any(day.weekday() >= 5 and day in days.worked for day in days.holidays if day.year == year)


def test_a_holiday_on_a_weekend_is_made_up_for_by_the_next_working_day():
    days = load_holidays(SHIPPED)
    assert days.after(date(2026, 4, 24)) == date(2026, 4, 28)  # Giỗ Tổ on Sunday
    assert days.after(date(2027, 4, 29)) == date(2027, 5, 4)  # 1 May on Saturday
