"""The directory as a table: what Excel and people do to it comes back as units, or as a mistake with its place."""

import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from vbdaemon.clock import VIETNAM
from vbdaemon.directory.units import load_listed, load_units
from vbdaemon.directory.units_cells import cell, flag_of, text_of
from vbdaemon.directory.units_columns import Grid
from vbdaemon.directory.units_csv import accounts_path, csv_text, read_csv
from vbdaemon.directory.units_diff import changes
from vbdaemon.directory.units_file import draft, has_comments, put_in_place, units_toml
from vbdaemon.directory.units_table import account_cells, imported, unit_cells
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, AccountRole, Group, Unit, UnitChannel
from vbdaemon.reading.units_sheet import read_sheets, workbook

UNITS = (
    Unit("H99.01", "Ủy ban nhân dân huyện Mẫu", ("UBND huyện",), groups=("huyen",), served=True),
    Unit(
        "000.00.04.H99",
        'Phòng "Nội vụ"',
        ("PNV", "Nội vụ, huyện"),
        "H99.01",
        ("huyen", "khoi-a"),
        addresses=("pnv@example.vn",),
        networks=("10.1.2.0/24",),
        folder="phong-noi-vu",
        accounts=(Account("vt.pnv", AccountRole.CLERK, "gui", ("vt@example.vn",), "vt", "nhan-vt"),),
        signature_issued=False,
        scored=False,
        channels=(UnitChannel.MAIL, UnitChannel.PAPER),
        channels_note="=chưa nối mạng",
    ),
    Unit(
        "H99.03",
        "=Đơn vị khó",
        folder="kho",
        accounts=(
            Account("H99.03/gui", AccountRole.CLERK, "gui"),
            Account("H99.03/gui-lanh-dao", AccountRole.LEADER, "gui-lanh-dao"),
        ),
        language="en",
    ),
)


def grid(*rows: tuple[object, ...]) -> Grid:
    return Grid("units.csv", rows)


def accounts(*rows: tuple[object, ...]) -> Grid:
    return Grid("units.accounts.csv", (("unit", "name", "role", "drop", "addresses", "login"), *rows))


def mistakes(units: Grid, theirs: Grid | None = None, before: tuple[Unit, ...] = ()) -> list[str]:
    with pytest.raises(DirectoryError) as raised:
        imported(units, theirs, before)
    return str(raised.value).splitlines()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_gives_back_the_units_that_were_written_to_it(tmp_path, kind):
    sheets = {"units": unit_cells(UNITS), "accounts": account_cells(UNITS)}
    if kind == "xlsx":
        (tmp_path / "u.xlsx").write_bytes(workbook(sheets))
        read = read_sheets(tmp_path / "u.xlsx")
        grids = Grid("units", read["units"]), Grid("accounts", read["accounts"])
    else:
        for name, rows in sheets.items():
            (tmp_path / f"{name}.csv").write_text(csv_text(rows), encoding="utf-8")
        grids = read_csv(tmp_path / "units.csv"), read_csv(tmp_path / "accounts.csv")
    assert imported(*grids, ()).units == UNITS


def test_the_file_of_toml_gives_back_the_units_that_were_written_to_it(tmp_path):
    hard = (*UNITS, Unit("X1", 'a "b" \\ \x7f \t c', ("d\ne",)))
    (tmp_path / "units.toml").write_text(units_toml(hard), encoding="utf-8")
    assert load_units(tmp_path / "units.toml") == hard


def test_groups_stay_in_the_file(tmp_path):
    groups = (Group("xa", "UBND các xã", ("các xã",)), Group("huyen", "Các phòng"))
    (tmp_path / "units.toml").write_text(units_toml(UNITS, groups), encoding="utf-8")
    listed = load_listed(tmp_path / "units.toml")
    assert (listed.units, listed.groups) == (UNITS, groups)


