"""Whether a person wrote a mail, and whether it answers by itself (RFC 3834). Who answers machines makes loops."""

import re

from vbdaemon.reading.mail_head import MailHead

_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_REPORTS = frozenset({"delivery-status", "disposition-notification", "feedback-report", "tlsrpt"})
_DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|daemon|listserv|majordomo|mailman|"
    r".*-(?:bounces?|owner|request|errors?)|owner-.*|bounces?(?:[-+=].*)?|msprvs1=.*|prvs=.*-bounce.*|"
    r"(?:do[-_.]?not|no|never)[-_.]?reply(?:[-_.+].*)?|.*[-_.](?:no|donot)-?reply|khong[-_.]?(?:tra[-_.]?loi|phan[-_.]?hoi))$"
)
_AWAY = re.compile(
    r"^\s*(?:(?:re|tr|fw)\s*:\s*)?(?:auto(?:matic)?[- ]?(?:reply|response|respond)|out of (?:the )?office|"
    r"thư trả lời tự động|trả lời tự động|phản hồi tự động|tự động trả lời)\b",
    re.IGNORECASE,
)
MOST_HOPS = 50
"""A mail that passed more servers than this goes in circles (RFC 5321 §6.3 counts Received fields)."""


def written_by_machine(head: MailHead, mail_from: str | None) -> bool:
    """True for what no notice may answer: RFC 3834 §2, lists, bounces, reports, senders that take no mail.

    `mail_from` is the envelope sender; "" the null sender; None where the source does not know it: then what the
    delivering server noted (Return-Path) counts.
    """
    sender = head.return_path if mail_from is None else mail_from
    return (
        sender == ""
        or head.auto_submitted not in {"", "no"}
        or head.precedence in _BULK
        or bool(head.list_fields)
        or bool(head.auto_reply_marks)
        or _suppressed(head)
        or head.report_type in _REPORTS
        or head.content_type in {"multipart/report", "message/delivery-status", "message/disposition-notification"}
        or head.received > MOST_HOPS
        or any(_takes_no_mail(address) for address in _senders(head, sender))
        or auto_reply(head)
    )


def auto_reply(head: MailHead) -> bool:
    """True for an absence note, a read receipt (RFC 8098) and the like: an answer that nobody wrote.

    A scanner that sends documents says auto-generated, not auto-replied: that is no auto-reply.
    """
    return (
        head.auto_submitted in {"auto-replied", "auto-notified"}
        or head.precedence in {"auto_reply", "auto-reply"}
        or head.report_type == "disposition-notification"
        or head.content_type == "message/disposition-notification"
        or any(mark != "x-ms-exchange-generated-message-source" for mark in head.auto_reply_marks)
        or (_AWAY.match(head.subject) is not None and _marked(head))
    )


def from_daemon(head: MailHead) -> bool:
    """True when the mail says that a mail server wrote it: the null sender, or an address as servers use."""
    names = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "microsoftexchange")
    writer = head.from_
    return head.return_path == "" or (writer is not None and writer.local.startswith(names))


def _suppressed(head: MailHead) -> bool:
    """MS-OXCMAIL 2.2.3.2.14: which automatic answers the sender's system does not want."""
    wanted = {word.strip() for word in head.suppress.split(",")}
    return bool(wanted & {"all", "autoreply", "oof", "dr", "rn", "nrn", "ndr"})


def _senders(head: MailHead, envelope: str | None) -> tuple[str, ...]:
    """Local parts of everybody to whom an answer could go."""
    found = [each.local for each in (head.reply_to, head.from_, head.sender) if each is not None]
    return (*found, (envelope or "").rpartition("@")[0].casefold())


def _marked(head: MailHead) -> bool:
    """A subject alone proves nothing; Exchange calls its absence notes auto-generated."""
    return bool(head.auto_submitted not in {"", "no"} or head.suppress or head.return_path == "" or head.precedence)


def _takes_no_mail(local: str) -> bool:
    return bool(local) and _DAEMON.match(local) is not None
