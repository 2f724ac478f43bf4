"""What became of a case, and whether that is what should have become of it."""

from dataclasses import dataclass
from pathlib import Path

from vbdaemon.demo.cases import DemoCase, Expectation
from vbdaemon.demo.listing import Listed, ListedDelivery, ListedReason
from vbdaemon.model import VerdictKind


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case beside the submission that the daemon made of it."""

    case: DemoCase
    files: frozenset[str]
    """SHA-256 of what was handed in."""
    submission: Listed | None
    exchange: Path
    ocr: bool = True
    mail: Path | None = None
    """Folder of the mail that was sent."""

    @property
    def expected(self) -> Expectation:
        """What should become of the case on this machine."""
        return self.case.expected if self.ocr or self.case.without_ocr is None else self.case.without_ocr

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is not as it should be, in words; empty when all is well."""
        listed = self.submission
        if listed is None:
            return ("the daemon never listed it",)
        faults = []
        if not self.files <= listed.files:
            faults.append("its files did not stay together")
        if not listed.settled:
            faults.append(f"not settled in time ({listed.state})")
        if listed.verdict is not self.expected.verdict:
            faults.append(f"expected {self.expected.verdict}")
        faults += [f"expected {code}" for code in sorted(self.expected.codes - listed.codes)]
        return (*faults, *self._delivery_faults(listed))

    @property
    def as_expected(self) -> bool:
        """Verdict, reasons and deliveries are what they should be."""
        return not self.faults

    @property
    def reasons(self) -> tuple[ListedReason, ...]:
        """What the table tells: the expected codes first, then the others."""
        told = self.submission.reasons if self.submission else ()
        return tuple(sorted(told, key=lambda reason: reason.code not in self.expected.codes))

    def places(self, kind: str) -> tuple[Path, ...]:
        """Where the delivered notices or forwarded documents lie; empty when there are none on disk."""
        deliveries = self.submission.deliveries if self.submission else ()
        found = (self._place(d) for d in deliveries if d.kind == kind and d.delivered)
        return tuple(place for place in found if place is not None)

    def _place(self, delivery: ListedDelivery) -> Path | None:
        if "@" in delivery.destination:
            return self._mail(delivery.destination)
        folder = self.exchange / delivery.destination
        exact = folder / delivery.name
        if exact.exists():
            return exact
        if not folder.is_dir():
            return None
        return next((path for path in sorted(folder.iterdir()) if path.name.startswith(delivery.name)), None)

    def _mail(self, address: str) -> Path | None:
        """The mail about this submission that lies in an address's box."""
        if self.mail is None or self.submission is None:
            return None
        named = self.submission.id.encode()
        return next((p for p in sorted((self.mail / address).glob("*.eml")) if named in p.read_bytes()), None)

    def _delivery_faults(self, listed: Listed) -> tuple[str, ...]:
        faults = [f"{d.kind} to {d.destination} failed" for d in listed.deliveries if d.state == "FAILED"]
        forwarded, noticed = self.places("forward"), self.places("notice")
        if listed.verdict is VerdictKind.ACCEPT and not forwarded:
            faults.append("accepted but forwarded to nobody")
        if listed.verdict is not VerdictKind.ACCEPT and forwarded:
            faults.append("forwarded though not accepted")
        if listed.verdict is VerdictKind.REJECT and not noticed:
            faults.append("refused without a notice")
        return tuple(faults)
