"""The answer to a pre-flight (kiểm tra trước khi gửi): all that was found, and what would follow from it.

Nothing was registered or forwarded.
"""

from datetime import UTC
from typing import Any

from vbdaemon.model import CodedStatus, DocumentVerdict, FileRecord, Notice, Reason, Snapshot, Submission, VerdictKind
from vbdaemon.rendering.answer import Pictures, ReasonWords, reason_words, reasons_in_words
from vbdaemon.rendering.facts import (
    JsonObject,
    as_json,
    classification_facts,
    finding_facts,
    reason_facts,
    signature_facts,
)
from vbdaemon.rendering.letter import Letter, letter_for
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.view import DocumentView, document_view

TITLE = "PHIẾU KẾT QUẢ KIỂM TRA TRƯỚC KHI GỬI"
STATUS_NAME = "Kiểm tra trước khi gửi"
_OUTCOME = {
    VerdictKind.ACCEPT: ("received", "Đủ điều kiện tiếp nhận khi gửi chính thức."),
    VerdictKind.HOLD: ("waiting", "Khi gửi chính thức, văn bản sẽ phải chờ xem xét, vì các lý do sau:"),
    VerdictKind.REJECT: ("refused", "Khi gửi chính thức, văn bản sẽ bị từ chối tiếp nhận, vì các lý do sau:"),
}
_RETURNED = ("returned", "Khi gửi chính thức, dự thảo sẽ bị trả lại, vì các lý do sau:")
_ENGLISH = {
    VerdictKind.ACCEPT: "would be accepted",
    VerdictKind.HOLD: "would wait for a person to look at it",
    VerdictKind.REJECT: "would be refused",
}


def render_preflight(
    submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot, pictures: Pictures
) -> Notice:
    """The full check sheet as a notice; it carries no coded status, since nothing was taken over."""
    letter = letter_for(submission, verdicts, snapshot, pictures)
    files = tuple(FileRecord(f.name, f.role, f.sha256, f.media_type, f.size, f.container) for f in submission.files)
    values: dict[str, Any] = {
        "title": TITLE,
        "status": f"Phản hồi của hệ thống; mã tra cứu {letter.id}; nhận lúc {letter.received}",
        "letter": letter,
        "documents": [
            _told(verdict, document_view(verdict, files), reasons_in_words(verdict, submission, pictures))
            for verdict in verdicts
        ],
        "english": letter.english,
    }
    return Notice(
        status=CodedStatus.ARRIVED,
        title=TITLE,
        text=render_text("preflight.j2", snapshot.templates, **values),
        html=render_html("preflight.j2", snapshot.templates, **values),
        machine=as_json(_machine(submission, verdicts, letter)),
    )


def _told(verdict: DocumentVerdict, view: DocumentView, reasons: tuple[ReasonWords, ...]) -> dict[str, Any]:
    kind, words = _RETURNED if verdict.returned else _OUTCOME[verdict.verdict.kind]
    given = {reason.code for reason in verdict.verdict.reasons}
    others = dict.fromkeys(Reason.of(f) for f in verdict.findings if f.code not in given)
    restricted = _restricted(verdict)
    return {
        "name": view.main if not restricted else verdict.main_sha256,
        "facts": view.facts if not restricted else (),
        "signatures": view.signatures if not restricted else (),
        "kind": kind,
        "outcome": words,
        "outcome_english": _ENGLISH[verdict.verdict.kind],
        "reasons": reasons,
        "remarks": tuple(reason_words(reason, verdict.findings) for reason in others),
    }


def _restricted(verdict: DocumentVerdict) -> bool:
    """A complaint or denunciation: names and subjects stand in no answer."""
    return bool(verdict.classification and verdict.classification.restricted)


def _machine(submission: Submission, verdicts: tuple[DocumentVerdict, ...], letter: Letter) -> JsonObject:
    return {
        "schema": 1,
        "submission": letter.id,
        "status": None,
        "status_name": STATUS_NAME,
        "received_at": submission.envelope.received_at.astimezone(UTC).isoformat(),
        "documents": [_document(verdict) for verdict in verdicts],
    }


def _document(verdict: DocumentVerdict) -> JsonObject:
    found = verdict.classification
    return {
        "main": verdict.main_sha256 if _restricted(verdict) else verdict.main,
        "sha256": verdict.main_sha256,
        "verdict": verdict.verdict.kind.value,
        "reasons": [reason_facts(reason) for reason in verdict.verdict.reasons],
        "classification": classification_facts(found) if found and not _restricted(verdict) else None,
        "signatures": [] if _restricted(verdict) else [signature_facts(report) for report in verdict.signatures],
        "findings": [] if _restricted(verdict) else [finding_facts(finding) for finding in verdict.findings],
    }
