"""Delivery by mail, through the site's smarthost. Notices leave with the null sender, so that nothing answers them."""

import os

from vbdaemon.builtin.deliver_smtp_dialogue import Letter, send
from vbdaemon.errors import ConfigurationError, SpoolDamaged
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Delivery, DeliveryKind, Outcome, OutgoingFile, Snapshot
from vbdaemon.rendering.mail import compose
from vbdaemon.rendering.mail_address import is_own, recipient_address, wire_address
from vbdaemon.secret import reveal

SCHEME = "smtp"


@hookimpl
def deliver(delivery: Delivery, files: tuple[OutgoingFile, ...], snapshot: Snapshot) -> Outcome | None:
    """DELIVERED once the smarthost has taken the mail; a repeat has the same bytes and the same Message-ID.

    What is wrong with the recipient or the mail fails for good; what is wrong with us, the smarthost or the way
    there defers. An address of our own fails: mail to ourselves is the beginning of a loop.
    """
    if delivery.destination.scheme != SCHEME:
        return None
    smarthost, address = snapshot.mail.smarthost, delivery.destination.address
    if smarthost is None:
        return Outcome.deferred("no mail leaves: add [smarthost] to the settings")
    if is_own(address, snapshot.mail):
        return Outcome.failed(f"{address} is an address of this office: mail to ourselves would go round in circles")
    recipient = recipient_address(address)
    if recipient is None:
        return Outcome.failed(f"{address!r} is no mail address")
    try:
        letter = Letter(
            # a bounce of a notice, or an answer to one, would have nobody to go to: RFC 3834 §3.3
            sender=wire_address(smarthost.sender) if delivery.kind is DeliveryKind.FORWARD else "",
            recipient=recipient,
            size=sum(map(len, compose(delivery, files, snapshot))),
            pieces=compose(delivery, files, snapshot),
        )
        password = reveal(smarthost.password, os.environ) if smarthost.password else ""
        return send(letter, smarthost, password)
    except (ConfigurationError, SpoolDamaged) as error:
        return Outcome.deferred(str(error))
