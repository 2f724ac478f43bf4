"""What `vbdaemon print` copies: the main file, the pages of the document in it, or what can be printed instead."""

import pytest

from vbdaemon.errors import ActRefused
from vbdaemon.model import DocumentVerdict, FileRecord, FileRole, Verdict, Withdrawal
from vbdaemon.model.register import Direction, Medium
from vbdaemon.operation.register_printing import PDF, Printing, printing_of
from vbdaemon.state.records import Decision
from vbdaemon.state.register_line import Line
from vbdaemon.testing import NOON, TODAY, make_classification

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LINE = Line(
    **{
        **dict.fromkeys(Line.__slots__), "id": 1, "direction": Direction.INCOMING, "book": "den", "year": 2026,
        "arrival_number": 7, "registered_on": TODAY, "arrived_at": NOON, "medium": Medium.ELECTRONIC,
        "submission": "260302-1", "ordinal": 0, "main_sha256": "a" * 64, "first_page": 1, "restricted": False,
    }
)  # fmt: skip


def file(letter, name, media_type=PDF, role=FileRole.OTHER):
    return FileRecord(name, role, letter * 64, media_type, 3)


def document(main="a", *beside, page=1, withdrawn=None):
    files = tuple(letter * 64 for letter in (main, *beside))
    return DocumentVerdict(
        "cv", main * 64, files, make_classification(), (), (), Verdict.accept(), first_page=page, withdrawn=withdrawn
    )


def test_the_main_file_is_printed_whole():
    decision = Decision((document("a", "b"),), files=(file("a", "cv.pdf"), file("b", "phu-luc.pdf")))
    assert printing_of(LINE, decision) == Printing("a" * 64, 1, None, None)
    assert printing_of(LINE, decision, "phu-luc.pdf") == Printing("b" * 64, 1, None, None)


def test_of_a_file_with_several_documents_one_is_printed():
    later = document("a", page=3, withdrawn=Withdrawal.RECALL)
    decision = Decision((document("b"), later, document("a"), document("a", page=6)), files=(file("a", "cv.pdf"),))
    assert printing_of(LINE, decision).last_page == 2
    third = Line(**{name: getattr(LINE, name) for name in Line.__slots__} | {"first_page": 3})
    assert printing_of(third, decision) == Printing("a" * 64, 3, 5, Withdrawal.RECALL)
    assert printing_of(third, decision, "cv.pdf") == printing_of(third, decision)
    last = Line(**{name: getattr(LINE, name) for name in Line.__slots__} | {"first_page": 6})
    assert printing_of(last, decision).last_page is None


def test_of_a_word_file_the_pdf_beside_it_is_named_and_never_one_of_another_document():
    files = (file("a", "cv.docx", WORD), file("b", "cv.pdf"), file("c", "khac.pdf"), file("d", "anh.jpg", "image/jpeg"))
    decision = Decision((document("a", "b", "d"), document("c")), files=files)
    with pytest.raises(ActRefused) as refused:
        printing_of(LINE, decision)
    assert str(refused.value) == (
        'den/2026/7: its main file "cv.docx" is no PDF, and takes no stamp; '
        'a PDF of the same document can be printed: add --file "cv.pdf"'
    )
    assert printing_of(LINE, decision, "cv.pdf").sha256 == "b" * 64
    for name in ("khac.pdf", "x.pdf"):
        with pytest.raises(ActRefused, match=f'has no PDF "{name}"; its PDF files: "cv.pdf"'):
            printing_of(LINE, decision, name)


def test_of_a_word_file_alone_it_is_said_what_to_do():
    decision = Decision((document(),), files=(file("a", "cv.docx", WORD),))
    with pytest.raises(
        ActRefused, match="print it with the program it is written in, and stamp that paper ĐẾN by hand"
    ):
        printing_of(LINE, decision)
    with pytest.raises(ActRefused, match="its PDF files: none"):
        printing_of(LINE, decision, "cv.pdf")


def test_a_document_that_the_decision_does_not_know_is_not_printed():
    with pytest.raises(ActRefused, match="not in the decision that stands"):
        printing_of(LINE, Decision((document("b"),)))
