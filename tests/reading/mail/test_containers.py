"""TNEF, S/MIME, RAR, 7z and zip: what comes out, and what stays closed with a reason."""

import base64
import locale
import struct
import time
import warnings
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from vbdaemon.model import FileRole, Limits, Problem, ProblemKind
from vbdaemon.reading import media
from vbdaemon.reading.archive import entries
from vbdaemon.reading.cms import signed_content
from vbdaemon.reading.enclosed import with_signed_content
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.tnef import tnef_parts

PDF = b"%PDF-1.7\n" + bytes(range(256)) + b"\n%%EOF\n"
NAME = "Quyết định bổ nhiệm.pdf"
LIMITS = Limits()
HEAD = b"From: a@donvi.example\r\nTo: b@office.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def files(parts) -> list[tuple[str, bytes]]:
    return [(part.name, part.body) for part in parts if part.role is not FileRole.BODY]


def mailed(body: bytes, kind: bytes, text: bytes = b"Kinh gui") -> bytes:
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + text + b"\r\n--b\r\nContent-Type: "
        + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body) + b"\r\n--b--\r\n"
    )  # fmt: skip


# TNEF


def test_an_attachment_in_tnef_has_its_long_name_from_the_properties(write, limits):
    raw = write["tnef"](
        write["tnef_file"](b"QUYETD~1.PDF", PDF, write["named_prop"]("x", "y"), write["prop"](0x3707, NAME))
    )
    assert files(tnef_parts(raw, limits)) == [(NAME, PDF)]


@pytest.mark.parametrize(
    ("title", "expected"), [("Thông báo.pdf".encode("cp1258"), "Thông báo.pdf"), (b"", "tep-1.pdf")]
)
def test_without_properties_the_title_names_an_attachment(write, limits, title, expected):
    assert files(tnef_parts(write["tnef"](write["tnef_file"](title, PDF)), limits)) == [(expected, PDF)]


def test_a_file_that_lies_in_the_properties_alone_comes_out(write, limits):
    raw = write["tnef"](write["tnef_file"](b"a.pdf", b"", write["prop"](0x3701, PDF, 0x0102)))
    assert files(tnef_parts(raw, limits)) == [("a.pdf", PDF)]


def test_a_message_inside_stays_tnef_and_opens_in_its_turn(write, limits, imessage):
    inner = write["tnef"](write["tnef_file"](b"a.pdf", PDF))
    held = write["prop"](0x3701, imessage + inner, 0x000D)
    raw = write["tnef"](write["tnef_file"](b"", b"", write["prop"](0x3705, 5), write["prop"](0x3001, "Thư cũ"), held))
    (name, body), *rest = files(tnef_parts(raw, limits))
    assert (name, body, rest) == ("Thư cũ.tnef", inner, [])
    assert media.media_type(body[:99], name) == media.TNEF
    assert files(tnef_parts(body, limits)) == [("a.pdf", PDF)]


def test_winmail_of_a_mail_is_seen_through(write, limits):
    raw = mailed(
        write["tnef"](write["tnef_file"](b"a.pdf", PDF), write["tnef_file"](b"b.docx", b"PK")),
        b'application/ms-tnef; name="winmail.dat"',
    )
    assert files(mail_parts(raw, limits)) == [("a.pdf", PDF), ("b.docx", b"PK")]


@pytest.mark.parametrize(
    ("prop", "expected"),
    [((0x1000, "Kính gửi"), "Kính gửi"), ((0x1013, "<p>Kính gửi</p>".encode(), 0x0102), "Kính gửi")],
)
def test_the_text_in_tnef_counts_where_there_is_no_other(write, limits, prop, expected):
    raw = write["tnef"](write["tnef_file"](b"a.pdf", PDF), message=[write["prop"](*prop)])
    without, with_text = (mail_parts(mailed(raw, b"application/ms-tnef", text), limits) for text in (b"", b"Chao"))
    assert [part.body.decode() for part in without if part.role is FileRole.BODY] == [expected]
    assert [part.body.decode() for part in with_text if part.role is FileRole.BODY] == ["Chao"]


