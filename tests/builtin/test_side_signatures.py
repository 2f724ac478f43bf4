"""Signatures in files of their own are facts about a submission, never a requirement met."""

import io
import zipfile

from vbdaemon.builtin.side_signatures import check
from vbdaemon.testing import make_document, make_file, make_snapshot, make_submission


def test_a_detached_signature_that_cannot_be_read_is_noted(tmp_path):
    main = make_file(folder=tmp_path)
    side = make_file("cong-van.pdf.p7s", b"no signature at all", folder=tmp_path)
    document = make_document(main, annexes=[side])
    (finding,) = check(make_submission(main, side), document, make_snapshot())
    assert finding.code == "side-signature"


def test_an_unsigned_word_file_says_nothing(tmp_path):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    editable = make_file("cong-van.docx", body.getvalue(), folder=tmp_path)
    main = make_file(folder=tmp_path)
    document = make_document(main, editable=editable)
    assert check(make_submission(main, editable), document, make_snapshot()) == ()
