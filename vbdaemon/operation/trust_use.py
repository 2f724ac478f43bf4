"""Which certificates are in use here, and what is missing to conclude about them; files are read in workers."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from cryptography import x509

from vbdaemon.errors import SpoolDamaged, VbdaemonError
from vbdaemon.model import Revocation, SignatureReport
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.wanted import Wanted, wanted_evidence
from vbdaemon.spool.store import Spool
from vbdaemon.state import decisions, submissions
from vbdaemon.state.records import Decision, SubmissionRow, SubmissionState
from vbdaemon.state.store import State

RECENT = 500
"""Submissions that are looked at beside all that are held: whose CRLs are wanted."""
MOST_FILES = 60
"""Files that are opened at most for one question: one a certificate is enough."""


@dataclass(frozen=True, slots=True)
class SignersTask:
    """The signers' certificates of one file, DER; () when it is no PDF or cannot be opened."""

    path: Path

    def run(self, place: Workplace) -> tuple[bytes, ...]:
        """Read in a worker: the file is hostile."""
        from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - only in workers

        from vbdaemon.signature.attempt import Undecidable  # noqa: PLC0415 - pyHanko takes its time to load
        from vbdaemon.signature.embedded import is_pdf, open_signed_pdf  # noqa: PLC0415 - as above
        from vbdaemon.signature.evidence import signer_certificates  # noqa: PLC0415 - as above

        if self.path.stat().st_size > place.snapshot.limits.file_bytes:
            return ()
        body = self.path.read_bytes()
        pdf = open_signed_pdf(body) if is_pdf(body) else Undecidable("no PDF")
        if isinstance(pdf, Undecidable):
            return ()
        return tuple(each.public_bytes(Encoding.DER) for each in signer_certificates(pdf))


Submit = Callable[[SignersTask], "Future[tuple[bytes, ...]]"]
"""Runs the task in some worker."""


@dataclass(slots=True)
class TrustUse:
    """Looks through decisions; remembers what it read in files."""

    state: State
    spool: Spool
    submit: Submit
    read: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    """Signers' certificates by SHA-256 of the file."""

    def wanted(self, store: TrustStore, now: datetime) -> tuple[Wanted, ...]:
        """What is wanted beside what `store` holds."""
        missing: dict[str, set[str]] = {}
        signed: dict[str, tuple[SubmissionRow, str]] = {}
        lists: dict[str, set[str]] = {}
        for row, report in self._reports():
            if report.missing_issuer and row.state is SubmissionState.HELD:
                missing.setdefault(report.missing_issuer, set()).update(report.missing_issuer_urls)
            if report.certificate and report.revocation is Revocation.UNKNOWN:
                signed.setdefault(report.certificate, (row, report.file))
                if report.issuer and report.revocation_urls:
                    lists.setdefault(report.issuer, set()).update(report.revocation_urls)
        leaves = self._leaves(list(signed.values())[:MOST_FILES])
        return wanted_evidence(store, _sorted(missing), leaves, now, _sorted(lists))

    def _reports(self) -> list[tuple[SubmissionRow, SignatureReport]]:
        held = self.state.read(lambda c: submissions.listed(c, (SubmissionState.HELD,)))
        recent = self.state.read(lambda c: submissions.listed(c, limit=RECENT))
        rows = {row.id: row for row in (*held, *recent)}
        found = [(row, self.state.read(partial(_decision, submission=row.id))) for row in rows.values()]
        return [
            (row, report)
            for row, decision in found
            for document in (decision.documents if decision else ())
            for report in document.signatures
        ]

    def _leaves(self, signed: list[tuple[SubmissionRow, str]]) -> list[x509.Certificate]:
        """The certificates themselves: a report names them, only the file holds them."""
        waiting = {}
        for sha256, row in {sha256: row for row, sha256 in signed}.items():
            path = None if sha256 in self.read else self._path(row, sha256)
            if path is not None:
                waiting[sha256] = self.submit(SignersTask(path))
        for sha256, future in waiting.items():
            try:
                self.read[sha256] = future.result()
            except VbdaemonError:
                self.read[sha256] = ()
        ders = dict.fromkeys(der for _, sha256 in signed for der in self.read.get(sha256, ()))
        return [x509.load_der_x509_certificate(der) for der in ders]

    def _path(self, row: SubmissionRow, sha256: str) -> Path | None:
        """Where the file lies; None for one that came inside a mail or an archive, and for what is locked away."""
        if row.state is SubmissionState.QUARANTINED:
            return None
        try:
            stored = self.spool.load(row.id)
        except SpoolDamaged:
            return None
        return next((self.spool.folder_of(row.id) / f.stored for f in stored.files if f.sha256 == sha256), None)


def _sorted(addresses: dict[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(urls) for name, urls in addresses.items()}


def _decision(connection: object, submission: str) -> Decision | None:
    return decisions.latest(connection, submission)  # type: ignore[arg-type]  # only state/ names its connection