def test_broken_tnef_stays_a_file_and_says_so(write, limits):
    raw = write["tnef"](write["tnef_file"](b"a.pdf", PDF, write["prop"](0x3707, NAME)))[:-40]
    assert files(mail_parts(mailed(raw, b"application/ms-tnef; name=winmail.dat"), limits)) == [("winmail.dat", raw)]
    assert tnef_parts(raw, limits).kind is ProblemKind.DAMAGED


def test_properties_that_claim_too_much_are_damage(write, limits):
    raw = write["tnef"](write["tnef_file"](b"a", PDF, struct.pack("<HHI", 0x001F, 0x3707, 0xFFFFFFFF)))
    assert tnef_parts(raw, limits).kind is ProblemKind.DAMAGED


# S/MIME


@pytest.mark.parametrize("streamed", [False, True])
def test_an_opaque_signature_is_looked_into_and_kept(write, limits, streamed):
    inside = b"Content-Type: application/pdf; name=a.pdf\r\n\r\n" + PDF
    raw = write["signed"](inside, streamed=streamed)
    mail = HEAD + b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    mail += b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(raw)
    assert files(mail_parts(mail, limits)) == [("a.pdf", PDF), ("smime.p7m", raw)]


def test_an_opaque_signature_that_goes_by_another_type_is_looked_into(write, limits):
    raw = write["signed"](b"Content-Type: application/pdf; name=a.pdf\r\n\r\n" + PDF)
    mail = mailed(raw, b"application/octet-stream; name=smime.p7m")
    assert files(mail_parts(mail, limits)) == [("a.pdf", PDF), ("smime.p7m", raw)]


def test_a_signed_file_comes_out_beside_its_signature(write, limits):
    raw = write["signed"](PDF)
    parts = mail_parts(mailed(raw, b'application/octet-stream; name="quyet-dinh.pdf.p7m"'), limits)
    assert files(with_signed_content(parts)) == [("quyet-dinh.pdf.p7m", raw), ("quyet-dinh.pdf", PDF)]


def test_signatures_around_each_other_are_all_opened(write, limits):
    raw = write["signed"](write["signed"](PDF))
    assert files(with_signed_content(mail_parts(mailed(raw, b"x/y; name=a.pdf.p7m"), limits)))[1] == ("a.pdf", PDF)


def test_a_detached_signature_holds_nothing(write):
    assert signed_content(write["signed"](None)) is None


def test_a_mail_encrypted_to_a_certificate_stays_closed(write, limits):
    raw = write["der"](0x30, write["oid"]("enveloped"), write["der"](0xA0, write["der"](0x30, b"\x02\x01\x00")))
    assert signed_content(raw).kind is ProblemKind.ENCRYPTED
    assert files(mail_parts(mailed(raw, b"application/pkcs7-mime"), limits)) == [("smime.p7m", raw)]


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_a_broken_signature_is_damage(write, cut):
    assert signed_content(write["signed"](PDF)[:cut]).kind is ProblemKind.DAMAGED


def test_a_mail_in_pgp_is_locked_as_a_whole(limits):
    raw = HEAD + b"Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    assert mail_parts(raw, limits).kind is ProblemKind.ENCRYPTED


# archives of other formats


@pytest.fixture
def stored(tmp_path):
    def store(raw: bytes, name: str = "a.bin"):
        path = tmp_path / name
        path.write_bytes(raw)
        return path, media.media_type(raw[:4096], name, path)

    return store


@pytest.fixture
def seven_zip(tmp_path):
    """A 7z archive written by libarchive."""
    write = pytest.importorskip("libarchive")

    def make(*made: tuple[str, bytes], options: str = "") -> bytes:
        path = tmp_path / "made.7z"
        with write.file_writer(str(path), "7zip", options=options) as archive:
            for name, body in made:
                archive.add_file_from_memory(name, len(body), body)
        return path.read_bytes()

    return make


