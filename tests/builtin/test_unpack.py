"""The built-in `unpack` hook: mails and archives."""

import hashlib
import os
import struct
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vbdaemon.builtin import read as reading
from vbdaemon.builtin import unpack as builtin
from vbdaemon.model import File, FileRole, Limits, ProblemKind, Snapshot
from vbdaemon.reading.media import HEAD_BYTES, MAIL, ZIP, media_type
from vbdaemon.reading.name import LONGEST_BYTES, clean_name, distinct

SNAPSHOT = Snapshot("1")


@pytest.fixture
def store(tmp_path):
    def make(raw: bytes, name: str, kind: str | None = None) -> File:
        digest = hashlib.sha256(raw).hexdigest()
        path = tmp_path / digest
        path.write_bytes(raw)
        return File(name, digest, len(raw), kind or media_type(raw[:HEAD_BYTES], name, path), path)

    return make


def zipped(*entries: tuple[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries:
            archive.writestr(name, body)
    return stream.getvalue()


def named(raw: bytes) -> bytes:
    """A zip with one entry whose stored name is `raw`, without the UTF-8 flag."""
    placeholder = b"x" * len(raw)
    return zipped((placeholder.decode(), b"body")).replace(placeholder, raw)


def unpacked(file: File, snapshot: Snapshot = SNAPSHOT):
    return builtin.unpack(file, snapshot)


def names(parts) -> list[str]:
    return [part.name for part in parts]


def problems(file: File, snapshot: Snapshot = SNAPSHOT) -> list[ProblemKind]:
    return [problem.kind for problem in reading.read(file, snapshot).problems]


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "vanthu@dongmau.example"
    message["To"] = "vbdaemon@office.example"
    message["Date"] = datetime(2025, 1, 8, tzinfo=UTC)
    for name, value in headers.items():
        message[name] = value
    return message


# archives


def test_the_files_of_an_archive_come_out(store):
    parts = unpacked(
        store(zipped(("cong-van.pdf", b"%PDF-1.7"), ("phu-luc/", b""), ("phu-luc/1.xlsx", b"PK")), "a.zip")
    )
    assert [(p.name, p.body) for p in parts] == [("cong-van.pdf", b"%PDF-1.7"), ("1.xlsx", b"PK")]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\passwd", "a/../passwd"])
def test_path_parts_of_a_name_are_removed(store, name):
    assert names(unpacked(store(zipped((name, b"x")), "a.zip"))) == ["passwd"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Công văn số 12.pdf".encode(), "Công văn số 12.pdf"),
        ("Thông báo.pdf".encode("cp1258"), "Thông báo.pdf"),
        (b"plain.pdf", "plain.pdf"),
    ],
)
def test_names_are_decoded_as_vietnamese_packers_write_them(store, raw, expected):
    assert names(unpacked(store(named(raw), "a.zip"))) == [expected]


def test_decomposed_names_are_composed(store):
    assert names(unpacked(store(zipped(("Quye\u0302\u0301t.pdf", b"x")), "a.zip"))) == ["Quyết.pdf"]


def test_names_that_repeat_are_numbered(store):
    raw = zipped(("1/a.pdf", b"1"), ("2/A.PDF", b"2"), ("3/a.pdf", b"3"))
    assert names(unpacked(store(raw, "a.zip"))) == ["a.pdf", "A (2).PDF", "a (3).pdf"]


def test_a_word_file_is_no_archive(store):
    stream = BytesIO()
    docx.Document().save(stream)
    assert unpacked(store(stream.getvalue(), "a.docx")) is None


def test_what_is_no_container_is_left_alone(store):
    assert unpacked(store(b"%PDF-1.7", "a.pdf")) is None


BOMB = zipped(("a.bin", b"\0" * 30_000_000))
MANY = zipped(*((f"{n}.txt", b"x") for n in range(600)))


@pytest.mark.parametrize(
    ("raw", "snapshot", "problem"),
    [
        (BOMB, SNAPSHOT, ProblemKind.OVER_LIMIT),
        (MANY, SNAPSHOT, ProblemKind.OVER_LIMIT),
        (zipped(("a", os.urandom(3000))), Snapshot("1", limits=Limits(archive_bytes=2000)), ProblemKind.OVER_LIMIT),
        (zipped(("a", b"x"))[:40], SNAPSHOT, ProblemKind.DAMAGED),
    ],
)
def test_a_bad_archive_stays_closed_and_reading_says_why(store, raw, snapshot, problem):
    file = store(raw, "a.zip", ZIP)
    assert unpacked(file, snapshot) is None
    assert problems(file, snapshot) == [problem]


def test_an_archive_with_a_password_stays_closed(store):
    raw = bytearray(zipped(("a.pdf", b"secret")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.index(signature) + offset
        raw[at] |= 1
    file = store(bytes(raw), "a.zip")
    assert unpacked(file) is None
    assert problems(file) == [ProblemKind.ENCRYPTED]


def test_an_entry_that_lies_about_its_size_gains_nothing(store):
    raw = bytearray(zipped(("a.bin", b"\0" * 5_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.index(signature) + offset
        raw[at : at + 4] = struct.pack("<I", 10)
    file = store(bytes(raw), "a.zip")
    assert unpacked(file, Snapshot("1", limits=Limits(archive_bytes=1000))) is None


def test_an_archive_that_was_not_unpacked_is_not_passed_over(store):
    assert problems(store(zipped(("a.pdf", b"x")), "deep.zip")) == [ProblemKind.OVER_LIMIT]


# mails


def test_attachments_and_body_of_a_mail_come_out(store):
    message = mail(Subject="Gửi công văn")
    message.set_content("Kính gửi văn thư")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="Công văn số 12.pdf")
    parts = unpacked(store(message.as_bytes(), "thu.eml"))
    assert [(p.name, p.role) for p in parts] == [
        ("Công văn số 12.pdf", FileRole.OTHER),
        ("noi-dung-thu.txt", FileRole.BODY),
    ]
    assert parts[0].body == b"%PDF-1.7"
    assert parts[1].body.decode().strip() == "Kính gửi văn thư"


def test_a_body_in_html_only_becomes_text(store):
    message = mail()
    message.set_content("<style>p{}</style><p>Kính&nbsp;gửi</p><p>văn thư</p>", subtype="html")
    (body,) = unpacked(store(message.as_bytes(), "thu.eml"))
    assert body.body.decode() == "Kính gửi\nvăn thư"


def test_a_mail_in_a_mail_is_a_file_of_its_own(store):
    inner = mail(Subject="Công văn 12")
    inner.set_content("trong")
    outer = mail()
    outer.set_content("ngoài")
    outer.add_attachment(inner)
    parts = unpacked(store(outer.as_bytes(), "thu.eml"))
    assert names(parts) == ["Công văn 12.eml", "noi-dung-thu.txt"]
    assert media_type(parts[0].body[:HEAD_BYTES], parts[0].name) == MAIL


HEAD = b"From: a@a.example\r\nTo: b@b.example\r\nMIME-Version: 1.0\r\n"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b'Content-Disposition: attachment; filename="=?utf-8?B?Q8O0bmcgdsSDbi5wZGY=?="', "Công văn.pdf"),
        (b"Content-Disposition: attachment; filename*=utf-8''C%C3%B4ng%20v%C4%83n.pdf", "Công văn.pdf"),
        (b"Content-Disposition: attachment; filename*0*=utf-8''C%C3%B4ng; filename*1=-van.pdf", "Công-van.pdf"),
        (b"Content-Disposition: attachment; filename*=no-such-charset''a.pdf", "a.pdf"),
        (b'Content-Type: application/pdf; name="a.pdf"', "a.pdf"),
        (b"Content-Disposition: attachment", "tep-1.pdf"),
        (b"Content-Type: application/pdf", "tep-1.pdf"),
        (b'Content-Disposition: attachment; filename="../../a.pdf"', "a.pdf"),
        ('Content-Disposition: attachment; filename="Công văn.pdf"'.encode(), "Công văn.pdf"),
        ('Content-Type: application/pdf; name="Thông báo.pdf"'.encode("cp1258"), "Thông báo.pdf"),
        (b'Content-Disposition: attachment; filename="\xe2\x80\xaefdp.exe"', "fdp.exe"),
    ],
)
def test_an_attachment_gets_a_safe_name(store, headers, expected):
    assert names(unpacked(store(HEAD + headers + b"\r\n\r\n%PDF-1.7 body", "thu.eml"))) == [expected]


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nnever closed",
        HEAD + b"Content-Type: text/plain; charset=no-such\r\n\r\nKinh gui",
        HEAD + b"Content-Type: text/plain; charset*=utf-8'\xff'x\r\n\r\nKinh gui",
        HEAD + b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n!!!not base64!!!",
        HEAD + b"Subject: =?utf-8?B?broken?=\r\nContent-Type: message/rfc822\r\n\r\nnot a mail",
        HEAD + b"Content-Type: \xff\xfe; name=\xff\r\n\r\nx",
    ],
)
def test_broken_mails_raise_nothing(store, raw):
    assert unpacked(store(raw, "thu.eml", MAIL)) is not None


