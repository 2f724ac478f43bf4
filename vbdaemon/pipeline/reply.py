"""Where a sender is told what became of a submission: by the way it came."""

from vbdaemon.model import Channel, Destination, Envelope, Snapshot
from vbdaemon.pipeline.answering import may_answer
from vbdaemon.pipeline.stages.identification import answer_address
from vbdaemon.reading.mail_head import MailHead
from vbdaemon.reading.mail_machine import written_by_machine
from vbdaemon.rendering.mail import DELIVERY_FIELD

FORWARDED = "auto-generated"
"""Auto-Submitted of a forwarded document; what answers says auto-replied."""


def reply_to(envelope: Envelope, snapshot: Snapshot, head: MailHead | None = None) -> Destination | None:
    """By mail for a mail, else the unit's results folder; None while the sender is unknown, or where nobody reads."""
    unit = snapshot.directory.unit(envelope.unit)
    if unit is None:
        return None
    if envelope.channel in (Channel.SMTP, Channel.IMAP) and snapshot.mail.smarthost is not None:
        address = answer_address(envelope, head, snapshot.directory)
        if address is None or may_answer(address, envelope.mail_from, _sign(head, envelope), snapshot.mail):
            return None
        return Destination("smtp", address.casefold(), unit.code)  # one address, however it is written
    if unit.folder is None:
        return None
    return Destination("folder", f"{unit.folder}/{snapshot.results}", unit.code)


def _sign(head: MailHead | None, envelope: Envelope) -> str | None:
    """The sign that a machine wrote the mail.

    A document that another vbdaemon forwards is answered all the same: our answer is a coded status, and to a status
    nobody answers.
    """
    if head is None or (
        head.auto_submitted == FORWARDED and any(name == DELIVERY_FIELD.lower() for name, _ in head.ours)
    ):
        return None
    return "its head says so" if written_by_machine(head, envelope.mail_from) else None
