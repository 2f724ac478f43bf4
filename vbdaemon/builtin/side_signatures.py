"""Signatures beside the document: inside Word and Excel files, and in .p7s files. Facts; they satisfy nothing."""

from collections.abc import Iterator

from vbdaemon.builtin.verify import trust_store
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Document, Evidence, File, Finding, Snapshot, Submission
from vbdaemon.signature.detached import Beside, is_detached_name, read_detached
from vbdaemon.signature.detached_fact import SideSignature
from vbdaemon.signature.office_signature import read_office_signatures
from vbdaemon.signature.trust import traces

_OFFICE = (".docx", ".xlsx", ".docm", ".xlsm")


@hookimpl
def check(submission: Submission, document: Document, snapshot: Snapshot) -> tuple[Finding, ...]:
    """side-signature, or side-signature-broken when the signed bytes are not these."""
    return tuple(_finding(fact, snapshot) for fact in _facts(submission, document, snapshot))


def _facts(submission: Submission, document: Document, snapshot: Snapshot) -> Iterator[SideSignature]:
    for file in dict.fromkeys(document.files):
        if file.name.lower().endswith(_OFFICE):
            yield from read_office_signatures(file.path, file.name)
        elif is_detached_name(file.name):
            yield from _detached(file, submission, snapshot)


def _detached(file: File, submission: Submission, snapshot: Snapshot) -> tuple[SideSignature, ...]:
    others = [other for other in submission.files if other.sha256 != file.sha256]
    beside = [Beside(other.name, other.path.read_bytes()) for other in others]
    trust = trust_store(snapshot.trust, traces(snapshot.trust))
    return read_detached(file.name, file.path.read_bytes(), beside, trust, submission.envelope.received_at)


def _finding(fact: SideSignature, snapshot: Snapshot) -> Finding:
    """Code by what the digests say; who signed is a fact, not a proof."""
    code = "side-signature-broken" if fact.intact is False else "side-signature"
    return snapshot.policy.finding(code, Evidence(_seen(fact)), signer=fact.signer or "", file=fact.file)


def _seen(fact: SideSignature) -> str:
    """What was checked of it, and no more."""
    compared = {True: "intact", False: "differs", None: "not compared"}[fact.intact]
    chain = "chain to a trusted root" if fact.trusted else "no trusted chain"
    seen = (fact.place or fact.file, compared, chain, f"revocation {fact.revocation}", fact.cause)
    return "; ".join(part for part in seen if part)
