"""One test authority for the whole session, a small PDF, and short ways to sign and verify."""

import hashlib
import importlib.util
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from vbdaemon.builtin.judge import consequence
from vbdaemon.builtin.signature_policy import check as weaknesses
from vbdaemon.builtin.validity import check
from vbdaemon.demo.pki import DemoPki
from vbdaemon.model import (
    Box,
    Classification,
    Content,
    ContentKind,
    Directory,
    Document,
    Evidence,
    File,
    FileRole,
    Finding,
    Found,
    Line,
    Page,
    Policy,
    SignatureReport,
    SignatureRules,
    Signer,
    Snapshot,
    TextSource,
    VerdictKind,
)
from vbdaemon.rules.loader import load_policy
from vbdaemon.rules.signature_policy import load_signature_policy
from vbdaemon.signature.credential import Credential
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf
from vbdaemon.testing import make_submission

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
PUBLISHED_TRUST = Path(__file__).parents[3] / "shared" / "trust"

Verify = Callable[..., tuple[SignatureReport, ...]]


def beside(name: str) -> ModuleType:
    """A module of this folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


incremental = beside("incremental")
attacks = beside("attacks")
papers_module = beside("papers")
ATTACKS = (
    *attacks.UPDATES,
    *beside("attacks_signature").SIGNATURE,
    *beside("attacks_structure").STRUCTURE,
)


class Decision(NamedTuple):
    """What becomes of a document for its signatures."""

    verdict: VerdictKind
    codes: set[str]
    """Of the findings that hold or refuse."""
    reports: tuple[SignatureReport, ...]
    told: tuple[Finding, ...]
    """All findings, notes too."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "attack" in metafunc.fixturenames:
        metafunc.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", papers_module.ROWS, ids=[row.name for row in papers_module.ROWS])


@pytest.fixture(autouse=True)
def quiet_library() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def new_key() -> Callable[[], rsa.RSAPrivateKey]:
    """Keys out of a small pool: making one takes longer than all else in a test."""
    pool = cycle([rsa.generate_private_key(65537, 2048) for _ in range(4)])
    return lambda: next(pool)


@pytest.fixture(scope="session")
def pki(new_key: Callable[[], rsa.RSAPrivateKey]) -> DemoPki:
    return DemoPki.create(NOW, new_key=new_key)


@pytest.fixture(scope="session")
def agency(pki: DemoPki) -> Credential:
    return pki.issue("Ủy ban nhân dân huyện Thử Nghiệm")


@pytest.fixture(scope="session")
def leader(pki: DemoPki) -> Credential:
    """With a key of his own, never one of the pool that the agency may have."""
    key = rsa.generate_private_key(65537, 2048)
    return pki.issue("Nguyễn Văn Mẫu", kind="person", units=("VĂN PHÒNG",), email="mau@example.vn", key=key)


