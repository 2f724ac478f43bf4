"""A refusal shows the place; nothing else of the notice changes by that."""

import base64
import re
from dataclasses import replace

import pytest

from vbdaemon.model import Box, Evidence, Purpose, Reason
from vbdaemon.rendering.notice import render_notice

PNG = b"\x89PNG place"
MAIN = "a" * 64


@pytest.fixture
def refused(district):
    return district.refused()


def images(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<img src="([^"]*)" alt="([^"]*)">', html)


def with_picture(district, *verdicts, **changes):
    reason = verdicts[0].verdict.reasons[0]
    submission = district.submission(**changes)
    return render_notice(submission, verdicts, district.snapshot, {(MAIN, reason): PNG})


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
    pictures = {(MAIN, refused.verdict.reasons[0]): PNG}
    assert len(images(render_notice(asked, (refused,), district.snapshot, pictures).html)) == 1


def test_a_picture_of_another_reason_is_not_shown(district, refused):
    pictures = {(MAIN, Reason("other", "Khác.")): PNG, ("c" * 64, refused.verdict.reasons[0]): PNG}
    assert images(render_notice(district.submission(), (refused,), district.snapshot, pictures).html) == []
