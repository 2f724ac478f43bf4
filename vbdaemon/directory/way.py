"""How a unit, or a person of it, is reached: by folder, else by mail, else not by us."""

from vbdaemon.model import Account, Destination, Snapshot, Unit, UnitChannel

_NOWHERE = "chưa có thư mục hoặc hộp thư nhận văn bản điện tử"


def way_to(unit: Unit, snapshot: Snapshot, account: Account | None = None) -> Destination | None:
    """The folder, else the first mail address, of the channels that the unit can use; None: it goes on paper.

    A person without a folder or address of its own is reached through the unit.
    """
    by_folder = unit.folder is not None and UnitChannel.FOLDER in unit.channels
    by_mail = snapshot.mail.smarthost is not None and UnitChannel.MAIL in unit.channels
    if account is not None and by_folder and account.inbox:
        return Destination("folder", f"{unit.folder}/{account.inbox}", unit.code)
    if account is not None and by_mail and account.addresses:
        return Destination("smtp", account.addresses[0], unit.code)
    if by_folder:
        return Destination("folder", f"{unit.folder}/{snapshot.inbox}", unit.code)
    if by_mail and unit.addresses:
        return Destination("smtp", unit.addresses[0], unit.code)
    return None


def way_to_target(name: str, snapshot: Snapshot) -> Destination | None:
    """The way to whom "H99.02" or "H99.02/lanhdao.pnv" names; None for nobody, and where nothing electronic reaches."""
    party = snapshot.directory.party(name)
    return way_to(party[0], snapshot, party[1]) if party else None


def why_not(unit: Unit) -> str:
    """Why nothing electronic reaches the unit, in Vietnamese."""
    return unit.channels_note or _NOWHERE