def test_a_mail_of_many_layers_raises_nothing(store):
    raw = HEAD
    for layer in range(3_000):
        raw += f'Content-Type: multipart/mixed; boundary="b{layer}"\r\n\r\n--b{layer}\r\n'.encode()
    file = store(raw + b"\r\nx", "thu.eml", MAIL)
    assert unpacked(file) is None
    assert problems(file) == [ProblemKind.OVER_LIMIT]


def test_too_many_attachments_stay_closed(store):
    message = mail()
    for number in range(12):
        message.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    file, few = store(message.as_bytes(), "thu.eml"), Snapshot("1", limits=Limits(archive_files=10))
    assert unpacked(file, few) is None
    assert problems(file, few) == [ProblemKind.OVER_LIMIT]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from([MAIL, ZIP]))
def test_no_bytes_raise(store, raw, kind):
    file = store(HEAD + raw if kind == MAIL else b"PK\x03\x04" + raw, "a", kind)
    unpacked(file)


def nested(layers: int) -> bytes:
    """Mails in mails around one PDF."""
    message = mail(Subject="0")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    for layer in range(layers):
        outer = mail(Subject=str(layer + 1))
        outer.set_content("kèm theo")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def test_mails_in_mails_come_out_with_their_own_bytes(store):
    raw = nested(2)
    (inner, _) = unpacked(store(raw, "thu.eml"))
    assert inner.body in raw
    (innermost, _) = unpacked(store(inner.body, inner.name))
    assert names(unpacked(store(innermost.body, innermost.name))) == ["a.pdf"]


