"""The reminder of papers, and the mail to those on duty: what people read."""

import json
from datetime import UTC, datetime

import pytest

from vbdaemon.model import Delivery, DeliveryKind, Destination
from vbdaemon.rendering.letters.alarm import render_alarm
from vbdaemon.rendering.letters.paper import render_paper_reminder
from vbdaemon.rendering.mail_subject import mail_subject

MADE_AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
DELIVERY = Delivery(
    "d-1",
    "260302-00000001",
    DeliveryKind.NOTICE,
    Destination("folder", "phong-noi-vu/ket-qua", "H99.10.01"),
    "n",
    MADE_AT,
)
PAPER = {
    "submission": "260302-00000001",
    "number": "15/QĐ-UBND",
    "form": "Quyết định",
    "date": "2026-03-02",
    "arrival": "7/2026",
    "due": "2026-03-09",
    "clause": "Phụ lục II kèm theo Quyết định số 648/QĐ-UBND",
}
BARE = PAPER | {"number": "", "form": "", "date": "", "arrival": ""}


@pytest.fixture
def reminder(district):
    return lambda *papers: render_paper_reminder(DELIVERY, None, district.snapshot, {"papers": json.dumps(papers)})


def test_the_reminder_says_what_is_due_its_arrival_number_and_where_to_bring_it(reminder):
    text = reminder(PAPER).text
    assert "Kính gửi: Phòng Nội vụ huyện Bình An" in text
    assert "Quyết định số 15/QĐ-UBND ngày 02/03/2026: số đến 7/2026; hạn gửi bản giấy: 09/03/2026" in text
    assert "Theo Phụ lục II kèm theo Quyết định số 648/QĐ-UBND, văn bản còn cần gửi bản giấy" in text
    assert "gửi bản giấy về số 1 đường Trung Tâm, thị trấn Bình An, ghi kèm số đến nêu trên" in text
    assert "báo lại để đối chiếu: Lê Thị Mẫu, Văn thư, điện thoại 0200 3000 100" in text
    assert "please bring it to số 1 đường Trung Tâm" in text
    assert "đã tiếp nhận văn bản điện tử nêu" in text


def test_several_papers_stand_in_one_letter_and_what_is_unknown_leaves_no_hole(reminder):
    notice = reminder(PAPER, BARE)
    assert "đã tiếp nhận các văn bản điện tử nêu" in notice.text
    assert "   Văn bản: mã tra cứu 260302-00000001; hạn gửi bản giấy: 09/03/2026" in notice.text
    assert "<dt>Văn bản</dt>" in notice.html
    assert "ghi kèm mã tra cứu nêu trên" in notice.text
    facts = json.loads(notice.machine)
    assert facts["status"] is None
    assert [each["arrival"] for each in facts["papers_due"]] == ["7/2026", None]
    assert "Theo quy định, văn bản" in reminder(PAPER | {"clause": ""}).text


def test_a_mail_that_reminds_says_so_in_its_subject(reminder):
    subject = mail_subject(DELIVERY, reminder(PAPER).machine.encode(), "Văn phòng")
    assert subject == "Nhắc gửi bản giấy (mã tra cứu 260302-00000001)"


def test_the_mail_to_those_on_duty_names_each_submission_and_what_is_wrong(district):
    at = MADE_AT.isoformat()
    lines = [
        {"kind": "promise", "submission": "260302-00000001", "at": at, "words": "hoa-toc: promised in 15 minutes"},
        {"kind": "held", "submission": "260302-00000002", "at": at, "words": "handed in 27/02/2026 16:00"},
        {"kind": "undelivered", "submission": "260302-00000003", "at": at, "words": "forward to folder:H2"},
    ]
    notice = render_alarm(DELIVERY, None, district.snapshot, {"alarms": json.dumps(lines), "more": "4"})
    assert "Kính gửi: Bộ phận trực văn thư" in notice.text
    assert "260302-00000001: chưa đến đủ nơi nhận trong thời hạn cam kết" in notice.text
    assert "hoa-toc: promised in 15 minutes; 08:00 ngày 10/03/2026" in notice.text
    assert "260302-00000003: không chuyển được" in notice.text
    assert "Và 4 việc khác." in notice.text
    subject = mail_subject(DELIVERY, notice.machine.encode(), "Văn phòng")
    assert subject == "Cảnh báo: 7 việc cần xử lý (mã tra cứu 260302-00000001)"


def test_a_mail_whose_words_were_removed_by_a_quarantine_still_says_where_to_look(district):
    notice = render_alarm(DELIVERY, None, district.snapshot, {})
    assert "Xem chi tiết: vbdaemon alarms list" in notice.text
    assert mail_subject(DELIVERY, notice.machine.encode(), "x") == "Cảnh báo (mã tra cứu 260302-00000001)"
