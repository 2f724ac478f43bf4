import time

import pytest

from vbdaemon.builtin.classification.issuer import Issuer
from vbdaemon.builtin.classification.unit_match import unit_of
from vbdaemon.model import Directory
from vbdaemon.testing import make_unit

DIRECTORY = Directory(
    (
        make_unit("H40", "Ủy ban nhân dân tỉnh Thanh Giang", aliases=("UBND tỉnh",)),
        make_unit("H40.15", "Ủy ban nhân dân huyện Sông Lam", parent="H40"),
        make_unit("H40.15.01", "Phòng Nội vụ huyện Sông Lam", aliases=("Phòng Nội vụ",), parent="H40.15"),
        make_unit("H40.04", "Thanh tra tỉnh Thanh Giang", parent="H40"),
        make_unit("H40.16", "Ủy ban nhân dân huyện Núi Lam", parent="H40"),
        make_unit("H40.03", "Sở Thông tin và Truyền thông", parent="H40"),
        make_unit("H40.15.09", "UBND thị trấn Bến Lam", parent="H40.15"),
        make_unit("H40.15.10", "Ủy ban nhân dân xã Tân An", parent="H40.15"),
        make_unit("H40.15.11", "Ủy ban nhân dân xã Tân Ân", parent="H40.15"),
    )
)


@pytest.mark.parametrize(
    ("name", "parent", "ocr", "code"),
    [
        ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", "", False, "H40.15"),
        ("UỶ BAN NHÂN DÂN HUYỆN SÔNG LAM", "", False, "H40.15"),
        ("PHÒNG NỘI VỤ", "ỦY BAN NHÂN DÂN HUYỆN SÔNG LAM", False, "H40.15.01"),
        ("PHÒNG NỘI VỤ", "UBND HUYỆN SÔNG LAM", False, "H40.15.01"),
        ("PHÒNG NỘI VỤ", "UBND HUYỆN NÚI LAM", False, None),
        ("THANH TRA TỈNH", "ỦY BAN NHÂN DÂN TỈNH THANH GIANG", False, "H40.04"),
        ("THANH TRA TỈNH", "ỦY BAN NHÂN DÂN TỈNH HẠ GIANG", False, None),
        ("SỞ THÔNG TIN & TRUYỀN THÔNG", "UBND TỈNH THANH GIANG", False, "H40.03"),
        ("ỦY BAN NHÂN DÂN THỊ TRẤN BẾN LAM", "", False, "H40.15.09"),
        ("ỦY BAN NHÂN DÂN XÃ TÂN AN", "", True, "H40.15.10"),
        ("ỦY BAN NHÂN DÂN XÃ TÂN ÂN", "", True, "H40.15.11"),
        ("ỦY BAN NHÂN DÂN XÃ TẤN AN", "", True, None),
        ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LÀM", "", True, "H40.15"),
        ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAN", "", True, "H40.15"),
        ("ỦY BAN NHÂN DÂN HUYỆN SÔNG LAN", "", False, None),
        ("ỦY BAN NHÂN DÂN HUYỆN NÚI XANH", "", True, None),
    ],
)
def test_a_printed_issuer_names_one_unit_or_none(name: str, parent: str, ocr: bool, code: str | None):
    assert unit_of(Issuer(name, parent, ()), DIRECTORY, ocr) == code


def test_ten_thousand_units_are_indexed_once():
    many = Directory(tuple(make_unit(f"U{i}", f"Ủy ban nhân dân xã số {i} Hạ Lam") for i in range(10_000)))
    issuer = Issuer("ỦY BAN NHÂN DÂN XÃ SỐ 4711 HẠ LAN", "", ())
    unit_of(issuer, many, ocr=True)
    start = time.perf_counter()
    unit_of(issuer, many, ocr=True)
    assert time.perf_counter() - start < 0.2


def test_an_empty_directory_or_no_issuer_names_nobody():
    assert unit_of(Issuer("PHÒNG NỘI VỤ", "", ()), Directory(), ocr=False) is None
    assert unit_of(None, DIRECTORY, ocr=False) is None
