"""What the sender of a pre-flight reads: everything, and that nothing was taken over."""

import json
from dataclasses import replace

import pytest

from vbdaemon.model import Purpose
from vbdaemon.rendering.notice import render_notice


@pytest.fixture
def checked(district):
    submission = district.submission()
    return replace(submission, envelope=replace(submission.envelope, purpose=Purpose.PREFLIGHT))


def test_it_says_that_nothing_was_registered_and_what_would_follow(district, checked):
    notice = render_notice(checked, (district.refused(),), district.snapshot)

    assert "PHIẾU KẾT QUẢ KIỂM TRA TRƯỚC KHI GỬI" in notice.text
    assert "chưa được tiếp nhận, chưa đăng ký và chưa được chuyển" in notice.text
    assert "sẽ bị từ chối tiếp nhận" in notice.text
    assert "Số đến" not in notice.text


def test_even_what_would_only_be_held_is_told_with_its_reason(district, checked):
    notice = render_notice(checked, (district.held(),), district.snapshot)
    (reason,) = json.loads(notice.machine)["documents"][0]["reasons"]

    assert reason["code"] == "certificate-untrusted"
    assert reason["message"] in notice.text
    assert "phải chờ xem xét" in notice.html


def test_the_machine_part_has_no_coded_status_and_the_whole_reading(district, checked):
    machine = json.loads(render_notice(checked, (district.accepted(),), district.snapshot).machine)

    assert machine["status"] is None
    assert machine["documents"][0]["classification"]["number"] == "299"
    assert machine["documents"][0]["signatures"][0]["status"] == "PASSED"


def test_a_complaint_is_answered_without_names_or_subject(district, checked):
    restricted = replace(district.classification, restricted=True)
    notice = render_notice(checked, (district.accepted(classification=restricted),), district.snapshot)

    for words in (notice.text, notice.html, notice.machine):
        assert "299.pdf" not in words
        assert district.classification.subject.value not in words


def test_a_secret_mark_is_answered_like_any_quarantine(district, checked):
    notice = render_notice(checked, (district.quarantined(),), district.snapshot)

    assert notice.title == "PHIẾU PHẢN HỒI"
    assert json.loads(notice.machine)["documents"] == []
