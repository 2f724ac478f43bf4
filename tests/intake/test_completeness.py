import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vbdaemon.intake import completeness
from vbdaemon.intake.completeness import Shortfall, shortfall


def pdf(extra: bytes = b"", start: int = 20, end: bytes = b"%%EOF\n") -> bytes:
    return b"%PDF-1.4\n" + b"1 0 obj <<>> endobj\n" * 5 + extra + b"\nstartxref\n%d\n" % start + end


def signed(end_of_range: int) -> bytes:
    return pdf(b"<</Type/Sig/ByteRange [0 10 20 %d]/Contents<00>>>" % (end_of_range - 20))


def zipped(comment: bytes = b"") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
        archive.comment = comment
    return body.getvalue()


@contextmanager
def opened(path: Path, body: bytes) -> Iterator[int]:
    path.write_bytes(body)
    fd = os.open(path, os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)


@pytest.mark.parametrize(
    ("body", "lacks"),
    [
        (b"", Shortfall.EMPTY),
        (b"\0" * 5000, Shortfall.HEAD_MISSING),
        (b"plain text", None),
        (b"\xd0\xcf\x11\xe0 an old .doc\0\0\0", None),
        (pdf(), None),
        (pdf(end=b"%%EOF"), None),
        (pdf(end=b"%%EOF\r\n \t\n"), None),
        (b"junk before\n" + pdf(), None),
        (pdf()[:-8], Shortfall.END_MISSING),
        (pdf() + b"\0" * 3000, Shortfall.END_MISSING),
        (pdf() + b"\0", Shortfall.END_MISSING),
        (pdf() + b"more", Shortfall.END_MISSING),
        (pdf() + b" " * 5000, Shortfall.END_MISSING),
        (b"%PDF-1.4\n%%EOF", Shortfall.END_MISSING),
        (pdf(start=10_000), Shortfall.POINTS_BEYOND),
        (pdf(start=99_999_999_999), Shortfall.POINTS_BEYOND),
        (pdf(b"\0" * 200, start=130), Shortfall.POINTS_BEYOND),
        (b"%PDF-1.4\n1 0 obj <</Linearized 1/L 999999>> endobj\n" + pdf(), Shortfall.POINTS_BEYOND),
        (b"%PDF-1.4\n1 0 obj <</Linearized 1/L 100>> endobj\n" + pdf(), None),
        (signed(100), None),
        (signed(100_000), Shortfall.POINTS_BEYOND),
        (pdf(b"/ByteRange [0 /********** /********** /**********]"), None),
        (zipped(), None),
        (zipped(b"a comment"), None),
        (zipped()[:-1], Shortfall.END_MISSING),
        (zipped()[:40], Shortfall.END_MISSING),
        (zipped() + b"\0" * 100, Shortfall.END_MISSING),
        (b"PK\x05\x06" + b"\0" * 18, None),
        (b"PK\x03\x04" + zipped()[-22:], Shortfall.POINTS_BEYOND),
    ],
)
def test_a_file_is_complete_when_its_content_says_so(tmp_path: Path, body: bytes, lacks: Shortfall | None) -> None:
    with opened(tmp_path / "f", body) as fd:
        assert shortfall(fd) is lacks


def test_a_signed_range_is_found_across_the_border_of_two_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completeness, "CHUNK", 64)
    monkeypatch.setattr(completeness, "OVERLAP", 60)
    for padding in range(64):
        body = pdf(b"x" * padding + b"/ByteRange [0 10 20 900000]")
        with opened(tmp_path / "f", body) as fd:
            assert shortfall(fd) is Shortfall.POINTS_BEYOND


def test_a_huge_file_is_searched_at_its_ends_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness, "SCAN", 1000)
    read: list[int] = []
    real = os.pread
    monkeypatch.setattr(completeness.os, "pread", lambda fd, n, at: read.append(n) or real(fd, n, at))
    with opened(tmp_path / "f", pdf(b"x" * 500_000 + b"/ByteRange [0 10 20 9000000]")) as fd:
        assert shortfall(fd) is Shortfall.POINTS_BEYOND
    assert sum(read) < 10_000


def test_looking_does_not_move_the_read_position(tmp_path: Path) -> None:
    with opened(tmp_path / "f", signed(100)) as fd:
        shortfall(fd)
        assert os.read(fd, 5) == b"%PDF-"


def test_the_real_samples_are_complete_and_no_prefix_of_them_is() -> None:
    folder = Path(__file__).parents[2] / ".." / "shared" / "samples"
    samples = sorted(folder.glob("**/*.pdf"))
    if not samples:
        pytest.skip("no ../shared/samples beside this checkout")
    for sample in samples:
        fd = os.open(sample, os.O_RDONLY)
        try:
            assert shortfall(fd) is None
        finally:
            os.close(fd)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_or_reserved_sample_is_not_complete(tmp_path: Path, part: float) -> None:
    folder = Path(__file__).parents[2] / ".." / "shared" / "samples"
    samples = sorted(folder.glob("**/*.pdf"))
    if not samples:
        pytest.skip("no ../shared/samples beside this checkout")
    for sample in samples:
        body = sample.read_bytes()
        cut = body[: int(len(body) * part)]
        for unfinished in (cut, cut.ljust(len(body), b"\0")):
            with opened(tmp_path / "f", unfinished) as fd:
                assert shortfall(fd) is not None
