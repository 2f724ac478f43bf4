"""Every kind of signed file that these tests can make or find, and the comparison of the reports on them."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

import pytest

from vbdaemon.model import Directory, SignatureReport, SignatureStatus, UnsignedTrace
from vbdaemon.signature.fast_path import speed_up
from vbdaemon.signature.signing import sign
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

MUTANTS = 120
WORD_MUTANTS = 60
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


@dataclass(frozen=True)
class Paper:
    """A file, and what is trusted."""

    name: str
    body: bytes
    trust: TrustStore


class Library:
    """Everything: attacks and their twins, the table of verdicts, validation data, mutants, real documents."""

    def __init__(self, papers, signers, all_attacks, mutation, outside, trust, pdf, new_key, folder: Path) -> None:
        self.outside = outside
        self.papers, self.signers, self.attacks, self.mutation = papers, signers, all_attacks, mutation
        self.trust, self.pdf, self.new_key, self.folder = trust, pdf, new_key, folder

    def all_of(self, step: int) -> list[Paper]:
        """Every `step`th attack of a family, a `step`th of the mutants; 1 = all."""
        made = [*self.attacked(step), *self.rows(complete=step == 1), *self.odd_values()]
        originals = [paper.body for paper in made if paper.name in ("middle-revision-changed-twin", "ed25519")]
        mutants = self.mutation.mutants(originals, MUTANTS // step)
        made += [Paper(mutant.name, mutant.body, self.trust) for mutant in mutants]
        real = TrustStore.load(SHARED / "trust")
        samples = sorted((SHARED / "samples").glob("*.pdf"))[step > 1 :: step]
        made += [Paper(path.name, path.read_bytes(), real) for path in samples]
        if step == 1:  # Word's own shape: object streams and a tree of structure, under fuzzed bytes
            digital = [path.read_bytes() for path in samples if "digital" in path.name]
            mutants = self.mutation.mutants(digital, WORD_MUTANTS) if digital else ()
            made += [Paper(f"{mutant.name}-of-word", mutant.body, real) for mutant in mutants]
        return made

    def attacked(self, step: int) -> Iterator[Paper]:
        for number, attack in enumerate(self.attacks):
            if number % step and not attack.name.startswith(("middle", "wrapping", "incremental-saving-sig")):
                continue
            forgery = attack.make(self.signers)
            yield Paper(attack.name, forgery.attacked, self.trust)
            yield Paper(f"{attack.name}-twin", forgery.twin, self.trust)

    def rows(self, *, complete: bool) -> Iterator[Paper]:
        papers = self.papers
        for row in papers.ROWS:
            own = papers.authority(self.new_key)
            credential = papers.issued(row, own)
            if row.revoked is not None:
                own.revoke(credential, papers.AT + row.revoked)
            with pytest.MonkeyPatch.context() as patch:
                signed = papers.signed(row, own, self.pdf, credential, patch)
            store = papers.store(row, own, self.folder / row.name)
            yield Paper(row.name, signed, store)
            if complete or row is papers.ROWS[0]:
                kept = papers.with_store(signed, own)
                yield Paper(f"{row.name}-dss", kept, store)
                yield Paper(f"{row.name}-lta", papers.with_timestamp(kept, own), store)

    def odd_values(self) -> Iterator[Paper]:
        """Signature values that do not fit, no time at all, an authority that had ended."""
        papers, pdf = self.papers, self.pdf
        own = papers.authority(self.new_key)
        credential = own.issue(papers.AGENCY, key=papers.KEY)
        store = papers.store(papers.ROWS[0], own, self.folder / "odd")
        for name, value in (("no-null", papers.without_null), ("garbage", lambda *_: b"\1" * 256)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("vbdaemon.signature.signing._LoadedKeySigner.sign_raw", value)
                yield Paper(name, papers.stamped(pdf, own, credential), store)
        timeless = sign(pdf, credential, field="CoQuan", signed_at=papers.AT)
        yield Paper("timeless", timeless.replace(b"/M (", b"/N ("), store)
        ended = papers.authority(self.new_key, not_after=papers.AT - timedelta(days=1))
        late = papers.stamped(pdf, own, ended.issue(papers.AGENCY))
        for name, body in self.outside.unsigned(papers, own, pdf).items():
            yield Paper(f"unsigned-{name}", body, store)
        yield Paper("authority-ended", late, papers.store(papers.ROWS[0], ended, self.folder / "ended"))


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


def compare(corpus: list[Paper], folder: Path) -> Counter:
    """The reports of the whole corpus, found equal; cold and warm caches."""
    speed_up(enabled=False)
    stock = [reports_of(paper, folder) for paper in corpus]
    speed = speed_up(enabled=True)
    assert speed.fast, speed.unknown
    for _round in ("cold", "warm"):
        for paper, expected in zip(corpus, stock, strict=True):
            assert differences(reports_of(paper, folder), expected) == [], paper.name
    assert speed.chains.hits > len(corpus) // 2
    return Counter(report for reports in stock for report in reports)


def assert_all_occurred(seen: Counter) -> None:
    assert {report.status for report in seen} == set(SignatureStatus)
    assert {report.subindication for report in seen} == SUBINDICATIONS
    assert {report.modification for report in seen} == MODIFICATIONS
    assert {report.coverage for report in seen} == COVERAGES
    assert {trace for report in seen for trace in report.unsigned_traces} == set(UnsignedTrace)
