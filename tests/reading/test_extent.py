"""Pages and language of a document: told where reading knows them, left open otherwise."""

import unicodedata
from dataclasses import replace

import pytest

from vbdaemon.model import ContentKind, Page
from vbdaemon.reading.extent import FEWEST_WORDS, VIETNAMESE, is_vietnamese, language_of, pages_of
from vbdaemon.reading.pdf import read_pdf
from vbdaemon.testing import make_content, make_document, make_file

OURS = (
    "Căn cứ tình hình thực tế, Ủy ban nhân dân xã đề nghị các đơn vị thực hiện nghiêm các nội dung sau đây và báo cáo "
    "kết quả trước ngày 20/01/2025 để tổng hợp, trình cấp có thẩm quyền xem xét, quyết định theo quy định hiện hành. "
)
ENGLISH = (
    "Pursuant to the present situation, the People's Committee of Nguyễn Trãi commune asks all units to carry out the "
    "following and to report the results before 20 January 2025, so that they can be brought before the authority. "
)
FRENCH = (
    "Le Conseil d'État a décidé que l'équipe dirigeante de l'établissement serait entièrement renouvelée à l'été, où "
    "les élèves auront été reçus dans la forêt, près de la rivière où le maître a été blessé hier à la tête. "
)
CZECH = (
    "Příliš žluťoučký kůň úpěl ďábelské ódy a vláda České republiky schválila návrh zákona o státním rozpočtu, který "
    "předložil ministr; důvodová zpráva říká, že výdaje se zvýší o čtvrtinu a příjmy zůstanou stejné jako předloni. "
)
ROMANIAN = (
    "Guvernul României a adoptat hotărârea privind măsurile necesare pentru îmbunătățirea sistemului de învățământ și "
    "a stabilit că toate instituțiile vor raporta până la sfârșitul lunii situația lor și nevoile pe care le au. "
)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (OURS, True),
        (OURS.upper(), True),
        ((OURS + ENGLISH), False),
        (ENGLISH, False),
        (FRENCH, False),
        (CZECH, False),
        (ROMANIAN, False),
        ("", False),
        ("Ủy ban nhân dân xã Đồng Mẫu", False),
        (
            "Can cu tinh hinh thuc te, Uy ban nhan dan xa de nghi cac don vi thuc hien nghiem cac noi dung sau " * 3,
            False,
        ),
    ],
    ids=["ours", "capitals", "half", "english", "french", "czech", "romanian", "empty", "few words", "no accents"],
)
def test_only_text_that_is_vietnamese_beyond_doubt_is_said_to_be(text, ours):
    assert is_vietnamese(text) is ours


def test_letters_that_are_composed_otherwise_are_the_same_letters():
    assert is_vietnamese(unicodedata.normalize("NFD", OURS))
    assert len(OURS.split()) > FEWEST_WORDS


def paged(*texts, count=None, kind=ContentKind.PDF, first=1, last=None):
    file = make_file()
    pages = tuple(
        replace(make_content(file, text).pages[0], number=number) for number, text in enumerate(texts, start=1)
    )
    content = make_content(file, kind=kind, pages=pages, page_count=len(texts) if count is None else count)
    return replace(make_document(file, contents=(content,)), first_page=first, last_page=last)


@pytest.mark.parametrize(
    ("document", "pages"),
    [
        (paged("a", "b", "c"), 3),
        (paged("a", "b", count=57), 57),
        (paged("a", "b", "c", first=2), 2),
        (paged("a", "b", "c", first=2, last=2), 1),
        (paged("a", "b", "c", last=2), 2),
        (paged("a", count=1, last=9), 1),
        (paged("a", count=1, first=2), None),
        (paged("a", kind=ContentKind.OTHER), 1),
        (paged("a", kind=ContentKind.DOCX), None),
        (paged("a", kind=ContentKind.XLSX), None),
        (paged(count=1), None),
        (make_document(), None),
    ],
)
def test_the_pages_of_a_document_are_those_of_it_in_its_main_file(document, pages):
    assert pages_of(document) == pages


def test_the_language_is_that_of_the_document_s_own_pages():
    assert language_of(paged(ENGLISH * 2, OURS, first=2)) == VIETNAMESE
    assert language_of(paged(OURS, ENGLISH, first=2)) == ""
    assert language_of(paged(OURS, ENGLISH * 2, last=1)) == VIETNAMESE
    assert language_of(paged(OURS, kind=ContentKind.DOCX)) == VIETNAMESE
    assert language_of(make_document()) == ""


@pytest.mark.parametrize(
    ("name", "pages"),
    [("thong-bao-11-2025-digital-5-signatures.pdf", 2), ("thong-bao-542-2024-digital.pdf", 2)],
)
def test_real_documents_are_vietnamese_and_have_the_pages_they_have(sample, limits, name, pages):
    content = read_pdf(sample(name), "0" * 64, limits, None)
    document = make_document(replace(make_file(), sha256=content.file), contents=(content,))
    assert (pages_of(document), language_of(document)) == (pages, VIETNAMESE)
    assert all(isinstance(page, Page) and is_vietnamese(page.text) for page in content.pages)
