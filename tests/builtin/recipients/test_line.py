"""Lines of Kính gửi and Nơi nhận, as the two directives and published documents print them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.builtin.recipients.index import index_of
from vbdaemon.builtin.recipients.lexicon import lexicon_of
from vbdaemon.builtin.recipients.line import LineReader
from vbdaemon.model import Directory, Group
from vbdaemon.rules.loader import load_recipients
from vbdaemon.testing import make_unit

UNITS = (
    make_unit("T", "Ủy ban nhân dân tỉnh Đông Kỳ", aliases=("UBND tỉnh",), served=False),
    make_unit("S1", "Sở Thông tin và Truyền thông", parent="T", served=False),
    make_unit("S2", "Sở Nội vụ", parent="T", served=False),
    make_unit("H", "Ủy ban nhân dân huyện Sông Lam", parent="T"),
    make_unit("HV", "Văn phòng HĐND và UBND huyện Sông Lam", parent="H"),
    make_unit("H1", "Phòng Nội vụ huyện Sông Lam", parent="H", groups=("cq",)),
    make_unit("H2", "Phòng Tài nguyên và Môi trường", parent="H", groups=("cq",)),
    make_unit("CA", "Công an huyện Sông Lam", parent="H", groups=("cq",)),
    make_unit("TA", "Tòa án nhân dân huyện Sông Lam", parent="H"),
    make_unit("VK", "Viện Kiểm sát nhân dân huyện Sông Lam", parent="H"),
    make_unit("X1", "Ủy ban nhân dân xã Hạ Lam", parent="H", groups=("xa",)),
    make_unit("X2", "Ủy ban nhân dân thị trấn Bến Lam", parent="H", groups=("xa",)),
    make_unit("K", "Ủy ban nhân dân huyện Núi Cao", parent="T"),
    make_unit("K1", "Phòng Nội vụ huyện Núi Cao", parent="K"),
)
GROUPS = (
    Group("xa", "Ủy ban nhân dân các xã, thị trấn"),
    Group("cq", "Các cơ quan, đơn vị thuộc UBND huyện", ("Các phòng, ban thuộc huyện",)),
)
ARTICLE = (
    "Chánh Văn phòng HĐND & UBND huyện; Thủ trưởng các cơ quan, đơn vị thuộc UBND huyện; "
    "Chủ tịch UBND các xã, thị trấn và các tổ chức, cá nhân có liên quan"
)
NAMES = {unit.code: unit.name for unit in UNITS}


RULES, DIRECTORY = load_recipients(), Directory(UNITS, groups=GROUPS)


@pytest.fixture(scope="module")
def read():
    def entries(line: str, issuer: str = "H1", printed: str | None = None, *, ocr: bool = False) -> list[str]:
        """Each entry as its units' codes, or else as what it means and its words."""
        lexicon = lexicon_of(RULES)
        near = (issuer, *DIRECTORY.above(issuer)) if issuer else ()
        name = lexicon.key(printed if printed is not None else NAMES[issuer])
        reader = LineReader(lexicon, index_of(DIRECTORY, RULES), near, name, ocr)
        return [" ".join(u.code for u in e.units) or f"{e.meant}: {e.words}" for e in reader.read(line)]

    return entries


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("Như trên", ["above: Như trên"]),
        ("Như Điều 3;", ["articles: Như Điều 3"]),
        ("Như Điều 2, 3", ["articles: Như Điều 2, 3"]),
        ("Lưu.VT", ["files: Lưu.VT"]),
        ("Lưu: VT-TH, PNV(Th).", ["files: Lưu: VT-TH, PNV(Th)."]),
        ("CT, các PCT UBND huyện", ["issuer: CT, các PCT UBND huyện"]),
        ("LĐVP, CVVP", ["issuer: LĐVP, CVVP"]),
        ("TTUB (CT;PCTVX)", ["issuer: TTUB"]),
        ("CVP; PCVP", ["issuer: CVP; PCVP"]),
        ("VPUB: CVP, PCVP (KGVX), TTHC", ["issuer: VPUB: CVP, PCVP, TTHC"]),
        ("UBND tỉnh", ["T"]),
        ("Sở TT-TT", ["S1"]),
        ("- Các cơ quan, đơn vị thuộc UBND huyện;", ["H1 H2 CA"]),
        ("UBND các xã, thị trấn.", ["X1 X2"]),
        ("UBND các xã, phường, thị trấn", ["nobody: UBND các xã, phường, thị trấn"]),
        ("PCT huyện; TT UBND", ["issuer: PCT huyện", "issuer: TT UBND"]),
        ("PCT huyện, Hội Khuyến học huyện", ["issuer: PCT huyện", "nobody: Hội Khuyến học huyện"]),
        (ARTICLE, ["HV", "H1 H2 CA", "X1 X2", "nobody: các tổ chức, cá nhân có liên quan"]),
    ],
)
def test_the_lines_of_a_districts_own_document(read, line, entries):
    assert read(line, "H") == entries


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("CT, các PCT UBND huyện (để b/c)", ["H"]),
        ("Văn phòng HĐND&UBND huyện", ["HV"]),
        ("Phòng TN&MT: 02 bản", ["H2"]),
        ("phòng Tài nguyên - Môi trường huyện", ["H2"]),
        ("Trưởng phòng Tài nguyên và Môi trường", ["H2"]),
        ("Các phòng: Tài nguyên và Môi trường, Y tế", ["H2", "nobody: Phòng Y tế"]),
        ("TAND, VKSND, CA huyện", ["TA", "VK", "CA"]),
        ("UBND các xã: Hạ Lam, Thượng Lam", ["X1", "nobody: UBND xã Thượng Lam"]),
        ("Công an huyện, Đồn Biên phòng, TAND huyện", ["CA", "nobody: Đồn Biên phòng", "TA"]),
        ("UBND xã Hạ Lam và UBND TT Bến Lam", ["X1", "X2"]),
        ("Sở Nội vụ để báo cáo", ["S2"]),
        ("Sở Nội vụ (để báo cáo", ["S2"]),
        ("Như thành phần", ["nobody: Như thành phần"]),
        ("Công an huyện Núi Cao", ["nobody: Công an huyện Núi Cao"]),
        ("Phòng Nội vụ huyện Núi Cao", ["K1"]),
        ("(để báo cáo)", []),
    ],
)
def test_the_lines_of_a_departments_document(read, line, entries):
    assert read(line, "H1") == entries


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        ("CT, PCT UBND tinh", ["issuer: CT, PCT UBND tinh"]),
        ("Cổng TTĐT tỉnh", ["issuer: Cổng TTĐT tỉnh"]),
        ("Thường trực Tỉnh ủy (b/cáo)", ["nobody: Thường trực Tỉnh ủy"]),
        ("TAND, VKSND tỉnh", ["nobody: TAND, VKSND tỉnh"]),
        ("UBND huyện Sông Lam", ["H"]),
        ("UBND huyên Sông Lam", ["H"]),
        ("Các Sở: Tài chính, Nội vụ, Tư pháp", ["nobody: Sở Tài chính", "S2", "nobody: Sở Tư pháp"]),
    ],
)
def test_the_scanned_lines_of_another_province(read, line, entries):
    assert read(line, "", "Ủy ban nhân dân tỉnh Tây Kỳ", ocr=True) == entries


