"""Built-in `verify`: the facts of all signatures in the main file and the annexes."""

from functools import lru_cache
from pathlib import Path

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, SignatureReport, Snapshot
from vbdaemon.signature.trust import TrustStore, traces
from vbdaemon.signature.verification import verify_pdf

KEPT_STORES = 4
"""Trust stores a worker keeps: the present one, and those of decisions begun before a change."""


@hookimpl
def verify(document: Document, snapshot: Snapshot) -> tuple[SignatureReport, ...]:
    """A report for every signature of every PDF, file by file, in order of signing; pure but for reading.

    The trust folder is read again when the name, size or time of any of its files changes.
    """
    trust = trust_store(snapshot.trust, traces(snapshot.trust))
    reports: list[SignatureReport] = []
    for file in (document.main, *document.annexes):
        reports += verify_pdf(
            file.path,
            file.name,
            file.sha256,
            trust,
            snapshot.directory,
            limits=snapshot.limits,
            policy=snapshot.signatures,
        )
    return tuple(reports)


@lru_cache(maxsize=KEPT_STORES)
def trust_store(folder: Path | None, _traces: tuple[tuple[str, int, int], ...]) -> TrustStore:
    """The store of a folder in the state that the traces describe; workers live long, loading takes time."""
    return TrustStore.load(folder)
