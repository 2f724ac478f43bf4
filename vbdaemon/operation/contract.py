"""The JSON of `vbdaemon inspect`, as the design fixes it; unknown is null."""

from dataclasses import asdict
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from vbdaemon.model import (
    Classification,
    DocumentVerdict,
    Evidence,
    Finding,
    Found,
    SignatureReport,
    VerdictKind,
    strictest,
)
from vbdaemon.state.records import Decision

SCHEMA = 1
FIELDS = ("form", "number", "symbol", "date", "issuer", "subject", "signer", "secrecy", "urgency", "draft")


def inspection(path: str, decision: Decision) -> dict[str, Any]:
    """One element of the array: a submission with its documents."""
    verdict = strictest(tuple(document.verdict for document in decision.documents))
    return {
        "schema": SCHEMA,
        "path": path,
        "verdict": verdict.kind,
        "reasons": list(dict.fromkeys(reason.code for reason in verdict.reasons)),
        "findings": [],
        "seconds": decision.seconds,
        "files": [
            {"name": f.name, "role": f.role, "sha256": f.sha256, "media_type": f.media_type, "size": f.size}
            for f in decision.files
        ],
        "documents": [document(each) for each in decision.documents],
    }


def document(verdict: DocumentVerdict) -> dict[str, Any]:
    """One document of a submission."""
    return {
        "main": verdict.main,
        "classification": _classification(verdict),
        "signatures": [signature(report) for report in verdict.signatures],
        "findings": [finding(each) for each in verdict.findings],
        "verdict": verdict.verdict.kind,
        "reasons": list(dict.fromkeys(reason.code for reason in verdict.verdict.reasons)),
    }


def finding(each: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "code": each.code,
        "severity": each.severity,
        "message": each.message,
        "english": each.english,
        "clause": each.clause,
        "remedy": each.remedy,
        "evidence": _evidence(each.evidence),
    }


def signature(report: SignatureReport) -> dict[str, Any]:
    """One signature: the fields of the contract first, then the further facts."""
    position = report.position
    return {
        "file": report.file_name,
        "field": report.field,
        "status": report.status,
        "subindication": report.subindication,
        "role": report.role,
        "signer": report.signer,
        "signed_at": report.signed_at.isoformat() if report.signed_at else None,
        "time_source": report.time_source,
        "covers_whole_file": report.covers_whole_file,
        "altered_after": report.altered_after,
        "digest": report.digest,
        "revocation": report.revocation,
        "position": {"page": position.page, "area": position.area} if position else None,
        "chain": list(report.chain),
        "intact": report.intact,
        "trusted": report.trusted,
        "purpose": report.purpose,
        "issuer": report.issuer,
        "certificate": report.certificate,
        "confirmed": report.confirmed,
        "key": report.key,
        "unsigned_traces": list(report.unsigned_traces),
        "revocation_urls": list(report.revocation_urls),
        "missing_issuer": report.missing_issuer,
        "missing_issuer_urls": list(report.missing_issuer_urls),
        "undecidable": report.undecidable,
    }


def _classification(verdict: DocumentVerdict) -> dict[str, Any] | None:
    """Null where no document was recognised; in quarantine nothing but the mark."""
    kind = verdict.classification
    if verdict.verdict.kind is VerdictKind.QUARANTINE:
        return _unknown(verdict)
    if kind is None or not any((kind.form, kind.symbol, kind.issuer, kind.subject)):
        return None
    return _known(kind)


def _unknown(verdict: DocumentVerdict) -> dict[str, Any]:
    bare = _known(Classification())
    keep: dict[str, Any] = {key: [] if isinstance(value, list) else None for key, value in bare.items()}
    return {**keep, "secrecy": verdict.secrecy, "confidence": {}, "source": {}}


def _known(kind: Classification) -> dict[str, Any]:
    fields: dict[str, Found[Any] | None] = {
        name: getattr(kind, "issued_on" if name == "date" else name) for name in FIELDS
    }
    return {
        "form": value(kind.form),
        "form_name": kind.form_name,
        "number": value(kind.number),
        "symbol": value(kind.symbol),
        "date": value(kind.issued_on),
        "issuer": value(kind.issuer),
        "issuer_unit": kind.issuer_unit,
        "subject": value(kind.subject),
        "signer": asdict(kind.signer.value) if kind.signer else None,
        "co_signers": [asdict(each.value) for each in kind.co_signers],
        "addressees": [found.value for found in kind.addressees],
        "recipients": [found.value for found in kind.recipients],
        "electronic_recipients": [found.value for found in kind.electronic_recipients],
        "deadlines": [found.value.isoformat() for found in kind.deadlines],
        "secrecy": value(kind.secrecy),
        "urgency": value(kind.urgency),
        "circulation": value(kind.circulation),
        "draft": bool(kind.draft and kind.draft.value),
        "channel": kind.transmission,
        "rule": kind.transmission_rule,
        "confidence": {name: round(found.confidence, 3) for name, found in fields.items() if found},
        "source": {name: found.source for name, found in fields.items() if found},
    }


def value(found: Found[Any] | None) -> Any:
    """The bare value for JSON, or None."""
    if found is None:
        return None
    plain = found.value
    if isinstance(plain, date | datetime):
        return plain.isoformat()
    return plain.value if isinstance(plain, Enum) else plain


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    box = evidence.box
    return {
        "words": evidence.words,
        "file": evidence.file,
        "page": evidence.page,
        "box": [round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1)] if box else None,
        "rule": evidence.rule,
    }


def shown_path(path: Path) -> str:
    """A path as JSON can carry it, whatever bytes its name has."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
