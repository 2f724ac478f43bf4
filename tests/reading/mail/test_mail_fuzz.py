"""No bytes raise, none hang, and what comes out is safe to write to a disk."""

# one case a line
# ruff: noqa: E501

import base64
import unicodedata
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from vbdaemon.model import FileRole, Limits, Problem
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.header_words import header_text, parameters, text_parameter
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.mail_head import mail_head
from vbdaemon.reading.mail_machine import written_by_machine
from vbdaemon.reading.split import rejoined, slice_of_mail
from vbdaemon.reading.tnef import SIGNATURE, tnef_parts
from vbdaemon.reading.transfer import from_base64, transferred, uuencoded

LIMITS = Limits()
QUICK = settings(max_examples=150, deadline=None, derandomize=True)
SLOW = settings(max_examples=60, deadline=None, derandomize=True)

TOKENS = st.sampled_from(
    [
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--b", b"--b\r\n", b"--b--\r\n", b"--", b" ", b"\t", b";", b"=", b'"', b"'", b"*", b"%C3%B4",
        b"Content-Type: ", b"Content-Disposition: attachment", b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable",
        b"x-uuencode", b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b", b"multipart/digest; boundary=b",
        b"message/rfc822", b"message/partial; id=x; number=1; total=2", b"application/pkcs7-mime", b"application/ms-tnef",
        b"text/plain", b"text/html", b"; charset=", b"utf-8", b"utf-16", b"x-viet-vni", b"utf-7", b"hex", b"; filename=", b"; filename*0*=utf-8''",
        b"=?utf-8?B?", b"=?iso-2022-jp?Q?", b"?=", b"begin 644 a\r\n", b"end\r\n", b"\x78\x9f\x3e\x22", b"<p>", b"<!--", b"\xc3", b"\xff", b"\0",
        b"Subject: x\r\n", b"From: a@b.example\r\n", b"a.pdf", b"a.pdf.001", b"../", b"CON", b"QUJD",
    ]
)  # fmt: skip
MAILS = st.lists(st.one_of(TOKENS, TOKENS, st.binary(max_size=12)), max_size=60).map(b"".join)


@QUICK
@given(MAILS)
def test_no_mail_raises_and_every_name_is_safe(raw):
    found = mail_parts(raw, LIMITS)
    if isinstance(found, Problem):
        return
    assert found
    names = [part.name for part in found]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name == Path(name).name not in {"", ".", ".."}
        assert name == unicodedata.normalize("NFC", name)
        assert len(name.encode()) <= 200
        assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in name)
    for part in found:
        if part.role is FileRole.BODY:
            part.body.decode()
    rejoined(found, LIMITS)


@QUICK
@given(MAILS)
def test_no_head_and_no_piece_raises(raw):
    written_by_machine(mail_head(raw), None)
    slice_of_mail(raw, LIMITS)


@QUICK
@given(
    st.lists(st.one_of(TOKENS, st.binary(max_size=8)), max_size=20).map(lambda each: b"".join(each).decode("latin-1"))
)
def test_no_header_field_raises(value):
    header_text(value).encode()
    parameters(value)
    text_parameter("x; " + value, "filename").encode()


@SLOW
@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "7bit", ""]))
def test_no_transfer_encoding_raises(raw, name):
    assert isinstance(transferred(raw, name), bytes)
    uuencoded(b"begin 644 a\n" + raw + b"\nend\n")


@SLOW
@given(st.binary(max_size=300))
def test_base64_comes_back(body):
    assert from_base64(base64.encodebytes(body)) == body


@SLOW
@given(st.binary(max_size=400))
def test_no_tnef_raises(raw):
    tnef_parts(SIGNATURE + raw, LIMITS)


def test_no_byte_of_a_tnef_can_be_changed_to_raise(write):
    raw = write["tnef"](
        write["tnef_file"](b"a.pdf", b"x" * 20, write["named_prop"]("a", "b"), write["prop"](0x3707, "tệp.pdf")),
        message=[write["prop"](0x1000, "chữ")],
    )
    for at in range(len(raw)):
        for byte in (0, 0x7F, 0xFF):
            tnef_parts(raw[:at] + bytes([byte]) + raw[at + 1 :], LIMITS)


def test_no_byte_of_a_signature_can_be_changed_to_raise(write):
    for raw in (write["signed"](b"x" * 30), write["signed"](b"x" * 30, streamed=True)):
        for at in range(len(raw)):
            for byte in (0, 0x04, 0x24, 0x80, 0x84, 0xFF):
                signed_content(raw[:at] + bytes([byte]) + raw[at + 1 :])
