"""Two hundred and more mails of nasty structure, each with the files that must come out of it."""

import base64
import binascii
import quopri
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from vbdaemon.model import FileRole, Limits
from vbdaemon.reading.mail import mail_parts

NAME = "Công văn số 12.pdf"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3 + b"\n%%EOF\n"
HEAD = b"From: Van thu <vanthu@donvi.example>\r\nTo: vanban@office.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
TEXT = "Kính gửi Văn phòng"


@dataclass(frozen=True)
class Case:
    label: str
    raw: bytes
    files: tuple[tuple[str, bytes], ...]
    text: str | None = None


def b64(text: str, charset: str = "utf-8") -> bytes:
    return base64.b64encode(text.encode(charset))


TCVN3 = "C«ng v¨n sè 12.pdf".encode("latin-1")
VNI = "Coâng vaên soá 12.pdf".encode("latin-1")


def cp1258(text: str) -> bytes:
    """Letters with their tone behind them, as code page 1258 has it."""
    made = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        made += unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)).encode("cp1258")
        made += tones.encode("cp1258")
    return made


def percent(raw: bytes) -> bytes:
    return quote(raw).encode()


def spelled() -> Iterator[tuple[str, bytes, bytes]]:
    """(label, Content-Type parameter, Content-Disposition parameter) that all mean NAME."""
    utf8, words = NAME.encode(), b"=?utf-8?B?" + b64(NAME) + b"?="
    half = NAME.encode()[:2] + b"\xb4"  # in the middle of a letter
    cut = base64.b64encode(utf8[:2]), base64.b64encode(utf8[2:])
    q = b"=?UTF-8?Q?" + quopri.encodestring(utf8, header=True).replace(b"=\n", b"") + b"?="
    yield "raw utf-8", b'; name="%s"' % utf8, b'; filename="%s"' % utf8
    yield "raw utf-8 unquoted", b"", b"; filename=%s" % utf8
    yield "raw cp1258", b'; name="%s"' % cp1258(NAME), b""
    yield "raw TCVN3", b"", b'; filename="%s"' % TCVN3
    yield "raw VNI", b"", b'; filename="%s"' % VNI
    yield "encoded word B", b'; name="%s"' % words, b""
    yield "encoded word Q", b"", b'; filename="%s"' % q
    yield "encoded word unquoted", b"", b"; filename=%s" % words
    yield (
        "encoded word folded",
        b"",
        b'; filename="=?utf-8?B?%s?=\r\n\t=?utf-8?B?%s?="' % (b64(NAME[:7]), b64(NAME[7:])),
    )
    yield "encoded words that split a letter", b"", b'; filename="=?utf-8?B?%s?= =?utf-8?B?%s?="' % cut
    yield "encoded word never closed", b"", b'; filename="=?utf-8?B?%s"' % b64(NAME)
    yield "encoded word without padding", b"", b'; filename="=?utf-8?B?%s?="' % b64(NAME).rstrip(b"=")
    yield "encoded word with a language", b"", b'; filename="=?utf-8*vi?B?%s?="' % b64(NAME)
    yield "encoded word labelled us-ascii", b"", b'; filename="=?us-ascii?B?%s?="' % b64(NAME)
    yield "encoded word in an unknown charset", b"", b'; filename="=?x-none?B?%s?="' % b64(NAME)
    yield "encoded word in windows-1258", b"", b'; filename="=?windows-1258?B?%s?="' % base64.b64encode(cp1258(NAME))
    yield "encoded word, TCVN3 as iso-8859-1", b"", b'; filename="=?iso-8859-1?B?%s?="' % base64.b64encode(TCVN3)
    yield "encoded word, VNI as windows-1252", b"", b'; filename="=?windows-1252?B?%s?="' % base64.b64encode(VNI)
    yield "encoded word in utf-16", b"", b'; filename="=?utf-16?B?%s?="' % b64(NAME, "utf-16")
    yield "RFC 2231", b"", b"; filename*=UTF-8''" + percent(utf8)
    yield "RFC 2231 quoted", b"", b"; filename*=\"utf-8'vi'" + percent(utf8) + b'"'
    yield "RFC 2231 without a charset", b"", b"; filename*=''" + percent(utf8)
    yield "RFC 2231 in an unknown charset", b"", b"; filename*=no-such''" + percent(utf8)
    yield "RFC 2231 in windows-1258", b"", b"; filename*=windows-1258''" + percent(cp1258(NAME))
    yield "RFC 2231 labelled us-ascii", b"", b"; filename*=us-ascii''" + percent(utf8)
    yield "RFC 2231 without its star", b"", b"; filename=utf-8''" + percent(utf8)
    yield (
        "RFC 2231 continued without its stars",
        b"",
        (b"; filename*0=utf-8''" + percent(utf8)[:14] + b"; filename*1=" + percent(utf8)[14:]),
    )
    yield "RFC 2231 with raw bytes", b"", b"; filename*=utf-8''" + utf8
    yield (
        "RFC 2231 continued",
        b"",
        (b";\r\n filename*0*=utf-8''" + percent(half[:1] + utf8[1:6]) + b";\r\n filename*1*=" + percent(utf8[6:])),
    )
    yield (
        "RFC 2231 continued, a letter split",
        b"",
        (b";\r\n filename*0*=utf-8''" + percent(utf8[:2]) + b";\r\n filename*1*=" + percent(utf8[2:])),
    )
    yield "RFC 2231 mixed", b"", b"; filename*0*=utf-8''" + percent(utf8[:8]) + b'; filename*1="' + utf8[8:] + b'"'
    yield (
        "RFC 2231 out of order",
        b"",
        (b"; filename*1*=" + percent(utf8[9:]) + b"; filename*0*=utf-8''" + percent(utf8[:9])),
    )
    yield (
        "RFC 2231 continued without encoding",
        b"",
        (b'; filename*0="=?utf-8?B?' + b64(NAME)[:9] + b'"; filename*1="' + b64(NAME)[9:] + b'?="'),
    )
    yield "RFC 2231 beside a plain one", b"", b"; filename=\"Cong van.pdf\"; filename*=utf-8''" + percent(utf8)
    yield "broken RFC 2231 beside a sound one", b"", b"; filename=\"%s\"; filename*=utf-8''C%%F4ng%%FFx.pdf" % utf8
    yield "percent-encoded without marks", b"", b'; filename="' + percent(utf8) + b'"'
    yield "a path before it", b"", b'; filename="C:\\Users\\vanthu\\%s"' % utf8
    yield "a path to climb", b"", b'; filename="../../../%s"' % utf8
    yield "decomposed letters", b"", b'; filename="%s"' % unicodedata.normalize("NFD", NAME).encode()
    yield "utf-8 twice", b"", b'; filename="%s"' % NAME.encode().decode("latin-1").encode()
    yield "no space, capitals", b';NAME="%s"' % utf8, b""
    yield "size before it", b"", b'; size=12; filename="%s"; creation-date="x"' % utf8
    yield "a bidi mark in it", b"", b'; filename="%s"' % ("\u202e" + NAME).encode()


