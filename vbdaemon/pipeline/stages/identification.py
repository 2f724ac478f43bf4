"""Identification: which unit, and which of its accounts, handed a mail in; only by proofs that the site trusts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from vbdaemon.model import Account, Channel, Directory, Envelope, MailRules, Proof, Purpose, Snapshot, Unit
from vbdaemon.reading.mail_head import MailHead
from vbdaemon.reading.mail_results import AuthenticationResult
from vbdaemon.reading.mail_trust import trusted_results


@dataclass(frozen=True, slots=True)
class Claim:
    """An address, or the name of a login, that a proof vouches for."""

    proof: Proof
    address: str


def identify(envelope: Envelope, head: MailHead | None, snapshot: Snapshot) -> Envelope:
    """The envelope with unit and account as far as they are proven; both stay unknown where proofs disagree.

    What the source is bound to stands: a drop folder's unit, a login, the unit whose mailbox it is.
    """
    if envelope.channel not in (Channel.SMTP, Channel.IMAP) or head is None:
        return envelope
    rules, directory = snapshot.mail, snapshot.directory
    if envelope.channel is Channel.IMAP:
        envelope = replace(envelope, purpose=_purpose(envelope, head, rules))
    claims = tuple(_claims(envelope, head, rules, directory))
    units = _known(claims, rules.unit_by, directory)
    if envelope.unit is None:
        envelope = replace(envelope, unit=_only(unit.code for unit, _ in units))
    if envelope.account is None:
        accounts = _known(claims, rules.account_by, directory)
        name = _only(account.name for unit, account in accounts if account and unit.code == envelope.unit)
        envelope = replace(envelope, account=name)
    return envelope


def _purpose(envelope: Envelope, head: MailHead, rules: MailRules) -> Purpose:
    """What is written to kiemtra@… alone is to be checked only; a mailbox gives no envelope, so the head tells."""
    written = {each.address.casefold() for each in head.to} | set(head.loop)
    ours = {address.casefold() for address in rules.addresses}
    alone = any(address.casefold() in written for address in rules.preflight) and not written & ours
    return Purpose.PREFLIGHT if alone else envelope.purpose


def answerer(envelope: Envelope, head: MailHead | None, snapshot: Snapshot) -> str | None:
    """The unit that a status speaks for: what identified the mail, or its own network.

    A status has the null sender, so that From says which of its addresses speaks.
    """
    if envelope.unit is not None or head is None or head.from_ is None or envelope.mail_from != "":
        return envelope.unit
    author, directory = head.from_.address, snapshot.directory
    if Proof.NETWORK not in snapshot.mail.unit_by or not _in_network(envelope.peer, author, directory):
        return None
    unit, _ = directory.by_address[author.casefold()]
    return unit.code


def answer_address(envelope: Envelope, head: MailHead | None, directory: Directory) -> str | None:
    """Where the unit that handed in reads mail: the address it wrote from, when that is its own, else its first."""
    unit = directory.unit(envelope.unit)
    if unit is None:
        return None
    written = (head.from_.address if head and head.from_ else "", envelope.mail_from or "")
    for address in written:
        owner, _ = directory.by_address.get(address.casefold(), (None, None))
        if owner is unit:
            return address
    return unit.addresses[0] if unit.addresses else None


def _claims(envelope: Envelope, head: MailHead, rules: MailRules, directory: Directory) -> Iterator[Claim]:
    author = head.from_.address if head.from_ else ""
    sender = envelope.mail_from if envelope.mail_from is not None else head.return_path or ""
    if _through_our_servers(envelope, rules):
        for result in trusted_results(head, rules.authservers):
            yield from _vouched(result, author, sender)
    if _in_network(envelope.peer, sender, directory):
        yield Claim(Proof.NETWORK, sender)
    if sender:
        yield Claim(Proof.ENVELOPE, sender)
    if author:
        yield Claim(Proof.FROM, author)


def _through_our_servers(envelope: Envelope, rules: MailRules) -> bool:
    """Out of a mailbox, by LMTP (no peer), or from a relay of ours: who hands in directly writes any header."""
    if envelope.channel is Channel.IMAP or envelope.peer is None:
        return True
    client = ip_address(envelope.peer)
    return any(client in ip_network(network) for network in rules.relays)


def _vouched(result: AuthenticationResult, author: str, sender: str) -> Iterator[Claim]:
    """What one trusted result proves (RFC 8601 §2.7): a login, the domain of From, the domain of the envelope."""
    if result.result != "pass":
        return
    if result.method == "auth":
        yield Claim(Proof.RESULTS_AUTH, result.property("smtp.auth"))
    elif result.method == "dkim":
        domain = result.property("header.d") or result.property("header.i").rpartition("@")[2]
        if _within(author, domain):
            yield Claim(Proof.RESULTS_DKIM, author)
    elif result.method == "spf":
        proven = result.property("smtp.mailfrom").rpartition("@")[2]
        # the envelope is proven, and counts for what people see only where both are of one domain
        if _within(sender, proven) and _domain(sender) == _domain(author):
            yield Claim(Proof.RESULTS_SPF, author)


def _within(address: str, domain: str) -> bool:
    """The address's domain is `domain` itself, or below it (RFC 7489 §3.1, relaxed)."""
    own, proven = _domain(address), domain.casefold().rstrip(".")
    return bool(own and proven) and (own == proven or own.endswith(f".{proven}"))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold().rstrip(".")


def _in_network(peer: str | None, sender: str, directory: Directory) -> bool:
    unit, _ = directory.by_address.get(sender.casefold(), (None, None))
    if unit is None or peer is None:
        return False
    client = ip_address(peer)
    return any(client in ip_network(network) for network in unit.networks)


def _known(
    claims: Iterable[Claim], proofs: tuple[Proof, ...], directory: Directory
) -> list[tuple[Unit, Account | None]]:
    """Owners of the addresses and logins that trusted proofs vouch for."""
    owners = []
    for claim in claims:
        name = claim.address.casefold()
        if claim.proof in proofs and name in directory.by_address:
            owners.append(directory.by_address[name])
        elif claim.proof is Proof.RESULTS_AUTH and claim.proof in proofs and name in directory.by_login:
            owners.append(directory.by_login[name])
    return owners


def _only(names: Iterable[str]) -> str | None:
    """The one name that all agree on, or None."""
    found = set(names)
    return found.pop() if len(found) == 1 else None
