"""What scans lose or add in a head, and what must not be taken for it."""

from datetime import date

import pytest

from vbdaemon.model import NumberState

ISSUER = ("ỦY BAN NHÂN DÂN", "XÃ HẠ LAM")
NUMBER = "Số: 15/QĐ-UBND"


def titled(scan, subject="Về việc rà soát cán bộ", **head):
    return scan.titled("QUYẾT ĐỊNH", subject, **{"issuer": ISSUER, "number": NUMBER, **head})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hạ Lam, ngàu 26 tháng 3 năm 2024", date(2024, 3, 26)),
        ("Hạ Lam, ngày 26 thảng 3 nãm 2O24", date(2024, 3, 26)),
        ("Hạ Lam, ngày 06 tháng 3 năm 2024", date(2024, 3, 6)),
        ("Hạ Lam, ngày 6 tháng 3 năm 2024", None),
        ("Hạ Lam, ngày >7 tháng 3 năm 2024", None),
        ("Hạ Lam, ngày 2§ tháng 3 năm 2024", None),
        ("Hạ Lam, ngày 26 tháng 3 năm 20241", None),
        ("Hạ Lam, ngày 31 tháng 2 năm 2024", None),
    ],
)
def test_a_date_on_a_scan_is_read_with_lost_accents_and_never_guessed(scan, classified, line, expected):
    found = classified(titled(scan, date=line), picture=True).issued_on
    assert (found.value if found else None) == expected


def test_a_ground_that_cites_a_law_is_no_date_line(scan, classified):
    grounds = scan.body(245, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;")
    assert classified([*titled(scan, date=""), grounds], picture=True).issued_on is None


@pytest.mark.parametrize(("number", "state"), [("71a", "read"), ("70", "read"), ("7O", "unread"), ("7", "unread")])
def test_a_capital_behind_figures_is_a_figure_misread(scan, classified, number, state):
    answer = classified(titled(scan, number=f"Số: {number}/QĐ-UBND"), picture=True)
    assert answer.number_state is NumberState(state)
    assert (answer.number is None) is (state == "unread")


def test_the_letters_of_party_numbering_are_no_misread_figures(scan, classified):
    assert classified(scan.letter(number="Số: 84-CV/ĐU"), picture=True).number.value == "84-CV"


def test_spaces_that_a_scan_lost_do_not_hide_the_issuer(scan, classified):
    answer = classified(titled(scan, issuer=("ỦY BANNHÂNDÂN", "XÃHẠ LAM")), picture=True)
    assert answer.issuer_unit == "H40.15.05"
    assert answer.issuer.value == "ỦY BAN NHÂN DÂN XÃ HẠ LAM"


def test_bodies_of_a_joint_document_all_issue_it(draw, classified):
    answer = classified(draw.titled("KẾ HOẠCH", number="Số: 12/KHPH-SNV-STC", issuer=("SỞ NỘI VỤ", "SỞ TÀI CHÍNH")))
    assert answer.issuer.value == "SỞ NỘI VỤ - SỞ TÀI CHÍNH"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("Vê viêc rà soát cán bộ", "Về việc rà soát cán bộ"),
        ("_... Ve việc rà soát cán bộ", "Về việc rà soát cán bộ"),
        ("- Rà soát cán bộ", "Rà soát cán bộ"),
    ],
)
def test_dust_before_a_subject_and_its_lost_accents_are_mended(scan, classified, read, expected):
    assert classified(titled(scan, read), picture=True).subject.value == expected


def test_a_subject_read_from_a_picture_is_never_sure(scan, draw, classified):
    assert classified(titled(scan), picture=True).subject.confidence < 0.9
    assert classified(titled(draw)).subject.confidence >= 0.9


def test_the_body_of_a_short_document_is_no_subject(scan, classified):
    lines = scan.titled("THÔNG BÁO", "Lịch trực lãnh đạo tháng 5 năm 2024 của cơ quan", issuer=ISSUER, number=NUMBER)
    lines = [line for line in lines if not line.text.startswith("Căn cứ")]
    lines.append(scan.body(203, "Các cơ quan, đơn vị bố trí cán bộ trực theo lịch và báo cáo những việc phát sinh"))
    assert classified(lines, picture=True).subject.value == "Lịch trực lãnh đạo tháng 5 năm 2024 của cơ quan"


def test_a_subject_that_reaches_to_a_year_is_no_receivers_stamp(scan, classified):
    lines = scan.letter(scan.centred(158, 158, "2030, tầm nhìn đến năm 2045"), subject="V/v quy hoạch giai đoạn 2023 -")
    assert classified(lines, picture=True).subject.value == "quy hoạch giai đoạn 2023 - 2030, tầm nhìn đến năm 2045"


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("BFUYỆT MẬT", "tuyet-mat"),
        ("TÔI NIẬT", "toi-mat"),
        ("NIẬT", "mat"),
        ("TOI MAT", "toi-mat"),
        ("VẮNG MẶT", None),
        ("BẢO MẬT", None),
        ("BÍ MẬT", None),
    ],
)
def test_a_mark_under_another_stamp_counts_and_other_words_do_not(scan, classified, words, level):
    lines = [*titled(scan), scan.centred(158, 150, words)]
    found = classified(lines, picture=True).secrecy
    assert (found.value if found else None) == level
