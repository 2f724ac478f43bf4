"""Which messages hand in no document: coded statuses, mails that came back, automatic answers."""

import hashlib
import json
from dataclasses import replace
from email.message import EmailMessage

import pytest

from vbdaemon.model import CodedStatus, CorrespondenceKind, MailRules, Security, Smarthost, Waiver
from vbdaemon.pipeline.stages.message import correspondence, message_of
from vbdaemon.testing import make_file, make_snapshot, make_submission

SMARTHOST = Smarthost("localhost", 25, Security.PLAIN, "vanthu@huyen.example", "huyen.example")
DELIVERY = "260302-AAAAAAAA-1"
STATUS = {
    "schema": 1,
    "submission": "260302-BBBBBBBB",
    "status": "03",
    "status_name": "Đã tiếp nhận",
    "in_reply_to": DELIVERY,
    "documents": [{"sha256": "a" * 64, "status": "03", "register": {"book": "den", "year": 2026, "number": 7}}],
}


@pytest.fixture
def read(tmp_path):
    """What a submission of these files says: (name, bytes) each."""

    def read(*files: tuple[str, bytes], waivers=()):
        made = []
        for number, (name, body) in enumerate(files):
            path = tmp_path / str(number)
            path.write_bytes(body)
            media = "message/rfc822" if name.endswith(".eml") else "application/octet-stream"
            made.append(replace(make_file(name, body), path=path, size=len(body), media_type=media))
        submission = replace(make_submission(), files=tuple(made), waivers=waivers)
        snapshot = make_snapshot(mail=MailRules(smarthost=SMARTHOST))
        return correspondence(submission, message_of(submission), snapshot)

    return read


def mail(**headers):
    made = EmailMessage()
    for name, value in {"From": "vanthu@xa.example", "Subject": "x", **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content("Kính gửi")
    return made


def test_a_status_by_mail_names_our_delivery_and_the_receivers_number(read):
    made = mail(Auto_Submitted="auto-replied")
    made.add_attachment(json.dumps(STATUS).encode(), maintype="application", subtype="json", filename="x.json")
    said = read(("thu.eml", made.as_bytes()))

    assert (said.kind, said.delivery, said.status) == (CorrespondenceKind.STATUS, DELIVERY, CodedStatus.RECEIVED)
    assert "7/2026" in said.words


def test_a_status_that_names_no_delivery_is_known_by_the_message_it_answers(read):
    made = mail(In_Reply_To=f"<{DELIVERY}@huyen.example>")
    body = json.dumps({**STATUS, "in_reply_to": None}).encode()
    made.add_attachment(body, maintype="application", subtype="json", filename="x.json")

    assert read(("thu.eml", made.as_bytes())).delivery == DELIVERY


def test_a_notice_in_a_folder_that_we_watch_is_a_status_too(read):
    notice = [("n.html", b"<p>x"), ("n.txt", b"x"), ("n.json", json.dumps(STATUS).encode())]

    assert read(*notice).delivery == DELIVERY
    assert read(*notice, ("cong-van.pdf", b"%PDF")) is None


def bounce(action="failed", status="5.1.1"):
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; xa@xa.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{DELIVERY}@huyen.example>\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("delayed", "4.4.1", False), ("failed", "4.4.7", False)],
)
def test_a_mail_that_came_back_names_our_delivery_and_whether_waiting_helps(read, action, status, permanent):
    said = read(("thu.eml", bounce(action, status)))

    assert (said.kind, said.delivery, said.permanent) == (CorrespondenceKind.BOUNCE, DELIVERY, permanent)


def test_a_mail_that_came_back_names_the_countersign_too(read):
    body = bounce().replace(f"<{DELIVERY}@".encode(), f"<{DELIVERY}.abcdefghij234567abcd@".encode())

    assert read(("thu.eml", body)).delivery == f"{DELIVERY}.abcdefghij234567abcd"


