"""A small invented district: an office, units, documents and verdicts to write notices about."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from vbdaemon.model import (
    Channel,
    Classification,
    Directory,
    DocumentVerdict,
    Envelope,
    Evidence,
    File,
    FileRole,
    Finding,
    Found,
    Office,
    Policy,
    PolicyRule,
    Reason,
    RegisterNumber,
    Severity,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Snapshot,
    Submission,
    TextSource,
    Unit,
    Verdict,
    VerdictKind,
)

RECEIVED_AT = datetime(2025, 1, 15, 2, 30, tzinfo=UTC)
MAIN, WORD = "a" * 64, "b" * 64
OFFICE = Office(
    name="Văn phòng HĐND và UBND huyện Bình An",
    parent="Ủy ban nhân dân huyện Bình An",
    unit="H99.10",
    address="số 1 đường Trung Tâm, thị trấn Bình An",
    telephone="0200 3000 100",
    email="vanthu@binhan.example",
    contact="Lê Thị Mẫu",
    contact_title="Văn thư",
)
UNITS = (
    Unit("H99", "Ủy ban nhân dân tỉnh Trung Giang", addresses=("vanthu@trunggiang.example",)),
    Unit("H99.10", "Ủy ban nhân dân huyện Bình An", parent="H99"),
    Unit("H99.10.01", "Phòng Nội vụ huyện Bình An", parent="H99.10", folder="phong-noi-vu"),
    Unit("H99.10.02", "Liaison Office", parent="H99.10", language="en"),
)


def found(value, page=1):
    return Found(value, 0.98, TextSource.TEXT, Evidence(str(value), MAIN, page))


def load_policy():
    rows = tomllib.loads(files("vbdaemon.rules").joinpath("policy.toml").read_text("utf-8"))["finding"]
    return Policy(
        tuple(
            PolicyRule(
                **row
                | {
                    "severity": Severity(row["severity"]),
                    "verdict": VerdictKind(row["verdict"]) if "verdict" in row else None,
                }
            )
            for row in rows
        )
    )


@dataclass(frozen=True)
class District:
    """Makes submissions and verdicts; every value can be replaced."""

    policy: Policy
    office: Office = OFFICE
    units: tuple[Unit, ...] = UNITS
    classification: Classification = field(
        default_factory=lambda: Classification(
            form=found("cong-van"),
            form_name="Công văn",
            number=found("299"),
            symbol=found("UBND-TTHC"),
            issued_on=found(date(2025, 1, 14)),
            issuer=found("Phòng Nội vụ huyện Bình An"),
            issuer_unit="H99.10.01",
            subject=found("V/v kiểm soát thủ tục hành chính năm 2025"),
        )
    )

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot("test", office=self.office, directory=Directory(self.units), policy=self.policy)

    def submission(self, unit="H99.10.01", channel=Channel.FOLDER, mail_from=None, names=("299.pdf", "299.docx")):
        return Submission(
            "20250115-0930-k3x9",
            Envelope("noi-vu", channel, RECEIVED_AT, unit=unit, mail_from=mail_from),
            (
                File(names[0], MAIN, 1000, "application/pdf", Path("/nowhere/1"), FileRole.MAIN),
                File(names[1], WORD, 900, "application/msword", Path("/nowhere/2"), FileRole.EDITABLE),
            ),
        )

    def verdict(self, kind: VerdictKind, *findings: Finding, **changes) -> DocumentVerdict:
        reasons = tuple(
            Reason.of(f) for f in findings if (rule := self.policy.by_code.get(f.code)) is None or rule.verdict is kind
        )
        base = DocumentVerdict(
            main="299.pdf",
            main_sha256=MAIN,
            files=(MAIN, WORD),
            classification=self.classification,
            signatures=(),
            findings=findings,
            verdict=Verdict(kind, reasons),
        )
        return replace(base, **changes)

    def refused(self, **changes) -> DocumentVerdict:
        unsigned = self.policy.finding("organisation-signature-missing", Evidence("", MAIN, 2))
        return self.verdict(VerdictKind.REJECT, unsigned, self.policy.finding("editable-file-missing"), **changes)

    def accepted(self, *findings: Finding, **changes) -> DocumentVerdict:
        register = RegisterNumber("den", 2025, 123, date(2025, 1, 15))
        signed = SignatureReport(
            MAIN, "299.pdf", "Sig1", SignatureStatus.PASSED, intact=True, trusted=True, role=SignerRole.ORGANISATION
        )
        changes = {"register": register, "signatures": (signed,)} | changes
        return self.verdict(VerdictKind.ACCEPT, *findings, **changes)

    def held(self, **changes) -> DocumentVerdict:
        return self.verdict(VerdictKind.HOLD, self.policy.finding("certificate-untrusted"), **changes)

    def returned(self, **changes) -> DocumentVerdict:
        wrong = self.policy.finding("draft-from-non-leader", account="chuyen-vien")
        return self.verdict(VerdictKind.REJECT, wrong, returned=True, **changes)

    def quarantined(self, **changes) -> DocumentVerdict:
        return self.verdict(VerdictKind.QUARANTINE, self.policy.finding("secret-marking"), **changes)


@pytest.fixture
def district() -> District:
    return District(load_policy())


@pytest.fixture
def make_district() -> Callable[..., District]:
    return lambda **changes: District(load_policy(), **changes)
