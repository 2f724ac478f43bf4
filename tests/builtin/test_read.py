"""The built-in `read` hook."""

import hashlib
from pathlib import Path

import pytest
import typst

from vbdaemon.builtin import read as builtin
from vbdaemon.model import ContentKind, File, Limits, ProblemKind, Snapshot
from vbdaemon.reading.media import HEAD_BYTES, media_type


def stored(folder: Path, raw: bytes, name: str) -> File:
    digest = hashlib.sha256(raw).hexdigest()
    path = folder / digest
    path.write_bytes(raw)
    return File(name, digest, len(raw), media_type(raw[:HEAD_BYTES], name, path), path)


def test_a_pdf_is_read(tmp_path):
    raw = typst.compile("#strong[THÔNG BÁO] về việc đọc văn bản".encode(), format="pdf")
    file = stored(tmp_path, raw, "a.pdf")
    content = builtin.read(file, Snapshot("1"))
    assert content.kind is ContentKind.PDF
    assert content.file == file.sha256
    assert "THÔNG BÁO" in content.text


def test_the_limits_are_those_of_the_snapshot(tmp_path):
    file = stored(tmp_path, b"Kinh gui: So Noi vu", "a.txt")
    assert builtin.read(file, Snapshot("1")).problems == ()
    assert builtin.read(file, Snapshot("1", limits=Limits(file_bytes=5))).has(ProblemKind.OVER_LIMIT)


@pytest.mark.parametrize(("raw", "name"), [(b"\x89PNG\r\n\x1a\n", "a.png"), (b"", "a.pdf"), (b"\x00\x01", "a.bin")])
def test_every_kind_of_file_is_answered(tmp_path, raw, name):
    assert builtin.read(stored(tmp_path, raw, name), Snapshot("1")).problems
