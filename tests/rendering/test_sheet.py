"""The check sheet that goes with a forwarded document."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    FileRecord,
    FileRole,
    Position,
    SignatureArea,
    Signer,
)
from vbdaemon.rendering.sheet import MACHINE_NAME, SHEET_NAME, render_sheet
from vbdaemon.testing import found

DELIVERY = Delivery(
    "d-1",
    "20250115-0930-k3x9",
    DeliveryKind.FORWARD,
    Destination("folder", "thanh-tra/nhan", "H99.10.03"),
    "0123_2025-01-15_299-UBND-TTHC",
    datetime(2025, 1, 15, 3, tzinfo=UTC),
    0,
)
FILES = (
    FileRecord("299.pdf", FileRole.MAIN, "a" * 64, "application/pdf", 1_234_567),
    FileRecord("299 <b>.docx", FileRole.EDITABLE, "b" * 64, "application/msword", 900),
)


KEYS = {
    *("form", "form_name", "number", "symbol", "date", "issuer", "subject", "signer", "co_signers"),
    *("addressees", "recipients"),
    *("electronic_recipients", "deadlines", "secrecy", "urgency", "draft", "channel", "rule", "confidence", "source"),
}


def sheet(district, **changes):
    signed = replace(
        district.accepted().signatures[0],
        signer="Phòng Nội vụ huyện Bình An",
        signed_at=datetime(2025, 1, 14, 9, tzinfo=UTC),
        position=Position(1, SignatureArea.TOP_RIGHT),
        digest="sha1",
    )
    weak = district.policy.finding("weak-digest", signer="Phòng Nội vụ huyện Bình An")
    document = district.accepted(weak, signatures=(signed,), **changes)
    return render_sheet(DELIVERY, district.submission(), document, FILES, district.snapshot)


def test_the_sheet_is_a_page_and_a_machine_part(district):
    assert set(sheet(district)) == {SHEET_NAME, MACHINE_NAME} == {"phieu-ket-qua-kiem-tra.html", "vbdaemon.json"}


def test_the_page_shows_number_document_files_and_signatures(district):
    html = sheet(district)[SHEET_NAME].decode()
    for words in (
        "PHIẾU KẾT QUẢ KIỂM TRA",
        "123/2025, ngày 15/01/2025",
        "299/UBND-TTHC",
        "1.234.567 byte",
        "Văn bản chính",
        "Hợp lệ",
        "16:00 ngày 14/01/2025",
        "SHA-1",
        "Nơi gửi: <strong>Phòng Nội vụ",
        "299 &lt;b&gt;.docx",
    ):
        assert words in html
    assert "<b>" not in html
    assert "None" not in html
    HTMLParser().feed(html)


def test_the_machine_part_carries_the_delivery_and_all_facts(district):
    facts = json.loads(sheet(district)[MACHINE_NAME])
    assert facts["delivery"] == "d-1"
    assert facts["submission"] == "20250115-0930-k3x9"
    assert facts["register"] == {"book": "den", "year": 2025, "number": 123, "date": "2025-01-15"}
    assert [file["role"] for file in facts["files"]] == ["main", "editable"]
    assert facts["files"][0]["sha256"] == "a" * 64
    assert facts["classification"]["symbol"] == "UBND-TTHC"
    assert facts["classification"]["confidence"]["number"] == 0.98
    assert facts["signatures"][0]["signed_at"] == "2025-01-14T09:00:00+00:00"
    assert facts["signatures"][0]["position"] == {"page": 1, "area": "top-right"}
    assert facts["findings"][0]["code"] == "weak-digest"
    assert facts["sender"] == {"code": "H99.10.01", "name": "Phòng Nội vụ huyện Bình An"}


def test_the_classification_has_the_keys_of_the_contract_and_null_for_unknown(district):
    signer = replace(district.classification.subject, value=Signer("KT. TRƯỞNG PHÒNG", None, "Nguyễn Văn Mẫu"))
    facts = json.loads(sheet(district, classification=replace(district.classification, signer=signer))[MACHINE_NAME])
    assert set(facts["classification"]) == KEYS
    assert facts["classification"]["signer"] == {
        "authority": "KT. TRƯỞNG PHÒNG",
        "title": None,
        "name": "Nguyễn Văn Mẫu",
    }
    assert facts["classification"]["secrecy"] is None
    assert facts["classification"]["draft"] is False


def test_a_document_that_nothing_is_known_of_still_has_a_sheet(district):
    facts = json.loads(sheet(district, classification=None, register=None, files=("f" * 64,))[MACHINE_NAME])
    assert facts["classification"] is None
    assert facts["files"] == [{"name": None, "role": None, "media_type": None, "size": None, "sha256": "f" * 64}]


def test_the_same_values_give_the_same_bytes(district):
    assert sheet(district) == sheet(district)


def test_who_signed_a_joint_document_beside_the_first_is_told(district):
    others = (found(Signer("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phạm Thị Mẫu")),)
    joint = district.accepted(classification=replace(district.classification, co_signers=others))
    sheets = render_sheet(DELIVERY, district.submission(), joint, FILES, district.snapshot)
    assert "<dt>Người cùng ký</dt><dd>KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC, Phạm Thị Mẫu</dd>" in sheets[SHEET_NAME].decode()
    (told,) = json.loads(sheets[MACHINE_NAME])["classification"]["co_signers"]
    assert told["name"] == "Phạm Thị Mẫu"
    assert "Người cùng ký" not in sheet(district)[SHEET_NAME].decode()
