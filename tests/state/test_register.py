"""The register: entered once, brought up to date visibly, void and never deleted; on both databases alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from vbdaemon.errors import ActRefused, UnknownSubmission
from vbdaemon.model import (
    CorrectedField,
    Correction,
    DeliveryKind,
    Destination,
    Directory,
    DocumentVerdict,
    Office,
    Outcome,
    Reason,
    RegisterNumber,
    Snapshot,
    Verdict,
)
from vbdaemon.model.register import Book, Books, Direction, Medium, Numbering, Series
from vbdaemon.state import (
    corrections,
    decisions,
    deliveries,
    events,
    facts,
    register,
    register_acts,
    register_search,
    submissions,
)
from vbdaemon.state.records import Decision, NewDelivery
from vbdaemon.state.register_gaps import gaps
from vbdaemon.state.register_line import SYSTEM
from vbdaemon.state.register_update import Told
from vbdaemon.state.tables_facts import document_facts
from vbdaemon.testing import NOON, TODAY, make_classification, make_unit

BOOKS = Books()
HERE = make_unit("H40", "UBND huyện Sông Lam")
THERE = make_unit("H40.15", "Phòng Nội vụ huyện Sông Lam")
SNAPSHOT = Snapshot("test", Office(unit="H40"), Directory((HERE, THERE)))
CLERK = Told("Nguyễn Thị Văn Thư", "đọc lại bản gốc", NOON)


class Desk:
    """Decides submissions about the register alone."""

    def __init__(self, state):
        self.state = state
        self.made = 0

    def admit(self, at=NOON):
        self.made += 1
        return self.state.admit(f"260302-{self.made:08d}", "gui", f"key {self.made}", at).result().id

    def enter(self, name, *verdicts, books=BOOKS, at=NOON, snapshot=SNAPSHOT):
        def change(connection):
            row = submissions.get(connection, name)
            entered = tuple(
                register.enter(connection, row, place, each, snapshot, books, at, "H40.15")
                for place, each in enumerate(verdicts)
            )
            register.drop_vanished(connection, name, entered, at)
            return entered

        return self.state.write(change)

    def new(self, verdict=None, **further):
        name = self.admit()
        self.enter(name, verdict or document(), **further)
        (line,) = self.lines(name)
        return line

    def lines(self, name):
        return self.state.read(partial(register.lines_of, submission_id=name))

    def line(self, name):
        (line,) = self.state.read(partial(register_search.resolve, name=name))
        return line

    def found(self, text, **narrowed):
        lines = self.state.read(lambda c: register_search.search(c, text, 50, **narrowed))
        return [line.key for line in lines]

    def history(self, line):
        changes = self.state.read(lambda c: register_search.changes_of(c, line.id))
        return [(each.field, each.before, each.after, each.who) for each in changes]

    def story(self):
        return [event.kind for event in self.state.read(lambda c: events.after(c, 0, 1000))]

    def correct(self, line, told=CLERK, **fields):
        return self.state.write(lambda c: register_acts.correct(c, line, fields, told))

    def paper(self, books=BOOKS, told=CLERK, **fields):
        names = ("direction", "arrival_number", "restricted", "again")
        options = {name: fields.pop(name) for name in names if name in fields}
        paper = register_acts.Paper(fields, **options)
        return self.state.write(lambda c: register_acts.enter_paper(c, paper, books, told))


def document(sha="a", page=1, verdict=None, corrected=(), to=(), **known):
    kind = make_classification(**known)
    return DocumentVerdict(
        "cv.pdf", sha * 64, (sha * 64,), kind, (), (), verdict or Verdict.accept(), to, first_page=page,
        corrections=corrected,
    )  # fmt: skip


def refused(words="Thiếu chữ ký số của cơ quan"):
    return Verdict.reject(Reason("organisation-signature-missing", words))


@pytest.fixture
def desk(state):
    return Desk(state)


def test_an_accepted_document_is_entered_with_what_was_read_of_it(desk):
    name = desk.admit()
    (entered,) = desk.enter(name, document(to=(Destination("folder", "x", "H40.15"),)))
    assert entered.register == RegisterNumber("den", 2026, 1, TODAY)
    (line,) = desk.lines(name)
    assert (line.name, line.designation, line.issuer, line.signer, line.signer_title, line.medium) == (
        "den/2026/1", "15/PNV-TCCC", "Phòng Nội vụ", "Trần Thị Hoài Thu", "TRƯỞNG PHÒNG", Medium.ELECTRONIC,
    )  # fmt: skip
    assert (line.receiver, line.sender_unit, line.arrived_at, line.missing) == (THERE.name, "H40.15", NOON, ())
    assert desk.history(line) == []


def test_an_issuer_of_the_directory_stands_there_by_its_whole_name(desk):
    line = desk.new(document(issuer="PHÒNG NỘI VỤ", issuer_unit="H40.15"))
    assert (line.issuer, line.issuer_unit) == (THERE.name, "H40.15")
    with pytest.raises(ActRefused, match="stands in the register already, den/2026/1"):
        desk.paper(number="15", symbol="PNV-TCCC", issued_on=TODAY, issuer="Phòng Nội vụ")


@pytest.mark.parametrize("kind", [Verdict.hold, Verdict.reject, Verdict.quarantine])
def test_what_is_not_accepted_is_not_entered(desk, kind):
    name = desk.admit()
    (entered,) = desk.enter(name, document(verdict=kind()))
    assert entered.register is None
    assert desk.lines(name) == []


def test_pages_and_language_stand_in_the_line_as_far_as_they_are_known_and_what_a_person_typed_stays(desk):
    told = replace(document(), pages=3, language="Tiếng Việt")
    line = desk.new(told)
    assert (line.pages, line.language) == (3, "Tiếng Việt")
    desk.correct(line, pages=4)
    desk.enter(line.submission, replace(told, pages=2, language=""))
    assert (desk.line("den/2026/1").pages, desk.line("den/2026/1").language) == (4, None)
    unknown = desk.new(document("b"))
    assert (unknown.pages, unknown.language, unknown.missing) == (None, None, ())


def test_a_repetition_and_a_filed_annex_are_not_entered(desk):
    first = RegisterNumber("den", 2026, 1, TODAY)
    name = desk.admit()
    desk.enter(name, replace(document(), duplicate_of=first), replace(document("b"), filed_with=first))
    assert desk.lines(name) == []


def test_a_decision_made_again_changes_the_line_visibly_and_never_makes_a_second_one(desk):
    line = desk.new(document(number=None, subject="ra soat"))
    desk.enter(line.submission, document(number="15", subject="rà soát"), at=NOON + timedelta(hours=1))
    (again,) = desk.lines(line.submission)
    assert (again.id, again.arrival_number, again.number, again.subject) == (line.id, 1, "15", "rà soát")
    assert desk.history(line) == [("number", None, "15", SYSTEM), ("subject", "ra soat", "rà soát", SYSTEM)]
    assert desk.found("rà soát") == desk.found("15/PNV-TCCC") == ["den/2026/1"]


def test_what_is_refused_afterwards_leaves_its_number_void_with_the_reason(desk):
    line = desk.new()
    (entered,) = desk.enter(line.submission, document(verdict=refused()))
    assert entered.register.number == 1
    void = desk.line("den/2026/1")
    assert void.void
    assert void.void_reason == "Từ chối tiếp nhận: Thiếu chữ ký số của cơ quan"
    assert desk.new(document("b")).arrival_number == 2
    assert "register-voided" in desk.story()


def test_a_line_that_was_void_by_a_refusal_counts_again_when_the_document_is_accepted_after_all(desk):
    line = desk.new()
    desk.enter(line.submission, document(verdict=refused()))
    desk.enter(line.submission, document())
    assert not desk.line("den/2026/1").void
    assert [field for field, *_ in desk.history(line)] == ["voided", "voided"]


def test_a_line_that_a_person_made_void_stays_void(desk):
    line = desk.new()
    desk.state.write(lambda c: register_acts.make_void(c, line, CLERK))
    (told,) = desk.enter(line.submission, document())
    assert told.register is None  # the receipt names no number that counts for nothing
    assert desk.line("den/2026/1").void
    desk.state.write(lambda c: register_acts.restore(c, desk.line("den/2026/1"), CLERK))
    assert not desk.line("den/2026/1").void
    (again,) = desk.enter(line.submission, document())
    assert again.register.number == 1
    with pytest.raises(ActRefused, match="is not void"):
        desk.state.write(lambda c: register_acts.restore(c, desk.line("den/2026/1"), CLERK))


def test_a_document_that_a_later_decision_does_not_know_any_more_is_void(desk):
    name = desk.admit()
    desk.enter(name, document(page=1), document(page=4, number="16"))
    desk.enter(name, document(page=1))
    assert [(line.arrival_number, line.void) for line in desk.lines(name)] == [(1, False), (2, True)]


def test_quarantine_leaves_the_number_and_nothing_that_tells_of_the_document(desk):
    line = desk.new()
    desk.correct(line, subject="kế hoạch phòng thủ", receiver="Ông Lê Văn Ba")
    desk.state.write(lambda c: register.lock_away(c, line.submission, NOON))
    locked = desk.line("den/2026/1")
    assert (locked.void, locked.void_reason, locked.restricted) == (True, register.LOCKED, True)
    told = ("form", "number", "symbol", "issued_on", "issuer", "subject", "signer", "signer_title", "receiver", "note")
    assert {getattr(locked, name) for name in told} == {None}
    assert desk.found("ke hoach") == desk.found("15/PNV-TCCC") == desk.found("Phòng Nội vụ") == []
    assert {(before, after) for _, before, after, _ in desk.history(line)} == {(None, None)}
    with pytest.raises(ActRefused, match="nothing of it is left"):
        desk.state.write(lambda c: register_acts.restore(c, locked, CLERK))
    desk.state.write(lambda c: register.lock_away(c, line.submission, NOON))
    assert desk.new(document("b")).arrival_number == 2


def test_of_a_complaint_the_book_keeps_its_form_alone(desk):
    line = desk.new(document(form="don", restricted=True))
    told = (line.number, line.symbol, line.issued_on, line.issuer, line.subject, line.signer, line.receiver)
    assert (line.arrival_number, line.form, line.restricted) == (1, "don", True)
    assert set(told) == {None}
    assert line.missing == ()
    assert desk.found("rà soát") == desk.found("Trần Thị Hoài Thu") == desk.found("2026-03-02") == []
    with pytest.raises(ActRefused, match="complaint"):
        desk.correct(line, subject="tố cáo ông B")
    assert desk.correct(line, file_code="03/TCD").file_code == "03/TCD"


def test_what_turns_out_to_be_a_complaint_loses_its_words_and_their_history(desk):
    line = desk.new()
    desk.correct(line, note="bà Nguyễn Thị Tám nộp")
    desk.enter(line.submission, document(form="don", restricted=True))
    now = desk.line("den/2026/1")
    assert (now.restricted, now.form, now.subject, now.note, now.issuer) == (True, "don", None, None, None)
    assert desk.found("rà soát") == []
    assert {(before, after) for _, before, after, _ in desk.history(line)} == {(None, None)}


@pytest.mark.parametrize(
    ("at", "day", "number"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), "2026-12-31", "den/2026/2"),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), "2027-01-01", "den/2027/1"),
    ],
)
def test_the_year_and_the_day_turn_at_midnight_in_vietnam(desk, at, day, number):
    desk.new()
    name = desk.admit(at)
    desk.enter(name, document("b", number="16"), at=at)
    (line,) = desk.lines(name)
    assert (line.registered_on.isoformat(), line.name) == (day, number)


def test_paper_is_numbered_in_the_same_series(desk):
    desk.new()
    paper = desk.paper(number="7", symbol="TB-HU", issuer="Huyện ủy Sông Lam", issued_on=TODAY, subject="kết luận")
    assert (paper.name, paper.medium, paper.submission) == ("den/2026/2", Medium.PAPER, None)
    assert desk.new(document("b")).arrival_number == 3
    assert desk.found("huyện ủy") == ["den/2026/2"]
    assert "register-added" in desk.story()
    with pytest.raises(ActRefused, match="stands in the register already, den/2026/2"):
        desk.paper(number="7", symbol="TB-HU", issuer="HUYỆN UỶ SÔNG LAM", issued_on=TODAY, subject="kết luận")
    assert desk.paper(number="7", symbol="TB-HU", issuer="Huyện ủy Sông Lam", issued_on=TODAY, again=True).name == (
        "den/2026/4"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"arrival_number": 9}, "given here, consecutively"),
        ({"subject": "x" * 501}, "has 501 letters; the field takes 500"),
        ({"verdict": "ACCEPT"}, "no field of the register"),
        ({"restricted": True, "issuer": "bà Tám"}, "complaint"),
    ],
)
def test_what_does_not_fit_a_line_is_refused_in_words(desk, fields, words):
    with pytest.raises(ActRefused, match=words):
        desk.paper(**fields)
    assert desk.paper(subject="một").arrival_number == 1


def test_our_own_documents_go_into_the_outgoing_book_with_their_own_number(desk):
    name = desk.admit()
    (entered,) = desk.enter(name, document(issuer_unit="H40", number="41", symbol="UBND-VP", issuer=HERE.name))
    (line,) = desk.lines(name)
    assert entered.register is None
    assert (line.direction, line.book, line.arrival_number, line.recipients) == (
        Direction.OUTGOING, "di", None, "Như trên; Lưu: VT",
    )  # fmt: skip
    assert line.missing == ()
    assert desk.new(document("b")).arrival_number == 1
    assert desk.found("41/UBND-VP") == [line.key]
    with pytest.raises(ActRefused, match="issuer's own number"):
        desk.correct(line, arrival_number=5)


def test_an_outgoing_document_of_last_year_stands_in_last_year_s_book(desk):
    known = {"issuer_unit": "H40", "number": "999", "issued_on": date(2025, 12, 31)}
    assert desk.new(document(**known)).name == "di/2025/-"
    read_wrongly = {**known, "issued_on": date(1926, 12, 31)}
    assert desk.new(document("b", **read_wrongly)).name == "di/2026/-"


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (Series.BOOK, [("", "43"), ("", "45-46")]),
        (Series.FORM, [("cong-van", "42-43"), ("cong-van", "45-46")]),
        (Series.SYMBOL, [("UBND-VP", "42-46")]),
    ],
)
def test_gaps_among_outgoing_numbers_are_reported_and_not_filled(desk, series, expected):
    for place, (number, form, symbol) in enumerate(
        [
            ("41", "cong-van", "UBND-VP"),
            ("42", "quyet-dinh", "QĐ-UBND"),
            ("44", "cong-van", "UBND-NV"),
            ("47", "cong-van", "UBND-VP"),
        ]
    ):
        desk.new(document(str(place), issuer_unit="H40", number=number, form=form, symbol=symbol))
    assert [(gap.series, gap.words) for gap in desk.state.read(lambda c: gaps(c, series))] == expected


def test_special_books_count_for_themselves(desk):
    books = Books(further=(Book("den-don", forms=("don",)), Book("den-phong", issuers=("H40.15*",), start=100)))
    documents = (
        document("a"),
        document("b", form="don", restricted=True),
        document("c", issuer_unit="H40.15.01"),
        document("d", issuer_unit="H40.15"),
    )
    numbers = [desk.new(each, books=books).name for each in documents]
    assert numbers == ["den/2026/1", "den-don/2026/1", "den-phong/2026/100", "den-phong/2026/101"]


def test_a_new_book_begins_with_its_start_and_the_next_year_with_one(desk):
    books = Books(incoming=Book("den", start=513))
    later = datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert [desk.new(document("a"), books=books).name, desk.new(document("b"), books=books).name] == [
        "den/2026/513",
        "den/2026/514",
    ]
    assert desk.new(document("c"), books=books, at=later).name == "den/2027/1"
    assert desk.state.read(lambda c: gaps(c, Series.FORM)) == []


def test_where_another_system_numbers_the_line_waits_and_takes_the_number_once(desk):
    books = Books(numbering=Numbering.EXTERNAL)
    line = desk.new(books=books)
    other = desk.new(document("b"), books=books)
    assert (line.arrival_number, line.missing, line.key) == (None, ("arrival_number",), f"@{line.id}")
    assert [each.id for each in desk.state.read(lambda c: register_search.incomplete(c, 10))] == [line.id, other.id]
    assert desk.correct(line, arrival_number=88).name == "den/2026/88"
    with pytest.raises(ActRefused, match="never changed or given again"):
        desk.correct(desk.line("den/2026/88"), arrival_number=89)
    with pytest.raises(ActRefused, match="given already"):
        desk.correct(other, arrival_number=88)
    desk.correct(other, arrival_number=91)
    (again,) = desk.enter(line.submission, document(), books=books)
    assert again.register.number == 88
    assert [gap.words for gap in desk.state.read(lambda c: gaps(c, Series.FORM))] == ["89-90"]
    assert desk.found("88") == ["den/2026/88"]
    assert desk.paper(books=books, subject="một", arrival_number=95).name == "den/2026/95"
    assert desk.new(document("c"), books=BOOKS).name == "den/2026/96"


def test_without_a_register_nothing_is_entered(desk):
    books = Books(numbering=Numbering.OFF)
    name = desk.admit()
    (entered,) = desk.enter(name, document(), books=books)
    assert entered.register is None
    assert desk.lines(name) == []
    with pytest.raises(ActRefused, match="no register is kept here"):
        desk.paper(books=books, subject="một")


def test_a_number_that_could_not_be_read_holds_nothing_and_is_typed_in(desk):
    line = desk.new(document(number=None))
    assert line.missing == ("number",)
    assert [each.key for each in desk.state.read(lambda c: register_search.incomplete(c, 10))] == ["den/2026/1"]
    assert desk.correct(line, number="15").missing == ()
    assert desk.state.read(lambda c: register_search.incomplete(c, 10)) == []
    assert desk.history(line) == [("number", None, "15", CLERK.who)]
    assert desk.found("15/PNV-TCCC") == ["den/2026/1"]
    (kept,) = desk.state.read(lambda c: corrections.of_submission(c, line.submission))
    assert (kept.field, kept.value, kept.who) == (CorrectedField.NUMBER, "15", CLERK.who)


def test_what_a_person_typed_into_a_line_survives_a_decision_made_again(desk):
    line = desk.new()
    desk.correct(line, signer="Lê Văn Tư", note="bản sao")
    desk.enter(line.submission, document(subject="rà soát lại"))
    now = desk.line("den/2026/1")
    assert (now.signer, now.note, now.subject) == ("Lê Văn Tư", "bản sao", "rà soát lại")


def test_a_correction_of_the_document_changes_the_line_in_its_corrector_s_name(desk):
    line = desk.new()
    typed = Correction("a" * 64, 1, CorrectedField.SUBJECT, "rà soát biên chế", "Lê Thị Hoa", "đọc nhầm")
    amended = document(subject="rà soát biên chế", corrected=(typed,), verdict=Verdict.accept())
    desk.state.write(lambda c: register.amend(c, line.submission, (amended,), SNAPSHOT, NOON))
    assert desk.line("den/2026/1").subject == "rà soát biên chế"
    assert desk.history(line)[-1] == (
        "subject", "rà soát đội ngũ cán bộ, công chức cấp xã", "rà soát biên chế", "Lê Thị Hoa",
    )  # fmt: skip


def test_a_correction_that_changes_nothing_and_one_of_a_void_line_are_refused(desk):
    line = desk.new()
    with pytest.raises(ActRefused, match="says so already"):
        desk.correct(line, number="15")
    desk.state.write(lambda c: register_acts.make_void(c, line, CLERK))
    with pytest.raises(ActRefused, match="is void"):
        desk.correct(desk.line("den/2026/1"), number="16")


@pytest.mark.parametrize("name", ["den/2026/9", "@99", "260302-99999999", "den/x/1", "den/2026", ""])
def test_a_line_that_is_not_there_is_told_in_one_line(desk, name):
    with pytest.raises(UnknownSubmission, match="no line of the register"):
        desk.line(name)


def test_a_line_says_at_which_place_its_document_stands_now(desk):
    name = desk.admit()
    desk.enter(name, document("a"), document("b", number="16"))
    desk.enter(name, document("b", number="16"), document("a"))
    assert [(line.number, line.ordinal) for line in desk.lines(name)] == [("15", 1), ("16", 0)]
    desk.enter(name, document("a"))
    assert [(line.number, line.ordinal) for line in desk.lines(name)] == [("15", 0), ("16", None)]


def test_a_number_that_a_person_took_away_comes_back_to_the_document_when_its_line_counts_again(desk):
    line = desk.new()
    name = line.submission

    def decide(connection):
        decided = (register.enter(connection, submissions.get(connection, name), 0, document(), SNAPSHOT, BOOKS, NOON),)
        facts.write(connection, submissions.get(connection, name), Decision(decided), NOON)
        decisions.write_documents(connection, name, decided)

    def numbers():
        counted = desk.state.read(lambda c: c.scalars(select(document_facts.c.arrival_number)).one())
        return counted, desk.state.read(lambda c: decisions.accepted_with(c, "a" * 64, 1, "")).number

    desk.state.write(lambda c: register_acts.make_void(c, line, CLERK))
    desk.state.write(decide)
    assert numbers() == (None, 0)
    desk.state.write(lambda c: register_acts.restore(c, desk.line("den/2026/1"), CLERK))
    assert numbers() == (1, 1)


@pytest.mark.parametrize("name", ["den/2026/99999999999999999999", "@99999999999999999999", "den/9999999999999/1"])
def test_a_number_beyond_all_books_is_no_line(desk, name):
    with pytest.raises(UnknownSubmission, match="is no line of the register"):
        desk.line(name)


def test_what_is_typed_into_a_line_is_counted_so_at_once(desk):
    line = desk.new()
    name = line.submission
    verdicts = (document("z", number="9"), document())

    def decide(connection):
        decisions.write_documents(connection, name, verdicts)
        facts.write(connection, submissions.get(connection, name), Decision(verdicts), NOON)

    desk.state.write(decide)
    desk.correct(line, form="thong-bao", issuer="UBND huyện Sông Lam", issuer_unit="H40")
    counted = desk.state.read(lambda c: list(c.execute(select(document_facts).order_by(document_facts.c.ordinal))))
    assert [(row.form, row.issuer_unit) for row in counted] == [("cong-van", None), ("thong-bao", "H40")]


def test_the_day_of_handing_on_is_that_of_arrival_and_not_of_the_next_attempt(desk):
    line = desk.new()
    late = datetime(2026, 3, 2, 16, 50, tzinfo=UTC)
    new = NewDelivery(DeliveryKind.FORWARD, "forward:1", "folder", "x/nhan", "H40.15", "0001", document=0)

    def deliver(connection):
        deliveries.write(connection, line.submission, 1, late, (new,))
        (row,) = deliveries.of_submission(connection, line.submission)
        deliveries.start_attempt(connection, row.id, late)
        deliveries.end_attempt(connection, row, late, Outcome.delivered(), late + timedelta(hours=1))

    desk.state.write(deliver)
    transfers = desk.state.read(lambda c: register_search.transfers(c, "den", 2026))
    assert transfers == {(line.submission, 0): date(2026, 3, 2)}