def attached(kind: bytes, place: bytes, body: bytes = PDF) -> bytes:
    return (
        b"Content-Type: application/pdf" + kind + b"\r\nContent-Disposition: attachment" + place
        + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(body).replace(b"\n", b"\r\n")
    )  # fmt: skip


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT.encode()
RICH = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + TEXT.encode() + b"</p>"


def multi(kind: bytes, *parts: bytes, boundary: bytes = b"b1", close: bool = True) -> bytes:
    made = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    made += b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return made + (b"--" + boundary + b"--\r\n" if close else b"")


def structures(part: bytes) -> Iterator[tuple[str, bytes]]:
    both = multi(b"alternative", PLAIN, RICH, boundary=b"alt")
    yield "mixed", multi(b"mixed", PLAIN, part)
    yield "alternative inside mixed", multi(b"mixed", both, part)
    yield (
        "file inside related inside alternative",
        multi(b"alternative", PLAIN, multi(b"related", RICH, part, boundary=b"rel")),
    )
    yield "boundary that begins another", multi(b"mixed", multi(b"mixed", PLAIN, part, boundary=b"b1x"), boundary=b"b1")
    yield "never closed", multi(b"mixed", PLAIN, part, close=False)
    yield "file first", multi(b"mixed", part, PLAIN)


