"""Letters on what follows a decision: what they say, what they leave out, in three forms."""

import json
from dataclasses import replace

import pytest

from vbdaemon.model import (
    CodedStatus,
    Delivery,
    DeliveryKind,
    Destination,
    DocumentVerdict,
    RegisterNumber,
    Verdict,
)
from vbdaemon.rendering.letters.arrived import render_arrived
from vbdaemon.rendering.letters.assigned import render_assigned, render_forwarded
from vbdaemon.rendering.letters.locked import render_locked
from vbdaemon.rendering.letters.recall import render_denied, render_recall, render_withdrawn
from vbdaemon.rendering.letters.transfer_slip import render_transfer_slip
from vbdaemon.testing import NOON, make_classification, make_snapshot, make_unit

A = "a" * 64
RECALLED = {"kind": "recall", "why": "Ban hành nhầm.", "replaced_by": "", "told": "Phòng Y tế", "delivery": "x-1"}
CASES = {
    "assigned": (render_assigned, {"lead": "Phòng Y tế", "support": "", "units": "H2"}, "04"),
    "forwarded": (render_forwarded, {"units": "H2"}, "04"),
    "arrived": (render_arrived, {"received": "10:00 ngày 02/03/2026", "count": "2"}, "01"),
    "recall": (render_recall, RECALLED, "13"),
    "withdrawn": (render_withdrawn, RECALLED, "15"),
    "locked": (render_locked, {"sent": "10:00 ngày 02/03/2026", "delivery": "x-1"}, "13"),
    "denied": (render_denied, {"why": "đã giải quyết xong", "in_reply_to": "x-1"}, "16"),
}


@pytest.fixture(scope="module")
def snapshot():
    return make_snapshot(make_unit("H1", name="Phòng Nội vụ"), make_unit("H2", name="Phòng Y tế"))


def document(*, restricted=False):
    kind = make_classification(number="15", subject="về việc phương án trực", restricted=restricted)
    number = RegisterNumber("den", 2026, 7, NOON.date())
    return DocumentVerdict("15.pdf", A, (A,), kind, (), (), Verdict.accept(), register=number)


def delivery(unit="H1"):
    return Delivery("260302-1-2", "260302-1", DeliveryKind.NOTICE, Destination("folder", "x", unit), "x", NOON, 0)


@pytest.mark.parametrize("name", CASES)
def test_each_says_its_status_to_people_and_to_machines(name, snapshot):
    render, details, status = CASES[name]
    letter = render(delivery(), document(), snapshot, details)
    assert letter.status == CodedStatus(status)
    assert json.loads(letter.machine)["status"] == status
    assert f"trạng thái {status}" in letter.text
    assert "Kính gửi: Phòng Nội vụ" in letter.text
    assert letter.html.startswith("<!DOCTYPE html>")
    assert "260302-1" in letter.text


@pytest.mark.parametrize("name", CASES)
def test_a_restricted_document_keeps_its_subject(name, snapshot):
    render, details, _ = CASES[name]
    letter = render(delivery(), document(restricted=True), snapshot, details)
    for form in (letter.text, letter.html, letter.machine):
        assert "phương án trực" not in form


@pytest.mark.parametrize("name", CASES)
def test_english_follows_for_who_reads_it_and_for_nobody_else(name, snapshot):
    render, details, _ = CASES[name]
    abroad = make_snapshot(replace(make_unit("H1"), language="en"))
    assert "Reference: 260302-1" in render(delivery(), document(), abroad, details).text
    assert "Reference" not in render(delivery(), document(), snapshot, details).text


def test_who_has_it_is_named_by_name(snapshot):
    assert "đến: Phòng Y tế." in render_forwarded(delivery(), document(), snapshot, {"units": "H2"}).text


def test_a_recall_says_which_document_why_and_what_to_do(snapshot):
    letter = render_recall(delivery("H2"), document(), snapshot, RECALLED)
    for words in ("PHIẾU YÊU CẦU THU HỒI", "số 15/PNV-TCCC", "lý do: Ban hành nhầm", "hủy bỏ bản điện tử", "7/2026"):
        assert words in letter.text
    asked = json.loads(letter.machine)["withdrawal"]
    assert (asked["delivery"], asked["sha256"], asked["kind"]) == ("x-1", A, "recall")


