"""A lone editable file or annex joins the document that the same source brought, whichever came first."""

from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import (
    Classification,
    Destination,
    DocumentVerdict,
    Evidence,
    Finding,
    Reason,
    Snapshot,
    Verdict,
    VerdictKind,
)
from vbdaemon.model.register import Books, Numbering
from vbdaemon.pipeline.settlement import Desk, settle
from vbdaemon.state import decisions, deliveries, register, submissions
from vbdaemon.state.records import Decision, HoldKind, SubmissionState
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, make_classification, make_snapshot

BOOKS = Books()
INBOX = Destination("folder", "xa-mau/nhan", "H99.01.21")


@pytest.fixture
def state(tmp_path: Path):
    store = State(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return make_snapshot()


def admit(state: State, submission_id: str, source: str = "phong-noi-vu/gui") -> None:
    state.admit(submission_id, source, submission_id, NOON).result()


def decide(
    state: State, submission_id: str, verdict: DocumentVerdict, snapshot: Snapshot, books: Books = BOOKS
) -> SubmissionState:
    version = state.write(partial(submissions.start_attempt, submission_id=submission_id, at=NOON))
    assert version is not None
    desk = Desk(snapshot, books)
    return state.write(
        partial(settle, submission_id=submission_id, version=version, decision=Decision((verdict,)), desk=desk, at=NOON)
    )


def accepted(sha256: str = "a" * 64, **kind) -> DocumentVerdict:
    classification = make_classification(**kind)
    return DocumentVerdict("cv.pdf", sha256, (sha256,), classification, (), (), Verdict.accept(), (INBOX,))


def alone(snapshot: Snapshot, code: str, words: str, kind: Classification | None = None) -> DocumentVerdict:
    finding: Finding = snapshot.policy.finding(code, Evidence(words))
    sha256 = "b" * 64
    held = Verdict.hold(Reason.of(finding))
    return DocumentVerdict("cv.docx", sha256, (sha256,), kind, (), (finding,), held)


def latest(state: State, submission_id: str) -> DocumentVerdict:
    decision = state.read(partial(decisions.latest, submission_id=submission_id))
    assert decision is not None
    return decision.documents[0]


def test_a_late_editable_file_is_filed_with_its_document_and_sent_after_it(state, snapshot):
    admit(state, "260302-AAAAAAAA")
    assert decide(state, "260302-AAAAAAAA", accepted(), snapshot) is SubmissionState.ACCEPTED
    admit(state, "260302-BBBBBBBB")
    editable = alone(snapshot, "editable-file-alone", "15/PNV-TCCC", make_classification())
    assert decide(state, "260302-BBBBBBBB", editable, snapshot) is SubmissionState.ACCEPTED
    filed = latest(state, "260302-BBBBBBBB")
    assert filed.filed_with == latest(state, "260302-AAAAAAAA").register
    assert filed.register is None
    assert "filed-with-document" in [finding.code for finding in filed.findings]
    sent = state.read(partial(deliveries.of_submission, submission_id="260302-BBBBBBBB"))
    assert [row.address for row in sent if row.kind == "forward"] == [INBOX.address]


@pytest.mark.parametrize("numbering", [Numbering.EXTERNAL, Numbering.OFF])
def test_a_late_file_of_a_document_without_a_number_is_no_document_of_its_own(state, snapshot, numbering):
    books = Books(numbering=numbering)
    admit(state, "260302-AAAAAAAA")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot, books)
    admit(state, "260302-BBBBBBBB")
    editable = alone(snapshot, "editable-file-alone", "15/PNV-TCCC", make_classification())
    assert decide(state, "260302-BBBBBBBB", editable, snapshot, books) is SubmissionState.ACCEPTED
    assert latest(state, "260302-BBBBBBBB").filed_with is not None
    assert state.read(partial(register.lines_of, submission_id="260302-BBBBBBBB")) == []
    sent = state.read(partial(deliveries.of_submission, submission_id="260302-BBBBBBBB"))
    (name,) = [row.name for row in sent if row.kind == "forward"]
    assert name.startswith("260302-BBBBBBBB")


def test_an_editable_file_that_came_first_waits_and_is_judged_again_when_its_document_is_accepted(state, snapshot):
    admit(state, "260302-BBBBBBBB")
    editable = alone(snapshot, "editable-file-alone", "15/PNV-TCCC", make_classification())
    assert decide(state, "260302-BBBBBBBB", editable, snapshot) is SubmissionState.HELD
    row = state.read(partial(submissions.get, submission_id="260302-BBBBBBBB"))
    assert row.hold_kind is HoldKind.COMPANION
    admit(state, "260302-AAAAAAAA")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot)
    assert state.read(partial(submissions.get, submission_id="260302-BBBBBBBB")).state is SubmissionState.WAITING
    assert decide(state, "260302-BBBBBBBB", editable, snapshot) is SubmissionState.ACCEPTED


def test_without_a_number_symbol_form_and_subject_tell_the_document(state, snapshot):
    admit(state, "260302-AAAAAAAA")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot)
    admit(state, "260302-BBBBBBBB")
    editable = alone(snapshot, "editable-file-alone", "", make_classification(number=None))
    assert decide(state, "260302-BBBBBBBB", editable, snapshot) is SubmissionState.ACCEPTED


@pytest.mark.parametrize("words", ["16/PNV-TCCC", "15/PNV-TH", ""])
def test_a_file_of_another_document_waits(state, snapshot, words):
    admit(state, "260302-AAAAAAAA")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot)
    admit(state, "260302-BBBBBBBB")
    assert decide(state, "260302-BBBBBBBB", alone(snapshot, "annex-alone", words), snapshot) is SubmissionState.HELD


def test_a_document_of_another_source_is_not_its_document(state, snapshot):
    admit(state, "260302-AAAAAAAA", source="xa-mau/gui")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot)
    admit(state, "260302-BBBBBBBB")
    annex = alone(snapshot, "annex-alone", "15/PNV-TCCC")
    assert decide(state, "260302-BBBBBBBB", annex, snapshot) is SubmissionState.HELD


def test_a_file_with_other_reasons_to_wait_is_not_filed(state, snapshot):
    admit(state, "260302-AAAAAAAA")
    decide(state, "260302-AAAAAAAA", accepted(), snapshot)
    admit(state, "260302-BBBBBBBB")
    held = alone(snapshot, "annex-alone", "15/PNV-TCCC")
    other = Reason.of(snapshot.policy.finding("sender-unknown"))
    mixed = DocumentVerdict(
        held.main, held.main_sha256, held.files, None, (), held.findings, Verdict.hold(*held.verdict.reasons, other)
    )
    assert decide(state, "260302-BBBBBBBB", mixed, snapshot) is SubmissionState.HELD
    assert latest(state, "260302-BBBBBBBB").verdict.kind is VerdictKind.HOLD