def named_cases() -> Iterator[Case]:
    for at, (label, kind, place) in enumerate(spelled()):
        made = list(structures(attached(kind, place)))
        for structure, body in (made[at % len(made)], made[(at + 1) % len(made)], made[(at + 3) % len(made)]):
            yield Case(f"{label}, {structure}", HEAD + body, ((NAME, PDF),), TEXT)
        inline = HEAD + multi(b"mixed", PLAIN, attached(kind, place).replace(b"attachment", b"inline"))
        yield Case(f"{label}, inline, lines end in LF", inline.replace(b"\r\n", b"\n"), ((NAME, PDF),), TEXT)


def transfer_cases() -> Iterator[Case]:
    whole, lines = base64.b64encode(PDF), base64.encodebytes(PDF)
    uu = b"begin 644 x\n" + b"".join(binascii.b2a_uu(PDF[at : at + 45]) for at in range(0, len(PDF), 45)) + b"`\nend\n"
    each_padded = b"\r\n".join(base64.b64encode(PDF[at : at + 40]) for at in range(0, len(PDF), 40))
    for label, encoding, body in (
        ("one line", b"base64", whole),
        ("capitals", b"BASE64", lines),
        ("comment", b"base64 (as usual)", lines),
        ("spaces inside", b"base64", lines.replace(b"A", b" A ")),
        ("no padding", b"base64", whole.rstrip(b"=")),
        ("lines padded one by one", b"base64", each_padded),
        ("a list's footer", b"base64", lines + b"\r\n-- \r\nDanh sach thu cua co quan\r\n"),
        ("quoted-printable", b"quoted-printable", quopri.encodestring(PDF)),
        ("uuencode", b"x-uuencode", uu),
        ("binary", b"binary", PDF.rstrip(b"\n")),
        ("unknown encoding", b"x-none", PDF.rstrip(b"\n")),
    ):
        part = (
            b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
        )
        wanted = PDF if encoding not in {b"binary", b"x-none"} else PDF.rstrip(b"\n")
        yield Case(f"transfer: {label}", HEAD + multi(b"mixed", PLAIN, part), (("a.pdf", wanted),), TEXT)


def odd_cases() -> Iterator[Case]:
    part, two = attached(b"; name=a.pdf", b""), attached(b"; name=b.pdf", b"")
    a, b = ("a.pdf", PDF), ("b.pdf", PDF)
    mixed = multi(b"mixed", PLAIN, part, two)
    yield Case("the whole mail is the file", HEAD + part, (a,))
    yield Case("no header at all but a type", multi(b"mixed", part), (a,))
    yield Case("byte order mark before it", b"\xef\xbb\xbf" + HEAD + mixed, (a, b), TEXT)
    yield Case("mbox line before it", b"From a@b.example Mon Jan 1 2025\r\n" + HEAD + mixed, (a, b), TEXT)
    yield Case("empty lines before it", b"\r\n\r\n" + HEAD + mixed, (a, b), TEXT)
    yield Case("lines end in CR", (HEAD + multi(b"mixed", PLAIN, part)).replace(b"\r\n", b"\r"), (a,), TEXT)
    yield Case("a line that is no field", HEAD + b"nonsense here\r\n" + mixed, (a, b), TEXT)
    yield Case(
        "text before and after",
        HEAD + mixed.replace(b"\r\n\r\n--b1", b"\r\n\r\nThis is MIME\r\n--b1", 1) + b"end",
        (a, b),
        TEXT,
    )


