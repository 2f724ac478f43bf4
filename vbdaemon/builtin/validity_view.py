"""The signatures of one document as the checks of validity see them."""

from dataclasses import dataclass
from datetime import timedelta, timezone

from vbdaemon.builtin.validity_names import joint_bodies, same_body
from vbdaemon.model import (
    Classification,
    Document,
    Evidence,
    Finding,
    SignatureReport,
    SignatureStatus,
    SignerRole,
    Snapshot,
    TextSource,
)

VIETNAM = timezone(timedelta(hours=7))
FOR_PEOPLE = "%d/%m/%Y %H:%M:%S +07:00"
"""How a signature shows its time (TT 01/2019/TT-BNV)."""

NO_CHAIN = "NO_CERTIFICATE_CHAIN_FOUND"


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One document, its signatures in order of signing, and the snapshot whose policy gives the words."""

    document: Document
    classification: Classification
    signatures: tuple[SignatureReport, ...]
    snapshot: Snapshot

    @property
    def main(self) -> tuple[SignatureReport, ...]:
        """Signatures of the main file."""
        return self.of(self.document.main.sha256)

    def of(self, sha256: str) -> tuple[SignatureReport, ...]:
        """Signatures of the file with this hash."""
        return tuple(report for report in self.signatures if report.file == sha256)

    def main_with(self, role: SignerRole) -> tuple[SignatureReport, ...]:
        """Signatures of the main file in this role."""
        return tuple(report for report in self.main if report.role is role)

    @property
    def issuer(self) -> str:
        """The issuer's name for people; empty when unknown."""
        unit = self.snapshot.directory.unit(self.classification.issuer_unit)
        if unit is not None:
            return unit.name
        return self.classification.issuer.value if self.classification.issuer else ""

    def is_issuers(self, report: SignatureReport) -> bool:
        """True when an organisation signature is the issuer's: by confirmed certificate, else by common name alone."""
        if report.role is not SignerRole.ORGANISATION:
            return False
        issuer_unit = self.classification.issuer_unit
        if report.confirmed and issuer_unit is not None:
            return report.unit == issuer_unit
        confirmed_for = self.snapshot.directory.unit(report.unit)
        names = (report.signer, *((confirmed_for.name, *confirmed_for.aliases) if confirmed_for else ()))
        return any(self._names_issuer(name) for name in names if name)

    def _names_issuer(self, name: str) -> bool:
        unit = self.snapshot.directory.unit(self.classification.issuer_unit)
        if unit is not None and any(same_body(name, known) for known in (unit.name, *unit.aliases)):
            return True
        printed = self.classification.issuer
        if printed is None:
            return False
        bodies = joint_bodies(printed.value) if self.classification.co_signers else (printed.value,)
        return any(same_body(name, body, read_by_ocr=printed.source is TextSource.OCR) for body in bodies)

    def holds_good(self, report: SignatureReport) -> bool:
        """PASSED, or only its chain is missing and a person confirmed exactly this certificate; nothing altered it."""
        good = report.status is SignatureStatus.PASSED or self.is_confirmed_without_chain(report)
        return good and report.intact is True and report.altered_after is False

    def is_confirmed_without_chain(self, report: SignatureReport) -> bool:
        """INDETERMINATE for want of a chain alone, and a named person confirmed exactly this certificate."""
        return report.subindication == NO_CHAIN and report.undecidable is None and report.confirmed

    def vouched_for(self, report: SignatureReport) -> bool:
        """A later signature of the issuer in the same file holds good: it vouches for all that stands before it."""
        same_file = self.of(report.file)
        later = same_file[same_file.index(report) + 1 :]
        return any(self.holds_good(other) and self.is_issuers(other) for other in later)

    def finding(self, code: str, report: SignatureReport | None = None, words: str = "", **places: str) -> Finding:
        """The finding in the policy's words, with the signature's facts in its places and as evidence."""
        if report is None:
            evidence = Evidence(words, file=self.document.main.sha256) if words else None
            return self.snapshot.policy.finding(code, evidence=evidence, issuer=self.issuer, **places)
        place = report.position
        evidence = Evidence(
            words or self.described(report),
            file=report.file,
            page=place.page if place else None,
            box=place.box if place else None,
            rule=report.field,
        )
        filled = {
            "signer": report.signer or report.field,
            "issuer": self.issuer,
            "signed_at": f"{report.signed_at.astimezone(VIETNAM):{FOR_PEOPLE}}" if report.signed_at else "",
            "field": report.field,
            "file": report.file_name,
        }
        return self.snapshot.policy.finding(code, evidence=evidence, **(filled | places))

    def described(self, report: SignatureReport) -> str:
        """The facts that a person needs to follow a finding, in a line."""
        facts = (
            report.subject or report.signer,
            report.subindication,
            report.undecidable,
            report.coverage,
            report.modification,
        )
        return "; ".join(fact for fact in facts if fact)
