"""What is counted of a document, written with its decision."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from vbdaemon.model import (
    DocumentVerdict,
    FileRecord,
    FileRole,
    Finding,
    Piece,
    Purpose,
    Reason,
    RegisterNumber,
    Severity,
    SignatureStatus,
    Signer,
    SignerRole,
    TransmissionForm,
    Verdict,
)
from vbdaemon.state import decisions, facts, facts_backfill, facts_signing, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.testing import NOON, found, make_classification, make_signature

LATER = NOON + timedelta(minutes=5)
ORGANISATION, PERSON = SignerRole.ORGANISATION, SignerRole.PERSON
NUMBER = RegisterNumber("den", 2026, 7, NOON.date())


def judged(*codes: str, answer: Verdict | None = None, **changes: Any) -> DocumentVerdict:
    findings = tuple(Finding(code, Severity.WARNING, code) for code in codes)
    kind = changes.pop("classification", make_classification(issuer_unit="H1"))
    made = DocumentVerdict("cv.pdf", "a" * 64, ("a" * 64,), kind, (), findings, answer or Verdict.accept())
    return replace(made, **changes)


@pytest.fixture
def count(sqlite: State) -> Callable[..., list[Any]]:
    """Writes a decision's facts and answers the rows."""
    sqlite.admit("260302-00000001", "drop", "key", NOON).result()

    def write(*documents: DocumentVerdict, at=LATER, **more: Any) -> list[Any]:
        row = sqlite.read(lambda c: submissions.get(c, "260302-00000001"))
        decision = Decision(documents, **{"unit": "H1", "account": "lanhdao", **more})
        sqlite.write(lambda c: facts.write(c, row, decision, at))
        return rows(sqlite)

    return write


def rows(state: State) -> list[Any]:
    return state.read(lambda c: list(c.execute(select(document_facts).order_by(document_facts.c.ordinal))))


def test_an_accepted_document_is_counted_with_all_that_reports_ask_for(count):
    signatures = (make_signature(role=ORGANISATION), make_signature(role=PERSON))
    (row,) = count(
        judged("editable-file-missing", "format-font", "paper-also-due", signatures=signatures, register=NUMBER)
    )
    assert (row.verdict, row.unit, row.account, row.issuer_unit, row.form) == (
        "ACCEPT",
        "H1",
        "lanhdao",
        "H1",
        "cong-van",
    )
    assert (row.received_on.isoformat(), row.receipt_seconds, row.reasons) == ("2026-03-02", 300, " ")
    assert (row.signable, row.signed_by_organisation, row.signed_by_person, row.signed_by_leader) == (True,) * 4
    assert (row.editable_missing, row.paper_due, row.format_findings) == (True, True, 1)
    assert (row.book, row.year, row.arrival_number) == ("den", 2026, 7)


def test_a_decision_made_again_replaces_what_was_counted(count):
    assert len(count(judged(), judged(main_sha256="b" * 64))) == 2
    reason = Reason("unreadable-file", "…")
    (row,) = count(judged(answer=Verdict.reject(reason)), at=LATER + timedelta(hours=1))
    assert (row.verdict, row.reasons, row.receipt_seconds) == ("REJECT", " unreadable-file ", 3900)


def test_a_correction_makes_no_receipt_slower(count):
    count(judged())
    (row,) = count(judged(classification=make_classification("bao-cao")), at=LATER + timedelta(days=3))
    assert (row.form, row.receipt_seconds, row.decided_at) == ("bao-cao", 300, LATER)


def test_a_document_keeps_its_time_of_receipt_when_its_place_in_the_submission_changes(count, sqlite):
    first, second = judged(), judged(main_sha256="b" * 64, answer=Verdict.hold())
    count(first, second, at=LATER)
    sqlite.write(lambda c: decisions.write_documents(c, "260302-00000001", (first, second)))
    taken = replace(second, verdict=Verdict.accept())
    moved = count(taken, first, at=LATER + timedelta(minutes=5))
    assert [row.receipt_seconds for row in moved] == [600, 300]


def test_what_is_held_has_no_time_of_receipt_yet(count, sqlite):
    (row,) = count(judged(answer=Verdict.hold(Reason("form-unlisted", "…"))))
    assert (row.verdict, row.receipt_seconds) == ("HOLD", None)
    (row,) = count(judged(), at=LATER + timedelta(hours=2))
    assert row.receipt_seconds == 7500
    sqlite.write(lambda c: facts.hold(c, row.submission_id))
    (row,) = rows(sqlite)
    assert (row.verdict, row.receipt_seconds) == ("HOLD", None)


def test_quarantine_leaves_bare_counts(count, sqlite):
    locked = Verdict.quarantine(Reason("secret-marking", "…"))
    (row,) = count(judged("editable-file-missing", answer=locked, signatures=(make_signature(),)))
    assert {name for name, value in row._mapping.items() if value} == {
        "submission_id", "received_at", "received_on", "decided_at", "verdict", "reasons",
    }  # fmt: skip
    count(judged(register=NUMBER))
    sqlite.write(lambda c: decisions.forget(c, row.submission_id))
    (row,) = rows(sqlite)
    assert (row.verdict, row.unit, row.issuer_unit, row.form, row.arrival_number) == (
        "QUARANTINE",
        None,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "more", [{"purpose": Purpose.PREFLIGHT}, {"piece": Piece("key", 1, 2)}], ids=["pre-flight", "piece"]
)
def test_what_hands_in_no_document_is_not_counted(count, more):
    count(judged())
    assert count(judged(), **more) == []


