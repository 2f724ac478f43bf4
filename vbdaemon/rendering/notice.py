"""Notices (phiếu phản hồi): refusal, return of a draft, receipt, arrival, several documents, quarantine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from vbdaemon.model import CodedStatus, DocumentVerdict, Notice, Office, Snapshot, Submission, VerdictKind
from vbdaemon.rendering.answer import AnswerKind, DocumentAnswer, answer_kind
from vbdaemon.rendering.facts import JsonObject, as_json, reason_facts, register_facts
from vbdaemon.rendering.letter import Letter, letter_for
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence

PLEASE_CHECK = "Đề nghị kiểm tra, gửi lại"
"""What a superior body reads in place of "Từ chối tiếp nhận"."""
_STATUS_OF = {
    AnswerKind.RECEIVED: (CodedStatus.RECEIVED, "Đã tiếp nhận"),
    AnswerKind.REFUSED: (CodedStatus.REFUSED, "Từ chối tiếp nhận"),
    AnswerKind.RETURNED: (CodedStatus.REFUSED, "Trả lại"),
    AnswerKind.WAITING: (CodedStatus.ARRIVED, "Đã đến"),
}
_WEIGHTIEST_FIRST = (AnswerKind.REFUSED, AnswerKind.RETURNED, AnswerKind.RECEIVED, AnswerKind.WAITING)
_TITLE_OF = {
    AnswerKind.RECEIVED: "PHIẾU XÁC NHẬN TIẾP NHẬN VĂN BẢN ĐIỆN TỬ",
    AnswerKind.REFUSED: "PHIẾU TỪ CHỐI TIẾP NHẬN VĂN BẢN ĐIỆN TỬ",
    AnswerKind.RETURNED: "PHIẾU TRẢ LẠI DỰ THẢO",
    AnswerKind.WAITING: "PHIẾU XÁC NHẬN VĂN BẢN ĐIỆN TỬ ĐÃ ĐẾN",
}
_TEMPLATE_OF = {
    AnswerKind.RECEIVED: "receipt.j2",
    AnswerKind.REFUSED: "refusal.j2",
    AnswerKind.RETURNED: "refusal.j2",
    AnswerKind.WAITING: "arrived.j2",
}


@dataclass(frozen=True, slots=True)
class _Heading:
    """How a notice presents itself."""

    template: str
    status: CodedStatus
    status_name: str
    title: str


def render_notice(submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice:
    """One notice on all documents of a submission; without verdicts it says that the submission arrived.

    A quarantined submission's notice names time, id and telephone, nothing else. Held documents come without
    reasons; restricted ones without subject, issuer and file names. A superior is asked, never refused.
    """
    if any(verdict.verdict.kind is VerdictKind.QUARANTINE for verdict in verdicts):
        return _quarantine_notice(submission, snapshot.office)
    letter = letter_for(submission, verdicts, snapshot)
    heading = _heading(letter)
    machine = _machine(submission, heading, verdicts, letter)
    values = {
        "letter": letter,
        "answers": [_outcome_words(doc, letter) for doc in letter.documents],
        "mending": any(doc.reasons for doc in letter.documents),
        "guidance": any(doc.guidance for doc in letter.documents),
        "english": letter.english,
    }
    return _notice(heading, letter.id, letter.received, machine, values)


def render_unfinished(file_name: str, office: Office, seen_at: datetime) -> Notice:
    """The note beside a dropped file that looks half-copied. It has no coded status: nothing arrived yet."""
    heading = _Heading("unfinished.j2", CodedStatus.ARRIVED, "Chưa tiếp nhận", "PHIẾU NHẮC TỆP CHƯA HOÀN CHỈNH")
    machine: JsonObject = {
        "schema": 1,
        "submission": None,
        "status": None,
        "status_name": heading.status_name,
        "seen_at": seen_at.astimezone(UTC).isoformat(),
        "file": file_name,
    }
    values = {
        "file_name": shown_name(file_name),
        "seen": local_moment(seen_at),
        "letterhead": " – ".join(sentence(part) for part in (office.parent, office.name or NO_OFFICE) if part),
        "contact": sentence(contact_words(office)),
        "english": True,
        "status": "Phản hồi của hệ thống",
    }
    return _notice(heading, None, "", machine, values)


def _quarantine_notice(submission: Submission, office: Office) -> Notice:
    heading = _Heading("quarantine.j2", CodedStatus.ARRIVED, "Đã đến", "PHIẾU PHẢN HỒI")
    received = local_moment(submission.envelope.received_at)
    machine = _envelope_facts(submission, heading) | {"documents": []}
    values = {
        "id": submission.id,
        "received": received,
        "telephone": sentence(office.telephone),
        "english": False,
        "status": "Phản hồi của hệ thống",
    }
    return _notice(heading, submission.id, received, machine, values)


def _notice(
    heading: _Heading, submission: str | None, received: str, machine: JsonObject, values: dict[str, Any]
) -> Notice:
    status = (
        f"Phản hồi của hệ thống; trạng thái {heading.status.value} – {heading.status_name}; "
        f"mã tra cứu {submission}; nhận lúc {received}"
    )
    words = {"title": heading.title, "status": status} | values
    return Notice(
        status=heading.status,
        title=heading.title,
        text=render_text(heading.template, **words),
        html=render_html(heading.template, **words),
        machine=as_json(machine),
    )


def _heading(letter: Letter) -> _Heading:
    kinds = {doc.kind for doc in letter.documents} or {AnswerKind.WAITING}
    weightiest = next(kind for kind in _WEIGHTIEST_FIRST if kind in kinds)
    status, name = _STATUS_OF[weightiest]
    title, template = _TITLE_OF[weightiest], _TEMPLATE_OF[weightiest]
    if letter.superior and weightiest is AnswerKind.REFUSED:
        name, title = PLEASE_CHECK, "PHIẾU ĐỀ NGHỊ KIỂM TRA, GỬI LẠI VĂN BẢN ĐIỆN TỬ"
    if len(kinds) > 1:
        title = "PHIẾU PHẢN HỒI KẾT QUẢ TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"
    if len(letter.documents) > 1 and kinds != {AnswerKind.WAITING}:
        template = "several.j2"
    return _Heading(template, status, name, title)


def _outcome_words(doc: DocumentAnswer, letter: Letter) -> str:
    if doc.duplicate:
        return "Trùng với văn bản đã tiếp nhận; không đăng ký và chuyển lại."
    if doc.kind is AnswerKind.REFUSED and letter.superior:
        return "Kính đề nghị kiểm tra, gửi lại."
    return {
        AnswerKind.RECEIVED: "Đã tiếp nhận.",
        AnswerKind.REFUSED: "Từ chối tiếp nhận, vì các lý do sau:",
        AnswerKind.RETURNED: "Trả lại dự thảo, vì các lý do sau:",
        AnswerKind.WAITING: "Đã đến, đang chờ xem xét.",
    }[doc.kind]


def _envelope_facts(submission: Submission, heading: _Heading) -> JsonObject:
    return {
        "schema": 1,
        "submission": submission.id,
        "status": heading.status.value,
        "status_name": heading.status_name,
        "received_at": submission.envelope.received_at.astimezone(UTC).isoformat(),
    }


def _machine(
    submission: Submission, heading: _Heading, verdicts: tuple[DocumentVerdict, ...], letter: Letter
) -> JsonObject:
    documents = [_document_facts(verdict, letter) for verdict in verdicts]
    return _envelope_facts(submission, heading) | {"documents": documents}


def _document_facts(verdict: DocumentVerdict, letter: Letter) -> JsonObject:
    found, kind = verdict.classification, answer_kind(verdict)
    status, name = _STATUS_OF[kind]
    restricted = bool(found and found.restricted)
    told = kind is not AnswerKind.WAITING
    return {
        "main": verdict.main_sha256 if restricted else verdict.main,
        "sha256": verdict.main_sha256,
        "number": found.number.value if found and found.number else None,
        "symbol": found.symbol.value if found and found.symbol else None,
        "date": found.issued_on.value.isoformat() if found and found.issued_on else None,
        "subject": found.subject.value if found and found.subject and not restricted else None,
        "status": status.value,
        "status_name": PLEASE_CHECK if letter.superior and kind is AnswerKind.REFUSED else name,
        "verdict": verdict.verdict.kind.value,
        "reasons": [reason_facts(reason) for reason in verdict.verdict.reasons] if told else [],
        "register": register_facts(verdict.register),
        "duplicate_of": register_facts(verdict.duplicate_of),
    }
