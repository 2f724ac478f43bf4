"""Checks to whom a submission was handed: a recipient that we know, and a document that is meant for this office."""

from vbdaemon.builtin.route import named_units
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Finding, Snapshot, Submission, Unit


@hookimpl
def check(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Finding, ...]:
    """recipient-unknown (by the envelope), mis-addressed (by Kính gửi; NĐ 30/2020 art. 21)."""
    if not submission.envelope.recipient_checks:
        return ()
    findings = []
    if submission.envelope.recipients and not _known(submission, snapshot):
        findings.append(snapshot.policy.finding("recipient-unknown"))
    if _elsewhere(document, classification, snapshot):
        findings.append(snapshot.policy.finding("mis-addressed"))
    return tuple(findings)


def _known(submission: Submission, snapshot: Snapshot) -> bool:
    """One of the recipients is this office's own address, or a unit of the directory."""
    ours = {address.casefold() for address in (*snapshot.mail.addresses, *snapshot.mail.preflight)}
    wanted = {address.casefold() for address in submission.envelope.recipients}
    return bool(wanted & ours) or any(address in snapshot.directory.by_address for address in wanted)


def _elsewhere(document: Document, classification: Classification, snapshot: Snapshot) -> bool:
    """True only when every addressee is a unit of the directory, and none is this office's concern."""
    names = [found.value for found in classification.addressees]
    if document.draft is not None or not names or not snapshot.office.unit:
        return False
    units = [named_units(name, snapshot.directory) for name in names]
    return all(units) and not any(_ours(unit, snapshot) for each in units for unit in each)


def _ours(unit: Unit, snapshot: Snapshot) -> bool:
    office, directory = snapshot.office.unit, snapshot.directory
    return unit.served or unit.code == office or directory.is_above(office, unit.code)
