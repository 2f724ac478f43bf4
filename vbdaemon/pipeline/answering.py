"""Whether a notice may answer a mail at all: who answers machines makes loops (RFC 3834 §2)."""

from vbdaemon.model import Snapshot
from vbdaemon.reading.mail_head import MailHead
from vbdaemon.reading.mail_machine import written_by_machine

DELIVERY_FIELD = "x-vbdaemon-delivery"


def may_answer(head: MailHead | None, mail_from: str | None, address: str, snapshot: Snapshot) -> str | None:
    """None when a notice may go to `address`; otherwise the reason why it must not.

    A document that another vbdaemon forwards is answered although a program sent it: the answer is a coded status,
    and to a status nobody answers.
    """
    ours = {each.casefold() for each in (*snapshot.mail.addresses, *snapshot.mail.preflight)}
    if snapshot.mail.smarthost is not None:
        ours.add(snapshot.mail.smarthost.sender.casefold())
    if not address:
        return "there is no address to answer to"
    if address.casefold() in ours:
        return "the address is our own"
    if mail_from == "":
        return "the envelope sender is null: nobody waits for an answer"
    if head is None or any(name == DELIVERY_FIELD for name, _ in head.ours):
        return None
    return "a program wrote the mail" if written_by_machine(head, mail_from) else None