def test_a_name_without_its_place_means_the_issuers_place_and_nobody_elsewhere(read):
    assert read("Phòng Nội vụ", "X1") == ["H1"]
    assert read("Phòng Nội vụ", "K") == ["K1"]
    assert read("Phòng Nội vụ", "T") == ["nobody: Phòng Nội vụ"]
    assert read("UBND huyện", "X1") == ["H"]
    assert read("UBND huyện", "T") == ["nobody: UBND huyện"]


def test_what_was_not_read_by_ocr_keeps_its_accents(read):
    assert read("UBND huyên Sông Lam") == ["nobody: UBND huyên Sông Lam"]


FRAGMENTS = (
    *("Phòng Nội vụ", "UBND các xã, thị trấn", "CT", "các PCT UBND huyện", "LĐVP", "TAND", "VKSND huyện", "Sở Nội vụ"),
    *("Hội Khuyến học", "Công ty Bến Lam", "Các Sở: Tư pháp", "tổ chức và cá nhân liên quan", "huyện", "thị trấn"),
)


@settings(max_examples=150, deadline=None)
@given(
    parts=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6),
    marks=st.lists(st.sampled_from(["; ", ", ", " và "]), min_size=6, max_size=6),
)
def test_no_word_of_a_line_is_lost(parts, marks):
    line = "".join(part + mark for part, mark in zip(parts, marks, strict=False))
    reader = LineReader(lexicon_of(RULES), index_of(DIRECTORY, RULES), ("H1", "H", "T"), "phòng nội vụ huyện sông lam")
    told = " ".join(entry.words for entry in reader.read(line))
    assert [word for word in words_of(line) if word not in words_of(told)] == []


def words_of(text):
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in ("các", "và")]
