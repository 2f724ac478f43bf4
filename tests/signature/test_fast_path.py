"""Our faster functions give the same reports as the library's, field by field, on all that these tests can make."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

import pytest

from vbdaemon.model import Directory, SignatureReport, SignatureStatus
from vbdaemon.signature.fast_path import speed_up
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

MUTANTS = 120
SHARED = Path(__file__).parents[3] / "shared"

SUBINDICATIONS = {
    None,
    "HASH_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "SIG_CONSTRAINTS_FAILURE",
    "REVOKED",
    "REVOKED_NO_POE",
    "EXPIRED",
    "OUT_OF_BOUNDS_NO_POE",
    "NO_POE",
    "NO_CERTIFICATE_CHAIN_FOUND",
    "CHAIN_CONSTRAINTS_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE",
}
MODIFICATIONS = {None, "NONE", "LTA_UPDATES", "FORM_FILLING", "OTHER"}
"""All that our rules can give: without a rule for annotations there is no level for them."""
COVERAGES = {None, "UNCLEAR", "CONTIGUOUS_BLOCK_FROM_START", "ENTIRE_REVISION", "ENTIRE_FILE"}


@pytest.fixture(autouse=True)
def slow_afterwards() -> Iterator[None]:
    yield
    speed_up(enabled=False)


@dataclass(frozen=True)
class Paper:
    """A file, and what is trusted."""

    name: str
    body: bytes
    trust: TrustStore


@pytest.fixture(scope="module")
def library(papers, signers, all_attacks, mutation, trust, pdf, new_key, tmp_path_factory) -> list[Paper]:
    """Everything: attacks and their twins, the table of verdicts, validation data, mutants, real documents."""
    made = []
    for attack in all_attacks:
        forgery = attack.make(signers)
        made += [Paper(attack.name, forgery.attacked, trust), Paper(f"{attack.name}-twin", forgery.twin, trust)]
    folder = tmp_path_factory.mktemp("rows")
    for row in papers.ROWS:
        own = papers.authority(new_key)
        credential = own.issue(papers.AGENCY, **(row.certificate or {}))
        if row.revoked is not None:
            own.revoke(credential, papers.AT + row.revoked)
        with pytest.MonkeyPatch.context() as patch:
            signed = papers.signed(row, own, pdf, credential, patch)
        store = papers.store(row, own, folder / row.name)
        kept = papers.with_store(signed, own)
        made += [Paper(row.name, signed, store), Paper(f"{row.name}-dss", kept, store)]
        made.append(Paper(f"{row.name}-lta", papers.with_timestamp(kept, own), store))
    made += odd_values(papers, pdf, new_key, folder)
    originals = [paper.body for paper in made if paper.name in ("middle-revision-changed-twin", "rsa-2048-sha256")]
    made += [Paper(mutant.name, mutant.body, trust) for mutant in mutation.mutants(originals, MUTANTS)]
    real = TrustStore.load(SHARED / "trust")
    return made + [Paper(path.name, path.read_bytes(), real) for path in sorted((SHARED / "samples").glob("*.pdf"))]


def odd_values(papers, pdf: bytes, new_key, folder: Path) -> list[Paper]:
    """Signature values that do not fit, no time at all, an authority that had ended."""
    own = papers.authority(new_key)
    credential = own.issue(papers.AGENCY, key=papers.KEY)
    store = papers.store(papers.ROWS[0], own, folder / "odd")
    made = []
    for name, value in (("no-null", papers.without_null), ("garbage", lambda *_: b"\1" * 256)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("vbdaemon.signature.signing._LoadedKeySigner.sign_raw", value)
            made.append(Paper(name, papers.stamped(pdf, own, credential), store))
    timeless = sign(pdf, credential, field="CoQuan", signed_at=papers.AT).replace(b"/M (", b"/N (")
    ended = papers.authority(new_key, not_after=papers.AT - timedelta(days=1))
    late = Paper("authority-ended", papers.stamped(pdf, own, ended.issue(papers.AGENCY)), papers.store(papers.ROWS[0], ended, folder / "ended"))  # fmt: skip
    return [*made, Paper("timeless", timeless, store), late]


def reports_of(paper: Paper, folder: Path) -> tuple[SignatureReport, ...]:
    path = folder / "van-ban.pdf"
    path.write_bytes(paper.body)
    return verify_pdf(path, path.name, hashlib.sha256(paper.body).hexdigest(), paper.trust, Directory())


def differences(ours: tuple[SignatureReport, ...], stock: tuple[SignatureReport, ...]) -> list[str]:
    if len(ours) != len(stock):
        return [f"{len(ours)} reports instead of {len(stock)}"]
    return [
        f"{field.name}: {getattr(one, field.name)} instead of {getattr(other, field.name)}"
        for one, other in zip(ours, stock, strict=True)
        for field in fields(SignatureReport)
        if getattr(one, field.name) != getattr(other, field.name)
    ]


@pytest.mark.timeout(300)
def test_the_same_reports_come_out_field_by_field_cold_and_warm(library, tmp_path):
    speed_up(enabled=False)
    stock = [reports_of(paper, tmp_path) for paper in library]
    speed = speed_up(enabled=True)
    assert speed.fast, speed.unknown
    for _round in ("cold", "warm"):
        for paper, expected in zip(library, stock, strict=True):
            assert differences(reports_of(paper, tmp_path), expected) == [], paper.name
    assert speed.chains.hits > len(library)
    seen = Counter(report for reports in stock for report in reports)
    assert {report.status for report in seen} == set(SignatureStatus)
    assert {report.subindication for report in seen} == SUBINDICATIONS
    assert {report.modification for report in seen} == MODIFICATIONS
    assert {report.coverage for report in seen} == COVERAGES
