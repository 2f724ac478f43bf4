"""What the sender reads."""

import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from vbdaemon.model import Channel, CodedStatus, Manifest, Office, RegisterNumber
from vbdaemon.rendering.notice import render_notice, render_unfinished

HOLES = re.compile(r"None|\(\)|“”|\{|\}| [.,;](?!/)|điện thoại[ ,.;]*(?:\.|$)|thư điện tử[ ,]*\.|  \S+  ", re.MULTILINE)


class Balance(HTMLParser):
    """Counts open tags; void ones do not open."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def all_kinds(district):
    earlier = RegisterNumber("den", 2025, 12, district.accepted().register.registered_on)
    paper = district.policy.finding("paper-also-due", form="Tờ trình")
    return {
        "refused": (district.refused(),),
        "returned": (district.returned(),),
        "accepted": (district.accepted(paper, district.policy.finding("weak-digest", signer="UBND")),),
        "duplicate": (district.accepted(register=None, duplicate_of=earlier),),
        "held": (district.held(),),
        "nothing decided yet": (),
        "mixed": (district.accepted(), district.refused(), district.held(), district.returned()),
        "unknown document": (district.refused(classification=None),),
        "quarantined": (district.quarantined(),),
    }


KINDS = [
    ("refused", "02", "PHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"),
    ("returned", "02", "PHIẾU TRẢ LẠI DỰ THẢO"),
    ("accepted", "03", "PHIẾU XÁC NHẬN TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"),
    ("duplicate", "03", "PHIẾU XÁC NHẬN TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"),
    ("held", "01", "PHIẾU XÁC NHẬN VĂN BẢN ĐIỆN TỬ ĐÃ ĐẾN"),
    ("nothing decided yet", "01", "PHIẾU XÁC NHẬN VĂN BẢN ĐIỆN TỬ ĐÃ ĐẾN"),
    ("mixed", "02", "PHIẾU PHẢN HỒI KẾT QUẢ TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"),
    ("unknown document", "02", "PHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"),
    ("quarantined", "01", "PHIẾU PHẢN HỒI"),
]


@pytest.mark.parametrize(("kind", "status", "title"), KINDS)
def test_each_kind_has_its_status_and_title(district, kind, status, title):
    notice = render_notice(district.submission(), all_kinds(district)[kind], district.snapshot)
    assert (notice.status, notice.title) == (CodedStatus(status), title)
    assert title in notice.text
    assert json.loads(notice.machine)["status"] == status


@pytest.mark.parametrize("kind", [kind for kind, _, _ in KINDS])
@pytest.mark.parametrize(
    "office",
    [None, Office(), Office(name="Văn phòng"), Office(contact="Lê Thị Mẫu", telephone="0200 3000 100")],
    ids=["whole office", "empty office", "name only", "no name"],
)
@pytest.mark.parametrize("unit", ["H99.10.01", "H99", "H99.10.02", None])
def test_no_notice_has_holes(district, make_district, kind, office, unit):
    district = make_district(office=office) if office else district
    notice = render_notice(district.submission(unit=unit), all_kinds(district)[kind], district.snapshot)
    for text in (notice.text, notice.html, notice.machine):
        assert unicodedata.is_normalized("NFC", text)
    assert HOLES.search(notice.text) is None
    assert "None" not in notice.html
    page = Balance()
    page.feed(notice.html)
    assert page.open == []


def test_a_refusal_says_what_where_why_and_how_to_mend_it(district):
    text = render_notice(district.submission(), (district.refused(),), district.snapshot).text
    assert "Kính gửi: Phòng Nội vụ huyện Bình An" in text
    assert "số 299/UBND-TTHC ngày 14/01/2025" in text
    assert "trích yếu: “V/v kiểm soát thủ tục hành chính năm 2025”, gồm 2 tệp: 299.pdf; 299.docx." in text
    assert (
        "a) Văn bản điện tử chưa có chữ ký số của cơ quan, đơn vị ban hành (trang 2). Căn cứ: điểm 1 Công văn" in text
    )
    assert "Cách khắc phục: Đề nghị ký số bằng chứng thư số của cơ quan" in text
    assert "Chưa gửi kèm tệp soạn thảo" in text
    assert "Sổ đăng ký văn bản đến" in text
    assert "Nếu chưa được cấp chứng thư số" in text
    assert "liên hệ Lê Thị Mẫu, Văn thư, điện thoại 0200 3000 100, thư điện tử vanthu@binhan.example." in text
    assert "SHA-256: " + "a" * 64 in text
    assert "nhận lúc 09:30 ngày 15/01/2025" in text


def test_a_paper_only_document_is_not_asked_for_again_electronically(district):
    contract = district.policy.finding("paper-only-form", form="Hợp đồng")
    notice = render_notice(district.submission(), (district.refused(),), district.snapshot)
    assert "gửi lại qua thư mục dùng chung" in notice.text
    verdict = replace(
        district.refused(findings=(contract,)),
        verdict=district.verdict(district.refused().verdict.kind, contract).verdict,
    )
    notice = render_notice(district.submission(), (verdict,), district.snapshot)
    assert "hình thức Hợp đồng thuộc Danh mục" in notice.text
    assert "bằng bản giấy" in notice.text
    assert "gửi lại qua" not in notice.text


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(
    ("unit", "issuer"), [("H99", "H99.10.01"), ("H99.10.01", "H99"), (None, "H99")], ids=["sender", "issuer", "unknown"]
)
def test_a_superior_is_asked_and_never_refused(district, unit, issuer, count):
    classification = replace(district.classification, issuer_unit=issuer)
    verdicts = (district.refused(classification=classification),) * count
    notice = render_notice(district.submission(unit=unit), verdicts, district.snapshot)
    whole = notice.title + notice.text + notice.html + notice.machine
    assert "từ chối" not in whole.casefold()
    assert "đề nghị kiểm tra, gửi lại" in notice.text.casefold()
    assert "Nếu chưa được cấp" not in notice.text
    assert notice.status is CodedStatus.REFUSED


def test_a_superior_is_recognised_by_the_mail_address(district):
    submission = district.submission(unit=None, channel=Channel.SMTP, mail_from="VanThu@TrungGiang.example")
    notice = render_notice(submission, (district.refused(),), district.snapshot)
    assert "Kính gửi: Ủy ban nhân dân tỉnh Trung Giang" in notice.text
    assert "từ chối" not in notice.text.casefold()


def test_a_draft_is_returned_by_the_clause_on_accounts(district):
    notice = render_notice(district.submission(), (district.returned(),), district.snapshot)
    assert "chuyển trả lại; dự thảo chưa được thẩm định, trình ký." in notice.text
    assert "Công văn số 607/UBND-VP" in notice.text
    assert "từ chối" not in notice.text.casefold()


def test_a_receipt_gives_the_arrival_number_and_asks_for_paper_when_due(district):
    notice = render_notice(district.submission(), all_kinds(district)["accepted"], district.snapshot)
    assert "Số đến: 123/2025; ngày đến: 15/01/2025." in notice.text
    assert "Kết quả kiểm tra chữ ký số: hợp lệ, có lưu ý dưới đây." in notice.text
    assert "Phụ lục II kèm theo Quyết định số 648/QĐ-UBND" in notice.text
    assert "đề nghị gửi bản giấy về số 1 đường Trung Tâm, thị trấn Bình An, ghi kèm số đến" in notice.text
    document = json.loads(notice.machine)["documents"][0]
    assert document["register"] == {"book": "den", "year": 2025, "number": 123, "date": "2025-01-15"}
    assert (document["number"], document["symbol"], document["reasons"]) == ("299", "UBND-TTHC", [])


def test_a_receipt_without_warnings_says_the_signatures_are_good(district):
    text = render_notice(district.submission(), (district.accepted(),), district.snapshot).text
    assert "Kết quả kiểm tra chữ ký số: hợp lệ." in text
    assert "bản giấy" not in text


def test_the_receipt_of_a_duplicate_names_the_earlier_number(district):
    notice = render_notice(district.submission(), all_kinds(district)["duplicate"], district.snapshot)
    assert "trùng với văn bản đã được tiếp nhận" in notice.text
    assert "Số đến: 12/2025" in notice.text
    assert json.loads(notice.machine)["documents"][0]["duplicate_of"]["number"] == 12


def test_a_held_document_arrived_and_no_reason_is_told(district):
    notice = render_notice(district.submission(), (district.held(),), district.snapshot)
    assert "đã đến, đang chờ xem xét" in notice.text
    held = district.held().verdict.reasons[0]
    for text in (notice.text, notice.html, notice.machine):
        assert held.code not in text
        assert held.message not in text


def test_a_unit_without_a_signature_account_is_guided_while_it_waits(district):
    waiting = district.policy.finding("signature-account-missing")
    verdict = district.verdict(district.held().verdict.kind, waiting)
    text = render_notice(district.submission(), (verdict,), district.snapshot).text
    assert "gửi văn bản về Văn phòng HĐND và UBND huyện Bình An để được hướng dẫn" in text


def test_one_notice_lists_every_document_with_its_own_answer(district):
    notice = render_notice(district.submission(), all_kinds(district)["mixed"], district.snapshot)
    for words in (
        "1. Văn bản số",
        "4. Dự thảo",
        "Đã tiếp nhận.",
        "Từ chối tiếp nhận, vì",
        "đang chờ xem xét",
        "Trả lại",
    ):
        assert words in notice.text
    documents = json.loads(notice.machine)["documents"]
    assert [document["status"] for document in documents] == ["03", "02", "01", "02"]
    assert documents[1]["reasons"][0]["code"] == "organisation-signature-missing"
    assert documents[2]["reasons"] == []


def test_quarantine_names_time_id_and_telephone_and_nothing_else(district):
    named = district.quarantined()
    notice = render_notice(district.submission(), (district.accepted(), named), district.snapshot)
    assert "09:30 ngày 15/01/2025" in notice.text
    assert "20250115-0930-k3x9" in notice.text
    assert "0200 3000 100" in notice.text
    whole = notice.text + notice.html + notice.machine
    for secret in (
        "299",
        "thủ tục",
        "Phòng Nội vụ",
        "mật",
        "secret",
        "cách ly",
        "QUARANTINE",
        "a" * 64,
        "Mẫu",
        "huyện",
    ):
        assert secret.casefold() not in whole.casefold()
    assert json.loads(notice.machine)["documents"] == []


def test_a_complaint_is_answered_without_subject_issuer_and_file_names(district):
    restricted = replace(district.classification, restricted=True)
    for verdict in (district.refused, district.accepted, district.held):
        notice = render_notice(district.submission(), (verdict(classification=restricted),), district.snapshot)
        whole = notice.text + notice.html + notice.machine
        assert "299/UBND-TTHC" in notice.text
        for private in ("thủ tục", "299.pdf", "299.docx", "của Phòng Nội vụ"):
            assert private not in whole


def test_hostile_names_are_escaped_and_stay_on_their_line(district):
    hostile = '<script>alert("x")</script>\n2. Giả\u202emạo.pdf'
    submission = district.submission(names=(hostile, "b.docx"))
    notice = render_notice(submission, (district.refused(main=hostile, classification=None),), district.snapshot)
    assert "<script" not in notice.html
    assert "&lt;script&gt;" in notice.html
    assert "\u202e" not in notice.text + notice.html
    assert "\n2. Giả" not in notice.text
    assert json.loads(notice.machine)["documents"][0]["main"] == hostile


def test_a_template_never_runs_what_a_document_says(district):
    classification = replace(
        district.classification, subject=replace(district.classification.subject, value="{{ 7*7 }} {% raw %}")
    )
    notice = render_notice(district.submission(), (district.refused(classification=classification),), district.snapshot)
    assert "{{ 7*7 }} {% raw %}" in notice.text


def test_a_name_that_is_no_text_still_gives_a_notice(district):
    submission = district.submission(names=("\udce9.pdf", "b.docx"))
    notice = render_notice(submission, (district.refused(main="\udce9.pdf", classification=None),), district.snapshot)
    assert (notice.text + notice.html + notice.machine).encode()


def test_a_page_loads_nothing_from_elsewhere(district):
    html = render_notice(district.submission(), (district.refused(),), district.snapshot).html
    page = Balance()
    page.feed(html)
    assert not [tag for tag, attributes in page.seen if tag in {"script", "link", "iframe"} or "src" in attributes]
    assert "http://" not in html
    assert "https://" not in html
    assert 'name="viewport"' in html


def test_english_follows_for_a_unit_that_reads_it(district):
    english = render_notice(district.submission(unit="H99.10.02"), (district.refused(),), district.snapshot)
    vietnamese = render_notice(district.submission(), (district.refused(),), district.snapshot)
    assert "Please mend it as described and send it again." in english.text
    assert "does not carry the digital signature" in english.text
    assert "Please" not in vietnamese.text
    assert "does not carry the digital signature" in english.html
    assert "does not carry the digital signature" not in vietnamese.html


def test_files_out_of_a_mail_are_counted_though_not_all_have_names(district):
    verdict = district.refused(files=("a" * 64, "c" * 64, "d" * 64))
    text = render_notice(district.submission(), (verdict,), district.snapshot).text
    assert "gồm 3 tệp, trong đó có: 299.pdf." in text


def test_the_same_values_give_the_same_notice(district):
    kinds = all_kinds(district)["mixed"]
    first = render_notice(district.submission(), kinds, district.snapshot)
    assert render_notice(district.submission(), kinds, district.snapshot) == first


@pytest.mark.parametrize("office", [None, Office()])
def test_an_unfinished_file_is_named_once_with_what_to_do(district, office):
    seen_at = district.submission().envelope.received_at
    notice = render_unfinished("công văn <b>.pdf", office or district.office, seen_at)
    assert "“công văn <b>.pdf”" in notice.text
    assert "<b>" not in notice.html
    assert "sao chép lại tệp đầy đủ" in notice.text
    assert HOLES.search(notice.text) is None
    assert json.loads(notice.machine)["status"] is None


def test_the_machine_part_names_the_senders_own_delivery_when_he_is_a_vbdaemon_too(district):
    plain = district.submission()
    known = replace(plain, manifest=Manifest("260302-AAAAAAAA-1"))

    assert json.loads(render_notice(plain, (district.accepted(),), district.snapshot).machine)["in_reply_to"] is None
    told = json.loads(render_notice(known, (district.accepted(),), district.snapshot).machine)
    assert told["in_reply_to"] == "260302-AAAAAAAA-1"
