"""How a unit is reached: its folder, else its mail address."""

from vbdaemon.model import Destination, Snapshot, Unit


def way_to(unit: Unit, snapshot: Snapshot) -> Destination | None:
    """Its folder, else its first mail address; None for a unit that we cannot reach."""
    if unit.folder:
        return Destination("folder", f"{unit.folder}/{snapshot.inbox}", unit.code)
    if unit.addresses and snapshot.mail.smarthost is not None:
        return Destination("smtp", unit.addresses[0], unit.code)
    return None
