"""Every form of a report is opened again and holds what the report holds."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from lxml import html
from openpyxl import load_workbook

from vbdaemon.rendering import report_page
from vbdaemon.report import output, output_xlsx
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.output_table import write_table
from vbdaemon.report.sheet import Align, Bar, Chart, Column, Light, Report, ReportTooLong, Section

COLUMNS = (
    Column("Stt", 4, Align.RIGHT, number="(1)"),
    Column("Đơn vị", 20, number="(2)"),
    Column("Số văn bản", 8, Align.RIGHT, number="(3)"),
    Column("Tỷ lệ", 8, Align.RIGHT, percent=True, decimals=2, number="(4)"),
    Column("Ngày", 8, Align.CENTER, number="(5)"),
    Column("Lúc", 10, Align.CENTER, number="(6)"),
    Column("Có", 4, Align.CENTER, number="(7)"),
    Column("Số đến", 6, Align.RIGHT, grouped=False, number="(8)"),
)
DAY, MOMENT = date(2026, 4, 7), datetime(2026, 4, 7, 18, 5, tzinfo=UTC)
ROWS = (
    (1, "Ủy ban nhân dân xã Ân Nghĩa", 1234567, 0.0371, DAY, MOMENT, True, 1234),
    (2, '=HYPERLINK("x")', 0, 0.3, DAY, None, False, None),
    (3, "<b>Phòng</b> & #let x", 5, None, None, MOMENT, True, 7),
    (None, "Tổng cộng", 1234572, 0.5, None, None, None, None),
)  # fmt: skip
EVIL = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\u200b=1", "＝1+1", "\r=1"]


@pytest.fixture
def report() -> Report:
    chart = Chart("Tỷ lệ ký số", (Bar("Xã Ân Nghĩa", 0.0371, Light.RED), Bar("Phòng <Y tế>", 0.5)), True, 0.3)
    lights = ((0, 3, Light.RED), (1, 3, Light.GREEN))
    return Report(
        name="thu_2026-q2",
        title="Báo cáo tình hình ký số",
        subtitle="Quý II năm 2026",
        office="Văn phòng HĐND và UBND huyện Mẫu",
        parent="Ủy ban nhân dân huyện Mẫu",
        made_at=datetime(2026, 7, 1, 0, 0, tzinfo=UTC),
        sections=(
            Section("I. Theo đơn vị", COLUMNS, ROWS, ("Không tính văn bản mật.",), chart, lights, total=True),
            Section("II. Trống", COLUMNS, (), new_page=True),
        ),
        notes=("Ghi chú chung.",),
        landscape=True,
    )


def test_csv_opens_in_a_vietnamese_spreadsheet_and_holds_no_formula(report):
    body = write(report, OutputForm.CSV)
    assert body.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in body
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Báo cáo tình hình ký số"]
    assert [column.title for column in COLUMNS] in rows
    assert [
        "1",
        "Ủy ban nhân dân xã Ân Nghĩa",
        "1234567",
        "3,71%",
        "07/04/2026",
        "08/04/2026 01:05",
        "x",
        "1234",
    ] in rows
    assert ["2", '\'=HYPERLINK("x")', "0", "30,00%", "07/04/2026", "", "", ""] in rows


@pytest.mark.parametrize("words", EVIL)
def test_no_words_become_a_formula(report, words):
    section = Section(words, (Column(words),), ((words,),), (words,))
    evil = replace(report, title=words, subtitle=words, office=words, sections=(section,), notes=(words,))
    text = write(evil, OutputForm.CSV).decode("utf-8-sig")
    fields = [each for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for each in row if each]
    assert [each for each in fields if each.startswith("'")] == fields
    book = load_workbook(io.BytesIO(write(evil, OutputForm.XLSX)))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value} == {"s"}


def test_xlsx_holds_real_numbers_days_and_a_head_that_stays(report):
    book = load_workbook(io.BytesIO(write(report, OutputForm.XLSX)))
    assert book.sheetnames == ["I. Theo đơn vị", "II. Trống"]
    page = book.worksheets[0]
    assert [cell.value for cell in page[5]] == [column.title for column in COLUMNS]
    first = page[6]
    assert [cell.value for cell in first] == [
        1, "Ủy ban nhân dân xã Ân Nghĩa", 1234567, 0.0371, datetime(2026, 4, 7), datetime(2026, 4, 8, 1, 5), "x", 1234,  # noqa: DTZ001 - a spreadsheet knows no zones
    ]  # fmt: skip
    assert [cell.number_format for cell in first[2:6]] == ["#,##0", "#,##0.00%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"]
    assert first[7].number_format == "0"
    assert first[3].fill.fgColor.rgb.endswith(output_xlsx.FILLS[Light.RED])
    assert page[7][1].quotePrefix
    assert page[9][1].font.bold
    assert (page.freeze_panes, page.print_title_rows, page.page_setup.orientation) == ("A6", "$5:$5", "landscape")
    assert page.auto_filter.ref == "A5:H9"
    assert page.column_dimensions["B"].width > page.column_dimensions["A"].width


@pytest.mark.parametrize(
    ("words", "form"), [("15/01", "@"), ("3/2026", "@"), ("607", "@"), ("1,5%", "@"), ("15/QĐ-UBND", "General")]
)
def test_text_that_looks_like_a_day_or_a_number_stays_text_when_it_is_edited(report, words, form):
    section = Section("x", (Column("y"),), ((words,),))
    book = load_workbook(io.BytesIO(write(replace(report, sections=(section,)), OutputForm.XLSX)))
    cell = book.worksheets[0]["A6"]
    assert (cell.value, cell.data_type, cell.number_format) == (words, "s", form)


def test_times_are_told_in_the_unit_that_fits_and_can_be_added_up_in_spreadsheets(report):
    timed = (Column("Thời gian", duration=True),)
    made = replace(report, sections=(Section("x", timed, ((12,), (97_500.4,), (None,))),))
    cells = [row[0] for row in load_workbook(io.BytesIO(write(made, OutputForm.XLSX))).worksheets[0]["A6:A8"]]
    assert [cell.value for cell in cells] == [timedelta(seconds=12), timedelta(days=1, seconds=11_100.4), None]
    assert cells[0].number_format == "[h]:mm:ss"
    rows = list(csv.reader(io.StringIO(write(made, OutputForm.CSV).decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[5:8]] == ["0:00:12", "27:05:00", ""]
    told = json.loads(write(made, OutputForm.JSON))["sections"][0]
    assert (told["columns"][0]["seconds"], told["rows"]) == (True, [[12], [97_500.4], [None]])
    assert "1 ngày 3 giờ" in write(made, OutputForm.TABLE).decode()


def test_sheets_of_a_workbook_have_different_lawful_titles(report):
    sections = tuple(Section(heading, COLUMNS[:1], ()) for heading in ("a/b" * 20, "a/b" * 20, "", "A B", "'x'"))
    book = load_workbook(io.BytesIO(write(replace(report, sections=sections), OutputForm.XLSX)))
    assert len({title.casefold() for title in book.sheetnames}) == len(sections)
    assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in book.sheetnames)


def test_control_characters_and_endless_words_do_not_break_a_workbook(report):
    section = Section("x", (Column("y"),), (("a\x00\x0bb",), ("ữ" * 40_000,)))
    book = load_workbook(io.BytesIO(write(replace(report, sections=(section,)), OutputForm.XLSX)))
    assert [len(str(row[0].value)) for row in book.worksheets[0]["A6:A7"]] == [2, 32_767]


def test_more_rows_than_a_sheet_holds_are_refused_in_one_line(report, monkeypatch):
    monkeypatch.setattr(output_xlsx, "MOST_ROWS", 3)
    with pytest.raises(ReportTooLong, match="choose a shorter period, a unit, or --format csv"):
        write(report, OutputForm.XLSX)


def test_more_rows_than_anybody_leafs_through_are_refused_in_one_line(report, monkeypatch):
    monkeypatch.setattr(output, "MOST_ROWS_ON_PAGES", 3)
    for form in (OutputForm.HTML, OutputForm.PDF):
        with pytest.raises(ReportTooLong, match="--format csv"):
            write(report, form)


def test_json_is_for_programs(report):
    told = json.loads(write(report, OutputForm.JSON))
    assert (told["schema"], told["name"], told["title"]) == (1, "thu_2026-q2", "Báo cáo tình hình ký số")
    first = told["sections"][0]
    assert [column["title"] for column in first["columns"]] == [column.title for column in COLUMNS]
    assert first["rows"][0] == [
        1, "Ủy ban nhân dân xã Ân Nghĩa", 1234567, 0.0371, "2026-04-07", "2026-04-07T18:05:00+00:00", True, 1234,
    ]  # fmt: skip
    assert first["lights"] == [[0, 3, "red"], [1, 3, "green"]]


def test_html_is_one_page_that_needs_nothing_else_and_escapes_everything(report):
    body = write(report, OutputForm.HTML).decode()
    page = html.fromstring(body)
    assert not re.search(r"(?:src|href)=|https?://(?!www\.w3\.org/2000/svg)|<script|@import|url\(", body)
    cells = [[cell.text_content() for cell in row.iter("td")] for row in page.iter("tr")]
    assert [
        "1",
        "Ủy ban nhân dân xã Ân Nghĩa",
        "1.234.567",
        "3,71%",
        "07/04/2026",
        "08/04/2026 01:05",
        "x",
        "1234",
    ] in cells
    assert any("<b>Phòng</b> & #let x" in row for row in cells)
    assert "Không có số liệu." in body
    (drawing,) = page.iter("svg")
    assert "Phòng <Y tế>: 50%" in [each.text for each in drawing.iter("title")]
    assert "Chỉ tiêu 30%" in "".join(drawing.itertext())
    for rule in ("size: A4 landscape", "table-header-group", "break-before: page", "counter(page)"):
        assert rule in body


def test_pdf_has_pages_with_numbers_and_all_the_words(report):
    long = replace(report.sections[0], rows=ROWS[:3] * 40)
    document = pypdfium2.PdfDocument(write(replace(report, sections=(long, report.sections[1])), OutputForm.PDF))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    assert len(texts) >= 3
    assert all(f"Trang {number}/{len(texts)}" in text for number, text in enumerate(texts, start=1))
    assert all("Số văn bản" in text for text in texts)  # the table's head on every page
    assert "BÁO CÁO TÌNH HÌNH KÝ SỐ" in texts[0]
    assert "1.234.567" in texts[0]
    assert "<b>Phòng</b> & #let x" in texts[0]
    assert "II. Trống" in texts[-1]
    assert "1.234.567" not in texts[-1]
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (842, 595)


def test_a_very_long_table_is_left_without_tags(report, monkeypatch):
    assert b"/StructTreeRoot" in write(report, OutputForm.PDF)
    monkeypatch.setattr(report_page, "MOST_TAGGED", 30)
    assert b"/StructTreeRoot" not in write(report, OutputForm.PDF)


@pytest.mark.parametrize("width", [60, 100, 160])
def test_a_terminal_gets_lines_that_fit_and_no_control_characters(report, width):
    evil = Section("x", (Column("y"), Column("z", align=Align.RIGHT)), (("a\x1b[2J\u202eb\nc", 5),))
    text = write_table(replace(report, sections=(*report.sections, evil)), width).decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert "■ 3,71%" in text
    assert "● 30,00%" in text
    if width == 160:
        assert max(map(len, text.splitlines())) <= width
        assert re.search(r"1  Ủy ban nhân dân xã Ân Nghĩa +1\.234\.567 +■ 3,71%", text)
    assert "1.234.567" in text  # numbers are never folded


def test_a_terminal_with_colours_gets_them(report):
    assert "\x1b[31m" in write_table(report, 160, colour=True).decode()


def test_the_same_report_gives_the_same_bytes(report):
    for form in (OutputForm.TABLE, OutputForm.CSV, OutputForm.HTML, OutputForm.PDF):
        assert write(report, form) == write(report, form)


@pytest.fixture
def converted(tmp_path):
    """LibreOffice opens a file and writes it in another form; Vietnamese, UTF-8, semicolons wherever it reads CSV."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")

    def convert(body, name, ending):
        (tmp_path / name).write_bytes(body)
        sheet = "59,34,76,1,,1066"
        target = f"csv:Text - txt - csv (StarCalc):{sheet}" if ending == "csv" else ending
        options = (f"-env:UserInstallation=file://{tmp_path}/profile", f"--infilter=CSV:{sheet}")
        command = (office, "--headless", *options[: 2 if name.endswith(".csv") else 1], "--convert-to", target)
        subprocess.run([*command, "--outdir", tmp_path, tmp_path / name], check=True, timeout=120, capture_output=True)
        return (tmp_path / name).with_suffix(f".{ending}").read_bytes()

    return convert


