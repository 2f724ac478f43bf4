"""Checks to whom a submission was handed, and says what becomes of every recipient that the document names."""

from collections.abc import Iterator, Sequence

from vbdaemon.builtin.recipients.line import Meant
from vbdaemon.builtin.recipients.targets import Targets, reader_for, targets_of
from vbdaemon.directory.way import way_to, why_not
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import (
    Classification,
    Document,
    Finding,
    Purpose,
    Snapshot,
    Submission,
    TransmissionForm,
    TransmissionRule,
    Unit,
)


@hookimpl
def check(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Finding, ...]:
    """recipient-unknown (by the envelope), mis-addressed (by Kính gửi; NĐ 30/2020 art. 21), and notes on recipients."""
    if not submission.envelope.recipient_checks:
        return ()
    findings = []
    if submission.envelope.recipients and not _known(submission, snapshot):
        unknown = ", ".join(submission.envelope.recipients)
        findings.append(snapshot.policy.finding("recipient-unknown", detail=unknown))
    if _elsewhere(document, classification, snapshot):
        findings.append(snapshot.policy.finding("mis-addressed"))
    if not _may_be_sent(classification, snapshot):
        findings.append(snapshot.policy.finding("electronic-sending-not-listed", form=classification.form_name or ""))
    if submission.envelope.purpose is Purpose.EXCHANGE:
        findings += _notes(targets_of(submission, document, classification, snapshot), classification, snapshot)
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
    reader = reader_for(classification, snapshot)
    entries = [entry for name in names for entry in reader.read(name)]
    known = all(entry.meant is Meant.UNITS for entry in entries)
    return bool(entries) and known and not any(_ours(unit, snapshot) for entry in entries for unit in entry.units)


def _ours(unit: Unit, snapshot: Snapshot) -> bool:
    office, directory = snapshot.office.unit, snapshot.directory
    return unit.served or unit.code == office or directory.is_above(office, unit.code)


def _may_be_sent(classification: Classification, snapshot: Snapshot) -> bool:
    """False for a document of this office's own agency whose row is not marked in the column Gửi."""
    if not snapshot.office.unit or classification.issuer_unit != snapshot.office.unit:
        return True
    row = _row(classification, snapshot)
    return row is None or row.send or row.transmission is TransmissionForm.PAPER


def _row(classification: Classification, snapshot: Snapshot) -> TransmissionRule | None:
    """The row by which the document travels."""
    rows = {f"{each.id}/{row.id}": row for each in snapshot.transmission for row in each.rules}
    return rows.get(classification.transmission_rule or "")


def _notes(targets: Targets, classification: Classification, snapshot: Snapshot) -> Iterator[Finding]:
    """Whom the issuer sends it to itself, whom nobody knows, who gets it on paper."""
    named, restricted = targets.named, classification.restricted
    on_paper = [unit for unit, account in targets.parties if way_to(unit, snapshot, account) is None]
    if named.by_issuer:
        yield snapshot.policy.finding("recipients-sent-by-issuer", detail=_told(named.by_issuer, restricted=restricted))
    if named.unresolved:
        yield snapshot.policy.finding("recipients-unresolved", detail=_told(named.unresolved, restricted=restricted))
    if on_paper:
        words = [f"{unit.name}: {why_not(unit)}" for unit in dict.fromkeys(on_paper)]
        yield snapshot.policy.finding("recipients-on-paper", detail="; ".join(words))


def _told(words: Sequence[str], *, restricted: bool) -> str:
    """As printed; of a restricted document only how many."""
    return f"{len(words)} nơi nhận" if restricted else "; ".join(words)
