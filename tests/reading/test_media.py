"""Media types by content."""

import subprocess
import sys
import zipfile
from io import BytesIO

import docx
import openpyxl
import pytest

from vbdaemon.reading import media

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIL = b"Received: from a.example by b.example; Mon, 1 Jan 2024 08:00:00 +0700\r\nFrom: a@a.example\r\n\r\n%PDF-1.7"


def zipped(*names: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"", "a.pdf", media.EMPTY),
        (b"%PDF-1.7\n", "a.txt", media.PDF),
        (b"\n\njunk of a mail gateway %PDF-1.4\n", "a.pdf", media.PDF),
        (zipped("a.txt"), "a.docx", media.ZIP),
        (zipped("[Content_Types].xml", "word/document.xml"), "a.bin", media.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a.bin", media.XLSX),
        (OLE + b"\0" * 600, "bao-cao.doc", media.DOC),
        (OLE + b"\0" * 600, "BANG.XLS", media.XLS),
        (OLE + "Workbook".encode("utf-16-le"), "a.doc", media.XLS),
        (OLE + b"\0" * 600, "a.msg", media.OLE),
        (MAIL, "a.bin", media.MAIL),
        (b"Subject: mot dong\n\nxin chao", "thu.eml", media.MAIL),
        (b"Subject: mot dong\n\nxin chao", "ghi-chu.txt", media.TEXT),
        ("Kính gửi: Sở Nội vụ".encode(), "a", media.TEXT),
        ("Kính gửi".encode("utf-16"), "a.txt", media.TEXT),
        ("Ủ".encode()[:2], "a", media.TEXT),
        (b"\x89PNG\r\n\x1a\n..", "a.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0..", "a", "image/jpeg"),
        (b"<!DOCTYPE html><p>", "a.pdf", "text/html"),
        (b"<?xml version='1.0'?>", "a", "application/xml"),
        (b"\x00\x01\x02\x03", "a.pdf", media.UNKNOWN),
        (b"MZ\x90\x00", "cong-van.pdf.exe", media.UNKNOWN),
    ],
)
def test_the_bytes_decide_and_the_name_only_where_they_cannot(head, name, expected):
    assert media.media_type(head, name) == expected


def test_office_files_are_told_from_archives_by_the_whole_zip(tmp_path):
    word, sheet, plain = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    docx.Document().save(str(word))
    openpyxl.Workbook().save(sheet)
    # names that only look like Word to a reader of the first bytes
    plain.write_bytes(zipped("word/cong-van.txt", "b.txt"))
    found = [media.media_type(p.read_bytes()[: media.HEAD_BYTES], p.name, p) for p in (word, sheet, plain)]
    assert found == [media.DOCX, media.XLSX, media.ZIP]


def test_a_broken_zip_has_a_type_and_raises_nothing(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped("a.txt")[:30])
    assert media.media_type(path.read_bytes(), path.name, path) == media.ZIP


def test_importing_it_loads_no_parser():
    code = (
        "import sys, vbdaemon.reading.media; print([m for m in ('pypdf','pypdfium2','docx','PIL') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
