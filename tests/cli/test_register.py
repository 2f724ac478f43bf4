"""`vbdaemon register` and `vbdaemon print`: the books as people use them, without a daemon."""

import csv
import io
import json
import re
from datetime import date

import pypdf
import pytest

from vbdaemon.errors import ActRefused, ConfigurationError, UnknownSubmission
from vbdaemon.model import Channel, DocumentVerdict, Envelope, Verdict, Withdrawal
from vbdaemon.model.register import Books
from vbdaemon.report import register_book
from vbdaemon.report.output import OutputForm
from vbdaemon.snapshot import default_snapshot
from vbdaemon.spool.store import Spool, sha256_of
from vbdaemon.state import decisions, register, register_acts, register_index, submissions
from vbdaemon.state.records import Decision
from vbdaemon.state.register_update import Told
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, demo_pdf, make_classification

pytestmark = pytest.mark.slow

WHY = ("--reason", "theo bản gốc", "--by", "Nguyễn Thị Văn Thư")


class Office:
    """A site that received some documents and has no daemon now."""

    def __init__(self, site):
        self.site = site
        self.spool = Spool(site.folder / "spool")
        self.spool.prepare()
        self.state = State(f"sqlite:///{site.folder / 'spool' / 'state.sqlite3'}")
        self.made = 0

    def receive(self, body=b"%PDF-1.7 a", name="cv.pdf", withdrawn=None, **known):
        self.made += 1
        id_ = f"260302-{self.made:08d}"
        incoming = self.spool.begin(id_)
        (self.site.folder / "in").write_bytes(body)
        with (self.site.folder / "in").open("rb") as file:
            incoming.add(name, file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))
        self.state.admit(id_, "gui", id_, NOON).result()
        sha256 = sha256_of(self.spool.folder_of(id_) / "001")
        kind = make_classification(**known)
        verdict = DocumentVerdict(
            name, sha256, (sha256,), kind, (), (), Verdict.accept(), withdrawn=withdrawn, pages=1, language="Tiếng Việt"
        )

        def settle(connection):
            row = submissions.get(connection, id_)
            entered = register.enter(connection, row, 0, verdict, default_snapshot(), Books(), NOON)
            decisions.write(connection, id_, 1, NOON, "s", Decision((entered,)))
            decisions.write_documents(connection, id_, (entered,))

        self.state.write(settle)
        return id_

    def run(self, *words):
        done = self.site.run("register", *words)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    def keys(self, *words):
        return [line["key"] for line in json.loads(self.run(*words, "--json"))]


@pytest.fixture
def office(site):
    office = Office(site)
    yield office
    office.state.close()


def test_paper_is_entered_corrected_made_void_and_shown_with_its_history(office):
    office.receive()
    said = office.run("add", *WHY, "--issuer", "Huyện ủy Sông Lam", "--date", "15/01/2026", "--subject", "thông báo")
    key = said.split(":")[0]
    assert "still to be typed in: form, number, symbol" in said
    assert office.keys("incomplete") == [key]
    office.run("correct", key, *WHY, "--number", "07/TB-HU", "--form", "thong-bao", "--due", "2026-02-01")
    assert office.keys("incomplete") == []
    assert office.keys("search", "huyen uy", "07/TB-HU") == office.keys("search", "15/01/2026") == [key]
    office.run("void", key, *WHY)
    (shown,) = json.loads(office.run("show", key, "--json"))
    assert shown["voided_at"] is not None
    assert shown["void_reason"] == "theo bản gốc"
    changed = {each["field"]: (each["before"], each["after"]) for each in shown["changes"]}
    assert changed["number"] == (None, "07")
    assert changed["symbol"] == (None, "TB-HU")
    assert {each["who"] for each in shown["changes"]} == {"Nguyễn Thị Văn Thư"}
    assert "HỦY" in office.run("list")
    office.run("void", key, "--undo", *WHY)
    assert json.loads(office.run("show", key, "--json"))[0]["voided_at"] is None


def test_a_line_that_is_like_another_one_once_it_was_corrected_is_named(office):
    office.receive()
    typed = ("--symbol", "PNV-TCCC", "--date", "02/03/2026", "--issuer", "Phòng Nội vụ")
    key = office.run("add", *WHY, *typed).split(":")[0]
    done = office.site.run("register", "correct", key, *WHY, "--number", "015")
    assert done.stderr == f"{key} is like den/2026/1 now; if they are one document, make one of them void\n"
    assert office.site.run("register", "correct", key, *WHY, "--number", "16").stderr == ""


