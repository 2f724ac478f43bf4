"""Coded statuses and `vbdaemon.json`: read strictly, believed in nothing."""

# one case a line
# ruff: noqa: E501

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.model import CodedStatus, Limits, Manifest, Office, RecallRequest, Withdrawal
from vbdaemon.reading.exchange_json import MOST_BYTES, DocumentStatus, manifest_of, status_message, status_of
from vbdaemon.rendering.notice import render_notice, render_unfinished
from vbdaemon.testing import make_snapshot, make_submission

SHA = "a" * 64
STATUS = {
    "schema": 1,
    "submission": "20260302-0001",
    "status": "03",
    "status_name": "Đã tiếp nhận",
    "in_reply_to": "d-17",
    "documents": [
        {
            "sha256": SHA,
            "status": "03",
            "subject": "không nhắc lại",
            "reasons": [],
            "register": {"book": "den", "year": 2026, "number": 12, "date": "2026-03-02"},
        }
    ],
}
MANIFEST = {
    "schema": 1,
    "delivery": "d-17",
    "files": [{"name": "a.pdf", "role": "main", "sha256": SHA, "size": 1}, {"role": None, "sha256": "b" * 64}],
    "sheets": [{"name": "phieu.html", "sha256": "c" * 64}],
    "classification": {"form": "cong-van"},
}


def as_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def mailed(body: bytes, kind: str = "application/json", name: str = "phieu.json") -> bytes:
    return (
        "From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nchữ\r\n"
        f'--b\r\nContent-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    ).encode() + base64.encodebytes(body) + b"--b--\r\n"  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        as_bytes(STATUS),
        b"\xef\xbb\xbf" + as_bytes(STATUS),
        mailed(as_bytes(STATUS)),
        mailed(as_bytes(STATUS), "application/octet-stream"),
        mailed(as_bytes(STATUS), name=""),
    ],
)
def test_a_status_is_read_from_a_mail_and_from_a_file(raw):
    found = status_message(raw, Limits())
    assert (found.submission, found.code, found.in_reply_to) == ("20260302-0001", "03", "d-17")
    assert found.status is CodedStatus.RECEIVED
    assert found.documents == (DocumentStatus(SHA, "03", "12/2026 (den)"),)
    assert found.words == "12/2026 (den)"


def test_a_notice_of_our_own_is_a_status():
    made = make_submission()
    notice = render_notice(made, (), make_snapshot())
    assert status_of(notice.machine.encode()).submission == made.id


def test_the_note_about_a_half_copied_file_is_no_status():
    note = render_unfinished("a.pdf", Office(), datetime(2026, 3, 2, tzinfo=UTC))
    assert status_of(note.machine.encode()) is None


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("05", None),
        ("06", None),
        ("13", CodedStatus.RECALL_ASKED),
        ("01", CodedStatus.ARRIVED),
        ("02", CodedStatus.REFUSED),
    ],
)
def test_codes_that_we_do_not_use_are_understood(code, known):
    assert status_of(as_bytes(STATUS | {"status": code})).status is known


def test_reasons_are_codes_and_never_text_of_others():
    reasons = [{"code": "paper-only-form", "message": "x"}, {"code": "<script>"}]
    found = status_of(as_bytes(STATUS | {"documents": [{"sha256": SHA, "status": "02", "reasons": reasons}]}))
    assert found.words == "paper-only-form"


@pytest.mark.parametrize(
    "value",
    [
        STATUS | {"schema": 2},
        STATUS | {"schema": "1"},
        STATUS | {"schema": True},
        STATUS | {"status": 3},
        STATUS | {"status": "99"},
        STATUS | {"status": None},
        STATUS | {"submission": None},
        STATUS | {"submission": "../../etc"},
        STATUS | {"in_reply_to": "a b"},
        STATUS | {"documents": {}},
        [STATUS],
        MANIFEST,
        "03",
    ],
)
def test_what_is_not_exactly_a_status_is_none(value):
    assert status_of(as_bytes(value)) is None


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b'{"schema":1' + b" " * MOST_BYTES, b"\xff\xfe", b"NaN"])
def test_bytes_that_are_no_json_are_none(raw):
    assert (status_of(raw), manifest_of(raw)) == (None, None)


def test_a_status_inside_a_forwarded_mail_is_none():
    inner = mailed(as_bytes(STATUS))
    raw = b"From: a@b.example\r\nTo: c@d.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    assert status_message(raw, Limits()) is None


