"""Messages that hand in no document: coded statuses, mails that came back, automatic answers (RFC 3834 §2)."""

from dataclasses import dataclass
from pathlib import PurePath

from vbdaemon.model import (
    Correspondence,
    CorrespondenceKind,
    File,
    FileRole,
    Limits,
    Problem,
    Smarthost,
    Snapshot,
    Submission,
)
from vbdaemon.reading import media
from vbdaemon.reading.exchange_json import MOST_BYTES, StatusMessage, status_message, status_of
from vbdaemon.reading.mail import mail_parts
from vbdaemon.reading.mail_head import MailHead, mail_head
from vbdaemon.reading.mail_machine import auto_reply
from vbdaemon.reading.mail_report import delivery_report
from vbdaemon.rendering.mail import REPORT_TYPE

NOTICE_ENDINGS = frozenset({".html", ".txt", ".json"})
"""The files of a notice that another vbdaemon put into a folder."""
FILED = "message-filed"
"""The waiver by which a person has a filed message judged as what it carries."""


@dataclass(frozen=True, slots=True)
class Message:
    """The mail that a submission is."""

    raw: bytes
    head: MailHead


def message_of(submission: Submission) -> Message | None:
    """The mail, when the submission is exactly one; None for dropped files."""
    if len(submission.files) != 1 or submission.files[0].media_type != media.MAIL:
        return None
    raw = submission.files[0].path.read_bytes()
    return Message(raw, mail_head(raw))


def correspondence(submission: Submission, message: Message | None, snapshot: Snapshot) -> Correspondence | None:
    """What the message says about a delivery of ours; None when it hands something in, or a person says so."""
    if any(waiver.code == FILED for waiver in submission.waivers):
        return None
    if message is None:
        status = _dropped_status(submission.files)
        return _said(status, (), None) if status else None
    head, smarthost = message.head, snapshot.mail.smarthost
    status = status_message(message.raw, snapshot.limits)
    if status is not None:
        return _said(status, (*head.in_reply_to, *head.references), smarthost)
    report = delivery_report(message.raw, snapshot.limits)
    if report is not None and not _carries_documents(message.raw, snapshot.limits):
        words = " ".join(part for part in (report.status, report.words) if part)
        return Correspondence(
            CorrespondenceKind.BOUNCE,
            _delivery(report.message_ids, smarthost),
            permanent=report.permanent,
            words=words,
        )
    # a report of a vbdaemon without a coded status (digest, pre-flight) hands in nothing either
    ours = head.report_type == REPORT_TYPE and not _carries_documents(message.raw, snapshot.limits)
    if ours or (auto_reply(head) and not _carries_files(message.raw, snapshot.limits)):
        return Correspondence(
            CorrespondenceKind.AUTO_REPLY, _delivery((*head.in_reply_to, *head.references), smarthost)
        )
    return None


def _said(status: StatusMessage, answers_to: tuple[str, ...], smarthost: Smarthost | None) -> Correspondence:
    named = status.in_reply_to or _delivery(answers_to, smarthost)
    return Correspondence(CorrespondenceKind.STATUS, named, status.status, words=status.words, recall=status.recall)


def _delivery(message_ids: tuple[str, ...], smarthost: Smarthost | None) -> str | None:
    """The delivery that a Message-ID of ours names; those of others name none."""
    if smarthost is None:
        return None
    for message_id in message_ids:
        local, _, host = message_id.rpartition("@")
        if local and host.casefold() == smarthost.hostname.casefold():
            return local
    return None


def _dropped_status(files: tuple[File, ...]) -> StatusMessage | None:
    """A notice of another vbdaemon in a folder that we watch: its page, its text, its PDF and its coded status."""
    coded = [file for file in files if file.name.lower().endswith(".json") and file.size <= MOST_BYTES]
    said = status_of(coded[0].path.read_bytes()) if len(coded) == 1 else None
    words = said and all(_is_page(file) or file.sha256 == said.pdf for file in files)
    return said if words else None


def _is_page(file: File) -> bool:
    """By its name, and not against its bytes: a document called "x.html" is none of a notice's pages."""
    if PurePath(file.name).suffix.lower() not in NOTICE_ENDINGS:
        return False
    with file.path.open("rb") as opened:
        return media.media_type(opened.read(media.HEAD_BYTES), "") not in media.DOCUMENTS


def _carries_documents(raw: bytes, limits: Limits) -> bool:
    """A report with a document beside it is judged, not filed: a mail that came back lies in a mail of its own."""
    parts = mail_parts(raw, limits)
    if isinstance(parts, Problem):
        return False  # a piece or a mail that stays closed: what its head says counts
    kinds = (media.media_type(part.body[: media.HEAD_BYTES], part.name) for part in parts if not part.inline)
    return any(kind in media.DOCUMENTS for kind in kinds)


def _carries_files(raw: bytes, limits: Limits) -> bool:
    """An automatic answer with a file in it may be a document after all: it is judged, not filed."""
    parts = mail_parts(raw, limits)
    return isinstance(parts, Problem) or any(part.role is not FileRole.BODY for part in parts)
