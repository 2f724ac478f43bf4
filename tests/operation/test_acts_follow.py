"""What follows an accepted document: who deals with it, its recall; and a refusal under a person's name."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from vbdaemon.model import (
    Account,
    AccountRole,
    ActKind,
    Assignment,
    CorrectedField,
    DeliveryKind,
    Destination,
    Directory,
    DocumentVerdict,
    Finding,
    Forwarding,
    NoticeRules,
    Outcome,
    Reason,
    RecallRequest,
    RegisterNumber,
    Severity,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from vbdaemon.model.register import Books
from vbdaemon.pipeline.settlement import Desk, StaleDecision
from vbdaemon.state import decisions, follow, letters, submissions
from vbdaemon.state.records import ActState, DeliveryState, NewDelivery, SubmissionState
from vbdaemon.state.register import lines_of
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.state.tables_register import register_changes
from vbdaemon.testing import NOON, found, make_classification, make_unit

ASSIGN, RECALL, REJECT = ActKind.ASSIGN, ActKind.RECALL, ActKind.REJECT
TO = (Destination("folder", "phong-y-te/nhan", "H2"),)
A, B = "a" * 64, "b" * 64


def judged(*codes, sha256=A, number="15", to=TO, draft=False):
    findings = tuple(Finding(code, Severity.ERROR, code) for code in codes)
    verdict = Verdict.hold(*map(Reason.of, findings)) if codes else Verdict.accept()
    known = make_classification(number=number, subject="phương án", draft=found(True) if draft else None)
    return DocumentVerdict("15.pdf", sha256, (sha256,), known, (), findings, verdict, () if codes else to)


@pytest.fixture
def presenting(office):
    """Nothing is forwarded before a person assigned it."""
    snapshot = replace(office.desk.snapshot, forwarding=Forwarding(present_first=True))
    office.desk = Desk(snapshot, Books())
    return office


def told(office, id_):
    """Letters by name, each with its details and the unit that gets it."""
    rows = [(row, letters.name_of(row)) for row in office.outbox(id_)]
    return {
        name: (row.unit, office.state.read(lambda c, row=row: letters.details_of(c, row))) for row, name in rows if name
    }


def forwards(office, id_, state=DeliveryState.DUE):
    return [row for row in office.outbox(id_) if row.kind == "forward" and row.state is state]


class TestAssigning:
    def test_the_lead_and_the_supporting_get_the_document_with_their_role_on_the_slip(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        said = Assignment("H2", ("H1",), date(2027, 1, 20), "Khẩn trương tham mưu.")
        answer = office.act(ASSIGN, id_, title="Chánh Văn phòng", assignment=said)
        assert answer.state is ActState.APPLIED, answer.answer
        slips = {
            row.unit: office.state.read(lambda c, row=row: letters.details_of(c, row)) for row in forwards(office, id_)
        }
        assert {unit: slip["role"] for unit, slip in slips.items()} == {"H2": "lead", "H1": "support"}
        assert slips["H2"]["note"] == "Khẩn trương tham mưu."
        assert slips["H2"]["due_on"] == "2027-01-20"
        assert (slips["H2"]["who"], slips["H2"]["title"]) == ("chị An", "Chánh Văn phòng")

    def test_the_sender_is_told_who_has_it_and_not_the_note(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2", note="Không nêu ra ngoài."))
        unit, details = told(office, id_)["assigned"]
        assert unit == "H1"
        assert "Không nêu" not in str(details)
        assert details["units"] == "H2"

    def test_a_site_that_wants_no_receipt_of_it_sends_none(self, office):
        quiet = replace(office.desk.snapshot, notices=NoticeRules(receipts=("03",)))
        office.desk = Desk(quiet, Books())
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2"))
        assert told(office, id_) == {}

    def test_where_documents_are_presented_first_nothing_leaves_before(self, presenting):
        id_ = presenting.admit()
        presenting.settle(id_, judged())
        assert presenting.row(id_).state is SubmissionState.ACCEPTED
        assert forwards(presenting, id_) == []
        (waiting,) = presenting.state.read(follow.waiting)
        assert (waiting.submission, waiting.designation, waiting.number) == (id_, "15/PNV-TCCC", 1)
        presenting.act(ASSIGN, id_, assignment=Assignment("H2"))
        assert [row.unit for row in forwards(presenting, id_)] == ["H2"]
        assert presenting.state.read(follow.count_waiting) == 0

    def test_a_draft_goes_on_to_the_office_even_there(self, presenting):
        id_ = presenting.admit()
        presenting.settle(id_, judged(draft=True))
        assert [row.unit for row in forwards(presenting, id_)] == ["H2"]
        assert presenting.state.read(follow.waiting) == ()

    def test_what_is_refused_after_all_waits_no_longer(self, presenting):
        id_ = presenting.admit()
        presenting.settle(id_, judged())
        presenting.act(REJECT, id_)
        assert presenting.state.read(follow.waiting) == ()

    def test_said_again_it_goes_to_those_named_then_and_both_are_on_record(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2"))
        office.act(ASSIGN, id_, assignment=Assignment("H1"))
        assert [row.unit for row in forwards(office, id_)] == ["H2", "H1"]
        said = office.state.read(lambda c: follow.assigned(c, id_))
        assert [each.assignment.lead for each in said] == ["H2", "H1"]

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            (Assignment("H9"), "'H9' is no unit of the directory"),
            (Assignment("H3"), "cannot be reached electronically"),
            (Assignment("H2/nobody"), "no account of one"),
            (Assignment("H2", ("H2",)), "leads and supports"),
            (Assignment("H2", due_on=date(2020, 1, 1)), "is past"),
            (Assignment(""), "say --lead UNIT"),
        ],
    )
    def test_a_slip_of_the_pen_is_refused_in_words_and_nothing_is_sent(self, office, said, words):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        before = office.outbox(id_)
        answer = office.act(ASSIGN, id_, assignment=said)
        assert answer.state is ActState.REFUSED
        assert words in answer.answer
        assert office.outbox(id_) == before

    def test_only_accepted_documents_are_assigned(self, office):
        id_ = office.admit()
        office.settle(id_, judged("form-unlisted"))
        answer = office.act(ASSIGN, id_, assignment=Assignment("H2"))
        assert "only accepted ones are assigned" in answer.answer

    def test_quarantine_takes_the_note_away(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2", note="mật"))
        office.act(ActKind.QUARANTINE, id_)
        (said,) = office.state.read(lambda c: follow.assigned(c, id_))
        assert said.assignment.note == ""
        assert told(office, id_)["assigned"][1] is None


class TestRecalling:
    def test_what_waits_is_stopped_and_who_has_it_is_told(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=(*TO, Destination("folder", "phong-noi-vu/nhan", "H1"))))
        office.send(id_, Outcome.delivered())
        answer = office.act(RECALL, id_, why="ban hành nhầm")
        assert answer.answer == "recalled; 1 waiting deliveries stopped, 1 recipients told"
        assert forwards(office, id_) == []
        unit, details = told(office, id_)["recall"]
        assert unit == forwards(office, id_, DeliveryState.DELIVERED)[0].unit
        assert (details["kind"], details["why"]) == ("recall", "ban hành nhầm")
        assert told(office, id_)["withdrawn"][0] == "H1"

    def test_one_that_may_have_arrived_is_told_too(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.send(id_, None)
        office.act(RECALL, id_)
        assert told(office, id_)["recall"][0] == "H2"

    def test_the_number_stays_and_the_document_counts_no_longer_as_accepted_before(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.act(RECALL, id_)
        (document,) = office.decision(id_).documents
        assert document.withdrawn is Withdrawal.RECALL
        assert document.register.number == 1
        again = office.admit()
        office.settle(again, judged())
        (second,) = office.decision(again).documents
        assert second.duplicate_of is None
        assert second.register.number == 2

    def test_a_replacement_names_what_takes_its_place(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        assert office.act(RECALL, id_, withdrawal=Withdrawal.REPLACE).state is ActState.REFUSED
        office.act(RECALL, id_, withdrawal=Withdrawal.REPLACE, replaced_by="16/UBND-VP ngày 20/01/2026")
        assert office.decision(id_).documents[0].withdrawn is Withdrawal.REPLACE
        assert told(office, id_)["withdrawn"][1]["replaced_by"] == "16/UBND-VP ngày 20/01/2026"

    def test_it_is_recalled_once(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.act(RECALL, id_)
        assert "was recalled already" in office.act(RECALL, id_).answer

    def test_what_is_recalled_goes_to_nobody_any_more(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.act(RECALL, id_)
        assert office.act(ASSIGN, id_, assignment=Assignment("H2")).state is ActState.REFUSED
        assert office.act(ActKind.RESEND, id_, unit="H2").state is ActState.REFUSED

    def test_the_other_documents_of_the_submission_go_on(self, office):
        id_ = office.admit()
        office.settle(id_, judged(), judged(sha256=B, number="16"))
        office.act(RECALL, id_, document=1)
        assert [row.document for row in forwards(office, id_)] == [0]

    def test_a_correction_leaves_what_people_ordered_since(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.send(id_, Outcome.delivered())
        office.act(ActKind.RESEND, id_, unit="H1")
        office.act(ActKind.CORRECT, id_, corrected=((CorrectedField.NUMBER, "17"),))
        assert [row.unit for row in forwards(office, id_)] == ["H1"]


class TestRequestsOfOthers:
    ASKED = RecallRequest(Withdrawal.RECALL, "theirs-2", A, "15", "UBND-VP", "2026-03-02", "nhầm")

    @pytest.fixture
    def request_(self, office):
        sent = office.admit()
        office.settle(sent, judged(), unit="H1", in_reply_to="theirs-2")
        id_ = office.admit("thu-hoi.json")
        office.settle(id_, judged("recall-requested", sha256=B), unit="H1", recall=self.ASKED)
        return sent, id_

    def test_a_request_is_held_and_its_sender_hears_nothing_before_a_person_decided(self, office, request_):
        _, id_ = request_
        assert office.row(id_).state is SubmissionState.HELD
        assert office.outbox(id_) == ()

    def test_granted_it_recalls_the_document_and_is_settled(self, office, request_):
        sent, id_ = request_
        answer = office.act(RECALL, id_)
        assert answer.state is ActState.APPLIED, answer.answer
        assert office.decision(sent).documents[0].withdrawn is Withdrawal.RECALL
        assert office.row(id_).state is SubmissionState.FILED
        assert "withdrawn" in told(office, sent)
        assert "answered already" in office.act(RECALL, id_).answer

    def test_denied_the_one_who_asked_learns_which_and_why(self, office, request_):
        sent, id_ = request_
        office.act(REJECT, id_, why="đã giải quyết xong")
        assert told(office, id_)["denied"][1] == {
            "why": "đã giải quyết xong",
            "in_reply_to": "theirs-2",
            "about": "số 15/UBND-VP ngày 02/03/2026",
        }
        assert office.row(id_).state is SubmissionState.FILED
        assert office.decision(sent).documents[0].withdrawn is None

    def test_nobody_recalls_what_another_unit_sent(self, office):
        sent = office.admit()
        office.settle(sent, judged(), unit="H2")
        id_ = office.admit("thu-hoi.json")
        office.settle(id_, judged("recall-requested", sha256=B), unit="H1", recall=self.ASKED)
        assert "is not proven to come from the unit that sent" in office.act(RECALL, id_).answer
        assert office.decision(sent).documents[0].withdrawn is None

    def test_denied_after_a_person_held_it_the_letter_still_finds_its_decision(self, office, request_):
        _, id_ = request_
        office.act(ActKind.HOLD, id_)
        office.act(REJECT, id_, why="đã giải quyết xong")
        (letter,) = office.outbox(id_)
        assert office.state.read(lambda c: decisions.body_at(c, id_, letter.version)) is not None

    def test_one_that_a_person_recalled_directly_is_settled_and_not_denied(self, office, request_):
        sent, id_ = request_
        office.act(RECALL, sent)
        answer = office.act(RECALL, id_)
        assert answer.state is ActState.APPLIED, answer.answer
        assert "recalled already" in answer.answer
        assert office.row(id_).state is SubmissionState.FILED
        assert told(office, id_) == {}

    def test_where_nobody_can_be_told_the_clerk_reads_so(self, office):
        id_ = office.admit("thu-hoi.json")
        office.settle(id_, judged("recall-requested", sha256=B), recall=self.ASKED, reply=None)
        assert "nobody can be told" in office.act(REJECT, id_).answer

    @pytest.mark.parametrize("kind", [RECALL, REJECT])
    def test_a_request_that_was_settled_is_counted_as_no_document(self, office, request_, kind):
        _, id_ = request_
        office.act(kind, id_)
        count = select(func.count()).select_from(document_facts).where(document_facts.c.submission_id == id_)
        assert office.state.read(lambda c: c.scalar(count)) == 0


class TestJudgedAgain:
    """One document held keeps the submission open: it is judged again after people acted on the others."""

    @pytest.fixture
    def half_held(self, office):
        id_ = office.admit()
        office.settle(id_, judged(), judged("form-unlisted", sha256=B, number="16"))
        return id_

    def again(self, office, id_, *documents):
        office.act(ActKind.RELEASE, id_)
        office.settle(id_, *documents)

    def test_what_was_recalled_stays_recalled_and_goes_to_nobody(self, office, half_held):
        office.act(RECALL, half_held)
        self.again(office, half_held, judged(), judged(sha256=B, number="16"))
        first, second = office.decision(half_held).documents
        assert (first.withdrawn, second.withdrawn) == (Withdrawal.RECALL, None)
        assert [row.document for row in forwards(office, half_held)] == [1]

    def test_who_has_it_is_told_of_the_recall_all_the_same(self, office, half_held):
        office.send(half_held, Outcome.delivered())
        office.act(RECALL, half_held)
        self.again(office, half_held, judged(), judged(sha256=B, number="16"))
        waiting = {letters.name_of(row) for row in office.outbox(half_held) if row.state is DeliveryState.DUE}
        assert waiting >= {"recall", "withdrawn"}

    @pytest.mark.parametrize("shifted", [False, True])
    def test_what_people_sent_on_goes_out_all_the_same(self, office, half_held, shifted):
        office.act(ASSIGN, half_held, assignment=Assignment("H1"))
        office.act(ActKind.RESEND, half_held, unit="H2")
        again = (judged(), judged(sha256=B, number="16"))
        self.again(office, half_held, *(reversed(again) if shifted else again))
        ordered = [row.unit for row in forwards(office, half_held) if not row.key.startswith("forward:")]
        assert ordered == ["H1", "H2"]
        assert told(office, half_held)["assigned"][0] == "H1"

    def test_what_is_not_accepted_any_more_goes_to_nobody(self, office, half_held):
        office.act(ASSIGN, half_held, assignment=Assignment("H1"))
        self.again(office, half_held, judged("number-unread"), judged(sha256=B, number="16"))
        assert [row.key.partition(":")[0] for row in forwards(office, half_held)] == ["forward"]

    def test_a_document_in_the_place_of_an_assigned_one_waits_for_its_own_assignment(self, presenting):
        id_ = presenting.admit()
        presenting.settle(id_, judged(), judged("form-unlisted", sha256=B, number="16"))
        presenting.act(ASSIGN, id_, assignment=Assignment("H2"))
        self.again(presenting, id_, judged(sha256=B, number="16"), judged())
        (waiting,) = presenting.state.read(follow.waiting)
        assert (waiting.ordinal, waiting.designation) == (0, "16/PNV-TCCC")

    @pytest.mark.parametrize("kind", [ActKind.HOLD, ActKind.RETRY])
    def test_an_assignment_that_was_stopped_is_to_be_made_again(self, presenting, kind):
        id_ = presenting.admit()
        presenting.settle(id_, judged())
        presenting.act(ASSIGN, id_, assignment=Assignment("H2"))
        presenting.act(kind, id_)
        if kind is ActKind.HOLD:
            presenting.act(ActKind.RELEASE, id_)
        presenting.settle(id_, judged())
        assert forwards(presenting, id_) == []
        assert [each.submission for each in presenting.state.read(follow.waiting)] == [id_]

    def test_a_file_that_joins_its_document_later_waits_for_an_assignment_too(self, presenting):
        id_ = presenting.admit()
        filed = replace(judged(), filed_with=RegisterNumber("den", 2026, 1, date(2026, 3, 2)))
        presenting.settle(id_, filed)
        assert [each.submission for each in presenting.state.read(follow.waiting)] == [id_]

    def test_where_documents_go_on_by_themselves_again_nothing_waits_for_an_assignment(self, presenting):
        id_ = presenting.admit()
        presenting.settle(id_, judged())
        presenting.desk = Desk(replace(presenting.desk.snapshot, forwarding=Forwarding()), Books())
        presenting.act(ActKind.RETRY, id_)
        presenting.settle(id_, judged())
        assert [row.unit for row in forwards(presenting, id_)] == ["H2"]
        assert presenting.state.read(follow.waiting) == ()

    @pytest.mark.parametrize(
        ("kind", "more"), [(ASSIGN, {"assignment": Assignment("H2")}), (ActKind.RESEND, {"unit": "H2"})]
    )
    def test_nothing_leaves_while_a_person_holds_it_or_it_is_judged(self, office, kind, more):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ActKind.HOLD, id_)
        assert "release it first" in office.act(kind, id_, **more).answer
        office.act(ActKind.RELEASE, id_)
        assert "is being judged" in office.act(kind, id_, **more).answer
        assert forwards(office, id_) == []

    def test_every_letter_and_order_finds_the_decision_that_it_tells(self, office, half_held):
        office.act(ActKind.RELEASE, half_held)
        for _ in range(3):  # it cannot be judged: nothing is decided, and its number goes up
            office.start(half_held)
            office.state.write(lambda c: submissions.fail_attempt(c, half_held, NOON, "x", 3))
        office.act(ASSIGN, half_held, assignment=Assignment("H2"))
        office.act(ActKind.RESEND, half_held, unit="H1")
        for row in office.outbox(half_held):
            assert office.state.read(lambda c, row=row: decisions.body_at(c, half_held, row.version)) is not None

    def test_a_recall_while_it_is_being_judged_leaves_it_to_be_judged_once_more(self, office, half_held):
        office.act(ActKind.RELEASE, half_held)
        version = office.start(half_held)
        office.act(RECALL, half_held)
        with pytest.raises(StaleDecision):
            office.settle(half_held, judged(), judged(sha256=B, number="16"), version=version)
        assert office.row(half_held).state is SubmissionState.WAITING

    def test_who_got_it_is_known_by_the_document_wherever_it_stands_now(self, office, half_held):
        office.send(half_held, Outcome.delivered())
        self.again(office, half_held, judged(sha256=B, number="16"), judged())
        office.act(RECALL, half_held, document=1)
        assert told(office, half_held)["recall"][0] == "H2"

    def test_recalled_of_an_assignment_and_of_what_was_sent_once_more_too(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2"))
        office.send(id_, Outcome.delivered())
        office.act(ActKind.RESEND, id_, unit="H1")
        answer = office.act(RECALL, id_)
        assert answer.answer == "recalled; 1 waiting deliveries stopped, 1 recipients told"
        assert told(office, id_)["recall"][0] == "H2"


class TestWordsThatStayInTheHouse:
    def test_a_person_without_a_folder_of_their_own_adds_no_second_copy_to_their_units(self, office):
        account = Account("lanhdao.pyt", AccountRole.LEADER)
        units = (make_unit("H1", folder="phong-noi-vu"), make_unit("H2", folder="phong-y-te", accounts=(account,)))
        office.desk = Desk(replace(office.desk.snapshot, directory=Directory(units)), Books())
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        answer = office.act(ASSIGN, id_, assignment=Assignment("H2", ("H2/lanhdao.pyt",)))
        assert answer.answer.endswith("sent to 1")
        assert len(forwards(office, id_)) == 1

    def test_the_sender_reads_which_unit_has_it_and_no_name_of_an_account(self, office):
        account = Account("lanhdao.pyt", AccountRole.LEADER)
        units = (
            make_unit("H1", folder="phong-noi-vu"),
            make_unit("H2", "Phòng Y tế", folder="phong-y-te", accounts=(account,)),
        )
        office.desk = Desk(replace(office.desk.snapshot, directory=Directory(units)), Books())
        id_ = office.admit()
        office.settle(id_, judged(to=()))
        office.act(ASSIGN, id_, assignment=Assignment("H2/lanhdao.pyt"))
        details = told(office, id_)["assigned"][1]
        assert (details["lead"], details["units"]) == ("Phòng Y tế", "H2")

    def test_of_a_restricted_document_the_register_keeps_no_words_of_a_recall(self, office):
        id_ = office.admit()
        secret = replace(judged(), classification=make_classification(restricted=True))
        office.settle(id_, secret)
        office.act(RECALL, id_, "đơn của ông Mẫu", withdrawal=Withdrawal.REPLACE, replaced_by="đơn của ông Mẫu")
        (line,) = office.state.read(lambda c: lines_of(c, id_))
        assert line.note == "Đã được thay thế"
        changes = office.state.read(lambda c: c.execute(select(register_changes)).all())
        assert "Mẫu" not in str(changes)

    def test_quarantine_of_another_leaves_a_report_that_waits_its_words(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        new = NewDelivery(DeliveryKind.NOTICE, "letter:report:x:1", "smtp", "a@b.example", None, "bao-cao")
        office.state.write(lambda c: letters.write(c, id_, 1, NOON, new, {"title": "Báo cáo"}))
        office.act(ActKind.QUARANTINE, id_)
        row = next(row for row in office.outbox(id_) if row.key == new.key)
        assert office.state.read(lambda c: letters.details_of(c, row)) == {"title": "Báo cáo"}

    def test_the_sender_of_what_went_to_an_address_of_no_unit_does_not_read_that_nobody_had_it(self, office):
        id_ = office.admit()
        office.settle(id_, judged(to=(Destination("smtp", "a@b.example"),)))
        office.send(id_, Outcome.delivered())
        office.act(RECALL, id_)
        assert told(office, id_)["withdrawn"][1]["told"]


class TestRefusingUnderAName:
    def test_the_prepared_reasons_leave_with_name_and_title(self, office):
        id_ = office.admit()
        office.settle(id_, judged("paper-only-form", "form-ambiguous", "refusal-needs-person"))
        answer = office.act(REJECT, id_, why="đồng ý", title="Chánh Văn phòng")
        assert answer.answer == "the prepared refusal leaves under your name"
        (document,) = office.decision(id_).documents
        assert [reason.code for reason in document.verdict.reasons] == ["paper-only-form"]
        assert (document.confirmed.name, document.confirmed.title) == ("chị An", "Chánh Văn phòng")
        assert document.confirmed.at == NOON
        assert office.row(id_).state is SubmissionState.REJECTED

    def test_their_own_reason_stands_instead_where_they_say_so(self, office):
        id_ = office.admit()
        office.settle(id_, judged("paper-only-form", "refusal-needs-person"))
        office.act(REJECT, id_, why="gửi nhầm nơi nhận", instead=True)
        (document,) = office.decision(id_).documents
        assert [reason.code for reason in document.verdict.reasons] == ["rejected-by-person"]
        assert "gửi nhầm nơi nhận" in document.verdict.reasons[0].message
        assert document.confirmed is not None

    def test_a_draft_that_a_person_sends_back_is_returned_not_refused(self, office):
        id_ = office.admit()
        office.settle(id_, judged("draft-from-non-leader", "refusal-needs-person"))
        office.act(REJECT, id_)
        assert office.decision(id_).documents[0].returned

    def test_the_siblings_of_a_prepared_refusal_keep_their_verdict(self, office):
        id_ = office.admit()
        office.settle(id_, judged("paper-only-form", "refusal-needs-person"), judged(sha256=B, number="16"))
        office.act(REJECT, id_)
        kinds = [document.verdict.kind for document in office.decision(id_).documents]
        assert kinds == [VerdictKind.REJECT, VerdictKind.ACCEPT]

    @pytest.mark.parametrize("codes", [("paper-only-form", "refusal-needs-person"), ("form-unlisted",)])
    def test_what_is_held_can_be_refused_after_its_sibling_was_forwarded(self, office, codes):
        id_ = office.admit()
        office.settle(id_, judged(), judged(*codes, sha256=B, number="16"))
        office.send(id_, Outcome.delivered())
        answer = office.act(REJECT, id_)
        assert answer.state is ActState.APPLIED, answer.answer
        kinds = [document.verdict.kind for document in office.decision(id_).documents]
        assert kinds == [VerdictKind.ACCEPT, VerdictKind.REJECT]
        assert len([row for row in office.outbox(id_) if row.kind == "forward"]) == 1

    def test_what_was_forwarded_is_never_refused(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.send(id_, Outcome.delivered())
        assert "ask for a recall" in office.act(REJECT, id_).answer


class TestLockedAfterwards:
    def test_who_has_a_copy_is_asked_to_stop_using_it_in_no_word_of_it(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.send(id_, Outcome.delivered())
        answer = office.act(ActKind.QUARANTINE, id_, why="có dấu mật")
        assert "1 recipients are asked to stop" in answer.answer
        unit, details = told(office, id_)["locked"]
        assert unit == "H2"
        assert set(details) == {"sent", "delivery"}
        (letter,) = [row for row in office.outbox(id_) if letters.name_of(row) == "locked"]
        assert letter.state is DeliveryState.DUE
        assert letter.name == f"{id_}_ngung-su-dung_0"

    def test_nobody_is_told_of_what_went_to_nobody(self, office):
        id_ = office.admit()
        office.settle(id_, judged())
        office.act(ActKind.QUARANTINE, id_)
        assert "locked" not in told(office, id_)

    def test_a_sibling_that_locks_everything_away_asks_back_what_was_forwarded(self, office):
        id_ = office.admit()
        office.settle(id_, judged(), judged("form-unlisted", sha256=B, number="16"))
        office.send(id_, Outcome.delivered())
        office.act(ActKind.RELEASE, id_)
        office.settle(id_, replace(judged(), classification=None, verdict=Verdict.quarantine()))
        assert office.row(id_).state is SubmissionState.QUARANTINED
        assert told(office, id_)["locked"][0] == "H2"
