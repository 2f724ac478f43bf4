"""Mails: the same bytes each time, 7-bit, and each name as a person wrote it, whatever it is."""

import email
import email.policy
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vbdaemon.errors import ConfigurationError, SpoolDamaged
from vbdaemon.model import (
    Delivery,
    DeliveryKind,
    Destination,
    MailRules,
    OutgoingFile,
    Security,
    Smarthost,
)
from vbdaemon.rendering.digest import DigestLine, render_digest
from vbdaemon.rendering.mail import COVER_NAME, compose
from vbdaemon.rendering.mail_cover import render_cover
from vbdaemon.rendering.mail_subject import document_words
from vbdaemon.rendering.notice import render_notice

AT = datetime(2025, 1, 15, 2, 30, 5, 123456, tzinfo=UTC)
HOST = Smarthost("mail.example", 587, Security.STARTTLS, "vanthu@binhan.example", "binhan.example")
ID = "20250115-0930-k3x9"
NAMES = [
    "công văn 299.pdf",
    "a.pdf",
    'ngoặc "kép" \\ và (tròn).docx',
    "Tờ trình về việc phê duyệt kế hoạch sử dụng đất năm 2025 của Ủy ban nhân dân huyện Bình An, tỉnh Trung Giang.docx",
    "trùng.pdf",
    "trùng.pdf",
    "dòng\r\nBcc: ai@do.example.pdf",
    "vbdaemon.json",
    "文書.pdf",
]


def body(name, content):
    return OutgoingFile(name, hashlib.sha256(content).hexdigest(), body=content)


@pytest.fixture
def snapshot(district):
    return replace(district.snapshot, mail=MailRules(smarthost=HOST))


def delivery(kind=DeliveryKind.FORWARD, **changes):
    made = Delivery(f"{ID}-1", ID, kind, Destination("smtp", "vanthu@y-te.example", "H99.10.01"), "0123_299", AT, 0)
    return replace(made, **changes)


def mail(delivery, files, snapshot):
    raw = b"".join(compose(delivery, tuple(files), snapshot))
    return raw, email.message_from_bytes(raw, policy=email.policy.SMTP)


def forward_files(tmp_path, names=("công văn 299.pdf",)):
    files = []
    for number, name in enumerate(names):
        path = tmp_path / str(number)
        path.write_bytes(bytes([number]) * (57 * 16_384 + number))
        files.append(OutgoingFile(name, hashlib.sha256(path.read_bytes()).hexdigest(), path=str(path)))
    return [*files, body("vbdaemon.json", b'{"schema": 1}'), body(COVER_NAME, "Kính gửi\nchào".encode())]


def notice_files(district, *verdicts, pdf=None):
    notice = render_notice(district.submission(), verdicts, district.snapshot)
    forms = {"html": notice.html, "txt": notice.text, "json": notice.machine}
    files = [body(f"{ID}_tu-choi.{ending}", text.encode()) for ending, text in forms.items()]
    return files if pdf is None else [*files, body(f"{ID}_tu-choi.pdf", pdf)]


def test_the_same_input_gives_the_same_bytes(district, snapshot, tmp_path):
    for made, files in (
        (delivery(), forward_files(tmp_path)),
        (delivery(DeliveryKind.NOTICE), notice_files(district, district.refused())),
    ):
        assert mail(made, files, snapshot)[0] == mail(made, files, snapshot)[0]


def test_a_mail_is_seven_bit_with_lines_that_every_server_takes(district, snapshot, tmp_path):
    for made, files in (
        (delivery(subject="Công văn số 299: " + "ừ" * 300), forward_files(tmp_path, NAMES)),
        (delivery(DeliveryKind.NOTICE, subject="văn bản số 299"), notice_files(district, district.refused())),
    ):
        raw, _ = mail(made, files, snapshot)
        assert raw.isascii()
        lines = raw.split(b"\r\n")
        assert lines[-1] == b""
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(map(len, lines)) <= 998
        assert not any(line.startswith(b".") for line in lines)


def test_a_forward_carries_every_file_under_its_name_and_the_cover_as_text(snapshot, tmp_path):
    files = forward_files(tmp_path, NAMES)
    _, message = mail(delivery(subject="Công văn số 299/UBND-TTHC: V/v kiểm soát"), files, snapshot)
    text, *attached = message.iter_parts()
    assert text.get_content() == "Kính gửi\r\nchào\r\n"
    assert [part.get_payload(decode=True) for part in attached[: len(NAMES)]] == [
        bytes([number]) * (57 * 16_384 + number) for number in range(len(NAMES))
    ]
    names = [part.get_filename() for part in attached]
    assert names[:3] == ["công văn 299.pdf", "a.pdf", "ngoặc _kép_ _ và (tròn).docx"]
    assert names[3] == NAMES[3]
    assert names[4:6] == ["trùng.pdf", "trùng_2.pdf"]
    assert names[6] == "dòng__Bcc_ ai@do.example.pdf"
    assert names[7:] == ["vbdaemon_2.json", "文書.pdf", "vbdaemon.json"]
    assert all(part.get_content_disposition() == "attachment" for part in attached)
    assert message["Subject"] == "Công văn số 299/UBND-TTHC: V/v kiểm soát"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-vbdaemon-delivery"] == f"{ID}-1"
    assert message["Bcc"] is None


