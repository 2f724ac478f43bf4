"""One message instead of many notices to the same address: each submission with its answer in short."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vbdaemon.model import CodedStatus, Destination, DocumentVerdict, Notice, Snapshot
from vbdaemon.rendering.answer import AnswerKind, answer_kind
from vbdaemon.rendering.facts import JsonObject, as_json, reason_facts
from vbdaemon.rendering.heading import status_words
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

TITLE = "BẢNG TỔNG HỢP KẾT QUẢ TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One notice in short; without documents only its id and time are told."""

    submission: str
    received_at: datetime
    documents: tuple[DocumentVerdict, ...] = ()
    checked: bool = False
    """A pre-flight: nothing was received, so no coded status is told."""
    missed: Destination | None = None
    """The recipient to whom the documents could not be brought; then only that is told of them."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One document's answer in ready words."""

    status: str
    designation: str
    reasons: tuple[str, ...]


def render_digest(lines: tuple[DigestLine, ...], at: datetime, snapshot: Snapshot, *, superior: bool = False) -> Notice:
    """Ids, times, coded statuses, reasons. Held documents come without reasons, restricted ones without numbers.

    A superior is asked, never refused.
    """
    office = snapshot.office
    values: dict[str, Any] = {
        "title": TITLE,
        "status": f"Phản hồi của hệ thống; {len(lines)} lần gửi; lập lúc {local_moment(at)}",
        "letterhead": " – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        "lines": [_line(line, snapshot, superior=superior) for line in lines],
        "contact": sentence(contact_words(office)),
        "english": True,
    }
    machine: JsonObject = {
        "schema": 1,
        "submission": None,
        "status": None,
        "created_at": at.astimezone(UTC).isoformat(),
        "notices": [_facts(line, superior=superior) for line in lines],
    }
    return Notice(
        status=CodedStatus.ARRIVED,
        title=TITLE,
        text=render_text("digest.j2", snapshot.templates, **values),
        html=render_html("digest.j2", snapshot.templates, **values),
        machine=as_json(machine),
    )


def _line(line: DigestLine, snapshot: Snapshot, *, superior: bool) -> tuple[str, str, list[_Shown]]:
    shown = [_shown(document, line, snapshot, superior=superior) for document in line.documents]
    return line.submission, local_moment(line.received_at), shown


def _shown(document: DocumentVerdict, line: DigestLine, snapshot: Snapshot, *, superior: bool) -> _Shown:
    found = document.classification
    known = found is not None and not found.restricted and found.designation
    designation = f"văn bản số {found.designation}" if found is not None and known else ""
    if line.missed is not None:
        unit = snapshot.directory.unit(line.missed.unit)
        where = sentence(unit.name if unit else line.missed.address)
        return _Shown(f"Chưa chuyển được đến {where}", designation, ())
    told = answer_kind(document) is not AnswerKind.WAITING
    reasons = tuple(sentence(reason.message) for reason in document.verdict.reasons) if told else ()
    status, name = _status(document, line, superior=superior)
    return _Shown(f"[{status}] {name}" if status else name, designation, reasons)


def _status(document: DocumentVerdict, line: DigestLine, *, superior: bool) -> tuple[str | None, str]:
    if line.checked:
        return None, f"Kiểm tra trước khi gửi: {document.verdict.kind.vietnamese.lower()}"
    status, name = status_words(answer_kind(document), superior=superior)
    return status.value, name


def _facts(line: DigestLine, *, superior: bool) -> JsonObject:
    documents = () if line.missed is not None else line.documents
    return {
        "submission": line.submission,
        "at": line.received_at.astimezone(UTC).isoformat(),
        "undelivered_to": {"code": line.missed.unit} if line.missed is not None else None,
        "documents": [_document_facts(document, line, superior=superior) for document in documents],
    }


def _document_facts(document: DocumentVerdict, line: DigestLine, *, superior: bool) -> JsonObject:
    status, name = _status(document, line, superior=superior)
    told = answer_kind(document) is not AnswerKind.WAITING
    return {
        "sha256": document.main_sha256,
        "status": status,
        "status_name": name,
        "reasons": [reason_facts(reason) for reason in document.verdict.reasons] if told else [],
    }
