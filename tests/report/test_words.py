"""The Vietnamese alphabet, days, numbers and periods."""

import unicodedata
from datetime import UTC, date, datetime

import pytest

from vbdaemon.errors import ConfigurationError
from vbdaemon.report.collation import vietnamese
from vbdaemon.report.period import PeriodKind, period_after, period_before, period_of, period_with
from vbdaemon.report.sheet import Column
from vbdaemon.report.words import cell_words, duration_words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "ordered",
    [
        ["an", "ăn", "ân", "ba", "ca", "da", "đa", "ea", "ê", "ga"],
        ["o", "ô", "ơ", "pa", "u", "ư", "va", "xa", "ya"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["Phòng Nội vụ", "Phòng Tài chính", "Phòng Y tế"],
        ["Xã 2", "Xã 10", "Xã An"],
        ["Dân", "Đông", "Em"],
        ["ban", "bàn", "banh"],  # letters of the whole word before tones
        ["an", "An"],
        ["nhà 90 m", "nhà 90 m²", "nhà 100 m"],  # "²" is a digit that is no number
    ],
)
def test_words_stand_in_the_order_of_the_vietnamese_alphabet(ordered):
    backwards = list(reversed(ordered))
    assert sorted(backwards, key=vietnamese) == ordered
    decomposed = [unicodedata.normalize("NFD", word) for word in backwards]
    assert [unicodedata.normalize("NFC", word) for word in sorted(decomposed, key=vietnamese)] == ordered


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        (1234567, {}, "1.234.567"),
        (2026, {"grouped": False}, "2026"),
        (1234.56, {"decimals": 1}, "1.234,6"),
        (0.0371, {"percent": True, "decimals": 2}, "3,71%"),
        (1, {"percent": True}, "100%"),
        (date(2026, 4, 7), {}, "07/04/2026"),
        (datetime(2026, 12, 31, 17, 30, tzinfo=UTC), {}, "01/01/2027 00:30"),
        (True, {}, "x"),
        (False, {}, ""),
        (None, {}, ""),
        (0, {}, "0"),
        ("=1+1", {}, "=1+1"),
    ],
)
def test_a_cell_is_written_the_vietnamese_way(cell, column, words):
    assert cell_words(cell, Column("", **column)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""), (0, "dưới 1 giây"), (1, "1 giây"), (45.4, "45 giây"), (59.7, "1 phút"), (60, "1 phút"),
        (3569, "59 phút"), (3570, "1 giờ 00 phút"),
        (3 * 3600 + 300, "3 giờ 05 phút"), (86_399, "1 ngày 0 giờ"), (2 * 86_400 + 4 * 3600, "2 ngày 4 giờ"),
    ],
)  # fmt: skip
def test_how_long_it_took_is_said_in_words(seconds, words):
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("words", "since", "until", "said"),
    [
        ("2026-11-22", "2026-11-22", "2026-11-22", "Ngày 22/11/2026"),
        ("today", "2026-11-22", "2026-11-22", "Ngày 22/11/2026"),
        ("yesterday", "2026-11-21", "2026-11-21", "Ngày 21/11/2026"),
        ("2026-02", "2026-02-01", "2026-02-28", "Tháng 02 năm 2026 (từ 01/02/2026 đến 28/02/2026)"),
        ("2024-02", "2024-02-01", "2024-02-29", "Tháng 02 năm 2024 (từ 01/02/2024 đến 29/02/2024)"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "Quý IV năm 2026 (từ 01/10/2026 đến 31/12/2026)"),
        ("2026", "2026-01-01", "2026-12-31", "Năm 2026 (từ 01/01/2026 đến 31/12/2026)"),
        ("2026-01-05..2026-02-03", "2026-01-05", "2026-02-03", "Từ 05/01/2026 đến 03/02/2026"),
    ],
)
def test_a_period_is_understood_and_said(words, since, until, said):
    period = period_of(words, TODAY)
    assert (period.since.isoformat(), period.until.isoformat(), period.words) == (since, until, said)
    assert period_of(period.slug, TODAY) == period


@pytest.mark.parametrize(
    "words", ["", "2026-13", "2026-q5", "22/11/2026", "2026-02-30", "2026-03-01..2026-02-01", "q1"]
)
def test_what_is_no_period_is_one_line_with_examples(words):
    with pytest.raises(ConfigurationError, match=r"is no period; write 2026-11-22 \(a day\)"):
        period_of(words, TODAY)


def test_a_period_that_lies_ahead_is_refused():
    with pytest.raises(ConfigurationError, match="has not begun yet; today is 2026-11-22"):
        period_of("2027-q1", TODAY)
    assert period_of("2026-11", TODAY).until > TODAY


@pytest.mark.parametrize("kind", [PeriodKind.DAY, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR])
def test_periods_follow_each_other_without_a_gap(kind):
    period = period_with(kind, date(2025, 12, 31))
    assert period_before(period_after(period)) == period
    assert (period_after(period).since - period.until).days == 1
