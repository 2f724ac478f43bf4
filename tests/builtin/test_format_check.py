"""The check of format as a hook: which file, which rules, what is told."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from vbdaemon.builtin.format_check import check, checked_file
from vbdaemon.demo.format_corpus import page_file as pages
from vbdaemon.demo.format_corpus import word_file as files
from vbdaemon.demo.format_corpus.base import ND30, TT01, decision, letter
from vbdaemon.model import FileRole, Secrecy, Severity, TextSource
from vbdaemon.model.format import Part
from vbdaemon.rules.loader import load_forms, load_policy
from vbdaemon.testing import (
    found,
    make_classification,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

word_file, page_file = cache(files.word_file), cache(pages.page_file)
DAY = {ND30: date(2026, 1, 5), TT01: date(2019, 1, 5)}


@pytest.fixture(scope="module")
def snapshot():
    return replace(make_snapshot(), forms=load_forms(), policy=load_policy())


@pytest.fixture
def file_of(tmp_path):
    def write(body, name, role=FileRole.MAIN):
        return make_file(name, body, folder=tmp_path, role=role)

    return write


def findings(document, snapshot, rules=ND30, form="quyet-dinh", **changes):
    issued = found(DAY[rules]) if rules else None
    kind = replace(make_classification(form), issued_on=issued, **changes)
    return check(make_submission(document.main), document, kind, snapshot)


def broken(part, **setting):
    return decision(ND30).one(part, lambda words: replace(words, **setting))


@pytest.mark.parametrize("rules", [ND30, TT01])
@pytest.mark.parametrize(("made", "name"), [(word_file, "a.docx"), (page_file, "a.pdf")])
def test_a_document_that_keeps_the_rules_of_its_date_has_no_findings(snapshot, file_of, rules, made, name):
    document = make_document(file_of(made(decision(rules)), name))
    assert findings(document, snapshot, rules) == ()


def test_the_rules_of_2011_do_not_suit_a_document_of_today(snapshot, file_of):
    document = make_document(file_of(word_file(decision(TT01)), "a.docx"))
    clauses = {finding.clause[:30] for finding in findings(document, snapshot, ND30)}
    assert clauses
    assert not any("01/2011" in clause for clause in clauses)


def test_a_finding_tells_what_was_measured_and_what_is_allowed(snapshot, file_of):
    document = make_document(file_of(page_file(broken(Part.NATIONAL_TITLE, italic=True)), "a.pdf"))
    (finding,) = findings(document, snapshot)
    assert finding.code == "format-national-title"
    assert finding.severity is Severity.WARNING
    assert "(chữ nghiêng, quy định: chữ đứng)" in finding.message
    assert "National title: italic" in finding.english
    assert finding.clause.startswith("điểm a khoản 1 Mục II Phần I Phụ lục I")
    assert finding.evidence.rule == "format-nd30-2020/F6"
    assert finding.evidence.page == 1
    assert finding.evidence.box is not None


def test_faults_at_several_places_are_told_once_with_their_count(snapshot, file_of):
    paper = decision(ND30).each(lambda words: replace(words, gap=0.0) if words.part is Part.BODY else words)
    document = make_document(file_of(word_file(paper), "a.docx"))
    (finding,) = findings(document, snapshot)
    assert "khoảng cách phía trên đoạn 0 pt, quy định: tối thiểu 6 pt (và 4 chỗ khác)" in finding.message


def test_the_word_file_counts_where_there_is_one(snapshot, file_of):
    bad = file_of(page_file(broken(Part.NATIONAL_TITLE, italic=True)), "a.pdf")
    good = file_of(word_file(decision(ND30)), "a.docx", FileRole.EDITABLE)
    document = make_document(bad, editable=good)
    assert checked_file(document) is good
    assert findings(document, snapshot) == ()


def test_an_excel_file_beside_the_pdf_is_not_what_is_checked(snapshot, file_of):
    main = file_of(page_file(decision(ND30)), "a.pdf")
    assert checked_file(make_document(main, editable=file_of(b"PK", "a.xlsx", FileRole.EDITABLE))) is main
    assert checked_file(make_document(file_of(b"PK", "b.xlsx"))) is None


def test_without_a_date_the_day_of_receipt_chooses_the_rules(snapshot, file_of):
    document = make_document(file_of(word_file(letter(ND30)), "a.docx"))
    assert findings(document, snapshot, None, "cong-van") == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "nghi-dinh"},
        {"symbol": found("2026/QĐ-UBND")},
        {"form": None, "symbol": None},
        {"secrecy": found(Secrecy.MAT)},
    ],
    ids=["normative", "normative by number", "no document", "secret"],
)
def test_what_these_rules_do_not_bind_is_not_checked(snapshot, file_of, changes):
    document = make_document(file_of(word_file(decision(TT01)), "a.docx"))
    assert findings(document, snapshot, ND30, **changes) == ()


def test_a_party_paper_is_not_checked(snapshot, file_of):
    paper = decision(ND30).one(Part.NATIONAL_TITLE, lambda words: replace(words, text="ĐẢNG CỘNG SẢN VIỆT NAM"))
    document = make_document(file_of(word_file(paper), "a.docx"))
    assert findings(document, snapshot) == ()


def test_issuers_whom_the_lists_do_not_bind_get_a_note(snapshot, file_of):
    from vbdaemon.rules.loader import load_transmission  # noqa: PLC0415 - for this test alone

    court = make_unit("H40.99", "Tòa án nhân dân", groups=("toa-an",))
    lists = tuple(replace(each, applies_to=("xa",)) for each in load_transmission())
    outside = replace(make_snapshot(court), forms=snapshot.forms, policy=snapshot.policy, transmission=lists)
    document = make_document(file_of(word_file(broken(Part.NATIONAL_TITLE, size=20.0)), "a.docx"))
    (finding,) = findings(document, outside, issuer_unit="H40.99")
    assert (finding.code, finding.severity) == ("outside-scope", Severity.NOTE)
    assert finding.evidence.rule == "format-national-title"


def test_of_two_documents_in_one_file_each_has_its_own_pages(snapshot, file_of):
    document = replace(make_document(file_of(page_file(decision(ND30)), "a.pdf")), first_page=1, last_page=2)
    assert findings(document, snapshot) == ()
    later = replace(document, first_page=3, last_page=None)
    assert "format-national-title" in {finding.code for finding in findings(later, snapshot)}


@pytest.mark.parametrize("body", [b"%PDF-1.7 broken", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_is_no_fault_of_format(snapshot, file_of, body):
    name = "a.pdf" if body.startswith(b"%PDF") else "a.docx"
    assert findings(make_document(file_of(body, name)), snapshot) == ()


def test_a_form_read_by_ocr_is_a_form_too(snapshot, file_of):
    document = make_document(file_of(word_file(decision(ND30)), "a.docx"))
    assert findings(document, snapshot, form="quyet-dinh", symbol=found("QĐ-UBND", source=TextSource.OCR)) == ()
