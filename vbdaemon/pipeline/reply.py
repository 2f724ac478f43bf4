"""Where a sender is told what became of a submission: by the way it came."""

from vbdaemon.model import Channel, Destination, Envelope, Snapshot
from vbdaemon.pipeline.answering import may_answer
from vbdaemon.pipeline.stages.identification import answer_address
from vbdaemon.reading.mail_head import MailHead


def reply_to(envelope: Envelope, snapshot: Snapshot, head: MailHead | None = None) -> Destination | None:
    """By mail for a mail, else the unit's results folder; None while the sender is unknown, or where nobody reads."""
    unit = snapshot.directory.unit(envelope.unit)
    if unit is None:
        return None
    if envelope.channel in (Channel.SMTP, Channel.IMAP) and snapshot.mail.smarthost is not None:
        address = answer_address(envelope, head, snapshot.directory)
        if address is None or may_answer(head, envelope.mail_from, address, snapshot) is not None:
            return None
        return Destination("smtp", address, unit.code)
    if unit.folder is None:
        return None
    return Destination("folder", f"{unit.folder}/{snapshot.results}", unit.code)