@pytest.fixture(scope="session")
def trust_folder(pki: DemoPki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust")
    pki.write_trust(folder)
    return folder


@pytest.fixture(scope="session")
def trust(trust_folder: Path) -> TrustStore:
    return TrustStore.load(trust_folder)


@pytest.fixture
def verify(tmp_path: Path, trust: TrustStore) -> Verify:
    """Reports of a PDF given as bytes, by the session's trust store and an empty directory unless told."""

    def run(
        pdf: bytes, store: TrustStore | None = None, directory: Directory | None = None
    ) -> tuple[SignatureReport, ...]:
        path = tmp_path / "van-ban.pdf"
        path.write_bytes(pdf)
        sha256 = hashlib.sha256(pdf).hexdigest()
        return verify_pdf(path, path.name, sha256, store or trust, directory or Directory())

    return run


@pytest.fixture(scope="session")
def signers(pki: DemoPki, agency: Credential, leader: Credential, new_key) -> object:
    """Who may sign in an attack."""
    other = pki.issue("Sở Khác tỉnh Thử Nghiệm")
    stranger = DemoPki.create(NOW, "Tự tạo", new_key=new_key).issue("Ủy ban nhân dân huyện Thử Nghiệm")
    return attacks.Signers(agency, leader, other, stranger, incremental)


@pytest.fixture(scope="session")
def own_attacks() -> ModuleType:
    """The module that makes attacked files."""
    return attacks


@pytest.fixture(scope="session")
def papers() -> ModuleType:
    """The module with the table of verdicts."""
    return papers_module


@pytest.fixture(scope="session")
def mutation() -> ModuleType:
    """The module that makes mutated files."""
    return beside("mutation")


@pytest.fixture(scope="session")
def outside() -> ModuleType:
    """The module that makes files with something in bytes that nobody signed."""
    return beside("outside")


@pytest.fixture(scope="module")
def library(corpus, papers, signers, all_attacks, mutation, outside, trust, pdf, new_key, tmp_path_factory) -> object:
    """All of them."""
    folder = tmp_path_factory.mktemp("library")
    return corpus.Library(papers, signers, all_attacks, mutation, outside, trust, pdf, new_key, folder)


@pytest.fixture(scope="session")
def corpus() -> ModuleType:
    """The module that makes every kind of signed file, and compares the reports on them."""
    return beside("corpus")


@pytest.fixture(scope="session")
def originals(mutation, signers, pki, own_attacks) -> list[bytes]:
    """What mutants are made of."""
    return mutation.made_of(signers, pki, own_attacks)


@pytest.fixture(scope="session")
def all_attacks() -> tuple[object, ...]:
    return ATTACKS


@pytest.fixture(scope="session")
def shipped() -> tuple[Policy, SignatureRules]:
    """The policy and the rules on signatures, read once."""
    return load_policy(), load_signature_policy()


@pytest.fixture
def decide(verify: Verify, shipped: tuple[Policy, SignatureRules]) -> Callable[..., Decision]:
    """The findings about a document of the agency, printed signer the leader, that hold or refuse it.

    `scan`: its only page is a picture with a seal; otherwise a page of text with one line at 100, 700.
    """
    policy, rules = shipped
    named = Found(Signer(None, "CHỦ TỊCH", "Nguyễn Văn Mẫu"), 1.0, TextSource.TEXT, Evidence("", "m", 1))
    issuer = Found("ỦY BAN NHÂN DÂN HUYỆN THỬ NGHIỆM", 1.0, TextSource.TEXT, Evidence("", "m", 1))
    line = Line("Van ban thu nghiem", Box(100, 131, 210, 145))
    seal = Box(300, 500, 400, 600)

    def run(pdf: bytes, store: TrustStore | None = None, *, scan: bool = False) -> Decision:
        reports = verify(pdf, store)
        sha256 = hashlib.sha256(pdf).hexdigest()
        page = Page(1, 595, 842, image_only=True, seals=(seal,)) if scan else Page(1, 595, 842, (line,))
        file = File("van-ban.pdf", sha256, len(pdf), "application/pdf", Path("van-ban.pdf"), FileRole.MAIN)
        document = Document(file, contents=(Content(sha256, ContentKind.PDF, (page,), 1),))
        snapshot = Snapshot("1", policy=policy, signature_rules=rules)
        classified = Classification(issuer=issuer, signer=None if scan else named)
        found = check(document=document, classification=classified, signatures=reports, snapshot=snapshot)
        found += weaknesses(submission=make_submission(file), signatures=reports, snapshot=snapshot)
        answers = {finding.code: consequence(finding, snapshot) for finding in found}
        codes = {code for code, kind in answers.items() if kind is not VerdictKind.ACCEPT}
        verdict = max(answers.values(), key=lambda kind: kind.rank, default=VerdictKind.ACCEPT)
        return Decision(verdict, codes, reports, found)

    return run


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return made_pdf()


@pytest.fixture(scope="session")
def turned_pdf() -> bytes:
    return made_pdf(b"/CropBox[10 20 595 842]/Rotate 90")


def made_pdf(attributes: bytes = b"") -> bytes:
    """Two A4 pages with a line of text each, and further attributes of the pages."""
    texts = [b"BT /F1 12 Tf 100 700 Td (Van ban thu nghiem) Tj ET", b"BT /F1 12 Tf 100 700 Td (Trang hai) Tj ET"]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]%s>>" % attributes,
        b"<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 7 0 R>>>>>>",
        b"<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources<</Font<</F1 7 0 R>>>>>>",
        *(b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text) for text in texts),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
    ]
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
