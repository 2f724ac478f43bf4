"""Names of agencies in running text: as offices write them, or as printed where that is not certain."""

import pytest

from vbdaemon.model import Directory
from vbdaemon.rendering.agency_name import as_written, issuer_words
from vbdaemon.testing import make_classification, make_unit


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("ỦY BAN NHÂN DÂN XÃ ĐỒNG MẪU", "Ủy ban nhân dân xã Đồng Mẫu"),
        ("ỦY BAN NHÂN DÂN PHƯỜNG 5 QUẬN 3", "Ủy ban nhân dân phường 5 quận 3"),
        ("ỦY BAN NHÂN DÂN XÃ TÂN XÃ", "Ủy ban nhân dân xã Tân Xã"),
        ("ỦY BAN NHÂN DÂN HUYỆN BÌNH AN, TỈNH TRUNG GIANG", "Ủy ban nhân dân huyện Bình An, tỉnh Trung Giang"),
        ("HỘI ĐỒNG NHÂN DÂN HUYỆN BÌNH AN TỈNH TRUNG GIANG", "Hội đồng nhân dân huyện Bình An tỉnh Trung Giang"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", "Ủy ban nhân dân thành phố Hải Phòng"),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH", "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ("UBND TỈNH BÀ RỊA - VŨNG TÀU", "UBND tỉnh Bà Rịa - Vũng Tàu"),
        ("VĂN PHÒNG HĐND&UBND HUYỆN BÌNH AN", "Văn phòng HĐND&UBND huyện Bình An"),
        ("PHÒNG TÀI CHÍNH - KẾ HOẠCH", "Phòng Tài chính - Kế hoạch"),
        ("SỞ LAO ĐỘNG, THƯƠNG BINH VÀ XÃ HỘI", "Sở Lao động, Thương binh và Xã hội"),
        ("PHÒNG NỘI VỤ HUYỆN BÌNH AN", "Phòng Nội vụ huyện Bình An"),
    ],
)
def test_capitals_become_the_spelling_of_offices(printed, written):
    assert as_written(printed) == written


@pytest.mark.parametrize(
    "printed",
    ["TRƯỜNG TIỂU HỌC LÊ MẪU", "CÔNG TY TNHH ABC", "Phòng Nội vụ", "Ủy ban Nhân dân xã Đồng Mẫu", "", "BQLDA"],
)
def test_what_is_not_certain_stays_as_it_is_printed(printed):
    assert as_written(printed) == printed


def test_the_directorys_own_spelling_counts_first():
    unit = make_unit("H1", "Trường Tiểu học Lê Mẫu")
    found = make_classification(issuer="TRƯỜNG TIỂU HỌC LÊ MẪU", issuer_unit="H1")
    assert issuer_words(found, Directory((unit,))) == "Trường Tiểu học Lê Mẫu"
    assert issuer_words(found) == "TRƯỜNG TIỂU HỌC LÊ MẪU"
    assert issuer_words(make_classification(issuer=None)) == ""