def opened(stored, raw: bytes, limits: Limits = LIMITS):
    path, kind = stored(raw)
    return entries(path, limits, kind)


def test_a_7z_archive_is_opened(stored, seven_zip):
    found = opened(stored, seven_zip((NAME, PDF), ("phu-luc/1.xlsx", b"PK"), ("__MACOSX/._1", b"x")))
    assert [(each.name, each.body) for each in found] == [(NAME, PDF), ("1.xlsx", b"PK")]


@pytest.mark.parametrize("writer", ["rar4", "rar5"])
def test_a_rar_archive_is_opened(stored, write, writer):
    found = opened(stored, write[writer](("cong van.pdf", PDF), ("../../thoat.txt", b"x")))
    assert [(each.name, each.body) for each in found] == [("cong van.pdf", PDF), ("thoat.txt", b"x")]


def test_names_in_rar_5_are_utf_8(stored, write):
    assert [each.name for each in opened(stored, write["rar5"]((NAME, PDF)))] == [NAME]


def test_names_are_kept_where_the_locale_knows_no_letters(stored, write):
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        assert [each.name for each in opened(stored, write["rar5"]((NAME, PDF)))] == [NAME]
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def test_a_rar_archive_with_a_password_is_locked(stored, write):
    assert opened(stored, write["rar4"](("a.pdf", PDF), locked=True)).kind is ProblemKind.ENCRYPTED


def test_a_7z_archive_with_a_password_is_locked(stored, seven_zip):
    """AES-256 stands in the place of the stored file's method, its header without packing."""
    raw = seven_zip(("a.pdf", PDF), options="compression=store")
    at = raw.index(b"\x01\x01\x00", 32)  # one coder, its identifier one byte long: copy
    header = raw[32 + int.from_bytes(raw[12:20], "little") :]
    patched = header.replace(raw[at : at + 3], b"\x01\x04\x06\xf1\x07\x01", 1)
    start = raw[12:20] + struct.pack("<Q", len(patched)) + struct.pack("<I", zlib.crc32(patched))
    locked = raw[:8] + struct.pack("<I", zlib.crc32(start)) + start + raw[32 : len(raw) - len(header)] + patched
    assert opened(stored, locked).kind is ProblemKind.ENCRYPTED


def test_a_bomb_in_7z_is_over_the_limits(stored, seven_zip):
    raw = seven_zip(("a.bin", b"\0" * 11_000_000))
    assert opened(stored, raw).kind is ProblemKind.OVER_LIMIT
    few = seven_zip(*((f"{n}.txt", b"x") for n in range(20)))
    assert opened(stored, few, Limits(archive_files=10)).kind is ProblemKind.OVER_LIMIT


@pytest.mark.parametrize("cut", [20, 40, 70])
def test_broken_archives_are_damage(stored, seven_zip, write, cut):
    for raw in (seven_zip(("a.pdf", PDF)), write["rar4"](("a.pdf", PDF)), write["rar5"](("a.pdf", PDF))):
        assert opened(stored, raw[:cut]).kind is ProblemKind.DAMAGED


# zip


def zip_of(*made: tuple[str, bytes, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """(name, extra field, body)"""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names twice
        for name, extra, body in made:
            entry = zipfile.ZipInfo(name)
            entry.extra, entry.compress_type = extra, kind
            archive.writestr(entry, body)
    return stream.getvalue()


def renamed(raw_name: bytes) -> bytes:
    return zip_of(("x" * len(raw_name), b"", PDF)).replace(b"x" * len(raw_name), raw_name)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Thông báo.pdf".encode("cp437"), "Thông báo.pdf"),
        ("Công văn.pdf".encode("cp1258"), "Công văn.pdf"),
        ("C«ng v¨n.pdf".encode("latin-1"), "Công văn.pdf"),
        ("Coâng vaên.pdf".encode("latin-1"), "Công văn.pdf"),
        ("Công văn.pdf".encode(), "Công văn.pdf"),
        (b"\xff\xfe\xfd.pdf", None),
    ],
)
def test_names_without_a_flag_are_told_by_their_letters(stored, raw, expected):
    (found,) = opened(stored, renamed(raw))
    assert expected is None or found.name == expected


