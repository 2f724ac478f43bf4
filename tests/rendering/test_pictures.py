"""A refusal shows the place; nothing else of the notice changes by that."""

import base64
import re
from dataclasses import replace

import pytest

from vbdaemon.model import Box, Evidence, PlacePicture, Purpose, VerdictKind
from vbdaemon.rendering.notice import render_notice

PNG = b"\x89PNG place"
MAIN = "a" * 64


@pytest.fixture
def refused(district):
    return district.refused()


def images(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<img src="([^"]*)" alt="([^"]*)">', html)


def pictured(verdict, png=PNG):
    """The verdict with a picture of every place that its findings speak of."""
    places = dict.fromkeys(
        (f.evidence.file or MAIN, f.evidence.page, f.evidence.box) for f in verdict.findings if f.evidence
    )
    return replace(verdict, pictures=tuple(PlacePicture(*place, png) for place in places))


def with_picture(district, *verdicts, **changes):
    first, *others = verdicts
    return render_notice(district.submission(**changes), (pictured(first), *others), district.snapshot)


def test_the_picture_stands_below_its_reason_with_words_for_those_who_do_not_see_it(district, refused):
    notice = with_picture(district, refused)
    ((source, words),) = images(notice.html)
    assert base64.b64decode(source.removeprefix("data:image/png;base64,")) == PNG
    assert words == "Hình trang 2, tệp 299.pdf."
    assert "<figcaption>Hình: trang 2, tệp 299.pdf.</figcaption>" in notice.html


def test_only_the_html_shows_it(district, refused):
    plain = render_notice(district.submission(), (refused,), district.snapshot)
    notice = with_picture(district, refused)
    assert (notice.text, notice.machine) == (plain.text, plain.machine)
    assert images(plain.html) == []
    assert re.sub(r"<figure>.*?</figure>\s*", "", notice.html, flags=re.DOTALL).split() == plain.html.split()


def test_a_frame_is_told_where_there_is_one(district):
    broken = district.policy.finding("organisation-signature-missing", Evidence("", "b" * 64, 1, Box(1, 1, 2, 2)))
    verdict = district.verdict(district.refused().verdict.kind, broken)
    ((_, words),) = images(with_picture(district, verdict).html)
    assert words == "Hình trang 1, tệp 299.docx: chỗ trong khung đỏ."


def test_several_documents_and_a_check_before_sending_show_it_too(district, refused):
    assert len(images(with_picture(district, refused, district.accepted()).html)) == 1
    submission = district.submission()
    asked = replace(submission, envelope=replace(submission.envelope, purpose=Purpose.PREFLIGHT))
    assert len(images(render_notice(asked, (pictured(refused),), district.snapshot).html)) == 1


def test_a_check_before_sending_shows_what_would_be_held_too(district):
    seen = district.policy.finding("certificate-untrusted", Evidence("", MAIN, 1, Box(1, 1, 2, 2)))
    held = pictured(district.verdict(VerdictKind.HOLD, seen))
    submission = district.submission()
    asked = replace(submission, envelope=replace(submission.envelope, purpose=Purpose.PREFLIGHT))
    assert len(images(render_notice(asked, (held,), district.snapshot).html)) == 1
    assert images(render_notice(submission, (held,), district.snapshot).html) == []


def test_a_picture_of_another_place_is_not_shown(district, refused):
    other = replace(refused, pictures=(PlacePicture(MAIN, 7, None, PNG), PlacePicture("c" * 64, 2, None, PNG)))
    assert images(render_notice(district.submission(), (other,), district.snapshot).html) == []


def test_a_picture_whose_bytes_are_gone_is_left_out(district, refused):
    assert images(render_notice(district.submission(), (pictured(refused, b""),), district.snapshot).html) == []


def test_a_place_that_two_reasons_share_is_shown_once(district):
    place = Evidence("", MAIN, 1, Box(1, 1, 2, 2))
    wrong = (
        district.policy.finding("organisation-signature-missing", place),
        district.policy.finding("signature-broken", place),
    )
    both = district.verdict(VerdictKind.REJECT, *wrong)
    assert len(both.verdict.reasons) == 2
    assert len(images(with_picture(district, both).html)) == 1


def test_of_what_is_restricted_nothing_is_shown(district, refused):
    restricted = replace(refused, classification=replace(refused.classification, restricted=True))
    assert images(with_picture(district, restricted).html) == []