@pytest.mark.slow
def test_libreoffice_opens_the_workbook(report, converted):
    rows = list(
        csv.reader(io.StringIO(converted(write(report, OutputForm.XLSX), "thu.xlsx", "csv").decode()), delimiter=";")
    )
    assert rows[0][0] == "Báo cáo tình hình ký số"
    assert ["1", "Ủy ban nhân dân xã Ân Nghĩa", "1,234,567", "3.71%", "07/04/2026"] in [row[:5] for row in rows]
    assert '=HYPERLINK("x")' in [row[1] for row in rows]  # text, not a link


@pytest.mark.slow
def test_in_the_csv_a_vietnamese_libreoffice_sees_numbers_as_numbers_and_days_as_days(report, converted):
    sheet = load_workbook(io.BytesIO(converted(write(report, OutputForm.CSV), "bang.csv", "xlsx"))).active
    rows = [row[1:6] for row in sheet.iter_rows(values_only=True)]
    moment = datetime(2026, 4, 8, 1, 5)  # noqa: DTZ001 - a spreadsheet knows no time zones
    day = datetime(2026, 4, 7)  # noqa: DTZ001 - as above
    assert ("Ủy ban nhân dân xã Ân Nghĩa", 1234567, 0.0371, day, moment) in rows
    assert '\'=HYPERLINK("x")' in [row[0] for row in rows]


def test_the_workbook_is_a_sound_archive(report):
    assert zipfile.ZipFile(io.BytesIO(write(report, OutputForm.XLSX))).testzip() is None
