"""What people typed about a document that is found secret leaves with it, whoever locks it away and when."""

import json
from datetime import date

import pytest

from vbdaemon.model import (
    ActKind,
    Assignment,
    CorrectedField,
    Destination,
    DocumentVerdict,
    Finding,
    Outcome,
    Reason,
    Severity,
    Verdict,
    Withdrawal,
)
from vbdaemon.operation.acts import finish
from vbdaemon.pipeline.locked_away import put_away
from vbdaemon.state import acts, letters
from vbdaemon.state.records import ActState, NewDelivery, SubmissionState
from vbdaemon.testing import NOON, make_classification

MARK = "zqxmatzqx"
A = "a" * 64
TO = (Destination("folder", "phong-y-te/nhan", "H2"),)
SECRET = Verdict.quarantine(Reason("secret-marking", "Văn bản có dấu chỉ độ mật."))


def judged(verdict: Verdict, *, subject: str = MARK, to: tuple[Destination, ...] = ()) -> DocumentVerdict:
    kind = make_classification(number="15", symbol=MARK, subject=subject, issuer=MARK)
    findings = (Finding("form-unlisted", Severity.ERROR, MARK, MARK),)
    return DocumentVerdict(f"{MARK}.pdf", A, (A,), kind, (), findings, verdict, to)


def quoted(office, name: str = f"{MARK}.pdf") -> str:
    """A submission whose words are in everything that people did to it, as far as it can be decided again."""
    id_ = office.admit(name)
    office.settle(id_, judged(Verdict.hold(Reason("form-unlisted", MARK))))
    typed = ((CorrectedField.SUBJECT, MARK), (CorrectedField.ISSUER, MARK))
    assert office.act(ActKind.CORRECT, id_, MARK, corrected=typed).state is ActState.APPLIED
    office.settle(id_, judged(Verdict.hold(Reason("form-unlisted", MARK))))
    assert office.act(ActKind.HOLD, id_, MARK, title=MARK).state is ActState.APPLIED
    assert office.act(ActKind.RELEASE, id_, MARK).state is ActState.APPLIED
    assert office.act(ActKind.RESEND, id_, MARK, unit=MARK).state is ActState.REFUSED
    return id_


def handled(office) -> str:
    """Likewise, accepted, assigned, sent and recalled."""
    id_ = quoted(office)
    office.settle(id_, judged(Verdict.accept(), to=TO))
    office.send(id_, Outcome.deferred(f"{MARK}: no such folder"))
    given = Assignment("H1", (), date(2026, 3, 9), MARK)
    assert office.act(ActKind.ASSIGN, id_, MARK, assignment=given, title=MARK).state is ActState.APPLIED
    recalled = office.act(ActKind.RECALL, id_, MARK, withdrawal=Withdrawal.REPLACE, replaced_by=MARK)
    assert recalled.state is ActState.APPLIED
    return id_


def traces(office, folder) -> list[str]:
    """Files outside quarantine in which the mark stands, in UTF-8 or UTF-16."""
    needles = (MARK.encode(), MARK.encode("utf-16-le"))
    files = [path for path in folder.rglob("*") if path.is_file() and "quarantine" not in path.parts]
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


@pytest.mark.parametrize("prepare", [quoted, handled])
def test_a_persons_quarantine_leaves_no_word_in_the_state_or_the_spool(office, in_memory, prepare):
    id_ = prepare(office)
    assert len(traces(office, in_memory)) > 1
    act = office.act(ActKind.QUARANTINE, id_, MARK)
    assert act.state is ActState.APPLIED
    finish(act, office.spool, office.state)
    assert traces(office, in_memory) == []
    assert ("act-quarantine", "chị An") in office.story(id_)
    assert ("act-correct", "chị An") in office.story(id_)


def test_a_quarantine_by_a_decision_made_again_leaves_no_word_either(office, in_memory):
    id_ = quoted(office)
    office.settle(id_, DocumentVerdict(A, A, (A,), None, (), (), SECRET))
    assert office.row(id_).state is SubmissionState.QUARANTINED
    put_away(office.spool, office.state)
    assert traces(office, in_memory) == []


@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_on_what_is_locked_away_is_refused_and_its_words_are_not_kept(office, in_memory, kind):
    id_ = office.admit()
    finish(office.act(ActKind.QUARANTINE, id_), office.spool, office.state)
    more = {"corrected": ((CorrectedField.SUBJECT, MARK),), "replaced_by": MARK, "title": MARK, "unit": MARK}
    act = office.act(kind, id_, MARK, **more)
    assert act.state is ActState.REFUSED
    assert MARK not in act.answer
    office.state.shred()
    assert traces(office, in_memory) == []


def test_an_act_that_waits_while_it_is_locked_away_loses_its_words(office, in_memory):
    id_ = office.admit()
    version = office.row(id_).version
    waiting = office.state.write(
        lambda c: acts.queue(c, acts.Act(ActKind.HOLD, id_, "anh Bình", MARK, NOON, version, title=MARK))
    )
    finish(office.act(ActKind.QUARANTINE, id_), office.spool, office.state)
    assert office.state.read(lambda c: acts.get(c, waiting)).who == "anh Bình"
    assert traces(office, in_memory) == []


def test_a_reminder_that_hangs_on_another_submission_is_rendered_anew_without_it(office):
    first, second = office.admit("mot.pdf"), office.admit("hai.pdf")
    details = {"papers": json.dumps([{"submission": second, "number": "7", "due": "2026-03-09"}])}
    new = NewDelivery("notice", "letter:paper:1", "folder", "phong-noi-vu/ket-qua", "H1", "nhac")
    office.state.write(lambda c: letters.write(c, first, 0, NOON, new, details))
    rendered = office.spool.outgoing(f"{first}-1")
    rendered.mkdir()
    finish(office.act(ActKind.QUARANTINE, second), office.spool, office.state)
    assert not rendered.exists()


def test_the_one_who_locks_away_is_told_where_the_same_bytes_lie(office):
    first, second = office.admit(), office.admit()
    for id_ in (first, second):
        office.settle(id_, judged(Verdict.hold(Reason("form-unlisted", ""))))
    assert f"The same bytes lie in {second}: lock these away too" in office.act(ActKind.QUARANTINE, first).answer
