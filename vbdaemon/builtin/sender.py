"""Checks who handed in: a known sender, and a leader's account for a draft (607/UBND-VP §1)."""

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Channel, Classification, Document, Finding, Purpose, Snapshot, Submission


@hookimpl
def check(
    submission: Submission, document: Document, classification: Classification, snapshot: Snapshot
) -> tuple[Finding, ...]:
    """sender-unknown; for drafts draft-sender-unknown or draft-from-non-leader, but not before they are sent."""
    if not submission.envelope.sender_known_checks:
        return ()
    unit = snapshot.directory.unit(submission.envelope.unit)
    if unit is None:
        return (snapshot.policy.finding("sender-unknown", account=submission.envelope.account or ""),)
    if not is_draft(document, classification) or submission.envelope.purpose is Purpose.PREFLIGHT:
        return ()
    account = unit.account(submission.envelope.account)
    if account is None or not _authenticated(submission):
        return (snapshot.policy.finding("draft-sender-unknown", account=submission.envelope.account or ""),)
    if not account.role.leads:
        return (snapshot.policy.finding("draft-from-non-leader", account=account.name),)
    return ()


def is_draft(document: Document, classification: Classification) -> bool:
    """True for a draft handed in alone, and for a Tờ trình that carries one."""
    return document.draft is not None or bool(classification.draft and classification.draft.value)


def _authenticated(submission: Submission) -> bool:
    """A drop folder or mailbox that only its account can write to, or a proof that the site trusts for accounts."""
    return submission.envelope.channel is not Channel.INSPECT and submission.envelope.account is not None