def test_a_mail_that_came_back_under_an_id_of_its_server_is_known_by_what_the_report_answers(read):
    ours, theirs = f"<{DELIVERY}@huyen.example>".encode(), b"<AB12@mail.exchange.example>"
    body = bounce().replace(ours, theirs)

    assert read(("thu.eml", body)).delivery is None
    assert read(("thu.eml", b"In-Reply-To: " + ours + b"\r\n" + body)).delivery == DELIVERY
    beside = theirs + b"\r\nX-Original-Message-ID: " + ours
    assert read(("thu.eml", body.replace(theirs, beside))).delivery == DELIVERY


@pytest.mark.parametrize("kind", ["delivery-status", "vbdaemon-status"])
def test_what_calls_itself_a_report_and_carries_a_document_is_judged(read, kind):
    document = b'Content-Type: text/plain; name="cv.txt"\r\nContent-Disposition: attachment\r\n\r\n%PDF-1.7\r\n'
    claimed = bounce().replace(b"report-type=delivery-status", f"report-type={kind}".encode())

    assert read(("thu.eml", claimed)) is not None
    assert read(("thu.eml", claimed.replace(b"--b--", b"--b\r\n" + document + b"--b--"))) is None


def test_a_document_that_came_back_whole_inside_its_mail_is_still_a_bounce(read):
    inner = mail(Message_ID=f"<{DELIVERY}@huyen.example>")
    inner.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="cv.pdf")
    start = bounce().index(b"--b\r\nContent-Type: text/rfc822-headers")
    whole = b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner.as_bytes() + b"\r\n--b--\r\n"
    said = read(("thu.eml", bounce()[:start] + whole))

    assert (said.kind, said.delivery) == (CorrespondenceKind.BOUNCE, DELIVERY)


def test_what_a_person_wants_judged_after_all_is_no_message_any_more(read):
    waiver = Waiver("message-filed", "", "chị An", "có văn bản trong thư")

    assert read(("thu.eml", bounce()), waivers=(waiver,)) is None


def test_an_absence_note_is_filed_and_one_with_a_file_in_it_is_judged(read):
    note = mail(Auto_Submitted="auto-replied", In_Reply_To=f"<{DELIVERY}@huyen.example>")
    assert read(("thu.eml", note.as_bytes())).kind is CorrespondenceKind.AUTO_REPLY

    note.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="cv.pdf")
    assert read(("thu.eml", note.as_bytes())) is None


def test_a_notice_that_another_vbdaemon_left_in_a_folder_is_a_status_with_its_own_pdf_alone(read):
    paper = b"%PDF-1.7 notice"
    coded = json.dumps(STATUS | {"pdf": {"name": "a.pdf", "sha256": hashlib.sha256(paper).hexdigest()}}).encode()
    words = (("a.html", b"<p>x</p>"), ("a.txt", b"x"), ("a.json", coded))

    assert read(*words, ("a.pdf", paper)).kind is CorrespondenceKind.STATUS
    assert read(*words, ("a.pdf", b"%PDF-1.7 document")) is None
    assert read(*words, ("a.docx", b"PK")) is None


def test_a_document_that_is_called_a_page_of_a_status_is_judged(read):
    status = ("phieu.json", json.dumps(STATUS).encode())
    assert read(status, ("phieu.html", b"<p>")) is not None
    assert read(status, ("phieu.html", b"%PDF-1.7\n")) is None


def test_a_mail_of_a_person_and_dropped_files_hand_something_in(read):
    assert read(("thu.eml", mail().as_bytes())) is None
    assert read(("cong-van.pdf", b"%PDF-1.4")) is None
    assert read(("ghi-chu.json", b'{"status": "03"}')) is None


def test_a_message_id_of_others_names_no_delivery_of_ours(read):
    note = mail(Auto_Submitted="auto-replied", In_Reply_To=f"<{DELIVERY}@xa.example>")

    assert read(("thu.eml", note.as_bytes())).delivery is None


def test_a_report_of_another_vbdaemon_without_a_status_hands_in_nothing_whatever_is_in_it(read):
    report = (
        b"From: vanthu@xa.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=vbdaemon-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
        b'--b\r\nContent-Type: application/json; name="x.json"\r\n\r\n{"status": null}\r\n--b--\r\n'
    )

    assert read(("thu.eml", report)).kind is CorrespondenceKind.AUTO_REPLY