PARTIAL = HEAD + b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nx"
PGP = HEAD + b"Content-Type: multipart/encrypted; boundary=x\r\n\r\n--x\r\n\r\nx"


@pytest.mark.parametrize(("raw", "problem"), [(PARTIAL, ProblemKind.DAMAGED), (PGP, ProblemKind.ENCRYPTED)])
def test_a_mail_that_cannot_be_opened_stays_whole_and_reading_says_why(store, raw, problem):
    file = store(raw, "thu.eml")
    assert unpacked(file) is None
    assert problems(file) == [problem]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"\x78\x9f\x3e\x22 and no more", "winmail.dat"),
        (b"Rar!\x1a\x07\x01\x00 and no more", "a.rar"),
        (b"7z\xbc\xaf\x27\x1c and no more", "a.7z"),
        (b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "a.p7m"),
    ],
)
def test_other_broken_containers_stay_whole_and_reading_says_why(store, raw, name):
    file = store(raw, name)
    assert unpacked(file) is None
    assert problems(file) == [ProblemKind.DAMAGED]


def test_a_broken_signature_beside_a_document_is_no_broken_document(store):
    file = store(b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "a.pdf.p7s")
    assert problems(file) == [ProblemKind.UNSUPPORTED]


def test_a_mail_whose_first_fields_nobody_knows_is_a_mail_all_the_same(store):
    raw = b"".join(b"X-Scan-%d: ok\r\n" % n for n in range(900)) + HEAD + b"\r\nKinh gui"
    assert names(unpacked(store(raw, "thu.eml"))) == ["noi-dung-thu.txt"]


def test_pieces_of_a_file_in_one_archive_are_joined(store):
    raw = zipped(("a.pdf.001", b"%PDF-1.7 1234"), ("a.pdf.002", b"56 %%EOF"))
    assert [(p.name, p.body) for p in unpacked(store(raw, "a.zip"))] == [("a.pdf", b"%PDF-1.7 123456 %%EOF")]


# names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf:evil.exe:$DATA", "a.pdf"),
        ("a.pdf::$DATA", "a.pdf"),
        ("C:a.pdf", "a.pdf"),
        ("\\\\may-chu\\chung\\a.pdf", "a.pdf"),
        ("a.pdf/", "a.pdf"),
        ("..an.pdf", "an.pdf"),
        ("Tờ trình: số 5.docx", "Tờ trình_ số 5.docx"),
        ("CON", "_CON"),
        ("com1.pdf", "_com1.pdf"),
        ("com10.pdf", "com10.pdf"),
        ("a\r\n b\t.pdf", "a b .pdf"),
        ("a\u2066\u202e\u200bfdp.exe", "afdp.exe"),
        ("a\x00\x01\x7f.pdf", "a.pdf"),
        (" . ", "tep-7"),
        ("???", "tep-7"),
    ],
)
def test_a_name_from_outside_becomes_a_name_for_any_disk(name, expected):
    assert clean_name(name, b"", 7) == expected


@given(st.text(max_size=300), st.integers(1, 9))
def test_a_clean_name_is_never_a_path_nor_empty_nor_too_long(name, number):
    clean = clean_name(name, b"", number)
    assert clean not in {"", ".", ".."}
    assert Path(clean).name == clean
    assert len(clean.encode()) <= LONGEST_BYTES
    assert "\\" not in clean


def test_a_long_name_keeps_its_ending():
    assert clean_name("ạ" * 400 + ".pdf", b"", 1).endswith("ạ.pdf")


@given(st.lists(st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf", "b"])))
def test_distinct_names_are_distinct(found):
    made = distinct(found)
    assert len({name.casefold() for name in made}) == len(found)
