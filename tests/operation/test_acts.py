"""People's acts: every act in every state is applied or refused in words, never half done."""

from collections.abc import Callable
from typing import Any

import pytest

from vbdaemon.errors import SpoolError
from vbdaemon.model import (
    ActKind,
    Channel,
    CorrectedField,
    Correspondence,
    CorrespondenceKind,
    Destination,
    DocumentVerdict,
    Envelope,
    Finding,
    Outcome,
    Piece,
    Reason,
    Severity,
    TextSource,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.operation.acts import finish
from vbdaemon.pipeline.settlement import StaleDecision
from vbdaemon.state import acts, corrections, submissions
from vbdaemon.state.records import ActRow, ActState, DeliveryState, HoldKind, SubmissionState
from vbdaemon.testing import NOON, make_classification

REPLY = Destination("folder", "phong-noi-vu/ket-qua", "H1")
TO = (Destination("folder", "phong-y-te/nhan", "H2"),)
A, B = "a" * 64, "b" * 64
ON_SUBMISSIONS = HOLD, RELEASE, REJECT, RETRY, QUARANTINE = tuple(ActKind)[:5]


def judged(*codes: str, kind: Callable[..., Verdict] = Verdict.hold, sha256: str = A, number: str = "15"):
    findings = tuple(Finding(code, Severity.ERROR, code) for code in codes)
    verdict = kind(*map(Reason.of, findings)) if codes else Verdict.accept()
    known = make_classification(number=number, subject="phương án")
    to = () if codes else TO
    return DocumentVerdict("phuong-an.pdf", sha256, (sha256,), known, (), findings, verdict, to)


def held_as(kind: HoldKind) -> Callable[[Any, str], None]:
    def prepare(office: Any, id_: str) -> None:
        office.settle(id_, judged("form-unlisted"))
        office.state.write(lambda c: submissions.move(c, id_, SubmissionState.HELD, kind))

    return prepare


def forwarded(office: Any, id_: str) -> None:
    office.settle(id_, judged())
    office.send(id_, Outcome.delivered())


def forwarding(office: Any, id_: str) -> None:
    office.settle(id_, judged())
    office.send(id_, None)


PLACES: dict[str, Callable[[Any, str], object]] = {
    "waiting": lambda office, id_: None,
    "deciding": lambda office, id_: office.start(id_),
    "held for evidence": held_as(HoldKind.EVIDENCE),
    "held for review": held_as(HoldKind.REVIEW),
    "held for its document": held_as(HoldKind.COMPANION),
    "held by a person": held_as(HoldKind.PERSON),
    "held after failures": held_as(HoldKind.FAILURE),
    "accepted": lambda office, id_: office.settle(id_, judged()),
    "being forwarded": forwarding,
    "forwarded": forwarded,
    "rejected": lambda office, id_: office.settle(id_, judged("paper-only-form", kind=Verdict.reject)),
    "quarantined": lambda office, id_: office.settle(id_, judged("secret-marking", kind=Verdict.quarantine)),
}
GONE = "was forwarded already"
LOCKED = "lies in quarantine"
NOT_HELD = "only a HELD one can be released"
REFUSALS = {
    **{(HOLD, place): GONE for place in ("being forwarded", "forwarded")},
    **{(REJECT, place): GONE for place in ("being forwarded", "forwarded")},
    **{(RETRY, place): GONE for place in ("being forwarded", "forwarded")},
    **{(kind, "quarantined"): LOCKED for kind in (HOLD, REJECT, RETRY, QUARANTINE)},
    **{
        (RELEASE, place): NOT_HELD
        for place in ("waiting", "deciding", "accepted", "being forwarded", "forwarded", "rejected", "quarantined")
    },
    (RELEASE, "held after failures"): "never decided; use",
}
RESULTS = {
    HOLD: SubmissionState.HELD,
    RELEASE: SubmissionState.WAITING,
    REJECT: SubmissionState.REJECTED,
    RETRY: SubmissionState.WAITING,
    QUARANTINE: SubmissionState.QUARANTINED,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ON_SUBMISSIONS)
def test_every_act_in_every_state_is_applied_or_refused_in_words(office, kind, place):
    id_ = office.admit()
    PLACES[place](office, id_)
    before, outbox = office.row(id_), office.outbox(id_)
    answer = office.act(kind, id_)
    words = REFUSALS.get((kind, place))
    if words is None:
        assert answer.state is ActState.APPLIED, answer.answer
        assert office.row(id_).state is RESULTS[kind]
        assert office.row(id_).version == before.version + 1
        said = "chị An" if kind is QUARANTINE else "chị An: theo ý kiến lãnh đạo"
        assert (f"act-{kind}", said) in office.story(id_)
    else:
        assert answer.state is ActState.REFUSED
        assert words in answer.answer
        assert (office.row(id_), office.outbox(id_)) == (before, outbox)


@pytest.mark.parametrize("kind", ON_SUBMISSIONS)
def test_an_act_on_another_version_is_refused_and_says_how_it_stands_now(office, kind):
    id_ = office.admit()
    office.settle(id_, judged("form-unlisted"))
    answer = office.act(kind, id_, version=0)
    assert answer.state is ActState.REFUSED
    assert answer.answer == f'submission {id_} changed meanwhile, it is HELD now; see "vbdaemon show {id_}"'


def test_the_same_act_twice_is_applied_once(office):
    id_ = office.admit()
    version = office.row(id_).version
    states = [office.act(HOLD, id_, version=version).state for _ in range(2)]
    assert states == [ActState.APPLIED, ActState.REFUSED]


def test_a_hold_withdraws_what_was_not_sent_and_nothing_reopens_it(office):
    id_ = office.admit()
    office.settle(id_, judged())
    office.act(HOLD, id_)
    assert office.due(id_) == []
    assert office.row(id_).hold_kind is HoldKind.PERSON
    assert office.state.write(lambda c: submissions.reopen_for_evidence(c, "new", NOON)) == []
    assert office.start(id_) is None


def test_a_hold_during_the_decision_drops_the_decision(office):
    id_ = office.admit()
    version = office.start(id_)
    office.act(HOLD, id_)
    with pytest.raises(StaleDecision):
        office.settle(id_, judged(), version=version)
    assert office.row(id_).hold_kind is HoldKind.PERSON


def test_a_release_waives_exactly_what_it_was_held_for_and_new_findings_hold_again(office):
    id_ = office.admit()
    documents = judged("form-unlisted", "annex-unsigned"), judged(sha256=B, number="16")
    office.settle(id_, *documents, judged("x", kind=Verdict.reject, sha256="c" * 64))
    answer = office.act(RELEASE, id_, why="lãnh đạo đồng ý")
    assert "2 findings waived" in answer.answer
    waivers = office.state.read(lambda c: submissions.waivers_of(c, id_))
    assert set(waivers) == {
        Waiver(code, A, "chị An", "lãnh đạo đồng ý") for code in ("form-unlisted", "annex-unsigned")
    }
    office.settle(id_, judged("certificate-untrusted"))
    assert office.row(id_).state is SubmissionState.HELD


def test_a_release_of_what_a_person_held_waives_nothing(office):
    id_ = office.admit()
    office.settle(id_, judged())
    office.act(HOLD, id_)
    assert "0 findings waived" in office.act(RELEASE, id_).answer
    office.settle(id_, judged())
    assert len([r for r in office.outbox(id_) if r.state is DeliveryState.DUE and r.kind == "forward"]) == 1


def test_siblings_that_were_forwarded_hinder_no_release(office):
    id_ = office.admit()
    office.settle(id_, judged(), judged("form-unlisted", sha256=B, number="16"))
    office.send(id_, Outcome.delivered())
    assert office.act(RELEASE, id_).state is ActState.APPLIED


def test_a_rejection_withdraws_the_forward_and_tells_the_sender_why(office):
    id_ = office.admit()
    office.settle(id_, judged("form-unlisted"))
    office.act(REJECT, id_, why="sai thẩm quyền")
    (document,) = office.decision(id_).documents
    assert document.verdict.kind is VerdictKind.REJECT
    assert [r.code for r in document.verdict.reasons] == ["rejected-by-person"]
    assert "sai thẩm quyền" in document.verdict.reasons[0].message
    assert office.due(id_) == [f"{id_}_tu-choi_2"]


def test_a_rejection_keeps_the_number_that_was_given(office):
    """A number of the register is never given to another document."""
    id_ = office.admit()
    office.settle(id_, judged())
    office.act(REJECT, id_)
    assert office.decision(id_).documents[0].register.number == 1
    other = office.admit()
    office.settle(other, judged(sha256=B, number="16"))
    assert office.decision(other).documents[0].register.number == 2


def test_what_was_never_decided_can_be_rejected_by_its_files(office):
    id_ = office.admit("thư mời.pdf")
    office.act(REJECT, id_)
    decision = office.decision(id_)
    assert decision.documents[0].main == "thư mời.pdf"
    assert decision.reply == REPLY
    assert office.due(id_) == [f"{id_}_tu-choi"]


def test_a_rejection_without_the_bytes_is_refused_in_words(office):
    id_ = office.admit()
    (office.spool.folder_of(id_) / "envelope.json").unlink()
    answer = office.act(REJECT, id_)
    assert answer.state is ActState.REFUSED
    assert answer.answer.count(id_) == 1


def test_a_submission_without_a_file_is_refused_in_words(office):
    id_ = "260302-NOFILES0"
    office.spool.begin(id_).seal(Envelope("gui", Channel.FOLDER, NOON))
    office.state.admit(id_, "gui", id_, NOON).result()
    assert "holds no file" in office.act(REJECT, id_).answer


def test_a_retry_withdraws_what_was_not_sent_and_starts_anew(office):
    """Otherwise it could be forwarded while it is being judged again."""
    id_ = office.admit()
    office.settle(id_, judged())
    office.act(RETRY, id_)
    assert office.due(id_) == []
    office.settle(id_, judged())
    assert len(office.due(id_)) == 2
    assert office.decision(id_).documents[0].register.number == 1


def test_a_retry_forgets_failures(office):
    id_ = office.admit()
    for _ in range(3):
        office.start(id_)
        office.state.write(lambda c: submissions.fail_attempt(c, id_, NOON, "x", 3))
    assert office.row(id_).hold_kind is HoldKind.FAILURE
    office.act(RETRY, id_)
    assert (office.row(id_).state, office.row(id_).failures) == (SubmissionState.WAITING, 0)


def test_quarantine_removes_names_and_subjects_from_the_database_and_moves_the_bytes(office, in_memory):
    id_ = office.admit()
    office.settle(id_, judged())
    office.send(id_, Outcome.delivered("phong-y-te/nhan/0001_2026-03-02_15-PNV-TCCC"))
    (office.spool.outgoing(f"{id_}-1")).mkdir()
    (office.spool.outgoing(f"{id_}-1") / "phieu.html").write_text("phương án")
    answer = office.act(QUARANTINE, id_, why="có dấu mật")
    assert "1 recipients are asked to stop using theirs" in answer.answer
    finish(answer, office.spool, office.state)
    kept = b"".join(p.read_bytes() for p in in_memory.glob("state.sqlite3*"))
    assert id_.encode() in kept
    for words in ("phương án", "phuong-an", "15-PNV-TCCC"):
        assert words.encode() not in kept
    assert office.spool.is_quarantined(id_)
    assert not office.spool.outgoing(f"{id_}-1").exists()
    assert office.due(id_) == [f"{id_}_ngung-su-dung_0"]
    finish(answer, office.spool, office.state)


def test_a_quarantine_whose_bytes_cannot_be_moved_says_so(office):
    id_ = office.admit()
    answer = office.act(QUARANTINE, id_)
    (office.spool.root / "quarantine").rmdir()
    with pytest.raises(SpoolError, match="could not be moved"):
        finish(answer, office.spool, office.state)


@pytest.mark.parametrize("kind", [HOLD, RELEASE, REJECT, RETRY])
def test_other_acts_move_no_bytes(office, kind):
    id_ = office.admit()
    office.settle(id_, judged("form-unlisted"))
    finish(office.act(kind, id_), office.spool, office.state)
    assert office.spool.load(id_)


def typed(office: Any, id_: str, **fields: str) -> ActRow:
    return office.act(ActKind.CORRECT, id_, corrected=tuple((CorrectedField(k), v) for k, v in fields.items()))


def notices(office: Any, id_: str) -> list[str]:
    return [row.name for row in office.outbox(id_) if row.kind == "notice" and row.state is not DeliveryState.CANCELLED]


def test_what_was_typed_in_before_forwarding_is_judged_again_with_it(office):
    id_ = office.admit()
    office.settle(id_, judged("number-unread"))
    answered = typed(office, id_, number="27", date="2026-02-28")

    assert answered.state is ActState.APPLIED
    assert office.row(id_).state is SubmissionState.WAITING
    kept = office.state.read(lambda c: corrections.of_submission(c, id_))
    assert [(each.field, each.value, each.who, each.file) for each in kept] == [
        (CorrectedField.NUMBER, "27", "chị An", A),
        (CorrectedField.DATE, "2026-02-28", "chị An", A),
    ]


def test_a_forwarded_document_is_amended_and_told_once_and_neither_judged_nor_forwarded_again(office):
    id_ = office.admit()
    forwarded(office, id_)
    before = office.decision(id_).documents[0]
    typed(office, id_, number="27", subject="phương án đã sửa")
    after = office.decision(id_).documents[0]

    assert office.row(id_).state is SubmissionState.ACCEPTED
    assert (after.classification.number.value, after.classification.number.source) == ("27", TextSource.PERSON)
    assert after.classification.subject.value == "phương án đã sửa"
    assert (after.register, after.verdict) == (before.register, before.verdict)
    assert len([row for row in office.outbox(id_) if row.kind == "forward"]) == 1
    assert notices(office, id_) == [f"{id_}_tiep-nhan_2"]  # the first was not sent yet
    assert ("act-correct", "chị An: theo ý kiến lãnh đạo") in office.story(id_)

    typed(office, id_, number="27")
    assert len(notices(office, id_)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"form": "bai-tho"}, "is no form"),
        ({"date": "31/02/2026"}, "is no date"),
        ({"number": " "}, "number is empty"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(office, fields, words):
    id_ = office.admit()
    office.settle(id_, judged("number-unread"))
    answered = typed(office, id_, **fields)

    assert answered.state is ActState.REFUSED
    assert words in answered.answer
    assert office.row(id_).state is SubmissionState.HELD
    assert office.state.read(lambda c: corrections.of_submission(c, id_)) == ()


def test_quarantine_forgets_what_was_typed_in(office):
    id_ = office.admit()
    office.settle(id_, judged("number-unread"))
    act = typed(office, id_, subject="phương án phòng thủ")
    office.act(ActKind.QUARANTINE, id_)

    assert office.state.read(lambda c: corrections.of_submission(c, id_)) == ()
    assert office.state.read(lambda c: acts.get(c, act.id)).corrected == ()


def test_an_accepted_document_goes_to_one_more_unit_and_again_when_asked_again(office):
    id_ = office.admit()
    forwarded(office, id_)
    assert office.act(ActKind.RESEND, id_, unit="H1").state is ActState.APPLIED
    assert office.act(ActKind.RESEND, id_, unit="H1").state is ActState.APPLIED

    forwards = [row for row in office.outbox(id_) if row.kind == "forward"]
    assert [(row.address, row.state) for row in forwards] == [
        ("phong-y-te/nhan", DeliveryState.DELIVERED),
        ("phong-noi-vu/nhan", DeliveryState.DUE),
        ("phong-noi-vu/nhan", DeliveryState.DUE),
    ]


@pytest.mark.parametrize(
    ("document", "unit", "words"),
    [
        (judged("form-unlisted"), "H1", "not accepted"),
        (judged(), "H9", "no unit"),
        (judged(), "H3", "neither a folder"),
    ],
)
def test_what_cannot_be_sent_again_is_refused_in_words(office, document, unit, words):
    id_ = office.admit()
    office.settle(id_, document)
    answered = office.act(ActKind.RESEND, id_, unit=unit)

    assert answered.state is ActState.REFUSED
    assert words in answered.answer


def test_only_a_document_that_is_there_can_be_corrected_or_sent_again(office):
    id_ = office.admit()
    office.settle(id_, judged())

    assert "holds 1 documents" in office.act(ActKind.RESEND, id_, unit="H1", document=1).answer


def filed(office: Any, id_: str) -> None:
    office.settle(id_, correspondence=Correspondence(CorrespondenceKind.AUTO_REPLY))


def test_a_filed_message_is_judged_after_all_when_a_person_says_so_and_nothing_else_can_be_done_with_it(office):
    id_ = office.admit()
    filed(office, id_)
    for kind in (ActKind.HOLD, ActKind.REJECT):
        assert "nothing of it was taken over" in office.act(kind, id_).answer
    assert office.act(ActKind.RETRY, id_).state is ActState.APPLIED
    assert office.row(id_).state is SubmissionState.WAITING
    (waiver,) = office.state.read(lambda c: submissions.waivers_of(c, id_))
    assert waiver.who == "chị An"


def test_what_a_person_locks_away_takes_the_mails_that_were_joined_with_it_along(office):
    first, last = office.admit(), office.admit()
    office.settle(first, judged("piece-awaited"), piece=Piece("c" * 64, 1, 2))
    office.settle(last, judged(sha256=B), joined=(first,))
    act = office.act(ActKind.QUARANTINE, last)
    finish(act, office.spool, office.state)

    assert {office.row(each).state for each in (first, last)} == {SubmissionState.QUARANTINED}
    assert office.spool.is_quarantined(first)
    assert office.spool.is_quarantined(last)