def test_the_unicode_name_in_the_extra_field_counts_if_it_belongs_to_the_name(stored):
    extra = lambda check: struct.pack("<HHBI", 0x7075, 5 + len(NAME.encode()), 1, check) + NAME.encode()  # noqa: E731
    good = zip_of(("a.pdf", extra(zlib.crc32(b"a.pdf")), PDF))
    stale = zip_of(("a.pdf", extra(7), PDF))
    assert [opened(stored, raw)[0].name for raw in (good, stale)] == [NAME, "a.pdf"]


def test_a_link_in_a_zip_is_no_file(stored):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("lien-ket.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.pdf", PDF)
    assert [each.name for each in opened(stored, stream.getvalue())] == ["a.pdf"]


def test_a_directory_of_millions_is_never_read(stored):
    raw = bytearray(zip_of(("a.pdf", b"", PDF)))
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 12 : at + 16] = struct.pack("<I", 90_000_000)
    assert opened(stored, bytes(raw)).kind is ProblemKind.OVER_LIMIT


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_packing_are_known(stored, kind):
    assert opened(stored, zip_of(("a.pdf", b"", PDF), kind=kind))[0].body == PDF


# pictures and speed


def picture(width: int, height: int) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("size", "shown", "decorates"), [((200, 60), True, True), ((1240, 1754), True, False), ((200, 60), False, False)]
)
def test_a_logo_in_the_text_is_told_from_a_page_pasted_into_it(limits, size, shown, decorates):
    image = base64.encodebytes(picture(*size))
    raw = HEAD + b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    raw += b'<p>x</p><img src="cid:%s">' % (b"logo@1" if shown else b"other@1")
    raw += b"\r\n--b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo@1>\r\n"
    raw += b"Content-Transfer-Encoding: base64\r\n\r\n" + image + b"\r\n--b--\r\n"
    found = {part.name: part.inline for part in mail_parts(raw, limits)}
    assert found == {"logo.png": decorates, "noi-dung-thu.txt": False}


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<script " * 200_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 400_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<" * 1_500_000,
        HEAD + b"Content-Type: text/plain\r\n\r\n" + b"begin 644 a\r\n" * 50_000,
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 300_000,
        HEAD + b'Content-Disposition: attachment; filename="' + b'" ' * 300_000,
        HEAD + b"Content-Disposition: attachment; filename=" + b"=?a?b?" * 100_000,
        HEAD + b"Subject: " + b" " * 900_000 + b"x\r\n\r\n",
        HEAD + b"Content-Type: text/plain; charset=a" + b" " * 900_000 + b"x\r\n\r\n",
        b"a:b\r\n" * 300_000,
        HEAD + b"From: " + b"(" * 500_000 + b"\r\n\r\n",
        HEAD
        + b"Content-Type: application/pkcs7-mime\r\n\r\n"
        + b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
        + b"\xa0\x80" * 500_000,
    ],
    ids=lambda raw: str(raw[len(HEAD) : len(HEAD) + 40]),
)
@pytest.mark.slow
def test_hostile_lengths_take_no_time(raw, limits):
    begun = time.process_time()
    mail_parts(raw, limits)
    assert time.process_time() - begun < 5.0


def test_a_problem_is_a_value(limits):
    assert isinstance(
        mail_parts(HEAD + b"Content-Type: message/partial; id=x; number=1; total=2\r\n\r\nx", limits), Problem
    )
