"""Paper that is registered already, and the same document coming electronically: one line, one number."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from vbdaemon.errors import ActRefused
from vbdaemon.model import (
    CorrectedField,
    Correction,
    Directory,
    DocumentVerdict,
    Finding,
    Office,
    Reason,
    RegisterNumber,
    Severity,
    Signer,
    Snapshot,
    Verdict,
    WorkingDays,
)
from vbdaemon.model.register import Books, Direction, Medium, Numbering
from vbdaemon.state import decisions, events, papers, register, register_acts, register_search, secrecy, submissions
from vbdaemon.state.register_line import SYSTEM
from vbdaemon.state.register_update import Told
from vbdaemon.testing import NOON, TODAY, make_classification, make_unit

BOOKS = Books()
HERE = make_unit("H40", "UBND huyện Sông Lam")
THERE = make_unit("H40.15", "Phòng Nội vụ huyện Sông Lam")
SNAPSHOT = Snapshot("test", Office(unit="H40"), Directory((HERE, THERE)))
CLERK = Told("Nguyễn Thị Văn Thư", "nhận tại quầy", NOON)
LATER = NOON + timedelta(days=2)
CAME = "Bản điện tử đến ngày 04/03/2026"
PRINTED = {"number": "15", "symbol": "PNV-TCCC", "issued_on": TODAY, "issuer": "Phòng Nội vụ"}
ALONE = (None, None, None, None)


class Desk:
    """Enters paper by hand and documents as decisions do."""

    def __init__(self, state):
        self.state = state
        self.made = 0

    def paper(self, told=CLERK, books=BOOKS, **fields):
        options = {name: fields.pop(name) for name in ("direction", "restricted", "again") if name in fields}
        known = {name: value for name, value in (PRINTED | fields).items() if value is not None}
        paper = register_acts.Paper(known, **options)
        return self.state.write(lambda c: register_acts.enter_paper(c, paper, books, told))

    def admit(self, at=LATER):
        self.made += 1
        return self.state.admit(f"260304-{self.made:08d}", "gui", f"key {self.made}", at).result().id

    def enter(self, name, *verdicts, at=LATER, books=BOOKS):
        def change(connection):
            row = submissions.get(connection, name)
            entered = tuple(
                register.enter(connection, row, place, each, SNAPSHOT, books, at, "H40.15")
                for place, each in enumerate(verdicts)
            )
            register.drop_vanished(connection, name, entered, at)
            return entered

        return self.state.write(change)

    def came(self, verdict, **further):
        """The id of a new submission, and its document as the register has it."""
        name = self.admit()
        (entered,) = self.enter(name, verdict, **further)
        return name, entered

    def line(self, name="den/2026/1"):
        (line,) = self.state.read(partial(register_search.resolve, name=name))
        return line

    def lines(self):
        return self.state.read(lambda c: register_search.listed(c, 50))

    def history(self, line):
        changes = self.state.read(lambda c: register_search.changes_of(c, line.id))
        return [(each.field, each.before, each.after, each.who, each.why) for each in changes]

    def told(self, kind):
        return [each.words for each in self.state.read(lambda c: events.after(c, 0, 100)) if each.kind == kind]


def document(sha="a", page=1, verdict=None, corrected=(), **known):
    kind = make_classification(**known)
    return DocumentVerdict(
        "cv.pdf", sha * 64, (sha * 64,), kind, (), (), verdict or Verdict.accept(), first_page=page,
        corrections=corrected,
    )  # fmt: skip


def refused():
    return Verdict.reject(Reason("organisation-signature-missing", "Thiếu chữ ký số của cơ quan"))


def place(line):
    return line.submission, line.ordinal, line.main_sha256, line.first_page


@pytest.fixture
def desk(state):
    return Desk(state)


def test_a_document_whose_paper_is_registered_joins_its_line(desk):
    paper = desk.paper(subject="rà soát biên chế", sender_unit="H40")
    name, entered = desk.came(document())
    assert entered.register == RegisterNumber("den", 2026, 1, TODAY)
    (line,) = desk.lines()
    assert (line.id, line.medium, line.registered_on, line.arrived_at) == (paper.id, Medium.PAPER, TODAY, NOON)
    assert place(line) == (name, 0, "a" * 64, 1)
    assert (line.subject, line.issuer, line.sender_unit) == ("rà soát biên chế", "Phòng Nội vụ", "H40")
    assert (line.form, line.signer, line.missing) == ("cong-van", "Trần Thị Hoài Thu", ())
    assert desk.history(line) == [
        ("form", None, "cong-van", SYSTEM, CAME),
        ("signer", None, "Trần Thị Hoài Thu", SYSTEM, CAME),
        ("signer_title", None, "TRƯỞNG PHÒNG", SYSTEM, CAME),
        ("submission", None, name, SYSTEM, CAME),
    ]
    assert desk.told("register-joined") == [f"den/2026/1, line {paper.id}, stands for the paper too"]
    assert desk.line(name).id == paper.id
    found = desk.state.read(lambda c: register_search.search(c, "Hoài Thu", 5))
    assert [each.key for each in found] == ["den/2026/1"]


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "015"},
        {"symbol": "pnv-tccc"},
        {"issuer": "PHÒNG NỘI VỤ"},
        {"issuer": "phong noi  vu"},
        {"issuer": "Phòng Nội vụ huyện Sông Lam"},
        {"issuer": "Phòng NV", "issuer_unit": "H40.15"},
    ],
    ids=lambda typed: " ".join(map(str, typed.values())),
)
def test_what_is_printed_is_compared_and_not_how_it_was_typed(desk, typed):
    desk.paper(**typed)
    _, entered = desk.came(document(issuer_unit="H40.15"))
    assert (entered.register.number, len(desk.lines())) == (1, 1)


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "16"},
        {"symbol": "PNV-CCHC"},
        {"issued_on": date(2026, 2, 27)},
        {"issuer": "Phòng Tư pháp"},
        {"issuer_unit": "H40"},
        {"direction": Direction.OUTGOING},
    ],
    ids=lambda typed: " ".join(map(str, typed.values())),
)
def test_another_document_has_a_line_of_its_own_and_nothing_is_noted(desk, typed):
    desk.paper(**typed)
    name, _ = desk.came(document(issuer_unit="H40.15"))
    line = desk.line(name)
    assert (len(desk.lines()), line.medium, line.note) == (2, Medium.ELECTRONIC, None)
    assert desk.told("register-like") == []


def test_paper_of_last_year_s_book_is_joined_and_older_paper_is_not(desk):
    def told(year):
        return replace(CLERK, at=datetime(year, 12, 30, 3, tzinfo=UTC))

    desk.paper(told(2025), issued_on=date(2025, 12, 29))
    desk.paper(told(2024), number="7", issued_on=date(2024, 12, 29))
    _, entered = desk.came(document(issued_on=date(2025, 12, 29)))
    assert entered.register == RegisterNumber("den", 2025, 1, date(2025, 12, 30))
    _, old = desk.came(document("b", number="7", issued_on=date(2024, 12, 29)))
    assert old.register.year == 2026


def test_a_void_line_and_one_that_has_its_document_are_not_joined(desk):
    void = desk.paper()
    desk.state.write(lambda c: register_acts.make_void(c, void, CLERK))
    joined = desk.paper()
    _, first = desk.came(document())
    _, second = desk.came(document("b"))
    assert (first.register.number, second.register.number) == (joined.arrival_number, 3)


def test_of_two_papers_alike_none_is_chosen_and_both_are_named(desk):
    desk.paper()
    desk.paper(again=True)
    name, entered = desk.came(document())
    assert entered.register.number == 3
    assert desk.line(name).note == "Có thể trùng với bản giấy đã đăng ký: den/2026/1, den/2026/2"
    (words,) = desk.told("register-like")
    assert words.startswith("den/2026/3: its like is registered on paper, den/2026/1, den/2026/2")
    assert [line.submission for line in desk.lines()] == [name, None, None]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({}, {"number": None}),
        ({}, {"issued_on": None}),
        ({}, {"symbol": None}),
        ({"issued_on": None}, {}),
        ({"symbol": None}, {}),
        ({"issuer": None}, {}),
        ({"issuer": "Phòng Nội vụ huyện Bến Lam"}, {}),
    ],
    ids=str,
)
def test_what_could_not_be_read_or_was_not_typed_joins_nothing_and_its_like_is_named(desk, typed, read):
    desk.paper(**typed)
    name, entered = desk.came(document(**read))
    assert entered.register.number == 2
    assert desk.line(name).note == "Có thể trùng với bản giấy đã đăng ký: den/2026/1"
    assert len(desk.told("register-like")) == 1


def test_where_nobody_numbers_here_the_paper_s_own_number_is_told_once_it_is_known(desk):
    books = Books(numbering=Numbering.EXTERNAL)
    paper = desk.paper(books=books)
    name, entered = desk.came(document(), books=books)
    assert (entered.register, desk.line(name).id) == (None, paper.id)
    desk.state.write(lambda c: register_acts.correct(c, desk.line(name), {"arrival_number": 88}, CLERK))
    (again,) = desk.enter(name, document(), books=books)
    assert again.register.number == 88


def test_a_decision_made_again_changes_only_what_the_document_filled_in(desk):
    desk.paper(subject="rà soát biên chế")
    name, _ = desk.came(document())
    desk.state.write(lambda c: register_acts.correct(c, desk.line(), {"signer_title": "Q. TRƯỞNG PHÒNG"}, CLERK))
    desk.enter(name, document(form="bao-cao", subject="việc khác", number="16"))
    line = desk.line()
    assert (line.form, line.subject, line.number, line.signer_title) == (
        "bao-cao", "rà soát biên chế", "15", "Q. TRƯỞNG PHÒNG",
    )  # fmt: skip


def test_a_correction_of_the_document_goes_before_what_was_typed_of_the_paper(desk):
    desk.paper(subject="ra soat")
    name, _ = desk.came(document())
    typed = Correction("a" * 64, 1, CorrectedField.SUBJECT, "rà soát biên chế", "Lê Thị Hoa", "đọc lại")
    amended = document(subject="rà soát biên chế", corrected=(typed,))
    told = desk.state.write(lambda c: register.amend(c, name, (amended,), SNAPSHOT, LATER))
    assert told == (amended,)
    assert desk.line().subject == "rà soát biên chế"
    assert desk.history(desk.line())[-1] == ("subject", "ra soat", "rà soát biên chế", "Lê Thị Hoa", "đọc lại")


@pytest.mark.parametrize(
    ("again", "why"),
    [
        ([document(verdict=refused())], "Từ chối tiếp nhận: Thiếu chữ ký số của cơ quan"),
        ([replace(document(), duplicate_of=RegisterNumber("den", 2026, 9, TODAY))], "Trùng với văn bản đã đăng ký"),
        ([replace(document(), filed_with=RegisterNumber("den", 2026, 9, TODAY))], "Đã xếp cùng văn bản khác"),
        ([], register.GONE),
    ],
    ids=["refused", "duplicate", "filed", "vanished"],
)
def test_a_document_that_goes_leaves_the_paper_as_it_was(desk, again, why):
    before = desk.paper(subject="rà soát biên chế")
    name, _ = desk.came(document())
    entered = desk.enter(name, *again)
    assert {each.register for each in entered} <= {None}
    line = desk.line()
    assert line == before
    assert desk.history(line)[-1] == ("submission", name, None, SYSTEM, why)
    assert desk.told("register-parted") == [f"den/2026/1, line {before.id}, stands for the paper alone"]
    assert desk.told("register-voided") == []
    _, back = desk.came(document("b"))
    assert (back.register.number, desk.line().form) == (1, "cong-van")


def test_what_a_person_typed_into_a_joined_line_stays_when_the_document_goes(desk):
    desk.paper(form=None)
    name, _ = desk.came(document())
    desk.state.write(lambda c: register_acts.correct(c, desk.line(), {"signer": "Lê Văn Tư", "note": "x"}, CLERK))
    desk.enter(name, document(verdict=refused()))
    line = desk.line()
    assert (line.signer, line.note, line.form, line.signer_title) == ("Lê Văn Tư", "x", None, None)


def test_a_held_document_keeps_its_paper_s_line(desk):
    desk.paper()
    name, _ = desk.came(document())
    (held,) = desk.enter(name, document(verdict=Verdict.hold()))
    assert (held.register.number, desk.line().submission) == (1, name)


def test_a_held_or_refused_document_joins_nothing_until_it_is_accepted(desk):
    desk.paper()
    name, held = desk.came(document(verdict=Verdict.hold()))
    assert (held.register, place(desk.line())) == (None, ALONE)
    (accepted,) = desk.enter(name, document())
    assert accepted.register.number == 1


def test_a_joined_line_that_a_person_made_void_stays_so_and_tells_nobody_its_number(desk):
    desk.paper()
    name, _ = desk.came(document())
    desk.state.write(lambda c: register_acts.make_void(c, desk.line(), CLERK))
    for verdict in (document(), document(verdict=Verdict.hold()), document(verdict=refused())):
        (again,) = desk.enter(name, verdict)
        assert again.register is None
    assert (desk.line().void, desk.line().submission) == (True, name)
    desk.enter(name)
    assert (desk.line().void_reason, desk.line().ordinal) == (CLERK.why, None)


def test_quarantine_locks_the_paper_s_line_away_with_its_document(desk):
    desk.paper(subject="kế hoạch phòng thủ", receiver="Ông Lê Văn Ba")
    name, _ = desk.came(document())
    desk.enter(name, document(verdict=Verdict.quarantine()))
    desk.state.write(lambda c: register.lock_away(c, name, LATER))
    line = desk.line()
    assert (line.void_reason, line.restricted, line.medium) == (register.LOCKED, True, Medium.PAPER)
    assert {line.form, line.number, line.issuer, line.subject, line.receiver, line.signer} == {None}
    assert {each[1:3] for each in desk.history(line)} == {(None, None)}
    assert desk.state.read(lambda c: register_search.search(c, "phòng thủ", 5)) == []
    with pytest.raises(ActRefused, match="nothing of it is left"):
        desk.state.write(lambda c: register_acts.restore(c, line, CLERK))


def test_quarantine_takes_its_words_out_of_the_history_of_a_line_that_it_left(desk):
    desk.paper()
    desk.state.write(lambda c: register_acts.correct(c, desk.line(), {"subject": "họp"}, CLERK))
    name, _ = desk.came(document(signer=Signer(None, "BÍ THƯ", "Lê Văn Ba")))
    desk.enter(name, document(verdict=refused()))
    assert any(each[2] == "Lê Văn Ba" for each in desk.history(desk.line()))
    desk.state.write(lambda c: register.lock_away(c, name, LATER))
    history = desk.history(desk.line())
    assert {each[1:3] + each[4:] for each in history if each[3] == SYSTEM} == {(None, None, "")}
    assert history[0] == ("subject", None, "họp", CLERK.who, CLERK.why)
    assert not desk.line().void


def test_of_a_complaint_the_paper_s_own_words_are_hidden_too(desk):
    desk.paper(form="cong-van", subject="bà Nguyễn Thị Tám khiếu nại", note="nộp tại quầy")
    name, entered = desk.came(document(form="don", restricted=True))
    line = desk.line()
    assert (entered.register.number, line.submission, line.restricted, line.form) == (1, name, True, "don")
    assert {line.number, line.symbol, line.issuer, line.subject, line.note, line.issued_on} == {None}
    assert desk.state.read(lambda c: register_search.search(c, "khiếu nại", 5)) == []
    assert desk.history(line)[-1] == ("submission", None, name, SYSTEM, CAME)
    desk.enter(name, document(form="don", restricted=True, verdict=refused()))
    assert (place(desk.line()), desk.line().form, desk.line().restricted) == (ALONE, "don", True)


def test_a_complaint_that_is_like_two_papers_is_noted_in_the_events_alone(desk):
    desk.paper()
    desk.paper(again=True)
    name, _ = desk.came(document(restricted=True))
    assert desk.line(name).note is None
    assert len(desk.told("register-like")) == 1


def test_two_documents_of_one_submission_join_their_two_papers(desk):
    desk.paper()
    desk.paper(number="16")
    name = desk.admit()
    desk.enter(name, document(page=4, number="16"), document())
    assert [(line.arrival_number, line.ordinal, line.first_page) for line in desk.lines()] == [(2, 0, 4), (1, 1, 1)]
    desk.enter(name, document(), document(page=4, number="16"))
    assert [(line.arrival_number, line.ordinal) for line in desk.lines()] == [(2, 1), (1, 0)]


def test_the_same_paper_typed_in_afterwards_is_refused_however_it_is_spelt(desk):
    desk.came(document(number="7"))
    with pytest.raises(ActRefused, match="stands in the register already, den/2026/1"):
        desk.paper(number="07", symbol="pnv-tccc")


def test_paper_that_is_awaited_of_a_document_is_not_entered_but_received(desk):
    name, _ = desk.came(document())
    due = replace(document(), findings=(Finding("paper-also-due", Severity.NOTE, "bản giấy"),))
    desk.state.write(lambda c: papers.expect(c, name, (due,), WorkingDays(), LATER))
    with pytest.raises(ActRefused, match=f'"vbdaemon paper received {name} --document 1"; --again'):
        desk.paper()


def test_a_number_that_a_person_made_void_comes_back_with_its_line(desk):
    name, _ = desk.came(document())
    line = desk.line(name)
    desk.state.write(lambda c: register_acts.make_void(c, line, CLERK))
    (again,) = desk.enter(name, document())
    assert again.register is None
    amended = replace(document(), register=RegisterNumber("den", 2026, 1, TODAY))
    (told,) = desk.state.write(lambda c: register.amend(c, name, (amended,), SNAPSHOT, LATER))
    assert told.register is None
    desk.state.write(lambda c: register_acts.restore(c, desk.line(name), CLERK))
    (back,) = desk.enter(name, document())
    assert back.register.number == 1


def test_what_a_refusal_made_void_counts_again_with_its_document_alone(desk):
    name, _ = desk.came(document())
    desk.enter(name, document(verdict=refused()))
    with pytest.raises(ActRefused, match=r"void with its document.*vbdaemon show"):
        desk.state.write(lambda c: register_acts.restore(c, desk.line(name), CLERK))
    assert desk.line(name).void


@pytest.mark.parametrize("again", [[document(verdict=refused())], []], ids=["refused", "vanished"])
def test_a_paper_s_line_that_counts_again_is_without_a_document_that_went_meanwhile(desk, again):
    before = desk.paper(subject="rà soát biên chế")
    name, _ = desk.came(document())
    desk.state.write(lambda c: register_acts.make_void(c, desk.line(), CLERK))
    entered = desk.enter(name, *again)
    desk.state.write(lambda c: decisions.write_documents(c, name, entered))
    desk.state.write(lambda c: register_acts.restore(c, desk.line(), CLERK))
    assert desk.line() == before
    assert [each[0] for each in desk.history(desk.line())[-2:]] == ["signer_title", "submission"]


def test_a_document_accepted_after_all_joins_the_paper_that_came_meanwhile(desk):
    name, _ = desk.came(document())
    desk.enter(name, document(verdict=refused()))
    paper = desk.paper()
    for _ in range(2):
        (back,) = desk.enter(name, document())
        assert back.register.number == paper.arrival_number == 2
        assert [(line.arrival_number, line.void, line.ordinal) for line in desk.lines()] == [
            (2, False, 0),
            (1, True, None),
        ]
    desk.enter(name, document(verdict=refused()))
    assert place(desk.line("den/2026/2")) == ALONE


def test_a_document_accepted_after_all_has_its_number_and_names_paper_like_it(desk):
    name, _ = desk.came(document())
    desk.enter(name, document(verdict=refused()))
    desk.paper(issuer=None)
    (back,) = desk.enter(name, document())
    assert back.register.number == 1
    assert desk.told("register-like") == [
        "den/2026/1: its like is registered on paper, den/2026/2; it has a number of its own"
    ]


@pytest.mark.parametrize("paper", [True, False])
def test_what_is_refused_as_a_complaint_leaves_no_words_in_the_book(desk, paper):
    if paper:
        desk.paper(subject="khiếu nại của bà Tám")
    name, _ = desk.came(document(subject="khiếu nại của bà Tám"))
    desk.enter(name, document(restricted=True, verdict=refused()))
    line = desk.line()
    assert (line.restricted, line.void, line.subject, line.issuer) == (True, not paper, None, None)
    assert not any("Tám" in str(each) for each in desk.history(line))
    assert desk.state.read(lambda c: register_search.search(c, "khiếu nại", 5)) == []


def test_a_void_line_of_what_turns_out_to_be_a_complaint_says_nothing_either(desk):
    name, _ = desk.came(document(subject="khiếu nại"))
    desk.enter(name, document(subject="khiếu nại", verdict=refused()))
    desk.enter(name, document(restricted=True, verdict=refused()))
    assert (desk.line().void, desk.line().subject) == (True, None)
    assert desk.state.read(lambda c: register_search.search(c, "khiếu nại", 5)) == []


def test_a_void_line_says_nothing_of_what_a_correction_makes_a_complaint(desk):
    name, _ = desk.came(document(subject="khiếu nại"))
    desk.enter(name, document(subject="khiếu nại", verdict=refused()))
    amended = document(restricted=True, verdict=refused())
    desk.state.write(lambda c: register.amend(c, name, (amended,), SNAPSHOT, LATER))
    assert (desk.line().void, desk.line().subject, desk.line().restricted) == (True, None, True)
    assert desk.state.read(lambda c: register_search.search(c, "khiếu nại", 5)) == []


def test_that_a_document_is_no_complaint_after_all_stands_in_the_history(desk):
    name, _ = desk.came(document(restricted=True))
    desk.enter(name, document())
    assert desk.history(desk.line())[0] == ("restricted", None, None, SYSTEM, "Không còn là văn bản hạn chế")


def test_a_document_that_is_another_once_corrected_leaves_the_paper_and_has_its_own_number(desk):
    before = desk.paper(subject="rà soát")
    name, _ = desk.came(document())
    typed = Correction("a" * 64, 1, CorrectedField.NUMBER, "16", "Lê Thị Hoa", "đọc lại")
    (entered,) = desk.enter(name, document(number="16", corrected=(typed,)))
    assert (desk.line(), entered.register.number) == (before, 2)
    assert desk.history(before)[-1] == ("submission", name, None, SYSTEM, "Bản điện tử là văn bản khác")
    assert desk.line(name).number == "16"


def test_where_its_number_left_the_house_the_correction_of_a_paper_s_document_is_told(desk):
    desk.paper()
    name, _ = desk.came(document())
    typed = Correction("a" * 64, 1, CorrectedField.NUMBER, "16", "Lê Thị Hoa", "đọc lại")
    amended = document(number="16", corrected=(typed,))
    desk.state.write(lambda c: register.amend(c, name, (amended,), SNAPSHOT, LATER))
    assert (desk.line().number, desk.line().submission) == ("16", name)
    assert len(desk.told("register-unlike")) == 1


def test_paper_that_came_as_another_document_s_is_awaited_again(desk):
    desk.paper()
    name, _ = desk.came(document())
    due = replace(document(), findings=(Finding("paper-also-due", Severity.NOTE, "bản giấy"),))
    awaited = partial(papers.listed, submission=name)
    desk.state.write(lambda c: papers.expect(c, name, (due,), WorkingDays(), LATER))
    assert desk.state.read(awaited)[0].state is papers.PaperState.RECEIVED
    typed = Correction("a" * 64, 1, CorrectedField.NUMBER, "16", "Lê Thị Hoa", "đọc lại")
    desk.enter(name, document(number="16", corrected=(typed,)))
    desk.state.write(lambda c: papers.expect(c, name, (due,), WorkingDays(), LATER))
    (paper,) = desk.state.read(awaited)
    assert (paper.state, paper.received_by, paper.note) == (papers.PaperState.DUE, None, None)


def test_quarantine_takes_away_why_its_paper_was_entered(desk):
    desk.paper(replace(CLERK, why="kế hoạch phòng thủ: bản 1"))
    desk.paper(replace(CLERK, why="giấy mời"), number="16")
    name, _ = desk.came(document())
    desk.state.write(lambda c: secrecy.lock_away(c, name, LATER))
    assert desk.told("register-added") == [f"den/2026/1 by {CLERK.who}", f"den/2026/2 by {CLERK.who}: giấy mời"]