def test_who_corrects_a_paper_that_a_document_joined_is_told_that_both_are(office):
    typed = {"number": "15", "symbol": "PNV-TCCC", "issued_on": date(2026, 3, 2), "issuer": "Phòng Nội vụ"}
    told = Told("Nguyễn Thị Văn Thư", "nhận tại quầy", NOON)
    key = office.state.write(lambda c: register_acts.enter_paper(c, register_acts.Paper(typed), Books(), told)).key
    id_ = office.receive()
    done = office.site.run("register", "correct", key, *WHY, "--subject", "việc khác")
    assert done.stderr == f"{key} is a paper and document {id_} in one: both are corrected\n"
    assert office.site.run("register", "correct", key, *WHY, "--note", "x").stderr == ""


def test_no_unit_answers_for_a_paper_whose_issuer_was_corrected_to_a_stranger(office):
    key = office.run("add", *WHY, "--issuer", "Phòng Nội vụ huyện Bến Lam", "--number", "3/PNV").split(":")[0]
    assert json.loads(office.run("show", key, "--json"))[0]["issuer_unit"] == "H40.2"
    office.run("correct", key, *WHY, "--issuer", "Công ty Bến Lam")
    assert json.loads(office.run("show", key, "--json"))[0]["issuer_unit"] is None


def test_what_goes_out_on_paper_is_issued_by_this_office(office):
    key = office.run(
        "add", *WHY, "--outgoing", "--number", "5/UBND", "--date", "2026-01-15", "--form", "cong-van", "--subject", "x"
    ).split(":")[0]
    assert json.loads(office.run("show", key, "--json"))[0]["issuer"] == "Văn phòng mẫu"
    assert office.keys("incomplete") == []


def test_a_line_is_named_by_its_number_or_by_the_submission(office):
    id_ = office.receive()
    (by_id,) = json.loads(office.run("show", id_, "--json"))
    (by_number,) = json.loads(office.run("show", "den/2026/1", "--json"))
    assert by_id == by_number
    assert "rà soát đội ngũ" in office.run("show", id_)
    assert office.run("gaps") == "no gaps\n"


def test_a_lost_index_is_made_anew(office):
    office.receive()
    office.state.write(lambda c: register_index.drop(c, 1))
    assert office.keys("search", "rà soát") == []
    assert "made anew" in office.run("reindex")
    assert office.keys("search", "rà soát") == ["den/2026/1"]


def test_pages_of_the_list_follow_each_other(office):
    for number in range(5):
        office.receive(f"%PDF-1.7 {number}".encode(), number=str(number + 1))
    assert office.keys("list", "--limit", "2") == ["den/2026/5", "den/2026/4"]
    assert office.keys("list", "--limit", "2", "--after", "den/2026/4") == ["den/2026/3", "den/2026/2"]