def broken_cases() -> Iterator[Case]:
    part, two = attached(b"; name=a.pdf", b""), attached(b"; name=b.pdf", b"")
    a, b = ("a.pdf", PDF), ("b.pdf", PDF)
    mixed = multi(b"mixed", PLAIN, part, two)
    yield Case("boundary not named", HEAD + mixed.replace(b'; boundary="b1"', b""), (a, b), TEXT)
    yield Case("boundary named wrong", HEAD + mixed.replace(b'boundary="b1"', b'boundary="b9"'), (a, b), TEXT)
    yield Case("boundary without quotes", HEAD + mixed.replace(b'"b1"', b"b1"), (a, b), TEXT)
    yield Case("boundary with a comment", HEAD + mixed.replace(b'"b1"', b"b1 (mark)"), (a, b), TEXT)
    yield Case("boundary with spaces behind", HEAD + mixed.replace(b"--b1\r\n", b"--b1 \t\r\n"), (a, b), TEXT)
    yield Case("boundary of odd signs", HEAD + mixed.replace(b"b1", b"=_'()+,-./:? x"), (a, b), TEXT)
    yield Case("type in capitals", HEAD + mixed.replace(b"multipart/mixed", b"MULTIPART/Mixed"), (a, b), TEXT)
    yield Case("unknown multipart", HEAD + mixed.replace(b"multipart/mixed", b"multipart/x-odd"), (a, b), TEXT)
    yield Case(
        "disposition of no kind", HEAD + mixed.replace(b"Disposition: attachment", b"Disposition: odd"), (a, b), TEXT
    )
    yield Case(
        "disposition without a value", HEAD + mixed.replace(b"Disposition: attachment", b"Disposition:"), (a, b), TEXT
    )
    yield Case("type without a slash", HEAD + mixed.replace(b"application/pdf", b"pdf"), (a, b), TEXT)
    yield Case(
        "no name and no disposition",
        HEAD + multi(b"mixed", PLAIN, b"Content-Type: application/pdf\r\n\r\n" + PDF[:-1]),
        (("tep-2.pdf", PDF[:-1]),),
        TEXT,
    )
    yield Case(
        "text file with a name",
        HEAD + multi(b"mixed", PLAIN, b"Content-Type: text/plain; name=a.txt\r\n\r\nx"),
        (("a.txt", b"x"),),
        TEXT,
    )
    yield Case(
        "text attached without a name",
        HEAD + multi(b"mixed", PLAIN, b"Content-Disposition: attachment\r\n\r\nx"),
        (("tep-2.txt", b"x"),),
        TEXT,
    )
    yield Case(
        "calendar",
        HEAD + multi(b"mixed", PLAIN, b"Content-Type: text/calendar\r\n\r\nBEGIN"),
        (("lich.ics", b"BEGIN"),),
        TEXT,
    )


