"""The built-in `verify`: all PDF files of a document, one trust store for many documents."""

import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vbdaemon.builtin import verify as room
from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Document, File, FileRole, Policy, SignatureStatus, Snapshot
from vbdaemon.signature.signing import sign

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pki():
    logging.disable(logging.ERROR)
    yield DemoPki.create(NOW)
    logging.disable(logging.NOTSET)


def written(folder: Path, name: str, body: bytes, role: FileRole) -> File:
    path = folder / name
    path.write_bytes(body)
    return File(name, hashlib.sha256(body).hexdigest(), len(body), "application/pdf", path, role)


def small_pdf() -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        ),
        start=1,
    ):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 4\n0000000000 65535 f \n%strailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )
    return bytes(out)


def test_main_file_and_annexes_are_verified_each_under_its_own_hash(pki, tmp_path):
    pki.write_trust(tmp_path / "trust")
    agency = pki.issue("Sở Thử nghiệm")
    main = written(tmp_path, "a.pdf", sign(small_pdf(), agency, field="A", signed_at=NOW), FileRole.MAIN)
    annex = written(tmp_path, "b.pdf", sign(small_pdf(), agency, field="B", signed_at=NOW), FileRole.ANNEX)
    table = written(tmp_path, "c.xlsx", b"PK\x03\x04", FileRole.ANNEX)
    snapshot = Snapshot("1", policy=Policy(()), trust=tmp_path / "trust")
    reports = room.verify(document=Document(main, (annex, table)), snapshot=snapshot)
    assert [(r.file, r.field, r.file_name) for r in reports] == [
        (main.sha256, "A", "a.pdf"),
        (annex.sha256, "B", "b.pdf"),
    ]
    assert {r.status for r in reports} == {SignatureStatus.PASSED}


def test_the_trust_folder_is_read_once_and_again_when_it_changes(pki, tmp_path):
    pki.write_trust(tmp_path / "trust")
    agency = pki.issue("Sở Thử nghiệm")
    main = written(tmp_path, "a.pdf", sign(small_pdf(), agency, field="A", signed_at=NOW), FileRole.MAIN)
    snapshot = Snapshot("1", policy=Policy(()), trust=tmp_path / "trust")
    before = room.trust_store.cache_info()
    for _ in range(3):
        assert room.verify(document=Document(main), snapshot=snapshot)[0].status is SignatureStatus.PASSED
    after = room.trust_store.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)
    (tmp_path / "trust" / "demo-root.pem").unlink()
    assert room.verify(document=Document(main), snapshot=snapshot)[0].status is SignatureStatus.INDETERMINATE


def test_without_a_trust_folder_nothing_is_trusted(pki, tmp_path):
    main = written(
        tmp_path, "a.pdf", sign(small_pdf(), pki.issue("Sở Thử nghiệm"), field="A", signed_at=NOW), FileRole.MAIN
    )
    (report,) = room.verify(document=Document(main), snapshot=Snapshot("1"))
    assert report.subindication == "NO_CERTIFICATE_CHAIN_FOUND"