def test_channels_are_written_in_words_of_the_office():
    rows = grid(("code", "name", "cách nhận", "lý do", "chấm điểm"), ("H1", "A", "Giấy; thư điện tử", "xa", "không"))
    (made,) = imported(rows, None, ()).units
    assert made == Unit("H1", "A", scored=False, channels=(UnitChannel.MAIL, UnitChannel.PAPER), channels_note="xa")


def test_no_cell_that_is_written_is_a_formula(tmp_path):
    evil = (Unit("=1+1", "@SUM(A1)", ("+84", "-x"), accounts=(Account("=cmd", AccountRole.CLERK),)),)
    text = csv_text((*unit_cells(evil), *account_cells(evil)))
    fields = [field.strip('"') for line in text.splitlines()[1:] for field in line.split(";")]
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@"))]
    (tmp_path / "u.xlsx").write_bytes(workbook({"units": unit_cells(evil), "accounts": account_cells(evil)}))
    read = read_sheets(tmp_path / "u.xlsx")
    assert imported(Grid("units", read["units"]), Grid("accounts", read["accounts"]), ()).units == evil


def test_the_csv_opens_in_vietnamese_excel():
    text = csv_text(unit_cells(UNITS))
    assert text.startswith("\ufeffcode;name;")
    assert ";TRUE;" in text


@pytest.mark.parametrize(
    "body",
    [
        "\ufeffcode;name;served\r\nH1 ; Phòng A;x\r\n".encode(),
        b'sep=,\r\ncode,name,served\r\nH1,"Ph\xc3\xb2ng A",TRUE\r\n',
        "code\tname\tserved\r\nH1\tPhòng A\tcó\r\n".encode("utf-16"),
        "code;name;served;;\nH1;Pho\u0300ng\u00a0A;1;;\n;;;;\n\n".encode(),
        "Mã định danh;Tên đơn vị;Chuyển văn bản;STT;Ghi chú\nH1;Phòng A\u200b;Có;1;mới\n".encode(),
    ],
    ids=["semicolons and BOM", "sep=", "unicode text", "decomposed, empty columns and rows", "Vietnamese heading"],
)
def test_a_csv_is_read_however_excel_saved_it(tmp_path, body):
    (tmp_path / "u.csv").write_bytes(body)
    assert imported(read_csv(tmp_path / "u.csv"), None, ()).units == (Unit("H1", "Phòng A", served=True),)


def test_a_csv_that_is_not_utf_8_is_a_mistake_with_its_remedy(tmp_path):
    (tmp_path / "u.csv").write_bytes("code;name\nH1;Phòng".encode("cp1258", "replace") + b"\xff\xfe\xf2")
    with pytest.raises(DirectoryError, match='save it as "CSV UTF-8"'):
        read_csv(tmp_path / "u.csv")


