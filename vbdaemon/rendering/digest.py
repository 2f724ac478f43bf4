"""One message instead of many notices to the same address: each submission with its answer in short."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vbdaemon.model import CodedStatus, DocumentVerdict, Notice, Snapshot
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
        "lines": [_line(line, superior=superior) for line in lines],
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
        text=render_text("digest.j2", **values),
        html=render_html("digest.j2", **values),
        machine=as_json(machine),
    )


def _line(line: DigestLine, *, superior: bool) -> tuple[str, str, list[_Shown]]:
    shown = [_shown(document, superior=superior) for document in line.documents]
    return line.submission, local_moment(line.received_at), shown


def _shown(document: DocumentVerdict, *, superior: bool) -> _Shown:
    kind, found = answer_kind(document), document.classification
    status, name = status_words(kind, superior=superior)
    known = found is not None and not found.restricted and found.designation
    reasons = document.verdict.reasons if kind is not AnswerKind.WAITING else ()
    return _Shown(
        f"[{status.value}] {name}",
        f"văn bản số {found.designation}" if found is not None and known else "",
        tuple(sentence(reason.message) for reason in reasons),
    )


def _facts(line: DigestLine, *, superior: bool) -> JsonObject:
    return {
        "submission": line.submission,
        "at": line.received_at.astimezone(UTC).isoformat(),
        "documents": [_document_facts(document, superior=superior) for document in line.documents],
    }


def _document_facts(document: DocumentVerdict, *, superior: bool) -> JsonObject:
    kind = answer_kind(document)
    status, name = status_words(kind, superior=superior)
    told = kind is not AnswerKind.WAITING
    return {
        "sha256": document.main_sha256,
        "status": status.value,
        "status_name": name,
        "reasons": [reason_facts(reason) for reason in document.verdict.reasons] if told else [],
    }
