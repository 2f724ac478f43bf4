"""The rates of 607/UBND-VP on a set made for it: 3,71 % by persons, 1,52 % by leaders, whatever is left out."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from vbdaemon.model import (
    DocumentVerdict,
    Finding,
    Reason,
    Severity,
    Signer,
    SignerRole,
    Snapshot,
    TransmissionForm,
    Verdict,
)
from vbdaemon.report.letterhead import Letterhead
from vbdaemon.report.listing import document_list
from vbdaemon.report.making import ReportName, Wish, documents_report, make
from vbdaemon.report.output import OutputForm, write
from vbdaemon.report.period import period_of
from vbdaemon.report.sheet import Light, Section
from vbdaemon.report.targets import Targets
from vbdaemon.state import decisions, facts, statistics_list, submissions
from vbdaemon.state.connection import Connection
from vbdaemon.state.records import Decision
from vbdaemon.state.statistics import Figure
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, found, make_classification, make_signature

TODAY = date(2026, 6, 15)
YEAR = period_of("2026", TODAY)
BOTH = (SignerRole.ORGANISATION, SignerRole.PERSON)
SECRET = Verdict.quarantine(Reason("secret-marking", "…"))
NOBODYS = (Finding("not-an-agency-document", Severity.ERROR, "…"),)


def document(title: str | None = None, *roles: SignerRole, **changes: object) -> DocumentVerdict:
    answer = changes.pop("answer", Verdict.accept())
    findings = changes.pop("findings", ())
    kind = make_classification(signer=Signer("", title, "Trần Văn Mẫu"), **changes)
    return DocumentVerdict("cv.pdf", "", (), kind, tuple(make_signature(role=role) for role in roles), findings, answer)


GROUPS = (
    (9, document("CHỦ TỊCH", *BOTH)),
    (13, document("CHUYÊN VIÊN", *BOTH)),
    (400, document("CHỦ TỊCH", SignerRole.ORGANISATION)),
    (171, document("CHỦ TỊCH")),
    (7, document("CHỦ TỊCH", *BOTH, answer=SECRET)),
    (11, document("CHỦ TỊCH", *BOTH, transmission=TransmissionForm.PAPER)),
    (5, document("CHỦ TỊCH", *BOTH, draft=found(True))),
    (3, document("CHỦ TỊCH", *BOTH, findings=NOBODYS)),
)


@pytest.fixture(scope="module")
def office(
    template: Path, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[State, Letterhead]]:
    state = State(f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('rates') / 'state.sqlite3')}")

    def fill(connection: Connection) -> None:
        every = [each for many, each in GROUPS for _ in range(many)]
        numbered = [replace(e, main_sha256=f"{n:064x}", files=(f"{n:064x}",)) for n, e in enumerate(every)]
        submissions.admit(connection, "260302-00000001", "drop", "a", NOON)
        facts.write(
            connection,
            submissions.get(connection, "260302-00000001"),
            Decision(tuple(numbered), unit="H99.01"),
            NOON + timedelta(seconds=90),
        )
        decisions.write_documents(connection, "260302-00000001", numbered)

    state.write(fill)
    yield state, Letterhead(snapshot, NOON)
    state.close()


def made(office: tuple[State, Letterhead], name: ReportName) -> tuple[Section, ...]:
    state, head = office
    return state.read(lambda c: make(c, Wish(name, YEAR), head, Targets(), TODAY)).sections


def test_of_593_documents_that_are_to_be_signed_22_by_a_person_are_3_71_and_9_by_leaders_1_52_per_cent(office):
    summary = made(office, ReportName.SIGNING)[0]
    shown = {str(row[0]): row[1:] for row in summary.rows}
    assert shown["Văn bản tính tỷ lệ ký số"][0] == 593
    assert shown["Có chữ ký số cá nhân"][:2] == (22, pytest.approx(22 / 593))
    assert shown["– trong đó có chữ ký số của lãnh đạo"][:2] == (9, pytest.approx(9 / 593))
    assert shown["Có chữ ký số của cơ quan, tổ chức"][:2] == (422, pytest.approx(422 / 593))
    assert [number for words, (number, *_) in shown.items() if words.startswith("Không tính")] == [7, 11, 5, 3]
    assert {light for _, _, light in summary.lights} == {Light.RED}
    state, head = office
    report = state.read(lambda c: make(c, Wish(ReportName.SIGNING, YEAR), head, Targets(), TODAY))
    text = write(report, OutputForm.TABLE).decode()
    assert "3,71%" in text
    assert "1,52%" in text


def test_what_is_locked_away_has_a_row_of_its_own(office):
    rows = made(office, ReportName.MONTHLY)[1].rows
    assert [row[:3] for row in rows] == [
        (1, "Ủy ban nhân dân xã Bình Minh", 612),
        (2, "Bị cách ly", 7),
        (None, "Tổng cộng", 619),
    ]


@pytest.mark.parametrize("figure", Figure)
def test_as_many_documents_are_listed_as_each_figure_counts(office, figure):
    counted = {
        Figure.RECEIVED: 619, Figure.ACCEPTED: 612, Figure.QUARANTINED: 7, Figure.SIGNABLE: 593,
        Figure.ORGANISATION: 422, Figure.PERSON: 22, Figure.LEADER: 9, Figure.DRAFTS: 5, Figure.PAPER_ONLY: 11,
        Figure.UNSIGNABLE: 3,
    }  # fmt: skip
    state, _ = office
    listed = state.read(lambda c: list(statistics_list.counted(c, Wish(ReportName.MONTHLY, YEAR).scope, figure)))
    assert len(listed) == counted.get(figure, 0)


def test_of_what_is_locked_away_a_list_says_that_it_is_there_and_no_word_more(office):
    state, head = office
    wish = Wish(ReportName.MONTHLY, YEAR)
    report = state.read(partial(documents_report, wish=wish, head=head, figure=Figure.QUARANTINED, reason=None))
    (row,) = {row[3:9] for row in report.sections[0].rows}
    assert set(row) == {"", None}
    assert "secret" not in write(report, OutputForm.CSV).decode()
    assert document_list((), head).rows == ()


@pytest.mark.parametrize(
    ("part", "whole", "target", "light"),
    [
        (55, 100, 0.55, Light.GREEN),
        (54, 100, 0.55, Light.AMBER),
        (3, 10, 0.3, Light.GREEN),
        (299_999, 1_000_000, 0.3, Light.AMBER),
        (24, 100, 0.3, Light.AMBER),
        (23, 100, 0.3, Light.RED),
        (0, 0, 0.3, None),
    ],
)
def test_a_target_that_is_just_reached_is_reached(part, whole, target, light):
    assert Targets().light(part, whole, target) is light
