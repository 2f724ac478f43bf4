"""Delivery status notifications: RFC 3464, and what servers write that do not follow it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from vbdaemon.model import Limits
from vbdaemon.reading.bounce_words import bounce_words
from vbdaemon.reading.charset import decoded_as
from vbdaemon.reading.header_words import header_text
from vbdaemon.reading.mail_address import addresses, message_ids
from vbdaemon.reading.mail_head import MailHead, head_of
from vbdaemon.reading.mail_leaf import Locked, TooMuch, leaves
from vbdaemon.reading.mail_machine import from_daemon
from vbdaemon.reading.markup import text_of
from vbdaemon.reading.mime import Entity, entity, message

_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MOST_LETTERS = 200_000
_MOST_GROUPS = 200
_MOST_WORDS = 500


class ReportAction(StrEnum):
    """What happened to a mail of ours (RFC 3464 §2.3.3)."""

    FAILED = "failed"
    """It will not be delivered."""
    DELAYED = "delayed"
    """Not delivered yet; the server goes on trying."""
    DELIVERED = "delivered"
    """It lies in the mailbox."""
    RELAYED = "relayed"
    """Passed on to a server that does not report."""
    EXPANDED = "expanded"
    """Delivered to a list, and sent on from there."""

    @property
    def rank(self) -> int:
        """0 is the worst: of several recipients it counts."""
        return list(ReportAction).index(self)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a mail server says of a mail of ours."""

    action: ReportAction
    status: str = ""
    """Enhanced status code (RFC 3463), such as 5.1.1; "" where none is given."""
    recipient: str = ""
    """Whom it is about."""
    words: str = ""
    """The server's reason, one line, without control characters, at most 500."""
    message_ids: tuple[str, ...] = ()
    """What the report names as the Message-ID of the mail that came back, likeliest first, without brackets."""
    envelope_id: str = ""
    """ENVID as we gave it (RFC 3461 §4.4)."""

    @property
    def permanent(self) -> bool:
        """True when waiting does not help."""
        return self.action is ReportAction.FAILED and not self.status.startswith("4")


def delivery_report(raw: bytes, limits: Limits) -> DeliveryReport | None:
    """What a report says; None for every other mail. Never raises.

    A report is told by its own structure at the top, not by what somebody forwards; text-only bounces need a
    sender that only servers use, and words that known servers write.
    """
    top = message(raw)
    head = head_of(top)
    structured = head.report_type == "delivery-status" or top.content_type in {"multipart/report", *_STATUS}
    if head.report_type not in {"", "delivery-status"} or not (structured or from_daemon(head)):
        return None
    try:
        found = [leaf.entity for leaf in leaves(top, limits)]
    except (TooMuch, Locked):
        return None
    status = next((each for each in found if each.content_type in _STATUS), None)
    original = _original(found, head)
    if status is not None:
        return _reported(status, original)
    return _guessed(head, found, original)


def _reported(status: Entity, original: tuple[str, ...]) -> DeliveryReport | None:
    groups = _groups(status.body())
    recipients = [each for group in groups if (each := _recipient(group)) is not None]
    if not recipients:
        return None
    worst = min(recipients, key=lambda each: each.action.rank)
    envelope = groups[0].field("original-envelope-id")
    return DeliveryReport(
        worst.action, worst.status, worst.recipient, worst.words, original, header_text(envelope)[:_MOST_WORDS]
    )


def _groups(body: bytes) -> list[Entity]:
    """Groups of fields between empty lines; the first is about the message."""
    made: list[Entity] = []
    for group in body.replace(b"\r\n", b"\n").split(b"\n\n")[:_MOST_GROUPS]:
        if group.strip():
            raw = group.strip(b"\n") + b"\n\n"
            made.append(entity(raw, 0, len(raw)))
    return made


def _recipient(group: Entity) -> DeliveryReport | None:
    action = header_text(group.field("action")).partition(" ")[0].lower().rstrip(".;")
    code = _CODE.search(header_text(group.field("status")))
    if action not in {each.value for each in ReportAction}:
        if code is None:
            return None
        action = {"2": "delivered", "4": "delayed", "5": "failed"}[code[1]]
    about = group.field("final-recipient") or group.field("original-recipient") or group.field("x-actual-recipient")
    diagnostic = header_text(group.field("diagnostic-code")) or header_text(group.field("status"))
    if code is None or code[0].endswith(".0.0"):  # vague codes: the server's own words are more exact
        code = _CODE.search(diagnostic) or code
    return DeliveryReport(ReportAction(action), code[0] if code else "", _address(about), _clean(diagnostic))


def _address(typed: str) -> str:
    """An address behind its type ("rfc822; a@b.example")."""
    found = addresses(typed.partition(";")[2] or typed)
    return found[0].address if found else header_text(typed.partition(";")[2])[:_MOST_WORDS]


def _guessed(head: MailHead, found: list[Entity], original: tuple[str, ...]) -> DeliveryReport | None:
    """A bounce in words only: qmail, exim, sendmail of old, Exchange and gateways in front of them."""
    text = "\n".join(_text(each) for each in found if each.content_type in {"text/plain", "text/html"})
    returned = any(each.content_type in _RETURNED for each in found)
    words = bounce_words(head.subject, text[:_MOST_LETTERS], returned=returned)
    if words is None:
        return None
    named = addresses(head.failed_recipients) or addresses(words.recipient)
    return DeliveryReport(
        ReportAction.DELAYED if words.delayed else ReportAction.FAILED,
        words.status,
        named[0].address if named else "",
        _clean(words.reason),
        original or ((words.message_id,) if words.message_id else ()),
    )


def _text(leaf: Entity) -> str:
    text = decoded_as(leaf.body()[:_MOST_LETTERS], leaf.charset)
    return text_of(text) if leaf.content_type == "text/html" else text


def _original(found: list[Entity], head: MailHead) -> tuple[str, ...]:
    """Of the returned mail: some servers put an id of their own there, and name ours beside it or in their own head."""
    named: list[str] = []
    for leaf in found:
        if leaf.content_type in _RETURNED:
            inner = message(leaf.body())
            for field in ("message-id", "x-original-message-id"):
                named += message_ids(inner.field(field))
    return tuple(dict.fromkeys((*named, *head.in_reply_to, *reversed(head.references))))


def _clean(words: str) -> str:
    line = " ".join(words.split())
    return "".join(c for c in line if c.isprintable())[:_MOST_WORDS]