@pytest.mark.parametrize(
    ("kind", "name"), [("application/pdf", "a.pdf"), ("application/octet-stream", ""), ("text/plain", "a.pdf")]
)
def test_a_mail_with_a_document_beside_a_status_is_no_status(kind, name):
    part = f'--b\r\nContent-Type: {kind}; name="{name}"\r\n\r\n%PDF-1.7\r\n--b--\r\n'.encode()
    assert status_message(mailed(as_bytes(STATUS)).replace(b"--b--\r\n", part), Limits()) is None


def test_the_pdf_that_a_status_names_by_its_hash_is_no_document_and_any_other_is():
    pdf = b"%PDF-1.7 words"
    named = as_bytes(STATUS | {"pdf": {"name": "phieu.pdf", "sha256": hashlib.sha256(pdf).hexdigest()}})
    part = b"--b\r\nContent-Type: application/pdf; name=phieu.pdf\r\n\r\n" + pdf + b"\r\n--b--\r\n"
    assert status_message(mailed(named).replace(b"--b--\r\n", part), Limits()) is not None
    assert status_message(mailed(named).replace(b"--b--\r\n", part.replace(b"words", b"other")), Limits()) is None


def test_the_words_of_a_status_may_come_as_text_and_page():
    part = b"--b\r\nContent-Type: text/html; name=phieu.html\r\n\r\n<p>x</p>\r\n--b--\r\n"
    assert status_message(mailed(as_bytes(STATUS)).replace(b"--b--\r\n", part), Limits()) is not None


def test_a_manifest_names_roles_and_the_senders_sheets():
    assert manifest_of(as_bytes(MANIFEST)) == Manifest("d-17", ((SHA, "main"),), ("c" * 64,))


@pytest.mark.parametrize(
    "value",
    [
        STATUS,
        MANIFEST | {"delivery": None},
        MANIFEST | {"files": [{"sha256": "A" * 64}]},
        MANIFEST | {"files": [{"sha256": "a", "role": "main"}]},
        MANIFEST | {"files": [{"sha256": SHA, "role": "chief"}]},
        MANIFEST | {"files": [{"sha256": SHA}] * 2_000},
    ],
)
def test_what_is_not_exactly_a_manifest_is_none(value):
    assert manifest_of(as_bytes(value)) is None


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_raises(value):
    raw = as_bytes({"schema": 1, "delivery": "x", "files": value, "status": value, "submission": "x"}) if value else b""
    status_of(raw)
    manifest_of(raw)


ASKED = {
    "kind": "recall",
    "delivery": "d-17",
    "sha256": SHA,
    "number": "15",
    "symbol": "UBND",
    "date": "2026-02-31",
    "reason": "ban\nhành nhầm",
}
RECALL = {"schema": 1, "submission": "x", "status": "13", "withdrawal": ASKED}


def test_a_document_that_is_asked_back_is_named_as_the_request_names_it_and_believed_in_nothing():
    asked = status_of(as_bytes(RECALL)).recall
    assert asked == RecallRequest(Withdrawal.RECALL, "d-17", SHA, "15", "UBND", "2026-02-31", "ban hành nhầm")


def test_one_that_says_no_more_is_a_request_too_and_waits_for_a_person():
    bare = {"schema": 1, "submission": "x", "status": "13", "in_reply_to": "d-17"}
    assert status_of(as_bytes(bare)).recall == RecallRequest(Withdrawal.RECALL, "d-17", "")
    named = bare | {"documents": [{"sha256": SHA}]}
    assert status_of(as_bytes(named)).recall == RecallRequest(Withdrawal.RECALL, "d-17", SHA)


def test_no_other_status_asks_for_anything_back():
    assert status_of(as_bytes(STATUS | {"withdrawal": ASKED})).recall is None


@pytest.mark.parametrize(
    "change",
    [{"sha256": "A" * 64}, {"date": "hôm qua"}, {"kind": "burn"}, {"delivery": "../x"}, {"replaced_by": "x" * 501}],
)
def test_a_crafted_request_is_no_status(change):
    assert status_of(as_bytes(RECALL | {"withdrawal": ASKED | change})) is None


@pytest.mark.parametrize(
    ("kind", "name"), [("application/pdf", "15.pdf"), ("text/plain", "thu.txt"), ("text/html", "")]
)
def test_a_request_with_a_document_beside_it_hides_nothing_whatever_the_document_is_called(kind, name):
    raw = mailed(as_bytes(RECALL)).removesuffix(b"--b--\r\n")
    part = f'--b\r\nContent-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode()
    raw += part + base64.encodebytes(b"%PDF-1.7\n") + b"--b--\r\n"
    assert status_message(mailed(as_bytes(RECALL)), Limits()) is not None
    assert status_message(raw, Limits()) is None
