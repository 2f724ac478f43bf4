"""Where a sender is told what became of a submission."""

from vbdaemon.model import Destination, Envelope, Snapshot


def reply_to(envelope: Envelope, snapshot: Snapshot) -> Destination | None:
    """By the way the submission came; None while the sender is unknown."""
    unit = snapshot.directory.unit(envelope.unit)
    if unit is None or unit.folder is None:
        return None
    return Destination("folder", f"{unit.folder}/{snapshot.results}", unit.code)
