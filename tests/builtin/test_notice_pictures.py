"""Which places of a refusal are shown, and of what nothing is."""

from dataclasses import replace
from itertools import count

import pytest

from vbdaemon.builtin.notice_pictures import MOST, pictures_of
from vbdaemon.model import (
    Box,
    DocumentVerdict,
    Evidence,
    FileRole,
    Finding,
    Reason,
    Severity,
    Verdict,
)
from vbdaemon.testing import make_classification, make_file, make_submission

BOX = Box(10, 10, 90, 40)


def finding(file, number=1, page=1, box=BOX, code="signature-broken") -> Finding:
    place = Evidence("thấy", file.sha256, page, box)
    return Finding(code, Severity.ERROR, f"Chữ ký {number} không toàn vẹn.", evidence=place)


def document(file, *findings, verdict=None, **changes) -> DocumentVerdict:
    given = (verdict or Verdict.reject)(*(Reason.of(f) for f in findings))
    plain = DocumentVerdict(file.name, file.sha256, (file.sha256,), make_classification(), (), findings, given)
    return replace(plain, **changes)


@pytest.fixture
def file(tmp_path):
    return make_file(folder=tmp_path)


def shown(submission, *verdicts, ticks=lambda: 0.0):
    drawn = []

    def draw(path, page, box):
        drawn.append((path, page, box))
        return b"png"

    return pictures_of(submission, verdicts, ticks, draw), drawn


def test_a_reason_with_a_place_is_shown_from_the_stored_bytes(file):
    wrong = finding(file)
    pictures, drawn = shown(make_submission(file), document(file, wrong))
    assert pictures == {(file.sha256, Reason.of(wrong)): b"png"}
    assert drawn == [(file.path, 1, BOX)]


def test_a_page_alone_is_shown_and_no_page_is_not(file):
    findings = (finding(file, 1, page=2, box=None), finding(file, 2, page=None))
    pictures, drawn = shown(make_submission(file), document(file, *findings))
    assert list(pictures) == [(file.sha256, Reason.of(findings[0]))]
    assert drawn == [(file.path, 2, None)]


def test_one_place_is_drawn_once_and_at_most_six_in_a_notice(file):
    same = document(file, finding(file, 1), finding(file, 2))
    assert len(shown(make_submission(file), same)[0]) == 1
    many = document(file, *(finding(file, n, page=n) for n in range(1, 12)))
    pictures, drawn = shown(make_submission(file), many)
    assert len(pictures) == len(drawn) == MOST


def test_nothing_of_what_is_locked_away_restricted_or_only_held_is_shown(file):
    wrong = finding(file)
    restricted = replace(make_classification(), restricted=True)
    for verdicts in (
        (document(file, wrong), document(file, wrong, verdict=Verdict.quarantine)),
        (document(file, wrong, classification=restricted),),
        (document(file, wrong, verdict=Verdict.hold),),
    ):
        assert shown(make_submission(file), *verdicts) == ({}, [])


def test_no_mail_text_no_logo_and_nothing_whose_bytes_are_not_at_hand_is_shown(file, tmp_path):
    for other in (
        replace(file, role=FileRole.BODY),
        replace(file, inline=True),
        replace(file, path=tmp_path / "absent"),
    ):
        assert shown(make_submission(other), document(file, finding(file))) == ({}, [])


def test_what_cannot_be_drawn_is_left_out(file):
    file.path.write_bytes(b"%PDF-1.7 broken")
    assert pictures_of(make_submission(file), (document(file, finding(file)),), lambda: 0.0) == {}


def test_pictures_never_hold_up_a_notice(file):
    seconds = count(0, 3)
    many = document(file, *(finding(file, n, page=n) for n in range(1, 12)))
    assert len(shown(make_submission(file), many, ticks=lambda: float(next(seconds)))[0]) == 1
