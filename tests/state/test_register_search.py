"""Finding lines: with and without accents, by designation and day, narrowed; SQLite and PostgreSQL find the same."""

from datetime import date

import pytest

from vbdaemon.model.register import Book, Books, Direction
from vbdaemon.state import register_acts, register_index, register_search
from vbdaemon.state.register_acts import Paper
from vbdaemon.state.register_update import Told
from vbdaemon.testing import NOON

BOOKS = Books(further=(Book("den-bao-cao", forms=("bao-cao",)),))
TOLD = Told("Nguyễn Thị Văn Thư", "văn bản giấy", NOON)
PAPERS = (
    ("quyet-dinh", "15", "QĐ-UBND", "2026-01-15", "UBND xã Ký Phú", "phê duyệt kế hoạch dạy thêm", "Trần Thị Hoà"),
    ("cong-van", "15", "SNV-TCCC", "2026-01-16", "Sở Nội vụ", "rà soát đội ngũ cán bộ", "Lê Đình Dũng"),
    ("bao-cao", "7", "BC-UBND", "2026-02-15", "UBND xã Ký Phú", "kết quả rà soát đất đai", "Trần Thị Hòa"),
    ("cong-van", "2026", "UBND-VP", "2025-12-31", "UBND tỉnh Đồng Nai", "ma túy học đường", "Lê Dinh Dung"),
    ("cong-van", "ma", "X", "2025-12-31", "Công ty Mã Đà", "hô hào má mạ", None),
)


@pytest.fixture
def found(state):
    """Keys of what a question finds."""

    def fill(connection):
        for form, number, symbol, day, issuer, subject, signer in PAPERS:
            fields = {"form": form, "number": number, "symbol": symbol, "issued_on": date.fromisoformat(day)}
            fields |= {"issuer": issuer, "subject": subject, "signer": signer}
            register_acts.enter_paper(connection, Paper(fields), BOOKS, TOLD)

    state.write(fill)
    return lambda text, limit=50, **narrowed: [
        line.key for line in state.read(lambda c: register_search.search(c, text, limit, **narrowed))
    ]


A, B, C, D, E = "den/2026/1", "den/2026/2", "den-bao-cao/2026/1", "den/2026/3", "den/2026/4"


QUESTIONS = {
    "ra soat": [C, B],
    "rà soát": [C, B],
    "RÀ SOÁT đội ngũ": [B],
    "má": [E, D],  # the very word first, then what differs in its accents
    "ma tuy": [D],
    "hòa": [C, A],
    "hoà": [A, C],
    "Lê Đình Dũng": [B, D],
    "le dinh dung": [D, B],
    "đồng nai": [D],
    "dong nai": [D],
    "15": [B, A],
    "15/QĐ-UBND": [A],
    "15/qd-ubnd": [A],
    "QĐ-UBND": [A],
    "ubnd": [D, C, A],
    "quyết định": [A],
    "2026-01-15": [A],
    "15/01/2026": [A],
    "01/2026": [B, A],
    "15/02/2026 ky phu": [C],
    "d* n*": [],  # one letter is no beginning
    "đất*": [C],
    "soat* ky*": [C],
    "rà soát khôngcó": [],
    "15/QĐ-UBND NOT OR AND NEAR(": [],
    "\"' ; DROP TABLE register_entries --": [],
}


def test_each_question_finds_its_lines_and_no_other(found):
    assert {text: found(text) for text in QUESTIONS} == QUESTIONS


def test_a_question_can_be_narrowed_to_a_book_a_year_or_a_form(found):
    assert found("rà soát", book="den") == [B]
    assert found("rà soát", form="bao-cao") == [C]
    assert found("rà soát", year=2025) == []
    assert found("", book="den-bao-cao") == [C]
    assert found("ubnd", limit=2) == [D, C]


def test_what_is_restricted_is_never_found(state, found):
    fields = {"form": "don"}
    state.write(lambda c: register_acts.enter_paper(c, Paper(fields, restricted=True), BOOKS, TOLD))
    assert found("don") == []
    assert found("02/03/2026") == [E, D, C, B, A]
    assert len(state.read(lambda c: register_search.listed(c, 50))) == 6


def test_a_line_that_is_corrected_is_found_by_its_new_words_alone(state, found):
    (line,) = state.read(lambda c: register_search.resolve(c, B))
    state.write(lambda c: register_acts.correct(c, line, {"subject": "tinh giản biên chế"}, TOLD))
    assert found("rà soát cán bộ") == []
    assert found("tinh gian bien che") == [B]


def test_words_of_dropped_lines_leave_the_files_of_sqlite(sqlite, tmp_path):
    fields = {"subject": "phương án tác chiến Zulu", "issuer": "Ban Chỉ huy"}
    line = sqlite.write(lambda c: register_acts.enter_paper(c, Paper(fields), BOOKS, TOLD))
    sqlite.write(lambda c: register_index.drop(c, line.id))
    sqlite.write(register_index.purge)
    sqlite.shred()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("state"))
    assert kept.count(b"zulu") == 0
    assert kept.count(b"Zulu") == 1  # in the line itself, which was not dropped here


def test_outgoing_paper_needs_no_arrival_number(state):
    line = state.write(lambda c: register_acts.enter_paper(c, Paper({"number": "3"}, Direction.OUTGOING), BOOKS, TOLD))
    assert (line.book, line.arrival_number, line.key) == ("di", None, f"@{line.id}")
    assert state.read(lambda c: register_search.resolve(c, line.key)) == [line]