@pytest.mark.parametrize(
    ("words", "mistake", "told"),
    [
        (("correct", "den/2026/1", "--reason", " "), ConfigurationError, "nothing to correct"),
        (("correct", "den/2026/1", "--reason", " ", "--number", "1"), ConfigurationError, "--reason is empty"),
        (("correct", "den/2026/1", *WHY, "--date", "31/02/2026"), ConfigurationError, "is no day"),
        (("correct", "den/2026/1", *WHY, "--form", "thu-tay"), ConfigurationError, "is no form; there are: nghi-quyet"),
        (("correct", "den/2026/1", *WHY, "--arrival-number", "9"), ActRefused, "never changed"),
        (("show", "den/2026/7"), UnknownSubmission, "no line of the register"),
        (("show", "@99999999999999999999"), UnknownSubmission, "no line of the register"),
        (("add", *WHY, "--from", "H99"), ConfigurationError, "is no unit"),
        (("search", '"*"'), ConfigurationError, "no word to look for"),
        (("print", "--book", "khac"), ConfigurationError, "is no book"),
        (("print", "--year", "1999"), ActRefused, "no line in 1999; there are: den 2026"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_the_remedy(office, words, mistake, told):
    office.receive()
    with pytest.raises(mistake, match=told):
        office.run(*words)


def test_the_whole_book_is_printed_in_every_form(office, tmp_path):
    office.receive()
    office.receive(b"%PDF-1.7 b", form="don", restricted=True, number=None, symbol=None)
    office.run("void", "den/2026/1", *WHY)
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("html", b"<!"), ("pdf", b"%PDF")):
        target = tmp_path / f"so.{form}"
        said = office.run("print", "--year", "2026", "--format", form, "--out", str(target))
        assert said == f"written to {target}: 2 lines\n"
        assert target.read_bytes().lower().startswith(begins.lower())
    rows = list(csv.reader(io.StringIO((tmp_path / "so.csv").read_text("utf-8-sig")), delimiter=";"))
    assert ["SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"] in rows
    first, second = (row for row in rows if row[:1] == ["02/03/2026"])
    assert first[1:6] == [
        "1", "Phòng Nội vụ", "15/PNV-TCCC", "02/03/2026", "Công văn rà soát đội ngũ cán bộ, công chức cấp xã",
    ]  # fmt: skip
    assert first[9] == "HỦY: theo bản gốc"
    assert second[1:6] == ["2", "", "", "", "don (hạn chế)"]
    assert "rà soát" in office.run("print", "--year", "2026")


def test_a_long_year_is_written_in_volumes(office, tmp_path, monkeypatch):
    monkeypatch.setitem(register_book.VOLUMES, OutputForm.PDF, 2)
    for number in range(3):
        office.receive(f"%PDF-1.7 {number}".encode(), number=str(number + 1))
    office.run("print", "--year", "2026", "--format", "pdf", "--out", str(tmp_path / "so.pdf"))
    assert {path.name for path in tmp_path.glob("so*.pdf")} == {"so_quyen-1.pdf", "so_quyen-2.pdf"}


def test_a_copy_bears_the_stamp_and_the_original_stays_as_it_is(office, tmp_path):
    body = demo_pdf()
    id_ = office.receive(body)
    office.run("correct", id_, *WHY, "--receiver", "Phòng Tài chính", "--file-code", "12/VX")
    target = tmp_path / "ban-sao.pdf"
    done = office.site.run("print", "den/2026/1", "--out", str(target))
    assert done.exception is None, done.output
    assert "a copy, the original is untouched" in done.stdout
    text = " ".join(pypdf.PdfReader(target).pages[0].extract_text().split())
    assert all(words in text for words in ("ĐẾN", "02/03/2026", "Phòng Tài chính", "12/VX", "BẢN SAO", id_))
    assert (office.spool.folder_of(id_) / "001").read_bytes() == body


def test_a_copy_of_what_was_recalled_says_so_and_so_does_the_command(office, tmp_path):
    office.receive(demo_pdf(), withdrawn=Withdrawal.RECALL)
    target = tmp_path / "ban-sao.pdf"
    done = office.site.run("print", "den/2026/1", "--out", str(target))
    assert done.exception is None, done.output
    assert "den/2026/1 was recalled (đã bị thu hồi): the copy says so" in done.stderr
    assert "VĂN BẢN ĐÃ BỊ THU HỒI" in " ".join(pypdf.PdfReader(target).pages[0].extract_text().split())


def test_paper_that_came_electronically_too_is_one_line_and_can_be_printed(office, tmp_path):
    said = office.run(
        "add", *WHY, "--number", "15/PNV-TCCC", "--date", "02/03/2026", "--issuer", "Phòng Nội vụ", "--subject", "x",
        "--pages", "2",
    )  # fmt: skip
    key = said.split(":")[0]
    id_ = office.receive(demo_pdf())
    assert office.keys("list") == office.keys("search", "15/PNV-TCCC") == [key]
    (shown,) = json.loads(office.run("show", id_, "--json"))
    assert (shown["key"], shown["medium"], shown["submission"]) == (key, "paper", id_)
    assert (shown["subject"], shown["form"], shown["pages"], shown["language"]) == ("x", "cong-van", 2, "Tiếng Việt")
    assert "Bản điện tử đến ngày 02/03/2026" in office.run("show", key)
    done = office.site.run("print", key, "--out", str(tmp_path / "ban-sao.pdf"))
    assert done.exception is None, done.output


def test_what_has_no_file_to_print_says_so(office):
    office.run("add", *WHY, "--subject", "thông báo")
    word = office.receive(b"PK\x03\x04 not a PDF", name="cv.docx")
    for name, told in (("@1", "came on paper"), (word, "no PDF|cannot be copied")):
        done = office.site.run("print", name)
        assert isinstance(done.exception, ActRefused)
        assert re.search(told, str(done.exception))
