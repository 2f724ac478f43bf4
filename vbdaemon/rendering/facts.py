"""The machine part of what we send: values as plain JSON objects, their keys as the contract of `inspect` has them.

Unknown is null. Dates are ISO 8601; times are ISO 8601 with their offset.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from vbdaemon.model import (
    Classification,
    Evidence,
    File,
    FileRecord,
    Finding,
    Found,
    Reason,
    RegisterNumber,
    SignatureReport,
    Signer,
)

JsonValue: TypeAlias = str | int | float | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
JsonObject: TypeAlias = dict[str, JsonValue]


def as_json(value: JsonValue) -> str:
    """The value as readable JSON text with Vietnamese letters as they are; always encodable as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode() + "\n"


def naming_pdf(machine: str, name: str, pdf: bytes) -> str:
    """The machine part of a notice with its PDF by hash, so that a receiver does not take that for a document.

    As it is where it is no JSON object: a plugin wrote it.
    """
    try:
        facts = json.loads(machine)
    except ValueError:
        return machine
    if not isinstance(facts, dict):
        return machine
    return as_json(facts | {"pdf": {"name": name, "sha256": hashlib.sha256(pdf).hexdigest()}})


def classification_facts(found: Classification) -> JsonObject:
    """What a document says of itself, one value a field, with the confidence and source of each."""
    known = {name: value for name, value in _single_fields(found).items() if value is not None}
    return {
        "form": _value(found.form),
        "form_name": found.form_name,
        "number": _value(found.number),
        "symbol": _value(found.symbol),
        "date": found.issued_on.value.isoformat() if found.issued_on else None,
        "issuer": _value(found.issuer),
        "subject": _value(found.subject),
        "signer": _signer(found.signer.value) if found.signer else None,
        "co_signers": [_signer(each.value) for each in found.co_signers],
        "addressees": [line.value for line in found.addressees],
        "recipients": [line.value for line in found.recipients],
        "electronic_recipients": [line.value for line in found.electronic_recipients],
        "deadlines": [day.value.isoformat() for day in found.deadlines],
        "secrecy": _value(found.secrecy),
        "urgency": _value(found.urgency),
        "draft": bool(found.draft and found.draft.value),
        "channel": found.transmission.value,
        "rule": found.transmission_rule,
        "confidence": {name: round(value.confidence, 3) for name, value in known.items()},
        "source": {name: value.source.value for name, value in known.items()},
    }


def signature_facts(report: SignatureReport) -> JsonObject:
    """The facts of one signature."""
    position = report.position
    return {
        "file": report.file_name,
        "field": report.field,
        "status": report.status.value,
        "subindication": report.subindication,
        "role": report.role.value,
        "signer": report.signer,
        "signed_at": report.signed_at.isoformat() if report.signed_at else None,
        "time_source": report.time_source.value,
        "covers_whole_file": report.covers_whole_file,
        "altered_after": report.altered_after,
        "digest": report.digest,
        "revocation": report.revocation.value,
        "position": {"page": position.page, "area": position.area.value} if position else None,
        "chain": list(report.chain),
    }


def finding_facts(finding: Finding) -> JsonObject:
    """One check's answer."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "clause": finding.clause,
        "evidence": _evidence(finding.evidence) if finding.evidence else None,
    }


def reason_facts(reason: Reason) -> JsonObject:
    """Why a verdict is what it is, as the sender's software may read it."""
    return {"code": reason.code, "message": reason.message, "clause": reason.clause, "remedy": reason.remedy}


def register_facts(register: RegisterNumber | None) -> JsonObject | None:
    """A number in the register of incoming documents."""
    if register is None:
        return None
    day = register.registered_on.isoformat()
    return {"book": register.book, "year": register.year, "number": register.number, "date": day}


def file_facts(file: File | FileRecord) -> JsonObject:
    """One file of a submission."""
    return {
        "name": file.name,
        "role": file.role.value,
        "sha256": file.sha256,
        "media_type": file.media_type,
        "size": file.size,
    }


def _single_fields(found: Classification) -> dict[str, Found[Any] | None]:
    return {
        "form": found.form,
        "number": found.number,
        "symbol": found.symbol,
        "date": found.issued_on,
        "issuer": found.issuer,
        "subject": found.subject,
        "signer": found.signer,
        "secrecy": found.secrecy,
        "urgency": found.urgency,
        "draft": found.draft,
    }


def _value(found: Found[Any] | None) -> str | None:
    return str(found.value) if found else None


def _signer(signer: Signer) -> JsonObject:
    return {"authority": signer.authority, "title": signer.title, "name": signer.name}


def _evidence(evidence: Evidence) -> JsonObject:
    box = evidence.box
    return {
        "words": evidence.words,
        "file": evidence.file,
        "page": evidence.page,
        "box": [box.x0, box.y0, box.x1, box.y1] if box else None,
        "rule": evidence.rule,
    }