def test_who_does_not_know_the_names_of_today_finds_encoded_words(snapshot, tmp_path):
    raw, _ = mail(delivery(), forward_files(tmp_path), snapshot)
    old = email.message_from_bytes(raw)  # a parser that reads the type's name as Outlook once did
    part = old.get_payload()[1]
    words = part.get_param("name")
    assert str(email.header.make_header(email.header.decode_header(words))) == "công văn 299.pdf"
    assert b"filename*=utf-8''c%C3%B4ng%20v%C4%83n%20299.pdf" in raw


def test_the_heads_say_who_when_and_that_a_machine_wrote_it(district, snapshot):
    made = delivery(DeliveryKind.NOTICE, subject="Công văn số 299/UBND-TTHC", in_reply_to="<17.abc@noi-vu.example>")
    _, message = mail(made, notice_files(district, district.refused()), snapshot)
    assert message["From"].addresses[0].addr_spec == "vanthu@binhan.example"
    # Python shows a gap between two encoded words; they end where words end, so that it is no more than a gap
    assert message["From"].addresses[0].display_name.split() == [
        "Văn",
        "phòng",
        "HĐND",
        "và",
        "UBND",
        "huyện",
        "Bình",
        "An",
    ]
    assert message["To"] == "vanthu@y-te.example"
    assert message["Date"].datetime == AT.replace(microsecond=0)
    assert message["Message-ID"] == f"<{ID}-1@binhan.example>"
    assert message["In-Reply-To"].strip() == message["References"].strip() == "<17.abc@noi-vu.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Subject"] == f"[02] Từ chối tiếp nhận: Công văn số 299/UBND-TTHC (mã tra cứu {ID})"


def test_a_countersign_stands_in_the_message_id_alone_and_is_the_same_at_every_repeat(snapshot, tmp_path):
    made = replace(delivery(), countersign="abcdefghij234567abcd")
    raw, message = mail(made, forward_files(tmp_path), snapshot)
    assert message["Message-ID"] == f"<{made.id}.abcdefghij234567abcd@binhan.example>"
    assert message["X-vbdaemon-delivery"] == made.id
    assert raw.count(b"abcdefghij234567abcd") == 1
    assert mail(made, forward_files(tmp_path), snapshot)[0] == raw


def test_a_notice_is_a_report_of_text_page_and_machine_part(district, snapshot):
    _, message = mail(delivery(DeliveryKind.NOTICE), notice_files(district, district.refused()), snapshot)
    assert message.get_content_type() == "multipart/report"
    people, machine = message.iter_parts()
    assert [part.get_content_type() for part in people.iter_parts()] == ["text/plain", "text/html"]
    assert "Căn cứ" in message.get_body(("plain",)).get_content()
    assert machine.get_content_type() == "application/json"
    assert json.loads(machine.get_content())["status"] == "02"


def test_the_pdf_of_a_notice_belongs_to_what_people_read(district, snapshot):
    files = notice_files(district, district.refused(), pdf=b"%PDF-1.7 words")
    _, message = mail(delivery(DeliveryKind.NOTICE), files, snapshot)
    people, machine = message.iter_parts()
    words, paper = people.iter_parts()
    assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
    assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", f"{ID}_tu-choi.pdf")
    assert paper.get_content() == b"%PDF-1.7 words"
    assert machine.get_content_type() == "application/json"
    assert "Căn cứ" in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "foreign", ["<a@b>\r\nBcc: x@y.example", "no id at all", "<>", "<" + "a" * 300 + "@b>", "<có@dấu.example>", ""]
)
def test_a_reference_that_is_no_message_id_is_left_out(district, snapshot, foreign):
    _, message = mail(
        delivery(DeliveryKind.NOTICE, in_reply_to=foreign), notice_files(district, district.refused()), snapshot
    )
    assert message["In-Reply-To"] is message["References"] is message["Bcc"] is None


