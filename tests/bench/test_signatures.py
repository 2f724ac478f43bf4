"""How fast signatures are verified: the library alone, our room on the stock library, and ours; outside marks beside.

Read the ratios, not the figures: they depend on the machine, and on what else it does.
"""

import asyncio
import io
import logging
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import Directory, SignatureStatus
from vbdaemon.signature.fast_path import speed_up
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

pytestmark = pytest.mark.bench

AT = datetime(2026, 2, 27, 2, 30, tzinfo=UTC)
ROUNDS = 25
LEAST = 1 / os.sysconf("SC_CLK_TCK")
"""Seconds; processor time of programs is counted in ticks."""
PLACES = {
    "NguoiKy": {"box": (380, 200, 480, 260)},
    "CoQuan": {"box": (300, 200, 400, 300)},
    "So": {"box": (140, 710, 200, 735), "text": "607"},
    "Ngay": {"box": (407, 710, 452, 735), "text": "27"},
    "PhatHanh": {"box": (262, 800, 439, 836)},
}
AIMS = {"1 page, 1 signature": 2.5, "10 pages, 2 signatures": 1.6}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
    speed_up(enabled=False)


@pytest.fixture(scope="module")
def pki() -> DemoPki:
    return DemoPki.create(AT)


@pytest.fixture(scope="module")
def files(pki, tmp_path_factory) -> dict[str, Path]:
    agency, leader = pki.issue("Ủy ban nhân dân huyện Thử Nghiệm"), pki.issue("Nguyễn Văn Mẫu", kind="person")
    folder = tmp_path_factory.mktemp("files")
    made = {}
    for pages, fields in ((1, ["CoQuan"]), (1, ["NguoiKy", "CoQuan"]), (10, ["NguoiKy", "CoQuan"]), (1, list(PLACES))):
        body = paper(pages)
        for field in fields:
            signer = leader if field == "NguoiKy" else agency
            body = sign(body, signer, field=field, signed_at=AT, timestamper=pki.tsa, **PLACES[field])
        name = f"{pages} page{'s' * (pages > 1)}, {len(fields)} signature{'s' * (len(fields) > 1)}"
        made[name] = folder / f"{pages}-{len(fields)}.pdf"
        made[name].write_bytes(body)
    return made


@pytest.fixture(scope="module")
def folder(pki, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("trust")
    pki.write_trust(path)
    return path


def paper(pages: int) -> bytes:
    """A PDF of some pages with forty lines of text each."""
    text = b"BT /F1 12 Tf 14 TL 90 760 Td " + b"(Van ban thu nghiem, mot dong chu) ' " * 40 + b"ET"
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 595 842]>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
    ]
    for number in range(pages):
        page = b"<</Type/Page/Parent 2 0 R/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        objects += [page % (5 + 2 * number), b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text)]
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def alone(path: Path, pki: DemoPki, crls: list[bytes]) -> None:
    """What the library does by itself: no roles, positions or revocation of ours."""

    def context() -> ValidationContext:
        certificates = [
            asn1_x509.Certificate.load(authority.certificate.public_bytes(Encoding.DER))
            for authority in (pki.root, pki.intermediate)
        ]
        return ValidationContext(trust_roots=certificates[:1], other_certs=certificates[1:], crls=crls, moment=AT)

    reader = PdfFileReader(io.BytesIO(path.read_bytes()), strict=False)
    for signature in reader.embedded_regular_signatures:
        status = asyncio.run(async_validate_pdf_signature(signature, context(), ts_validation_context=context()))
        assert status.intact


def milliseconds(*works: Callable[[], object]) -> list[float]:
    """Medians of processor time, each work in turn: other programs on the machine slow down all alike."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(ROUNDS + 1):
        for number, work in enumerate(works):
            work()  # caches of processor and interpreter belong to whoever ran last
            began = time.process_time()
            work()
            taken[number] += [(time.process_time() - began) * 1000] * (turn > 0)
    return [statistics.median(times) for times in taken]


def switched(work: Callable[[], object], *, fast: bool) -> Callable[[], object]:
    """The work with our functions or with the library's; chains are kept from turn to turn as in a worker."""
    speed = speed_up(enabled=True)

    def run() -> None:
        speed_up(fast, chains=speed.chains)
        work()

    return run


