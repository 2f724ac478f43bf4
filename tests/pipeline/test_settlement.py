"""One transaction: duplicates, numbers, verdicts, the outbox; a decision is committed whole or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from vbdaemon.errors import StateError
from vbdaemon.model import (
    DeliveryKind,
    Destination,
    MailRules,
    Outcome,
    Purpose,
    RegisterNumber,
    Urgency,
    Verdict,
    VerdictKind,
    Waiver,
)
from vbdaemon.model.register import Books, Numbering
from vbdaemon.pipeline.settlement import Desk, StaleDecision, settle
from vbdaemon.state import deliveries, gathering, submissions
from vbdaemon.state.records import Decision, DeliveryState, HoldKind, SubmissionState
from vbdaemon.testing import NOON, TODAY, found, make_snapshot

A, B, C = "a" * 64, "b" * 64, "c" * 64
ACCEPTED, HELD, REJECTED = SubmissionState.ACCEPTED, SubmissionState.HELD, SubmissionState.REJECTED
HERE, THERE = Destination("folder", "phong-y-te/nhan", "H2"), Destination("folder", "ubnd-xa/nhan", "H3")


def numbers(office, name):
    return [d.register.number if d.register else None for d in office.decision(name).documents]


def kinds(office, name):
    return [d.verdict.kind for d in office.decision(name).documents]


def sent(office, name, kind=None):
    return [(d.address, d.state) for d in office.outbox(name) if kind is None or d.kind is kind]


def send(office, row, outcome=None):
    office.state.write(lambda c: deliveries.start_attempt(c, row.id, NOON))
    office.state.write(lambda c: deliveries.end_attempt(c, row, NOON, outcome or Outcome.delivered(), NOON))


def test_an_accepted_document_is_numbered_forwarded_and_answered(office, judged):
    name = office.admit()
    assert office.settle(name, judged(to=(HERE, THERE))) is ACCEPTED
    row = office.row(name)
    assert (row.state, row.verdict, row.version, row.snapshot, row.decided_at) == (
        ACCEPTED, VerdictKind.ACCEPT, 1, "test", NOON,
    )  # fmt: skip
    assert numbers(office, name) == [1]
    forwards = [d for d in office.outbox(name) if d.kind is DeliveryKind.FORWARD]
    assert [(d.address, d.unit, d.name, d.document) for d in forwards] == [
        ("phong-y-te/nhan", "H2", "0001_2026-03-02_15-PNV-TCCC", 0),
        ("ubnd-xa/nhan", "H3", "0001_2026-03-02_15-PNV-TCCC", 0),
    ]
    (notice,) = [d for d in office.outbox(name) if d.kind is DeliveryKind.NOTICE]
    assert (notice.address, notice.name, notice.document) == ("phong-noi-vu/ket-qua", f"{name}_tiep-nhan", None)
    assert office.story(name) == ["admitted", "decided"]


@pytest.mark.parametrize(
    ("kind", "state", "label"),
    [(Verdict.hold, HELD, "da-den"), (Verdict.reject, REJECTED, "tu-choi")],
    ids=["hold", "reject"],
)
def test_what_is_not_accepted_gets_no_number_and_goes_nowhere(office, judged, kind, state, label):
    name = office.admit()
    assert office.settle(name, judged("form-unlisted", kind=kind)) is state
    assert numbers(office, name) == [None]
    assert [(d.kind, d.name) for d in office.outbox(name)] == [(DeliveryKind.NOTICE, f"{name}_{label}")]


def test_two_documents_of_one_file_get_two_numbers(office, judged):
    name = office.admit()
    office.settle(name, judged(first_page=1), judged(first_page=4, number="16"))
    assert numbers(office, name) == [1, 2]
    assert sorted(d.name for d in office.outbox(name) if d.kind is DeliveryKind.FORWARD) == [
        "0001_2026-03-02_15-PNV-TCCC",
        "0002_2026-03-02_16-PNV-TCCC",
    ]


def test_the_same_bytes_twice_in_one_submission_are_registered_once(office, judged):
    name = office.admit()
    assert office.settle(name, judged(), judged()) is ACCEPTED
    first, second = office.decision(name).documents
    assert first.register.number == 1
    assert second.register is None
    assert second.duplicate_of == first.register
    assert "duplicate" in {f.code for f in second.findings}
    office.again(name)
    office.settle(name, judged("form-unlisted"), judged("form-unlisted"))
    assert numbers(office, name) == [1, None]
    office.again(name)
    assert office.settle(name, judged(), judged()) is ACCEPTED
    assert numbers(office, name) == [1, None]
    assert [s for _, s in sent(office, name, DeliveryKind.FORWARD)] == [DeliveryState.CANCELLED, DeliveryState.DUE]


def test_siblings_of_a_refused_document_go_and_the_strictest_verdict_is_shown(office, judged):
    name = office.admit()
    office.settle(name, judged(), judged("paper-only-form", sha256=B, kind=Verdict.reject, number="16"))
    assert kinds(office, name) == [VerdictKind.ACCEPT, VerdictKind.REJECT]
    assert (office.row(name).state, office.row(name).verdict) == (REJECTED, VerdictKind.REJECT)
    assert numbers(office, name) == [1, None]
    assert len(sent(office, name, DeliveryKind.FORWARD)) == 1
    assert len(sent(office, name, DeliveryKind.NOTICE)) == 1


def test_one_held_document_keeps_the_submission_before_a_persons_eyes(office, judged):
    name = office.admit()
    documents = judged(), judged("form-unlisted", sha256=B, number="16"), judged("x", sha256=C, kind=Verdict.reject)
    assert office.settle(name, *documents) is HELD
    assert office.row(name).verdict is VerdictKind.REJECT


def test_a_year_of_the_register_turns_at_midnight_in_viet_nam(office, judged):
    """17:00 UTC on 31 December is midnight there."""
    moments = [datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 17, 0, tzinfo=UTC)]
    given = []
    for sha256, moment in zip((A, B), moments, strict=True):
        name = office.admit()
        office.settle(name, judged(sha256=sha256, number=sha256[0]), at=moment)
        given.append(office.decision(name).documents[0].register)
    assert [(r.year, r.number, r.registered_on.isoformat()) for r in given] == [
        (2026, 1, "2026-12-31"),
        (2027, 1, "2027-01-01"),
    ]


def test_a_decision_that_could_not_be_written_takes_no_number(office, judged):
    broken, good = office.admit(), office.admit()
    version = office.start(broken)
    decision = Decision((judged(), judged(sha256=B, number="\udcff")))
    with pytest.raises((StateError, ValueError)):
        office.state.write(
            partial(settle, submission_id=broken, version=version, decision=decision, desk=office.desk, at=NOON)
        )
    assert office.row(broken).state is SubmissionState.DECIDING
    assert office.decision(broken) is None
    assert office.outbox(broken) == ()
    office.settle(good, judged(sha256=C))
    assert numbers(office, good) == [1]


def test_another_system_may_number(office, judged):
    office.desk = Desk(make_snapshot(), Books(numbering=Numbering.OFF))
    name = office.admit()
    office.settle(name, judged())
    assert numbers(office, name) == [None]
    assert office.outbox(name)[0].name == f"{name}_15-PNV-TCCC"


def test_the_same_bytes_again_are_not_registered_or_forwarded_and_the_receipt_knows_the_number(office, judged):
    first, second = office.admit(), office.admit()
    office.settle(first, judged())
    assert office.settle(second, judged()) is ACCEPTED
    (document,) = office.decision(second).documents
    assert document.duplicate_of == RegisterNumber("den", 2026, 1, TODAY)
    assert document.register is None
    assert [f.code for f in document.findings] == ["duplicate"]
    assert [d.kind for d in office.outbox(second)] == [DeliveryKind.NOTICE]


def test_after_a_refusal_the_same_document_is_new(office, judged):
    first, second = office.admit(), office.admit()
    office.settle(first, judged("signature-broken", kind=Verdict.reject))
    office.settle(second, judged())
    assert numbers(office, second) == [1]


def test_other_bytes_under_the_same_number_are_held_and_name_the_other(office, judged):
    first, second = office.admit(), office.admit()
    office.settle(first, judged())
    assert office.settle(second, judged(sha256=B)) is HELD
    (document,) = office.decision(second).documents
    assert [r.code for r in document.verdict.reasons] == ["duplicate-differs"]
    assert first in document.findings[0].message + str(document.findings[0].english)
    assert document.destinations == ()
    assert numbers(office, second) == [None]


def test_a_release_of_that_hold_lets_it_go_and_nothing_else(office, judged):
    first, second, third = office.admit(), office.admit(), office.admit()
    office.settle(first, judged())
    office.settle(second, judged(sha256=B))
    office.state.write(lambda c: submissions.waive(c, second, Waiver("duplicate-differs", B, "an", "thay bản cũ")))
    office.again(second)
    assert office.settle(second, judged(sha256=B)) is ACCEPTED
    assert numbers(office, second) == [2]
    assert office.settle(third, judged(sha256=C)) is HELD


def test_a_submission_is_no_duplicate_of_itself_when_it_is_judged_again(office, judged):
    name = office.admit()
    office.settle(name, judged())
    office.again(name)
    assert office.settle(name, judged()) is ACCEPTED
    assert numbers(office, name) == [1]
    assert office.decision(name).documents[0].duplicate_of is None


def test_a_number_once_given_stays_with_its_document(office, judged):
    name, other = office.admit(), office.admit()
    office.settle(name, judged())
    office.again(name)
    office.settle(name, judged("form-unlisted"))
    assert numbers(office, name) == [1]
    office.settle(other, judged(sha256=B, number="16"))
    assert numbers(office, other) == [2]


def test_the_same_verdicts_for_the_same_reasons_are_told_once(office, judged):
    name = office.admit()
    for _ in range(3):
        office.settle(name, judged("certificate-untrusted"))
        for row in office.outbox(name):
            if row.state is DeliveryState.DUE:
                send(office, row)
        office.again(name)
    office.settle(name, judged("certificate-untrusted", "signature-position"))
    names = [d.name for d in office.outbox(name)]
    assert names == [f"{name}_da-den", f"{name}_da-den_7"]


def test_what_was_delivered_is_not_sent_again_when_it_is_judged_again(office, judged):
    name = office.admit()
    office.settle(name, judged(to=(HERE,)), judged("form-unlisted", sha256=B, number="16"))
    for row in office.outbox(name):
        send(office, row)
    office.again(name)
    office.settle(name, judged(to=(HERE, THERE)), judged(sha256=B, number="16", to=(HERE,)))
    assert sorted(sent(office, name, DeliveryKind.FORWARD)) == [
        ("phong-y-te/nhan", DeliveryState.DELIVERED),
        ("phong-y-te/nhan", DeliveryState.DUE),
        ("ubnd-xa/nhan", DeliveryState.DUE),
    ]


def test_a_forwarding_under_way_keeps_its_id_when_a_sibling_is_released(office, judged):
    """The first attempt may have arrived: only a repeat under the same id is recognised as one."""
    name = office.admit()
    held = judged("form-unlisted", sha256=B, number="16")
    office.settle(name, judged(), held, reply=None)
    (before,) = office.outbox(name)
    office.state.write(lambda c: deliveries.start_attempt(c, before.id, NOON))
    office.again(name)
    office.settle(name, judged(), judged(sha256=B, number="16"), reply=None)
    first, second = office.outbox(name)
    assert (first.id, first.state) == (before.id, DeliveryState.DUE)
    assert (second.document, second.state) == (1, DeliveryState.DUE)


def test_what_is_no_longer_wanted_is_withdrawn(office, judged):
    name = office.admit()
    office.settle(name, judged(to=(HERE, THERE)), reply=None)
    office.again(name)
    office.settle(name, judged(to=(THERE,)), reply=None)
    due = [d.address for d in office.outbox(name) if d.state is DeliveryState.DUE]
    assert due == ["ubnd-xa/nhan"]


def test_nobody_is_told_while_nobody_may_be_told(office, judged):
    name = office.admit()
    office.settle(name, judged("sender-unknown"), reply=None)
    assert office.outbox(name) == ()


def test_a_decision_about_another_version_is_dropped(office, judged):
    name = office.admit()
    version = office.start(name)
    office.state.write(lambda c: submissions.move(c, name, HELD, HoldKind.PERSON))
    with pytest.raises(StaleDecision):
        office.state.write(
            partial(
                settle, submission_id=name, version=version, decision=Decision((judged(),)), desk=office.desk, at=NOON
            )
        )
    assert (office.row(name).state, office.row(name).hold_kind) == (HELD, HoldKind.PERSON)
    assert office.outbox(name) == ()


def test_a_decision_is_committed_once(office, judged):
    name = office.admit()
    version = office.start(name)
    change = partial(
        settle, submission_id=name, version=version, decision=Decision((judged(),)), desk=office.desk, at=NOON
    )
    office.state.write(change)
    with pytest.raises(StaleDecision):
        office.state.write(change)
    assert numbers(office, name) == [1]


def test_what_was_judged_under_former_rules_is_judged_again(office, judged):
    name = office.admit()
    assert office.settle(name, judged(), snapshot="former") is SubmissionState.WAITING
    assert office.outbox(name) == ()
    assert office.settle(name, judged(), snapshot="test") is ACCEPTED


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (("certificate-untrusted",), HoldKind.EVIDENCE),
        (("certificate-untrusted", "form-unlisted"), HoldKind.EVIDENCE),
        (("form-unlisted",), HoldKind.REVIEW),
        (("form-unknown",), HoldKind.REVIEW),
        (("a-plugins-own",), HoldKind.REVIEW),
        (("editable-file-alone",), HoldKind.COMPANION),
        (("annex-alone", "form-unknown"), HoldKind.COMPANION),
        (("annex-alone", "form-ambiguous"), HoldKind.REVIEW),
        ((), HoldKind.REVIEW),
    ],
)
def test_the_reasons_say_what_can_reopen_a_hold(office, judged, codes, kind):
    name = office.admit()
    office.settle(name, judged(*codes, kind=Verdict.hold, to=()))
    assert office.row(name).hold_kind is kind


def test_urgent_documents_leave_first(office, judged):
    names = [office.admit() for _ in range(2)]
    office.settle(names[0], judged(), reply=None)
    office.settle(names[1], judged(sha256=B, number="16", urgency=found(Urgency.HOA_TOC)), reply=None)
    due = office.state.read(lambda c: deliveries.due(c, NOON, 10))
    assert [(d.submission, d.urgency) for d in due] == [(names[1], 3), (names[0], 0)]


def test_quarantine_keeps_hashes_and_no_word_of_any_earlier_decision(office, judged):
    """First held for want of OCR, with names and subject; then the mark was read."""
    name = office.admit(names=("phuong-an-phong-thu.pdf",))
    office.settle(name, judged("ocr-unavailable", subject="phuong an phong thu"))
    office.again(name)
    locked = judged("secret-marking", kind=Verdict.quarantine, to=())
    locked = type(locked)(A, A, (A,), None, (), (), locked.verdict)
    assert office.settle(name, locked) is SubmissionState.QUARANTINED
    office.state.close()
    kept = office.bytes_kept()
    assert A.encode() in kept
    assert b"phuong an phong thu" not in kept
    assert b"phuong-an-phong-thu" not in kept
    assert b"cong-van.pdf" not in kept
    office.state = type(office.state)(f"sqlite:///{office.database}")


def test_an_accepted_document_wakes_the_lone_files_of_its_source(office, judged):
    lone, others, document = office.admit(), office.admit(source="phong-y-te/gui"), office.admit()
    for name in (lone, others):
        office.settle(name, judged("editable-file-alone", sha256=B))
    office.settle(document, judged())
    assert office.row(lone).state is SubmissionState.WAITING
    assert office.row(others).state is HELD


@pytest.mark.parametrize("kind", [None, Verdict.hold, Verdict.reject], ids=["accept", "hold", "reject"])
def test_a_preflight_is_answered_and_neither_numbered_nor_forwarded_nor_remembered(office, judged, kind):
    name = office.admit()
    document = judged("form-unlisted", kind=kind) if kind else judged(to=(HERE,))

    assert office.settle(name, document, purpose=Purpose.PREFLIGHT) is SubmissionState.CHECKED
    assert [(d.kind, d.name) for d in office.outbox(name)] == [(DeliveryKind.NOTICE, f"{name}_kiem-tra")]
    assert numbers(office, name) == [None]

    later = office.admit()
    office.settle(later, judged(to=(HERE,)))
    assert numbers(office, later) == [1]


def test_a_secret_mark_locks_a_preflight_away_like_anything_else(office, judged):
    name = office.admit()
    document = judged("secret-marking", kind=Verdict.quarantine)

    assert office.settle(name, document, purpose=Purpose.PREFLIGHT) is SubmissionState.QUARANTINED
    assert [d.name for d in office.outbox(name)] == [f"{name}_cach-ly"]


def test_notices_beyond_the_hours_number_wait_for_one_digest(office, judged):
    mail = Destination("smtp", "vanthu@noivu.example", "H1")
    office.desk = replace(office.desk, snapshot=replace(office.desk.snapshot, mail=MailRules(notices_per_hour=1)))
    names = [office.admit() for _ in range(3)]
    for number, name in enumerate(names):
        refused = judged("form-unlisted", kind=Verdict.reject, sha256=f"{number:064d}")
        office.settle(name, refused, reply=mail)
    states = [office.outbox(name)[0].state for name in names]
    assert states == [DeliveryState.DUE, DeliveryState.GATHERED, DeliveryState.GATHERED]

    assert office.state.write(lambda c: gathering.close(c, NOON + timedelta(minutes=59))) == ()
    (digest,) = office.state.write(lambda c: gathering.close(c, NOON + timedelta(minutes=61)))
    row = next(d for d in office.outbox(names[1]) if d.id == digest)
    assert (row.kind, row.state) == (DeliveryKind.DIGEST, DeliveryState.DUE)
    told = office.state.read(lambda c: gathering.told_in(c, row))
    assert [each.submission for each in told] == names[1:]
