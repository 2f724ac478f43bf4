"""What OCR misreads in names of bodies, symbols and titles, and what must stay as it was read."""

import pytest

from vbdaemon.builtin.classification.mending import by_law, by_unit, known, respaced
from vbdaemon.testing import make_unit


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("PHONG NỘI VỤ", "PHÒNG NỘI VỤ"),
        ("SƠ TÀI CHÍNH", "SỞ TÀI CHÍNH"),
        ("ỦY BẠN NHÂN DÂN XÃ HẠ LAM", "ỦY BAN NHÂN DÂN XÃ HẠ LAM"),
        ("TRUNG TẤM Y TE HUYỆN SÓNG LAM", "TRUNG TÂM Y TẾ HUYỆN SÓNG LAM"),
        ("ỦY BAN NHÂN DÂN HUYỆN QUẾ PHONG", "ỦY BAN NHÂN DÂN HUYỆN QUẾ PHONG"),
        ("UỶ BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN"),
        ("ỦY BANNHÂNDÂN XÃ HẠ LAM", "ỦY BAN NHÂN DÂN XÃ HẠ LAM"),
        ("TRƯỜNG MẦM NON HOA PHƯỢNG", "TRƯỜNG MẦM NON HOA PHƯỢNG"),
        ("CÔNG AN PHƯƠNG CỬA ĐÔNG", "CÔNG AN PHƯỜNG CỬA ĐÔNG"),
        ("THANH TRA TÍNH", "THANH TRA TỈNH"),
        ("BẢO HIỂM XÃ HỘI HÀ TĨNH", "BẢO HIỂM XÃ HỘI HÀ TĨNH"),
    ],
)
def test_words_of_the_law_get_their_accents_back_and_places_stay(read, mended):
    assert by_law(read) == mended


@pytest.mark.parametrize(
    ("read", "apart"),
    [
        ("SỞTÀICHÍNH", "SỞ TÀI CHÍNH"),
        ("PHÒNG NỘIVỤHUYỆN SÔNGLAM", "PHÒNG NỘI VỤ HUYỆN SÔNGLAM"),
        ("TRƯỜNGTIỂUHỌC HẠ LAM", "TRƯỜNG TIỂU HỌC HẠ LAM"),
        ("VIETTEL VINACOMIN", "VIETTEL VINACOMIN"),
        ("NGHIÊNG", "NGHIÊNG"),
    ],
)
def test_lost_spaces_come_back_between_words_of_the_law_alone(read, apart):
    assert respaced(read) == apart


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("PHONG NỘI VỤ", "PHÒNG NỘI VỤ"),
        ("TĨNH SÔNG LAM", None),
        ("PHÒNG NỘI VỤ HUYỆN SÓNG LAM", "PHÒNG NỘI VỤ HUYỆN SÔNG LAM"),
    ],
)
def test_a_name_that_the_directory_knows_is_printed_as_it_is_there(read, mended):
    assert by_unit(read, make_unit(name="Phòng Nội vụ huyện Sông Lam")) == mended


def test_a_shortened_name_is_not_written_out():
    unit = make_unit(name="Văn phòng HĐND và UBND huyện Sông Lam")
    assert by_unit("VĂN PHONG HĐND VÀ UBND", unit) == "VĂN PHÒNG HĐND VÀ UBND"


def test_a_place_is_never_known():
    assert known("SỞ TÀI CHÍNH")
    assert not known("ỦY BAN NHÂN DÂN XÃ HẠ LAM")


@pytest.mark.parametrize(
    ("number", "form", "symbol"),
    [
        ("Số: 12/CTUBND", "CHỈ THỊ", "CT-UBND"),
        ("Số: 12/QD-UBND", "QUYẾT ĐỊNH", "QĐ-UBND"),
        ("Số: 12/QĐĐ-UBNĐ", "QUYẾT ĐỊNH", "QĐ-UBND"),
        ("Số: 12/ĐĐA-UBND", "ĐỀ ÁN", "ĐA-UBND"),
    ],
)
def test_a_symbol_is_mended_where_form_and_issuer_say_how_it_reads(scan, classified, number, form, symbol):
    lines = scan.titled(form, number=number, issuer=("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM"))
    assert classified(lines).symbol.value == symbol


def test_a_misread_opening_of_a_letters_subject_is_known(scan, classified):
    for opening in ("VW", "Ví", "Vív", "V/y"):
        answer = classified(scan.letter(subject=f"{opening} rà soát cán bộ"))
        assert (answer.form.value, answer.subject.value) == ("cong-van", "rà soát cán bộ")


def test_a_usual_title_misread_is_put_right(scan, classified):
    lines = [line for line in scan.letter() if not line.text.startswith(("KT.", "PHÓ"))]
    lines += [scan.centred(430, 600, "KT. TRƯƠNG PHONG"), scan.centred(430, 615, "PHO TRƯỞNG P HÒNG")]
    signer = classified(lines).signer.value
    assert (signer.authority, signer.title) == ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")