def test_a_subject_says_nothing_of_what_is_private(district):
    restricted = replace(district.classification, restricted=True)
    assert document_words((district.refused(),)) == (
        "Công văn số 299/UBND-TTHC: V/v kiểm soát thủ tục hành chính năm 2025"
    )
    assert document_words((district.refused(), district.held())).endswith("năm 2025 và 1 văn bản khác")
    for private in (district.refused(classification=restricted), district.quarantined()):
        assert document_words((district.accepted(), private)) == ""
    assert len(document_words((district.refused(),) * 30)) <= 180


def test_a_private_mail_still_has_a_subject(district, snapshot):
    _, told = mail(delivery(DeliveryKind.NOTICE), notice_files(district, district.quarantined()), snapshot)
    assert told["Subject"] == f"[01] Đã đến (mã tra cứu {ID})"
    _, sent = mail(delivery(), [body(COVER_NAME, b"x")], snapshot)
    assert sent["Subject"] == f"Văn bản chuyển đến, mã tra cứu {ID}"


@pytest.mark.parametrize("machine", [b"", b"[]", b"no json", b'{"status": 2, "status_name": null}'])
def test_a_plugins_odd_machine_part_is_sent_with_a_plain_subject(snapshot, machine):
    _, message = mail(delivery(DeliveryKind.NOTICE), [body("n.txt", b"text"), body("n.json", machine)], snapshot)
    assert message["Subject"] == f"Phản hồi về văn bản (mã tra cứu {ID})"


@pytest.mark.parametrize(("content", "there"), [(b"other", True), (b"", False)])
def test_a_file_that_is_not_what_was_stored_is_never_sent_as_if_it_were(snapshot, tmp_path, content, there):
    path = tmp_path / "a.pdf"
    if there:
        path.write_bytes(content)
    with pytest.raises(SpoolDamaged):
        mail(delivery(), [OutgoingFile("a.pdf", "0" * 64, path=str(path))], snapshot)


def test_without_a_smarthost_nothing_is_composed(district):
    with pytest.raises(ConfigurationError):
        mail(delivery(), [], district.snapshot)


def test_the_cover_tells_people_what_comes_first_in_vietnamese(district, snapshot):
    text = render_cover(delivery(), district.submission(), district.accepted(), (), snapshot)
    assert "Kính gửi: Phòng Nội vụ huyện Bình An" in text
    assert "văn bản số 299/UBND-TTHC ngày 14/01/2025" in text
    assert "Số đến: 123/2025; ngày đến: 15/01/2025." in text
    assert "   - 299.pdf\n" in text
    assert text.index("Trân trọng./.") < text.index("forwards to you")
    private = district.accepted(classification=replace(district.classification, restricted=True))
    text = render_cover(delivery(), district.submission(), private, (), snapshot)
    assert "thủ tục" not in text
    assert "299.pdf" not in text


def test_a_digest_lists_each_answer_and_of_a_locked_one_only_id_and_time(district, snapshot):
    lines = (
        DigestLine("a-1", AT, (district.refused(),)),
        DigestLine("a-2", AT, (district.accepted(), district.held())),
        DigestLine("a-3", AT),
        DigestLine("a-4", AT, (district.accepted(),), checked=True),
        DigestLine("a-5", AT, (district.accepted(),), missed=Destination("smtp", "x@y.example", "H99")),
    )
    notice = render_digest(lines, AT, snapshot)
    made = delivery(DeliveryKind.DIGEST)
    files = [
        body("d.txt", notice.text.encode()),
        body("d.html", notice.html.encode()),
        body("d.json", notice.machine.encode()),
    ]
    _, message = mail(made, files, snapshot)
    assert message["Subject"] == "[Tổng hợp] Kết quả tiếp nhận văn bản – Văn phòng HĐND và UBND huyện Bình An"
    text = message.get_body(("plain",)).get_content()
    assert "[02] Từ chối tiếp nhận – văn bản số 299/UBND-TTHC: " in text
    assert "[03] Đã tiếp nhận – văn bản số 299/UBND-TTHC." in text
    assert "[01] Đã đến – văn bản số 299/UBND-TTHC." in text
    assert "Mã tra cứu a-3, lúc 09:30 ngày 15/01/2025: đề nghị liên hệ trực tiếp" in text
    facts = json.loads(notice.machine)
    assert [[d["status"] for d in each["documents"]] for each in facts["notices"]] == [
        ["02"],
        ["03", "01"],
        [],
        [None],
        [],
    ]
    assert "Kiểm tra trước khi gửi: " in text
    assert "Chưa chuyển được đến Ủy ban nhân dân tỉnh Trung Giang – văn bản số 299/UBND-TTHC." in text
    superior = render_digest(lines, AT, snapshot, superior=True)
    assert "ừ chối" not in superior.text + superior.html + superior.machine