def inner_cases() -> Iterator[Case]:
    part, two = attached(b"; name=a.pdf", b""), attached(b"; name=b.pdf", b"")
    a, b = ("a.pdf", PDF), ("b.pdf", PDF)
    mixed = multi(b"mixed", PLAIN, part, two)
    inner = HEAD.replace(b"Subject: x", b"Subject: =?utf-8?B?" + b64("Công văn 5/UBND") + b"?=") + mixed
    inner_part = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner
    yield Case(
        "mail inside",
        HEAD + multi(b"mixed", PLAIN, inner_part, boundary=b"out"),
        (("Công văn 5-UBND.eml", inner),),
        TEXT,
    )
    encoded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner)
    yield Case(
        "mail inside, encoded against the rule",
        HEAD + multi(b"mixed", encoded, boundary=b"out"),
        (("Công văn 5-UBND.eml", inner),),
    )
    named_mail = b'Content-Type: message/rfc822; name="thu cu"\r\n\r\n' + inner
    yield Case("mail inside with a name", HEAD + multi(b"mixed", named_mail, boundary=b"out"), (("thu cu.eml", inner),))
    digest = multi(b"digest", b"\r\n" + inner, boundary=b"dig")
    yield Case("digest", HEAD + digest, (("Công văn 5-UBND.eml", inner),))
    signed = multi(
        b"signed",
        mixed,
        b"Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=",
        boundary=b"sig",
    )
    yield Case("signed in clear", HEAD + signed, (a, b, ("smime.p7s", b"0\0")), TEXT)
    double = multi(b"appledouble", b"Content-Type: application/applefile; name=a.pdf\r\n\r\njunk", part, boundary=b"ad")
    yield Case("a Mac's two forks", HEAD + multi(b"mixed", PLAIN, double), (a,), TEXT)
    uu = (
        b"begin 644 a.pdf\r\n"
        + b"".join(binascii.b2a_uu(PDF[at : at + 45]).strip(b"\n") + b"\r\n" for at in range(0, len(PDF), 45))
        + b"`\r\nend\r\n"
    )
    yield Case(
        "uuencoded in the text", HEAD + b"Content-Type: text/plain\r\n\r\n" + TEXT.encode() + b"\r\n" + uu, (a,), TEXT
    )
    yield Case(
        "uuencoded without MIME",
        b"From: a@b.example\nSubject: x\n\nXin chao\n" + uu.replace(b"\r\n", b"\n"),
        (a,),
        "Xin chao",
    )
    yield Case(
        "uuencode that is only talked about",
        HEAD + b"\r\nbegin 644 a.pdf\r\nkhong phai tep",
        (),
        "begin 644 a.pdf\r\nkhong phai tep",
    )
    yield Case(
        "yEnc stays text",
        HEAD + b"\r\n=ybegin line=128 size=3 name=a.bin\r\nabc\r\n=yend size=3",
        (),
        "=ybegin line=128 size=3 name=a.bin\r\nabc\r\n=yend size=3",
    )