def test_the_reason_of_a_restricted_recall_is_not_handed_to_machines(snapshot):
    letter = render_recall(delivery("H2"), document(restricted=True), snapshot, RECALLED)
    assert json.loads(letter.machine)["withdrawal"]["reason"] == ""


def test_to_other_people_a_restricted_recall_gives_no_reason_in_any_form(snapshot):
    letter = render_recall(delivery("H2"), document(restricted=True), snapshot, RECALLED)
    for form in (letter.text, letter.html, letter.machine):
        assert "Ban hành nhầm" not in form
    assert "Ban hành nhầm" in render_withdrawn(delivery(), document(restricted=True), snapshot, RECALLED).text


@pytest.mark.parametrize("name", ["recall", "denied", "withdrawn", "assigned", "forwarded", "arrived"])
def test_a_superior_is_asked_and_nothing_is_demanded_of_it(name):
    render, details, status = CASES[name]
    above = make_snapshot(make_unit("H1", "Ủy ban nhân dân tỉnh Mẫu"), make_unit("H9", parent="H1"))
    above = replace(above, office=replace(above.office, unit="H9"))
    letter = render(delivery("H1"), document(), above, details)
    for form in (letter.text, letter.html, letter.machine, letter.title):
        assert "yêu cầu" not in form.casefold()
        assert "từ chối" not in form.casefold()
    assert json.loads(letter.machine)["status"] == status


def test_the_slip_to_a_superior_is_polite():
    above = make_snapshot(make_unit("H1", "Ủy ban nhân dân tỉnh Mẫu"), make_unit("H9", parent="H1"))
    above = replace(above, office=replace(above.office, unit="H9"))
    files = render_transfer_slip(delivery("H1"), document(), above, {"role": "lead", "lead": "x", "who": "y"})
    assert "kính chuyển văn bản số 15/PNV-TCCC" in files["phieu-chuyen-xu-ly.html"].decode()


def test_a_denial_says_which_document_it_is_about(snapshot):
    details = {"why": "đã giải quyết xong", "in_reply_to": "x-1", "about": "số 15/UBND-VP ngày 02/03/2026"}
    text = render_denied(delivery(), document(), snapshot, details).text
    assert "đề nghị lấy lại văn bản số 15/UBND-VP ngày 02/03/2026 của Quý cơ quan" in text


def test_a_replacement_names_what_counts_now(snapshot):
    details = RECALLED | {"kind": "replace", "replaced_by": "16/PNV-TCCC ngày 20/01/2026"}
    assert "thay cho văn bản nêu trên: 16/PNV-TCCC" in render_recall(delivery("H2"), document(), snapshot, details).text


def test_the_sender_of_what_reached_nobody_reads_so(snapshot):
    assert (
        "chưa được chuyển đến nơi nào"
        in render_withdrawn(delivery(), document(), snapshot, RECALLED | {"told": ""}).text
    )


def test_the_slip_says_who_leads_by_when_and_the_leaders_note(snapshot):
    details = {
        "role": "support", "lead": "Phòng Nội vụ", "support": "Phòng Y tế", "due_on": "2026-03-20",
        "note": "Phối hợp <ngay>.", "who": "Trần Thị Mẫu", "title": "Chánh Văn phòng",
    }  # fmt: skip
    files = render_transfer_slip(delivery("H2"), document(), snapshot, details)
    page = files["phieu-chuyen-xu-ly.html"].decode()
    for words in (
        "để Quý cơ quan phối hợp xử lý",
        "Thời hạn: 20/03/2026",
        "Phối hợp &lt;ngay&gt;.",
        "Trần Thị Mẫu, Chánh",
    ):
        assert words in page
    assert json.loads(files["phieu-chuyen-xu-ly.json"])["assignment"]["role"] == "support"
