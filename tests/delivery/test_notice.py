"""A notice as it goes out: with the pictures that were kept, and in any case without delay."""

import hashlib
from dataclasses import replace

import pytest

from vbdaemon.delivery.notice import Addressed, compose
from vbdaemon.model import (
    Box,
    Channel,
    DocumentVerdict,
    Envelope,
    Evidence,
    FileRecord,
    FileRole,
    Finding,
    PlacePicture,
    Reason,
    Severity,
    Verdict,
)
from vbdaemon.pipeline.stages.picturing import name_of
from vbdaemon.state.records import Decision
from vbdaemon.testing import NOON, make_classification

BUILTINS = ("vbdaemon.builtin.notice",)
ID = "260302-00000099"
ABOUT = Addressed(ID, "H1", NOON)


PNG = b"\x89PNG\r\n\x1a\n picture"
BODY = b"%PDF-1.7 15"
SHA256 = hashlib.sha256(BODY).hexdigest()
BOX = Box(300, 600, 500, 700)


@pytest.fixture
def refused(outbox):
    """Admits a file, and answers with its refusal, a picture of the place kept as the decision's worker keeps it."""

    def admit(name: str = "15.pdf", verdict=Verdict.reject, **changes) -> Decision:
        incoming = outbox.spool.begin(ID)
        with incoming.write(name) as writer:
            writer.write(BODY)
            writer.finish()
        folder = incoming.seal(Envelope("phong-noi-vu/gui", Channel.FOLDER, NOON, "H1", "phong-noi-vu/gui"))
        wrong = Finding(
            "signature-broken",
            Severity.ERROR,
            "Chữ ký số không toàn vẹn.",
            evidence=Evidence("0 signatures", SHA256, 1, BOX),
        )
        place = PlacePicture(SHA256, 1, BOX)
        (folder / name_of(place)).write_bytes(PNG)
        document = DocumentVerdict(
            name,
            SHA256,
            (SHA256,),
            make_classification(),
            (),
            (wrong,),
            verdict(Reason.of(wrong)),
            pictures=(place,),
        )
        record = FileRecord(name, FileRole.MAIN, SHA256, "application/pdf", len(BODY))
        return Decision((replace(document, **changes),), files=(record,))

    return admit


def composed(outbox, decision, builtins=BUILTINS, *, plain=False, **plugins):
    return compose(ABOUT, decision, outbox.spool, outbox.place(builtins, **plugins), plain=plain)


def test_a_refusal_shows_the_place_that_was_drawn_when_it_was_judged(outbox, refused):
    html = composed(outbox, refused()).notice.html
    assert html.count('src="data:image/png;base64,') == 1
    assert "Hình: trang 1, tệp 15.pdf: chỗ trong khung đỏ." in html


def test_without_pictures_everything_else_is_the_same(outbox, refused):
    decision = refused()
    plain, whole = composed(outbox, decision, plain=True).notice, composed(outbox, decision).notice
    assert "<img" not in plain.html
    assert (plain.text, plain.machine) == (whole.text, whole.machine)


def test_a_picture_that_is_gone_costs_the_picture_only(outbox, refused):
    decision = refused()
    for kept in outbox.spool.folder_of(ID).glob("place-*"):
        kept.unlink()
    notice = composed(outbox, decision)
    assert "<img" not in notice.notice.html
    assert "15.pdf" in notice.notice.text
    assert notice.trouble == ""


def test_nothing_that_was_handed_in_is_opened_to_write_a_notice(outbox, refused):
    opens = "@hookimpl\ndef unpack(file):\n    raise ValueError(file.name)\n"
    opens += "@hookimpl\ndef read(file):\n    raise ValueError(file.name)\n"
    assert composed(outbox, refused("thu.eml"), opens=opens).trouble == ""


def test_a_plugin_gets_the_files_as_handed_in_and_the_pictures(outbox, refused):
    tells = (
        "@hookimpl\ndef compose_notice(submission, verdicts):\n"
        "    (file,), (place,) = submission.files, verdicts[0].pictures\n"
        "    words = f'{file.name} {file.media_type} {file.role} {file.path.read_bytes()} {place.png[:4]}'\n"
        "    return Notice(CodedStatus.REFUSED, 'x', words, words, '{}')\n"
    )
    text = composed(outbox, refused(), tells=tells).notice.text
    assert text == f"15.pdf application/pdf main {BODY!r} {PNG[:4]!r}"


def test_of_what_is_locked_away_or_restricted_nothing_is_shown(outbox, refused):
    restricted = replace(make_classification(), restricted=True)
    decision = refused(classification=restricted)
    assert "<img" not in composed(outbox, decision).notice.html
    (document,) = decision.documents
    secret = Decision((replace(document, verdict=Verdict.quarantine(*document.verdict.reasons)),))
    quarantined = composed(outbox, secret).notice
    assert "<img" not in quarantined.html
    assert "15.pdf" not in quarantined.html


def test_a_plugin_that_breaks_is_told_and_the_built_in_words_go_out(outbox, refused):
    broken = "@hookimpl\ndef compose_notice(submission):\n    raise ValueError('no')\n"
    answer = composed(outbox, refused(), broken=broken)
    assert "broken" in answer.trouble
    assert "PHIẾU TỪ CHỐI" in answer.notice.title
