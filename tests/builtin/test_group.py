from dataclasses import replace

import pytest

from vbdaemon.builtin.group import group
from vbdaemon.model import Content, ContentKind, Document, File, FileRole, Line, Page, Problem, ProblemKind, TextSource
from vbdaemon.testing import A4, make_content, make_file, make_snapshot, make_submission

HEAD = ("ỦY BAN NHÂN DÂN", "HUYỆN SÔNG LAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DAY = "Sông Lam, ngày 02 tháng 3 năm 2026"
BLANK_DAY = "Sông Lam, ngày     tháng 3 năm 2026"
TEXT = (
    "Ủy ban nhân dân huyện yêu cầu thủ trưởng các phòng, ban rà soát đội ngũ cán bộ, công chức cấp xã theo mẫu đã gửi."
)
LETTER = (*HEAD, "Số: 15/UBND-NV", "V/v rà soát cán bộ", DAY, "Kính gửi: Các phòng", TEXT)
DECISION = (*HEAD, "Số: 648/QĐ-UBND", DAY, "QUYẾT ĐỊNH", "Ban hành Danh mục", "Điều 1. Ban hành danh mục kèm theo.")
SUBMISSION = (*HEAD, "Số: 7/TTr-PNV", DAY, "TỜ TRÌNH", "Về việc ban hành kế hoạch", "Kính gửi: UBND huyện", TEXT)
DRAFT = (
    "DỰ THẢO",
    *HEAD,
    "Số:     /KH-UBND",
    BLANK_DAY,
    "KẾ HOẠCH",
    "Cải cách hành chính",
    "Mục tiêu: chuyển đổi số toàn diện.",
)


class Handed:
    """Files handed in together, and what reading found in them."""

    def __init__(self) -> None:
        self.files: list[File] = []
        self.contents: list[Content] = []

    def add(
        self,
        name: str,
        *pages: tuple[str, ...],
        kind: ContentKind | None = None,
        role: FileRole = FileRole.OTHER,
        **changes: object,
    ) -> File:
        """A file with these pages; Word and text files have one page without places."""
        file = make_file(name, name.encode(), role=role)
        guessed = {"pdf": ContentKind.PDF, "docx": ContentKind.DOCX, "xlsx": ContentKind.XLSX, "doc": ContentKind.DOC}
        found = kind or guessed.get(name.rsplit(".", 1)[-1], ContentKind.TEXT)
        made = tuple(_page(n, lines, found) for n, lines in enumerate(pages, 1))
        content = Content(file.sha256, found, made, len(made))
        self.files.append(file)
        self.contents.append(replace(content, **changes))
        return file

    def grouped(self) -> tuple[Document, ...]:
        """The documents; every file is in one of them."""
        submission = make_submission(*self.files)
        documents = group(submission=submission, contents=tuple(self.contents), snapshot=make_snapshot())
        held = {(f.name, f.sha256) for d in documents for f in d.files}
        assert held == {(f.name, f.sha256) for f in self.files}
        return documents


def _page(number: int, lines: tuple[str, ...], kind: ContentKind) -> Page:
    made = make_content(make_file(), *lines).pages[0].lines
    if kind is not ContentKind.PDF:
        made = tuple(Line(line.text) for line in made)
    return Page(number, *A4, lines=made)


@pytest.fixture(name="handed")
def _handed() -> Handed:
    return Handed()


def test_a_letter_with_its_word_file_is_one_document(handed: Handed):
    handed.add("cong-van-15.docx", LETTER)
    handed.add("Cong van 15_signed.pdf", LETTER)
    (one,) = handed.grouped()
    assert (one.main.name, one.main.role) == ("Cong van 15_signed.pdf", FileRole.MAIN)
    assert (one.editable.name, one.editable.role) == ("cong-van-15.docx", FileRole.EDITABLE)
    assert one.annexes == ()
    assert len(one.contents) == 2


def test_the_editable_file_is_known_by_its_text_too(handed: Handed):
    handed.add("scan0001.pdf", LETTER)
    handed.add("ban mem.docx", LETTER)
    (one,) = handed.grouped()
    assert one.editable.name == "ban mem.docx"


def test_an_old_word_file_is_the_editable_file(handed: Handed):
    handed.add("cv.pdf", LETTER)
    handed.add("cv.doc")
    (one,) = handed.grouped()
    assert one.editable.name == "cv.doc"


def test_several_documents_in_one_file_are_told_apart(handed: Handed):
    annex = ("Phụ lục I", "Danh mục văn bản", "(Kèm theo Quyết định số 64/QĐ-NBND ngày 26 tháng 4 năm 2019)")
    handed.add("van-ban.pdf", LETTER, ("trang sau",), DECISION, annex, annex)
    first, second = handed.grouped()
    assert (first.first_page, first.last_page) == (1, 2)
    assert (second.first_page, second.last_page) == (3, None)
    assert first.main == second.main


def test_a_form_inside_an_annex_is_no_document(handed: Handed):
    template = ("Mẫu số 01", *HEAD, "Số: ..../BC-...", "..., ngày ... tháng ... năm ...", "BÁO CÁO")
    bare = (*HEAD, "Số:     /BC-...", BLANK_DAY, "BÁO CÁO")
    handed.add("van-ban.pdf", DECISION, ("Phụ lục", "Biểu mẫu"), template, bare)
    (one,) = handed.grouped()
    assert (one.first_page, one.last_page) == (1, None)


def test_an_annex_goes_to_the_document_that_it_names_even_misread(handed: Handed):
    handed.add("a.pdf", LETTER)
    handed.add("b.pdf", DECISION)
    handed.add("c.pdf", ("Danh mục văn bản", "(Kèm theo Quyết định số 642/QĐ-UBND ngày 26/4/2019 của UBND huyện)"))
    letter, decision = handed.grouped()
    assert letter.annexes == ()
    assert [f.name for f in decision.annexes] == ["c.pdf"]
    assert decision.annexes[0].role is FileRole.ANNEX


def test_names_tell_annexes(handed: Handed):
    handed.add("Phụ lục 1.xlsx", ("STT", "Họ và tên"))
    handed.add("CV 15.pdf", LETTER)
    handed.add("PL02.docx", ("Danh sách",))
    (one,) = handed.grouped()
    assert one.main.name == "CV 15.pdf"
    assert {f.name for f in one.annexes} == {"Phụ lục 1.xlsx", "PL02.docx"}
    assert one.editable is None


def test_enclosed_minutes_and_contracts_are_annexes(handed: Handed):
    minutes = (*HEAD, DAY, "BIÊN BẢN", "Họp rà soát cán bộ", "Hôm nay, chúng tôi gồm có:")
    handed.add("cv.pdf", (*LETTER, "(Gửi kèm theo Biên bản họp)."))
    handed.add("bb.pdf", minutes)
    (one,) = handed.grouped()
    assert [f.name for f in one.annexes] == ["bb.pdf"]


def test_minutes_that_nobody_encloses_stand_alone(handed: Handed):
    handed.add("cv.pdf", LETTER)
    handed.add("bb.pdf", (*HEAD, DAY, "BIÊN BẢN", "Họp rà soát cán bộ"))
    assert len(handed.grouped()) == 2


@pytest.mark.parametrize("name", ["du-thao.pdf", "ke hoach.docx"])
def test_a_submission_takes_the_draft_it_carries(handed: Handed, name: str):
    handed.add(name, DRAFT)
    handed.add("to-trinh.pdf", SUBMISSION, signature_fields=2)
    (one,) = handed.grouped()
    assert one.main.name == "to-trinh.pdf"
    assert (one.draft.name, one.draft.role) == (name, FileRole.DRAFT)


def test_a_draft_as_pdf_and_word_is_one_draft_and_the_word_file_comes_along(handed: Handed):
    handed.add("to-trinh.pdf", SUBMISSION, signature_fields=2)
    handed.add("du-thao.pdf", DRAFT)
    handed.add("du-thao.docx", DRAFT)
    (one,) = handed.grouped()
    assert one.draft.name == "du-thao.pdf"
    assert [(f.name, f.role) for f in one.others] == [("du-thao.docx", FileRole.DRAFT)]
    assert one.editable is None


def test_a_scanned_submission_takes_its_draft(handed: Handed):
    file = handed.add("to-trinh.pdf", SUBMISSION)
    lines = tuple(replace(line, source=TextSource.OCR, confidence=0.95) for line in handed.contents[0].pages[0].lines)
    handed.contents[0] = Content(
        file.sha256, ContentKind.PDF, (Page(1, *A4, lines=lines, image_only=True, ocr=True),), 1
    )
    handed.add("du-thao.docx", DRAFT)
    (one,) = handed.grouped()
    assert one.main.name == "to-trinh.pdf"
    assert one.draft.name == "du-thao.docx"


def test_a_draft_alone_is_a_document(handed: Handed):
    handed.add("du-thao.docx", DRAFT)
    (one,) = handed.grouped()
    assert one.main.name == "du-thao.docx"
    assert one.draft is None


def test_a_mail_body_is_kept_with_the_first_document(handed: Handed):
    handed.add("thu.txt", ("Kính gửi anh chị",), role=FileRole.BODY)
    handed.add("cv.pdf", LETTER)
    (one,) = handed.grouped()
    assert [(f.name, f.role) for f in one.others] == [("thu.txt", FileRole.BODY)]


def test_files_that_cannot_be_read_still_make_a_document(handed: Handed):
    damaged = (Problem(ProblemKind.DAMAGED, "refused"),)
    handed.add("phu-luc.pdf", kind=ContentKind.PDF, problems=damaged)
    handed.add("cong-van.pdf", kind=ContentKind.PDF, problems=damaged)
    (one,) = handed.grouped()
    assert one.main.name == "cong-van.pdf"
    assert [f.name for f in one.annexes] == ["phu-luc.pdf"]


def test_a_mail_without_files_is_a_document_of_its_body(handed: Handed):
    handed.add("thu.txt", ("Kính gửi anh chị",), role=FileRole.BODY)
    (one,) = handed.grouped()
    assert one.main.name == "thu.txt"


def test_no_files_make_no_document():
    submission = replace(make_submission(), files=())
    assert group(submission=submission, contents=(), snapshot=make_snapshot()) == ()


@pytest.mark.parametrize("signatures", [0, 2])
def test_a_draft_in_the_same_file_as_its_submission_is_its_draft(handed: Handed, signatures: int):
    handed.add("to-trinh-va-du-thao.pdf", SUBMISSION, ("trang sau",), DRAFT, signature_fields=signatures)
    (one,) = handed.grouped()
    assert (one.first_page, one.last_page) == (1, 2)
    assert one.draft.sha256 == one.main.sha256
    assert one.draft.role is FileRole.DRAFT


def test_a_page_handed_in_as_a_picture_is_a_document(handed: Handed):
    handed.add("anh chup.jpg", LETTER, kind=ContentKind.OTHER)
    handed.add("logo.png", kind=ContentKind.OTHER)
    (one,) = handed.grouped()
    assert one.main.name == "anh chup.jpg"
    assert [f.name for f in one.others] == ["logo.png"]