def odd_names() -> Iterator[Case]:
    part, a = attached(b"; name=a.pdf", b""), ("a.pdf", PDF)
    yield Case(
        "the same name twice", HEAD + multi(b"mixed", part, part.replace(b"a.pdf", b"A.PDF")), (a, ("A (2).PDF", PDF))
    )
    yield Case(
        "an empty name",
        HEAD + multi(b"mixed", PLAIN, attached(b'; name=""', b'; filename=""')),
        (("tep-2.pdf", PDF),),
        TEXT,
    )
    yield Case(
        "a name of dots", HEAD + multi(b"mixed", PLAIN, attached(b"", b'; filename="..."')), (("tep-2.pdf", PDF),), TEXT
    )
    yield Case("a device's name", HEAD + multi(b"mixed", attached(b"", b'; filename="CON.pdf"')), (("_CON.pdf", PDF),))
    yield Case("a stream's name", HEAD + multi(b"mixed", attached(b"", b'; filename="a.pdf:x.exe"')), (a,))
    yield Case(
        "quotes inside a name",
        HEAD + multi(b"mixed", attached(b"", b'; filename="bao cao "quy 1".pdf"')),
        (("bao cao _quy 1_.pdf", PDF),),
    )
    yield Case(
        "a name with a line break",
        HEAD + multi(b"mixed", attached(b"", b'; filename="a\r\n b.pdf"')),
        (("a b.pdf", PDF),),
    )
    yield Case("a name with NUL", HEAD + multi(b"mixed", attached(b"", b'; filename="a\0b.pdf"')), (("ab.pdf", PDF),))
    long = "ạ" * 120 + ".pdf"
    yield Case(
        "a name of 364 bytes",
        HEAD + multi(b"mixed", attached(b"", b'; filename="%s"' % long.encode())),
        (("ạ" * 58 + ".pdf", PDF),),
    )
    yield Case(
        "an empty file", HEAD + multi(b"mixed", PLAIN, attached(b"; name=a.pdf", b"", b"")), (("a.pdf", b""),), TEXT
    )
    yield Case(
        "base64 that is none",
        HEAD
        + multi(b"mixed", b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!"),
        (("a.pdf", b""),),
    )


def text_cases() -> Iterator[Case]:
    words = "Kính gửi: Ủy ban nhân dân"
    tcvn, vni = "KÝnh göi v¨n phßng".encode("latin-1"), "Kính göûi vaên phoøng".encode("latin-1")
    kind = b"Content-Type: text/plain; charset="
    for label, head, raw, wanted in (
        ("utf-8 as us-ascii", kind + b"us-ascii", words.encode(), words),
        ("utf-8 as iso-8859-1", kind + b"iso-8859-1", words.encode(), words),
        ("no charset", b"X-Odd: 1", words.encode(), words),
        ("windows-1258", kind + b'"windows-1258"', cp1258(words), words),
        ("windows-1258 as windows-1252", kind + b"windows-1252", cp1258(words), words),
        ("unknown charset", kind + b"x-none", words.encode(), words),
        ("utf-16", kind + b"utf-16", words.encode("utf-16"), words),
        ("charset in RFC 2231", b"Content-Type: text/plain; charset*=us-ascii'en'utf-8", words.encode(), words),
        ("a codec that is none", kind + b"rot13", b"abc", "abc"),
        ("another codec that is none", kind + b"zlib", b"abc", "abc"),
        ("escapes are no charset", kind + b"unicode_escape", b"a\\q", "a\\q"),
        ("halves of letters", kind + b"utf-7", b"+2AA-", "+2AA-"),
        ("TCVN3", kind + b"us-ascii", tcvn, "Kính gửi văn phòng"),
        ("TCVN3 named", kind + b"x-viet-tcvn5712", tcvn, "Kính gửi văn phòng"),
        ("VNI", kind + b"iso-8859-1", vni, "Kính gửi văn phòng"),
        ("cut in a letter", kind + b"utf-8", words.encode() + "ă".encode()[:1], words),
        (
            "HTML",
            b"Content-Type: text/html",
            b"<p>K&iacute;nh<br>g&#7917;i</p><!-- <p>x</p> --><style>p{}</style>",
            "Kính\ngửi",
        ),
    ):
        yield Case(f"text: {label}", HEAD.replace(b"MIME", b"X-MIME") + head + b"\r\n\r\n" + raw, (), wanted)
    both = multi(b"alternative", b"\r\n  ", RICH)
    yield Case("text: an empty plain version", HEAD + both, (), TEXT)
    yield Case("text: two versions, one text", HEAD + multi(b"alternative", PLAIN, RICH), (), TEXT)
    yield Case("text: nothing at all", HEAD + b"\r\n", (), "(Thư không có nội dung)\nx")
    yield Case(
        "text: a multipart of nothing",
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nxin chao",
        (),
        "xin chao",
    )


CASES = [*named_cases(), *transfer_cases(), *odd_cases(), *broken_cases(), *inner_cases(), *odd_names(), *text_cases()]


def test_there_are_more_than_two_hundred_mails_and_none_twice():
    assert len({case.label for case in CASES}) == len(CASES) > 200
    assert len({case.raw for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_the_list_of_files_is_right(case):
    parts = mail_parts(case.raw, Limits())
    assert [(part.name, part.body) for part in parts if part.role is not FileRole.BODY] == list(case.files)
    if case.text is not None:
        assert [part.body.decode() for part in parts if part.role is FileRole.BODY] == [case.text]
