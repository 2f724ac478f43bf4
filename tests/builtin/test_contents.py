from dataclasses import replace
from datetime import date

import pytest

from vbdaemon.builtin.contents import check
from vbdaemon.model import (
    Classification,
    ContentKind,
    Document,
    Doubt,
    Evidence,
    Form,
    Found,
    Line,
    NumberState,
    Policy,
    PolicyRule,
    Problem,
    ProblemKind,
    Secrecy,
    Severity,
    TextSource,
    TransmissionForm,
)
from vbdaemon.reading.unread import unread
from vbdaemon.testing import (
    found,
    make_classification,
    make_content,
    make_document,
    make_file,
    make_snapshot,
    make_submission,
    make_unit,
)

PDF = make_file("van-ban.pdf", b"main")
WORD = make_file("van-ban.docx", b"word")
INSIDE = make_unit("IN", "Phòng Nội vụ")
OUTSIDE = make_unit("OUT", "Sở Nội vụ", groups=("tinh",))


def _document(*problems: ProblemKind, word: bool = True, draft: bool = False, crest: str = "") -> Document:
    content = make_content(PDF, Line(crest or "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    content = replace(content, problems=tuple(Problem(kind, "words for the operator", 1) for kind in problems))
    carried = make_file("du-thao.docx", b"draft") if draft else None
    return make_document(PDF, editable=WORD if word else None, draft=carried, contents=[content])


def _codes(
    classification: Classification,
    document: Document | None = None,
    *,
    sender: str | None = "IN",
    exempt: tuple[str, ...] = (),
) -> list[str]:
    snapshot = make_snapshot(INSIDE, OUTSIDE)
    snapshot = replace(snapshot, transmission=tuple(replace(each, exempt=exempt) for each in snapshot.transmission))
    answer = check(
        submission=make_submission(PDF, unit=sender),
        document=document or _document(),
        classification=classification,
        snapshot=snapshot,
    )
    return [finding.code for finding in answer]


def _paper(**changes: object) -> Classification:
    plain = make_classification("hop-dong", form_name="Hợp đồng", issuer_unit="IN", transmission=TransmissionForm.PAPER)
    return replace(plain, **changes)


def test_a_plain_letter_gives_no_finding():
    assert _codes(make_classification()) == []


def test_a_mark_of_secrecy_is_a_finding_with_its_evidence():
    marked = make_classification(secrecy=found(Secrecy.MAT))
    answer = check(
        submission=make_submission(PDF), document=_document(), classification=marked, snapshot=make_snapshot(INSIDE)
    )
    assert [f.code for f in answer] == ["secret-marking"]
    assert answer[0].severity is Severity.ERROR
    assert answer[0].evidence


def test_paper_only_counts_inside_the_scope_and_is_a_note_outside():
    assert _codes(_paper()) == ["paper-only-form"]
    assert _codes(_paper(issuer_unit="OUT")) == ["outside-scope"]
    assert _codes(_paper(), exempt=("IN",)) == ["outside-scope"]


def test_outside_the_scope_one_note_names_all_that_the_lists_would_ask():
    (note,) = check(
        submission=make_submission(PDF),
        document=_document(word=False),
        classification=_paper(issuer_unit="OUT"),
        snapshot=make_snapshot(INSIDE, OUTSIDE),
    )
    assert note.code == "outside-scope"
    assert note.evidence.words == "paper-only-form, editable-file-missing"


def test_while_the_issuer_is_unknown_the_sender_tells_the_scope():
    assert _codes(_paper(issuer_unit=None), sender="OUT") == ["outside-scope"]
    assert _codes(_paper(issuer_unit=None), sender="IN") == ["paper-only-form"]
    assert _codes(_paper(issuer_unit=None), sender=None) == ["paper-only-form"]


def test_what_ocr_alone_read_is_not_refused_but_shown_to_a_person():
    read = Found("hop-dong", 0.95, TextSource.OCR, Evidence("HỢP ĐỒNG"))
    assert _codes(_paper(form=read)) == ["refusal-needs-person"]


def test_paper_follows_but_not_for_a_draft_and_its_submission():
    both = make_classification("to-trinh", form_name="Tờ trình", transmission=TransmissionForm.ELECTRONIC_AND_PAPER)
    assert _codes(both) == ["paper-also-due"]
    assert _codes(both, _document(draft=True)) == []
    assert _codes(replace(both, draft=found(value=True))) == ["draft-without-to-trinh"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"transmission": TransmissionForm.UNLISTED}, ["form-unlisted"]),
        ({"transmission": TransmissionForm.UNLISTED, "form": "nghi-dinh"}, ["outside-scope"]),
        ({"transmission": TransmissionForm.UNLISTED, "symbol": "2018/QĐ-TTg"}, ["outside-scope"]),
        ({"transmission": TransmissionForm.UNLISTED, "issuer_unit": "OUT"}, ["outside-scope"]),
        ({"transmission": TransmissionForm.UNCLEAR, "doubts": (Doubt("form-ambiguous"),)}, ["form-ambiguous"]),
        ({"transmission": TransmissionForm.UNCLEAR, "doubts": (Doubt("form-unknown"),)}, ["form-unknown"]),
    ],
)
def test_open_questions_about_the_form(changes: dict[str, object], codes: list[str]):
    assert _codes(make_classification(**changes)) == codes


