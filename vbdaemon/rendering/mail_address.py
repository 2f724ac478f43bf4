"""Mail addresses: which are fit to be written to, which are our own."""

import re

from vbdaemon.model import MailRules

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")


def wire_address(address: str) -> str:
    """An address as the dialogue carries it: the domain in ASCII; UnicodeError when no domain can be like that."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.encode('idna').decode('ascii')}" if domain else address


def recipient_address(address: str) -> str | None:
    """The same for an address that comes from elsewhere; None when it is none."""
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        return wire_address(address)
    except UnicodeError:
        return None


def is_own(address: str, rules: MailRules) -> bool:
    """True for an address at which this office takes mail in, or from which it sends."""
    ours = {*rules.addresses, *rules.preflight, *([rules.smarthost.sender] if rules.smarthost else [])}
    return address.casefold() in {each.casefold() for each in ours}
