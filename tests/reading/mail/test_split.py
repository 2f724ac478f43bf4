"""Documents in pieces: told by name, subject or structure; joined when all pieces are there."""

# one case a line
# ruff: noqa: E501

import base64

import pytest

from vbdaemon.model import FileRole, Limits, Part, Problem
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.slice_name import SliceKind, slice_of_name, slice_of_subject
from vbdaemon.reading.split import completed, is_complete, joined_mails, joined_message, rejoined, slice_of_mail

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4 + b"\n%%EOF\n"
LIMITS = Limits()


def mail(*files: tuple[str, bytes], subject: str = "x", sender: str = "a@donvi.example") -> bytes:
    made = f"From: {sender}\r\nTo: b@office.example\r\nSubject: {subject}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nchu\r\n".encode()
    for name, body in files:
        made += f'--b\r\nContent-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode()
        made += base64.encodebytes(body)
    return made + b"--b--\r\n"


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def pieces(name: str, body: bytes, size: int) -> list[tuple[str, bytes]]:
    return [(f"{name}.{number:03}", piece) for number, piece in enumerate(cut(body, size), 1)]


def partial(raw: bytes, count: int) -> list[bytes]:
    """A mail in pieces, as RFC 2046 has it."""
    size = -(-len(raw) // count)
    made = []
    for number, piece in enumerate(cut(raw, size), 1):
        total = f"; total={count}" if number == count else ""
        head = f'From: a@donvi.example\r\nTo: b@office.example\r\nSubject: outer\r\nMessage-ID: <{number}@x>\r\nContent-Type: message/partial; id="one@x"; number={number}{total}\r\n\r\n'
        made.append(head.encode() + piece)
    return made


def files(parts) -> list[tuple[str, bytes]]:
    return [(part.name, part.body) for part in parts if part.role is not FileRole.BODY]


@pytest.mark.parametrize(
    ("name", "kind", "number", "whole"),
    [
        ("cong-van.pdf.001", SliceKind.BYTES, 1, "cong-van.pdf"),
        ("x.7z.012", SliceKind.BYTES, 12, "x.7z"),
        ("x.part02.rar", SliceKind.VOLUMES, 2, "x.rar"),
        ("x.r00", SliceKind.VOLUMES, 2, "x.rar"),
    ],
)
def test_a_name_says_which_piece_a_file_is(name, kind, number, whole):
    found = slice_of_name(name)
    assert (found.kind, found.number, found.whole) == (kind, number, whole)


@pytest.mark.parametrize("name", ["a.pdf", "cong-van-15.001", "v1.0.1", "x.pdf.000", "x.rar", "bao cao 2025.001"])
def test_an_ordinary_name_is_no_piece(name):
    assert slice_of_name(name) is None


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Báo cáo quý I (phần 1/3)", (1, 3)),
        ("Re: Fwd: Báo cáo quý I - Phần 2/3", (2, 3)),
        ("Báo cáo [3/3]", None),
        ("Báo cáo (tệp 3/3)", (3, 3)),
        ("Lịch họp (5/12)", None),
        ("Nhắc việc lần 1/2", None),
        ("Gửi hồ sơ part 1 of 2", (1, 2)),
        ("Gửi hồ sơ, tệp số 2 trên 4", (2, 4)),
        ("Họp ngày 1/3", None),
        ("Kế hoạch (1/3/2025)", None),
        ("Công văn 12/CV (3/2)", None),
        ("Phần 1/1", None),
        ("Tỷ lệ 1/2", None),
    ],
)
def test_a_subject_says_which_piece_a_mail_is(subject, expected):
    found = slice_of_subject(subject)
    assert (found and (found.number, found.total)) == expected


def test_the_pieces_of_one_subject_share_a_key():
    subjects = ("Báo cáo quý I (phần 1/3)", "RE: báo cáo quý I phần 2/3", "(Phần 3/3) Báo cáo quý I")
    assert len({slice_of_subject(each).key for each in subjects}) == 1


def test_pieces_in_one_mail_are_joined():
    raw = mail(*reversed(pieces("cong-van.pdf", PDF, 300)), ("khac.docx", b"PK"))
    assert files(rejoined(mail_parts(raw, LIMITS), LIMITS)) == [("cong-van.pdf", PDF), ("khac.docx", b"PK")]
    assert slice_of_mail(raw, LIMITS) is None


@pytest.mark.parametrize("gone", [0, 1, -1])
def test_while_a_piece_is_missing_nothing_is_joined(gone):
    left = pieces("a.pdf", PDF, 300)
    del left[gone]
    parts = tuple(Part(name, body) for name, body in left)
    assert rejoined(parts, LIMITS) == parts


