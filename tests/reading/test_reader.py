"""Any file at all becomes a Content."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vbdaemon.model import ContentKind, ProblemKind
from vbdaemon.reading import media
from vbdaemon.reading.edge import guarded
from vbdaemon.reading.reader import read_file

SHA = "0" * 64
HEADS = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"From: a\r\nTo: b\r\n\r\n", b"text ")


@pytest.fixture
def read(tmp_path, limits):
    def of(raw: bytes, name: str, media_type: str | None = None, bounds=limits):
        path = tmp_path / "stored"
        path.write_bytes(raw)
        kind = media_type or media.media_type(raw[: media.HEAD_BYTES], name, path)
        return read_file(path, name, SHA, kind, bounds, None)

    return of


@pytest.mark.parametrize(
    ("raw", "name", "kind", "problem"),
    [
        (b"", "a.pdf", ContentKind.PDF, ProblemKind.EMPTY),
        (b"", "a.docx", ContentKind.DOCX, ProblemKind.EMPTY),
        (b"", "a", ContentKind.OTHER, ProblemKind.EMPTY),
        (b"\x00\x01\x02", "a.pdf", ContentKind.PDF, ProblemKind.DAMAGED),
        (b"\x00\x01\x02", "a.bin", ContentKind.OTHER, ProblemKind.UNSUPPORTED),
        (b"%PDF-1.7 nothing more", "a.pdf", ContentKind.PDF, ProblemKind.DAMAGED),
        (b"PK\x03\x04 word/ nothing more", "a.docx", ContentKind.DOCX, ProblemKind.DAMAGED),
        (b"PK\x03\x04 xl/ nothing more", "a.xlsx", ContentKind.XLSX, ProblemKind.DAMAGED),
        (b"PK\x03\x04 nothing more", "a.zip", ContentKind.OTHER, ProblemKind.DAMAGED),
        (HEADS[3] + b"\0" * 600, "a.doc", ContentKind.DOC, ProblemKind.UNSUPPORTED),
        (HEADS[3] + b"\0" * 600, "a.xls", ContentKind.XLS, ProblemKind.UNSUPPORTED),
        (HEADS[3] + "EncryptedPackage".encode("utf-16-le"), "a.docx", ContentKind.DOCX, ProblemKind.ENCRYPTED),
        (b"\x89PNG\r\n\x1a\n", "a.png", ContentKind.OTHER, ProblemKind.UNSUPPORTED),
    ],
)
def test_a_file_that_cannot_be_read_says_why(read, raw, name, kind, problem):
    content = read(raw, name)
    assert (content.kind, [p.kind for p in content.problems]) == (kind, [problem])
    assert content.file == SHA


def test_a_file_over_the_limit_is_not_opened(read, limits, letter):
    content = read(letter, "a.pdf", bounds=replace(limits, file_bytes=100))
    assert [p.kind for p in content.problems] == [ProblemKind.OVER_LIMIT]
    assert content.pages == ()


def test_a_folder_or_a_missing_file_is_damaged(tmp_path, limits):
    for path in (tmp_path, tmp_path / "missing"):
        content = read_file(path, "a.pdf", SHA, media.PDF, limits, None)
        assert [p.kind for p in content.problems] == [ProblemKind.DAMAGED]


def test_words_of_a_problem_never_quote_the_file(read):
    content = read(b"PK\x03\x04 word/ bi mat quoc gia", "bi-mat.docx")
    assert all("bi" not in problem.words.split() for problem in content.problems)


@pytest.mark.parametrize("error", [KeyError("bí mật"), MemoryError(), RecursionError(), AssertionError("bí mật")])
def test_whatever_a_parser_raises_is_a_problem_that_names_its_type(error):
    def broken():
        raise error

    problem = guarded(broken, "text", 3)
    assert (problem.kind, problem.page) == (ProblemKind.DAMAGED, 3)
    assert type(error).__name__ in problem.words
    assert "bí mật" not in problem.words


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(HEADS), st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.eml", "a.zip", "a"]))
def test_no_bytes_raise(read, head, rest, name):
    assert read(head + rest, name).file == SHA


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_to_a_letter_raises(read, letter, data):
    raw = bytearray(letter)
    for _ in range(data.draw(st.integers(1, 30))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert read(bytes(raw), "a.pdf", media.PDF).kind is ContentKind.PDF


def test_the_reader_is_quick_to_import():
    source = Path(read_file.__code__.co_filename).read_text()
    assert not any(line.startswith(("import pypdf", "from vbdaemon.reading.pdf")) for line in source.splitlines())