def test_a_party_paper_is_outside_the_lists():
    party = make_classification(transmission=TransmissionForm.UNLISTED)
    assert _codes(party, _document(crest="ĐẢNG CỘNG SẢN VIỆT NAM")) == ["outside-scope"]


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (ProblemKind.EMPTY, "unreadable-file"),
        (ProblemKind.ENCRYPTED, "unreadable-file"),
        (ProblemKind.DAMAGED, "unreadable-file-held"),
        (ProblemKind.OVER_LIMIT, "unreadable-file-held"),
        (ProblemKind.OCR_UNAVAILABLE, "ocr-unavailable"),
    ],
)
def test_an_unreadable_main_file(problem: ProblemKind, code: str):
    assert _codes(make_classification(), _document(problem)) == [code]


def _skipped(policy: Policy) -> list[str]:
    content = replace(make_content(PDF, Line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")), problems=unread([7, 8, 9]))
    document = make_document(PDF, editable=WORD, contents=[content])
    snapshot = replace(make_snapshot(INSIDE), policy=policy)
    findings = check(
        submission=make_submission(), document=document, classification=make_classification(), snapshot=snapshot
    )
    return [f"{f.severity} {f.evidence.words if f.evidence else ''}" for f in findings if f.code == "pages-unread"]


def test_pages_that_were_not_read_are_named_when_the_policy_has_words_for_it():
    shipped = Policy(tuple(rule for rule in make_snapshot().policy.rules if rule.code != "pages-unread"))
    rule = PolicyRule("pages-unread", Severity.NOTE, None, "Chưa đọc hết", "Not all pages were read")
    assert _skipped(shipped) == []
    assert _skipped(Policy((*shipped.rules, rule))) == ["note not read: 7-9"]


def test_a_locked_enclosure_waits_for_a_person_instead_of_being_refused():
    annex = make_file("phu-luc.pdf", b"annex")
    locked = replace(make_content(annex), problems=(Problem(ProblemKind.ENCRYPTED, "password"),))
    document = _document()
    document = replace(document, annexes=(annex,), contents=(*document.contents, locked))
    assert _codes(make_classification(), document) == ["unreadable-file-held"]


def test_the_missing_word_file_is_told_for_a_pdf_only():
    assert _codes(make_classification(), _document(word=False)) == ["editable-file-missing"]
    assert _codes(make_classification(issuer_unit="OUT"), _document(word=False)) == ["outside-scope"]
    assert _codes(make_classification(), _document(word=False, draft=True)) == []
    letter = make_classification(None, doubts=(Doubt("not-an-agency-document"),), symbol=None)
    assert _codes(letter, _document(word=False)) == ["not-an-agency-document"]
    word = make_document(WORD, contents=[make_content(WORD, kind=ContentKind.DOCX)])
    assert _codes(make_classification(), word) == []


def test_a_draft_alone_is_returned():
    draft = make_classification(draft=found(value=True), number=None)
    assert _codes(draft, _document(word=False)) == ["draft-without-to-trinh"]


def test_an_unread_number_is_told_of_documents_only():
    unread = make_classification(number_state=NumberState.UNREAD)
    assert _codes(unread) == ["number-unread"]
    assert _codes(replace(unread, form=None, symbol=None)) == []


def test_the_clause_and_the_form_stand_in_the_words():
    answer = check(
        submission=make_submission(PDF, unit="IN"),
        document=_document(),
        classification=_paper(),
        snapshot=make_snapshot(INSIDE),
    )
    assert "Hợp đồng" in answer[0].message
    assert "648/QĐ-UBND" in answer[0].clause


def test_a_site_without_lists_holds_nothing_for_its_form():
    snapshot = replace(make_snapshot(INSIDE), transmission=(), forms=(Form("cong-van", "Công văn", ()),))
    unlisted = make_classification(transmission=TransmissionForm.UNLISTED, issued_on=date(2026, 3, 2))
    answer = check(submission=make_submission(PDF), document=_document(), classification=unlisted, snapshot=snapshot)
    assert answer == ()
