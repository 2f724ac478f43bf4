"""Decisions compared in codes: which fields differ, and what cannot be compared."""

from dataclasses import replace

import pytest

from vbdaemon.model import (
    Confirmation,
    Destination,
    DocumentVerdict,
    Finding,
    Reason,
    RegisterNumber,
    Secrecy,
    Severity,
    TransmissionForm,
    Verdict,
)
from vbdaemon.pipeline.codes import Codes, codes_of, differences
from vbdaemon.state.records import Decision
from vbdaemon.state.shadow import Difference
from vbdaemon.testing import NOON, TODAY, found, make_classification

TO = Destination("folder", "phong-y-te/nhan", "H2")
ALARM = Finding("by-subject", Severity.ERROR, "rà soát đội ngũ cán bộ")


def document(**changes: object) -> DocumentVerdict:
    sha256 = changes.pop("sha256", "a" * 64)
    empty = {"signatures": (), "findings": (), "verdict": Verdict.accept(), "destinations": (TO,)}
    return DocumentVerdict("a.pdf", sha256, (sha256,), **{"classification": make_classification(), **empty, **changes})


def changed(before: DocumentVerdict, after: DocumentVerdict) -> dict[str, tuple[str, str]]:
    found = differences((Codes.of(before),), (Codes.of(after),))
    return {one.field: (one.before, one.after) for one in found}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (
            {"verdict": Verdict.hold(Reason.of(ALARM)), "findings": (ALARM,), "destinations": ()},
            {"verdict": ("ACCEPT", "HOLD by-subject"), "findings": ("", "by-subject"), "routes": ("H2", "")},
        ),
        ({"classification": make_classification("to-trinh")}, {"form": ("cong-van", "to-trinh")}),
        (
            {"classification": make_classification(transmission=TransmissionForm.PAPER)},
            {"channel": ("electronic", "paper")},
        ),
        ({"classification": make_classification(secrecy=found(Secrecy.MAT))}, {"secrecy": ("", "mat")}),
        ({"destinations": (TO, Destination("archive", "luu-tru"))}, {"routes": ("H2", "H2 archive")}),
        ({"classification": make_classification(subject="khác")}, {}),
    ],
    ids=["nothing", "held", "form", "channel", "secrecy", "routes", "subject"],
)
def test_a_field_that_differs_is_told_in_codes(changes, expected):
    assert changed(document(), document(**changes)) == expected


@pytest.mark.parametrize(
    "settled",
    [
        {"duplicate_of": RegisterNumber("den", 2026, 15, TODAY), "destinations": ()},
        {
            "verdict": Verdict.hold(Reason("duplicate-differs", "")),
            "findings": (Finding("duplicate-differs", Severity.ERROR, ""),),
        },
        {"verdict": Verdict.reject(Reason("rejected-by-person", "")), "confirmed": Confirmation("an", "", NOON)},
    ],
    ids=["duplicate", "differing duplicate", "refused by a person"],
)
def test_a_verdict_that_rests_on_other_submissions_or_on_a_person_is_not_compared(settled):
    assert changed(document(**settled), document()) == {}
    other = document(classification=make_classification("to-trinh"))
    assert set(changed(document(**settled), other)) == {"form"}


def test_documents_are_matched_by_their_bytes_and_page_wherever_they_stand():
    one, two = document(), document(sha256="b" * 64)
    later = replace(one, first_page=3)
    assert differences(codes_of(Decision((one, two, later))), codes_of(Decision((later, one, two)))) == ()


def test_a_document_that_is_there_on_one_side_only_differs_in_its_verdict():
    one, two = document(), document(sha256="b" * 64)
    both = codes_of(Decision((one, two)))
    assert differences(both, both[:1]) == (Difference(1, "verdict", "ACCEPT", ""),)
    assert differences(both[:1], both) == (Difference(1, "verdict", "", "ACCEPT"),)


def test_no_word_of_the_document_is_in_the_codes():
    told = repr(Codes.of(document(findings=(ALARM,), verdict=Verdict.hold(Reason.of(ALARM)))))
    assert "cán bộ" not in told
    assert "a.pdf" not in told
