"""The books as reports: the ten columns of the decree, every line in its place."""

from dataclasses import replace
from datetime import date

from vbdaemon.model import Form, Office
from vbdaemon.model.register import Book, Direction, Medium
from vbdaemon.report.register_book import INCOMING, OUTGOING, BookYear, book_report
from vbdaemon.state.register_line import Line
from vbdaemon.testing import NOON, TODAY

OFFICE = Office("Văn phòng UBND huyện Sông Lam", "UBND huyện Sông Lam")
FORMS = (Form("cong-van", "Công văn", ()), Form("don", "Đơn", ()))
EMPTY = dict.fromkeys(name for name in Line.__slots__)
LINE = Line(
    **{
        **EMPTY, "id": 1, "direction": Direction.INCOMING, "book": "den", "year": 2026, "arrival_number": 1,
        "registered_on": TODAY, "arrived_at": NOON, "medium": Medium.ELECTRONIC, "submission": "260302-1", "ordinal": 0,
        "form": "cong-van", "number": "15", "symbol": "PNV-TCCC", "issued_on": date(2026, 2, 27),
        "issuer": "Phòng Nội vụ", "subject": "rà soát đội ngũ", "signer": "Trần Thị Hoài Thu",
        "receiver": "Phòng Tài chính", "recipients": "Như trên; Lưu: VT", "kept_by": "Văn thư", "copies": 3,
        "restricted": False,
    }
)  # fmt: skip
FORWARDED = date(2026, 3, 3)


def report(*lines, book=None, transfers=None):
    return book_report(BookYear(book or Book("den"), 2026, lines, transfers or {}), OFFICE, FORMS, NOON)


def test_the_columns_are_those_of_the_decree_numbered_from_one_to_ten():
    for columns in (INCOMING, OUTGOING):
        assert [column.number for column in columns] == [f"({n})" for n in range(1, 11)]
    assert [column.title for column in INCOMING[:3]] == ["Ngày đến", "Số đến", "Tác giả"]
    assert [column.title for column in OUTGOING[5:7]] == ["Đơn vị, người nhận bản lưu", "Số lượng bản"]


def test_an_incoming_line():
    made = report(LINE, transfers={("260302-1", 0): FORWARDED})
    assert (made.title, made.name, made.landscape) == ("SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", "so-van-ban-den_den_2026", True)
    assert made.subtitle == "Năm 2026, sổ den, từ số 1 đến số 1, từ ngày 02/03/2026 đến ngày 02/03/2026"
    assert made.sections[0].rows == (
        (
            TODAY, 1, "Phòng Nội vụ", "15/PNV-TCCC", date(2026, 2, 27), "Công văn rà soát đội ngũ", "Phòng Tài chính",
            FORWARDED, None, None,
        ),
    )  # fmt: skip


def test_an_outgoing_line():
    line = replace(LINE, direction=Direction.OUTGOING, arrival_number=None, transferred_on=TODAY)
    made = report(line, book=Book("di", Direction.OUTGOING), transfers={("260302-1", 0): FORWARDED})
    assert made.title == "SỔ ĐĂNG KÝ VĂN BẢN ĐI"
    assert made.sections[0].rows == (
        (
            "15/PNV-TCCC", date(2026, 2, 27), "Công văn rà soát đội ngũ", "Trần Thị Hoài Thu", "Như trên; Lưu: VT",
            "Văn thư", 3, TODAY, None, None,
        ),
    )  # fmt: skip


def test_what_is_void_restricted_on_paper_or_incomplete_says_so():
    void = replace(LINE, voided_at=NOON, void_reason="Từ chối tiếp nhận: Thiếu chữ ký")
    complaint = replace(LINE, form="don", restricted=True, number=None, symbol=None, subject=None, issuer=None)
    paper = replace(LINE, medium=Medium.PAPER, submission=None, number=None, note="bản chính")
    both = replace(LINE, medium=Medium.PAPER)
    rows = report(void, complaint, paper, both).sections[0].rows
    assert rows[0][9] == "HỦY: Từ chối tiếp nhận: Thiếu chữ ký"
    assert (rows[1][2], rows[1][3], rows[1][5]) == (None, "", "Đơn (hạn chế)")
    assert (rows[2][3], rows[2][9]) == ("…/PNV-TCCC", "Bản giấy; Cần bổ sung; bản chính")
    assert rows[3][9] == "Bản giấy và bản điện tử"
    assert report(void, paper).sections[0].notes == (
        "Tổng số: 2 dòng, trong đó 1 dòng đã hủy (số vẫn giữ, không cấp lại).",
        "Cần bổ sung thông tin: 1 dòng.",
    )


def test_a_book_may_have_a_title_of_its_own():
    assert report(LINE, book=Book("den-don", title="SỔ ĐĂNG KÝ ĐƠN THƯ")).title == "SỔ ĐĂNG KÝ ĐƠN THƯ"


def test_a_long_year_is_printed_in_volumes():
    lines = tuple(replace(LINE, id=n, arrival_number=n) for n in range(1, 8))
    whole = BookYear(Book("den"), 2026, lines, {})
    assert whole.volumes(7) == (whole,)
    made = [book_report(each, OFFICE, FORMS, NOON) for each in whole.volumes(3)]
    assert [each.name[-7:] for each in made] == ["quyen-1", "quyen-2", "quyen-3"]
    assert "sổ den, quyển số 2, từ số 4 đến số 6" in made[1].subtitle
    assert [row[1] for each in made for row in each.sections[0].rows] == list(range(1, 8))


def test_a_subject_goes_on_behind_its_form_in_small_letters():
    rows = (
        report(
            replace(LINE, subject="Về việc nghỉ lễ"),
            replace(LINE, subject="Về việc nghỉ lễ", form=None),
            replace(LINE, subject="Ủy ban nhân dân huyện họp"),
        )
        .sections[0]
        .rows
    )
    assert [row[5] for row in rows] == [
        "Công văn về việc nghỉ lễ", "Về việc nghỉ lễ", "Công văn Ủy ban nhân dân huyện họp",
    ]  # fmt: skip
