"""A notice as it goes out: with pictures out of mails too, and in any case without delay."""

import hashlib
import os
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO

import pypdf
import pytest

from vbdaemon.delivery.notice import Addressed, compose, with_bytes
from vbdaemon.model import (
    Box,
    Channel,
    DocumentVerdict,
    Envelope,
    Evidence,
    FileRecord,
    FileRole,
    Finding,
    Reason,
    Severity,
    Verdict,
)
from vbdaemon.pipeline.decide import as_decided, load
from vbdaemon.state.records import Decision
from vbdaemon.testing import NOON, make_classification

BUILTINS = ("vbdaemon.builtin.unpack", "vbdaemon.builtin.notice")
ID = "260302-00000099"
ABOUT = Addressed(ID, "H1", NOON)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    body = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(body)
    return body.getvalue()


@pytest.fixture(scope="module")
def mail(pdf) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "pnv@example.vn", "Công văn 15"
    message.set_content("Kính gửi văn bản.")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="15.pdf")
    return message.as_bytes()


@pytest.fixture
def refused(outbox, pdf):
    """Admits a file, and answers with the refusal of the PDF that is it, or is in it."""

    def admit(name: str, body: bytes, verdict=Verdict.reject, **changes) -> Decision:
        incoming = outbox.spool.begin(ID)
        read, write = os.pipe()
        os.write(write, body)
        os.close(write)
        stored = incoming.add(name, read)
        os.close(read)
        incoming.seal(Envelope("phong-noi-vu/gui", Channel.FOLDER, NOON, "H1", "phong-noi-vu/gui"))
        sha256 = hashlib.sha256(pdf).hexdigest()
        place = Evidence("0 signatures", sha256, 1, Box(300, 600, 500, 700))
        wrong = Finding("signature-broken", Severity.ERROR, "Chữ ký số không toàn vẹn.", evidence=place)
        document = DocumentVerdict(
            "15.pdf", sha256, (sha256,), make_classification(), (), (wrong,), verdict(Reason.of(wrong))
        )
        records = [FileRecord("15.pdf", FileRole.MAIN, sha256, "application/pdf", len(pdf), name)]
        if stored.sha256 != sha256:
            records.insert(0, FileRecord(name, FileRole.OTHER, stored.sha256, "message/rfc822", stored.size))
        return Decision((replace(document, **changes),), files=tuple(records))

    return admit


def composed(outbox, decision, builtins=BUILTINS, *, plain=False, **plugins):
    return compose(ABOUT, decision, outbox.spool, outbox.place(builtins, **plugins), plain=plain)


def test_a_refusal_shows_the_place_in_a_file_that_was_dropped(outbox, refused, pdf):
    html = composed(outbox, refused("15.pdf", pdf)).notice.html
    assert html.count('src="data:image/png;base64,') == 1
    assert "Hình: trang 1, tệp 15.pdf: chỗ trong khung đỏ." in html


def test_a_refusal_shows_the_place_in_a_file_that_came_in_a_mail(outbox, refused, mail):
    assert composed(outbox, refused("thu.eml", mail)).notice.html.count("<img") == 1


def test_files_are_taken_out_of_a_mail_only_when_a_place_is_shown(outbox, refused, mail):
    decision = refused("thu.eml", mail, verdict=Verdict.hold)
    submission = as_decided(load(outbox.spool, ID, ()), decision)
    assert with_bytes(submission, decision.documents, outbox.place(BUILTINS)) is submission


def test_without_pictures_everything_else_is_the_same(outbox, refused, pdf):
    decision = refused("15.pdf", pdf)
    plain, whole = composed(outbox, decision, plain=True).notice, composed(outbox, decision).notice
    assert "<img" not in plain.html
    assert (plain.text, plain.machine) == (whole.text, whole.machine)


def test_a_container_that_cannot_be_opened_again_costs_the_picture_only(outbox, refused, mail):
    broken = "@hookimpl\ndef unpack(file):\n    raise ValueError('no')\n"
    notice = composed(outbox, refused("thu.eml", mail), broken=broken)
    assert "<img" not in notice.notice.html
    assert "15.pdf" in notice.notice.text
    assert notice.trouble == ""


def test_of_what_is_locked_away_or_restricted_nothing_is_shown(outbox, refused, pdf):
    restricted = replace(make_classification(), restricted=True)
    decision = refused("15.pdf", pdf, classification=restricted)
    assert "<img" not in composed(outbox, decision).notice.html
    (document,) = decision.documents
    secret = Decision((replace(document, verdict=Verdict.quarantine(*document.verdict.reasons)),))
    quarantined = composed(outbox, secret).notice
    assert "<img" not in quarantined.html
    assert "15.pdf" not in quarantined.html


def test_a_plugin_that_breaks_is_told_and_the_built_in_words_go_out(outbox, refused, pdf):
    broken = "@hookimpl\ndef compose_notice(submission):\n    raise ValueError('no')\n"
    answer = composed(outbox, refused("15.pdf", pdf), broken=broken)
    assert "broken" in answer.trouble
    assert "PHIẾU TỪ CHỐI" in answer.notice.title
