"""What came without its document is recognised, and says which document it belongs to."""

import pytest

from vbdaemon.builtin.companion import check
from vbdaemon.model import ContentKind, Doubt, Snapshot
from vbdaemon.testing import found, make_classification, make_content, make_document, make_file, make_snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return make_snapshot()


@pytest.mark.parametrize("kind", [ContentKind.DOCX, ContentKind.XLSX, ContentKind.DOC, ContentKind.XLS])
def test_an_editable_file_alone_names_its_document(snapshot, kind):
    main = make_file("cv.docx")
    document = make_document(main, contents=[make_content(main, "Số: 15/PNV-TCCC", kind=kind)])
    (finding,) = check(document, make_classification(), snapshot)
    assert (finding.code, finding.evidence.words) == ("editable-file-alone", "15/PNV-TCCC")


def test_a_draft_in_word_is_no_lone_editable_file(snapshot):
    main = make_file("du-thao.docx")
    document = make_document(main, contents=[make_content(main, "DỰ THẢO", kind=ContentKind.DOCX)])
    assert check(document, make_classification(draft=found(True)), snapshot) == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("(Kèm theo Quyết định số 648/QĐ-UBND ngày 26 tháng 4 năm 2019)", "648/QĐ-UBND"),
        ("(Ban hành kèm theo Công văn số: 15 /PNV-TCCC ngày 02/3/2026 của Phòng Nội vụ)", "15/PNV-TCCC"),
        ("kèm theo Tờ trình số 34/TTr-TCKH.", "34/TTr-TCKH"),
    ],
)
def test_an_annex_alone_names_the_document_it_is_attached_to(snapshot, line, words):
    main = make_file("phu-luc.pdf")
    document = make_document(main, contents=[make_content(main, "PHỤ LỤC I", line)])
    (finding,) = check(document, make_classification(doubts=(Doubt("no-document"),)), snapshot)
    assert (finding.code, finding.evidence.words) == ("annex-alone", words)


def test_a_document_of_its_own_is_no_companion(snapshot):
    main = make_file()
    document = make_document(main, contents=[make_content(main, "(Kèm theo Quyết định số 648/QĐ-UBND)")])
    assert check(document, make_classification(), snapshot) == ()
