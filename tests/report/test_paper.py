"""The report on papers that have to follow: what it may say of a complaint is what the book says."""

from datetime import date

from vbdaemon.model import Office, Snapshot
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.paper import Papers, paper
from vbdaemon.report.period import Period, PeriodKind
from vbdaemon.state.papers import PaperRow, PaperState, PaperTotal
from vbdaemon.testing import NOON, TODAY

YEAR = Period(PeriodKind.QUARTER, date(2026, 1, 1), date(2026, 3, 31))


def row(number, **changes):
    known = {
        "submission": f"260302-{number:08d}", "main_sha256": "a" * 64, "first_page": 1, "ordinal": 0, "unit": "H40.2",
        "expected_at": NOON, "due_on": date(2026, 2, 20), "state": PaperState.DUE, "received_at": None,
        "received_by": None, "note": None, "remind_on": None, "reminders": 0, "reminded_at": None,
        "designation": f"{number}/PNV-TCCC", "issued_on": date(2026, 2, 13), "arrival": f"{number}/2026",
    }  # fmt: skip
    return PaperRow(**known | changes)


def test_of_a_complaint_neither_number_nor_date_is_reported():
    head = Letterhead(Snapshot("test", Office("Văn phòng mẫu")), NOON)
    made = paper(Papers((), (row(7), row(8, restricted=True))), head, YEAR, TODAY)
    overdue = made.sections[1].rows
    assert [each[2:6] for each in overdue] == [
        ("7/PNV-TCCC", date(2026, 2, 13), "7/2026", "260302-00000007"),
        ("(hạn chế)", None, "8/2026", "260302-00000008"),
    ]
    assert overdue[0][6:] == overdue[1][6:]


def test_every_number_of_the_period_is_a_count_of_listed_papers():
    head = Letterhead(Snapshot("test", Office("Văn phòng mẫu")), NOON)
    come = [row(n, state=PaperState.RECEIVED, received_at=NOON, received_by="An") for n in (1, 2)]
    waived = row(3, state=PaperState.WAIVED, received_at=NOON, received_by="An", restricted=True)
    totals = (PaperTotal("H40.2", 4, 2, 1, 1),)
    made = paper(Papers(totals, (row(7),), (*come, waived)), head, YEAR, TODAY)
    settled = made.sections[3]
    assert [(each[2], *each[7:]) for each in settled.rows] == [
        ("1/PNV-TCCC", "Đã nhận", date(2026, 3, 2)),
        ("2/PNV-TCCC", "Đã nhận", date(2026, 3, 2)),
        ("(hạn chế)", "Không phải gửi", date(2026, 3, 2)),
    ]
    assert settled.notes == ()
    more = paper(Papers((PaperTotal("H40.2", 1300, 1200, 100, 0),), (), come), head, YEAR, TODAY).sections[3]
    assert more.notes[0].startswith("Còn 1.298 bản giấy không ghi ở đây")