def ours(path: Path, trust: TrustStore) -> None:
    reports = verify_pdf(path, path.name, "0", trust, Directory())
    assert {report.status for report in reports} == {SignatureStatus.PASSED}


@pytest.mark.timeout(600)
def test_ours_beside_the_stock_library(files, folder, pki):
    trust, crls = TrustStore.load(folder), pki.crls()
    rows = [f"{'median ms of processor time':<28}{'library alone':>15}{'ours, stock':>13}{'ours, fast':>12}{'gain':>8}"]
    for name, path in files.items():
        room = lambda path=path: ours(path, trust)  # noqa: E731
        library, stock, fast = milliseconds(
            switched(lambda path=path: alone(path, pki, crls), fast=False),
            switched(room, fast=False),
            switched(room, fast=True),
        )
        aim = AIMS.get(name)
        rows.append(
            f"{name:<28}{library:>15.1f}{stock:>13.1f}{fast:>12.1f}{stock / fast:>7.1f}x"
            + (f"   (aim {aim}x)" if aim else "")
        )
    show(rows)


@pytest.mark.timeout(600)
def test_documents_a_second_beside_outside_marks(files, folder, tmp_path):
    trust = TrustStore.load(folder)
    path = files["10 pages, 2 signatures"]
    speed_up(enabled=True)
    [took] = milliseconds(lambda: ours(path, trust))
    rows = ["documents/s on one core, 10 pages, 2 signatures"]
    rows.append(f"  {'vbdaemon: and changes, timestamp, revocation, position, role':<60}{1000 / took:>8.0f}")
    for tool, command in outside_marks(path, folder, tmp_path).items():
        took = seconds(command)
        rows.append(f"  {tool:<60}{'absent' if took is None else f'{1 / took:.0f}':>8}")
    show(rows)


def outside_marks(path: Path, folder: Path, scratch: Path) -> dict[str, list[list[str]]]:
    """Programs that verify both signatures of a file; each starts anew, as scripts start them."""
    body = path.read_bytes()
    known = scratch / "authorities.pem"
    known.write_bytes(b"".join((folder / f"demo-{name}.pem").read_bytes() for name in ("root", "intermediate")))
    checked = ["-purpose", "any", "-no_check_time", "-CAfile", str(known), "-out", "/dev/null"]
    commands = []
    for number, signature in enumerate(PdfFileReader(io.BytesIO(body), strict=False).embedded_regular_signatures):
        start, before, after, rest = (int(edge) for edge in signature.byte_range)
        value, content = scratch / f"{number}.der", scratch / f"{number}.data"
        value.write_bytes(signature.pkcs7_content)
        content.write_bytes(body[start:before] + body[after : after + rest])
        what = ["-inform", "DER", "-in", str(value), "-content", str(content)]
        commands.append(["openssl", "cms", "-verify", "-binary", *what, *checked])
    return {
        "openssl cms -verify: hash, value, chain; nothing of the PDF": commands,
        "pdfsig -nocert: hash and value; no chain, no changes": [["pdfsig", "-nocert", str(path)]],
    }


def seconds(commands: list[list[str]]) -> float | None:
    """Mean of processor time for all of them, as ours is measured; None where the program is not installed."""
    if any(shutil.which(command[0]) is None for command in commands):
        return None
    taken = []
    for _ in range(ROUNDS):
        began = os.times()
        for command in commands:
            subprocess.run(command, check=True, capture_output=True)
        ended = os.times()
        spent = ended.children_user + ended.children_system - began.children_user - began.children_system
        taken.append(max(spent, LEAST))
    return statistics.mean(taken)


def show(rows: list[str]) -> None:
    print("\n" + "\n".join(rows))  # noqa: T201 - a measurement