def test_a_workbook_that_is_none_is_a_mistake_in_words(tmp_path):
    for name, body in {"a.xlsx": b"code;name", "b.xlsx": b"PK\x03\x04 broken", "c.xlsx": b""}.items():
        (tmp_path / name).write_bytes(body)
        with pytest.raises(DirectoryError, match="no workbook that can be read"):
            read_sheets(tmp_path / name)
    with pytest.raises(DirectoryError, match="no such file"):
        read_sheets(tmp_path / "absent.xlsx")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "TRUE"), (12, "12"), (3.0, "3"), ("  a \n  b ", "a\nb"), ("'=x", "=x"), ("'x", "'x")],
)
def test_a_cell_becomes_text(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize("value", [1.5, datetime(2026, 1, 2, tzinfo=VIETNAM), "#REF!"])
def test_what_excel_made_something_else_of_is_a_mistake(value):
    with pytest.raises(ValueError, match=r"text"):
        text_of(value)


@pytest.mark.parametrize("word", ["TRUE", "true", "1", "x", "X", "có", "Có", "v", "đúng"])
def test_yes_has_many_words(word):
    assert flag_of(word)


@pytest.mark.parametrize("word", ["FALSE", "0", "không", "KHÔNG", "sai", "no"])
def test_no_has_many_words(word):
    assert not flag_of(word)


def test_a_guarded_cell_comes_back_as_it_was():
    for text in ("=1", "+84 2", "-", "@a", "plain", "'tis"):
        assert text_of(cell(text)) == text


@pytest.mark.parametrize(
    ("units", "theirs", "told"),
    [
        (grid(("code", "name", "servd")), None, "units.csv: row 1: column 'servd' is not known; there are: code, name"),
        (grid(("name",)), None, "units.csv: row 1: there is no column code"),
        (grid(), None, "units.csv: row 1: there is no column code"),
        (grid(("code", "name", "code")), None, "units.csv: row 1: column code stands twice"),
        (grid(("code", "name"), ("H1", "A"), ("", "B")), None, "units.csv: row 3, column code: empty"),
        (grid(("code", "name"), ("H1", None)), None, "units.csv: row 2, column name: Field required"),
        (
            grid(("code", "name", "served"), ("H1", "A", "vâng")),
            None,
            "units.csv: row 2, column served: 'vâng' is neither yes nor no",
        ),
        (grid(("code", "name"), (1.25, "A")), None, "units.csv: row 2, column code: Excel made a number"),
        (
            grid(("code", "name", "networks"), ("H1", "A", "10.1.2.0/99")),
            None,
            "units.csv: row 2, column networks: '10.1.2.0/99' does not",
        ),
        (grid(("code", "name"), ("H1", "A"), (), ("H1", "B")), None, "units.csv: row 4, column code: this code stands"),
        (grid(("code", "name", "parent"), ("H1", "A", "H9")), None, "units.csv: row 2, column parent: parent 'H9'"),
        (
            grid(("code", "name", "folder"), ("H1", "A", "a"), ("H2", "B", "a")),
            None,
            "units.csv: row 3, column folder: folder 'a' belongs to unit H1 already",
        ),
        (
            grid(("code", "name"), ("H1", "A")),
            accounts(("H2", "vt", "clerk")),
            "units.accounts.csv: row 2, column unit: 'H2' is no unit of units.csv",
        ),
        (
            grid(("code", "name"), ("H1", "A")),
            accounts(("H1", "a", "clerk"), ("H1", "b", "sếp")),
            "units.accounts.csv: row 3, column role: Input should be",
        ),
        (
            grid(("code", "name"), ("H1", "A"), ("H2", "B")),
            accounts(("H1", "a", "clerk", None, None, "vt"), ("H2", "b", "văn thư", None, None, "VT")),
            "units.accounts.csv: row 3, column login: login 'vt' is in use already, by unit H1",
        ),
        (
            grid(("code", "name", "signature_issued"), ("H1", "A", "x"), ("H2", "B", None)),
            None,
            "units.csv: row 3, column signature_issued: empty, and other rows have a mark",
        ),
        (
            grid(("code", "name", "scored"), ("H1", "A", "x"), ("H2", "B", None)),
            None,
            "units.csv: row 3, column scored: empty, and other rows have a mark",
        ),
        (
            grid(("code", "name", "channels"), ("H1", "A", ""), ("H2", "B", "giấy")),
            None,
            "units.csv: row 3, column channels: channels leaves some out: say why in channels_note",
        ),
    ],
)
def test_a_mistake_names_sheet_row_and_column(units, theirs, told):
    (line,) = mistakes(units, theirs)
    assert line.startswith(told)


def test_all_mistakes_are_told_at_once():
    rows = grid(("code", "name", "served"), ("H1", "A", "?"), ("H2", "B", "!"), (1.5, "C", "x"))
    assert len(mistakes(rows, accounts(("", "a", "clerk")))) == 4


def test_what_the_table_does_not_carry_stays_as_it_was():
    (after,) = imported(grid(("code", "name"), ("000.00.04.H99", "Phòng Nội vụ mới")), None, UNITS[:1]).units
    assert after == Unit("000.00.04.H99", "Phòng Nội vụ mới")
    rows = grid(("code", "aliases"), ("H99.01", "UBND H."), ("000.00.04.H99", None), ("H99.03", None))
    made = imported(rows, None, UNITS).units
    assert made[0].served
    assert made[0].aliases == ("UBND H.",)
    assert made[1].aliases == ()
    assert (made[1].accounts, made[1].networks) == (UNITS[1].accounts, UNITS[1].networks)
    assert made[2] == UNITS[2]


def test_a_sheet_of_accounts_says_all_that_there_are():
    rows = grid(("code",), *((unit.code,) for unit in UNITS))
    made = imported(rows, accounts(("H99.03", "ld", "thủ trưởng", "trinh")), UNITS).units
    assert [a.name for a in made[1].accounts] == ["000.00.04.H99/gui", "000.00.04.H99/gui-lanh-dao"]
    assert made[2].accounts == (Account("ld", AccountRole.LEADER, "trinh"),)


@pytest.mark.parametrize(
    ("code", "usual"),
    [("000.00.04.G14", True), ("H37.02.02", True), ("H37.DN.001", True), ("H99", True), ("CS:GOV:1", False)],
)
def test_an_unusual_code_is_remarked_and_taken(code, usual):
    found = imported(grid(("code", "name"), (code, "A")), None, ())
    assert found.units[0].code == code
    assert (found.remarks == ()) is usual


def test_an_entry_with_a_semicolon_fits_in_no_cell():
    with pytest.raises(DirectoryError, match="unit H1: 'a; b' holds a semicolon"):
        unit_cells((Unit("H1", "A", ("a; b",)),))


def test_the_difference_names_keys_and_accounts():
    after = (
        Unit("H99.01", "UBND huyện Mẫu", ("UBND huyện",), groups=("huyen",), served=True),
        Unit("H99.09", "Mới"),
        Unit(**{name: getattr(UNITS[1], name) for name in Unit.__slots__} | {"accounts": ()}),
    )
    found = changes(UNITS, after)
    assert [unit.code for unit in found.added] == ["H99.09"]
    assert [unit.code for unit in found.removed] == ["H99.03"]
    assert [lines for _, lines in found.changed] == [
        ("name: Ủy ban nhân dân huyện Mẫu -> UBND huyện Mẫu",),
        ("account vt.pnv: removed",),
    ]
    assert not changes(UNITS, tuple(reversed(UNITS)))


def test_the_former_file_stays_beside_the_new_one(tmp_path):
    path = tmp_path / "units.toml"
    at = datetime(2026, 11, 22, 17, 0, tzinfo=VIETNAM)
    assert put_in_place(draft(path, units_toml(UNITS)), path, None, at) is None
    path.chmod(0o640)
    for name in ("units.toml.2026-11-22", "units.toml.2026-11-22-2"):
        before = path.read_bytes()
        former = put_in_place(draft(path, units_toml(UNITS[:1])), path, before, at)
        assert former == tmp_path / name
        assert former.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640
    assert tomllib.loads(path.read_text("utf-8"))["unit"][0]["code"] == "H99.01"


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "units.toml"
    path.write_text("# by hand\n", encoding="utf-8")
    with pytest.raises(DirectoryError, match="somebody changed it meanwhile"):
        put_in_place(draft(path, units_toml(UNITS)), path, b"", datetime.now(VIETNAM))
    assert path.read_text("utf-8") == "# by hand\n"
    assert has_comments("# by hand\n")
    assert not has_comments(units_toml(UNITS))


def test_the_accounts_stand_beside_the_units():
    assert accounts_path(Path("a/don-vi.csv")) == Path("a/don-vi.accounts.csv")