def test_pieces_of_equal_size_are_whole_when_the_end_of_the_file_is_there():
    body = PDF + b"%" * (-len(PDF) % 4)
    parts = tuple(Part(name, body) for name, body in pieces("a.pdf", body, len(body) // 4))
    assert files(rejoined(parts, LIMITS)) == [("a.pdf", body)]
    assert rejoined(parts[:3], LIMITS) == parts[:3]


def test_a_joined_file_stays_within_the_limits():
    parts = tuple(Part(name, body) for name, body in pieces("a.pdf", PDF, 300))
    assert rejoined(parts, Limits(file_bytes=500)) == parts


def test_the_pieces_of_two_files_do_not_mix():
    parts = tuple(Part(name, body) for name, body in (*pieces("a.pdf", PDF, 300), *pieces("b.pdf", PDF[::-1], 300)))
    assert files(rejoined(parts, LIMITS)) == [("a.pdf", PDF), ("b.pdf", PDF[::-1])]


def test_a_file_over_several_mails_is_known_by_its_pieces_and_joined():
    mails = [mail(each) for each in pieces("a.pdf", PDF, 400)]
    slices = [slice_of_mail(raw, LIMITS) for raw in mails]
    assert [each.number for each in slices] == [1, 2, 3]
    assert {each.key for each in slices} == {"a@donvi.example|bytes:a.pdf"}
    assert files(joined_mails(mails, LIMITS))[0] == ("a.pdf", PDF)


@pytest.mark.parametrize("kind", ["files", "subjects", "messages"])
def test_a_set_is_complete_with_its_last_piece_whatever_the_order(kind):
    mails = {
        "files": [mail(each) for each in pieces("a.pdf", PDF, 400)],
        "subjects": [mail((f"{n}.pdf", PDF), subject=f"Ho so (phan {n}/3)") for n in (1, 2, 3)],
        "messages": partial(mail(("a.pdf", PDF)), 3),
    }[kind]
    first, second, third = mails
    for some in ([first], [second], [third], [third, first], [second, third]):
        assert completed(some, LIMITS) is None
    assert len(files(completed([third, first, second], LIMITS))) == (3 if kind == "subjects" else 1)


def test_pieces_that_are_all_there_and_do_not_fit_are_a_problem():
    mails = [mail((f"a.pdf.{n:03}", b"x"), subject=f"a (phan {n}/2)") for n in (1, 2)]
    assert isinstance(completed(mails, LIMITS), Problem)


def test_whole_mails_are_no_set():
    assert completed([mail(("a.pdf", PDF))], LIMITS) is None


def test_pieces_of_two_senders_never_meet():
    one, two = (slice_of_mail(mail(("a.pdf.001", b"x"), sender=who), LIMITS) for who in ("a@b.example", "c@d.example"))
    assert one.key != two.key


def test_mails_that_count_themselves_in_the_subject_are_one_handing_in():
    mails = [mail((f"{n}.pdf", PDF), subject=f"Ho so (phan {n}/2)") for n in (1, 2)]
    slices = [slice_of_mail(raw, LIMITS) for raw in mails]
    assert [is_complete(each) for each in (slices[:1], slices[1:], slices)] == [False, False, True]
    assert [name for name, _ in files(joined_mails(mails, LIMITS))] == ["1.pdf", "2.pdf"]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_mail_in_several_is_joined_as_rfc_2046_says(count):
    mails = partial(mail(("a.pdf", PDF), subject="inner"), count)
    slices = [slice_of_mail(raw, LIMITS) for raw in mails]
    assert is_complete(slices)
    assert not is_complete(slices[:-1])
    assert files(joined_mails(mails[::-1], LIMITS)) == [("a.pdf", PDF)]
    whole = joined_message(mails)
    assert b"subject: inner" in whole
    assert b"outer" not in whole


def test_forwarded_pieces_of_a_mail_are_joined():
    mails = partial(mail(("a.pdf", PDF)), 2)
    (whole,) = rejoined(tuple(Part(f"{n}.eml", raw) for n, raw in enumerate(mails)), LIMITS)
    assert files(mail_parts(whole.body, LIMITS)) == [("a.pdf", PDF)]


def test_pieces_of_different_mails_are_not_joined():
    one, two = partial(mail(("a.pdf", PDF)), 2)
    assert isinstance(joined_message([one, two.replace(b"one@x", b"two@x")]), Problem)
    assert isinstance(joined_mails([one], LIMITS), Problem)


@pytest.mark.parametrize(
    "numbers", ["number=0; total=2", "number=x", "number=1; total=99999999999", "total=2", "number=\xb2"]
)
def test_a_piece_with_odd_numbers_is_none(numbers):
    assert (
        slice_of_mail(f"From: a@b\r\nContent-Type: message/partial; id=x; {numbers}\r\n\r\nx".encode(), LIMITS) is None
        or "total=999" in numbers
    )


def test_volumes_of_a_rar_archive_are_opened_together(write):
    volumes = write["rar4_volumes"]("cong-van.pdf", cut(PDF, 500))
    parts = tuple(Part(f"x.part{number}.rar", raw) for number, raw in enumerate(volumes, 1))
    assert files(rejoined(parts, LIMITS)) == [("cong-van.pdf", PDF)]
    assert rejoined(parts[:2], LIMITS) == parts[:2]
    assert rejoined(parts[1:], LIMITS) == parts[1:]
