"""Notices (phiếu phản hồi): refusal, return of a draft, receipt, arrival, several documents, quarantine."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vbdaemon.model import CodedStatus, DocumentVerdict, Notice, Office, Purpose, Snapshot, Submission, VerdictKind
from vbdaemon.rendering.answer import AnswerKind, answer_kind
from vbdaemon.rendering.facts import JsonObject, as_json, reason_facts, register_facts
from vbdaemon.rendering.heading import Heading, heading_for, outcome_words, status_words
from vbdaemon.rendering.letter import Letter, letter_for
from vbdaemon.rendering.names import shown_name
from vbdaemon.rendering.notice_pdf import typeset_notice
from vbdaemon.rendering.pictures import pictures_of
from vbdaemon.rendering.preflight import render_preflight
from vbdaemon.rendering.templates import render_html, render_text
from vbdaemon.rendering.words import NO_OFFICE, contact_words, local_moment, sentence


def render_notice(submission: Submission, verdicts: tuple[DocumentVerdict, ...], snapshot: Snapshot) -> Notice:
    """One notice on all documents of a submission; without verdicts it says that the submission arrived.

    A quarantined submission's notice names time, id and telephone, nothing else. Held documents come without
    reasons; restricted ones without subject, issuer and file names. A superior is asked, never refused.
    The verdicts' pictures show, in HTML and PDF, the places that reasons speak of. The PDF is made of receipts and
    refusals, as far as the settings want it. TemplateBroken when a template of the site cannot be used.
    """
    if any(verdict.verdict.kind is VerdictKind.QUARANTINE for verdict in verdicts):
        return _quarantine_notice(submission, snapshot)
    pictures = pictures_of(submission, verdicts)
    if submission.envelope.purpose is Purpose.PREFLIGHT:
        return render_preflight(submission, verdicts, snapshot, pictures)
    letter = letter_for(submission, verdicts, snapshot, pictures)
    heading = heading_for(letter)
    machine = _machine(submission, heading, verdicts, letter)
    values = {
        "letter": letter,
        "answers": [outcome_words(doc, superior=letter.superior) for doc in letter.documents],
        "mending": any(doc.reasons for doc in letter.documents),
        "guidance": any(doc.guidance for doc in letter.documents),
        "corrected": any(doc.corrected for doc in letter.documents),
        "english": letter.english,
    }
    notice = _notice(heading, letter.id, letter.received, machine, values, snapshot.templates)
    if not snapshot.notices.pdf or heading.status is CodedStatus.ARRIVED:
        return notice
    words = {"title": heading.title, "status": _status_line(heading, letter.id, letter.received)} | values
    return replace(notice, pdf=typeset_notice(heading.template, snapshot.templates, words, **_foot(letter)))


def render_unfinished(file_name: str, office: Office, seen_at: datetime) -> Notice:
    """The note beside a dropped file that looks half-copied. It has no coded status: nothing arrived yet."""
    heading = Heading("unfinished.j2", CodedStatus.ARRIVED, "Chưa tiếp nhận", "PHIẾU NHẮC TỆP CHƯA HOÀN CHỈNH")
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


def _quarantine_notice(submission: Submission, snapshot: Snapshot) -> Notice:
    heading = Heading("quarantine.j2", CodedStatus.ARRIVED, "Đã đến", "PHIẾU PHẢN HỒI")
    received = local_moment(submission.envelope.received_at)
    machine = _envelope_facts(submission, heading) | {"documents": []}
    values = {
        "id": submission.id,
        "received": received,
        "telephone": sentence(snapshot.office.telephone),
        "english": False,
        "status": "Phản hồi của hệ thống",
    }
    return _notice(heading, submission.id, received, machine, values, snapshot.templates)


def _notice(
    heading: Heading,
    submission: str | None,
    received: str,
    machine: JsonObject,
    values: dict[str, Any],
    site: Path | None = None,
) -> Notice:
    words = {"title": heading.title, "status": _status_line(heading, submission, received)} | values
    return Notice(
        status=heading.status,
        title=heading.title,
        text=render_text(heading.template, site, **words),
        html=render_html(heading.template, site, **words),
        machine=as_json(machine),
    )


def _status_line(heading: Heading, submission: str | None, received: str) -> str:
    return (
        f"Phản hồi của hệ thống; trạng thái {heading.status.value} – {heading.status_name}; "
        f"mã tra cứu {submission}; nhận lúc {received}"
    )


def _foot(letter: Letter) -> dict[str, str]:
    """What stands at the foot of each typeset page."""
    return {"reference": f"{letter.office}; mã tra cứu {letter.id}", "contact": f"Liên hệ: {letter.contact}"}


def _envelope_facts(submission: Submission, heading: Heading) -> JsonObject:
    return {
        "schema": 1,
        "submission": submission.id,
        "in_reply_to": submission.manifest.delivery if submission.manifest else None,
        "status": heading.status.value,
        "status_name": heading.status_name,
        "received_at": submission.envelope.received_at.astimezone(UTC).isoformat(),
    }


def _machine(
    submission: Submission, heading: Heading, verdicts: tuple[DocumentVerdict, ...], letter: Letter
) -> JsonObject:
    documents = [_document_facts(verdict, letter) for verdict in verdicts]
    return _envelope_facts(submission, heading) | {"documents": documents}


def _document_facts(verdict: DocumentVerdict, letter: Letter) -> JsonObject:
    found, kind = verdict.classification, answer_kind(verdict)
    status, name = status_words(kind, superior=letter.superior)
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
        "status_name": name,
        "verdict": verdict.verdict.kind.value,
        "reasons": [reason_facts(reason) for reason in verdict.verdict.reasons] if told else [],
        "register": register_facts(verdict.register),
        "duplicate_of": register_facts(verdict.duplicate_of),
    }