@pytest.mark.parametrize("how", ["duplicate_of", "filed_with"])
def test_a_repeat_is_counted_as_such_and_signs_nothing(count, how):
    (row,) = count(judged("paper-also-due", **{how: NUMBER}))
    assert (row.duplicate, row.signable, row.paper_due) == (True, False, False)


def test_a_draft_and_the_to_trinh_that_carries_it_are_left_out_of_the_rates(count):
    drafted = FileRecord("du-thao.docx", FileRole.DRAFT, "d" * 64, "application/pdf", 1)
    carrying = judged(files=("a" * 64, "d" * 64))
    draft = judged(classification=make_classification(draft=found(True)))
    first, second = count(carrying, draft, files=(drafted,))
    assert [(row.draft, row.signable) for row in (first, second)] == [(True, False)] * 2


@pytest.mark.parametrize(
    ("document", "signable"),
    [
        (judged(), True),
        (judged(answer=Verdict.reject(Reason("organisation-signature-missing", "…"))), True),
        (judged(classification=make_classification(transmission=TransmissionForm.PAPER)), False),
        (judged(classification=None), False),
        (judged("not-an-agency-document"), False),
        (judged("unreadable-file"), False),
    ],
)
def test_secret_and_paper_documents_and_what_is_none_are_left_out_of_the_rates(document, signable):
    assert facts_signing.is_signable(document, draft=False, repeated=False) is signable


NO_CHAIN = {"status": SignatureStatus.INDETERMINATE, "subindication": "NO_CERTIFICATE_CHAIN_FOUND"}


@pytest.mark.parametrize(
    ("signature", "counts"),
    [
        (make_signature(role=PERSON), True),
        (make_signature(role=PERSON, status=SignatureStatus.FAILED), False),
        (make_signature(role=PERSON, **NO_CHAIN), False),
        (make_signature(role=PERSON, confirmed=True, **NO_CHAIN), True),
        (make_signature(role=PERSON, confirmed=True, altered_after=True, **NO_CHAIN), False),
        (make_signature(role=PERSON, confirmed=True, status=SignatureStatus.INDETERMINATE), False),
        (make_signature(role=ORGANISATION), False),
        (make_signature(role=SignerRole.UNKNOWN), False),
    ],
)
def test_a_signature_counts_when_it_passed_or_only_its_chain_is_missing_and_a_person_confirmed_it(signature, counts):
    assert facts_signing.by_person(judged(signatures=(signature,))) is counts


def test_an_organisation_that_is_not_the_issuer_does_not_sign_for_it():
    signed = (make_signature(role=ORGANISATION),)
    assert facts_signing.by_organisation(judged(signatures=signed))
    assert not facts_signing.by_organisation(judged("signer-not-issuer", signatures=signed))


@pytest.mark.parametrize(
    ("title", "leads"),
    [
        ("CHỦ TỊCH", True), ("PHÓ CHỦ TỊCH THƯỜNG TRỰC", True), ("Trưởng phòng", True), ("PHÓ TRƯỞNG PHÒNG", True),
        ("GIÁM ĐỐC", True), ("CHÁNH VĂN PHÒNG", True), ("HIỆU TRƯỞNG", True), ("CHI CỤC TRƯỞNG", True),
        ("CHỈ HUY TRƯỞNG", True), ("CHANH AN", True), ("TRƯỞNG CÔNG AN", True),
        ("CHUYÊN VIÊN", False), ("KẾ TOÁN TRƯỞNG", False), ("TỔ TRƯỞNG", False), ("THƯ KÝ", False), (None, False),
        ("ỦY BAN NHÂN DÂN", False),
    ],
)  # fmt: skip
def test_a_leader_is_known_by_the_printed_title(title, leads):
    assert facts_signing.leads(Signer("KT. CHỦ TỊCH", title, "Trần Văn Mẫu")) is leads


def test_a_leader_signs_only_with_the_own_signature():
    signed = (make_signature(role=PERSON),)
    assert facts_signing.by_leader(judged(signatures=signed))
    assert not facts_signing.by_leader(judged("person-not-the-signer", signatures=signed))
    assert not facts_signing.by_leader(judged(signatures=(make_signature(role=ORGANISATION),)))
    joint = make_classification(signer=Signer(None, None, "A"), co_signers=(found(Signer(None, "GIÁM ĐỐC", "B")),))
    assert facts_signing.by_leader(judged(signatures=signed, classification=joint))


def test_what_an_earlier_version_decided_is_counted_once(sqlite):
    for number in range(5):
        name = f"260302-0000000{number}"
        sqlite.admit(name, "drop", name, NOON).result()
        held = HoldKind.PERSON if number == 1 else None
        state = SubmissionState.HELD if held else SubmissionState.ACCEPTED
        sqlite.write(lambda c, n=name: decisions.write(c, n, 1, LATER, "s", Decision((judged(),), unit="H1")))
        sqlite.write(lambda c, n=name, s=state, h=held: submissions.move(c, n, s, h))
    after: str | None = ""
    steps = 0
    while after is not None:
        after = sqlite.write(lambda c, a=after: facts_backfill.backfill(c, a, limit=2))
        steps += 1
    assert steps == 4
    assert [row.verdict for row in rows(sqlite)].count("ACCEPT") == 4
    assert [row.verdict for row in rows(sqlite)].count("HOLD") == 1
    assert sqlite.read(facts_backfill.is_done)
