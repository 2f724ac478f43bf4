"""The check sheet (Phiếu kết quả kiểm tra) that goes with a forwarded document, for people and for machines."""

import hashlib
from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType

from vbdaemon.model import Delivery, DocumentVerdict, FileRecord, Snapshot, Submission
from vbdaemon.rendering.facts import (
    JsonObject,
    as_json,
    classification_facts,
    file_facts,
    finding_facts,
    register_facts,
    signature_facts,
)
from vbdaemon.rendering.letter import sending_unit
from vbdaemon.rendering.templates import render_html
from vbdaemon.rendering.view import document_view
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

SHEET_NAME = "phieu-ket-qua-kiem-tra.html"
MACHINE_NAME = "vbdaemon.json"


def render_sheet(
    delivery: Delivery,
    submission: Submission,
    document: DocumentVerdict,
    files: tuple[FileRecord, ...],
    snapshot: Snapshot,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> dict[str, bytes]:
    """The sheet of one forwarded document as files by name: the page for people, `vbdaemon.json` for machines.

    `vbdaemon.json` carries the delivery's id, by which a repeat is recognised and which the receiver's answer names,
    and the hashes of our own sheets, those of `beside` too, so that the receiver takes none of them for a document.
    """
    sender = sending_unit(submission, snapshot)
    office = snapshot.office
    html = render_html(
        "sheet.html.j2",
        snapshot.templates,
        doc=document_view(document, files),
        id=submission.id,
        received=local_moment(submission.envelope.received_at),
        sender=sentence(sender.name) if sender else "",
        letterhead=" – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        contact=sentence(contact_words(office)),
    )
    sheets = {SHEET_NAME: html.encode(), **beside}
    facts = _machine(submission, document, files, snapshot) | {
        "delivery": delivery.id,
        "sheets": [{"name": name, "sha256": hashlib.sha256(body).hexdigest()} for name, body in sheets.items()],
    }
    return sheets | {MACHINE_NAME: as_json(facts).encode()}


def _machine(
    submission: Submission, document: DocumentVerdict, files: tuple[FileRecord, ...], snapshot: Snapshot
) -> JsonObject:
    envelope, found = submission.envelope, document.classification
    sender = sending_unit(submission, snapshot)
    return {
        "schema": 1,
        "submission": submission.id,
        "source": envelope.source,
        "sender": {"code": sender.code, "name": sender.name} if sender else None,
        "received_at": envelope.received_at.astimezone(UTC).isoformat(),
        "verdict": document.verdict.kind.value,
        "register": register_facts(document.register),
        "main": document.main,
        "files": _files(document, files),
        "classification": classification_facts(found) if found else None,
        "signatures": [signature_facts(report) for report in document.signatures],
        "findings": [finding_facts(finding) for finding in document.findings],
        "snapshot": snapshot.version,
    }


def _files(document: DocumentVerdict, files: tuple[FileRecord, ...]) -> list[JsonObject]:
    known = {file.sha256: file_facts(file) for file in files}
    bare: JsonObject = {"name": None, "role": None, "media_type": None, "size": None}
    return [known.get(sha256) or bare | {"sha256": sha256} for sha256 in document.files]
